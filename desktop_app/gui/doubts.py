"""What rules doubt about a form that is being saved, above its fields: it is put right, or saved with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from desktop_app.gui.widgets import button, column, label, row
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.ruling.waiving import LONGEST

SHOWN = 4
"""Doubts that are told in full."""


class Doubts(QFrame):
    """A bar with the doubts, a line for the reason and two buttons; nothing is blocked by it."""

    mend = Signal()
    """Somebody will put it right."""
    keep = Signal(str)
    """Somebody gives a reason and saves."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.found: tuple[Finding, ...] = ()
        self.words = label("", wrap=True)
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST)
        self.reason.setPlaceholderText("为什么可以这样（记入豁免，以后查得到）")
        self.reason.setAccessibleName("理由")
        self.mend_button = button("改一改", self._mend)
        self.keep_button = button("说明理由并保存", self._keep, "", "先在左边写理由")
        self.reason.textChanged.connect(self._show_state)
        self.reason.returnPressed.connect(self._keep)
        layout = column(self, (12, 8, 12, 8), 8)
        layout.addWidget(self.words)
        line = row(self.reason, self.mend_button, self.keep_button)
        line.setStretch(0, 1)
        layout.addLayout(line)
        self.hide()

    def ask(self, found: Sequence[Finding]) -> None:
        """Shows doubts; what was typed as a reason stays."""
        self.found = tuple(found)
        told = [f"{one.sentence}{one.advice}{f'（{one.about}）' if one.about else ''}" for one in found[:SHOWN]]
        more = [f"还有 {len(found) - SHOWN} 处。"] if len(found) > SHOWN else []
        self.words.setText("\n".join(("还没有保存，请核对：", *told, *more)))
        self.setAccessibleName(self.words.text())
        self._show_state()
        self.show()
        self.reason.setFocus()

    def put_away(self) -> None:
        """Nothing is doubted any more, or another record is shown."""
        self.found = ()
        self.reason.clear()
        self.hide()

    def _show_state(self) -> None:
        self.keep_button.setEnabled(bool(self.reason.text().strip()))

    def _mend(self) -> None:
        self.hide()
        self.mend.emit()

    def _keep(self) -> None:
        if self.reason.text().strip():
            self.keep.emit(self.reason.text().strip())
