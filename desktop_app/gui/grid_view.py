"""The two tables of a grid: all columns, and over their left edge the first one again, which never scrolls away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import SIGNAL, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop_app.gui.grid_edit import CellEditing
from desktop_app.gui.grid_header import GridHeader
from desktop_app.gui.grid_model import GridModel
from desktop_app.gui.grid_paint import ROW

Index = QModelIndex | QPersistentModelIndex
Keys = Callable[[QKeyEvent], bool]
_TRIGGERS = (
    QAbstractItemView.EditTrigger.AnyKeyPressed
    | QAbstractItemView.EditTrigger.DoubleClicked
    | QAbstractItemView.EditTrigger.EditKeyPressed
)


class CellTable(QTableView):
    """A table of cells that asks first what a key means for the grid."""

    def __init__(
        self, model: GridModel, keys: Keys, only: Callable[[int], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self.head = GridHeader(self, only)
        self.setHorizontalHeader(self.head)
        for signal in (
            "sectionPressed(int)",
            "sectionEntered(int)",
        ):  # a click on the heading sorts, it selects nothing
            QObject.disconnect(self.head, SIGNAL(signal), None, None)  # type: ignore[call-overload]
        self.editing = CellEditing(model, self)
        self.setItemDelegate(self.editing)
        self.setModel(model)
        self.setEditTriggers(_TRIGGERS)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setProperty("role", "grid")
        self.setAccessibleName(model.schema.title)
        numbers = self.verticalHeader()
        numbers.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        numbers.setDefaultSectionSize(ROW)
        numbers.setMinimumSectionSize(ROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keys(event):
            super().keyPressEvent(event)

    def is_at_work(self) -> bool:
        """Whether the keys go to this table or to the editor in it."""
        return self.hasFocus() or self.state() == QAbstractItemView.State.EditingState

    def is_open(self) -> bool:
        """Whether a cell is being typed into."""
        return self.state() == QAbstractItemView.State.EditingState

    def lay_out(self) -> None:
        """Takes up another height of the heading."""
        self.updateGeometries()


class FrozenTable(CellTable):
    """The first column, over the left edge of the other table."""

    def __init__(self, model: GridModel, keys: Keys, below: GridTable) -> None:
        super().__init__(model, keys, lambda column: column == 0, below)
        self.verticalHeader().hide()
        self.setProperty("role", "frozen")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionModel(below.selectionModel())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key that opened a cell here must not open one in the table below too."""
        super().keyPressEvent(event)
        event.accept()


class GridTable(CellTable):
    """All columns; the first one stays in sight."""

    placed = Signal()
    """Columns were moved, resized or scrolled, or the table has another size."""

    def __init__(self, model: GridModel, keys: Keys) -> None:
        super().__init__(model, keys, lambda column: column != 0)
        self.frozen = FrozenTable(model, keys, self)
        self.head.setSectionsMovable(False)
        model.modelReset.connect(self._hide_others)
        self.verticalScrollBar().valueChanged.connect(self.frozen.verticalScrollBar().setValue)
        self.frozen.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.horizontalScrollBar().valueChanged.connect(lambda _at: self._moved())
        self.head.sectionResized.connect(self._resized)
        self.frozen.head.sectionResized.connect(lambda column, _was, size: self._from_frozen(column, size))
        self.verticalHeader().geometriesChanged.connect(self.place)
        self._hide_others()

    def _hide_others(self) -> None:
        for column in range(self.model().columnCount()):
            self.frozen.setColumnHidden(column, column != 0)
        self.place()

    def _resized(self, column: int, _was: int, size: int) -> None:
        if column == 0 and self.frozen.columnWidth(0) != size:
            self.frozen.setColumnWidth(0, size)
        self.place()

    def _from_frozen(self, column: int, size: int) -> None:
        if column == 0 and self.columnWidth(0) != size:
            self.setColumnWidth(0, size)

    def _moved(self) -> None:
        self.head.place()
        self.placed.emit()

    def place(self) -> None:
        """Puts the first column over the left edge."""
        inside, head = self.viewport().geometry(), self.head.geometry()
        self.frozen.setGeometry(inside.left(), head.top(), self.columnWidth(0), inside.bottom() + 1 - head.top())
        self.placed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Cells never hide behind the first column."""
        frozen = getattr(self, "frozen", None)  # asked for before the table is whole
        if frozen is not None and index.column() == 0:
            frozen.scrollTo(index, hint)
            return
        super().scrollTo(index, hint)
        box: QRect = self.visualRect(index)
        hidden = frozen.width() - box.left() if frozen is not None else 0
        if hidden > 0:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - hidden)

    def table_of(self, column: int) -> CellTable:
        """The table in which a column is seen."""
        return self.frozen if column == 0 else self
