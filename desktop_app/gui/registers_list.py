"""The list of registers by category, with how many rows each has; found by words or pinyin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from db.schema import pinyin
from desktop_app.gui import theme
from desktop_app.gui.theme import digits
from desktop_app.gui.widgets import column, label

NAME = int(Qt.ItemDataRole.UserRole) + 1
COUNT = NAME + 1
FOUND = NAME + 2


@dataclass(frozen=True)
class Listed:
    """A register in the list: name of its schema, title, title of its category, whether nothing is asked for any more."""

    name: str
    title: str
    category: str
    retired: bool = False


class _Painter(QStyledItemDelegate):
    """A register with its number of rows at the right; before it a mark with how many of them need looking at."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(160, 34 if index.data(NAME) else 36)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if not index.data(NAME):
            return
        box = QRectF(option.rect).adjusted(0, 0, -12, 0)  # type: ignore[attr-defined]
        words, finding = index.data(COUNT) or "", index.data(FOUND)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        font = digits(12)
        painter.save()
        painter.setFont(font)
        side = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(theme.colour("text" if chosen else "secondary"))
        painter.drawText(box, side, words)
        if finding:
            painter.setPen(theme.colour("soon"))
            painter.drawText(
                box.adjusted(0, 0, -QFontMetricsF(font).horizontalAdvance(words) - 8, 0), side, f"▲{finding}"
            )
        painter.restore()


class RegisterList(QWidget):
    """Categories and their registers."""

    chosen = Signal(str)
    """The schema name of a register."""

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setPlaceholderText("找登记表：名称、拼音")
        self.search.setAccessibleName("找登记表")
        self.search.setClearButtonEnabled(True)
        self._lens = self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(1)
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(14)
        self.tree.setUniformRowHeights(False)
        self.tree.setAccessibleName("登记表")
        self.tree.setProperty("role", "outline")
        self.tree.setItemDelegate(_Painter(self.tree))
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.nothing = label("没有这个名称的登记表。", "hint", wrap=True)
        layout = column(self, spacing=8)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.nothing, 1)
        self.nothing.hide()
        self._items: dict[str, QTreeWidgetItem] = {}
        self._order: list[Listed] = []
        self.tree.currentItemChanged.connect(lambda *_items: self._moved())
        self.tree.itemClicked.connect(lambda item, _column: self._fold(item))
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.returnPressed.connect(self._first)

    def offer(self, registers: Iterable[Listed]) -> None:
        """Shows these registers; the chosen one stays chosen."""
        order = list(registers)
        if order == self._order:
            return
        current = self.current()
        open_ones = {group.text(0) for group in self._groups() if group.isExpanded()}
        self._order = order
        self.tree.blockSignals(True)
        self.tree.clear()
        self._items = {}
        groups: dict[str, QTreeWidgetItem] = {}
        for one in order:
            if one.category not in groups:
                groups[one.category] = QTreeWidgetItem(self.tree, [one.category])
                groups[one.category].setFlags(Qt.ItemFlag.ItemIsEnabled)
                groups[one.category].setExpanded(one.category in open_ones)
            item = QTreeWidgetItem(groups[one.category], [f"{one.title}（停用）" if one.retired else one.title])
            item.setData(0, NAME, one.name)
            item.setToolTip(0, f"{one.category} · {one.title}")
            self._items[one.name] = item
        self.tree.blockSignals(False)
        self.choose(current)
        self._filter()

    def _groups(self) -> list[QTreeWidgetItem]:
        found = [self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount())]
        return [one for one in found if one is not None]

    def count(self, rows: Mapping[str, int], findings: Mapping[str, int] | None = None) -> None:
        """Shows how many rows each register has, and where findings are open."""
        for name, item in self._items.items():
            number, found = rows.get(name, 0), (findings or {}).get(name, 0)
            item.setData(0, COUNT, f"{number:,}" if number else "")
            item.setData(0, FOUND, found)
            told = f"{item.text(0)}，{number} 行" + (f"，要核对 {found} 行" if found else "")
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, told)

    def current(self) -> str:
        """The schema name of the chosen register; "" when none is."""
        item = self.tree.currentItem()
        return str(item.data(0, NAME) or "") if item is not None else ""

    def choose(self, name: str) -> None:
        """Chooses a register; nobody is told."""
        item = self._items.get(name)
        if item is None:
            return
        self.tree.blockSignals(True)
        parent = item.parent()
        if parent is not None:
            parent.setExpanded(True)
        self.tree.setCurrentItem(item)
        self.tree.scrollToItem(item)
        self.tree.blockSignals(False)

    def _moved(self) -> None:
        if self.current():
            self.chosen.emit(self.current())

    def _fold(self, item: QTreeWidgetItem) -> None:
        """A click on a category unfolds it."""
        if not item.data(0, NAME):
            item.setExpanded(not item.isExpanded())

    def _filter(self) -> None:
        typed = self.search.text().strip()
        shown = 0
        for group in self._groups():
            whole = not typed or pinyin.rank(typed, group.text(0)) is not None
            there = 0
            for number in range(group.childCount()):
                item = group.child(number)
                fits = whole or pinyin.rank(typed, item.text(0)) is not None
                item.setHidden(not fits)
                there += fits
            group.setHidden(not there)
            shown += there
            if typed and there:
                group.setExpanded(True)
        self.tree.setVisible(shown > 0)
        self.nothing.setVisible(not shown)

    def _first(self) -> None:
        """Enter in the search goes to the first that is found."""
        for name, item in self._items.items():
            parent = item.parent()
            if not item.isHidden() and parent is not None and not parent.isHidden():
                self.choose(name)
                self.chosen.emit(name)
                self.tree.setFocus()
                return
