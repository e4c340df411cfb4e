"""Breaks a title by sense and in good shape: 梯形 or 菱形, not 长方形 or hourglass (GB/T 9704-2012 7.3.1).

Without a dictionary of Chinese, sense is read from a short list of the words titles are made of: a stretch that is not
known (a place, a person) is kept whole as long as it fits a line.
"""

from __future__ import annotations

import re
from itertools import accumulate, combinations, pairwise

from desktop_app.notices import fonts, marks, page, setting
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Words, prepare

_WORDS = (
    "关于|对于|以及|巡察|巡视|整改|进展|落实|情况|反馈|意见|集中|专项|通报|通知|通告|公告|公报|报告|请示|批复|决定|决议|函|纪要|"
    "工作|问题|方案|办法|规定|细则|制度|实施|开展|进一步|加强|推进|推动|深化|完善|做好|印发|公布|公示|任务|清单|台账|责任|"
    "自查|检查|督查|督办|监督|管理|建设|活动|会议|精神|学习|贯彻|执行|阶段性|成效|计划|总结|年度|季度|月份|上半年|下半年|"
    "市委|区委|县委|省委|市政府|区政府|党委|党组|党支部|委员会|纪律检查|公安局|公安分局|分局|派出所|支队|大队|办公室|人民政府|"
    "中共|中国共产党|全市|全区|全局|涉及|有关|和|与|及|暨|在|为|等"
)
_TOKEN = re.compile(
    rf"《[^》]*》|（[^）]*）|{marks.UNIT.pattern}|第?[一二三四五六七八九十]+[轮次届批]|{_WORDS}|[A-Za-z0-9]+|的|."
)
_ENDS_NAME = re.compile(
    r"(?:委员会|党委|党组|支部|分局|公安局|局|厅|处|所|院|校|部|办公室|政府|公司|集团|支队|大队|中队|中心|站|社区)$"
)
_LINKS = frozenset("和与及暨在为对")

FORBIDDEN = 1_000.0
MOST_TRIED = 4


def places(title: str) -> list[float]:
    """What a break before each character costs, length ``len(title) + 1``; ``FORBIDDEN`` where none may be."""
    cost = [300.0] * (len(title) + 1)  # inside a stretch that is not known: perhaps a name
    tokens = [(found.start(), found.end(), found.group()) for found in _TOKEN.finditer(title)]
    for start, end, token in tokens:
        for k in range(start + 1, end):
            cost[k] = 600.0 if token[0] in "《（" else FORBIDDEN
    for (_, _, before), (at, _, after) in pairwise(tokens):
        cost[at] = _between(title[:at], before, after, cost[at])
    level = marks.levels(title)
    for k in range(1, len(title)):
        if title.startswith("——", k) and title[k - 1] != "—":
            cost[k] = 3.0  # a subtitle begins its own line with its dash
        elif title[k] in "的之等" or level[k]:
            cost[k] = FORBIDDEN
    cost[0] = cost[-1] = 0.0
    return cost


def _between(head: str, before: str, after: str, unknown: float) -> float:
    """What a break between two words costs; ``head`` is all that stands before it."""
    if before in ("关于", "对于", "中共") or before in _LINKS:
        return 400.0
    if after == "关于":
        return 3.0
    if _ENDS_NAME.search(before) and _ENDS_NAME.search(after):  # 分局|委员会: the name goes on
        return 350.0
    known = len(before) > 1 or len(after) > 1
    if known and _ENDS_NAME.search(head):
        return 8.0
    if before == "的":
        return 12.0
    return 30.0 if known else unknown


def split(title: str, widths: list[int], measure: int) -> list[tuple[int, int]]:
    """The lines of a title as ranges of characters.

    ``widths`` are running sums of the characters' widths (one longer than the title), in the unit of ``measure``.
    """
    if widths[-1] <= measure:
        return [(0, len(title))]
    cost = places(title)
    fewest = -(-widths[-1] // measure)
    if fewest <= MOST_TRIED:
        found = [way for count in (fewest, fewest + 1) if (way := _shaped(cost, widths, measure, count))]
        if found:
            return min(found)[1]
    return _plain(cost, widths, measure)


def _shaped(
    cost: list[float], widths: list[int], measure: int, count: int
) -> tuple[float, list[tuple[int, int]]] | None:
    """The best way to cut into ``count`` lines, with its cost; None if none fits."""
    last = len(widths) - 1
    for limit in (FORBIDDEN / 2, FORBIDDEN):
        open_places = [k for k in range(1, last) if cost[k] < limit]
        if len(open_places) ** (count - 1) > 200_000:
            open_places = sorted(sorted(open_places, key=lambda k: cost[k])[:40])
        best: tuple[float, list[tuple[int, int]]] | None = None
        for cuts in combinations(open_places, count - 1):
            edges = (0, *cuts, last)
            lengths = [widths[b] - widths[a] for a, b in pairwise(edges)]
            if max(lengths) > measure:
                continue
            total = sum(cost[k] for k in cuts) + _shape(lengths, measure) + 40.0 * count
            if best is None or total < best[0]:
                best = (total, list(pairwise(edges)))
        if best:
            return best
    return None


def _shape(lengths: list[int], measure: int) -> float:
    """What the outline costs: steps of one to five characters are best; an hourglass and a block are bad."""
    unit = measure / 20
    steps = [(b - a) / unit for a, b in pairwise(lengths)]
    total = sum(12.0 if abs(step) < 0.8 else max(0.0, abs(step) - 5) * 8 for step in steps)
    falling = False
    for step in steps:
        if step > 0.5 and falling:
            total += 150.0
        falling = falling or step < -0.5
    return total + (60.0 if min(lengths) < 4 * unit else 0.0)


def _plain(cost: list[float], widths: list[int], measure: int) -> list[tuple[int, int]]:
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
        words = [Words(text[start:end], "title")]
        wide = setting.width(prepare(words)) * page.cell(size) / 1000
        made.append(setting.single(words, "title", size, left + (width - wide) / 2))
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
