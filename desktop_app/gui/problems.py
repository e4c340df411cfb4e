"""The page 问题: the list at the left, the chosen problem with all that belongs to it at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from db.ledger.change import Outcome
from db.schema.records import SCHEMAS, Problem
from desktop_app.gui import figure_panel
from desktop_app.gui.preview_fold import PreviewFold
from desktop_app.gui.problem_checks import ProblemChecks, inside
from desktop_app.gui.problem_list import ProblemList
from desktop_app.gui.problem_registers import ProblemRegisters
from desktop_app.gui.record_pane import RecordPane
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.rectification import ledgers, overview
from desktop_app.rectification.overview import ProblemRow

TABS = (
    ("measure", "措施"),
    ("ongoing_item", "深化与时限"),
    ("figure", "数据"),
    ("regulation", "制度"),
    ("evidence", "佐证"),
    ("accountability", "问责"),
    ("meeting", "会议"),
    ("closing", "销号"),
    ("recheck", "回头看"),
    ("progress_entry", "进展记录"),
    ("cited_rule", "引用依据"),
    ("figure_relation", "数据关系"),
)
"""The parts of a problem in the order a clerk works through them."""
FOLDED = ("印文",)
"""Sections of the form that are seldom needed."""


class ProblemsPage(QWidget):
    """The list of problems and the form of one."""

    wanted = Signal(str, str)
    """Schema name and id of a record whose words were clicked in the preview."""
    register_wanted = Signal(str, str)
    """Schema name of a register, and the unit whose rows are to be shown."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.list = ProblemList()
        self.registers = ProblemRegisters(session)
        self.pane = RecordPane(session, SCHEMAS["problem"], tabs=TABS, folded=FOLDED, more=[self.registers])
        figure_panel.attach(self.pane)
        self.preview = PreviewFold(session, self.pane)
        self.totals = label("", "small")
        self.new_button = button("新建问题", self.new, "", "Ctrl+N")
        self.checks = ProblemChecks(session, self)
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(0)
        self._reading.timeout.connect(self._read)
        self._turn = 0
        self._lay_out()
        self.list.chosen.connect(self._show)
        self.list.view.activated.connect(lambda _index: self.pane.entry.enter())
        self.checks.changed.connect(self._mark)
        self.checks.changed.connect(self._tell)
        self.pane.state.connect(lambda _unsaved: self._mark())
        self.preview.wanted.connect(self.wanted)
        self.registers.wanted.connect(self.register_wanted)
        self.pane.finding.clicked.connect(self._mend)
        self.pane.clear("选一个问题，或按 Ctrl+N 新建。")
        self._read()

    def _lay_out(self) -> None:
        left = QWidget()
        layout = column(left, (0, 0, 8, 0), 12)
        layout.addLayout(row(label("问题", "page"), self.totals, 1, self.new_button, spacing=12))
        layout.addWidget(self.list, 1)
        left.setMinimumWidth(280)
        self.pane.setMinimumWidth(420)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.preview)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([440, 700])
        column(self, (24, 20, 24, 20), 0).addWidget(self.splitter)

    # -- reading -----------------------------------------------------------------------------------------------------

    def read_soon(self) -> None:
        """Reads the list again once the present turn of the event loop is over."""
        self._reading.start()

    def _read(self) -> None:
        facts, today, unit = self.session.ledger, self.session.today(), self.session.unit
        self._turn += 1
        turn = self._turn
        self.session.run(lambda _work: overview.rows(facts, today, unit), lambda rows: self._arrived(turn, rows))

    def _arrived(self, turn: int, rows: list[ProblemRow]) -> None:
        """The list was read; an answer that a later question has overtaken is passed over."""
        if turn != self._turn:
            return
        found = [*self._new_rows(), *rows]
        self.list.show_rows(found)
        total = overview.totals([one for one in found if self._kept(one)])
        overdue = total.by_state["overdue"]
        self.totals.setText(
            f"{total.all} 项，已完成 {total.finished}" + (f"，超期 {overdue}" if overdue else "") if total.all else ""
        )
        if self.pane.identifier:
            self.list.choose(self.pane.identifier, quiet=True)
        elif self.list.model.rows:
            self.list.step(0)
        self._mark()
        self._tell()
        self.checks.ask_soon()

    def _kept(self, one: ProblemRow) -> bool:
        draft = self.session.drafts.get(("problem", one.id))
        return draft is None or not draft.new

    def _new_rows(self) -> list[ProblemRow]:
        """Half-typed problems that are not in the ledger yet stand at the head of the list."""
        drafts = [(i, d) for (name, i), d in self.session.drafts.items() if name == "problem" and d.new]
        return [
            ProblemRow(
                i, None, d.typed.get("title") or "（新问题）", "", "", "", "", None, "", "no_date", None, 0, 0, "public"
            )
            for i, d in drafts
        ]

    def _mark(self) -> None:
        unsaved = {
            str(draft.fixed.get("problem") or identifier) for (_name, identifier), draft in self.session.drafts.items()
        }
        self.list.model.mark(frozenset(unsaved), self.checks.counts())

    def _tell(self) -> None:
        """What does not add up in the shown problem stands in the line under its title."""
        self.preview.show_problem(self.pane.identifier)
        row_shown = next((one for one in self.list.all if one.id == self.pane.identifier), None)
        found = self.checks.by_problem.get(self.pane.identifier, [])
        if row_shown is None:
            self.pane.about.say("")
            self.pane.finding.say("")
            return
        parts = [row_shown.unit, row_shown.category, row_shown.state_words]
        self.pane.about.say("　".join(part for part in parts if part))
        count = f"要核对 {len(found)} 处：" if len(found) > 1 else "要核对："
        told = [inside(one.sentence, row_shown.number, row_shown.title) + one.advice for one in found[:12]]
        self.pane.finding.say(f"{count}{told[0]}" if told else "", "\n".join(told))

    def _mend(self) -> None:
        """Somebody clicked on what does not add up."""
        for one in self.checks.by_problem.get(self.pane.identifier, ())[:1]:
            self.pane.show_field(one.record, one.id, one.field)

    # -- doing -------------------------------------------------------------------------------------------------------

    def _show(self, identifier: str) -> None:
        if not self.pane.show_record(identifier):
            self.read_soon()
        self._tell()

    def show_record(self, identifier: str) -> None:
        """Shows a problem, whatever the filters say."""
        if self.list.all and not self.list.model.place(identifier).isValid():
            self.list.search.clear()
            self.list.category.choose("")
            self.list.state.choose("")
        self._show(identifier)
        self.list.choose(identifier, quiet=True)

    def new(self) -> None:
        """Begins a new problem of the shown unit, with the next number."""
        ledger = self.session.ledger
        own = ledgers.own_unit(ledger, ledger)
        unit = self.session.unit or (own.id if own is not None else None)
        mine = ledger.all(Problem, unit=unit)
        last = max((one.number or 0 for one in mine), default=0)
        start = {"unit": unit, "number": last + 1, "inspection": mine[-1].inspection if mine else None}
        self.list.choose("", quiet=True)
        self.pane.begin(start)
        self._tell()
        self.read_soon()

    def save(self) -> bool:
        """Ctrl+S."""
        return self.pane.save()

    def look_up(self) -> None:
        """Ctrl+F."""
        self.list.search.setFocus()
        self.list.search.selectAll()

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑."""
        self.list.step(by)

    def add_part(self) -> None:
        """Ctrl+Shift+N."""
        self.pane.add_part()

    def leave(self) -> None:
        """Another page will be shown."""
        self.pane.leave()

    def arrive(self) -> None:
        """The page is shown (again): the keys go to the list."""
        self.read_soon()
        focus = self.focusWidget()
        if focus is None or not focus.isVisible():
            self.list.view.setFocus()

    def look(self) -> None:
        """Another unit or as-of day."""
        self.read_soon()

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something: what concerns this page is read again."""
        gone = self.pane.identifier
        self.pane.hear(outcome)
        self.preview.hear(outcome)
        if gone and not self.pane.identifier:
            self.list.choose("", quiet=True)
        self.read_soon()
