"""Breaks a paragraph into lines, the whole of it weighed at once, and places every cell of each line.

Lengths are thousandths of a character cell (字), so the grid of 28 characters is exactly 28,000 and digits are 500.

For every line count, the few cheapest ways to have set that many lines are kept (a beam over Knuth and Plass's shortest
path). A full-width mark at the end of a line takes half a cell (GB/T 15834 5.1.10). A line that is too long gives the blank
half of a bracket at its start, then blanks between Latin words, brackets, commas, and 。？！ last; one that is too short
grows its Latin blanks, then the gaps between Chinese and Latin, then all gaps evenly (rule 7). Whatever can be squeezed in
costs less than pushing it out (rule 4): ``SQUEEZED`` stays below ``STRETCHED``. A gap never grows above a quarter of a cell: such a line
stays ragged and is marked so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from heapq import heappop, heappush, nsmallest

from db.values import value
from desktop_app.notices.fonts import BLANK, CLOSES, EM, FULL, OPENS, POINTS, Cell
from desktop_app.notices.page import Fit
from desktop_app.notices.places import Places
from desktop_app.notices.stock import BLANK_MOST, Stock


@value
class Care:
    """How carefully a paragraph is weighed: lines and ways dearer than the best beside them by more than ``enough`` are left
    out (ways by more than ``ways``, if that is more), ``beam`` ways are kept for each line, and the result is good when no
    line of it costs more than ``most``."""

    enough: float
    beam: int
    most: float
    ways: float = 0.0


CARE = (Care(70.0, 3, 110.0), Care(250.0, 6, 250.0))
"""In turn until the result is good, and where it never is the cheapest way of all. A line of 110 has gaps a twentieth of a
character wider: nobody sees it. With the second everything counts that can spare a paragraph a loose line. (On ordinary texts
the first is good for five paragraphs in six, and dearer than the cheapest by 0.3 %.)"""
SHORT = 120
"""Of a paragraph of so few cells the cheapest way of all is found (a law compares it with all there are)."""
LOOSE = (Care(200.0, 12, float("inf"), float("inf")),)
"""When a paragraph is to have another number of lines than is best: such ways are never the cheapest."""
TEAR = 250
"""The widest a gap may grow."""

MIXED = 80
"""What a gap between Chinese and Latin grows before the others do: rule 8 allows an eighth of a cell, but from a tenth on
readers of the PDF find a blank there."""

BRACKET, COMMAS, SQUEEZED = 6.0, 28.0, 38.0
"""A line that fits when a bracket at its start gives its front; when commas have given all; when 。？！ have."""
STRETCHED = 40.0
"""A line whose gaps hardly grow."""
_RAGGED = 5_000.0
_SPLIT_UNIT = 20_000
_SPLIT_RULE = 400_000
_LONELY = 1_000.0
"""More than any line that is not torn: 单字不成行."""
Path = tuple["Path | None", int, float]
"""Where a line ended and what it cost, and how the place before was reached: shared, so that long paragraphs cost no more
a line."""
Way = tuple[float, Path | None]
"""Cost so far and the places where lines ended."""


@value
class Broken:
    """One line: cells ``start`` to ``end``, where each stands from the line's left edge, and where the last one ends.

    ``xs`` are the left edges of the cells' squares, so a bracket that gave up its front stands left of its cell.
    """

    start: int
    end: int
    xs: Sequence[float]
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
    ends = _weighed(stock, measure, first, hang, looseness)
    placed = []
    start = 0
    for end in ends:
        indent = first if start == 0 else hang
        placed.append(_place(stock, start, end, measure - indent, indent, not ragged))
        start = end
    return placed


def _weighed(stock: Stock, measure: int, first: int, hang: int, looseness: int) -> list[int]:
    """Where the lines end."""
    if not looseness and stock.reach[-1] - stock.places[0] <= measure - first:
        return [len(stock.cells)]
    bound = float("inf")
    ends: list[int] = []
    if looseness or len(stock.cells) > SHORT:
        for care in LOOSE if looseness else CARE:
            ways = _ways(stock, measure, first, hang, looseness, care)
            best = min(ways, key=lambda count: ways[count][0])
            wanted = min(ways, key=lambda count: (abs(count - best - looseness), ways[count][0]))
            bound, path = ways[wanted]
            ends, worst = _unrolled(path)
            if worst <= care.most:
                return ends
    return _unrolled(_cheapest(stock, measure, first, hang, bound))[0] or ends


def _cheapest(stock: Stock, measure: int, first: int, hang: int, bound: float) -> Path | None:
    """The cheapest way of all that costs less than ``bound``: places are looked at in the order of what it costs to come
    there, and none that costs more than a way already found."""
    count, turn = len(stock.cells), 0
    best: dict[int, float] = {}
    queue: list[tuple[float, int, int, Path | None]] = [(0.0, 0, 0, None)]
    while queue:
        cost, _turn, start, path = heappop(queue)
        if start == count:
            return path
        if cost > best.get(start, cost):
            continue
        for end, price in _ends(stock, start, measure - (hang if start else first), bound - cost):
            total = cost + price
            if total < best.get(end, bound if end == count else float("inf")):
                best[end] = total
                if end == count:
                    bound = total
                turn += 1
                heappush(queue, (total, turn, end, (path, end, price)))
    return None


def _ways(stock: Stock, measure: int, first: int, hang: int, looseness: int, care: Care) -> dict[int, Way]:
    """The cheapest way for each number of lines that was reached."""
    count = len(stock.cells)
    frontier: dict[int, Way] = {0: (0.0, None)}
    done: dict[int, Way] = {}
    known = stock.known if looseness else {}
    number = 0
    enough, beam = care.enough, care.beam
    while frontier:
        number += 1
        reached: dict[int, Way] = {}
        for start, (cost, path) in frontier.items():
            room = measure - (hang if start else first)
            ends = known.get((start, room))
            if ends is None:
                ends = known[start, room] = _ends(stock, start, room, enough)
            for end, price in ends:
                total = cost + price
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, (path, end, price))
        if count in reached:
            done[number] = reached.pop(count)
        if done and number > min(done) + abs(looseness):
            break
        frontier = reached
        if len(reached) > 1:
            most = min([way[0] for way in reached.values()]) + max(enough, care.ways)
            frontier = {end: way for end, way in reached.items() if way[0] <= most}
            if len(frontier) > beam:
                frontier = dict(nsmallest(beam, frontier.items(), key=_cost))
    return done


def _cost(way: tuple[int, Way]) -> float:
    return way[1][0]


def _unrolled(path: Path | None) -> tuple[list[int], float]:
    """The ends of the lines, and what the dearest of them costs."""
    ends, worst = [], 0.0
    while path is not None:
        path, end, price = path
        ends.append(end)
        worst = max(worst, price)
    return ends[::-1], worst


def _ends(stock: Stock, start: int, measure: int, enough: float) -> list[tuple[int, float]]:
    """The places where a line from ``start`` may end, with what that costs, the furthest first; none of those that come
    after one which is dearer than the best by more than ``enough``."""
    cells, reach, gaps, blanks, earlier = stock.cells, stock.reach, stock.gaps, stock.blanks, stock.earlier
    price_at, solid = stock.price, stock.solid
    count = len(cells)
    bound = stock.least[start] + measure + EM + 1  # brackets and marks at the edges give once more
    furthest = min(count, bisect_right(stock.least, bound, start, min(count, start + measure // 100) + 1))
    end = earlier[furthest]
    edge = measure + stock.width[start] - stock.front[start]
    own_gaps, own_blanks = gaps[start + 1] if start < count else 0, blanks[start]
    slack, lead = stock.slack, cells[start].lead
    own_slack = slack[start + 1]
    found: list[tuple[int, float]] = []
    worst = 2.0 * _LONELY  # looser lines would only look bad
    while end > start:
        last = solid[end]
        short = edge - reach[end] if last > start else measure
        if short < 0:
            if last - start > 2 and -short - lead > slack[last - 1] - own_slack:  # nearly all that are too long
                end = earlier[end - 1]
                continue
            squeezed = _squeeze_price(stock, start, last, -short)
            if squeezed is None:
                end = earlier[end - 1]
                continue
            price = squeezed
        elif end == count:
            price = _LONELY if start and _lonely(cells[start:end]) else 0.0
        elif short == 0:
            price = 0.0
        else:
            rest = short - blanks[last] + own_blanks
            open_ = gaps[last] - own_gaps if last > start else 0
            if rest <= 0:
                price = BRACKET
            elif rest > TEAR * open_:
                price = _RAGGED + short
            else:
                loose = rest / open_ / 60
                if short <= cells[last - 1].trail:  # full but for the half cell a mark at the end need not take
                    price = 2.0 + 30.0 * loose * loose
                else:
                    price = STRETCHED + 100.0 * loose * loose
        found.append((end, price + price_at[end]))
        if price > worst:
            break
        if price + enough < worst:
            worst = price + enough
        end = earlier[end - 1]
    return found or [_forced(stock, start, furthest, measure)]


def _forced(stock: Stock, start: int, furthest: int, measure: int) -> tuple[int, float]:
    """Where to cut what must not be cut and does not fit the line: inside a word or number first, against rules last."""
    for allowed, price in ((1, _SPLIT_UNIT), (2, _SPLIT_RULE)):
        for end in range(furthest, start, -1):
            blank = end < len(stock.cells) and stock.cells[end].flags & BLANK
            if stock.level[end] <= allowed and not blank and _fits(stock, start, end, measure):
                return end, price
    return start + 1, 10 * _SPLIT_RULE


def _fits(stock: Stock, start: int, end: int, measure: int) -> bool:
    """Whether this line can be squeezed into the measure. Blanks at its end hang."""
    solid = stock.solid[end]
    if solid <= start:
        return True
    short = measure + stock.width[start] - stock.front[start] - stock.reach[end]
    return short >= 0 or _squeeze_price(stock, start, solid, -short) is not None


def _squeeze_price(stock: Stock, start: int, solid: int, over: int) -> float | None:
    """What it costs to take ``over`` out of a line; None when it cannot give so much."""
    over -= stock.cells[start].lead
    if over <= 0:
        return BRACKET
    if solid - start < 3:
        return None
    early = stock.early[solid - 1] - stock.early[start + 1]
    if over <= early:
        share = over / early
        return 10.0 + (COMMAS - 10.0) * share * share
    width, least = stock.width, stock.least
    late = width[solid - 1] - width[start + 1] - least[solid - 1] + least[start + 1] - early
    over -= early
    if over > late:
        return None
    share = over / late
    return COMMAS + 2.0 + (SQUEEZED - COMMAS - 2.0) * share * share


_NO_WORD = FULL | CLOSES | POINTS | OPENS | BLANK


def _lonely(cells: list[Cell]) -> bool:
    """孤字: a last line of one character, with or without a mark (rule 10)."""
    seen = 0
    for cell in cells:
        seen += not cell.flags & _NO_WORD
        if seen > 1:
            return False
    return True


def _place(stock: Stock, start: int, end: int, measure: int, indent: int, spread: bool) -> Broken:
    solid = stock.solid[end]
    if solid <= start:
        return Broken(start, end, [0.0] * (end - start), 0.0, "last", indent)
    natural = stock.reach[end] - stock.places[start]
    short: float = measure - natural
    first, level, right, changes = 0.0, 0.0, float(natural), list[tuple[int, float]]()
    fit: Fit = "last" if end == len(stock.cells) else "exact"
    if short < 0:
        first, changes = _squeeze(stock, start, solid, -short)
        right, fit = natural + first + sum([by for _, by in changes]), "squeezed"
    elif short and end == len(stock.cells):  # the last line keeps the blank half of its mark where there is room
        right = min(float(measure), right + stock.cells[solid - 1].trail)
    elif short:
        stretched = _stretch(stock, start, solid, short) if spread else None
        fit = "stretched" if stretched else "ragged"
        if stretched:
            level, changes = stretched
            right = natural + level * (stock.gaps[solid] - stock.gaps[start + 1]) + sum([by for _, by in changes])
    xs: Sequence[float] = Places(stock.places, stock.loose, (start, solid), first, level, changes)
    return Broken(start, end, xs if end == solid else [*xs, *[right] * (end - solid)], right, fit, indent)


def _squeeze(stock: Stock, start: int, solid: int, over: float) -> tuple[float, list[tuple[int, float]]]:
    """Takes ``over`` out of the line, in the order of rule 7; a mark at its end has given its half already. Gives the place of
    the first cell and what the gaps lose."""
    cells, changes = stock.cells, dict[int, float]()
    taken = min(over, cells[start].lead)
    over -= taken
    ranks: tuple[list[int], ...] = ([], [], [], [])
    giving = stock.giving
    for k in giving[bisect_right(giving, start) : bisect_left(giving, solid - 1)] if over > 0 else ():
        ranks[_rank(cells[k])].append(k)
    for rank in ranks:
        whole = sum([stock.give[k] for k in rank])
        if over <= 0 or not whole:
            continue
        share = min(1.0, over / whole)
        for k in rank:
            gap = k - 1 if cells[k].flags & OPENS else k
            changes[gap] = changes.get(gap, 0.0) - stock.give[k] * share
        over -= whole * share
    return float(-taken), list(changes.items())


def _rank(cell: Cell) -> int:
    """Who gives first inside a line: blanks, brackets, commas, stops."""
    if cell.flags & BLANK:
        return 0
    if not cell.flags & POINTS:
        return 1
    return 2 if cell.text in "，、；：﹑" else 3


def _stretch(stock: Stock, start: int, solid: int, short: float) -> tuple[float, list[tuple[int, float]]] | None:
    """Grows the line by ``short``: Latin blanks first, then the gaps beside Latin, then every gap evenly. Gives what every gap
    that may grow does so by, and what some do more; None if the line would tear."""
    room = stock.blanks[solid - 1] - stock.blanks[start]
    grow = min(short, room)
    count = stock.gaps[solid] - stock.gaps[start + 1]
    rest = short - grow
    if rest > TEAR * count:
        return None
    changes = dict[int, float]()
    for k in range(start, solid - 1) if room else ():
        if stock.cells[k].text == " ":
            changes[k] = (BLANK_MOST - stock.cells[k].width) * grow / room
    if rest <= 0:
        return 0.0, list(changes.items())
    between = stock.mixed
    mixed = [k for k in between[bisect_left(between, start) : bisect_left(between, solid - 1)] if stock.loose[k + 1]]
    first = min(MIXED, rest / len(mixed)) if mixed else 0
    others = count - len(mixed)
    if rest - first * len(mixed) > first * others:  # all alike, but those beside Latin at least MIXED
        first = max(first, rest / count)
    level = (rest - first * len(mixed)) / others if others else 0.0
    if first != level:
        changes |= dict.fromkeys(mixed, first - level)
    return level, list(changes.items())
