"""The columns of a rectification ledger (process.md 2.4): what each says of a problem or a measure, and how wide it is.

A column of problems is one cell beside all measures of its problem, one of aspects beside all problems of its aspect. A
deadline or a person of the problem's stands beside all its measures unless one of these has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from db.errors import Refusal
from db.schema.composite import Deadline
from db.schema.days import written
from db.schema.kinds import Publicity
from db.schema.record import Record, schema_of
from db.schema.records import Closing, Measure, Problem
from db.schema.records.words import ACCOUNTABILITY_FORMS, CLOSING, LEVELS, MODES, OPINIONS, PROGRESS
from desktop_app.notices import numerals, wide
from desktop_app.notices.book import Book, Entry, origin
from desktop_app.notices.tree import Run
from desktop_app.notices.wanted import TOPIC
from desktop_app.notices.wide import Held, Spec, held
from desktop_app.rectification.rows import PUBLICITIES
from desktop_app.rectification.rules import FINISHED

Level = Literal["aspect", "group", "problem", "measure"]
Say = Callable[[Book, Entry, Measure | None], str | Held]
_END = "。！？；：，、…”）》.!?;:,"


@dataclass(frozen=True)
class Shown:
    """A column of the ledger: its place in the table, what it is of, what it says. ``field`` is the field of the problem whose
    publicity it has; ``own`` the field of a measure that goes before it."""

    spec: Spec
    level: Level
    say: Say
    field: str = ""
    own: str = ""


def _problem(key: str, title: str, group: str, width: float, least: float = 2.0) -> Shown:
    """A column that says a field of the problem as it is."""

    def say(book: Book, entry: Entry, _measure: Measure | None) -> str:
        value = getattr(entry.problem, key)
        if isinstance(value, tuple):
            return "、".join(value)
        return book.paper.words(value, entry.problem) or ""

    return Shown(Spec(key, title, group, width, least), "problem", say, key)


def _coded(key: str, title: str, group: str, width: float, of: Mapping[str, str]) -> Shown:
    """A column that says a choice of the problem in words."""
    return Shown(
        Spec(key, title, group, width, 2.0, "centre"),
        "problem",
        lambda _book, entry, _measure: of.get(getattr(entry.problem, key) or "", ""),
        key,
    )


def _day(key: str, title: str, group: str) -> Shown:
    def say(_book: Book, entry: Entry, _measure: Measure | None) -> str:
        day = getattr(entry.problem, key)
        return written(day) if day else ""

    return Shown(Spec(key, title, group, 4.5, 3.6), "problem", say, key)


def due_words(due: Deadline | None) -> str:
    """A deadline as it is written, else its day; "" for none."""
    if due is None:
        return ""
    return due.wording or (written(due.day) if due.day else "")


def measure_words(book: Book, entry: Entry, measure: Measure, *, lead_only: bool = False, effect: bool = False) -> Held:
    """A measure with its number among its like, its lead and body as they are printed, and those under it, each on a line."""
    number = entry.measures.index(measure) + 1
    mark = f"{number}." if len(entry.measures) > 1 else ""
    lines = [(mark + _sentence(book, entry.problem, measure, lead_only=lead_only), measure)]
    if not lead_only:
        lines += _below(book, entry.problem, measure, {measure.id})
    if effect and measure.effect:
        lines.append((f"成效：{book.paper.words(measure.effect, entry.problem)}", measure))
    found = [
        (Run(line, "body", origin(one)),)
        for text, one in lines
        for line in text.split("\n")
        if line
    ]  # fmt: skip
    return Held(tuple(found))


def _sentence(book: Book, problem: Problem, measure: Measure, *, lead_only: bool) -> str:
    lead, body = (book.paper.words(text, problem) or "" for text in (measure.lead, measure.body))
    if lead_only:
        return (lead or body).rstrip("。；：")
    return lead + ("。" if lead and body and lead[-1] not in _END else "") + body


def _below(book: Book, problem: Problem, measure: Measure, above: set[str]) -> list[tuple[str, Measure]]:
    """The measures under one, depth first; a circle is walked once."""
    found: list[tuple[str, Measure]] = []
    children = [
        one for one in book.paper.measures.get(problem.id, ()) if one.parent == measure.id and one.id not in above
    ]
    for number, child in enumerate(children, start=1):
        mark = numerals.marked(child.mark, number, "（1）")
        found.append((mark + _sentence(book, problem, child, lead_only=False), child))
        found += _below(book, problem, child, above | {child.id})
    return found


def _symptoms(book: Book, entry: Entry, _measure: Measure | None) -> str:
    """What is wrong, as it was entered, else as an old notice told it below the heading."""
    problem = entry.problem
    return book.paper.words(problem.symptoms or problem.statement, problem) or ""


def _measures(book: Book, entry: Entry, measure: Measure | None) -> Held:
    if measure is not None:
        return measure_words(book, entry, measure)
    return held(book.paper.words(entry.problem.measures_intro, entry.problem), origin(entry.problem))


def _work(book: Book, entry: Entry, measure: Measure | None) -> Held:
    """As ``_measures``, what was achieved with them; below the last measure what was achieved altogether, and what goes on."""
    if measure is not None:
        told = measure_words(book, entry, measure, effect=True)
        last = measure is entry.measures[-1]
    else:
        told, last = _measures(book, entry, None), True
    if not last:
        return told
    effect, going_on = book.paper.words(entry.problem.effect, entry.problem), _ongoing(book, entry, None)
    said = [f"整改成效：{effect}"] if effect else []
    said += [f"正在深化：{going_on}"] if going_on else []
    more = (line for words in said for line in held(words, origin(entry.problem)).paragraphs)
    return replace(told, paragraphs=(*told.paragraphs, *more))


def _leads(book: Book, entry: Entry, measure: Measure | None) -> str | Held:
    return measure_words(book, entry, measure, lead_only=True) if measure is not None else ""


def _measure_progress(_book: Book, _entry: Entry, measure: Measure | None) -> str:
    return PROGRESS.get(measure.progress or "", "") if measure is not None else ""


def _measure_effect(book: Book, entry: Entry, measure: Measure | None) -> str:
    return (book.paper.words(measure.effect, entry.problem) or "") if measure is not None else ""


def _due(book: Book, entry: Entry, measure: Measure | None) -> str:
    """The deadline of a measure, else of its problem, else those of what is still being worked on."""
    own = due_words(measure.due) if measure is not None else ""
    items = book.paper.ongoing.get(entry.problem.id, ())
    still = [due_words(item.due) for item in items if item.progress not in FINISHED]
    return own or due_words(entry.problem.due) or "\n".join(dict.fromkeys(filter(None, still)))


def _responsible(_book: Book, entry: Entry, measure: Measure | None) -> str:
    return (measure.responsible if measure is not None else "") or entry.problem.responsible or ""


def _progress(_book: Book, entry: Entry, _measure: Measure | None) -> Held:
    """The progress as it is kept, and red beside it that the deadline is over, which nobody keeps."""
    here = origin(entry.problem)
    lines = [(Run(PROGRESS.get(entry.problem.progress or "", ""), "body", here),)] if entry.problem.progress else []
    if entry.row.state == "overdue" and entry.row.days_left is not None:
        lines.append((Run(f"超期{-entry.row.days_left}天", "body", here, "", "red"),))
    return Held(tuple(lines))


def _ongoing(book: Book, entry: Entry, _measure: Measure | None) -> str:
    items = book.paper.ongoing.get(entry.problem.id, ())
    told = []
    for item in items:
        content, due = book.paper.words(item.content, entry.problem) or "", due_words(item.due)
        told.append(content if not due or due in content else f"{content.rstrip('。')}（{due}）")
    return "\n".join(f"{at}.{words}" if len(told) > 1 else words for at, words in enumerate(told, start=1))


def _regulations(book: Book, entry: Entry, _measure: Measure | None) -> str:
    return "\n".join(f"《{one.title}》" for one in book.regulations.get(entry.problem.id, ()) if one.title)


def _evidence(book: Book, entry: Entry, _measure: Measure | None) -> str:
    found = [one.title for one in book.evidence.get(entry.problem.id, ()) if one.title]
    return "\n".join(f"{at}.{title}" if len(found) > 1 else title for at, title in enumerate(found, start=1))


def _accountability(book: Book, entry: Entry, _measure: Measure | None) -> str:
    people: dict[str, int] = {}
    for one in book.accountability.get(entry.problem.id, ()):
        if one.form:
            people[one.form] = people.get(one.form, 0) + (one.people or 1)
    ordered = sorted(people.items(), key=lambda pair: [*ACCOUNTABILITY_FORMS, pair[0]].index(pair[0]))
    return "，".join(f"{ACCOUNTABILITY_FORMS.get(form, form)}{count}人" for form, count in ordered)


def _last(book: Book, entry: Entry) -> Closing | None:
    """The latest round of closing."""
    return max(book.closings.get(entry.problem.id, ()), key=lambda one: (one.round or 0, one.id), default=None)


def _opinion(*stages: str) -> Say:
    """The opinions of these stages in the latest round: verdict, words, who and when."""

    def say(book: Book, entry: Entry, _measure: Measure | None) -> str:
        closing = _last(book, entry)
        found = [one for one in book.opinions.get(closing.id, ()) if one.stage in stages] if closing is not None else []
        lines = []
        for one in found:
            lines.append((OPINIONS.get(one.verdict or "", "") + (f"：{one.text}" if one.text else "")).strip("："))
            lines += [part for part in (one.person, written(one.day) if one.day else "") if part]
        return "\n".join(lines)

    return say


def _closed(book: Book, entry: Entry, _measure: Measure | None) -> str:
    closing = _last(book, entry)
    return written(closing.concluded) if closing is not None and closing.concluded else ""


def _rounds(book: Book, entry: Entry, _measure: Measure | None) -> str:
    found = book.closings.get(entry.problem.id, ())
    return str(max((one.round or 1 for one in found), default="")) if found else ""


PROBLEM, WORK, WHO, TIME, RESULT, REVIEW = "反馈问题", "整改措施", "责任", "时限与进展", "成效", "审核与销号"
"""The headings of a ledger's head."""

COLUMNS: tuple[Shown, ...] = (
    Shown(Spec("number", "序号", "", 2.8, 2.4, "centre", named=True), "problem", lambda _b, entry, _m: str(entry.number)),
    Shown(Spec("aspect", "方面", PROBLEM, 4.0, 2.4), "aspect", lambda _b, e, _m: (e.aspect.title or "") if e.aspect else ""),
    Shown(Spec("group", "大类", PROBLEM, 4.0, 2.4), "group", lambda _b, e, _m: (e.group.title or "") if e.group else ""),
    Shown(
        Spec("title", "反馈问题", PROBLEM, 6.5, 4.0, named=True),
        "problem",
        lambda _b, entry, _m: entry.problem.title or "（标题缺失）",
        "title",
    ),
    Shown(Spec("category", "问题类别", PROBLEM, 4.6, 2.6), "problem", lambda book, e, _m: book.categories.get(e.problem.category or "", "")),
    Shown(Spec("symptoms", "具体问题", PROBLEM, 8.0, 5.0), "problem", _symptoms, "symptoms"),
    _problem("cause", "原因分析", PROBLEM, 7.0, 5.0),
    _coded("level", "难度级", PROBLEM, 3.2, LEVELS),
    _problem("goal", "整改目标", WORK, 6.0, 4.0),
    _problem("plan", "整改计划", WORK, 7.0, 5.0),
    Shown(Spec("work", "整改措施及成效", WORK, 22.0, 13.0), "measure", _work),
    Shown(Spec("measures", "整改措施及进展", WORK, 20.0, 12.0), "measure", _measures),
    Shown(Spec("leads", "整改措施", WORK, 12.0, 7.0), "measure", _leads),
    Shown(Spec("measure_progress", "措施进展", WORK, 4.4, 2.2, "centre"), "measure", _measure_progress, own="progress"),
    Shown(Spec("ongoing", "深化整改内容", WORK, 8.0, 5.0), "problem", _ongoing),
    _problem("lead_official", "责任领导", WHO, 4.4, 2.6),
    _problem("lead_department", "牵头部门", WHO, 4.4, 2.6),
    _problem("supporting_departments", "配合部门", WHO, 4.4, 2.6),
    Shown(Spec("responsible", "责任人", WHO, 4.4, 2.6), "problem", _responsible, "responsible", "responsible"),
    _problem("handler", "经办人", WHO, 4.4, 2.6),
    _coded("mode", "整改类型", TIME, 2.6, MODES),
    Shown(Spec("due", "整改时限", TIME, 5.2, 4.2), "problem", _due, "due", "due"),
    _problem("status", "进展情况", TIME, 8.0, 5.0),
    Shown(Spec("progress", "进展状态", TIME, 4.4, 2.4, "centre"), "problem", _progress, "progress"),
    _day("completed", "完成日期", TIME),
    _problem("generalised", "举一反三情况", RESULT, 7.0, 5.0),
    Shown(Spec("measure_effect", "措施成效", RESULT, 7.0, 5.0), "measure", _measure_effect),
    _problem("effect", "整改成效", RESULT, 7.0, 5.0),
    Shown(Spec("regulations", "建立制度", RESULT, 6.0, 4.0), "problem", _regulations),
    Shown(Spec("evidence", "佐证材料", RESULT, 5.5, 4.0), "problem", _evidence),
    Shown(Spec("opinion_department", "牵头部门意见", REVIEW, 5.0, 3.6), "problem", _opinion("handler", "department")),
    Shown(Spec("opinion_leader", "责任领导意见", REVIEW, 5.0, 3.6), "problem", _opinion("leader")),
    Shown(Spec("opinion_office", "领导小组意见", REVIEW, 5.0, 3.6), "problem", _opinion("office", "party")),
    Shown(Spec("opinion_outside", "纪检组织巡察机构意见", REVIEW, 5.0, 3.6), "problem", _opinion("outside")),
    _coded("closing", "销号状态", REVIEW, 4.4, CLOSING),
    Shown(Spec("closed", "销号时间", REVIEW, 4.5, 3.6), "problem", _closed),
    Shown(Spec("rounds", "销号轮次", REVIEW, 2.2, 2.0, "centre"), "problem", _rounds),
    _day("reported", "报送时间", REVIEW),
    Shown(Spec("accountability", "问责情况", REVIEW, 5.0, 3.6), "problem", _accountability),
)  # fmt: skip
"""Every column, in the order of print."""

CHOSEN: dict[str, tuple[str, ...]] = {
    "usual": (
        "number", "aspect", "title", "symptoms", "goal", "work", "lead_official", "lead_department", "responsible", "mode",
        "due", "progress", "closing",
    ),
    "short": ("number", "title", "leads", "lead_department", "responsible", "due", "progress", "closing"),
    "all": tuple(one.spec.key for one in COLUMNS if one.spec.key not in ("leads", "work")),
}  # fmt: skip
"""Ready choices of columns."""
CHOICES = {"usual": "常用", "short": "简表", "all": "全部"}
ALWAYS = frozenset({"number", "title", "work", "measures", "leads", "due", "progress"})
"""Columns that are printed empty rather than left out."""
_SHORT = 4.6
"""Columns of single words are no wider."""
_DAYS = frozenset({"completed", "closed", "reported"})
_SELDOM = 0.15
"""A column filled in a smaller share of the rows is kept narrow."""


def chosen(choice: str, named: Iterable[str] = ()) -> list[Shown]:
    """The columns of a ready choice, or those called by these titles, in the order they are called. ``Refusal`` lists them."""
    titles = {one.spec.title: one for one in COLUMNS}
    wanted = [said.strip() for said in named if said.strip()]
    unknown = [said for said in wanted if said not in titles]
    if unknown:
        raise Refusal(f"台账没有“{'、'.join(unknown)}”这一栏。", f"可印的栏：{'、'.join(titles)}。", TOPIC)
    if wanted:
        return [titles[said] for said in dict.fromkeys(wanted)]
    keys = CHOSEN[choice]
    return [one for one in COLUMNS if one.spec.key in keys]


def open_to(readers: Publicity, shown: Iterable[Shown]) -> list[Shown]:
    """The columns these readers may see."""
    kinds = schema_of(Problem).kinds()
    most = PUBLICITIES.index(readers)
    return [one for one in shown if one.field not in kinds or PUBLICITIES.index(kinds[one.field].publicity) <= most]


def places(book: Book, shown: Sequence[Shown]) -> list[dict[str, Held]]:
    """A row for each measure of each entry (one for an entry without measures): what stands in each column."""
    found: list[dict[str, Held]] = []
    for entry in book.entries:
        measures: Sequence[Measure | None] = entry.measures or (None,)
        split = {one.own for one in shown if one.own and any(_differs(entry.problem, m, one.own) for m in measures)}
        found += [
            {one.spec.key: _place(book, entry, measure, one, split=one.own in split) for one in shown}
            for measure in measures
        ]
    return found


def _differs(problem: Problem, measure: Measure | None, name: str) -> bool:
    """Whether a measure has a deadline or a person of its own that is not its problem's."""
    own, whole = getattr(measure, name, None), getattr(problem, name)
    if isinstance(own, Deadline) and isinstance(whole, Deadline) and own.day is not None:
        return own.day != whole.day
    return bool(own) and own != whole


def _place(book: Book, entry: Entry, measure: Measure | None, one: Shown, *, split: bool) -> Held:
    own = one.level == "measure" or split
    record: Record = measure if own and measure is not None else entry.problem
    said = one.say(book, entry, measure if own else None)
    place = said if isinstance(said, Held) else held(said, origin(record))
    return replace(place, key="" if own else _key(book, entry, one.level))


def _key(book: Book, entry: Entry, level: Level) -> str:
    heading = {"aspect": entry.aspect, "group": entry.group}.get(level, entry.problem) or entry.problem
    return f"{book.unit.id}:{origin(heading)}"


def fitted(shown: Sequence[Shown], rows: Sequence[Mapping[str, Held]], *, empty: bool) -> list[Spec]:
    """The columns as wide as what stands in them asks, up to what they are made for; empty ones left out unless ``empty``."""
    found = []
    for one in shown:
        said = [text for row in rows if (text := wide.words(row[one.spec.key]))]
        if said or empty or one.spec.key in ALWAYS:
            found.append(_fit(one.spec, said, len(rows)))
    return found


def _fit(spec: Spec, said: Sequence[str], count: int) -> Spec:
    if spec.key in _DAYS and said:
        return wide.measured(spec, said, whole=True)
    whole = min(wide.solid(said) + 0.1, spec.width)
    if spec.width <= _SHORT:
        width = max(min(wide.short(said), spec.width), whole)
        return replace(spec, width=width, least=width)
    if len(said) < _SELDOM * count:  # hardly anything: no room is kept for what is not there
        return replace(spec, width=max(spec.least, whole) + 0.5)
    width = max(min(spec.width, wide.measured(spec, said).width), whole)
    return replace(spec, width=width, least=min(max(spec.least, whole), width))
