"""The line below a grid: what is wrong with the cell one stands on, else its help; at the right, what is chosen."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from db.errors import Refusal
from db.schema.composite import Amount
from db.schema.kinds import Money, Number, Whole
from desktop_app.gui import grid_unknown
from desktop_app.gui.grid_cursor import GridCursor
from desktop_app.gui.grid_deeds import GridDeeds
from desktop_app.gui.grid_model import GridModel
from desktop_app.gui.grid_totals import grouped
from desktop_app.gui.grid_unknown import Unknown
from desktop_app.gui.widgets import button, label, set_role

MOST = 5_000
"""Chosen cells that are added up."""


class GridSaid(QWidget):
    """Says one sentence about where one stands."""

    add_wanted = Signal(object)
    """What a cell names that is not there, to be added."""

    def __init__(self, model: GridModel, cursor: GridCursor, deeds: GridDeeds) -> None:
        super().__init__()
        self._model = model
        self._cursor = cursor
        self._deeds = deeds
        self._standing = ""
        self.words = label("", "small", wrap=True)  # beside a form there is room for half a sentence in a line
        wrapped = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        wrapped.setHeightForWidth(True)
        self.words.setSizePolicy(wrapped)
        self.add_button = button("", self.add, "link", "把它加进台账（Ctrl+Enter）")
        self.add_button.hide()
        self._unknown: Unknown | None = None
        self.chosen = label("", "small")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 4)
        layout.setSpacing(16)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.add_button)
        layout.addWidget(self.chosen)
        self.setMinimumHeight(28)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(60)
        self._soon.timeout.connect(self._count)

    def stand(self, sentence: str) -> None:
        """What stands against saving a row; it is said until the row is right or another one is left."""
        self._standing = sentence
        self.tell()

    def tell(self) -> None:
        """Says what is wrong here, else what stands against a row, else the help of the field."""
        model, row, column = self._model, self._cursor.row(), self._cursor.column()
        wrong = model.wrong(row, column) if 0 <= row < model.rowCount() and column >= 0 else ""
        kind = model.kind(column) if column >= 0 else None
        words = wrong or self._standing or (kind.help if kind is not None else "")
        if self.words.text() != words:
            self.words.setText(words)
            self.words.setToolTip(words)
        set_role(self.words, "wrong" if wrong or self._standing else "small")
        here = model.rows.identifier(row) if wrong else ""
        self._unknown = grid_unknown.unknown(model, *((here, column) if here else self._deeds.stopped))
        self.add_button.setVisible(self._unknown is not None and bool(wrong or self._standing))
        if self._unknown is not None:
            self.add_button.setText(self._unknown.offer)

    def add(self) -> None:
        """Adds what the cell names."""
        if self._unknown is not None and not self.add_button.isHidden():
            self.add_wanted.emit(self._unknown)

    def count_soon(self) -> None:
        """Adds up what is chosen, once choosing has come to rest."""
        self._soon.start()

    def _count(self) -> None:
        first, last, columns = self._cursor.block()
        cells = (last - first + 1) * len(columns)
        if first < 0 or cells < 2:
            self.chosen.setText("")
            return
        words = f"已选 {cells:,} 格"
        if cells <= MOST:
            words += self._sum(first, last, columns)
        self.chosen.setText(words)

    def _sum(self, first: int, last: int, columns: list[int]) -> str:
        model = self._model
        total, found, money = Decimal(0), 0, False
        for column in columns:
            kind = model.kind(column)
            if not isinstance(kind, Whole | Number | Money):
                continue
            for row in range(first, last + 1):
                try:
                    value = model.typing.value(row, model.fields[column])
                except Refusal:
                    continue
                if value is not None:
                    found += 1
                    money = money or isinstance(kind, Money)
                    total += Decimal(value.value if isinstance(value, Amount) else value) / (
                        100 if isinstance(kind, Money) else 1
                    )
        return f"，合计 {grouped(total)}{' 元' if money else ''}" if found > 1 else ""
