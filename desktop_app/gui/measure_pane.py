"""The measurement sheet: the finished file measured against the standard, rule by rule, beside the paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem

from db.errors import Refusal
from desktop_app.gui import theme
from desktop_app.gui.preview_paper import Paper
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import column, label
from desktop_app.notices.measure import Measured, rows, sheet

SIGNS = {"合格": ("✓", "done"), "不合格": ("✗", "overdue"), "不适用": ("–", "secondary")}
"""Verdict → its sign and its colour."""


class MeasurePane(QFrame):
    """Measures the shown paper when somebody looks at it, off the thread; a file of many papers is measured as one."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.session = session
        self.summary = label("", "hint", wrap=True)
        self.summary.setContentsMargins(16, 0, 16, 0)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(3)
        self.tree.setHeaderLabels(["项目", "实测", "要求"])
        self.tree.setRootIsDecorated(True)
        self.tree.setFrameShape(QFrame.Shape.NoFrame)
        self.tree.setAccessibleName("版面测量")
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        for at, width in enumerate((150, 130)):
            self.tree.setColumnWidth(at, width)
        self.tree.header().setStretchLastSection(True)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setIndentation(12)
        layout = column(self, (1, 12, 1, 1), 8)
        layout.addWidget(self.summary)
        layout.addWidget(self.tree, 1)
        self._paper: Paper | None = None
        self._measured: bytes = b""
        self._turn = 0

    def show_paper(self, paper: Paper | None) -> None:
        """Another paper; it is measured now when the sheet is seen, else when it will be."""
        self._paper = paper
        if self.isVisible():
            self._measure()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._measure()

    def _measure(self) -> None:
        paper = self._paper
        self._turn += 1
        if paper is None:
            self._measured = b""
            self.tree.clear()
            self.summary.setText("还没有可以测量的文书。")
            return
        if paper.data == self._measured:
            return
        turn, data = self._turn, paper.data
        document = paper.document if len(paper.made.documents) == 1 else None
        self.summary.setText("正在测量……")

        def done(found: Measured) -> None:
            if turn == self._turn:
                self._measured = data
                self._show(found)

        def failed(refusal: Refusal) -> None:
            if turn == self._turn:
                self.summary.setText(refusal.sentence)

        self.session.run(lambda _work: sheet(data, document), done, failed)

    def _show(self, found: Measured) -> None:
        self.summary.setText(found.summary)
        self.tree.clear()
        for one, (name, bound, value, verdict, _where) in zip(found.findings, rows(found), strict=True):
            sign, tint = SIGNS[verdict]
            item = QTreeWidgetItem([f"{sign} {name}", value, bound])
            item.setForeground(0, theme.colour(tint))
            for at in range(3):
                item.setToolTip(at, f"{verdict}：{name}\n实测：{value}\n要求：{bound}")
            for place in one.places:
                below = QTreeWidgetItem([place])
                below.setFirstColumnSpanned(True)
                below.setToolTip(0, place)
                item.addChild(below)
            self.tree.addTopLevelItem(item)
            item.setExpanded(verdict == "不合格")
            if verdict == "不适用":
                for at in range(3):
                    item.setForeground(at, theme.colour("secondary"))
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
