"""From broken lines to drawn ones: cells become glyphs at their place in points."""

from __future__ import annotations

from collections.abc import Sequence

from db.values import replace, value
from desktop_app.notices import page
from desktop_app.notices.linebreak import Broken
from desktop_app.notices.page import Fit, Frame, Image, Kind, Line, Piece
from desktop_app.notices.places import Places
from desktop_app.notices.stock import Stock, Words, prepare
from desktop_app.notices.strips import Strip, moved


@value
class Draft:
    """A line that does not know its row yet. ``left`` and ``right`` are in points.

    ``images`` stand by it (a seal): their ``y`` counts from the upper edge of the characters, downwards negative.
    """

    kind: Kind
    left: float
    right: float
    pieces: Sequence[Piece]
    fit: Fit = "last"
    block: int = -1
    level: int = 0
    images: tuple[Image, ...] = ()
    size: float = page.SIZE_3

    def at(self, row: int, size: float = page.SIZE_3, down: float = 0.0, frame: Frame = page.UPRIGHT) -> Line:
        """The line in a row of the grid, its characters' upper edge ``down`` points below that row's."""
        y = frame.row_top(row) - down - page.ASCENT * size
        return Line(self.kind, row, y, self.left, self.right, self.pieces, self.fit, self.block, self.level)

    def on(self, row: int, frame: Frame) -> Line:
        """The line in a row of the grid; smaller characters stand on the baseline of 三号, larger ones hang from above."""
        return self.at(row, max(self.size, page.SIZE_3), 0.0, frame)

    def under(self, top: float, size: float = page.SIZE_3) -> Line:
        """The line off the grid, the upper edge of its characters at ``top``."""
        y = top - page.ASCENT * size
        return Line(self.kind, -1, y, self.left, self.right, self.pieces, self.fit, self.block, self.level)

    def shifted(self, right: float) -> Draft:
        """The same line, so many points further to the right."""
        if not right:
            return self
        pieces = moved(self.pieces, right)
        images = tuple(replace(image, x=image.x + right) for image in self.images)
        return replace(self, left=self.left + right, right=self.right + right, pieces=pieces, images=images)

    def images_at(self, top: float) -> tuple[Image, ...]:
        """The images of the line when the upper edge of its characters is at ``top``."""
        return tuple(replace(image, y=top + image.y) for image in self.images)


def width(stock: Stock) -> int:
    """Natural width of all cells in thousandths of a cell."""
    return stock.width[-1]


def thousandths(points: float, size: float) -> int:
    """A length in points as thousandths of a cell of this size, rounded to the nearest."""
    return round(points / page.cell(size) * 1000)


def pieces(stock: Stock, broken: Broken, left: float, size: float, colour: page.Colour = page.BLACK) -> Sequence[Piece]:
    """The glyphs of one line whose cell 0 stands at ``left`` points, grouped by face and owner."""
    start, end = broken.start, broken.end
    return Strip(stock.glyphs(), (start, end), broken.xs, left, size, colour) if start < end else ()


def drafts(
    stock: Stock,
    lines: Sequence[Broken],
    kind: Kind,
    size: float,
    block: int,
    level: int = 0,
    edge: float = page.LEFT,
) -> list[Draft]:
    """The broken lines of a paragraph as drafts, whose indents begin at ``edge``."""
    scale = page.cell(size) / 1000
    found = []
    for line in lines:
        left = edge + line.indent * scale
        set_ = pieces(stock, line, left, size)
        found.append(Draft(kind, left, left + line.right * scale, set_, line.fit, block, level, size=size))
    return found


def single(
    words: Sequence[Words], kind: Kind, size: float, left: float, colour: page.Colour = page.BLACK, block: int = -1
) -> Draft:
    """Words on one line from ``left`` points on, natural width, never broken."""
    stock = prepare(words)
    broken = whole(stock)
    right = left + broken.right * page.cell(size) / 1000
    return Draft(kind, left, right, pieces(stock, broken, left, size, colour), "last", block, size=size)


def whole(stock: Stock) -> Broken:
    """All cells on one line, nothing squeezed but adjacent marks."""
    made = part(stock, 0, len(stock.cells))
    return replace(made, right=float(stock.width[stock.solid[-1]])) if made.xs else made


def part(stock: Stock, start: int, end: int) -> Broken:
    """Cells ``start`` to ``end`` on a line of their own, of natural width."""
    if end <= start:  # a title without words
        return Broken(start, end, [], 0.0, "last", 0)
    right = stock.width[end] + stock.back[end - 1] - stock.places[start]
    return Broken(start, end, Places(stock.places, stock.loose, (start, end)), float(right), "last", 0)
