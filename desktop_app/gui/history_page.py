"""The page 历史: who did what when, in the whole ledger."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.ledger.change import Outcome
from desktop_app.gui.history_list import HistoryList
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row


class HistoryPage(QWidget):
    """All deeds, or those of one record when a form asked for them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.list = HistoryList(session)
        self.about = label("", "hint")
        self.everything = button("看全部", self.show_all, "link")
        layout = column(self, (24, 20, 24, 16), 12)
        layout.addLayout(row(label("历史", "page"), self.about, self.everything, 1, spacing=12))
        layout.addWidget(self.list, 1)
        self._stale = True
        self.show_all()

    def show_all(self) -> None:
        """Shows all deeds."""
        self.about.setText("台账里做过的每一步，最近的在最上面")
        self.everything.hide()
        self.list.show_deeds()

    def show_record(self, name: str, identifier: str, title: str) -> None:
        """Shows the deeds that touched one record."""
        self.about.setText(f"只看“{title}”")
        self.everything.show()
        self.list.show_deeds(record=name, id=identifier)

    def arrive(self) -> None:
        """The page is shown."""
        if self._stale:
            self._stale = False
            self.list.read()

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something; read again when it is looked at."""
        self._stale = True
        if self.isVisible():
            self.arrive()
