"""Edits of this file's own become changes: numbered under its replica, sealed, each naming what it replaces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from db.ledger.change import Change
from db.ledger.vocabulary import RECORDS
from db.schema.kinds import Stored
from db.store import veils
from db.store.replica import Point
from db.store.tables import Tables, dumps


@dataclass(frozen=True)
class Written:
    """An edit in stored form: which record, which fields, and the heads its author saw (None: the present ones)."""

    record: str
    id: str
    fields: Mapping[str, Stored]
    seen: tuple[str, ...] | None = None


class Said(NamedTuple):
    """What a deed says of itself: its sentence, who did it, the deed it undoes ("" for none), the time of day (a stamp)."""

    sentence: str
    actor: str
    undoes: str
    time: str


PRIVATE = "exchange.private"
"""The note that names fields an office may want to leave out for somebody beyond those marked: schema (or *) → fields, JSON."""


def private(connection: Connection, tables: Tables) -> Callable[[str], Collection[str]]:
    """Which fields of a schema are veiled: those marked, and those this office named. Definitions are never."""
    noted = tables.statements.note.first(connection, key_=PRIVATE)
    named: dict[str, list[str]] = orjson.loads(noted[0]) if noted else {}

    def names(record: str) -> Collection[str]:
        if record in RECORDS:
            return ()
        return tables.records[record].private.union(named.get(record, ()), named.get("*", ()))

    return names


def authored(
    edits: Sequence[Written],
    parents: Mapping[tuple[str, str], tuple[str, ...]],
    under: tuple[str, Point],
    clock: int,
    said: Said,
    private: Callable[[str], Collection[str]] = lambda _record: (),
) -> list[Change]:
    """Edits → sealed changes of a replica after its last one, each with the heads of its record (by record, id) as parents.
    ``private`` names the fields of a schema that may have to be left out for somebody: these are veiled, and where a deed
    has some, what it says of itself is too, for it may tell them."""
    name, last = under
    veiled = [sorted({*private(one.record)} & one.fields.keys()) for one in edits]
    shy = any(veiled)
    changes: list[Change] = []
    previous, turns = last.hash, dict[tuple[str, str], int]()
    for number, one in enumerate(edits, start=last.sequence + 1):
        # Changes of one record stand beside each other, not one on the other; the last of them is the one that is shown.
        turn = turns[one.record, one.id] = turns.get((one.record, one.id), -1) + 1
        change = Change(
            name,
            number,
            max(clock + turn, changes[-1].clock if changes else 0),
            said.time,
            changes[0].deed if changes else f"{name}:{number}",
            said.undoes,
            said.actor,
            said.sentence,
            one.record,
            one.id,
            one.fields,
            parents[one.record, one.id],
            previous,
            veils=veils.made(veiled[number - last.sequence - 1], sentence=shy),
        ).sealed()
        previous = change.hash
        changes.append(change)
    return changes


def row(change: Change, taken: str, *, local: bool) -> list[Any]:
    """A change → a row of the log, in the order of its columns after the position."""
    c = change
    said = [c.hash, c.replica, c.sequence, c.clock, c.time, c.deed, c.undoes, c.actor, c.sentence, c.record, c.id]
    return [*said, dumps(c.told), " ".join(c.parents), taken, int(local)]
