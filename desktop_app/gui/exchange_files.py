"""The files that are to be taken in: a line each, and for the chosen one what the clerk has to say to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QLineEdit, QTableView, QWidget

from desktop_app.gui import theme
from desktop_app.gui.exchange_jobs import SIGNS, TINTS, WORDS, Looked, advice, called, sentence
from desktop_app.gui.widgets import button, column, label, row

Index = QModelIndex | QPersistentModelIndex
COLUMNS = (("情况", 120), ("文件", 220), ("来自", 190), ("里面有什么", 300))


class FilesModel(QAbstractTableModel):
    """Files that were looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[Looked] = []

    def show(self, files: Sequence[Looked]) -> None:
        """Shows these."""
        self.beginResetModel()
        self.files = list(files)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.files)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][0]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.files[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if role == Qt.ItemDataRole.ToolTipRole:
                return "\n".join(part for part in (str(one.path), sentence(one), advice(one)) if part)
            state = f"{SIGNS[one.state]} {WORDS[one.state]}"
            return (state, one.path.name, sender(one), sentence(one))[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 0:
            return theme.colour(TINTS[one.state])
        return None


def sender(one: Looked) -> str:
    """Whose file it is."""
    if one.receipt is not None:
        return called(one.receipt.receipt.receiver)
    if one.contents is None:
        return ""
    return "" if one.contents.kind == "ledger" else called(one.contents.sender)


class FileCard(QFrame):
    """The chosen file: its sentence and advice; the fingerprint to be compared, or the passphrase to be typed."""

    compared = Signal()
    """The clerk says that the fingerprint is the one read out on the telephone."""
    unlocked = Signal(str)
    """The passphrase that was typed."""
    dropped = Signal()
    """This file is not to be taken."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.words = label("", "group", wrap=True)
        self.advice = label("", wrap=True)
        self.print = label("", wrap=True)
        self.print.setAccessibleName("指纹")
        self.print.setProperty("role", "page")
        for one in (self.words, self.advice, self.print):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.same = button("已打电话核对，一致", self.compared.emit, "", "以后这个单位的文件不用再核对")
        self.phrase = QLineEdit()
        self.phrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.phrase.setPlaceholderText("口令")
        self.phrase.setAccessibleName("口令")
        self.phrase.setMaximumWidth(320)
        self.unlock = button("打开", self._unlock)
        self.drop = button("不要这个文件", self.dropped.emit, "link")
        self.phrase.returnPressed.connect(self._unlock)
        layout = column(self, (16, 12, 16, 12), 8)
        for part in (self.words, self.advice, self.print):
            layout.addWidget(part)
        line = row(self.same, self.phrase, self.unlock, self.drop, 1)
        line.setStretch(1, 1)
        layout.addLayout(line)

    def show_file(self, one: Looked | None) -> None:
        """Shows a file; nothing for none."""
        self.setVisible(one is not None)
        if one is None:
            return
        self.words.setText(sentence(one))
        self.advice.setText(advice(one))
        self.advice.setVisible(bool(advice(one)))
        asked = one.state in ("key", "changed")
        self.print.setText(one.fingerprint)
        self.print.setVisible(asked)
        self.same.setVisible(asked)
        locked = one.state == "locked"
        self.phrase.setVisible(locked)
        self.unlock.setVisible(locked)
        self.phrase.clear()

    def _unlock(self) -> None:
        if self.phrase.text():
            self.unlocked.emit(self.phrase.text())


class FilesTable(QWidget):
    """The table of the files and the card of the chosen one."""

    compared = Signal(object)
    unlocked = Signal(object, str)
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.model = FilesModel()
        self.table = QTableView()
        self.card = FileCard()
        self.table.setModel(self.model)
        self.table.setAccessibleName("收到的文件")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(36)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        for at, (_title, wide) in enumerate(COLUMNS[:3]):
            self.table.setColumnWidth(at, wide)
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.card)
        self.table.selectionModel().selectionChanged.connect(lambda *_s: self.card.show_file(self.chosen()))
        self.card.compared.connect(lambda: self.compared.emit(self.chosen()))
        self.card.unlocked.connect(lambda words: self.unlocked.emit(self.chosen(), words))
        self.card.dropped.connect(lambda: self.dropped.emit(self.chosen()))

    def show_files(self, files: Sequence[Looked]) -> None:
        """Shows files; the first one that waits for the clerk is chosen."""
        self.model.show(files)
        waits = [at for at, one in enumerate(files) if not one.taken and one.state != "receipt"]
        if files:
            self.table.selectRow(waits[0] if waits else 0)
        self.card.show_file(self.chosen())

    def chosen(self) -> Looked | None:
        """The chosen file."""
        picked = self.table.selectionModel().selectedRows()
        at = picked[0].row() if picked else -1
        return self.model.files[at] if 0 <= at < len(self.model.files) else None
