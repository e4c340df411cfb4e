"""Laws of the breaker that can be proved on short paragraphs: nothing beats it, squeezing goes before pushing out (page
rules 4, 5, 7, 10 of CLREQ and GB/T 15834-2011 part 5).

What a line costs is written out here once more from the rules, cell by cell, without the program's sums.
"""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.notices import fonts, linebreak, stock
from desktop_app.notices.fonts import BLANK, CLOSES, FULL, LATIN, OPENS, POINTS, TIGHT

PIECES = [
    "整改", "落实", "措施", "的", "了", "一是", "《规范》", "“回头看”", "（试行）", "，", "。", "、", "；", "？", "2021年12月底前", "51.5%",
    "——", "……", "5万至30万元", "PDF", " ", "1036条", "·", "：",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map(lambda parts: "".join(parts)[:60])
measures = st.integers(5, 20).map(lambda cells: cells * 1000)


def give(cell: fonts.Cell) -> int:
    """What a cell can give inside a line, seen by itself."""
    if cell.text == " ":
        return max(0, cell.width - 250)
    return cell.lead + cell.trail if cell.flags & FULL else 0


def natural(cells: list[fonts.Cell]) -> list[int]:
    """Width of each cell of a line: of two adjacent marks one gives its blank half, and so does a mark at the end."""
    wide = [cell.width for cell in cells]
    for k, (one, other) in enumerate(pairwise(cells)):
        if one.flags & other.flags & FULL:
            if other.flags & OPENS and one.flags & (OPENS | POINTS):
                wide[k + 1] -= other.lead
            elif not one.flags & OPENS:
                wide[k] -= one.trail
    if cells[-1].flags & FULL:
        wide[-1] = cells[-1].width - cells[-1].trail - (cells[-1].width - wide[-1] if cells[-1].flags & OPENS else 0)
    return wide


def plain_cost(ready: stock.Stock, start: int, end: int, measure: int) -> float | None:
    """What a line costs by the rules; None if it does not fit."""
    cells = ready.cells[start:end]
    while cells and cells[-1].flags & BLANK:
        cells = cells[:-1]
    if not cells:
        return 5000.0 + measure
    wide = natural(cells)
    short = measure - sum(wide)
    if short < 0:
        return squeezed(cells, wide, -short)
    if end == len(ready.cells):
        words = [cell for cell in cells if not cell.flags & (FULL | CLOSES | POINTS | OPENS | BLANK)]
        return 1000.0 if start and len(words) < 2 else 0.0
    if short == 0:
        return 0.0
    rest = short - sum(500 - cell.width for cell in cells if cell.text == " ")
    if rest <= 0:
        return 6.0
    gaps = sum(1 for a, b in pairwise(cells) if not (a.flags & b.flags & LATIN or (a.flags | b.flags) & TIGHT))
    if rest > 250 * gaps:
        return 5000.0 + short
    share = rest / gaps / 60
    return 2.0 + 30.0 * share**2 if short <= cells[-1].trail else 40.0 + 100.0 * share**2


def squeezed(cells: list[fonts.Cell], wide: list[int], over: int) -> float | None:
    """Brackets at the start, then all but the stops, then the stops."""
    over -= cells[0].lead
    if over <= 0:
        return 6.0
    early = late = 0
    for cell, left in list(zip(cells, wide, strict=True))[1:-1]:
        own = give(cell) - (cell.width - left)
        if cell.flags & POINTS and cell.text not in "，、；：":
            late += own
        else:
            early += own
    if over <= early:
        return 10.0 + 18.0 * (over / early) ** 2
    if over - early <= late:
        return 30.0 + 8.0 * ((over - early) / late) ** 2
    return None


def optimum(ready: stock.Stock, measure: int, first: int) -> float | None:
    """The cost of the best of all ways to break a paragraph; None if some line of it would have to be torn."""
    count = len(ready.cells)
    best: list[float | None] = [0.0] + [None] * count
    for end in range(1, count + 1):
        if ready.level[end]:
            continue
        for start in range(end):
            before = best[start]
            if before is None:
                continue
            price = plain_cost(ready, start, end, measure - (0 if start else first))
            if price is None or price >= 2000:
                continue
            total = before + price + ready.price[end]
            known = best[end]
            if known is None or total < known:
                best[end] = total
    return best[count]


@settings(max_examples=3 * settings().max_examples)
@given(texts, measures, st.sampled_from([0, 2000]))
def test_no_other_way_to_break_a_short_paragraph_is_better(text: str, measure: int, first: int) -> None:
    ready = stock.prepare([stock.Words(text)])
    least = optimum(ready, measure, first)
    if least is None:
        return
    total = 0.0
    for line in linebreak.lines(ready, measure, first):
        price = plain_cost(ready, line.start, line.end, measure - line.indent)
        assert price is not None
        total += price + ready.price[line.end]
    assert total <= least + 1e-6


@settings(max_examples=2 * settings().max_examples)
@given(texts, measures)
def test_what_can_be_squeezed_in_is_not_pushed_out(text: str, measure: int) -> None:  # rule 4
    """Of two ends of a line, one squeezed and one spread, the squeezed one costs less; only a line that is full but for
    the half cell of its last mark is left as it is."""
    ready = stock.prepare([stock.Words(text)])
    ends = dict(linebreak._ends(ready, 0, measure, float("inf")))
    prices = {end: price - ready.price[end] for end, price in ends.items() if end < len(ready.cells)}
    for end, price in prices.items():
        cells = ready.cells[: ready.solid[end]]
        if not cells:
            continue
        short = measure - sum(natural(cells))
        if short > cells[-1].trail and short > sum(500 - c.width for c in cells if c.text == " "):
            for further, cheaper in prices.items():
                if further > end and sum(natural(ready.cells[: ready.solid[further]])) > measure:
                    assert cheaper < price


@given(texts, measures)
def test_stops_give_last_and_all_marks_of_a_kind_give_alike(text: str, measure: int) -> None:  # rule 7
    ready = stock.prepare([stock.Words(text)])
    for line in linebreak.lines(ready, measure):
        if line.fit != "squeezed":
            continue
        cells = ready.cells[line.start : line.end]
        while cells[-1].flags & BLANK:
            cells = cells[:-1]
        given_up = lost(ready, line, len(cells))
        inner = [k for k in range(1, len(cells) - 1) if ready.give[line.start + k] and not cells[k + 1].flags & OPENS]
        shares = {k: given_up[k] / ready.give[line.start + k] for k in inner if not cells[k].flags & OPENS}
        commas = [share for k, share in shares.items() if cells[k].text in "，、；："]
        if any(share > 0.01 and cells[k].text in "。？！" for k, share in shares.items()):
            assert all(share > 0.99 for share in commas)
        if commas:
            assert max(commas) - min(commas) < 0.01


def lost(ready: stock.Stock, line: linebreak.Broken, count: int) -> list[float]:
    """How much narrower than by themselves the cells of a line are set; closing marks and points only."""
    wide = [ready.width[line.start + k + 1] - ready.width[line.start + k] for k in range(count)]
    return [max(0.0, wide[k] - (line.xs[k + 1] - line.xs[k])) if k + 1 < count else 0.0 for k in range(count)]
