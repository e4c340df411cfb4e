"""The tables of a ledger file: the log, what is derived from it, the papers, and the notes of this one file.

``log`` is the truth; it only grows. The record tables and ``conflict`` are its projection and can be made again at any
time (``rebuild.py``). ``paper`` and ``paper_chunk`` hold the bytes of papers by their hash. ``note`` and ``binding``
concern this file alone and never travel.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
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
from db.schema.links import Ref
from db.schema.record import Schema, trouble
from db.store.statements import RecordStatements, Statements, record_statements, statements

PLAIN = 1
"""Version of the file's own tables (log, papers, notes) in a new file."""
HOLES = 2
"""The version of a file with placeholders (``withheld.py``)."""
FORMAT = 3
"""The version that is known here, of a file with veiled values (``veils.py``); a higher number is refused as too new."""
WITHHELD = "withheld"
"""The table of placeholders."""
APPLICATION = 0x5A474C31
"""SQLite application id of a ledger file: ``ZGL1``."""

_TYPES: dict[ColumnType, Any] = {"text": Text, "integer": BigInteger, "real": Float}
_OWN: tuple[tuple[str, ColumnType], ...] = (("deleted", "integer"), ("heads", "text"))
"""Columns of every record table after the id: 1 for a deleted record, the changes nobody has replaced."""
_WORDS: dict[ColumnType, str] = {"text": "TEXT", "integer": "BIGINT", "real": "FLOAT"}


def table_name(record: str) -> str:
    """The name of a schema's table; a register ``category.register`` has a $ for its point, so that no name needs quotes."""
    return f"r_{record.replace('.', '$')}"


def record_of(table: str) -> str:
    """The schema whose table has that name."""
    return table.removeprefix("r_").replace("$", ".")


@dataclass(frozen=True)
class RecordTable:
    """The table of one schema, and the way between a record's stored fields and its row.

    What SQLAlchemy needs is made at its first use: a ledger has a hundred registers, and a clerk opens a few of them.
    """

    schema: Schema
    columns: tuple[tuple[str, Kind[Any]], ...]
    kinds: dict[str, Kind[Any]]
    """Field → its kind."""

    @property
    def name(self) -> str:
        """The table's name in the file."""
        return table_name(self.schema.name)

    @cached_property
    def table(self) -> Table:
        """The table, for queries."""
        types = [Column("id", Text, primary_key=True)]
        types += [Column(name, _TYPES[kind]) for name, kind in (*_OWN, *self.cells_of(self.columns))]
        return Table(self.name, MetaData(), *types)

    @cached_property
    def statements(self) -> RecordStatements:
        """What the table is asked and told at every save."""
        return record_statements(self.table)

    def cells_of(self, fields: Iterable[tuple[str, Kind[Any]]]) -> list[tuple[str, ColumnType]]:
        """The columns of fields, each with those of its facets."""
        found: list[tuple[str, ColumnType]] = []
        for name, kind in fields:
            found.append((name, kind.column))
            found += [(f"{name}__{facet}", column) for facet, column in kind.facets.items()]
        return found

    @cached_property
    def making(self) -> str:
        """SQL that makes the table."""
        cells = [f"{name} {_WORDS[kind]} NOT NULL" for name, kind in (("id", "text"), *_OWN)]
        cells += [f'"{name}" {_WORDS[kind]}' for name, kind in self.cells_of(self.columns)]
        return f"CREATE TABLE {self.name} ({', '.join(cells)}, PRIMARY KEY (id))"

    @cached_property
    def indexing(self) -> tuple[str, ...]:
        """SQL that makes each index: one for every reference that rows are looked up by."""
        names = [one.name for one in self.schema.references() if isinstance(one.kind, Ref) and one.kind.indexed]
        return tuple(f'CREATE INDEX "i{self.name[1:]}${name}" ON {self.name} ("{name}")' for name in names)

    @cached_property
    def shape(self) -> str:
        """Fingerprint of the table and of the kinds that read its columns, whatever their order; with another one the table
        is made again from the log."""
        kinds = [f"{name} {type(kind).__name__}" for name, kind in self.columns]
        words = [f"{name} {column}" for name, column in self.cells_of(self.columns)]
        return hashlib.sha256("\n".join(sorted((*words, *kinds, *self.indexing))).encode()).hexdigest()[:16]

    def without(self, names: Collection[str]) -> RecordTable:
        """The table as it would be without these fields."""
        kept = tuple(one for one in self.schema.fields if one.name not in names)
        return _record_table_of(replace(self.schema, fields=kept))

    def adding(self, names: Collection[str]) -> list[str]:
        """SQL that adds the columns and indexes of these fields to the table as it is without them."""
        cells = self.cells_of([one for one in self.columns if one[0] in names])
        known = self.without(names).indexing
        made = [f'ALTER TABLE {self.name} ADD COLUMN "{name}" {_WORDS[kind]}' for name, kind in cells]
        return [*made, *(words for words in self.indexing if words not in known)]

    def filled(
        self, identifier: str, fields: Mapping[str, Stored], heads: Iterable[str], *, known: bool = False
    ) -> dict[str, Any]:
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
        for name, kind in self._filling(tuple(fields)):
            stored = fields[name]
            if stored is None or (not known and trouble(kind, stored)):
                continue
            if not kind.facets:
                values[name] = dumps(stored) if kind.structured else stored
                continue
            names = (name, *(f"{name}__{facet}" for facet in kind.facets))
            values.update(zip(names, _cells(kind, stored), strict=True))
        return values

    def _filling(self, names: tuple[str, ...]) -> list[tuple[str, Kind[Any]]]:
        """Those of the columns that have one of these names, in the order of the table. Most rows that come together fill the
        same few of many columns."""
        found = self._fillings.get(names)
        if found is None:
            if len(self._fillings) > 1_000:
                self._fillings.clear()
            wanted = set(names)
            found = self._fillings[names] = [one for one in self.columns if one[0] in wanted]
        return found

    @cached_property
    def _fillings(self) -> dict[tuple[str, ...], list[tuple[str, Kind[Any]]]]:
        return {}

    def cells(self, fields: Mapping[str, Stored], heads: Iterable[str]) -> dict[str, Any]:
        """Stored fields → column name and value, of the columns these fields fill and no others."""
        values: dict[str, Any] = {"deleted": 1 if fields.get("deleted") else 0, "heads": " ".join(heads)}
        for name, kind in self.columns:
            if name in fields:
                names = (name, *(f"{name}__{facet}" for facet in kind.facets))
                values.update(zip(names, _cells(kind, self.readable(name, fields[name])), strict=True))
        return values

    @cached_property
    def private(self) -> frozenset[str]:
        """Fields that may have to be left out for somebody, by their marks."""
        return frozenset(name for name, kind in self.kinds.items() if kind.personal or kind.publicity != "public")

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
    """Every table of a ledger file for one vocabulary; all but the record tables are the same for every one."""

    log: Table
    conflict: Table
    paper: Table
    paper_chunk: Table
    note: Table
    binding: Table
    statements: Statements
    records: Mapping[str, RecordTable]

    @cached_property
    def shapes(self) -> dict[str, str]:
        """Schema name → fingerprint of its table."""
        return {name: one.shape for name, one in self.records.items()}

    def make(self, connection: Connection) -> None:
        """Makes every table and index in an empty database."""
        self.log.metadata.create_all(connection)
        run(connection, [words for one in self.records.values() for words in (one.making, *one.indexing)])


def run(connection: Connection, statements: Iterable[str]) -> None:
    """Runs SQL that makes or drops tables, by the driver: SQLAlchemy takes as long over each of them as SQLite does."""
    cursor = connection.connection.cursor()
    for words in statements:
        cursor.execute(words)
    cursor.close()


def dumps(value: Stored) -> str:
    """JSON in its one canonical form: sorted keys, no blanks, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


_made: OrderedDict[int, RecordTable] = OrderedDict()
"""Record tables made before, by the identity of their schema: their statements keep their words."""
_KEPT = 1_000


def tables(vocabulary: Mapping[str, Schema]) -> Tables:
    """The tables of a ledger file that knows these schemas; a schema has the same table again."""
    return Tables(*_own(), {name: _record_table(schema) for name, schema in vocabulary.items()})


@cache
def _own() -> tuple[Table, Table, Table, Table, Table, Table, Statements]:
    """The tables every ledger file has, and their statements."""
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
    return log, conflict, paper, paper_chunk, note, binding, statements(log, conflict, binding, note)


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


def _record_table(schema: Schema) -> RecordTable:
    made = _made.get(id(schema))
    if made is None or made.schema is not schema:
        made = _made[id(schema)] = _record_table_of(schema)
        while len(_made) > _KEPT:
            _made.popitem(last=False)
    return made


def _record_table_of(schema: Schema) -> RecordTable:
    fields = tuple((one.name, one.kind) for one in schema.fields)
    return RecordTable(schema, fields, dict(fields))
