"""Ways to damage a package or a ledger file, one for each number, the same at every run."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.exchange import keys

FORGER = keys.Keys(Ed25519PrivateKey.from_private_bytes(b"f" * 32), None)  # type: ignore[arg-type]
"""Somebody who signs what he changed with a key of his own."""
Members = list[tuple[str, bytes]]


def damaged(whole: bytes, other: bytes, number: int) -> bytes:
    """The damaged file of that number, made of ``whole`` and, for splices, of another package."""
    luck = random.Random(number)
    return WAYS[number % len(WAYS)](whole, other, luck)


def flipped(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(luck.choice((1, 1, 1, 2, 8))):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    return bytes(data)


def flipped_at_an_edge(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    """In the directory at the end or the header at the beginning, where structure is."""
    data = bytearray(whole)
    at = luck.randrange(min(200, len(data)))
    data[at if luck.random() < 0.3 else -1 - at] ^= 1 << luck.randrange(8)
    return bytes(data)


def cut(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    return whole[: luck.randrange(len(whole))]


def cut_in_the_middle(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    one, two = sorted(luck.randrange(len(whole)) for _ in range(2))
    return whole[:one] + whole[two:]


def longer(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    at = luck.choice((0, len(whole), luck.randrange(len(whole))))
    return whole[:at] + luck.randbytes(luck.choice((1, 22, 500))) + whole[at:]


def spliced(whole: bytes, other: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(whole))
    return whole[:at] + other[at if luck.random() < 0.5 else luck.randrange(len(other)) :]


def blanked(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    at, size = luck.randrange(len(whole)), luck.choice((1, 64, 512))
    return whole[:at] + bytes(min(size, len(whole) - at)) + whole[at + size :]


def numbers_changed(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    """A 32-bit number anywhere becomes an extreme one: sizes, offsets, counts."""
    data, at = bytearray(whole), luck.randrange(len(whole) - 4)
    if luck.random() < 0.7:
        at = len(data) - 4 - luck.randrange(min(400, len(data) - 4))
    data[at : at + 4] = struct.pack("<I", luck.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE)))
    return bytes(data)


def taken_apart(whole: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return [(one.filename, archive.read(one)) for one in archive.infolist()]


def put_together(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return made.getvalue()


def signed_anew(members: Members, change: Callable[[dict[str, object]], None]) -> Members:
    """The members with a changed manifest, signed by the forger under his own key."""
    found = dict(members)
    told = orjson.loads(found["manifest.json"])
    told["sender"]["key"] = FORGER.key
    change(told)
    found["manifest.json"] = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    found["signature"] = FORGER.sign(found["manifest.json"])
    return list(found.items())


def swapped(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    members = taken_apart(whole)
    one, two = luck.sample(range(len(members)), 2)
    (first, data), (second, more) = members[one], members[two]
    if luck.random() < 0.5:
        members[one], members[two] = (first, more), (second, data)
    else:
        members[one], members[two] = members[two], members[one]
    return put_together(members)


def renamed(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    members = taken_apart(whole)
    at = luck.randrange(len(members))
    names = (
        "../../etc/passwd",
        "/tmp/x",
        "C:\\x",
        "papers/../x",
        "changes/000001",
        "papers/" + "0" * 64,
        "材料",
        "a" * 300,
    )
    members[at] = luck.choice(names), members[at][1]
    return put_together(list(dict(members).items()))


def from_another(whole: bytes, other: bytes, luck: random.Random) -> bytes:
    """One member of another package, or its manifest and signature."""
    members, theirs = dict(taken_apart(whole)), dict(taken_apart(other))
    names = [name for name in theirs if name in members]
    for name in luck.sample(names, luck.choice((1, min(2, len(names))))):
        members[name] = theirs[name]
    return put_together(list(members.items()))


def changed_inside(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    """A bit of a member's unpacked bytes, packed again without a fault in the zip."""
    members = taken_apart(whole)
    at = luck.randrange(len(members))
    data = bytearray(members[at][1])
    data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    members[at] = members[at][0], bytes(data)
    return put_together(members)


def left_out(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    members = taken_apart(whole)
    del members[luck.randrange(len(members))]
    return put_together(members)


def forged(whole: bytes, _other: bytes, luck: random.Random) -> bytes:
    """A manifest that says something else, correctly signed by somebody else."""
    fields = (
        "changes",
        "withheld",
        "number",
        "previous",
        "series",
        "head",
        "made",
        "version",
        "seen",
        "spans",
        "parts",
        "papers",
    )
    odd: tuple[object, ...] = (
        0,
        -1,
        1 << 60,
        1.5,
        True,
        None,
        "",
        "x" * 600,
        [],
        {},
        [[]],
        ["a", 1, 2],
        {"a": 1},
        "坏\n",
        [[1, "a", 2]],
    )

    def change(told: dict[str, object]) -> None:
        told[luck.choice(fields)] = luck.choice(odd)

    return put_together(signed_anew(taken_apart(whole), change))


WAYS = (
    flipped, flipped_at_an_edge, cut, cut_in_the_middle, longer, spliced, blanked, numbers_changed,
    swapped, renamed, from_another, changed_inside, left_out, forged, flipped, flipped_at_an_edge,
)  # fmt: skip
RAW = (flipped, flipped, flipped_at_an_edge, cut, cut_in_the_middle, longer, spliced, blanked, numbers_changed)
"""Those that need no zip."""
