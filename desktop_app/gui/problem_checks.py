"""What does not add up, by problem: asked for off the thread a moment after the last deed, once at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from db.errors import Refusal
from db.ledger.facts import Facts
from desktop_app.gui.session import Session, Work
from desktop_app.rectification import checks
from desktop_app.rectification.checks import Finding

QUIET = 400
"""Milliseconds without a deed until it is checked; in a large ledger, where a check takes long, several times that."""
NAMELESS = "（标题缺失）"
"""What a problem without a name is called."""
REST = 4
"""How many times as long as it took the next check waits."""


def shared(session: Session) -> ProblemChecks:
    """The checks of a session: pages and the frame ask the same ones, so that a large ledger is checked once for all of them."""
    found = session.findChild(ProblemChecks)
    return found if found is not None else ProblemChecks(session, session)


class ProblemChecks(QObject):
    """The findings of ``check`` for the shown unit, kept up to date."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.by_problem: dict[str, list[Finding]] = {}
        self.found: list[Finding] = []
        """Everything, also what was waived, the worst first."""
        self._running = False
        self._begun = 0.0
        self._known: tuple[object, ...] = ()
        self._asked: tuple[object, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self._ask)

    def ask_soon(self) -> None:
        """Something may have changed; where nothing has, what is known is told again."""
        if self._known and self._known == self._state():
            QTimer.singleShot(0, self, self.changed.emit)
        else:
            self._timer.start()

    def _state(self) -> tuple[object, ...]:
        """What the findings depend on."""
        session = self.session
        return () if session.closed else (session.ledger.position(), session.today(), session.unit)

    def _ask(self) -> None:
        if self._running:
            self._timer.start()
            return
        self._running = True
        self._begun, self._asked = monotonic(), self._state()
        facts, today, unit = self.session.ledger, self.session.today(), self.session.unit

        def job(_work: Work) -> tuple[list[Finding], dict[str, list[Finding]]]:
            from desktop_app.notices import missing

            found = checks.all_findings(facts, today, unit, more=missing.findings(facts, unit))
            return found, by_problem(facts, [one for one in found if one.waived is None])

        self.session.run(job, self._answered, self._failed, behind=True)

    def _answered(self, answer: tuple[list[Finding], dict[str, list[Finding]]]) -> None:
        self._running = False
        self._timer.setInterval(max(QUIET, round(REST * 1000 * (monotonic() - self._begun))))
        self.found, self.by_problem = answer
        self._known = self._asked
        self.changed.emit()

    def _failed(self, refusal: Refusal) -> None:
        self._running = False
        self.session.refused.emit(refusal)

    def counts(self) -> dict[str, int]:
        """Problem id → how many findings, of those with more than notes."""
        found = self.by_problem
        return {i: len(some) for i, some in found.items() if any(one.severity != "note" for one in some)}


def inside(sentence: str, number: int | None, title: str) -> str:
    """A finding's sentence as it reads below the name of the problem it begins with."""
    named = f"问题 {number or '?'}" + (f"“{title}”" if title not in ("", NAMELESS) else NAMELESS)
    before, found, rest = sentence.partition(named)
    return rest.lstrip("的，：") or sentence if found and "。" not in before else sentence


def by_problem(facts: Facts, found: Sequence[Finding]) -> dict[str, list[Finding]]:
    """The findings by the problem they concern ("" for those that concern none)."""
    owners = checks.problems_of(facts, found)
    parted: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        parted[owners.get((one.record, one.id), "")].append(one)
    return dict(parted)
