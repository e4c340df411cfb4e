"""The history of one record: field by field with the values it had, or step by step; one former value is put back as a deed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QToolButton, QWidget

from db import clock
from db.ledger.change import Outcome
from db.ledger.facts import Facts
from db.schema.kinds import Kind
from desktop_app.gui import lookup
from desktop_app.gui.chips import ManyChip
from desktop_app.gui.history_list import HistoryList
from desktop_app.gui.session import Session
from desktop_app.gui.table import Column, Table, TablePane
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.rectification import field_history
from desktop_app.rectification.field_history import FieldChange

EMPTY = "（空）"
LONGEST = 4_000
"""Characters of a value that is shown whole."""


class Shown:
    """One change in words, read off the thread once."""

    def __init__(self, facts: Facts, kind: Kind[Any] | None, one: FieldChange) -> None:
        self.one = one
        self.before = _words(facts, kind, one.before) if kind is not None else ""
        self.after = _words(facts, kind, one.after) if kind is not None else ""
        self.when = f"{clock.moment(one.time).astimezone():%Y-%m-%d %H:%M}"


def _words(facts: Facts, kind: Kind[Any], value: Any) -> str:
    return lookup.whole(facts, kind, value)[:LONGEST] or EMPTY


def _after(one: Shown) -> str:
    return f"{one.after}（现在）" if one.one.current else one.after


COLUMNS = (
    Column[Shown]("栏目", lambda one: one.one.label, least=88, most=140),
    Column[Shown]("原来", lambda one: one.before, least=110, most=260),
    Column[Shown]("改成", _after, wide=True, least=130),
    Column[Shown]("时间", lambda one: one.when, by=lambda one: one.one.time, least=132, most=150),
    Column[Shown]("经办人", lambda one: one.one.actor, least=72, most=120),
)


class FieldHistory(QWidget):
    """What became of the fields of one record, the latest first."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.record, self.identifier = "", ""
        self.found: list[Shown] = []
        self._turn = 0
        self.field = ManyChip("栏目")
        self.table: Table[Shown] = Table(
            COLUMNS, "各栏的变化", tip=lambda one: one.one.sentence, same=lambda one: (one.one.deed, one.one.field)
        )
        self.table.remember(session, "fields")
        self.pane = TablePane(self.table, "还没有变化。")
        self.whole = label("", "hint", wrap=True)
        self.whole.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.before = button("放回“原来”", lambda: self._back(after=False), "", "把这一栏改回“原来”的内容；可以撤销")
        self.after = button("放回“改成”", lambda: self._back(after=True), "", "把这一栏改回当时改成的内容；可以撤销")
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addLayout(row(self.field, 1))
        layout.addWidget(self.pane, 1)
        layout.addWidget(self.whole)
        layout.addLayout(row(self.before, self.after, 1))
        self.field.chosen.connect(self._narrow)
        self.table.picked.connect(self._picked)
        self._picked()

    def show_record(self, record: str, identifier: str) -> None:
        """Shows what became of a record."""
        if (record, identifier) != (self.record, self.identifier):
            self.field.put(())
        self.record, self.identifier = record, identifier
        self._turn += 1
        turn, facts = self._turn, self.session.ledger

        def read() -> list[Shown]:
            kinds = facts.schema(record).kinds()
            found = field_history.changes(facts, record, identifier)
            return [Shown(facts, kinds.get(one.field), one) for one in found]

        def done(found: list[Shown]) -> None:
            if turn == self._turn:
                self.found = found
                labels = {one.one.field: one.one.label for one in found if one.one.field}
                times = {name: sum(one.one.field == name for one in found) for name in labels}
                self.field.offer([(name, words, times[name]) for name, words in labels.items()])
                self._narrow()

        self.session.run(lambda _work: read(), done)

    def _narrow(self) -> None:
        wanted = self.field.values
        self.pane.show_rows([one for one in self.found if not wanted or one.one.field in wanted])
        self._picked()

    def _picked(self) -> None:
        chosen, writable = self.table.chosen(), self.session.ledger.writable
        field = chosen is not None and bool(chosen.one.field)
        self.before.setEnabled(field and writable)
        self.after.setEnabled(field and writable and chosen is not None and not chosen.one.current)
        long_ = chosen is not None and max(len(chosen.before), len(chosen.after)) > 24
        self.whole.setText(f"原来：{chosen.before}\n改成：{chosen.after}" if long_ and chosen is not None else "")
        self.whole.setVisible(bool(self.whole.text()))

    def _back(self, *, after: bool) -> None:
        chosen, session = self.table.chosen(), self.session
        if chosen is not None:
            one, record, identifier = chosen.one, self.record, self.identifier
            value = one.after if after else one.before
            session.do(
                lambda: field_history.put_back(session.ledger, record, identifier, one.field, value, session.actor())
            )

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: read again where it touched this record."""
        if (self.record, self.identifier) in outcome.touched:
            self.show_record(self.record, self.identifier)


class RecordHistory(QWidget):
    """Both ways to look at the history of one record."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.fields = FieldHistory(session)
        self.deeds = HistoryList(session)
        self._asked: tuple[str, str] = ("", "")
        self.stack = QStackedWidget()
        self.ways = [self._way(words, at) for at, words in enumerate(("按栏目", "按步骤"))]
        layout = column(self, (0, 0, 0, 0), 8)
        layout.addLayout(row(*self.ways, 1, spacing=8))
        layout.addWidget(self.stack, 1)
        for one in (self.fields, self.deeds):
            self.stack.addWidget(one)
        self.ways[0].setChecked(True)

    def _way(self, words: str, at: int) -> QToolButton:
        made = QToolButton()
        made.setProperty("role", "quiet")
        made.setText(words)
        made.setCheckable(True)
        made.setAutoExclusive(True)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.clicked.connect(lambda _on=False: self._turn(at))
        return made

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self.show_record(*self._asked)

    def show_record(self, record: str, identifier: str) -> None:
        """Shows the history of a record."""
        self._asked = record, identifier
        if self.stack.currentWidget() is self.fields:
            self.fields.show_record(record, identifier)
        else:
            self.deeds.show_deeds(record=record, id=identifier)

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        if self.stack.currentWidget() is self.fields:
            self.fields.hear(outcome)
        else:
            self.deeds.hear(outcome)
