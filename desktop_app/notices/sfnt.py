"""The tables of a font file: which faces it holds, what they are called, what their licence allows; and files made of tables.

Reads what the OpenType specification calls the table directory, ``name``, ``OS/2`` and ``cmap`` head, and nothing else, so
that hundreds of files can be looked at without loading one. Damaged files raise ``ValueError``.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Container, Iterator, Mapping
from typing import Literal, NamedTuple

Bytes = bytes | memoryview | mmap.mmap

Licence = Literal["free", "whole", "none"]
"""What the embedding bits allow: a subset, the whole face only, nothing."""

MOST_FACES = 64
MOST_TABLES = 128


class Name(NamedTuple):
    """A record of the ``name`` table: 1 family, 2 style, 4 full name, 6 PostScript name, 16 and 17 family and style again."""

    number: int
    text: str


def offsets(data: Bytes) -> list[int]:
    """Where the table directory of each face of the file begins."""
    head = bytes(data[:12])
    if head[:4] in (b"\0\1\0\0", b"OTTO", b"true"):
        return [0]
    if head[:4] != b"ttcf":
        raise ValueError("no font file")
    count = int.from_bytes(head[8:12])
    if not 0 < count <= MOST_FACES:
        raise ValueError("a collection of a strange number of faces")
    return list(struct.unpack(f">{count}I", _part(data, 12, 4 * count)))


def tables(data: Bytes, at: int, read: Container[bytes] | None = None) -> dict[bytes, Bytes]:
    """The tables of the face whose directory begins at ``at``; views into ``data`` when it is one.

    Those not in ``read`` are named and empty: slicing a memory map loads what is sliced.
    """
    count = int.from_bytes(_part(data, at + 4, 2))
    if not 0 < count <= MOST_TABLES:
        raise ValueError("a strange number of tables")
    found: dict[bytes, Bytes] = {}
    for tag, _sum, start, length in struct.iter_unpack(">4sIII", _part(data, at + 12, 16 * count)):
        if start + length > len(data):
            raise ValueError("the file is cut short")
        found[tag] = data[start : start + length] if read is None or tag in read else b""
    return found


def _part(data: Bytes, start: int, length: int) -> Bytes:
    if start + length > len(data):
        raise ValueError("the file is cut short")
    return data[start : start + length]


def names(table: Bytes) -> Iterator[Name]:
    """The readable records of a ``name`` table, in any language, in its order."""
    count, strings = struct.unpack(">HH", _part(table, 2, 4))
    for record in struct.iter_unpack(">6H", _part(table, 6, 12 * count)):
        platform, encoding, _language, number, length, start = record
        if number not in (1, 2, 4, 6, 16, 17):
            continue
        raw = bytes(_part(table, strings + start, length))
        text = _decoded(raw, platform, encoding)
        if text:
            yield Name(number, text)


def _decoded(raw: bytes, platform: int, encoding: int) -> str:
    """Old Chinese faces keep names of platform 3, encoding 3 as GBK with a null byte before each single one."""
    if platform == 3 and encoding == 3:
        return raw.replace(b"\0", b"").decode("gb18030", "ignore").strip()
    if platform in (0, 3):
        return raw.decode("utf-16-be", "ignore").strip("\0 ")
    if platform == 1:
        return raw.decode("gb18030" if encoding == 25 else "big5" if encoding == 2 else "mac_roman", "ignore").strip()
    return ""


def licence(os2: Bytes | None) -> Licence:
    """What ``fsType`` allows; a face without an ``OS/2`` table forbids nothing. Of several levels the mildest holds."""
    if os2 is None or len(os2) < 10:
        return "free"
    bits = int.from_bytes(os2[8:10])
    if bits & 0x000E == 0x0002 or bits & 0x0200:  # restricted; only bitmaps may be embedded
        return "none"
    return "whole" if bits & 0x0100 else "free"


def weight(os2: Bytes | None) -> int:
    """100 to 900, 400 is regular."""
    return int.from_bytes(os2[4:6]) if os2 is not None and len(os2) >= 6 else 400


def slanted(os2: Bytes | None) -> bool:
    """Whether the face calls itself italic or oblique."""
    return os2 is not None and len(os2) >= 64 and bool(int.from_bytes(os2[62:64]) & 0x0201)


def symbolic(cmap: Bytes) -> bool:
    """Whether characters are found only by a private numbering: such a face says nothing about Chinese."""
    count = int.from_bytes(_part(cmap, 2, 2))
    pairs = [pair[:2] for pair in struct.iter_unpack(">HHI", _part(cmap, 4, 8 * count))]
    return not any(platform == 0 or (platform == 3 and encoding in (1, 10)) for platform, encoding in pairs)


def assemble(parts: Mapping[bytes, Bytes]) -> bytes:
    """A font file of these tables."""
    kind = b"OTTO" if b"CFF " in parts else b"\0\1\0\0"
    count = len(parts)
    power = count.bit_length() - 1
    head = struct.pack(">4sHHHH", kind, count, 16 << power, power, 16 * count - (16 << power))
    place = 12 + 16 * count
    directory, body = [], []
    for tag in sorted(parts):
        table = bytes(parts[tag])
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory.append(struct.pack(">4sIII", tag, total, place, len(table)))
        body.append(padded)
        place += len(padded)
    return b"".join((head, *directory, *body))


def name_table(texts: Mapping[int, str]) -> bytes:
    """A ``name`` table of English records for Windows."""
    records, strings = [], b""
    for number, text in sorted(texts.items()):
        raw = text.encode("utf-16-be")
        records.append(struct.pack(">6H", 3, 1, 0x409, number, len(raw), len(strings)))
        strings += raw
    return struct.pack(">HHH", 0, len(records), 6 + 12 * len(records)) + b"".join(records) + strings
