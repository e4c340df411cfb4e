"""Draws one laid-out page into content operators: words, strokes, shapes, pictures. Nothing is decided here."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from PIL import Image as PILImage
from reportlab.lib.utils import ImageReader

from desktop_app.notices import page
from desktop_app.notices.embed import Book
from desktop_app.notices.page import Image, Line, Page, Piece, Shape, Stroke
from desktop_app.notices.tags import Marks

SPACED = 0.09
"""A gap wider than this share of the size is read as a blank by others; such lines carry their words as ActualText."""
OVERLAP = 0.03
"""A glyph that reaches this share of the size into the next is joined with it for readers."""
NEARLY_WHITE = 225
"""A scanner's white: what is at least this bright in a colour is as bright as can be."""
TURN = f"q 0 1 -1 0 {page.PAPER_WIDTH:.3f} 0 cm"
"""From the frame of a landscape sheet to that of the upright paper: its upper edge becomes the left one."""


def draw(canvas: Any, one: Page, book: Book, pictures: Mapping[str, bytes], marks: Marks) -> None:
    """Draws a page onto a ReportLab canvas; ``KeyError`` for a picture that is not among ``pictures``.

    ``marks`` says of everything that is drawn which element of the structure it belongs to.
    """
    code: list[str] = canvas._code
    if one.turned:
        code.append(TURN)
    canvas.setPageRotation(90 if one.turned else 0)
    paper = (page.PAPER_WIDTH, page.PAPER_HEIGHT)
    canvas._pagesize = paper[::-1] if one.turned else paper  # ReportLab swaps them for a page it turns
    for shape in one.shapes:
        marks.enter(marks.paper.drawn(shape.block))
        code.append(_shape(shape))
    _images(canvas, (image for image in one.images if not image.over), pictures, marks)
    for stroke in one.strokes:
        marks.enter(marks.paper.drawn(stroke.block))
        code.append(_stroke(stroke))
    _lines(code, one.lines, book, marks)
    _images(canvas, (image for image in one.images if image.over), pictures, marks)
    marks.leave()
    if one.turned:
        code.append("Q")
    _lines(code, one.upright, book, marks)
    marks.leave()


def _lines(code: list[str], lines: Iterable[Line], book: Book, marks: Marks) -> None:
    for line in lines:
        for belongs, part in marks.paper.parts(line, marks.page):
            marks.enter(belongs)
            code.extend(_line(part, book))


def _images(canvas: Any, images: Iterable[Image], pictures: Mapping[str, bytes], marks: Marks) -> None:
    for image in images:
        marks.enter(marks.paper.image(image))
        data, box = io.BytesIO(pictures[image.digest]), (image.x, image.y, image.width, image.height)
        if image.over:
            _stamp(canvas, data, box)
        else:
            canvas.drawImage(ImageReader(_on_screen(data)), *box, mask="auto")


def _on_screen(data: io.BytesIO) -> Any:
    """A picture in a printer's four colours as red, green and blue: an archive takes one kind of colour in a file."""
    picture = PILImage.open(data)
    return picture.convert("RGB") if picture.mode == "CMYK" else data


def _stamp(canvas: Any, data: io.BytesIO, box: tuple[float, float, float, float]) -> None:
    """A seal above the words. It keeps its proportions and is multiplied with what lies under it, as ink is: its white is
    clear and words stay black, whether the file has an alpha channel or a scanned ground."""
    canvas.saveState()
    canvas.setBlendMode("Multiply")
    canvas.drawImage(ImageReader(_whitened(data)), *box, mask="auto", preserveAspectRatio=True, anchor="c")
    canvas.restoreState()


def _whitened(data: io.BytesIO) -> Any:
    """The picture with its nearly white ground white: a scanner's grey would lie over the paper as a square."""
    picture = PILImage.open(data)
    return picture.convert("RGBA").point([v if v < NEARLY_WHITE else 255 for v in range(256)] * 3 + list(range(256)))


@cache
def _rgb(colour: page.Colour) -> str:
    return " ".join(f"{int(colour[k : k + 2], 16) / 255:.3g}" for k in (1, 3, 5))


def _stroke(one: Stroke) -> str:
    dash = "[3 2] 0 d " if one.dashed else ""
    return (
        f"q {_rgb(one.colour)} RG {dash}{one.weight:.3f} w {one.x0:.3f} {one.y0:.3f} m {one.x1:.3f} {one.y1:.3f} l S Q"
    )


def _shape(one: Shape) -> str:
    path = " ".join(f"{x:.3f} {y:.3f} {'l' if k else 'm'}" for k, (x, y) in enumerate(one.points))
    fill = f"{_rgb(one.fill)} rg " if one.fill else ""
    stroke = f"{_rgb(one.stroke)} RG {one.weight:.3f} w " if one.stroke else ""
    close = "b" if one.fill and one.stroke else "f" if one.fill else "s"
    return f"q {fill}{stroke}{path} h {close} Q"


def _changes(line: Line) -> Iterator[Stroke]:
    """The underline of what was added, the strike of what was removed."""
    for piece in line.pieces:
        if piece.change and piece.xs:
            y = line.y - 0.14 * piece.size if piece.change == "added" else line.y + 0.36 * piece.size
            right = piece.xs[-1] + piece.widths[-1] * piece.size / 1000
            yield Stroke(piece.xs[0], y, right, y, 0.06 * piece.size, piece.colour)


def _line(line: Line, book: Book) -> list[str]:
    pieces = line.pieces
    if not pieces:
        return []
    gaps = [_gaps(piece, after) for piece, after in zip(pieces, (*pieces[1:], None), strict=True)]
    tracking = _tracking(gaps)
    pen = Pen(line.y, tracking, book)
    if tracking > SPACED * pieces[0].size and _in_plane_0(line.text):
        drawn = [_actual_text(line.text), "BT", *pen.draw(pieces, gaps), "ET", "EMC"]
    elif all(min(some) > -OVERLAP * piece.size for piece, some in zip(pieces, gaps, strict=True) if some):
        drawn = ["BT", *pen.draw(pieces, gaps), "ET"]
    else:
        drawn = ["BT", *pen.joined(pieces, gaps, _joined(pieces)), "ET"]
    return drawn + [_stroke(one) for one in _changes(line)]


def _gaps(piece: Piece, after: Piece | None) -> list[float]:
    """The differences between where each next glyph stands and where it would stand by itself; the last one's is that to
    the piece after it."""
    share, xs = piece.size / 1000, piece.xs
    nexts = (*xs[1:], after.xs[0]) if after is not None and after.xs else xs[1:]
    return [b - a - wide * share for a, b, wide in zip(xs, nexts, piece.widths, strict=False)]


def _tracking(gaps: list[list[float]]) -> float:
    """The gap in the middle of all gaps of the line: as a rule the commonest."""
    found = sorted(gaps[0]) if len(gaps) == 1 else sorted(gap for some in gaps for gap in some)
    return round(found[len(found) // 2], 4) if found else 0.0


def _in_plane_0(text: str) -> bool:
    """Whether text may go into an ActualText: pdfium drops characters above U+FFFF there, rare names among them."""
    return max(text, default="") <= "\uffff"


def _actual_text(text: str) -> str:
    return f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC"


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
        self.colour = page.BLACK
        self.rise = 0.0
        self.x = -1.0

    def draw(self, pieces: tuple[Piece, ...], gaps: list[list[float]]) -> list[str]:
        """The operators between BT and ET."""
        self.code.append(f"{self.tracking:.4f} Tc")
        for piece, some in zip(pieces, gaps, strict=True):
            self._dip(piece)
            self._glyphs(piece, some, 0, len(piece.cids))
        return self._done()

    def joined(self, pieces: tuple[Piece, ...], gaps: list[list[float]], joined: str) -> list[str]:
        """The same; glyphs of a run of ``1`` in ``joined`` and the one after carry their words as ActualText."""
        self.code.append(f"{self.tracking:.4f} Tc")
        at, inside = 0, False
        texts = [text for piece in pieces for text in piece.texts]
        for piece, some in zip(pieces, gaps, strict=True):
            self._dip(piece)
            done = 0
            for k in range(len(piece.cids)):
                if not inside and joined[at + k] == "1":
                    self._glyphs(piece, some, done, k)
                    self._show()
                    last = joined.index("0", at + k)
                    self.code.append(_actual_text("".join(texts[at + k : last + 1])))
                    done, inside = k, True
                elif inside and joined[at + k] == "0":
                    self._glyphs(piece, some, done, k + 1)
                    self._show()
                    self.code.append("EMC")
                    done, inside = k + 1, False
            self._glyphs(piece, some, done, len(piece.cids))
            at += len(piece.cids)
        return self._done()

    def _done(self) -> list[str]:
        self._show()
        if self.colour != page.BLACK:
            self.code.append("0 0 0 rg")
        if self.rise:
            self.code.append("0 Ts")
        return self.code

    def _dip(self, piece: Piece) -> None:
        if piece.colour != self.colour:
            self._show()
            self.code.append(f"{_rgb(piece.colour)} rg")
            self.colour = piece.colour
        if piece.rise != self.rise:
            self._show()
            self.code.append(f"{piece.rise:.3f} Ts")
            self.rise = piece.rise

    def _show(self) -> None:
        if self.shown:
            self.code.append(f"[<{''.join(self.shown)}>] TJ")
            self.shown = []

    def _glyphs(self, piece: Piece, gaps: list[float], start: int, end: int) -> None:
        """Glyphs ``start`` to ``end`` of a piece."""
        if start >= end:
            return
        cids, texts = piece.cids[start:end], piece.texts[start:end]
        name = self.book.first(piece.face, cids, texts)
        if not name and len(cids) > 1:  # one of them means another text elsewhere: one by one
            for k in range(start, end):
                self._glyphs(piece, gaps, k, k + 1)
            return
        self._to(piece, name or self.book.name(piece.face, cids[0], texts[0]), piece.xs[start])
        share, tracking = piece.size / 1000, self.tracking
        shown = list(map(_HEX.__getitem__, cids))
        least, most = tracking - 0.004, tracking + 0.004
        for k, gap in enumerate(gaps[start : end - 1]):
            if not least < gap < most:
                shown[k] += f">{(tracking - gap) / share:.2f}<"
        self.shown += shown
        self.x = piece.xs[end - 1] + piece.widths[end - 1] * share + tracking

    def _to(self, piece: Piece, name: str, x: float) -> None:
        """Goes to where the next glyph stands, with its font."""
        if name != self.font:
            self._show()
            self.code.append(f"/{name} {piece.size:g} Tf")
            self.font = name
        if not -0.005 < x - self.x < 0.005:
            if self.shown:
                self.shown.append(f">{(self.x - x) * 1000 / piece.size:.2f}<")
            else:
                self.code.append(f"1 0 0 1 {x:.3f} {self.y:.3f} Tm")


class _Hex(dict[int, str]):
    """The four digits of a code, made once."""

    def __missing__(self, cid: int) -> str:
        made = self[cid] = f"{cid:04X}"
        return made


_HEX = _Hex()
