"""Editors of days and deadlines: typed as text, or picked from a calendar."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget, QWidgetAction

from db.errors import Refusal
from db.schema.composite import Deadline
from db.schema.kinds import Day, Kind, Unreadable
from db.schema.wording import STRENGTHS, read_deadline
from desktop_app.gui import theme
from desktop_app.gui.calendar import calendar
from desktop_app.gui.editor import Editor, Surroundings
from desktop_app.gui.editor_pick import PickBox
from desktop_app.gui.editor_text import LineEditor

DAY, STRENGTH = 144, 112
"""Pixels of the day (wide enough for 2022年12月31日) and of how binding it is."""
NARROW = 440
"""Pixels below which the words of a deadline have a row of their own."""
SLIMMEST = 200
"""Pixels the row of a deadline takes at least."""
NO_DAY = "看不出是哪一天，请补日期；确实没有日期的，可以不填。"


class CalendarButton(QToolButton):
    """A button that opens a calendar; ``picked`` days go to whoever gave the field."""

    def __init__(self, line: QLineEdit, label: str) -> None:
        super().__init__()
        self._line = line
        self.setProperty("role", "icon")
        self.setProperty("icon_name", "calendar")
        self.setIcon(theme.icon("calendar"))
        self.setAccessibleName(f"{label}：打开日历")
        self.setToolTip("打开日历（F4）")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.clicked.connect(self.open)

    def open(self) -> None:
        """Shows the calendar under the field, on the day that is typed."""
        menu = QMenu(self)
        try:
            day = Day("").parse(self._line.text())
        except Refusal:
            day = None

        def picked(chosen: date) -> None:
            self._line.setText(chosen.isoformat())
            menu.close()
            self._line.setFocus()

        shown = calendar(picked, day)
        action = QWidgetAction(menu)
        action.setDefaultWidget(shown)
        menu.addAction(action)
        menu.popup(self._line.mapToGlobal(self._line.rect().bottomLeft()))
        shown.setFocus()


class DayEditor(LineEditor):
    """A day, typed in any usual writing, or picked."""

    def __init__(self, kind: Kind[Any], around: Surroundings) -> None:
        super().__init__(kind, around)
        self.line.setPlaceholderText(kind.help or "如 2021-12-31、11.3、今天")
        layout = self.layout()
        assert layout is not None
        layout.setSpacing(2)
        self.button = CalendarButton(self.line, kind.label)
        layout.addWidget(self.button)
        QShortcut(QKeySequence("F4"), self.line, self.button.open, context=Qt.ShortcutContext.WidgetShortcut)


class DueEditor(Editor):
    """A deadline: the words as written, the day they mean, how binding; in one row where there is room. The day is
    proposed from the words until somebody sets it by hand."""

    wide: ClassVar[bool] = True

    def __init__(self, kind: Kind[Any], around: Surroundings) -> None:
        super().__init__(kind, around)
        self._base: int | None = None
        self._proposed = ("", "")
        self.wording = QLineEdit()
        self.wording.setPlaceholderText(kind.help or "原文，如 年底前、2021年12月底前")
        self.wording.setAccessibleName(f"{kind.label}：原文")
        self.day = QLineEdit()
        self.day.setPlaceholderText("日期")
        self.day.setAccessibleName(f"{kind.label}：日期")
        self.day.setFixedWidth(DAY)
        self.strength = PickBox()
        self.strength.addItems(["", *STRENGTHS.values()])
        self.strength.entry.setPlaceholderText("语气")
        self.strength.setAccessibleName(f"{kind.label}：语气")
        self.strength.setMinimumWidth(0)
        self.strength.setMaximumWidth(STRENGTH)
        self.strength.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.button = CalendarButton(self.day, kind.label)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._rows = 0
        self._arrange(1)
        parts: tuple[QWidget, ...] = (self.wording, self.day, self.strength, self.strength.entry)
        for part in parts:
            self.watch(part)
        self.wording.textEdited.connect(self._propose)
        self.wording.editingFinished.connect(self._propose_again)
        self.day.editingFinished.connect(self._leave_day)
        for signal in (self.wording.textChanged, self.day.textChanged, self.strength.editTextChanged):
            signal.connect(self.changed)

    def _arrange(self, rows: int) -> None:
        if rows == self._rows:
            return
        self._rows = rows
        below, span, first = (1, 4, 0) if rows == 2 else (0, 1, 1)
        for moved in (self.wording, self.day, self.button, self.strength):
            self._grid.removeWidget(moved)
        self._grid.addWidget(self.wording, 0, 0, 1, span)
        self._grid.addWidget(self.day, below, first)
        self._grid.addWidget(self.button, below, first + 1)
        self._grid.addWidget(self.strength, below, first + 2)
        for at in range(4):
            self._grid.setColumnStretch(at, int(at == (3 if rows == 2 else 0)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if event.size().width() < NARROW else 1)

    def minimumSizeHint(self) -> QSize:
        """One row needs more room than two: what it needs must not keep the form from becoming narrow."""
        return QSize(SLIMMEST, super().minimumSizeHint().height())

    def _propose_again(self) -> None:
        if not self.day.text().strip() and self.touched():
            self._proposed = ("", self._proposed[1])
            self._propose()

    def _leave_day(self) -> None:
        """A day is written the usual way when it is left; one that is none is told at once, like any other date."""
        with suppress(Refusal):
            day = Day("日期").parse(self.day.text())
            if day is not None and self.day.text() != day.isoformat():
                self.day.setText(day.isoformat())
        if self.touched():
            self.left.emit()

    def advice(self) -> str:
        words = " ".join(self.wording.text().split())
        if not words or self.day.text().strip() or STRENGTHS["kept_up"] in (words, self.strength.currentText()):
            return ""
        return "" if read_deadline(words, self.around.year()).strength == "kept_up" else NO_DAY

    def _propose(self) -> None:
        words = " ".join(self.wording.text().split())
        alone, year = read_deadline(words), self.around.year()
        reading = alone if alone.day else read_deadline(words, year)
        shown = (self.day.text(), self.strength.currentText())
        day = reading.day.isoformat() if reading.day else ""
        strength = STRENGTHS.get(reading.strength, "")
        if shown[0] in ("", self._proposed[0]):
            self.day.setText(day)
            self._base = year if reading.day and not alone.day else None
        if shown[1] in ("", self._proposed[1]):
            self.strength.write(strength)
        self._proposed = (day, strength)
        self.day.setToolTip(f"按 {self._base} 年推算，可以改" if self._base else "可以改")

    def typed(self) -> str:
        parts = [self.wording.text(), self.day.text(), self.strength.currentText(), self._base]
        return json.dumps(parts, ensure_ascii=False) if any(parts[:3]) else ""

    def set_typed(self, text: str) -> None:
        wording, day, strength, base = _parts(text)
        self._base = base
        self.wording.setText(wording)
        self.wording.setCursorPosition(0)
        self.day.setText(day)
        self.strength.write(strength)
        self._proposed = (day, strength)

    def put(self, value: Deadline | None) -> None:
        self._base = value.base_year if value else None
        day = value.day.isoformat() if value and value.day else ""
        strength = STRENGTHS.get(value.strength, value.strength) if value else ""
        self.wording.setText(value.wording if value else "")
        self.wording.setCursorPosition(0)
        self.day.setText(day)
        self.strength.write(strength)
        self._proposed = (day, strength) if value and self._follows(value) else ("", "")

    def _follows(self, value: Deadline) -> bool:
        reading = read_deadline(value.wording, value.base_year)
        return (reading.day, reading.strength) == (value.day, value.strength)

    def read(self) -> Deadline | None:
        wording = " ".join(self.wording.text().split())
        day = self._read_day()
        word = self.strength.currentText().strip()
        if not wording and day is None and not word:
            return None
        keys = {shown: key for key, shown in STRENGTHS.items()}
        if word and word not in keys:
            raise self.kind.wrong(f"的语气没有“{word}”，可填：{'、'.join(keys)}。")
        if day is None and not wording:
            raise self.kind.wrong("只有语气，还缺原文或日期。")
        value = Deadline(wording, day, keys.get(word, ""), self._base)
        self.kind.check(value)
        return value

    def _read_day(self) -> date | None:
        try:
            return Day("日期").parse(self.day.text())
        except Unreadable:
            typed = self.day.text().strip()
            raise self.kind.wrong(f"的日期看不懂，要写成 2021-12-31，现在是“{typed}”。") from None


def _parts(text: str) -> tuple[str, str, str, int | None]:
    """The kept state of a deadline's fields; any other text is its wording."""
    try:
        wording, day, strength, base = json.loads(text)
        if all(isinstance(one, str) for one in (wording, day, strength)) and (base is None or type(base) is int):
            return wording, day, strength, base
    except (ValueError, TypeError):
        pass
    return text, "", "", None
