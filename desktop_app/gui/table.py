"""The one table of the window for lists that are looked at (rows that are typed into: ``grid``).

A page says its columns once and shows rows; the rest is the same everywhere: a heading that stays and sorts (up, down, as it
was), rows of 36 pixels, the first column kept when the others are scrolled, the row under the mouse and the chosen ones marked,
widths from the first rows and, once dragged, remembered for each ledger, Enter and double click open, Home and End, Ctrl+C and a
menu copy what a spreadsheet takes, and where there is nothing one sentence and one button::

    table = Table([Column("单位", lambda one: one.unit), Column("条数", lambda one: one.count, number=True)], "往来单位")
    table.remember(session, "peers")
    pane = TablePane(table, "还没有往来单位。", button("收…", self.receive))
    table.picked.connect(self._picked)          # table.chosen(), table.selected()
    table.opened.connect(self._open)            # one row, as it was given
    pane.show_rows(rows)                        # pane.show_rows((), "没有符合筛选的。")

Rows are plain values of any sort; ``same`` tells which of two readings is the same thing (by default: equal rows), so that what
was chosen stays chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QMenu, QPushButton, QStackedWidget, QTableView

from desktop_app.gui import grid_memory
from desktop_app.gui.session import Session
from desktop_app.gui.table_look import ROW, FixedColumn, RowPainter, dress
from desktop_app.gui.table_rows import Column, TableRows
from desktop_app.gui.theme import digits
from desktop_app.gui.widgets import column, label, row

__all__ = ["Column", "Table", "TablePane"]

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
SAMPLE = 60
"""Rows by which the widths are measured."""
_PAD = 26
"""Pixels of a cell beside its words."""
_PATIENCE = 800


class Table(QTableView, Generic[T]):
    """Rows in columns."""

    picked = Signal()
    """Other rows are chosen, or the chosen ones were read again."""
    opened = Signal(object)
    """Enter or a double click on this row."""

    def __init__(
        self,
        columns: Sequence[Column[T]],
        name: str,
        *,
        many: bool = False,
        tip: Callable[[T], str] | None = None,
        same: Callable[[T], object] | None = None,
    ) -> None:
        super().__init__()
        self.source: TableRows[T] = TableRows(columns, tip)
        self._same = same or (lambda one: one)
        self._memory = ""
        self._widths: dict[str, int] = {}
        self._measured = False
        self._fitting = False
        self._painter = RowPainter(self)
        self.setModel(self.source)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(name)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        dress(self)
        self.fixed = FixedColumn(self, self._painter)
        self._keeping = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._keeping.timeout.connect(self._keep)
        self.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit())
        self.horizontalHeader().sectionResized.connect(self._dragged)
        self.horizontalScrollBar().rangeChanged.connect(lambda *_: self.fixed.place())
        self.verticalHeader().geometriesChanged.connect(self.fixed.place)
        for one in (self, self.fixed):
            one.activated.connect(self._open)
            one.customContextMenuRequested.connect(lambda at, one=one: self._menu(one, at))
            one.entered.connect(lambda index: self._hover(index.row()))
            one.viewportEntered.connect(lambda: self._hover(-1))
            head = one.horizontalHeader()
            head.sectionClicked.connect(self.sort)
            head.customContextMenuRequested.connect(
                lambda at, head=head: self._head_menu(head.logicalIndexAt(at), head.mapToGlobal(at))
            )
        self.fixed.horizontalHeader().sectionResized.connect(lambda at, _was, now: self._widen(at, now))

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> list[T]:
        """The rows as they stand from the top."""
        return self.source.rows

    def show_rows(self, rows: Sequence[T], *, first: bool = True) -> None:
        """Shows rows. What was chosen stays chosen, else the one that took its place; ``first`` chooses one where none was."""
        self._keeping_chosen(lambda: self.source.show(rows), first=first)
        self.picked.emit()
        if rows and not self._measured:
            self._measured = True
            self._fit()

    def _keeping_chosen(self, act: Callable[[], None], *, first: bool = False) -> None:
        before, at, scrolled = self.selected(), self.currentIndex().row(), self.verticalScrollBar().value()
        model = self.selectionModel()
        was = model.blockSignals(True)
        act()
        wanted = {self._same(one) for one in before}
        found = [place for place, one in enumerate(self.rows) if self._same(one) in wanted] if wanted else []
        if not found and self.rows and (first or before):
            found = [min(max(at, 0), len(self.rows) - 1)]
        self._select(found)
        model.blockSignals(was)
        self.verticalScrollBar().setValue(scrolled)
        if found:
            self.scrollTo(self.source.index(found[0], 0))
        self.viewport().update()
        self.fixed.viewport().update()

    def _select(self, places: Sequence[int]) -> None:
        flags = QItemSelectionModel.SelectionFlag
        model = self.selectionModel()
        model.clear()
        for number, place in enumerate(places):
            index = self.source.index(place, 0)
            model.select(index, flags.Select | flags.Rows)
            if not number:
                model.setCurrentIndex(index, flags.NoUpdate)

    def selected(self) -> list[T]:
        """The chosen rows, from the top."""
        picked = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return [self.rows[at] for at in picked if at < len(self.rows)]

    def chosen(self) -> T | None:
        """The chosen row, the first of several."""
        found = self.selected()
        return found[0] if found else None

    def choose(self, wanted: Callable[[T], bool]) -> bool:
        """Chooses the rows of which that is true; whether there are any."""
        found = [at for at, one in enumerate(self.rows) if wanted(one)]
        model = self.selectionModel()
        was = model.blockSignals(True)
        self._select(found)
        model.blockSignals(was)
        if found:
            self.scrollTo(self.source.index(found[0], 0))
        self.viewport().update()
        self.picked.emit()
        return bool(found)

    def step(self, by: int) -> None:
        """Chooses the next row, or the one before."""
        picked = self.selectionModel().selectedRows()
        at = (picked[0].row() if picked else -1) + by
        if 0 <= at < len(self.rows):
            self.selectRow(at)

    def sort(self, at: int) -> None:
        """Sorts by a column: first up, then down, then as the rows came."""
        now, down = self.source.sorted
        self.sort_by(*((at, False) if now != at else (-1, False) if down else (at, True)))

    def sort_by(self, at: int, down: bool = False) -> None:
        """Sorts by a column; -1 gives the order back in which the rows came."""
        if at < 0 or self.source.columns[at].sorts:
            self._keeping_chosen(lambda: self.source.sort_by(at, down))

    # -- the clipboard and menus ---------------------------------------------------------------------------------------

    def copy(self, *, headed: bool = False) -> None:
        """The chosen rows as a spreadsheet takes them: tabs between cells, a line for each row."""
        from desktop_app.gui.grid_deeds import quoted

        columns = self.source.columns
        lines = [[one.title for one in columns]] if headed else []
        lines += [[str(one.words(found)).strip() for one in columns] for found in self.selected()]
        QGuiApplication.clipboard().setText("\n".join("\t".join(quoted(cell) for cell in line) for line in lines))

    def _menu(self, table: QTableView, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copies = [
            menu.addAction("复制\tCtrl+C", self.copy),
            menu.addAction("连同表头复制", lambda: self.copy(headed=True)),
        ]
        for action in copies:
            action.setEnabled(bool(self.selected()))
        if self.selectionMode() == QAbstractItemView.SelectionMode.ExtendedSelection:
            menu.addAction("全选\tCtrl+A", self.selectAll)
        orders = menu.addMenu("排序")
        for place, one in enumerate(self.source.columns):
            if one.sorts:
                orders.addAction(f"按{one.title}", lambda place=place: self.sort_by(place))
        orders.addAction("原来的次序", lambda: self.sort_by(-1))
        menu.popup(table.viewport().mapToGlobal(at))

    def _head_menu(self, at: int, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if at >= 0 and self.source.columns[at].sorts:
            menu.addAction("升序", lambda: self.sort_by(at))
            menu.addAction("降序", lambda: self.sort_by(at, True))
        menu.addAction("原来的次序", lambda: self.sort_by(-1))
        menu.addAction("列宽照内容", self.fit_again)
        menu.popup(place)

    # -- widths --------------------------------------------------------------------------------------------------------

    def remember(self, session: Session, name: str) -> None:
        """Remembers the widths that are dragged for this ledger, under this name."""
        self._memory = f"{session.ledger.path.absolute()}|{name}"
        self._widths = dict(grid_memory.load(self._memory).widths)
        self._fit()

    def fit_again(self) -> None:
        """Widths by what the rows hold, whatever was dragged."""
        self._widths = {}
        self._fit()
        self._keeping.start()

    def _fit(self) -> None:
        """Widths by what the first rows hold; those that were dragged stay; the wide column takes the room that is left."""
        self._fitting = True
        cells, heads = QFontMetricsF(digits()), QFontMetricsF(digits(12))
        widths, wide = [], -1
        for at, one in enumerate(self.source.columns):
            words = [cells.horizontalAdvance(one.shown(found)) for found in self.rows[:SAMPLE]]
            needed = int(max([heads.horizontalAdvance(one.title) + 14, *words])) + _PAD
            widths.append(self._widths.get(one.title) or max(one.least, min(one.most, needed)))
            wide = at if one.wide else wide
        if wide >= 0:
            rest = self.viewport().width() - sum(widths) + widths[wide]
            widths[wide] = max(self.source.columns[wide].least, rest)
        for at, width in enumerate(widths):
            self.setColumnWidth(at, width)
        self._fitting = False
        self.fixed.place()

    def _widen(self, at: int, now: int) -> None:
        if at == 0 and not self._fitting and self.columnWidth(0) != now:
            self.setColumnWidth(0, now)

    def _dragged(self, at: int, _was: int, now: int) -> None:
        if self._fitting or not self.isVisible():
            return
        one = self.source.columns[at]
        if not one.wide:
            self._widths[one.title] = max(grid_memory.NARROWEST, min(grid_memory.WIDEST, now))
            self._keeping.start()
            self._fit()
        self.fixed.place()

    def _keep(self) -> None:
        if self._memory:
            grid_memory.save(self._memory, grid_memory.Looks(dict(self._widths)))

    # -- keys and mouse ------------------------------------------------------------------------------------------------

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.rows[index.row()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:  # Home and End: to the first row and the last
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: len(self.rows) - 1}
        if action in ends and self.rows:
            return self.source.index(ends[action], max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, at: int) -> None:
        if at != self._painter.hovered:
            self._painter.hovered = at
            self.viewport().update()
            self.fixed.viewport().update()

    def sizeHint(self) -> QSize:
        """The heading and a few rows: it takes what room there is, and asks for little."""
        return QSize(360, self.horizontalHeader().sizeHint().height() + 2 * ROW + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """A row comes into sight without the columns being moved."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if index.column() == 0:
            bar.setValue(before)


class Blank(QFrame):
    """Where there is nothing to show: one sentence, and at most one button."""

    def __init__(self, sentence: str, act: QPushButton | None = None) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.words = label(sentence, "hint", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.act = act
        layout = column(self, (48, 24, 48, 24), 16)
        layout.addStretch(1)
        layout.addWidget(self.words)
        if act is not None:
            layout.addLayout(row(1, act, 1))
        layout.addStretch(2)


class TablePane(QStackedWidget, Generic[T]):
    """A table, or where it has no rows the sentence that says why, with the button that helps."""

    def __init__(self, table: Table[T], sentence: str, act: QPushButton | None = None) -> None:
        super().__init__()
        self.table = table
        self.sentence = sentence
        self.blank = Blank(sentence, act)
        self.addWidget(self.blank)
        self.addWidget(table)

    def show_rows(self, rows: Sequence[T], sentence: str = "", *, first: bool = True) -> None:
        """Shows rows; where there are none, the sentence (with it no button helps: other filters do)."""
        self.table.show_rows(rows, first=first)
        self.blank.words.setText(sentence or self.sentence)
        if self.blank.act is not None:
            self.blank.act.setVisible(not sentence)
        self.setCurrentWidget(self.table if rows else self.blank)

    def say(self, sentence: str) -> None:
        """Shows a sentence in place of the table."""
        self.show_rows((), sentence)
