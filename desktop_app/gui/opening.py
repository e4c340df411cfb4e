"""The first frame while a ledger is being opened: the ground of the window and the name of the ledger, nothing that is heavy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

SIDE = 188
"""Pixels the navigation of the desk is wide."""


class OpeningPage(QWidget):
    """The sides of the desk without their contents, and one line."""

    painted = Signal()
    """The first frame is on the screen."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._seen = False
        name = path.stem.replace("<", "＜")  # never taken for markup
        side, words, where = QFrame(), QHBoxLayout(), QLabel(f"正在打开“{name}”…")
        side.setProperty("role", "side")
        side.setFixedWidth(SIDE)
        inner = QVBoxLayout(side)
        inner.setContentsMargins(24, 18, 12, 12)
        brand = QLabel("整改通")
        brand.setProperty("role", "brand")
        inner.addWidget(brand)
        inner.addStretch(1)
        where.setProperty("role", "hint")
        words.addStretch(1)
        words.addWidget(where)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(side)
        layout.addLayout(words, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self.painted.emit)
