"""The other offices a file exchanges with: what we have of theirs, what they have of ours, when the next file is due.

All of it are notes of this one file (table ``note``); none of it is a fact and none of it travels in a package. Each ledger
knows by itself what it took and what it was told; two offices that told each other their notes would only repeat what their
logs say better, and whom an office exchanges with is its own business.

A copy made by the file manager takes these notes along, and for a copy they are as true as for the original: they tell what
*the log in the file* holds and what others said they hold. An older copy put back has older notes; it then knows less, sends
more than needed, and takes again what it lost. What must never be copied is the sender's own chain of numbered packages: two
copies would both go on with number 8. So nothing in this module numbers what is sent. A chain belongs to one installation and
one file at one place, like a replica number (``db.store.replica``); whoever packs keeps it so, and a copy begins a chain of its
own, which the receiver's notes keep apart by its ``series``.

Of what a peer holds, the statement of its latest package counts, even where it is less than was said before: an office that was
set back to a backup lacks what it once had. A receipt can only add to it. Either error makes us send more, never less.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import Connection, select

from db import clock
from db.errors import Refusal
from db.exchange.contents import Contents, Known, Party
from db.exchange.receipt import TOPIC, Point, Received
from db.ledger import history
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.ledger.taking import Taking
from db.store.tables import Tables

_PREFIX = "exchange.peer:"
_KEPT = 2_000
"""Packages of one series remembered by their hash: the latest."""


@dataclass(frozen=True)
class Peer:
    """One other office. ``holds`` is replica → last number it is known to hold; ``packages`` series → number → hash of what
    was taken of it; ``series``, ``number``, ``hash``, ``made`` the last of these, ``taken`` when it was taken here (UTC);
    ``receipt`` when its last receipt was read; ``every`` after how many days its next file is due (0: not agreed)."""

    id: str
    party: Party = field(default_factory=Party)
    holds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    packages: Mapping[str, Mapping[int, str]] = field(default_factory=lambda: MappingProxyType({}))
    replicas: tuple[str, ...] = ()
    series: str = ""
    number: int = 0
    hash: str = ""
    made: str = ""
    taken: str = ""
    receipt: str = ""
    every: int = 0

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the present series that were never taken."""
        known = self.packages.get(self.series, {})
        return tuple(number for number in range(min(known, default=1), self.number) if number not in known)


@dataclass(frozen=True)
class Standing:
    """A peer as a page shows it: how many changes of ours it is not known to have, days since its last file (None: never),
    the moment the next is due (None: not agreed), and whether that is past."""

    peer: Peer
    owed: int
    days: int | None
    due: datetime | None
    overdue: bool


def key_of(party: Party, series: str = "") -> str:
    """The name under which notes of an office are kept: its unit, else its installation, else the series of its packages."""
    return party.unit or party.installation or series


def peers(facts: Facts) -> list[Peer]:
    """All peers, by name."""
    with facts.reading() as connection:
        return peers_in(connection, facts.tables)


def peers_in(connection: Connection, tables: Tables) -> list[Peer]:
    """As ``peers``, as an open transaction sees them."""
    table = tables.note
    rows = connection.execute(
        select(table.c.key, table.c.value).where(table.c.key.startswith(_PREFIX, autoescape=True))
    ).all()
    found = [_read(row.key.removeprefix(_PREFIX), row.value) for row in rows]
    return sorted(found, key=lambda one: (one.party.name, one.id))


def peer(facts: Facts, named: str) -> Peer:
    """The peer of that id, name, or part of a name that fits one only; ``Refusal`` lists them otherwise."""
    known = peers(facts)
    exact = [one for one in known if named in (one.id, one.party.name)]
    part = exact or [one for one in known if named and named in one.party.name]
    if len(part) == 1:
        return part[0]
    listed = "、".join(one.party.name or one.id[:8] for one in (part or known)[:12])
    if not part:
        raise Refusal(f"没有与“{named}”交换过文件。", f"交换过的有：{listed}。" if listed else "", TOPIC)
    raise Refusal(f"“{named}”可以是几个单位：{listed}。", "请写得更全一些。", TOPIC)


def known(facts: Facts, keys: Mapping[str, str] | None = None) -> Known:
    """What a check of a file needs to know of those taken before; ``keys`` are the trusted ones."""
    packages: dict[str, Mapping[int, str]] = {}
    for one in peers(facts):
        packages.update(one.packages)
    return Known(MappingProxyType(dict(keys or {})), MappingProxyType(packages))


def standings(ledger: Ledger) -> list[Standing]:
    """Every peer as it now stands to this ledger."""
    now, held = ledger.clock(), history.seen(ledger)
    found = []
    for one in peers(ledger):
        owed = sum(max(0, last - one.holds.get(replica, 0)) for replica, last in held.items())
        came = clock.moment(one.taken) if clock.readable(one.taken) else None
        due = came + timedelta(days=one.every) if came is not None and one.every else None
        days = (now.astimezone().date() - came.astimezone().date()).days if came is not None else None
        late = due is not None and due.astimezone().date() < now.astimezone().date()
        found.append(Standing(one, owed, days, due, late))
    return found


def writers(facts: Facts) -> dict[str, Party]:
    """Replica → the office that first brought its changes here; replicas of this file and of nobody known are left out."""
    return {replica: one.party for one in peers(facts) for replica in one.replicas}


def agree(ledger: Ledger, one: Peer, every: int) -> None:
    """Notes after how many days a peer's next file is due; 0 for no agreement."""
    ledger.note(_PREFIX + one.id, _written(replace(one, every=every)))


def note_file(taking: Taking, file: Contents, others: Collection[str], moment: str, *, brought: bool) -> bool:
    """Notes a file that was taken, in the transaction that took it; whether there was anything to note. ``others`` are the
    replicas whose writer is known; ``brought`` says that the file brought something."""
    identifier = key_of(file.sender, file.series)
    before = _noted(taking, identifier)
    again = file.kind == "ledger" or before.packages.get(file.series, {}).get(file.number) == file.hash
    if again and not brought:
        return False
    if not identifier:
        return True  # a copy that says nothing of whose it is
    theirs = file.own or [span.replica for span in file.spans]
    new = tuple(replica for replica in theirs if replica not in others)
    told = replace(before, party=_newer(before.party, file.sender), replicas=(*before.replicas, *new))
    packages = {series: dict(numbers) for series, numbers in before.packages.items()}
    late = file.kind == "package" and file.series == before.series and file.number <= before.number
    if file.kind == "package":
        numbers = packages.setdefault(file.series, {})
        numbers[file.number] = file.hash
        for number in sorted(numbers)[:-_KEPT]:
            del numbers[number]
        told = replace(told, packages=packages)
    if not late:
        told = replace(told, holds=dict(file.seen), taken=moment, hash=file.hash, made=file.made)
        if file.kind == "package":
            told = replace(told, series=file.series, number=file.number)
    taking.note(_PREFIX + identifier, _written(told))
    return True


@dataclass(frozen=True)
class Told:
    """What a receipt says to its sender: the peer, changes it holds of those here, and the replicas at which it holds something
    else than this ledger (none: both agree as far as it is)."""

    peer: Peer
    held: int
    lacking: int
    differing: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The comparison in a line."""
        name = self.peer.party.name or "对方"
        if self.differing:
            return f"{name}的台账与本台账对不上：有 {len(self.differing)} 个副本的内容不同。"
        left = f"，还缺 {self.lacking} 条" if self.lacking else "，没有缺的"
        return f"{name}已有本台账的 {self.held} 条记录，核对一致{left}。"


def take_receipt(ledger: Ledger, received: Received) -> Told:
    """Reads what a receiver says it holds into the notes; the comparison. ``Refusal`` for a receipt of one's own."""
    receipt = received.receipt
    identifier = key_of(receipt.receiver)
    if not identifier:
        raise Refusal("这份回执没有说是哪个单位开的。", "请对方填写本单位名称后重新给一份。", TOPIC)
    with ledger.merging() as taking:
        here = {name: (last, digest) for name, last, digest in history.points(taking.connection, taking.tables)}
        differing, holds = _compared(taking, receipt.points, here)
        before = _noted(taking, identifier)
        merged = dict(before.holds)
        for name, last in holds.items():
            merged[name] = max(last, merged.get(name, 0))
        told = replace(before, party=_newer(before.party, receipt.receiver), holds=merged, receipt=receipt.made)
        if not differing:
            taking.note(_PREFIX + identifier, _written(told))
    held = sum(min(last, holds.get(name, 0)) for name, (last, _) in here.items())
    return Told(told, held, sum(last for last, _ in here.values()) - held, differing)


def _compared(
    taking: Taking, points: Sequence[Point], here: Mapping[str, tuple[int, str]]
) -> tuple[tuple[str, ...], dict[str, int]]:
    """The replicas whose change of that number is another one here, and replica → number of all the others."""
    asked = {one.replica: one.sequence for one in points if one.sequence <= here.get(one.replica, (0, ""))[0]}
    ours = {name: digest for name, _, digest in history.points(taking.connection, taking.tables, asked)}
    differing = tuple(one.replica for one in points if one.replica in asked and ours.get(one.replica) != one.hash)
    return differing, {one.replica: one.sequence for one in points if one.replica not in differing}


def _newer(before: Party, now: Party) -> Party:
    """What is known of an office, with what it now says over it."""
    pairs = ((name, getattr(now, name) or getattr(before, name)) for name in Party.__dataclass_fields__)
    return Party(**dict(pairs))


def _noted(taking: Taking, identifier: str) -> Peer:
    value = taking.noted(_PREFIX + identifier)
    return _read(identifier, value) if value else Peer(identifier)


def _written(one: Peer) -> str:
    told: dict[str, Any] = {name: getattr(one, name) for name in _PLAIN}
    told["party"] = {name: getattr(one.party, name) for name in Party.__dataclass_fields__}
    told["holds"] = dict(one.holds)
    told["packages"] = {
        series: {str(number): digest for number, digest in numbers.items()} for series, numbers in one.packages.items()
    }
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()


_PLAIN = ("replicas", "series", "number", "hash", "made", "taken", "receipt", "every")


def _read(identifier: str, value: str) -> Peer:
    """A note → the peer; a note of another program version, or a damaged one, is a peer of whom nothing is known."""
    try:
        told = orjson.loads(value)
        packages = {
            str(series): MappingProxyType({int(number): str(digest) for number, digest in numbers.items()})
            for series, numbers in told["packages"].items()
        }
        return Peer(
            identifier,
            Party(**{name: str(told["party"].get(name, "")) for name in Party.__dataclass_fields__}),
            MappingProxyType({str(name): int(last) for name, last in told["holds"].items()}),
            MappingProxyType(packages),
            tuple(map(str, told["replicas"])),
            number=int(told["number"]),
            every=int(told["every"]),
            **{name: str(told[name]) for name in ("series", "hash", "made", "taken", "receipt")},
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return Peer(identifier)
