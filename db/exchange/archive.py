"""The zip a package is: read so strictly that every byte of the file is accounted for, and no name in it is ever a path.

Only what ``pack`` writes is read: members one after the other without a gap, plain or deflated, no comment, no extra field, no
encryption, no 64-bit numbers. So a file can hold neither hidden nor overlapping members, and unpacking never gives more than the
sizes the directory and the manifest name.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from db.exchange.manifest import LARGEST, MOST_MEMBERS, MOST_PARTS, MOST_RATIO, damaged

_END = struct.Struct("<4s4H2IH")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_SMALL = 1 << 16
"""Bytes below which a ratio does not matter."""
_LONGEST_NAME = 80
PIECE = 1 << 18


@dataclass(frozen=True)
class Member:
    """Where a member lies: first byte of its data, bytes packed and unpacked, whether it is deflated."""

    name: str
    at: int
    packed: int
    size: int
    deflated: bool


def directory(file: IO[bytes]) -> dict[str, Member]:
    """The members of a package in their order; ``Fault`` where the file is not exactly such a zip."""
    size = file.seek(0, 2)
    if size > LARGEST:
        raise damaged("文件太大")
    if size < _END.size:
        raise damaged("文件不完整")
    end = _exactly(file, size - _END.size, _END.size)
    mark, disk, first, here, count, length, offset, comment = _END.unpack(end)
    if mark != b"PK\5\6" or disk or first or comment or here != count or offset + length + _END.size != size:
        raise damaged("文件不完整，或多出了内容")
    if count > MOST_MEMBERS + MOST_PARTS or length > count * (_ENTRY.size + _LONGEST_NAME):
        raise damaged("里面的文件太多")
    return _members(_exactly(file, offset, length), count, file, offset)


def _members(listed: bytes, count: int, file: IO[bytes], end: int) -> dict[str, Member]:
    found: dict[str, Member] = {}
    at = next_at = 0
    for _ in range(count):
        if at + _ENTRY.size > len(listed):
            raise damaged("目录不完整")
        (mark, _made, _needs, flags, method, time, day, crc, packed, size, named, extra, comment, disk, _kind, _rights, begins) = (
            _ENTRY.unpack_from(listed, at)
        )  # fmt: skip
        raw = listed[at + _ENTRY.size : at + _ENTRY.size + named]
        at += _ENTRY.size + named
        if mark != b"PK\1\2" or flags or method not in (0, 8) or extra or comment or disk or begins != next_at:
            raise damaged("目录不对")
        if len(raw) != named or not 0 < named <= _LONGEST_NAME or not raw.isascii() or b"\0" in raw:
            raise damaged("目录不对")
        name = raw.decode("ascii")
        if name in found:
            raise damaged("里面有两个同名的文件")
        if size != packed if method == 0 else size > max(_SMALL, packed * MOST_RATIO):
            raise damaged("解开后大得不合情理")
        local = _exactly(file, begins, _LOCAL.size + named)
        told = _LOCAL.unpack_from(local)
        if told[0] != b"PK\3\4" or told[2:] != (flags, method, time, day, crc, packed, size, named, 0):
            raise damaged("目录与内容不符")
        if local[_LOCAL.size :] != raw:
            raise damaged("目录与内容不符")
        found[name] = Member(name, begins + len(local), packed, size, method == 8)
        next_at = begins + len(local) + packed
    if at != len(listed) or next_at != end:
        raise damaged("文件里多出了内容")
    return found


def _exactly(file: IO[bytes], at: int, size: int) -> bytes:
    file.seek(at)
    data = file.read(size)
    if len(data) != size:
        raise damaged("文件不完整")
    return data


def unpacked(file: IO[bytes], member: Member) -> Iterator[bytes]:
    """The bytes of a member, a piece at a time; ``Fault`` where they are not as many as were told."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.deflated else None
    given, at, end = 0, member.at, member.at + member.packed
    try:
        while at < end:
            piece = _exactly(file, at, min(PIECE, end - at))
            at += len(piece)
            while piece:
                data = inflate.decompress(piece, PIECE) if inflate else piece
                piece = inflate.unconsumed_tail if inflate else b""
                given += len(data)
                if given > member.size or (inflate and inflate.unused_data):
                    raise damaged("内容与目录不符")
                yield data
        while inflate and not inflate.eof:
            data = inflate.decompress(b"", PIECE)
            given += len(data)
            if not data or given > member.size:
                raise damaged("内容与目录不符")
            yield data
    except zlib.error:
        raise damaged("内容解不开") from None
    if given != member.size:
        raise damaged("内容与目录不符")


def whole(file: IO[bytes], member: Member, most: int) -> bytes:
    """A member in one piece, of at most so many bytes."""
    if member.size > most:
        raise damaged("内容与目录不符")
    return b"".join(unpacked(file, member))
