"""The notices that were read, in a list with ticks, above their review."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from desktop_app.gui import theme
from desktop_app.gui.intake_reading import Reading

TALLEST = 4
"""Lines the list shows before it scrolls."""


def told(one: Reading) -> str:
    """What a notice holds, in a few words."""
    draft = one.draft
    counts = [f"{len(draft.problems)} 个问题"]
    if draft.findings:
        counts.append(f"{len(draft.findings)} 处待核对")
    if draft.unread:
        counts.append(f"{len(draft.unread)} 处未读入")
    return " · ".join(counts)


def standing(one: Reading) -> str:
    """What will happen with a notice."""
    if one.foreign and not one.wanted:
        return "不像整改通报"
    if not one.known:
        return "导入" if one.wanted else "不导入"
    return "已导入过，更新" if one.wanted else "已导入过，跳过"


class NoticeList(QTreeWidget):
    """The notices that were found, with a tick for each that is to be entered."""

    ticked = Signal(int, bool)
    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAccessibleName("读出的通报")
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.itemChanged.connect(self._changed)
        self.currentItemChanged.connect(lambda item, _before: self._picked(item))

    def fill(self, readings: Sequence[Reading], current: int) -> None:
        """Shows these notices; their lines stay, since a tick on one of them may be what asked for it."""
        self.blockSignals(True)
        while self.topLevelItemCount() > len(readings):
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
        while self.topLevelItemCount() < len(readings):
            QTreeWidgetItem(self)
        several = len({one.path for one in readings}) > 1
        for number, one in enumerate(readings):
            item = self.topLevelItem(number)
            assert item is not None
            words = (one.title, f"{one.source.name} · {told(one)}" if several else told(one), standing(one))
            for column_number, text in enumerate(words):
                item.setText(column_number, text)
            item.setCheckState(0, Qt.CheckState.Checked if one.wanted else Qt.CheckState.Unchecked)
            item.setToolTip(0, one.title)
            item.setForeground(1, theme.colour("secondary"))
            item.setForeground(
                2, theme.colour("soon" if one.known or one.foreign else "done" if one.wanted else "secondary")
            )
            if number == current:
                self.setCurrentItem(item)
        self.setFixedHeight(max(1, min(len(readings), TALLEST)) * 32 + 4)
        self.blockSignals(False)

    def _changed(self, item: QTreeWidgetItem, at: int) -> None:
        if at == 0:
            self.ticked.emit(self.indexOfTopLevelItem(item), item.checkState(0) == Qt.CheckState.Checked)

    def _picked(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(self.indexOfTopLevelItem(item))
