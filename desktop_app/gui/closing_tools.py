"""清单销号: how many rows of a register are still open, only these shown, and the chosen ones struck off in one deed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QToolButton, QWidget

from db import clock
from db.ledger.change import Outcome
from db.schema.kinds import Moment
from db.schema.record import Schema
from desktop_app.gui.grid import Grid
from desktop_app.gui.register_view import RegisterView
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import button, row
from desktop_app.rectification import batch, rows
from desktop_app.rectification.batch import BlockRow
from desktop_app.rectification.rows_filters import Filter

QUIET = 300
"""Milliseconds after the rows changed until they are counted again."""
MOST = 20_000
"""Rows that are struck off at a time."""
KEYS = ("Ctrl+Return", "Ctrl+Enter")


class ClosingTools(QWidget):
    """A chip and a button. ``name`` is the field of the day that strikes a row off."""

    filtered = Signal()
    """Other rows are to be shown."""

    def __init__(self, session: Session, schema: Schema, name: str, grid: Grid) -> None:
        super().__init__()
        self.session = session
        self.schema = schema
        self.name = name
        self.grid = grid
        self.counted = (0, 0)
        """Open rows, and all."""
        kind = schema.kinds()[name]
        self.chip = QToolButton()
        self.chip.setProperty("role", "quiet")
        self.chip.setCheckable(True)
        self.chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.chip.setToolTip(f"只看“{kind.label}”还空着的")
        tip = f"把选中各行的“{kind.label}”填为今天（Ctrl+回车）"
        self.strike = button("销号", self.close_rows, "", tip)
        self.setLayout(row(self.chip, self.strike, spacing=8))
        grid.model.closing = name
        self._turn = 0
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(QUIET)
        self._counting.timeout.connect(self._count)
        self.chip.clicked.connect(self._filter)
        grid.changed.connect(self._follow)
        for key in KEYS:
            QShortcut(QKeySequence(key), grid, self.close_rows, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._show()

    # -- how many ----------------------------------------------------------------------------------------------------

    def _count(self) -> None:
        self._turn += 1
        turn, facts, unit, schema = self._turn, self.session.ledger, self.session.unit, self.schema
        waiting = (Filter(self.name, "empty"),)

        def job(_work: Work) -> tuple[int, int]:
            return (
                rows.count(facts, rows.View(schema, waiting, unit=unit, once=True)),
                rows.count(facts, rows.View(schema, unit=unit, once=True)),
            )

        def done(counted: tuple[int, int]) -> None:
            if turn == self._turn:
                self.counted = counted
                self._show()

        self.session.run(job, done)

    def _show(self) -> None:
        waiting, whole = self.counted
        self.chip.setText(f"未销号 {waiting} / {whole}")
        self.chip.setAccessibleName(f"未销号 {waiting} 行，共 {whole} 行")

    # -- only the open ones ------------------------------------------------------------------------------------------

    def _asked(self) -> Filter:
        return Filter(self.name, "empty")

    def _filter(self, on: bool) -> None:
        others = tuple(one for one in self.grid.look.filters if one != self._asked())
        self.grid.look.filters = (*others, self._asked()) if on else others
        self.filtered.emit()

    def _follow(self) -> None:
        """Other rows are shown, or there are more of them."""
        self.chip.setChecked(self._asked() in self.grid.look.filters)
        self._counting.start()

    # -- striking off ------------------------------------------------------------------------------------------------

    def close_rows(self) -> None:
        """Strikes the chosen rows off as of today; those that are struck off already, or not saved yet, are passed over."""
        session, model, name = self.session, self.grid.model, self.schema.name
        first, last, _columns = self.grid.place.block()
        if first < 0 or not session.ledger.writable:
            session.say("先选要销号的行。")
            return
        if not self.grid.save():
            return
        records = model.rows.records(first, min(last, first + MOST - 1))
        open_ones = [one for one in records if one is not None and getattr(one, self.name) is None]
        if not open_ones:
            session.say("选中的行都已经销号，或还没有保存。")
            return
        value = self._today()
        block = [BlockRow(number, {self.name: value}, one.id) for number, one in enumerate(open_ones, start=first)]
        told = self.schema.describe(open_ones[0]) if len(open_ones) == 1 else f"{len(open_ones)} 行{self.schema.title}"
        sentence = f"销号：{told}"

        def deed() -> Outcome:
            return batch.enter(session.ledger, name, block, session.actor(), sentence=sentence)

        session.do(deed)

    def _today(self) -> Any:
        kind = self.schema.kinds()[self.name]
        today = clock.today(self.session.ledger.clock)
        return datetime(today.year, today.month, today.day) if isinstance(kind, Moment) else today  # noqa: DTZ001


def attach(view: RegisterView, name: str) -> ClosingTools:
    """Puts the tools before the others of a register whose rows are struck off by the field ``name``."""
    made = ClosingTools(view.session, view.schema, name, view.grid)
    view.tools.insertWidget(0, made)
    made.filtered.connect(view.read)
    return made
