"""Pages as they would be printed: white sheets with a shadow, to be scrolled, enlarged and clicked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from desktop_app.gui import theme
from desktop_app.gui.preview_images import PageImages
from desktop_app.gui.preview_layout import MARGIN, Layout, boxes, widest
from desktop_app.gui.preview_paper import Box, Paper, boxes_of

FULL_SIZE = 96 / 72
"""Pixels a point at 100 %."""
STEPS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
WIDEST = 1.6
"""Fitting to the width does not enlarge beyond this."""
LINE = 16.0
"""Points of a line of words."""
NEAR = 400
"""Pixels above and below the view within which pages are drawn beforehand."""
_SHADOW = ((1, 22), (2, 18), (4, 12), (6, 6))
"""Pixels and darkness of the shadow's layers."""
_MARK = QColor(31, 95, 191, 28)
"""Laid over the words of a record; the same in both themes, since paper is white in both."""


class PaperView(QAbstractScrollArea):
    """The pages of one paper below each other."""

    clicked = Signal(str)
    """The origin of the words that were clicked."""
    turned = Signal(int, int)
    """The page in view (from 1) and how many there are."""
    replaced = Signal()
    """Another paper is shown, or none."""
    scaled = Signal()
    """Another enlargement."""

    def __init__(self) -> None:
        super().__init__()
        self.paper: Paper | None = None
        self.fit = True
        self.zoom = 1.0
        self.marked = ""
        self.caret: tuple[int, Box] | None = None
        """The line somebody is writing at."""
        self.images = PageImages(self)
        self.images.arrived.connect(self.viewport().update)
        self._hovered = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._tell())
        self.setAccessibleName("预览")

    # -- showing -------------------------------------------------------------------------------------------------------

    def show_paper(self, paper: Paper | None) -> None:
        """Shows a paper in place of the former one, at the same height."""
        same = paper is not None and self.paper is not None and paper.data == self.paper.data
        self.paper = paper
        if same:
            return
        self._hovered = ""
        count = len(paper.pages.pages) if paper else 0
        self.images.open(paper.data if paper else b"", count)
        self.setAccessibleName(f"预览，共 {count} 页")
        self._arrange()
        self.replaced.emit()
        self._tell()

    def show_place(self, number: int, height: float | None) -> None:
        """Brings a page (from 0) into view, or the place on it that is so many points above its lower edge."""
        rects = self.layout_now().rects()
        if not 0 <= number < len(rects):
            return
        top = rects[number].top() - MARGIN
        if height is not None and self.paper is not None:
            shown = boxes(self.paper)[number]
            down = (shown.bottom if not self.paper.cropped else shown.bottom - shown.top) - height
            top = rects[number].top() + (down - 3 * LINE) * self.scale()
        self.verticalScrollBar().setValue(round(max(0.0, top)))

    def reveal(self, origin: str, *, mark: bool = True) -> bool:
        """Brings the words of a record into view; False when nothing of it is printed."""
        self.marked = origin if mark else ""
        self.viewport().update()
        first = next(iter(boxes_of(self.paper, origin)), None) if self.paper else None
        if first is None:
            return False
        top = self.layout_now().placed(*first).top()
        self.verticalScrollBar().setValue(round(top - self.viewport().height() * 0.2))
        return True

    def follow(self, caret: tuple[int, Box] | None) -> None:
        """Marks the line somebody is writing at, and brings it into view where it is not."""
        self.caret = caret
        self.viewport().update()
        if caret is None:
            return
        place, bar = self.layout_now().placed(*caret), self.verticalScrollBar()
        high = self.viewport().height()
        if not bar.value() + 8 <= place.top() or place.bottom() > bar.value() + high - 8:
            bar.setValue(round(place.center().y() - high * 0.5))

    def layout_now(self) -> Layout:
        """Where the pages stand at the present size of the view."""
        return Layout(boxes(self.paper), self.scale(), self.viewport().width())

    def scale(self) -> float:
        """Pixels a point."""
        if not self.fit or self.paper is None:
            return self.zoom * FULL_SIZE
        room = self.viewport().width() - 2 * MARGIN
        return max(0.2, min(room / widest(boxes(self.paper)), WIDEST * FULL_SIZE))

    def enlarge(self, zoom: float | None) -> None:
        """Shows the pages at this enlargement (1.0: as large as on paper), or as wide as the room (None)."""
        bar, half = self.verticalScrollBar(), self.viewport().height() / 2
        before = self.layout_now().height
        middle = (bar.value() + half) / before if before else 0.0
        self.fit = zoom is None
        self.zoom = zoom or self.zoom
        self._arrange()
        bar.setValue(round(middle * self.layout_now().height - half))
        across = self.horizontalScrollBar()
        across.setValue((across.minimum() + across.maximum()) // 2)
        self.scaled.emit()

    def step(self, by: int) -> None:
        """The next larger or smaller enlargement."""
        now = self.scale() / FULL_SIZE
        if by > 0:
            self.enlarge(next((one for one in STEPS if one > now + 0.01), STEPS[-1]))
        else:
            self.enlarge(next((one for one in reversed(STEPS) if one < now - 0.01), STEPS[0]))

    def page(self) -> int:
        """The page in view, from 0."""
        return self.layout_now().page_at(self.verticalScrollBar().value() + self.viewport().height() / 3)

    def turn(self, by: int) -> None:
        """Goes some pages on or back."""
        rects = self.layout_now().rects()
        if rects:
            wanted = min(max(self.page() + by, 0), len(rects) - 1)
            self.verticalScrollBar().setValue(round(rects[wanted].top()) - MARGIN)

    def _arrange(self) -> None:
        upright, across, now = self.verticalScrollBar(), self.horizontalScrollBar(), self.layout_now()
        upright.setPageStep(self.viewport().height())
        upright.setRange(0, max(0, round(now.height) - self.viewport().height()))
        across.setPageStep(self.viewport().width())
        across.setRange(0, 0 if self.fit else max(0, round(now.width) - self.viewport().width()))
        self.viewport().update()

    def _tell(self) -> None:
        count = len(self.paper.pages.pages) if self.paper else 0
        self.turned.emit(self.page() + 1 if count else 0, count)

    def _offset(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def origin_under(self, place: QPointF) -> str:
        """The origin of the words at a place of the viewport."""
        return self.layout_now().origin(self.paper, place + QPointF(self._offset())) if self.paper else ""

    # -- what Qt calls ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.colour("ground"))
        near = QRectF(self.viewport().rect()).adjusted(0, -NEAR, 0, NEAR).translated(QPointF(self._offset()))
        painter.translate(-self._offset())
        now, sharpness = self.layout_now(), self.devicePixelRatioF()
        shown = {n: rect for n, rect in enumerate(now.rects()) if rect.intersects(near)}
        for number in range(len(now.boxes)):
            if number not in shown:
                self.images.forget(number)
        for number, rect in shown.items():
            _paint_sheet(painter, rect)
            image = self.images.get(number, now.scale * sharpness)
            if image is not None:
                box, ratio = now.boxes[number], image.width() / self.images.size(number, 1.0).width()
                wide, high = (box.right - box.left) * ratio, (box.bottom - box.top) * ratio
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(rect, image, QRectF(box.left * ratio, box.top * ratio, wide, high))
        for origin in {self.marked, self._hovered} - {""}:
            for number, box in boxes_of(self.paper, origin) if self.paper else ():
                if number in shown:
                    painter.fillRect(now.placed(number, box), _MARK)
        if self.caret is not None and self.caret[0] in shown:
            painter.fillRect(now.placed(*self.caret), _MARK)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        origin = self.origin_under(event.position())
        if origin != self._hovered:
            self._hovered = origin
            shape = Qt.CursorShape.PointingHandCursor if origin else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().setToolTip("点击去修改" if origin else "")
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        origin = self.origin_under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and origin:
            self.clicked.emit(origin)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step(1 if event.angleDelta().y() > 0 else -1)
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        moves: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Down: lambda: bar.setValue(bar.value() + 40),
            Qt.Key.Key_Up: lambda: bar.setValue(bar.value() - 40),
            Qt.Key.Key_PageDown: lambda: self.turn(1),
            Qt.Key.Key_PageUp: lambda: self.turn(-1),
            Qt.Key.Key_Home: lambda: bar.setValue(0),
            Qt.Key.Key_End: lambda: bar.setValue(bar.maximum()),
            Qt.Key.Key_Plus: lambda: self.step(1),
            Qt.Key.Key_Minus: lambda: self.step(-1),
        }
        move = moves.get(event.key())
        if move is None:
            super().keyPressEvent(event)
        else:
            move()

    def resizeEvent(self, event: QResizeEvent) -> None:
        bar, before, after = self.verticalScrollBar(), event.oldSize(), event.size()
        share = bar.value() / bar.maximum() if bar.maximum() else 0.0
        super().resizeEvent(event)
        self._arrange()
        if self.fit and before.width() != after.width():
            bar.setValue(round(share * bar.maximum()))
        self._tell()


def _paint_sheet(painter: QPainter, rect: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for wide, dark in _SHADOW:
        painter.setBrush(QColor(0, 0, 0, dark))
        painter.drawRoundedRect(rect.adjusted(-wide / 2, 0, wide / 2, wide), 2, 2)
    painter.fillRect(rect, theme.colour("paper"))
