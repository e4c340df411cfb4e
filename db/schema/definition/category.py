"""A category of problems as data: its registers with their fields, indicators, rules, threshold tables and sentences.

``read`` is strict and refuses the first thing it does not understand (the program's own files, imported files); ``loaded`` is
lenient and leaves out, with a sentence, what this program does not understand (a ledger's definition made by a newer program):
a definition may never stand in the way of a ledger. Both read the same plain body, a table as TOML or JSON gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from db.schema.days import read_day
from db.schema.definition.amending import Change, amended
from db.schema.definition.bounds import HEIGHT, LABEL, WEIGHT, within
from db.schema.definition.indicators import Indicator, Passage, Step, read_indicator
from db.schema.definition.naming import place
from db.schema.definition.ordering import ordered
from db.schema.definition.packing import unpacked
from db.schema.definition.registers import (
    At,
    Body,
    Register,
    Tell,
    check_shown,
    checked_references,
    each,
    read_registers,
    with_computed,
)
from db.schema.definition.rules import Rule, read_rule
from db.schema.definition.scope import Scope
from db.schema.definition.slots import KEY, read_model
from db.schema.definition.uses import gone_with, must_rest_on_what_is_filled, retired
from db.schema.definition.wrong import Wrong, listed
from db.schema.kinds import Kind
from db.schema.prose import FigureName, pieces
from db.schema.record import Field, Schema, row_schema
from db.schema.records import SCHEMAS


@dataclass(frozen=True)
class CategoryDefinition:
    """All that a category says."""

    key: str
    title: str
    number: int = 0
    version: int = 1
    cues: tuple[str, ...] = ()
    help: str = ""
    registers: Mapping[str, Register] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    tables: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    scope: Scope = field(default_factory=Scope)
    body: Body = field(default_factory=dict)
    """The plain body it was read from, amendments applied."""

    def schemas(self) -> tuple[Schema, ...]:
        """A schema for each register."""
        return tuple(schema_of_register(self, one) for one in self.registers.values())


class _Stop(Exception):
    """Reading strictly ends here; no piece above takes it for its own."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.what)
        self.wrong = wrong


_TOLD = 200
"""Sentences on one category; more nobody reads."""
_CHANGES = 5_000
"""Amendments of one category; each bound of its parts lets fewer in."""
_HEAD = ("number", "title", "version", "cues", "help")
_PARTS = ("register", "indicator", "rule", "table", "passage")


def read(key: str, body: Body) -> CategoryDefinition:
    """A plain body → a definition; ``Wrong`` at the first thing that is not right."""

    def refuse(wrong: Wrong) -> None:
        raise _Stop(wrong)

    try:
        return _read(key, body, refuse)
    except _Stop as stop:
        raise stop.wrong from None


def loaded(key: str, body: Body, changes: Sequence[Change] = ()) -> tuple[CategoryDefinition, tuple[str, ...]]:
    """A ledger's body with its amendments → what of it this program understands, and a sentence for each piece it does not."""
    told: list[str] = []

    whole: dict[str, Any] = {}

    def tell(wrong: Wrong) -> None:
        if len(told) < _TOLD:
            named = str(body.get("title", key))[:LABEL]
            told.append(f"类别“{named}”的定义里，{place(whole, wrong.path)}不能用：{wrong.what}")

    try:
        whole.update(unpacked(body))
    except RecursionError:
        tell(Wrong((), "套得太深。"))
    whole = amended(whole, changes[:_CHANGES], tell)
    return _read(key, whole, tell), tuple(told)


def _read(key: str, body: Body, tell: Tell) -> CategoryDefinition:
    body = within(body, tell)
    for name in body:
        if name not in (*_HEAD, *_PARTS):
            tell(Wrong((name,), f"有不认识的项“{name}”。", f"只能写 {listed((*_HEAD, *_PARTS))}，请改正或删去。"))
    registers = read_registers(key, body, tell)
    kinds = {name: {one.name: one.kind for one in found.fields} for name, found in registers.items()}
    core = {name: one.kinds() for name, one in SCHEMAS.items()}
    scope = Scope(key, kinds, {}, core)
    checked_references(registers, scope, tell)
    registers, scope = with_computed(registers, body, scope, tell)
    tables = _tables(body, tell)
    scope = replace(scope, tables=frozenset(tables))
    gone = gone_with(registers, scope, retired(registers))
    indicators, scope = _indicators(body, scope, gone, tell)
    rules = dict(each(body, "rule", tell, lambda k, raw: _rule(k, raw, scope, gone)))
    made = CategoryDefinition(
        key, str(body.get("title", key)), _whole(body, "number", 0), _whole(body, "version", 1),
        _cues(body), str(body.get("help", "")), registers, indicators, rules, tables,
        tuple(_passages(body, scope, tell)), scope, body,
    )  # fmt: skip
    for one in registers.values():
        check_shown(one, tell)
    return made


def _whole(body: Body, name: str, default: int) -> int:
    value = body.get(name, default)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _cues(body: Body) -> tuple[str, ...]:
    raw = body.get("cues", [])
    return tuple(one for one in raw if isinstance(one, str)) if isinstance(raw, list) else ()


# -- tables, indicators, passages -------------------------------------------------------------------------------------


def _tables(body: Body, tell: Tell) -> dict[str, tuple[Step, ...]]:
    def steps(_name: str, raw: Any) -> tuple[Step, ...]:
        if not isinstance(raw, list) or not raw:
            raise Wrong((), "对照表要写成一组 [[table.代号]]。")
        found = []
        for at, one in enumerate(raw):
            try:
                found.append(_step(one))
            except Wrong as wrong:
                raise wrong.within((at,)) from None
        return tuple(found)

    return dict(each(body, "table", tell, steps))


def _step(raw: Any) -> Step:
    if not isinstance(raw, Mapping):
        raise Wrong((), "对照表的一行要写成一组“项 = 值”。")
    typed = {k: str(v) if k not in ("is", "key") else v for k, v in raw.items()}
    made = read_model(Step, typed, Scope())
    for key in ("valid_from", "valid_until"):
        said = getattr(made, key)
        if said and read_day(said) is None:
            raise Wrong((key,), f"没有“{said}”这一天。", "请写成 2021-08-30 这样的日期。")
    return made


def _rule(key: str, raw: Any, scope: Scope, gone: Mapping[At, str]) -> Rule:
    made = read_rule(key, raw, scope)
    must_rest_on_what_is_filled(made, scope, gone)
    return made


def _indicators(body: Body, scope: Scope, gone: Mapping[At, str], tell: Tell) -> tuple[dict[str, Indicator], Scope]:
    """Indicators, each read behind those it needs; a circle is told."""
    raw = body.get("indicator", {})
    if not isinstance(raw, Mapping):
        tell(Wrong(("indicator",), "“indicator”要写成 [indicator.代号] 的形式。"))
        return {}, scope
    first, circle = ordered({name: _named(one) for name, one in raw.items()})
    made: dict[str, Indicator] = {}
    homes: dict[str, str] = {}
    sizes: dict[str, tuple[int, int]] = {}
    scope = replace(scope, indicators=homes)
    for name in (*first, *circle):
        try:
            if not KEY.fullmatch(name):
                raise Wrong((), f"代号“{name}”不能用。", "用小写英文字母、数字和下划线，以字母开头。")
            one = read_indicator(name, raw[name], scope)
            must_rest_on_what_is_filled(one, scope, gone)
            sizes[name] = _size(one, sizes)
        except Wrong as wrong:
            said = "（几个指标可能互相引用，成了圈。）" if name in circle else ""
            tell(Wrong(("indicator", name, *wrong.path), f"{wrong.what}{said}", wrong.advice))
            continue
        made[name] = one
        homes[name] = _home(one, scope)
    ordered_ = {name: made[name] for name in raw if name in made}
    return ordered_, replace(scope, indicators={name: homes[name] for name in ordered_})


def _named(raw: Any) -> set[str]:
    """The indicators a raw one may be reckoned from."""
    found: set[str] = set()
    for measure in ("total", "ratio", "change", "difference"):
        said = raw.get(measure) if isinstance(raw, Mapping) else None
        values = said.values() if isinstance(said, Mapping) else said if isinstance(said, list) else ()
        found |= {one for one in values if isinstance(one, str)}
    return found


def _size(one: Indicator, sizes: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """How high an indicator stands on others, and how many it comes down to."""
    below = [sizes[name] for name in one.needs()]
    height = 1 + max((high for high, _many in below), default=0)
    many = 1 + sum(many for _high, many in below)
    if height > HEIGHT or many > WEIGHT:
        what = f"“{one.title}”由别的指标一层一层算出，共 {height} 层 {many} 个，最多 {HEIGHT} 层 {WEIGHT} 个。"
        raise Wrong((), what, "请直接从登记表算。")
    return height, many


def _home(one: Indicator, scope: Scope) -> str:
    """The register an indicator's rows are in, of one that is reckoned from others that of the first."""
    return one.register or next((scope.indicators[n] for n in one.needs() if scope.indicators[n]), "")


def _passages(body: Body, scope: Scope, tell: Tell) -> Iterator[Passage]:
    raw = body.get("passage", [])
    if not isinstance(raw, list):
        tell(Wrong(("passage",), "语句要写成一组 [[passage]]。"))
        return
    for at, one in enumerate(raw):
        try:
            made = read_model(Passage, one, scope)
            for piece in pieces(made.text):
                if isinstance(piece, FigureName) and piece.name not in scope.indicators:
                    advice = f"指标有：{listed(scope.indicators)}。"
                    raise Wrong(("text",), f"语句里的“{piece.name}”不是指标。", advice)
            yield made
        except Wrong as wrong:
            tell(wrong.within(("passage", at)))


# -- schemas ----------------------------------------------------------------------------------------------------------


def schema_of_register(category: CategoryDefinition, register: Register) -> Schema:
    """The schema of a register: what tables, forms, grids, Excel columns and help know of it."""
    found = tuple(Field(one.name, one.kind) for one in register.fields)
    return row_schema(register.name, register.title, found, register.shown, help=register.help, order=register.order)


def kinds_of(register: Register) -> dict[str, Kind[Any]]:
    """Field → kind."""
    return {one.name: one.kind for one in register.fields}
