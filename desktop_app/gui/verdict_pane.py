"""What verifying a paper found, in sentences below the list, and the button that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QPushButton

from desktop_app.gui.widgets import column, icon_button, label, row, scrolled, set_role

HIGH = 240
"""Pixels of the pane at most; what is longer scrolls."""


class VerifyMenu(QPushButton):
    """核验 ▾: the chosen paper, a file, a code from paper."""

    def __init__(self, chosen: Callable[[], object], file: Callable[[], object], code: Callable[[], object]) -> None:
        super().__init__("核验 ▾")
        self.setAccessibleName("核验")
        self.setToolTip("是不是本台账印发的，有没有改动，台账后来变了没有")
        menu = QMenu(self)
        for words, act in (("选中的这一份", chosen), ("一个 PDF 文件…", file), ("纸上的印发码…", code)):
            menu.addAction(words, act)
        self.setMenu(menu)


class VerdictPane(QFrame):
    """Hidden until something was verified."""

    def __init__(self) -> None:
        super().__init__()
        self.head = label("", "group")
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = column(self, (16, 8, 8, 8), 4)
        layout.addLayout(row(self.head, 1, icon_button("close", "收起", self.hide)))
        layout.addWidget(scrolled(self.words), 1)
        self.setFixedHeight(HIGH)
        self.hide()

    def wait(self) -> None:
        """It is being looked at."""
        set_role(self.head, "group")
        self.head.setText("正在核验……")
        self.words.setText("")
        self.show()

    def tell(self, clean: bool, lines: Sequence[str]) -> None:
        """What was found."""
        self.head.setText("✓ 核验无误" if clean else "！请看下面各条")
        self.words.setText("\n".join(lines))
        self.show()
