"""The manifest of a package: what it says of itself, and the bounds nothing in a package may pass.

A package is a zip of these members, in this order, and no others: ``changes/000001`` … (JSON lines, a change or a placeholder
each), ``papers/<hash>`` (the bytes of a paper), ``manifest.json``, ``signature``. The manifest names size and SHA-256 of every
other member but the signature; the SHA-256 of the manifest itself is the name of the package, and what the next one of its
series calls ``previous``. A line of changes is an array: the fourteen fields of a ``Change`` in their order, or replica, sequence
and hash of one that was left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from db import clock
from db.errors import Fault, Refusal
from db.exchange.contents import Media, Party, Span
from db.ledger.change import BEYOND
from db.store import blobs

FORMAT = "zhenggai-package"
MANIFEST, SIGNATURE = "manifest.json", "signature"
PLAIN = 1
"""Version of the form of a package in which nothing is veiled: every program reads it."""
VERSION = 2
"""Version of the package's form; a greater one is refused as too new."""

LARGEST = (1 << 31) - 1
"""Bytes of a package: what a zip without its 64-bit extension and a FAT stick take."""
LARGEST_MANIFEST = 12 << 20
MOST_MEMBERS = 100_000
MOST_PARTS = 20_000
MOST_CHANGES = 50_000_000
MOST_REPLICAS = 100_000
PART = 4 << 20
"""Bytes of lines after which a part ends."""
LONGEST_LINE = 8 << 20
"""Bytes; what is read as JSON takes up to 24 times the memory, so this keeps within 200 MB."""
MOST_RATIO = 200
"""Times a member may grow when it is unpacked; what would grow more is kept unpacked."""
LONGEST_WORDS = 500

_MOST_LISTS = MOST_PARTS + MOST_REPLICAS + 100
"""Lists in a manifest: a great many small ones take the reader minutes and much memory."""

TOPIC = "exchange"
ASK_AGAIN = "文件没有并入，本台账没有改动；请对方重新导出一份。"

_HASH = re.compile(r"[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-f]{16}")
_REPLICA = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


def damaged(what: str) -> Fault:
    """The one sentence for a package that is not as it was made."""
    return Fault(f"来文文件已损坏或被改动：{what}。", ASK_AGAIN, TOPIC)


@dataclass(frozen=True)
class Part:
    """A member of lines: bytes, SHA-256, number of lines."""

    size: int
    hash: str
    lines: int


@dataclass(frozen=True)
class Manifest:
    """What a package says of itself; the fields are those of ``Contents``."""

    sender: Party
    to: Party | None
    series: str
    number: int
    previous: str
    made: str
    program: str
    spans: tuple[Span, ...]
    seen: Mapping[str, int]
    head: str
    changes: int
    withheld: int
    parts: tuple[Part, ...]
    papers: Mapping[str, int] = field(default_factory=dict)
    scope: str = ""
    media: Media = field(default_factory=Media)
    own: tuple[str, ...] = ()
    veiled: bool = False
    hidden: int = 0
    """Changes without some of their values."""


def part_name(number: int) -> str:
    """The member of that part, from 1."""
    return f"changes/{number:06d}"


def paper_name(digest: str) -> str:
    """The member that holds a paper."""
    return f"papers/{digest}"


def members(manifest: Manifest) -> list[tuple[str, int]]:
    """Names and sizes of the members before the manifest, in their order."""
    parts = [(part_name(number), part.size) for number, part in enumerate(manifest.parts, start=1)]
    return parts + [(paper_name(digest), manifest.papers[digest]) for digest in sorted(manifest.papers)]


def name_of(data: bytes) -> str:
    """The name of the package whose manifest has these bytes."""
    return hashlib.sha256(data).hexdigest()


def written(manifest: Manifest) -> bytes:
    """The manifest as JSON, keys sorted."""
    party = _party_told
    told = {
        "format": FORMAT,
        "version": VERSION if manifest.veiled else PLAIN,
        "program": manifest.program,
        "made": manifest.made,
        "sender": party(manifest.sender),
        "to": party(manifest.to) if manifest.to else None,
        "series": manifest.series,
        "number": manifest.number,
        "previous": manifest.previous,
        "spans": [[one.replica, one.first, one.last] for one in manifest.spans],
        "seen": dict(manifest.seen),
        "head": manifest.head,
        "changes": manifest.changes,
        "withheld": manifest.withheld,
        "parts": [[one.size, one.hash, one.lines] for one in manifest.parts],
        "papers": dict(manifest.papers),
        "scope": manifest.scope,
        "media": asdict(manifest.media),
        "own": list(manifest.own),
        "hidden": manifest.hidden,
    }
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def _party_told(one: Party) -> dict[str, str]:
    return {
        "unit": one.unit,
        "name": one.name,
        "installation": one.installation,
        "key": one.key,
        "sealing": one.sealing,
    }


def read(data: bytes) -> Manifest:
    """Bytes of a manifest → the manifest; ``Refusal`` for anything that is none, or of a newer program."""
    try:
        told = orjson.loads(data) if data.count(b"[") < _MOST_LISTS else None
    except orjson.JSONDecodeError:
        raise damaged("说明读不懂") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise damaged("说明不是交换文件的说明")
    version = told.get("version")
    if not isinstance(version, int) or not _whole(version, 1):
        raise damaged("格式版本写法不对")
    if version > VERSION:
        raise Refusal(
            f"这个文件是用更新版本的整改通导出的（格式 {version}，本程序只认得到 {VERSION}）。",
            "请先升级本机的整改通，文件没有被改动。",
            TOPIC,
        )
    try:
        found = _read(told)
    except (KeyError, TypeError, ValueError):
        raise damaged("说明里的内容不对") from None
    if sum(part.lines for part in found.parts) != found.changes + found.withheld:
        raise damaged("说明里的条数前后不一")
    if sum(span.last - span.first + 1 for span in found.spans) != found.changes + found.withheld:
        raise damaged("说明里的条数和序号不一")
    if any(found.seen.get(span.replica, 0) < span.last for span in found.spans):
        raise damaged("说明里的序号前后不一")
    return found


def _read(told: Mapping[str, Any]) -> Manifest:
    spans = tuple(Span(_of(_REPLICA, r), _number(first, 1), _number(last, first)) for r, first, last in told["spans"])
    parts = tuple(
        Part(_number(size, 1, PART + LONGEST_LINE), _of(_HASH, digest), _number(lines, 1, MOST_CHANGES))
        for size, digest, lines in told["parts"]
    )
    papers = {_of(_HASH, digest): _number(size, 1, blobs.LARGEST) for digest, size in _mapping(told["papers"]).items()}
    seen = {_of(_REPLICA, name): _number(last, 1) for name, last in _mapping(told["seen"]).items()}
    if len(parts) > MOST_PARTS or len(papers) > MOST_MEMBERS or max(len(spans), len(seen)) > MOST_REPLICAS:
        raise ValueError("too many")
    if [one.replica for one in spans] != sorted({one.replica for one in spans}):
        raise ValueError("replicas out of order")
    number, previous = _number(told["number"], 1), told["previous"]
    if (number == 1) != (previous == ""):
        raise ValueError("first without a beginning")
    if not clock.readable(told["made"]):
        raise ValueError("time")
    return Manifest(
        _party(told["sender"]),
        None if told["to"] is None else _party(told["to"]),
        _of(_SHORT, told["series"]),
        number,
        _of(_HASH, previous) if previous else "",
        told["made"],
        _words(told["program"]),
        spans,
        seen,
        _of(_HASH, told["head"]),
        _number(told["changes"], 0, MOST_CHANGES),
        _number(told["withheld"], 0, MOST_CHANGES),
        parts,
        papers,
        _words(told["scope"]),
        Media(**{name: _words(_mapping(told.get("media", {})).get(name, "")) for name in Media.__dataclass_fields__}),
        _replicas(told.get("own", [])),
        told["version"] > PLAIN,
        _number(told.get("hidden", 0), 0, MOST_CHANGES),
    )


def _replicas(told: Any) -> tuple[str, ...]:
    if not isinstance(told, list) or len(told) > MOST_REPLICAS:
        raise ValueError("replicas")
    return tuple(_of(_REPLICA, one) for one in told)


def _mapping(told: Any) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise TypeError("mapping")
    return told


def _party(told: Any) -> Party:
    keys = [told["key"], told["sealing"]]
    installation = told["installation"]
    return Party(
        _of(_REPLICA, told["unit"]) if told["unit"] else "",
        _words(told["name"]),
        _of(_SHORT, installation) if installation else "",
        *(_of(_HASH, one) if one else "" for one in keys),
    )


def _of(pattern: re.Pattern[str], text: Any) -> str:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise ValueError(pattern.pattern)
    return text


def _words(text: Any) -> str:
    """A line for the screen: of no great length, and nothing in it that a screen cannot show as one line."""
    if not isinstance(text, str) or len(text) > LONGEST_WORDS or not (text == "" or text.isprintable()):
        raise ValueError("words")
    return text


def _whole(value: Any, least: int, most: int = BEYOND - 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _number(value: Any, least: int, most: int = BEYOND - 1) -> int:
    if not _whole(value, least, most):
        raise ValueError("number")
    return int(value)


def is_key(told: Any) -> bool:
    """Whether this is a public key, or a hash, as it is told: 64 hex digits."""
    return isinstance(told, str) and bool(_HASH.fullmatch(told))


def is_place(replica: Any, sequence: Any, digest: Any) -> bool:
    """Whether these are a replica, a sequence number and a hash."""
    texts = isinstance(replica, str) and isinstance(digest, str)
    return texts and bool(_REPLICA.fullmatch(replica) and _HASH.fullmatch(digest)) and _whole(sequence, 1)
