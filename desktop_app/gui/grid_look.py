"""How a grid is looked at: sorted, filtered, which columns and how wide; widths and columns are remembered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QMenu

from db.errors import Refusal
from db.schema.composite import Due
from db.schema.kinds import Choice, Day, Moment, Money, Text
from db.schema.links import Ref, Refs
from db.schema.prose import Prose
from db.schema.record import Schema
from desktop_app.gui import grid_filter, grid_memory
from desktop_app.gui.grid_memory import NARROWEST, WIDEST, Looks
from desktop_app.gui.grid_model import GridModel
from desktop_app.gui.grid_paint import PAD
from desktop_app.gui.grid_view import CellTable, GridTable
from desktop_app.gui.session import Session
from desktop_app.gui.theme import digits
from desktop_app.gui.widgets import told
from desktop_app.rectification.rows import Order, View
from desktop_app.rectification.rows_filters import Filter

if TYPE_CHECKING:
    from desktop_app.gui.grid import Grid

SIGNS = 18
"""Pixels in the first column for the sign of a finding."""
SAMPLE = 60
"""Rows by which the widths are measured."""
LEAST, MOST = 72, 320
USUAL: dict[type[Any], tuple[str, ...]] = {
    Text: ("某某某某某某",),
    Prose: ("某某某某某某某某某某某某",),
    Ref: ("某某某某某某某",),
    Refs: ("某某某、某某某、某某某",),
    Day: ("2021-12-31",),
    Moment: ("2021-12-31 23:59",),
    Money: ("1,234,567.00",),
    Due: ("2021年12月底前",),
}
"""What usually stands in a cell of a kind: its column is as wide from the beginning."""


class GridLook(QObject):
    """Order, filters and columns of one grid."""

    viewed = Signal()
    """Another order, or other filters."""
    refused = Signal(str)
    """What is wrong with a filter; "" when nothing is."""
    gone = Signal()
    """From the filters one wants to go to the cells."""
    columns_changed = Signal()

    def __init__(self, session: Session, schema: Schema, model: GridModel, table: GridTable) -> None:
        super().__init__(table)
        self.session = session
        self.schema = schema
        self.model = model
        self.table = table
        self.filters: tuple[Filter, ...] = ()
        """Filters the page asks for, beside those that are typed."""
        self.text = ""
        self.looks: Looks = grid_memory.load(schema.name)
        self._order: tuple[Order, ...] = ()
        self._sized = False
        self._remember = QTimer(self)
        self._remember.setSingleShot(True)
        self._remember.setInterval(800)
        self._remember.timeout.connect(self._save)
        for head in (table.head, table.frozen.head):
            head.sectionClicked.connect(self.sort)
            head.asked.connect(self.viewed)
            head.gone.connect(self.gone)
            head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            head.customContextMenuRequested.connect(lambda at, head=head: self._head_menu(head.logicalIndexAt(at), at))
            head.offer({at: (model.label(at), grid_filter.example(one.kind)) for at, one in enumerate(model.fields)})
        table.head.sectionResized.connect(lambda *_: self._remember.start())
        model.rows.filled.connect(lambda *_: self._size())
        model.modelReset.connect(self._size)
        self._apply()

    # -- order and filters -------------------------------------------------------------------------------------------

    def view(self) -> View:
        """What is to be read."""
        filters = list(self.filters)
        sentence = ""
        for head in (self.table.frozen.head, self.table.head):
            typed = head.texts()
            for column in head.filters:
                try:
                    filters += grid_filter.filters(self.model.fields[column], typed.get(column, ""), self.schema)
                    head.blame(column, "")
                except Refusal as refusal:
                    sentence = sentence or told(refusal)
                    head.blame(column, told(refusal))
        self.refused.emit(sentence)
        return View(self.schema, tuple(filters), self._order, self.session.unit, self.text)

    def filtered(self) -> bool:
        """Whether rows are left out by what was typed here."""
        heads = (self.table.head, self.table.frozen.head)
        return bool(self.filters or self.text.strip() or any(head.texts() for head in heads))

    def sort(self, column: int) -> None:
        """Sorts by a column: first up, then down, then as the rows were entered."""
        if column >= len(self.model.fields):
            return
        name = self.model.fields[column].name
        now = self._order[0] if self._order and self._order[0].field == name else None
        self.sort_by(None if now is not None and now.descending else Order(name, descending=now is not None))

    def sort_by(self, order: Order | None) -> None:
        """Sorts, or shows the rows as they were entered (None)."""
        self._order = (order,) if order is not None else ()
        self.model.set_sorted(self.model.column_of(order.field) if order is not None else -1, order)
        self.viewed.emit()

    def show_filters(self, shown: bool) -> None:
        """Shows the row of filters, or hides it; hidden filters do not count."""
        had = bool(self.table.head.texts() or self.table.frozen.head.texts())
        for head in (self.table.head, self.table.frozen.head):
            head.show_filters(shown)
        for table in (self.table, self.table.frozen):
            table.lay_out()
        self.table.place()
        if had != bool(self.table.head.texts() or self.table.frozen.head.texts()):
            self.viewed.emit()

    def look_up(self, column: int) -> None:
        """To the filter of a column."""
        self.show_filters(True)
        line = {**self.table.head.filters, **self.table.frozen.head.filters}.get(column)
        if line is not None:
            line.setFocus()
            line.selectAll()

    def clear(self) -> None:
        """Shows all rows again."""
        self.filters, self.text = (), ""
        for head in (self.table.head, self.table.frozen.head):
            for line in head.filters.values():
                line.blockSignals(True)
                line.clear()
                line.blockSignals(False)
        self.viewed.emit()

    # -- columns -----------------------------------------------------------------------------------------------------

    def show_column(self, column: int, shown: bool) -> None:
        """Shows a column or hides it; the first one always stays."""
        if column == 0:
            return
        name = self.model.fields[column].name if column < len(self.model.fields) else self._extra(column)
        hidden = {one for one in self.looks.hidden if one != name} | (set() if shown else {name})
        self.looks = Looks(self.looks.widths, tuple(sorted(hidden)))
        self._apply()
        self._remember.start()
        self.columns_changed.emit()

    def _extra(self, column: int) -> str:
        return self.model.extra[column - len(self.model.fields)].name

    def _names(self) -> list[str]:
        return [*(one.name for one in self.model.fields), *(one.name for one in self.model.extra)]

    def _apply(self) -> None:
        for column, name in enumerate(self._names()):
            self.table.setColumnHidden(column, column > 0 and name in self.looks.hidden)
            width = self.looks.widths.get(name)
            if width:
                self.table.setColumnWidth(column, width)
        self.table.place()

    def fill_columns(self, menu: QMenu) -> None:
        """The columns as a menu to tick."""
        menu.clear()
        for column in range(1, self.model.columnCount()):
            action = menu.addAction(self.model.label(column))
            action.setCheckable(True)
            action.setChecked(not self.table.isColumnHidden(column))
            action.toggled.connect(lambda on, column=column: self.show_column(column, on))

    def _size(self) -> None:
        """Widths by what the first rows hold, once; those that were set by hand stay."""
        if self._sized or (self.model.rows.in_ledger() and self.model.rows.loading(0)):
            return
        self._sized = self.model.rows.in_ledger() > 0
        metrics = QFontMetricsF(digits())
        small = QFontMetricsF(digits(12))
        self.table.head.blockSignals(True)
        for column, name in enumerate(self._names()):
            if name in self.looks.widths:
                continue
            head = small.horizontalAdvance(str(self.model.headerData(column, Qt.Orientation.Horizontal))) + 36
            words = [self.model.words(row, column) for row in range(min(self.model.rowCount(), SAMPLE))]
            kind = self.model.kind(column)
            words += USUAL.get(type(kind), ()) if not isinstance(kind, Choice) else kind.of.values()
            cells = [metrics.horizontalAdvance(one) + 2 * PAD + 8 for one in words]
            sign = 0 if column else SIGNS
            self.table.setColumnWidth(column, sign + int(max(LEAST, min(MOST, max([head, *cells])))))
        self.table.head.blockSignals(False)
        self.table.frozen.setColumnWidth(0, self.table.columnWidth(0))
        self.table.lay_out()
        self.table.place()

    def _save(self) -> None:
        """Remembers the widths as they are now."""
        widths = {
            name: max(NARROWEST, min(WIDEST, self.table.columnWidth(column)))
            for column, name in enumerate(self._names())
            if not self.table.isColumnHidden(column)
        }
        self.looks = Looks({**self.looks.widths, **widths}, self.looks.hidden)
        grid_memory.save(self.schema.name, self.looks)

    # -- menus -------------------------------------------------------------------------------------------------------

    def _head_menu(self, column: int, at: QPoint) -> None:
        menu = QMenu(self.table)
        if 0 <= column < len(self.model.fields):
            name = self.model.fields[column].name
            menu.addAction("升序").triggered.connect(lambda: self.sort_by(Order(name)))
            menu.addAction("降序").triggered.connect(lambda: self.sort_by(Order(name, descending=True)))
            menu.addAction("按录入先后").triggered.connect(lambda: self.sort_by(None))
            menu.addSeparator()
            menu.addAction("筛选这一列").triggered.connect(lambda: self.look_up(column))
        if column > 0:
            menu.addAction("隐藏这一列").triggered.connect(lambda: self.show_column(column, False))
        menu.popup(self.table.head.mapToGlobal(at))

    def menu(self, grid: Grid, table: CellTable, at: QPoint) -> None:
        """What can be done with the chosen cells."""
        menu = QMenu(table)
        menu.addAction("复制\tCtrl+C").triggered.connect(partial(grid.copy, headed=False))
        menu.addAction("连同表头复制").triggered.connect(lambda: grid.copy(headed=True))
        if not self.model.read_only:
            menu.addAction("粘贴\tCtrl+V").triggered.connect(grid.paste)
            menu.addSeparator()
            menu.addAction("从上一行复制\tCtrl+D").triggered.connect(grid.fill)
            menu.addAction("清空\tDel").triggered.connect(grid.empty)
            menu.addSeparator()
            first, last, _columns = grid.place.block()
            count = last - first + 1
            menu.addAction(f"删除 {count} 行\tCtrl+-" if count > 1 else "删除这一行\tCtrl+-").triggered.connect(
                grid.remove
            )
        menu.popup(table.viewport().mapToGlobal(at))
