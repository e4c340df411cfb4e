"""A small button above a list that another page has narrowed: it says to what, and × shows everything again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton


class NarrowedChip(QToolButton):
    """“只看：已超期 ×”; hidden while nothing is narrowed."""

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(lambda _on=False: self.clear())
        self.hide()

    def say(self, words: str) -> None:
        """Shows what the list is narrowed to."""
        self.setText(f"只看：{words}  ×")
        self.setAccessibleName(f"只看：{words}，按一下看全部")
        self.setToolTip("看全部")
        self.show()

    def clear(self) -> None:
        """Nothing is narrowed any more."""
        if not self.isHidden():
            self.hide()
            self.cleared.emit()
