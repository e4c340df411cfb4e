"""Breaks a title by sense and in good shape: 梯形 or 菱形, not 长方形 or hourglass (GB/T 9704-2012 7.3.1).

Sense is read from a short list of the words titles are made of (``title_words``): a line ends after the issuing organ, after
the noun a phrase ends with, before 和; not between a verb and its object, not before 情况 or 工作, never inside a number, a
name or a word. A stretch that is not known (a place, a person) is kept whole as long as it fits a line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, combinations, pairwise

from db.values import value
from desktop_app.notices import fonts, marks, page, setting
from desktop_app.notices import title_words as words
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Words, prepare

FORBIDDEN = 1_000.0
MOST_TRIED = 5
MOST_PLACES = 18
"""Places that are weighed against each other, the cheapest ones of a title."""

NAMED_ALONE = -50.0
"""A line that ends between the issuing organs and 关于 is worth a line more."""
LINE = 25.0
"""What a further line costs."""
BLOCK = 30.0
"""Two lines of one length make a block, no 梯形 and no 菱形."""
_MARKS = "《》〈〉“”‘’（）()、，：；—…·"
_KNOWN: dict[str, str] = {
    **dict.fromkeys(words.PLAIN, "plain"),
    **dict.fromkeys(words.ORGANS.split("|"), "organ"),
    **dict.fromkeys(words.MANNERS, "manner"),
    **dict.fromkeys(words.ACTS, "act"),
    **dict.fromkeys(words.HEADS, "head"),
    **dict.fromkeys(words.TAILS | words.KINDS, "tail"),
    **dict.fromkeys(words.AFTER, "after"),
    **dict.fromkeys(words.LINKS, "link"),
    **dict.fromkeys(words.BEFORE, "before"),
}
_LONGEST = max(map(len, _KNOWN))
_AFTER_NUMBER = re.compile("度|份|上半年|下半年")
_OTHER_NUMBER = re.compile("[A-Za-z0-9]+|第[一二三四五六七八九十]+[轮次届批季]度?")
_TIME = re.compile(r"年|月|日|季度|度$|以来$|期间$|春节|半年")
_PLACE = "省市区县旗镇乡村州盟"
_OPENING = ("关于", "转发", "批转", "印发")


@value
class Token:
    """A word of a title: where it stands and what it is (``name`` and ``?`` are not in the lists)."""

    start: int
    end: int
    text: str
    kind: str


def tokens(title: str) -> list[Token]:
    """The words of a title: as few and as long as can be, what is unknown in one piece with the place or organ it names."""
    count = len(title)
    numbers = _numbers(title)
    best: list[tuple[float, int, str]] = [(0.0, 0, "")] + [(math.inf, 0, "")] * count
    for start in range(count):
        so_far = best[start][0]
        ways = [(start + 1, "mark" if title[start] in _MARKS else "?", 1.0 if title[start] in _MARKS else 1.6)]
        if start in numbers:
            ways.append((numbers[start], "number", 0.9))
        for end in range(start + 1, min(count, start + _LONGEST) + 1):
            kind = _KNOWN.get(title[start:end])
            if kind:
                ways.append((end, kind, (1.3 if end == start + 1 else 1.0) - 0.01 * (end - start)))
        for end, kind, price in ways:
            if so_far + price < best[end][0]:
                best[end] = (so_far + price, start, kind)
    found = []
    end = count
    while end:
        _, start, kind = best[end]
        found.append(Token(start, end, title[start:end], kind))
        end = start
    return _named(found[::-1])


def _numbers(title: str) -> dict[int, int]:
    """From where to where a number stands with its unit, or a word of letters."""
    found: dict[int, int] = {}
    at = 0
    while (unit := marks.UNIT.search(title, at)) or _OTHER_NUMBER.search(title, at):
        other = _OTHER_NUMBER.search(title, at)
        if unit and (not other or unit.start() <= other.start()):
            more = _AFTER_NUMBER.match(title, unit.end())
            start, at = unit.start(), more.end() if more else unit.end()
        elif other:
            start, at = other.span()
        found[start] = at
    return found


def _named(found: list[Token]) -> list[Token]:
    """Joins unknown characters, and a place or organ's name with the word it ends with."""
    made: list[Token] = []
    for one in found:
        last = made[-1] if made else None
        joins = last is not None and (
            (last.kind in ("?", "name") and one.kind == "?") or (last.kind == "?" and one.kind == "organ")
        )
        if last is not None and joins:
            text = last.text + one.text
            kind = "organ" if one.kind == "organ" else "name" if text[-1] in _PLACE and len(text) > 1 else "?"
            made[-1] = Token(last.start, one.end, text, kind)
        else:
            made.append(one)
    return made


def places(title: str) -> list[float]:
    """What a break before each character costs, length ``len(title) + 1``; ``FORBIDDEN`` where none may be."""
    cost = [FORBIDDEN] * (len(title) + 1)
    found = tokens(title)
    depth, quoted = 0, False
    opened = len(title)
    for one, other in pairwise([*found, Token(len(title), len(title), "", "mark")]):
        depth += (one.text in "《“（(") - (one.text in "》”）)")
        quoted = one.text in "“（(" or (quoted and one.text not in "”）)")
        if one.kind == "?":
            for k in range(one.start + 1, one.end):
                cost[k] = 300.0  # inside a stretch that is not known: perhaps a name
        price = _between(title, one, other)
        cost[other.start] = min(FORBIDDEN, price + (30.0 if depth else 0.0) + (200.0 if quoted else 0.0))
        opened = min(opened, one.start if one.text in _OPENING else opened)
    _issuers(title, found, opened, cost)
    level = marks.levels(title)
    for k in range(1, len(title)):
        if title.startswith("——", k) and title[k - 1] != "—":
            cost[k] = 3.0  # a subtitle begins its own line with its dash
        elif level[k] or title[k] in "的之等":
            cost[k] = FORBIDDEN
    cost[0] = cost[-1] = 0.0
    return cost


def _issuers(title: str, found: list[Token], opened: int, cost: list[float]) -> None:
    """Before 关于 stand the names of the issuing organs: a line ends between two organs, hardly inside a name."""
    if not 4 <= opened < len(title):
        return
    for one, other in pairwise(found):
        if other.start < opened:
            another = title.startswith("中共", other.start) or (other.kind in ("name", "?") and _full(title, other))
            cost[other.start] = 8.0 if one.kind == "organ" and another else 350.0 if one.kind != "organ" else 180.0
    cost[opened] = NAMED_ALONE


def _full(title: str, token: Token) -> bool:
    """Whether a name begins with a place of its own, as 某某市人民政府 does."""
    return any(c in _PLACE for c in token.text) and len(title) - token.end > 4


def _between(title: str, one: Token, other: Token) -> float:
    """What a break between two words costs."""
    for price, holds in (
        (400.0, one.kind in ("before", "link") or one.text in "《“（("),
        (FORBIDDEN, other.kind == "after" or other.text in "》”）)、，：；"),
        (300.0, other.text in "（("),
        (3.0, other.text == "关于"),
        (200.0, one.text == "等"),
        (320.0, one.kind in ("organ", "name") and other.kind in ("organ", "name")),
        (300.0, one.kind in ("?", "name") and other.text[:1] in "省市区县局院所部"),
    ):
        if holds:
            return price
    return _after(title, one, other)


def _after(title: str, one: Token, other: Token) -> float:
    """What a break costs by the word before it, then by the word after it."""
    tail = other.kind == "tail" or other.text in words.TAILS or other.text[-2:] in ("办法", "规定", "细则", "方案")
    if one.text == "的":
        return 260.0 if len(title) - other.start <= 4 else 45.0
    if other.kind == "link":
        return 25.0
    if one.kind == "number" or one.text in ("年度", "季度"):
        return 20.0 if _TIME.search(one.text) and other.kind != "number" else 90.0
    if one.text in "、，：；":
        return 80.0 if one.text == "、" else 45.0
    if one.kind in ("manner", "act"):
        return 80.0 if other.text not in "《“" else 50.0
    if tail:
        long = one.text[-2:] in ("问题", "意见") and len(other.text) > 3 and other.text.endswith("情况")
        return 40.0 if long else 62.0 if one.kind != "?" else 120.0
    if one.text[-1:] == "委":  # 市委巡察
        return 70.0
    if one.kind in ("organ", "after"):
        return 16.0
    if one.text in words.HEADS or one.text in "》”）":
        return 16.0
    if "?" in (one.kind, other.kind):
        return 60.0 if max(len(one.text), len(other.text)) > 3 else 110.0
    return 40.0 if other.kind in ("manner", "act") else 46.0


def split(title: str, widths: Sequence[int], measure: int) -> list[tuple[int, int]]:
    """The lines of a title as ranges of characters.

    ``widths`` are running sums of the characters' widths (one longer than the title), in the unit of ``measure``.
    """
    if widths[-1] <= measure:
        return [(0, len(title))]
    return list(_split(title, tuple(widths), measure))


@lru_cache(maxsize=200)
def _split(title: str, widths: tuple[int, ...], measure: int) -> list[tuple[int, int]]:
    cost = places(title)
    fewest = -(-widths[-1] // measure)
    if fewest <= MOST_TRIED:
        found = [way for count in range(fewest, fewest + 2) if (way := _shaped(cost, widths, measure, count))]
        if found:
            return min(found)[1]
    return _plain(cost, widths, measure)


def _shaped(
    cost: list[float], widths: Sequence[int], measure: int, count: int
) -> tuple[float, list[tuple[int, int]]] | None:
    """The best way to cut into ``count`` lines, with its cost; None if none fits."""
    last = len(widths) - 1
    for limit in (FORBIDDEN / 2, FORBIDDEN):
        open_places = [k for k in range(1, last) if cost[k] < limit]
        open_places = sorted(sorted(open_places, key=lambda k: cost[k])[:MOST_PLACES])
        best: tuple[float, list[tuple[int, int]]] | None = None
        for cuts in combinations(open_places, count - 1):
            total = sum([cost[k] for k in cuts]) + LINE * count
            if best and total >= best[0]:  # its outline can only add to that
                continue
            edges = (0, *cuts, last)
            lengths = [widths[b] - widths[a] for a, b in pairwise(edges)]
            if max(lengths) > measure:
                continue
            total += _shape(lengths, measure)
            if best is None or total < best[0]:
                best = (total, list(pairwise(edges)))
        if best:
            return best
    return None


def _shape(lengths: list[int], measure: int) -> float:
    """What the outline costs: steps of one to five characters are best; an hourglass and a block are bad."""
    unit = measure / 20
    steps = [(b - a) / unit for a, b in pairwise(lengths)]
    total = sum(BLOCK if abs(step) < 0.8 else max(0.0, abs(step) - 5) * 8 for step in steps)
    falling = False
    for step in steps:
        if step > 0.5 and falling:
            total += 150.0
        falling = falling or step < -0.5
    return total + (60.0 if min(lengths) < 4 * unit else 0.0)


def _plain(cost: list[float], widths: Sequence[int], measure: int) -> list[tuple[int, int]]:
    """For very long titles: as few lines as possible, cheap places first, no shape."""
    last = len(widths) - 1
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * last
    for end in range(1, last + 1):
        start = end - 1
        while start >= 0 and (widths[end] - widths[start] <= measure or start == end - 1):
            total = best[start][0] + cost[end] + 200.0
            if total < best[end][0]:
                best[end] = (total, start)
            start -= 1
    lines = []
    end = last
    while end:
        lines.append((best[end][1], end))
        end = best[end][1]
    return lines[::-1]


def drafts(text: str, size: float, left: float, width: float) -> list[Draft]:
    """A title in 小标宋, broken by sense, each line in the middle of ``width`` points from ``left``."""
    text = marks.clean(text)
    made = []
    for start, end in split(text, widths_of(text), round(width / page.cell(size) * 1000)):
        said = [Words(text[start:end], "title")]
        wide = setting.width(prepare(said)) * page.cell(size) / 1000
        made.append(setting.single(said, "title", size, left + (width - wide) / 2))
    return made


def widths_of(text: str) -> list[int]:
    """Running widths of the characters of a title, one longer than the text, in thousandths of its size."""
    table = fonts.cells("title")
    clusters = marks.CLUSTER.findall(text)
    widths = list(accumulate((table[c].width for c in clusters), initial=0))
    if len(clusters) != len(text):  # every character of …… or —— but its first is no wider
        widths = [0]
        for cluster in clusters:
            widths += [widths[-1] + table[cluster].width] * len(cluster)
    return widths
