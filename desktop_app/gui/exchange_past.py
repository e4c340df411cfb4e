"""The tab 往来记录: every file that was taken in and handed over, each with its receipt or its entry of the medium again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from db.exchange import journal, peers, returning
from db.exchange.contents import Party
from db.exchange.journal import Handed
from db.exchange.peers import Peer
from db.exchange.receipt import Receipt
from db.ledger.ledger import Ledger
from desktop_app.gui.chips import FilterChip
from desktop_app.gui.exchange_handed import HandedPanel
from desktop_app.gui.exchange_jobs import BACKUPS, Merged, called, moment
from desktop_app.gui.exchange_receipt import ReceiptPanel
from desktop_app.gui.session import Session
from desktop_app.gui.table import Column, Table, TablePane
from desktop_app.gui.widgets import Bar, button, column, label, row, scrolled

Way = Literal["in", "out"]
WAYS: Mapping[Way, str] = {"in": "收到", "out": "交出"}
EMPTY = "还没有往来记录。收过或交出过的每一个文件都会记在这里，回执和流转单随时可以再看、再打印。"


@dataclass(frozen=True)
class Past:
    """A file that was taken in (with its receipt, which may be that of several) or handed over (with its entry)."""

    key: str
    way: Way
    time: str
    office: str
    file: str
    content: str
    state: str
    tint: str
    actor: str
    receipt: Receipt | None = None
    entry: Handed | None = None

    def says(self, word: str) -> bool:
        """Whether a word stands in it."""
        medium = f"{self.entry.medium}{self.entry.keeper}" if self.entry is not None else ""
        return (
            word in f"{WAYS[self.way]}{self.office}{self.file}{self.content}{self.state}{self.actor}{medium}{self.day}"
        )

    @property
    def day(self) -> str:
        """When, to the minute."""
        return moment(self.time)


def past(ledger: Ledger) -> list[Past]:
    """All that was taken in and handed over, the latest first."""
    with ledger.reading() as connection:
        back = {
            one.hash
            for receipt in journal.receipts(ledger)
            for one in receipt.files
            if one.taken and returning.taken_back(connection, ledger.tables, one.hash)
        }
    came = [_came(receipt, at, back) for receipt in journal.receipts(ledger) for at in range(len(receipt.files))]
    known = {one.party.unit or one.party.installation: one for one in peers.peers(ledger)}
    gone = [_gone(one, known) for one in journal.handed(ledger)]
    return sorted([*came, *gone], key=lambda one: one.time, reverse=True)


def _came(receipt: Receipt, at: int, back: set[str]) -> Past:
    one = receipt.files[at]
    content = (f"{one.number} 号包，" if one.number else "") + f"并入 {one.taken} 条"
    content += f"，{one.passed} 条以前已有" if one.passed else ""
    state, tint = ("已撤回", "secondary") if one.hash in back and one.taken else ("已并入", "done")
    if one.sentence:
        content, state, tint = one.sentence, "没有并入", "overdue"
    elif not one.taken:
        state, tint = "没有新内容", "secondary"
    office = called(one.sender) if one.sender != Party() else "整份台账的拷贝" if one.kind == "ledger" else ""
    return Past(
        f"{receipt.id}:{at}", "in", receipt.made, office, one.name, content, state, tint, receipt.actor,
        receipt,
    )  # fmt: skip


def _gone(one: Handed, known: Mapping[str, Peer]) -> Past:
    peer = known.get(one.to.unit or one.to.installation)
    state, tint = ("给全部单位", "secondary") if one.to == Party() else ("对方还没有回执", "soon")
    if peer is not None and one.arrived(peer.holds):
        state, tint = "对方已收到", "done"
    content = f"{one.number} 号包，{one.changes} 条记录" + (f"，{one.withheld} 条按范围没有给" if one.withheld else "")
    office = called(one.to) if one.to != Party() else "全部单位"
    return Past(one.hash, "out", one.made, office, one.name, content, state, tint, one.actor, entry=one)


SIGNS = {"done": "✓", "soon": "◐", "overdue": "×", "secondary": "○"}
COLUMNS = (
    Column[Past]("时间", lambda one: one.day, by=lambda one: one.time, least=140),
    Column[Past]("方向", lambda one: f"{'←' if one.way == 'in' else '→'} {WAYS[one.way]}", least=80),
    Column[Past]("单位", lambda one: one.office, least=140, most=210),
    Column[Past]("文件", lambda one: one.file, least=140, most=220),
    Column[Past]("内容", lambda one: one.content, wide=True, least=170),
    Column[Past]("情况", lambda one: f"{SIGNS[one.tint]} {one.state}", tint=lambda one: one.tint, least=130),
    Column[Past]("经办人", lambda one: one.actor, least=76, most=120),
)


class PastPanel(QWidget):
    """The list; and for the chosen file its receipt or its entry."""

    taken_back = Signal()
    receive_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.all: Sequence[Past] = ()
        self.bar = Bar()
        self.way = FilterChip("收到和交出")
        self.way.offer([(way, f"只看{words}的") for way, words in WAYS.items()])
        self.search = QLineEdit()
        self.total = label("", "small")
        self.open_button = button("看回执或流转单", self.open, "accent")
        self.table: Table[Past] = Table(COLUMNS, "往来记录", same=lambda one: one.key)
        self.table.remember(session, "past")
        self.pane = TablePane(self.table, EMPTY, button("收文件…", self.receive_wanted.emit))
        self.receipt = ReceiptPanel(session)
        self.handed = HandedPanel(session)
        self.stack = QStackedWidget()
        self._lay_out()
        self.table.opened.connect(lambda _one: self.open())
        self.table.picked.connect(self._picked)
        self.way.chosen.connect(self.refresh)
        self.search.textChanged.connect(lambda _words: self.refresh())
        self.receipt.done.connect(self.back)
        self.receipt.taken_back.connect(self.taken_back)
        self.receipt.taken_back.connect(self.read)
        self.handed.again.connect(self.back)
        self.handed.noted.connect(self.read)
        for panel in (self, self.handed):
            panel.bar.help_wanted.connect(session.help_wanted)

    def _lay_out(self) -> None:
        self.search.setPlaceholderText("筛选：单位、文件、经办人、介质（Ctrl+F）")
        self.search.setAccessibleName("筛选文字")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(300)
        self.receipt.away_button.setText("返回")
        self.handed.again_button.setText("返回")
        whole = QWidget()
        layout = column(whole, (0, 0, 0, 0), 12)
        layout.addLayout(row(self.search, self.way, self.total, 1, self.open_button, spacing=12))
        layout.addWidget(self.pane, 1)
        for part in (whole, self.receipt, scrolled(self.handed)):
            self.stack.addWidget(part)
        outer = column(self, (0, 0, 0, 0), 12)
        outer.addWidget(self.bar)
        outer.addWidget(self.stack, 1)

    def read(self) -> None:
        """The list again."""
        ledger = self.session.ledger
        self.session.run(lambda _work: past(ledger), self.show_past, self.bar.say)
        if self.stack.currentIndex() == 1:
            self.receipt.look()

    def show_past(self, found: Sequence[Past]) -> None:
        """Shows these."""
        self.all = found
        self.refresh()

    def refresh(self) -> None:
        """Filters again."""
        words = self.search.text().split()
        shown = [
            one for one in self.all if (not self.way.value or one.way == self.way.value) and all(map(one.says, words))
        ]
        self.pane.show_rows(shown, "没有符合筛选的。" if self.all else "")
        self.total.setText(f"{len(shown)} 个文件" if self.all else "")
        self._picked()

    def _picked(self) -> None:
        self.open_button.setEnabled(self.table.chosen() is not None)

    def open(self) -> None:
        """Shows the receipt or the entry of the chosen file."""
        one = self.table.chosen()
        if one is None:
            return
        if one.receipt is not None:
            backup = self.session.ledger.path.absolute().parent / BACKUPS / one.receipt.backup
            self.receipt.show_merged(
                Merged(one.receipt, backup=backup if one.receipt.backup and backup.is_file() else None)
            )
            self.stack.setCurrentIndex(1)
        elif one.entry is not None:
            self.handed.show_entry(one.entry)
            self.stack.setCurrentIndex(2)

    def back(self) -> None:
        """The list again."""
        self.stack.setCurrentIndex(0)
        self.table.setFocus()

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑."""
        self.table.step(by)

    def look_up(self) -> None:
        """Ctrl+F."""
        self.back()
        self.search.setFocus()
        self.search.selectAll()

    def print(self) -> None:
        """Ctrl+P: the receipt or the sheet that is shown."""
        if self.stack.currentIndex() == 1:
            self.receipt.print()
        elif self.stack.currentIndex() == 2:
            self.handed.print()
