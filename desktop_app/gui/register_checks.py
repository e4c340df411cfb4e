"""What the rules of a category find at the rows of its registers, asked off the thread; and the bar that says it of one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from db.errors import Refusal
from db.schema.record import Record, Schema
from desktop_app.gui.grid import Grid
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import button, column, icon_button, label, row
from desktop_app.rectification import checks
from desktop_app.rectification.finding import SEVERITIES, Finding
from desktop_app.rectification.ruling import judging, waiving

QUIET = 500
"""Milliseconds without a deed until it is checked; where a check takes long, several times that."""
REST = 4
"""How many times as long as it took the next check waits."""
LARGE = 20_000
"""Rows of a category above which only the rows on the screen are looked at here; the page 检查 looks at all."""
ByRow = dict[str, list[Finding]]
"""Row id → what is found there, the worst first."""
Marks = dict[str, tuple[str, str]]
"""Row id → severity and sentence, for the signs in the grid."""


def marks_of(found: ByRow) -> Marks:
    """The signs of some rows."""
    return {
        identifier: ("hard" if ones[0].severity == "error" else "soft", "\n".join(told(one) for one in ones))
        for identifier, ones in found.items()
    }


class RegisterChecks(QObject):
    """The findings of the category whose register is shown; of those shown before, as they were then."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.found: dict[str, ByRow] = {}
        """Schema name → findings by row."""
        self.marks: dict[str, Marks] = {}
        self._category = ""
        self._rows = 0
        self._running = False
        self._begun = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self._ask)

    def ask_soon(self, category: str = "", rows: int | None = None) -> None:
        """Something may have changed, or another category is shown, with so many rows in its registers."""
        self._category = category or self._category
        self._rows = self._rows if rows is None else rows
        if self._category and self._rows <= LARGE:
            self._timer.start()

    def counts(self) -> dict[str, int]:
        """Schema name → rows at which something is found."""
        return {name: len(rows) for name, rows in self.found.items()}

    def _ask(self) -> None:
        if self._running:
            self._timer.start()
            return
        self._running, self._begun = True, monotonic()
        facts, today, unit, category = self.session.ledger, self.session.today(), self.session.unit, self._category

        def job(_work: Work) -> tuple[dict[str, ByRow], dict[str, Marks]]:
            found: dict[str, ByRow] = defaultdict(lambda: defaultdict(list))
            for one in checks.findings(facts, today, unit, {category}):
                if one.id:
                    found[one.record][one.id].append(one)
            return dict(found), {name: marks_of(rows) for name, rows in found.items()}

        def done(answer: tuple[dict[str, ByRow], dict[str, Marks]]) -> None:
            self._rest()
            self.found = _others(self.found, category) | answer[0]
            self.marks = _others(self.marks, category) | answer[1]
            self.changed.emit()

        self.session.run(job, done, self._failed)

    def look_at(self, schema: Schema, records: Sequence[Record]) -> None:
        """Looks at the rows on the screen, where there are too many to look at all."""
        category, _, register = schema.name.rpartition(".")
        facts, today = self.session.ledger, self.session.today()
        definition = facts.definitions.get(category)
        if definition is None or not records or self._rows <= LARGE or category != self._category:
            return

        def job(_work: Work) -> ByRow:
            found = {one.id: judging.of_row(facts, definition, register, one, today) for one in records}
            return {
                identifier: [one for one in waiving.marked(facts, ones, today) if one.waived is None]
                for identifier, ones in found.items()
            }

        def done(found: ByRow) -> None:
            there = {identifier: ones for identifier, ones in found.items() if ones}
            kept = {i: ones for i, ones in self.found.get(schema.name, {}).items() if i not in found}
            signs = {i: mark for i, mark in self.marks.get(schema.name, {}).items() if i not in found}
            self.found = {**self.found, schema.name: kept | there}
            self.marks = {**self.marks, schema.name: signs | marks_of(there)}
            self.changed.emit()

        self.session.run(job, done, self._failed)

    def _failed(self, refusal: Refusal) -> None:
        self._rest()
        self.session.refused.emit(refusal)

    def _rest(self) -> None:
        self._running = False
        self._timer.setInterval(max(QUIET, round(REST * 1000 * (monotonic() - self._begun))))


T = TypeVar("T")


def _others(known: Mapping[str, T], category: str) -> dict[str, T]:
    """What is known of the registers of other categories."""
    return {name: one for name, one in known.items() if not name.startswith(f"{category}.")}


class OnScreen(QObject):
    """Tells which rows are on the screen, once scrolling has come to rest."""

    looked = Signal(object)
    """The records, as a list."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self._tell)
        grid.table.verticalScrollBar().valueChanged.connect(lambda _at: self._timer.start())
        grid.model.rows.filled.connect(lambda _first, _last: self._timer.start())
        grid.model.rows.grown.connect(lambda _before, _now: self._timer.start())

    def _tell(self) -> None:
        table, rows = self._grid.table, self._grid.model.rows
        first, last = max(table.rowAt(0), 0), table.rowAt(table.viewport().height() - 1)
        last = rows.count() - 2 if last < 0 else last
        found = [rows.record(row) for row in range(first, min(last, rows.count() - 2) + 1)]
        self.looked.emit([one for one in found if one is not None])


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
        self.advice = label("", "", wrap=True)
        self.about = label("", "small", wrap=True)
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
        layout.addWidget(self.advice)
        layout.addWidget(self.about)
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
        count = f"{self._at + 1}/{len(self.found)} " if len(self.found) > 1 else ""
        for shown, words in (
            (self.words, f"{SEVERITIES[one.severity]} {count}{one.sentence}" if one is not None else ""),
            (self.advice, f"怎么办：{one.advice}" if one is not None and one.advice else ""),
            (self.about, one.about if one is not None else ""),
        ):
            shown.setText(words)
            shown.setVisible(bool(words))
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
