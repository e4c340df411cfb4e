"""A category of problems as data: its registers with their fields, indicators, rules, threshold tables and sentences.

``read`` is strict and refuses the first thing it does not understand (the program's own files, imported files); ``loaded`` is
lenient and leaves out, with a sentence, what this program does not understand (a ledger's definition made by a newer program):
a definition may never stand in the way of a ledger. Both read the same plain body, a table as TOML or JSON gives it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from db.schema.definition.indicators import Indicator, Passage, Step, read_indicator
from db.schema.definition.packing import unpacked
from db.schema.definition.registers import (
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
from db.schema.definition.wrong import Wrong, dotted, listed
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


class Change(NamedTuple):
    """An amendment: a piece put in, replaced or retired. ``part`` is register, field, indicator, rule, table or passage."""

    part: str
    register: str
    name: str
    body: Body | None
    retired: bool = False
    position: int = 0


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

    def tell(wrong: Wrong) -> None:
        told.append(f"类别“{body.get('title', key)}”的定义里“{dotted(wrong.path)}”不能用：{wrong.what}")

    whole = unpacked(body)
    return _read(key, amended(whole if isinstance(whole, Mapping) else {}, changes), tell), tuple(told)


def amended(body: Body, changes: Sequence[Change]) -> dict[str, Any]:
    """A body with amendments applied, in the order of their positions; one that does not fit is passed over."""
    made: dict[str, Any] = {k: dict(v) if isinstance(v, Mapping) else v for k, v in body.items()}
    changes = [one._replace(body=None if one.body is None else unpacked(one.body)) for one in changes]
    for one in sorted(changes, key=lambda c: (c.part != "register", c.position, c.part, c.register, c.name)):
        where = made.setdefault("register" if one.part == "field" else one.part, {} if one.part != "passage" else [])
        if one.part == "passage":
            _passage(made, one)
            continue
        if not isinstance(where, dict):
            continue
        if one.part == "field":
            register = dict(where.get(one.register) or {})
            if register:
                register["field"] = _put(dict(register.get("field") or {}), one)
                where[one.register] = register
        elif one.part == "register" and one.body is not None:
            where[one.name] = {**dict(where.get(one.name) or {}), **one.body}
            if one.retired:
                where[one.name]["retired"] = True
        else:
            made[one.part] = _put(where, one)
    return made


def _put(where: dict[str, Any], one: Change) -> dict[str, Any]:
    """A piece put into its table; a retired field stays with the mark, any other retired piece goes."""
    body: Any = where.get(one.name) if one.body is None else one.body
    if one.part == "table" and isinstance(body, Mapping):
        body = body.get("rows", [])  # an amendment's body is a table of keys, a threshold table a list
    if one.retired and one.part not in ("field", "register"):
        return {k: v for k, v in where.items() if k != one.name}
    if body is None:
        return where
    return {**where, one.name: {**body, "retired": True} if one.retired else body}


def _passage(made: dict[str, Any], one: Change) -> None:
    kept = [p for p in made.get("passage") or [] if not (isinstance(p, Mapping) and p.get("title") == one.name)]
    made["passage"] = kept if one.retired or one.body is None else [*kept, one.body]


def _read(key: str, body: Body, tell: Tell) -> CategoryDefinition:
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
    indicators, scope = _indicators(body, scope, tell)
    rules = dict(each(body, "rule", tell, lambda k, raw: read_rule(k, raw, scope)))
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
    return read_model(Step, typed, Scope())


def _indicators(body: Body, scope: Scope, tell: Tell) -> tuple[dict[str, Indicator], Scope]:
    """Indicators, each read when those it needs are there; a circle is told."""
    raw = body.get("indicator", {})
    if not isinstance(raw, Mapping):
        tell(Wrong(("indicator",), "“indicator”要写成 [indicator.代号] 的形式。"))
        return {}, scope
    made: dict[str, Indicator] = {}
    troubles: dict[str, Wrong] = {}
    while True:
        before = len(made)
        for name, one in raw.items():
            if name in made:
                continue
            try:
                if not KEY.fullmatch(name):
                    raise Wrong((), f"代号“{name}”不能用。", "用小写英文字母、数字和下划线，以字母开头。")
                made[name] = read_indicator(name, one, scope)
            except Wrong as wrong:
                troubles[name] = wrong
                continue
            scope = replace(scope, indicators={**scope.indicators, name: _home(made[name], scope)})
        if len(made) == before:
            break
    for name, trouble in troubles.items():
        if name not in made:
            circle = any(f"“{name}”" in trouble.what for name in troubles.keys() - made.keys())
            what = f"{trouble.what}{'（几个指标可能互相引用，成了圈。）' if circle else ''}"
            tell(Wrong(("indicator", name, *trouble.path), what, trouble.advice))
    ordered = {name: made[name] for name in raw if name in made}
    return ordered, replace(scope, indicators={name: scope.indicators[name] for name in ordered})


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
