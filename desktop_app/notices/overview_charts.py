"""The charts of the overview as plain values: the window paints them, the paper 总览 prints them."""

from __future__ import annotations

from collections import Counter

from db.values import replace
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
    told = (Series("问题", tuple(float(found.by_state[name]) for name in STATES)),)
    return Chart("bars", "问题状态", tuple(STATES.values()), told, rows=6)


def timeline(found: Situation) -> Chart:
    """The deadlines of what is not finished, week by week."""
    weeks = found.timeline()
    told = (Series("到期的问题", tuple(float(one.number) for one in weeks)),)
    return Chart("columns", "未完成问题的时限（按周，自周一起）", tuple(one.words for one in weeks), told, rows=7)


def lines(title: str, found: list[Line]) -> Chart:
    """Problems and those of them that are finished, for each category or unit."""
    kept = found[:MOST]
    told = (
        Series("问题", tuple(float(one.all) for one in kept)),
        Series("已完成", tuple(float(one.finished) for one in kept)),
    )
    return Chart("bars", title, tuple(one.name for one in kept), told, rows=max(5, min(14, 3 + len(kept))))


def quiet(chart: Chart) -> Chart:
    """The chart for the screen: its heading stands above it, and nothing is said of what there is none of."""
    told = tuple(replace(one, values=tuple(value or None for value in one.values)) for one in chart.series)
    return replace(chart, title="", series=told)


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
        Series(who or "（未署名）", tuple(float(numbers[who, at]) for at in range(len(days_told)))) for who in shown
    )
    return Chart("columns", "近一周每天做了几步", days_told, told, rows=7)
