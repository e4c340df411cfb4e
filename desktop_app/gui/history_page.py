"""The page 历史: who did what when, two moments beside each other, and the whole ledger as it stood on a day."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QToolButton, QWidget, QWidgetAction

from db.ledger.change import Outcome
from desktop_app.gui import theme
from desktop_app.gui.calendar import calendar
from desktop_app.gui.history_asked import HistoryAsked
from desktop_app.gui.history_compare import HistoryCompare
from desktop_app.gui.history_list import HistoryList
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import TabStrip, button, column, label, row

DEEDS, COMPARE = 0, 1


class HistoryPage(QWidget):
    """All deeds, or those of one record when a form asked for them; the comparison; the door to former days."""

    wanted = Signal(str, str)
    """Show that record on its own page."""
    past_wanted = Signal(object)
    """date: show the ledger as it stood when that day ended."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.list = HistoryList(session)
        self.asked = HistoryAsked(session)
        self.compare = HistoryCompare(session)
        self.about = label("", "hint")
        self.everything = button("看全部", self.show_all, "link")
        self.strip = TabStrip(["做过的事", "两个时候对比"])
        self.stack = QStackedWidget()
        self.past = self._past()
        deeds = QWidget()
        inner = column(deeds, (0, 0, 0, 0), 12)
        inner.addWidget(self.asked)
        inner.addWidget(self.list, 1)
        self.stack.addWidget(deeds)
        self.stack.addWidget(self.compare)
        layout = column(self, (24, 20, 24, 16), 12)
        layout.addLayout(row(label("历史", "page"), self.about, self.everything, 1, self.past, spacing=12))
        layout.addWidget(self.strip)
        layout.addWidget(self.stack, 1)
        self._one: dict[str, str] = {}
        self._stale = {DEEDS, COMPARE}
        self.strip.chosen.connect(self._turn)
        self.asked.changed.connect(self._ask)
        self.list.wanted.connect(self.wanted)
        self.compare.wanted.connect(self.wanted)
        self._about("", {})

    def _past(self) -> QToolButton:
        made = QToolButton()
        made.setText("看以前某一天的台账 ▾")
        made.setProperty("role", "quiet")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setProperty("icon_name", "calendar")
        made.setIcon(theme.icon("calendar"))
        made.setToolTip("另开一个窗口，只能看和打印：那一天结束时台账里写的是什么")
        made.setAccessibleName("看以前某一天的台账")
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(made)
        action = QWidgetAction(menu)

        def picked(day: date) -> None:
            menu.close()
            self.past_wanted.emit(day)

        action.setDefaultWidget(calendar(picked, self.session.today()))
        menu.addAction(action)
        made.setMenu(menu)
        return made

    def show_all(self) -> None:
        """Shows all deeds."""
        self._about("", {})
        self._ask()

    def show_record(self, name: str, identifier: str, title: str) -> None:
        """Shows the deeds that touched one record."""
        self.strip.choose(DEEDS)
        self._about(title, {"record": name, "id": identifier})
        self._ask()

    def _about(self, title: str, one: dict[str, str]) -> None:
        self._one = one
        self.about.setText(f"只看“{title}”" if one else "台账里做过的每一步，最近的在最上面")
        self.everything.setVisible(bool(one))
        self.asked.record.setVisible(not one)

    def _ask(self) -> None:
        self._stale.discard(DEEDS)
        self.list.show_deeds(**{**self.asked.asked(), **self._one})

    def _turn(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        self._refresh()

    def look_up(self) -> None:
        """Ctrl+F."""
        self.strip.choose(DEEDS)
        self.asked.words.setFocus()
        self.asked.words.selectAll()

    def print(self) -> None:
        """Ctrl+P: the differences that are listed."""
        if self.strip.current == COMPARE and self.compare.print_button.isEnabled():
            self.compare.print()

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑."""
        (self.list.table if self.strip.current == DEEDS else self.compare.cells.table).step(by)

    def arrive(self) -> None:
        """The page is shown."""
        self._refresh()
        (self.list.table if self.strip.current == DEEDS else self.compare.cells.table).setFocus()

    def _refresh(self) -> None:
        number = self.strip.current
        if number not in self._stale:
            return
        self._stale.discard(number)
        if number == DEEDS:
            self.asked.offer()
            self._ask()
        else:
            self.compare.read()

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something; read again when it is looked at."""
        self._stale = {DEEDS, COMPARE}
        if self.isVisible():
            self._refresh()
