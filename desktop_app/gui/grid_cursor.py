"""Where one stands in a grid: the cell, the chosen block, the next cell and row, the cell that is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange

from desktop_app.gui.grid_edit import CellLine
from desktop_app.gui.grid_model import GridModel
from desktop_app.gui.grid_view import GridTable


class GridCursor:
    """The current cell of a grid and the way to others."""

    def __init__(self, model: GridModel, table: GridTable) -> None:
        self.model = model
        self.table = table
        self.stepping = False
        """One is on the way to the next cell by Tab."""
        self.start_of_run = -1
        """The column in which typing from left to right began; -1 when one went elsewhere."""

    def row(self) -> int:
        """The row one stands on; -1 for none."""
        return int(self.table.currentIndex().row())

    def column(self) -> int:
        """The column one stands on; -1 for none."""
        return int(self.table.currentIndex().column())

    def columns(self) -> list[int]:
        """The columns that are shown, from left to right."""
        return [one for one in range(self.model.columnCount()) if not self.table.isColumnHidden(one)]

    def typable(self) -> list[int]:
        """The columns that are shown and can be typed into."""
        return [one for one in self.columns() if self.model.can_type(self.model.rowCount() - 1, one)]

    def anchor(self) -> tuple[int, int]:
        """The cell from which the chosen block reaches to the current one."""
        ranges = self._ranges()
        row, column = max(self.row(), 0), max(self.column(), 0)
        if not ranges:
            return row, column
        first = ranges[0]
        return (
            first.bottom() if row == first.top() else first.top(),
            first.right() if column == first.left() else first.left(),
        )

    def block(self) -> tuple[int, int, list[int]]:
        """The chosen block: first row, last row, the shown columns."""
        ranges = self._ranges()
        if not ranges:
            return self.row(), self.row(), [self.column()]
        top, bottom = min(one.top() for one in ranges), max(one.bottom() for one in ranges)
        left, right = min(one.left() for one in ranges), max(one.right() for one in ranges)
        return top, bottom, [one for one in self.columns() if left <= one <= right]

    def _ranges(self) -> list[QItemSelectionRange]:
        selection = self.table.selectionModel().selection()
        return [selection.at(number) for number in range(selection.count())]

    def go(self, row: int, columns: Sequence[int]) -> None:
        """Goes to a cell (the first of these columns)."""
        if not columns or not 0 <= row < self.model.rowCount():
            return
        index = self.model.index(row, columns[0])
        self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.table.scrollTo(index)
        if self.table.isVisible():
            self.table.table_of(columns[0]).setFocus()

    def begin(self, row: int, columns: Sequence[int]) -> None:
        """Goes to the beginning of a row: what follows its first column is in sight too."""
        self.go(row, columns)
        if columns and columns[0] == self.columns()[0]:
            self.table.horizontalScrollBar().setValue(0)

    def extend(self, anchor: tuple[int, int], row: int, column: int) -> None:
        """Chooses the block between two cells."""
        first = self.model.index(min(anchor[0], row), min(anchor[1], column))
        last = self.model.index(max(anchor[0], row), max(anchor[1], column))
        self.table.selectionModel().select(
            QItemSelection(first, last), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def step_cell(self, by: int) -> None:
        """To the next cell one can type into, from the last of a row to the first of the next."""
        columns, row, here = self.typable(), self.row(), self.column()
        if not columns:
            return
        start = self.start_of_run if self.start_of_run >= 0 else here
        further = [one for one in columns if (one > here if by > 0 else one < here)]
        self.stepping = True
        if further:
            self.go(row, further[:1] if by > 0 else further[-1:])
        elif by > 0:
            self.begin(row + 1, columns[:1])
            start = columns[0]
        else:
            self.go(row - 1, columns[-1:])
        self.stepping = False
        self.start_of_run = start

    def step_row(self, by: int, *, back_to_start: bool = False) -> bool:
        """To the next row: to the column where typing from left to right began; False when there is none."""
        column = self.start_of_run if back_to_start and self.start_of_run >= 0 else self.column()
        self.start_of_run = -1
        if by > 0 and self.row() == self.model.rowCount() - 1:
            return False
        (self.begin if back_to_start else self.go)(self.row() + by, [column])
        return True

    def edit(self, *, at_end: bool = False) -> None:
        """Opens the cell one stands on."""
        index = self.table.currentIndex()
        if index.isValid() and self.model.can_type(index.row(), index.column()):
            self.table.table_of(index.column()).edit(index)
            line = self.open_line()
            if line is not None and at_end:
                line.steps = False
                line.end(False)

    def open_line(self) -> CellLine | None:
        """The line that is being typed into."""
        opened = [*self.table.editing.open, *self.table.frozen.editing.open]
        return next((one for one in opened if isinstance(one, CellLine)), None)
