"""Draws laid-out pages into a PDF: subset faces embedded, text that can be copied, outline, properties, equal bytes.

Drawing decides nothing: every glyph stands where ``sheet`` put it.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from db.errors import Fault
from desktop_app.notices import archive as intent
from desktop_app.notices import container, ink, outline, page, properties, sheet, tags, tree
from desktop_app.notices.embed import Book
from desktop_app.notices.gallery import Gallery
from desktop_app.notices.page import Pages
from desktop_app.notices.properties import Meta, identity_of
from desktop_app.notices.sweeping import unswept

__all__ = ["Meta", "drawn", "identity_of", "meta", "to_bytes", "write", "write_bytes"]


def meta(document: tree.Document, created: datetime | None = None, identity: tuple[tuple[str, str], ...] = ()) -> Meta:
    """The properties of a document's PDF."""
    return Meta(
        document.title, document.author, document.subject, document.keywords, document.language, created, identity
    )


@unswept
def to_bytes(
    document: tree.Document, created: datetime | None = None, pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """The PDF of a tree, typeset and drawn; ``pictures`` are the bytes of its pictures by digest."""
    return drawn(sheet.typeset(document), meta(document, created), pictures)


@unswept
def drawn(pages: Pages, about: Meta, pictures: Mapping[str, bytes] | None = None, archive: bool = False) -> bytes:
    """The PDF of laid-out pages; ``archive`` makes it PDF/A-2b, proved on the finished file.

    Same pages, properties and pictures, same bytes.
    """
    file = container.File()
    book, gallery, tagged = Book(), Gallery(file, pictures or {}), tags.Tags(pages)
    parent, fonts = file.reserve(), file.reserve()
    sheets = [file.reserve() for _ in pages.pages]
    for k, (one, number) in enumerate(zip(pages.pages, sheets, strict=True)):
        code: list[str] = []
        ink.draw(code, one, book, gallery, tagged.page(one.number, code))
        content = file.packed("", "\n".join(code).encode("latin-1"))
        file.put(
            number,
            f"<</Type /Page /Parent {parent} 0 R {_BOX}{' /Rotate 90' if one.turned else ''} "
            f"/Resources <</Font {fonts} 0 R{gallery.taken()}>> /Contents {content} 0 R /StructParents {k} /Tabs /S>>",
        )
    file.put(parent, f"<</Type /Pages /Count {len(sheets)} /Kids [{' '.join(f'{number} 0 R' for number in sheets)}]>>")
    file.put(fonts, book.write(file))
    packet = file.stream("/Type /Metadata /Subtype /XML", properties.packet(about, archive).encode())
    more = intent.intents(file) if archive else ""
    if pages.outline:
        more += f" /Outlines {outline.write(file, pages.outline, sheets)} 0 R"
    root = file.add(
        f"<</Type /Catalog /Pages {parent} 0 R /Lang {properties.string(about.language)} /Metadata {packet} 0 R "
        f"/PageMode /UseNone /ViewerPreferences <</DisplayDocTitle true>> /MarkInfo <</Marked true>> "
        f"/StructTreeRoot {tags.write(file, tagged, sheets)} 0 R{more}>>"
    )
    data = file.finished(root, file.add(properties.info(about)))
    return intent.proved(data) if archive else data


_BOX = f"/MediaBox [0 0 {page.PAPER_WIDTH:.4f} {page.PAPER_HEIGHT:.4f}]"


def write(pages: Pages, target: Path | BinaryIO, about: Meta) -> None:
    """Writes the PDF; a file appears whole or not at all. Raises ``Fault`` when the disk stands against it."""
    data = drawn(pages, about)
    if isinstance(target, Path):
        write_bytes(data, target)
    else:
        target.write(data)


def write_bytes(data: bytes, target: Path) -> None:
    """Puts ``data`` at ``target`` through a temporary name beside it, replacing the file that was there; a device is none."""
    try:
        if target.exists() and not (target.is_file() or target.is_dir()):
            raise Fault(f"“{target}”不是文件，不能写。", "请换一个文件名。", "print")
        name = target.parent / f".zhenggai-{os.urandom(6).hex()}.part"
        handle = os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as failed:
        raise _fault(failed, target) from failed
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        name.chmod(0o644)
        name.replace(target)
    except OSError as failed:
        with contextlib.suppress(OSError):
            name.unlink()
        raise _fault(failed, target) from failed


def _fault(failed: OSError, target: Path) -> Fault:
    match failed.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Fault(f"磁盘已满，“{target.name}”没有写成。", "请腾出空间，或换一个磁盘保存。", "print")
        case errno.ENOENT | errno.ENOTDIR:
            return Fault(f"找不到文件夹“{target.parent}”。", "请换一个已有的文件夹保存。", "print")
        case errno.EISDIR:
            return Fault(f"“{target}”是一个文件夹，不能写成文件。", "请换一个文件名。", "print")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Fault(
                f"“{target.name}”写不进去：没有权限，或文件正被其他程序打开。",
                "请关闭打开它的程序，或换一个位置保存。",
                "print",
            )
        case _:
            return Fault(f"“{target.name}”没有写成：读写出错。", "请检查磁盘或U盘，或换一个位置保存。", "print")
