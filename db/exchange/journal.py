"""What was handed over and taken in, file by file: the packages written here with the medium they went on, and the receipts.

Both are notes of this one file and never travel. A package is noted by whoever packed it, because only he knows the medium, who
carries it and at what level of secrecy; a receipt is noted by the merge itself, in its transaction (``merge.RECEIPT``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import select

from db import clock
from db.errors import Refusal
from db.exchange.contents import Media, Party
from db.exchange.merge import RECEIPT
from db.exchange.pack import Packed
from db.exchange.receipt import Receipt, plainly
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.store.faults import translated

_PREFIX = "exchange.handed:"


@dataclass(frozen=True)
class Handed:
    """A package that was written here. ``made`` is a UTC stamp, ``to`` an empty party for everybody, ``hash`` that of its
    manifest and ``digest`` the SHA-256 of the whole file; ``ends`` is replica → last number in it; ``scope`` what it was limited
    to, in words; ``medium``, ``secrecy`` and ``keeper`` are the entry of the medium it went on."""

    hash: str
    made: str
    actor: str
    name: str
    series: str
    number: int
    digest: str = ""
    to: Party = field(default_factory=Party)
    ends: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    changes: int = 0
    withheld: int = 0
    hidden: int = 0
    papers: int = 0
    size: int = 0
    scope: str = ""
    sealed: bool = False
    medium: str = ""
    secrecy: str = ""
    keeper: str = ""

    def arrived(self, holds: Mapping[str, int]) -> bool:
        """Whether an office that holds these numbers has all of it."""
        return bool(self.ends) and all(holds.get(replica, 0) >= last for replica, last in self.ends.items())


def entry(
    ledger: Ledger,
    made: Packed,
    actor: str,
    *,
    to: Party | None,
    scope: str,
    sealed: bool,
    digest: str = "",
    media: Media = Media(),  # noqa: B008 - a frozen value
) -> Handed:
    """The entry of a package that was just written."""
    return Handed(
        made.hash, clock.stamp(ledger.clock()), actor, made.path.name, made.series, made.number, digest, to or Party(),
        {one.replica: one.last for one in made.spans}, made.changes, made.withheld, made.hidden, made.papers,
        made.size, scope, sealed, media.number, media.secrecy, media.handler,
    )  # fmt: skip


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hex digits."""
    with translated(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def note(ledger: Ledger, one: Handed) -> None:
    """Keeps an entry, over an older one of the same package; a ledger that is only read keeps none."""
    if ledger.writable:
        told = asdict(one) | {"ends": dict(one.ends), "to": asdict(one.to)}
        ledger.note(_PREFIX + one.hash, orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode())


def handed(facts: Facts) -> list[Handed]:
    """All packages that were noted, the latest first; what another version of the program noted unreadably is left out."""
    found = [one for value in _noted(facts, _PREFIX) if (one := _read(value)) is not None]
    return sorted(found, key=lambda one: (one.made, one.number), reverse=True)


def receipts(facts: Facts) -> list[Receipt]:
    """The receipts of all merges into this file, the latest first."""
    found = []
    for value in _noted(facts, RECEIPT):
        try:
            found.append(plainly(orjson.loads(value)))
        except (orjson.JSONDecodeError, Refusal):
            continue
    return sorted(found, key=lambda one: one.made, reverse=True)


def _noted(facts: Facts, prefix: str) -> list[str]:
    table = facts.tables.note
    with facts.reading() as connection:
        query = select(table.c.value).where(table.c.key.startswith(prefix, autoescape=True))
        return list(connection.execute(query).scalars())


def _read(value: str) -> Handed | None:
    try:
        told: dict[str, Any] = orjson.loads(value)
        plain: dict[str, Any] = {name: kind(told[name]) for kind, names in _PLAIN.items() for name in names}
        return Handed(
            to=Party(**{name: str(told["to"].get(name, "")) for name in Party.__dataclass_fields__}),
            ends=MappingProxyType({str(name): int(last) for name, last in told["ends"].items()}),
            **plain,
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None


_PLAIN: Mapping[type, tuple[str, ...]] = {
    str: ("hash", "made", "actor", "name", "series", "digest", "scope", "medium", "secrecy", "keeper"),
    int: ("number", "changes", "withheld", "hidden", "papers", "size"),
    bool: ("sealed",),
}
