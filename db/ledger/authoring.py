"""Edits of this file's own become changes: numbered under its replica, sealed, each naming what it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from db.ledger.change import Change
from db.schema.kinds import Stored
from db.store.replica import Point
from db.store.tables import dumps


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


def authored(
    edits: Sequence[Written],
    parents: Mapping[tuple[str, str], tuple[str, ...]],
    under: tuple[str, Point],
    clock: int,
    said: Said,
) -> list[Change]:
    """Edits → sealed changes of a replica after its last one, each with the heads of its record (by record, id) as parents."""
    name, last = under
    changes: list[Change] = []
    previous = last.hash
    for number, one in enumerate(edits, start=last.sequence + 1):
        change = Change(
            name,
            number,
            clock,
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
        ).sealed()
        previous = change.hash
        changes.append(change)
    return changes


def row(change: Change, taken: str, *, local: bool) -> list[Any]:
    """A change → a row of the log, in the order of its columns after the position."""
    c = change
    said = [c.hash, c.replica, c.sequence, c.clock, c.time, c.deed, c.undoes, c.actor, c.sentence, c.record, c.id]
    return [*said, dumps(c.fields), " ".join(c.parents), taken, int(local)]
