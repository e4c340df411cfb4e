"""The tree of a preview: what comes, what it replaces, who wrote it; filtered by sort and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTreeView, QWidget

from desktop_app.gui import theme
from desktop_app.gui.chips import FilterChip
from desktop_app.gui.exchange_told import SIGNS, TINTS, Node, narrowed
from desktop_app.gui.lookup import clipped
from desktop_app.gui.widgets import column, label, row

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("单位、登记表、记录", "原来", "并入以后", "谁写的")
SORTS = (
    ("new", "新增"),
    ("changed", "改动"),
    ("deleted", "删除"),
    ("clash", "冲突"),
    ("breach", "与规则不符"),
    ("unseen", "没有变化"),
)
_LONGEST = 200
_OPENED = 8
"""Lines below a register that are opened at once."""


class _Place:
    """A node in the model, with the one above it."""

    __slots__ = ("above", "inside", "node", "row")

    def __init__(self, node: Node, row: int, above: _Place | None) -> None:
        self.node, self.row, self.above = node, row, above
        self.inside: list[_Place] | None = None

    def below(self) -> list[_Place]:
        """The places inside, made when they are first asked for."""
        if self.inside is None:
            self.inside = [_Place(one, at, self) for at, one in enumerate(self.node.inside)]
        return self.inside


class NodeModel(QAbstractItemModel):
    """Nodes in columns."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._top: list[_Place] = []

    def show(self, nodes: Sequence[Node]) -> None:
        """Shows these."""
        self.beginResetModel()
        self._top = [_Place(node, at, None) for at, node in enumerate(nodes)]
        self.endResetModel()

    def node(self, index: Index) -> Node:
        """The node of a line."""
        place: _Place = index.internalPointer()
        return place.node

    def _below(self, parent: Index) -> list[_Place]:
        place: _Place | None = parent.internalPointer() if parent.isValid() else None
        return place.below() if place is not None else self._top

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own way
        below = self._below(parent)
        if not (0 <= row < len(below) and 0 <= column < len(COLUMNS)):
            return QModelIndex()
        return self.createIndex(row, column, below[row])

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        place: _Place | None = index.internalPointer() if index.isValid() else None
        above = place.above if place is not None else None
        return self.createIndex(above.row, 0, above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() and parent.column() else len(self._below(parent))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        words = (node.words, node.before, node.after, node.who)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            sign = SIGNS.get(node.sort, "") if index.column() == 0 else ""
            return f"{sign} {clipped(words, _LONGEST)}".strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            return words or None
        if role == Qt.ItemDataRole.ForegroundRole:
            if index.column() in (1, 3):
                return theme.colour("secondary")
            tint = TINTS.get(node.sort)
            return theme.colour(tint) if tint and (index.column() == 0 or node.sort in ("clash", "breach")) else None
        if role == Qt.ItemDataRole.FontRole and not node.sort and index.column() == 0:
            font = QFont(theme.face())
            font.setPixelSize(14)
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None


class PreviewTree(QWidget):
    """The filters and the tree."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: Sequence[Node] = ()
        self.model = NodeModel(self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        self.view.setAccessibleName("并入以后的变化")
        self.view.setUniformRowHeights(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.setIndentation(18)
        header = self.view.header()
        header.setStretchLastSection(False)
        for at, mode in enumerate((False, False, True, False)):
            header.setSectionResizeMode(
                at, QHeaderView.ResizeMode.Stretch if mode else QHeaderView.ResizeMode.Interactive
            )
        self.sort = FilterChip("全部变化")
        self.sort.offer(SORTS)
        self.search = QLineEdit()
        self.search.setPlaceholderText("筛选：单位、名称、内容（Ctrl+F）")
        self.search.setAccessibleName("筛选文字")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(300)
        self._lens = self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.blank = label("", "hint", wrap=True)
        self.blank.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tools = row(self.search, self.sort, 1)
        layout = column(self, (0, 0, 0, 0), 12)
        layout.addLayout(self.tools)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.blank, 1)
        self.blank.hide()
        self.sort.chosen.connect(self.refresh)
        self.search.textChanged.connect(self.refresh)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._lens.setIcon(theme.icon("search"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Every column gets its part of the room; what is written after the merge the rest."""
        super().resizeEvent(event)
        for at, part, least in ((0, 0.32, 220), (1, 0.17, 100), (3, 0.17, 120)):
            self.view.setColumnWidth(at, max(least, int(event.size().width() * part)))

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Shows a preview."""
        self.nodes = nodes
        self.search.clear()
        self.sort.choose("")

    def lead(self, nodes: Sequence[Node]) -> None:
        """Puts these first; what is filtered stays filtered."""
        self.nodes = (*nodes, *self.nodes)
        self.refresh()

    def shown(self) -> tuple[Node, ...]:
        """The nodes that pass the filters."""
        return narrowed(self.nodes, self.search.text(), self.sort.value)

    def refresh(self) -> None:
        """Filters again."""
        found = self.shown()
        self.model.show(found)
        self.view.setVisible(bool(found))
        self.blank.setVisible(not found)
        narrow = self.search.text() or self.sort.value
        self.blank.setText("没有符合筛选的。" if narrow else "这些文件里的内容本台账都有了，并入不会有变化。")
        for at, unit in enumerate(found):
            index = self.model.index(at, 0)
            self.view.setExpanded(index, True)
            for below, register in enumerate(unit.inside):
                if narrow or len(register.inside) <= _OPENED:
                    self.view.setExpanded(self.model.index(below, 0, index), bool(register.inside))
