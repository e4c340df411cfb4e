"""The deeds of the ledger in a table: when, who, what; of all records or of one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from db import clock
from db.ledger import history
from db.ledger.change import Outcome
from db.ledger.history import Entry
from desktop_app.gui import lookup
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row

Index = QModelIndex | QPersistentModelIndex
PAGE = 200
"""Deeds read at a time."""
TITLES = ("时间", "经办人", "做了什么")


class DeedsModel(QAbstractTableModel):
    """Deeds, the latest first."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        """Shows these deeds."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            local = clock.moment(entry.time).astimezone()
            return (f"{local:%Y-%m-%d %H:%M}", entry.actor, " ".join(entry.sentence.split()))[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 2:
            return entry.sentence
        return None


class HistoryList(QWidget):
    """The table of deeds, with 撤销这一步 and, for one deed, which fields it set."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._equal: dict[str, str] = {}
        self.model = DeedsModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName("操作记录")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(36)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.setColumnWidth(0, 156)
        self.table.setColumnWidth(1, 96)
        self.details = label("", "hint", wrap=True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.back = button("撤销这一步", self.undo, "", "撤销选中的这一步；后来又改过的地方不能这样撤销")
        self.more = button("更早的记录", self.read_more, "link")
        self.empty = label("还没有操作记录。", "hint")
        layout = column(self)
        layout.addWidget(self.empty)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.details)
        layout.addLayout(row(self.back, 1, self.more))
        self.table.selectionModel().selectionChanged.connect(lambda *_s: self._picked())
        self._picked()

    def show_deeds(self, **equal: str) -> None:
        """Shows the deeds that touched a record (``record``, ``id``), of an ``actor``, or all."""
        self._equal = equal
        self.read()

    def read(self) -> None:
        """Reads the latest deeds again."""
        found = history.entries(self.session.ledger, limit=PAGE, before=None, **self._equal)
        self._show(found, len(found))

    def read_more(self) -> None:
        """Reads earlier deeds below those shown."""
        last = min((entry.position for entry in self.model.entries), default=None)
        found = history.entries(self.session.ledger, limit=PAGE, before=last, **self._equal)
        known = {entry.deed for entry in self.model.entries}
        self._show([*self.model.entries, *(e for e in found if e.deed not in known)], len(found))

    def _show(self, entries: list[Entry], read: int) -> None:
        self.model.show(entries)
        self.more.setVisible(read == PAGE)
        self.table.setVisible(bool(entries))
        self.empty.setVisible(not entries)
        self.back.setVisible(bool(entries))
        self._picked()

    def chosen(self) -> Entry | None:
        """The chosen deed."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.entries[rows[0].row()] if rows else None

    def _picked(self) -> None:
        entry = self.chosen()
        self.back.setEnabled(entry is not None)
        self.details.setText(self._told(entry) if entry else "")
        self.details.setVisible(entry is not None)

    def _told(self, entry: Entry) -> str:
        """What a deed set, field by field, in a few lines."""
        facts, lines = self.session.ledger, []
        for touch in entry.touched[:6]:
            if touch.record not in facts.tables.records:
                continue
            schema = facts.schema(touch.record)
            kinds = schema.kinds()
            set_to = []
            for name, stored in list(touch.fields.items())[:6]:
                if name in kinds:
                    value = None if stored is None else kinds[name].load(stored)
                    shown = lookup.clipped(lookup.cell(facts, kinds[name], value), 40) or "（空）"
                    set_to.append(f"{kinds[name].label}：{shown}")
                elif name == "deleted":
                    set_to.append("删除" if stored else "恢复")
            more = "……" if len(touch.fields) > 6 else ""
            lines.append(f"{schema.title}“{lookup.line(facts, touch.record, touch.id)}”　{'；'.join(set_to)}{more}")
        if len(entry.touched) > 6:
            lines.append(f"……共 {len(entry.touched)} 条")
        return "\n".join(lines)

    def undo(self) -> None:
        """Takes back the chosen deed."""
        entry, session = self.chosen(), self.session
        if entry is not None:
            session.do(lambda: session.ledger.undo(session.actor(), entry.deed))

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something: the table is read again."""
        self.read()
