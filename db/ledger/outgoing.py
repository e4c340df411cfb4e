"""The changes another file lacks, causes before effects: what is read is what is sent, however long the log is.

Each replica's changes are read by their numbers, a few at a time and up to the position the log had at the beginning, so that
nobody who saves meanwhile has to wait; the log only grows, so this is the log as it was at that moment.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import orjson
from sqlalchemy import Connection, Table, bindparam, func, select

from db.ledger.change import Change
from db.ledger.facts import Facts
from db.store import rebuild
from db.store.statements import Prepared
from db.store.tables import Tables

_AT_ONCE = 20_000
"""Changes read ahead, of all replicas together."""


@dataclass(frozen=True)
class Moment:
    """A log as it is at a moment: the position of its last change; replica → sequence number and hash of its last one."""

    position: int
    heads: Mapping[str, tuple[int, str]]

    @property
    def seen(self) -> dict[str, int]:
        """Replica → the last sequence number held."""
        return {replica: last for replica, (last, _) in self.heads.items()}

    @property
    def head(self) -> str:
        """One hash for the whole log, as ``history.head``."""
        return rebuild.summary([(replica, *point) for replica, point in self.heads.items()])


def moment(facts: Facts) -> Moment:
    """The log as it is now; a look at the index for each replica."""
    with facts.reading() as connection:
        position = connection.execute(select(func.coalesce(func.max(facts.tables.log.c.position), 0))).scalar_one()
        names = list(_replicas(connection, facts.tables))
        heads = {name: facts.tables.statements.head.first(connection, replica_=name) for name in names}
    return Moment(int(position), {name: (int(row[0]), str(row[1])) for name, row in heads.items() if row})


def _replicas(connection: Connection, tables: Tables) -> Iterator[str]:
    replica = tables.log.c.replica
    name = connection.execute(select(func.min(replica))).scalar()
    while name is not None:
        yield name
        name = connection.execute(select(func.min(replica)).where(replica > name)).scalar()


def unseen(facts: Facts, at: Moment, seen: Mapping[str, int] | None = None) -> Iterator[Change]:
    """The changes of that moment beyond the given sequence number of each replica, by clock, replica and number."""
    wanted = {name: (seen or {}).get(name, 0) for name in at.heads}
    lacking = {name: first for name, first in wanted.items() if first < at.heads[name][0]}
    batch = max(20, _AT_ONCE // max(1, len(lacking)))
    streams = [_stream(facts, at, name, after, batch) for name, after in sorted(lacking.items())]
    return heapq.merge(*streams, key=lambda one: (one.clock, one.replica, one.sequence))


def count(facts: Facts, at: Moment, seen: Mapping[str, int] | None = None) -> int:
    """How many they are."""
    return sum(max(0, last - (seen or {}).get(name, 0)) for name, (last, _) in at.heads.items())


@cache
def _range(log: Table) -> Prepared:
    query = (
        select(
            log.c.sequence, log.c.clock, log.c.time, log.c.deed, log.c.undoes, log.c.actor, log.c.sentence,
            log.c.record, log.c.id, log.c.fields, log.c.parents, log.c.hash,
        )
        .where(log.c.replica == bindparam("replica_"), log.c.sequence > bindparam("after_"))
        .where(log.c.position <= bindparam("until_"))
        .order_by(log.c.sequence)
        .limit(bindparam("most_"))
    )  # fmt: skip
    return Prepared(query)


def _stream(facts: Facts, at: Moment, replica: str, after: int, batch: int) -> Iterator[Change]:
    statement, log = _range(facts.tables.log), facts.tables.log
    with facts.reading() as connection:
        query = select(log.c.hash).where(log.c.replica == replica, log.c.sequence == after)
        previous = connection.execute(query).scalar() or ""
    while True:
        with facts.reading() as connection:
            rows = statement.rows(connection, replica_=replica, after_=after, until_=at.position, most_=batch)
        for sequence, clock, time, deed, undoes, actor, sentence, record, identifier, fields, parents, digest in rows:
            made = (deed, undoes, actor, sentence, record, identifier, orjson.loads(fields), tuple(parents.split()))
            yield Change(replica, sequence, clock, time, *made, previous, digest)
            after, previous = sequence, digest
        if len(rows) < batch:
            return
