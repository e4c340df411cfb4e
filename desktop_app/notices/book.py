"""What working papers print of the problems of one or several units: entries in printing order, numbered through, with their parts.

Shared by the ledger and the three lists. What readers may not see is left out before it is numbered or counted, so that
neither a number nor a sum betrays it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from db.errors import Refusal
from db.ledger import sameness
from db.ledger.facts import Facts
from db.schema.kinds import Choice, Publicity
from db.schema.record import Record, schema_name
from db.schema.records import (
    Accountability,
    Aspect,
    Category,
    Closing,
    Evidence,
    Group,
    Inspection,
    Measure,
    Notice,
    Opinion,
    Problem,
    Regulation,
    Unit,
)
from db.schema.records.words import PUBLICITY, UNIT_LEVELS
from desktop_app.notices.gather import Paper, order, tops
from desktop_app.notices.wanted import TOPIC, Wanted
from desktop_app.rectification import overview, tallies
from desktop_app.rectification.overview import ProblemRow
from desktop_app.rectification.rows import with_below
from desktop_app.rectification.tallies import Tally

WHICH = {"all": "全部", "open": "未完成的", "overdue": "已超期的", "finished": "已完成的", "closed": "已销号的"}
WHICH_OPTION = Choice("印哪些问题", of=WHICH, default="全部", help="未完成的：还没有完成整改的，含超期的")

NOBODY = Unit(name="未填单位")
"""Stands for the unit of problems that have none."""
OfMeasure = TypeVar("OfMeasure", Evidence, Regulation)


@dataclass(frozen=True)
class Entry:
    """A problem as a working paper lists it: its running number, the headings it stands under, its measures (those under no
    other), and its state on the day."""

    number: int
    aspect: Aspect | None
    group: Group | None
    problem: Problem
    measures: tuple[Measure, ...]
    row: ProblemRow

    @property
    def finished(self) -> bool:
        """Whether it is done: 已完成, 长期坚持, 已销号."""
        return self.row.state in ("closed", "done", "kept_up")


@dataclass(frozen=True)
class Book:
    """The entries of one unit, what else is known of its problems (by problem, opinions by closing), and its counts. The counts
    are of all its problems that these readers may see, whichever of them are listed."""

    unit: Unit
    paper: Paper
    entries: tuple[Entry, ...]
    tally: Tally
    rounds: tuple[str, ...]
    evidence: Mapping[str, Sequence[Evidence]]
    closings: Mapping[str, Sequence[Closing]]
    opinions: Mapping[str, Sequence[Opinion]]
    accountability: Mapping[str, Sequence[Accountability]]
    regulations: Mapping[str, Sequence[Regulation]]
    categories: Mapping[str, str]
    """Id of a category → its title."""

    @property
    def readers(self) -> Publicity:
        """How far those who get the paper may see."""
        return self.paper.readers

    @property
    def name(self) -> str:
        """What the unit is called in a heading."""
        return called(self.unit)


def called(unit: Unit) -> str:
    """A unit as titles of working papers call it: by its short name, else its name."""
    return unit.short_name or unit.name or "本单位"


def books(facts: Facts, wanted: Wanted, which: str = "all") -> list[Book]:
    """The books of a unit and the units below it (of the whole ledger without one) that have problems; ``wanted.of`` are the
    rounds looked at. ``Refusal`` where there is nothing to print."""
    states = {row.id: row for row in overview.rows(facts, wanted.day)}
    units = _units(facts, wanted.unit)
    found = [_book(facts, unit, wanted, states, which) for unit in units]
    kept = [one for one in found if one.entries] or [one for one in found if one.tally.problems][:1]
    if not any(one.entries for one in kept):
        who = called(facts.get(Unit, wanted.unit) or Unit(short_name="台账"))
        what = {"all": "问题"}.get(which, f"{WHICH[which]}问题")
        seen = "" if wanted.readers == "secret" else f"{PUBLICITY[wanted.readers]}范围内"
        raise Refusal(f"{who}里没有{seen}可印的{what}。", "请换一个单位、公开级别或范围。", TOPIC)
    return kept


def _units(facts: Facts, identifier: str) -> list[Unit]:
    """A unit before those below it, these from the highest level down."""
    wanted = set(with_below(facts, identifier)) if identifier else None
    levels = {level: at for at, level in enumerate(UNIT_LEVELS)}
    others = sameness.stand_ins(facts, "unit")
    identifier = others.get(identifier, identifier)
    found = [unit for unit in facts.all(Unit) if unit.id not in others and (wanted is None or unit.id in wanted)]
    found.sort(key=lambda unit: (unit.id != identifier, levels.get(unit.level or "", len(levels)), unit.name or ""))
    return [*found, NOBODY] if wanted is None else found


def _book(facts: Facts, unit: Unit, wanted: Wanted, states: Mapping[str, ProblemRow], which: str) -> Book:
    only = () if unit.id else facts.all(Problem, unit=None)
    paper = Paper.read(facts, Notice(), unit, wanted.day, readers=wanted.readers, only=only)
    listed = [one for one in _placed(paper) if not wanted.of or one[2].inspection in wanted.of]
    ids = [problem.id for _, _, problem in listed]
    closings = facts.parts(Closing, ids)
    accountability = facts.parts(Accountability, ids)
    entries = [
        Entry(number, aspect, group, problem, tuple(tops(paper.measures.get(problem.id, ()))), states[problem.id])
        for number, (aspect, group, problem) in enumerate(listed, start=1)
    ]
    return Book(
        unit,
        paper,
        tuple(entry for entry in entries if _chosen(entry, which)),
        tallies.tally(
            [entry.problem for entry in entries],
            states,
            {entry.problem.id: entry.measures for entry in entries},
            accountability,
        ),
        _rounds(facts, entries),
        _open(facts.parts(Evidence, ids), paper),
        closings,
        facts.parts(Opinion, [one.id for found in closings.values() for one in found]),
        accountability,
        _open(facts.parts(Regulation, ids), paper),
        {one.id: one.title or "" for one in facts.all(Category)},
    )


def _open(parts: Mapping[str, Sequence[OfMeasure]], paper: Paper) -> dict[str, list[OfMeasure]]:
    """The parts of problems that are not of a measure which is withheld."""
    return {key: [one for one in found if one.measure not in paper.hidden] for key, found in parts.items()}


def _rounds(facts: Facts, entries: Sequence[Entry]) -> tuple[str, ...]:
    ids = dict.fromkeys(one.problem.inspection for one in entries if one.problem.inspection)
    found = (facts.get(Inspection, identifier) for identifier in ids)
    return tuple(one.title for one in found if one is not None and one.title)


def _chosen(entry: Entry, which: str) -> bool:
    if which == "open":
        return not entry.finished
    if which == "finished":
        return entry.finished
    return which == "all" or entry.row.state == which


def _placed(paper: Paper) -> Iterator[tuple[Aspect | None, Group | None, Problem]]:
    """Problems in printing order with the headings they stand under."""
    for root in paper.roots:
        if isinstance(root, Problem):
            yield None, None, root
            continue
        below: list[Group | Problem] = sorted(
            [*paper.groups.get(root.id, ()), *paper.problems.get(root.id, ())], key=order
        )
        for one in below:
            if isinstance(one, Problem):
                yield root, None, one
            else:
                yield from ((root, one, problem) for problem in paper.problems.get(one.id, ()))


def origin(record: Record) -> str:
    """What a run says of the record its words come from."""
    return f"{schema_name(record)}:{record.id}"
