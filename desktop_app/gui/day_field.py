"""A day to filter by: typed in any usual writing, or picked from the calendar; empty means none."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from db.errors import Refusal
from db.schema.kinds import Day
from desktop_app.gui.editor_day import DAY, CalendarButton


class DayField(QWidget):
    """One line and a calendar. What cannot be read as a day is marked, says why, and counts as none."""

    changed = Signal()
    """Another day, or none, is meant."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(name)
        self.line.setFixedWidth(DAY)
        self.line.setClearButtonEnabled(True)
        self.button = CalendarButton(self.line, name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self.button)
        QShortcut(QKeySequence("F4"), self.line, self.button.open)
        self._day: date | None = None
        self.line.textChanged.connect(lambda _words: self._read())
        self.line.editingFinished.connect(self._tidy)

    def day(self) -> date | None:
        """The day that is meant."""
        return self._day

    def write(self, day: date | None) -> None:
        """Shows a day."""
        self.line.setText(day.isoformat() if day is not None else "")

    def _read(self) -> None:
        before, words = self._day, self.line.text().strip()
        try:
            self._day = Day("").parse(words) if words else None
            wrong = ""
        except Refusal as refusal:
            self._day, wrong = None, str(refusal)
        if bool(wrong) != bool(self.line.property("wrong")):
            self.line.setProperty("wrong", bool(wrong))
            self.line.style().polish(self.line)
        self.line.setToolTip(wrong)
        if self._day != before:
            self.changed.emit()

    def _tidy(self) -> None:
        if self._day is not None:
            self.write(self._day)
