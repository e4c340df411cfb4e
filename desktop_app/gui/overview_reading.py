"""What the page 总览 shows, read off the thread in two parts: the problems, which are quick, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.gui.session import Session
from desktop_app.rectification import contacts, lately, situation
from desktop_app.rectification.contacts import Contact, OpenConflicts
from desktop_app.rectification.lately import Week
from desktop_app.rectification.situation import Situation
from desktop_app.rectification.warning_days import round_days

if TYPE_CHECKING:
    from desktop_app.rectification.twins.review import Review

T = TypeVar("T")
QUIET = 300
"""Milliseconds without a deed until it is read again; in a large ledger, where that takes long, several times that."""
REST = 2
"""How many times as long as it took the next reading waits."""
TOLD = 6
"""Conflicts that are told one by one."""
TWINS = 3
"""Pairs of a register that may be one, the surest, that are told one by one."""


@dataclass(frozen=True)
class Problems:
    """The counts of the problems, and the names of the bands of their deadlines."""

    situation: Situation
    bands: Mapping[str, str]


@dataclass(frozen=True)
class Around:
    """What stands around the problems."""

    conflicts: OpenConflicts
    contacts: tuple[Contact, ...]
    week: Week


class OverviewReading(QObject):
    """Asks again after deeds; an answer that a later question has overtaken is passed over."""

    problems = Signal(object)
    around = Signal(object)
    twins = Signal(object)
    """Review: the surest pairs of records that may be one."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._turn = 0
        self._begun = 0.0
        self._timer = QTimer(self, singleShot=True, interval=QUIET)
        self._timer.timeout.connect(self.read)

    def soon(self) -> None:
        """Something may have changed."""
        self._timer.start()

    def read(self) -> None:
        """Reads both parts now."""
        self._timer.stop()
        self._begun = monotonic()
        self._turn += 1
        facts, today, unit = self.session.ledger, self.session.today(), self.session.unit
        inspection = self.session.inspection

        def problems() -> Problems:
            import desktop_app.notices.charts  # noqa: F401  # loaded here, not while the page is painted

            found = situation.situation(facts, today, None if unit is None else [unit], inspection=inspection)
            return Problems(found, situation.bands_told(round_days(facts)))

        def around() -> Around:
            open_ones = contacts.open_conflicts(facts, today, unit, TOLD)
            return Around(open_ones, tuple(contacts.contacts(facts, today)), lately.week(facts, today))

        self._ask(problems, self.problems.emit)

        self._ask(around, self.around.emit)

    def look_alike(self) -> None:
        """Looks for what may be there twice: it takes long in a large ledger, so nothing else waits for it."""
        facts = self.session.ledger

        def alike() -> Review:
            from desktop_app.rectification.twins import review

            return review.review(facts, most=TWINS)

        self.session.run(lambda _work: alike(), self.twins.emit, behind=True)

    def _ask(self, question: Callable[[], T], answered: Callable[[T], object]) -> None:
        turn = self._turn

        def done(answer: T) -> None:
            if turn == self._turn:
                self._timer.setInterval(max(QUIET, round(REST * 1000 * (monotonic() - self._begun))))
                answered(answer)

        self.session.run(lambda _work: question(), done)
