"""The way to the palette: made when it is first asked for, so that no first frame waits for it; the index is looked at a little
after the ledger was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from db.ledger.change import Outcome

if TYPE_CHECKING:
    from desktop_app.gui.desk import Desk
    from desktop_app.gui.palette import Palette

SOON = 4_000
"""Milliseconds after a ledger was opened until its index is looked at."""


class PaletteDoor(QObject):
    """Opens the palette of a desk."""

    record_wanted = Signal(str, str)
    """A record was chosen: show it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._made: Palette | None = None
        QTimer.singleShot(SOON, self, self._look)

    def _look(self) -> None:
        self.made().search.learn()

    def made(self) -> Palette:
        """The palette."""
        if self._made is None:
            from desktop_app.gui.palette import Palette

            self._made = Palette(self._desk)
            self._made.record_wanted.connect(self.record_wanted)
        return self._made

    def open(self, typed: str = "") -> None:
        """Opens it."""
        self.made().open(typed)

    def hear(self, outcome: Outcome) -> None:
        """A deed was done."""
        if self._made is not None:
            self._made.search.hear(outcome)
