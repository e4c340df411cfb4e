"""How much of each page needs attention: counted off the thread, a little after the ledger is open and after deeds."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from db.errors import Refusal
from db.ledger.change import Outcome

if TYPE_CHECKING:
    from desktop_app.gui.problem_checks import ProblemChecks
    from desktop_app.gui.session import Session

FIRST, QUIET = 2_000, 1_200
"""Milliseconds after the window is there, and after a deed, until it is counted."""
REST = 8
"""How many times as long as it took the next count waits: on a large ledger the clerk's own work comes first."""


class Attention(QObject):
    """Overdue problems and errors found by the checks, of the shown unit and round; what is due and what is in conflict is told
    by ``DutyWatch`` and ``ExchangeDoor``."""

    counted = Signal(str, int)
    """Name of a page, number."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._checks: ProblemChecks | None = None
        self._running = False
        self._begun = 0.0
        self._rest = QUIET
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        self._timer.start(FIRST)

    def ask_soon(self) -> None:
        """Something may have changed."""
        self._timer.start(self._rest)

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something."""
        self.ask_soon()

    def _ask(self) -> None:
        if self._running:
            self._timer.start(self._rest)
            return
        self._running, self._begun = True, monotonic()
        session = self.session
        facts, today, unit, inspection = session.ledger, session.today(), session.unit, session.inspection

        def count() -> dict[str, int]:
            from desktop_app.rectification import situation

            stands = situation.situation(facts, today, None if unit is None else [unit], inspection=inspection)
            return {"problems": stands.by_state.get("overdue", 0)}

        session.run(lambda _work: count(), self._answered, self._failed, behind=True)
        self._check()

    def _check(self) -> None:
        """The errors, of the checks the pages show too."""
        from desktop_app.gui import problem_checks

        if self._checks is None:
            self._checks = problem_checks.shared(self.session)
            self._checks.changed.connect(self._checked)
        self._checks.ask_soon()

    def _checked(self) -> None:
        assert self._checks is not None
        found = self._checks.found
        self.counted.emit("findings", sum(one.severity == "error" and one.waived is None for one in found))

    def _answered(self, found: dict[str, int]) -> None:
        self._rested()
        for name, number in found.items():
            self.counted.emit(name, number)

    def _failed(self, refusal: Refusal) -> None:
        self._rested()
        self.session.refused.emit(refusal)

    def _rested(self) -> None:
        self._running = False
        self._rest = max(QUIET, round(REST * 1000 * (monotonic() - self._begun)))
