"""Checking a file before anything is touched: whatever it is, the answer is ``Contents`` or one sentence.

A package is data: bounded, streamed, every member's hash and every change's own hash looked at, the chain of each replica
followed through the file. Reading it again later checks it again, so that a stick that was changed meanwhile does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from db.errors import Fault
from db.exchange import archive, manifest
from db.exchange.contents import Cancelled, Contents, Known, Progress, Standing, Withheld, never, silent
from db.exchange.manifest import LARGEST_MANIFEST, LONGEST_LINE, PART, TOPIC, Manifest, damaged
from db.ledger.change import Change, plausible
from db.store.faults import translated

_TEXTS = (0, 3, 4, 5, 6, 7, 8, 9, 12, 13)
"""Places of the texts among the fields of a change."""


def open_package(
    path: Path,
    known: Known = Known(),  # noqa: B008 - frozen and empty
    *,
    deep: bool = True,
    progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Contents:
    """Opens and checks a package. ``deep`` looks at every change and paper in it now; without it they are looked at when they
    are read. Whoever opens closes."""
    with translated(path):
        file = path.open("rb")
        try:
            found = _opened(path, file)
            if deep:
                _all(found, progress, cancelled)
        except BaseException:
            file.close()
            raise
    return found


def _opened(path: Path, file: BinaryIO) -> Contents:
    members = archive.directory(file)
    if "manifest.json" not in members or "signature" not in members:
        raise Fault(f"这不是整改通的交换文件：{path.name}", "请选取 .zgx 文件或整改通的台账文件（.zgl）。", TOPIC)
    data = archive.whole(file, members["manifest.json"], LARGEST_MANIFEST)
    told = manifest.read(data)
    wanted = [*manifest.members(told), ("manifest.json", len(data)), ("signature", members["signature"].size)]
    if [(one.name, one.size) for one in members.values()] != wanted:
        raise damaged("里面的文件与说明不符")
    return Contents(
        path, "package", Package(path, file, members, told), told.sender, told.to, told.series, told.number,
        manifest.name_of(data), told.previous, told.made, told.program, told.spans, told.seen, told.head, told.changes,
        told.withheld, told.papers, told.scope, standing=Standing("first" if told.number == 1 else "next"),
    )  # fmt: skip


@dataclass(frozen=True)
class Package:
    """The source of an open package."""

    path: Path
    file: BinaryIO
    members: dict[str, archive.Member]
    told: Manifest

    def lines(self) -> Iterator[Change | Withheld]:
        """Changes and placeholders in the order they were packed, each replica's without a gap and chained."""
        heads: dict[str, tuple[int, str]] = {}
        firsts = {span.replica: span.first for span in self.told.spans}
        counts = [0, 0]
        with translated(self.path):
            for number, part in enumerate(self.told.parts, start=1):
                data = archive.whole(self.file, self.members[manifest.part_name(number)], PART + LONGEST_LINE)
                if hashlib.sha256(data).hexdigest() != part.hash or data.count(b"\n") + 1 != part.lines:
                    raise damaged("内容与校验和不符")
                for each in data.split(b"\n"):
                    one = parsed(each)
                    _follow(one, heads, firsts)
                    counts[isinstance(one, Withheld)] += 1
                    yield one
        ends = {span.replica: span.last for span in self.told.spans}
        if counts != [self.told.changes, self.told.withheld] or {r: at for r, (at, _) in heads.items()} != ends:
            raise damaged("条数与说明不符")

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


def parsed(line: bytes) -> Change | Withheld:
    """A line of a package → the change or the placeholder it is, its types looked at; not yet its hash."""
    try:
        told: Any = orjson.loads(line) if len(line) <= LONGEST_LINE else None
    except orjson.JSONDecodeError:
        raise damaged("有一条记录读不懂") from None
    if not isinstance(told, list):
        raise damaged("有一条记录读不懂")
    if len(told) == 3:
        return _placeholder(told)
    if len(told) != 14 or not all(isinstance(told[i], str) for i in _TEXTS):
        raise damaged("有一条记录读不懂")
    sequence, clock, fields, parents = told[1], told[2], told[10], told[11]
    numbers = isinstance(sequence, int) and isinstance(clock, int)
    if not numbers or not isinstance(fields, dict) or not isinstance(parents, list):
        raise damaged("有一条记录读不懂")
    told[11] = tuple(parents)
    return Change(*told)


def _placeholder(told: list[Any]) -> Withheld:
    replica, sequence, digest = told
    if not manifest.is_place(replica, sequence, digest):
        raise damaged("有一条记录读不懂")
    return Withheld(replica, sequence, digest)


def _follow(one: Change | Withheld, heads: dict[str, tuple[int, str]], firsts: dict[str, int]) -> None:
    """Sees that a line is the next of its replica, and that it names the one before it."""
    last, digest = heads.get(one.replica, (firsts.get(one.replica, 0) - 1, None))
    if one.sequence != last + 1 or last < 0:
        raise damaged("有一条记录不在它的位置上")
    if isinstance(one, Change) and (digest is None) is False and one.previous != digest:
        raise damaged("有一条记录与前一条接不上")
    heads[one.replica] = one.sequence, one.hash


def _all(found: Contents, progress: Progress, cancelled: Cancelled) -> None:
    """Looks at every change and every paper."""
    from db.errors import Refusal

    total = found.count + found.withheld_count
    source = found.source
    assert isinstance(source, Package)
    for number, one in enumerate(source.lines(), start=1):
        wrong = plausible(one) if isinstance(one, Change) else ""
        if wrong:
            raise damaged(f"{one.replica[:6]} 第 {one.sequence} 条记录{wrong}")
        if number % 2_000 == 0:
            progress(0.8 * number / total)
            if cancelled():
                raise Refusal("已取消。", topic=TOPIC)
    for number, digest in enumerate(found.papers, start=1):
        for _ in source.paper(digest):
            if cancelled():
                raise Refusal("已取消。", topic=TOPIC)
        progress(0.8 + 0.2 * number / len(found.papers))
