"""The files that are to be taken in: a line each, and for the chosen one what the clerk has to say to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from desktop_app.gui.exchange_jobs import SIGNS, TINTS, WORDS, Looked, advice, called, sentence
from desktop_app.gui.table import Column, Table
from desktop_app.gui.widgets import button, column, label, row, scrolled

_LEAST = 112
"""Pixels of the table: the heading and two files; on a small screen all of it scrolls."""


def sender(one: Looked) -> str:
    """Whose file it is."""
    if one.receipt is not None:
        return called(one.receipt.receipt.receiver)
    if one.contents is None:
        return ""
    return "" if one.contents.kind == "ledger" else called(one.contents.sender)


def _whole(one: Looked) -> str:
    return "\n".join(part for part in (str(one.path), sentence(one), advice(one)) if part)


COLUMNS = (
    Column[Looked](
        "情况", lambda one: f"{SIGNS[one.state]} {WORDS[one.state]}", tint=lambda one: TINTS[one.state], least=120
    ),
    Column[Looked]("文件", lambda one: one.path.name, least=180, most=260),
    Column[Looked]("来自", sender, least=140, most=240),
    Column[Looked]("里面有什么", sentence, wide=True, least=280),
)


class FileCard(QFrame):
    """The chosen file: its sentence and advice; the fingerprint to be compared, or the passphrase to be typed."""

    compared = Signal()
    """The clerk says that the fingerprint is the one read out on the telephone."""
    unlocked = Signal(str)
    """The passphrase that was typed."""
    dropped = Signal()
    """This file is not to be taken."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.words = label("", "group", wrap=True)
        self.advice = label("", wrap=True)
        self.print = label("", wrap=True)
        self.print.setAccessibleName("指纹")
        self.print.setProperty("role", "page")
        for one in (self.words, self.advice, self.print):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.same = button("已打电话核对，一致", self.compared.emit, "", "以后这个单位的文件不用再核对")
        self.phrase = QLineEdit()
        self.phrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.phrase.setPlaceholderText("口令")
        self.phrase.setAccessibleName("口令")
        self.phrase.setMaximumWidth(320)
        self.unlock = button("打开", self._unlock)
        self.drop = button("不要这个文件", self.dropped.emit, "link")
        self.phrase.returnPressed.connect(self._unlock)
        layout = column(self, (16, 12, 16, 12), 8)
        for part in (self.words, self.advice, self.print):
            layout.addWidget(part)
        line = row(self.same, self.phrase, self.unlock, self.drop, 1)
        line.setStretch(1, 1)
        layout.addLayout(line)

    def show_file(self, one: Looked | None) -> None:
        """Shows a file; nothing for none."""
        self.setVisible(one is not None)
        if one is None:
            return
        self.words.setText(sentence(one))
        self.advice.setText(advice(one))
        self.advice.setVisible(bool(advice(one)))
        asked = one.state in ("key", "changed")
        self.print.setText(one.fingerprint)
        self.print.setVisible(asked)
        self.same.setVisible(asked)
        locked = one.state == "locked"
        self.phrase.setVisible(locked)
        self.unlock.setVisible(locked)
        self.phrase.clear()

    def _unlock(self) -> None:
        if self.phrase.text():
            self.unlocked.emit(self.phrase.text())


class FilesTable(QWidget):
    """The table of the files and the card of the chosen one."""

    compared = Signal(object)
    unlocked = Signal(object, str)
    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.table: Table[Looked] = Table(COLUMNS, "收到的文件", tip=_whole, same=lambda one: one.path)
        self.card = FileCard()
        self.table.setMinimumHeight(_LEAST)
        body = QWidget()
        inside = column(body, (0, 0, 0, 0), 12)
        inside.addWidget(self.table, 1)
        inside.addWidget(self.card)
        column(self, (0, 0, 0, 0), 0).addWidget(scrolled(body))
        self.table.picked.connect(lambda: self.card.show_file(self.chosen()))
        self.card.compared.connect(lambda: self.compared.emit(self.chosen()))
        self.card.unlocked.connect(lambda words: self.unlocked.emit(self.chosen(), words))
        self.card.dropped.connect(lambda: self.dropped.emit(self.chosen()))

    def show_files(self, files: Sequence[Looked]) -> None:
        """Shows files; the first one that waits for the clerk is chosen."""
        self.table.show_rows(files)
        waits = [one.path for one in files if not one.taken and one.state != "receipt"]
        if waits:
            self.table.choose(lambda one: one.path == waits[0])

    def chosen(self) -> Looked | None:
        """The chosen file."""
        return self.table.chosen()
