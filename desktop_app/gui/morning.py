"""The first time a ledger is opened in a day: one quiet line on what is due. And the number beside the page in the navigation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from db import clock
from desktop_app import settings as machine
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, icon_button, label

if TYPE_CHECKING:
    from desktop_app.rectification.reminders import Reminder

MOST = 99
"""The greatest number a badge shows."""


class MorningBar(QFrame):
    """“今天有 3 项超期、5 项将到期。” with the way there; put away with ×."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "news")
        self.greeted = False
        """The first answer after opening was there: what becomes due later in the day is told by the number alone."""
        self.words = label("")
        self.more = button("看一看", self._go, "link")
        self.away = icon_button("close", "关闭提醒", self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self.words)
        layout.addWidget(self.more)
        layout.addStretch(1)
        layout.addWidget(self.away)
        self.hide()

    def say(self, words: str) -> None:
        """Shows a sentence."""
        self.words.setText(words)
        self.setAccessibleName(words)
        self.show()

    def _go(self) -> None:
        self.hide()
        self.wanted.emit()


def sentence(found: Sequence[Reminder]) -> str:
    """What is due in a sentence; "" for nothing."""
    from desktop_app.rectification.reminders import counted

    count = counted(found)
    parts = [f"{count.overdue} 项超期"] if count.overdue else []
    parts += [f"{count.soon} 项将到期"] if count.soon else []
    return f"今天有 {'、'.join(parts)}。" if parts else ""


def greeting(session: Session, found: Sequence[Reminder]) -> str:
    """The sentence of the day, once a day and ledger on this machine; "" where it was said, or nobody wants it."""
    today, path = clock.today(session.ledger.clock).isoformat(), str(session.ledger.path.absolute())
    known = session.settings
    words = sentence(found)
    if not words or session.reckoned() or not known.remind or known.reminded.get(path) == today:
        return ""
    kept = {name: day for name, day in known.reminded.items() if day == today} | {path: today}
    session.settings = replace(known, reminded=kept)
    machine.save(session.settings)
    return words


class Badge(QLabel):
    """A small number at the right end of a button; the button's own name tells it too."""

    def __init__(self, owner: QToolButton, what: str) -> None:
        super().__init__(owner)
        self.owner = owner
        self.what = what
        self.name, self.tip = owner.accessibleName(), owner.toolTip()
        self.setProperty("role", "badge")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        owner.installEventFilter(self)
        self.hide()

    def count(self, number: int) -> None:
        """Shows a number; none for nought."""
        self.setText(f"{number}" if number <= MOST else f"{MOST}+")
        self.owner.setAccessibleName(f"{self.name}，{number} {self.what}" if number else self.name)
        self.owner.setToolTip(f"{self.tip}，{number} {self.what}" if number else self.tip)
        self.setVisible(bool(number))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """In the middle of the right end; in the upper corner of a button that shows only its icon."""
        self.adjustSize()
        room: QWidget = self.owner
        wordy = self.owner.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        right = room.width() - self.width() - (10 if wordy else 1)
        self.move(max(0, right), (room.height() - self.height()) // 2 if wordy else 1)
