"""The papers that left the house, in a table: number, title, day, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from db.schema.records import IssuedPaper
from db.schema.records.words import PUBLICITY
from desktop_app.gui import theme

Index = QModelIndex | QPersistentModelIndex
COLUMNS = (("发文字号", 150), ("标题", 160), ("成文日期", 104), ("状态", 104))


def state(paper: IssuedPaper, corrected: frozenset[str] = frozenset()) -> str:
    """What became of a paper, in a word or two."""
    if paper.void_reason:
        return "空号" if not paper.tree else "已作废"
    if paper.id in corrected:
        return "已更正"
    return "已印发" if paper.tree else "只登记字号"


class IssuedModel(QAbstractTableModel):
    """The papers, the latest first."""

    def __init__(self) -> None:
        super().__init__()
        self.papers: list[IssuedPaper] = []
        self.corrected: frozenset[str] = frozenset()

    def show(self, papers: Sequence[IssuedPaper]) -> None:
        """Shows these."""
        self.beginResetModel()
        self.papers = sorted(papers, key=lambda one: (one.year or 0, one.number or 0, str(one.day or "")), reverse=True)
        self.corrected = frozenset(one.corrects for one in papers if one.corrects and not one.void_reason)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.papers)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][0]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        paper = self.papers[index.row()]
        words = state(paper, self.corrected)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.told(paper)
            shown = (
                paper.document_number or "（不编号）",
                paper.title or "",
                f"{paper.day}" if paper.day else "",
                words,
            )
            return shown[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and words != "已印发":
            return theme.colour("secondary")
        return None

    def told(self, paper: IssuedPaper) -> str:
        """All that is known of a paper, for its tip."""
        level = PUBLICITY.get(paper.publicity or "", "")
        lines = (
            " ".join(part for part in (paper.document_number, paper.title) if part),
            "，".join(part for part in (paper.kind, level, state(paper, self.corrected)) if part),
            f"作废理由：{paper.void_reason}" if paper.void_reason else "",
            f"编号说明：{paper.reason}" if paper.reason else "",
            f"印发码：{paper.stamp}" if paper.stamp else "",
        )
        return "\n".join(line for line in lines if line)


class IssuedTable(QTableView):
    """One or two papers can be chosen; two to compare them."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.papers = IssuedModel()
        self.setModel(self.papers)
        self.setAccessibleName("印发的文书")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(36)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, (_words, width) in enumerate(COLUMNS):
            self.setColumnWidth(at, width)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().selectionChanged.connect(lambda _on, _off: self.chosen.emit())

    def show_papers(self, papers: Sequence[IssuedPaper]) -> None:
        """Shows these; what was chosen stays chosen."""
        before = [one.id for one in self.selected()]
        self.papers.show(papers)
        self.choose(before or [one.id for one in self.papers.papers[:1]])

    def choose(self, identifiers: Sequence[str]) -> None:
        """Chooses these papers."""
        self.clearSelection()
        for at, one in enumerate(self.papers.papers):
            if one.id in identifiers:
                self.selectRow(at)

    def selected(self) -> list[IssuedPaper]:
        """The chosen papers, from the top."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self.papers.papers[at] for at in rows if at < len(self.papers.papers)]
