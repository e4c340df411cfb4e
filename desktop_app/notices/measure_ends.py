"""What no line may begin or end with, and what must not be parted (CLREQ; GB/T 15834-2011, part 5; GB/T 15835-2011).

The lists are written out here once more, apart from ``marks``: a slip there must not hide itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from desktop_app.notices.finding import Finding, idle, judged
from desktop_app.notices.measure_place import NO_BODY, runs_on
from desktop_app.notices.measure_rows import BEGINNING, Layout, Row

NEVER_FIRST = frozenset("。，、；：？！．”’）〕】》〉」』］｝·～–%％‰℃°,.;:!?)]}/／")
NEVER_LAST = frozenset("“‘（〔【《〈「『［｛([{/／￥¥$№")
WHOLE = frozenset("—…")
PARTED = re.compile(
    r"\d\n(?:\d|[%％‰℃]|[年月日时分秒]|[十百千万亿]?(?:元|人|人次|件|个|条|项|次|户|名|份|岁|页|号|公里|米|吨|起|家|台|辆))"
    r"|第\n\d|\d[,.]\n\d|[￥¥]\n\d"
)
ADDRESS = re.compile(r"[!-~]{14,}|[!-~]*(?:@|://|www\.)[!-~]*")


def _turns(laid: Layout) -> Iterator[tuple[Row, Row]]:
    """Two lines of one paragraph after each other."""
    for row, after in pairwise(laid.body):
        if runs_on(laid, row, after) and after.text[:BEGINNING].strip() not in laid.begun:
            yield row, after


def _forced(row: Row, after: Row) -> bool:
    """Whether the stretch around the line end that may not be parted does not fit a line: then something has to give."""
    whole, at = row.text + after.text, len(row.text)
    start, end = at, at
    while start > 0 and _bound(whole[start - 1], whole[start : start + 1]):
        start -= 1
    while end < len(whole) and _bound(whole[end - 1 : end], whole[end]):
        end += 1
    return sum(0.5 if _narrow(char) else 1.0 for char in whole[start - 1 : end]) >= 26


def _bound(before: str, here: str) -> bool:
    return bool(
        here in NEVER_FIRST
        or before in NEVER_LAST
        or (before == here and here in WHOLE)
        or here in (" ", "\u3000")
        or (before.isascii() and here.isascii())
    )


def _narrow(char: str) -> bool:
    return char.isascii() or char in NEVER_FIRST or char in NEVER_LAST


def _judged(laid: Layout, key: str, name: str, bound: str, wrong: list[str]) -> Finding:
    count = sum(1 for _ in _turns(laid))
    if not count:
        return idle(key, name, bound, NO_BODY if not laid.body else "没有转行的段落")
    return judged(key, name, bound, f"{count}处转行，{len(wrong)}处不合" if wrong else f"{count}处转行都合", wrong)


def first(laid: Layout) -> Finding:
    """Rule 1."""
    wrong = [
        f"{after.place}：行首是“{after.text[0]}”"
        for row, after in _turns(laid)
        if after.text[0] in NEVER_FIRST and not _forced(row, after)
    ]
    return _judged(laid, "first", "行首避忌", "句读和后括号不在行首", wrong)


def last(laid: Layout) -> Finding:
    """Rule 2."""
    wrong = [
        f"{row.place}：行尾是“{row.text[-1]}”"
        for row, after in _turns(laid)
        if row.text[-1] in NEVER_LAST and not _forced(row, after)
    ]
    return _judged(laid, "last", "行尾避忌", "前括号和前引号不在行尾", wrong)


def split(laid: Layout) -> Finding:
    """Rule 3."""
    wrong = [
        f"{after.place}：“{after.text[0] * 2}”分在两行"
        for row, after in _turns(laid)
        if row.text[-1] == after.text[0] and after.text[0] in WHOLE and not _forced(row, after)
    ]
    return _judged(laid, "split", "破折号和省略号", "不拆在两行", wrong)


def units(laid: Layout) -> Finding:
    """Rule 6, by a few patterns that are beyond doubt."""
    wrong = []
    for row, after in _turns(laid):
        found = PARTED.search(f"{row.text[-8:]}\n{after.text[:6]}")
        if found and not _in_address(row, after):
            wrong.append(f"{after.place}：“{found[0].replace(chr(10), '｜')}”分在两行")
    return _judged(laid, "units", "数字和单位", "不拆在两行", wrong)


def _in_address(row: Row, after: Row) -> bool:
    """Whether the line ends inside an e-mail or web address, or a long word of Latin letters."""
    whole, at = row.text + after.text, len(row.text)
    return any(found.start() < at < found.end() for found in ADDRESS.finditer(whole))
