"""Which character identifier (CID) each glyph of a CFF face has: PDF addresses glyphs of embedded CFF faces by CID.

Reads four structures of a CID-keyed CFF table (Adobe Technical Note 5176, sections 5, 9, 13 and 15) and nothing else.
"""

from __future__ import annotations

import struct
from array import array

_CHARSETS = {0: ">H", 1: ">HB", 2: ">HH"}
"""Form of a charset → a CID; or the first of a range and how many follow it."""
_ROS = (12, 30)
"""The operator that only CID-keyed faces have."""


def cids(table: memoryview, count: int) -> array[int]:
    """The CID of every glyph, by glyph number; ``count`` is the face's number of glyphs.

    A face that is not CID-keyed has its glyph numbers as identifiers (PDF 32000-1, 9.7.4.2).
    """
    top = _top(table)
    if _ROS not in top:
        return array("I", range(count))
    at = int(top[15, 0][0])
    layout = _CHARSETS[table[at]]
    size = struct.calcsize(layout)
    told = bytes(table[at + 1 : at + 1 + size * (count - 1)])  # as many ranges as there are glyphs, at most
    ranges = struct.iter_unpack(layout, told[: len(told) // size * size])
    found = [0]
    if size == 2:
        found += [cid for (cid,) in ranges]
    else:
        for first, more in ranges:
            if not more:
                found.append(first)
                continue
            found += range(first, first + more + 1)
            if len(found) >= count:
                break
    return array("I", found[:count])


def keyed(table: memoryview) -> bool:
    """Whether the face is CID-keyed."""
    return _ROS in _top(table)


def _top(table: memoryview) -> dict[tuple[int, int], list[float]]:
    tops = _index(table, _end_of_index(table, table[2]))
    return _operators(table[tops[0] : tops[1]])


def count(table: memoryview) -> int:
    """How many glyphs the face has (the CharStrings INDEX)."""
    tops = _index(table, _end_of_index(table, table[2]))
    at = int(_operators(table[tops[0] : tops[1]])[17, 0][0])
    return int.from_bytes(table[at : at + 2])


def _offsets(table: memoryview, at: int) -> tuple[list[int], int]:
    """Absolute offsets of an INDEX's objects (one more than objects), and the size of its own head."""
    count = int.from_bytes(table[at : at + 2])
    if not count:
        return [at + 2], 2
    size = table[at + 2]
    base = at + 3 + (count + 1) * size - 1
    return [base + int.from_bytes(table[at + 3 + k * size : at + 3 + (k + 1) * size]) for k in range(count + 1)], 0


def _index(table: memoryview, at: int) -> list[int]:
    return _offsets(table, at)[0]


def _end_of_index(table: memoryview, at: int) -> int:
    return _offsets(table, at)[0][-1]


def _operators(data: memoryview) -> dict[tuple[int, int], list[float]]:
    """The operators of a DICT (5176, section 4) with their whole-number operands; reals are read as 0."""
    found: dict[tuple[int, int], list[float]] = {}
    operands: list[float] = []
    at = 0
    while at < len(data):
        byte = data[at]
        at += 1
        if byte <= 21:
            key = (12, data[at]) if byte == 12 else (byte, 0)
            at += byte == 12
            found[key] = operands
            operands = []
        elif byte == 28:
            operands.append(int.from_bytes(data[at : at + 2], signed=True))
            at += 2
        elif byte == 29:
            operands.append(int.from_bytes(data[at : at + 4], signed=True))
            at += 4
        elif byte == 30:
            while data[at] & 0x0F != 0x0F:
                at += 1
            at += 1
            operands.append(0)
        elif byte <= 246:
            operands.append(byte - 139)
        elif byte <= 250:
            operands.append((byte - 247) * 256 + data[at] + 108)
            at += 1
        else:
            operands.append(-(byte - 251) * 256 - data[at] - 108)
            at += 1
    return found
