"""The grid's model: what each cell shows, what is typed into it and what is wrong with it. It names no record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer

from db.ledger.change import new_id
from db.schema.kinds import Kind
from db.schema.record import Field, Schema
from desktop_app.gui import grid_cells
from desktop_app.gui.grid_cells import Lines
from desktop_app.gui.grid_rows import GridRows, Reckon, nothing_reckoned
from desktop_app.gui.grid_typing import Start, Typing, begins_with
from desktop_app.gui.session import Session
from desktop_app.rectification.rows import Order

CELL = int(Qt.ItemDataRole.UserRole) + 1
"""Role: the ``Cell`` to be painted."""
Index = QModelIndex | QPersistentModelIndex
_SEEN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_TYPED = _SEEN | Qt.ItemFlag.ItemIsEditable
ENTRY = "＊"
"""The number of the row in which one begins."""


@dataclass(frozen=True)
class Extra:
    """A column behind those of the schema that nobody types: its name, its label, whether it holds numbers."""

    name: str
    label: str
    numeric: bool


@dataclass(frozen=True)
class Cell:
    """What is painted: words; whether they stand right; the sentence on what is wrong; typed and not saved; computed;
    not read yet; only what a new row would begin with; a finding of the row (severity, sentence)."""

    words: str
    right: bool = False
    wrong: str = ""
    unsaved: bool = False
    computed: bool = False
    loading: bool = False
    faint: bool = False
    mark: tuple[str, str] | None = None
    closed: str = ""
    """That the row is struck off, and when, in words."""


class GridModel(QAbstractTableModel):
    """The cells of a register."""

    def __init__(
        self,
        session: Session,
        schema: Schema,
        *,
        start: Start = dict,
        extra: Sequence[Extra] = (),
        reckon: Reckon = nothing_reckoned,
        read_only: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.schema = schema
        self.fields: list[Field] = [one for one in schema.fields if not one.kind.retired]
        self.extra = list(extra)
        self.read_only = read_only
        self.lines = Lines(session.ledger)
        self.rows = GridRows(session, schema, self.lines, self)
        self.rows.reckon = reckon
        self.typing = Typing(session, schema, self.rows, self.lines, lambda: begins_with(self.fields, start()))
        self._marks: Mapping[str, tuple[str, str]] = {}
        self.closing = ""
        """The field that strikes a row off; "" where none does."""
        self._sorted = (-1, "")
        self._count = 1
        self._repaint = QTimer(self)
        self._repaint.setSingleShot(True)
        self._repaint.setInterval(0)
        self._repaint.timeout.connect(lambda: self._filled(0, self._count - 1))
        self.rows.reset.connect(self._reset)
        self.rows.grown.connect(self._grown)
        self.rows.filled.connect(self._filled)
        session.drafted.connect(self._drafted)
        self._reset()

    # -- rows --------------------------------------------------------------------------------------------------------

    def _reset(self) -> None:
        self.beginResetModel()
        self._adopt()
        self._count = self.rows.count()
        self.endResetModel()

    def _adopt(self) -> None:
        """Rows begun earlier stand behind the last one."""
        for identifier in [] if self.read_only else self.rows.drafts.begun():
            if identifier not in self.rows.tail:
                self.rows.tail.append(identifier)

    def _grown(self, _before: int, now: int) -> None:
        """There are more rows of the ledger, or fewer: they are put in or taken away before those begun here."""
        more = self.rows.count() - self._count
        if more > 0:
            self.beginInsertRows(QModelIndex(), now - more, now - 1)
            self._count += more
            self.endInsertRows()
        elif more < 0:
            self.beginRemoveRows(QModelIndex(), now, now - more - 1)
            self._count += more
            self.endRemoveRows()
        self._filled(0, self._count - 1)

    def _filled(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(min(last, self._count - 1), self.columnCount() - 1))

    def _drafted(self) -> None:
        """A form or the grid was typed into: what is begun elsewhere is shown here too."""
        fresh = [] if self.read_only else [one for one in self.rows.drafts.begun() if one not in self.rows.tail]
        if fresh:
            at = self._count - 1
            self.beginInsertRows(QModelIndex(), at, at + len(fresh) - 1)
            self.rows.tail += fresh
            self._count += len(fresh)
            self.endInsertRows()
        for identifier in [one for one in self.rows.tail if self.rows.drafts.of(one) is None]:
            row = self.rows.row_of(identifier)
            if row is not None and self.rows.record(row) is None:
                self.beginRemoveRows(QModelIndex(), row, row)
                self.rows.forget(identifier)
                self._count -= 1
                self.endRemoveRows()
        self._repaint.start()

    def set_marks(self, marks: Mapping[str, tuple[str, str]]) -> None:
        """Findings of rows, by row id: severity (``hard``, ``soft``) and a sentence; shown in the first column."""
        self._marks = marks
        self._filled(0, self._count - 1)

    def set_sorted(self, column: int, order: Order | None) -> None:
        """The sign of sorting stands behind the label of its column."""
        self._sorted = (column, " ↓" if order is not None and order.descending else " ↑")
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    # -- cells -------------------------------------------------------------------------------------------------------

    def kind(self, column: int) -> Kind[Any] | None:
        """The kind of a column; None for one that is reckoned."""
        return self.fields[column].kind if column < len(self.fields) else None

    def column_of(self, name: str) -> int:
        """The column of a field; -1 for a field that is not shown."""
        return next((at for at, one in enumerate(self.fields) if one.name == name), -1)

    def can_type(self, row: int, column: int) -> bool:
        """Whether a cell can be typed into."""
        kind = self.kind(column)
        return not self.read_only and kind is not None and grid_cells.editable(kind) and not self.rows.loading(row)

    def words(self, row: int, column: int) -> str:
        """What a cell shows: what is typed, else what is kept."""
        if column < len(self.fields):
            return self.typing.words(row, self.fields[column])
        return self.rows.reckoned.get(self.rows.identifier(row), {}).get(self.extra[column - len(self.fields)].name, "")

    def wrong(self, row: int, column: int) -> str:
        """What is wrong with a cell, as a sentence; "" when nothing is."""
        return self.typing.wrong(row, self.fields[column]) if column < len(self.fields) else ""

    def cell(self, row: int, column: int) -> Cell:
        """A cell as it is painted."""
        kind = self.kind(column)
        if kind is None:
            return Cell(self.words(row, column), right=self.extra[column - len(self.fields)].numeric, computed=True)
        right = grid_cells.numeric(kind)
        if self.rows.loading(row):
            return Cell("…" if column == 0 else "", loading=True)
        identifier = self.rows.identifier(row)
        if not identifier:
            begins = "" if self.read_only else self.typing.start().get(self.fields[column].name, "")
            return Cell(grid_cells.words_typed(kind, begins, self.lines), right, faint=True)
        mark = self._marks.get(identifier) if column == 0 else None
        unsaved = self.typing.typed(row, self.fields[column].name) is not None
        return Cell(
            self.words(row, column),
            right,
            self.wrong(row, column) if unsaved else "",
            unsaved,
            not grid_cells.editable(kind),
            mark=mark,
            closed=self._closed(row) if column == 0 else "",
        )

    def _closed(self, row: int) -> str:
        """That a row is struck off, and when; "" for one that is open."""
        record = self.rows.record(row) if self.closing else None
        day = getattr(record, self.closing, None) if record is not None else None
        return "" if day is None else f"已销号，{str(day)[:10]}"

    # -- typing ------------------------------------------------------------------------------------------------------

    def type(self, row: int, changes: Mapping[int, str]) -> str:
        """Types states into cells of a row, by column; in the entry row a row begins. Returns the row's id."""
        identifier = self.rows.identifier(row) or self._begin(row)
        self.typing.set(row, {self.fields[column].name: typed for column, typed in changes.items()})
        self._filled(row, row)
        return identifier

    def write(self, row: int, changes: Mapping[int, str]) -> str:
        """Takes over words typed into cells of a row: what is readable is written the way its kind writes it, the rest
        stays as it is."""
        return self.type(row, {column: self.typing.state(row, self.fields[column], w) for column, w in changes.items()})

    def _begin(self, row: int) -> str:
        """The entry row becomes a row, and a new entry row stands below it."""
        identifier = new_id()
        start = {name: state for name, state in self.typing.start().items() if state}
        self.beginInsertRows(QModelIndex(), row + 1, row + 1)
        self.rows.begin(identifier)
        self._count += 1
        if start:
            self.rows.drafts.keep(identifier, start, new=True)
        self.endInsertRows()
        return identifier

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.fields) + len(self.extra)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _TYPED if self.can_type(index.row(), index.column()) else _SEEN

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == CELL:
            return self.cell(row, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.words(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            mark = self._marks.get(self.rows.identifier(row)) if column == 0 else None
            if mark is None and column == 0 and self._closed(row):
                return self._closed(row)
            return self.wrong(row, column) or (mark[1] if mark else self.words(row, column)) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.label(column)}：{self.words(row, column)}{self.wrong(row, column)}{self._closed(row) if column == 0 else ''}"
        return None

    def label(self, column: int) -> str:
        """The heading of a column."""
        kind = self.kind(column)
        if kind is None:
            return self.extra[column - len(self.fields)].label
        unit = str(getattr(kind, "unit", "") or "")
        return f"{kind.label}（{unit}）" if unit and unit not in kind.label else kind.label

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return ENTRY if section == self._count - 1 and not self.read_only else str(section + 1)
            return None
        kind = self.kind(section)
        if role == Qt.ItemDataRole.DisplayRole:
            sign = self._sorted[1] if section == self._sorted[0] else ""
            return self.label(section) + (" *" if kind is not None and kind.required else "") + sign
        if role == Qt.ItemDataRole.ToolTipRole and kind is not None:
            return "\n".join(p for p in (self.label(section), "必填" if kind.required else "", kind.help) if p)
        return None
