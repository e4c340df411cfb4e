"""The page 总览: how the problems stand, what is due, what does not add up, what is open with others, what was done lately.

Every number leads to the rows it counts. The counts are ``rectification``'s; this page only shows them. It is read off the
thread and changed in place, so a deed elsewhere neither blocks nor flickers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStackedWidget, QWidget

from db.ledger.change import Outcome
from db.schema.days import written
from desktop_app.gui import overview_lines, overview_units, problem_checks
from desktop_app.gui.chart_view import ChartView
from desktop_app.gui.overview_parts import BigNumber, Card, Lines
from desktop_app.gui.overview_reading import Around, OverviewReading, Problems
from desktop_app.gui.overview_units import UnitRow
from desktop_app.gui.overview_week import WeekCard
from desktop_app.gui.session import Session
from desktop_app.gui.table import Table
from desktop_app.gui.table_look import ROW as TABLE_ROW
from desktop_app.gui.widgets import button, column, label, row, scrolled
from desktop_app.notices import overview_charts
from desktop_app.rectification import situation
from desktop_app.rectification.overview import FINISHED_STATES, STATES, Narrowing
from desktop_app.rectification.reminders import Reminder
from desktop_app.rectification.tallies import share

if TYPE_CHECKING:
    from desktop_app.rectification.twins.review import Review

WIDE = 940
"""Pixels from which the cards stand in two columns."""
GAP = 16
_TINTS = {
    "closed": "done",
    "done": "done",
    "kept_up": "done",
    "overdue": "overdue",
    "soon": "soon",
    "no_date": "secondary",
}


class OverviewPage(QWidget):
    """Numbers above, cards in one or two columns below, the table of units at the end."""

    problems_wanted = Signal(object)
    """Narrowing: the problems that are to be shown."""
    findings_wanted = Signal(str)
    """Gravity of the findings that are to be shown."""
    conflict_wanted = Signal(str, str, str)
    """Schema name, id and field of a conflict; "" for all."""
    peer_wanted = Signal(str)
    twins_wanted = Signal(str, str)
    """Schema name and id of a record that may be there twice; "" for all."""
    paper_wanted = Signal(str)
    page_wanted = Signal(str)
    wanted = Signal(str, str)
    field_wanted = Signal(str, str, str)
    new_wanted = Signal()
    """A first problem is to be written."""
    group_wanted = Signal(str)
    """Group of the reminders that are to be shown."""
    reminder_wanted = Signal(object)
    """Reminder: the row it is about is to be shown."""
    reminders_asked = Signal()
    """The page wants to know what is due."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.reading = OverviewReading(session, self)
        self.checks = problem_checks.shared(session)
        self.problems: Problems | None = None
        self.contacts: Around | None = None
        self._stale = True
        self._alike_stale = True
        self._focused: QWidget | None = None
        self._wide: bool | None = None
        self._make()
        self._lay_out()
        self.reading.problems.connect(self._show_problems)
        self.reading.around.connect(self._show_around)
        self.reading.twins.connect(self._show_twins)
        self.checks.changed.connect(self._show_findings)

    def _make(self) -> None:
        self.about = label("", "small")
        self.print_button = button("印总览…", self.print, "", "印成进度表，可存为 PDF、Word、文本（Ctrl+P）")
        self.numbers = {
            "all": BigNumber("反馈问题"),
            "finished": BigNumber("完成整改"),
            "closed": BigNumber("销号率"),
            "overdue": BigNumber("超期"),
        }
        self.states = ChartView("问题状态", 236)
        self.bands = Lines()
        self.timeline = ChartView("未完成问题的时限，按周", 196)
        self.categories = ChartView("各类别的问题", 280)
        self.findings = Lines("正在检查……")
        self.duties = Lines("正在查看……")
        self.conflicts = Lines("没有待裁定的冲突。")
        self.peers = Lines()
        self.twins = Lines()
        self.week = WeekCard(self.wanted.emit, partial(self.page_wanted.emit, "history"))
        self.units: Table[UnitRow] | None = None
        """Made when there are several units: most ledgers are of one."""
        self.states.opened.connect(lambda _series, at: self._want(situation.of_state(list(STATES)[at])))
        self.timeline.opened.connect(self._open_week)
        self.categories.opened.connect(self._open_category)

    def _lay_out(self) -> None:
        self.filled = QWidget()
        layout = column(self.filled, (24, 4, 12, 24), GAP)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        for one in self.numbers.values():
            head.addWidget(one, 1, Qt.AlignmentFlag.AlignTop)
        self.total = QFrame()
        self.total.setProperty("role", "card")
        column(self.total, (8, 8, 8, 8), 0).addLayout(head)
        self.due = Card("时限", self.bands, self.timeline)
        self.by_state = Card("状态", self.states)
        self.by_category = Card("类别", self.categories)
        self.wrong = Card("检查", self.findings, more="看全部", act=partial(self.page_wanted.emit, "findings"))
        self.reminded = Card("提醒", self.duties, more="看全部", act=partial(self.page_wanted.emit, "duties"))
        self.disputed = Card("冲突", self.conflicts)
        self.known = Card("往来单位", self.peers, more="去交换", act=partial(self.page_wanted.emit, "exchange"))
        self.alike = Card("疑似重复", self.twins)
        self.alike.hide()
        self.of_units = Card("各单位")
        self.of_units.hide()
        self.grid = QGridLayout()
        self.grid.setSpacing(GAP)
        layout.addWidget(self.total)
        layout.addLayout(self.grid)
        layout.addStretch(1)
        self.stack = QStackedWidget()
        self.area = scrolled(self.filled)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.stack.addWidget(self._empty())
        self.stack.addWidget(self.area)
        whole = column(self, (0, 20, 0, 0), 12)
        top = row(label("总览", "page"), self.about, 1, self.print_button, spacing=12)
        top.setContentsMargins(24, 0, 24, 0)
        whole.addLayout(top)
        whole.addWidget(self.stack, 1)
        self.filled.installEventFilter(self)
        self._arrange(wide=True)

    def _empty(self) -> QWidget:
        """A ledger without problems: what to do next."""
        made = QWidget()
        layout = column(made, (48, 24, 48, 24), 16)
        self.nothing = label("还没有问题。先把反馈的问题录进来，或导入以前的通报，这里就有数了。", "hint", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setMinimumWidth(420)
        first = button("新建第一个问题", self._first, "accent", "Ctrl+N")
        other = button("导入旧通报", partial(self.page_wanted.emit, "intake"), "link")
        layout.addStretch(1)
        layout.addLayout(row(1, self.nothing, 1))
        layout.addLayout(row(1, first, other, 1))
        layout.addStretch(2)
        return made

    def _first(self) -> None:
        self.new_wanted.emit()

    # -- arranging -----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._arrange(wide=self.area.viewport().width() >= WIDE)
        return super().eventFilter(watched, event)

    def _arrange(self, *, wide: bool) -> None:
        """Cards in two columns, or below each other where the window is narrow."""
        if wide == self._wide:
            return
        self._wide = wide
        left = (self.due, self.by_category, self.week)
        right = (self.by_state, self.wrong, self.reminded, self.disputed, self.alike, self.known)
        holders = [QWidget(), QWidget()] if wide else [QWidget()]
        parts = [left, right] if wide else [(self.due, self.by_state, self.wrong, *left[1:], *right[2:])]
        while (item := self.grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None and old is not self.of_units:
                for card in (*left, *right):
                    card.setParent(None)
                old.deleteLater()
        for at, (holder, cards) in enumerate(zip(holders, parts, strict=True)):
            inside = column(holder, (0, 0, 0, 0), GAP)
            for card in cards:
                inside.addWidget(card)
            inside.addStretch(1)
            self.grid.addWidget(holder, 0, at)
        self.grid.setColumnStretch(0, 3)
        self.grid.setColumnStretch(1, 2 if wide else 0)
        self.grid.addWidget(self.of_units, 1, 0, 1, 2)

    # -- showing -------------------------------------------------------------------------------------------------------

    def _show_problems(self, found: Problems) -> None:
        self.problems = found
        now = found.situation
        self._tell_about()
        self.stack.setCurrentIndex(1 if now.all else 0)
        self.print_button.setEnabled(bool(now.all))
        self._show_numbers()
        self.bands.show_entries(overview_lines.bands(now, found.bands, self._want))
        tints = {at: _TINTS.get(state, "accent") for at, state in enumerate(STATES)}
        self.states.show_chart(replace(overview_charts.states(now), title=""), tints)
        weeks = now.timeline()
        soon = {at: "soon" for at, one in enumerate(weeks) if one.words == "本周"}
        late = {at: "overdue" for at, one in enumerate(weeks) if one.past}
        self.timeline.show_chart(overview_charts.quiet(overview_charts.timeline(now)), late | soon)
        lines = now.categories()
        chart = replace(overview_charts.lines("", lines), title="")
        self.categories.show_chart(chart, height=max(132, 60 + 34 * len(chart.categories)))
        self._show_units()

    def _tell_about(self) -> None:
        """Whose problems these are, as of which day."""
        names = self.problems.situation.unit_names if self.problems is not None else {}
        own = next(iter(names.values())) if len(names) == 1 else "全部单位"
        whose = names.get(self.session.unit, own) if self.session.unit else own
        self.about.setText(f"{whose} · 截至 {written(self.session.today())}")

    def _show_numbers(self) -> None:
        assert self.problems is not None
        now = self.problems.situation
        open_ = now.all - now.finished
        late = now.by_state["overdue"]
        finished = situation.of_state(*FINISHED_STATES)
        rate = f"完成率 {share(now.finished, now.all)}（已完成、长期坚持、已销号；基本完成的不计入）"
        self.numbers["all"].show_number(
            f"{now.all}", f"还在整改 {open_} 个", partial(self._want, Narrowing("全部问题"))
        )
        self.numbers["finished"].show_number(f"{now.finished}", rate, partial(self._want, finished))
        closed = partial(self._want, situation.of_state("closed"))
        self.numbers["closed"].show_number(now.rate.percent, now.rate.words, closed)
        words = f"{overview_lines.SIGNS['late']} 时限已过还没有完成" if late else "没有超期的问题"
        act = partial(self._want, situation.of_state("overdue"))
        self.numbers["overdue"].show_number(f"{late}", words, act, "overdue" if late else "text")

    def _show_around(self, found: Around) -> None:
        self.contacts = found
        told = overview_lines.conflicts(found.conflicts, self.conflict_wanted.emit)
        self.conflicts.show_entries(told)
        self.disputed.about.setText(f"{found.conflicts.all} 处" if found.conflicts.all else "")
        self.peers.show_entries(
            overview_lines.peers(found.contacts, self.peer_wanted.emit),
            "还没有与其他单位交换过。要上报或下发，请到“交换”页交出文件。",
        )
        self.week.show_week(found.week)
        self._show_units()

    def _show_twins(self, found: Review) -> None:
        told = overview_lines.twins(found, self.twins_wanted.emit)
        self.twins.show_entries(told)
        self.alike.setVisible(bool(told))

    def _show_units(self) -> None:
        if self.problems is None:
            return
        found = overview_units.rows(
            self.problems.situation.units(), self.contacts.contacts if self.contacts is not None else ()
        )
        self.of_units.setVisible(len(found) > 1)
        if len(found) > 1 and self.units is None:
            self.units = overview_units.table(self.session)
            self.units.opened.connect(self._open_unit)
            self.of_units.inner.insertWidget(1, self.units)
        if self.units is not None:
            self.units.show_rows(found, first=False)
            shown = min(len(found), overview_units.MOST_ROWS)
            self.units.setFixedHeight((shown + 1) * TABLE_ROW + 4)

    def _show_findings(self) -> None:
        told = overview_lines.findings(self.checks.found, self.findings_wanted.emit, self.field_wanted.emit)
        self.findings.show_entries(told, "没有查出问题。")
        if self._alike_stale:
            self._alike_stale = False
            self.reading.look_alike()

    def show_reminders(self, found: Sequence[Reminder]) -> None:
        """Shows what is due."""
        told = overview_lines.duties(found, self.group_wanted.emit, self.reminder_wanted.emit)
        self.duties.show_entries(told, "没有超期、将到期或缺漏的。")

    # -- where it leads ------------------------------------------------------------------------------------------------

    def _want(self, narrowing: Narrowing) -> None:
        self.problems_wanted.emit(narrowing)

    def _open_week(self, _series: int, at: int) -> None:
        if self.problems is not None:
            self._want(situation.of_week(self.problems.situation.timeline()[at]))

    def _open_category(self, series: int, at: int) -> None:
        if self.problems is not None:
            one = self.problems.situation.categories()[at]
            self._want(situation.of_line(one, unit=False, states=FINISHED_STATES if series else ()))

    def _open_unit(self, one: UnitRow) -> None:
        self._want(situation.of_line(one.line, unit=True))

    def print(self) -> None:
        """Ctrl+P: the paper with the same numbers and charts."""
        self.paper_wanted.emit("overview")

    # -- what the frame asks -------------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """The page is shown; the keyboard is where it was when one left."""
        self.reminders_asked.emit()
        if self._stale:
            self._again()
        if self._focused is not None:
            self._focused.setFocus()
        else:
            self.numbers["all"].setFocus()

    def leave(self) -> None:
        """Another page will be shown."""
        focused = self.focusWidget()
        self._focused = focused if focused is not None and self.isAncestorOf(focused) else None

    def look(self) -> None:
        """Another unit or as-of day."""
        self._stale = True
        if self.isVisible():
            self._again()

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something."""
        self._stale = True
        if self.isVisible():
            self._stale = False
            self.reading.soon()
            self.checks.ask_soon()

    def _again(self) -> None:
        self._stale = False
        self._alike_stale = True
        self.reading.read()
        self.checks.ask_soon()
