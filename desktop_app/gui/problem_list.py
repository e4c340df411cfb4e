"""The list of problems: filters above, lines or a table below, several of them chosen at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_app.gui.problem_filters import ProblemFilters
from desktop_app.gui.problem_model import COLUMNS, SORTS, ProblemsModel
from desktop_app.gui.problem_paint import HEADING, LOW, TALL, TINTS, ProblemDelegate
from desktop_app.gui.widgets import column, label
from desktop_app.rectification.overview import ProblemRow
from desktop_app.rectification.problem_list import Shown

__all__ = ["TINTS", "ProblemList"]

WIDTHS = (280, 110, 130, 120, 90, 140, 100, 60, 80)
"""Pixels of the columns of the table at first."""
HELD = 5_000
"""So many chosen problems stay chosen when other ones are shown."""


class ProblemsView(QTableView):
    """Lines of problems, or a table of them. A heading folds by a click, by Space, by → and ←."""

    folded = Signal(int)
    """The row of a heading that is to be folded or unfolded."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        model, row = self.model(), self.currentIndex().row()
        if isinstance(model, ProblemsModel) and row >= 0 and (group := model.group(row)) is not None:
            closed = group.key in model.folded
            wanted = {Qt.Key.Key_Space: True, Qt.Key.Key_Return: True, Qt.Key.Key_Enter: True}
            wanted |= {Qt.Key.Key_Right: closed, Qt.Key.Key_Left: not closed}
            if event.key() in wanted:
                if wanted[Qt.Key(event.key())]:
                    self.folded.emit(row)
                return
        super().keyPressEvent(event)


class ProblemList(QWidget):
    """Filters and the list; tells which problem is chosen, and what is asked for."""

    chosen = Signal(str)
    asked = Signal()
    """Another look is asked for."""
    picked = Signal()
    """Other problems are chosen together."""
    opened = Signal()
    """The chosen problem is to be worked on."""

    def __init__(self) -> None:
        super().__init__()
        self.model = ProblemsModel()
        self.filters = ProblemFilters()
        self.search, self.category, self.state = (
            self.filters.search,
            self.filters.chips["categories"],
            self.filters.chips["states"],
        )
        self.as_table = False
        self.view = ProblemsView()
        self._delegate = ProblemDelegate(self._several_units, lambda: self.as_table)
        self.nothing = label("", "hint", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._quiet = False
        self._headings: list[int] = []
        self._prepare()
        layout = column(self, spacing=8)
        layout.addWidget(self.filters)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.nothing, 1)
        self.nothing.hide()
        self.show_table(False)

    def _prepare(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setMouseTracking(True)
        view.setShowGrid(False)
        view.setTabKeyNavigation(False)
        view.setCornerButtonEnabled(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setAccessibleName("问题列表")
        view.verticalHeader().hide()
        view.verticalHeader().setMinimumSectionSize(HEADING)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(56)
        header.sectionClicked.connect(self._sort)
        view.selectionModel().currentChanged.connect(self._moved)
        view.selectionModel().selectionChanged.connect(lambda *_some: self._tell_picked())
        view.doubleClicked.connect(lambda _index: self.opened.emit())
        view.clicked.connect(self._clicked)
        view.folded.connect(self._fold)
        view.installEventFilter(self)
        self.filters.changed.connect(self.asked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes into the form."""
        pressed = event.key() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else 0
        if pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current():
            self.opened.emit()
            return True
        return super().eventFilter(watched, event)

    # -- showing -----------------------------------------------------------------------------------------------------

    def show_shown(self, shown: Shown, lines: Mapping[str, ProblemRow], begun: Sequence[ProblemRow] = ()) -> None:
        """Shows these problems; those that are chosen stay chosen where they are still shown."""
        current, picked = self.current(), self.picked_ids() if self.picked_count() <= HELD else []
        heading = self.model.group(self.view.currentIndex().row()) if self.on_heading() else None
        across, down = self.view.horizontalScrollBar().value(), self.view.verticalScrollBar().value()
        self._quiet = True
        other = self.model.show(shown, lines, begun)
        if other:
            self._settle(current, picked)
            row = self.model.row_of(heading.key) if heading is not None else -1
            if row >= 0:
                self.view.setCurrentIndex(self.model.index(row, 0))
            self.view.horizontalScrollBar().setValue(across)
            self.view.verticalScrollBar().setValue(down)
        self._quiet = False
        self._show_order()
        empty = not self.model.rowCount()
        self.view.setVisible(not empty)
        self.nothing.setVisible(empty)
        self.nothing.setText("没有符合筛选的问题。" if shown.all else "还没有问题。\n按 Ctrl+N 新建，或导入旧通报。")
        if other:
            self.picked.emit()

    def _settle(self, current: str, picked: Sequence[str]) -> None:
        """After other rows are shown: heights of the headings, the chosen ones."""
        self._heights()
        place = self.model.place(current) if current else QModelIndex()
        model = self.view.selectionModel()
        if place.isValid():
            model.setCurrentIndex(place, QItemSelectionModel.SelectionFlag.NoUpdate)
        selection = QItemSelection()
        for one in picked or ([current] if current else []):
            at = self.model.place(one)
            if at.isValid():
                selection.select(at, at.siblingAtColumn(len(COLUMNS) - 1))
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _heights(self) -> None:
        """Headings are low; the rows that were headings are as high as all others again."""
        for row in self._headings:
            self.view.setRowHeight(row, LOW if self.as_table else TALL)
        self._headings = self.model.headings()[:HELD]
        for row in self._headings:
            self.view.setRowHeight(row, LOW if self.as_table else HEADING)

    def _several_units(self) -> bool:
        return len({one.unit for one in list(self.model._lines.values())[:400] if one.unit}) > 1

    def show_table(self, on: bool) -> None:
        """Shows a table with a column for each thing, or lines of two rows."""
        self.as_table = on
        view, header = self.view, self.view.horizontalHeader()
        header.setVisible(on)
        for at in range(1, len(COLUMNS)):
            view.setColumnHidden(at, not on)
        if on:
            header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            for at, wide in enumerate(WIDTHS):
                view.setColumnWidth(at, wide)
            header.setStretchLastSection(True)
        else:
            header.setStretchLastSection(False)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if on else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        view.setHorizontalScrollBarPolicy(policy)
        view.verticalHeader().setDefaultSectionSize(LOW if on else TALL)
        self._heights()
        view.viewport().update()
        current = view.currentIndex()
        if current.isValid():
            QTimer.singleShot(0, view, lambda: view.scrollTo(view.currentIndex()))

    def _show_order(self) -> None:
        look, header = self.model.shown.look, self.view.horizontalHeader()
        by = SORTS.index(look.sorting) if look.sorting in SORTS else -1
        header.setSortIndicatorShown(by >= 0)
        order = Qt.SortOrder.DescendingOrder if look.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(by, order)

    def _sort(self, at: int) -> None:
        if SORTS[at]:
            self.filters.sort(SORTS[at])

    # -- folding -----------------------------------------------------------------------------------------------------

    def _clicked(self, index: QModelIndex) -> None:
        if self.model.group(index.row()) is not None:
            self._fold(index.row())

    def _fold(self, row: int) -> None:
        group = self.model.group(row)
        if group is not None:
            self._set_folded(self.model.folded ^ {group.key})
            self.view.setCurrentIndex(self.model.index(row, 0))

    def fold_all(self, closed: bool) -> None:
        """Folds every heading, or none."""
        self._set_folded({one.key for one in self.model.shown.groups} if closed else set())

    def _set_folded(self, keys: set[str]) -> None:
        current, picked = self.current(), self.picked_ids() if self.picked_count() <= HELD else []
        self._quiet = True
        self.model.fold(keys)
        self._settle(current, picked)
        self._quiet = False
        self.picked.emit()

    def _tell_picked(self) -> None:
        if not self._quiet:
            self.picked.emit()

    # -- choosing ----------------------------------------------------------------------------------------------------

    def current(self) -> str:
        """The id of the chosen problem; "" when none is."""
        index = self.view.currentIndex()
        return self.model.identifier(index.row()) if index.isValid() else ""

    def on_heading(self) -> bool:
        """Whether the cursor stands on a heading."""
        index = self.view.currentIndex()
        return index.isValid() and self.model.group(index.row()) is not None

    def picked_count(self) -> int:
        """How many problems are chosen together, without asking which."""
        some = self.view.selectionModel().selection().toList()
        if not self.model.shown.groups and not self.model.begun:
            return sum(one.bottom() - one.top() + 1 for one in some)
        return len(self.picked_ids())

    def picked_ids(self) -> list[str]:
        """The ids of the problems chosen together that are in the ledger, in order."""
        rows: set[int] = set()
        for some in self.view.selectionModel().selection().toList():
            rows.update(range(some.top(), some.bottom() + 1))
        begun = {one.id for one in self.model.begun}
        if not self.model.shown.groups and not begun:
            return [self.model.shown.ids[row] for row in sorted(rows)]
        found = (self.model.identifier(row) for row in sorted(rows))
        return [one for one in found if one and one not in begun]

    def choose(self, identifier: str, *, quiet: bool = False) -> None:
        """Chooses a problem; ``quiet`` tells nobody."""
        model = self.view.selectionModel()
        was = model.blockSignals(quiet)
        place = self.model.place(identifier)
        self.view.setCurrentIndex(place)
        if not place.isValid():
            model.clear()
        model.blockSignals(was)
        self.view.viewport().update()

    def near(self) -> list[str]:
        """The ids of the problems that are in view, and around."""
        first = max(self.view.rowAt(0), 0)
        last = self.view.rowAt(self.view.viewport().height() - 1)
        found = (self.model.identifier(row) for row in range(max(0, first - 20), (last if last >= 0 else first) + 40))
        return [one for one in found if one]

    def step(self, by: int) -> None:
        """Chooses the next problem, or the one before; headings are passed over."""
        index = self.view.currentIndex()
        at = index.row() + by if index.isValid() else 0
        while 0 <= at < self.model.rowCount() and self.model.group(at) is not None:
            at += 1 if by >= 0 else -1
        if 0 <= at < self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(at, 0))

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        identifier = self.model.identifier(now.row()) if now.isValid() else ""
        if identifier and not self._quiet:
            self.chosen.emit(identifier)
