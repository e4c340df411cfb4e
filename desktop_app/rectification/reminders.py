"""What a clerk is reminded of: what is overdue, near its end, expired, missing, off target, by the rules, by the deadlines of
problems and by what is agreed with other offices. What was waived is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from db.ledger.facts import Facts
from db.schema.composite import Span
from db.schema.definition import CategoryDefinition, row_tests, set_tests
from desktop_app.rectification import checks, peers_due
from desktop_app.rectification.cases import Case, cases
from desktop_app.rectification.finding import Finding, at, stricter
from desktop_app.rectification.rules import FINISHED
from desktop_app.rectification.ruling import judging, waiving
from desktop_app.rectification.ruling.calendar import obligations
from desktop_app.rectification.ruling.duties import Owed
from desktop_app.rectification.ruling.pinned import pinned
from desktop_app.rectification.warning_days import Days, RoundDays, round_days

Group = Literal["overdue", "soon", "ahead", "missing", "target"]
GROUPS: dict[Group, str] = {
    "overdue": "已超期",
    "soon": "将到期",
    "ahead": "以后到期",
    "missing": "缺漏",
    "target": "目标",
}
"""From the most pressing to the least, and what a clerk reads."""
_ORDER = {group: number for number, group in enumerate(GROUPS)}
TESTS = (
    row_tests.Due,
    row_tests.Validity,
    row_tests.Tenure,
    set_tests.Obligation,
    set_tests.Interval,
    set_tests.Complete,
    set_tests.Target,
    set_tests.Matched,
)
"""The tests of rules that tell what is still to be done; what others find is wrong, not due."""
_GROUP_OF: dict[str, Group] = {
    "overdue": "overdue",
    "expired": "overdue",
    "tenure": "overdue",
    "interval": "overdue",
    "near": "soon",
    "obligation": "missing",
    "matched": "missing",
    "target_unknown": "missing",
    "complete": "target",
    "target": "target",
}
"""Code of a finding → its group. Codes that are not here (ended late, a gap between two rows) tell what is past mending."""
CONCERNED = frozenset(("problem", "ongoing_item", "unit", "person", "waiver", "category", "definition", "amendment"))
"""The records, beside the rows of registers, whose change may change what is due."""
_NAMED = 3


@dataclass(frozen=True)
class Reminder:
    """One thing to be done. ``category`` is the key of the rule's category, "" for a problem's deadline, ``peer`` for a file that is due; ``title`` its words.
    ``days`` are those left until its last day, negative when it is past, None where it has none."""

    finding: Finding
    group: Group
    category: str
    title: str
    days: int | None

    @property
    def state_words(self) -> str:
        """How long there is, as a list shows it."""
        if self.group == "missing":
            return "未登记" if self.finding.code == "obligation" else "待补"
        if self.days is None:
            return "未达到" if self.finding.code == "target" else "未完成" if self.group == "target" else ""
        if self.days < 0:
            return f"超期 {-self.days} 天"
        return "今天到期" if self.days == 0 else f"还剩 {self.days} 天"


@dataclass(frozen=True)
class Counted:
    """How many are overdue, and how many are near their end, by the days of the round."""

    overdue: int
    soon: int


def reminders(
    facts: Facts, today: date, unit: str | None = None, categories: Collection[str] | None = None
) -> list[Reminder]:
    """Everything there is to be reminded of (for a unit by id with those below it; of some categories by key, without the problems'
    deadlines), the most pressing first."""
    found: list[Reminder] = []
    with pinned(facts) as moment:
        days = round_days(moment)
        raw = [] if categories is not None else list(_deadlines(moment, today, unit, days))
        for definition in judging.categories_at_work(moment, categories):
            asking = judging.Asking(moment, definition, today, unit)
            raw += judging.of_definition(
                asking, [r.key for r in definition.rules.values() if isinstance(r.test, TESTS)]
            )
        raw += _owed_soon(moment, today, unit, categories, days.common)
        for one in waiving.marked(moment, raw, today):
            group = _group(one, today, days.common)
            if one.waived is None and group is not None:
                found.append(_reminder(moment, one, group, today))
        for one, late in peers_due.findings(moment, today, days.common) if categories is None else ():
            left = (one.day - today).days if one.day is not None else None
            found.append(Reminder(one, "overdue" if late else "soon", peers_due.CODE, peers_due.TITLE, left))
    return sorted(found, key=_pressing)


def counted(found: Sequence[Reminder]) -> Counted:
    """What the window tells in numbers."""
    return Counted(sum(one.group == "overdue" for one in found), sum(one.group == "soon" for one in found))


def _group(one: Finding, today: date, days: Days) -> Group | None:
    """The deadlines of problems are found when they are near by the days of their round; others may be found long before."""
    if one.code in ("matched", "target", "near") or one.pending:
        group = _GROUP_OF.get(one.code)
        far = group == "soon" and one.rule and one.day is not None and not days.near((one.day - today).days)
        return "ahead" if far else group
    return None


def _reminder(facts: Facts, one: Finding, group: Group, today: date) -> Reminder:
    category = one.rule.partition(".")[0]
    known = facts.definitions.get(category)
    days = None if one.day is None else (one.day - today).days
    return Reminder(one, group, category, known.title or category if known is not None else "问题时限", days)


def _pressing(one: Reminder) -> tuple[int, int, str]:
    return _ORDER[one.group], one.days if one.days is not None else 1 << 20, one.finding.sentence


# -- deadlines of problems --------------------------------------------------------------------------------------------


def _deadlines(facts: Facts, today: date, unit: str | None, days: RoundDays) -> Iterator[Finding]:
    for case in cases(facts, unit):
        yield from (one for one in checks.deadlines(case, today) if one.code == "overdue")
        yield from _near(case, today, days.of(case.problem.inspection))


def _near(case: Case, today: date, days: Days) -> Iterator[Finding]:
    """The deadlines of a problem that is not finished, within the next days: those of what goes on, and its own where none of
    them is near or past."""
    problem = case.problem
    if problem.progress in FINISHED or problem.closing == "closed":
        return
    advice = "请按期完成，并填报进展。"
    going = [item for item in case.ongoing if item.progress not in FINISHED and item.due and item.due.day]
    for item in going:
        day = item.due.day if item.due else None
        if day is not None and days.near((day - today).days):
            said = f"{case.name}的深化事项{_left(day, today)}（{day}）。"
            yield Finding("near", "note", said, advice, **at(item, "due"), substance=f"{day}", pending=True, day=day)
    day = problem.due.day if problem.due else None
    pressing = any(item.due and item.due.day and _presses(item.due.day, today, days) for item in going)
    if not pressing and day is not None and days.near((day - today).days):
        said = f"{case.name}{_left(day, today)}（{day}）。"
        yield Finding("near", "note", said, advice, **at(problem, "due"), substance=f"{day}", pending=True, day=day)


def _presses(day: date, today: date, days: Days) -> bool:
    return day < today or days.near((day - today).days)


def _left(day: date, today: date) -> str:
    days = (day - today).days
    return "今天到期" if days == 0 else f"还有 {days} 天到期"


# -- periods that are under way ---------------------------------------------------------------------------------------


def _owed_soon(
    facts: Facts, today: date, unit: str | None, categories: Collection[str] | None, days: Days
) -> Iterator[Finding]:
    """What is to be there for a period that has begun, and is not yet: one finding for a rule and a period, whoever owes it."""
    waiting: dict[tuple[str, date], list[Owed]] = defaultdict(list)
    for one in obligations(facts, Span(today - timedelta(days=400), today), today, unit, categories):
        if one.period.start is not None and days.near((one.due - today).days):
            waiting[(one.rule, one.period.start)].append(one)
    for (key, start), some in waiting.items():
        lacking = [one for one in some if one.done is None]
        category, _, rule = key.partition(".")
        definition = facts.definitions.get(category)
        if lacking and definition is not None:
            yield _waiting(definition, rule, start, some, lacking)


def _waiting(
    definition: CategoryDefinition, key: str, start: date, some: Sequence[Owed], lacking: Sequence[Owed]
) -> Finding:
    rule, first = definition.rules[key], lacking[0]
    register = definition.registers[rule.register]
    names = [one.subject for one in lacking if one.subject]
    told_by = rule.test.by[0] if rule.test.by else ""
    levels = [one.kind.publicity for one in register.fields if one.name == told_by]
    more = "等" if len(names) > _NAMED else ""
    who = f"，{len(some)} 个里还缺 {len(lacking)} 个（{'、'.join(names[:_NAMED])}{more}）" if names else "还没有登记"
    return Finding(
        "near",
        "note",
        f"{register.title}：{first.period.wording}{who}，应于 {first.due} 前登记。",
        "请按期办理并登记。",
        record=register.name,
        rule=f"{definition.key}.{key}",
        title=rule.title,
        basis=rule.basis,
        matter=f"{start}",
        substance=f"{start}",
        pending=True,
        day=first.due,
        publicity=stricter(register.publicity, rule.publicity, *levels),  # type: ignore[arg-type]
    )
