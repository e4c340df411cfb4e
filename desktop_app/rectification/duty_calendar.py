"""The duties of a year as a calendar: a line for each duty of each who owes it, a cell for each period; and the way from a cell
to the rows behind it."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Literal

from db.ledger.facts import Facts
from db.schema.composite import Span
from db.schema.definition import Rule, set_tests
from db.schema.definition import conditions as tests
from db.schema.kinds import Day, Kind, Moment, Month, Publicity
from db.schema.record import Schema
from desktop_app.rectification.finding import stricter
from desktop_app.rectification.rows_filters import Filter
from desktop_app.rectification.ruling.calendar import obligations
from desktop_app.rectification.ruling.duties import EVERY, Owed

State = Literal["done", "ahead", "missing", "none"]
STATES: dict[State, tuple[str, str]] = {
    "done": ("✓", "已做"),
    "ahead": ("○", "未到期"),
    "missing": ("！", "缺"),
    "none": ("–", "不适用"),
}
"""State of a cell → its sign, and what it is called."""
MONTHS = 12
_LENGTH = {"day": 1, "week": 1, "month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""How many months a cell of a duty spans; days and weeks are told together, a month in a cell."""


@dataclass(frozen=True)
class DutyCell:
    """What is owed in the months ``first`` to ``last`` (from 0), in the days ``start`` to ``end`` (a week that ends
    in a month may begin before it). ``day`` is when it was done, else the last day for it."""

    first: int
    last: int
    state: State
    start: date
    end: date
    day: date | None = None
    kept: int = 0
    owed: int = 0
    missed: int = 0

    @property
    def words(self) -> str:
        """The cell in a few signs: ✓ 11.3, ！, ○, – ; of days and weeks how many were kept of how many."""
        sign = STATES[self.state][0]
        if self.owed > 1:
            return f"{sign} {self.kept}/{self.owed}"
        return f"{sign} {self.day.month}.{self.day.day}" if self.state == "done" and self.day is not None else sign


@dataclass(frozen=True)
class DutyLine:
    """One duty of one who owes it. ``subject`` is "" for the office."""

    rule: str
    title: str
    category: str
    register: str
    every: str
    """In words: 每月."""
    subject: str
    value: Any
    publicity: Publicity
    cells: tuple[DutyCell, ...]

    @property
    def missed(self) -> int:
        """How many periods are missing."""
        return sum(one.missed for one in self.cells)


def lines(
    facts: Facts, year: int, today: date, unit: str | None = None, categories: Collection[str] | None = None
) -> list[DutyLine]:
    """The duties of a year, by category and rule as they are defined, then by who owes them."""
    whole = Span(date(year, 1, 1), date(year, 12, 31))
    by_line: dict[tuple[str, str, str], list[Owed]] = defaultdict(list)
    for one in obligations(facts, whole, today, unit, categories):
        if one.period.end is not None and one.period.end.year == year:
            by_line[(one.rule, one.subject, str(one.value))].append(one)
    order = _order(facts)
    found = [_line(facts, some, year, today) for some in by_line.values()]
    return sorted(found, key=lambda one: (order[one.rule], one.subject))


def _order(facts: Facts) -> Mapping[str, int]:
    rules = (f"{key}.{rule}" for key, definition in facts.definitions.items() for rule in definition.rules)
    return {name: number for number, name in enumerate(rules)}


def _line(facts: Facts, some: Sequence[Owed], year: int, today: date) -> DutyLine:
    first = some[0]
    category, _, key = first.rule.partition(".")
    definition = facts.definitions[category]
    rule = definition.rules[key]
    register = definition.registers[rule.register]
    by = rule.test.by[0] if rule.test.by else ""
    levels = [one.kind.publicity for one in register.fields if one.name == by]
    return DutyLine(
        first.rule,
        first.title,
        category,
        first.register,
        EVERY[rule.test.every],
        first.subject,
        first.value,
        stricter(register.publicity, rule.publicity, *levels),  # type: ignore[arg-type]
        tuple(_cells(some, year, _LENGTH[rule.test.every], today, dated=not _by_month(facts, first.register, rule))),
    )


def _by_month(facts: Facts, register: str, rule: Rule) -> bool:
    """Whether rows tell only the month of what was done."""
    return len(rule.test.on) == 1 and isinstance(facts.schema(register).kinds()[rule.test.on[0]], Month)


def _cells(some: Iterable[Owed], year: int, length: int, today: date, *, dated: bool) -> Iterator[DutyCell]:
    """Every cell of a line, those in which nothing is owed too."""
    by_cell: dict[int, list[Owed]] = defaultdict(list)
    for one in some:
        assert one.period.end is not None
        by_cell[(one.period.end.month - 1) // length].append(one)
    for number in range(MONTHS // length):
        first = number * length
        cell = _cell(by_cell.get(number, []), year, first, first + length - 1, today)
        yield cell if dated or cell.state != "done" else replace(cell, day=None)


def _cell(some: Sequence[Owed], year: int, first: int, last: int, today: date) -> DutyCell:
    start = date(year, first + 1, 1)
    end = date(year, last + 1, calendar.monthrange(year, last + 1)[1])
    if not some:
        return DutyCell(first, last, "none", start, end)
    kept = [one.done for one in some if one.done is not None]
    missed = sum(one.done is None and one.due < today for one in some)
    state: State = "missing" if missed else "done" if len(kept) == len(some) else "ahead"
    day = max(kept) if state == "done" else next((one.due for one in some if one.done is None), None)
    begun = min((one.period.start for one in some if one.period.start is not None), default=start)
    return DutyCell(first, last, state, min(begun, start), end, day, len(kept), len(some), missed)


# -- from a cell to its rows ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Door:
    """Where the rows of a cell are: the register's schema name, the filters that show them, and what a new row there begins with
    (field → typed state)."""

    register: str
    filters: tuple[Filter, ...] = ()
    start: Mapping[str, str] = field(default_factory=dict)


def door(facts: Facts, line: DutyLine, cell: DutyCell | None, today: date) -> Door:
    """The rows of a cell, or of a whole line (no cell). What is told by a field of another record is not filtered by."""
    category, _, key = line.rule.partition(".")
    rule = facts.definitions[category].rules[key]
    test: set_tests.Obligation = rule.test
    schema = facts.schema(line.register)
    filters, start = _told(rule, schema)
    if test.by is not None and len(test.by) == 1 and line.value is not None:
        filters.append(Filter(test.by[0], "any_of", (line.value,)))
        start[test.by[0]] = str(line.value)
    if cell is not None and len(test.on) == 1:
        kind = schema.kinds()[test.on[0]]
        filters += _within(kind, test.on[0], cell)
        day = today if cell.start <= today <= cell.end else cell.end if cell.end < today else cell.start
        if isinstance(kind, Month):
            month = cell.end if cell.last > cell.first else day  # a quarter is told by its last month
            start[test.on[0]] = f"{month.year:04d}-{month.month:02d}"
        elif isinstance(kind, Day):
            start[test.on[0]] = day.isoformat()
    return Door(line.register, tuple(filters), start)


def _told(rule: Rule, schema: Schema) -> tuple[list[Filter], dict[str, str]]:
    """What the rule says of its rows: fields that must be one of some words."""
    parts = rule.when.parts if isinstance(rule.when, tests.Every) else (rule.when,)
    filters: list[Filter] = []
    start: dict[str, str] = {}
    for one in parts:
        if isinstance(one, tests.Among) and len(one.path) == 1 and one.path[0] in schema.kinds():
            filters.append(Filter(one.path[0], "any_of", tuple(one.values)))
            if len(one.values) == 1 and isinstance(one.values[0], str):
                start[one.path[0]] = one.values[0]
    return filters, start


def _within(kind: Kind[Any], name: str, cell: DutyCell) -> list[Filter]:
    if isinstance(kind, Month):
        months = [f"{cell.start.year:04d}-{month + 1:02d}" for month in range(cell.first, cell.last + 1)]
        return [Filter(name, "any_of", tuple(months))]
    ends: tuple[Any, Any] = (cell.start, cell.end)
    if isinstance(kind, Moment):
        ends = (datetime.combine(cell.start, time.min), datetime.combine(cell.end, time.max.replace(microsecond=0)))
    return [Filter(name, "least", ends[0]), Filter(name, "most", ends[1])]
