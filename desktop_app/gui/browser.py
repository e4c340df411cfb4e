"""All records of one sort: a list at the left, the chosen one at the right. Made from the schema."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QWidget

from db.ledger.change import Outcome
from db.ledger.lines import described
from db.schema.record import Schema
from desktop_app.gui import lookup
from desktop_app.gui.allowed import gate
from desktop_app.gui.record_pane import RecordPane
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, row
from desktop_app.rectification import rights


class RecordBrowser(QWidget):
    """The records of a schema, and one of them."""

    def __init__(self, session: Session, schema: Schema, start: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.session = session
        self.schema = schema
        self._start = start or {}
        self.list = QListWidget()
        self.list.setAccessibleName(f"{schema.title}列表")
        self.list.setSpacing(0)
        self.pane = RecordPane(session, schema)
        gate(session, rights.act_of(schema.name), self.pane.blank.offer(f"新建{schema.title}", self.new))
        self.pane.clear(f"选一条{schema.title}，或新建。")
        left = QWidget()
        layout = column(left, (0, 0, 8, 0), 12)
        add = button(f"新建{schema.title}", self.new)
        gate(session, rights.act_of(schema.name), add)
        layout.addLayout(row(add, 1))
        layout.addWidget(self.list, 1)
        left.setMinimumWidth(220)
        self.pane.setMinimumWidth(460)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.pane)
        splitter.setSizes([260, 700])
        column(self).addWidget(splitter)
        self.list.currentItemChanged.connect(lambda *_items: self._picked())
        self.read()

    def read(self, wanted: str = "") -> None:
        """Reads the list again."""
        current = wanted or self.pane.identifier
        self.list.blockSignals(True)
        self.list.clear()
        records = self.session.ledger.every(self.schema.name)
        for record, words in zip(records, described(self.session.ledger, records), strict=True):
            item = QListWidgetItem(lookup.clipped(words))
            item.setData(Qt.ItemDataRole.UserRole, record.id)
            item.setSizeHint(QSize(0, 36))
            self.list.addItem(item)
            if record.id == current:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        if not self.pane.identifier and self.list.count():
            self.list.setCurrentRow(0)

    def _picked(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.pane.show_record(str(item.data(Qt.ItemDataRole.UserRole)))

    def new(self) -> None:
        """Begins a new record."""
        self.list.blockSignals(True)
        self.list.setCurrentRow(-1)
        self.list.blockSignals(False)
        self.pane.begin(self._start)

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        self.pane.hear(outcome)
        if any(name == self.schema.name for name, _id in outcome.touched):
            self.read()
