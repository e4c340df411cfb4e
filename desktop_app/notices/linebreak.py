"""Breaks a paragraph into lines, the whole of it weighed at once, and places every cell of each line.

Lengths are thousandths of a character cell (字), so the grid of 28 characters is exactly 28,000 and digits are 500.

For every line count, the few cheapest ways to have set that many lines are kept (a beam over Knuth and Plass's shortest
path). A line that is too long gives first the blank half of its last mark, then of a bracket at its start, then blanks
between Latin words, brackets, commas, stops (squeeze before push, rule 4 and 7); one that is too short grows its Latin
blanks, then all its gaps evenly. A gap never grows above 0.18: such a line stays ragged and is marked so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate

from desktop_app.notices.fonts import BLANK, CLOSES, EM, FULL, OPENS, POINTS, Cell
from desktop_app.notices.page import Fit
from desktop_app.notices.stock import BLANK_MOST, Stock

BEAM = 6
WIDE_BEAM = 20
"""Ways kept when a paragraph is to have another number of lines than is best: those are never the cheapest."""
TEAR = 180
"""The widest a gap may grow."""

_RAGGED = 5_000
_SPLIT_UNIT = 20_000
_SPLIT_RULE = 400_000
_LONELY = 500
Path = tuple["Path | None", int]
"""Where a line ended, and how the place before was reached: shared, so that long paragraphs cost no more a line."""
Way = tuple[float, Path | None]
"""Cost so far and the places where lines ended."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One line: cells ``start`` to ``end``, where each stands from the line's left edge, and where the last one ends.

    ``xs`` are the left edges of the cells' squares, so a bracket that gave up its front stands left of its cell.
    """

    start: int
    end: int
    xs: list[float]
    right: float
    fit: Fit
    indent: int


def lines(
    stock: Stock, measure: int, first: int = 0, hang: int = 0, looseness: int = 0, *, ragged: bool = False
) -> list[Broken]:
    """The paragraph in lines of ``measure``; ``first`` and ``hang`` are the indents of the first and the other lines.

    ``looseness`` asks for that many lines more or fewer than is best; the nearest that can be had is given.
    ``ragged`` lines are squeezed where they must be and never spread. An empty paragraph is no line.
    """
    if not stock.cells:
        return []
    ways = _ways(stock, measure, first, hang, looseness)
    best = min(ways, key=lambda count: ways[count][0])
    wanted = min(ways, key=lambda count: (abs(count - best - looseness), ways[count][0]))
    ends = _unrolled(ways[wanted][1])
    placed = []
    start = 0
    for end in ends:
        indent = first if start == 0 else hang
        placed.append(_place(stock, start, end, measure - indent, indent, 0 if ragged else TEAR))
        start = end
    return placed


def _ways(stock: Stock, measure: int, first: int, hang: int, looseness: int) -> dict[int, Way]:
    """The cheapest way for each number of lines that was reached."""
    count = len(stock.cells)
    frontier: dict[int, Way] = {0: (0.0, None)}
    done: dict[int, Way] = {}
    number = 0
    beam = WIDE_BEAM if looseness else BEAM
    while frontier:
        number += 1
        reached: dict[int, Way] = {}
        for start, (cost, path) in frontier.items():
            for end, price in _ends(stock, start, measure - (hang if start else first)):
                total = cost + price
                target, key = (done, number) if end == count else (reached, end)
                if key not in target or total < target[key][0]:
                    target[key] = (total, (path, end))
        if done and number > min(done) + abs(looseness):
            break
        frontier = dict(nsmallest(beam, reached.items(), key=lambda item: item[1][0]))
    return done


def _unrolled(path: Path | None) -> list[int]:
    ends = []
    while path is not None:
        path, end = path
        ends.append(end)
    return ends[::-1]


def _ends(stock: Stock, start: int, measure: int) -> Iterator[tuple[int, float]]:
    """The places where a line from ``start`` may end, with what that costs."""
    count = len(stock.cells)
    bound = stock.least[start] + measure + EM + 1  # brackets and marks at the edges give once more
    furthest = min(count, bisect_right(stock.least, bound, start, min(count, start + measure // 100) + 1))
    end = stock.earlier[furthest]
    found = False
    while end > start:
        price = _price(stock, start, end, measure)
        if price is not None:
            found = True
            yield end, price + stock.price[end]
            if price > 2 * _LONELY:
                return
        end = stock.earlier[end - 1]
    if not found:
        yield _forced(stock, start, furthest, measure)


def _forced(stock: Stock, start: int, furthest: int, measure: int) -> tuple[int, float]:
    """Where to cut what must not be cut and does not fit the line: inside a word or number first, against rules last."""
    for allowed, price in ((1, _SPLIT_UNIT), (2, _SPLIT_RULE)):
        for end in range(furthest, start, -1):
            blank = end < len(stock.cells) and stock.cells[end].flags & BLANK
            if stock.level[end] <= allowed and not blank and _price(stock, start, end, measure) is not None:
                return end, price
    return start + 1, 10 * _SPLIT_RULE


def _price(stock: Stock, start: int, end: int, measure: int) -> float | None:
    """What the fit of this line costs; None if it cannot be squeezed into the measure. Blanks at its end hang."""
    solid = stock.solid[end]
    if solid <= start:
        short = measure
    else:
        short = measure - stock.width[solid] + stock.width[start] - stock.front[start] - stock.back[solid - 1]
        if short < 0:
            return _squeeze_price(stock, start, solid, -short)
    if end == len(stock.cells):
        return _LONELY if start and _lonely(stock.cells[start:end]) else 0.0
    if short == 0:
        return 0.0
    rest = short - stock.blanks[solid] + stock.blanks[start]
    if rest <= 0:
        return 10.0
    gaps = stock.gaps[solid] - stock.gaps[start + 1] if solid > start else 0
    if rest > TEAR * gaps:
        return _RAGGED + short
    return 20.0 + 100.0 * (rest / gaps / 60) ** 2


def _squeeze_price(stock: Stock, start: int, solid: int, over: int) -> float | None:
    edges = stock.cells[solid - 1].trail + stock.cells[start].lead
    if over <= edges:
        return 6.0
    inner = _inner(stock, start, solid)
    over -= edges
    if over > inner:
        return None
    return 15.0 + 90.0 * (over / inner) ** 2 + over / 100


def _inner(stock: Stock, start: int, solid: int) -> int:
    """What the cells between the first and the last of a line can give."""
    if solid - start < 3:
        return 0
    width = stock.width[solid - 1] - stock.width[start + 1]
    return width - (stock.least[solid - 1] - stock.least[start + 1])


def _lonely(cells: list[Cell]) -> bool:
    """孤字: a last line of one character, with or without a mark (rule 10)."""
    return sum(1 for cell in cells if not cell.flags & (FULL | CLOSES | POINTS | OPENS | BLANK)) < 2


def _place(stock: Stock, start: int, end: int, measure: int, indent: int, tear: int = TEAR) -> Broken:
    solid = stock.solid[end]
    if solid <= start:
        return Broken(start, end, [0.0] * (end - start), 0.0, "last", indent)
    widths: list[float] = [stock.width[k + 1] - stock.width[k] for k in range(start, solid)]
    off: list[float] = list(stock.front[start:solid])
    widths[0] += off[0]
    off[0] = 0
    widths[-1] += stock.back[solid - 1]
    short = measure - sum(widths)
    fit: Fit = "exact"
    if short < 0:
        _squeeze(stock, start, solid, widths, off, -short)
        fit = "squeezed"
    elif end == len(stock.cells):
        fit = "last"
    elif short > 0:
        fit = "stretched" if tear and _stretch(stock, start, solid, widths, short) else "ragged"
    edges = list(accumulate(widths, initial=0))
    xs = [edge - gone for edge, gone in zip(edges, off, strict=False)]
    return Broken(start, end, xs + [edges[-1]] * (end - solid), edges[-1], fit, indent)


def _squeeze(stock: Stock, start: int, solid: int, widths: list[float], off: list[float], over: float) -> None:
    """Takes ``over`` out of the line, in the order of rule 7."""
    cells = stock.cells
    taken = min(over, cells[solid - 1].trail)
    widths[-1] -= taken
    over -= taken
    taken = min(over, cells[start].lead)
    widths[0] -= taken
    off[0] += taken
    over -= taken
    ranks: tuple[list[int], ...] = ([], [], [], [])
    for k in range(start + 1, solid - 1):
        if stock.give[k]:
            ranks[_rank(cells[k])].append(k)
    for rank in ranks:
        whole = sum(stock.give[k] for k in rank)
        if over <= 0 or not whole:
            continue
        share = min(1.0, over / whole)
        for k in rank:
            gone = stock.give[k] * share
            widths[k - start] -= gone
            if cells[k].flags & OPENS:
                off[k - start] += gone
        over -= whole * share


def _rank(cell: Cell) -> int:
    """Who gives first inside a line: blanks, brackets, commas, stops."""
    if cell.flags & BLANK:
        return 0
    if not cell.flags & POINTS:
        return 1
    return 2 if cell.text in "，、；：﹑" else 3


def _stretch(stock: Stock, start: int, solid: int, widths: list[float], short: float) -> bool:
    """Grows the line by ``short``: Latin blanks first, then every gap evenly. False (and untouched) if it would tear."""
    blanks = [k for k in range(start, solid - 1) if stock.cells[k].text == " "]
    room = sum(BLANK_MOST - stock.cells[k].width for k in blanks)
    grow = min(short, room)
    gaps = [k for k in range(start, solid - 1) if stock.gaps[k + 2] > stock.gaps[k + 1]]
    rest = short - grow
    if rest > TEAR * len(gaps):
        return False
    for k in blanks:
        widths[k - start] += (BLANK_MOST - stock.cells[k].width) * grow / room
    for k in gaps:
        widths[k - start] += rest / len(gaps)
    return True
