"""What a kind of paper asks before it can be made: period, records, options; built from the kind, naming none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QWidget

from db.errors import Refusal
from db.schema.composite import Period, Span
from db.schema.record import Field
from desktop_app.gui.editor import Candidate, Surroundings
from desktop_app.gui.form import FieldBox
from desktop_app.gui.paper_records import RecordsPicker
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import column, label
from desktop_app.notices.wanted import Kind

SOON = 250
"""Milliseconds of quiet after a key until the paper is made anew."""


class Questions(QWidget):
    """The questions of one kind at a time. What cannot be read is said beside its field, and the last good answer stays."""

    answered = Signal()
    """There is another answer."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.kind: Kind | None = None
        self.boxes: dict[str, FieldBox] = {}
        self.period: FieldBox | None = None
        self.records: RecordsPicker | None = None
        self.purpose = label("", "hint", wrap=True)
        self._layout = column(self, (16, 12, 16, 16), 12)
        self._layout.addWidget(self.purpose)
        self._made: list[QWidget] = []
        self._answers: dict[str, Any] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON)
        self._soon.timeout.connect(self._read)
        self._layout.addStretch(1)

    def ask(self, kind: Kind, unit: str) -> None:
        """Asks what this kind needs; the answers begin with its defaults."""
        for widget in self._made:
            self._layout.removeWidget(widget)
            widget.deleteLater()
        self._made, self.boxes, self.period, self.records = [], {}, None, None
        self.kind = kind
        self.purpose.setText(kind.purpose)
        self._answers = dict(kind.begun())
        around = Surroundings(self.session, self._none, lambda _schema, _id: "", lambda: self.session.today().year)
        must = kind.records == "must"  # without them there is no paper: they are asked for first
        if must:
            self._ask_records(kind, unit)
        if kind.period != "no":
            asked = Period(
                "期间",
                required=kind.period == "must",
                help="如 2025年、2025年9月、2025年三季度、2025-01-01至2025-06-30",
            )
            self.period = self._add(FieldBox(Field("period", asked), around))
        for name, option in kind.options.items():
            self.boxes[name] = self._add(FieldBox(Field(name, option), around))
            self.boxes[name].editor.set_value(self._answers.get(name))
        if kind.records != "no" and not must:
            self._ask_records(kind, unit)
        self._layout.setStretch(self._layout.count() - 1, 0 if self.records else 1)

    def _ask_records(self, kind: Kind, unit: str) -> None:
        self.records = RecordsPicker(self.session, kind.of, required=kind.records == "must")
        self.records.show_unit(unit)
        self.records.changed.connect(self._soon.start)
        self._put(self.records, 1)

    def _none(self, _schema: str) -> Sequence[Candidate]:
        return ()

    def _add(self, box: FieldBox) -> FieldBox:
        box.editor.changed.connect(self._soon.start)
        self._put(box, 0)
        return box

    def _put(self, widget: QWidget, stretch: int) -> None:
        self._layout.insertWidget(self._layout.count() - 1, widget, stretch)
        self._made.append(widget)

    def _read(self) -> None:
        """What was typed becomes the answer, as far as it can be read."""
        for name, box in self.boxes.items():
            try:
                self._answers[name] = box.read()
            except Refusal:
                return
        if self.period is not None:
            try:
                self.period.read()
            except Refusal:
                return
        self.answered.emit()

    # -- the answers -----------------------------------------------------------------------------------------------------

    def span(self) -> Span | None:
        """The period that was typed."""
        if self.period is None:
            return None
        value = self.period.editor.value()
        return value if isinstance(value, Span) else None

    def chosen(self) -> tuple[str, ...]:
        """The records that are ticked."""
        return self.records.chosen() if self.records is not None else ()

    def options(self) -> dict[str, Any]:
        """The options that hold something."""
        return {name: value for name, value in self._answers.items() if value is not None}

    def labels(self) -> list[QLabel]:
        """The labels of the fields, for tests of what is cut."""
        return [box.label for box in (*self.boxes.values(), *((self.period,) if self.period else ()))]
