"""Editors that are a field to type in: one line for most kinds, a growing field for prose."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from db.errors import Refusal
from db.schema.kinds import Kind, Moment, Money, Month, Number, Whole
from db.schema.links import Texts
from desktop_app.gui.editor import Editor, Surroundings
from desktop_app.gui.figure_place import PRINTED
from desktop_app.gui.figure_tools import FigureTools

EXAMPLES: dict[type[Kind[Any]], str] = {
    Money: "如 12000、1.2万",
    Month: "如 2021-07、7月、上月",
    Moment: "如 2021-07-05 14:30、11.3 1430",
    Texts: "多项之间用分号隔开",
}
"""What an empty field shows where its kind has no help of its own."""


def row(owner: QWidget) -> QHBoxLayout:
    """A row without margins, the parts of one editor side by side."""
    layout = QHBoxLayout(owner)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    return layout


class LineEditor(Editor):
    """One line of typed text; numbers stand right, with their unit behind the field. A readable value is shown in its
    own writing when the field is left."""

    def __init__(self, kind: Kind[Any], around: Surroundings) -> None:
        super().__init__(kind, around)
        self.line = QLineEdit()
        self.line.setAcceptDrops(False)  # a dropped file goes to whoever takes files, not as its path into a line
        self.line.setPlaceholderText(kind.help or EXAMPLES.get(type(kind), ""))
        layout = row(self)
        layout.addWidget(self.line)
        if isinstance(kind, Whole | Number | Money):
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
            unit = "元" if isinstance(kind, Money) else kind.unit
            if unit:
                layout.addWidget(QLabel(unit))
        self.watch(self.line)
        self.line.textChanged.connect(self.changed)
        self.line.editingFinished.connect(self.tidy)

    def typed(self) -> str:
        return self.line.text()

    def set_typed(self, text: str) -> None:
        self.line.setText(text)
        self.line.setCursorPosition(0)

    def tidy(self) -> None:
        """Writes a readable value the way its kind writes it."""
        if not self.touched():
            return
        try:
            value = self.kind.parse(self.line.text())
        except Refusal:
            return
        if value is not None and self.kind.show(value) != self.line.text():
            self.line.setText(self.kind.show(value))


class GrowingText(QPlainTextEdit):
    """A field as high as its text, between ``least`` and ``most`` lines. Tab goes on to the next field."""

    def __init__(self, least: int = 2, most: int = 18) -> None:
        super().__init__()
        self._least, self._most = least, most
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Words are dropped here; files go to whoever takes files, not as their paths into the text."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def _fit(self) -> None:
        lines = int(self.document().documentLayout().documentSize().height())
        wanted = max(self._least, min(lines, self._most))
        height = wanted * self.fontMetrics().lineSpacing() + 2 * round(self.document().documentMargin()) + 14
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > self._most else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumHeight())


class ProseEditor(Editor):
    """Text of several paragraphs, in a field that grows with it."""

    wide: ClassVar[bool] = True

    def __init__(self, kind: Kind[Any], around: Surroundings) -> None:
        super().__init__(kind, around)
        self.text = GrowingText()
        self.text.setPlaceholderText(kind.help)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.text)
        self.figures: FigureTools | None = None
        if around.subject is not None and around.subject().schema in PRINTED:
            self.figures = FigureTools(around.session, self.text, around.subject)
            layout.addWidget(self.figures)
        self.watch(self.text)
        self.text.textChanged.connect(self.changed)

    def typed(self) -> str:
        return self.text.toPlainText()

    def set_typed(self, text: str) -> None:
        if text != self.text.toPlainText():
            self.text.setPlainText(text)
