"""The small controls above the pages: which page, how large."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from desktop_app.gui.preview_view import FULL_SIZE, STEPS, PaperView
from desktop_app.gui.widgets import icon_button, label, row

FIT = "适合宽度"


class PaperTools(QWidget):
    """Page x / y and the enlargement of one view; ``brief`` leaves out the pages."""

    def __init__(self, view: PaperView, *, brief: bool = False) -> None:
        super().__init__()
        self.view = view
        self.place = label("", "small")
        self.back = icon_button("up", "上一页（PageUp）", lambda: view.turn(-1))
        self.on = icon_button("down", "下一页（PageDown）", lambda: view.turn(1))
        self.smaller = _sign("－", "缩小（Ctrl+滚轮）")
        self.larger = _sign("＋", "放大（Ctrl+滚轮）")
        self.list_button = icon_button("pages", "页和目录", lambda: None)
        self.list_button.setCheckable(True)
        self.list_button.setParent(self)
        self.list_button.setVisible(not brief)
        self.zoom = QComboBox()
        self.zoom.setAccessibleName("显示比例")
        self.zoom.addItem(FIT, None)
        for one in STEPS:
            self.zoom.addItem(f"{one:.0%}", one)
        self.zoom.setFixedWidth(108)
        self.smaller.clicked.connect(lambda: view.step(-1))
        self.larger.clicked.connect(lambda: view.step(1))
        self.zoom.activated.connect(lambda _at: view.enlarge(self.zoom.currentData()))
        view.turned.connect(self._turned)
        view.scaled.connect(self._scaled)
        paging: list[QWidget | int] = [] if brief else [self.back, self.place, self.on]
        for part in (self.back, self.place, self.on):
            part.setParent(self)
            part.setVisible(not brief)
        self.setLayout(row(*paging, self.smaller, self.zoom, self.larger, spacing=4))
        self._turned(0, 0)

    def _turned(self, page: int, count: int) -> None:
        self.place.setText(f"第 {page} / {count} 页" if count else "")
        self.back.setEnabled(page > 1)
        self.on.setEnabled(page < count)
        for part in (self.smaller, self.zoom, self.larger):
            part.setEnabled(count > 0)

    def _scaled(self) -> None:
        if self.view.fit:
            self.zoom.setCurrentIndex(0)
            return
        nearest = min(STEPS, key=lambda one: abs(one - self.view.scale() / FULL_SIZE))
        self.zoom.setCurrentIndex(1 + STEPS.index(nearest))


def _sign(words: str, tip: str) -> QToolButton:
    made = QToolButton()
    made.setProperty("role", "icon")
    made.setText(words)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    return made
