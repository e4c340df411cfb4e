"""Draws the part of a table that stands on one page: the words of its boxes between rules, closed all around."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from db.values import born, record, value
from desktop_app.notices import page, table_cells
from desktop_app.notices.page import ASCENT, BLACK, Ink, Line, Shape, Stroke
from desktop_app.notices.setting import Draft
from desktop_app.notices.table_cells import Measures
from desktop_app.notices.table_rows import Box, SetRow

FRAME = 1.0
THIN = 0.5


@value
class Part:
    """What of a row stands on this page: its height here; ``broken`` if the row goes on on the next page."""

    row: SetRow
    number: int
    height: float
    broken: bool = False


@record
class Drawing:
    """Collects the primitives of a table on one page, from ``top`` downwards."""

    edges: Sequence[float]
    measures: Measures
    block: int
    lines: list[Line] = born(factory=list)
    strokes: list[Stroke] = born(factory=list)
    shapes: list[Shape] = born(factory=list)

    def parts(self, parts: Sequence[Part], top: float, *, repeats: bool = False) -> float:
        """Draws rows below each other, the first at ``top``; gives the y they end at. Boxes learn what has been put.

        ``repeats``: every box is drawn whole and stays as it is (the head of a page).
        """
        ys = [top]
        for part in parts:
            ys.append(ys[-1] - part.height)
        first = parts[0].number if parts else 0
        for k, part in enumerate(parts):
            ends: set[int] = set()  # of the cells that go on together only the first is marked
            boxes = part.row.boxes if k else sorted([*part.row.hanging, *part.row.boxes], key=_column)
            for box in boxes:
                last = min(box.place.below - 1 - first, len(parts) - 1)
                goes_on = parts[last].broken or box.place.below - 1 - first > last
                marked = box.place.below not in ends
                ends.add(box.place.below)
                self._box(box, ys[k], ys[last + 1], goes_on=goes_on, repeats=repeats, marked=marked)
        self._rules(parts, ys)
        return ys[-1]

    def across(self, y: float) -> None:
        """A rule from side to side."""
        self.strokes.append(Stroke(self.edges[0], y, self.edges[-1], y, THIN, BLACK, False, self.block))

    def close(self, top: float, bottom: float) -> None:
        """The frame around what stands between two heights."""
        left, right = self.edges[0] + FRAME / 2, self.edges[-1] - FRAME / 2
        points = (
            (left, bottom + FRAME / 2),
            (right, bottom + FRAME / 2),
            (right, top - FRAME / 2),
            (left, top - FRAME / 2),
        )
        self.shapes.append(Shape(points, "", BLACK, FRAME, self.block))

    def _box(self, box: Box, top: float, bottom: float, *, goes_on: bool, repeats: bool, marked: bool) -> None:
        if box.place.cell.fill:
            left, right = self.edges[box.place.left], self.edges[box.place.right]
            fill = page.TINTS[box.place.cell.fill]
            self.shapes.append(page.box(left, bottom, right - left, top - bottom, fill, self.block))
        if not box.lines:
            return
        shown: Sequence[Draft] = box.lines
        if box.done or goes_on:
            room = self.measures.fitting(top - bottom)
            if not box.left:
                shown = self._again(box, room, marked=marked)
            else:
                shown = box.lines[box.done : box.done + room]
                box.done += 0 if repeats else len(shown)
        elif not repeats:
            box.done = len(shown)
        size, pitch, down = self.measures.size, self.measures.pitch, self.measures.above
        if not (goes_on and box.left):  # in the middle, as ledgers have it, whatever stands beside it
            down = max(down, (top - bottom - (len(shown) - 1) * pitch - size) / 2)
        y = top - down - ASCENT * size
        place = (box.row, box.place.left)
        for draft in shown:
            if draft.pieces:
                self.lines.append(
                    Line("cell", -1, y, draft.left, draft.right, draft.pieces, draft.fit, self.block, 0, place)
                )
            y -= pitch

    def _again(self, box: Box, room: int, *, marked: bool) -> Sequence[Draft]:
        """The words of a cell that stands on the page before and goes on here, below them （续） if it is ``marked`` and there
        is room."""
        if not box.lines or (box.place.below == box.first + 1 and box.place.left):
            return ()
        left, right = self.edges[box.place.left], self.edges[box.place.right]
        more = table_cells.more(left, right, self.measures.size, self.block) if marked else ()
        if len(box.lines) + len(more) <= room:
            return (*box.lines, *more)
        return box.lines if len(box.lines) <= room else more if len(more) <= room else ()

    def _rules(self, parts: Sequence[Part], ys: Sequence[float]) -> None:
        """The rules between rows and between columns, broken where a box goes across them."""
        edges = self.edges
        for part, y in zip(parts[1:], ys[1:], strict=False):
            if part.row.hanging and part.number != parts[0].number:
                self._between(part.row.hanging, y)
            else:
                self.across(y)
        inside = [_inside(part.row) for part in parts]
        for hidden, group in groupby(range(len(parts)), key=inside.__getitem__):
            run = list(group)
            top, bottom = ys[run[0]], ys[run[-1] + 1]
            for k in range(1, len(edges) - 1):
                if k not in hidden:
                    self.strokes.append(Stroke(edges[k], top, edges[k], bottom, THIN, BLACK, False, self.block))

    def _between(self, hanging: Sequence[Box], y: float) -> None:
        covered = {k for box in hanging for k in range(box.place.left, box.place.right)}
        for free, group in groupby(range(len(self.edges) - 1), key=lambda k: k not in covered):
            run = list(group)
            if free:
                left, right = self.edges[run[0]], self.edges[run[-1] + 1]
                self.strokes.append(Stroke(left, y, right, y, THIN, BLACK, False, self.block))

    def ink(self) -> Ink:
        """What has been drawn."""
        return Ink(tuple(self.lines), tuple(self.strokes), tuple(self.shapes))


def _column(box: Box) -> int:
    return box.place.left


def _inside(row: SetRow) -> frozenset[int]:
    """The edges that are hidden by boxes over several columns."""
    wide = [box.place for box in (*row.boxes, *row.hanging) if box.place.right - box.place.left > 1]
    return frozenset(k for place in wide for k in range(place.left + 1, place.right))
