"""Changes known by their place and hash alone: their sender left them out, and they may still come.

The table is not in every file: it is made when the first placeholder comes, and the file's format number then tells older
programs that there is something they do not know. Like the log it only grows: a placeholder whose change came later stays, and
the log goes before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    select,
)
from sqlalchemy.schema import CreateIndex, CreateTable

from db.store import file
from db.store.statements import BLOCK, Prepared
from db.store.tables import HOLES, WITHHELD, run

Place = tuple[str, int, str]
"""Replica, sequence number and hash of a change."""


@cache
def table() -> Table:
    """The table of placeholders."""
    return Table(
        WITHHELD,
        MetaData(),
        Column("replica", Text, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("hash", Text, nullable=False),
        PrimaryKeyConstraint("replica", "sequence"),
        Index("withheld_hash", "hash"),
    )


def making() -> list[str]:
    """SQL that makes the table and its index, as SQLite keeps it."""
    made = table()
    words = [CreateTable(made), *(CreateIndex(one) for one in made.indexes)]
    return [str(one).strip() for one in words]


def there(connection: Connection) -> bool:
    """Whether the file has placeholders at all."""
    cursor = connection.connection.cursor()
    found = cursor.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (WITHHELD,)).fetchone()
    cursor.close()
    return found is not None


def version(connection: Connection) -> int:
    """The file's format number."""
    cursor = connection.connection.cursor()
    found = cursor.execute("PRAGMA user_version").fetchone()[0]
    cursor.close()
    return int(found)


def put(connection: Connection, places: Sequence[Place], *, guarded: bool = True) -> None:
    """Adds placeholders; only the gate does (and a trial, in a database of its own)."""
    if not there(connection):
        run(connection, [*making(), f"PRAGMA user_version = {max(HOLES, version(connection))}"])
        if guarded:
            file.guard(connection)
    _asked().put.run(connection, places)


def head(connection: Connection, replica: str) -> tuple[int, str]:
    """The last placeholder of a replica, number and hash; (0, "") where there is none."""
    row = _asked().head.first(connection, replica_=replica) if there(connection) else None
    return (int(row[0]), str(row[1])) if row else (0, "")


def at(connection: Connection, replica: str, sequence: int) -> str:
    """The hash of the placeholder at a place; "" where there is none."""
    row = _asked().at.first(connection, replica_=replica, sequence_=sequence) if there(connection) else None
    return str(row[0]) if row else ""


def known(connection: Connection, digests: Iterable[str]) -> set[str]:
    """Of these hashes those of placeholders."""
    wanted, found = list(digests), set[str]()
    if not wanted or not there(connection):
        return found
    made = table()
    for begin in range(0, len(wanted), BLOCK):
        query = select(made.c.hash).where(made.c.hash.in_(wanted[begin : begin + BLOCK]))
        found |= {*connection.execute(query).scalars()}
    return found


def replicas(connection: Connection) -> list[str]:
    """Every replica of which there are placeholders."""
    if not there(connection):
        return []
    return list(connection.execute(select(table().c.replica).distinct().order_by(table().c.replica)).scalars())


def after(connection: Connection, replica: str, sequence: int, most: int) -> list[tuple[int, str]]:
    """Number and hash of the placeholders of a replica beyond a number, in order, at most so many."""
    if not there(connection):
        return []
    return [
        (int(row[0]), str(row[1]))
        for row in _asked().after.rows(connection, replica_=replica, after_=sequence, most_=most)
    ]


def open_places(connection: Connection) -> Iterator[Place]:
    """The placeholders whose changes have not come."""
    if there(connection):
        words = (
            f"SELECT w.replica, w.sequence, w.hash FROM {WITHHELD} AS w WHERE NOT EXISTS (SELECT 1 FROM log "
            "WHERE log.replica = w.replica AND log.sequence = w.sequence) ORDER BY w.replica, w.sequence"
        )
        cursor = connection.connection.cursor()
        yield from cursor.execute(words)
        cursor.close()


class _Asked:
    """The statements of the table."""

    def __init__(self) -> None:
        made = table()
        mine = made.c.replica == bindparam("replica_")
        point = select(made.c.sequence, made.c.hash).where(mine)
        self.put = Prepared(made.insert())
        self.head = Prepared(point.order_by(made.c.sequence.desc()).limit(1))
        self.at = Prepared(select(made.c.hash).where(mine, made.c.sequence == bindparam("sequence_")))
        beyond = point.where(made.c.sequence > bindparam("after_")).order_by(made.c.sequence)
        self.after = Prepared(beyond.limit(bindparam("most_")))


@cache
def _asked() -> _Asked:
    return _Asked()
