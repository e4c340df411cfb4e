"""What stands where a page ought to be that could not be made: the sentence, the report, and another try."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from db.errors import Refusal
from desktop_app.gui.widgets import Bar, button, column, label, row


class BrokenPage(QWidget):
    """The title of the page and what went wrong."""

    def __init__(self, title: str, refusal: Refusal) -> None:
        super().__init__()
        self.bar = Bar()
        self.again = button("再试一次", lambda: None)
        layout = column(self, (24, 20, 24, 20), 12)
        layout.addWidget(label(title, "page"))
        layout.addWidget(self.bar)
        layout.addWidget(label("其他各页可以照常使用。", "hint"))
        layout.addLayout(row(self.again, 1))
        layout.addStretch(1)
        self.bar.say(refusal)
