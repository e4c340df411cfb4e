"""The changes, placeholders and papers of an open package, read from it as often as they are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from db.exchange import archive, manifest
from db.exchange.manifest import LONGEST_LINE, PART, Manifest, damaged
from db.ledger.change import Change, Withheld
from db.store import veils
from db.store.faults import translated

MOST_LISTS = 1_000_000
"""Brackets in one line: more would be made to keep the reader busy."""


@dataclass(frozen=True)
class Package:
    """The source of an open package: its file, its members, its manifest."""

    path: Path
    file: IO[bytes]
    members: dict[str, archive.Member]
    told: Manifest

    def lines(self) -> Iterator[Change | Withheld]:
        """Changes and placeholders in the order they were packed, each replica's without a gap and chained."""
        follow = Followed({span.replica: (span.first, span.last) for span in self.told.spans})
        counts = [0, 0]
        with translated(self.path):
            for number, part in enumerate(self.told.parts, start=1):
                data = archive.whole(self.file, self.members[manifest.part_name(number)], PART + LONGEST_LINE)
                if hashlib.sha256(data).hexdigest() != part.hash or data.count(b"\n") + 1 != part.lines:
                    raise damaged("内容与校验和不符")
                for each in data.split(b"\n"):
                    one = parsed(each)
                    follow.take(one)
                    counts[isinstance(one, Withheld)] += 1
                    yield one
        if counts != [self.told.changes, self.told.withheld]:
            raise damaged("条数与说明不符")
        follow.end()

    def changes(self) -> Iterator[Change]:
        return (one for one in self.lines() if isinstance(one, Change))

    def withheld(self) -> Iterator[Withheld]:
        if self.told.withheld:
            yield from (one for one in self.lines() if isinstance(one, Withheld))

    def paper(self, digest: str) -> Iterator[bytes]:
        measured = hashlib.sha256()
        with translated(self.path):
            for piece in archive.unpacked(self.file, self.members[manifest.paper_name(digest)]):
                measured.update(piece)
                yield piece
        if measured.hexdigest() != digest:
            raise damaged("一份材料与校验和不符")

    def close(self) -> None:
        self.file.close()


class Followed:
    """Follows the chain of each replica through a file: first and last number as they were told."""

    def __init__(self, spans: dict[str, tuple[int, int]]) -> None:
        self.spans = spans
        self.heads: dict[str, tuple[int, str]] = {}

    def take(self, one: Change | Withheld) -> None:
        """Sees that a line is the next of its replica, and that it names the one before it."""
        before = self.heads.get(one.replica)
        at = self.spans.get(one.replica, (0, 0))[0] if before is None else before[0] + 1
        if one.sequence != at:
            raise damaged("有一条记录不在它的位置上")
        if isinstance(one, Change):
            wanted = before[1] if before is not None else "" if at == 1 else one.previous
            if one.previous != wanted:
                raise damaged("有一条记录与前一条接不上")
        self.heads[one.replica] = one.sequence, one.hash

    def end(self) -> None:
        """Sees that nothing is missing at the end."""
        if {replica: at for replica, (at, _) in self.heads.items()} != {r: last for r, (_, last) in self.spans.items()}:
            raise damaged("条数与说明不符")


def parsed(line: bytes) -> Change | Withheld:
    """A line of a package → the change or the placeholder it is, its types looked at; not yet its hash."""
    try:
        told: Any = (
            orjson.loads(line)
            if len(line) <= LONGEST_LINE and line.count(b"[") + line.count(b"{") < MOST_LISTS
            else None
        )
    except orjson.JSONDecodeError:
        raise damaged("有一条记录读不懂") from None
    if not isinstance(told, list):
        raise damaged("有一条记录读不懂")
    if len(told) == 3 and manifest.is_place(*told):
        return Withheld(*told)
    if len(told) != 14:
        raise damaged("有一条记录读不懂")
    (
        replica,
        sequence,
        clock,
        time,
        deed,
        undoes,
        actor,
        sentence,
        record,
        identifier,
        fields,
        parents,
        previous,
        digest,
    ) = told
    texts = (
        type(replica) is type(time) is type(deed) is type(undoes) is type(actor) is type(sentence) is str
        and type(record) is type(identifier) is type(previous) is type(digest) is str
    )
    numbers = isinstance(sequence, int) and isinstance(clock, int)
    if not texts or not numbers or not isinstance(fields, dict) or not isinstance(parents, list):
        raise damaged("有一条记录读不懂")
    told[11] = tuple(parents)
    if b'"~' in line:
        told[10], veiled = veils.split(fields)
        told.append(veiled)
    return Change(*told)
