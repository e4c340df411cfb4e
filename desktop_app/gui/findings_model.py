"""Findings as the rows of a table, narrowed by category, by words and by whether they were waived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop_app.gui import theme
from desktop_app.rectification.finding import SEVERITIES, Finding, Severity

Index = QModelIndex | QPersistentModelIndex
TITLES = ("程度", "查出什么", "规则")
OWN = "（问题、措施和通报）"
"""What the program checks itself, in the choice of categories."""
_SIGNS = {"error": "●", "warning": "▲", "note": "○"}
_COLOURS = {"error": "overdue", "warning": "soon", "note": "secondary"}


class FindingsModel(QAbstractTableModel):
    """The findings that are shown, the worst first."""

    def __init__(self) -> None:
        super().__init__()
        self.all: Sequence[Finding] = ()
        self.rows: list[Finding] = []
        self.category: str | None = None
        """Key of the category that is shown; "" the program's own checks, None all."""
        self.words = ""
        self.waived = False

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Takes other findings."""
        self.all = found
        self.narrow(self.category, self.words, waived=self.waived)

    def narrow(self, category: str | None, words: str, *, waived: bool) -> None:
        """Shows those of a category that hold the words, waived ones or those that count."""
        self.category, self.words, self.waived = category, words, waived
        self.beginResetModel()
        self.rows = [one for one in self.all if self._shown(one)]
        self.endResetModel()

    def _shown(self, one: Finding) -> bool:
        if (one.waived is not None) != self.waived:
            return False
        if self.category is not None and one.rule.partition(".")[0] != self.category:
            return False
        told = f"{one.sentence}{one.title}{one.basis}{one.waived.reason if one.waived else ''}"
        return all(word in told for word in self.words.split())

    def counts(self) -> dict[Severity, int]:
        """How many that count there are of each sort, whatever is shown."""
        open_ones = [one.severity for one in self.all if one.waived is None]
        return {severity: open_ones.count(severity) for severity in SEVERITIES}

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            severity = f"{_SIGNS[one.severity]} {SEVERITIES[one.severity]}"
            return (severity, one.sentence, one.title or "程序自己的检查")[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 0:
            return theme.colour(_COLOURS[one.severity])
        if role == Qt.ItemDataRole.ToolTipRole:
            return one.sentence + one.advice
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{SEVERITIES[one.severity]}：{one.sentence}{one.advice}"
        return None
