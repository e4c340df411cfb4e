"""How a cell of a grid is painted: words, numbers at the right in even digits, what is wrong, typed or found, with signs."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.gui import theme
from desktop_app.gui.grid_model import CELL, Cell
from desktop_app.gui.theme import digits

ROW = 30
"""Pixels of a row."""
PAD = 10
SIGN = 9
"""Pixels of the sign in the corner of a cell."""
Index = QModelIndex | QPersistentModelIndex


@cache
def colours(_mode: str) -> dict[str, QColor]:
    """The colours of a cell in a theme, looked up once: a screen has hundreds of cells."""
    names = ("soft", "wrong_ground", "surface", "line", "accent", "secondary", "overdue", "soon", "text")
    return {name: theme.colour(name) for name in names}


def tint(cell: Cell) -> str:
    """The colour of a cell's words."""
    if cell.faint or cell.loading:
        return "secondary"
    if cell.wrong:
        return "overdue"
    return "secondary" if cell.computed else "text"


_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


@cache
def _metrics() -> QFontMetricsF:
    return QFontMetricsF(digits())


class CellPainter(QStyledItemDelegate):
    """Paints the cells of a grid."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        cell: Cell = index.data(CELL)
        return QSize(int(_metrics().horizontalAdvance(cell.words)) + 2 * PAD + 4, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: Cell = index.data(CELL)
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        ground = "soft" if chosen else "wrong_ground" if cell.wrong else "surface"
        hues = colours(theme.shown())
        painter.fillRect(box, hues[ground])
        line = hues["line"]
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), line)
        painter.fillRect(QRectF(box.right() - 1, box.top(), 1, box.height()), line)
        left = self._mark(painter, box, cell) if cell.mark is not None else 0.0
        if cell.closed:
            left += self._tick(painter, box.adjusted(left, 0, 0, 0))
        if cell.wrong or cell.unsaved:
            self._corner(painter, box, cell)
        self._words(painter, box.adjusted(PAD + left, 0, -PAD - 1, -1), cell)
        if self._current(index):
            painter.setPen(QPen(hues["accent"], 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -2, -2))
        painter.restore()

    def _current(self, index: Index) -> bool:
        view = self.parent()
        current = getattr(view, "currentIndex", None)
        focused = bool(getattr(view, "is_at_work", lambda: False)())
        return focused and current is not None and bool(current() == index)

    def _words(self, painter: QPainter, room: QRectF, cell: Cell) -> None:
        if not cell.words:
            return
        painter.setFont(digits())
        painter.setPen(colours(theme.shown())[tint(cell)])
        words = cell.words.replace("\n", " ↵ ")
        cut = _metrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _RIGHT if cell.right else _LEFT, cut)

    def _mark(self, painter: QPainter, box: QRectF, cell: Cell) -> float:
        """The sign of a finding before the words; how much room it takes."""
        assert cell.mark is not None
        hard = cell.mark[0] == "hard"
        middle = QPointF(box.left() + PAD + 5, box.center().y())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("overdue" if hard else "soon"))
        x, y = middle.x(), middle.y()
        painter.drawPolygon(QPolygonF([QPointF(x, y - 6), QPointF(x + 6, y + 5), QPointF(x - 6, y + 5)]))
        painter.setPen(QPen(theme.colour("surface"), 1.4))
        painter.drawLine(QPointF(x, y - 2.2), QPointF(x, y + 1.2))
        painter.drawPoint(QPointF(x, y + 3.4))
        return 16.0

    def _tick(self, painter: QPainter, box: QRectF) -> float:
        """The sign of a row that is struck off."""
        x, y = box.left() + PAD + 5, box.center().y()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("done"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x - 4.5, y), QPointF(x - 1.2, y + 3.4), QPointF(x + 5, y - 3.8)]))
        return 16.0

    def _corner(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        """What is wrong has a red corner at the upper right, what is typed and not saved one at the upper left."""
        painter.setPen(Qt.PenStyle.NoPen)
        if cell.wrong:
            painter.setBrush(theme.colour("overdue"))
            right = box.topRight() - QPointF(1, 0)
            painter.drawPolygon(QPolygonF([right, right - QPointF(SIGN, 0), right + QPointF(0, SIGN)]))
        elif cell.unsaved:
            painter.setBrush(theme.colour("soon"))
            left = box.topLeft()
            painter.drawPolygon(QPolygonF([left, left + QPointF(SIGN - 2, 0), left + QPointF(0, SIGN - 2)]))
