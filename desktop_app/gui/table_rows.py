"""What a table shows: its columns, and its rows in the order that was asked for. How it looks and is used: ``table``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cmp_to_key
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QCollator, QLocale, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from desktop_app.gui import theme
from desktop_app.gui.theme import digits

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column. ``words`` gives what a row shows in it (a number stands at the right, in even digits); ``by`` what it is sorted
    by where that is not its words; ``tint`` a colour token ("" for the usual one); ``wide`` takes the room that is left."""

    title: str
    words: Callable[[T], object]
    by: Callable[[T], Any] | None = None
    tint: Callable[[T], str] | None = None
    number: bool = False
    wide: bool = False
    least: int = 64
    """Pixels."""
    most: int = 320
    sorts: bool = True

    def shown(self, row: T) -> str:
        """What stands in the cell: one line."""
        return _SPACE.sub(" ", str(self.words(row))).strip()


class TableRows(QAbstractTableModel, Generic[T]):
    """The rows, in the order they came in or sorted by one column."""

    def __init__(self, columns: Sequence[Column[T]], tip: Callable[[T], str] | None = None) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.given: list[T] = []
        """The rows in the order they came."""
        self.rows: list[T] = []
        """The rows as they stand from the top."""
        self.sorted: tuple[int, bool] = (-1, False)
        """By which column (-1: as they came), and whether downwards."""
        self._tip = tip

    def show(self, rows: Sequence[T]) -> None:
        """Shows these, in the order that was chosen before."""
        self.beginResetModel()
        self.given = list(rows)
        self.rows = self._ordered()
        self.endResetModel()

    def sort_by(self, column: int, down: bool) -> None:
        """Sorts; -1 gives the order back in which the rows came."""
        self.beginResetModel()
        self.sorted = (column, down)
        self.rows = self._ordered()
        self.endResetModel()

    def _ordered(self) -> list[T]:
        at, down = self.sorted
        if not 0 <= at < len(self.columns):
            return list(self.given)
        column = self.columns[at]
        said = column.by or column.shown
        keyed = [(said(one), one) for one in self.given]
        full = [pair for pair in keyed if pair[0] not in (None, "")]
        if full and isinstance(full[0][0], str):
            full.sort(key=lambda pair: _spoken()(pair[0]), reverse=down)
        else:
            full.sort(key=lambda pair: pair[0], reverse=down)
        return [one for _, one in full] + [one for key, one in keyed if key in (None, "")]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column, (at, down) = self.columns[section], self.sorted
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.title}{(' ↓' if down else ' ↑') if at == section else ''}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}{('，从大到小' if down else '，从小到大') if at == section else ''}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column.number)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one, column = self.rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.shown(one)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column.number)
        if role == Qt.ItemDataRole.FontRole:
            return _digits() if column.number else None
        if role == Qt.ItemDataRole.ForegroundRole:
            tint = column.tint(one) if column.tint is not None else ""
            return theme.colour(tint) if tint else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(one) if self._tip is not None else str(column.words(one)) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title}：{column.shown(one) or '空'}"
        return None


def _side(number: bool) -> int:
    side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _digits() -> QFont:
    return digits()


@cache
def _spoken() -> Callable[[str], Any]:
    """Chinese by its reading, numbers in it by their value: what a clerk knows from a spreadsheet."""
    collator = QCollator(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    collator.setNumericMode(True)
    return cmp_to_key(collator.compare)
