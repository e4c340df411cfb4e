"""The paper on the left of the intake page: its text as read, with what was not read and what is to be checked marked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit

from desktop_app.gui import theme
from desktop_app.intake.draft import NOWHERE, Place

SIZES = (14, 13, 12)
"""Pixels of the letters, the largest that fits."""
LONGEST = 36
"""A line of more characters is no printed line but a paragraph."""


class Units:
    """Places in a Python text ↔ places in Qt's text, which counts a character beyond the first plane twice."""

    def __init__(self, text: str) -> None:
        self._beyond = [at for at, sign in enumerate(text) if ord(sign) > 0xFFFF]
        self._beyond_units = [at + number for number, at in enumerate(self._beyond)]

    def to_qt(self, place: int) -> int:
        """Qt's count of a place."""
        return place + bisect_left(self._beyond, place)

    def from_qt(self, place: int) -> int:
        """Our count of Qt's place."""
        return place - bisect_left(self._beyond_units, place)


class PaperText(QPlainTextEdit):
    """The text of a paper, to be read and pointed at, not to be typed in."""

    pointed = Signal(int)
    """Somebody clicked at this place of the text."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("原文")
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.units = Units("")
        self._text = ""
        self.unread: Sequence[Place] = ()
        self.checks: Sequence[Place] = ()
        self.chosen: Place = NOWHERE
        self._size = 0
        self._fit()

    def show_text(self, text: str) -> None:
        """Shows another paper."""
        if text == self._text:
            return
        self._text, self.units = text, Units(text)
        self.unread, self.checks, self.chosen = (), (), NOWHERE
        self.setPlainText(text)
        self._fit()

    def _fit(self) -> None:
        """Letters as large as leaves the printed lines whole, within reason."""
        lines = sorted(len(line.strip()) for line in self._text.split("\n") if line.strip())
        usual = lines[len(lines) * 9 // 10] if lines else 0
        room = self.viewport().width() - 2 * round(self.document().documentMargin())
        fitting = (size for size in SIZES if usual <= LONGEST and (usual + 1) * size <= room)
        size = next(fitting, SIZES[-1] if usual <= LONGEST else SIZES[0])
        if size != self._size:
            self._size = size
            self.setStyleSheet(f"QPlainTextEdit {{ border: none; padding: 0 4px 0 8px; font-size: {size}px; }}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mark(self, unread: Sequence[Place], checks: Sequence[Place]) -> None:
        """Marks what was not read and what is to be checked."""
        self.unread, self.checks = tuple(unread), tuple(checks)
        self._paint()

    def choose(self, place: Place, *, scroll: bool = True) -> None:
        """Shows a part of the paper as chosen, and brings it into view."""
        self.chosen = place
        self._paint()
        if scroll and place.end > place.start:
            self._bring(place)

    def _bring(self, place: Place) -> None:
        block = self.document().findBlock(self.units.to_qt(place.start))
        bar = self.verticalScrollBar()
        first, last = bar.value(), bar.value() + bar.pageStep()
        line = block.firstLineNumber()
        if not first <= line < last - 2:
            bar.setValue(max(0, line - bar.pageStep() // 4))

    def _paint(self) -> None:
        chosen = QTextCharFormat()
        chosen.setBackground(theme.colour("soft"))
        unread = QTextCharFormat()
        unread.setBackground(theme.colour("track"))
        unread.setForeground(theme.colour("secondary"))
        check = QTextCharFormat()
        check.setBackground(theme.colour("warn_ground"))
        check.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        check.setUnderlineColor(theme.colour("soon"))
        marks = [(self.chosen, chosen)] if self.chosen.end > self.chosen.start else []
        marks += [(place, unread) for place in self.unread]
        marks += [(place, check) for place in self.checks]
        self.setExtraSelections([self._selection(place, style) for place, style in marks])

    def _selection(self, place: Place, style: QTextCharFormat) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        last = max(0, self.document().characterCount() - 1)
        cursor.setPosition(min(self.units.to_qt(place.start), last))
        cursor.setPosition(min(self.units.to_qt(place.end), last), QTextCursor.MoveMode.KeepAnchor)
        made.cursor = cursor  # type: ignore[attr-defined]
        made.format = style  # type: ignore[attr-defined]
        return made

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        cursor = self.textCursor()
        if event.button() == Qt.MouseButton.LeftButton and not cursor.hasSelection():
            self.pointed.emit(self.units.from_qt(cursor.position()))
