"""Names in a notice's words: nobody knows them, they mean several numbers, have no value now, or are not for its readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from db.ledger.facts import Facts
from db.ledger.lines import describe
from db.schema.prose import Prose
from db.schema.record import Record, schema_of
from db.schema.records import Aspect, Chapter, Figure, Group, NextStep, Notice
from desktop_app.rectification.cases import Case, Naming, Said
from desktop_app.rectification.figures import Names, Shown, fill, named_in
from desktop_app.rectification.finding import Finding

_LEVELS = {"public": 0, "internal": 1, "secret": 2}


def in_problem(case: Case, today: date) -> Iterator[Finding]:
    """The names in the words of one problem."""
    names = case.names(today)
    if names is None:
        return
    for said in case.prose:
        for name in named_in(said.text):
            shown = names.of(case.problem, name)
            where = f"{case.name}的正文"
            if shown is None:
                yield _unknown(where, said, name)
                continue
            if not shown.words and shown.bound:
                yield _without_value(where, said, shown)
            elif shown.bound and _LEVELS[shown.publicity] > _LEVELS.get(case.problem.publicity or "", 0):
                yield _hidden(where, said, name, secret=shown.publicity == "secret")
            yield from _told_against(where, said, shown)


def around(facts: Facts, cases: Sequence[Case], unit: str | None, today: date) -> Iterator[Finding]:
    """The names in the words around the problems: they stand for a figure of any problem of the unit and round, or an indicator
    of its categories, so a name must be known, and mean one number."""
    naming = cases[0].naming if cases else None
    naming = naming or Naming(facts, {})
    for said, where, notice in places_around(facts, unit):
        for name in named_in(said.text):
            names = naming.on(notice.issued or today)
            mine = [case for case in cases if of_notice(case, notice)]
            yield from _around(said, where, name, mine, names, notice.unit)


def of_notice(case: Case, notice: Notice) -> bool:
    """Whether a problem is of a notice's unit and round."""
    problem = case.problem
    return problem.unit == notice.unit and (
        notice.inspection is None or problem.inspection in (None, notice.inspection)
    )


def places_around(facts: Facts, unit: str | None) -> Iterator[tuple[Said, str, Notice]]:
    """The words around the problems, as (words, where in a sentence, the notice); headings stand for a notice of their own
    unit and round. The wording of the contact is left out, its braces are its own."""
    notices = {n.id: n for n in facts.all(Notice) if unit is None or n.unit == unit}
    aspects = {a.id: a for a in facts.all(Aspect) if unit is None or a.unit == unit}
    found: list[tuple[Record, Notice]] = [(n, n) for n in notices.values()]
    steps: list[Chapter | NextStep] = [*facts.all(Chapter), *facts.all(NextStep)]
    found += [(step, notices[step.notice]) for step in steps if step.notice in notices]
    issued = {n.unit: n.issued for n in notices.values()}
    headed = {a.id: Notice(unit=a.unit, inspection=a.inspection, issued=issued.get(a.unit)) for a in aspects.values()}
    found += [(a, headed[a.id]) for a in aspects.values()]
    found += [(group, headed[group.aspect]) for group in facts.all(Group) if group.aspect in aspects]
    for record, notice in found:
        schema = schema_of(type(record))
        for one in schema.fields:
            text = getattr(record, one.name)
            worded = isinstance(one.kind, Prose) or one.name == "lead"
            if worded and text and (schema.name, one.name) != ("notice", "contact"):
                where = f"{schema.title}“{describe(facts, record)[:40]}”的“{one.kind.label}”"
                yield Said(schema.name, record.id, one.name, text), where, notice


def _around(
    said: Said, where: str, name: str, cases: Sequence[Case], names: Names, unit: str | None
) -> Iterator[Finding]:
    by_problem = {case.problem.id: case for case in cases}
    values: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    lacking: Shown | None = None
    shown: Shown | None = None
    for shown in names.around([case.problem for case in cases], unit, name):
        own = by_problem.get(shown.figure.problem or "") if shown.figure is not None else None
        level = max(_level(own, shown.figure) if own and shown.figure else 0, _LEVELS[shown.publicity])
        if shown.words:
            values[level].add(shown.words)
        elif shown.bound:
            lacking = shown
    public, internal, secret = values
    told = sorted(public | internal)
    if len(told) > 1:
        yield Finding(
            "ambiguous_figure",
            "error",
            f"{where}引用的数据“{name}”在几个问题里数值不同：{'、'.join(told[:6])}。",
            "请把各问题里的数据改成不同的名称，再引用要印的那一个；指标可以写成“类别.指标名称”。",
            *said[:3],
        )
    elif not told and not secret and lacking is not None:
        yield _without_value(where, said, lacking)
    elif not told and not secret:
        yield _unknown(where, said, name)
    elif not public:
        yield _hidden(where, said, name, secret=not internal)
    elif shown is not None:
        yield from _told_against(where, said, shown)


def _level(case: Case, figure: Figure) -> int:
    """How far a figure is from the public: as its problem, its measure or any measure above that."""
    nested = {one.id: one for one in case.nested}
    found = _LEVELS.get(case.problem.publicity or "", 0)
    at, seen = figure.measure, set[str]()
    while at in nested and at not in seen:
        seen.add(at)
        found = max(found, _LEVELS.get(nested[at].publicity or "", 0))
        at = nested[at].parent
    return found


# -- the sentences ---------------------------------------------------------------------------------------------------


def _told_against(where: str, said: Said, shown: Shown) -> Iterator[Finding]:
    """The word before a number says it fell, and it rose."""
    against: list[str] = []

    def value(name: str, before: str) -> str:
        if name == shown.name and shown.against(before):
            against.append(before)
        return shown.words

    fill(said.text, value)
    if against:
        yield Finding(
            "direction",
            "error",
            f"{where}写“{against[0][-8:]}{{{shown.name}}}”，这个数现在是 {shown.words}，升降说反了。",
            "请改正“上升”“下降”这样的字，或核对台账。",
            *said[:3],
            substance=shown.words,
        )


def _without_value(where: str, said: Said, shown: Shown) -> Finding:
    return Finding(
        "no_value",
        "error",
        f"{where}引用的“{shown.name}”现在算不出来：{shown.why}",
        "请补填台账；确实没有的，改写这句话。",
        *said[:3],
    )


def _hidden(where: str, said: Said, name: str, *, secret: bool) -> Finding:
    return Finding(
        "hidden_figure",
        "error" if secret else "warning",
        f"{where}引用的数据“{name}”属于{'不公开' if secret else '只在党内通报'}的内容，公开的通报里印不出来。",
        "请改引公开的数据，或改写这句话。",
        *said[:3],
    )


def _unknown(where: str, said: Said, name: str) -> Finding:
    return Finding(
        "unknown_figure",
        "error",
        f"{where}引用了没有的数据“{name}”。",
        "请在“数据”里添加，或改正名称。",
        *said[:3],
    )
