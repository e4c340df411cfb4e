"""The page 提醒: what is overdue, near its end or missing, the calendar of duties, and what waits for whoever is at work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from db.ledger.change import Outcome
from desktop_app.gui.duty_calendar import DutyCalendar
from desktop_app.gui.duty_list import DutyList
from desktop_app.gui.duty_todo import DutyTodo
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import TabStrip, column, label
from desktop_app.rectification import peers_due, reminders
from desktop_app.rectification.reminders import Group, Reminder

TABS = ("预警", "义务日历", "轮到我")
CALENDAR = TABS.index("义务日历")
TODO = TABS.index("轮到我")
QUIET = 900
"""Milliseconds without a deed until the calendar is read again."""


class DutiesPage(QWidget):
    """Three tabs; what is due is asked by the frame and told to the page."""

    wanted = Signal(str, str)
    """Schema name and id of a record that is to be shown."""
    register_wanted = Signal(str, str)
    """Schema name of a register, and the unit whose rows are to be shown."""
    door_wanted = Signal(object)
    """Door: rows of a register, and what a new one begins with."""
    peer_wanted = Signal(str)
    """Id of an office whose exchange file is due."""
    reminders_wanted = Signal()
    """The page is shown and wants to know what is due."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.strip = TabStrip(list(TABS))
        self.list = DutyList()
        self.calendar = DutyCalendar(session)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.calendar)
        self.todo = DutyTodo(session)
        self.stack.addWidget(self.todo)
        layout = column(self, (24, 20, 24, 20), 12)
        layout.addWidget(label("提醒", "page"))
        layout.addWidget(self.strip)
        layout.addWidget(self.stack, 1)
        self._stale = True
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(QUIET)
        self._reading.timeout.connect(self._read)
        self.strip.chosen.connect(self._turn)
        self.list.opened.connect(self.open)
        self.calendar.opened.connect(self.open)
        self.calendar.door_wanted.connect(self.door_wanted)
        self.todo.wanted.connect(self.wanted)
        self.todo.counted.connect(lambda count: self.strip.count(TODO, count))

    def show_reminders(self, found: Sequence[Reminder]) -> None:
        """Shows what is due."""
        self.list.show_reminders(found)
        self.calendar.follow(found)
        counted = reminders.counted(found)
        self.strip.count(0, counted.overdue)

    def show_group(self, group: Group) -> None:
        """Shows what of one group is to be done."""
        self.strip.choose(0)
        self.list.narrow(group)

    def open(self, one: Reminder) -> None:
        """Shows the row a reminder is about; of a duty, its line in the calendar."""
        finding = one.finding
        if finding.code == peers_due.CODE:
            self.peer_wanted.emit(finding.id)
        elif finding.code == "obligation" or (finding.code == "near" and not finding.id):
            self.calendar.choose(finding.rule, finding.matter if finding.code == "obligation" else "")
            self.strip.choose(CALENDAR)
        elif finding.id:
            self.wanted.emit(finding.record, finding.id)
        elif finding.record:
            self.register_wanted.emit(finding.record, self.session.unit or "")

    # -- what the frame asks -----------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """The page is shown."""
        self.reminders_wanted.emit()
        self.todo.read()
        self._turn(self.strip.current)

    def look_up(self) -> None:
        """Ctrl+F."""
        self.strip.choose(0)
        self.list.search.setFocus()
        self.list.search.selectAll()

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑."""
        if self.strip.current == TODO:
            self.todo.table.step(by)
        elif self.strip.current != CALENDAR:
            self.list.step(by)

    def look(self) -> None:
        """Another unit or as-of day, or somebody else at work."""
        self._again()
        self.todo.read()

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        if any("." in record or record in reminders.CONCERNED for record, _id in outcome.touched):
            self._again()
        if any(record in ("problem", "closing", "opinion", "clerk", "evidence") for record, _id in outcome.touched):
            self.todo.read()

    def _turn(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        if number == CALENDAR:
            if self._stale:
                self._read()
            self.calendar.table.setFocus()
        elif number == TODO:
            self.todo.table.setFocus()
        else:
            self.list.view.setFocus()

    def _again(self) -> None:
        self._stale = True
        if self.isVisible() and self.strip.current == CALENDAR:
            self._reading.start()

    def _read(self) -> None:
        self._stale = False
        self.calendar.read()
