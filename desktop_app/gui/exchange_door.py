"""What the frame knows of the exchange: the number of conflicts beside the page, and the line when a stick brings files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from db.errors import Refusal
from db.ledger import conflicts
from db.ledger.change import Outcome
from desktop_app.gui.exchange_volumes import StickWatch, Volume
from desktop_app.gui.morning import Badge, MorningBar

if TYPE_CHECKING:
    from desktop_app.gui.desk import Desk

PAGE = "exchange"
FIRST, QUIET = 1_200, 700
"""Milliseconds after the window is there, and after a deed, until the conflicts are counted."""


class ExchangeDoor(QObject):
    """The badge, the line and the watch; the files a line told of are shown on the page."""

    wanted = Signal(object)
    """The files somebody wants to look at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.session = desk.session
        self.bar = MorningBar()
        self.bar.away.setToolTip("关闭提示")
        self.bar.away.setAccessibleName("关闭提示")
        self.watch = StickWatch(desk.session, self)
        self.badge: Badge | None = None
        self.files: list[Path] = []
        self._counting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._count)
        self._timer.start(FIRST)
        self.bar.wanted.connect(lambda: self.wanted.emit(self.files))

    def put_on(self, badge: Badge | None) -> None:
        """The number beside the page in the navigation."""
        self.badge = badge

    def appeared(self, volume: Volume, files: Sequence[Path]) -> None:
        """A stick brought files."""
        self.files = list(files)
        self.bar.say(f"“{volume.name}”上有 {len(files)} 个可以收的文件。")

    def hear(self, _outcome: Outcome) -> None:
        """Somebody did something."""
        self._timer.start(QUIET)

    def _count(self) -> None:
        if self._counting:
            self._timer.start(QUIET)
            return
        self._counting = True
        facts = self.session.ledger
        self.session.run(lambda _work: len(conflicts.conflicts(facts)), self._counted, self._failed, behind=True)

    def _counted(self, number: int) -> None:
        self._counting = False
        if self.badge is not None:
            self.badge.count(number)

    def _failed(self, refusal: Refusal) -> None:
        self._counting = False
        self.session.refused.emit(refusal)
