"""The glyphs of one line, taken from those of its paragraph: the pieces are made when somebody asks for them.

Drawing needs no piece: where a line's glyphs stand and which they are it finds in the paragraph (``stock.Glyphs``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import overload

from db.values import replace
from desktop_app.notices import page
from desktop_app.notices.page import Piece
from desktop_app.notices.stock import Glyphs


class Strip(Sequence[Piece]):
    """Cells ``start`` to ``end`` of a paragraph; ``xs`` are the places of their squares in thousandths of a cell, counted from
    ``left`` points. Equal to any sequence of the same pieces, and never changed."""

    __slots__ = ("colour", "end", "glyphs", "left", "size", "start", "xs")

    def __init__(
        self,
        glyphs: Glyphs,
        span: tuple[int, int],
        xs: Sequence[float],
        left: float,
        size: float,
        colour: page.Colour = page.BLACK,
    ) -> None:
        self.glyphs = glyphs
        self.start, self.end = span
        self.xs = xs
        self.left = left
        self.size = size
        self.colour = colour

    @property
    def plain(self) -> bool:
        """Whether its paragraph is plain and it is black itself."""
        return self.glyphs.plain and self.colour == page.BLACK

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join([cell.text for cell in self.glyphs.cells[self.start : self.end]])

    def lengths(self) -> list[int]:
        """How many characters each piece has."""
        cells = self.glyphs.cells
        return [sum([len(cell.text) for cell in cells[first:last]]) for first, last in self._spans()]

    def moved(self, right: float) -> Strip:
        """The same glyphs, so many points further to the right."""
        return Strip(self.glyphs, (self.start, self.end), self.xs, self.left + right, self.size, self.colour)

    def __len__(self) -> int:
        bounds = self.glyphs.bounds
        return bisect_left(bounds, self.end) - bisect_right(bounds, self.start) + 1

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Piece]:
        for first, last in self._spans():
            yield self._piece(first, last)

    @overload
    def __getitem__(self, at: int) -> Piece: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Piece]: ...
    def __getitem__(self, at: int | slice) -> Piece | Sequence[Piece]:
        spans = self._spans()[at]
        if isinstance(spans, tuple):
            return self._piece(*spans)
        if not spans or (isinstance(at, slice) and at.step not in (None, 1)):
            return tuple(self._piece(*span) for span in spans)
        first, last = spans[0][0], spans[-1][1]
        xs = self.xs[first - self.start : last - self.start]
        return Strip(self.glyphs, (first, last), xs, self.left, self.size, self.colour)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Strip | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    def _spans(self) -> list[tuple[int, int]]:
        """The cells of each piece."""
        bounds = self.glyphs.bounds
        inside = bounds[bisect_right(bounds, self.start) : bisect_left(bounds, self.end)]
        return list(zip([self.start, *inside], [*inside, self.end], strict=True))

    def _piece(self, first: int, last: int) -> Piece:
        glyphs, size = self.glyphs, self.size
        cells = glyphs.cells[first:last]
        own = glyphs.words[bisect_right(glyphs.begun, first) - 1]
        scale = page.cell(size) / 1000
        xs = self.xs[first - self.start : last - self.start]
        if bisect_left(glyphs.several, last) > bisect_left(glyphs.several, first):
            texts = [text for cell in cells for text in _shared(cell.text, len(cell.cids))]
        else:
            texts = [cell.text for cell in cells]
        return Piece(
            cells[0].face,
            size,
            tuple([cid for cell in cells for cid in cell.cids]),
            tuple([self.left + (x + s) * scale for x, cell in zip(xs, cells, strict=True) for s in cell.shifts]),
            tuple(texts),
            tuple([wide for cell in cells for wide in cell.advances]),
            own.origin,
            self.colour if own.colour == page.BLACK else own.colour,
            own.change,
            cells[0].rise * size / 1000,
        )


def moved(pieces: Sequence[Piece], right: float) -> Sequence[Piece]:
    """The pieces of a line, so many points further to the right."""
    if isinstance(pieces, Strip):
        return pieces.moved(right)
    return tuple(replace(piece, xs=tuple(x + right for x in piece.xs)) for piece in pieces)


def _shared(text: str, glyphs: int) -> list[str]:
    """A character of several glyphs: one each for …… and accents, the rest to the last."""
    return [*text[: glyphs - 1], text[glyphs - 1 :]]
