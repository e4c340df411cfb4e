"""A ledger read over one connection: a check asks some hundred questions of the same moment, and a connection for each costs
more than the answers."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from db.ledger.facts import Facts


class Pinned(Facts):
    """The same facts; every read goes over the connection that was given."""

    def __init__(self, facts: Facts, connection: Connection) -> None:
        super().__init__(facts.engine, facts.tables, facts.path, facts.vocabulary)
        self._connection = connection
        self._filled: set[str] | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The one connection."""
        yield self._connection

    def _standing(self) -> object:
        return self._connection

    def filled(self) -> set[str]:
        """The schemas that have a live record, asked for once."""
        if self._filled is None:
            self._filled = super().filled()
        return self._filled


@contextmanager
def pinned(facts: Facts) -> Iterator[Facts]:
    """The facts over one connection, until the end of the block."""
    with facts.reading() as connection:
        yield Pinned(facts, connection)


@contextmanager
def unswept() -> Iterator[None]:
    """Without looking for circles among the values in memory: a check makes some hundred thousand that all live until it ends, and
    going through them again and again took a quarter of its time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
