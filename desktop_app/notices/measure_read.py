"""Reads what stands on the pages of a finished PDF, by another library than the writer's: glyphs with their ink, strokes, faces.

Nothing of the file's own structure is trusted: no tags, no ActualText (taken out before reading, because readers spread it
evenly over the words), no lines. Lengths are points; on a turned page the frame is that of the landscape sheet, as in ``page``.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pypdfium2 import raw

from db.errors import Refusal
from desktop_app import pdfium


class Glyph(NamedTuple):
    """A glyph: the character it stands for, its origin (x, y), its ink, and what it is drawn with.

    ``kind`` is ``""``, ``blank`` (nothing is drawn), ``lacking`` (the face's sign for a character it lacks) or ``unmapped``
    (no character is known for it).
    """

    char: str
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float
    size: float
    face: int
    red: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight stroke or a thin box: its ends and its thickness."""

    left: float
    bottom: float
    right: float
    top: float
    red: bool

    @property
    def flat(self) -> bool:
        """Whether it is horizontal."""
        return self.right - self.left >= self.top - self.bottom

    @property
    def weight(self) -> float:
        """Its thickness."""
        return min(self.right - self.left, self.top - self.bottom)

    @property
    def length(self) -> float:
        """Its length."""
        return max(self.right - self.left, self.top - self.bottom)

    @property
    def y(self) -> float:
        """The middle of its thickness, for a horizontal one."""
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Face:
    """A font of the file."""

    name: str
    embedded: bool

    @property
    def subset(self) -> bool:
        """Whether only the glyphs used are embedded (the mark of six capitals before the name)."""
        return re.match(r"[A-Z]{6}\+", self.name) is not None


@dataclass(slots=True)
class Leaf:
    """A page as read. ``beside`` are the glyphs that run in the other direction on a turned page (its number)."""

    number: int
    width: float
    height: float
    turned: bool
    glyphs: list[Glyph]
    beside: list[Glyph]
    rules: list[Rule]
    text: str


@dataclass(slots=True)
class Reading:
    """A file as read."""

    leaves: list[Leaf] = field(default_factory=list)
    faces: list[Face] = field(default_factory=list)


def read(data: bytes, text: bool = True) -> Reading:
    """What stands on the pages; ``text`` asks for the words of each as other programs copy them, too.

    Raises ``Refusal`` if the file is no PDF that can be opened.
    """
    found = Reading()
    faces = _Faces(found.faces)
    try:
        with pdfium.opened(data) as document:
            for index in range(len(document)):
                page = document[index]
                try:
                    found.leaves.append(_leaf(page, index + 1, faces, text))
                finally:
                    page.close()
    except pdfium.Unreadable as failed:
        raise Refusal("这不是能打开的PDF文件，无法测量。", "请重新生成PDF，再测量一次。", "measure") from failed
    return found


def _leaf(page: Any, number: int, faces: _Faces, asked: bool) -> Leaf:
    text = ""
    if asked:
        words = page.get_textpage()
        text = words.get_text_range().replace("\ufffe", "-")
        words.close()
    rules = list(_objects(page))
    words = page.get_textpage()
    try:
        glyphs = list(_glyphs(words.raw, faces))
    finally:
        words.close()
    width, height = raw.FPDF_GetPageWidthF(page.raw), raw.FPDF_GetPageHeightF(page.raw)
    if page.get_rotation() in (90, 270):
        width, height = height, width  # of the paper as it lies in its own coordinates
    angles = Counter(angle for _, angle in glyphs)
    turned = bool(angles) and angles.most_common(1)[0][0] == 90
    main = [glyph for glyph, angle in glyphs if (angle == 90) == turned]
    beside = [glyph for glyph, angle in glyphs if (angle == 90) != turned]
    if turned:
        main = [_lying(glyph, width) for glyph in main]
        rules = [Rule(one.bottom, width - one.right, one.top, width - one.left, one.red) for one in rules]
    return Leaf(number, width, height, turned, main, beside, rules, text)


def _lying(glyph: Glyph, width: float) -> Glyph:
    """From the upright paper to the frame of the landscape sheet, whose upper edge is the paper's left one."""
    return glyph._replace(
        x=glyph.y,
        y=width - glyph.x,
        left=glyph.bottom,
        bottom=width - glyph.right,
        right=glyph.top,
        top=width - glyph.left,
    )


def _objects(page: Any) -> Iterator[Rule]:
    """The strokes of a page; takes ActualText away from its words on the way."""
    edges = [ctypes.c_float() for _ in range(4)]
    for k in range(raw.FPDFPage_CountObjects(page.raw)):
        one = raw.FPDFPage_GetObject(page.raw, k)
        kind = raw.FPDFPageObj_GetType(one)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            for at in range(raw.FPDFPageObj_CountMarks(one) - 1, -1, -1):
                mark = raw.FPDFPageObj_GetMark(one, at)
                if raw.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") == raw.FPDF_OBJECT_STRING:
                    raw.FPDFPageObj_RemoveMark(one, mark)
        elif kind == raw.FPDF_PAGEOBJ_PATH and raw.FPDFPageObj_GetBounds(one, *edges):
            rule = _rule(one, *(edge.value for edge in edges))
            if rule.weight <= 4 and rule.length >= 8:
                yield rule


def _rule(one: Any, left: float, bottom: float, right: float, top: float) -> Rule:
    """A path as a stroke; the bounds of one that is stroked reach a whole thickness beyond it on every side."""
    parts = [ctypes.c_uint() for _ in range(4)]
    fill, stroke, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    raw.FPDFPath_GetDrawMode(one, fill, stroke)
    if not stroke.value:
        raw.FPDFPageObj_GetFillColor(one, *parts)
        return Rule(left, bottom, right, top, _is_red(*(part.value for part in parts[:3])))
    raw.FPDFPageObj_GetStrokeColor(one, *parts)
    raw.FPDFPageObj_GetStrokeWidth(one, width)
    red, wide = _is_red(*(part.value for part in parts[:3])), width.value
    left, bottom, right, top = left + wide, bottom + wide, right - wide, top - wide
    if right - left >= top - bottom:
        return Rule(left, bottom - wide / 2, right, top + wide / 2, red)
    return Rule(left - wide / 2, bottom, right + wide / 2, top, red)


def _is_red(red: int, green: int, blue: int) -> bool:
    return red > 150 and green < 90 and blue < 90


def _glyphs(words: Any, faces: _Faces) -> Iterator[tuple[Glyph, int]]:
    """Every glyph with the direction of its line, 0 or 90 degrees."""
    found = (ctypes.c_double * 6)()
    parts = [ctypes.c_double.from_buffer(found, 8 * k) for k in range(6)]
    left, right, bottom, top, x, y = map(ctypes.byref, parts)  # in pdfium's order
    drawn: dict[bytes, Style] = {}
    style: Style | None = None
    for k in range(raw.FPDFText_CountChars(words)):
        code = raw.FPDFText_GetUnicode(words, k)
        if code in _MADE_UP and (code in (0x0D, 0x0A) or raw.FPDFText_IsGenerated(words, k) == 1):
            if (
                code == 0x20 and style is not None
            ):  # it may stand for a blank of the file that pdfium merged with its own
                raw.FPDFText_GetCharOrigin(words, k, x, y)
                px, py = found[4], found[5]
                yield Glyph(" ", px, py, px, py, px, py, style.size, style.face, False, "blank"), style.angle
            continue
        one = raw.FPDFText_GetTextObject(words, k)
        style = drawn.get(bytes(one))
        if style is None:
            style = drawn[bytes(one)] = faces.style(one)
        raw.FPDFText_GetCharBox(words, k, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(words, k, x, y)
        x0, x1, y0, y1, px, py = found
        known = faces.mapped(style.face, code, words, k)
        kind = faces.kind(style, px, py, (x0, y0, x1, y1)) if known else "unmapped"
        char = "-" if code == 0xFFFE else chr(code) if code else ""
        if char.isspace():
            kind = "blank"
        yield Glyph(char, px, py, x0, y0, x1, y1, style.size, style.face, style.red, kind), style.angle


_MADE_UP = frozenset({0x20, 0x0D, 0x0A, 0xFFFE})
"""What pdfium puts between words and lines by itself."""


class Style(NamedTuple):
    """How a stretch of words is drawn: size in points, font, direction (0 or 90 degrees), red or not."""

    size: float
    face: int
    angle: int
    red: bool


class _Faces:
    """The fonts met so far, and the ink of each one's sign for a character it lacks."""

    def __init__(self, faces: list[Face]) -> None:
        self.faces = faces
        self._numbers: dict[int, int] = {}
        self._lacking: list[tuple[float, float, float, float] | None] = []
        self._mapped: dict[tuple[int, int], bool] = {}

    def style(self, one: Any) -> Style:
        """How a stretch of words is drawn."""
        size = ctypes.c_float()
        raw.FPDFTextObj_GetFontSize(one, size)
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(one, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
        parts = [ctypes.c_uint() for _ in range(4)]
        raw.FPDFPageObj_GetFillColor(one, *parts)
        angle = 90 if abs(matrix.b) > abs(matrix.a) else 0
        return Style(size.value * scale, self._face(one), angle, _is_red(*(part.value for part in parts[:3])))

    def mapped(self, face: int, code: int, words: Any, index: int) -> bool:
        """Whether a glyph stands for a known character; asked once for each."""
        found = self._mapped.get((face, code))
        if found is None:
            known = code not in (0, 0xFFFD) and raw.FPDFText_HasUnicodeMapError(words, index) != 1
            found = self._mapped[face, code] = known
        return found

    def _face(self, one: Any) -> int:
        font = raw.FPDFTextObj_GetFont(one)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self._numbers:
            self._numbers[key] = len(self.faces)
            size = raw.FPDFFont_GetBaseFontName(font, None, 0)
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFFont_GetBaseFontName(font, buffer, size)
            name = buffer.value.decode("utf-8", "replace")
            self.faces.append(Face(name, raw.FPDFFont_GetIsEmbedded(font) == 1))
            self._lacking.append(_ink_of_lacking(font))
        return self._numbers[key]

    def kind(self, style: Style, x: float, y: float, box: tuple[float, float, float, float]) -> str:
        """Whether a glyph draws nothing, or the sign for a lacking character."""
        left, bottom, right, top = box
        size, lacking = style.size, self._lacking[style.face]
        if style.angle == 0 and abs(bottom - y) < 0.01 and abs(top - bottom - size) < 0.01 and left <= x + 0.01:
            return "blank"  # pdfium gives a glyph without ink a box as high as its size on the base line
        if lacking is None or style.angle:
            return ""
        share = size / 1000
        over = (top - y) / share - lacking[3]
        if abs((left - x) / share - lacking[0]) > 2 or not -2 < over < 3 + lacking[3] / 64:
            return ""  # pdfium gives the upper edge a sixty-fourth more
        same = abs((right - x) / share - lacking[2]) < 2 and abs((bottom - y) / share - lacking[1]) < 2
        return "lacking" if same else ""


def _ink_of_lacking(font: Any) -> tuple[float, float, float, float] | None:
    """The ink of glyph 0 in thousandths of the size, None if it draws nothing."""
    path = raw.FPDFFont_GetGlyphPath(font, 0, 1000.0)
    if not path:
        return None
    x, y = ctypes.c_float(), ctypes.c_float()
    xs, ys = [], []
    for k in range(raw.FPDFGlyphPath_CountGlyphSegments(path)):
        if raw.FPDFPathSegment_GetPoint(raw.FPDFGlyphPath_GetGlyphPathSegment(path, k), x, y):
            xs.append(x.value)
            ys.append(y.value)
    if not xs:
        return None
    unit = 1000 if max(xs) - min(xs) < 10 else 1  # some versions of pdfium give shares of the size
    return min(xs) * unit, min(ys) * unit, max(xs) * unit, max(ys) * unit
