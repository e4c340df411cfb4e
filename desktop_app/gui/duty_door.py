"""From a cell of the calendar to its register: the rows of that duty, and a new row that begins with whose and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from desktop_app.rectification.duty_calendar import Door


class Begun(QObject):
    """While a register shows the rows of a duty, a new row there begins with what the duty says; afterwards as usual."""

    def __init__(self, view: Any, door: Door) -> None:
        super().__init__(view)
        self.view = view
        self.door = door
        self.usual = dict(view.start)
        view.start = {**self.usual, **door.start}
        self._first = True
        self._counted = view.grid.model.rows.counted.connect(self._read)
        self._changed = view.grid.changed.connect(self._look)

    def _read(self, _totals: object) -> None:
        """The rows are there; where there are none one goes to where a row is typed."""
        if self._first and tuple(self.view.grid.look.filters) == self.door.filters:
            self._first = False
            if not self.view.grid.model.rows.in_ledger():
                self.view.new()

    def _look(self) -> None:
        if tuple(self.view.grid.look.filters) != self.door.filters:
            self.end()

    def end(self) -> None:
        """A new row begins as usual again."""
        self.view.start = self.usual
        self.view.grid.model.rows.counted.disconnect(self._counted)
        self.view.grid.changed.disconnect(self._changed)
        self.setParent(None)
        self.deleteLater()


def go(page: Any, door: Door) -> None:
    """Shows the rows of a duty on the page of registers."""
    known = page.views.get(door.register)
    for one in known.findChildren(Begun) if known is not None else ():
        one.end()
    shown = page.show_register(door.register, filters=door.filters)
    if shown is not None:
        Begun(shown, door)
