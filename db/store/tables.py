"""The tables of a ledger file: the log, what is derived from it, the papers, and the notes of this one file.

``log`` is the truth; it only grows. The record tables and ``conflict`` are its projection and can be made again at any
time (``rebuild.py``). ``paper`` and ``paper_chunk`` hold the bytes of papers by their hash. ``note`` and ``binding``
concern this file alone and never travel.
"""

from __future__ import annotations

import hashlib
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
from db.schema.record import Schema

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

    def row(self, identifier: str, fields: Mapping[str, Stored], heads: Iterable[str]) -> tuple[Any, ...]:
        """Stored fields → the values of a row, in the order of the table's columns."""
        values: list[Any] = [identifier, 1 if fields.get("deleted") else 0, " ".join(heads)]
        for name, kind in self.columns:
            stored = fields.get(name)
            if kind.structured and stored is not None:
                values.append(dumps(stored))
            else:
                values.append(stored)
            if kind.facets:
                parts = {} if stored is None else kind.parts(stored)
                values.extend(parts.get(facet) for facet in kind.facets)
        return tuple(values)

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


def dumps(value: Stored) -> str:
    """JSON in its one canonical form: sorted keys, no blanks, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def tables(vocabulary: Mapping[str, Schema]) -> Tables:
    """The tables of a ledger file that knows these schemas."""
    metadata = MetaData()
    log = Table(
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
    records = {schema.name: _record_table(metadata, schema) for schema in vocabulary.values()}
    shape = hashlib.sha256(
        "\n".join(
            f"{t.table.name}({','.join(f'{c.name} {c.type}' for c in t.table.columns)})" for t in records.values()
        ).encode()
    ).hexdigest()
    return Tables(metadata, log, conflict, paper, paper_chunk, note, binding, records, shape)


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
    return RecordTable(
        schema, Table(name, metadata, *columns, *indexes), tuple((one.name, one.kind) for one in schema.fields)
    )
