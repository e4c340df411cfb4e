"""The deeds of the ledger in a table: when, who, what; of all records or of one; and what each of them changed."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from db import clock
from db.ledger import history
from db.ledger.change import Outcome
from db.ledger.history import Entry
from desktop_app.gui.history_cells import HistoryCells
from desktop_app.gui.session import Session, Work
from desktop_app.gui.table import Column, Table, TablePane
from desktop_app.gui.widgets import button, column
from desktop_app.rectification import looking_back
from desktop_app.rectification.looking_back import Difference

PAGE = 200
"""Deeds read at a time."""
_RESTED = 60
"""Milliseconds the choice rests until what it changed is read: arrows run through many deeds."""


def when(entry: Entry) -> str:
    """When a deed was done, in local time to the minute."""
    return f"{clock.moment(entry.time).astimezone():%Y-%m-%d %H:%M}"


COLUMNS = (
    Column[Entry]("时间", when, by=lambda entry: entry.time, least=156),
    Column[Entry]("经办人", lambda entry: entry.actor, least=96),
    Column[Entry]("做了什么", lambda entry: entry.sentence, wide=True, least=280),
)


class HistoryList(QWidget):
    """The table of deeds, with 撤销这一步; for the chosen deed, what it changed, and putting that back."""

    wanted = Signal(str, str)
    """Show that record on its own page."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._asked: dict[str, str] = {}
        self._reading: Work | None = None
        self._telling: Work | None = None
        self.table: Table[Entry] = Table(COLUMNS, "操作记录", tip=lambda entry: entry.sentence, same=lambda e: e.deed)
        self.table.remember(session, "deeds")
        self.pane = TablePane(self.table, "还没有操作记录。")
        self.cells = HistoryCells(session, "这一步改了什么", "选一步，看它改了什么。")
        self.cells.wanted.connect(self.wanted)
        self.back = button("撤销这一步", self.undo, "", "撤销选中的这一步；后来又改过的地方不能这样撤销")
        self.more = button("更早的记录", self.read_more, "link")
        above = QWidget()
        upper = column(above, (0, 0, 0, 8), 8)
        upper.addWidget(self.pane, 1)
        upper.addWidget(self.more, 0, Qt.AlignmentFlag.AlignRight)
        self.cells.deeds.insertWidget(0, self.back)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(above)
        self.splitter.addWidget(self.cells)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([360, 260])
        column(self).addWidget(self.splitter, 1)
        self._rested = QTimer(self, singleShot=True, interval=_RESTED)
        self._rested.timeout.connect(self._tell)
        self.table.picked.connect(self._picked)
        self._picked()

    def show_deeds(self, **asked: str) -> None:
        """Shows the deeds that are asked for, in the words of ``history.entries``; all without any."""
        self._asked = asked
        self.read()

    def read(self) -> None:
        """Reads the latest deeds again."""
        self._read(None)

    def read_more(self) -> None:
        """Reads earlier deeds below those shown."""
        self._read(min((entry.position for entry in self.table.source.given), default=None))

    def _read(self, before: int | None) -> None:
        facts, asked = self.session.ledger, dict(self._asked)
        kept = list(self.table.source.given) if before is not None else []

        def read(_work: Work) -> list[Entry]:
            return history.entries(facts, limit=PAGE, before=before, **asked)

        def done(found: list[Entry]) -> None:
            if self._reading is work:
                known = {entry.deed for entry in kept}
                self._show([*kept, *(entry for entry in found if entry.deed not in known)], len(found))

        work = self._reading = self.session.run(read, done)

    def _show(self, entries: list[Entry], read: int) -> None:
        self.pane.show_rows(entries, "没有这样的记录。" if self._asked else "", first=bool(entries))
        self.more.setVisible(read == PAGE)
        self.back.setVisible(bool(entries) and self.session.ledger.writable)
        self.cells.setVisible(bool(entries))

    def chosen(self) -> Entry | None:
        """The chosen deed."""
        return self.table.chosen()

    def _picked(self) -> None:
        self.back.setEnabled(self.chosen() is not None)
        self._rested.start()

    def _tell(self) -> None:
        """Shows what the chosen deed changed."""
        entry, facts = self.chosen(), self.session.ledger
        if entry is None:
            self._telling = None
            self.cells.show_differences([], 0)
            return

        def done(found: tuple[list[Difference], int]) -> None:
            if self._telling is work:
                self.cells.show_differences(*found, "这一步没有留下改动，或者改的是本程序不认识的内容。")

        work = self._telling = self.session.run(
            lambda _work: (looking_back.of_deed(facts, entry), history.begun_at(facts, entry.deed) - 1), done
        )

    def undo(self) -> None:
        """Takes back the chosen deed."""
        entry, session = self.chosen(), self.session
        if entry is not None:
            session.do(lambda: session.ledger.undo(session.actor(), entry.deed))

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something: the table is read again."""
        self.read()
