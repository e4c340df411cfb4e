"""Conditions compiled to plain functions of a row. An absent value meets no comparison; ``Not`` of that holds."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from db.schema.definition.conditions import Among, AnyOf, Compared, Condition, Contains, Empty, Every, Not
from db.schema.definition.terms import FieldAt
from db.schema.kinds import Kind
from desktop_app.rectification.reckoning.terms import Getter, Reader, term_of
from desktop_app.rectification.reckoning.values import day_of

Holds = Callable[[Any], bool]
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "least": operator.ge,
    "most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
}


def holds(condition: Condition, reader: Reader) -> Holds:
    """A condition → the function that tells whether a row meets it."""
    if isinstance(condition, Every):
        return _every([holds(part, reader) for part in condition.parts])
    if isinstance(condition, AnyOf):
        parts = [holds(part, reader) for part in condition.parts]
        return lambda row: any(part(row) for part in parts)
    if isinstance(condition, Not):
        inner = holds(condition.part, reader)
        return lambda row: not inner(row)
    if isinstance(condition, Compared):
        return _compared(condition, reader)
    value = reader.value(condition.path)
    if isinstance(condition, Empty):
        return lambda row: value(row) is None
    if isinstance(condition, Among):
        wanted = frozenset(condition.values)
        return lambda row: value(row) in wanted
    return _contains(condition, reader.leaf(condition.path).kind, value)


def _every(parts: list[Holds]) -> Holds:
    if not parts:
        return lambda _row: True
    if len(parts) == 1:
        return parts[0]
    return lambda row: all(part(row) for part in parts)


def _compared(condition: Compared, reader: Reader) -> Holds:
    compare = COMPARE[condition.op]
    left, right = reader.measured(condition.path), term_of(condition.term, reader)
    sorts = {reader.sort(FieldAt(condition.path)), reader.sort(condition.term)}
    mixed = sorts == {"day", "moment"}

    def compared(row: Any) -> bool:
        one = left(row)
        if one is None:
            return False
        other = right(row)
        if other is None:
            return False
        return compare(day_of(one), day_of(other)) if mixed else compare(one, other)

    return compared


def _contains(condition: Contains, kind: Kind[Any] | None, value: Getter) -> Holds:
    words = condition.words

    def contains(row: Any) -> bool:
        found = value(row)
        if found is None:
            return False
        return words in (kind.show(found) if kind is not None else str(found))

    return contains
