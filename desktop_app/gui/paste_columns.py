"""Which column of a block is which field: one row for each column, with a sample, and the field to choose."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from db.schema.record import Schema
from desktop_app.gui.editor_pick import PickBox
from desktop_app.gui.paste_block import Incoming
from desktop_app.gui.widgets import label
from desktop_app.rectification import batch
from desktop_app.rectification.batch_cells import seen
from desktop_app.sheets.mapping import ID_HEADING

NOT_READ = "（不读）"
_SAMPLE = 14


class PasteColumns(QWidget):
    """The columns of a block."""

    chosen = Signal(object)
    """The fields of the columns, as a tuple."""

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self._fields: list[tuple[str | None, str]] = [(None, NOT_READ)]
        self._fields += [(one.name, one.kind.label) for one in schema.fields if batch.takes(one.kind)]
        self._boxes: list[QComboBox] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._grid.setColumnStretch(1, 1)

    def show_block(self, block: Incoming) -> None:
        """Shows the columns of a block."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self._boxes = []
        known = self._fields + ([(batch.ID, ID_HEADING)] if batch.ID in block.names else [])
        for at, name in enumerate(block.names):
            heading = block.headings[at] if at < len(block.headings) else ""
            sample = next((seen(row[at]).strip() for row in block.cells if at < len(row) and seen(row[at]).strip()), "")
            words = heading or (f"如 {sample}" if sample else f"第 {at + 1} 列")
            shown = label(words if len(words) <= _SAMPLE else words[: _SAMPLE - 1] + "…", "small")
            shown.setToolTip(f"{heading}\n{sample}".strip())
            box = PickBox()
            for field, title in known:
                box.addItem(title, field)
            box.setCurrentIndex(next((i for i, (field, _t) in enumerate(known) if field == name), 0))
            box.setAccessibleName(f"{words}：栏目")
            box.activated.connect(lambda _at: self._tell())
            self._grid.addWidget(shown, at, 0)
            self._grid.addWidget(box, at, 1)
            self._boxes.append(box)

    def _tell(self) -> None:
        names: list[str | None] = []
        for box in self._boxes:
            name = box.currentData()
            names.append(name if name not in names else None)
        self.chosen.emit(tuple(names))
