"""What is refused of a block: each wrong cell with its sentence, and a field to put it right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from db.schema.kinds import Kind
from db.schema.record import Schema
from desktop_app.gui import grid_cells
from desktop_app.gui.editor_words import WordCompleter, best
from desktop_app.gui.paste_block import Incoming
from desktop_app.gui.widgets import column, label
from desktop_app.rectification.batch import RefusedCell

SHOWN = 40
"""Wrong cells that are shown at a time."""
PATIENCE = 400
"""Milliseconds after a key until the block is looked at again."""


class RefusedBox(QWidget):
    """One wrong cell."""

    mended = Signal(int, str, str)
    """Row of the block, field, the text that is to stand there."""

    def __init__(self, title: str, cell: RefusedCell, kind: Kind[Any] | None) -> None:
        super().__init__()
        self.cell = cell
        self._words = [] if kind is None else grid_cells.offered(kind, {}) or []
        self.line = QLineEdit(cell.text)
        self.line.setProperty("wrong", True)
        self.line.setAccessibleName(title)
        self.line.setVisible(kind is not None)
        if self._words:
            self.line.setCompleter(WordCompleter(self.line, lambda: self._words))
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(PATIENCE)
        self._waiting.timeout.connect(self._tell)
        self.line.textEdited.connect(lambda _text: self._waiting.start())
        self.line.editingFinished.connect(self._tell)
        sentence = label(cell.sentence, "wrong", wrap=True)
        layout = column(self, (0, 0, 0, 0), 4)
        for part in (label(title, "label"), self.line, sentence):
            layout.addWidget(part)

    def _tell(self) -> None:
        self._waiting.stop()
        if self.line.text() != self.cell.text:
            meant = best(self.line.text(), self._words)
            self.mended.emit(self.cell.row, self.cell.field, meant[0] if len(meant) == 1 else self.line.text())


class RefusedList(QWidget):
    """The wrong cells, one below the other. A box in which one types stays while the block is looked at again."""

    mended = Signal(int, str, str)

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self._schema = schema
        self.boxes: list[RefusedBox] = []
        self._layout = column(self, (0, 0, 0, 0), 12)
        self.more = label("", "hint", wrap=True)
        self._layout.addWidget(self.more)
        self._layout.addStretch(1)
        self.more.hide()

    def show_refused(self, block: Incoming, refused: tuple[RefusedCell, ...]) -> None:
        """Shows what is refused."""
        focused = next((one for one in self.boxes if one.line.hasFocus()), None)
        key = (focused.cell.row, focused.cell.field) if focused is not None else None
        typed = (focused.line.text(), focused.line.cursorPosition()) if focused is not None else ("", 0)
        for box in self.boxes:
            self._layout.removeWidget(box)
            box.line.blockSignals(True)
            box.deleteLater()
        self.boxes = []
        kinds = self._schema.kinds()
        for at, cell in enumerate(refused[:SHOWN]):
            name = kinds[cell.field].label if cell.field in kinds else ""
            title = f"第 {block.number(cell.row)} 行" + (f" · {name}" if name else "")
            box = RefusedBox(title, cell, kinds.get(cell.field))
            box.mended.connect(self.mended)
            self._layout.insertWidget(at, box)
            self.boxes.append(box)
            if (cell.row, cell.field) == key:
                box.line.setText(typed[0])
                box.line.setFocus()
                box.line.setCursorPosition(typed[1])
        left = len(refused) - SHOWN
        self.more.setText(f"还有 {left} 处。改好上面的，会接着列出来。")
        self.more.setVisible(left > 0)
