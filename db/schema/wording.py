"""The words in which a notice states a deadline, and the day they mean.

The rules are those found in the seed (its table of deadlines) and in notices of other offices: the words are kept as
written, the day is the last one the words allow (12月底前 → 31 December), how binding they are is read from the
words before (预计, 争取, 应, 至). Relative wordings (今年年底, 下半年, 月底前) are counted from the day of issue.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from db.schema.days import chinese_number, read_day

STRENGTHS = {"expected": "预计", "strive": "争取", "shall": "应", "until": "至", "before": "前", "kept_up": "长期坚持"}
"""How binding a deadline is, by key; the words a clerk sees."""

STRENGTH_WORDS = {
    "争取": "strive", "力争": "strive", "努力": "strive",
    "预计": "expected", "计划": "expected", "拟": "expected", "预期": "expected",
    "应": "shall", "须": "shall", "必须": "shall", "确保": "shall", "务必": "shall", "限": "shall", "要求": "shall",
    "至": "until", "到": "until", "截至": "", "截止": "", "截止到": "", "截至到": "",
}  # fmt: skip
"""Words before a day and how binding they make it; those that only tell up to when something was counted make it nothing."""

_D = "[0-9０-９]"
_BEFORE = "|".join(sorted(STRENGTH_WORDS, key=len, reverse=True))
_MONTH = rf"(?:{_D}{{1,2}}|[一二三四五六七八九十]{{1,2}})"
_MONTH_DAY = rf"(?:{_D}{{1,2}}|[一二三四五六七八九十]{{1,3}})"
_HALF = "上半年|下半年"
_QUARTER = r"第?[一二三四1-4]季度"
_YEAR = rf"(?P<year>{_D}{{4}}|[二一][〇○零一二三四五六七八九]{{3}})\s?年"
_RELATIVE = r"(?P<relative>今年|本年度?|当年|明年|次年|后年)"
_WHEN = (
    rf"(?:{_YEAR}|{_RELATIVE})?(?:度)?\s?(?:"
    rf"(?P<month>{_MONTH})\s?月份?(?:\s?(?P<day>{_MONTH_DAY})\s?日|(?P<monthend>底|末|下旬|上旬|中旬)|)"
    rf"|(?P<half>{_HALF})|(?P<quarter>{_QUARTER})(?:末|底)?|(?P<yearend>年?[底末])|(?P<within>年?[之以]?内|全年)"
    rf"|(?P<thismonth>本月|当月|下月|下个月)(?:底|末)?|(?P<monthfoot>月底)|)"
)
_DEADLINE = re.compile(
    rf"(?P<strength>{_BEFORE})?(?:将|在|于|能|会|会在){{0,3}}{_WHEN}(?P<tail>以前|之前|前|以内|之内|内|止|为止|起)?"
)
ANCHOR = re.compile(
    rf"{_D}{{4}}\s?年|[二一][〇○零一二三四五六七八九]{{3}}年|今年|本年|当年|明年|次年|后年|{_MONTH}\s?月|年[底末内]|{_HALF}"
    rf"|{_QUARTER}|本月|当月|下个?月|月底"
)
"""What every wording with a day holds: a year, a month, a half, a quarter, a year's end."""

_LOOK_BACK = 12
_KEPT_UP = re.compile(r"长期坚持|持续(?:推进|坚持|整改|深化|用力)|常抓不懈|常态化")
_SET = ("day", "month", "monthend", "half", "quarter", "yearend", "within", "thismonth", "monthfoot")
_THIRDS = {"上旬": 10, "中旬": 20}


@dataclass(frozen=True)
class Reading:
    """What the words of a deadline mean: the day, or None, and how binding ("" when the words do not say)."""

    day: date | None
    strength: str


def read_deadline(wording: str, base_year: int | None = None, issued: date | None = None) -> Reading:
    """The words of a deadline → its day and strength.

    ``base_year`` is the year of issue, by which 今年, 年底 and a month without a year are reckoned; 本月 and 月底 need
    ``issued``, the day itself. Without them such words give no day.
    """
    exact = read_day(wording)
    if exact:
        return Reading(exact, "")
    found = _first(wording)
    if found is None:
        return Reading(None, "kept_up" if _KEPT_UP.search(wording) else "")
    year, month = (issued.year, issued.month) if issued else (base_year, None)
    return Reading(last_day(found, year, month), _strength(wording, found))


def _first(wording: str) -> re.Match[str] | None:
    """The first wording that sets a limit; a year by itself does not, nor does a day from which something runs."""
    at = 0
    for anchor in ANCHOR.finditer(wording):
        found = deadline_at(wording, at, anchor.start(), len(wording))
        if found is None:
            continue
        at = found.end()
        if found["tail"] != "起" and any(found[name] for name in _SET):
            return found
    return None


def deadline_at(text: str, low: int, anchor: int, end: int) -> re.Match[str] | None:
    """The wording that holds the anchor and begins farthest to the left, from ``low`` on."""
    for at in range(max(low, anchor - _LOOK_BACK), anchor + 1):
        hit = _DEADLINE.match(text, at, end)
        if hit and hit.end() > anchor and (at == anchor or hit["strength"] or text[at] in "在于"):
            return hit
    return None


def last_day(hit: re.Match[str], base_year: int | None, base_month: int | None) -> date | None:
    """The last day that keeps a limit; None when it hangs on a base that is not known, or is no day of the calendar."""
    year = _year(hit, base_year)
    if hit["thismonth"] or hit["monthfoot"]:
        if base_year is None or base_month is None:
            return None
        later = base_month + (1 if (hit["thismonth"] or "").startswith("下") else 0)
        return _end_of(base_year + (later - 1) // 12, (later - 1) % 12 + 1)
    if year is None or not 1 <= year <= 9999:
        return None
    if hit["month"]:
        return _in_month(hit, year)
    if hit["half"]:
        return date(year, 6, 30) if hit["half"] == "上半年" else date(year, 12, 31)
    if hit["quarter"]:
        number = next(("一二三四".find(c) + 1 or int(c)) for c in hit["quarter"] if c in "一二三四1234")
        return _end_of(year, number * 3)
    return date(year, 12, 31)


def first_day(hit: re.Match[str], base_year: int | None) -> date | None:
    """The day from which something runs (自2021年8月30日起)."""
    year, month = _year(hit, base_year), _number(hit["month"])
    if year is None or month is None:
        return None
    return _safe(year, month, _number(hit["day"]) or 1)


def _in_month(hit: re.Match[str], year: int) -> date | None:
    month = _number(hit["month"]) or 0
    if hit["day"]:
        return _safe(year, month, _number(hit["day"]) or 0)
    if hit["monthend"] in _THIRDS:
        return _safe(year, month, _THIRDS[hit["monthend"]])
    last = _end_of(year, month)
    before_month = hit["monthend"] is None and (hit["tail"] or "").endswith("前")
    if before_month and last and last > date(1, 1, 31):  # 3月前: February is the last month that keeps it
        return last.replace(day=1) - timedelta(days=1)
    return last


def _year(hit: re.Match[str], base_year: int | None) -> int | None:
    if hit["year"]:
        return _year_number(hit["year"])
    if base_year is None:
        return None
    return base_year + {"明年": 1, "次年": 1, "后年": 2}.get(hit["relative"] or "", 0)


def _year_number(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    return int("".join(str("〇一二三四五六七八九".index(c if c not in "○零" else "〇")) for c in digits))


def _number(digits: str | None) -> int | None:
    if not digits:
        return None
    return int(digits) if digits.isdecimal() else chinese_number(digits)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _end_of(year: int, month: int) -> date | None:
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and 1 <= year <= 9999 else None


def _strength(wording: str, found: re.Match[str]) -> str:
    """How binding: by the word right before the day, else by any such word before it, else by 前 after it."""
    if found["strength"]:
        strength = STRENGTH_WORDS[found["strength"]]
        if strength:
            return strength
    before = wording[: found.start()]
    for word, key in STRENGTH_WORDS.items():
        if key and word in before:
            return key
    return "before" if (found["tail"] or "").endswith("前") else ""
