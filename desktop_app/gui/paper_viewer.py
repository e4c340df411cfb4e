"""A kept paper shown in place: its pages, larger and smaller, one after the other; in a window of its own where more room is wanted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPixmap, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QScrollArea, QWidget

from db.errors import Refusal
from db.schema.composite import Sheet
from desktop_app.gui.paper_picture import Picture, page, read
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import button, column, icon_button, label, row, told

STEPS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Of the width that fits."""
IN_PLACE = 300
"""Pixels high below a field."""
SETTLE = 80
"""Milliseconds after another size until the page is drawn anew."""


class PictureArea(QScrollArea):
    """The picture; it is moved with the mouse, made larger with Ctrl and the wheel."""

    def __init__(self, viewer: PaperViewer) -> None:
        super().__init__()
        self.viewer = viewer
        self._held: QPoint | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("文件内容")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.viewer.draw_soon()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.viewer.enlarge(1 if event.angleDelta().y() > 0 else -1)
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            Qt.Key.Key_Plus: lambda: self.viewer.enlarge(1),
            Qt.Key.Key_Equal: lambda: self.viewer.enlarge(1),
            Qt.Key.Key_Minus: lambda: self.viewer.enlarge(-1),
            Qt.Key.Key_0: lambda: self.viewer.enlarge(0),
            Qt.Key.Key_PageDown: lambda: self.viewer.turn(1),
            Qt.Key.Key_PageUp: lambda: self.viewer.turn(-1),
        }
        act = keys.get(Qt.Key(event.key())) if event.key() in {int(one) for one in keys} else None
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.globalPosition().toPoint()
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            now = event.globalPosition().toPoint()
            moved, self._held = now - self._held, now
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = None
        self.viewport().unsetCursor()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.viewer.enlarge_window()


class PaperViewer(QFrame):
    """Shows one paper at a time; a paper that cannot be shown is told so in a sentence."""

    def __init__(self, session: Session, *, alone: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.session = session
        self.sheet: Sheet | None = None
        self.number, self.pages, self.zoom = 0, 0, 1.0
        self._data = b""
        self._turn = 0
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area = PictureArea(self)
        self.area.setWidget(self.picture)
        self.area.setWidgetResizable(True)
        self.where = label("", "small")
        self.words = label("", "hint", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.back = icon_button("left", "上一页（PageUp）", lambda: self.turn(-1))
        self.on = icon_button("right", "下一页（PageDown）", lambda: self.turn(1))
        self.smaller = button("－", lambda: self.enlarge(-1), "link", "缩小")
        self.larger = button("＋", lambda: self.enlarge(1), "link", "放大")
        self.fit = button("适合宽度", lambda: self.enlarge(0), "link")
        self.window_button = button("大窗口看", self.enlarge_window, "link", "在单独的窗口里看（双击）")
        self.window_button.setHidden(alone)
        self.tools = QWidget()
        self.tools.setLayout(
            row(self.back, self.where, self.on, 1, self.smaller, self.fit, self.larger, self.window_button, spacing=4)
        )
        layout = column(self, (8, 4, 8, 8), 4)
        layout.addWidget(self.tools)
        layout.addWidget(self.area, 1)
        layout.addWidget(self.words, 1)
        if not alone:
            self.setFixedHeight(IN_PLACE)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE)
        self._settling.timeout.connect(self._draw)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Shows another paper, from its first page."""
        if sheet == self.sheet:
            return
        self.sheet, self.number, self.pages, self.zoom, self._data = sheet, 0, 0, 1.0, b""
        self._turn += 1
        self.picture.clear()
        self._say("正在读取……" if sheet is not None else "")
        if sheet is not None and self.isVisible():
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.sheet is not None and not self.pages:
            self.draw_soon()

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.area.setVisible(not words)
        self.tools.setVisible(not words)

    def draw_soon(self) -> None:
        """Draws the page anew once the size has settled."""
        if self.sheet is not None:
            self._settling.start()

    def _draw(self) -> None:
        sheet, number, data = self.sheet, self.number, self._data
        if sheet is None or not self.isVisible():
            return
        self._turn += 1
        turn, facts, sharp = self._turn, self.session.ledger, self.devicePixelRatioF()
        room = max(self.area.viewport().width(), self.width() - 32, 80)
        wide = round(room * self.zoom * sharp)

        def job(_work: Work) -> tuple[bytes, Picture]:
            found = data or read(facts, sheet)
            return found, page(found, sheet, number, wide)

        def done(found: tuple[bytes, Picture]) -> None:
            if turn == self._turn:
                self._data = found[0]
                self._show(found[1], sharp)

        def failed(refusal: Refusal) -> None:
            if turn == self._turn:
                self.pages = max(self.pages, 1)
                self._say(told(refusal))

        self.session.run(job, done, failed)

    def _show(self, found: Picture, sharp: float) -> None:
        self.pages = found.pages
        shown = QPixmap.fromImage(found.image)
        shown.setDevicePixelRatio(sharp)
        self.picture.setPixmap(shown)
        self.picture.setMinimumSize(shown.deviceIndependentSize().toSize())
        self._say("")
        several = self.pages > 1
        self.where.setText(f"第 {self.number + 1} / {self.pages} 页" if several else "")
        for part in (self.back, self.on, self.where):
            part.setVisible(several)
        self.back.setEnabled(self.number > 0)
        self.on.setEnabled(self.number < self.pages - 1)

    def turn(self, by: int) -> None:
        """Goes to the next page, or the one before."""
        wanted = min(max(self.number + by, 0), max(self.pages - 1, 0))
        if wanted != self.number:
            self.number = wanted
            self.area.verticalScrollBar().setValue(0)
            self._draw()

    def enlarge(self, by: int) -> None:
        """Larger, smaller, or as wide as the room (0)."""
        larger = (one for one in STEPS if one > self.zoom + 0.01)
        smaller = (one for one in reversed(STEPS) if one < self.zoom - 0.01)
        self.zoom = 1.0 if by == 0 else next(larger if by > 0 else smaller, self.zoom)
        self._draw()

    def enlarge_window(self) -> None:
        """Shows the paper in a window of its own."""
        if self.sheet is None or not self.pages:
            return
        window = QDialog(self.window())
        window.setWindowTitle(self.sheet.name)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        inner = PaperViewer(self.session, alone=True)
        column(window, (8, 8, 8, 8)).addWidget(inner)
        room = self.screen().availableGeometry()
        window.resize(min(1000, room.width() * 9 // 10), room.height() * 9 // 10)
        window.show()
        inner.show_sheet(self.sheet)
        inner.area.setFocus()
