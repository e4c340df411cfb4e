"""Draws laid-out pages into a PDF: subset faces embedded, text that can be copied, outline, properties, equal bytes.

Drawing decides nothing: every glyph stands where ``sheet`` put it.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from db.errors import Fault
from desktop_app.notices import archive as intent
from desktop_app.notices import container, ink, outline, page, properties, sheet, tags, tree
from desktop_app.notices.embed import Book
from desktop_app.notices.page import Pages
from desktop_app.notices.properties import Meta, identity_of
from desktop_app.notices.sweeping import unswept

__all__ = ["Meta", "drawn", "identity_of", "meta", "to_bytes", "write", "write_bytes"]

rl_config.useA85 = 0  # streams as bytes, not as text that is a quarter longer


def meta(document: tree.Document, created: datetime | None = None, identity: tuple[tuple[str, str], ...] = ()) -> Meta:
    """The properties of a document's PDF."""
    return Meta(
        document.title, document.author, document.subject, document.keywords, document.language, created, identity
    )


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
    canvas: Any = Canvas(
        io.BytesIO(),
        pagesize=(page.PAPER_WIDTH, page.PAPER_HEIGHT),
        pageCompression=1,
        invariant=1,
        lang=about.language,
    )
    book = Book()
    _clear(canvas, book)
    properties.put(canvas, about, archive)
    if archive:
        intent.put(canvas)
    tagged = tags.Tags(pages)
    for one in pages.pages:
        ink.draw(canvas, one, book, pictures or {}, tagged.page(one.number, canvas._code))
        canvas.showPage()
    data = _file(canvas, pages, tagged)
    return intent.proved(data) if archive else data


def _file(canvas: Any, pages: Pages, tagged: tags.Tags) -> bytes:
    """The bytes of the file; outline and structure tree stand behind ReportLab's objects."""
    document = canvas._doc
    names = [f"Page{k + 1}" for k in range(len(pages.pages))]
    sheets = [document.idToObjectNumberAndVersion[name][0] for name in names]
    for k, name in enumerate(names):
        container.tagged(document, name, k)
    tree_root = container.reserve(document, "StructTree")
    container.enrich(document.Catalog, StructTreeRoot=f"{tree_root} 0 R", MarkInfo="<</Marked true>>")
    outline_root = container.reserve(document, "Contents") if pages.outline else 0

    def more(first: int) -> dict[int, bytes]:
        listed = outline.objects(pages.outline, sheets, outline_root, first) if outline_root else {}
        return listed | tags.objects(tagged, sheets, tree_root, first + len(pages.outline))

    def formatted() -> bytes:
        if outline_root:  # ReportLab has taken its own, empty one out by now
            document.Catalog.Outlines = f"{outline_root} 0 R"
        return container.written(document, more)

    document.format = formatted
    return bytes(canvas.getpdfdata())


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
        handle, name = tempfile.mkstemp(prefix=".zhenggai-", suffix=".part", dir=target.parent)
    except OSError as failed:
        raise _fault(failed, target) from failed
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError as failed:
        with contextlib.suppress(OSError):
            Path(name).unlink()
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


def _clear(canvas: Any, book: Book) -> None:
    """Takes ReportLab's own Helvetica out (it would not be embedded) and puts our faces in."""
    canvas._preamble = ""
    canvas._doc.fontMapping.clear()
    canvas._doc.idToObject["BasicFonts"].dict.clear()
    canvas._doc.delayedFonts.append(book)
