"""The page 交换: files handed over and taken in, conflicts decided, the offices one exchanges with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from db.ledger.change import Outcome
from desktop_app.gui.exchange_conflicts import ConflictsPanel
from desktop_app.gui.exchange_drop import takeable
from desktop_app.gui.exchange_past import PastPanel
from desktop_app.gui.exchange_peers import PeersPanel
from desktop_app.gui.exchange_receive import ReceivePanel
from desktop_app.gui.exchange_send import SendPanel
from desktop_app.gui.session import Session
from desktop_app.gui.twins_panel import TwinsPanel
from desktop_app.gui.widgets import TabStrip, column, label

TABS = ("收", "交出", "冲突", "往来单位", "往来记录", "疑似重复")
LOW = 460
"""Pixels of a page that is too low for a title of its own."""
WIDE, NARROW = (24, 20, 24, 20), (24, 4, 24, 8)
RECEIVE, SEND, CONFLICTS, PEERS, PAST, TWINS = range(len(TABS))


class ExchangePage(QWidget):
    """The tabs."""

    wanted = Signal(str, str)
    """Schema name and id of a record that is to be shown."""
    due_changed = Signal()
    """When the next file of an office is due is another day now."""
    written = Signal(object)
    """Path of a file that was written here: nobody needs to be told that it is on the stick."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.strip = TabStrip(list(TABS))
        self.receive = ReceivePanel(session)
        self.send = SendPanel(session)
        self.conflicts = ConflictsPanel(session)
        self.peers = PeersPanel(session)
        self.past = PastPanel(session)
        self.twins = TwinsPanel(session)
        self.stack = QStackedWidget()
        for part in (self.receive, self.send, self.conflicts, self.peers, self.past, self.twins):
            self.stack.addWidget(part)
        self.title = label("交换", "page")
        self._layout = column(self, WIDE, 12)
        self._layout.addWidget(self.title)
        self._layout.addWidget(self.strip)
        self._layout.addWidget(self.stack, 1)
        self.setAcceptDrops(True)
        self.strip.chosen.connect(self._turn)
        self.receive.merged.connect(self._again)
        self.conflicts.counted.connect(lambda count: self.strip.count(CONFLICTS, count))
        self.twins.counted.connect(lambda count: self.strip.count(TWINS, count))
        self.conflicts.wanted.connect(self.wanted)
        self.twins.wanted.connect(self.wanted)
        self.send.sent.connect(self._sent)
        self.peers.send_wanted.connect(self._send_to)
        for panel in (self.peers, self.past):
            panel.receive_wanted.connect(lambda: self.strip.choose(RECEIVE))
        self.past.taken_back.connect(self._again)
        self.peers.agreed.connect(self.due_changed)
        self.receive.merged.connect(self.due_changed)

    def take(self, paths: Sequence[Path]) -> None:
        """Files were dropped or lie on a stick: they are looked at."""
        self.strip.choose(RECEIVE)
        self.receive.take(paths)

    def show_conflict(self, record: str, identifier: str, field: str) -> None:
        """Shows a conflict; all of them with "" for the record."""
        if record:
            self.conflicts.choose(record, identifier, field)
        self.strip.choose(CONFLICTS)

    def show_peer(self, peer: str) -> None:
        """Shows an office in the tab 往来单位."""
        self.peers.wanted = peer
        self.strip.choose(PEERS)

    def _sent(self, path: Path) -> None:
        self.written.emit(path)
        self._again()

    def _send_to(self, peer: str) -> None:
        self.strip.choose(SEND)
        self.send.choose(peer)

    def _again(self) -> None:
        self.conflicts.read()
        self.twins.read()
        if self.stack.currentIndex() == PEERS:
            self.peers.read()
        elif self.stack.currentIndex() == PAST:
            self.past.read()

    def _turn(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        if number == SEND:
            self.send.read()
        elif number == CONFLICTS:
            self.conflicts.table.setFocus()
        elif number == PEERS:
            self.peers.read()
        elif number == PAST:
            self.past.read()
        elif number == TWINS:
            self.twins.table.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the page gives its title's room to what is worked on."""
        super().resizeEvent(event)
        low = event.size().height() < LOW
        self.title.setVisible(not low)
        self._layout.setContentsMargins(*(NARROW if low else WIDE))
        self._layout.setSpacing(8 if low else 12)

    # -- what the frame asks -----------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """The page is shown."""
        self.conflicts.read()
        self.twins.read()
        self._turn(self.strip.current)

    def look_up(self) -> None:
        """Ctrl+F."""
        if self.strip.current == RECEIVE:
            self.receive.look_up()
        elif self.strip.current == CONFLICTS:
            self.conflicts.search.setFocus()
            self.conflicts.search.selectAll()
        elif self.strip.current == PAST:
            self.past.look_up()
        elif self.strip.current == TWINS:
            self.twins.look_up()

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑."""
        if self.strip.current == CONFLICTS:
            self.conflicts.step(by)
        elif self.strip.current == PAST:
            self.past.step(by)
        elif self.strip.current == TWINS:
            self.twins.step(by)

    def print(self) -> None:
        """Ctrl+P."""
        if self.strip.current == RECEIVE:
            self.receive.print()
        elif self.strip.current == PAST:
            self.past.print()

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something."""
        if self.isVisible():
            self._again()

    # -- dropping ----------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if takeable(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        found = takeable(event)
        if found:
            event.acceptProposedAction()
            self.take(found)
