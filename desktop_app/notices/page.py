"""The sheet of GB/T 9704-2012 in points, and the laid-out pages as plain values.

Lengths are PostScript points (1/72 inch); x grows to the right from the left edge of the paper, y upwards from its lower
edge, as in PDF. Inside ``linebreak`` lengths are thousandths of a character cell (字).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from db.values import value
from desktop_app.notices import tree

MM = 72 / 25.4

PAPER_WIDTH = 210 * MM
PAPER_HEIGHT = 297 * MM
TOP = 37 * MM  # 天头, 5.2.1
LEFT = 28 * MM  # 订口, 5.2.1
AREA_WIDTH = 156 * MM  # 版心, 5.2.1
AREA_HEIGHT = 225 * MM

ROWS = 22  # 5.2.3
CELLS = 28

SIZE_2 = 22.0  # 二号, the title
SIZE_3 = 16.0  # 三号, the body
SIZE_4 = 14.0  # 四号, imprint and page number

CELL = AREA_WIDTH / CELLS
"""Pitch of the body's characters: 28 glyphs of 16 pt do not fit 156 mm, so they stand 0.207 pt closer (15.793 pt)."""

ROW = (AREA_HEIGHT - SIZE_3) / (ROWS - 1)
"""Pitch of the lines, 29.61 pt: the first line touches the upper edge of the type area and the last one the lower edge.
The standard's 行 (character height + 7/8, 3.2) is 30 pt, of which 22 are 2.9 mm too many for 225 mm."""

ASCENT = 0.88
"""Height of a character's square above the baseline, as a share of its size: the same in every Chinese face we ship."""

SIZES = {"2": 22.0, "x2": 18.0, "3": 16.0, "x3": 15.0, "4": 14.0, "x4": 12.0, "5": 10.5, "x5": 9.0, "6": 7.5}
"""``tree.Size`` → points."""

Kind = Literal["mark", "head", "title", "heading", "body", "signature", "imprint", "number", "cell", "caption", "code"]
"""What a line is; ``cell`` lines stand in tables, ``caption`` lines above and below tables, charts and pictures. These two
and lines of other kinds that are no row of the grid have row -1."""
Fit = Literal["exact", "squeezed", "stretched", "ragged", "last"]

Colour = str
"""A colour of the print, ``#RRGGBB``."""
BLACK, RED, GREEN, AMBER, BLUE, GREY = "#000000", "#D10000", "#1E7F4F", "#B26A00", "#1F5FBF", "#5B6472"
COLOURS = {"black": BLACK, "red": RED, "green": GREEN, "amber": AMBER, "blue": BLUE, "grey": GREY}
"""``tree.Colour`` → the colour of the print."""
BANDS = {**COLOURS, "amber": "#FFC000"}
"""``tree.Colour`` → the colour of a band without words: amber that could be read would look brown beside red and green."""
TINTS = {
    "red": "#FBE9E9",
    "green": "#E6F4EC",
    "amber": "#FDF1DC",
    "blue": "#E8EFFA",
    "grey": "#EEF0F3",
    "black": "#E4E6EA",
}
"""``tree.Colour`` → the light ground of a cell or a band."""


def annex_block(k: int) -> int:
    """``Line.block`` of what stands above the blocks of annex ``k`` of the document (0 is the first)."""
    return -10 - k


def cell(size: float) -> float:
    """Pitch in points of characters of this size: the body's own pitch for 三号, the glyph's width for others."""
    return CELL if size == SIZE_3 else size


def row_top(row: float) -> float:
    """y of the upper edge of the characters of a row of the grid (0 is the first)."""
    return PAPER_HEIGHT - TOP - row * ROW


@value
class Frame:
    """A type area: its left and upper edge, its size, how many rows of the grid it holds; ``turned`` in the frame of the
    landscape sheet (see ``Page``)."""

    left: float
    top: float
    width: float
    height: float
    rows: int
    turned: bool = False

    @property
    def right(self) -> float:
        """x of its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """y of its lower edge."""
        return self.top - self.height

    def row_top(self, row: float) -> float:
        """y of the upper edge of the characters of a row (0 is the first)."""
        return self.top - row * ROW


UPRIGHT = Frame(LEFT, PAPER_HEIGHT - TOP, AREA_WIDTH, AREA_HEIGHT, ROWS)
"""The type area of 5.2."""
TURNED = Frame(
    PAPER_HEIGHT - TOP - AREA_HEIGHT,
    PAPER_WIDTH - LEFT,
    AREA_HEIGHT,
    AREA_WIDTH,
    int((AREA_WIDTH - SIZE_3) / ROW) + 1,
    True,
)
"""The same type area turned for a landscape table (8): 225 mm wide, 156 mm high, 15 rows."""


@value
class Piece:
    """Glyphs of one face beside each other on one line.

    ``cids[k]`` is drawn with its origin at ``xs[k]`` and stands for ``texts[k]`` (which may be empty for the second glyph
    of a character, or several characters for one glyph); ``widths[k]`` is its own advance in thousandths of ``size``.
    ``rise`` is how far above the line's baseline the origins stand: a face that stands in for another has its middle as high.
    """

    face: str
    size: float
    cids: tuple[int, ...]
    xs: tuple[float, ...]
    texts: tuple[str, ...]
    widths: tuple[int, ...]
    origin: str = ""
    colour: Colour = BLACK
    change: Literal["", "added", "removed"] = ""
    rise: float = 0.0

    @property
    def text(self) -> str:
        """The words of the piece."""
        return "".join(self.texts)


@value
class Line:
    """One line: its baseline, from where to where its cells reach, and how it was made to fit.

    ``block`` counts the paragraphs of the document (``tree.every_block``), so that lines of one paragraph can be joined
    again. Below zero: -1 head, title, signature and imprint, -2 salutation, -3 附注, ``annex_block(k)`` the label and the
    title of an annex.
    ``right`` is the end of the last character's ink side: a full-width mark at the end may have lost its blank half.
    ``place`` is (row, column) of the table cell the line stands in, rows of the head counted from -1 downwards.
    """

    kind: Kind
    row: int
    y: float
    left: float
    right: float
    pieces: Sequence[Piece]
    fit: Fit = "last"
    block: int = -1
    level: int = 0
    place: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The words of the line, in order, blanks at its end included."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def origins(self) -> tuple[str, ...]:
        """The records the words come from, in order, without repetition."""
        return tuple(dict.fromkeys(piece.origin for piece in self.pieces if piece.origin))


@value
class Stroke:
    """A straight line from (x0, y0) to (x1, y1); ``weight`` is its thickness in points."""

    x0: float
    y0: float
    x1: float
    y1: float
    weight: float
    colour: Colour = BLACK
    dashed: bool = False
    block: int = -1


def rule(y: float, left: float, right: float, weight: float, colour: Colour = BLACK) -> Stroke:
    """A horizontal rule."""
    return Stroke(left, y, right, y, weight, colour)


@value
class Shape:
    """A closed polygon, filled (``fill``) or outlined (``stroke``) or both; "" is neither. Round shapes have many points."""

    points: tuple[tuple[float, float], ...]
    fill: Colour = ""
    stroke: Colour = ""
    weight: float = 0.5
    block: int = -1


def box(left: float, bottom: float, width: float, height: float, fill: Colour, block: int = -1) -> Shape:
    """A filled rectangle."""
    right, top = left + width, bottom + height
    return Shape(((left, bottom), (right, bottom), (right, top), (left, top)), fill, block=block)


@value
class Image:
    """A picture by its digest (``tree.Picture``), its lower left corner and its size. ``over`` is drawn above the words (a
    seal), else below."""

    digest: str
    x: float
    y: float
    width: float
    height: float
    description: str = ""
    over: bool = False
    block: int = -1


@value
class Ink:
    """What is drawn together: a chart, a slice of a table, a code, in the frame of its page."""

    lines: tuple[Line, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    shapes: tuple[Shape, ...] = ()
    images: tuple[Image, ...] = ()

    def __add__(self, other: Ink) -> Ink:
        return Ink(
            self.lines + other.lines,
            self.strokes + other.strokes,
            self.shapes + other.shapes,
            self.images + other.images,
        )


@value
class Page:
    """One page, lines from top to bottom. ``number`` counts the sheets of the file from 1; what is printed as the page number
    is the last of ``lines`` (a line of kind ``number``), or of ``upright`` on a turned page.

    On a ``turned`` page (8) everything stands in the frame of the landscape sheet, 297 mm wide and 210 mm high, whose upper
    edge is the left edge of the upright paper; ``upright`` are the lines in the frame of the upright paper.
    """

    number: int
    lines: tuple[Line, ...]
    strokes: tuple[Stroke, ...] = ()
    shapes: tuple[Shape, ...] = ()
    images: tuple[Image, ...] = ()
    turned: bool = False
    upright: tuple[Line, ...] = ()


@value
class Entry:
    """A line of the outline: a heading, its level, and where it stands."""

    level: int
    text: str
    page: int
    y: float


@value
class Pages:
    """A laid-out document. ``substitutes`` are the characters that its own face lacks, with the face that drew them.

    ``documents`` are the trees that were laid out, each with the number of its first page: one, or a batch. The writers ask
    them what a block is (its table's spans, its picture's description), never how it looks.
    """

    pages: tuple[Page, ...]
    outline: tuple[Entry, ...]
    substitutes: tuple[tuple[str, str], ...] = ()
    documents: tuple[tuple[int, tree.Document], ...] = ()


def origin_at(pages: Pages, number: int, x: float, y: float) -> str:
    """The record whose words stand at a point of page ``number`` (1 is the first), or empty: for a click in the preview.

    A point in the blank between two lines belongs to the line above or below it, whichever is nearer.
    """
    if not 1 <= number <= len(pages.pages):
        return ""
    lines = [line for line in pages.pages[number - 1].lines if line.pieces]
    middle = SIZE_3 * (ASCENT - 0.5)
    nearest = min(lines, key=lambda line: abs(line.y + middle - y), default=None)
    if nearest is None or abs(nearest.y + middle - y) > ROW:
        return ""
    before = [piece for piece in nearest.pieces if piece.xs[0] <= x]
    return before[-1].origin if before and x <= nearest.right + CELL else ""
