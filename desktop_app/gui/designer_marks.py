"""Text with marks in it ({plate}, {consumption}): the clerk puts them in from a list, and reads them by their titles."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QVBoxLayout

from desktop_app.gui.designer_lines import Choices, SlotEditor
from desktop_app.gui.widgets import label

_HIGH = 72


class MarkedSlot(SlotEditor):
    """A text, a list of what can be put into it, and below how it reads."""

    def __init__(self, name: str, choices: Callable[[], Choices], more: str, tip: str = "") -> None:
        super().__init__()
        self._choices = choices
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(name)
        self.text.setPlaceholderText(tip)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(_HIGH)
        self.marks = QComboBox()
        self.marks.setAccessibleName(f"{name}：{more}")
        self.reads = label("", "hint", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self.text, self.marks, self.reads):
            layout.addWidget(part)
        self.setFocusProxy(self.text)
        self.marks.addItem(f"＋ {more}", None)
        for key, words in choices():
            self.marks.addItem(words, key)
        self.marks.setEnabled(self.marks.count() > 1)
        self.marks.activated.connect(self._insert)
        self.text.textChanged.connect(self._typed)
        self._typed()

    def _insert(self, at: int) -> None:
        key = self.marks.itemData(at)
        self.marks.setCurrentIndex(0)
        if key:
            self.text.insertPlainText("{" + str(key) + "}")
            self.text.setFocus()

    def _typed(self) -> None:
        known = dict(self._choices())
        words = re.sub(r"\{(\w+)\}", lambda mark: f"〔{known.get(mark[1], mark[1])}〕", self.text.toPlainText())
        self.reads.setText(f"读作：{words}" if "〔" in words else "")
        self.reads.setVisible("〔" in words)
        self.changed.emit()

    def raw(self) -> Any:
        return " ".join(self.text.toPlainText().split("\n")).strip() or None

    def put(self, raw: Any) -> None:
        self.text.setPlainText("" if raw is None else str(raw))
