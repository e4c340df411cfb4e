"""The charts of the overview as plain values: the window paints them, the paper 总览 prints them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from desktop_app.notices.tree import Chart, Series
from desktop_app.rectification.lately import Week
from desktop_app.rectification.overview import STATES
from desktop_app.rectification.situation import Line, Situation

MOST = 14
"""Categories and units a chart shows; the rest are in the table."""
PEOPLE = 4
"""People who have columns of their own; the others are told together."""
OTHERS = "其他人"
_DAYS = "一二三四五六日"


def states(found: Situation) -> Chart:
    """How many problems are in each state."""
    return _counts("问题状态", STATES, found.by_state, "bars", 11)


def bands(found: Situation, names: Mapping[str, str]) -> Chart:
    """How far the deadlines of what is not finished are."""
    return _counts("未完成问题的时限", names, found.by_band, "columns", 9)


def _counts(title: str, names: Mapping[str, str], numbers: Mapping[str, int], kind: str, rows: int) -> Chart:
    told = (Series("问题", tuple(float(numbers[name]) for name in names)),)
    return Chart("bars" if kind == "bars" else "columns", title, tuple(names.values()), told, rows=rows)


def timeline(found: Situation) -> Chart:
    """The deadlines of what is not finished, week by week."""
    weeks = found.timeline()
    told = (Series("到期的问题", tuple(float(one.number) or None for one in weeks)),)
    return Chart("columns", "未完成问题的时限（按周，自周一起）", tuple(one.words for one in weeks), told, rows=10)


def lines(title: str, found: list[Line]) -> Chart:
    """Problems and those of them that are finished, for each category or unit."""
    kept = found[:MOST]
    told = (
        Series("问题", tuple(float(one.all) for one in kept)),
        Series("已完成", tuple(float(one.finished) for one in kept)),
    )
    return Chart("bars", title, tuple(one.name for one in kept), told, rows=min(18, 5 + len(kept) * 2))


def people(week: Week) -> list[str]:
    """Who has columns of their own in the chart of the week, the busiest first; ``OTHERS`` for the rest."""
    names = [who for who, _ in week.people()]
    return names if len(names) <= PEOPLE else [*names[: PEOPLE - 1], OTHERS]


def by_person(week: Week) -> Chart:
    """Deeds by person and day."""
    shown = people(week)
    numbers: Counter[tuple[str, int]] = Counter()
    for who, days in week.people():
        for at, number in enumerate(days):
            numbers[who if who in shown else OTHERS, at] += number
    days_told = tuple(f"周{_DAYS[day.weekday()]} {day.month}.{day.day}" for day in week.days)
    told = tuple(
        Series(who or "（未署名）", tuple(float(numbers[who, at]) or None for at in range(len(days_told))))
        for who in shown
    )
    return Chart("columns", "近一周每天做了几步", days_told, told, rows=9)
