"""What a checked file holds, as plain values: who sent it, which changes and papers are in it, what was withheld.

A ``.zgx`` package and a whole ledger file copied by the file manager are the same to whoever merges. Nothing here touches a
ledger; the changes and the bytes of papers are read from the checked file when they are asked for, again and again if need be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol

from db.ledger.change import Change, Withheld

SUFFIX = ".zgx"

Progress = Callable[[float], None]
"""Told the part of the work that is done, from 0 to 1."""
Cancelled = Callable[[], bool]
"""Asked now and then whether the clerk wants no more of it."""


def silent(_done: float) -> None:
    """Progress nobody looks at."""


def never() -> bool:
    """Nobody cancels."""
    return False


@dataclass(frozen=True)
class Party:
    """A sender or a recipient. ``unit`` is the id of a unit record ("" unknown) and ``name`` what it is called;
    ``installation`` names the machine's installation, ``key`` is its public signing key and ``sealing`` the public key that
    files for it are sealed with (64 hex digits each, "" for none)."""

    unit: str = ""
    name: str = ""
    installation: str = ""
    key: str = ""
    sealing: str = ""


@dataclass(frozen=True)
class Media:
    """The medium a package is handed over on: its number (介质编号), its level of secrecy (密级), who hands it over (交接人)."""

    number: str = ""
    secrecy: str = ""
    handler: str = ""


@dataclass(frozen=True)
class Span:
    """The sequence numbers of one replica that a file holds, changes and placeholders together, without a gap inside."""

    replica: str
    first: int
    last: int


@dataclass(frozen=True)
class Standing:
    """How a package stands to those received before from the same series.

    ``first`` of its series, ``next`` after the last one, ``again`` (this very file was received), ``late`` (an older one that
    was missing), ``gap`` (some before it are ``missing``), ``copy`` (a whole ledger file, without a number).
    """

    kind: Literal["first", "next", "again", "late", "gap", "copy"]
    missing: tuple[int, ...] = ()
    sentence: str = ""


class Source(Protocol):
    """Where the changes and papers of a checked file are read from."""

    def lines(self) -> Iterator[Change | Withheld]:
        """Changes and placeholders together, each replica's in the order of its numbers, without a gap and chained."""

    def changes(self) -> Iterator[Change]:
        """The changes, each replica's in the order of its numbers; a ``Refusal`` where the file is not what was checked."""

    def withheld(self) -> Iterator[Withheld]:
        """The placeholders."""

    def paper(self, digest: str) -> Iterator[bytes]:
        """The bytes of a paper, a chunk at a time, checked against its hash as they pass."""

    def close(self) -> None:
        """Lets go of the file and of the private copy of it."""


@dataclass(frozen=True)
class Contents:
    """A checked file. ``papers`` are the hashes of those that came along, with their sizes in bytes; ``head`` is what
    ``history.head`` gives for the sender's whole log at ``seen`` (replica → last sequence number it held); ``scope`` tells in
    words what the file was limited to ("" for a whole one); ``hash`` names this file, ``previous`` the one before it in
    ``series`` ("" for the first). ``signed`` files are proven to be made by ``sender.key``; ``known_key`` says whether that
    key was trusted here before, ``fingerprint`` is what to compare by telephone."""

    path: Path
    kind: Literal["package", "ledger"]
    source: Source
    sender: Party = Party()
    to: Party | None = None
    series: str = ""
    number: int = 0
    hash: str = ""
    previous: str = ""
    made: str = ""
    program: str = ""
    spans: tuple[Span, ...] = ()
    seen: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    head: str = ""
    count: int = 0
    withheld_count: int = 0
    papers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    scope: str = ""
    media: Media = field(default_factory=Media)
    own: tuple[str, ...] = ()
    """The replicas under which the sender itself writes; () where it does not say."""
    signed: bool = False
    sealed: bool = False
    known_key: bool = False
    fingerprint: str = ""
    standing: Standing = Standing("copy")

    def lines(self) -> Iterator[Change | Withheld]:
        """Changes and placeholders together, as they follow each other; may be asked again."""
        return self.source.lines()

    def changes(self) -> Iterator[Change]:
        """The changes; may be asked again."""
        return self.source.changes()

    def withheld(self) -> Iterator[Withheld]:
        """The placeholders of what was left out."""
        return self.source.withheld()

    def paper(self, digest: str) -> Iterator[bytes]:
        """The bytes of a paper that came along."""
        return self.source.paper(digest)

    def close(self) -> None:
        """Lets go of the file."""
        self.source.close()

    def __enter__(self) -> Contents:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True)
class Lists:
    """A source in memory."""

    made: tuple[Change, ...]
    papers: Mapping[str, bytes]
    left_out: tuple[Withheld, ...] = ()

    def lines(self) -> Iterator[Change | Withheld]:
        return iter((*self.made, *self.left_out))

    def changes(self) -> Iterator[Change]:
        return iter(self.made)

    def withheld(self) -> Iterator[Withheld]:
        return iter(self.left_out)

    def paper(self, digest: str) -> Iterator[bytes]:
        yield self.papers[digest]

    def close(self) -> None:
        pass


def in_memory(
    changes: Iterable[Change], papers: Mapping[str, bytes] | None = None, sender: Party | None = None
) -> Contents:
    """Contents of values at hand, for what is exchanged without a file (and for tests)."""
    made, kept = tuple(changes), dict(papers or {})
    spans = spans_of((one.replica, one.sequence) for one in made)
    seen = {one.replica: one.last for one in spans}
    sizes = {digest: len(data) for digest, data in kept.items()}
    return Contents(
        Path(), "package", Lists(made, kept), sender or Party(), spans=spans, seen=seen, count=len(made), papers=sizes
    )


def spans_of(places: Iterable[tuple[str, int]]) -> tuple[Span, ...]:
    """(replica, sequence) pairs → first and last number of each replica, by replica."""
    found: dict[str, tuple[int, int]] = {}
    for replica, sequence in places:
        first, last = found.get(replica, (sequence, sequence))
        found[replica] = min(first, sequence), max(last, sequence)
    return tuple(Span(replica, first, last) for replica, (first, last) in sorted(found.items()))


@dataclass(frozen=True)
class Known:
    """What this side knows before it opens a file: installation → its signing key, as trusted here; series → number → hash of
    the packages received."""

    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    packages: Mapping[str, Mapping[int, str]] = field(default_factory=lambda: MappingProxyType({}))
