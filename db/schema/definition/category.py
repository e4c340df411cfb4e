"""A category of problems as data: its registers with their fields, indicators, rules, threshold tables and sentences.

``read`` is strict and refuses the first thing it does not understand (the program's own files, imported files); ``loaded`` is
lenient and leaves out, with a sentence, what this program does not understand (a ledger's definition made by a newer program):
a definition may never stand in the way of a ledger. Both read the same plain body, a table as TOML or JSON gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from db.schema import links
from db.schema.definition.fields import (
    ComputedSpec,
    FieldSpec,
    kind_word,
    own_fields,
    read_computed,
    read_field,
    stricter,
)
from db.schema.definition.indicators import Indicator, Passage, Step, read_indicator
from db.schema.definition.rules import Rule, read_rule
from db.schema.definition.scope import OWN, Scope
from db.schema.definition.slots import KEY, read_model
from db.schema.definition.wrong import Wrong, dotted, listed
from db.schema.kinds import Kind, Publicity
from db.schema.record import Field, Schema, row_schema
from db.schema.records import SCHEMAS

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Register:
    """One table of a category. ``name`` is its schema's name (``category.key``), ``shown`` a line with {field} marks."""

    key: str
    name: str
    title: str
    fields: tuple[FieldSpec, ...]
    computed: tuple[ComputedSpec, ...] = ()
    shown: str = ""
    help: str = ""
    source: str = ""
    publicity: Publicity = "public"
    order: tuple[str, ...] = ()
    retired: bool = False
    closing: str = ""
    """The day field that strikes a row off (清单销号): a row without it is still open."""


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
    scope: Scope = Scope()
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
_REGISTER = ("title", "shown", "help", "source", "publicity", "order", "retired", "closing", "field")


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

    return _read(key, amended(body, changes), tell), tuple(told)


def amended(body: Body, changes: Sequence[Change]) -> dict[str, Any]:
    """A body with amendments applied, in the order of their positions; one that does not fit is passed over."""
    made: dict[str, Any] = {k: dict(v) if isinstance(v, Mapping) else v for k, v in body.items()}
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
    body = where.get(one.name) if one.body is None else one.body
    if one.retired and one.part not in ("field", "register"):
        return {k: v for k, v in where.items() if k != one.name}
    if body is None:
        return where
    return {**where, one.name: {**body, "retired": True} if one.retired else body}


def _passage(made: dict[str, Any], one: Change) -> None:
    kept = [p for p in made.get("passage") or [] if not (isinstance(p, Mapping) and p.get("title") == one.name)]
    made["passage"] = kept if one.retired or one.body is None else [*kept, one.body]


Tell = Callable[[Wrong], None]


def _read(key: str, body: Body, tell: Tell) -> CategoryDefinition:
    for name in body:
        if name not in (*_HEAD, *_PARTS):
            tell(Wrong((name,), f"有不认识的项“{name}”。", f"只能写 {listed((*_HEAD, *_PARTS))}，请改正或删去。"))
    registers = _registers(key, body, tell)
    kinds = {name: {one.name: one.kind for one in found.fields} for name, found in registers.items()}
    core = {name: one.kinds() for name, one in SCHEMAS.items()}
    scope = Scope(key, kinds, {}, core)
    _references(registers, scope, tell)
    registers, scope = _computed(registers, body, scope, tell)
    tables = _tables(body, tell)
    scope = replace(scope, tables=frozenset(tables))
    indicators, scope = _indicators(body, scope, tell)
    rules = {name: one for name, one in _each(body, "rule", tell, lambda k, raw: read_rule(k, raw, scope))}
    made = CategoryDefinition(
        key, str(body.get("title", key)), _whole(body, "number", 0), _whole(body, "version", 1),
        _cues(body), str(body.get("help", "")), registers, indicators, rules, tables,
        tuple(_passages(body, scope, tell)), scope, body,
    )  # fmt: skip
    for one in registers.values():
        _shown(one, tell)
    return made


def _whole(body: Body, name: str, default: int) -> int:
    value = body.get(name, default)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _cues(body: Body) -> tuple[str, ...]:
    raw = body.get("cues", [])
    return tuple(one for one in raw if isinstance(one, str)) if isinstance(raw, list) else ()


def _each(body: Body, part: str, tell: Tell, read_one: Callable[[str, Any], Any]) -> Iterator[tuple[str, Any]]:
    """The pieces of one part by key; those that cannot be read are told."""
    raw = body.get(part, {})
    if not isinstance(raw, Mapping):
        tell(Wrong((part,), f"“{part}”要写成 [{part}.代号] 的形式。"))
        return
    for name, one in raw.items():
        try:
            if not KEY.fullmatch(name):
                raise Wrong((), f"代号“{name}”不能用。", "用小写英文字母、数字和下划线，以字母开头。")
            yield name, read_one(name, one)
        except Wrong as wrong:
            tell(wrong.within((part, name)))


# -- registers -------------------------------------------------------------------------------------------------------


def _registers(key: str, body: Body, tell: Tell) -> dict[str, Register]:
    return dict(_each(body, "register", tell, lambda name, raw: _register(key, name, raw, tell)))


def _register(key: str, name: str, raw: Any, tell: Tell) -> Register:
    if not isinstance(raw, Mapping):
        raise Wrong((), "登记表要写成一组“项 = 值”。")
    if name in SCHEMAS:
        raise Wrong((), f"登记表的代号不能用“{name}”，它是程序自己的。", "请换一个代号。")
    for one in raw:
        if one not in _REGISTER:
            raise Wrong((str(one),), f"有不认识的项“{one}”。", f"登记表可写：{listed(_REGISTER)}。")
    title = raw.get("title")
    if not isinstance(title, str) or not title.strip():
        raise Wrong((), "缺少“title”（登记表的中文名称）。", "请补上。")
    publicity = raw.get("publicity", "public")
    if publicity not in ("public", "internal", "secret"):
        raise Wrong(("publicity",), f"没有“{publicity}”这种公开级别。", "可写：public、internal、secret。")
    for one, kind in (
        ("shown", str),
        ("help", str),
        ("source", str),
        ("retired", bool),
        ("order", list),
        ("closing", str),
    ):
        if one in raw and not isinstance(raw[one], kind):
            raise Wrong((one,), f"“{one}”的写法不对。")
    found = tuple(_fields(key, name, raw.get("field"), publicity, tell))
    if not found:
        raise Wrong((), f"登记表“{title}”没有一个能用的字段。", f"在 [register.{name}.field] 下面写字段。")
    made = Register(
        name, f"{key}.{name}", title, found, (), str(raw.get("shown", "")), str(raw.get("help", "")),
        str(raw.get("source", "")), publicity, tuple(raw.get("order", ())), bool(raw.get("retired")), str(raw.get("closing", "")),
    )  # fmt: skip
    return replace(made, shown=made.shown or _line(found))


def _fields(key: str, register: str, raw: Any, publicity: Publicity, tell: Tell) -> Iterator[FieldSpec]:
    if not isinstance(raw, Mapping):
        raise Wrong((), "缺少字段。", f"在 [register.{register}.field] 下面写字段。")
    for name, one in raw.items():
        try:
            if kind_word(name, one) == "computed":
                continue
            if name in (*OWN, "id", "deleted", "heads", "today", "register", "values"):
                raise Wrong(
                    (),
                    f"字段的代号不能用“{name}”，它是程序自己的。",
                    "每个登记表都已有单位、所属问题、公开级别、备注。",
                )
            spec = read_field(name, one, key)
            yield replace(spec, kind=stricter(spec.kind, publicity))
        except Wrong as wrong:
            tell(wrong.within(("register", register, "field", name)))
    yield from own_fields(publicity)


def _line(fields: Iterable[FieldSpec]) -> str:
    """How a row is shown in a line where the definition does not say it: its first two fields that are words."""
    names = [one.name for one in fields if not isinstance(one.kind, links.Ref | links.Refs) and one.name not in OWN]
    return " ".join("{" + name + "}" for name in names[:2])


def _references(registers: dict[str, Register], scope: Scope, tell: Tell) -> None:
    """Leaves out fields whose reference points at nothing, and owners in a circle; tells of them."""
    for name, one in list(registers.items()):
        kept = []
        for spec in one.fields:
            to = getattr(spec.kind, "to", "")
            own = to.removeprefix(f"{scope.category}.")
            wrong = to and (own not in registers if own != to else to not in SCHEMAS and "." not in to)
            if wrong:
                advice = f"可以引用本类别的登记表（{listed(registers)}），或 unit、person、problem、measure 等。"
                tell(Wrong(("register", name, "field", spec.name, "to"), f"引用的“{own}”不存在。", advice))
            else:
                kept.append(spec)
        registers[name] = replace(one, fields=tuple(kept))
        _missing(registers[name], tell)
    _owner_circles(registers, scope.category, tell)


def _missing(one: Register, tell: Tell) -> None:
    """Fields the register itself names must be there."""
    names = {spec.name for spec in one.fields}
    for name in (*one.order, *((one.closing,) if one.closing else ())):
        if name not in names:
            tell(
                Wrong(
                    ("register", one.key),
                    f"登记表“{one.title}”没有“{name}”这个字段。",
                    f"字段有：{listed(sorted(names))}。",
                )
            )


def _owner_circles(registers: dict[str, Register], category: str, tell: Tell) -> None:
    above = {}
    for name, one in registers.items():
        owner = next((s.kind for s in one.fields if isinstance(s.kind, links.Ref) and s.kind.owner), None)
        if owner is not None and owner.to.startswith(f"{category}."):
            above[name] = owner.to.removeprefix(f"{category}.")
    for name in list(above):
        seen, at = [name], above.get(name)
        while at and at not in seen:
            seen.append(at)
            at = above.get(at)
        if at == name:
            tell(Wrong(("register", name), f"登记表{'、'.join(seen)}互相为上级，成了圈。", "请去掉其中一个 owner。"))
            above.pop(name)
            specs = tuple(
                replace(s, kind=replace(s.kind, owner=False)) if isinstance(s.kind, links.Ref) else s
                for s in registers[name].fields
            )
            registers[name] = replace(registers[name], fields=specs)


def _shown(one: Register, tell: Tell) -> None:
    import re

    names = {spec.name for spec in one.fields}
    for mark in re.findall(r"\{([^{}]*)\}", one.shown):
        if mark not in names:
            tell(
                Wrong(
                    ("register", one.key, "shown"),
                    f"“{mark}”不是登记表“{one.title}”的字段。",
                    f"字段有：{listed(sorted(names))}。",
                )
            )


# -- computed fields --------------------------------------------------------------------------------------------------


def _computed(
    registers: dict[str, Register], body: Body, scope: Scope, tell: Tell
) -> tuple[dict[str, Register], Scope]:
    """Computed fields, read as soon as all they need is there; what is left at the end runs in a circle or names nothing."""
    waiting = {
        (register, name): raw
        for register, one in registers.items()
        for name, raw in body["register"][register]["field"].items()
        if isinstance(raw, Mapping) and "computed" in raw and name not in OWN
    }
    ready: dict[tuple[str, str], ComputedSpec] = {}
    troubles: dict[tuple[str, str], Wrong] = {}
    while True:
        before = len(ready)
        for (register, name), raw in waiting.items():
            if (register, name) in ready:
                continue
            try:
                spec = read_computed(name, raw, scope.at(register))
            except Wrong as wrong:
                troubles[register, name] = wrong
                continue
            ready[register, name] = spec
            known = {k: dict(v) for k, v in scope.computed.items()}
            known.setdefault(register, {})[name] = spec.sort
            scope = replace(scope, computed=known)
        if len(ready) == before:
            break
    for at, wrong in troubles.items():
        if at not in ready:
            circle = any(
                (at[0], ".".join(p)) in troubles and (at[0], ".".join(p)) not in ready for p in _named(waiting[at])
            )
            what = f"{wrong.what}{'（几个算出的字段可能互相引用，成了圈。）' if circle else ''}"
            tell(Wrong(("register", at[0], "field", at[1], *wrong.path), what, wrong.advice))
    made = {
        name: replace(one, computed=tuple(ready[at] for at in waiting if at[0] == name and at in ready))
        for name, one in registers.items()
    }
    return made, scope


def _named(raw: Any) -> Iterator[tuple[str, ...]]:
    """Every text in a raw value, as a path."""
    if isinstance(raw, str):
        yield tuple(raw.split("."))
    elif isinstance(raw, Mapping):
        for one in raw.values():
            yield from _named(one)
    elif isinstance(raw, list):
        for one in raw:
            yield from _named(one)


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

    return dict(_each(body, "table", tell, steps))


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
    for name, wrong in troubles.items():
        if name not in made:
            circle = any(len(p) == 1 and p[0] in raw and p[0] not in made for p in _named(raw[name]))
            what = f"{wrong.what}{'（几个指标可能互相引用，成了圈。）' if circle else ''}"
            tell(Wrong(("indicator", name, *wrong.path), what, wrong.advice))
    ordered = {name: made[name] for name in raw if name in made}
    return ordered, replace(scope, indicators={name: scope.indicators[name] for name in ordered})


def _home(one: Indicator, scope: Scope) -> str:
    """The register an indicator's rows are in, of one that is reckoned from others that of the first."""
    return one.register or next((scope.indicators[n] for n in one.needs() if scope.indicators[n]), "")


def _passages(body: Body, scope: Scope, tell: Tell) -> Iterator[Passage]:
    from db.schema.prose import FigureName, pieces

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
