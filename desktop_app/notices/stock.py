"""A paragraph made ready for breaking: its cells, and sums over them that price any stretch of it at once.

Lengths are thousandths of a character cell. ``k`` counts cells; place ``k`` is the place before cell ``k``.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, compress, pairwise
from operator import sub
from typing import Literal

from db.values import born, record, value
from desktop_app.notices import fonts, marks
from desktop_app.notices.fonts import BLANK, EM, FIRST, FULL, LAST, LATIN, OPENS, OTHER, POINTS, TIGHT, Cell

BLACK = "#000000"
BLANK_LEAST = EM // 4
BLANK_MOST = EM // 2
ITEM_LAST = 250
"""What a line costs that ends with 一是 or 二是 (rule 6)."""
ADDRESS_CUT = 120
_PLACED = ~(FIRST | LAST | OTHER)
JOINT_CUT = 300
"""A date parted between year and month, in a narrow column."""


@value
class Words:
    """Words of one role of ``fonts.CHAINS`` and one origin, and in which colour and with which mark of change they are drawn."""

    text: str
    role: str = "body"
    origin: str = ""
    colour: str = BLACK
    change: Literal["", "added", "removed"] = ""


@record
class Stock:
    """The cells of a paragraph. Made once and never changed.

    ``begun[k]`` is the first cell of the k-th words. ``level[k]`` is ``marks.levels`` at place k.
    ``front[k]`` and ``back[k]`` are what a mark has given up to its neighbour (rule 5: two adjacent marks take 1.5).
    ``give[k]`` is what the cell can still give inside a line. ``width``, ``least``, ``early``, ``gaps`` and ``blanks`` are
    running sums (one longer than the cells): natural width, width with everything given, what all but the stops 。？！ can
    give (they give last, rule 7), gaps that may be stretched before cell k, and what blanks may grow. ``solid[k]`` is k without the blanks before it. ``earlier[k]`` is the last place ≤ k where
    a line may begin, or 0. ``price[k]`` is what a break at k costs besides fit. ``reach[k]`` is where a
    line that ends at k ends, counted from the beginning of the paragraph: a full-width mark there takes half a cell
    (GB/T 15834 5.1.10). ``loose[k]`` is 1 where the gap before cell k may be stretched, ``giving`` are the cells that can give
    something, ``mixed`` those after which Chinese meets Latin. ``places`` are the left edges of the cells' squares (``Places``).
    ``odd`` are the cells that have a flag, ``slack`` is ``width`` less ``least``.
    """

    words: Sequence[Words]
    cells: list[Cell]
    begun: list[int]
    level: list[int]
    front: list[int]
    back: list[int]
    give: list[int]
    width: list[int]
    least: list[int]
    early: list[int]
    gaps: list[int]
    blanks: list[int]
    solid: list[int]
    earlier: list[int]
    price: list[int]
    reach: list[int]
    loose: bytearray
    giving: list[int]
    mixed: list[int]
    places: array[int]
    odd: list[int]
    slack: list[int]
    known: dict[tuple[int, int], list[tuple[int, float]]] = born(factory=dict)
    """What ``linebreak`` found of lines by start and measure, while it looks for longer and shorter settings."""
    drawn: Glyphs | None = None

    def glyphs(self) -> Glyphs:
        """What is drawn for the cells, for taking stretches of."""
        if self.drawn is None:
            self.drawn = _glyphs(self)
        return self.drawn


@record
class Glyphs:
    """Cell by cell what is drawn of a paragraph, for taking lines of (``strips``). ``bounds`` are the places where face, height or
    owner change, from 0 to the last; ``several`` the cells that are drawn by more or less than one glyph.

    ``plain`` paragraphs have none of these, are black and all of one height. ``uneven`` are the cells after which the gap to the next glyph may be another than between two ideographs.
    """

    cells: list[Cell]
    begun: list[int]
    words: Sequence[Words]
    bounds: list[int]
    several: list[int]
    plain: bool
    uneven: list[int]


def _glyphs(stock: Stock) -> Glyphs:
    """Only around cells that are no ideographs of the own face can anything change."""
    cells, begun, words, odd = stock.cells, stock.begun, stock.words, stock.odd
    count = len(cells)
    hands: list[int] = []
    uneven: list[int] = []
    for k in odd:
        cell = cells[k]
        if k:
            before = cells[k - 1]
            if before.face != cell.face or before.rise != cell.rise:
                hands.append(k)
            if not before.flags:
                uneven.append(k - 1)
        if k + 1 < count:
            uneven.append(k)
            after = cells[k + 1]
            if not after.flags and (after.face != cell.face or after.rise != cell.rise):
                hands.append(k + 1)
    if len(words) > 1:
        hands = sorted({*hands, *begun} - {0, count})
    several = [k for k in odd if len(cells[k].cids) != 1]
    marked = any(one.colour != BLACK or one.change for one in words)
    plain = not several and not marked and not any(cells[k].rise for k in odd)
    return Glyphs(cells, begun, words, [0, *hands, count], several, plain, uneven)


def prepare(words: Sequence[Words], narrow: bool = False) -> Stock:
    """Looks up the cells and sums them. ``KeyError`` for a character no face has (see ``fonts.require``).

    For ``narrow`` columns a date may be parted between its numbers.
    """
    cells: list[Cell] = []
    begun: list[int] = []
    for part in words:
        begun.append(len(cells))
        cells += map(fonts.cells(part.role).__getitem__, marks.clusters(part.text))
    text = "".join([part.text for part in words])
    flags = [cell.flags for cell in cells]
    odd = list(compress(range(len(flags)), flags))  # all that is no ideograph
    natural = [cell.width for cell in cells]
    level = _levels(text, cells, flags, odd)
    joints = _joints(text, cells, level) if narrow else []
    front, back = _adjacent(cells, flags, odd, natural)
    price = _prices(text, cells, joints)
    blanks = [0] * len(cells)
    give, early, giving = _giving(cells, flags, odd, front, back, blanks)
    loose, solid, mixed = _gaps(cells, flags, odd, level, price)
    width = list(accumulate(natural, initial=0))
    slack = list(accumulate(give, initial=0))
    reach = list(width)
    for k in odd:
        if flags[k] & (BLANK | FULL):
            reach[k + 1] = reach[k] if flags[k] & BLANK else width[k + 1] + back[k] - cells[k].trail
    return Stock(
        words,
        cells,
        begun,
        level,
        front,
        back,
        give,
        width,
        list(map(sub, width, slack)),
        list(accumulate(early, initial=0)),
        list(accumulate(loose[:-1], initial=0)),
        list(accumulate(blanks, initial=0)) if any(blanks) else [*blanks, 0],
        solid,
        _earlier(level),
        price,
        reach,
        loose,
        giving,
        mixed,
        array("q", map(sub, width, [*front, 0]) if any(front) else width),
        odd,
        slack,
    )


def _levels(text: str, cells: list[Cell], flags: list[int], odd: list[int]) -> list[int]:
    if len(cells) == len(text):
        places = marks.inner(text)
        for k in odd:
            if flags[k] & FIRST:
                places[k] = 2
            if flags[k] & LAST:
                places[_behind_blanks(flags, k + 1)] = 2  # places before blanks are forbidden anyway
        places[0] = places[-1] = 0
        return places
    by_character = marks.levels(text)
    return [by_character[place] for place in accumulate((len(cell.text) for cell in cells), initial=0)]


def _behind_blanks(flags: list[int], at: int) -> int:
    while at < len(flags) and flags[at] & BLANK:
        at += 1
    return at


def _joints(text: str, cells: list[Cell], level: list[int]) -> list[int]:
    """Opens the joints of dates in ``level`` and gives their places."""
    places = list(accumulate((len(cell.text) for cell in cells), initial=0))
    found = [bisect_left(places, joint.start()) for joint in marks.JOINT.finditer(text)]
    opened = [k for k in found if level[k] == 1]
    for k in opened:
        level[k] = 0
    return opened


def _adjacent(cells: list[Cell], flags: list[int], odd: list[int], natural: list[int]) -> tuple[list[int], list[int]]:
    """What adjacent marks give up to each other, taken from ``natural``: brackets stay close to what they enclose."""
    front = [0] * len(cells)
    back = [0] * len(cells)
    full = [k for k in odd if flags[k] & FULL]
    for k, after in pairwise(full):
        if after != k + 1:
            continue
        one, other = cells[k], cells[after]
        if other.flags & OPENS and one.flags & (OPENS | POINTS):
            front[after] = other.lead
            natural[after] -= other.lead
        elif not one.flags & OPENS:
            back[k] = one.trail
            natural[k] -= one.trail
    return front, back


def _giving(
    cells: list[Cell], flags: list[int], odd: list[int], front: list[int], back: list[int], grow: list[int]
) -> tuple[list[int], list[int], list[int]]:
    """What each cell can still give, the same without the stops, which cells can; and in ``grow`` what each can grow by itself."""
    give = [0] * len(cells)
    early = [0] * len(cells)
    for k in odd:
        flag = flags[k]
        if flag & FULL:
            cell = cells[k]
            give[k] = cell.lead + cell.trail - front[k] - back[k]
            if not flag & POINTS or cell.text in marks.COMMAS:
                early[k] = give[k]
        elif flag & BLANK and cells[k].text == " ":
            early[k] = give[k] = max(0, cells[k].width - BLANK_LEAST)
            grow[k] = max(0, BLANK_MOST - cells[k].width)
    return give, early, [k for k in odd if give[k]]


def _gaps(
    cells: list[Cell], flags: list[int], odd: list[int], level: list[int], price: list[int]
) -> tuple[bytearray, list[int], list[int]]:
    """Where a gap may be stretched, counted before each cell: none inside words, none at dashes. Then ``Stock.solid``, and the
    cells after which Chinese meets Latin. Adds to ``price`` what a break inside an address costs."""
    count = len(flags)
    loose = bytearray(b"\1") * (count + 1)
    solid = list(range(count + 1))
    mixed = []
    for k in odd:
        flag = flags[k]
        if flag & TIGHT:
            loose[k] = loose[k + 1] = 0
        if flag & BLANK:
            solid[k + 1] = solid[k]
        elif flag & LATIN:
            before = flags[k - 1] if k else -1
            if before & LATIN and k:
                loose[k] = 0
                if not level[k]:
                    price[k] += ADDRESS_CUT
            if flag & _PLACED == LATIN and cells[k].text.isalnum():
                if not before & _PLACED and k:
                    mixed.append(k - 1)
                if k + 1 < count and not flags[k + 1] & _PLACED:
                    mixed.append(k)
    loose[0] = 0
    return loose, solid, mixed


def _earlier(level: list[int]) -> list[int]:
    earlier = list(range(len(level)))
    for k in compress(range(len(level)), level):
        earlier[k] = earlier[k - 1]
    return earlier


def _prices(text: str, cells: list[Cell], joints: list[int]) -> list[int]:
    """Places that are allowed and better avoided: after 一是, between the numbers of a date."""
    price = [0] * (len(cells) + 1)
    for k in joints:
        price[k] = JOINT_CUT
    if "是" in text:
        places = None if len(cells) == len(text) else list(accumulate((len(cell.text) for cell in cells), initial=0))
        for found in marks.items(text):
            price[found if places is None else places.index(found)] += ITEM_LAST
    return price
