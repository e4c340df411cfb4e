"""轮到我: what waits for whoever is at work in the sign-off of problems."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.gui.session import Session, Work
from desktop_app.gui.table import Column, Table, TablePane
from desktop_app.gui.widgets import column, label
from desktop_app.rectification.closing import Waiting

COLUMNS = (
    Column[Waiting](
        "问题", lambda one: f"{one.problem.number or ''}. {one.problem.title or ''}".lstrip(". "), least=280, most=480
    ),
    Column[Waiting]("轮到什么", lambda one: one.what, wide=True, least=240),
    Column[Waiting]("从哪一天起", lambda one: one.since.isoformat() if one.since is not None else "", least=112),
)


class DutyTodo(QWidget):
    """The list; a line leads to the problem."""

    wanted = Signal(str, str)
    counted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._work: Work | None = None
        self.about = label("", "hint", wrap=True)
        self.table: Table[Waiting] = Table(COLUMNS, "轮到我办的", same=lambda one: (one.problem.id, one.act))
        self.table.remember(session, "todo")
        self.pane = TablePane(self.table, "现在没有轮到您办的。")
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addWidget(self.about)
        layout.addWidget(self.pane, 1)
        self.table.opened.connect(lambda one: self.wanted.emit("problem", one.problem.id))

    def read(self) -> None:
        """Reads again what waits, off the thread."""
        session = self.session
        facts, actor, unit = session.ledger, session.actor(), session.unit
        self.about.setText(f"{actor}：{session.people.rights().told()}")

        def read(_work: Work) -> list[Waiting]:
            from desktop_app.rectification import closing

            return closing.waiting(facts, actor, unit)

        def done(found: list[Waiting]) -> None:
            if self._work is work:
                self.pane.show_rows(found)
                self.counted.emit(len(found))

        work = self._work = session.run(read, done, behind=True)
