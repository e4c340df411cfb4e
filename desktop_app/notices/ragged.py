"""Breaks the words of narrow columns: every line as full as it may be, none spread, so that nothing gapes.

The rules of line ends hold as everywhere; what cannot be kept together in so narrow a column is left to ``linebreak``.
"""

from __future__ import annotations

from bisect import bisect_right

from desktop_app.notices import linebreak, setting
from desktop_app.notices.fonts import BLANK, CLOSES, FULL, OPENS, POINTS
from desktop_app.notices.linebreak import Broken
from desktop_app.notices.stock import Stock


def lines(stock: Stock, measure: int) -> list[Broken]:
    """The paragraph in lines of ``measure`` thousandths of a character; an empty one is no line."""
    ends: list[int] = []
    start, count = 0, len(stock.cells)
    while start < count:
        end = _furthest(stock, start, measure)
        if end <= start:
            return linebreak.lines(stock, measure, ragged=True)
        ends.append(end)
        start = end
    _accompany(stock, ends, measure)
    return [_placed(stock, start, end, measure) for start, end in zip([0, *ends], ends, strict=False)]


def _furthest(stock: Stock, start: int, measure: int) -> int:
    """Where the fullest line from ``start`` ends; ``start`` itself if none may."""
    reach, count = stock.reach, len(stock.cells)
    limit = measure + stock.width[start] - stock.front[start]
    end = bisect_right(reach, limit, start + 1) - 1
    while end < count and reach[end + 1] <= limit:  # two marks beside each other may reach less far than the first
        end += 1
    return stock.earlier[end]


def _accompany(stock: Stock, ends: list[int], measure: int) -> None:
    """Takes a character down to one that would be alone on the last line (rule 10)."""
    if len(ends) < 2:
        return
    begun, last, end = (ends[-3] if len(ends) > 2 else 0), ends[-2], ends[-1]
    weight = sum(1 for cell in stock.cells[last:end] if not cell.flags & (FULL | CLOSES | POINTS | OPENS | BLANK))
    earlier = stock.earlier[last - 1]
    origin = stock.width[earlier] - stock.front[earlier]
    if weight < 2 and earlier > begun + 1 and stock.reach[end] - origin <= measure:
        ends[-2] = earlier


def _placed(stock: Stock, start: int, end: int, measure: int) -> Broken:
    made = setting.part(stock, start, stock.solid[end])
    right = min(float(measure), made.right)
    behind = end - stock.solid[end]
    return Broken(start, end, [*made.xs, *[right] * behind] if behind else made.xs, right, "last", 0)
