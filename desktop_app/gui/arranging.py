"""How parts of a record stand in order and below each other, read off their schema. No record is named here, and no Qt.

Records that are numbered by hand have a field ``number`` (printed) and some a field ``position`` (where a paper had them);
``forms.move`` writes both, so that the order seen is the order printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from db.schema.kinds import Whole
from db.schema.record import Record, Schema

NUMBER = "number"
POSITION = "position"


def above(schema: Schema) -> str:
    """The field by which a record stands below another of its own sort; "" when there is none."""
    own = [one.name for one in schema.references() if getattr(one.kind, "to", "") == schema.name]
    return own[0] if own and schema.owner() is not None else ""


def ordered(schema: Schema) -> bool:
    """Whether the records are put in order by hand."""
    return schema.owner() is not None and NUMBER in schema.order


def unshown(schema: Schema) -> set[str]:
    """The fields that a list takes care of, so that the form below it need not show them."""
    owner = schema.owner()
    places = {NUMBER, POSITION} & set(schema.order) if ordered(schema) else set()
    return ({owner.name if owner else "", above(schema)} | places) - {""}


def siblings(schema: Schema, records: Sequence[Record], identifier: str) -> list[Record]:
    """The records beside one, in order, with it among them; none when it is not there."""
    field = above(schema)
    record = next((one for one in records if one.id == identifier), None)
    if record is None:
        return []
    return [one for one in records if not field or getattr(one, field) == getattr(record, field)]


def _next(records: Sequence[Record], field: str) -> int:
    return max((getattr(one, field) or 0 for one in records), default=0) + 1


def _at_end(schema: Schema, records: Sequence[Record]) -> dict[str, Any]:
    """The place behind the last of these records."""
    place: dict[str, Any] = {NUMBER: _next(records, NUMBER)}
    if POSITION in schema.order and any(getattr(one, POSITION) is not None for one in records):
        place[POSITION] = _next(records, POSITION)
    return place


def new(schema: Schema, records: Sequence[Record], owner: str, chosen: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a new part begins with: values its form does not show, and values it shows. It stands behind the last one
    below the same parent as the chosen one."""
    field = schema.owner()
    assert field is not None
    fixed: dict[str, Any] = {field.name: owner}
    parent = above(schema)
    beside = siblings(schema, records, chosen)
    if parent:
        fixed[parent] = getattr(beside[0], parent) if beside else None
        beside = [one for one in records if getattr(one, parent) == fixed[parent]]
    if ordered(schema):
        return fixed | _at_end(schema, beside if parent else records), {}
    counter = schema.order[0] if schema.order else ""
    counts = counter in schema.kinds() and isinstance(schema.field(counter).kind, Whole)
    return fixed, {counter: _next(records, counter)} if counts else {}


def nested(schema: Schema, records: Sequence[Record], identifier: str, *, deeper: bool) -> dict[str, Any]:
    """The values that put a record below the one before it, or up beside its parent; none when it cannot go there."""
    field = above(schema)
    beside = siblings(schema, records, identifier)
    at = next((i for i, one in enumerate(beside) if one.id == identifier), -1)
    if at < 0 or not field:
        return {}
    parent = next((one for one in records if one.id == getattr(beside[at], field)), None)
    if deeper and at > 0:
        wanted = beside[at - 1].id
    elif not deeper and parent is not None:
        wanted = getattr(parent, field)
    else:
        return {}
    return {field: wanted, **_at_end(schema, [one for one in records if getattr(one, field) == wanted])}


def dropped(
    schema: Schema, records: Sequence[Record], identifier: str, target: str, where: str
) -> tuple[list[Record], dict[str, Any]]:
    """A record was dragged ``above``, ``below`` or ``on`` another one ("" for the target: behind all). The records beside it from
    now on, in their new order with it among them, and the values that put it below another one; nothing where it stays."""
    record = next((one for one in records if one.id == identifier), None)
    aim = next((one for one in records if one.id == target), None)
    if record is None or target == identifier or not ordered(schema):
        return [], {}
    field = above(schema)
    inside = where == "on" and bool(field)
    parent = None
    if field and aim is not None:
        parent = aim.id if inside else getattr(aim, field)
    known = {one.id for one in records}

    def below(one: Record) -> Any:
        its = getattr(one, field) if field else None
        return its if its in known else None

    parent = parent if parent in known else None
    beside = [one for one in records if one.id != identifier and below(one) == parent]
    at = len(beside)
    if aim is not None and not inside:
        at = next((n for n, one in enumerate(beside) if one.id == aim.id), at - 1) + (0 if where == "above" else 1)
    beside.insert(at, record)
    values = {field: parent} if field and below(record) != parent else {}
    before = [one for one in records if below(one) == parent]
    return ([], {}) if not values and beside == before else (beside, values)
