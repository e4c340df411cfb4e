"""Indicators reckoned the plain way, over lists of records with fractions: what the program's reckoning is measured by.

Shares no code with ``desktop_app.rectification.reckoning``; says in loops what that says in queries.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from db.schema.composite import Amount, Deadline, Span
from db.schema.definition import CategoryDefinition, Indicator
from db.schema.definition.conditions import Among, AnyOf, Compared, Condition, Contains, Empty, Every, Not
from db.schema.definition.terms import Constant, FieldAt, Term, Today
from db.schema.links import Ref
from db.schema.record import Record

Group = tuple[Any, ...]


def day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def months_later(start: date, count: int) -> date | None:
    if abs(count) > 120_000:
        return None
    year, month = start.year, start.month
    for _ in range(abs(count)):
        month += 1 if count > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    if not 1 <= year <= 9999:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(start.day, last))


def months_between(first: date, second: date) -> int:
    if second < first:
        return -months_between(second, first)
    count = 0
    while (later := months_later(first, count + 1)) is not None and later <= second:
        count += 1
    return count


def sane(value: Any) -> Any:
    """What is reckoned with: fractions for numbers."""
    if isinstance(value, Amount):
        value = value.value
    if isinstance(value, Deadline):
        value = value.day
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    return value


@dataclass
class Plain:
    """All live records of every schema, by id; ``today`` is the day asked for."""

    definition: CategoryDefinition
    records: Mapping[str, Mapping[str, Record]]
    today: date

    # -- rows --

    def rows(self, register: str) -> list[Record]:
        return list(self.records.get(self.definition.registers[register].name, {}).values())

    def value(self, register: str, row: Record | None, path: tuple[str, ...]) -> Any:
        if row is None:
            return None
        spec = (
            next((c for c in self.definition.registers[register].computed if c.name == path[0]), None)
            if register
            else None
        )
        if spec is not None and len(path) == 1:
            return self.term(register, row, spec.term)
        found = getattr(row, path[0], None)
        if len(path) == 1:
            return found
        kinds = self.definition.scope.fields[register] if register else self.definition.scope.core[type_name(row)]
        kind = kinds[path[0]]
        assert isinstance(kind, Ref)
        other = self.records.get(kind.to, {}).get(found or "")
        key = kind.to.split(".")[1] if "." in kind.to else ""
        return self.value(key, other, path[1:])

    def term(self, register: str, row: Record, term: Term) -> Any:
        if isinstance(term, Constant):
            return sane(term.value)
        if isinstance(term, Today):
            return self.today
        if isinstance(term, FieldAt):
            return sane(self.value(register, row, term.path))
        found = [self.term(register, row, one) for one in term.terms]
        if term.op == "first":
            return next((one for one in found if one is not None), None)
        if term.op == "plus":
            there = [one for one in found if one is not None]
            return sum(there, Fraction(0)) if there else None
        return None if None in found else OPERATIONS[term.op](*found)

    def holds(self, register: str, row: Record, condition: Condition) -> bool:
        if isinstance(condition, Every):
            return all(self.holds(register, row, one) for one in condition.parts)
        if isinstance(condition, AnyOf):
            return any(self.holds(register, row, one) for one in condition.parts)
        if isinstance(condition, Not):
            return not self.holds(register, row, condition.part)
        value = self.value(register, row, condition.path)
        if isinstance(condition, Empty):
            return value is None
        if value is None:
            return False
        if isinstance(condition, Among):
            return any(sane(value) == sane(one) for one in condition.values)
        if isinstance(condition, Contains):
            kind = self.definition.scope.at(register).kind(condition.path)
            return condition.words in (kind.show(value) if kind else str(value))
        assert isinstance(condition, Compared)
        left, right = sane(value), self.term(register, row, condition.term)
        if left is None or right is None:
            return False
        if isinstance(left, datetime) != isinstance(right, datetime) and isinstance(left, date):
            left, right = day(left), day(right)
        return bool(
            {"least": left >= right, "most": left <= right, "above": left > right, "below": left < right}[condition.op]
        )

    def unit(self, register: str, row: Record) -> str | None:
        """The unit of a row: its own, that of what it is a part of, that of its problem."""
        own = self.value(register, row, ("unit",))
        if own is not None:
            return str(own)
        owner = next(
            (f for f in self.definition.registers[register].fields if isinstance(f.kind, Ref) and f.kind.owner), None
        )
        for name in (*([owner.name] if owner else []), "problem"):
            kind = self.definition.scope.fields[register][name]
            assert isinstance(kind, Ref)
            other = self.records.get(kind.to, {}).get(getattr(row, name) or "")
            found = getattr(other, "unit", None)
            if found is not None:
                return str(found)
        return None

    # -- indicators --

    def chosen(self, one: Indicator, span: Span | None, units: set[str] | None) -> list[Record]:
        register = one.register
        end = min(self.today, span.end) if span and span.end else self.today
        found = []
        for row in self.rows(register):
            if not self.holds(register, row, one.where):
                continue
            if units is not None and self.unit(register, row) not in units:
                continue
            if one.stock is not None:
                since = self.value(register, row, one.stock.since) if one.stock.since else None
                until = self.value(register, row, one.stock.until) if one.stock.until else None
                if (since is not None and day(sane(since)) > end) or (until is not None and day(sane(until)) <= end):
                    continue
            elif one.newest is not None:
                if one.on and not self.inside(register, row, one.on, Span(None, end)):
                    continue
            elif one.on and span and (span.start or span.end) and not self.inside(register, row, one.on, span):
                continue
            found.append(row)
        return found

    def inside(self, register: str, row: Record, on: tuple[str, ...], span: Span) -> bool:
        value = sane(self.value(register, row, on))
        if value is None:
            return False
        at = date.fromisoformat(f"{value}-01") if isinstance(value, str) else day(value)
        return (span.start is None or at >= span.start) and (span.end is None or at <= span.end)

    def reckon(self, key: str, span: Span | None, units: set[str] | None, spans: Any) -> Fraction | None:
        """The value of an indicator, money in yuan; ``spans`` tells the periods it names (words → span) and bases (span, against → span)."""
        one = self.definition.indicators[key]
        if span is None and one.during:
            span = spans.named(one.during)
        if one.register:
            return self.measured(one, self.chosen(one, span, units))
        if one.total:
            found = [self.reckon(part, span, units, spans) for part in one.total]
            there = [part for part in found if part is not None]
            return sum(there, Fraction(0)) if len(there) == len(found) else None
        if one.change is not None:
            if not self.dated(one.change.of):
                return None
            now_span = self.span_of(one.change.of, span, spans)
            if now_span is None or now_span.end is None:
                now_span = Span(now_span.start if now_span else None, self.today)
            base_span = spans.base(now_span, one.change.against)
            if base_span is None:
                return None
            now, base = (self.reckon(one.change.of, s, units, spans) for s in (now_span, base_span))
            if now is None or base is None or (one.change.as_ == "percent" and not base):
                return None
            return (now - base) * 100 / abs(base) if one.change.as_ == "percent" else now - base
        first, second = (self.reckon(part, span, units, spans) for part in one.needs())
        if first is None or second is None or (one.ratio and not second):
            return None
        return first * one.ratio.times / second if one.ratio else first - second

    def span_of(self, key: str, span: Span | None, spans: Any) -> Span | None:
        one = self.definition.indicators[key]
        if span is not None:
            return span
        if one.during:
            found: Span = spans.named(one.during)
            return found
        for part in one.needs():
            below = self.span_of(part, None, spans)
            if below is not None:
                return below
        return None

    def dated(self, key: str) -> bool:
        one = self.definition.indicators[key]
        return one.on is not None or one.stock is not None or any(self.dated(part) for part in one.needs())

    def measured(self, one: Indicator, rows: list[Record]) -> Fraction | None:
        if one.count or one.stock:
            return Fraction(len(rows))
        if one.newest is not None:
            return self.newest(one, rows)
        measured = getattr(one, one.measure)
        values = [self.value(one.register, row, measured.field) for row in rows]
        there = [value for value in values if value is not None]
        if one.distinct:
            return Fraction(len(set(flat(there))))
        numbers = [sane(value) for value in there]
        money = self.definition.scope.at(one.register).sort(measured.field) == "money"
        made: Fraction | None = sum(numbers, Fraction(0))
        if one.average:
            made = sum(numbers, Fraction(0)) / len(numbers) if numbers else None
        if one.least_of:
            made = min(numbers, default=None)
        if one.greatest_of:
            made = max(numbers, default=None)
        return made / 100 if money and made is not None else made

    def newest(self, one: Indicator, rows: list[Record]) -> Fraction | None:
        newest = one.newest
        assert newest is not None
        best: dict[Any, tuple[Any, Fraction]] = {}
        for row in rows:
            value = sane(self.value(one.register, row, newest.field))
            if value is None:
                continue
            key = tuple(self.group(one, row, ".".join(path)) for path in newest.each)
            at = ((sane(self.value(one.register, row, one.on)) if one.on else ""), row.id)
            if key not in best or at > best[key][0]:
                best[key] = (at, value)
        if not best:
            return None
        total = sum((value for _, value in best.values()), Fraction(0))
        money = self.definition.scope.at(one.register).sort(newest.field) == "money"
        return total / 100 if money else total

    def group(self, one: Indicator, row: Record, name: str) -> Any:
        if name == "unit":
            return self.unit(one.register, row)
        if name in ("month", "quarter", "year") and name not in self.definition.scope.fields[one.register]:
            assert one.on is not None
            value = sane(self.value(one.register, row, one.on))
            if value is None:
                return None
            iso = value if isinstance(value, str) else day(value).isoformat()
            quarter = {"01": 1, "02": 1, "03": 1, "04": 2, "05": 2, "06": 2, "07": 3, "08": 3, "09": 3}.get(iso[5:7], 4)
            return {"month": iso[:7], "quarter": f"{iso[:4]}-Q{quarter}", "year": iso[:4]}[name]
        return self.value(one.register, row, tuple(name.split(".")))

    def grouped(self, key: str, span: Span | None, by: tuple[str, ...]) -> dict[Group, Fraction | None]:
        """An indicator with rows of its own, by groups."""
        one = self.definition.indicators[key]
        held: dict[Group, list[Record]] = {}
        for row in self.chosen(one, span, None):
            held.setdefault(tuple(self.group(one, row, name) for name in by), []).append(row)
        return {group: self.measured(one, rows) for group, rows in held.items()}


def flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple):
            yield from value
        else:
            yield value


def type_name(row: Record) -> str:
    from db.schema.record import schema_name

    return schema_name(row)


def _later(start: date, days: Any) -> date | None:
    try:
        return day(start) + timedelta(days=int(days // 1))
    except OverflowError:
        return None


OPERATIONS: dict[str, Any] = {
    "minus": lambda a, b: a - b,
    "times": lambda a, b: a * b,
    "over": lambda a, b: a / b if b else None,
    "percent": lambda a, b: a * 100 / b if b else None,
    "days": lambda a, b: Fraction((day(b) - day(a)).days),
    "hours": lambda a, b: Fraction(int((b - a).total_seconds()), 3600),
    "months": lambda a, b: Fraction(months_between(day(a), day(b))),
    "years": lambda a, b: Fraction(int(months_between(day(a), day(b)) / 12)),
    "add_days": _later,
    "add_months": lambda a, n: months_later(day(a), int(n // 1)),
    "add_years": lambda a, n: months_later(day(a), 12 * int(n // 1)),
}
