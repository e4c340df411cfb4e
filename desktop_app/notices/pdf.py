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
OVERLAP = 0.03
"""A glyph that reaches this share of the size into the next is joined with it for readers."""


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
    pen = Pen(line.y, tracking, book)
    if tracking > SPACED * line.pieces[0].size and _in_plane_0(line.text):
        return [_actual_text(line.text), "BT", *pen.draw(line.pieces, ""), "ET", "EMC"]
    return ["BT", *pen.draw(line.pieces, _joined(line.pieces)), "ET"]


def _in_plane_0(text: str) -> bool:
    """Whether text may go into an ActualText: pdfium drops characters above U+FFFF there, rare names among them."""
    return max(text, default="") <= "\uffff"


def _actual_text(text: str) -> str:
    return f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC"


def _tracking(pieces: tuple[Piece, ...]) -> float:
    """The commonest difference between where the next glyph stands and where it would stand by itself."""
    gaps: Counter[float] = Counter()
    for piece in pieces:
        share = piece.size / 1000
        xs = piece.xs
        gaps.update([round(b - a - wide * share, 3) for a, b, wide in zip(xs, xs[1:], piece.widths, strict=False)])
    return gaps.most_common(1)[0][0] if gaps else 0.0


def _joined(pieces: tuple[Piece, ...]) -> str:
    """One sign for each glyph of the line: ``1`` if it reaches into the next one's square, as a squeezed mark does.

    Readers take such an overlap for the start of another line, so these glyphs carry their words together.
    """
    signs = []
    end, before = 0.0, ""
    for piece in pieces:
        share = piece.size / 1000
        slack = OVERLAP * piece.size
        for x, wide, text in zip(piece.xs, piece.widths, piece.texts, strict=True):
            signs.append("1" if x < end - slack and _in_plane_0(before + text) else "0")
            end, before = x + wide * share, text
    return "".join(signs[1:]) + "0"


class Pen:
    """Writes the glyphs of one line, correcting the place where tracking alone would not put them (by 0.005 pt)."""

    def __init__(self, y: float, tracking: float, book: Book) -> None:
        self.y = y
        self.tracking = tracking
        self.book = book
        self.code: list[str] = []
        self.shown: list[str] = []
        self.font = ""
        self.x = -1.0

    def draw(self, pieces: tuple[Piece, ...], joined: str) -> list[str]:
        """The operators between BT and ET. Glyphs of a run of ``1`` in ``joined`` and the one after carry ActualText."""
        self.code.append(f"{self.tracking:.3f} Tc")
        if "1" not in joined:
            for piece in pieces:
                self._colour(piece)
                self._glyphs(piece, 0, len(piece.cids))
        else:
            self._spans(pieces, joined)
        self._show()
        if pieces[-1].red:
            self.code.append("0 0 0 rg")
        return self.code

    def _spans(self, pieces: tuple[Piece, ...], joined: str) -> None:
        at, inside = 0, False
        texts = [text for piece in pieces for text in piece.texts]
        for piece in pieces:
            self._colour(piece)
            done = 0
            for k in range(len(piece.cids)):
                if not inside and joined[at + k] == "1":
                    self._glyphs(piece, done, k)
                    self._show()
                    last = joined.index("0", at + k)
                    self.code.append(_actual_text("".join(texts[at + k : last + 1])))
                    done, inside = k, True
                elif inside and joined[at + k] == "0":
                    self._glyphs(piece, done, k + 1)
                    self._show()
                    self.code.append("EMC")
                    done, inside = k + 1, False
            self._glyphs(piece, done, len(piece.cids))
            at += len(piece.cids)

    def _colour(self, piece: Piece) -> None:
        if piece.red:
            self._show()
            self.code.append(f"{RED} rg")

    def _show(self) -> None:
        if self.shown:
            self.code.append(f"[<{''.join(self.shown)}>] TJ")
            self.shown = []

    def _glyphs(self, piece: Piece, start: int, end: int) -> None:
        share, face, tracking = piece.size / 1000, piece.face, self.tracking
        cids, xs, texts, widths = piece.cids, piece.xs, piece.texts, piece.widths
        for k in range(start, end):
            x, cid = xs[k], cids[k]
            name = self.book.name(face, cid, texts[k])
            if name != self.font:
                self._show()
                self.code.append(f"/{name} {piece.size:g} Tf")
                self.font = name
            if not -0.005 < x - self.x < 0.005:
                if self.shown:
                    self.shown.append(f">{(self.x - x) / share:.2f}<")
                else:
                    self.code.append(f"1 0 0 1 {x:.3f} {self.y:.3f} Tm")
                self.x = x
            self.shown.append(f"{cid:04X}")
            self.x += widths[k] * share + tracking
