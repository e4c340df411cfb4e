"""What stands against issuing a notice, as a list beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem

from desktop_app.gui import theme
from desktop_app.gui.widgets import column, label
from desktop_app.rectification.checks import Finding

SEVERITIES = {"error": ("错误", "overdue"), "warning": ("提醒", "soon"), "note": ("提示", "secondary")}
"""Severity → its word and its colour."""
SPACE = 6
"""Pixels around each line."""
MARGIN = 48
"""Pixels of a line that its icon and the space beside the words take."""
MOST = 300
"""Findings in the list; more nobody reads."""


class ChecksPane(QFrame):
    """The findings of a unit, errors first; a click opens the record."""

    wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.findings: list[Finding] = []
        self._lacking: Sequence[str] = ()
        self.summary = label("", "hint", wrap=True)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setStyleSheet("QListView { border: none; }")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setSpacing(SPACE)
        self.list.setIconSize(QSize(18, 18))
        self.list.setAccessibleName("要核对的地方")
        layout = column(self, (1, 12, 1, 1), 8)
        self.summary.setContentsMargins(16, 0, 16, 0)
        layout.addWidget(self.summary)
        layout.addWidget(self.list, 1)
        self.list.itemActivated.connect(self._open)
        self.list.itemClicked.connect(self._open)

    def show_findings(self, findings: Sequence[Finding], lacking: Sequence[str] = ()) -> None:
        """Shows these findings; above them what the notice lacks altogether, in sentences."""
        if list(findings) == self.findings and lacking == self._lacking and self.summary.text():
            return
        self._lacking = lacking
        self.findings = list(findings)
        counts: Counter[str] = Counter(one.severity for one in findings)
        told = "，".join(f"{word} {counts[name]}" for name, (word, _tint) in SEVERITIES.items() if counts[name])
        told = f"印发前请核对：{told}。点一条就去那里改。" if told else "" if lacking else "没有发现不一致的地方。"
        self.summary.setText("\n".join([*lacking, told]).strip())
        self.list.clear()
        for one in findings[:MOST]:
            word, tint = SEVERITIES[one.severity]
            item = QListWidgetItem(theme.icon("warn", tint, tint), f"{word}：{one.sentence}{one.advice}")
            item.setToolTip(item.text())
            self.list.addItem(item)
        self._fit()

    def _fit(self) -> None:
        """Each line as high as its words; Qt measures them too wide where a style sheet and an icon meet."""
        metrics, wide = self.list.fontMetrics(), self.list.viewport().width() - 2 * SPACE
        flags = int(Qt.TextFlag.TextWordWrap)
        for at in range(self.list.count()):
            item = self.list.item(at)
            words = metrics.boundingRect(QRect(0, 0, max(80, wide - MARGIN), 10_000), flags, item.text())
            item.setSizeHint(QSize(wide, words.height() + 10))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _open(self, item: QListWidgetItem) -> None:
        finding = self.findings[self.list.row(item)]
        if finding.record and finding.id:
            self.wanted.emit(finding.record, finding.id)
