"""Slots: what the keys of a definition may hold. A model is a frozen dataclass whose annotations carry slots, so that one
declaration reads the file strictly, is written back, and makes the form of the designer.

A slot reads a raw value (as TOML or JSON gives it) in a scope; ``Wrong`` says at which key and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, get_type_hints

from db.schema.definition.scope import Scope, Sort
from db.schema.definition.wrong import Wrong, listed
from db.schema.typed import canonical, read_decimal

M = TypeVar("M")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""How keys are written: small Latin letters, digits and underscores."""


@dataclass(frozen=True)
class Slot:
    """What a key may hold; ``label`` and ``help`` are Chinese, for the designer and for refusals."""

    label: str
    help: str = ""

    def read(self, raw: Any, scope: Scope) -> Any:
        """Raw value → working value."""
        raise NotImplementedError

    def wrong(self, what: str) -> Wrong:
        """A refusal of the value in this slot."""
        return Wrong((), f"“{self.label}”{what}", self.help and f"{self.help}。")


@dataclass(frozen=True)
class Words(Slot):
    """One line of text."""

    longest: int = 500
    pattern: str = ""

    def read(self, raw: Any, scope: Scope) -> str:
        if not isinstance(raw, str) or not raw.strip():
            raise self.wrong("要写一行文字。")
        if len(raw) > self.longest:
            raise self.wrong(f"最多 {self.longest} 个字。")
        if self.pattern and not re.fullmatch(self.pattern, raw):
            raise self.wrong(f"不能写成“{raw[:40]}”。")
        return raw


@dataclass(frozen=True)
class SubjectField(Words):
    """A field of the records that the model's ``by`` points at."""

    pattern: str = r"[a-z][a-z0-9_]*"


@dataclass(frozen=True)
class SubjectValues(Slot):
    """What must hold for a record that the model's ``by`` points at: its fields with their values, as a clerk types them."""

    def read(self, raw: Any, scope: Scope) -> dict[str, str]:
        if not isinstance(raw, Mapping) or not raw or not all(isinstance(v, str) and v for v in raw.values()):
            raise self.wrong("要写成一组“字段 = 值”。")
        return dict(raw)


@dataclass(frozen=True)
class Flag(Slot):
    """true or false."""

    def read(self, raw: Any, scope: Scope) -> bool:
        if not isinstance(raw, bool):
            raise self.wrong("要写 true 或 false。")
        return raw


@dataclass(frozen=True)
class Count(Slot):
    """A whole number within bounds."""

    least: int = 0
    most: int = 10**9

    def read(self, raw: Any, scope: Scope) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or not self.least <= raw <= self.most:
            raise self.wrong(f"要写 {self.least} 至 {self.most} 的整数。")
        return raw


@dataclass(frozen=True)
class Amount(Slot):
    """An exact number; TOML may write it as a number or, to be exact, as text."""

    least: Decimal | None = None

    def read(self, raw: Any, scope: Scope) -> Decimal:
        value = number(raw)
        if value is None or (self.least is not None and value < self.least):
            raise self.wrong("要写数字。")
        return value


def number(raw: Any) -> Decimal | None:
    """A raw number: 3, 1.2 (through its shortest words, never its binary tail) or "1.20"; None for anything else."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | Decimal):
        return Decimal(raw)
    if isinstance(raw, float):
        return read_decimal(repr(raw))
    return read_decimal(raw) if isinstance(raw, str) else None


@dataclass(frozen=True)
class OnDay(Slot):
    """A calendar day: 2021-08-30, with or without quotation marks."""

    def read(self, raw: Any, scope: Scope) -> date:
        if isinstance(raw, date):
            return date(raw.year, raw.month, raw.day)
        try:
            return date.fromisoformat(raw)
        except (TypeError, ValueError):
            raise self.wrong("要写日期，如 2021-08-30。") from None


@dataclass(frozen=True)
class OneOf(Slot):
    """One of a few words; ``words`` are what the designer calls them."""

    of: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def read(self, raw: Any, scope: Scope) -> str:
        if not isinstance(raw, str) or raw not in self.of:
            raise self.wrong(f"没有“{str(raw)[:40]}”，可写：{listed(self.of)}。")
        return raw


@dataclass(frozen=True)
class ListOf(Slot):
    """Several values of one slot, each once."""

    slot: Slot = Slot("")
    least: int = 1
    alone: bool = False
    """One value may stand without brackets."""

    def read(self, raw: Any, scope: Scope) -> tuple[Any, ...]:
        if self.alone and not isinstance(raw, list):
            raw = [raw]
        if not isinstance(raw, list) or len(raw) < self.least:
            raise self.wrong(f"要写方括号里的一组，至少 {self.least} 项。" if self.least else "要写方括号里的一组。")
        found = []
        for at, one in enumerate(raw):
            try:
                found.append(self.slot.read(one, scope))
            except Wrong as wrong:
                raise wrong.within((at,)) from None
        if any(one in found[:at] for at, one in enumerate(found)):
            raise self.wrong("里有重复的项。")
        return tuple(found)


@dataclass(frozen=True)
class FieldPath(Slot):
    """A field of the register, or of what one of its references points at: litres, vehicle.norm."""

    sorts: tuple[Sort, ...] = ()
    """Only fields of these sorts; none: any."""
    stored: bool = False
    """Only a field that is entered, not one that is reckoned."""
    register: str = ""
    """The key of the same model that names the register, where it is not the register of the rule."""

    def read(self, raw: Any, scope: Scope) -> tuple[str, ...]:
        if not isinstance(raw, str) or not raw:
            raise self.wrong("要写字段名。")
        path = tuple(raw.split("."))
        sort = scope.sort(path)
        if sort is None or (self.stored and scope.kind(path) is None):
            known = [*scope.fields.get(scope.here, {}), *({} if self.stored else scope.computed.get(scope.here, {}))]
            raise Wrong((), f"“{self.label}”没有“{raw}”这个字段。", f"登记表 {scope.here} 的字段有：{listed(known)}。")
        if self.sorts and sort not in self.sorts:
            raise self.wrong(f"不能用字段“{raw}”，它的类型不合适。")
        return path


@dataclass(frozen=True)
class RegisterKey(Slot):
    """A register of the category."""

    def read(self, raw: Any, scope: Scope) -> str:
        if not isinstance(raw, str) or raw not in scope.fields:
            raise Wrong((), f"“{self.label}”没有“{raw}”这个登记表。", f"登记表有：{listed(scope.fields)}。")
        return raw


@dataclass(frozen=True)
class IndicatorKey(Slot):
    """An indicator of the category."""

    def read(self, raw: Any, scope: Scope) -> str:
        if not isinstance(raw, str) or raw not in scope.indicators:
            raise Wrong((), f"“{self.label}”没有“{raw}”这个指标。", f"指标有：{listed(scope.indicators)}。")
        return raw


@dataclass(frozen=True)
class TableKey(Slot):
    """A threshold table of the category."""

    def read(self, raw: Any, scope: Scope) -> str:
        if not isinstance(raw, str) or raw not in scope.tables:
            raise Wrong((), f"“{self.label}”没有“{raw}”这个对照表。", f"对照表有：{listed(sorted(scope.tables))}。")
        return raw


@dataclass(frozen=True)
class Part(Slot):
    """A model within a model."""

    model: type[Any] = object

    def read(self, raw: Any, scope: Scope) -> Any:
        return read_model(self.model, raw, scope)


_known: dict[Any, dict[str, tuple[Slot, bool]]] = {}


def slots(model: Any) -> dict[str, tuple[Slot, bool]]:
    """Key → (its slot, whether it must be there) of a model, in order. A key that is a Python word ends in an underscore there."""
    if model in _known:
        return _known[model]
    hints = get_type_hints(model, include_extras=True)
    found = {}
    for one in fields(model):
        slot = next((m for m in getattr(hints[one.name], "__metadata__", ()) if isinstance(m, Slot)), None)
        if slot is not None:
            found[one.name.rstrip("_")] = (slot, _needed(one))
    return _known.setdefault(model, found)


def _needed(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def read_model(model: type[M], raw: Any, scope: Scope, given: Mapping[str, Any] | None = None) -> M:
    """A raw table → a model, every key known, every needed one there. ``given`` are values that stand elsewhere."""
    known = slots(model)
    if not isinstance(raw, Mapping):
        raise Wrong((), "这里要写一组“项 = 值”。", f"可写：{listed(known)}。")
    values: dict[str, Any] = dict(given or {})
    for key in raw:
        if key not in known:
            raise Wrong((str(key),), f"有不认识的项“{key}”。", f"这里可写：{listed(known)}，请改正或删去。")
    for key, (slot, needed) in known.items():
        if key not in raw:
            if needed and key not in values:
                raise Wrong((), f"缺少“{key}”（{slot.label}）。", "请补上。")
            continue
        there = getattr(slot, "register", "")
        try:
            values[key] = slot.read(raw[key], scope.at(str(raw.get(there, scope.here))) if there else scope)
        except Wrong as wrong:
            raise wrong.within((key,)) from None
    names = {one.name.rstrip("_"): one.name for one in fields(model)}  # type: ignore[arg-type]
    return model(**{names[key]: value for key, value in values.items()})


def raw_number(value: Decimal) -> int | str:
    """A number as it is written into JSON: whole ones as such, others as text."""
    return int(value) if value == value.to_integral_value() else canonical(value)
