"""Sets the words of a table's cells: broken by the breaker at the table's size, placed between the cell's edges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate, groupby

from db.values import replace, value
from desktop_app.notices import fonts, linebreak, marks, page, paragraphs, ragged, setting, tree
from desktop_app.notices.fonts import Cell
from desktop_app.notices.page import COLOURS, Piece
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Words, prepare
from desktop_app.notices.table_grid import padding

JUSTIFIED = 8_000
"""Narrower cells (thousandths of a character) are not spread to their edges: the gaps would show. Their dates may be parted
after the year."""
MORE = "（续）"
REPEATED = 24
"""Words of a form of so many characters are set once and kept."""
_SIGNS = re.compile("[—…]|[^—…]+")
_WEIGHED = fonts.FULL | fonts.BLANK
"""Flags of cells that stand otherwise beside each other or at a line end."""


@value
class Measures:
    """The lengths inside a table of one size, in points: from line to line, and the blank above and below words."""

    size: float
    pitch: float
    above: float

    def height(self, lines: float) -> float:
        """The height of a cell of so many lines."""
        return 2 * self.above + self.size + (max(1.0, lines) - 1) * self.pitch

    def fitting(self, room: float) -> int:
        """How many lines a cell of this height holds."""
        over = room - 2 * self.above - self.size
        return int(over / self.pitch + 1.0001) if over >= -0.001 else 0


@cache
def measures(size: float) -> Measures:
    """Those of a size."""
    return Measures(size, 1.32 * size, max(2.5, 0.32 * size))


def set_cell(
    cell: tree.TableCell, left: float, right: float, size: float, align: tree.Align, block: int, *, strong: bool = False
) -> tuple[Draft, ...]:
    """The lines of a cell between its edges ``left`` and ``right``; ``strong`` words in 仿宋 are set in 黑体."""
    found: list[Draft] = []
    if len(cell.paragraphs) == 1 and len(cell.paragraphs[0]) == 1:  # nearly every cell of a ledger
        run = cell.paragraphs[0][0]
        if len(run.text) <= REPEATED and not run.origin:
            role = "hei" if strong and run.face == "body" else run.face
            return _repeated(run.text, role, COLOURS[run.colour], run.change, left, right, size, align, block)
    for runs in cell.paragraphs:
        found += set_words([_words(one, strong) for one in runs], left, right, size, align, block)
    return tuple(found)


def _words(run: tree.Run, strong: bool) -> Words:
    made = paragraphs.run(run)
    return replace(made, role="hei") if strong and made.role == "body" else made


def set_words(
    said: Sequence[Words], left: float, right: float, size: float, align: tree.Align, block: int
) -> tuple[Draft, ...]:
    """A paragraph of a cell. Full lines stand in the middle between the edges, so that both blanks are alike."""
    if len(said) == 1 and len(said[0].text) <= REPEATED:
        one, origin = said[0], said[0].origin
        made = _repeated(one.text, one.role, one.colour, one.change, left, right, size, align, block)
        return tuple([_owned(draft, origin) for draft in made]) if origin else made
    return weighed(said, left, right, size, align, block)


def _owned(draft: Draft, origin: str) -> Draft:
    """The same line, its words those of a record."""
    pieces = tuple(
        [
            Piece(one.face, one.size, one.cids, one.xs, one.texts, one.widths, origin, one.colour, one.change, one.rise)
            for one in draft.pieces
        ]
    )
    return Draft("cell", draft.left, draft.right, pieces, draft.fit, draft.block, size=draft.size)


@lru_cache(maxsize=4_000)
def _repeated(
    text: str,
    role: str,
    colour: page.Colour,
    change: tree.Change,
    left: float,
    right: float,
    size: float,
    align: tree.Align,
    block: int,
) -> tuple[Draft, ...]:
    """Short words, set once however often they stand in a column; they come from no record here."""
    said = Words(marks.clean(text), role, "", colour, change)
    return at_once(said, left, right, size, align, block) or weighed([said], left, right, size, align, block)


def at_once(
    said: Words, left: float, right: float, size: float, align: tree.Align, block: int
) -> tuple[Draft, ...] | None:
    """Words without marks or blanks that fit one line: a name, a number, a state. None for others, which are weighed."""
    cells = list(map(fonts.cells(said.role).__getitem__, marks.clusters(said.text)))
    room = setting.thousandths(right - left - 2 * padding(size), size)
    natural = sum([cell.width for cell in cells])
    if not cells or natural > room or any(cell.flags & _WEIGHED or len(cell.cids) > 1 for cell in cells):
        return None
    scale = page.cell(size) / 1000
    start = left + padding(size) + _beside(room, natural, align) * scale
    places = [start + (x + cell.shifts[0]) * scale for x, cell in zip(accumulate(_widths(cells)), cells, strict=True)]
    pieces, first = [], 0
    for (face, rise), group in groupby([(cell.face, cell.rise) for cell in cells]):
        last = first + len(list(group))
        part = cells[first:last]
        cids, texts = tuple([cell.cids[0] for cell in part]), tuple([cell.text for cell in part])
        widths = tuple([cell.advances[0] for cell in part])
        xs = tuple(places[first:last])
        pieces.append(Piece(face, size, cids, xs, texts, widths, "", said.colour, said.change, rise * size / 1000))
        first = last
    return (Draft("cell", start, start + natural * scale, tuple(pieces), "last", block, size=size),)


def _widths(cells: list[Cell]) -> list[int]:
    return [0, *[cell.width for cell in cells[:-1]]]


def _beside(room: int, wide: float, align: tree.Align) -> float:
    """How far from the left end of the room words of this width begin. Whole characters fill the room from its middle, so
    that both blanks of a full line are alike, and shorter lines begin where those do."""
    if align == "centre":
        return max(0.0, room - wide) / 2
    if align == "right":
        return max(0.0, room - wide)
    return min((room - _whole(room)) / 2, max(0.0, room - wide))


def _whole(room: int) -> int:
    """So much of the room as whole characters fill, in narrow columns whole half ones."""
    step = 1000 if room >= JUSTIFIED else 500
    return room // step * step if room >= 1000 else room


def weighed(
    said: Sequence[Words], left: float, right: float, size: float, align: tree.Align, block: int
) -> tuple[Draft, ...]:
    """A paragraph of a cell, set by the breaker."""
    room = setting.thousandths(right - left - 2 * padding(size), size)
    stock = prepare(said, narrow=room < JUSTIFIED)
    if room < 2000 and any(
        cell.width > room for cell in stock.cells
    ):  # …… and —— where there is room for one character
        said = [replace(one, text=part) for one in said for part in _SIGNS.findall(one.text)]
        stock = prepare(said)
    scale = page.cell(size) / 1000
    edge, whole = left + padding(size), _whole(room)
    if not stock.cells:
        return (Draft("cell", edge, edge, (), "last", block, size=size),)
    if setting.width(stock) <= room:
        lines, measure = [setting.whole(stock)], room
    elif room < JUSTIFIED:
        lines, measure = ragged.lines(stock, room), room
    else:
        lines, measure = linebreak.lines(stock, whole), whole
        if whole < room and any(stock.level[line.end] for line in lines[:-1]):  # perhaps the odd half character helps
            lines, measure = ragged.lines(stock, room), room
    if align in ("left", "justify"):
        edge += _beside(room, max(line.right for line in lines), align) * scale
    made = []
    for line in lines:
        start = edge + (_beside(measure, line.right, align) * scale if align in ("centre", "right") else 0.0)
        pieces = setting.pieces(stock, line, start, size)
        made.append(Draft("cell", start, start + line.right * scale, pieces, line.fit, block, size=size))
    return tuple(made)


@lru_cache(maxsize=200)
def more(left: float, right: float, size: float, block: int) -> tuple[Draft, ...]:
    """（续） in the middle of a cell: its words go on from the page before."""
    return set_words([Words(MORE)], left, right, size, "centre", block)
