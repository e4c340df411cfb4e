"""What an office changed of a category, put over its definition piece by piece: put in, replaced or retired, never taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from db.schema.definition.bounds import faulty
from db.schema.definition.fields import LEVELS
from db.schema.definition.packing import unpacked
from db.schema.definition.registers import KEYS
from db.schema.definition.wrong import Wrong, listed

Body = Mapping[str, Any]
Tell = Callable[[Wrong], None]
PARTS = ("register", "field", "indicator", "rule", "table", "passage")


class Change(NamedTuple):
    """An amendment: a piece put in, replaced or retired. ``part`` is register, field, indicator, rule, table or passage."""

    part: str
    register: str
    name: str
    body: Body | None
    retired: bool = False
    position: int = 0


def amended(body: Body, changes: Sequence[Change], tell: Tell = lambda _wrong: None) -> dict[str, Any]:
    """A body with amendments applied, in the order of their positions; one that does not fit is passed over, and told."""
    made = {k: dict(v) if isinstance(v, Mapping) else v for k, v in body.items()}
    for one in sorted(changes, key=lambda c: (c.part != "register", c.position, c.part, c.register, c.name)):
        wrong = _put(made, one)
        if wrong is not None:
            at = ("register", one.register, "field", one.name) if one.part == "field" else (one.part, one.name)
            tell(wrong.within(at))
    _no_more_public(body, made, tell)
    _in_sequence(made)
    return made


def _in_sequence(made: dict[str, Any]) -> None:
    """Puts the fields of each register into the order its amendment says; fields it does not name stay behind those."""
    registers = made.get("register")
    for name, one in registers.items() if isinstance(registers, Mapping) else ():
        if not isinstance(one, Mapping) or "sequence" not in one:
            continue
        kept = {key: value for key, value in one.items() if key != "sequence"}
        fields, names = one.get("field"), one["sequence"]
        if isinstance(fields, Mapping) and isinstance(names, list):
            first = [key for key in names if isinstance(key, str) and key in fields]
            kept["field"] = {key: fields[key] for key in (*first, *fields)}
        made["register"] = {**made["register"], name: kept}


def _put(made: dict[str, Any], one: Change) -> Wrong | None:
    """Puts one amendment in; what is wrong where it cannot be."""
    if one.part not in PARTS:
        return Wrong((), "这项改动用不上。", "可能是新版程序做的，请更新程序。")
    trouble = None if one.body is None else faulty(one.body, one.name)
    if trouble is not None:
        return trouble
    raw = None if one.body is None else unpacked(one.body)
    if raw is not None and not isinstance(raw, Mapping):
        return Wrong((), "这项改动已损坏。", "请重新改一次。")
    if one.part == "passage":
        there = made.get("passage")
        passages = there if isinstance(there, list) else []
        kept = [p for p in passages if not (isinstance(p, Mapping) and p.get("title") == one.name)]
        made["passage"] = kept if one.retired or raw is None else [*kept, raw]
        return None
    if one.part == "field":
        return _field(made, one, raw)
    where = made.get(one.part) or {}
    if not isinstance(where, Mapping):
        return Wrong((), "这项改动没有地方放，原来的定义已损坏。", "请重新导入这个类别的定义文件。")
    if one.part == "register":
        odd = [
            key
            for key, value in (raw or {}).items()
            if not isinstance(value, {**KEYS, "sequence": list}.get(key, type(None)))
        ]
        if (
            odd
            or not str((raw or {}).get("title", "有")).strip()
            or (raw or {}).get("publicity", "public") not in LEVELS
        ):
            return Wrong((), f"这项改动里有读不懂的内容（{listed(odd)}），没有采用。", "请重新改一次。")
        made["register"] = _register(where, one, raw)
    elif one.retired:
        made[one.part] = {k: v for k, v in where.items() if k != one.name}
    elif raw is not None:  # an amendment's body is a table of keys, a threshold table a list
        made[one.part] = {**where, one.name: raw.get("rows", []) if one.part == "table" else raw}
    return None


def _register(where: Body, one: Change, raw: Body | None) -> dict[str, Any]:
    """A register with what an amendment says of it; the fields it has stay, whatever the amendment says."""
    there = where.get(one.name)
    before = there if isinstance(there, Mapping) else {}
    found = {**before, **(raw or {})}
    fields, more = before.get("field"), (raw or {}).get("field")
    if isinstance(fields, Mapping):
        found["field"] = {**fields, **(more if isinstance(more, Mapping) else {})}
    if one.retired:
        found["retired"] = True
    return {**where, one.name: found} if found else dict(where)


def _field(made: dict[str, Any], one: Change, raw: Body | None) -> Wrong | None:
    where = made.get("register")
    register = where.get(one.register) if isinstance(where, Mapping) else None
    if not isinstance(where, Mapping) or not isinstance(register, Mapping):
        return Wrong((), f"定义里没有“{one.register}”这个登记表，这项改动没有用上。",
                     "已填的内容仍然保留。")  # fmt: skip
    there = register.get("field")
    fields = there if isinstance(there, Mapping) else {}
    body = fields.get(one.name) if raw is None else raw
    if isinstance(body, Mapping):
        new = {**body, "retired": True} if one.retired else body
        made["register"] = {**where, one.register: {**register, "field": {**fields, one.name: new}}}
    return None


# -- what is withheld -------------------------------------------------------------------------------------------------


def _no_more_public(before: Body, after: dict[str, Any], tell: Tell) -> None:
    """No amendment makes public what the definition withholds: it would come with any merged ledger, and papers printed afterwards
    would bear it. An office that means it imports a definition file, which somebody chooses and signs with his name."""
    for path, level in _levels(before):
        holder: Any = after
        for step in path:
            holder = holder.get(step) if isinstance(holder, Mapping) else None
        if not isinstance(holder, Mapping):
            continue
        said = holder.get("publicity", "public")
        if said not in LEVELS or LEVELS.index(said) < LEVELS.index(level):
            _set(after, path, level)
            if "publicity" in holder:
                tell(Wrong((*path, "publicity"), "定义里规定了公开级别，本单位的改动只能更严，不能放宽。"))


def _levels(body: Body) -> list[tuple[tuple[str, ...], Any]]:
    """The way to each piece that is withheld, and how far."""
    found: list[tuple[tuple[str, ...], Any]] = []
    for part in ("register", "indicator", "rule"):
        pieces = body.get(part)
        for name, one in pieces.items() if isinstance(pieces, Mapping) else ():
            found.append(((part, name), one))
            fields = one.get("field") if part == "register" and isinstance(one, Mapping) else None
            if isinstance(fields, Mapping):
                found += [((part, name, "field", key), field) for key, field in fields.items()]
    return [(path, one["publicity"]) for path, one in found
            if isinstance(one, Mapping) and one.get("publicity") in LEVELS[1:]]  # fmt: skip


def _set(raw: dict[str, Any], path: tuple[str, ...], level: Any) -> None:
    """Writes a level into a nested table, copying the tables on the way."""
    at = raw
    for step in path:
        at[step] = dict(at[step])
        at = at[step]
    at["publicity"] = level
