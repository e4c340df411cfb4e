"""Reading calendar days and months as clerks write them."""

from __future__ import annotations

import re
from datetime import date

_CHINESE_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0", "Ｏ": "0"}
_DAY = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?")
_MONTH = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*月?(?:份)?")
_CHINESE_DAY = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)


def chinese_number(text: str) -> int | None:
    """一 … 九十九 → 1 … 99; None for anything else."""
    digits = "〇一二三四五六七八九"
    found = re.fullmatch(r"([一二三四五六七八九])?(十)?([一二三四五六七八九])?", text)
    if not text or found is None:
        return None
    tens, ten, ones = found.groups()
    if ten is None:
        return digits.index(tens) if tens and not ones else None
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)


def read_day(text: str) -> date | None:
    """2021-12-31, 2021/12/31, 2021.12.31, 20211231, 2021年12月31日, 二〇二一年十二月三十一日 → the day, or None."""
    text = text.strip()
    found = _DAY.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    chinese = _CHINESE_DAY.fullmatch(text)
    if chinese is None:
        return None
    year = int("".join(_CHINESE_DIGITS[c] for c in chinese[1]))
    month, day = chinese_number(chinese[2]), chinese_number(chinese[3])
    return _day(year, month, day) if month and day else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_month(text: str) -> str | None:
    """2021-07, 2021/7, 202107, 2021年7月 → "2021-07", or None."""
    found = _MONTH.fullmatch(text.strip()) or re.fullmatch(r"(\d{4})(\d{2})", text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        return None
    return f"{int(found[1]):04d}-{int(found[2]):02d}"


def written(day: date) -> str:
    """A day as an official document prints it: Arabic, full year, no leading zero (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
