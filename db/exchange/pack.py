"""Packing: the changes another file lacks and the papers they name become one ``.zgx`` file, whole or not there at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import IO

import orjson
from sqlalchemy import select

from db import clock
from db.errors import Fault, Refusal
from db.exchange import keys, numbers, sealing
from db.exchange import manifest as manifests
from db.exchange.contents import Cancelled, Media, Party, Progress, Span, never, silent
from db.exchange.manifest import LARGEST, LONGEST_LINE, MOST_RATIO, PART, TOPIC, Manifest, Part
from db.exchange.package import MOST_LISTS
from db.exchange.sealing import Seal
from db.exchange.selection import ORDINARY, Policy, Selection
from db.ledger import outgoing
from db.ledger.change import Change, Withheld
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.composite import Sheet
from db.schema.kinds import Stored
from db.store import veils
from db.store.faults import translated

_HASH = re.compile(r"[0-9a-f]{64}")
_ROOM = 64 << 20
"""Bytes kept free below the largest package, for the directory and the manifest."""


@dataclass(frozen=True)
class Packed:
    """A package as it was written: where, which number of which series, its hash (of the manifest), and what is in it."""

    path: Path
    series: str
    number: int
    hash: str
    previous: str
    spans: tuple[Span, ...]
    seen: Mapping[str, int]
    head: str
    changes: int
    withheld: int
    papers: int
    size: int
    hidden: int = 0
    """Changes that go without some of their values."""
    lacking: tuple[str, ...] = ()
    """Hashes of papers that are named and not in this ledger."""


def line(one: Change | Withheld) -> bytes:
    """A change or a placeholder as a line of a package, without its end."""
    if isinstance(one, Withheld):
        return orjson.dumps([one.replica, one.sequence, one.hash])
    c = one
    said = [c.replica, c.sequence, c.clock, c.time, c.deed, c.undoes, c.actor, c.sentence, c.record, c.id]
    return orjson.dumps([*said, c.told, c.parents, c.previous, c.hash], option=orjson.OPT_SORT_KEYS)


@dataclass
class _Tally:
    """What has gone into the file so far."""

    parts: list[Part] = field(default_factory=list)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    changes: int = 0
    withheld: int = 0
    named: dict[str, None] = field(default_factory=dict)
    veiled: bool = False
    hidden: int = 0

    def note(self, one: Change | Withheld) -> None:
        first, _ = self.spans.get(one.replica, (one.sequence, one.sequence))
        self.spans[one.replica] = first, one.sequence
        if isinstance(one, Withheld):
            self.withheld += 1
            return
        self.changes += 1
        self.veiled |= bool(one.veils)
        self.hidden += bool(one.veils and veils.hidden(one.veils))
        for value in one.fields.values():
            self.named.update(dict.fromkeys(papers_in(value)))


def papers_in(value: Stored) -> Iterator[str]:
    """The hashes of papers a stored value names, whatever its kind: this program need not know the field."""
    if isinstance(value, dict):
        digest = value.get("hash")
        if isinstance(digest, str) and _HASH.fullmatch(digest):
            yield digest
        for inner in value.values():
            yield from papers_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from papers_in(inner)


def pack(
    ledger: Ledger,
    target: Path,
    *,
    sender: Party | None = None,
    to: Party | None = None,
    seen: Mapping[str, int] | None = None,
    policy: Policy = ORDINARY,
    seal: Seal | None = None,
    media: Media = Media(),  # noqa: B008 - a frozen value
    progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Packed:
    """Writes what the other side lacks (``seen``: replica → last sequence number it is known to have; None: everything),
    signed by this installation, numbered in the series of that recipient (``to``; None: for everybody).

    ``policy`` says what may leave; the ordinary one leaves out what is not public at all (``EVERYTHING`` takes it along). What
    stays here goes as a placeholder with its hash, and may follow in a later package.

    Of ``sender`` unit and name are told, and ``media`` on what it is handed over; ``seal`` says for whom the file is sealed. ``Fault`` when the target cannot be written,
    ``Refusal`` when there is nothing to send, when it was cancelled, or when it would be too large. The target is whole or not
    there; one of the same name is replaced only at the very end. Nothing unsealed of a sealed file is written beside it.
    """
    moment = outgoing.moment(ledger)
    if not outgoing.count(ledger, moment, seen):
        raise Refusal("没有需要发送的新内容。", "对方已有本台账的全部记录；要重新发一份完整的，请选“全部”。", TOPIC)
    mine = keys.own(ledger.installation)
    said = sender or Party()
    wanted = _Wanted(
        Party(said.unit, said.name, ledger.installation.name, mine.key, mine.sealing),
        to,
        numbers.coming(ledger, to),
        dict(seen or {}),
        policy,
        media,
    )
    made, digest, lacking, size = _published(ledger, target, moment, wanted, mine, seal, progress, cancelled)
    with suppress(
        Fault
    ):  # the package is there and whole; where that cannot be noted, the next one begins a series of its own
        numbers.given(ledger, to, wanted.number, digest)
    progress(1.0)
    return Packed(
        target, made.series, made.number, digest, made.previous, made.spans, made.seen, made.head, made.changes,
        made.withheld, len(made.papers), size, made.hidden, lacking,
    )  # fmt: skip


@dataclass(frozen=True)
class _Wanted:
    """What is to be packed for whom, under which number."""

    sender: Party
    to: Party | None
    number: numbers.Number
    seen: Mapping[str, int]
    policy: Policy
    media: Media


def _published(
    ledger: Ledger,
    target: Path,
    moment: outgoing.Moment,
    wanted: _Wanted,
    mine: keys.Keys,
    seal: Seal | None,
    progress: Progress,
    cancelled: Cancelled,
) -> tuple[Manifest, str, tuple[str, ...], int]:
    """Writes the package under a temporary name beside the target and gives it its name; as ``_written``, and its bytes."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    with translated(target):
        if not target.parent.is_dir():
            raise Fault(f"没有这个文件夹：{target.parent}", "请先建好文件夹，或换一个位置。", "faults")
        try:
            with part.open("xb") as file:
                if seal is None:
                    made, digest, lacking = _written(ledger, file, moment, wanted, mine, progress, cancelled)
                else:
                    with tempfile.TemporaryFile() as plain:
                        made, digest, lacking = _written(ledger, plain, moment, wanted, mine, progress, cancelled)
                        sealing.seal(plain, file, seal, cancelled)
                file.flush()
                os.fsync(file.fileno())
            size = part.stat().st_size
            numbers.reserve(ledger, wanted.number, digest)
            try:
                part.replace(target)
            except OSError:
                numbers.release(ledger, wanted.number)
                raise
        finally:
            part.unlink(missing_ok=True)
    return made, digest, lacking, size


def _written(
    ledger: Ledger,
    file: IO[bytes],
    moment: outgoing.Moment,
    wanted: _Wanted,
    mine: keys.Keys,
    progress: Progress,
    cancelled: Cancelled,
) -> tuple[Manifest, str, tuple[str, ...]]:
    """Writes the whole package; its manifest, its hash, and the papers it names that are not here."""
    lines = Selection(ledger, wanted.policy).lines(outgoing.unseen(ledger, moment, wanted.seen))
    total = outgoing.count(ledger, moment, wanted.seen)
    with zipfile.ZipFile(file, "w", allowZip64=False) as archive:
        tally, sizes = _filled(ledger, archive, lines, total, wanted.policy, progress, cancelled)
        if not tally.changes:
            raise Refusal(
                "按所选的范围，没有可以发送的内容。", "新内容都不在所选的单位或公开级别里；请放宽范围。", TOPIC
            )
        number = wanted.number
        made = Manifest(
            wanted.sender, wanted.to, number.series, number.number, number.previous, clock.stamp(ledger.clock()),
            _program(), tuple(Span(name, *ends) for name, ends in sorted(tally.spans.items())), moment.seen, moment.head,
            tally.changes, tally.withheld, tuple(tally.parts), sizes,
            wanted.policy.words, wanted.media, _own(ledger, moment), tally.veiled, tally.hidden,
        )  # fmt: skip
        told = manifests.written(made)
        _put(archive, manifests.MANIFEST, told)
        archive.writestr(_info(manifests.SIGNATURE), mine.sign(told))
    return made, manifests.name_of(told), tuple(digest for digest in tally.named if digest not in sizes)


def _own(ledger: Facts, moment: outgoing.Moment) -> tuple[str, ...]:
    """The replicas under which this file itself is written."""
    log = ledger.tables.log
    query = select(log.c.replica).where(log.c.sequence == 1, log.c.local == 1, log.c.replica.in_(sorted(moment.heads)))
    with ledger.reading() as connection:
        return tuple(sorted(connection.execute(query).scalars())) if len(moment.heads) <= _MOST_ASKED else ()


_MOST_ASKED = 500


def _program() -> str:
    """Version of the program, for whoever must find out which one wrote a file."""
    try:
        return metadata.version("zhenggai")
    except metadata.PackageNotFoundError:
        return ""


def _filled(
    ledger: Facts,
    archive: zipfile.ZipFile,
    lines: Iterable[Change | Withheld],
    total: int,
    policy: Policy,
    progress: Progress,
    cancelled: Cancelled,
) -> tuple[_Tally, dict[str, int]]:
    """Writes the members before the manifest; what went in, and the papers with their sizes."""
    tally = _Tally()
    for number, (part, data) in enumerate(_parts(lines, tally), start=1):
        tally.parts.append(part)
        _put(archive, manifests.part_name(number), data)
        progress(0.8 * min(1.0, (tally.changes + tally.withheld) / total))
        _check(archive, cancelled)
    if policy.redacts and not policy.papers:
        tally.named.clear()  # nobody can look for a name in a picture
    sizes = _sizes(ledger, tally.named)
    for place, (digest, size) in enumerate(sizes.items()):
        with archive.open(_info(manifests.paper_name(digest)), "w") as paper:
            for piece in ledger.open_paper(Sheet(digest[:12], digest, size)):
                paper.write(piece)
                _check(archive, cancelled)
        progress(0.8 + 0.2 * (place + 1) / len(sizes))
    return tally, sizes


def _parts(lines: Iterable[Change | Withheld], tally: _Tally) -> Iterator[tuple[Part, bytes]]:
    gathered: list[bytes] = []
    size = 0
    for one in lines:
        data = line(one)
        if len(data) > LONGEST_LINE or data.count(b"[") + data.count(b"{") >= MOST_LISTS:
            told = one.sentence[:30] if isinstance(one, Change) else ""
            raise Refusal(f"有一条记录太大，不能导出（{told}）。", "请把过长的内容改放到附件里。", TOPIC)
        tally.note(one)
        gathered.append(data)
        size += len(data) + 1
        if size > PART:
            yield _part(gathered)
            gathered, size = [], 0
    if gathered:
        yield _part(gathered)


def _part(lines: list[bytes]) -> tuple[Part, bytes]:
    data = b"\n".join(lines)
    return Part(len(data), hashlib.sha256(data).hexdigest(), len(lines)), data


def _info(name: str, method: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name)
    found.compress_type = method
    return found


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """A member, deflated unless it would grow suspiciously when it is unpacked."""
    packed = zlib.compress(data, 1)
    few = len(data) > MOST_RATIO // 2 * len(packed)
    archive.writestr(_info(name, zipfile.ZIP_STORED if few else zipfile.ZIP_DEFLATED), data, compresslevel=6)


def _check(archive: zipfile.ZipFile, cancelled: Cancelled) -> None:
    if cancelled():
        raise Refusal("已取消导出，没有留下文件。", topic=TOPIC)
    if archive.fp is not None and archive.fp.tell() > LARGEST - _ROOM:
        raise Refusal("要发送的内容超过 2 GB，一个文件装不下。", "请按单位分开导出，或先发送没有大附件的部分。", TOPIC)


def _sizes(ledger: Facts, named: Iterable[str]) -> dict[str, int]:
    """Of these papers those whose bytes are here, with their sizes, by hash."""
    wanted, paper = sorted(named), ledger.tables.paper
    found: dict[str, int] = {}
    with ledger.reading() as connection:
        for at in range(0, len(wanted), 400):
            query = select(paper.c.hash, paper.c.size).where(paper.c.hash.in_(wanted[at : at + 400]), paper.c.size > 0)
            found.update({row.hash: row.size for row in connection.execute(query.order_by(paper.c.hash))})
    return found
