"""A line in the head of a record that was found to be the same as others: which they are, and which of them counts."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.ledger import sameness
from db.ledger.lines import lines_of
from desktop_app.gui.lookup import clipped
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, label

MOST = 3
"""Records that are named; of more it says how many."""


class TwinNote(QWidget):
    """“是同一个：城中公安派出所（为准）”, each a link; nothing where a record stands alone."""

    def __init__(self, session: Session, record: str) -> None:
        super().__init__()
        self.session = session
        self.record = record
        self.identifier = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self.hide()

    def show_of(self, identifier: str) -> None:
        """Shows what a record is the same as; "" for none shown."""
        self.identifier = identifier
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        ledger = self.session.ledger
        group = sameness.group_of(ledger, self.record, identifier) if identifier else sameness.Group((), "")
        others = [one for one in group.members if one != identifier]
        if not others:
            self.hide()
            return
        others.sort(key=lambda one: one != group.main)
        lines = lines_of(ledger, self.record, others[:MOST])
        mine = "统计只算这一条" if group.main == identifier else "统计只算标“为准”的一条"
        self._row.addWidget(label("与这些是同一个：", "small"))
        for one in others[:MOST]:
            words = clipped(lines.get(one, one)) + ("（为准）" if one == group.main else "")
            self._row.addWidget(button(words, lambda one=one: self._open(one), "link", "看这条记录"))
        more = f"等 {len(others)} 条，" if len(others) > MOST else ""
        self._row.addWidget(label(f"{more}{mine}。", "small"))
        self._row.addStretch(1)
        self.show()

    def _open(self, identifier: str) -> None:
        self.session.record_wanted.emit(self.record, identifier)
