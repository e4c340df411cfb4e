"""The pieces the page 总览 is put together from: cards, large numbers, lines that lead somewhere. All are reached by Tab and Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.gui import theme
from desktop_app.gui.widgets import button, column, label

ROW = 32
"""Pixels of a line."""
PAD = 16
"""Pixels between the edge of a card and what is in it."""
_FLAGS = Qt.TextFlag.TextSingleLine


@dataclass(frozen=True)
class Entry:
    """A line: its sign and the colour token of that, its words, what stands at the right, and where it leads."""

    words: str
    act: Callable[[], object]
    right: str = ""
    sign: str = ""
    tint: str = "secondary"
    tip: str = ""


class _Lead(QAbstractButton):
    """What is clicked to go somewhere: marked under the mouse, ringed when the keyboard is on it."""

    def __init__(self) -> None:
        super().__init__()
        self.act: Callable[[], object] = lambda: None
        self.clicked.connect(lambda _on=False: self.act())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # type: ignore[attr-defined]
            self.click()
            return True
        return super().event(event)

    def _ground(self, painter: QPainter) -> None:
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        hovered = self.underMouse() and self.isEnabled()
        painter.setBrush(theme.colour("soft" if self.isDown() else "hover") if hovered else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)


def _write(painter: QPainter, box: QRectF, words: str, font: QFont, tint: str, *, right: bool = False) -> None:
    painter.setFont(font)
    painter.setPen(theme.colour(tint))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    cut = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter | _FLAGS), cut)


def _face(pixels: int, *, strong: bool = False) -> QFont:
    font = QFont(theme.face())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return font


class LineButton(_Lead):
    """One line of a card."""

    def __init__(self) -> None:
        super().__init__()
        self.entry = Entry("", lambda: None)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_entry(self, entry: Entry) -> None:
        """Shows a line; the same again changes nothing but where it leads."""
        self.act = entry.act
        told = (entry.words, entry.right, entry.sign, entry.tint, entry.tip)
        known = self.entry
        if told != (known.words, known.right, known.sign, known.tint, known.tip):
            self.setAccessibleName(f"{entry.words}{'，' + entry.right if entry.right else ''}")
            self.setToolTip(entry.tip or entry.words)
            self.update()
        self.entry = entry

    def sizeHint(self) -> QSize:
        return QSize(200, ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        box = QRectF(self.rect()).adjusted(8, 0, -8, 0)
        one = self.entry
        if one.sign:
            _write(painter, QRectF(box.left(), box.top(), 20, box.height()), one.sign, _face(12), one.tint)
            box.setLeft(box.left() + 22)
        if one.right:
            small = _face(12)
            wide = QFontMetrics(small).horizontalAdvance(one.right) + 4
            loud = one.tint if one.tint in ("overdue", "soon") else "secondary"
            _write(painter, box, one.right, small, loud, right=True)
            box.setRight(box.right() - wide - 8)
        _write(painter, box, one.words, _face(14), "text")


class Lines(QWidget):
    """Lines below each other; where there are none a sentence."""

    def __init__(self, blank: str = "") -> None:
        super().__init__()
        self.lines: list[LineButton] = []
        self.blank = label(blank, "hint", wrap=True)
        self.blank.setContentsMargins(8, 4, 8, 4)
        self._box = column(self, (0, 0, 0, 0), 0)
        self._box.addWidget(self.blank)

    def show_entries(self, entries: Sequence[Entry], blank: str = "") -> None:
        """Shows these lines in the widgets that are there, so that nothing flickers and the keyboard stays where it is."""
        while len(self.lines) < len(entries):
            made = LineButton()
            self.lines.append(made)
            self._box.addWidget(made)
        for at, one in enumerate(self.lines):
            one.setVisible(at < len(entries))
            if at < len(entries):
                one.show_entry(entries[at])
        if blank:
            self.blank.setText(blank)
        self.blank.setVisible(not entries and bool(self.blank.text()))


class BigNumber(_Lead):
    """A number that matters: what it is above, what it counts below."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title, self.number, self.words, self.tint = title, "—", "", "text"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(140)

    def show_number(self, number: str, words: str, act: Callable[[], object], tint: str = "text") -> None:
        """Shows a number and what it counts; ``tint`` is its colour token."""
        self.act = act
        if (number, words, tint) != (self.number, self.words, self.tint):
            self.number, self.words, self.tint = number, words, tint
            self.setAccessibleName(f"{self.title}：{number}。{words}")
            self.setToolTip(words)
            self.updateGeometry()
            self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        metrics = QFontMetrics(_face(12))
        box = metrics.boundingRect(0, 0, max(40, width - 16), 400, int(Qt.TextFlag.TextWordWrap), self.words or " ")
        return 64 + max(box.height(), metrics.height()) + 8

    def sizeHint(self) -> QSize:
        return QSize(190, self.heightForWidth(max(self.width(), 190)))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self.heightForWidth(max(self.width(), 140)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._ground(painter)
        box = QRectF(self.rect()).adjusted(8, 4, -8, -4)
        _write(painter, QRectF(box.left(), box.top(), box.width(), 20), self.title, _face(12), "secondary")
        number = QRectF(box.left(), box.top() + 18, box.width(), 40)
        _write(painter, number, self.number, _face(28, strong=True), self.tint)
        painter.setFont(_face(12))
        painter.setPen(theme.colour("secondary"))
        painter.drawText(box.adjusted(0, 58, 0, 0), int(Qt.TextFlag.TextWordWrap), self.words)


class Card(QFrame):
    """A surface with a heading, and at its right at most one quiet way on. Nothing in it has a frame of its own."""

    def __init__(self, title: str, *parts: QWidget, more: str = "", act: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.inner: QVBoxLayout = column(self, (PAD, 12, PAD, PAD), 8)
        self.heading = label(title, "group")
        self.about = label("", "small")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.heading)
        head.addWidget(self.about)
        head.addStretch(1)
        if act is not None:
            head.addWidget(button(more, act, "link"))
        self.inner.addLayout(head)
        for part in parts:
            self.inner.addWidget(part)
        self.inner.addStretch(1)
