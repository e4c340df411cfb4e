"""The card of the page 总览 that tells what was done in the last seven days: columns by person and day, sentences below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from desktop_app.gui.chart_view import ChartView
from desktop_app.gui.narrowed import NarrowedChip
from desktop_app.gui.overview_parts import Card, Entry, Lines
from desktop_app.notices import overview_charts
from desktop_app.rectification.lately import Done, Week

TOLD = 8
"""Deeds that are told one by one."""
EMPTY = "这七天没有人改过台账。"


class WeekCard(Card):
    """Columns, and the latest deeds; a click on a column shows those of that person and day."""

    def __init__(self, show: Callable[[str, str], object], everything: Callable[[], object]) -> None:
        self.chart = ChartView("近一周每天做了几步", 180)
        self.narrowed = NarrowedChip()
        self.deeds = Lines(EMPTY)
        super().__init__("近一周做了什么", self.chart, self.narrowed, self.deeds, more="看历史", act=everything)
        self._show = show
        self._week: Week | None = None
        self._only: tuple[str, int] | None = None
        self.chart.opened.connect(self._choose)
        self.narrowed.cleared.connect(lambda: self._narrow(None))

    def show_week(self, week: Week) -> None:
        """Shows a week."""
        self._week = week
        came = f"，另收到别的单位以前做的 {week.came} 步" if week.came else ""
        self.about.setText(
            f"{week.first.month}月{week.first.day}日至{week.last.month}月{week.last.day}日，共 {week.all} 步{came}"
        )
        self.chart.setVisible(bool(week.deeds))
        if week.deeds:
            self.chart.show_chart(overview_charts.quiet(overview_charts.by_person(week)))
        self._fill()

    def _choose(self, series: int, at: int) -> None:
        if self._week is not None:
            self._narrow((overview_charts.people(self._week)[series], at))

    def _narrow(self, only: tuple[str, int] | None) -> None:
        self._only = only
        if only is not None and self._week is not None:
            day = self._week.days[only[1]]
            self.narrowed.say(f"{only[0]}，{day.month}月{day.day}日")
        self._fill()

    def _fill(self) -> None:
        week = self._week
        if week is None:
            return
        shown = [one for one in week.deeds if self._kept(one, week)]
        self.deeds.show_entries([self._entry(one) for one in shown[:TOLD]], "这一天没有。" if self._only else EMPTY)

    def _kept(self, one: Done, week: Week) -> bool:
        if self._only is None:
            return True
        who, at = self._only
        named = overview_charts.people(week)
        mine = one.actor == who if who != overview_charts.OTHERS else one.actor not in named
        return mine and one.day == week.days[at]

    def _entry(self, one: Done) -> Entry:
        when = f"{one.moment.month}月{one.moment.day}日 {one.moment:%H:%M}"
        whose = one.actor if one.own else f"{one.actor}（外单位）"
        return Entry(one.sentence, partial(self._show, one.record, one.id), f"{whose} · {when}")
