"""The red 发文机关标志 (GB/T 9704 7.2.4): one line, two when the name is long, or the organs of a joint issue beside 文件.

A height is measured where the ink is, as a ruler would: the upper edge of the mark is the highest ink of its first line.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.errors import Refusal
from db.values import value
from desktop_app.notices import fonts, linebreak, setting, titles
from desktop_app.notices.marks import clean
from desktop_app.notices.page import AREA_WIDTH, ASCENT, LEFT, RED, Line, Piece
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Stock, Words, prepare

SIZE = 52.0
"""The largest mark: 18 mm, below the 22 mm a mark was never to exceed."""
ORGANS_SIZE = 38.0
"""The largest name of a joint issue."""
LEAST = 14.0
"""Smaller than this is no mark: the text would be larger."""
ONE_LINE = 26.0
"""A name that would be smaller on one line takes two."""
WIDEST = 0.92
"""A short mark is spread to this share of the type area, but no gap above ``GAP`` of its size."""
GAP = 0.4
PITCH = 1.16
"""From line to line of a mark, in its size."""
WORD_SHARE = 1.25
"""文件 beside the organs, in the size of their names."""


@value
class Mark:
    """The lines of a mark and where its ink ends below."""

    lines: tuple[Line, ...]
    bottom: float


def mark(text: str, organs: Sequence[str], top: float, highest: float) -> Mark:
    """The mark whose upper edge is at ``top``; ``organs`` of a joint issue stand above each other with ``text`` beside them.

    ``highest`` is the height in points it may take: it is set smaller to keep within it. ``Refusal`` if it would be smaller
    than the text.
    """
    if len(organs) > 1:
        return _joint([clean(name) for name in organs], clean(text), top, highest)
    text = clean("".join(organs) + text)
    stock = prepare([Words(text, "title")])
    size = _size(stock, AREA_WIDTH)
    rows = [text]
    if size < ONE_LINE:
        rows = _halves(text, stock)
        size = min(_size(prepare([Words(row, "title")]), AREA_WIDTH) for row in rows)
    size = _large(min(size, highest / (1 + PITCH * (len(rows) - 1))), text)
    stocks = [prepare([Words(row, "title")]) for row in rows]
    wide = max(_natural(one, size) for one in stocks)
    count = max(len(one.cells) for one in stocks)
    width = max(wide, min(AREA_WIDTH * WIDEST, wide + size * GAP * max(0, count - 1)))
    return _stack(stocks, size, PITCH * size, LEFT + (AREA_WIDTH - width) / 2, width, top, close=len(rows) > 1)


def least(organs: Sequence[str]) -> float:
    """The height of a mark of so many organs at its smallest."""
    return LEAST * (1 + PITCH * (len(organs) - 1)) if len(organs) > 1 else 0.0


def _large(size: float, text: str) -> float:
    if size < LEAST - 0.01:
        raise Refusal(
            f"发文机关标志“{text[:12]}……”太长，排成红头比正文的字还小。",
            "请用机关的规范化简称，或只用主办机关的名称。",
            "print",
        )
    return size


def _halves(text: str, stock: Stock) -> list[str]:
    """A long name on two lines, broken by sense near its middle."""
    if len(stock.cells) != len(text):
        return [text]
    widths = stock.width
    for share in (0.55, 0.6, 0.7, 0.8):
        found = titles.split(text, widths, round(widths[-1] * share))
        if len(found) == 2:
            return [text[start:end] for start, end in found]
    return [text]


def _joint(names: list[str], word: str, top: float, highest: float) -> Mark:
    """Names above each other, all as wide as the longest; the word at their right, at the middle of their height."""
    stocks = [prepare([Words(name, "title")]) for name in names]
    beside = prepare([Words(word, "title")])
    longest = max(stock.width[-1] for stock in stocks) / 1000
    own = beside.width[-1] / 1000 * WORD_SHARE + (0.5 if word else 0.0)
    size = min(ORGANS_SIZE, AREA_WIDTH / (longest + own), highest / (1 + PITCH * (len(names) - 1)))
    _large(size, "、".join(names))
    large = min(SIZE, size * WORD_SHARE)
    room = size * 0.5 if word else 0.0
    natural = longest * size
    free = max(0.0, AREA_WIDTH * WIDEST - natural - room - _natural(beside, large))
    width = natural + min(free, size * GAP * 0.5 * max(len(stock.cells) for stock in stocks))
    left = LEFT + (AREA_WIDTH - width - room - _natural(beside, large)) / 2
    made = _stack(stocks, size, PITCH * size, left, width, top)
    if not word:
        return made
    upper, lower = _ink(beside)
    baseline = (top + made.bottom) / 2 - (upper + lower) / 2 * large / 1000
    x = left + width + room
    draft = Draft("mark", x, x + _natural(beside, large), _spread(beside, large, x, 0.0))
    line = draft.under(baseline + ASCENT * large, large)
    return Mark((*made.lines, line), min(made.bottom, baseline + lower * large / 1000))


def _stack(
    stocks: Sequence[Stock], size: float, pitch: float, left: float, width: float, top: float, close: bool = False
) -> Mark:
    """Lines above each other over one width; ``close`` lines are centred with the gaps of the fullest instead of spread."""
    baseline = top - _ink(stocks[0])[0] * size / 1000
    fullest = max(stocks, key=lambda one: (one.width[-1], len(one.cells)))
    common = (width - _natural(fullest, size)) / max(1, len(fullest.cells) - 1)
    lines = []
    for stock in stocks:
        natural = _natural(stock, size)
        gaps = len(stock.cells) - 1
        gap = 0.0 if not gaps else common if close else (width - natural) / gaps
        wide = natural + gap * gaps
        x = left + (width - wide) / 2
        draft = Draft("mark", x, x + wide, _spread(stock, size, x, gap))
        lines.append(draft.under(baseline + ASCENT * size, size))
        baseline -= pitch
    return Mark(tuple(lines), baseline + pitch + _ink(stocks[-1])[1] * size / 1000)


def _spread(stock: Stock, size: float, left: float, gap: float) -> Sequence[Piece]:
    """The glyphs with ``gap`` points between each and the next."""
    broken = setting.whole(stock)
    xs = [x + k * gap * 1000 / size for k, x in enumerate(broken.xs)]
    spaced = linebreak.Broken(0, len(stock.cells), xs, broken.right, "last", 0)
    return setting.pieces(stock, spaced, left, size, colour=RED)


def _size(stock: Stock, width: float) -> float:
    return min(SIZE, width * 1000 / max(1, stock.width[-1]))


def _natural(stock: Stock, size: float) -> float:
    return stock.width[-1] * size / 1000


def _ink(stock: Stock) -> tuple[int, int]:
    """Highest and lowest ink above the baseline in thousandths of the size; the square's edges for a line of blanks."""
    boxes = [fonts.ink(cell) for cell in stock.cells]
    drawn = [box for box in boxes if box[2] > box[0]]
    if not drawn:
        return 880, -120
    return max(box[3] for box in drawn), min(box[1] for box in drawn)
