"""The page 分类台账: categories with their registers at the left, the rows of the chosen one at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from db.ledger.change import Outcome
from db.ledger.facts import Facts
from db.ledger.strangers import Stranger, strangers
from db.schema.definition import CategoryDefinition
from db.schema.record import Record, Schema
from desktop_app.gui import closing_tools, registers_strangers
from desktop_app.gui.grid_model import Extra
from desktop_app.gui.register_checks import OnScreen, RegisterChecks
from desktop_app.gui.register_view import RegisterView
from desktop_app.gui.registers_list import Listed, RegisterList
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import column, label
from desktop_app.rectification import ledgers, rows
from desktop_app.rectification.reckoning import records as reckoning
from desktop_app.rectification.reckoning import values
from desktop_app.rectification.rows_filters import Filter

SETTLE = 400
"""Milliseconds after the last deed until the rows of all registers are counted again."""


@dataclass(frozen=True)
class _Counted:
    rows: dict[str, int]
    strange: list[Stranger]


def listed(facts: Facts, counted: Mapping[str, int]) -> list[Listed]:
    """The registers of all categories in force, by number; a retired one only while it has rows."""
    found = []
    for key, one in sorted(facts.definitions.items(), key=lambda item: (item[1].number or 10_000, item[0])):
        for register in one.registers.values():
            name = register.name
            if name in facts.tables.records and (not register.retired or counted.get(name)):
                title = f"{one.number}. {one.title}" if one.number else one.title or key
                found.append(Listed(name, register.title, title, register.retired))
    return found


class RegistersPage(QWidget):
    """All registers, and one of them."""

    wanted = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.list = RegisterList()
        self.views: dict[str, RegisterView] = {}
        self.strange: list[Stranger] = []
        self.stack = QStackedWidget()
        self.blank = label("左边按类别列着登记表。选一张，就可以一行一行录入，或从 Excel 整块粘贴。", "hint", wrap=True)
        self.blank.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(self.blank)
        self._counts: dict[str, int] = {}
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.timeout.connect(self._count)
        self._lay_out()
        self.checks = RegisterChecks(session, self)
        self.checks.changed.connect(self._mark)
        self.list.chosen.connect(self.show_register)
        self._offer()
        self._counting.start(0)

    def _lay_out(self) -> None:
        left = QWidget()
        layout = column(left, (0, 0, 8, 0), 12)
        layout.addWidget(label("分类台账", "page"))
        layout.addWidget(self.list, 1)
        left.setMinimumWidth(190)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.stack)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([236, 900])
        column(self, (24, 20, 24, 20), 0).addWidget(self.splitter)

    # -- the list ----------------------------------------------------------------------------------------------------

    def _offer(self) -> None:
        found = listed(self.session.ledger, self._counts)
        self.list.offer(found + registers_strangers.listed(self.strange))
        self.list.count(self._counts | registers_strangers.counts(self.strange), self.checks.counts())
        if not found:
            self.blank.setText("这个台账里还没有登记表。问题类别的登记表在“设置”里添加。")

    def _count(self) -> None:
        """Counts the rows of every register, and finds those whose register is not known; off the thread."""
        facts, unit = self.session.ledger, self.session.unit

        def job(_work: Work) -> _Counted:
            names = [one.name for one in listed(facts, {})]
            counted = {name: rows.count(facts, rows.View(facts.schema(name), unit=unit)) for name in names}
            return _Counted(counted, strangers(facts))

        def done(counted: _Counted) -> None:
            self._counts, self.strange = counted.rows, counted.strange
            self._offer()
            shown = self.view()
            if shown is not None:
                self._check(shown.schema.name)

        self.session.run(job, done)

    # -- one register ------------------------------------------------------------------------------------------------

    def view(self) -> RegisterView | None:
        """The register that is shown."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, RegisterView) else None

    def show_register(self, name: str, *, filters: Sequence[Filter] = ()) -> RegisterView | None:
        """Shows a register; with ``filters`` only rows that pass them."""
        facts, before = self.session.ledger, self.view()
        if registers_strangers.is_strange(name):
            self._turn_to(registers_strangers.StrangerView(self.session, name, self.strange))
            return None
        if name not in facts.tables.records:
            return None
        made = self.views.get(name)
        if made is not None and made.schema is not facts.schema(name):  # its definition was changed meanwhile
            made.leave()
            self.stack.removeWidget(self.views.pop(name))
            made.deleteLater()
            made = None
        if made is None:
            made = self._make(facts.schema(name))
            self.views[name] = made
            self.stack.addWidget(made)
            made.grid.look.filters = tuple(filters)
            made.read()
        elif tuple(filters) != made.grid.look.filters:
            made.grid.look.filters = tuple(filters)
            made.read()
        if before is not made:
            self._turn_to(made)
        self.list.choose(name)
        self._check(name)
        return made

    def _check(self, name: str) -> None:
        """Asks what the rules find in the category of a register."""
        category = name.rpartition(".")[0]
        mine = sum(count for other, count in self._counts.items() if other.startswith(f"{category}."))
        if self._counts:
            self.checks.ask_soon(category, mine)

    def _mark(self) -> None:
        """What the rules find was asked anew."""
        for name, one in self.views.items():
            one.show_findings(self.checks.found.get(name, {}), self.checks.marks.get(name, {}))
        self._offer()

    def _turn_to(self, shown: QWidget) -> None:
        before = self.stack.currentWidget()
        if isinstance(before, RegisterView):
            before.leave()
        if self.stack.indexOf(shown) < 0:
            self.stack.addWidget(shown)
        self.stack.setCurrentWidget(shown)
        if isinstance(before, registers_strangers.StrangerView):
            self.stack.removeWidget(before)
            before.deleteLater()

    def _make(self, schema: Schema) -> RegisterView:
        facts, session = self.session.ledger, self.session
        category, register = schema.name.rsplit(".", 1)
        definition: CategoryDefinition | None = facts.definitions.get(category)
        specs = [one for one in definition.registers[register].computed if not one.retired] if definition else []
        extra = [Extra(s.name, s.label, s.sort in ("number", "money")) for s in specs]
        known = {s.name: s for s in specs}

        def reckon(records: Sequence[Record]) -> list[Mapping[str, str]]:
            if definition is None or not specs:
                return [{} for _ in records]
            found = reckoning.computed_page(facts, definition, register, records, session.today())
            return [{name: values.shown(known[name], value) for name, value in one.items()} for one in found]

        made = RegisterView(session, schema, self._start(schema), extra=extra, reckon=reckon)
        if definition is not None and definition.registers[register].closing in schema.kinds():
            closing_tools.attach(made, definition.registers[register].closing)
        made.grid.register_wanted.connect(self.show_register)
        OnScreen(made.grid).looked.connect(lambda records: self.checks.look_at(schema, records))
        return made

    def _start(self, schema: Schema) -> dict[str, str]:
        """What a new row begins with: the unit whose facts are shown, else the ledger's own."""
        own = ledgers.own_unit(self.session.ledger, self.session.ledger)
        unit = self.session.unit or (own.id if own is not None else "")
        return {one.name: unit for one in schema.references() if one.name == "unit" and unit}

    def show_unit(self, name: str, unit: str) -> None:
        """Shows a register with the rows of one unit and of those below it ("": of all)."""
        facts = self.session.ledger
        below = rows.with_below(facts, unit) if unit else []
        has = (
            any(one.name == "unit" for one in facts.schema(name).references())
            if name in facts.tables.records
            else False
        )
        made = self.show_register(name, filters=(Filter("unit", "any_of", tuple(below)),) if below and has else ())
        if made is not None and unit:
            made.start = {**made.start, "unit": unit}

    def show_record(self, name: str, identifier: str) -> None:
        """Shows one row of a register, whatever the filters say, with its form."""
        made = self.show_register(name)
        if made is None:
            return
        made.show_all()
        made.open_row(identifier)

    # -- what the frame asks -----------------------------------------------------------------------------------------

    def _tell(self, what: str, *values: Any) -> None:
        shown = self.view()
        if shown is not None:
            getattr(shown, what)(*values)

    def new(self) -> None:
        """Ctrl+N."""
        self._tell("new")

    def save(self) -> bool:
        """Ctrl+S."""
        shown = self.view()
        return shown is None or shown.save()

    def look_up(self) -> None:
        """Ctrl+F: to the filters, or to the search of registers when none is shown."""
        shown = self.view()
        if shown is None:
            self.list.search.setFocus()
        else:
            shown.look_up()

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑: the next row, with its form where that is shown."""
        shown = self.view()
        if shown is not None:
            shown.grid.place.step_row(by)

    def leave(self) -> None:
        """Another page will be shown."""
        self._tell("leave")

    def arrive(self) -> None:
        """The page is shown (again)."""
        self._counting.start(0)
        if self.view() is None:
            self.list.tree.setFocus()
        else:
            self._tell("arrive")

    def look(self) -> None:
        """Another unit or as-of day."""
        self._counting.start(0)
        for one in self.views.values():
            one.start = self._start(one.schema)
            one.read()

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        facts = self.session.ledger
        shown = self.view()
        for name, one in list(self.views.items()):
            if name not in facts.tables.records or facts.schema(name) is not one.schema:
                if one is not shown:
                    self.stack.removeWidget(self.views.pop(name))
                    one.deleteLater()
                continue
            one.hear(outcome)
        if shown is not None and shown.schema.name in facts.tables.records:
            self.show_register(shown.schema.name, filters=shown.grid.look.filters)
        self._counting.start(SETTLE)
