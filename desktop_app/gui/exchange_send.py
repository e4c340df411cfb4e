"""The tab 交出: for whom, what, how it is sealed, where to; then what is in the file, and the sheet that goes with the medium."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QFrame,
    QLineEdit,
    QRadioButton,
    QStackedWidget,
    QWidget,
)

from db import clock
from db.errors import Refusal
from db.exchange import keys, peers
from db.exchange.contents import Media
from db.exchange.peers import Standing
from db.exchange.sealing import SHORTEST, Seal
from desktop_app.gui import exchange_jobs, exchange_packing, exchange_volumes
from desktop_app.gui.allowed import gate
from desktop_app.gui.exchange_handed import HandedPanel
from desktop_app.gui.exchange_jobs import called
from desktop_app.gui.exchange_packing import Sending, Sent
from desktop_app.gui.exchange_scope import ScopeForm
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import Bar, button, column, field, label, row, scrolled

OPEN, PHRASE, KEY = "", "phrase", "key"
ELSEWHERE = "…"
BOTH = 880
"""Pixels in which both halves of the form find room side by side."""


class SendPanel(QWidget):
    """The form, then the result."""

    sent = Signal(object)
    """Path of the file that was written."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.standings: Sequence[Standing] = ()
        self.folder: Path | None = None
        """The folder chosen beside the sticks."""
        self._wanted: str | None = None
        """The peer that is to be chosen when the peers are read."""
        self.bar = Bar()
        self.to = QComboBox()
        self.lacking = QRadioButton("只交对方还没有的")
        self.everything = QRadioButton("全部内容")
        self.scope = ScopeForm(session)
        self.seal = QComboBox()
        self.phrase, self.again = QLineEdit(), QLineEdit()
        self.where = QComboBox()
        self.name = QLineEdit()
        self.medium, self.secrecy, self.keeper = QLineEdit(), QLineEdit("内部"), QLineEdit(session.actor())
        self.print = label("", "small", wrap=True)
        self.wrong = label("", "wrong", wrap=True)
        self.send_button = button("交出", self.send, "accent")
        gate(session, "exchange", self.send_button)
        self.handed = HandedPanel(session)
        self.stack = QStackedWidget()
        self._lay_out()
        self.to.currentIndexChanged.connect(lambda _at: self._whom())
        self.seal.currentIndexChanged.connect(lambda _at: self._sealing())
        self.where.activated.connect(lambda _at: self._where())
        self._both.buttonToggled.connect(lambda _one, on: self._which() if on else None)
        self.handed.again.connect(self.begin)
        self.bar.help_wanted.connect(session.help_wanted)

    def _lay_out(self) -> None:
        self._both = QButtonGroup(self)
        for one in (self.lacking, self.everything):
            self._both.addButton(one)
        for box, name in ((self.to, "交给"), (self.seal, "加密"), (self.where, "存到"), (self.name, "文件名")):
            box.setAccessibleName(name)
        for line, hint in ((self.phrase, f"口令，至少 {SHORTEST} 个字"), (self.again, "再输入一次")):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setPlaceholderText(hint)
            line.setAccessibleName(hint)
        self.print.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(1180)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, card)
        self._columns.setContentsMargins(24, 16, 24, 16)
        self._columns.setSpacing(32)
        left, right = QWidget(), QWidget()
        for part in (left, right):
            self._columns.addWidget(part, 1)
        form, file = column(left, (0, 0, 0, 0), 12), column(right, (0, 0, 0, 0), 12)
        form.addLayout(field("交给", self.to))
        which = QWidget()
        which.setLayout(row(self.lacking, self.everything, 1, spacing=24))
        form.addLayout(field("交哪些", which, self.scope))
        phrases = QWidget()
        phrases.setLayout(row(self.phrase, self.again))
        self._phrases = phrases
        form.addStretch(1)
        file.addLayout(field("加密", self.seal, phrases))
        file.addLayout(field("存到", self.where))
        file.addLayout(field("文件名", self.name))
        media = row(spacing=12)
        for title, box in (("介质编号", self.medium), ("密级", self.secrecy), ("交接人", self.keeper)):
            box.setAccessibleName(title)
            box.setToolTip("写进文件里，也印在介质流转单上")
            media.addLayout(field(title, box), 1)
        file.addLayout(media)
        file.addWidget(self.wrong)
        file.addLayout(row(self.send_button, 1))
        file.addWidget(self.print)
        file.addStretch(1)
        self.wrong.hide()
        holder = QWidget()
        layout = column(holder, (0, 0, 0, 0), 12)
        layout.addWidget(card)
        layout.addStretch(1)
        self.stack.addWidget(scrolled(holder))
        self.stack.addWidget(scrolled(self.handed))
        whole = column(self, (0, 0, 0, 0), 12)
        whole.addWidget(self.bar)
        whole.addWidget(self.stack, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the two halves of the form stand below each other."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if event.size().width() >= BOTH else directions.TopToBottom)
        self._columns.setSpacing(32 if event.size().width() >= BOTH else 12)

    # -- what is offered -------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """The peers and the sticks again."""
        ledger = self.session.ledger

        def job(_work: Work) -> tuple[list[Standing], str]:
            return peers.standings(ledger), keys.own(ledger.installation).fingerprint

        def done(found: tuple[list[Standing], str]) -> None:
            self.standings = found[0]
            self.scope.read()
            self.print.setText(f"本机指纹：{found[1]}（对方第一次收您的文件时，在电话里念给他核对）")
            self._offer()

        self.session.run(job, done, self.bar.say)

    def _offer(self) -> None:
        before = self._wanted if self._wanted is not None else self.to.currentData()
        self._wanted = None
        with QSignalBlocker(self.to):
            self.to.clear()
            self.to.addItem("全部单位（谁都可以收）", "")
            for one in self.standings:
                self.to.addItem(called(one.peer.party), one.peer.id)
            self.to.setCurrentIndex(max(0, self.to.findData(before)))
        self._volumes()
        self._whom()

    def _volumes(self) -> None:
        before = self.where.currentData()
        documents = Path(exchange_volumes.documents())
        with QSignalBlocker(self.where):
            self.where.clear()
            for one in exchange_volumes.mounted():
                if one.writable:
                    self.where.addItem(one.words, str(one.root))
            folder = self.folder or documents
            self.where.addItem(f"文件夹 {folder}", str(folder))
            self.where.addItem("选别的文件夹…", ELSEWHERE)
            at = self.where.findData(before) if before and before != ELSEWHERE else 0
            self.where.setCurrentIndex(max(0, at))

    def standing(self) -> Standing | None:
        """The chosen peer as it stands; None for everybody."""
        return next((one for one in self.standings if one.peer.id == self.to.currentData()), None)

    def choose(self, peer: str) -> None:
        """Chooses for whom, by the peer's id."""
        self._wanted = peer
        self.begin()

    def _whom(self) -> None:
        one = self.standing()
        self.lacking.setEnabled(one is not None)
        self.lacking.setChecked(one is not None)
        self.everything.setChecked(one is None)
        before = self.seal.currentData()
        with QSignalBlocker(self.seal):
            self.seal.clear()
            self.seal.addItem("不加密", OPEN)
            self.seal.addItem("用口令加密", PHRASE)
            if one is not None and one.peer.party.sealing:
                self.seal.addItem(f"只让“{called(one.peer.party)}”打开（用对方的密钥）", KEY)
            self.seal.setCurrentIndex(max(0, self.seal.findData(before)))
        self._sealing()
        self._name()
        self._which()

    def _which(self) -> None:
        one = self.standing()
        self.scope.reckon_for(one.peer if one is not None else None, everything=self.everything.isChecked())

    def _sealing(self) -> None:
        self._phrases.setVisible(self.seal.currentData() == PHRASE)
        self.wrong.hide()

    def _name(self) -> None:
        ledger, one = self.session.ledger, self.standing()
        own = exchange_jobs.own_name(ledger)
        to = called(one.peer.party) if one is not None else "全部单位"
        day = clock.today(ledger.clock)
        self.name.setText(exchange_jobs.named(f"{own}给{to}{day:%Y%m%d}"))

    def _where(self) -> None:
        if self.where.currentData() == ELSEWHERE:
            start = str(self.folder or exchange_volumes.documents())
            name = QFileDialog.getExistingDirectory(self, "存到哪个文件夹", start)
            if name:
                self.folder = Path(name)
            self._volumes()
            self.where.setCurrentIndex(self.where.findData(str(self.folder)) if name else 0)

    # -- packing ---------------------------------------------------------------------------------------------------------

    def wanted(self) -> Sending:
        """What the form says; ``Refusal`` where it says too little."""
        one, how = self.standing(), self.seal.currentData()
        seal = None
        if how == PHRASE:
            if len(self.phrase.text()) < SHORTEST:
                raise Refusal(f"口令太短，至少 {SHORTEST} 个字。")
            if self.phrase.text() != self.again.text():
                raise Refusal("两次输入的口令不一样。")
            seal = Seal(passphrase=self.phrase.text())
        elif how == KEY and one is not None:
            seal = Seal(key=one.peer.party.sealing)
        name = self.name.text().strip() or "交换文件"
        target = Path(self.where.currentData()) / exchange_jobs.named(name)
        return Sending(
            one.peer if one is not None else None,
            self.everything.isChecked(),
            seal,
            exchange_jobs.free(target),
            self.scope.policy(),
            self.session.actor(),
            Media(self.medium.text().strip(), self.secrecy.text().strip(), self.keeper.text().strip()),
        )

    def send(self) -> None:
        """Packs, off the thread."""
        try:
            wanted = self.wanted()
        except Refusal as refusal:
            self.wrong.setText(str(refusal))
            self.wrong.show()
            return
        self.wrong.hide()
        self.send_button.setEnabled(False)
        ledger = self.session.ledger

        def done(made: Sent) -> None:
            self.send_button.setEnabled(True)
            self.bar.hide()
            self.phrase.clear()
            self.again.clear()
            self.handed.show_sent(made)
            self.stack.setCurrentIndex(1)
            self.sent.emit(made.packed.path)

        def failed(refusal: Refusal) -> None:
            self.send_button.setEnabled(True)
            self.bar.say(refusal)

        self.session.run(lambda work: exchange_packing.sent(ledger, wanted, work), done, failed, label="正在打包")

    def begin(self) -> None:
        """The form again."""
        self.bar.hide()
        self.stack.setCurrentIndex(0)
        self.read()
