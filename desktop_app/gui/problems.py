"""The page 问题: the list at the left, the chosen problem with all that belongs to it at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QToolButton, QWidget

from db.ledger.change import Outcome
from db.schema.records import SCHEMAS
from desktop_app.gui import closing_chain, evidence_taking, figure_panel, problem_checks, theme, written
from desktop_app.gui.allowed import gate
from desktop_app.gui.preview_fold import PreviewFold
from desktop_app.gui.problem_checks import inside
from desktop_app.gui.problem_list import ProblemList
from desktop_app.gui.problem_reading import ProblemReading
from desktop_app.gui.problem_registers import ProblemRegisters
from desktop_app.gui.problem_views_menu import ViewsMenu
from desktop_app.gui.record_pane import RecordPane
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import button, column, label, row
from desktop_app.rectification import ledgers, problem_list, unfinished
from desktop_app.rectification.overview import Narrowing, ProblemRow

if TYPE_CHECKING:
    from desktop_app.gui.problem_batch_pane import BatchPane

TABS = (
    ("measure", "措施"),
    ("ongoing_item", "深化与时限"),
    ("regulation", "制度"),
    ("accountability", "问责"),
    ("evidence", "佐证"),
    ("closing", "销号"),
    ("recheck", "回头看"),
    ("figure", "数据"),
    ("meeting", "会议"),
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
        evidence_taking.attach(self.pane)
        closing_chain.attach(self.pane)
        self.preview = PreviewFold(session, self.pane)
        self.reading = ProblemReading(session, self.list, self)
        self.batch: BatchPane | None = None
        self.totals = label("", "small")
        self.new_button = button("新建问题", self.new, "", "Ctrl+N")
        gate(session, "write", self.new_button)
        self.views = ViewsMenu(self.reading)
        self.table_button = QToolButton()
        self.picked = label("", "small")
        self.checks = problem_checks.shared(session)
        self.right = QStackedWidget()
        self._lay_out()
        self._connect()
        gate(session, "write", self.pane.blank.offer("新建问题", self.new))
        self.pane.clear("选一个问题，或按 Ctrl+N 新建。")
        self.reading.recall()
        self.reading.read()

    def _lay_out(self) -> None:
        left = QWidget()
        layout = column(left, (0, 0, 8, 0), 8)
        self.table_button.setProperty("role", "icon")
        self.table_button.setProperty("icon_name", "registers")
        self.table_button.setCheckable(True)
        self.table_button.setIcon(theme.icon("registers"))
        self.table_button.setIconSize(QSize(18, 18))
        self.table_button.setToolTip("用整页的表格看，点表头排序（Ctrl+Shift+T）")
        self.table_button.setAccessibleName("表格")
        self.table_button.toggled.connect(self.show_table)
        layout.addLayout(row(label("问题", "page"), 1, self.table_button, self.new_button, spacing=8))
        self.totals.setWordWrap(True)
        layout.addWidget(self.totals)
        self.list.filters.top.addWidget(self.views)
        layout.addWidget(self.list, 1)
        self.together = QWidget()
        change = button("批量修改…", self.change_many, "", "Ctrl+B")
        none = button("取消选择", self._pick_none, "link")
        self.together.setLayout(row(self.picked, 1, none, change))
        self.together.hide()
        layout.addWidget(self.together)
        left.setMinimumWidth(280)
        self.pane.setMinimumWidth(420)
        self.right.addWidget(self.preview)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.right)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([340, 820])
        column(self, (24, 20, 24, 20), 0).addWidget(self.splitter)

    def _connect(self) -> None:
        self.reading.arrived.connect(self._arrived)
        self.reading.arrived.connect(self._mark_tabs)
        self.pane.shown.connect(self._mark_tabs)
        self.list.chosen.connect(self._show)
        self.list.opened.connect(self._enter)
        self.list.picked.connect(self._picked)
        self.checks.changed.connect(self._mark)
        self.checks.changed.connect(self._tell)
        self.pane.state.connect(lambda _unsaved: self._mark())
        self.pane.state.connect(lambda _unsaved: self.preview.typed())
        self.preview.write_with(lambda: written.typed(self.pane), lambda: written.caret(self.pane))
        self.preview.wanted.connect(self.wanted)
        self.registers.wanted.connect(self.register_wanted)
        self.pane.finding.clicked.connect(self._mend)
        for keys, act in (("Ctrl+B", self.change_many), ("Ctrl+Shift+T", self.table_button.toggle)):
            QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- reading -----------------------------------------------------------------------------------------------------

    def read_soon(self) -> None:
        """Reads the list again once the present turn of the event loop is over."""
        self.reading.also = self.pane.identifier
        self.reading.begun = self._new_rows()
        self.reading.soon()

    def _arrived(self) -> None:
        """The list was read."""
        shown = self.list.model.shown
        overdue = shown.by_state.get("overdue", 0)
        said = f"{shown.all} 项 · 已完成 {shown.finished}" + (f" · 超期 {overdue}" if overdue else "")
        some = f"显示 {len(shown.ids)} 项，共 " if shown.look.filtered() else ""
        self.totals.setText(some + said if shown.all else "")
        if self.pane.identifier:
            elsewhere = self.list.current() != self.pane.identifier and not self.list.on_heading()
            if elsewhere and self.list.picked_count() < 2:
                self.list.choose(self.pane.identifier, quiet=True)
        elif self.list.model.rowCount():
            self.list.step(0)
        self._mark()
        self._tell()
        self.checks.ask_soon()

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
        row_shown = self.reading.line(self.pane.identifier)
        found = self.checks.by_problem.get(self.pane.identifier, [])
        if row_shown is None:
            self.pane.about.say("")
            self.pane.finding.say("")
            return
        parts = [row_shown.unit, row_shown.category, row_shown.state_words, *row_shown.tags]
        self.pane.about.say("　".join(part for part in parts if part))
        count = f"要核对 {len(found)} 处：" if len(found) > 1 else "要核对："
        told = [inside(one.sentence, row_shown.number, row_shown.title) + one.advice for one in found[:12]]
        self.pane.finding.say(f"{count}{told[0]}" if told else "", "\n".join(told))

    def _mark_tabs(self) -> None:
        """The tabs in which something is still to be done."""
        facts, today, shown = self.session.ledger, self.session.today(), self.pane.identifier

        def done(found: dict[str, str]) -> None:
            if shown == self.pane.identifier:
                self.pane.mark(found)

        self.session.run(lambda _work: unfinished.marks(facts, shown, today), done)

    def _mend(self) -> None:
        """Somebody clicked on what does not add up."""
        for one in self.checks.by_problem.get(self.pane.identifier, ())[:1]:
            self.pane.show_field(one.record, one.id, one.field)

    # -- several at once ---------------------------------------------------------------------------------------------

    def _picked(self) -> None:
        count = self.list.picked_count()
        self.together.setVisible(count > 1)
        self.picked.setText(f"已选 {count} 个")
        if self.batch is not None and self.right.currentWidget() is self.batch:
            if count > 1:
                self.batch.open(self.list.picked_ids())
            else:
                self._leave_batch()

    def _pick_none(self) -> None:
        self.list.choose(self.pane.identifier, quiet=True)
        self.list.picked.emit()

    def change_many(self) -> None:
        """Ctrl+B: what is to be changed of the problems that are chosen together."""
        if self.list.picked_count() < 2:
            self.session.say("先选几个问题：Ctrl 加单击，或 Shift 加方向键；Ctrl+A 全选。")
            return
        ids = self.list.picked_ids()
        self.pane.leave()
        if self.batch is None:
            from desktop_app.gui.problem_batch_pane import BatchPane

            self.batch = BatchPane(self.session)
            self.batch.left.connect(self._leave_batch)
            self.right.addWidget(self.batch)
        self.show_table(False)
        self.batch.open(ids)
        self.right.setCurrentWidget(self.batch)
        self.batch.enter()

    def _leave_batch(self) -> None:
        self.right.setCurrentWidget(self.preview)
        self.list.view.setFocus()

    def show_table(self, on: bool) -> None:
        """Shows the list as a table over the whole page, or beside the form."""
        if self.table_button.isChecked() != on:
            self.table_button.setChecked(on)
            return
        self.list.show_table(on)
        self.right.setVisible(not on)
        if on:
            self.list.view.setFocus()

    def _enter(self) -> None:
        """The chosen problem is to be worked on."""
        self.show_table(False)
        self.right.setCurrentWidget(self.preview)
        self.pane.entry.enter()

    # -- doing -------------------------------------------------------------------------------------------------------

    def _show(self, identifier: str) -> None:
        if not self.pane.show_record(identifier):
            self.read_soon()
        self._tell()

    def show_record(self, identifier: str) -> None:
        """Shows a problem, whatever the filters say."""
        known = identifier in self.list.model.shown.places or ("problem", identifier) in self.session.drafts
        if not known and self.list.filters.look().filtered():
            self.list.filters.reset()
        self.show_table(False)
        self.right.setCurrentWidget(self.preview)
        self._show(identifier)
        self.list.choose(identifier, quiet=True)
        self.reading.also = identifier
        if self.reading.line(identifier) is None:
            self.read_soon()

    def show_narrowed(self, narrowing: Narrowing) -> None:
        """Shows the problems behind a number of another page."""
        self.show_table(False)
        self.list.choose("", quiet=True)
        self.list.filters.narrow(narrowing)
        self.list.view.setFocus()

    def new(self) -> None:
        """Begins a new problem of the shown unit, with the next number."""
        ledger = self.session.ledger
        own = ledgers.own_unit(ledger, ledger)
        unit = self.session.unit or (own.id if own is not None else None)
        number, inspection = problem_list.next_of(ledger, unit)
        start = {"unit": unit, "number": number, "inspection": self.session.inspection or inspection}
        self.show_table(False)
        self.right.setCurrentWidget(self.preview)
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
