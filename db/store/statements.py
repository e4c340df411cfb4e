"""The statements of a save: made by SQLAlchemy once, run by the driver.

Making a statement costs SQLAlchemy more than SQLite takes to run it, and so does wrapping the row it returns; a save asks
ten small questions. So each is written in Core, put into the words of the database at its first use, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, Connection, Table, bindparam, func, select, text


@dataclass(frozen=True)
class Prepared:
    """A statement with its words kept for each dialect; parameters are named, values go in and come out as they are kept."""

    statement: ClauseElement
    _words: dict[str, tuple[str, tuple[str, ...], Mapping[str, Any]]] = field(default_factory=dict)

    def words(self, connection: Connection) -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
        """SQL, the names of its parameters in order, the values of those that are fixed."""
        name = connection.dialect.name
        if name not in self._words:
            made = self.statement.compile(dialect=connection.dialect)
            self._words[name] = (str(made), tuple(getattr(made, "positiontup", None) or ()), made.params)
        return self._words[name]

    def rows(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Runs it with these values; the rows it returns."""
        return list(self.stream(connection, **values))

    def stream(self, connection: Connection, **values: Any) -> Iterator[tuple[Any, ...]]:
        """Runs it with these values; the rows it returns, as they are read."""
        sql, names, fixed = self.words(connection)
        cursor = connection.connection.cursor()
        cursor.execute(sql, [values[name] if name in values else fixed[name] for name in names])
        while batch := cursor.fetchmany(1_000):
            yield from batch
        cursor.close()

    def first(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """The first row it returns, or None."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def run(self, connection: Connection, values: Sequence[Sequence[Any]]) -> None:
        """Runs it once for each row of values, given in the order of its parameters."""
        cursor = connection.connection.cursor()
        cursor.executemany(self.words(connection)[0], values)
        cursor.close()


BLOCK = 500
"""Ids asked for at once."""
_FEW = 8
"""Up to so many are asked for one by one: a block is long to make, and most saves touch one record."""


@dataclass(frozen=True)
class Asked:
    """A question about any number of ids, put a block at a time. ``make`` writes it for the places of so many ids."""

    make: Callable[[Sequence[BindParameter[str]]], ClauseElement]

    @cached_property
    def _single(self) -> Prepared:
        return self._prepared(1)

    @cached_property
    def _block(self) -> Prepared:
        return self._prepared(BLOCK)

    def _prepared(self, count: int) -> Prepared:
        return Prepared(self.make([bindparam(f"id_{number}") for number in range(count)]))

    def stream(self, connection: Connection, ids: Iterable[str], **values: Any) -> Iterator[tuple[Any, ...]]:
        """The rows it returns for these ids, each id asked for once."""
        wanted = list(dict.fromkeys(ids))
        if len(wanted) <= _FEW:
            for one in wanted:
                yield from self._single.stream(connection, id_0=one, **values)
            return
        for at in range(0, len(wanted), BLOCK):
            block = wanted[at : at + BLOCK]
            block += block[-1:] * (BLOCK - len(block))
            named = {f"id_{number}": one for number, one in enumerate(block)}
            yield from self._block.stream(connection, **named, **values)


@dataclass(frozen=True)
class Statements:
    """What the log and its neighbours are asked and told, most of it at every save."""

    clock: Prepared
    """→ the greatest clock of the log, None when it is empty."""
    taken: Prepared
    """→ position, when it was taken, of every row of the log in order."""
    head: Prepared
    """replica → sequence, hash of its last change."""
    append: Prepared
    """The columns of the log, position left out."""
    binding: Prepared
    """installation → path, replica."""
    versions: Prepared
    """record_, id_ → clock, replica, hash, parents, fields of every change of the record."""
    disputes: Asked
    """record_, ids → id, field of the open conflicts."""
    lives: Asked
    """record_, ids → id, clock, replica, hash, parents, fields, deed, undoes of every change of these records."""
    settle: Prepared
    """record_, id_, field_ → takes the conflict over one field out."""
    forget: Prepared
    """record_, id_ → takes all conflicts over the record out."""
    forget_all: Prepared
    """record_ → takes all conflicts over records of one schema out."""
    dispute: Prepared
    """record, id, field, hash."""
    histories: Prepared
    """record_, until_ → id, clock, replica, hash, parents, fields of every change of these records up to a position, by id."""
    note: Prepared
    """key_ → the note of this file."""
    known: Asked
    """hashes → hash, record, id, clock of those changes that are there."""


def statements(log: Table, conflict: Table, binding: Table, note: Table) -> Statements:
    """The statements for these tables."""
    logged = (log.c.record == bindparam("record_"), log.c.id == bindparam("id_"))
    over = (conflict.c.record == bindparam("record_"), conflict.c.id == bindparam("id_"))
    one_field = conflict.c.field == bindparam("field_")
    last = select(log.c.sequence, log.c.hash).where(log.c.replica == bindparam("replica_"))
    history = select(log.c.id, log.c.clock, log.c.replica, log.c.hash, log.c.parents, log.c.fields)
    history = history.where(logged[0], log.c.position <= bindparam("until_")).order_by(log.c.id)
    bound = select(binding.c.path, binding.c.replica)
    life = select(
        *(log.c[name] for name in ("id", "clock", "replica", "hash", "parents", "fields", "deed", "undoes"))
    ).where(logged[0])
    disputes = select(conflict.c.id, conflict.c.field).where(over[0]).distinct()
    return Statements(
        clock=Prepared(select(func.max(log.c.clock))),
        taken=Prepared(select(log.c.position, log.c.taken).order_by(log.c.position)),
        head=Prepared(last.order_by(log.c.sequence.desc()).limit(1)),
        append=Prepared(log.insert().values({c.name: bindparam(c.name) for c in log.c if c.name != "position"})),
        binding=Prepared(bound.where(binding.c.installation == bindparam("installation_"))),
        versions=Prepared(select(log.c.clock, log.c.replica, log.c.hash, log.c.parents, log.c.fields).where(*logged)),
        disputes=Asked(lambda ids: disputes.where(conflict.c.id.in_(ids))),
        lives=Asked(lambda ids: life.where(log.c.id.in_(ids))),
        settle=Prepared(conflict.delete().where(*over, one_field)),
        forget=Prepared(conflict.delete().where(*over)),
        forget_all=Prepared(conflict.delete().where(over[0])),
        dispute=Prepared(conflict.insert()),
        histories=Prepared(history),
        note=Prepared(select(note.c.value).where(note.c.key == bindparam("key_"))),
        known=Asked(lambda ids: select(log.c.hash, log.c.record, log.c.id, log.c.clock).where(log.c.hash.in_(ids))),
    )


@dataclass(frozen=True)
class RecordStatements:
    """What one record table is asked and told at every save."""

    table: Table
    heads_of: Asked
    """ids → id, deleted, heads."""
    delete: Prepared
    """id_ → takes the row out."""

    def insert(self, names: tuple[str, ...]) -> Prepared:
        """These columns, in the order of the table → a new row; the others stay empty."""
        return _insert(self.table, names)

    def update(self, names: tuple[str, ...]) -> Prepared:
        """These columns, then the id → sets them in one row; the others stay, and so do their indexes."""
        return _update(self.table, names)

    def filled(self, name: str) -> Prepared:
        """→ id and value of every live row that has one in this column."""
        return _filled(self.table, name)


def record_statements(table: Table) -> RecordStatements:
    """The statements for this record table."""
    return RecordStatements(
        table,
        heads_of=Asked(lambda ids: select(table.c.id, table.c.deleted, table.c.heads).where(table.c.id.in_(ids))),
        delete=Prepared(table.delete().where(table.c.id == bindparam("id_"))),
    )


@lru_cache(maxsize=4_000)
def _insert(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(table.insert().values({table.c[name]: bindparam(f"to_{name}") for name in names}))


@lru_cache(maxsize=4_000)
def _update(table: Table, names: tuple[str, ...]) -> Prepared:
    values: dict[Any, Any] = {table.c[name]: bindparam(f"to_{name}") for name in names}
    return Prepared(table.update().where(table.c.id == bindparam("id_")).values(values))


@lru_cache(maxsize=4_000)
def pointing(table: str, name: str) -> Asked:
    """Ids → id of the live rows of a table whose reference in this column points at one of them; in plain words, because
    a new unit is looked for in every register there is, and most of them have never been opened."""

    def words(ids: Sequence[BindParameter[str]]) -> ClauseElement:
        places = ", ".join(f":{one.key}" for one in ids)
        return text(f'SELECT id FROM {table} WHERE "{name}" IN ({places}) AND deleted = 0')

    return Asked(words)


@lru_cache(maxsize=4_000)
def _filled(table: Table, name: str) -> Prepared:
    column = table.c[name]
    return Prepared(select(table.c.id, column).where(column.is_not(None), table.c.deleted == 0))
