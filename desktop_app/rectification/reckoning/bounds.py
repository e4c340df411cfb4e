"""Conditions as SQL: what rows can meet them and what rows surely do.

Whole numbers, money, words, days, months, flags and absence are told by SQL as exactly as by Python. Decimals are compared
by the nearest machine number, which never changes the order of two values but may make them equal: so a bound is
drawn on either side, and Python decides between. What is reckoned, and words of a structured value, SQL does not tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Float, and_, cast, false, func, not_, or_, true

from db.schema import composite, kinds
from db.schema.definition.conditions import Among, AnyOf, Compared, Condition, Contains, Empty, Every, Not
from db.schema.definition.terms import FieldAt, Term, fields_of
from db.schema.prose import Prose
from desktop_app.rectification.reckoning.conditions import COMPARE
from desktop_app.rectification.reckoning.joined import Joined
from desktop_app.rectification.reckoning.paths import Leaf
from desktop_app.rectification.reckoning.terms import Reader, term_of

Said = ColumnElement[bool]
Form = Literal["whole", "real", "day", "month", "moment"]
_LARGEST = 10**18
"""No whole number of a ledger reaches this."""
_LONGEST = 1_000
"""Characters that a database is asked to look for; longer ones Python looks for."""


@dataclass(frozen=True)
class Bounds:
    """``upper`` holds for every row that meets a condition (None: it may be any row), ``lower`` for none but such rows
    (None: no row is sure). Both are true or false, never NULL."""

    upper: Said | None = None
    lower: Said | None = None

    @property
    def exact(self) -> bool:
        """Whether SQL says it all."""
        return self.upper is not None and self.upper is self.lower


def superset(condition: Condition, reader: Reader, joined: Joined) -> tuple[Said | None, bool]:
    """The SQL of the rows that can meet a condition (None: any row), and whether all of these do."""
    found = bounds(condition, reader, joined)
    return found.upper, found.exact


def bounds(condition: Condition, reader: Reader, joined: Joined) -> Bounds:
    """A condition as SQL, from above and from below."""
    if isinstance(condition, Every):
        return every([bounds(part, reader, joined) for part in condition.parts])
    if isinstance(condition, AnyOf):
        return _any([bounds(part, reader, joined) for part in condition.parts])
    if isinstance(condition, Not):
        inner = bounds(condition.part, reader, joined)
        if inner.upper is not None and inner.exact:
            return _exact(not_(inner.upper))
        return Bounds(
            None if inner.lower is None else not_(inner.lower), None if inner.upper is None else not_(inner.upper)
        )
    if isinstance(condition, Compared):
        return _compared(condition, reader, joined)
    leaf = reader.leaf(condition.path)
    column = None if leaf.kind is None else joined.column(leaf)
    if leaf.kind is not None and column is None:  # no such table here: always absent
        return _exact(true() if isinstance(condition, Empty) else false())
    if column is None:
        return Bounds()
    if isinstance(condition, Empty):
        return _exact(column.is_(None))
    if isinstance(condition, Among):
        return _among(condition, leaf, column)
    return _contains(condition, leaf, column)


def _exact(said: Said) -> Bounds:
    return Bounds(said, said)


def every(parts: list[Bounds]) -> Bounds:
    """All of them hold."""
    if all(part.exact for part in parts):
        return _exact(and_(true(), *(part.upper for part in parts if part.upper is not None)))
    upper = [part.upper for part in parts if part.upper is not None]
    lower = [part.lower for part in parts if part.lower is not None]
    return Bounds(and_(*upper) if upper else None, and_(*lower) if len(lower) == len(parts) else None)


def _any(parts: list[Bounds]) -> Bounds:
    if all(part.exact for part in parts):
        return _exact(or_(false(), *(part.upper for part in parts if part.upper is not None)))
    upper = [part.upper for part in parts if part.upper is not None]
    lower = [part.lower for part in parts if part.lower is not None]
    return Bounds(or_(*upper) if len(upper) == len(parts) else None, or_(*lower) if lower else None)


def _among(condition: Among, leaf: Leaf, column: ColumnElement[Any]) -> Bounds:
    kind = leaf.kind
    if kind is None or kind.structured:
        return Bounds()
    stored = [kind.store(value) for value in condition.values]
    cells = [int(one) if isinstance(one, bool) else one for one in stored]
    return _exact(and_(column.is_not(None), column.in_(cells)))


def _contains(condition: Contains, leaf: Leaf, column: ColumnElement[Any]) -> Bounds:
    kind, words = leaf.kind, condition.words
    if len(words) > _LONGEST:
        return Bounds()
    if isinstance(kind, kinds.Choice):
        known = [key for key, word in kind.of.items() if words in word]
        unknown = and_(column.not_in(list(kind.of)), column.contains(words, autoescape=True))
        found: Said = and_(column.is_not(None), or_(column.in_(known), unknown))
    elif isinstance(kind, kinds.Text | Prose):
        found = and_(column.is_not(None), column.contains(words, autoescape=True))
    else:
        return Bounds()
    letters = any(one.isascii() and one.isalpha() for one in words)  # LIKE knows no case in some databases
    return Bounds(found) if letters else _exact(found)


# -- comparisons ------------------------------------------------------------------------------------------------------


def form(kind: kinds.Kind[Any]) -> tuple[Form, str] | None:
    """How a kind is compared in a query, and by which facet of its column; None for a kind that is not."""
    forms: tuple[tuple[type[Any], Form, str], ...] = (
        (kinds.Whole, "whole", ""),
        (kinds.Money, "whole", ""),
        (kinds.Number, "real", "number"),
        (composite.Quantity, "real", "number"),
        (kinds.Day, "day", ""),
        (composite.Due, "day", "day"),
        (kinds.Month, "month", ""),
        (kinds.Moment, "moment", ""),
    )
    return next(((what, facet) for cls, what, facet in forms if isinstance(kind, cls)), None)


def comparable(leaf: Leaf, joined: Joined) -> tuple[Form, ColumnElement[Any]] | None:
    """The column a stored field is compared by."""
    found = None if leaf.kind is None else form(leaf.kind)
    column = None if found is None else joined.column(leaf, found[1])
    return None if found is None or column is None else (found[0], column)


def _compared(condition: Compared, reader: Reader, joined: Joined) -> Bounds:
    left = comparable(reader.leaf(condition.path), joined)
    if left is None:
        return Bounds()
    term = condition.term
    if not list(fields_of(term)):
        constant = term_of(term, reader)(None)
        return _exact(false()) if constant is None else _with_constant(condition.op, left, constant)
    right = _field(term, reader, joined)
    if right is None:
        return Bounds()
    (what, one), (other_what, other) = left, right
    there = (one.is_not(None), other.is_not(None))
    if "real" in (what, other_what):
        return _real(condition.op, cast(one, Float), cast(other, Float), *there)
    if {what, other_what} == {"day", "moment"}:
        one, other = (_day(w, c) for w, c in (left, right))
    return _exact(and_(*there, _said(condition.op, one, other)))


def _field(term: Term, reader: Reader, joined: Joined) -> tuple[Form, ColumnElement[Any]] | None:
    return comparable(reader.leaf(term.path), joined) if isinstance(term, FieldAt) else None


def _day(what: Form, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.substr(column, 1, 10) if what == "moment" else column


def _real(op: str, one: ColumnElement[Any], other: Any, *there: Said) -> Bounds:
    """Machine numbers keep the order of decimals but may make two equal."""
    less = op in ("most", "below")
    upper = one <= other if less else one >= other
    lower = one < other if less else one > other
    return Bounds(and_(*there, upper), and_(*there, lower))


def _with_constant(op: str, left: tuple[Form, ColumnElement[Any]], value: Any) -> Bounds:
    what, column = left
    there = column.is_not(None)
    if what == "real":
        return _real(op, column, float(_bounded(value)), there)
    if what == "whole":
        return _exact(and_(there, _whole(op, column, Decimal(value))))
    if what == "month":
        return _exact(and_(there, _said(op, column, str(value))))
    if isinstance(value, datetime) and what == "moment":
        return _exact(and_(there, _said(op, column, f"{value.date().isoformat()}T{value:%H:%M}")))
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return _exact(and_(there, _said(op, _day(what, column), day.isoformat())))
    return Bounds()


def _said(op: str, column: Any, value: Any) -> Said:
    said: Any = COMPARE[op](column, value)
    return said  # type: ignore[no-any-return]


def _whole(op: str, column: ColumnElement[Any], value: Decimal) -> Said:
    """A column of whole numbers against any number: the bound is moved to the next whole one."""
    bounded = _bounded(value)
    floor = int(bounded.to_integral_value(ROUND_FLOOR))
    if bounded == floor:
        return _said(op, column, floor)
    return column > floor if op in ("least", "above") else column <= floor


def _bounded(value: Any) -> Decimal:
    """A number no database stumbles over; nothing that is kept reaches it."""
    return max(min(Decimal(value), Decimal(_LARGEST)), Decimal(-_LARGEST))
