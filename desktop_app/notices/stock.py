"""A paragraph made ready for breaking: its cells, and sums over them that price any stretch of it at once.

Lengths are thousandths of a character cell. ``k`` counts cells; place ``k`` is the place before cell ``k``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from desktop_app.notices import fonts, marks
from desktop_app.notices.fonts import BLANK, EM, FULL, LATIN, OPENS, POINTS, TIGHT, Cell

BLANK_LEAST = EM // 4
BLANK_MOST = EM // 2


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one role of ``fonts.CHAINS`` and one origin, and in which colour and with which mark of change they are drawn."""

    text: str
    role: str = "body"
    origin: str = ""
    colour: str = "#000000"
    change: Literal["", "added", "removed"] = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """The cells of a paragraph.

    ``owner[k]`` is the index of the words cell k comes from. ``level[k]`` is ``marks.levels`` at place k.
    ``front[k]`` and ``back[k]`` are what a mark has given up to its neighbour (rule 5: two adjacent marks take 1.5).
    ``give[k]`` is what the cell can still give inside a line. ``width``, ``least``, ``gaps`` and ``blanks`` are running
    sums (one longer than the cells): natural width, width with everything given, gaps that may be stretched before cell
    k, and what blanks may grow. ``solid[k]`` is k without the blanks before it. ``earlier[k]`` is the last place ≤ k where
    a line may begin, or 0. ``price[k]`` is what a break at k costs besides fit.
    """

    words: Sequence[Words]
    cells: list[Cell]
    owner: list[int]
    level: list[int]
    front: list[int]
    back: list[int]
    give: list[int]
    width: list[int]
    least: list[int]
    gaps: list[int]
    blanks: list[int]
    solid: list[int]
    earlier: list[int]
    price: list[int]


def prepare(words: Sequence[Words]) -> Stock:
    """Looks up the cells and sums them. ``KeyError`` for a character no face has (see ``fonts.require``)."""
    cells: list[Cell] = []
    owner: list[int] = []
    for k, part in enumerate(words):
        table = fonts.cells(part.role)
        found = [table[c] for c in (marks.CLUSTER.findall(part.text))]
        cells += found
        owner += [k] * len(found)
    text = "".join(part.text for part in words)
    level = _levels(text, cells)
    front, back = _adjacent(cells)
    give = [0] * len(cells)
    grow = [0] * len(cells)
    for k, cell in enumerate(cells):
        if cell.flags & FULL:
            give[k] = cell.lead + cell.trail - front[k] - back[k]
        elif cell.text == " ":
            give[k] = max(0, cell.width - BLANK_LEAST)
            grow[k] = max(0, BLANK_MOST - cell.width)
    natural = [c.width - f - b for c, f, b in zip(cells, front, back, strict=True)]
    return Stock(
        words,
        cells,
        owner,
        level,
        front,
        back,
        give,
        list(accumulate(natural, initial=0)),
        list(accumulate((n - g for n, g in zip(natural, give, strict=True)), initial=0)),
        _gaps(cells),
        list(accumulate(grow, initial=0)),
        _solid(cells),
        _earlier(level),
        _prices(text, cells, level),
    )


def _levels(text: str, cells: list[Cell]) -> list[int]:
    by_character = marks.levels(text)
    if len(cells) == len(text):
        return by_character
    places = accumulate((len(cell.text) for cell in cells), initial=0)
    return [by_character[place] for place in places]


def _adjacent(cells: list[Cell]) -> tuple[list[int], list[int]]:
    """What adjacent marks give up to each other: brackets stay close to what they enclose."""
    front = [0] * len(cells)
    back = [0] * len(cells)
    full = [k for k, cell in enumerate(cells) if cell.flags & FULL]
    for k, after in pairwise(full):
        if after != k + 1:
            continue
        one, other = cells[k], cells[after]
        if other.flags & OPENS and one.flags & (OPENS | POINTS):
            front[after] = other.lead
        elif not one.flags & OPENS:
            back[k] = one.trail
    return front, back


def _gaps(cells: list[Cell]) -> list[int]:
    """Running count of stretchable gaps; the gap before cell k is counted at k + 1. None inside words, none at dashes."""
    flags = [cell.flags for cell in cells]
    loose = [not (a & b & LATIN or (a | b) & TIGHT) for a, b in pairwise(flags)]
    return list(accumulate((False, *loose), initial=0)) if cells else [0]


def _solid(cells: list[Cell]) -> list[int]:
    solid = [0]
    for k, cell in enumerate(cells, 1):
        solid.append(solid[-1] if cell.flags & BLANK else k)
    return solid


def _earlier(level: list[int]) -> list[int]:
    last = 0
    found = []
    for k, here in enumerate(level):
        if not here:
            last = k
        found.append(last)
    return found


def _prices(text: str, cells: list[Cell], level: list[int]) -> list[int]:
    """Places that are allowed and better avoided: after 一是, before —— or ……, inside an address."""
    price = [0] * (len(cells) + 1)
    if len(cells) == len(text):
        for found in marks.ITEM.finditer(text):
            price[found.end()] += 40
    for k in range(1, len(cells)):
        if level[k]:
            continue
        if len(cells[k].text) > 1 and cells[k].flags & TIGHT:
            price[k] += 60
        elif cells[k].flags & cells[k - 1].flags & LATIN:
            price[k] += 120
    return price
