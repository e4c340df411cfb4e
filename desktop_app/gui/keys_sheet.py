"""The sheet with every key of the window: Ctrl+/."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QWidget

from desktop_app.gui.commands import ELSEWHERE, Command, keys
from desktop_app.gui.widgets import button, column, label, row, scrolled


class KeysSheet(QDialog):
    """Keys and what they do, by place."""

    def __init__(self, commands: tuple[Command, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("快捷键")
        self.resize(560, 620)
        inner = QWidget()
        inner.setProperty("role", "surface")
        places = column(inner, (16, 12, 16, 12), 12)
        everywhere = tuple((key, words) for key, words, _act in keys(commands))
        for title, told in (("任何一页", everywhere), *ELSEWHERE):
            places.addWidget(label(title, "group"))
            table = QGridLayout()
            table.setHorizontalSpacing(24)
            table.setVerticalSpacing(6)
            table.setColumnMinimumWidth(0, 190)
            table.setColumnStretch(1, 1)
            for at, (key, words) in enumerate(told):
                table.addWidget(label(shown(key)), at, 0)
                table.addWidget(label(words, "hint"), at, 1)
            places.addLayout(table)
        places.addStretch(1)
        card = QFrame()
        card.setProperty("role", "card")
        column(card, (1, 1, 1, 1)).addWidget(scrolled(inner))
        away = button("关闭", self.accept)
        away.setDefault(True)
        layout = column(self, (16, 16, 16, 16), 12)
        layout.addWidget(card, 1)
        layout.addLayout(row(1, away))


def shown(key: str) -> str:
    """A key as it is written on keyboards: ↑ for Up."""
    parts = [QKeySequence(one).toString(QKeySequence.SequenceFormat.NativeText) or one for one in key.split(" / ")]
    found = "、".join(parts)
    for name, sign in (("Up", "↑"), ("Down", "↓"), ("Left", "←"), ("Right", "→")):
        found = found.replace(name, sign) if not found.endswith(("PgDown", "PgUp")) and "Page" not in key else found
    return found
