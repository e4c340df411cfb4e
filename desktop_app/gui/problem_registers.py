"""The tab 台账 of a problem: the registers of its category, with how many rows its unit has in each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from db.ledger.facts import Facts
from db.schema.records import Problem
from db.schema.records.definition import category_key
from desktop_app.gui.record_pane import PaneTab
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.rectification import rows


@dataclass(frozen=True)
class Counted:
    """A register: schema name, title, its help, how many rows the problem's unit has in it."""

    name: str
    title: str
    help: str
    rows: int


@dataclass(frozen=True)
class _Found:
    unit: str
    category: str
    registers: tuple[Counted, ...]


def found(facts: Facts, identifier: str) -> _Found:
    """The registers of a problem's category."""
    problem = facts.get(Problem, identifier)
    definition = facts.definitions.get(category_key(problem.category)) if problem and problem.category else None
    if problem is None or definition is None:
        return _Found("", "", ())
    counted = []
    for one in definition.registers.values():
        if one.name in facts.tables.records and not one.retired:
            view = rows.View(facts.schema(one.name), unit=problem.unit)
            counted.append(Counted(one.name, one.title, " ".join(one.help.split()), rows.count(facts, view)))
    return _Found(problem.unit or "", definition.title, tuple(counted))


class ProblemRegisters(PaneTab):
    """One line for each register; a click goes there, to the rows of the problem's unit."""

    wanted = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__("台账")
        self.session = session
        self.buttons: list[QPushButton] = []
        self._turn = 0
        self._unit = ""
        self._layout = column(self, (0, 0, 0, 0), 12)
        self._body = QWidget()
        self._layout.addWidget(self._body)
        self._layout.addStretch(1)

    def open(self, identifier: str) -> None:
        self._turn += 1
        turn, facts = self._turn, self.session.ledger
        if not identifier:
            self._show(_Found("", "", ()))
            return

        def done(answer: _Found) -> None:
            if turn == self._turn:
                self._show(answer)

        self.session.run(lambda _work: found(facts, identifier), done)

    def _go(self, name: str) -> None:
        self.wanted.emit(name, self._unit)

    def _show(self, answer: _Found) -> None:
        self._unit = answer.unit
        body = QWidget()
        layout = column(body, (0, 0, 0, 0), 12)
        self.buttons = []
        if not answer.registers:
            words = (
                "先在“基本”里选问题类别，这里就会列出它的登记表。" if not answer.category else "这个类别没有登记表。"
            )
            layout.addWidget(label(words, "hint", wrap=True))
        for one in answer.registers:
            made = button(one.title, partial(self._go, one.name), "link", one.help)
            count = label(f"{one.rows} 行" if one.rows else "还没有", "small")
            self.buttons.append(made)
            group = QWidget()
            lines = column(group, (0, 0, 0, 0), 2)
            lines.addLayout(row(made, count, 1, spacing=12))
            if one.help:
                told = label(one.help, "small", wrap=True)
                told.setContentsMargins(6, 0, 0, 0)  # under the words of the link
                lines.addWidget(told)
            layout.addWidget(group)
        self._layout.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body
        self.counted.emit(sum(1 for one in answer.registers if one.rows))
