"""Registers of a category: their fields and computed fields, read piece by piece.

``tell`` gets every piece that is not right; it raises where reading is strict, and keeps count where it is lenient.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from db.schema import links
from db.schema.definition.bounds import WEIGHT
from db.schema.definition.fields import (
    LEVELS,
    ComputedSpec,
    FieldSpec,
    free_key,
    kind_word,
    own_fields,
    read_computed,
    read_field,
    stricter,
)
from db.schema.definition.ordering import ordered
from db.schema.definition.scope import OWN, Scope, Sort
from db.schema.definition.slots import KEY
from db.schema.definition.terms import OPERATIONS, fields_of
from db.schema.definition.wrong import Wrong, listed
from db.schema.kinds import Publicity
from db.schema.records import SCHEMAS

Body = Mapping[str, Any]
Tell = Callable[[Wrong], None]
At = tuple[str, str]
"""A register and a field of it, by their keys."""
KEYS: dict[str, type[Any]] = {
    "title": str, "shown": str, "help": str, "source": str, "publicity": str, "order": list, "retired": bool, "closing": str,
    "field": Mapping,
}  # fmt: skip
"""What a register says of itself → the type of its value."""


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


def each(body: Body, part: str, tell: Tell, read_one: Callable[[str, Any], Any]) -> Iterator[tuple[str, Any]]:
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


def read_registers(key: str, body: Body, tell: Tell) -> dict[str, Register]:
    return dict(each(body, "register", tell, lambda name, raw: _register(key, name, raw, tell)))


def _register(key: str, name: str, raw: Any, tell: Tell) -> Register:
    if not isinstance(raw, Mapping):
        raise Wrong((), "登记表要写成一组“项 = 值”。")
    if name in SCHEMAS:
        raise Wrong((), f"登记表的代号不能用“{name}”，它是程序自己的。", "请换一个代号。")
    for one in raw:
        if one not in KEYS:
            raise Wrong((str(one),), f"有不认识的项“{one}”。", f"登记表可写：{listed(KEYS)}。")
    title = raw.get("title")
    if not isinstance(title, str) or not title.strip():
        raise Wrong((), "缺少“title”（登记表的中文名称）。", "请补上。")
    publicity = raw.get("publicity", "public")
    if publicity not in ("public", "internal", "secret"):
        raise Wrong(("publicity",), f"没有“{publicity}”这种公开级别。", "可写：public、internal、secret。")
    for one, kind in KEYS.items():
        if one in raw and one != "field" and not isinstance(raw[one], kind):
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
            free_key(name)
            spec = read_field(name, one, key)
            yield replace(spec, kind=stricter(spec.kind, publicity))
        except Wrong as wrong:
            tell(wrong.within(("register", register, "field", name)))
    yield from own_fields(publicity)


def _line(fields: Iterable[FieldSpec]) -> str:
    """How a row is shown in a line where the definition does not say it: its first two fields that are words."""
    names = [one.name for one in fields if not isinstance(one.kind, links.Ref | links.Refs) and one.name not in OWN]
    return " ".join("{" + name + "}" for name in names[:2])


def checked_references(registers: dict[str, Register], scope: Scope, tell: Tell) -> None:
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


def check_shown(one: Register, tell: Tell) -> None:
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


def with_computed(
    registers: dict[str, Register], body: Body, scope: Scope, tell: Tell
) -> tuple[dict[str, Register], Scope]:
    """Computed fields, each read behind those it needs; those of a circle are told."""
    waiting = {
        (register, name): raw
        for register, one in registers.items()
        for name, raw in body["register"][register]["field"].items()
        if isinstance(raw, Mapping) and "computed" in raw and name not in OWN
    }
    first, circle = ordered({at: _needed(raw, scope.at(at[0])) for at, raw in waiting.items()})
    found: dict[At, ComputedSpec] = {}
    sorts: dict[str, dict[str, Sort]] = {name: {} for name in registers}
    weights: dict[At, int] = {}
    scope = replace(scope, computed=sorts)
    for register, name in (*first, *circle):
        try:
            free_key(name)
            spec = read_computed(name, waiting[register, name], scope.at(register))
            weights[register, name] = _weight(spec, scope.at(register), weights)
        except Wrong as wrong:
            said = "（几个算出的字段可能互相引用，成了圈。）" if (register, name) in circle else ""
            path = ("register", register, "field", name, *wrong.path)
            tell(Wrong(path, f"{wrong.what}{said}", wrong.advice))
            continue
        found[register, name] = replace(spec, publicity=_level(spec, registers[register], scope, found))
        sorts[register][name] = spec.sort
    made = {
        name: replace(one, computed=tuple(found[at] for at in waiting if at[0] == name and at in found))
        for name, one in registers.items()
    }
    return made, scope


def _needed(raw: Mapping[str, Any], scope: Scope) -> set[At]:
    """The fields that the texts of a raw computed field may name, over references."""
    waiting = [value for key, value in raw.items() if key in OPERATIONS]
    found: set[At] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found |= set(list(scope.walk(tuple(one.split("."))))[-1:])
        elif isinstance(one, list | Mapping):
            waiting += one if isinstance(one, list) else one.values()
    return found


def _weight(spec: ComputedSpec, scope: Scope, weights: Mapping[At, int]) -> int:
    """How many values a computed field comes down to with those in it written out."""
    found = sum(weights.get(list(scope.walk(path))[-1], 1) for path in fields_of(spec.term))
    if found > WEIGHT:
        what = f"算出的字段一个套一个，“{spec.label}”全部写开有 {found} 项，最多 {WEIGHT} 项。"
        raise Wrong((), what, "请把其中一个改成填写的字段。")
    return max(found, 1)


def _level(spec: ComputedSpec, register: Register, scope: Scope, found: Mapping[At, ComputedSpec]) -> Publicity:
    """The strictest of a computed field, its register and all it is reckoned from: what is withheld cannot be reckoned back."""
    levels: list[Publicity] = [spec.publicity, register.publicity]
    here = scope.at(register.key)
    for at in (step for path in fields_of(spec.term) for step in here.walk(path)):
        kind = scope.fields.get(at[0], {}).get(at[1])
        levels.append(kind.publicity if kind is not None else found[at].publicity if at in found else "public")
    return max(levels, key=LEVELS.index)
