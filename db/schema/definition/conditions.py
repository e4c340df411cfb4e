"""Conditions: which rows are meant. Written as a table of field = test, all of which must hold:

``{ state = "在用", role = ["民警", "辅警"], amount = { above = "5万" }, returned = { empty = true }, due = { below = "today" } }``

A test is a value (equal), a list (one of them) or a table of comparisons. ``any = [ … ]`` holds when one of its conditions does,
``none = [ … ]`` when none of them does. Values are written as a clerk types them (5万, 是, 2021-08-30); ``today`` and terms
(``{ above = { times = ["norm", 1.2] } }``) compare with what is reckoned. An empty field meets no comparison save ``empty`` and ``not``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from db.errors import Refusal
from db.schema.composite import Amount as Quantified
from db.schema.composite import Deadline
from db.schema.definition.scope import Scope
from db.schema.definition.slots import Slot, number
from db.schema.definition.terms import TODAY, Constant, Term, fields_of, read_term, sort_of_term
from db.schema.definition.wrong import Wrong, listed
from db.schema.kinds import YesNo
from db.schema.typed import canonical

Comparison = Literal["least", "most", "above", "below"]
COMPARISONS: dict[str, str] = {"least": "不小于", "most": "不大于", "above": "大于", "below": "小于"}
_OTHERS = {"is": "是", "in": "是其中之一", "not": "不是", "empty": "没有填", "filled": "已填", "contains": "含有"}
TESTS: dict[str, str] = {**COMPARISONS, **_OTHERS}
"""Test → its Chinese name."""


@dataclass(frozen=True)
class Every:
    """All of them hold; none at all hold too."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """It does not hold."""

    part: Condition


@dataclass(frozen=True)
class Empty:
    """The field has no value."""

    path: tuple[str, ...]


@dataclass(frozen=True)
class Among:
    """The value (in working form) is one of these."""

    path: tuple[str, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Compared:
    """The value compares so with a term; both have a value."""

    path: tuple[str, ...]
    op: Comparison
    term: Term


@dataclass(frozen=True)
class Contains:
    """The text holds these words."""

    path: tuple[str, ...]
    words: str


Condition = Every | AnyOf | Not | Empty | Among | Compared | Contains
ALWAYS = Every(())


@dataclass(frozen=True)
class ConditionSlot(Slot):
    """A condition on a row."""

    register: str = ""

    def read(self, raw: Any, scope: Scope) -> Condition:
        return read_condition(raw, scope)


def read_condition(raw: Any, scope: Scope) -> Condition:
    """A raw table → a condition on rows of the scope's register; ``Wrong`` says at which key."""
    if not isinstance(raw, Mapping):
        raise Wrong((), "条件要写成一组“字段 = 要求”。", '如 { state = "在用" }。')
    parts: list[Condition] = []
    for name, test in sorted(raw.items()):  # one order, whatever order it was kept in
        try:
            if name in ("any", "none"):
                met = AnyOf(tuple(_several(test, scope)))
                parts.append(met if name == "any" else Not(met))
            else:
                parts += _tests(tuple(str(name).split(".")), test, scope)
        except Wrong as wrong:
            raise wrong.within((str(name),)) from None
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def _several(raw: Any, scope: Scope) -> Iterator[Condition]:
    if not isinstance(raw, list) or not raw:
        raise Wrong((), "要写方括号里的一组条件。")
    for at, one in enumerate(raw):
        try:
            yield read_condition(one, scope)
        except Wrong as wrong:
            raise wrong.within((at,)) from None


def _tests(path: tuple[str, ...], raw: Any, scope: Scope) -> Iterator[Condition]:
    if scope.sort(path) is None:
        known = [*scope.fields.get(scope.here, {}), *scope.computed.get(scope.here, {})]
        raise Wrong((), f"没有“{'.'.join(path)}”这个字段。", f"登记表 {scope.here} 的字段有：{listed(known)}。")
    if isinstance(raw, list):
        yield Among(path, tuple(_value(path, one, scope) for one in raw))
        return
    if not isinstance(raw, Mapping):
        yield Among(path, (_value(path, raw, scope),))
        return
    for test, bound in sorted(raw.items()):
        try:
            if test not in TESTS and scope.sort((*path, str(test))) is not None:
                yield from _tests((*path, str(test)), bound, scope)  # vehicle.state = … , as TOML reads a dotted key
                continue
            yield _test(path, test, bound, scope)
        except Wrong as wrong:
            raise wrong.within((str(test),)) from None


def _test(path: tuple[str, ...], test: str, raw: Any, scope: Scope) -> Condition:
    if test in COMPARISONS:
        return Compared(path, test, operand(path, raw, scope))  # type: ignore[arg-type]
    if test in ("empty", "filled"):
        if not isinstance(raw, bool):
            raise Wrong((), f"“{TESTS[test]}”后面要写 true 或 false。")
        return Empty(path) if raw == (test == "empty") else Not(Empty(path))
    if test == "contains":
        if not isinstance(raw, str) or scope.sort(path) != "text":
            raise Wrong((), "“含有”只能用于文字，后面写几个字。")
        return Contains(path, raw)
    if test in ("is", "in", "not"):
        values = raw if isinstance(raw, list) else [raw]
        among = Among(path, tuple(_value(path, one, scope) for one in values))
        return Not(among) if test == "not" else among
    raise Wrong((), f"没有“{test}”这种要求。", f"可写：{listed(TESTS)}。")


def operand(path: tuple[str, ...], raw: Any, scope: Scope) -> Term:
    """What a field is compared with: a value as a clerk types it (5万), ``today``, another field or a term; of the field's own sort."""
    sort = scope.sort(path)
    names_field = isinstance(raw, str) and scope.sort(tuple(raw.split("."))) is not None
    if isinstance(raw, Mapping | date) or raw == TODAY or names_field or scope.kind(path) is None:
        term = read_term(raw, scope)
    else:
        term = _constant(_value(path, raw, scope), sort or "other")
    other = sort_of_term(term, scope)
    days = {"day", "moment"}
    if sort not in ("number", "money", "day", "moment", "month") or not (other == sort or {sort, other} <= days):
        raise Wrong((), f"“{'.'.join(path)}”不能与这样的值比大小。", "日期与日期比，金额与金额比，数字与数字比。")
    return term


def _constant(value: Any, sort: str) -> Term:
    if isinstance(value, Quantified):
        value = value.value
    if isinstance(value, Deadline):
        value = value.day
    return Constant(value, sort)  # type: ignore[arg-type]


def _value(path: tuple[str, ...], raw: Any, scope: Scope) -> Any:
    """A raw literal → a working value of the field's kind, as if a clerk had typed it."""
    kind = scope.kind(path)
    if kind is None:
        value = number(raw)
        if value is None:
            raise Wrong((), f"算出的字段“{'.'.join(path)}”只能与数字比。")
        return value
    if isinstance(raw, bool):
        if not isinstance(kind, YesNo):
            raise Wrong((), f"“{kind.label}”不是“是/否”字段。")
        return raw
    typed = canonical(number(raw)) if isinstance(raw, int | float) else raw  # type: ignore[arg-type]
    if isinstance(raw, date):
        typed = raw.isoformat()
    try:
        value = kind.parse(typed) if isinstance(typed, str) else None
    except Refusal as wrong:
        raise Wrong((), wrong.sentence, wrong.advice) from None
    if value is None:
        raise Wrong((), f"“{kind.label}”的值不能是“{raw}”。", "空值请写 { empty = true }。")
    return value


def paths(condition: Condition) -> Iterator[tuple[str, ...]]:
    """The paths of the fields a condition looks at."""
    if isinstance(condition, Every | AnyOf):
        for part in condition.parts:
            yield from paths(part)
    elif isinstance(condition, Not):
        yield from paths(condition.part)
    else:
        yield condition.path
        if isinstance(condition, Compared):
            yield from fields_of(condition.term)
