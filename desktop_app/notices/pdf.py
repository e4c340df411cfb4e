"""Draws laid-out pages into a PDF: subset faces embedded, text that can be copied, outline, properties, equal bytes.

Drawing decides nothing: every glyph stands where ``sheet`` put it.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from db.errors import Fault
from desktop_app.notices import page, sheet, tree
from desktop_app.notices.embed import Book
from desktop_app.notices.page import Line, Page, Pages, Piece, Rule

rl_config.useA85 = 0  # streams as bytes, not as text that is a quarter longer

RED = "0.82 0 0"
SPACED = 0.09
"""A gap wider than this share of the size is read as a blank by others; such lines carry their words as ActualText."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What the file says about itself; ``created`` is written as given, and a fixed day if None, for equal bytes."""

    title: str = ""
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    language: str = "zh-CN"
    created: datetime | None = None


def meta(document: tree.Document, created: datetime | None = None) -> Meta:
    """The properties of a document's PDF."""
    return Meta(document.title, document.author, document.subject, document.keywords, document.language, created)


def to_bytes(document: tree.Document, created: datetime | None = None) -> bytes:
    """The PDF of a tree, typeset and drawn."""
    return drawn(sheet.typeset(document), meta(document, created))


def drawn(pages: Pages, about: Meta) -> bytes:
    """The PDF of laid-out pages. Same pages and properties, same bytes."""
    canvas = Canvas(
        io.BytesIO(),
        pagesize=(page.PAPER_WIDTH, page.PAPER_HEIGHT),
        pageCompression=1,
        invariant=1,
        lang=about.language,
    )
    book = Book()
    _clear(canvas, book)
    _properties(canvas, about)
    at_page: dict[int, list[int]] = {}
    for number, entry in enumerate(pages.outline):
        at_page.setdefault(entry.page, []).append(number)
    for one in pages.pages:
        canvas._code.extend(_page(one, book))  # type: ignore[attr-defined]
        for number in at_page.get(one.number, ()):
            canvas.bookmarkPage(f"o{number}", fit="XYZ", left=0, top=round(pages.outline[number].y), zoom=0)
        canvas.showPage()
    level = -1
    for number, entry in enumerate(pages.outline):
        level = min(level + 1, entry.level)
        canvas.addOutlineEntry(entry.text, f"o{number}", level, closed=False)
    return bytes(canvas.getpdfdata())  # type: ignore[no-untyped-call]


def write(pages: Pages, target: Path | BinaryIO, about: Meta) -> None:
    """Writes the PDF; a file appears whole or not at all. Raises ``Fault`` when the disk stands against it."""
    data = drawn(pages, about)
    if isinstance(target, Path):
        write_bytes(data, target)
    else:
        target.write(data)


def write_bytes(data: bytes, target: Path) -> None:
    """Puts ``data`` at ``target`` through a temporary name beside it, replacing what was there."""
    try:
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
            return Fault(f"“{target.name}”没有写成：{failed.strerror}。", "请换一个位置保存。", "print")


def _clear(canvas: Any, book: Book) -> None:
    """Takes ReportLab's own Helvetica out (it would not be embedded) and puts our faces in."""
    canvas._preamble = ""
    canvas._doc.fontMapping.clear()
    canvas._doc.idToObject["BasicFonts"].dict.clear()
    canvas._doc.delayedFonts.append(book)


def _properties(canvas: Any, about: Meta) -> None:
    canvas.setTitle(about.title)
    canvas.setAuthor(about.author)
    canvas.setSubject(about.subject)
    canvas.setKeywords("、".join(about.keywords))
    canvas.setCreator("zhenggai")
    canvas.setProducer("zhenggai")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    if about.created is not None:
        stamp = about.created.strftime("D:%Y%m%d%H%M%S")
        zone = about.created.strftime("%z")
        stamp += f"{zone[:3]}'{zone[3:5]}'" if zone else "Z"
        canvas._doc.info._dateFormatter = lambda *_: stamp


def _page(one: Page, book: Book) -> list[str]:
    code = [_rule(rule) for rule in one.rules]
    for line in one.lines:
        code += _line(line, book)
    return code


def _rule(rule: Rule) -> str:
    colour = RED if rule.red else "0 0 0"
    return f"q {colour} RG {rule.weight:.3f} w {rule.left:.3f} {rule.y:.3f} m {rule.right:.3f} {rule.y:.3f} l S Q"


def _line(line: Line, book: Book) -> list[str]:
    if not line.pieces:
        return []
    tracking = _tracking(line.pieces)
    code = ["BT"]
    spaced = tracking > SPACED * line.pieces[0].size
    if spaced:
        code.insert(0, f"/Span <</ActualText <FEFF{line.text.encode('utf-16-be').hex()}>>> BDC")
    code.append(f"{tracking:.3f} Tc 1 0 0 1 {line.pieces[0].xs[0]:.3f} {line.y:.3f} Tm")
    origin = line.pieces[0].xs[0]
    red = False
    for piece in line.pieces:
        if piece.red != red:
            red = piece.red
            code.append(f"{RED if red else '0 0 0'} rg")
        if piece.xs[0] != origin:
            code.append(f"1 0 0 1 {piece.xs[0]:.3f} {line.y:.3f} Tm")
        code.append(_piece(piece, tracking, line.y, book))
    if red:
        code.append("0 0 0 rg")
    code.append("ET")
    if spaced:
        code.append("EMC")
    return code


def _tracking(pieces: tuple[Piece, ...]) -> float:
    """The commonest difference between where the next glyph stands and where it would stand by itself."""
    gaps: Counter[float] = Counter()
    for piece in pieces:
        share = piece.size / 1000
        xs = piece.xs
        gaps.update([round(b - a - wide * share, 3) for a, b, wide in zip(xs, xs[1:], piece.widths, strict=False)])
    return gaps.most_common(1)[0][0] if gaps else 0.0


def _piece(piece: Piece, tracking: float, y: float, book: Book) -> str:
    """Shows the glyphs, correcting the pen where tracking alone would not put it (by more than 0.005 pt)."""
    share = piece.size / 1000
    parts: list[str] = []
    codes: list[str] = []
    font = ""
    pen = piece.xs[0]
    for cid, x, text, wide in zip(piece.cids, piece.xs, piece.texts, piece.widths, strict=True):
        name = book.name(piece.face, cid, text)
        if name != font:
            if font:
                parts.append(_show(codes))
                parts.append(f"1 0 0 1 {x:.3f} {y:.3f} Tm")
                codes, pen = [], x
            parts.append(f"/{name} {piece.size:g} Tf")
            font = name
        elif not -0.005 < x - pen < 0.005:
            codes.append(f">{(pen - x) / share:.2f}<")
            pen = x
        codes.append(f"{cid:04X}")
        pen += wide * share + tracking
    parts.append(_show(codes))
    return "\n".join(parts)


def _show(codes: list[str]) -> str:
    return f"[<{''.join(codes)}>] TJ"
