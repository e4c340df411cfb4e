"""Registers in queries: the columns that paths lead to, over outer joins, and the rows of a query as the driver gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, func

from db.ledger import sameness
from db.ledger.facts import Facts
from db.schema import composite, kinds, links
from db.schema.kinds import Kind
from db.store.pairs import pairs
from desktop_app.rectification.reckoning.paths import Hop, Leaf
from desktop_app.rectification.reckoning.values import measured

_BATCH = 10_000


class Joined:
    """The table of a schema with those its references lead to; a reference to a deleted record leads nowhere, one to a record
    that another counts for leads to that one."""

    def __init__(self, facts: Facts, name: str) -> None:
        self.facts = facts
        self.table: FromClause = facts.tables.records[name].table
        self._aliases: dict[tuple[Hop, ...], FromClause | None] = {(): self.table}
        self._joins: list[tuple[FromClause, ColumnElement[bool]]] = []
        self._pointed: dict[tuple[tuple[Hop, ...], str], ColumnElement[Any]] = {}

    def column(self, leaf: Leaf, facet: str = "") -> ColumnElement[Any] | None:
        """The column of a stored field, or of a facet of it; None where this ledger has no such table or column."""
        source = self._alias(leaf.hops)
        name = f"{leaf.name}__{facet}" if facet else leaf.name
        if source is None or name not in source.c:
            return None
        return self._meant(leaf.hops, name, leaf.kind.to) if isinstance(leaf.kind, links.Ref) else source.c[name]

    def _meant(self, hops: tuple[Hop, ...], name: str, to: str) -> ColumnElement[Any]:
        """What a reference points at: its column, or the one that counts for what stands there."""
        source = self._aliases[hops]
        if (hops, name) not in self._pointed and source is not None:
            column: ColumnElement[Any] = source.c[name]
            others = sameness.stand_ins(self.facts, to)
            if others:
                held = pairs(others, f"twins{len(self._joins)}")
                self._joins.append((held, held.c.key == column))
                column = func.coalesce(held.c.value, column)
            self._pointed[hops, name] = column
        return self._pointed[hops, name]

    def _alias(self, hops: tuple[Hop, ...]) -> FromClause | None:
        if hops in self._aliases:
            return self._aliases[hops]
        above, hop = self._alias(hops[:-1]), hops[-1]
        found: FromClause | None = None
        if above is not None and hop.field in above.c and hop.to in self.facts.tables.records:
            meant = self._meant(hops[:-1], hop.field, hop.to)
            found = _alias(self.facts.tables.records[hop.to].table, len(self._joins))
            self._joins.append((found, and_(found.c.id == meant, found.c.deleted == 0)))
        self._aliases[hops] = found
        return found

    def source(self) -> FromClause:
        """The table with every join that columns were asked of."""
        found = self.table
        for other, on in self._joins:
            found = found.outerjoin(other, on)
        return found


@lru_cache(maxsize=1_000)
def _alias(table: Table, number: int) -> FromClause:
    """A table under another name; kept, because making one costs as much as asking it."""
    return table.alias(f"j{number}")


def stream(connection: Connection, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query as the driver gives them: wrapping each costs more than reading it."""
    for batch in batches(connection, query):
        yield from batch


def batches(connection: Connection, query: Select[Any]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The same, ten thousand at a time."""
    result = connection.execute(query)
    cursor = result.cursor
    try:
        while cursor is not None and (batch := cursor.fetchmany(_BATCH)):
            yield batch
    finally:
        result.close()


def reading(kind: Kind[Any], *, reckoned: bool) -> Any:
    """What makes of a cell (not NULL) its working value, or what terms make of that; None: the cell as it is."""
    if kind.structured:
        loaded = kind.load
        if isinstance(kind, composite.Quantity) and reckoned:
            return lambda cell: Decimal(orjson.loads(cell)["value"])
        if reckoned:
            return lambda cell: measured(loaded(orjson.loads(cell)))
        return lambda cell: loaded(orjson.loads(cell))
    if isinstance(kind, kinds.YesNo):
        return bool
    if isinstance(kind, kinds.Number):
        return Decimal
    if isinstance(kind, kinds.Day):
        return date.fromisoformat
    return datetime.fromisoformat if isinstance(kind, kinds.Moment) else None
