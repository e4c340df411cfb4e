"""Which deeds are asked for: by whom, when, on which sort of record, which field, with which words."""

from __future__ import annotations

from datetime import datetime, time

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from db import clock
from db.ledger import history
from desktop_app.gui import theme
from desktop_app.gui.day_field import DayField
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.rectification import looking_back

ONE_ROW = 1080
"""Pixels from which all filters stand beside each other."""
_BEFORE = 4
"""Where the boxes stand in that row: behind the words and the days."""
_TYPED = 250
"""Milliseconds after a key until the deeds are read."""


class HistoryAsked(QWidget):
    """The filters above the deeds; ``asked`` is what ``history.entries`` is called with."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.actor = _box("经办人", 120)
        self.record = _box("哪一类记录", 160)
        self.field = _box("哪一项", 140)
        self.since = DayField("从哪一天", "从 哪一天")
        self.until = DayField("到哪一天", "到 哪一天")
        self.words = QLineEdit()
        self.words.setPlaceholderText("筛选：做了什么")
        self.words.setAccessibleName("筛选：做了什么")
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(160)
        self.words.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.clear = button("清除筛选", self.forget, "link")
        self._soon = QTimer(self, singleShot=True, interval=_TYPED)
        self._soon.timeout.connect(self._told)
        self._upper = row(self.words, self.since, label("—", "small"), self.until, spacing=8)
        self._lower = row(self.actor, self.record, self.field, spacing=8)
        self._upper.addStretch(1)
        self._upper.addWidget(self.clear)
        self._lower.addStretch(1)
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addLayout(self._upper)
        layout.addLayout(self._lower)
        self._boxes = (self.actor, self.record, self.field)
        self._together = False
        self.words.textChanged.connect(lambda _words: self._soon.start())
        self.actor.currentIndexChanged.connect(lambda _at: self._told())
        self.record.currentIndexChanged.connect(lambda _at: self._offer_fields())
        self.field.currentIndexChanged.connect(lambda _at: self._told())
        self.since.changed.connect(self._told)
        self.until.changed.connect(self._told)
        self._offer_fields(quiet=True)
        self.clear.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is room for them all, the filters stand in one row."""
        super().resizeEvent(event)
        together = event.size().width() >= ONE_ROW
        if together != self._together:
            self._together = together
            for at, box in enumerate(self._boxes):
                (self._lower if together else self._upper).removeWidget(box)
                if together:
                    self._upper.insertWidget(_BEFORE + at, box)
                else:
                    self._lower.insertWidget(at, box)

    def offer(self) -> None:
        """Reads again who and what there is to choose from, off the thread; what is chosen stays chosen."""
        facts = self.session.ledger
        self.session.run(lambda _work: (history.actors(facts), facts.filled()), self._offered)

    def _offered(self, found: tuple[list[str], set[str]]) -> None:
        people, filled = found
        tables = self.session.ledger.tables.records
        kinds = [(tables[name].schema.title, name) for name in tables if name in filled]
        _fill(self.actor, "全部经办人", [(one, one) for one in people])
        _fill(self.record, "全部记录", kinds)

    def _offer_fields(self, *, quiet: bool = False) -> None:
        name, tables = self.record.currentData(), self.session.ledger.tables.records
        fields = [(one.kind.label, one.name) for one in tables[name].schema.fields] if name in tables else []
        _fill(self.field, "全部栏目", [*fields, ("删除或恢复", "deleted")] if fields else [])
        self.field.setVisible(bool(fields))
        if not quiet:
            self._told()

    def asked(self) -> dict[str, str]:
        """The words by which ``history.entries`` finds the deeds that are meant."""
        since, until = self.since.day(), self.until.day()
        told = {
            "actor": self.actor.currentData() or "",
            "record": self.record.currentData() or "",
            "field": self.field.currentData() or "",
            "words": self.words.text().strip(),
            "since": clock.stamp(datetime.combine(since, time()).astimezone()) if since is not None else "",
            "until": clock.stamp(looking_back.end_of(until)) if until is not None else "",
        }
        return {name: value for name, value in told.items() if value}

    def forget(self) -> None:
        """Asks for all deeds again."""
        blocked = [
            QSignalBlocker(one) for one in (self.words, self.actor, self.record, self.field, self.since, self.until)
        ]
        self.words.clear()
        self.since.write(None)
        self.until.write(None)
        for box in (self.actor, self.record):
            box.setCurrentIndex(0)
        self._offer_fields(quiet=True)
        del blocked
        self._told()

    def _told(self) -> None:
        self._soon.stop()
        self.clear.setVisible(bool(self.asked()))
        self.changed.emit()


def _box(name: str, least: int) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setMinimumWidth(least)
    made.setMaximumWidth(260)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return made


def _fill(box: QComboBox, everything: str, choices: list[tuple[str, str]]) -> None:
    """Fills a box, keeping what is chosen."""
    chosen = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        box.addItem(everything, None)
        for words, value in choices:
            box.addItem(words, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
