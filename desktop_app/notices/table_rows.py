"""The rows of a table with their words set, made one after the other as the pages need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from db.values import record
from desktop_app.notices import table_cells, tree
from desktop_app.notices.setting import Draft
from desktop_app.notices.table_grid import GridRow, Place

SHARED = 8
"""A cell over so many rows that is higher than they are makes all of them higher, one over more of them the last."""


@record
class Box:
    """A cell with its words set; ``done`` lines of it stand on earlier pages.

    ``first`` is the row it begins in, ``row`` the row as ``Line.place`` counts it: negative in the head.
    """

    place: Place
    first: int
    row: int
    lines: tuple[Draft, ...]
    done: int = 0

    @property
    def left(self) -> int:
        """How many lines are still to be put."""
        return len(self.lines) - self.done


@record
class SetRow:
    """A row: the boxes that begin in it, those that have come down into it, its own height without the latter's, and the
    height it has even if it is empty."""

    boxes: list[Box]
    hanging: list[Box]
    height: float
    least: float
    kind: Literal["body", "group", "total"]
    kept: bool


class Rows:
    """The rows of a grid whose columns stand at ``edges``, the first ``heads`` of them head rows; ``ends`` is how many."""

    def __init__(
        self,
        grid: Sequence[GridRow],
        columns: Sequence[tree.Column],
        edges: Sequence[float],
        size: float,
        block: int,
        *,
        heads: int = 0,
    ) -> None:
        self.grid = grid
        self.columns = columns
        self.edges = edges
        self.size = size
        self.measures = table_cells.measures(size)
        self.block = block
        self.heads = heads
        self.ends = len(grid)
        self._made: dict[int, SetRow] = {}
        self._hanging: dict[int, Box] = {}

    def row(self, number: int) -> SetRow:
        """A row, by its number from 0; rows are asked for from the first on."""
        made = self._made.get(number)
        if made is None:
            made = self._made[number] = self._row(number)
            for box in made.boxes:
                if 1 < box.place.below - number <= SHARED:
                    self._share(box)
        return made

    def _share(self, box: Box) -> None:
        """Makes the rows of a box as high together as its words ask, each by as much."""
        rows = [self.row(number) for number in range(box.first, box.place.below)]
        lack = self.measures.height(len(box.lines)) - sum(row.height for row in rows)
        for row in rows if lack > 0 else ():
            row.height += lack / len(rows)

    def drop(self, before: int) -> None:
        """Forgets the rows before that one: they have been drawn."""
        for number in [k for k in self._made if k < before]:
            del self._made[number]

    def _row(self, number: int) -> SetRow:
        given = self.grid[number]
        head = number < self.heads
        boxes = []
        own = given.least
        for place in given.places:
            box = self._box(place, number, strong=head or given.kind != "body")
            boxes.append(box)
            if place.below == number + 1:
                own = max(own, len(box.lines))
            else:
                self._hanging[id(place)] = box
        hanging = [self._hanging[id(place)] for place in given.hanging]
        least = self.measures.height(given.least)
        return SetRow(boxes, hanging, self.measures.height(own), least, given.kind, given.kept)

    def _box(self, place: Place, number: int, *, strong: bool) -> Box:
        cell = place.cell
        head = number < self.heads
        align: tree.Align = cell.align or ("centre" if head else self.columns[place.left].align)
        lines = table_cells.set_cell(
            cell, self.edges[place.left], self.edges[place.right], self.size, align, self.block, strong=strong
        )
        row = -1 - number if head else number - self.heads
        return Box(place, number, row, lines)
