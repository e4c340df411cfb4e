"""What stands open between offices: conflicts nobody has decided, by whose record it is and how old; and when each office last
sent a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from db import clock
from db.exchange import peers
from db.ledger import history
from db.ledger.conflicts import Conflict
from db.ledger.facts import Facts
from db.store.projection import DELETED
from desktop_app.rectification import conflicts

MOST = 50
"""Conflicts that are told one by one."""
SHARED = "各单位共用"


@dataclass(frozen=True)
class OpenConflict:
    """One conflict: its short name, where, whose record, and since when it stands in this file."""

    code: str
    record: str
    id: str
    field: str
    words: str
    owner: str
    since: date
    days: int


@dataclass(frozen=True)
class OpenConflicts:
    """How many there are, and the oldest of them."""

    all: int
    oldest: tuple[OpenConflict, ...]


def open_conflicts(facts: Facts, today: date, unit: str | None = None, most: int = MOST) -> OpenConflicts:
    """The conflicts (of the records of one unit by id), the oldest first."""
    conflict, log = facts.tables.conflict.c, facts.tables.log.c
    query = select(conflict.record, conflict.id, conflict.field, log.taken).where(log.hash == conflict.hash)
    taken: dict[tuple[str, str, str], list[str]] = {}
    with facts.reading() as connection:
        for row in connection.execute(query):
            known = facts.tables.records.get(row.record)
            if known is not None and (row.field == DELETED or row.field in known.kinds):
                taken.setdefault((row.record, row.id, row.field), []).append(row.taken)
    # It began when the second of the rivals came: the first had nothing to disagree with.
    found = [
        Conflict(*key, None, (), since=sorted(moments)[min(1, len(moments) - 1)]) for key, moments in taken.items()
    ]
    if unit is not None:
        owned = conflicts.owners(facts, found)
        found = [one for one in found if owned[conflicts.code(one)] == unit]
    found.sort(key=lambda one: (one.since, one.record, one.id, one.field))
    owners = conflicts.owners(facts, found[:most])
    return OpenConflicts(len(found), tuple(_told(facts, one, owners, today) for one in found[:most]))


def _told(facts: Facts, one: Conflict, owners: dict[str, str], today: date) -> OpenConflict:
    code = conflicts.code(one)
    since = clock.moment(one.since).astimezone().date() if clock.readable(one.since) else today
    owner = conflicts.unit_name(facts, owners.get(code, "")) or SHARED
    words = conflicts.named(facts, one)
    return OpenConflict(code, one.record, one.id, one.field, words, owner, since, max(0, (today - since).days))


@dataclass(frozen=True)
class Contact:
    """An office one exchanges with: when its last file was taken (None: never), how many days ago, when the next is due (None:
    not agreed) and whether that is past, and how many changes here it is not known to have."""

    id: str
    name: str
    unit: str
    last: date | None
    days: int | None
    due: date | None
    overdue: bool
    owed: int

    @property
    def words(self) -> str:
        """How long ago, and whether the next file should have come."""
        if self.days is None:
            return "还没有收到过"
        told = "今天收到" if not self.days else f"{self.days} 天前收到"
        return f"{told}，已过约定日期" if self.overdue else told


def contacts(facts: Facts, today: date) -> list[Contact]:
    """The offices one exchanges with: those overdue first, then by how long ago their last file came."""
    held = history.seen(facts)
    found = [_contact(one, held, today) for one in peers.peers(facts)]
    return sorted(found, key=lambda one: (not one.overdue, -(one.days if one.days is not None else 1 << 20), one.name))


def _contact(one: peers.Peer, held: dict[str, int], today: date) -> Contact:
    last = clock.moment(one.taken).astimezone().date() if clock.readable(one.taken) else None
    due = last + timedelta(days=one.every) if last is not None and one.every else None
    days = max(0, (today - last).days) if last is not None else None
    owed = sum(max(0, number - one.holds.get(replica, 0)) for replica, number in held.items())
    name = one.party.name or "没有写名称的单位"
    return Contact(one.id, name, one.party.unit, last, days, due, due is not None and due < today, owed)


def last_from(found: Sequence[Contact], unit: str) -> Contact | None:
    """The office that is this unit; None where nothing was exchanged with it."""
    return next((one for one in found if unit and one.unit == unit), None)
