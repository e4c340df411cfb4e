"""The changes another file lacks, causes before effects: what is read is what is sent, however long the log is.

Each replica's changes are read by their numbers, a few at a time and up to the position the log had at the beginning, so that
nobody who saves meanwhile has to wait; the log only grows, so this is the log as it was at that moment.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, Table, bindparam, func, select

from db.ledger.change import Change, Withheld
from db.ledger.facts import Facts
from db.ledger.history import Chain, points
from db.store import rebuild, veils, withheld
from db.store.statements import Prepared

_AT_ONCE = 20_000
"""Changes read ahead, of all replicas together."""
_PLACES = 5_000


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
        found = points(connection, facts.tables)
    return Moment(int(position), {replica: (last, digest) for replica, last, digest in found})


def unseen(facts: Facts, at: Moment, seen: Mapping[str, int] | None = None) -> Iterator[Change | Withheld]:
    """The changes of that moment beyond the given sequence number of each replica, by clock, replica and number; placeholders
    where a change was withheld from this file too."""
    wanted = {name: (seen or {}).get(name, 0) for name in at.heads}
    lacking = {name: first for name, first in wanted.items() if first < at.heads[name][0]}
    batch = max(20, _AT_ONCE // max(1, len(lacking)))
    streams = [_clocked(_stream(facts, at, name, after, batch)) for name, after in sorted(lacking.items())]
    return (one for *_, one in heapq.merge(*streams, key=lambda found: found[:3]))


def _clocked(lines: Iterable[Change | Withheld]) -> Iterator[tuple[int, str, int, Change | Withheld]]:
    """(clock, replica, number, line); a placeholder goes with the change before it."""
    clock = 0
    for one in lines:
        clock = max(clock, one.clock) if isinstance(one, Change) else clock
        yield clock, one.replica, one.sequence, one


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


def _stream(facts: Facts, at: Moment, replica: str, after: int, batch: int) -> Iterator[Change | Withheld]:
    """The lines of one replica by their numbers, each with the hash of the one before it."""
    statement, last = _range(facts.tables.log), at.heads[replica][0]
    with facts.reading() as connection:
        previous = Chain(connection, facts.tables).before(replica, after + 1) or ""
    while after < last:
        with facts.reading() as connection:
            rows = statement.rows(connection, replica_=replica, after_=after, until_=at.position, most_=batch)
            end = rows[-1][0] if len(rows) == batch else last
            holes, end = _holes(connection, replica, after, end, {row[0] for row in rows})
        for sequence, clock, time, deed, undoes, actor, sentence, record, identifier, fields, parents, digest in rows:
            if sequence > end:
                break
            while holes and holes[0].sequence < sequence:
                previous = holes[0].hash
                yield holes.popleft()
            values, told = veils.read(fields)
            made = (deed, undoes, actor, sentence, record, identifier, values, tuple(parents.split()))
            yield Change(replica, sequence, clock, time, *made, previous, digest, told)
            previous = digest
        if holes:
            previous = holes[-1].hash
        yield from holes
        after = end


def _holes(connection: Connection, replica: str, after: int, end: int, here: set[int]) -> tuple[deque[Withheld], int]:
    """The placeholders of a replica from one number to another of which the changes are not here, and the number up to which
    they were looked for: there may be millions of them."""
    found = deque[Withheld]()
    while places := withheld.after(connection, replica, after, _PLACES):
        found += [Withheld(replica, at, digest) for at, digest in places if at <= end and at not in here]
        after = places[-1][0]
        if after >= end or len(places) < _PLACES:
            break
        if len(found) >= _AT_ONCE:
            return found, after
    return found, end
