"""The receipt of a merge: what was taken, passed over, refused and is in conflict, as plain values; and as a file for the way back.

A receipt tells the sender what arrived and how far the receiver now is, replica by replica, with the hash of the last change of
each: so the sender sees by himself whether both hold the same. The file is one JSON object in its canonical form; it may be
signed (Ed25519) over the bytes of its ``receipt``.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from db import clock
from db.errors import Fault, Refusal
from db.exchange.contents import Party
from db.ledger.change import BEYOND, Outcome
from db.store.faults import translated

SUFFIX = ".zgr"
FORMAT = "zhenggai-receipt"
VERSION = 1
LARGEST = 32 << 20
"""Bytes of a receipt file: it names every replica there is, and no records."""
TOPIC = "exchange"
_WORDS = 2_000

Sign = Callable[[bytes], tuple[str, str]]
"""Bytes → the public key and the signature, in hex digits."""
Proof = Callable[[str, bytes, str], bool]
"""Public key, bytes, signature → whether it is one."""


@dataclass(frozen=True)
class Count:
    """Changes of one unit and schema that were taken and passed over because they were here, and the fields now in conflict
    among the records they touched."""

    unit: str
    record: str
    taken: int = 0
    passed: int = 0
    conflicts: int = 0


@dataclass(frozen=True)
class FileFate:
    """What became of one file. ``offered`` changes were in it; ``agrees`` says whether all the sender held is now held here
    unchanged ("yes", "no"), or "" where it was not all sent; ``sentence`` and ``advice`` why it was refused."""

    name: str
    kind: str
    hash: str
    series: str
    number: int
    sender: Party
    made: str
    offered: int
    taken: int = 0
    passed: int = 0
    papers: int = 0
    agrees: str = ""
    sentence: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Point:
    """The last change of a replica that is held, by number and hash."""

    replica: str
    sequence: int
    hash: str


@dataclass(frozen=True)
class Receipt:
    """One merge. ``first`` and ``last`` are the positions in this file's log of what was taken (0, 0: nothing), ``mark`` the
    hash of the last of it; ``points`` and ``head`` tell how far this file is afterwards. ``outcome`` is for this program's
    pages and does not travel."""

    id: str
    made: str
    actor: str
    receiver: Party
    files: tuple[FileFate, ...]
    counts: tuple[Count, ...] = ()
    points: tuple[Point, ...] = ()
    head: str = ""
    first: int = 0
    last: int = 0
    mark: str = ""
    backup: str = ""
    outcome: Outcome = field(default=Outcome(), compare=False)

    @property
    def taken(self) -> int:
        """Changes taken."""
        return sum(one.taken for one in self.files)

    @property
    def passed(self) -> int:
        """Changes that were here before."""
        return sum(one.passed for one in self.files)

    @property
    def conflicts(self) -> int:
        """Fields in conflict among the records touched."""
        return sum(one.conflicts for one in self.counts)

    @property
    def refused(self) -> tuple[FileFate, ...]:
        """The files that were not taken."""
        return tuple(one for one in self.files if one.sentence)

    @property
    def seen(self) -> dict[str, int]:
        """Replica → last number held."""
        return {one.replica: one.sequence for one in self.points}

    @property
    def sentence(self) -> str:
        """The receipt in a line."""
        told = []
        if self.taken:
            told.append(f"并入 {self.taken} 条记录")
        if self.passed:
            told.append(f"{self.passed} 条以前已有")
        if papers := sum(one.papers for one in self.files):
            told.append(f"收到 {papers} 份材料")
        if self.conflicts:
            told.append(f"{self.conflicts} 处冲突待裁定")
        if self.refused:
            told.append(f"{len(self.refused)} 个文件没有并入")
        if not self.taken and not self.refused:
            told.insert(0, "没有新内容，台账没有改动")
        return "，".join(told) + "。"


def plain(receipt: Receipt) -> dict[str, Any]:
    """The receipt as JSON has it."""
    told = asdict(receipt)
    del told["outcome"]
    return told


def data(receipt: Receipt) -> bytes:
    """The canonical JSON of a receipt."""
    return orjson.dumps(plain(receipt), option=orjson.OPT_SORT_KEYS)


def write(receipt: Receipt, target: Path, sign: Sign | None = None) -> None:
    """Writes a receipt for the way back; it appears whole or not at all, and over an older one only when it is whole."""
    told: dict[str, Any] = {"format": FORMAT, "version": VERSION, "receipt": plain(receipt)}
    if sign is not None:
        told["key"], told["signature"] = sign(data(receipt))
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    with translated(target):
        if not target.parent.is_dir():
            raise Fault(f"没有这个文件夹：{target.parent}", "请先建好文件夹，或换一个位置。", "faults")
        try:
            with part.open("xb") as file:
                file.write(orjson.dumps(told, option=orjson.OPT_SORT_KEYS))
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


@dataclass(frozen=True)
class Received:
    """A receipt that came back: what it says, and the key that signed it ("" for an unsigned one)."""

    receipt: Receipt
    key: str = ""


def read(path: Path, proof: Proof | None = None) -> Received:
    """Reads a receipt file; ``Refusal`` for anything that is none. A signature is looked at where ``proof`` is given."""
    with translated(path), path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise _damaged("文件太大")
    try:
        told = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise _damaged("读不懂") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Refusal(f"这不是整改通的回执文件：{path.name}", "请选取 .zgr 文件。", TOPIC)
    version = told.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _damaged("格式版本写法不对")
    if version > VERSION:
        raise Refusal("这份回执是用更新版本的整改通做的。", "请先升级本机的整改通。", TOPIC)
    found = plainly(told.get("receipt"))
    key, signature = told.get("key", ""), told.get("signature", "")
    if not isinstance(key, str) or not isinstance(signature, str):
        raise _damaged("签名不对")
    if proof is not None and key and not proof(key, data(found), signature):
        raise _damaged("签名不对，内容可能被改动过")
    return Received(found, key if proof is not None else "")


def _damaged(what: str) -> Refusal:
    return Refusal(f"回执文件已损坏：{what}。", "请对方重新给一份回执；本台账没有改动。", TOPIC)


_HASH = re.compile(r"([0-9a-f]{64})?")
_NAME = re.compile(r"[A-Za-z0-9_.:-]{0,80}")


def plainly(told: Any) -> Receipt:
    """JSON → the receipt it is; ``Refusal`` where it is none."""
    try:
        made = str(told["made"])
        if not clock.readable(made):
            raise ValueError("time")
        return Receipt(
            _name(told["id"]),
            made,
            _words(told["actor"]),
            _party(told["receiver"]),
            tuple(_file(one) for one in told["files"]),
            tuple(_count(one) for one in told["counts"]),
            tuple(Point(_name(p["replica"]), _number(p["sequence"]), _hash(p["hash"])) for p in told["points"]),
            _hash(told["head"]),
            _number(told["first"]),
            _number(told["last"]),
            _hash(told["mark"]),
            _words(told["backup"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged("内容不对") from None


def _file(told: Any) -> FileFate:
    return FileFate(
        _words(told["name"]),
        _words(told["kind"]),
        _hash(told["hash"]),
        _name(told["series"]),
        _number(told["number"]),
        _party(told["sender"]),
        _words(told["made"]),
        _number(told["offered"]),
        _number(told["taken"]),
        _number(told["passed"]),
        _number(told["papers"]),
        _words(told["agrees"]),
        _words(told["sentence"]),
        _words(told["advice"]),
    )


def _count(told: Any) -> Count:
    numbers = {name: _number(told[name]) for name in ("taken", "passed", "conflicts")}
    return Count(_name(told["unit"]), _name(told["record"]), **numbers)


def _party(told: Any) -> Party:
    names = {name: _name(told[name]) for name in ("unit", "installation", "key", "sealing")}
    return Party(name=_words(told["name"]), **names)


def _matching(pattern: re.Pattern[str], text: Any) -> str:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise ValueError(pattern.pattern)
    return text


def _hash(text: Any) -> str:
    return _matching(_HASH, text)


def is_name(text: str) -> bool:
    """Whether a text can be the id of a record."""
    return _NAME.fullmatch(text) is not None


def _name(text: Any) -> str:
    return _matching(_NAME, text)


def _words(text: Any) -> str:
    if not isinstance(text, str) or len(text) > _WORDS or not (text == "" or text.isprintable()):
        raise ValueError("words")
    return text


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < BEYOND:
        raise ValueError("number")
    return value
