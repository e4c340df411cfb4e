"""What the clerk is to be reminded of, asked off the thread after the deeds that concern it; told to the page and the frame."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from db.errors import Refusal
from db.ledger.change import Outcome
from desktop_app.gui.session import Session, Work

if TYPE_CHECKING:
    from desktop_app.rectification.reminders import Reminder

FIRST = 1_500
"""Milliseconds after the window is there until it is asked first: the clerk's own page comes before."""
QUIET = 900
"""Milliseconds without a deed until it is asked again; where the answer takes long, several times that."""
REST = 4
"""How many times as long as it took the next question waits."""


class DutyWatch(QObject):
    """The reminders of the shown unit, as of the day chosen in the frame."""

    changed = Signal(object)
    """The list of reminders, the most pressing first."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.found: list[Reminder] | None = None
        """None: not known yet."""
        self._running = False
        self._begun = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        self._timer.start(FIRST)
        self._rest = QUIET

    def ask_soon(self) -> None:
        """Something may have changed."""
        self._timer.start(self._rest)

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something; asked again only if what is due may depend on it."""
        from desktop_app.rectification import reminders

        if any("." in record or record in reminders.CONCERNED for record, _id in outcome.touched):
            self.ask_soon()

    def tell(self) -> None:
        """Tells what is known; asks at once when nothing is."""
        if self.found is not None:
            self.changed.emit(self.found)
        else:
            self._timer.start(0)

    def _ask(self) -> None:
        if self._running:
            self._timer.start(self._rest)
            return
        self._running, self._begun = True, monotonic()
        facts, today, unit = self.session.ledger, self.session.today(), self.session.unit

        def job(_work: Work) -> list[Reminder]:
            from desktop_app.rectification import reminders  # loaded here, after the window is there

            return reminders.reminders(facts, today, unit)

        self.session.run(job, self._answered, self._failed, behind=True)

    def _answered(self, found: list[Reminder]) -> None:
        self._rested()
        self.found = found
        self.changed.emit(found)

    def _failed(self, refusal: Refusal) -> None:
        self._rested()
        self.session.refused.emit(refusal)

    def _rested(self) -> None:
        self._running = False
        self._rest = max(QUIET, round(REST * 1000 * (monotonic() - self._begun)))
