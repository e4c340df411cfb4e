"""Small faces made for tests: TrueType ones from glyphs of a shipped face, a CFF one drawn by hand, and collections."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import uharfbuzz as hb

from desktop_app.notices import choice, sfnt

OFFICE = "的国一，。“”（）仿宋王局年月日0123456789 —…"
"""What a small face draws unless told otherwise. Its glyphs are those of quite other characters."""


def cmap(glyphs: Mapping[int, int], platform: int = 3, encoding: int = 10) -> bytes:
    """A cmap table of one format 12 subtable: code point → glyph."""
    groups = b"".join(struct.pack(">III", code, code, glyph) for code, glyph in sorted(glyphs.items()))
    body = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(glyphs)) + groups
    return struct.pack(">HHHHI", 0, 1, platform, encoding, 12) + body


def names(records: Iterable[tuple[int, int, int, str | bytes]]) -> bytes:
    """A name table of (platform, encoding, number, text); text is encoded as its platform asks, bytes are taken as they are."""
    rows, strings = b"", b""
    count = 0
    for platform, encoding, number, text in records:
        raw = text if isinstance(text, bytes) else text.encode("utf-16-be" if platform == 3 else "gb18030")
        rows += struct.pack(">6H", platform, encoding, 0x804 if platform == 3 else 33, number, len(raw), len(strings))
        strings += raw
        count += 1
    return struct.pack(">HHH", 0, count, 6 + 12 * count) + rows + strings


def os2(bits: int = 0, weight: int = 400, selection: int = 0x40) -> bytes:
    """An OS/2 table (version 0) with these embedding bits, weight class and selection flags."""
    return (
        struct.pack(">HhHHH", 0, 500, weight, 5, bits)
        + bytes(52)
        + struct.pack(">HHHhhhHH", selection, 32, 65535, 880, -120, 0, 880, 120)
    )


@cache
def _base() -> tuple[dict[bytes, bytes], tuple[int, ...]]:
    """The tables of ZhenggaiKai and the glyphs in it that are drawn."""
    data = choice.SHIPPED["ZhenggaiKai"].path.read_bytes()
    tables = {tag: bytes(table) for tag, table in sfnt.tables(data, 0).items()}
    face = hb.Face(data)
    font = hb.Font(face)
    return tables, tuple(font.get_nominal_glyph(code) for code in sorted(face.unicodes) if code > 0x3400)


def named(family: str, postscript: str = "", style: str = "Regular") -> bytes:
    """A name table of a family, as Windows reads it."""
    full = family if style == "Regular" else f"{family} {style}"
    rows = [(3, 1, 1, family), (3, 1, 2, style), (3, 1, 4, full)]
    return names([*rows, *([(3, 1, 6, postscript)] if postscript else [])])


def truetype(
    name: bytes,
    characters: str = OFFICE,
    *,
    bits: int = 0,
    weight: int = 400,
    selection: int = 0x40,
    blank: str = "",
    narrow: str = "",
    extra: Mapping[bytes, bytes] | None = None,
) -> bytes:
    """A TrueType face. ``blank`` characters have a glyph without ink; ``narrow`` ones are 400/1000 wide."""
    tables, drawn = _base()
    parts = dict(tables)
    glyphs = dict(zip(map(ord, characters), drawn, strict=False))
    count = int.from_bytes(parts[b"maxp"][4:6])
    slim = {glyphs[ord(char)] for char in narrow}
    widths = b"".join(struct.pack(">Hh", 400 if glyph in slim else 1000, 0) for glyph in range(count))
    parts[b"hhea"] = parts[b"hhea"][:34] + struct.pack(">H", count)
    for char in (*blank, " "):
        glyphs[ord(char)] = _blank_glyph(parts)
    parts |= {b"cmap": cmap(glyphs), b"name": name, b"OS/2": os2(bits, weight, selection), b"hmtx": widths}
    return sfnt.assemble(parts | dict(extra or {}))


def _blank_glyph(parts: Mapping[bytes, bytes]) -> int:
    """A glyph without an outline: two equal offsets in ``loca``."""
    form = ">I" if parts[b"head"][51] else ">H"
    places = [place for (place,) in struct.iter_unpack(form, parts[b"loca"])]
    return next(k for k in range(len(places) - 1) if places[k] == places[k + 1])


def collection(faces: Iterable[bytes]) -> bytes:
    """A font collection of these faces, each with its own tables."""
    listed = list(faces)
    start = 12 + 4 * len(listed)
    offsets, body = [], b""
    for face in listed:
        at = start + len(body)
        moved = bytearray(face)
        for k in range(int.from_bytes(face[4:6])):
            place = 12 + 16 * k + 8
            struct.pack_into(">I", moved, place, int.from_bytes(face[place : place + 4]) + at)
        offsets.append(at)
        body += bytes(moved) + bytes(-len(moved) % 4)
    return struct.pack(f">4sII{len(listed)}I", b"ttcf", 0x10000, len(listed), *offsets) + body


def _index(items: list[bytes]) -> bytes:
    if not items:
        return b"\0\0"
    ends = [1]
    for item in items:
        ends.append(ends[-1] + len(item))
    return struct.pack(">HB", len(items), 4) + b"".join(struct.pack(">I", end) for end in ends) + b"".join(items)


def _number(value: int) -> bytes:
    return b"\x1d" + struct.pack(">i", value)


def _box(size: int) -> bytes:
    """A charstring: a square of ``size`` with its lower left corner at (100, 0)."""

    def short(value: int) -> bytes:
        return b"\x1c" + struct.pack(">h", value)

    return (
        short(100)
        + short(0)
        + b"\x15"
        + short(size)
        + b"\x06"
        + short(size)
        + b"\x07"
        + short(-size)
        + b"\x06"
        + b"\x0e"
    )


def cff(name: bytes, characters: str = OFFICE) -> bytes:
    """A face of name-keyed CFF outlines, squares of different sizes, one em wide."""
    count = len(characters) + 1
    strings = [f"g{k}".encode() for k in range(1, count)]
    charset = b"\0" + b"".join(struct.pack(">H", 391 + k) for k in range(count - 1))
    outlines = _index([b"\x0e", *(_box(300 + 10 * k) if c != " " else b"\x0e" for k, c in enumerate(characters))])
    private = _number(0) + b"\x14"  # defaultWidthX

    def top(at: int) -> bytes:
        inks = at + len(charset)
        return (
            _number(at)
            + b"\x0f"
            + _number(inks)
            + b"\x11"
            + _number(len(private))
            + _number(inks + len(outlines))
            + b"\x12"
        )

    front = b"\1\0\4\4" + _index([b"Small"])
    back = _index(strings) + _index([])
    at = len(front) + len(_index([top(0)])) + len(back)
    table = front + _index([top(at)]) + back + charset + outlines + private
    glyphs = {ord(char): number for number, char in enumerate(characters, 1)}
    tables, _ = _base()
    return sfnt.assemble(
        {
            b"CFF ": table,
            b"cmap": cmap(glyphs),
            b"name": name,
            b"OS/2": os2(),
            b"head": tables[b"head"],
            b"hhea": tables[b"hhea"][:34] + struct.pack(">H", 1),
            b"hmtx": struct.pack(">Hh", 1000, 100) + struct.pack(">h", 100) * (count - 1),
            b"maxp": struct.pack(">IH", 0x5000, count),
        }
    )


def put(folder: Path, name: str, data: bytes) -> Path:
    """Writes a face."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path
