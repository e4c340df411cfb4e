"""Terms: values reckoned from the fields of a row. Plain data, compiled to a query or reckoned in Python elsewhere.

Written as a field (``litres``, ``vehicle.norm``), a number, a day (``2021-08-30``), ``today`` (the day the question is asked for),
``{ money = "5万" }`` or one operation: ``{ minus = ["approved", "filled"] }``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from db.errors import Refusal
from db.schema.definition.scope import Scope, Sort
from db.schema.definition.slots import Slot, number
from db.schema.definition.wrong import Wrong, listed
from db.schema.kinds import Money

TODAY = "today"


@dataclass(frozen=True)
class Constant:
    """A number, an amount of money in fen (sort "money"), or a day."""

    value: Decimal | int | date
    sort: Sort


@dataclass(frozen=True)
class FieldAt:
    """The value of a field, reached over references."""

    path: tuple[str, ...]


@dataclass(frozen=True)
class Today:
    """The day the question is asked for."""


@dataclass(frozen=True)
class Apply:
    """An operation on terms."""

    op: str
    terms: tuple[Term, ...]


Term = Constant | FieldAt | Today | Apply

_DAYS: frozenset[Sort] = frozenset(("day", "moment"))
_NUMBERS: frozenset[Sort] = frozenset(("number", "money"))

OPERATIONS: dict[str, tuple[int, int, str]] = {
    "plus": (2, 20, "相加"),
    "minus": (2, 2, "相减"),
    "times": (2, 2, "相乘"),
    "over": (2, 2, "相除"),
    "percent": (2, 2, "百分比"),
    "days": (2, 2, "相隔天数"),
    "hours": (2, 2, "相隔小时"),
    "months": (2, 2, "相隔整月"),
    "years": (2, 2, "相隔整年"),
    "add_days": (2, 2, "加天数"),
    "add_months": (2, 2, "加月数"),
    "add_years": (2, 2, "加年数"),
    "first": (2, 10, "第一个有值的"),
}
"""Operation → least and greatest number of terms, and its Chinese name.

``over`` and ``percent`` of a nought denominator have no value; of money by money they are numbers, of money by a number money.
``days``, ``hours``, ``months``, ``years`` are from the first to the second, whole months and years completed.
An operation on an empty value has no value, save ``first`` and ``plus`` (which adds what is there)."""


@dataclass(frozen=True)
class TermSlot(Slot):
    """A term of one of these sorts."""

    sorts: tuple[Sort, ...] = ()
    register: str = ""

    def read(self, raw: Any, scope: Scope) -> Term:
        term = read_term(raw, scope)
        if self.sorts and sort_of_term(term, scope) not in self.sorts:
            raise self.wrong("的类型不合适。")
        return term


def read_term(raw: Any, scope: Scope) -> Term:
    """A raw value → a term, its fields known and its operations fitting; ``Wrong`` otherwise."""
    if isinstance(raw, date):
        return Constant(date(raw.year, raw.month, raw.day), "day")
    if isinstance(raw, Mapping):
        return _operation(raw, scope)
    if isinstance(raw, str):
        if raw == TODAY:
            return Today()
        day = _day(raw)
        if day is not None:
            return Constant(day, "day")
        path = tuple(raw.split("."))
        if scope.sort(path) is not None:
            return FieldAt(path)
    value = number(raw)
    if value is not None:
        return Constant(value, "number")
    known = [*scope.fields.get(scope.here, {}), *scope.computed.get(scope.here, {})]
    raise Wrong((), f"“{raw}”不是字段、数字、日期，也不是算式。", f"登记表 {scope.here} 的字段有：{listed(known)}。")


def _operation(raw: Mapping[str, Any], scope: Scope) -> Term:
    if len(raw) != 1:
        raise Wrong((), "算式里只能有一种运算。", f"可写：{listed(OPERATIONS)}、money。")
    op, operands = next(iter(raw.items()))
    if op == "money":
        return _money(operands)
    if op not in OPERATIONS:
        raise Wrong((str(op),), f"没有“{op}”这种运算。", f"可写：{listed(OPERATIONS)}、money。")
    least, most, name = OPERATIONS[op]
    if not isinstance(operands, list) or not least <= len(operands) <= most:
        raise Wrong((op,), f"“{name}”要有 {least}{f' 至 {most}' if most > least else ''} 个项。", "写在方括号里。")
    terms = []
    for at, one in enumerate(operands):
        try:
            terms.append(read_term(one, scope))
        except Wrong as wrong:
            raise wrong.within((op, at)) from None
    applied = Apply(op, tuple(terms))
    if sort_of_term(applied, scope) is None:
        raise Wrong((op,), f"“{name}”不能用于这样的项。", "日期与日期比，金额与金额比，数字与数字比。")
    return applied


def _money(raw: Any) -> Constant:
    try:
        fen = Money("金额", least=None).parse(str(raw))
    except Refusal as wrong:
        raise Wrong(("money",), wrong.sentence) from None
    if fen is None:
        raise Wrong(("money",), "金额是空的。")
    return Constant(fen, "money")


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw) if len(raw) == 10 else None
    except ValueError:
        return None


def sort_of_term(term: Term, scope: Scope) -> Sort | None:
    """The sort of value a term gives; None when its parts do not fit together."""
    if isinstance(term, Constant):
        return term.sort
    if isinstance(term, Today):
        return "day"
    if isinstance(term, FieldAt):
        return scope.sort(term.path)
    found = [sort_of_term(one, scope) for one in term.terms]
    sorts: list[Sort] = [one for one in found if one is not None]
    return _applied(term.op, sorts) if len(sorts) == len(found) else None


def _applied(op: str, sorts: list[Sort]) -> Sort | None:
    first, second = sorts[0], sorts[1]
    if op in ("plus", "minus", "first"):
        return first if all(one == first for one in sorts) and (op == "first" or first in _NUMBERS) else None
    if op == "times":
        return (
            ("money" if "money" in sorts else "number") if set(sorts) <= _NUMBERS and sorts.count("money") < 2 else None
        )
    if op in ("over", "percent"):
        if not set(sorts) <= _NUMBERS or (first == "number" and second == "money"):
            return None
        return "money" if op == "over" and sorts == ["money", "number"] else "number"
    if op == "hours":
        return "number" if sorts == ["moment", "moment"] else None
    if op in ("days", "months", "years"):
        return "number" if set(sorts) <= _DAYS else None
    return "day" if first in _DAYS and second == "number" else None  # add_days, add_months, add_years


def fields_of(term: Term) -> Iterator[tuple[str, ...]]:
    """The paths of the fields a term needs."""
    if isinstance(term, FieldAt):
        yield term.path
    elif isinstance(term, Apply):
        for one in term.terms:
            yield from fields_of(one)
