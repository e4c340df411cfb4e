"""A grid: one register as a spreadsheet, with totals below and a line that says what is wrong with the cell one stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from db.ledger.change import Outcome
from db.schema.record import Schema
from desktop_app.gui import grid_keys, grid_unknown, paste_read
from desktop_app.gui.grid_cursor import GridCursor
from desktop_app.gui.grid_deeds import GridDeeds
from desktop_app.gui.grid_look import GridLook
from desktop_app.gui.grid_model import Extra, GridModel
from desktop_app.gui.grid_rows import Reckon, nothing_reckoned
from desktop_app.gui.grid_said import GridSaid
from desktop_app.gui.grid_totals import TotalsRow
from desktop_app.gui.grid_typing import Start
from desktop_app.gui.grid_view import GridTable
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import column as in_column


class Grid(QWidget):
    """The rows of a schema, typed into, sorted, filtered and added up."""

    left = Signal(str)
    """The id of the row one leaves, before it is saved."""
    shown = Signal(str)
    """The id of the row one stands on ("" in the entry row)."""
    paste_wanted = Signal(str)
    """Several rows lie in the clipboard and are to be put here."""
    changed = Signal()
    """Other rows are shown, or their number is another one."""
    register_wanted = Signal(str)
    """A cell points at a row that is not there: the register in which it is added."""

    def __init__(
        self,
        session: Session,
        schema: Schema,
        *,
        start: Start = dict,
        extra: Sequence[Extra] = (),
        reckon: Reckon = nothing_reckoned,
        read_only: bool = False,
    ) -> None:
        super().__init__()
        self.session = session
        self.schema = schema
        self.model = GridModel(
            session, schema, start=start, extra=extra, reckon=reckon, read_only=read_only, parent=self
        )
        self.deeds = GridDeeds(self.model)
        self.table = GridTable(self.model, lambda event: grid_keys.pressed(self, event))
        self.totals = TotalsRow(self.table, self.model)
        self.look = GridLook(session, schema, self.model, self.table)
        self.place = GridCursor(self.model, self.table)
        self.said = GridSaid(self.model, self.place, self.deeds)
        layout = in_column(self, (0, 0, 0, 0), 0)
        for part in (self.table, self.totals, self.said):
            layout.addWidget(part, 1 if part is self.table else 0)
        self.setFocusProxy(self.table)
        self._connect()

    def _connect(self) -> None:
        for table in (self.table, self.table.frozen):
            table.editing.ended.connect(lambda key, modifiers: grid_keys.ended(self, key, modifiers))
            table.customContextMenuRequested.connect(lambda at, table=table: self.look.menu(self, table, at))
        self.table.selectionModel().currentChanged.connect(self._moved)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.said.count_soon())
        self.model.dataChanged.connect(lambda *_: self.said.tell())
        self.model.modelReset.connect(self._put_back)
        self.model.rows.counted.connect(self.totals.show_totals)
        self.model.rows.counted.connect(lambda _totals: self.changed.emit())
        self.deeds.stands.connect(self.said.stand)
        self.look.viewed.connect(self._view)
        self.look.refused.connect(self.said.stand)
        self.said.add_wanted.connect(lambda one: grid_unknown.add(self, one))
        self.look.gone.connect(lambda: self.place.go(0, self.place.columns()[:1]))

    # -- moving -------------------------------------------------------------------------------------------------------

    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        if not self.place.stepping:
            self.place.start_of_run = -1
        for table in (self.table, self.table.frozen):
            table.viewport().update()
        if before.isValid() and before.row() != now.row() and before.row() < self.model.rowCount():
            self.left.emit(self.model.rows.identifier(before.row()))
            self.deeds.save(before.row())
        if now.isValid() and (not before.isValid() or before.row() != now.row()):
            self.shown.emit(self.model.rows.identifier(now.row()))
        if now.isValid() and QApplication.focusWidget() in (self.table, self.table.frozen):
            self.table.table_of(now.column()).setFocus()
        self.said.tell()

    def _put_back(self) -> None:
        """After other rows are shown one stands at the top again."""
        self.changed.emit()

    # -- doing -------------------------------------------------------------------------------------------------------

    def write(self, words: str) -> None:
        """Types words into the cell one stands on."""
        self.deeds.type(self.place.row(), {self.place.column(): words})

    def fill(self) -> None:
        """Ctrl+D: copies from the row above."""
        self.deeds.fill(*self.place.block())

    def empty(self) -> None:
        """Del: empties the chosen cells."""
        self.deeds.empty(*self.place.block())

    def remove(self) -> None:
        """Ctrl+-: deletes the chosen rows."""
        first, last, _columns = self.place.block()
        if not self.model.read_only and first >= 0:
            self.deeds.remove(first, last)

    def revert(self) -> None:
        """Esc: what is typed in the cell one stands on and not saved is as it was."""
        row, column = self.place.row(), self.place.column()
        field = self.model.fields[column] if 0 <= column < len(self.model.fields) else None
        draft = self.model.rows.drafts.of(self.model.rows.identifier(row)) if row >= 0 else None
        if field is not None and draft is not None and field.name in draft.typed:
            self.model.typing.set(row, {field.name: self.model.typing.kept(row, field)})

    def copy(self, *, headed: bool = False) -> None:
        """Ctrl+C: the chosen cells, as a spreadsheet understands them."""
        first, last, columns = self.place.block()
        if first >= 0:
            QGuiApplication.clipboard().setText(self.deeds.copied(first, last, columns, headed=headed))

    def paste(self) -> None:
        """Ctrl+V: cells of one row are typed in; several rows are looked at first."""
        text = QGuiApplication.clipboard().text()
        first, last, columns = self.place.block()
        block = paste_read.cells(text)
        if self.model.read_only or first < 0 or not block:
            return
        if len(block) > 1:
            self.paste_wanted.emit(text)
        elif len(block[0]) == 1 and (last > first or len(columns) > 1):
            self.deeds.spread(first, last, columns, block[0][0])
        else:
            following = [one for one in self.place.columns() if one >= columns[0]]
            self.deeds.type(first, dict(zip(following, block[0], strict=False)))

    def undo(self) -> None:
        """Ctrl+Z: takes back what was typed last and is not saved, else the last deed."""
        identifier = self.model.typing.step_back()
        if not identifier:
            self.session.undo()

    def redo(self) -> None:
        """Ctrl+Y."""
        self.session.redo()

    # -- what the page asks ------------------------------------------------------------------------------------------

    def new(self) -> None:
        """Goes to the entry row."""
        self.place.go(self.model.rowCount() - 1, self.place.typable()[:1])

    def save(self) -> bool:
        """Saves the row one stands on, and every other that is typed into; False when something stands against one."""
        QGuiApplication.inputMethod().commit()
        self._close_cell()
        rows = [self.model.rows.row_of(one) for one in self._drafted()]
        saved = [self.deeds.save(row) for row in rows if row is not None]
        return all(saved)

    def _drafted(self) -> list[str]:
        return [identifier for (name, identifier) in self.session.drafts if name == self.schema.name]

    def _close_cell(self) -> None:
        for table in (self.table, self.table.frozen):
            table.editing.finish()

    def leave(self) -> None:
        """Another register or page will be shown: what can be saved is saved, the rest stays typed."""
        QGuiApplication.inputMethod().commit()
        self._close_cell()
        if self.place.row() >= 0:
            self.deeds.save(self.place.row())

    def look_up(self) -> None:
        """Ctrl+F: to the filters, which are shown."""
        self.look.look_up(max(self.place.column(), 0))

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        if any(name != self.schema.name for name, _identifier in outcome.touched):
            self.model.typing.judge_again()
        self.model.rows.hear(outcome)

    def set_marks(self, marks: Mapping[str, tuple[str, str]]) -> None:
        """Findings of rows, by row id: severity and sentence."""
        self.model.set_marks(marks)

    def _view(self) -> None:
        self.deeds.stands.emit("")
        if self.place.row() >= 0:
            self.deeds.save(self.place.row())
        self.model.rows.show(self.look.view())
