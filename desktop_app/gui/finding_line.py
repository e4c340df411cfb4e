"""A sentence of at most two lines that one can click: what does not add up in the record below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

LINES = 2
"""Lines it takes at most; the rest is in its tip."""
KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class FindingLine(QLabel):
    """Words that lead to where they are mended."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setProperty("role", "unsaved")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hide()

    def say(self, words: str, tip: str = "") -> None:
        """Shows these words; "" shows nothing."""
        self._whole = words
        self.setToolTip(tip or words)
        self.setAccessibleName(words)
        self.setHidden(not words)
        self._cut()

    def _cut(self) -> None:
        # the end of a line is not filled to the last sign: a sign for each line is left free
        room = max(LINES * (self.width() - 2 * self.fontMetrics().maxWidth()), 120)
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._cut()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in KEYS:
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
