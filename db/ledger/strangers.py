"""Rows of registers whose definition is not there, or not readable by this program: kept in the log, and shown as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, func, select

from db.ledger.facts import Facts
from db.schema.kinds import Stored
from db.store.projection import DELETED, project, version
from db.store.rebuild import LAST
from db.store.tables import Tables


@dataclass(frozen=True)
class Stranger:
    """A live row nobody here knows the register of: its register's name, its id, its fields in stored form."""

    record: str
    id: str
    fields: Mapping[str, Stored]


def strangers(facts: Facts) -> list[Stranger]:
    """All such rows, by register and id. Where there are none it costs a look at the index for each register."""
    found = []
    with facts.reading() as connection:
        for name in _names(connection, facts.tables):
            if name in facts.tables.records:
                continue
            rows = facts.tables.statements.histories.stream(connection, record_=name, until_=LAST)
            for identifier, group in groupby(rows, key=itemgetter(0)):
                changes = [version(*r[1:6]) for r in group]
                fields = dict(project(changes).fields)
                if not fields.pop(DELETED, False):
                    shown = {field: value for field, value in fields.items() if value is not None}
                    found.append(Stranger(name, identifier, shown))
    return found


def _names(connection: Connection, tables: Tables) -> Iterator[str]:
    """Every schema name in the log: a jump in the index from each to the next, whatever the number of changes between."""
    record = tables.log.c.record
    name = connection.execute(select(func.min(record))).scalar()
    while name is not None:
        yield name
        name = connection.execute(select(func.min(record)).where(record > name)).scalar()
