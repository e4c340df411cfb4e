"""The grid of a table: which cell covers which places, and where its columns stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from db.errors import Refusal
from db.values import value
from desktop_app.notices import page, tree
from desktop_app.notices.page import Frame

SMALLER = tuple(sorted(page.SIZES.values(), reverse=True))
EMPTY = tree.TableCell()


@value
class Place:
    """A cell, the column it begins in, and where it ends: ``right`` the column and ``below`` the row after it."""

    cell: tree.TableCell
    left: int
    right: int
    below: int


@value
class GridRow:
    """The cells that begin in a row, left to right, and those that have come down from above."""

    places: tuple[Place, ...]
    hanging: tuple[Place, ...] = ()
    kind: Literal["body", "group", "total"] = "body"
    least: float = 1.0
    kept: bool = False


def head(table: tree.Table) -> tuple[tree.TableRow, ...]:
    """The rows of the head: its own, else one of the columns' titles, none in a form."""
    if table.head or table.headless:
        return table.head
    return (tree.TableRow(tuple(tree.TableCell(((tree.Run(one.title),),)) for one in table.columns)),)


def grid(rows: Sequence[tree.TableRow], width: int, named: str = "row") -> list[GridRow]:
    """Every row with the places of its cells; free places hold an empty cell.

    ``ValueError`` naming the row (from 1) for a cell that has no place or reaches beyond the edge: a fault of the composer.
    """
    if width < 1:
        raise ValueError("a table without columns")
    made: list[GridRow] = []
    plain = [(k, k + 1) for k in range(width)]
    hanging: tuple[Place, ...] = ()
    for at, row in enumerate(rows):
        simple = not hanging and len(row.cells) == width
        if simple and all(cell.rows == 1 == cell.columns for cell in row.cells):
            below = at + 1
            placed = [Place(cell, left, right, below) for cell, (left, right) in zip(row.cells, plain, strict=True)]
        else:
            try:
                placed = _placed(row, width, at, hanging, len(rows))
            except ValueError as wrong:
                raise ValueError(f"{named} {at + 1} of a table: {wrong}") from None
        made.append(GridRow(tuple(placed), hanging, row.kind, row.least, row.kept))
        if hanging or any(place.below > at + 1 for place in placed):
            hanging = tuple(place for place in (*hanging, *placed) if place.below > at + 1)
    return made


def _placed(row: tree.TableRow, width: int, at: int, hanging: Sequence[Place], count: int) -> list[Place]:
    taken = [False] * width
    for place in hanging:
        taken[place.left : place.right] = [True] * (place.right - place.left)
    placed = []
    column = 0
    cells = iter(row.cells)
    cell = next(cells, None)
    while column < width:
        if taken[column]:
            column += 1
            continue
        held = cell or EMPTY
        right, below = column + held.columns, at + held.rows
        if held.rows < 1 or held.columns < 1:
            raise ValueError("a cell of no row or no column")
        if right > width or any(taken[column:right]):
            raise ValueError(f"the cell in column {column + 1} does not fit beside the others")
        if below > count:
            raise ValueError(f"the cell in column {column + 1} reaches below the last row")
        placed.append(Place(held, column, right, below))
        column = right
        cell = next(cells, None)
    if cell is not None:
        raise ValueError(f"more cells than places for them ({width} columns)")
    return placed


def padding(size: float) -> float:
    """The blank between a cell's edge and its words, left and right."""
    return max(2.4, 0.3 * size)


def edges(table: tree.Table, frame: Frame) -> tuple[list[float], float]:
    """The x of every column's edges, one more than columns, and the size of the characters.

    Widths go by the columns' shares, but every column holds a character. Where they cannot all, the size is stepped down.
    """
    shares = [column.width for column in table.columns]
    if not all(0 < share < float("inf") for share in shares):
        raise ValueError("a table with a column of no width")
    wanted = page.SIZES[table.size]
    for size in (wanted, *(one for one in SMALLER if one < wanted)):
        least = size + 2 * padding(size)
        if least * len(shares) <= frame.width:
            widths = _widths(shares, least, frame.width)
            return [frame.left + x for x in accumulate(widths, initial=0.0)], size
    named = f"表“{table.title}”" if table.title else "一张表"
    raise Refusal(f"{named}有{len(shares)}栏，一页排不下。", "请减少栏数，或分成几张表。", "print")


def _widths(shares: Sequence[float], least: float, whole: float) -> list[float]:
    """Shares of a width, none below ``least``; what the narrow ones lack is taken from the others."""
    narrow: set[int] = set()
    while True:
        rest = whole - least * len(narrow)
        total = sum(share for k, share in enumerate(shares) if k not in narrow)
        widths = [least if k in narrow else rest * share / total for k, share in enumerate(shares)]
        found = {k for k, width in enumerate(widths) if width < least - 1e-9} - narrow
        if not found:
            return widths
        narrow |= found
