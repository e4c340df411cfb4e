"""Papers kept in the ledger file by the hash of their bytes: streamed in and out in chunks, never loaded whole."""

from __future__ import annotations

import hashlib
import io
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, func, select

from db.errors import Fault, Refusal
from db.schema.composite import Sheet
from db.store.tables import Tables

CHUNK = 1 << 20
"""Bytes of a chunk."""
LARGEST = 200 * CHUNK
"""Bytes of the largest paper kept (200 MB)."""
_LONGEST_NAME = 120


def measure(path: Path, cancelled: Callable[[], bool] = lambda: False) -> Sheet:
    """Reads a file once to learn its hash and size; refuses one that is too large or empty."""
    size = path.stat().st_size
    if size > LARGEST:
        raise Refusal(
            f"文件太大：{path.name} 有 {size / CHUNK:.0f} MB，最多 200 MB。", "请压缩、分册，或只存关键页。", "papers"
        )
    digest = hashlib.sha256()
    read = 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            read += len(piece)
            digest.update(piece)
            if cancelled():
                raise Refusal("已取消添加文件。")
    if not read:
        raise Refusal(f"文件是空的：{path.name}", "请换一个文件。", "papers")
    media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Sheet(" ".join(path.name.split()), digest.hexdigest(), read, media)


def sheet_of(name: str, data: bytes, media: str) -> Sheet:
    """The sheet that names bytes made by this program; what does not belong into a file name is taken out of ``name``."""
    clean = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "－", " ".join(name.split()))
    stem, dot, ending = clean.rpartition(".")
    short = f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if stem else clean[:_LONGEST_NAME]
    return Sheet(short, hashlib.sha256(data).hexdigest(), len(data), media)


def known(connection: Connection, tables: Tables, digest: str) -> bool:
    """Whether the bytes of that hash are in the file."""
    paper = tables.paper
    return connection.execute(select(paper.c.hash).where(paper.c.hash == digest)).first() is not None


def put(connection: Connection, tables: Tables, sheet: Sheet, source: BinaryIO) -> None:
    """Copies the bytes of a measured paper into the file, checking them against the hash as they pass."""
    put_pieces(connection, tables, sheet, iter(lambda: source.read(CHUNK), b""))


def put_pieces(connection: Connection, tables: Tables, sheet: Sheet, pieces: Iterable[bytes]) -> None:
    """As ``put``, of bytes that come in pieces of at most ``CHUNK``."""
    digest = hashlib.sha256()
    size = 0
    for number, piece in enumerate(pieces):
        connection.execute(tables.paper_chunk.insert(), {"hash": sheet.hash, "number": number, "bytes": piece})
        digest.update(piece)
        size += len(piece)
    if digest.hexdigest() != sheet.hash or size != sheet.size:
        raise Refusal(f"文件在添加时被改动：{sheet.name}", "请关闭正在使用它的程序，再添加一次。", "papers")
    connection.execute(tables.paper.insert(), {"hash": sheet.hash, "size": size, "whole": True})


def put_bytes(connection: Connection, tables: Tables, sheet: Sheet, data: bytes) -> None:
    """Keeps bytes under their sheet, unless they are kept already."""
    if not known(connection, tables, sheet.hash):
        put(connection, tables, sheet, io.BytesIO(data))


def stream(connection: Connection, tables: Tables, sheet: Sheet) -> Iterator[bytes]:
    """The bytes of a paper, a chunk at a time; ``Fault`` when they are missing or not what the hash says."""
    chunk = tables.paper_chunk
    count = connection.execute(select(func.count()).select_from(chunk).where(chunk.c.hash == sheet.hash)).scalar_one()
    digest = hashlib.sha256()
    for number in range(count):
        piece: bytes = connection.execute(
            select(chunk.c.bytes).where(chunk.c.hash == sheet.hash, chunk.c.number == number)
        ).scalar_one()
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sheet.hash:
        raise Fault(f"台账里没有这个文件，或它已损坏：{sheet.name}", "请从原来的地方重新添加，或用备份恢复。", "papers")
