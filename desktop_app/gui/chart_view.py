"""A chart on the screen: what ``notices.charts`` draws for paper, painted in the colours of the theme and opened by its values.

The drawing is the one of the papers, stroke for stroke: a number that is seen here is printed there. Paper knows black,
white and a few blues between; here dark becomes the accent and white the ground. A value may have a colour of its own (overdue
is red). Left and right go from value to value, Enter opens the one that is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app.gui import theme

if TYPE_CHECKING:
    from desktop_app.notices.charting.canvas import Canvas, Label, Spot
    from desktop_app.notices.page import Shape
    from desktop_app.notices.tree import Chart

SCALE = 4 / 3
"""Pixels of a point: the 9 points of a chart's words are the 12 pixels of secondary text."""
_PALEST = 0.62
"""How near to the ground a filled look comes: it still has to be seen on it."""
_WHITE = "#FFFFFF"
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class ChartView(QWidget):
    """One chart. Without values it takes no room."""

    opened = Signal(int, int)
    """Places of the series and of the category of a value that was clicked."""

    def __init__(self, name: str, height: int) -> None:
        super().__init__()
        self._name = name
        self._height = height
        self._chart: Chart | None = None
        self._tints: Mapping[int, str] = {}
        self._canvas: Canvas | None = None
        self._at = -1
        self._hovered = -1
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(height)  # a layout that is not done yet would squeeze it until nothing can be drawn

    def show_chart(self, chart: Chart, tints: Mapping[int, str] | None = None, height: int = 0) -> None:
        """Shows a chart; ``tints`` are colour tokens by the place of a category. The same chart again changes nothing."""
        if (chart, tints or {}, height or self._height) == (self._chart, self._tints, self._height):
            return
        self._chart, self._tints = chart, tints or {}
        self._canvas = None
        if height and height != self._height:
            self._height = height
            self.setFixedHeight(height)
        self._at = min(self._at, len(chart.categories) * len(chart.series) - 1)
        self.setAccessibleDescription("；".join(self._told(s, c) for s, c in self._values()))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self._height)

    # -- drawing -------------------------------------------------------------------------------------------------------

    def canvas(self) -> Canvas | None:
        """The drawing at the present size."""
        if self._canvas is None and self._chart is not None:
            from desktop_app.notices import charts

            self._canvas = charts.drawn(self._chart, self.width() / SCALE, self.height() / SCALE, _measured)
        return self._canvas

    def paintEvent(self, _event: QPaintEvent) -> None:
        canvas = self.canvas()
        if canvas is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        marked = self._at if self.hasFocus() else -1
        if self._hovered >= 0:
            painter.fillRect(self._ground(canvas.spots[self._hovered]), theme.colour("hover"))
        own = {n: self._tints.get(spot.category, "") for spot in canvas.spots for n in range(*spot.shapes)}
        for number, shape in enumerate(canvas.shapes):
            self._shape(painter, shape, own.get(number, ""))
        for one in canvas.strokes:
            painter.setPen(QPen(_colour(one.colour), self._thick(one.weight)))
            painter.drawLine(self._crisp(one.x0, one.y0), self._crisp(one.x1, one.y1))
        for label in canvas.labels:
            self._label(painter, label)
        if 0 <= marked < len(canvas.spots):
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._ground(canvas.spots[marked]).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _shape(self, painter: QPainter, shape: Shape, tint: str) -> None:
        if not shape.fill:
            painter.setPen(QPen(_colour(shape.stroke), self._thick(shape.weight)))
            painter.drawPolyline(QPolygonF([self._crisp(x, y) for x, y in shape.points]))
            return
        white = shape.fill == _WHITE and not tint  # hatched: told from the ground by its edge
        painter.setPen(QPen(theme.colour("accent"), 1) if white else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(tint) if tint else _colour(shape.fill))
        painter.drawPolygon(QPolygonF([self._crisp(x, y, 0.0) for x, y in shape.points]))

    def _label(self, painter: QPainter, label: Label) -> None:
        font = _font(label.size, bold=label.bold)
        wide = QFontMetricsF(font).horizontalAdvance(label.text)
        left = label.x * SCALE - {"left": 0.0, "centre": wide / 2, "right": wide}[label.anchor]
        painter.setFont(font)
        painter.setPen(theme.colour("text" if label.bold else "secondary"))
        painter.drawText(QPointF(left, self.height() - label.y * SCALE), label.text)

    def _thick(self, points: float) -> float:
        """The thickness of a line in whole dots of the screen."""
        dots = self.devicePixelRatioF()
        return max(1.0, round(points * SCALE * dots * 0.75)) / dots

    def _crisp(self, x: float, y: float, shift: float = 0.5) -> QPointF:
        """A place on the screen, at the middle (or the edge) of a dot, so that upright and level lines are sharp."""
        dots = self.devicePixelRatioF()
        across, down = x * SCALE * dots, (self.height() - y * SCALE) * dots
        return QPointF((int(across) + shift) / dots, (int(down) + shift) / dots)

    def _ground(self, spot: Spot) -> QRectF:
        box = spot.ground
        return QRectF(
            box.left * SCALE, self.height() - box.top * SCALE, box.width * SCALE, box.height * SCALE
        ).intersected(QRectF(self.rect()))

    # -- values --------------------------------------------------------------------------------------------------------

    def _values(self) -> list[tuple[int, int]]:
        chart = self._chart
        if chart is None:
            return []
        return [(s, c) for c in range(len(chart.categories)) for s in range(len(chart.series))]

    def _told(self, series: int, category: int) -> str:
        """A value in words."""
        assert self._chart is not None
        one, name = self._chart.series[series], self._chart.categories[category]
        value = one.values[category]
        number = "没有数据" if value is None else f"{value:g}{self._chart.unit}"
        return f"{name}：{one.name} {number}" if len(self._chart.series) > 1 else f"{name}：{number}"

    def _spot(self, at: QPointF) -> int:
        canvas = self.canvas()
        found = [n for n, spot in enumerate(canvas.spots if canvas else ()) if self._ground(spot).contains(at)]
        return found[0] if found else -1

    def _open(self, number: int) -> None:
        canvas = self.canvas()
        if canvas is not None and 0 <= number < len(canvas.spots):
            self.opened.emit(canvas.spots[number].series, canvas.spots[number].category)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._spot(event.position())
        if number != self._hovered:
            self._hovered = number
            self.setCursor(Qt.CursorShape.PointingHandCursor if number >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._spot(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number >= 0:
            self._at = number
            self._open(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        canvas, by = self.canvas(), _KEYS.get(Qt.Key(event.key()))
        if canvas is None or not canvas.spots:
            super().keyPressEvent(event)
        elif by is not None:
            order = sorted(range(len(canvas.spots)), key=lambda n: (canvas.spots[n].category, canvas.spots[n].series))
            place = order.index(self._at) if self._at in order else -1 if by > 0 else 0
            self._mark(order[(place + by) % len(order)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self._at)
        else:
            super().keyPressEvent(event)

    def _mark(self, number: int) -> None:
        canvas = self.canvas()
        assert canvas is not None
        self._at = number
        spot = canvas.spots[number]
        self.setAccessibleName(f"{self._name}，{self._told(spot.series, spot.category)}")
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._at < 0:
            self._at = 0
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            canvas, number = self.canvas(), self._spot(QPointF(event.pos()))
            if canvas is not None and number >= 0:
                spot = canvas.spots[number]
                QToolTip.showText(event.globalPos(), self._told(spot.series, spot.category), self)
            else:
                QToolTip.hideText()
            return True
        if event.type() in (QEvent.Type.Resize, QEvent.Type.StyleChange):
            self._canvas = None
        return super().event(event)


def _font(size: float, *, bold: bool = False) -> QFont:
    font = QFont(theme.face())
    font.setPixelSize(round(size * SCALE))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def _measured(words: str, size: float) -> float:
    return QFontMetricsF(_font(size)).horizontalAdvance(words) / SCALE


def _colour(on_paper: str) -> QColor:
    """A colour of the paper in those of the theme: grid and axis by name, all others between accent and ground."""
    from desktop_app.notices.charting.canvas import AXIS, GRID, LOOKS

    known = {GRID: "line", AXIS: "edge"}.get(on_paper)
    if known:
        return theme.colour(known)
    dark, light = theme.colour("accent"), theme.colour("surface")
    first, here = QColor(LOOKS[0].fill).lightnessF(), QColor(on_paper).lightnessF()
    share = 1.0 if here == 1.0 else min(max((here - first) / (1 - first), 0.0), _PALEST)
    mixed = (
        one + (other - one) * share
        for one, other in ((dark.redF(), light.redF()), (dark.greenF(), light.greenF()), (dark.blueF(), light.blueF()))
    )
    return QColor.fromRgbF(*mixed)
