"""Time limits in running text: the wording, the day it means, and how firmly it is meant (seed reading, 4.2).

Relative wordings (今年年底, 下半年, 月底前) are counted from the day the notice was issued; without it they have no day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from db.schema.wording import ANCHOR, STRENGTH_WORDS, deadline_at, first_day, last_day
from desktop_app.intake.draft import Deadline
from desktop_app.intake.flow import Flow

_KEPT_UP = re.compile(r"(?:长期|持续|始终)(?:坚持|推进|整改|深化)|常抓不懈|常态化(?:推进|坚持|整改|开展)")
_REACH = re.compile(r"(?:全部|基本|全面|力争|实现|完成|做到|达到|建成|形成|落实到位|到位|整改|办结|解决|要|须|将)")


def deadlines(
    flow: Flow, start: int, end: int, issued: date | None, *, ongoing: bool = False, labelled: bool = False
) -> tuple[Deadline, ...]:
    """The time limits in ``text[start:end]`` in order.

    ``ongoing``: wordings without a day (长期坚持) count too. ``labelled``: the text is a time limit as such (整改时限：).
    """
    found: list[Deadline] = []
    at = start
    for anchor in ANCHOR.finditer(flow.text, start, end):
        if anchor.start() < at:
            continue
        hit = deadline_at(flow.text, at, anchor.start(), end)
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


def _deadline(flow: Flow, hit: re.Match[str], issued: date | None, labelled: bool) -> Deadline | None:
    """The time limit a match means; None when it only tells when something was."""
    text, place = flow.text, flow.place(hit.start(), hit.end())
    before = text[max(0, hit.start() - 3) : hit.start()]
    if (hit["strength"] or "").startswith("截") or before.endswith(("截至", "截止", "截至到")):
        return None
    year, month = (issued.year, issued.month) if issued else (None, None)
    day = last_day(hit, year, month)
    if hit["tail"] == "起":
        first = first_day(hit, year)
        return Deadline(_shown(hit), None, "", first, place) if first and hit["day"] else None
    strength = STRENGTH_WORDS.get(hit["strength"] or "", "")
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
        return hit["within"] != "全年" and (bool(strength) or _REACH.match(after) is not None)
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


def principal(found: tuple[Deadline, ...]) -> Deadline | None:
    """The limit of the whole among several: an expectation before a goal before a plain date, the last of its sort."""
    order = ("expected", "strive", "shall", "until", "before", "", "kept_up")
    dated = [d for d in found if d.start is None and (d.day is not None or d.strength)]
    for strength in order:
        chosen = [d for d in dated if d.strength == strength]
        if chosen:
            return chosen[-1]
    return None
