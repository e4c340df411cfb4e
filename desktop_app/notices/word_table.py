"""Tables in Word: fixed columns, cells over several rows and columns, a head that is repeated, rows that are not torn.

Word shows the words of a cell of several rows once, on its first page; print repeats them on the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, zip_longest

from desktop_app.notices import table_grid, tree
from desktop_app.notices.page import SIZES, TINTS, Frame
from desktop_app.notices.table_cells import measures
from desktop_app.notices.table_grid import GridRow, Place, padding
from desktop_app.notices.word_page import Sheet
from desktop_app.notices.word_styles import CAPTION, CELL
from desktop_app.notices.word_xml import TWIPS, Piece, indent, paragraph, run, runs, safe, space, stand, twips

FRAME, RULE = 8, 4
"""Thickness of the frame and of the rules of a table in eighths of a point."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the cells of a table are set: the columns' edges in twentieths of a point and how words stand in them, the size of
    the characters, and the height of a page."""

    at: tuple[int, ...]
    aligns: tuple[tree.Align, ...]
    size: float
    high: float


def table(block: tree.Table, sheet: Sheet) -> list[Piece]:
    """A table as wide as its column, with its title, unit and notes."""
    edges, size = table_grid.edges(block, Frame(0.0, 0.0, sheet.width / TWIPS, sheet.height, 0))
    at = [twips(x) for x in edges]
    made: list[Piece] = []
    own = SIZES["x4"]
    if block.title:
        made.append(paragraph(run(block.title, "hei", max(own, size), spacing=0), CAPTION, keepNext="<w:keepNext/>"))
    if block.unit:
        words = run(f"单位：{block.unit}", "body", own, spacing=0)
        made.append(
            paragraph(
                words, CELL, keepNext="<w:keepNext/>", jc=stand("right"), spacing=space(line=twips(measures(own).pitch))
            )
        )
    if block.rows or table_grid.head(block):
        made.append(_table(block, Look(tuple(at), tuple(one.align for one in block.columns), size, sheet.height)))
    for one in block.notes:
        words = run(one, "body", own, spacing=0)
        made.append(paragraph(words, CELL, spacing=space(line=twips(measures(own).pitch)), ind=indent()))
    return made


def _table(block: tree.Table, look: Look) -> str:
    """``<w:tbl>``, its elements in the order of the schema."""
    at, size = look.at, look.size
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{RULE if side.startswith("inside") else FRAME}" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    side, over = twips(padding(size)), twips(measures(size).above - (measures(size).pitch - size) / 2)
    margins = "".join(
        f'<w:{name} w:w="{value}" w:type="dxa"/>'
        for name, value in (("top", over), ("left", side), ("bottom", over), ("right", side))
    )
    count = len(block.columns)
    described = f'<w:tblCaption w:val="{safe(block.title)}"/>' if block.title else ""
    columns = "".join(f'<w:gridCol w:w="{b - a}"/>' for a, b in pairwise(at))
    head = table_grid.grid(table_grid.head(block), count, "row of the head")
    rows = table_grid.grid(block.rows, count)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{at[-1] - at[0]}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{rules}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>{described}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        + "".join(_rows(head, Look(look.at, tuple("centre" for _ in range(count)), size, look.high), headed=True))
        + "".join(_rows(rows, look, low=_low([*head, *rows], look)))
        + "</w:tbl>"
    )


def _rows(rows: Sequence[GridRow], look: Look, *, headed: bool = False, low: bool = False) -> Iterator[str]:
    """``<w:tr>`` after ``<w:tr>``. A head stays with the row after it, a group too, a total with the row before it; all rows of
    a ``low`` table stay together."""
    heights = [_height(row, look) for row in rows]
    for at, (row, after) in enumerate(zip_longest(rows, rows[1:])):
        strong = headed or row.kind != "body"
        kept = headed or row.kind == "group" or (after is not None and (low or after.kind == "total"))
        cells = [
            (place.left, _cell(place, look, strong=strong, kept=kept, goes_on=_goes_on(place, at, heights, look)))
            for place in row.places
        ]
        cells += [(place.left, _covered(place, look)) for place in row.hanging]
        least = (
            f'<w:trHeight w:val="{twips(measures(look.size).height(row.least))}" w:hRule="atLeast"/>'
            if row.least > 1
            else ""
        )
        whole = "<w:cantSplit/>" if strong or row.kept or heights[at] < look.high / 3 else ""
        again = "<w:tblHeader/>" if headed else ""
        props = f"<w:trPr>{whole}{least}{again}</w:trPr>" if whole or least or again else ""
        yield f"<w:tr>{props}{''.join(cell for _, cell in sorted(cells))}</w:tr>"


def _goes_on(place: Place, at: int, heights: Sequence[float], look: Look) -> bool:
    """Whether a cell of several rows is so high that a page may well end inside it."""
    return place.cell.rows > 1 and sum(heights[at : place.below]) > look.high / 4


def _lines(place: Place, look: Look) -> int:
    """How many lines a cell takes, roughly, by the count of its characters."""
    room = (look.at[place.right] - look.at[place.left]) / TWIPS - 2 * padding(look.size)
    across = max(1, int(room / look.size))
    return sum(1 + sum(len(one.text) for one in words) // across for words in place.cell.paragraphs)


def _height(row: GridRow, look: Look) -> float:
    """How high a row is, roughly."""
    return measures(look.size).height(
        max([row.least, *(_lines(place, look) for place in row.places if place.cell.rows == 1)])
    )


def _low(rows: Sequence[GridRow], look: Look) -> bool:
    """Whether a table is lower than a quarter of a page: it is not broken."""
    rest = look.high / 4
    for row in rows:
        rest -= _height(row, look)
        if rest < 0:
            return False
    return True


def _cell(place: Place, look: Look, *, strong: bool, kept: bool, goes_on: bool) -> str:
    """A cell, its words in the middle as in print; what ``goes_on`` over pages begins at its top, so that its words stand on the
    first of them."""
    cell = place.cell
    merged = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
    align = cell.align or look.aligns[place.left]
    opening = _opening(look.at[place.right] - look.at[place.left], cell.columns, merged, cell.fill, goes_on)
    start = _paragraph(align, look.size, kept)
    face = "hei" if strong else "body"
    own = "".join(f"{start}{runs(words, look.size, 0, face)}</w:p>" for words in cell.paragraphs) or f"{start}</w:p>"
    return f"<w:tc>{opening}{own}</w:tc>"


def _covered(place: Place, look: Look) -> str:
    """A place covered from above: Word wants it said, with a paragraph."""
    opening = _opening(
        look.at[place.right] - look.at[place.left], place.cell.columns, "<w:vMerge/>", place.cell.fill, False
    )
    return f"<w:tc>{opening}{_paragraph('left', look.size, False)}</w:p></w:tc>"


@lru_cache(maxsize=256)
def _opening(width: int, columns: int, merged: str, fill: tree.Colour | None, top: bool) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{TINTS[fill][1:]}"/>' if fill else ""
    return f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merged}{ground}<w:vAlign w:val="{"top" if top else "center"}"/></w:tcPr>'


@lru_cache(maxsize=64)
def _paragraph(align: tree.Align, size: float, kept: bool) -> str:
    """How a paragraph of a cell begins."""
    keep = "<w:keepNext/>" if kept else ""
    made = paragraph("", CELL, keepNext=keep, spacing=space(line=twips(measures(size).pitch)), jc=stand(align)).xml()
    return made.removesuffix("</w:p>")
