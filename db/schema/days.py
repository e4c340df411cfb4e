"""Reading calendar days, months and times as clerks write them on paper, and as they type them in a hurry.

``read_day`` and ``read_month`` read what a paper may say by itself; ``typed_day``, ``typed_month`` and ``typed_moment``
read also what only somebody at a keyboard means, reckoned from today (11.3, 昨天, 月底, 1430).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from db import clock

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


# -- what somebody types in a hurry ----------------------------------------------------------------------------------

AHEAD = timedelta(days=60)
"""A day typed without its year is not farther ahead than this: 11.3 typed in December is last month, typed in October next."""
_TODAY: ContextVar[date | None] = ContextVar("today", default=None)
_MONTH_DAY = re.compile(r"(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号]?")
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
_NEAR = {
    "今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "前日": -2, "明天": 1, "明日": 1, "后天": 2, "后日": 2,
}  # fmt: skip
_EDGE = re.compile(r"(上个?月|本月|这个?月|下个?月|今年|本年|去年|明年)?(月初|月底|月末|年初|年底|年末|底|末|初)")
_MONTHS = {"上月": -1, "上个月": -1, "本月": 0, "这月": 0, "这个月": 0, "当月": 0, "下月": 1, "下个月": 1}
_YEARS = {"去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1}
_MONTH_ALONE = re.compile(r"(去年|上年|今年|本年|明年)?\s*(\d{1,2})\s*月份?")
_TIME = re.compile(r"(\d{1,2})\s*(?::|时|点)\s*(\d{1,2})?\s*分?|(\d{1,2})(\d{2})")


@contextmanager
def as_of(day: date) -> Iterator[None]:
    """Reckons what is typed inside by that day instead of the day at the desk."""
    token = _TODAY.set(day)
    try:
        yield
    finally:
        _TODAY.reset(token)


def _today() -> date:
    return _TODAY.get() or clock.today()


def typed_day(text: str) -> date | None:
    """As ``read_day``, and 11.3, 11-3, 11/3, 11月3日 (the latest such day not more than 60 days ahead), 211103, 今天, 昨天,
    前天, 明天, 月底, 上月底, 年底 …; None for anything else."""
    text = text.strip()
    found = read_day(text)
    if found is not None:
        return found
    short = _MONTH_DAY.fullmatch(text)
    if short:
        return _latest(int(short[1]), int(short[2]))
    six = _SIX.fullmatch(text)
    if six:
        return _day(_century(int(six[1])), int(six[2]), int(six[3]))
    if text in _NEAR:
        return _shifted(_today(), _NEAR[text])
    return _edge(text)


def _latest(month: int, day: int) -> date | None:
    """The latest day of that month and number that is not too far ahead; 29 February in the last year that had one."""
    limit = _shifted(_today(), AHEAD.days) or date.max
    years = range(limit.year, max(limit.year - 9, 0), -1)
    return next((found for year in years if (found := _day(year, month, day)) and found <= limit), None)


def _century(short: int) -> int:
    """The year of two digits: not more than ten years ahead."""
    this = _today().year
    year = this - this % 100 + short
    return year if year <= this + 10 else year - 100


def _shifted(day: date, by: int) -> date | None:
    try:
        return day + timedelta(days=by)
    except OverflowError:
        return None


def _edge(text: str) -> date | None:
    """月底, 上月底, 年底, 去年底, 月初, 年初 → the day."""
    found = _EDGE.fullmatch(text)
    if found is None:
        return None
    which, edge = found[1] or "", found[2]
    of_month = "月" in which or edge.startswith("月")
    if (which in _YEARS and edge.startswith("月")) or ("月" in which and edge.startswith("年")):
        return None
    if not which and len(edge) == 1:
        return None
    first = edge.endswith("初")
    if not of_month:
        year = _today().year + _YEARS.get(which, 0)
        return _day(year, 1, 1) if first else _day(year, 12, 31)
    at = _month_at(_MONTHS.get(which, 0))
    if at is None:
        return None
    return date(*at, 1) if first else date(*at, monthrange(*at)[1])


def _month_at(shift: int) -> tuple[int, int] | None:
    """The month so many months from this one, as (year, month)."""
    count = _today().year * 12 + _today().month - 1 + shift
    return (count // 12, count % 12 + 1) if 12 <= count < 120_000 else None


def typed_month(text: str) -> str | None:
    """As ``read_month``, and 7月 (the latest that is not more than 60 days ahead), 去年7月, 上月, 本月, 下月; else None."""
    text = text.strip()
    found = read_month(text)
    if found is not None:
        return found
    if text in _MONTHS:
        at = _month_at(_MONTHS[text])
        return f"{at[0]:04d}-{at[1]:02d}" if at else None
    alone = _MONTH_ALONE.fullmatch(text)
    if alone is None or not 1 <= int(alone[2]) <= 12:
        return None
    month = int(alone[2])
    if alone[1]:
        year = _today().year + _YEARS[alone[1]]
        return f"{year:04d}-{month:02d}" if 1 <= year <= 9999 else None
    first = _latest(month, 1)
    return first.isoformat()[:7] if first else None


def typed_moment(text: str) -> datetime | None:
    """A day as ``typed_day`` takes it and a time (14:30, 14时30分, 1430), or a time of today alone; else None."""
    text = text.strip().replace("：", ":")
    alone = _TIME.fullmatch(text)
    if alone and not (alone[3] and len(text) < 4):
        return _at(_today(), alone)
    for cut in re.finditer(r"[ T]+|(?<=日)|(?<=天)", text):
        day, time = typed_day(text[: cut.start()]), _TIME.fullmatch(text[cut.end() :].strip())
        if day is not None and time is not None:
            return _at(day, time)
    return None


def _at(day: date, time: re.Match[str]) -> datetime | None:
    hour, minute = int(time[1] or time[3]), int(time[2] or time[4] or 0)
    if hour > 23 or minute > 59:
        return None
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - wall clock
