"""The heading of a grid: labels, the sign of sorting, and below them a row of fields to filter by, when it is wanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QWidget

HEAD, FILTER = 32, 34
"""Pixels of the labels, and of the row of filters."""
PATIENCE = 300
"""Milliseconds after the last key until a filter is asked."""


class FilterLine(QLineEdit):
    """The filter of one column. Down and Enter go to the cells, Escape empties it."""

    gone = Signal()
    """One wants to go on to the cells."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.gone.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Escape:
            self.gone.emit()
        else:
            super().keyPressEvent(event)


class GridHeader(QHeaderView):
    """The heading over the columns that a view shows."""

    asked = Signal()
    """Something was typed into a filter."""
    gone = Signal()

    def __init__(self, parent: QWidget, only: Callable[[int], bool] = lambda _column: True) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.filters: dict[int, FilterLine] = {}
        self.shown = False
        self._only = only
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(PATIENCE)
        self._waiting.timeout.connect(self.asked)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumSectionSize(48)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.sectionResized.connect(lambda *_sizes: self.place())

    def offer(self, columns: dict[int, tuple[str, str]]) -> None:
        """Makes the filters: column → its label and an example of what may be typed."""
        for line in self.filters.values():
            line.deleteLater()
        self.filters = {}
        for column, (label, example) in columns.items():
            if not self._only(column):
                continue
            line = FilterLine(self)
            line.setProperty("role", "filter")
            line.setPlaceholderText(example)
            line.setAccessibleName(f"筛选：{label}")
            line.setClearButtonEnabled(True)
            line.textChanged.connect(lambda _text: self._waiting.start())
            line.gone.connect(self.gone)
            line.setVisible(self.shown)
            self.filters[column] = line
        self.place()

    def show_filters(self, shown: bool) -> None:
        """Shows the row of filters, or hides it."""
        self.shown = shown
        for line in self.filters.values():
            line.setVisible(shown)
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometries()
        self.place()

    def texts(self) -> dict[int, str]:
        """Column → what is typed into its filter, as far as the row of filters is shown."""
        return {column: line.text() for column, line in self.filters.items() if self.shown and line.text().strip()}

    def blame(self, column: int, sentence: str) -> None:
        """Marks a filter that cannot be understood; "" unmarks it."""
        line = self.filters.get(column)
        if line is not None and line.property("wrong") != bool(sentence):
            line.setProperty("wrong", bool(sentence))
            line.setToolTip(sentence)
            line.style().polish(line)

    def place(self) -> None:
        """Puts the filters below their columns."""
        top = HEAD
        for column, line in self.filters.items():
            hidden = self.isSectionHidden(column)
            line.setVisible(self.shown and not hidden)
            if not hidden:
                width = max(self.sectionSize(column) - 5, 20)
                line.setGeometry(self.sectionViewportPosition(column) + 2, top + 2, width, FILTER - 6)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEAD + (FILTER if self.shown else 0))

    def updateGeometries(self) -> None:
        self.setViewportMargins(0, 0, 0, FILTER if self.shown else 0)
        super().updateGeometries()
        self.place()
