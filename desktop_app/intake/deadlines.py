"""Time limits in running text: the wording, the day it means, and how firmly it is meant (seed reading, 4.2).

Relative wordings (今年年底, 下半年, 月底前) are counted from the day the notice was issued; without it they have no day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from desktop_app.intake.draft import Deadline
from desktop_app.intake.flow import Flow

_D = "[0-9０-９]"
_STRENGTH = {
    "预计": "expected", "计划": "expected", "拟": "expected", "预期": "expected",
    "争取": "strive", "力争": "strive", "努力": "strive",
    "应": "shall", "须": "shall", "必须": "shall", "确保": "shall", "务必": "shall", "限": "shall", "要求": "shall",
    "至": "until", "到": "until", "截至": "", "截止": "", "截止到": "", "截至到": "",
}  # fmt: skip
_BEFORE = "|".join(sorted(_STRENGTH, key=len, reverse=True))
_MONTH = rf"(?:{_D}{{1,2}}|[一二三四五六七八九十]{{1,2}})"
_HALF = "上半年|下半年"
_QUARTER = r"第?[一二三四1-4]季度"
_YEAR = rf"(?P<year>{_D}{{4}}|[二一][〇○零一二三四五六七八九]{{3}})\s?年"
_RELATIVE = r"(?P<relative>今年|本年度?|当年|明年|次年|后年)"
_WHEN = (
    rf"(?:{_YEAR}|{_RELATIVE})?(?:度)?\s?(?:"
    rf"(?P<month>{_MONTH})\s?月份?(?:\s?(?P<day>{_D}{{1,2}})\s?日|(?P<monthend>底|末|下旬|上旬|中旬)|)"
    rf"|(?P<half>{_HALF})|(?P<quarter>{_QUARTER})(?:末|底)?|(?P<yearend>年?[底末])|(?P<within>年?[之以]?内)|(?P<thismonth>本月|当月|下月|下个月)(?:底|末)?|(?P<monthfoot>月底)|)"
)
DEADLINE = re.compile(
    rf"(?P<strength>{_BEFORE})?(?:将|在|于|能|会|会在){{0,3}}{_WHEN}(?P<tail>以前|之前|前|以内|之内|内|止|为止|起)?"
)
_ANCHOR = re.compile(
    rf"{_D}{{4}}\s?年|[二一][〇○零一二三四五六七八九]{{3}}年|今年|本年|当年|明年|次年|后年|{_MONTH}\s?月|年[底末内]|{_HALF}|{_QUARTER}|本月|当月|下个?月|月底"
)
_KEPT_UP = re.compile(r"(?:长期|持续|始终)(?:坚持|推进|整改|深化)|常抓不懈|常态化(?:推进|坚持|整改|开展)")
_REACH = re.compile(r"(?:全部|基本|全面|力争|实现|完成|做到|达到|建成|形成|落实到位|到位|整改|办结|解决|要|须|将)")
_LOOK_BACK = 12


def deadlines(
    flow: Flow, start: int, end: int, issued: date | None, *, ongoing: bool = False, labelled: bool = False
) -> tuple[Deadline, ...]:
    """The time limits in ``text[start:end]`` in order.

    ``ongoing``: wordings without a day (长期坚持) count too. ``labelled``: the text is a time limit as such (整改时限：).
    """
    found: list[Deadline] = []
    at = start
    for anchor in _ANCHOR.finditer(flow.text, start, end):
        if anchor.start() < at:
            continue
        hit = _widest(flow.text, max(at, anchor.start() - _LOOK_BACK), anchor.start(), end)
        deadline = _deadline(flow, hit, issued, labelled) if hit else None
        if hit and deadline:
            found.append(deadline)
            at = hit.end()
    if ongoing:
        found += [
            Deadline(hit[0], None, "kept_up", None, flow.place(hit.start(), hit.end()))
            for hit in _KEPT_UP.finditer(flow.text, start, end)
            if labelled or hit[0].startswith(("长期", "常抓"))
        ]
    return tuple(sorted(found, key=lambda d: d.place.start))


def _widest(text: str, low: int, anchor: int, end: int) -> re.Match[str] | None:
    """The match that begins farthest to the left and still holds the anchor."""
    for at in range(low, anchor + 1):
        hit = DEADLINE.match(text, at, end)
        if hit and hit.end() > anchor and (at == anchor or hit["strength"] or text[at] in "在于"):
            return hit
    return None


def _deadline(flow: Flow, hit: re.Match[str], issued: date | None, labelled: bool) -> Deadline | None:
    """The time limit a match means; None when it only tells when something was."""
    text, place = flow.text, flow.place(hit.start(), hit.end())
    before = text[max(0, hit.start() - 3) : hit.start()]
    if (hit["strength"] or "").startswith("截") or before.endswith(("截至", "截止", "截至到")):
        return None
    day = _day(hit, issued)
    if hit["tail"] == "起":
        first = _first_day(hit, issued)
        return Deadline(_shown(hit), None, "", first, place) if first and hit["day"] else None
    strength = _STRENGTH.get(hit["strength"] or "", "")
    if not (labelled or _counts(text, hit, strength, issued, day)):
        return None
    if not strength:
        strength = "before" if (hit["tail"] or "").endswith("前") else ""
    return Deadline(_shown(hit), day, strength, None, place)


def _shown(hit: re.Match[str]) -> str:
    return hit[0].strip().removeprefix("在").removeprefix("于")


def _counts(text: str, hit: re.Match[str], strength: str, issued: date | None, day: date | None) -> bool:
    """Whether the wording sets a limit: 前 or 底, a word such as 预计, or a day ahead with something to reach."""
    after = text[hit.end() : hit.end() + 16]
    if after.startswith(("以来", "期间", "以后", "之后", "，已", "已")):
        return False
    if hit["tail"] in ("前", "以前", "之前", "止", "为止"):
        return not (day and issued and day < issued - timedelta(days=62) and not strength)
    if hit["within"]:
        return bool(strength) or _REACH.match(after) is not None
    if not any(
        hit[name] for name in ("day", "month", "monthend", "half", "quarter", "yearend", "thismonth", "monthfoot")
    ):
        return (
            bool(strength)
            and strength != "until"
            and bool(hit["year"] or hit["relative"])
            and _REACH.search(after) is not None
        )
    ahead = day is not None and issued is not None and day >= issued
    if strength and strength != "until":
        return issued is None or day is None or ahead
    if strength == "until":
        return ahead or (day is None and bool(hit["yearend"]))
    ended = hit["yearend"] or hit["monthend"] == "底" or hit["monthfoot"]
    if (
        ended
        and hit["yearend"] is not None
        and not (hit["year"] or hit["relative"])
        and not hit["yearend"].startswith("年")
    ):
        return False
    if ended or hit["half"] or hit["quarter"] or hit["thismonth"] or hit["month"]:
        return ahead and _REACH.search(after) is not None
    return False


def _arabic(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    if len(digits) == 4:
        return int("".join(str("〇一二三四五六七八九".index(c if c not in "○零" else "〇")) for c in digits))
    tens, ten, ones = digits.rpartition("十")
    value = ("一二三四五六七八九".index(tens) + 1 if tens else 1) * 10 if ten else 0
    return value + ("一二三四五六七八九".index(ones[-1]) + 1 if ones else 0)


def _year(hit: re.Match[str], issued: date | None) -> int | None:
    if hit["year"]:
        return _arabic(hit["year"])
    if issued is None:
        return None
    return issued.year + {"明年": 1, "次年": 1, "后年": 2}.get(hit["relative"] or "", 0)


def _first_day(hit: re.Match[str], issued: date | None) -> date | None:
    year = _year(hit, issued)
    if year is None or not hit["month"]:
        return None
    return _safe(year, _arabic(hit["month"]), _arabic(hit["day"]) if hit["day"] else 1)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _end_of(year: int, month: int) -> date | None:
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and 1 <= year <= 9999 else None


def _day(hit: re.Match[str], issued: date | None) -> date | None:
    """The last day that keeps the limit."""
    year = _year(hit, issued)
    if hit["thismonth"] or hit["monthfoot"]:
        if issued is None:
            return None
        later = issued.month + (1 if (hit["thismonth"] or "").startswith("下") else 0)
        return _end_of(issued.year + (later - 1) // 12, (later - 1) % 12 + 1)
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


def _in_month(hit: re.Match[str], year: int) -> date | None:
    month = _arabic(hit["month"])
    if hit["day"]:
        return _safe(year, month, _arabic(hit["day"]))
    if hit["monthend"] in ("上旬", "中旬"):
        return _safe(year, month, 10 if hit["monthend"] == "上旬" else 20)
    last = _end_of(year, month)
    before_month = hit["monthend"] is None and (hit["tail"] or "").endswith("前")
    if before_month and last:  # 3月前: February is the last month that keeps it
        return last.replace(day=1) - timedelta(days=1)
    return last


def principal(found: tuple[Deadline, ...]) -> Deadline | None:
    """The limit of the whole among several: an expectation before a goal before a plain date, the last of its sort."""
    order = ("expected", "strive", "shall", "until", "before", "", "kept_up")
    dated = [d for d in found if d.start is None and (d.day is not None or d.strength)]
    for strength in order:
        chosen = [d for d in dated if d.strength == strength]
        if chosen:
            return chosen[-1]
    return None
