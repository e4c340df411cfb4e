"""The findings of a draft as a tree beside the paper."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from desktop_app.gui import theme
from desktop_app.gui.intake_edit import Path
from desktop_app.gui.intake_parts import Part

_NUMBER = Qt.ItemDataRole.UserRole
_ABOUT = Qt.ItemDataRole.UserRole + 1
_WIDEST = 0.45
"""Share of a line that the grey word at its end may take."""
_OPEN = ("findings", "unread", "problems", "changes")
"""Groups that are open at first."""
FEW = 4
"""More unread pieces (page numbers of a PDF) are opened by a click; their count is always there."""
_COLOURS = {"check": "soon", "unread": "secondary", "change": "accent"}


class _Line(QStyledItemDelegate):
    """A line with a grey word at its right end; the title has the rest of the room."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        about = index.data(_ABOUT)
        if about:
            icon = 0 if option.icon.isNull() else 28  # type: ignore[attr-defined]
            room = option.rect.width() - self._room(option, about) - icon - 26  # type: ignore[attr-defined]
            elide = Qt.TextElideMode.ElideRight
            option.text = option.fontMetrics.elidedText(option.text, elide, room)  # type: ignore[attr-defined]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        about = index.data(_ABOUT)
        if not about:
            return
        room, whole = self._room(option, about), option.rect  # type: ignore[attr-defined]
        place = QRect(whole.right() - room - 10, whole.top(), room, whole.height())
        words = option.fontMetrics.elidedText(about, Qt.TextElideMode.ElideRight, room)  # type: ignore[attr-defined]
        painter.save()
        painter.setPen(theme.colour("secondary"))
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def _room(self, option: QStyleOptionViewItem, about: str) -> int:
        natural = option.fontMetrics.horizontalAdvance(about) + 2  # type: ignore[attr-defined]
        return min(int(natural), int(option.rect.width() * _WIDEST))  # type: ignore[attr-defined]


class FindingsTree(QTreeWidget):
    """The parts of one draft; choosing a line chooses the part."""

    chosen = Signal(object)
    """Part: its line was chosen by the clerk."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []
        self.setColumnCount(1)
        self.setItemDelegate(_Line(self))
        self.setStyleSheet("QTreeView { border: none; }")
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(16)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("读出的内容")
        self.currentItemChanged.connect(lambda item, _before: self._picked(item))

    def fill(self, tree: tuple[Part, ...], *, fresh: bool) -> None:
        """Shows these parts. Unless they are ``fresh`` (another notice), open lines stay open and the chosen one chosen."""
        was_open = None if fresh else {p.path for item, p in self._lines() if item.isExpanded()}
        current, bar = self.current(), self.verticalScrollBar().value()
        self.blockSignals(True)
        self.clear()
        self.parts = []
        for part in tree:
            self._add(self.invisibleRootItem(), part, was_open)
        self.blockSignals(False)
        if not fresh:
            self.choose(current.path if current else (), quiet=True)
            self.verticalScrollBar().setValue(bar)

    def _add(self, parent: QTreeWidgetItem, part: Part, was_open: set[Path] | None) -> None:
        item = QTreeWidgetItem(parent, [part.title])
        item.setData(0, _ABOUT, part.about)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{part.title} {part.about}")
        item.setData(0, _NUMBER, len(self.parts))
        item.setToolTip(0, f"{part.title}\n{part.about}" if part.about else part.title)
        if part.sign:
            item.setForeground(0, theme.colour(_COLOURS[part.sign]))
        if part.sign == "check":
            item.setIcon(0, theme.icon("warn", "soon", "soon"))
        self.parts.append(part)
        for child in part.children:
            self._add(item, child, was_open)
        at_first = part.path in {(name,) for name in _OPEN} and (part.path != ("unread",) or len(part.children) <= FEW)
        item.setExpanded(part.path in was_open if was_open is not None else at_first)

    def _lines(self) -> Iterator[tuple[QTreeWidgetItem, Part]]:
        stack = [self.invisibleRootItem()]
        while stack:
            item = stack.pop()
            for at in range(item.childCount()):
                stack.append(item.child(at))
                yield item.child(at), self.parts[item.child(at).data(0, _NUMBER)]

    def current(self) -> Part | None:
        """The chosen part."""
        item = self.currentItem()
        return self.parts[int(item.data(0, _NUMBER))] if item is not None else None

    def choose(self, path: Path, *, quiet: bool = False) -> bool:
        """Chooses the line of a part; ``quiet`` does not tell. False when it has none."""
        item = next((item for item, part in self._lines() if part.path == path), None)
        if item is None:
            return False
        self.blockSignals(quiet)
        self.setCurrentItem(item)
        self.blockSignals(False)
        if not quiet:
            self.scrollToItem(item)
        return True

    def _picked(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(self.parts[item.data(0, _NUMBER)])
