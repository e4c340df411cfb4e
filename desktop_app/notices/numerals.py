"""Numbers as Chinese papers write them, inside marks such as 一、 （二） 3. ④ 五是 第六条 问题７：."""

from __future__ import annotations

import re

from db.schema.records import NO_MARK

_DIGITS = "零一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMERAL = re.compile(
    rf"(?P<arabic>[0-9]+)|(?P<wide>[０-９]+)|(?P<circled>[{_CIRCLED}])|(?P<chinese>[一二三四五六七八九十]+)"
)
_TO_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_LEVELS = (
    (re.compile(r"[一二三四五六七八九十]+、"), 1),
    (re.compile(r"[（(][一二三四五六七八九十]+[）)]"), 2),
    (re.compile(r"[0-9０-９]+[.．、]"), 3),
    (re.compile(r"[（(]?[0-9０-９]+[）)]"), 4),
)


def chinese(value: int) -> str:
    """1 … 99 → 一 … 九十九; other numbers in Arabic digits."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


def marked(sample: str | None, number: int | None, default: str) -> str:
    """The mark of an item: its own sample (or the default) with the number to be printed put in.

    A sample without a numeral (整改成效：) is printed as it is; so is any sample when there is no number.
    """
    if sample is None:
        if number is None or not default:
            return ""
        sample = default
    if sample == NO_MARK:
        return ""
    found = _NUMERAL.search(sample)
    if found is None or number is None:
        return sample
    kind = found.lastgroup
    if kind == "arabic":
        numeral = str(number)
    elif kind == "wide":
        numeral = str(number).translate(_TO_WIDE)
    elif kind == "circled" and 1 <= number <= len(_CIRCLED):
        numeral = _CIRCLED[number - 1]
    elif kind == "circled":
        numeral = f"（{number}）"
    else:
        numeral = chinese(number)
    return sample[: found.start()] + numeral + sample[found.end() :]


def level(mark: str, default: int) -> int:
    """The heading level of GB/T 9704 (7.3.3) a mark stands for: 一、 1, （一） 2, 1. 3, （1） 4."""
    return next((number for pattern, number in _LEVELS if pattern.match(mark)), default)
