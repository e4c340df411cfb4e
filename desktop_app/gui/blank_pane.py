"""Where a record would stand while none is shown: one sentence, and the button that makes one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop_app.gui.widgets import button, label, row


class BlankPane(QWidget):
    """A sentence in the middle; under it the one thing to do, where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.words = label("", "hint", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(48, 24, 48, 24)
        self._layout.setSpacing(16)
        self._layout.addStretch(1)
        self._layout.addWidget(self.words)
        self._layout.addStretch(1)

    def say(self, sentence: str) -> None:
        """Says why nothing is shown."""
        self.words.setText(sentence)

    def offer(self, words: str, act: Callable[[], object]) -> QPushButton:
        """Puts a button under the sentence."""
        made = button(words, act)
        self._layout.insertLayout(2, row(1, made, 1))
        return made
