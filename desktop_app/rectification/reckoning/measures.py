"""Measures of one register: counts, sums and the like over its rows in a period, of a unit, in groups.

Where SQL tells the rows, the groups and the value exactly, one query does it; else the rows that may matter are read in
a stream with the few columns needed, and Python adds them up. Either way the numbers are exact: money in fen, decimals as
they were written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema import links
from db.schema.composite import Span
from db.schema.definition import CategoryDefinition, Indicator
from db.schema.definition.conditions import AnyOf, Compared, Comparison, Condition, Empty, Every, read_condition
from db.schema.definition.scope import Sort
from db.schema.definition.terms import Constant
from db.schema.definition.wrong import Wrong
from desktop_app.rectification import rows as shown_rows
from desktop_app.rectification.reckoning.bounds import comparable
from desktop_app.rectification.reckoning.grouping import Group, group, unit_column
from desktop_app.rectification.reckoning.joined import reading, stream
from desktop_app.rectification.reckoning.lines import Line, Lines
from desktop_app.rectification.reckoning.paths import Path
from desktop_app.rectification.reckoning.terms import Getter
from desktop_app.rectification.reckoning.values import EXACT

FLOWS = ("count", "distinct", "sum", "average", "least_of", "greatest_of")
"""Measures of what happened in a period; a stock and the newest value are asked as of its last day."""
_BILLION = 10**9
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Question:
    """What is asked of registers: ``as_of`` the day, ``span`` the period (None: the rows of every day), ``unit`` the id of a unit (with those
    below it), ``by`` names to break down by, ``only`` a further condition as a definition would write it."""

    as_of: date
    span: Span | None = None
    unit: str | None = None
    by: tuple[str, ...] = ()
    only: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def day(self) -> date:
        """The day a stock is told of: the last of the period, but none that is still to come."""
        end = self.span.end if self.span else None
        return self.as_of if end is None else min(end, self.as_of)


class Tally(NamedTuple):
    """``rows`` that count, ``filled`` those of them with a value, ``value`` what they come to (money in fen; None: nothing)."""

    value: Fraction | None = None
    rows: int = 0
    filled: int = 0


def measure(facts: Facts, definition: CategoryDefinition, indicator: Indicator, asked: Question) -> dict[Key, Tally]:
    """The tally of each group; without ``by`` that of ``()``, which is always there."""
    lines = selected(facts, definition, indicator, asked)
    groups = [group(lines, indicator, name) for name in asked.by]
    if indicator.measure == "newest":
        found = _newest(lines, indicator, groups)
    elif lines.exact and all(one.column is not None for one in groups) and _aggregates(lines, indicator) is not None:
        found = _in_sql(lines, indicator, groups)
    else:
        found = _in_python(lines, indicator, groups)
    return found if asked.by or found else {(): nothing(indicator)}


def nothing(indicator: Indicator) -> Tally:
    """The tally of no rows."""
    return _tally(indicator, [], 0)


def behind(facts: Facts, definition: CategoryDefinition, indicator: Indicator, asked: Question) -> list[str]:
    """The ids of the rows that count, in order."""
    lines = selected(facts, definition, indicator, asked)
    if indicator.measure == "newest":
        return sorted(best[1] for best in _newest_rows(lines, indicator, []).values())
    return sorted(line[0] for line in lines.read())


def selected(facts: Facts, definition: CategoryDefinition, indicator: Indicator, asked: Question) -> Lines:
    """The rows of an indicator's register that count."""
    register = indicator.register
    lines = Lines(facts, definition, register, asked.as_of, indicator.where)
    if asked.only:
        try:
            lines.narrow(read_condition(asked.only, definition.scope.at(register)))
        except Wrong as wrong:
            raise Refusal(f"“{indicator.title}”的口径不能用：{wrong.what}", wrong.advice, "indicators") from None
    if indicator.measure == "stock":
        lines.narrow(_there(indicator, asked.day))
    elif indicator.measure == "newest":
        if indicator.on is not None:
            lines.narrow(_until(lines, indicator.on, asked.day))
    elif indicator.on is not None and asked.span is not None:
        lines.narrow(within(lines.reader.sort_at(indicator.on), indicator.on, asked.span))
    if asked.unit is not None:
        column = unit_column(definition, register, lines.joined)
        units = shown_rows.with_below(facts, asked.unit)
        lines.narrow_to(column.is_not(None) & column.in_(units))
    return lines


def _until(lines: Lines, on: Path, day: date) -> Condition:
    return within(lines.reader.sort_at(on), on, Span(None, day))


def within(sort: Sort | None, on: Path, span: Span) -> Condition:
    """The condition that a day, moment or month lies in a period; a month lies where its first day does."""
    parts: list[Condition] = []
    for op, day in (("least", span.start), ("most", span.end)):
        if day is None:
            continue
        comparison: Comparison = "least" if op == "least" else "most"
        if sort != "month":
            parts.append(Compared(on, comparison, Constant(day, "day")))
            continue
        first = day if op == "most" or day.day == 1 else _following(day)
        parts.append(Compared(on, comparison, Constant(first.isoformat()[:7], "month")))  # type: ignore[arg-type]
    return Every(tuple(parts))


def _following(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) if (day.year, day.month) < (9999, 12) else day


def _there(indicator: Indicator, day: date) -> Condition:
    """A stock's rows: begun by the day as far as anybody knows, and not ended by it."""
    parts: list[Condition] = []
    stock = indicator.stock
    if stock is not None and stock.since is not None:
        parts.append(AnyOf((Empty(stock.since), Compared(stock.since, "most", Constant(day, "day")))))
    if stock is not None and stock.until is not None:
        parts.append(AnyOf((Empty(stock.until), Compared(stock.until, "above", Constant(day, "day")))))
    return Every(tuple(parts))


def field_of(indicator: Indicator) -> Path | None:
    """The field that is measured; None for a count and a stock."""
    return getattr(getattr(indicator, indicator.measure), "field", None)


# -- by the database --------------------------------------------------------------------------------------------------


def _aggregates(lines: Lines, indicator: Indicator) -> list[ColumnElement[Any]] | None:
    """What the database reckons for a group beside the number of its rows; None where it cannot do so exactly."""
    path = field_of(indicator)
    if path is None:
        return []
    leaf = lines.reader.leaf(path)
    column = None if leaf.kind is None else lines.joined.column(leaf)
    if leaf.kind is None or column is None:
        return None
    if indicator.measure == "distinct":
        return None if leaf.kind.structured else [func.count(column), func.count(column.distinct())]
    found = comparable(leaf, lines.joined)
    if found is None or found[0] != "whole":
        return None
    if indicator.measure in ("least_of", "greatest_of"):
        return [func.count(column), (func.min if indicator.measure == "least_of" else func.max)(column)]
    # in two halves, so that no sum is too long for the database
    return [func.count(column), func.sum(column // _BILLION), func.sum(column % _BILLION)]


def _in_sql(lines: Lines, indicator: Indicator, groups: Sequence[Group]) -> dict[Key, Tally]:
    # grouped by label: other databases do not take the same words with other parameters for the same column
    keys = [one.column.label(f"group__{at}") for at, one in enumerate(groups) if one.column is not None]
    asked = [*keys, func.count(), *(_aggregates(lines, indicator) or [])]
    query = select(*asked).select_from(lines.joined.source())
    if lines.bounds.upper is not None:
        query = query.where(lines.bounds.upper)
    if keys:
        query = query.group_by(*keys)
    found: dict[Key, Tally] = {}
    how = indicator.measure
    with lines.facts.reading() as connection:
        for row in stream(connection, query):
            key = tuple(_cell(one, cell) for one, cell in zip(groups, row, strict=False))
            found[key] = _told(how, row[len(keys) :])
    return found


def _cell(one: Group, cell: Any) -> Any:
    return cell if cell is None or one.convert is None else one.convert(cell)


def _told(how: str, cells: Sequence[Any]) -> Tally:
    rows = int(cells[0])
    if len(cells) == 1:
        return Tally(Fraction(rows), rows, rows)
    filled = int(cells[1])
    if how == "distinct":
        return Tally(Fraction(int(cells[2])), rows, filled)
    if how in ("least_of", "greatest_of"):
        return Tally(None if cells[2] is None else Fraction(int(cells[2])), rows, filled)
    total = Fraction(0) if cells[2] is None else Fraction(int(cells[2]) * _BILLION + int(cells[3]))
    return _summed(how, total, rows, filled)


def _summed(how: str, total: Fraction, rows: int, filled: int) -> Tally:
    if how == "average":
        return Tally(total / filled if filled else None, rows, filled)
    return Tally(total, rows, filled)


# -- by Python --------------------------------------------------------------------------------------------------------


def _in_python(lines: Lines, indicator: Indicator, groups: Sequence[Group]) -> dict[Key, Tally]:
    path = field_of(indicator)
    of_list = path is not None and isinstance(lines.reader.leaf(path).kind, links.Refs | links.Texts)
    distinct = indicator.measure == "distinct"
    value = None if path is None else lines.value(path) if distinct else lines.measured(path)
    if not groups:
        return {(): _collected(indicator, lines.read(), value, of_list=of_list)}
    held: dict[Key, list[Line]] = defaultdict(list)
    for line in lines.read():
        held[tuple(one.read(line) for one in groups)].append(line)
    return {key: _collected(indicator, some, value, of_list=of_list) for key, some in held.items()}


def _collected(indicator: Indicator, lines: Iterable[Line], value: Getter | None, *, of_list: bool) -> Tally:
    if value is None:
        return _tally(indicator, [], sum(1 for _ in lines))
    found = [value(line) for line in lines]
    there = [one for one in found if one is not None]
    if of_list:
        there = [item for one in there for item in one]
    return _tally(indicator, there, len(found))


def _tally(indicator: Indicator, values: list[Any], rows: int) -> Tally:
    """What values come to; ``rows`` is how many rows they are of."""
    how = indicator.measure
    if how in ("count", "stock"):
        return Tally(Fraction(rows), rows, rows)
    if how == "distinct":
        return Tally(Fraction(len(set(values))), rows, len(values))
    if how in ("least_of", "greatest_of"):
        best = (min if how == "least_of" else max)(values, default=None)
        return Tally(None if best is None else Fraction(best), rows, len(values))
    total = Decimal(0)
    for one in values:
        total = EXACT.add(total, one)
    if how == "newest" and not values:
        return Tally(None, rows, 0)
    return _summed(how, Fraction(total), rows, len(values))


# -- the newest value -------------------------------------------------------------------------------------------------


def _newest(lines: Lines, indicator: Indicator, groups: Sequence[Group]) -> dict[Key, Tally]:
    held: dict[Key, list[Any]] = defaultdict(list)
    for (key, _each), best in _newest_rows(lines, indicator, groups).items():
        held[key].append(best[2])
    return {key: _tally(indicator, values, len(values)) for key, values in held.items()}


def _newest_rows(
    lines: Lines, indicator: Indicator, groups: Sequence[Group]
) -> dict[tuple[Key, Key], tuple[Any, str, Any]]:
    """Group and each → (day, id, value) of its newest row that has a value; of rows of one day the one entered last."""
    newest = indicator.newest
    if newest is None:
        return {}
    each = [group(lines, indicator, ".".join(path)) for path in newest.each]
    if lines.exact and all(one.column is not None for one in (*groups, *each)):
        found = _newest_in_sql(lines, indicator, [*groups, *each])
        if found is not None:
            return {(key[: len(groups)], key[len(groups) :]): best for key, best in found.items()}
    value = lines.measured(newest.field)
    when = lines.measured(indicator.on) if indicator.on is not None else (lambda _line: "")
    best: dict[tuple[Key, Key], tuple[Any, str, Any]] = {}
    for line in lines.read():
        one = value(line)
        if one is None:
            continue
        key = tuple(g.read(line) for g in groups), tuple(e.read(line) for e in each)
        candidate = (when(line), line[0], one)
        if key not in best or candidate[:2] > best[key][:2]:
            best[key] = candidate
    return best


def _newest_in_sql(
    lines: Lines, indicator: Indicator, groups: Sequence[Group]
) -> dict[Key, tuple[Any, str, Any]] | None:
    newest = indicator.newest
    leaf = None if newest is None else lines.reader.leaf(newest.field)
    column = None if leaf is None or leaf.kind is None else lines.joined.column(leaf)
    on = None if indicator.on is None else comparable(lines.reader.leaf(indicator.on), lines.joined)
    if leaf is None or leaf.kind is None or column is None or (indicator.on is not None and on is None):
        return None
    keys = [one.column.label(f"k{at}") for at, one in enumerate(groups) if one.column is not None]
    identifier = lines.joined.table.c.id
    latest = [*([on[1].desc()] if on else []), identifier.desc()]
    apart = [one.column for one in groups if one.column is not None]
    place = func.row_number().over(partition_by=apart or None, order_by=latest)
    inner = select(*keys, identifier.label("id_"), column.label("value_"), place.label("place_"))
    inner = inner.select_from(lines.joined.source()).where(column.is_not(None))
    if lines.bounds.upper is not None:
        inner = inner.where(lines.bounds.upper)
    ranked = inner.subquery()
    query = select(*(ranked.c[f"k{at}"] for at in range(len(keys))), ranked.c.id_, ranked.c.value_)
    read = reading(leaf.kind, reckoned=True)
    found: dict[Key, tuple[Any, str, Any]] = {}
    with lines.facts.reading() as connection:
        for row in stream(connection, query.where(ranked.c.place_ == 1)):
            key = tuple(_cell(one, cell) for one, cell in zip(groups, row, strict=False))
            value = row[-1] if read is None else read(row[-1])
            found[key] = ("", row[-2], value)
    return found
