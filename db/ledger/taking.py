"""Taking over what others wrote, bit by bit, while one transaction is open; opened by ``Ledger.merging`` alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import Connection, func, select

from db.ledger import incoming
from db.ledger.change import Change, Outcome, Withheld
from db.schema.composite import Sheet
from db.store import blobs
from db.store.tables import Tables


class Taking:
    """An open transaction. ``take`` leaves the log and the tables whole after every call, so that a file of any size can be
    taken in pieces: each piece holds causes before effects, as a log has them."""

    def __init__(
        self,
        connection: Connection,
        tables: Callable[[], Tables],
        take: Callable[[Sequence[Change], Sequence[Withheld], Sequence[Change]], Outcome],
        nested: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self.connection = connection
        self._tables = tables
        self._take = take
        self._nested = nested

    @property
    def tables(self) -> Tables:
        """The tables as what was taken so far makes them."""
        return self._tables()

    def take(self, lines: Iterable[Change | Withheld]) -> tuple[list[Change], Outcome]:
        """Takes those changes that are not here yet, or of which more is told now, and says which; placeholders are kept where
        nothing else is. ``Refusal`` as ``Ledger.merge``."""
        log, offered = incoming.Log(self.connection, self.tables), list(lines)
        new, places = incoming.new_changes(log, offered)
        more = incoming.lifted(log, offered, new)
        return [*new, *more], self._take(new, places, more)

    def keep(self, digest: str, size: int, pieces: Iterable[bytes]) -> bool:
        """Keeps the bytes of a paper, checked as they pass, unless they are here; says whether they were not."""
        if blobs.known(self.connection, self.tables, digest):
            return False
        blobs.put_pieces(self.connection, self.tables, Sheet("", digest, size, ""), pieces)
        return True

    def trying(self) -> AbstractContextManager[None]:
        """A part of the transaction that is undone by itself where it is left by an exception."""
        return self._nested()

    def head(self, replica: str) -> tuple[int, str]:
        """The last sequence number of a replica, and the hash of that change; (0, "") where there is none."""
        return incoming.Log(self.connection, self.tables).head(replica)

    def position(self) -> int:
        """The position of the last change of the log."""
        return int(self.connection.execute(select(func.coalesce(func.max(self.tables.log.c.position), 0))).scalar_one())

    def note(self, key: str, value: str | None) -> None:
        """Sets a note of this file in the same transaction; None takes it away."""
        table = self.tables.note
        self.connection.execute(table.delete().where(table.c.key == key))
        if value is not None:
            self.connection.execute(table.insert(), {"key": key, "value": value})

    def noted(self, key: str) -> str | None:
        """A note of this file."""
        row = self.tables.statements.note.first(self.connection, key_=key)
        return str(row[0]) if row else None
