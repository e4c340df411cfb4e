"""How a table is painted: the whole row is marked under the mouse, what is chosen has a bar at its left; the first column stays."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from desktop_app.gui import theme

Index = QModelIndex | QPersistentModelIndex
ROW = 36
"""Pixels of a row."""
BAR = 3
"""Pixels of the bar beside what is chosen."""


class RowPainter(QStyledItemDelegate):
    """Paints the cells of a table."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self.hovered = -1
        """The row under the mouse; -1 for none."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        state = option.state & ~QStyle.StateFlag.State_HasFocus  # type: ignore[attr-defined]
        over = QStyle.StateFlag.State_MouseOver
        option.state = state | over if index.row() == self.hovered else state & ~over  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.column() == 0 and option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            box = QRectF(option.rect)  # type: ignore[attr-defined]
            painter.fillRect(QRectF(box.left(), box.top(), BAR, box.height() - 1), theme.colour("accent"))


def dress(table: QTableView) -> None:
    """What every table has: rows of one height, no lines between columns, a heading that is clicked to sort."""
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setMouseTracking(True)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    side = table.verticalHeader()
    side.hide()
    side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    side.setMinimumSectionSize(ROW)
    side.setDefaultSectionSize(ROW)
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setSectionsClickable(True)
    head.setMinimumSectionSize(48)
    head.setTextElideMode(Qt.TextElideMode.ElideRight)
    head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)


class FixedColumn(QTableView):
    """The first column of a table once more, over its left edge, as long as the others are scrolled sideways."""

    def __init__(self, table: QTableView, painter: RowPainter) -> None:
        super().__init__(table)
        self.table = table
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        self.setItemDelegate(painter)
        self.setProperty("role", "fixed")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(table)
        self.setAccessibleName(" ")
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        dress(self)
        self.setSelectionMode(table.selectionMode())
        for column in range(1, table.model().columnCount()):
            self.setColumnHidden(column, True)
        bar, own = table.verticalScrollBar(), self.verticalScrollBar()
        bar.valueChanged.connect(own.setValue)
        own.valueChanged.connect(bar.setValue)
        self.hide()

    def place(self) -> None:
        """Lies over the first column, where that would scroll away."""
        table = self.table
        needed = table.horizontalScrollBar().maximum() > 0
        self.setVisible(needed)
        if needed:
            inside, head = table.viewport().geometry(), table.horizontalHeader().geometry()
            self.setColumnWidth(0, table.columnWidth(0))
            self.horizontalHeader().setFixedHeight(head.height())
            self.setGeometry(inside.left(), head.top(), table.columnWidth(0), inside.bottom() + 1 - head.top())
            self.verticalScrollBar().setValue(table.verticalScrollBar().value())
            self.raise_()
