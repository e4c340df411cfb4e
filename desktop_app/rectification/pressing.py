"""Which problems press: what of each is overdue or ends within days, and the colour of the reminder that is due for it.

The colours are the office's (process.md 2.2): green from 20 days before the deadline, yellow from 10, red when it is past;
each round of inspection may have days of its own. Which deadlines count is what ``checks.deadlines`` and the list of
reminders say: those of what still goes on, and the problem's own where none of them presses; what was waived presses nobody. Everything is read once,
for however many problems.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, or_

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import Deadline
from db.schema.record import schema_of
from db.schema.records import OngoingItem, Problem
from desktop_app.rectification.cases import thin
from desktop_app.rectification.finding import Finding, at
from desktop_app.rectification.rows import with_below
from desktop_app.rectification.rules import FINISHED
from desktop_app.rectification.ruling import waiving
from desktop_app.rectification.warning_days import COLOURS, Colour, Days, round_days

__all__ = ["COLOURS", "Colour", "Days", "Matter", "Pressing", "pressing", "problems"]

_AT_ONCE = 500


@dataclass(frozen=True)
class Matter:
    """One deadline that is not met: of a problem itself, or of something that still goes on in it. ``left`` are the days until
    ``day``, negative when it is past."""

    record: Problem | OngoingItem
    due: Deadline
    day: date
    left: int
    colour: Colour


@dataclass(frozen=True)
class Pressing:
    """A problem with what presses in it, the most pressing first; its colour is that of the first."""

    problem: Problem
    matters: tuple[Matter, ...]

    @property
    def colour(self) -> Colour:
        """The colour of its reminder."""
        return self.matters[0].colour


def problems(facts: Facts, unit: str = "", only: Collection[str] = (), *, unfinished: bool = False) -> list[Problem]:
    """Live problems: those of these ids in this order (``Refusal`` for one that is not there), else those of a unit with the
    units below it, else all, as their schema orders them."""
    table = facts.tables.records["problem"].table.c
    where: list[ColumnElement[bool]] = [table.deleted == 0]
    if unfinished:
        where += [_unfinished(table.progress), or_(table.closing.is_(None), table.closing != "closed")]
    names = [one.name for one in schema_of(Problem).fields]
    if not only:
        units = set(with_below(facts, unit)) if unit else None
        return [one for one in thin(facts, Problem, names, where) if units is None or one.unit in units]
    wanted = list(dict.fromkeys(only))
    found: dict[str, Problem] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = thin(
            facts,
            Problem,
            names,
            [*where, or_(*(table.id == one for one in wanted[start : start + _AT_ONCE]))],
            sort=False,
        )
        found |= {one.id: one for one in some}
    known = found if not unfinished else {one.id for one in problems(facts, only=wanted)}
    lacking = [identifier for identifier in wanted if identifier not in known]
    if lacking:
        raise Refusal(f"台账里没有编号为“{lacking[0]}”的问题。", "请在“问题”页核对，可能已被删除。", "problems")
    return [found[identifier] for identifier in wanted if identifier in found]


def _unfinished(progress: Column[Any]) -> ColumnElement[bool]:
    return or_(progress.is_(None), and_(*(progress != one for one in FINISHED)))


def pressing(
    facts: Facts, today: date, unit: str = "", only: Collection[str] = (), given: Days | None = None
) -> list[Pressing]:
    """The problems that press on a day, as ``problems`` chooses them; ``given`` days count instead of those of their rounds."""
    chosen = problems(facts, unit, only, unfinished=True)
    rounds = round_days(facts)
    going = _going(facts, {one.id for one in chosen})
    matters = {
        one.id: _matters(one, going.get(one.id, ()), today, given or rounds.of(one.inspection)) for one in chosen
    }
    waived = _waived(facts, [matter for some in matters.values() for matter in some], today)
    pressed = {key: tuple(one for one in some if one.record.id not in waived) for key, some in matters.items()}
    return [Pressing(one, pressed[one.id]) for one in chosen if pressed[one.id]]


def _waived(facts: Facts, matters: Sequence[Matter], today: date) -> set[str]:
    """Ids of the records whose deadline was let pass with a reason, asked as the checks ask."""
    asked = [
        Finding("overdue" if one.left < 0 else "near", "note", "", "", **at(one.record, "due"), substance=f"{one.day}")
        for one in matters
    ]
    return {one.id for one in waiving.marked(facts, asked, today) if one.waived is not None}


def _going(facts: Facts, chosen: Collection[str]) -> Mapping[str, Sequence[OngoingItem]]:
    """Problem id → what still goes on in it and has a day."""
    table = facts.tables.records["ongoing_item"].table.c
    where = [table.deleted == 0, table.due__day.is_not(None), _unfinished(table.progress)]
    found: dict[str, list[OngoingItem]] = defaultdict(list)
    names = [one.name for one in schema_of(OngoingItem).fields]
    for item in thin(facts, OngoingItem, names, where):
        if item.problem in chosen:
            found[item.problem or ""].append(item)
    return found


def _matters(problem: Problem, going: Sequence[OngoingItem], today: date, days: Days) -> tuple[Matter, ...]:
    found = [matter for item in going if (matter := _matter(item, today, days))]
    own = _matter(problem, today, days)
    late = any(matter.left < 0 for matter in found)
    if own is not None and (not found or (own.left < 0 and not late)):
        found.append(own)
    return tuple(sorted(found, key=lambda matter: matter.left))


def _matter(record: Problem | OngoingItem, today: date, days: Days) -> Matter | None:
    if record.due is None or record.due.day is None:
        return None
    left = (record.due.day - today).days
    colour = days.colour(left)
    return Matter(record, record.due, record.due.day, left, colour) if colour else None
