"""The tab 往来单位: for each office what we have of theirs, what they have of ours, how long ago, when the next file is due."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QStackedWidget, QWidget

from db.exchange import peers
from db.exchange.peers import Standing
from desktop_app.gui.exchange_jobs import called, moment
from desktop_app.gui.session import Session
from desktop_app.gui.table import Column, Table
from desktop_app.gui.widgets import Bar, button, column, label, row

EVERY = {0: "没有约定", 7: "每周一次", 10: "每 10 天一次", 15: "每半月一次", 30: "每月一次", 90: "每季一次"}
"""Days between two files of an office, as they can be agreed."""
EMPTY = "还没有往来单位。第一次收到对方的文件以后，这里就会列出对方：收到了哪些、对方还缺哪些、下次什么时候该来。"


def received(one: Standing) -> str:
    """What we have of theirs."""
    if not one.peer.taken:
        return "还没有收到过"
    if not one.peer.number:
        return "整份台账的拷贝"
    missing = one.peer.missing
    return f"到 {one.peer.number} 号包" + (f"，▲ 缺 {len(missing)} 个" if missing else "")


def lacking(one: Standing) -> str:
    """What they have of ours."""
    return f"{one.owed} 条" if one.owed else "没有缺的"


def since(one: Standing) -> str:
    """How long ago their last file came."""
    return "" if one.days is None else "今天" if one.days == 0 else f"{one.days} 天"


def due(one: Standing) -> str:
    """When their next file is due."""
    if one.due is None:
        return "没有约定"
    day = one.due.astimezone()
    return f"▲ {day:%Y-%m-%d} 已过期" if one.overdue else f"{day:%Y-%m-%d}"


def told(one: Standing) -> str:
    """All that is known of an office, in lines."""
    peer = one.peer
    lines = [called(peer.party)]
    lines += (
        [f"上次并入：{moment(peer.taken)}" + (f"，{peer.number} 号包" if peer.number else "")] if peer.taken else []
    )
    if peer.missing:
        lines.append(f"还没有收到：{'、'.join(str(number) for number in peer.missing[:12])} 号包，请对方补发。")
    lines += [f"对方的回执：{moment(peer.receipt)}"] if peer.receipt else ["还没有收到对方的回执。"]
    return "\n".join(lines)


def _late(one: Standing) -> str:
    return "overdue" if one.overdue else ""


COLUMNS = (
    Column[Standing]("单位", lambda one: called(one.peer.party), wide=True, least=200),
    Column[Standing](
        "收到对方", received, lambda one: one.peer.number, lambda one: "overdue" * bool(one.peer.missing), least=170
    ),
    Column[Standing]("对方还缺", lacking, lambda one: one.owed, number=True, least=110),
    Column[Standing]("距上次", since, lambda one: one.days, number=True, least=90),
    Column[Standing]("下次应到", due, lambda one: one.due, _late, least=170),
)


class PeersPanel(QWidget):
    """The table, and for the chosen office what can be done."""

    send_wanted = Signal(str)
    """The id of a peer something is to be packed for."""
    receive_wanted = Signal()
    agreed = Signal()
    """The next file of an office is due at another day."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.wanted = ""
        """Id of the office that is to be chosen when they are read."""
        self.bar = Bar()
        self.table: Table[Standing] = Table(COLUMNS, "往来单位", tip=told, same=lambda one: one.peer.id)
        self.table.remember(session, "peers")
        self.about = label("", wrap=True)
        self.every = QComboBox()
        self.send_button = button("交出…", self._send, "accent")
        self.receive_button = button("收…", self.receive_wanted.emit)
        self.keep_button = button("约定", self._agree, "", "隔几天该来一次；到时没来就提醒")
        self.body = QStackedWidget()
        self._lay_out()
        self.table.picked.connect(self._picked)
        self.table.opened.connect(lambda _one: self._send())
        self.bar.help_wanted.connect(session.help_wanted)

    def _lay_out(self) -> None:
        for days, words in EVERY.items():
            self.every.addItem(words, days)
        self.every.setAccessibleName("隔几天该来一次")
        card = QFrame()
        card.setProperty("role", "card")
        inner = column(card, (16, 12, 16, 12), 8)
        inner.addWidget(self.about)
        inner.addLayout(
            row(self.send_button, self.receive_button, 1, label("下次应到", "label"), self.every, self.keep_button)
        )
        filled = QWidget()
        layout = column(filled, (0, 0, 0, 0), 12)
        layout.addWidget(self.table, 1)
        layout.addWidget(card)
        blank = QFrame()
        blank.setProperty("role", "card")
        hollow = column(blank, (48, 24, 48, 24), 12)
        hint = label(EMPTY, "hint", wrap=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hollow.addStretch(1)
        hollow.addWidget(hint)
        hollow.addLayout(
            row(
                1,
                button("收对方的文件…", self.receive_wanted.emit),
                button("交出…", lambda: self.send_wanted.emit("")),
                1,
            )
        )
        hollow.addStretch(2)
        self.body.addWidget(blank)
        self.body.addWidget(filled)
        whole = column(self, (0, 0, 0, 0), 12)
        whole.addWidget(self.bar)
        whole.addWidget(self.body, 1)

    def read(self) -> None:
        """The offices again."""
        ledger = self.session.ledger
        self.session.run(lambda _work: peers.standings(ledger), self.show_standings, self.bar.say)

    def show_standings(self, found: Sequence[Standing]) -> None:
        """Shows offices; the chosen one stays chosen."""
        self.table.show_rows(found)
        self.body.setCurrentIndex(1 if found else 0)
        wanted, self.wanted = self.wanted, ""
        if wanted:
            self.table.choose(lambda one: one.peer.id == wanted)

    def chosen(self) -> Standing | None:
        """The chosen office."""
        return self.table.chosen()

    def _picked(self) -> None:
        one = self.chosen()
        if one is not None:
            self.about.setText(told(one))
            days = one.peer.every
            if self.every.findData(days) < 0:
                self.every.addItem(f"每 {days} 天一次", days)
            self.every.setCurrentIndex(self.every.findData(days))

    def _send(self) -> None:
        one = self.chosen()
        if one is not None:
            self.send_wanted.emit(one.peer.id)

    def _agree(self) -> None:
        one, ledger, days = self.chosen(), self.session.ledger, int(self.every.currentData())
        if one is None:
            return

        def done(_none: None) -> None:
            self.read()
            self.agreed.emit()

        self.session.run(lambda _work: peers.agree(ledger, one.peer, days), done, self.bar.say, label="正在记下约定")
