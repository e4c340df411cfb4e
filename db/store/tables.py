"""The tables of a ledger file: the log, what is derived from it, the papers, and the notes of this one file.

``log`` is the truth; it only grows. The record tables and ``conflict`` are its projection and can be made again at any
time (``rebuild.py``). ``paper`` and ``paper_chunk`` hold the bytes of papers by their hash. ``note`` and ``binding``
concern this file alone and never travel.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from db.schema.kinds import ColumnType, Kind, Stored
from db.schema.record import Schema, trouble
from db.store.statements import RecordStatements, Statements, record_statements, statements

FORMAT = 1
"""Version of the file's own tables (log, papers, notes); a higher number is refused as too new."""
APPLICATION = 0x5A474C31
"""SQLite application id of a ledger file: ``ZGL1``."""

_TYPES: dict[ColumnType, Any] = {"text": Text, "integer": BigInteger, "real": Float}


@dataclass(frozen=True)
class RecordTable:
    """The table of one schema, and the way between a record's stored fields and its row."""

    schema: Schema
    table: Table
    columns: tuple[tuple[str, Kind[Any]], ...]
    kinds: dict[str, Kind[Any]]
    """Field → its kind."""
    statements: RecordStatements

    def filled(self, identifier: str, fields: Mapping[str, Stored], heads: Iterable[str]) -> dict[str, Any]:
        """Stored fields → column name and value of a new row, in the order of the table, empty columns left out.

        Binding an empty value costs the driver more than a full one, and most columns of a row are empty. A value that
        its kind cannot read counts as absent: it may have come under a program that did not know the field and so could
        not look at it, and one value must never stand in the way of a table.
        """
        values: dict[str, Any] = {
            "id": identifier,
            "deleted": 1 if fields.get("deleted") else 0,
            "heads": " ".join(heads),
        }
        for name, kind in self.columns:
            stored = fields.get(name)
            if stored is None or trouble(kind, stored):
                continue
            if not kind.facets:
                values[name] = dumps(stored) if kind.structured else stored
                continue
            names = (name, *(f"{name}__{facet}" for facet in kind.facets))
            values.update(zip(names, _cells(kind, stored), strict=True))
        return values

    def cells(self, fields: Mapping[str, Stored], heads: Iterable[str]) -> dict[str, Any]:
        """Stored fields → column name and value, of the columns these fields fill and no others."""
        values: dict[str, Any] = {"deleted": 1 if fields.get("deleted") else 0, "heads": " ".join(heads)}
        for name, kind in self.columns:
            if name in fields:
                names = (name, *(f"{name}__{facet}" for facet in kind.facets))
                values.update(zip(names, _cells(kind, self.readable(name, fields[name])), strict=True))
        return values

    def readable(self, name: str, stored: Stored) -> Stored:
        """The stored form of a field as it is shown: None where its kind cannot read it."""
        kind = self.kinds.get(name)
        return None if kind is not None and trouble(kind, stored) else stored

    def stored(self, row: Mapping[str, Any]) -> dict[str, Stored]:
        """A row → the record's stored fields, absent ones left out."""
        found: dict[str, Stored] = {}
        for name, kind in self.columns:
            value = row[name]
            if value is None:
                continue
            if kind.structured:
                value = orjson.loads(value)
            elif isinstance(value, int) and kind.flag:
                value = bool(value)
            found[name] = value
        return found


def _cells(kind: Kind[Any], stored: Stored) -> list[Any]:
    """The value of a field's own column, and of the columns of its facets."""
    whole = dumps(stored) if kind.structured and stored is not None else stored
    if not kind.facets:
        return [whole]
    parts = {} if stored is None else kind.parts(stored)
    return [whole, *(parts.get(facet) for facet in kind.facets)]


@dataclass(frozen=True)
class Tables:
    """Every table of a ledger file for one vocabulary."""

    metadata: MetaData
    log: Table
    conflict: Table
    paper: Table
    paper_chunk: Table
    note: Table
    binding: Table
    records: dict[str, RecordTable]
    shape: str
    """Fingerprint of the record tables: another one in the file means they must be rebuilt from the log."""
    statements: Statements


def dumps(value: Stored) -> str:
    """JSON in its one canonical form: sorted keys, no blanks, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


_made: deque[tuple[tuple[Schema, ...], Tables]] = deque(maxlen=4)
"""Tables made before: making them costs as much as opening a file, and their statements keep their words."""


def tables(vocabulary: Mapping[str, Schema]) -> Tables:
    """The tables of a ledger file that knows these schemas; the same again for the same schemas."""
    schemas = tuple(vocabulary.values())
    for known, made in _made:
        if len(known) == len(schemas) and all(one is other for one, other in zip(known, schemas, strict=True)):
            return made
    made = _make(schemas)
    _made.append((schemas, made))
    return made


def _make(schemas: tuple[Schema, ...]) -> Tables:
    metadata = MetaData()
    log = _log(metadata)
    conflict = Table(
        "conflict",
        metadata,
        Column("record", Text),
        Column("id", Text),
        Column("field", Text),
        Column("hash", Text),
        PrimaryKeyConstraint("record", "id", "field", "hash"),
    )
    paper = Table(
        "paper",
        metadata,
        Column("hash", Text, primary_key=True),
        Column("size", BigInteger, nullable=False),
        Column("whole", Boolean(create_constraint=False), nullable=False),
    )
    paper_chunk = Table(
        "paper_chunk",
        metadata,
        Column("hash", Text),
        Column("number", Integer),
        Column("bytes", LargeBinary, nullable=False),
        PrimaryKeyConstraint("hash", "number"),
    )
    note = Table("note", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
    binding = Table(
        "binding",
        metadata,
        Column("installation", Text, primary_key=True),
        Column("path", Text, nullable=False),
        Column("replica", Text, nullable=False),
    )
    records = {schema.name: _record_table(metadata, schema) for schema in schemas}
    shape = hashlib.sha256(
        "\n".join(
            f"{t.table.name}({','.join(f'{c.name} {c.type}' for c in t.table.columns)})" for t in records.values()
        ).encode()
    ).hexdigest()
    asked = statements(log, conflict, binding)
    return Tables(metadata, log, conflict, paper, paper_chunk, note, binding, records, shape, asked)


def _log(metadata: MetaData) -> Table:
    return Table(
        "log",
        metadata,
        Column("position", Integer, primary_key=True),
        Column("hash", Text, nullable=False),
        Column("replica", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("clock", BigInteger, nullable=False),
        Column("time", Text, nullable=False),
        Column("deed", Text, nullable=False),
        Column("undoes", Text, nullable=False),
        Column("actor", Text, nullable=False),
        Column("sentence", Text, nullable=False),
        Column("record", Text, nullable=False),
        Column("id", Text, nullable=False),
        Column("fields", Text, nullable=False),
        Column("parents", Text, nullable=False),
        Column("taken", Text, nullable=False),
        Column("local", Integer, nullable=False),
        Index("log_hash", "hash", unique=True),
        Index("log_sequence", "replica", "sequence", unique=True),
        Index("log_record", "record", "id"),
        Index("log_clock", "clock"),
        Index("log_deed", "deed"),
    )


def _record_table(metadata: MetaData, schema: Schema) -> RecordTable:
    name = f"r_{schema.name}"
    columns: list[Any] = [
        Column("id", Text, primary_key=True),
        Column("deleted", Integer, nullable=False),
        Column("heads", Text, nullable=False),
    ]
    for one in schema.fields:
        columns.append(Column(one.name, _TYPES[one.kind.column]))
        columns += [Column(f"{one.name}__{facet}", _TYPES[kind]) for facet, kind in one.kind.facets.items()]
    indexes = [Index(f"{name}_{one.name}", one.name) for one in schema.references() if not one.kind.structured]
    table = Table(name, metadata, *columns, *indexes)
    fields = tuple((one.name, one.kind) for one in schema.fields)
    return RecordTable(schema, table, fields, dict(fields), record_statements(table))
