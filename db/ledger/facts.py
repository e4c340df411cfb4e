"""Reading the ledger: records as frozen values, as they stand in the file or as they stood at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Connection, Engine, func, select

from db.ledger.vocabulary import Vocabulary
from db.schema.composite import Sheet
from db.schema.record import Record, Schema, schema_name, schema_of
from db.store import blobs
from db.store.faults import translated
from db.store.tables import RecordTable, Tables

if TYPE_CHECKING:
    from db.schema.definition import CategoryDefinition

R = TypeVar("R", bound=Record)
T = TypeVar("T")

_AT_ONCE = 200
"""Tables one statement may look at."""


class Facts:
    """The records of a ledger, live ones only unless said otherwise. Reading takes and leaves no lock in between."""

    def __init__(self, engine: Engine, tables: Tables, path: Path, vocabulary: Vocabulary) -> None:
        self.engine = engine
        self.tables = tables
        self.path = path
        self.vocabulary = vocabulary
        self._remembered: dict[str, tuple[object, Any]] = {}

    @property
    def definitions(self) -> Mapping[str, CategoryDefinition]:
        """Category key → its definition as it is in force in this ledger, amendments applied."""
        return self.vocabulary.definitions

    def remembered(self, what: str, ask: Callable[[], T]) -> T:
        """The answer to a question, asked again only where something was written since."""
        at = self._standing()
        known = self._remembered.get(what)
        if at is None or known is None or known[0] != at:
            known = self._remembered[what] = at, ask()
        return cast("T", known[1])

    def _standing(self) -> object:
        """What changes with the facts; None: nobody knows."""
        return None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for one or several reads of the same moment; the computer's failures become ``Fault``."""
        with translated(self.path), self.engine.connect() as connection:
            yield connection

    def schema(self, name: str) -> Schema:
        """The schema of that name; ``KeyError`` when this program does not know it."""
        return self.tables.records[name].schema

    def get(self, cls: type[R], identifier: str | None) -> R | None:
        """The record of that id; None when there is none, or it was deleted."""
        if not identifier:
            return None
        found = self.find(schema_of(cls).name, identifier)
        return found if isinstance(found, cls) else None

    def find(self, name: str, identifier: str, *, deleted: bool = False) -> Record | None:
        """The record of that schema name and id; with ``deleted`` also one that was deleted."""
        one = self.tables.records[name]
        with self.reading() as connection:
            row = connection.execute(select(one.table).where(one.table.c.id == identifier)).mappings().first()
        if row is None or (row["deleted"] and not deleted):
            return None
        return one.schema.load(identifier, one.stored(dict(row)))

    def all(self, cls: type[R], **equal: Any) -> list[R]:
        """The live records whose fields equal the given working values (None: absent), in the order of their schema."""
        found = self.every(schema_of(cls).name, **equal)
        return [record for record in found if isinstance(record, cls)]

    def every(self, name: str, /, **equal: Any) -> list[Record]:
        """As ``all``, by schema name."""
        one = self.tables.records[name]
        query = self._where(select(one.table), one, equal)
        for field in one.schema.order:
            query = query.order_by(one.table.c[field].nulls_last())
        with self.reading() as connection:
            rows = connection.execute(query.order_by(one.table.c.id)).mappings().all()
        return [one.schema.load(row["id"], one.stored(dict(row))) for row in rows]

    def rows(self, name: str, /, **equal: Any) -> list[Record]:
        """The live rows of a register, as ``every``."""
        return self.every(name, **equal)

    def count(self, cls: type[Record], **equal: Any) -> int:
        """How many live records there are with these values."""
        one = self.tables.records[schema_of(cls).name]
        with self.reading() as connection:
            return int(connection.execute(self._where(select(func.count()), one, equal)).scalar_one())

    def filled(self) -> set[str]:
        """The schemas that have a live record, by name; one look at each table, most of which are empty in any office."""
        records = list(self.tables.records.items())
        found: set[str] = set()
        with self.reading() as connection:
            for at in range(0, len(records), _AT_ONCE):
                words = " UNION ALL ".join(
                    f"SELECT {place} WHERE EXISTS (SELECT 1 FROM {one.name} WHERE deleted = 0)"
                    for place, (_name, one) in enumerate(records[at : at + _AT_ONCE], start=at)
                )
                found |= {records[row[0]][0] for row in connection.exec_driver_sql(words)}
        return found

    def _where(self, query: Any, one: RecordTable, equal: dict[str, Any]) -> Any:
        query = query.select_from(one.table).where(one.table.c.deleted == 0)
        for name, value in equal.items():
            column = one.table.c[name]
            if name == "id" or value is None:
                query = query.where(column == value)
                continue
            stored = one.schema.field(name).kind.store(value)
            query = query.where(column == (int(stored) if isinstance(stored, bool) else stored))
        return query

    def parts(self, cls: type[R], owners: Sequence[str]) -> dict[str, list[R]]:
        """Owner id → its live parts of that class, in order; one query a thousand owners."""
        one = self.tables.records[schema_of(cls).name]
        owner = one.schema.owner()
        if owner is None:
            raise TypeError(f"{cls.__name__} is no part of anything")
        column = one.table.c[owner.name]
        found: dict[str, list[R]] = {identifier: [] for identifier in owners}
        with self.reading() as connection:
            for at in range(0, len(owners), 1000):
                query = select(one.table).where(column.in_(owners[at : at + 1000]), one.table.c.deleted == 0)
                for field in one.schema.order:
                    query = query.order_by(one.table.c[field].nulls_last())
                for row in connection.execute(query.order_by(one.table.c.id)).mappings():
                    record = one.schema.load(row["id"], one.stored(dict(row)))
                    if isinstance(record, cls):
                        found[row[owner.name]].append(record)
        return found

    def heads(self, record: Record) -> tuple[str, ...]:
        """The changes of a record nobody has replaced: what its author saw when a form was filled."""
        one = self.tables.records[schema_name(record)]
        with self.reading() as connection:
            found = connection.execute(select(one.table.c.heads).where(one.table.c.id == record.id)).scalar()
        return tuple(found.split()) if found else ()

    def open_paper(self, sheet: Sheet) -> Iterator[bytes]:
        """The bytes of a kept paper, a chunk at a time."""
        with self.reading() as connection:
            yield from blobs.stream(connection, self.tables, sheet)

    def position(self) -> int:
        """How many changes the ledger holds (the position of the last one)."""
        with self.reading() as connection:
            return self._position(connection)

    def _position(self, connection: Connection) -> int:
        return int(connection.execute(select(func.coalesce(func.max(self.tables.log.c.position), 0))).scalar_one())
