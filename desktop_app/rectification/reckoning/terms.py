"""Terms compiled to plain functions of a row. How a field is read off a row is the reader's: from a record, or from a
line of a query; what is reckoned is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from db.schema.definition import CategoryDefinition
from db.schema.definition.scope import Sort
from db.schema.definition.terms import Apply, Constant, FieldAt, Term, Today, sort_of_term
from desktop_app.rectification.reckoning import values
from desktop_app.rectification.reckoning.paths import Hop, Leaf, Path, resolve
from desktop_app.rectification.reckoning.values import EXACT, measured

Getter = Callable[[Any], Any]
"""A row → a value of it, None where it is absent."""


class Stored(Protocol):
    """How a stored field is read off a row: its working value, or (``reckoned``) what terms make of it."""

    def __call__(self, leaf: Leaf, *, reckoned: bool) -> Getter: ...


@dataclass(frozen=True)
class Reader:
    """Reads rows of a register (its key), as of a day. ``hops`` lead from the row to the record that paths begin at."""

    definition: CategoryDefinition
    register: str
    today: date
    stored: Stored
    hops: tuple[Hop, ...] = ()

    def leaf(self, path: Path) -> Leaf:
        """What a path leads to, from the row itself."""
        found = resolve(self.definition, self.register, path)
        return Leaf((*self.hops, *found.hops), found.name, found.kind, found.spec, found.register)

    def value(self, path: Path) -> Getter:
        """The working value of a field, stored or computed."""
        return self._read(path, reckoned=False)

    def measured(self, path: Path) -> Getter:
        """What terms and comparisons make of it: the number of a quantity, the day of a deadline."""
        return self._read(path, reckoned=True)

    def _read(self, path: Path, *, reckoned: bool) -> Getter:
        leaf = self.leaf(path)
        if leaf.spec is None:
            return self.stored(leaf, reckoned=reckoned)
        below = Reader(self.definition, leaf.register, self.today, self.stored, leaf.hops)
        return term_of(leaf.spec.term, below)

    def sort_at(self, path: Path) -> Sort | None:
        """The sort of value of a field."""
        return self.definition.scope.at(self.register).sort(path)

    def sort(self, term: Term) -> Sort | None:
        """The sort of value a term gives here."""
        return sort_of_term(term, self.definition.scope.at(self.register))


def term_of(term: Term, reader: Reader) -> Getter:
    """A term → the function that reckons it for a row."""
    if isinstance(term, Constant):
        value = measured(term.value)
        return lambda _row: value
    if isinstance(term, Today):
        today = reader.today
        return lambda _row: today
    if isinstance(term, FieldAt):
        return reader.measured(term.path)
    return _applied(term, [term_of(one, reader) for one in term.terms])


def _applied(term: Apply, parts: list[Getter]) -> Getter:
    if term.op == "plus":
        return lambda row: _plus([part(row) for part in parts])
    if term.op == "first":
        return lambda row: next((found for part in parts if (found := part(row)) is not None), None)
    reckon = _OPERATIONS[term.op]
    first, second = parts

    def two(row: Any) -> Any:
        left = first(row)
        if left is None:
            return None
        right = second(row)
        return None if right is None else reckon(left, right)

    return two


def _plus(found: list[Any]) -> Any:
    there = [one for one in found if one is not None]
    if not there:
        return None
    total = there[0]
    for one in there[1:]:
        total = EXACT.add(total, one)
    return total


def _over(left: values.Number, right: values.Number) -> Any:
    return EXACT.divide(left, right) if right else None


def _percent(left: values.Number, right: values.Number) -> Any:
    return EXACT.divide(EXACT.multiply(left, 100), right) if right else None


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "minus": EXACT.subtract,
    "times": EXACT.multiply,
    "over": _over,
    "percent": _percent,
    "days": values.days,
    "hours": values.hours,
    "months": values.months,
    "years": values.years,
    "add_days": values.add_days,
    "add_months": values.add_months,
    "add_years": values.add_years,
}
"""Operations on two values that are there; ``plus`` and ``first`` take absent ones and are reckoned apart."""
