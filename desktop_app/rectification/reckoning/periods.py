"""Periods as clerks say them (今年以来, 近两年, 6月以来, a name of the office's own), and the periods they are compared with.

Everything is reckoned from the day the question is asked for. A month without its year is the latest such month that has
begun by then; 以来 and 起 run to that day. 近两年 is the two years that end with it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import Span
from db.schema.days import chinese_number, read_day
from db.schema.records import NamedPeriod
from db.schema.typed import plain
from desktop_app.rectification.reckoning.values import add_days, add_months, add_years, months

TOPIC = "indicators"
ALL = Span(None, None, "全部")
"""No bound: every row counts, those without a day too."""
KNOWN = (
    "今年以来", "本年", "上半年", "下半年", "去年", "去年同期", "前年同期", "近两年", "近3个月", "本月", "上月",
    "本季度", "上季度", "7月", "2021年7月", "2021年", "4至6月", "6月以来", "2018年以来", "自2021年8月30日起",
    "2021-01-01至2021-06-30", "截至目前", "全部",
)  # fmt: skip
"""One of each sort, for whoever has to choose."""

_LONGEST = 60
"""Characters; nobody says a period in more."""
_N = r"(\d{1,2}|[一二两三四五六七八九十]{1,3})"
_YEAR = r"(?:(\d{4})年|(今年|本年|去年|上年|前年))?"
_TO = "(?:至|到|-|—|－|～|~)"
_SINCE = "(?:以来|至今|起)"
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2}


def named_periods(facts: Facts) -> dict[str, Span]:
    """The periods an office has names for."""
    return {one.name: one.span for one in facts.all(NamedPeriod) if one.name and one.span}


def span(words: str, as_of: date, named: Mapping[str, Span] | None = None) -> Span:
    """What somebody calls a period → its first and last day, its words kept; ``Refusal`` says what may be written."""
    typed = "".join(plain(words).split())
    found = (named or {}).get(words.strip()) or (named or {}).get(typed)
    if found is not None:
        return Span(found.start, found.end, typed)
    try:
        ends = _read(typed, as_of) if len(typed) <= _LONGEST else None
    except (ValueError, OverflowError):  # a month 13, a year 0
        ends = None
    if ends is None or (ends[0] and ends[1] and ends[0] > ends[1]):
        advice = f"可以写 {'、'.join(KNOWN)}，或在“期间”里起好的名称。"
        raise Refusal(f"不知道期间“{words.strip()[:40]}”是从哪天到哪天。", advice, TOPIC)
    return Span(ends[0], ends[1], typed)


Ends = tuple[date | None, date | None]


def _read(typed: str, as_of: date) -> Ends | None:
    if typed in _WORDS:
        return _WORDS[typed](as_of)
    for pattern, reader in _PATTERNS:
        found = pattern.fullmatch(typed)
        if found:
            return reader(found, as_of)
    alone = read_day(typed)
    return (alone, alone) if alone else None


def _year(year: int) -> Ends:
    return date(year, 1, 1), date(year, 12, 31)


def _months(year: int, first: int, last: int) -> Ends:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def at(day: date, every: str) -> Span:
    """The day, week (from Monday), month, quarter, half-year or year a day lies in."""
    if every == "day":
        return Span(day, day, day.isoformat())
    if every == "week":
        monday = day - timedelta(days=day.weekday())
        return Span(monday, add_days(monday, 6), f"{monday.isoformat()}起一周")
    size = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[every]
    first = (day.month - 1) // size * size + 1
    start, end = _months(day.year, first, first + size - 1)
    part = {
        "month": f"{first}月",
        "quarter": f"第{'一二三四'[first // 3 % 4]}季度",
        "half_year": "上半年" if first == 1 else "下半年",
        "year": "",
    }[every]
    return Span(start, end, f"{day.year}年{part}")


def each(first: date, last: date, every: str) -> Iterator[Span]:
    """The days, weeks, months, quarters, half-years or years from the one ``first`` lies in to the one ``last`` lies in."""
    found = at(first, every)
    while found.start is not None and found.start <= last:
        yield found
        following = None if found.end is None else add_days(found.end, 1)
        if following is None:
            return
        found = at(following, every)


def _before(day: date, every: str) -> Ends:
    start = at(day, every).start
    found = at((start or day) - timedelta(days=1), every)
    return found.start, found.end


def _this(every: str) -> Callable[[date], Ends]:
    return lambda day: (at(day, every).start, at(day, every).end)


def _same(years: int) -> Callable[[date], Ends]:
    return lambda day: _shifted(date(day.year, 1, 1), day, years)


_WORDS: dict[str, Callable[[date], Ends]] = {
    "今年以来": lambda day: (date(day.year, 1, 1), day),
    "本年以来": lambda day: (date(day.year, 1, 1), day),
    **dict.fromkeys(("今年", "本年", "本年度", "全年", "年内", "年度"), _this("year")),
    **dict.fromkeys(("去年", "上年", "上年度", "去年全年"), lambda day: _year(day.year - 1)),
    "前年": lambda day: _year(day.year - 2),
    "去年同期": _same(-1),
    "上年同期": _same(-1),
    "前年同期": _same(-2),
    "近半年": lambda day: _last(day, 6),
    **dict.fromkeys(("本月", "当月", "这个月"), _this("month")),
    **dict.fromkeys(("上月", "上个月"), lambda day: _before(day, "month")),
    **dict.fromkeys(("本季度", "本季", "当季"), _this("quarter")),
    **dict.fromkeys(("上季度", "上季", "上个季度"), lambda day: _before(day, "quarter")),
    "本周": _this("week"),
    "上周": lambda day: _before(day, "week"),
    **dict.fromkeys(("今天", "今日", "当天"), lambda day: (day, day)),
    **dict.fromkeys(("截至目前", "目前", "至今", "迄今", "截至今天"), lambda day: (None, day)),
    **dict.fromkeys(("全部", "不限"), lambda _day: (None, None)),
}


def _last(day: date, months: int) -> Ends:
    first = add_months(day, -months)
    return (first + timedelta(days=1) if first else None), day


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    found = chinese_number(text.replace("两", "二"))
    if found is None:
        raise ValueError(text)
    return found


def _named_year(found: re.Match[str], as_of: date, month: int = 0) -> int:
    """The year that is said, else the latest in which that month has begun (no month: the year of the day)."""
    if found[1]:
        return int(found[1])
    if found[2]:
        return as_of.year + _YEARS[found[2]]
    return as_of.year - 1 if month > as_of.month else as_of.year


def _half(found: re.Match[str], as_of: date) -> Ends:
    first = 1 if found[3] == "上" else 7
    return _months(_named_year(found, as_of), first, first + 5)


def _quarter(found: re.Match[str], as_of: date) -> Ends:
    which = _number(found[3])
    return _months(_named_year(found, as_of), 3 * which - 2, 3 * which)


def _month(found: re.Match[str], as_of: date) -> Ends:
    month = _number(found[3])
    return _months(_named_year(found, as_of, month), month, month)


def _some_months(found: re.Match[str], as_of: date) -> Ends:
    first, last = _number(found[3]), _number(found[4])
    year = _named_year(found, as_of, first)
    start, end = _months(year, first, first)[0], _months(year if last >= first else year + 1, last, last)[1]
    return start, end


def _since_month(found: re.Match[str], as_of: date) -> Ends:
    return _month(found, as_of)[0], as_of


def _since_day(found: re.Match[str], as_of: date) -> Ends:
    month, day = int(found[3]), int(found[4])
    year = _named_year(found, as_of)
    if not found[1] and not found[2] and date(year, month, day) > as_of:
        year -= 1
    return date(year, month, day), as_of


def _near(found: re.Match[str], as_of: date) -> Ends:
    count = _number(found[1])
    if found[2] in ("天", "日"):
        return add_days(as_of, 1 - count), as_of
    if found[2] == "周":
        return add_days(as_of, 1 - 7 * count), as_of
    return _last(as_of, count * (12 if found[2] == "年" else 1))


def _between(found: re.Match[str], as_of: date) -> Ends | None:
    first = read_day(found[1]) or _read(found[1], as_of)
    last = read_day(found[2]) or _read(found[2], as_of)
    if first is None or last is None:
        return None
    return (first if isinstance(first, date) else first[0]), (last if isinstance(last, date) else last[1])


def _until(found: re.Match[str], as_of: date) -> Ends | None:
    said = found[1].removesuffix("底").removesuffix("末")
    day = read_day(said)
    if day is not None:
        return None, day
    ends = _read(said, as_of)
    return None if ends is None else (None, ends[1])


def _from_day(found: re.Match[str], as_of: date) -> Ends | None:
    day = read_day(found[1])
    return None if day is None else (day, as_of)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Ends | None]], ...] = (
    (re.compile(rf"{_YEAR}([上下])半年"), _half),
    (re.compile(rf"{_YEAR}第?([一二三四1-4])季度"), _quarter),
    (re.compile(rf"{_YEAR}{_N}月份?"), _month),
    (re.compile(r"(\d{4})年度?"), lambda found, _day: _year(int(found[1]))),
    (re.compile(rf"{_YEAR}{_N}月?{_TO}{_N}月份?"), _some_months),
    (re.compile(rf"自?(\d{{4}})年{_SINCE}"), lambda found, day: (date(int(found[1]), 1, 1), day)),
    (re.compile(rf"自?{_YEAR}{_N}月份?{_SINCE}"), _since_month),
    (re.compile(rf"自?{_YEAR}(\d{{1,2}})月(\d{{1,2}})日{_SINCE}"), _since_day),
    (re.compile(rf"自?(\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{8}}){_SINCE}"), _from_day),
    (re.compile(rf"近{_N}(年|个月|月|天|日|周)(?:以?来|内)?"), _near),
    (re.compile(r"截至(.+?)止?"), _until),
    (re.compile(r"自?(.+?)(?:至|到)(.+)"), _between),
)


# -- what a period is compared with -----------------------------------------------------------------------------------


def base(period: Span, against: str) -> Span | None:
    """The period a change is reckoned against (``BASES`` of db.schema.definition.indicators); None where there is none."""
    start, end = period.start, period.end
    if end is None:
        return None
    try:
        if against == "last_year":
            ends: Ends | None = _year(end.year - 1)
        elif against == "previous":
            ends = _previous(start, end)
        else:
            ends = _shifted(start, end, -1 if against == "same_last_year" else -2)
    except ValueError:
        return None
    return None if ends is None else Span(*ends, _BASES[against])


_BASES = {"last_year": "去年", "same_last_year": "去年同期", "same_before_last": "前年同期", "previous": "上期"}


def _shifted(start: date | None, end: date, years: int) -> Ends:
    """The same period of another year; a period of whole calendar months stays one (1月至2月 ends on the last of February)."""
    moved = None if start is None else add_years(start, years)
    other = add_years(end, years)
    if (start is not None and moved is None) or other is None:
        raise ValueError
    if _whole_months(start, end):
        other = other.replace(day=monthrange(other.year, other.month)[1])
    return moved, other


def _whole_months(start: date | None, end: date) -> bool:
    return start is not None and start.day == 1 and end.day == monthrange(end.year, end.month)[1]


def _previous(start: date | None, end: date) -> Ends | None:
    """As many months before whole months (calendar ones or not); else as many days."""
    following = add_days(end, 1)
    if start is None or following is None:
        return None
    count = months(start, following)
    if count > 0 and add_months(start, count) == following:
        first = add_months(start, -count)
    else:
        first = add_days(start, -((end - start).days + 1))
    return None if first is None else (first, start - timedelta(days=1))
