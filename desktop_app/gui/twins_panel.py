"""The tab 疑似重复: records that two offices may have entered each for itself, judged one pair after the other, and taken back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QStackedWidget, QWidget

from db.errors import Refusal
from desktop_app.gui.lookup import clipped
from desktop_app.gui.session import Session, Work
from desktop_app.gui.table import Blank, Column, Table, TablePane
from desktop_app.gui.twins_card import PairCard
from desktop_app.gui.twins_pairs import STATES, Pair, compared, judge, settled, waiting
from desktop_app.gui.widgets import Bar, column, label, row
from desktop_app.rectification.twins.review import Difference

NONE = "没有疑似重复的记录。两处登记了同一个单位、人员、车辆、项目的，会列在这里等您认定。"
NOTHING_JUDGED = "还没有认定过。认定过的列在这里，随时可以取消。"
OPEN, SETTLED = 0, 1
Fields = tuple[Sequence[Difference], Sequence[Difference]]

COLUMNS = (
    Column[Pair]("表", lambda one: one.title, least=100, most=160),
    Column[Pair]("左边", lambda one: clipped(one.lines[0]), least=160, most=260),
    Column[Pair]("右边", lambda one: clipped(one.lines[1]), least=160, most=260),
    Column[Pair]("为什么", lambda one: one.reason or STATES[one.state], wide=True, least=240),
)


class TwinsPanel(QWidget):
    """The table of pairs, and the chosen one side by side."""

    counted = Signal(int)
    """How many pairs wait to be judged."""
    wanted = Signal(str, str)
    """Schema name and id of a record somebody wants to see whole."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.all: list[Pair] = []
        self.more = 0
        self._read_at = (-1, -1)
        self._work: Work | None = None
        self.bar = Bar()
        self.table: Table[Pair] = Table(COLUMNS, "疑似重复", tip=lambda one: one.reason, same=lambda one: one.key)
        self.table.remember(session, "twins")
        self.pane = TablePane(self.table, "没有符合筛选的。")
        self.card = PairCard()
        self.which = QComboBox()
        self.search = QLineEdit()
        self.total = label("", "small")
        self.blank = Blank(NONE)
        self.body = QStackedWidget()
        self._lay_out()
        self.table.picked.connect(self._picked)
        self.table.opened.connect(lambda one: self.wanted.emit(one.record, one.one))
        self.search.textChanged.connect(lambda _words: self.refresh())
        self.which.currentIndexChanged.connect(lambda _at: self.read(again=True))
        self.card.judged.connect(self.judge)
        self.card.wanted.connect(self.wanted)
        self.bar.help_wanted.connect(session.help_wanted)

    def _lay_out(self) -> None:
        self.which.addItems(["待认定", "已认定"])
        self.which.setAccessibleName("看哪些")
        self.search.setPlaceholderText("筛选：名称、表、原因（Ctrl+F）")
        self.search.setAccessibleName("筛选文字")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(300)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        for part in (self.pane, self.card):
            part.setMinimumHeight(76)
            splitter.addWidget(part)
        splitter.setSizes([150, 330])
        splitter.setStretchFactor(1, 1)
        self.body.addWidget(self.blank)
        self.body.addWidget(splitter)
        whole = column(self, (0, 0, 0, 0), 12)
        whole.addWidget(self.bar)
        whole.addLayout(row(self.which, self.search, self.total, 1, spacing=12))
        whole.addWidget(self.body, 1)

    # -- what is shown ---------------------------------------------------------------------------------------------------

    def read(self, *, again: bool = False) -> None:
        """The pairs again, where anything was written since they were read; what is still being read is given up."""
        ledger, which = self.session.ledger, self.which.currentIndex()
        at = (ledger.position(), which)
        if at == self._read_at and not again:
            return
        self._read_at = at
        if self._work is not None:
            self._work.cancel()

        def job(work: Work) -> tuple[tuple[int, int], list[Pair], int]:
            found, more = (settled(ledger), 0) if which == SETTLED else waiting(ledger, work.cancelled)
            return at, found, more

        self._work = self.session.run(job, self._arrived, self._failed)

    def _arrived(self, found: tuple[tuple[int, int], list[Pair], int]) -> None:
        at, pairs, more = found
        if at != self._read_at:  # a later question has overtaken this one
            return
        self._work = None
        self.all, self.more = pairs, more
        if self.which.currentIndex() == OPEN:
            self.counted.emit(len(pairs) + more)
        self.refresh()

    def _failed(self, refusal: Refusal) -> None:
        if self._work is None or not self._work.cancelled():
            self._read_at = (-1, -1)
            self.bar.say(refusal)

    def refresh(self) -> None:
        """Filters again; the chosen one stays chosen, else the one that took its place."""
        wanted = self.search.text().split()
        shown = [one for one in self.all if all(word in _said(one) for word in wanted)]
        self.blank.words.setText(NONE if self.which.currentIndex() == OPEN else NOTHING_JUDGED)
        self.body.setCurrentIndex(1 if self.all else 0)
        self.pane.show_rows(shown)
        rest = f"，共 {len(self.all)} 对" if len(shown) < len(self.all) else ""
        more = f"，还有 {self.more} 对，认定几对以后接着列出" if self.more else ""
        self.total.setText(f"{len(shown)} 对{rest}{more}" if self.all else "")

    def chosen(self) -> Pair | None:
        """The chosen pair."""
        return self.table.chosen()

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑."""
        self.table.step(by)

    def look_up(self) -> None:
        """Ctrl+F."""
        self.search.setFocus()
        self.search.selectAll()

    def _picked(self) -> None:
        pair, ledger = self.chosen(), self.session.ledger
        if pair is None:
            self.card.show_pair(None)
            return

        def show(found: Fields) -> None:
            if self.chosen() == pair:
                self.card.show_pair(pair, *found)

        self.session.run(lambda _work: compared(ledger, pair), show, self.bar.say)

    # -- judging ---------------------------------------------------------------------------------------------------------

    def judge(self, pair: Pair, what: str) -> None:
        """Says what a pair is."""
        ledger, actor = self.session.ledger, self.session.actor()
        self.session.do(
            lambda: judge(ledger, pair, what, actor), lambda _outcome: self.bar.hide(), self.bar.say, act="decide"
        )


def _said(one: Pair) -> str:
    return f"{one.title}{one.lines[0]}{one.lines[1]}{one.reason}"
