"""Marks in a text that stand for numbers: shown as such, unknown ones in red, each with its live value at hand."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit, QToolTip

from desktop_app.gui import theme
from desktop_app.rectification.figures import Shown, told_with_period

_MARK = re.compile(r"\{\{|\}\}|\{([^{}\n]{1,60})\}")


def names_in(text: str) -> list[tuple[int, int, str]]:
    """The marks in a text as (first, last, name); doubled braces are none."""
    return [(hit.start(), hit.end(), hit[1].strip()) for hit in _MARK.finditer(text) if hit[1] is not None]


class FigureMarks(QSyntaxHighlighter):
    """Colours the marks of a text field. ``known`` says what each name stands for; a name that is not in it is not yet looked up."""

    wanted = Signal(str)
    """The name of a mark whose rows somebody wants to see."""

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__(field.document())
        self.field = field
        self.known: Mapping[str, Shown | None] = {}
        self._theme = theme.shown()
        field.viewport().installEventFilter(self)

    def show_known(self, known: Mapping[str, Shown | None]) -> None:
        """What the names stand for now."""
        if known != self.known or theme.shown() != self._theme:
            self.known, self._theme = known, theme.shown()
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Qt asks for the look of a paragraph."""
        for first, last, name in names_in(text):
            look = QTextCharFormat()
            shown = self.known.get(name)
            wrong = name in self.known and (shown is None or not shown.words)
            look.setForeground(theme.colour("overdue" if wrong else "accent"))
            look.setBackground(theme.colour("wrong_ground" if wrong else "soft"))
            if wrong:
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
                look.setUnderlineColor(theme.colour("overdue"))
            self.setFormat(first, last - first, look)

    def told(self, name: str) -> str:
        """What a name stands for, in a line."""
        if name not in self.known:
            return f"{name}：正在计算……"
        shown = self.known[name]
        if shown is None:
            return f"没有“{name}”这个数据。请在“数据”里添加，或改正名称。"
        return f"{name} ＝ {told_with_period(shown)}"

    def at(self, position: int) -> str:
        """The name of the mark at a place of the text; "" where there is none."""
        block = self.document().findBlock(position)
        inside = position - block.position()
        return next((name for first, last, name in names_in(block.text()) if first <= inside < last), "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tip over a mark; Ctrl and a click show its rows."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            name = self.at(self.field.cursorForPosition(event.pos()).position())
            if name:
                QToolTip.showText(event.globalPos(), self.told(name), self.field)
                return True
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            pressed = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if pressed and event.button() == Qt.MouseButton.LeftButton:
                name = self.at(self.field.cursorForPosition(event.position().toPoint()).position())
                if name:
                    self.wanted.emit(name)
                    return True
        return super().eventFilter(watched, event)
