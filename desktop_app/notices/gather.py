"""What a notice prints, read once from the ledger: which records, in which order, under which numbers.

What may not be printed takes along everything below it: the measures nested under a measure, a heading whose problems
are all withheld. While branches disagree on a publicity, the strictest of their words counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from db.ledger import sameness
from db.ledger.conflicts import conflicts
from db.ledger.facts import Facts
from db.schema.kinds import Publicity
from db.schema.records import Aspect, Chapter, Figure, Group, Measure, NextStep, Notice, OngoingItem, Problem, Unit
from desktop_app.rectification.figures import Names, Shown, fill

_LATE = 1 << 40
_STRICTNESS = {"public": 0, "internal": 1, "secret": 2}
Printed = Aspect | Group | Problem
Rounded = TypeVar("Rounded", Problem, Aspect)
Withholding = Problem | Measure | OngoingItem


@dataclass(frozen=True)
class Paper:
    """Everything one notice prints, read once. ``names`` says what the names in its words stand for, ``listed`` are the
    problems printed, ``hidden`` the ids of what is not, ``readers`` how far those who get the paper may see."""

    notice: Notice
    unit: Unit
    chapters: Sequence[Chapter]
    steps: Sequence[NextStep]
    roots: Sequence[Aspect | Problem]
    groups: Mapping[str, Sequence[Group]]
    problems: Mapping[str, Sequence[Problem]]
    measures: Mapping[str, Sequence[Measure]]
    ongoing: Mapping[str, Sequence[OngoingItem]]
    numbers: Mapping[str, int | None]
    names: Names
    listed: Sequence[Problem]
    hidden: AbstractSet[str]
    readers: Publicity

    @classmethod
    def read(
        cls,
        facts: Facts,
        notice: Notice,
        unit: Unit,
        day: date,
        *,
        readers: Publicity,
        only: Sequence[Problem] = (),
    ) -> Paper:
        """Reads what a notice prints; numbers are those after leaving out what may not be printed, live values those of ``day``."""
        units = sameness.meant(facts, "unit", [unit.id])
        everything = list(only) or _of_round([p for one in units for p in facts.all(Problem, unit=one)], notice)
        aspects = [] if only else _of_round([a for one in units for a in facts.all(Aspect, unit=one)], notice)
        groups = {} if only else facts.parts(Group, [a.id for a in aspects])
        ids = [p.id for p in everything]
        measures, ongoing = facts.parts(Measure, ids), facts.parts(OngoingItem, ids)
        hidden = withheld(facts, everything, measures, ongoing, readers=readers)
        ordered = _ordered(aspects, groups, everything)
        hidden |= _emptied(ordered, hidden)
        numbers = _numbers([p for p in ordered if isinstance(p, Problem)], hidden)
        numbers |= _numbers([a for a in ordered if isinstance(a, Aspect)], hidden)
        for found in groups.values():
            numbers |= _numbers(found, hidden)
        for mine in measures.values():
            for parent in {m.parent for m in mine}:
                numbers |= _numbers([m for m in mine if m.parent == parent], hidden)
        by_place: dict[str, list[Problem]] = {}
        for problem in ordered:
            if isinstance(problem, Problem) and problem.id not in hidden:
                by_place.setdefault(_place(problem, aspects, groups), []).append(problem)
        return cls(
            notice,
            unit,
            facts.parts(Chapter, [notice.id])[notice.id] if notice.id else [],
            facts.parts(NextStep, [notice.id])[notice.id] if notice.id else [],
            sorted([*(a for a in aspects if a.id not in hidden), *by_place.get("", [])], key=order),
            {key: [g for g in found if g.id not in hidden] for key, found in groups.items()},
            by_place,
            {key: [m for m in found if m.id not in hidden] for key, found in measures.items()},
            {key: [o for o in found if o.id not in hidden] for key, found in ongoing.items()},
            numbers,
            Names(facts, day, facts.parts(Figure, ids)),
            [p for p in everything if p.id not in hidden],
            hidden,
            readers,
        )

    def words(self, text: str | None, problem: Problem | None = None) -> str | None:
        """Prose with the figures of its problem put in; outside of problems with those of any problem that is printed.

        A figure that is not there, of which there are several, or that these readers may not see, is printed as a gap nobody
        can overlook.
        """
        return None if text is None else fill(text, lambda name, before: self._told(name, before, problem)).words

    def _told(self, name: str, before: str, problem: Problem | None) -> str:
        shown = self.names.of(problem, name) if problem is not None else self._around(name)
        if shown is None or not shown.words or _STRICTNESS[shown.publicity] > _STRICTNESS[self.readers]:
            return f"〔缺数据：{name}〕"
        return shown.told(before)

    def _around(self, name: str) -> Shown | None:
        """What a name means outside of problems: one value, of what is printed."""
        found = self.names.around(self.listed, self.unit.id or None, name)
        told = [one for one in found if one.figure is None or one.figure.measure not in self.hidden]
        return told[0] if len({one.words for one in told}) == 1 else None


def withheld(
    facts: Facts,
    problems: Sequence[Problem],
    measures: Mapping[str, Sequence[Measure]],
    ongoing: Mapping[str, Sequence[OngoingItem]],
    *,
    readers: Publicity,
) -> set[str]:
    """Ids of the records that may not be printed: by their own publicity, or because what they are part of is not."""
    disputed: dict[str, int] = {}
    for conflict in conflicts(facts):
        if conflict.field == "publicity":
            disputed[conflict.id] = max(_STRICTNESS.get(rival.value or "public", 2) for rival in conflict.rivals)
    most = _STRICTNESS[readers]

    def barred(record: Withholding) -> bool:
        own = _STRICTNESS.get(record.publicity or "public", 2)
        return max(own, disputed.get(record.id, 0)) > most

    hidden = {p.id for p in problems if barred(p)}
    for found in measures.values():
        below = {m.id: m.parent for m in found}
        own = {m.id for m in found if barred(m)}
        hidden |= {m.id for m in found if own & _line(m.id, below)}
    return hidden | {o.id for found in ongoing.values() for o in found if barred(o)}


def _line(identifier: str, above: Mapping[str, str | None]) -> set[str]:
    """A record and all above it; a circle, as two branches can make one, is walked once."""
    found: set[str] = set()
    at: str | None = identifier
    while at is not None and at not in found:
        found.add(at)
        at = above.get(at)
    return found


def tops(measures: Sequence[Measure]) -> list[Measure]:
    """The measures printed first: those under no other one that is there, and the first met of every circle."""
    above = {m.id: m.parent for m in measures}
    found: list[Measure] = []
    reached: set[str] = set()
    for measure in measures:
        line = _line(measure.id, above)
        ends_open = any(above[one] not in above for one in line)
        if measure.parent not in above or not (ends_open or line & reached):
            found.append(measure)
            reached |= line
    return found


def _emptied(ordered: Sequence[Printed], hidden: AbstractSet[str]) -> set[str]:
    """Aspects and groups that have problems, none of which may be printed."""
    own: dict[str, list[str]] = {}
    aspect = group = ""
    for one in ordered:
        match one:
            case Aspect():
                aspect, group = one.id, ""
            case Group():
                group = one.id
            case Problem():
                for heading in (aspect if one.aspect or one.group else "", group if one.group else ""):
                    own.setdefault(heading, []).append(one.id)
    own.pop("", None)
    return {heading for heading, found in own.items() if all(identifier in hidden for identifier in found)}


def _of_round(records: Iterable[Rounded], notice: Notice) -> list[Rounded]:
    """The records of the notice's round, and those of none."""
    return [r for r in records if notice.inspection is None or r.inspection in (None, notice.inspection)]


def _place(problem: Problem, aspects: Sequence[Aspect], groups: Mapping[str, Sequence[Group]]) -> str:
    """The id of the heading a problem stands under; "" for none."""
    if problem.group and any(problem.group == g.id for found in groups.values() for g in found):
        return problem.group
    return problem.aspect if problem.aspect and any(problem.aspect == a.id for a in aspects) else ""


def order(record: Printed) -> tuple[int, int, str]:
    return (record.position or _LATE, record.number or _LATE, record.id)


def _ordered(
    aspects: Sequence[Aspect], groups: Mapping[str, Sequence[Group]], problems: Sequence[Problem]
) -> list[Printed]:
    """Aspects, groups and problems in the order they are printed."""
    by_place: dict[str, list[Problem]] = {}
    for problem in problems:
        by_place.setdefault(_place(problem, aspects, groups), []).append(problem)
    found: list[Printed] = []
    roots: list[Printed] = [*aspects, *by_place.get("", [])]
    for root in sorted(roots, key=order):
        found.append(root)
        if isinstance(root, Aspect):
            inside: list[Printed] = [*groups.get(root.id, ()), *by_place.get(root.id, [])]
            for below in sorted(inside, key=order):
                found.append(below)
                if isinstance(below, Group):
                    found += sorted(by_place.get(below.id, []), key=order)
    return found


def _numbers(records: Sequence[Printed | Measure], hidden: AbstractSet[str]) -> dict[str, int | None]:
    """Record id → number to print: each hidden record takes one off the numbers that follow it in its count."""
    printed: dict[str, int | None] = {}
    gone, last = 0, 0
    for record in records:
        if record.number is None:
            printed[record.id] = None
            continue
        if record.number <= last:
            gone = 0
        last = record.number
        printed[record.id] = record.number - gone
        gone += record.id in hidden
    return printed
