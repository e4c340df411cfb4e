"""What a notice prints, read once from the ledger: which records, in which order, under which numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.ledger.facts import Facts
from db.schema.composite import Quantity
from db.schema.prose import filled
from db.schema.record import Record
from db.schema.records import Aspect, Chapter, Figure, Group, Measure, NextStep, Notice, OngoingItem, Problem, Unit

_LATE = 1 << 40
Printed = Aspect | Group | Problem


def may_print(record: Record, *, internal: bool) -> bool:
    """Whether a record's publicity lets it into this paper; what is secret is in none."""
    publicity = getattr(record, "publicity", None) or "public"
    return publicity == "public" or (internal and publicity == "internal")


@dataclass(frozen=True)
class Paper:
    """Everything one notice prints, read once."""

    notice: Notice
    unit: Unit
    chapters: Sequence[Chapter]
    steps: Sequence[NextStep]
    roots: Sequence[Aspect | Problem]
    groups: Mapping[str, Sequence[Group]]
    problems: Mapping[str, Sequence[Problem]]
    measures: Mapping[str, Sequence[Measure]]
    ongoing: Mapping[str, Sequence[OngoingItem]]
    figures: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, int | None]
    internal: bool

    @classmethod
    def read(cls, facts: Facts, notice: Notice, unit: Unit, *, internal: bool, only: Sequence[Problem] = ()) -> Paper:
        """Reads what a notice prints; numbers are those after leaving out what may not be printed."""
        everything = list(only) or _of_round(facts.all(Problem, unit=unit.id), notice)
        aspects = [] if only else facts.all(Aspect, unit=unit.id)
        groups = {} if only else facts.parts(Group, [a.id for a in aspects])
        ids = [p.id for p in everything]
        measures, ongoing = facts.parts(Measure, ids), facts.parts(OngoingItem, ids)
        figures = facts.parts(Figure, ids)
        ordered = _ordered(aspects, groups, everything)
        numbers = _numbers([p for p in ordered if isinstance(p, Problem)], internal=internal)
        for mine in measures.values():
            for parent in {m.parent for m in mine}:
                numbers |= _numbers([m for m in mine if m.parent == parent], internal=internal)
        shown = [p for p in ordered if isinstance(p, Problem) and may_print(p, internal=internal)]
        by_place: dict[str, list[Problem]] = {}
        for problem in shown:
            by_place.setdefault(_place(problem, aspects, groups), []).append(problem)
        return cls(
            notice,
            unit,
            facts.parts(Chapter, [notice.id])[notice.id] if notice.id else [],
            facts.parts(NextStep, [notice.id])[notice.id] if notice.id else [],
            sorted([*aspects, *by_place.get("", [])], key=order),
            groups,
            by_place,
            {key: [m for m in found if may_print(m, internal=internal)] for key, found in measures.items()},
            {key: [o for o in found if may_print(o, internal=internal)] for key, found in ongoing.items()},
            {
                key: {f.name or "": Quantity("").show(f.value) for f in found if f.value}
                for key, found in figures.items()
            },
            numbers,
            internal,
        )

    def words(self, text: str | None, problem: Problem | None = None) -> str | None:
        """Prose with the figures of its problem put in; outside of problems with those of any problem of the unit."""
        if text is None:
            return None
        if problem is not None:
            known = self.figures.get(problem.id, {})
        else:
            known = {name: value for one in self.figures.values() for name, value in one.items()}
        return filled(text, lambda name: known.get(name, f"〔缺数据：{name}〕"))


def _of_round(problems: Sequence[Problem], notice: Notice) -> list[Problem]:
    return [p for p in problems if notice.inspection is None or p.inspection in (None, notice.inspection)]


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


def _numbers(records: Sequence[Problem | Measure], *, internal: bool) -> dict[str, int | None]:
    """Record id → number to print: each hidden record takes one off the numbers that follow it in its count."""
    printed: dict[str, int | None] = {}
    hidden, last = 0, 0
    for record in records:
        if record.number is None:
            printed[record.id] = None
            continue
        if record.number <= last:
            hidden = 0
        last = record.number
        printed[record.id] = record.number - hidden
        hidden += not may_print(record, internal=internal)
    return printed
