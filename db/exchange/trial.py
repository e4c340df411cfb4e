"""A merge on trial: what comes is put into a private database beside the ledger, which is only read.

The database is SQLite's own temporary one: in memory while it is small, in a file that nobody else sees when it grows. Nothing
is merged and rolled back, so a trial takes no lock on the ledger and can be left at any moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, select

from db.ledger import authoring, incoming
from db.ledger import vocabulary as vocabularies
from db.ledger.change import Change, Outcome, Withheld
from db.ledger.facts import Facts
from db.ledger.vocabulary import Vocabulary
from db.store import blobs, file, withheld
from db.store.projection import Version, version
from db.store.tables import Tables, tables


class Trial(incoming.Log):
    """What a ledger would hold: its own log, and over it what came so far."""

    def __init__(self, facts: Facts, below: Connection, above: Connection) -> None:
        super().__init__(below, facts.tables)
        self.facts = facts
        self.above = incoming.Log(above, facts.tables)
        self.papers: dict[str, int] = {}

    # -- the log as the checks of what comes ask it ------------------------------------------------------------

    def clock(self) -> int:
        return max(super().clock(), self.above.clock())

    def head(self, replica: str) -> tuple[int, str]:
        return max(super().head(replica), self.above.head(replica))

    def known(self, digests: Sequence[str]) -> dict[str, tuple[str, str, int]]:
        return super().known(digests) | self.above.known(digests)

    def hole(self, replica: str, sequence: int) -> str:
        return super().hole(replica, sequence) or self.above.hole(replica, sequence)

    def hash_at(self, replica: str, sequence: int) -> str:
        return super().hash_at(replica, sequence) or self.above.hash_at(replica, sequence)

    def left_out(self, digests: Sequence[str]) -> set[str]:
        return super().left_out(digests) | self.above.left_out(digests)

    def kept(self, digests: Sequence[str]) -> dict[str, tuple[str, str]]:
        return super().kept(digests) | self.above.kept(digests)

    def said(self, replica: str, sequence: int) -> tuple[str, str] | None:
        return super().said(replica, sequence) or self.above.said(replica, sequence)

    # -- what a walk does with it ------------------------------------------------------------------------------

    def take(self, lines: Iterable[Change | Withheld]) -> tuple[list[Change], Outcome]:
        """Puts aside what is not there yet, or is there with less of it."""
        offered = list(lines)
        new, places = incoming.new_changes(self, offered)
        new += incoming.lifted(self, offered, new)
        if places:
            told = [(one.replica, one.sequence, one.hash) for one in places]
            withheld.put(self.above.connection, told, guarded=False)
        rows = [authoring.row(change, "", local=False) for change in new]
        if rows:
            self._forget(new)
            self.tables.statements.append.run(self.above.connection, rows)
        return new, Outcome(taken=len(new))

    def _forget(self, new: Sequence[Change]) -> None:
        """What was put aside of a change of which more comes."""
        log = self.tables.log
        for one in new:
            if one.veils:
                self.above.connection.execute(log.delete().where(log.c.hash == one.hash))

    def keep(self, digest: str, size: int, pieces: Iterable[bytes]) -> bool:
        """Notes a paper that would come; its bytes are not read."""
        if digest in self.papers or blobs.known(self.connection, self.tables, digest):
            return False
        self.papers[digest] = size
        return True

    @contextmanager
    def trying(self) -> Iterator[None]:
        """A part that is undone by itself where it fails."""
        papers = dict(self.papers)
        try:
            with self.above.connection.begin_nested():
                yield
        except BaseException:
            self.papers = papers
            raise

    # -- what it makes -----------------------------------------------------------------------------------------

    def vocabulary(self) -> tuple[Vocabulary, Tables]:
        """The definitions as they would be, and the tables they make."""
        known = self.facts.vocabulary
        if not any(name in vocabularies.RECORDS for name in self.names()):
            return known, self.facts.tables
        log = self.tables.log
        engine = file.memory()
        with engine.begin() as both:
            log.metadata.create_all(both)
            for source in (self.connection, self.above.connection):
                rows = source.execute(select(log).where(log.c.record.in_(vocabularies.RECORDS)))
                found = [{k: v for k, v in row._mapping.items() if k != "position"} for row in rows]
                if found:
                    both.execute(log.insert(), found)
            known = vocabularies.read(both, self.tables, known.core)
        engine.dispose()
        return known, tables(known.schemas)

    def names(self) -> list[str]:
        """The schemas of what came."""
        return list(self.above.connection.execute(select(self.tables.log.c.record).distinct()).scalars())

    def came(self, record: str) -> Iterator[tuple[str, list[Version]]]:
        """Id and new changes of every touched record of one schema, by id."""
        rows = self.tables.statements.histories.stream(self.above.connection, record_=record, until_=(1 << 63) - 1)
        identifier, changes = "", list[Version]()
        for row in rows:
            if row[0] != identifier:
                if changes:
                    yield identifier, changes
                identifier, changes = row[0], []
            changes.append(_version(row[1:]))
        if changes:
            yield identifier, changes

    def lived(self, record: str, identifiers: Iterable[str]) -> dict[str, list[Version]]:
        """Id → the changes the ledger holds of these records."""
        found: dict[str, list[Version]] = {}
        for row in self.tables.statements.lives.stream(self.connection, identifiers, record_=record):
            found.setdefault(row[0], []).append(_version(row[1:6]))
        return found


def said_by(tried: Trial, digests: Iterable[str]) -> dict[str, tuple[str, str, str, str]]:
    """Hash → actor, time, replica, sentence of changes here and coming."""
    log = tried.tables.log
    wanted, found = list(dict.fromkeys(digests)), dict[str, tuple[str, str, str, str]]()
    for source in (tried.connection, tried.above.connection):
        for at in range(0, len(wanted), 400):
            query = select(log.c.hash, log.c.actor, log.c.time, log.c.replica, log.c.sentence)
            for row in source.execute(query.where(log.c.hash.in_(wanted[at : at + 400]))):
                found[row.hash] = (row.actor, row.time, row.replica, row.sentence)
    return found


def _version(row: Sequence[object]) -> Version:
    return version(*row)  # type: ignore[arg-type]


@contextmanager
def trial(facts: Facts) -> Iterator[Trial]:
    """A trial over a ledger as it is at this moment."""
    engine = file.memory("")
    try:
        with facts.reading() as below, engine.connect() as above:
            above.exec_driver_sql("PRAGMA cache_size = -32768")
            facts.tables.log.metadata.create_all(above)
            yield Trial(facts, below, above)
    finally:
        engine.dispose()
