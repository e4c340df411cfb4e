"""What the rules of a category find at the rows of its registers, asked off the thread; and the bar that says it of one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from db.errors import Refusal
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, icon_button, label, row
from desktop_app.rectification import checks
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.ruling import waiving

QUIET = 500
"""Milliseconds without a deed until it is checked; where a check takes long, several times that."""
REST = 4
"""How many times as long as it took the next check waits."""
ByRow = dict[str, list[Finding]]
"""Row id → what is found there, the worst first."""


class RegisterChecks(QObject):
    """The findings of the category whose register is shown; of those shown before, as they were then."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.found: dict[str, ByRow] = {}
        """Schema name → findings by row."""
        self._category = ""
        self._running = False
        self._begun = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self._ask)

    def ask_soon(self, category: str = "") -> None:
        """Something may have changed, or another category is shown."""
        self._category = category or self._category
        if self._category:
            self._timer.start()

    def marks(self, schema: str) -> Mapping[str, tuple[str, str]]:
        """Row id → severity and sentence, for the signs in the grid."""
        return {
            identifier: ("hard" if found[0].severity == "error" else "soft", "\n".join(told(one) for one in found))
            for identifier, found in self.found.get(schema, {}).items()
        }

    def counts(self) -> dict[str, int]:
        """Schema name → rows at which something is found."""
        return {name: len(rows) for name, rows in self.found.items()}

    def _ask(self) -> None:
        if self._running:
            self._timer.start()
            return
        self._running, self._begun = True, monotonic()
        facts, today, unit, category = self.session.ledger, self.session.today(), self.session.unit, self._category

        def done(found: list[Finding]) -> None:
            self._answered(category, found)

        self.session.run(lambda _work: checks.findings(facts, today, unit, {category}), done, self._failed)

    def _answered(self, category: str, found: Sequence[Finding]) -> None:
        self._rest()
        by_schema: dict[str, ByRow] = defaultdict(lambda: defaultdict(list))
        for one in found:
            if one.id:
                by_schema[one.record][one.id].append(one)
        kept = {name: rows for name, rows in self.found.items() if not name.startswith(f"{category}.")}
        self.found = kept | {name: dict(rows) for name, rows in by_schema.items()}
        self.changed.emit()

    def _failed(self, refusal: Refusal) -> None:
        self._rest()
        self.session.refused.emit(refusal)

    def _rest(self) -> None:
        self._running = False
        self._timer.setInterval(max(QUIET, round(REST * 1000 * (monotonic() - self._begun))))


def told(one: Finding) -> str:
    """A finding with what to do and where it comes from."""
    return f"{one.sentence}{one.advice}" + (f"（{one.about}）" if one.about else "")


class FindingBar(QFrame):
    """What is found at the row one stands on; it can be let pass with a reason."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setProperty("role", "bar")
        self.words = label("", "", wrap=True)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("为什么可以这样，写清楚以后查得到")
        self.reason.setAccessibleName("豁免理由")
        self.reason.returnPressed.connect(self._waive)
        self.begin = button("可以这样，写理由", self._begin, "link")
        self.keep = button("保存理由", self._waive)
        self.next = icon_button("down", "下一条", self._next)
        layout = column(self, (12, 6, 8, 6), 6)
        first = row(self.words, self.begin, self.next, spacing=8)
        first.setStretch(0, 1)
        layout.addLayout(first)
        second = row(self.reason, self.keep, spacing=8)
        second.setStretch(0, 1)
        layout.addLayout(second)
        self.found: Sequence[Finding] = ()
        self._at = 0
        self.show_findings(())

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Shows what is found at a row."""
        if list(found) != list(self.found):
            self.found, self._at = found, 0
            self.reason.clear()
            self._show(writing=False)
        self.setVisible(bool(found))

    def _show(self, *, writing: bool) -> None:
        one = self.found[self._at] if self.found else None
        count = f"要核对 {self._at + 1}/{len(self.found)}：" if len(self.found) > 1 else "要核对："
        self.words.setText(f"{count}{told(one)}" if one is not None else "")
        self.next.setVisible(len(self.found) > 1)
        for part in (self.reason, self.keep):
            part.setVisible(writing)
        self.begin.setVisible(not writing and one is not None and waiving.may_waive(one))

    def _begin(self) -> None:
        self._show(writing=True)
        self.reason.setFocus()

    def _next(self) -> None:
        self._at = (self._at + 1) % max(len(self.found), 1)
        self._show(writing=False)

    def _waive(self) -> None:
        if not self.found:
            return
        one, reason, session = self.found[self._at], self.reason.text(), self.session
        session.do(lambda: waiving.waive(session.ledger, one, reason, session.actor()))
