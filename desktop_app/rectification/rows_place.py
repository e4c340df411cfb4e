"""Where one row of a register stands among the keys of a view."""

from __future__ import annotations

from sqlalchemy import BigInteger, literal_column, select

from db.ledger.facts import Facts
from db.schema.record import Schema
from desktop_app.rectification.rows import Keys


def place(facts: Facts, schema: Schema, keys: Keys, identifier: str) -> int | None:
    """The place of a live row, from 0; None when the view does not show it."""
    table = facts.tables.records[schema.name].table
    number = literal_column(f"{table.name}.rowid", BigInteger)
    with facts.reading() as connection:
        found = connection.execute(select(number).where(table.c.id == identifier, table.c.deleted == 0)).scalar()
    try:
        return None if found is None else keys.numbers.index(int(found))
    except ValueError:
        return None
