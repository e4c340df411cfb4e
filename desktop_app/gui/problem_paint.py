"""How a problem is drawn in the list: in two lines beside its form, in the cells of a table where the list has the whole page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.gui import theme
from desktop_app.gui.problem_model import OPEN, ROW, UNSAVED, WARNED, Index, cell, due_words, named
from desktop_app.rectification.overview import ProblemRow
from desktop_app.rectification.problem_list import Group

TINTS = {
    "closed": "done",
    "done": "done",
    "kept_up": "done",
    "overdue": "overdue",
    "soon": "soon",
    "open": "accent",
    "no_date": "secondary",
}
"""State → colour token; the sign in front differs too, for eyes that do not tell colours."""


TALL, LOW, HEADING = 64, 36, 34
"""Pixels of a line of the list, of a line of the table, of a heading in the list."""
STATE = 6
"""The column of the state."""


class ProblemDelegate(QStyledItemDelegate):
    """Draws a problem: sign, title and state, below them deadline, category and how much is done; or one cell of it."""

    def __init__(self, show_unit: Callable[[], bool], as_table: Callable[[], bool]) -> None:
        super().__init__()
        self._show_unit = show_unit
        self._as_table = as_table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, LOW if self._as_table() else TALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        one = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        quiet = "ground" if isinstance(one, Group) else "surface"
        painter.fillRect(box, theme.colour("soft" if chosen else "hover" if hovered else quiet))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        if chosen and index.column() == 0:
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height() - 1), theme.colour("accent"))
        font = QFont(option.font)  # type: ignore[attr-defined]
        if isinstance(one, Group):
            self._heading(painter, box, one, font, index)
        elif isinstance(one, ProblemRow):
            font.setWeight(QFont.Weight.DemiBold if chosen and index.column() == 0 else QFont.Weight.Normal)
            (self._cell if self._as_table() else self._lines)(painter, box, one, font, index)
        painter.restore()

    def _heading(self, painter: QPainter, box: QRectF, one: Group, font: QFont, index: Index) -> None:
        if index.column():
            return
        font.setWeight(QFont.Weight.DemiBold)
        x, y = box.left() + 16, box.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("secondary"))
        right, down = ((-2, -4), (3, 0), (-2, 4)), ((-4, -2), (4, -2), (0, 3))
        points = down if index.data(OPEN) else right
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in points]))
        inner = box.adjusted(30, 0, -14, 0)
        count = f"{one.count} 项"
        write(painter, inner, count, small(), theme.colour("secondary"), right=True)
        room = QFontMetrics(small()).horizontalAdvance(count) + 12
        write(painter, inner.adjusted(0, 0, -room, 0), one.title, font, theme.colour("text"))

    def _cell(self, painter: QPainter, box: QRectF, one: ProblemRow, font: QFont, index: Index) -> None:
        tint, inner = theme.colour("text"), box.adjusted(12, 0, -8, 0)
        words = cell(one, index.column())
        if index.column() == 0:
            sign(painter, QPointF(box.left() + 20, box.center().y()), one.state, theme.colour(TINTS[one.state]))
            inner = box.adjusted(36, 0, -8, 0)
        elif index.column() == STATE:
            unsaved = bool(index.data(UNSAVED))
            tint = theme.colour("soon" if unsaved else TINTS[one.state])
            words = "未保存" if unsaved else words
        write(painter, inner, words, font, tint)

    def _lines(self, painter: QPainter, box: QRectF, one: ProblemRow, font: QFont, index: Index) -> None:
        tint = theme.colour(TINTS[one.state])
        sign(painter, QPointF(box.left() + 22, box.top() + 22), one.state, tint)
        inner = box.adjusted(40, 10, -14, -10)
        right = self._state(painter, inner, one, tint, bool(index.data(UNSAVED)))
        write(painter, inner.adjusted(0, 0, -right - 12, 0), named(one), font, theme.colour("text"), at="top")
        self._second(painter, inner, one, int(index.data(WARNED) or 0))

    def _state(self, painter: QPainter, inner: QRectF, one: ProblemRow, tint: QColor, unsaved: bool) -> float:
        """Writes the state at the right; returns how wide it is."""
        words = "未保存" if unsaved else one.state_words
        colour = theme.colour("soon") if unsaved else tint
        write(painter, inner.adjusted(0, 1, 0, 0), words, small(), colour, at="top", right=True)
        return QFontMetrics(small()).horizontalAdvance(words)

    def _second(self, painter: QPainter, inner: QRectF, one: ProblemRow, warned: int) -> None:
        font = small()
        unit = one.unit if self._show_unit() else ""
        words = " · ".join(part for part in (unit, due_words(one), one.category, *one.tags) if part) or "还没有时限"
        wide, left = (72.0 if inner.width() < 280 else 96.0), 0.0
        if warned:
            check = f"核对 {warned}"
            write(painter, inner, check, font, theme.colour("soon"), at="bottom")
            left = QFontMetrics(font).horizontalAdvance(check) + 8
        room = inner.adjusted(left, 0, -wide - 12 if one.measures else 0, 0)
        write(painter, room, words, font, theme.colour("secondary"), at="bottom")
        if not one.measures:
            return
        track = QRectF(inner.right() - wide, inner.bottom() - 9, wide, 5)
        share = 1.0 if one.state in ("done", "closed", "kept_up") else one.measures_done / one.measures
        for broad, colour in ((wide, theme.colour("track")), (wide * share, theme.colour(TINTS[one.state]))):
            path = QPainterPath()
            path.addRoundedRect(QRectF(track.left(), track.top(), broad, track.height()), 2.5, 2.5)
            painter.fillPath(path, colour)


def small() -> QFont:
    """The face of what is secondary."""
    font = QFont(theme.face())
    font.setPixelSize(12)
    return font


def write(
    painter: QPainter, box: QRectF, words: str, font: QFont, colour: QColor, *, at: str = "middle", right: bool = False
) -> None:
    """Writes words on one line, cut with … where there is no room."""
    painter.setFont(font)
    painter.setPen(colour)
    cut = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
    vertical = {"top": Qt.AlignmentFlag.AlignTop, "bottom": Qt.AlignmentFlag.AlignBottom}.get(
        at, Qt.AlignmentFlag.AlignVCenter
    )
    horizontal = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, int(vertical | horizontal | Qt.TextFlag.TextSingleLine), cut)


def sign(painter: QPainter, at: QPointF, state: str, tint: QColor) -> None:
    """The sign of a state: triangle overdue, ring no date, tick finished, half-filled soon, dot under way."""
    x, y = at.x(), at.y()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    if state == "overdue":
        painter.drawPolygon(QPolygonF([QPointF(x, y - 6), QPointF(x + 6, y + 5), QPointF(x - 6, y + 5)]))
        return
    if state in ("done", "closed", "kept_up"):
        painter.drawEllipse(at, 6.5, 6.5)
        painter.setPen(QPen(theme.colour("surface"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x - 3, y), QPointF(x - 0.8, y + 2.4), QPointF(x + 3.2, y - 2.4)]))
        return
    if state == "open":
        painter.drawEllipse(at, 5, 5)
        return
    painter.setPen(QPen(tint, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 5, 5)
    if state == "soon":
        painter.setBrush(tint)
        painter.drawPie(QRectF(x - 5, y - 5, 10, 10), 90 * 16, -180 * 16)
