"""What the keys mean in a grid: as in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from db import clock

if TYPE_CHECKING:
    from desktop_app.gui.grid import Grid

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def pressed(grid: Grid, event: QKeyEvent) -> bool:
    """Does what a key means; False when it means nothing here and the table may take it."""
    key, modifiers = Qt.Key(event.key()), event.modifiers()
    for sequence, act in (
        (QKeySequence.StandardKey.Copy, grid.copy),
        (QKeySequence.StandardKey.Paste, grid.paste),
        (QKeySequence.StandardKey.Undo, grid.undo),
        (QKeySequence.StandardKey.Redo, grid.redo),
    ):
        if event.matches(sequence):
            act()
            return True
    if modifiers & _CONTROL:
        return _with_control(grid, key)
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return _with_alt(grid, key)
    return ended(grid, key, modifiers) or _plain(grid, key, extend=bool(modifiers & _SHIFT))


def _with_control(grid: Grid, key: Qt.Key) -> bool:
    today = clock.today(grid.session.ledger.clock).isoformat()
    acts = {
        Qt.Key.Key_D: grid.fill,
        Qt.Key.Key_Semicolon: lambda: grid.write(today),
        Qt.Key.Key_End: lambda: grid.place.begin(grid.model.rowCount() - 1, grid.place.typable()[:1]),
        Qt.Key.Key_Home: lambda: grid.place.begin(0, grid.place.columns()[:1]),
        Qt.Key.Key_Minus: grid.remove,
        Qt.Key.Key_Return: grid.said.add,
        Qt.Key.Key_Enter: grid.said.add,
    }
    act = acts.get(key)
    if act is None:
        return False
    act()
    return True


def _with_alt(grid: Grid, key: Qt.Key) -> bool:
    """Alt+Down opens the list of words in a cell that has one."""
    if key != Qt.Key.Key_Down:
        return False
    grid.place.edit()
    line = grid.place.open_line()
    if line is not None and line.words is not None:
        line.words.offer_all()
    return True


def ended(grid: Grid, key: int, modifiers: object) -> bool:
    """Where one goes after typing ended with a key, or when the key is pressed on a cell."""
    back = isinstance(modifiers, Qt.KeyboardModifier) and bool(modifiers & _SHIFT)
    control = isinstance(modifiers, Qt.KeyboardModifier) and bool(modifiers & _CONTROL)
    if key == Qt.Key.Key_D and control:
        grid.fill()
    elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        grid.place.step_cell(-1 if back or key == Qt.Key.Key_Backtab else 1)
    elif key in _ENTER:
        if not grid.place.step_row(-1 if back else 1, back_to_start=not back) and not grid.model.read_only:
            grid.said.stand("这一行还是空的，直接输入就会新增一行。")
    else:
        return False
    return True


def _plain(grid: Grid, key: Qt.Key, *, extend: bool) -> bool:
    row, column = grid.place.row(), grid.place.column()
    if key == Qt.Key.Key_F2:
        grid.place.edit(at_end=True)
    elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        grid.empty()
    elif key == Qt.Key.Key_Escape:
        grid.revert()
    elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        columns = grid.place.columns()
        at = columns.index(column) if column in columns else 0
        at += 1 if key == Qt.Key.Key_Right else -1
        if 0 <= at < len(columns):
            _reach(grid, row, columns[at], extend=extend)
    elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        below = row + (1 if key == Qt.Key.Key_Down else -1)
        if 0 <= below < grid.model.rowCount():
            _reach(grid, below, column, extend=extend)
    elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        _reach(grid, row, grid.place.columns()[0 if key == Qt.Key.Key_Home else -1], extend=extend)
    else:
        return False
    return True


def _reach(grid: Grid, row: int, column: int, *, extend: bool) -> None:
    """Moves to a cell; with ``extend`` the chosen block reaches from where it began to that cell."""
    if not extend:
        grid.place.go(row, [column])
        return
    selection = grid.table.selectionModel()
    anchor = grid.place.anchor()
    grid.place.extend(anchor, row, column)
    selection.setCurrentIndex(grid.model.index(row, column), QItemSelectionModel.SelectionFlag.NoUpdate)
    grid.table.scrollTo(grid.model.index(row, column))
