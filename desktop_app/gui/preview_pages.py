"""The list beside the pages of a paper: each page small with its number, or its headings; it follows the view and leads it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from desktop_app.gui import theme
from desktop_app.gui.preview_images import PageImages
from desktop_app.gui.preview_paper import Paper
from desktop_app.gui.preview_view import PaperView
from desktop_app.gui.widgets import TabStrip, column

WIDE, HIGH = 84, 110
"""Pixels of the room for a small page."""
ROOM = 136
"""Pixels of the list."""
NUMBER = 22
"""Pixels below it for its number."""
KEPT = 60
"""Small pages on either side of the one that is drawn that are kept."""
PLACE = Qt.ItemDataRole.UserRole
PAGES, HEADINGS = 0, 1
Index = QModelIndex | QPersistentModelIndex


class PageList(QFrame):
    """The small pages and the headings of what a view shows. Only what is looked at is drawn."""

    shown = Signal(bool)
    """Whether the list stands there now."""

    def __init__(self, view: PaperView) -> None:
        super().__init__()
        self.view = view
        self.setFixedWidth(ROOM)
        self._leading = False
        self.paper: Paper | None = None
        self.images = PageImages(self)
        self.pages = _list("页")
        self.pages.setItemDelegate(_Small(self.pages, self.images))
        self.pages.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.headings = _list("目录")
        self.headings.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.strip = TabStrip(["页", "目录"])
        self.stack = QStackedWidget()
        for part in (self.pages, self.headings):
            self.stack.addWidget(part)
        layout = column(self, (8, 4, 4, 0), 4)
        layout.addWidget(self.strip)
        layout.addWidget(self.stack, 1)
        self.images.arrived.connect(self.pages.viewport().update)
        self.strip.chosen.connect(self.stack.setCurrentIndex)
        self.pages.currentRowChanged.connect(lambda at: self._go(self.pages.item(at)))
        self.headings.currentRowChanged.connect(lambda at: self._go(self.headings.item(at)))
        view.turned.connect(lambda page, _count: self.follow(page))
        view.replaced.connect(self.read)

    def stand(self, on: bool) -> None:
        """Shows or hides the list; hidden it holds nothing."""
        self.setVisible(on)
        self.read()
        self.shown.emit(on)

    def read(self) -> None:
        """The pages of what the view shows now."""
        paper = self.view.paper if not self.isHidden() else None
        if paper is self.paper:
            return
        self.paper = paper
        count = len(paper.pages.pages) if paper is not None else 0
        self.images.open(paper.data if paper is not None else b"", count)
        for one in (self.pages, self.headings):
            one.blockSignals(True)
            one.clear()
        for number in range(count):
            self._put(self.pages, f"{number + 1}", (number, None))
        for entry in paper.pages.outline if paper is not None else ():
            words = "　" * (entry.level - 1) + entry.text
            self._put(self.headings, words, (entry.page - 1, entry.y)).setToolTip(entry.text)
        if count and not self.headings.count():
            self._put(self.headings, "没有标题", None).setFlags(Qt.ItemFlag.NoItemFlags)
        for one in (self.pages, self.headings):
            one.blockSignals(False)
        self.follow(self.view.page() + 1 if count else 0)

    def follow(self, page: int) -> None:
        """The view shows this page now (from 1)."""
        if self.isHidden() or not page or self._leading:
            return
        before = [at for at in range(self.headings.count()) if (_place(self.headings.item(at)) or (0, None))[0] < page]
        for widget, at in ((self.pages, page - 1), (self.headings, before[-1] if before else -1)):
            widget.blockSignals(True)
            widget.setCurrentRow(at)
            widget.blockSignals(False)

    def _put(self, where: QListWidget, words: str, place: tuple[int, float | None] | None) -> QListWidgetItem:
        item = QListWidgetItem(words)
        item.setData(PLACE, place)
        if where is self.pages:
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"第 {words} 页")
            item.setToolTip(f"第 {words} 页")
        where.addItem(item)
        return item

    def _go(self, item: QListWidgetItem | None) -> None:
        place = _place(item)
        if place is not None:
            self._leading = True  # near the end of a paper the view cannot go as far as the line that was chosen
            self.view.show_place(*place)
            self._leading = False


def _place(item: QListWidgetItem | None) -> tuple[int, float | None] | None:
    found = item.data(PLACE) if item is not None else None
    return (int(found[0]), found[1]) if found is not None else None


def _list(name: str) -> QListWidget:
    made = QListWidget()
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setAccessibleName(name)
    made.setUniformItemSizes(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setStyleSheet("QListView { border: none; background: transparent; }")
    return made


class _Small(QStyledItemDelegate):
    """Draws a small page with its number below, the one in view within a frame."""

    def __init__(self, owner: QListWidget, images: PageImages) -> None:
        super().__init__(owner)
        self.images = images

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(WIDE + 24, HIGH + NUMBER + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        number, room = index.row(), QRect(option.rect)  # type: ignore[attr-defined]
        points = self.images.size(number, 1.0)
        scale = min(WIDE / max(1, points.width()), HIGH / max(1, points.height()))
        wide, high = round(points.width() * scale), round(points.height() * scale)
        left = room.left() + (room.width() - wide) // 2
        sheet = QRect(left, room.top() + 6 + (HIGH - high) // 2, wide, high)
        painter.save()
        painter.fillRect(sheet, theme.colour("paper"))
        ratio = painter.device().devicePixelRatioF()
        image = self.images.get(number, scale * ratio)
        if image is not None:
            painter.drawImage(sheet, image)
        self.images.keep_near(number, KEPT)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        tint = theme.colour("accent") if chosen else QColor(128, 128, 128, 110)
        painter.setPen(QPen(tint, 2 if chosen else 1))
        painter.drawRect(sheet.adjusted(-1, -1, 0, 0))
        painter.setPen(theme.colour("accent" if chosen else "secondary"))
        below = QRect(room.left(), room.top() + HIGH + 8, room.width(), NUMBER - 4)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{index.data()}")
        painter.restore()
