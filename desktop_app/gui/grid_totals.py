"""The row of totals below a grid: how many rows are shown, and the sum of each column of numbers."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from db.schema.kinds import Money
from db.schema.typed import canonical
from desktop_app.gui import theme
from desktop_app.gui.grid_model import GridModel
from desktop_app.gui.grid_paint import PAD
from desktop_app.gui.grid_view import GridTable
from desktop_app.gui.theme import digits
from desktop_app.rectification.rows import Totals

HEIGHT = 32


def grouped(value: Decimal | int) -> str:
    """A sum with commas between the thousands: 1,234,567.5."""
    whole, _point, part = canonical(Decimal(value)).partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(whole):,}{'.' + part if part else ''}"


class TotalsRow(QWidget):
    """Painted under the columns it belongs to."""

    def __init__(self, table: GridTable, model: GridModel) -> None:
        super().__init__()
        self._table = table
        self._model = model
        self._words: dict[int, str] = {}
        self._count = ""
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        table.placed.connect(self.update)

    def show_totals(self, totals: Totals) -> None:
        """Shows the totals of what is filtered."""
        twins = f"（另有 {totals.twins:,} 行重复，不计）" if totals.twins else ""
        self._count = f"共 {totals.count:,} 行{twins}"
        self._words = {}
        for name, value in totals.sums.items():
            column = self._model.column_of(name)
            if value is not None and column >= 0:
                kind = self._model.kind(column)
                self._words[column] = kind.show(int(value)) if isinstance(kind, Money) else grouped(value)
        told = "，".join(f"{self._model.label(column)}合计 {words}" for column, words in self._words.items())
        self.setAccessibleName(f"{self._count}，{told}" if told else self._count)
        self.setToolTip(self.accessibleName())
        self.update()

    def words(self) -> dict[str, str]:
        """Field → the sum that is shown, and "" → the count."""
        return {"": self._count} | {self._model.fields[column].name: words for column, words in self._words.items()}

    def sizeHint(self) -> QSize:
        return QSize(100, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole = QRectF(self.rect())
        painter.fillRect(whole, theme.colour("hover"))
        painter.fillRect(QRectF(0, 0, whole.width(), 1), theme.colour("line"))
        painter.setPen(theme.colour("text"))
        font = QFont(digits())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        left = self._table.viewport().x()
        head, first = self._table.head, self._table.frozen.width()
        painter.save()
        painter.setClipRect(QRectF(left + first, 0, whole.width(), HEIGHT))
        free = left + PAD + metrics.horizontalAdvance(self._count) + PAD
        for column, words in self._words.items():
            if column and not head.isSectionHidden(column):
                self._sum(painter, left + head.sectionViewportPosition(column), head.sectionSize(column), words, free)
        painter.restore()
        if 0 in self._words:
            self._sum(painter, left, first, self._words[0], free)
        painter.setFont(digits(12))
        painter.setPen(theme.colour("secondary"))
        painter.drawText(
            QRectF(PAD, 0, max(left + first - PAD, 160), HEIGHT), int(Qt.AlignmentFlag.AlignVCenter), self._count
        )

    @staticmethod
    def _sum(painter: QPainter, left: float, width: float, words: str, free: float) -> None:
        """A sum stands right in its column, and wider than that where it has to."""
        wide = QFontMetricsF(painter.font()).horizontalAdvance(words) + PAD + 1
        box = QRectF(min(left, left + width - wide), 0, max(width, wide) - PAD - 1, HEIGHT)
        if box.left() >= free or width >= wide:
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words)
