"""Which unit a record belongs to, by the shape of its schema alone: what it points at, or what it is a part of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection

from db.schema.kinds import Stored
from db.schema.links import Ref
from db.schema.record import Schema
from db.store.statements import BLOCK
from db.store.tables import Tables

UNIT = "unit"
_DEPTH = 8
"""A part of a part of a part …: no schema goes deeper."""


def pointer(schema: Schema) -> tuple[str, str]:
    """The field that tells a record's unit, and the schema it points at: "unit", or the record's owner; ("", "") for what all
    units share (categories, definitions)."""
    for field in schema.fields:
        if isinstance(field.kind, Ref) and field.kind.to == UNIT:
            return field.name, UNIT
    owner = schema.owner()
    return (owner.name, getattr(owner.kind, "to", "")) if owner is not None else ("", "")


def ordered(schemas: Mapping[str, Schema], names: Collection[str]) -> list[str]:
    """Schema names, each after the one that its records are parts of."""

    def depth(name: str) -> int:
        count = 0
        while name in schemas and count < _DEPTH:
            name = pointer(schemas[name])[1] if name != UNIT else ""
            count += 1
        return count

    return sorted(names, key=lambda name: (depth(name), name))


def told(schema: Schema, identifier: str, fields: Mapping[str, Stored]) -> tuple[str, str]:
    """(schema, id) of the record that tells the unit of one with these stored fields: the unit itself, or its owner."""
    if schema.name == UNIT:
        return UNIT, identifier
    name, to = pointer(schema)
    value = fields.get(name) if name else None
    return (to, value) if isinstance(value, str) and value else ("", "")


def units(connection: Connection, tables: Tables, record: str, identifiers: Iterable[str]) -> dict[str, str]:
    """Id → the id of the unit it belongs to, as the tables say; "" where they say none."""
    wanted = list(dict.fromkeys(identifiers))
    found = dict.fromkeys(wanted, "")
    place = {one: one for one in wanted}
    for _ in range(_DEPTH):
        if record == UNIT:
            return found | place
        one = tables.records.get(record)
        name, to = pointer(one.schema) if one is not None else ("", "")
        if one is None or not name:
            return found
        answers = _column(connection, one.name, name, set(place.values()))
        place = {asked: answers[at] for asked, at in place.items() if answers.get(at)}
        record = to
    return found


def _column(connection: Connection, table: str, name: str, identifiers: Collection[str]) -> dict[str, str]:
    """Id → what the column holds; in plain words, because SQLAlchemy takes longer over the rows than SQLite does."""
    wanted = list(identifiers)
    cursor = connection.connection.cursor()
    found: dict[str, str] = {}
    for at in range(0, len(wanted), BLOCK):
        block = wanted[at : at + BLOCK]
        places = ", ".join("?" * len(block))
        cursor.execute(f'SELECT id, "{name}" FROM {table} WHERE id IN ({places})', block)
        found.update(cursor.fetchall())
    cursor.close()
    return found
