"""The words in which a notice states a deadline, and the day they mean.

The rules are those found in the seed (its table of deadlines) and in notices of other offices: the words are kept as
written, the day is the last one the words allow (12月底前 → 31 December), how binding they are is read from the
words before (预计, 争取, 应, 至).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from db.schema.days import read_day

STRENGTHS = {"expected": "预计", "strive": "争取", "shall": "应", "until": "至", "before": "前", "kept_up": "长期坚持"}
"""How binding a deadline is, by key; the words a clerk sees."""


@dataclass(frozen=True)
class Reading:
    """What the words of a deadline mean: the day, or None, and how binding ("" when the words do not say)."""

    day: date | None
    strength: str


_YEAR = r"(?P<year>\d{4})年|(?P<this>今年|本年度?|当年)|(?P<next>明年|次年)"
_WHEN = re.compile(
    rf"(?:{_YEAR})?(?:"
    r"(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|(?P<third>上旬|中旬|下旬)|(?P<monthend>底|末|份)?)"
    r"|(?P<half>上半年|下半年)|(?:第)?(?P<quarter>[一二三四])季度(?:末|底)?"
    r"|(?P<yearend>年底|年末|底|末|年内|内|全年)"
    r")"
)
_QUARTERS = {"一": 3, "二": 6, "三": 9, "四": 12}
_THIRDS = {"上旬": 10, "中旬": 20}
_KEPT_UP = re.compile(r"长期坚持|持续(?:推进|坚持|整改|深化|用力)|常抓不懈|常态化")
_STRENGTH_WORDS = (
    ("strive", ("争取", "力争")),
    ("expected", ("预计", "计划", "拟")),
    ("shall", ("应", "须", "必须", "确保", "务必")),
    ("until", ("至", "到")),
)


def read_deadline(wording: str, base_year: int | None = None) -> Reading:
    """The words of a deadline → its day and strength.

    ``base_year`` is the year of issue, by which 今年, 年底 and a month without a year are reckoned; without it
    such words give no day.
    """
    exact = read_day(wording)
    if exact:
        return Reading(exact, "")
    found = _WHEN.search(wording)
    if found is None:
        return Reading(None, "kept_up" if _KEPT_UP.search(wording) else "")
    year = int(found["year"]) if found["year"] else base_year
    if year is not None and found["next"]:
        year += 1
    return Reading(_last_day(found, year) if year else None, _strength(wording, found))


def _last_day(found: re.Match[str], year: int) -> date | None:
    if found["month"]:
        month = int(found["month"])
        if not 1 <= month <= 12:
            return None
        end = calendar.monthrange(year, month)[1]
        day = int(found["day"]) if found["day"] else _THIRDS.get(found["third"] or "", end)
        return date(year, month, day) if 1 <= day <= end else None
    if found["half"]:
        return date(year, 6, 30) if found["half"] == "上半年" else date(year, 12, 31)
    if found["quarter"]:
        month = _QUARTERS[found["quarter"]]
        return date(year, month, calendar.monthrange(year, month)[1])
    return date(year, 12, 31)


def _strength(wording: str, found: re.Match[str]) -> str:
    before, after = wording[: found.start()], wording[found.end() :]
    for key, words in _STRENGTH_WORDS:
        if any(word in before for word in words):
            return key
    return "before" if after.startswith(("前", "以前", "之前")) else ""
