"""The page 通报: the notice of a unit as it will be printed, what stands against it, its own texts, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QSplitter, QStackedWidget, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from db.schema.records import SCHEMAS, Notice, Unit
from desktop_app.gui import paper_halves, preview_output
from desktop_app.gui.allowed import gate
from desktop_app.gui.issue_dialog import Asked, IssueDialog
from desktop_app.gui.measure_pane import MeasurePane
from desktop_app.gui.preview_pane import PreviewPane
from desktop_app.gui.preview_paper import Paper, notice_paper
from desktop_app.gui.preview_refresh import Refreshing
from desktop_app.gui.preview_side import ChecksPane
from desktop_app.gui.preview_tools import PaperTools
from desktop_app.gui.preview_view import PaperView
from desktop_app.gui.record_pane import RecordPane
from desktop_app.gui.save_menu import SaveMenu
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import Bar, TabStrip, button, column, row, set_role
from desktop_app.notices import missing, spread
from desktop_app.notices.begin import begin_notice
from desktop_app.notices.issuing import Prepared, prepare_notice
from desktop_app.rectification import ledgers

__all__ = ["NoticePage", "PreviewPane"]

TABS = (("chapter", "章节"), ("next_step", "下一步"), ("unread_text", "待核对"))
CHECKS, TEXTS = 0, 1
"""The tabs at the side."""


class NoticePage(QWidget):
    """One unit's notice."""

    wanted = Signal(str, str)
    """Schema name and id of a record the clerk wants to change."""
    help_wanted = Signal(str)
    issued = Signal(object)
    """The papers that left the house (list of ``Issued``)."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.notice = ""
        """The notice that was asked for by id; "": the unit's latest."""
        self.bar = Bar()
        self.view = PaperView()
        self.tools = PaperTools(self.view)
        self.units = QComboBox()
        self.publicity = QComboBox()
        self.print_button = button("打印…", self.print, "accent", "Ctrl+P")
        self.save_button = SaveMenu(self.save_as, lambda: self.save_as(".pdf", archive=True))
        self.issue_button = button("印发…", self.issue, "", "编发文字号，把这份通报存成印发件")
        self.checks = ChecksPane()
        self.pane = RecordPane(session, SCHEMAS["notice"], tabs=TABS, hidden=("tree",), folded=("印文",), first="文字")
        self.draft_button = button("起草通报", self.draft, "accent", "把预览里的默认文字存成可以修改的通报")
        gate(session, "issue", self.issue_button)
        gate(session, "write", self.draft_button)
        self.measure = MeasurePane(session)
        self.strip = TabStrip(["核对", "内容", "版面"])
        self.side = QStackedWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.fresh: Refreshing[Paper | None] = Refreshing(session, self, self._make, self._show, self._cannot)
        self._lay_out()
        self._connect()
        self._read_units()

    def _lay_out(self) -> None:
        self.units.setAccessibleName("通报的单位")
        self.units.setMinimumWidth(150)
        self.units.setMaximumWidth(260)
        self.publicity.setAccessibleName("公开还是党内")
        self.publicity.addItem("公开通报", False)
        self.publicity.addItem("党内通报", True)
        self.publicity.setToolTip("公开通报不印“党内通报”和“不公开”的内容，编号重新排")
        holder = QWidget()
        inner = column(holder, (0, 0, 0, 0), 12)
        inner.addWidget(self.draft_button, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.pane, 1)
        self.side.addWidget(self.checks)
        self.side.addWidget(holder)
        self.side.addWidget(self.measure)
        left, right = (
            paper_halves.sheet(self.session, self.tools, self.view),
            paper_halves.tabbed(self.strip, self.side),
        )
        paper_halves.part(self.splitter, (left, 340, 720), (right, 340, 460))
        whole = column(self, (24, 20, 24, 20), 12)
        self.header = row(self.units, self.publicity, 1, self.issue_button, self.save_button, self.print_button)
        whole.addLayout(self.header)
        whole.addWidget(self.bar)
        whole.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.units.activated.connect(lambda _at: self._choose_unit())
        self.publicity.activated.connect(lambda _at: self.fresh.now())
        self.view.clicked.connect(self._clicked)
        self.checks.wanted.connect(self.wanted)
        self.strip.chosen.connect(self._turn)
        self.bar.help_wanted.connect(self.help_wanted)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _read_units(self) -> None:
        """The units again; the chosen one stays, else the frame's, else one that has a notice, else the ledger's own."""
        ledger = self.session.ledger
        units = ledger.all(Unit)
        now = self.units.currentData()
        own = ledgers.own_unit(ledger, ledger)
        notices = {n.unit: n for n in reversed(ledger.all(Notice))}
        with_notice = own.id if own is not None and own.id in notices else next(iter(notices), None)
        known = {one.id for one in units}
        wishes = (self.session.unit, now, with_notice, own.id if own else None)
        self.units.clear()
        for one in units:
            self.units.addItem(one.short_name or one.name or "（未命名单位）", one.id)
        wanted = next((one for one in wishes if one in known), None)
        self.units.setCurrentIndex(max(0, self.units.findData(wanted)))

    def unit(self) -> Unit | None:
        """The unit whose notice is shown."""
        return self.session.ledger.get(Unit, self.units.currentData())

    def _choose_unit(self) -> None:
        self.notice = ""
        self.view.marked = ""
        if self.session.unit is not None:
            self.session.choose_unit(self.units.currentData())
        self.fresh.now()

    def _make(self) -> Callable[[], Paper | None]:
        ledger, unit, today = self.session.ledger, self.unit(), self.session.today()
        internal, notice = bool(self.publicity.currentData()), self.notice
        return lambda: notice_paper(ledger, unit, today, internal=internal, notice=notice) if unit else None

    def _show(self, paper: Paper | None) -> None:
        self.bar.hide()
        self.view.show_paper(paper)
        self.measure.show_paper(paper)
        for one in (self.print_button, self.save_button):
            one.setEnabled(paper is not None)
        self.issue_button.setEnabled(paper is not None and bool(paper.notice.id) and paper.notice.state != "issued")
        self.save_button.offer_tables(paper is not None and spread.has_tables((paper.document,)))
        self.checks.show_findings(paper.findings if paper else (), paper.lacking if paper else ())
        self.strip.count(CHECKS, len(paper.findings) if paper else 0)
        self._show_texts(paper)

    def _show_texts(self, paper: Paper | None) -> None:
        identifier = paper.notice.id if paper is not None else ""
        self.draft_button.setVisible(paper is not None and not identifier)
        self.pane.setVisible(bool(identifier))
        if identifier and not self.pane.show_record(identifier):
            self.pane.clear()

    def _cannot(self, refusal: Refusal) -> None:
        self.bar.say(refusal)
        unit = self.unit()
        if refusal.topic == "fonts" and unit is not None:  # where are the characters that cannot be printed?
            ledger, name = self.session.ledger, unit.id
            self.session.run(lambda _work: missing.findings(ledger, name), self.checks.show_findings)

    def _turn(self, tab: int) -> None:
        self.side.setCurrentIndex(tab)
        set_role(self.print_button, "accent" if tab != TEXTS else "")

    def _clicked(self, origin: str) -> None:
        name, _, identifier = origin.partition(":")
        if name in SCHEMAS and self.session.ledger.find(name, identifier) is not None:
            self.wanted.emit(name, identifier)

    # -- doing -----------------------------------------------------------------------------------------------------------

    def draft(self) -> None:
        """The default words become a notice of the ledger."""
        unit, ledger, actor = self.unit(), self.session.ledger, self.session.actor()
        if unit is not None:
            self.session.do(lambda: begin_notice(ledger, unit, actor)[1], None, self._cannot)

    def save_as(self, ending: str, *, archive: bool = False) -> None:
        """Asks for a file and writes the notice there."""
        paper = self.view.paper
        path = preview_output.ask_path(self, paper.document.title, ending) if paper is not None else None
        if path is not None:
            self._when_saved(lambda make: preview_output.save(self.session, make, path, self._cannot, archive=archive))

    def print(self) -> None:
        """Asks for a printer and prints the notice."""
        paper = self.view.paper
        printer = preview_output.ask_printer(self, paper) if paper is not None else None
        if printer is not None:
            self._when_saved(lambda make: preview_output.print_on(self.session, make, printer, self._cannot))

    def issue(self) -> None:
        """Asks for number and day, and issues the notice."""
        paper = self.view.paper
        if paper is None or not paper.notice.id or not self.pane.save():
            return
        self.session.do(
            Outcome, lambda _outcome: self._issue(paper.notice.id), act=None
        )  # after what was saved just now

    def _issue(self, identifier: str) -> None:
        ledger, internal = self.session.ledger, bool(self.publicity.currentData())
        notice = ledger.get(Notice, identifier)
        if notice is None:
            return

        def prepare(asked: Asked) -> list[Prepared]:
            dated = replace(notice, issued=asked.day or notice.issued)
            return [prepare_notice(ledger, dated, internal=internal, asked=asked.number, reason=asked.reason)]

        day = notice.issued or self.session.today()
        dialog = IssueDialog(self.session, notice.title or "通报", day, prepare, self)
        dialog.issued.connect(self.issued)
        dialog.open()

    def _when_saved(self, then: Callable[[preview_output.Make], object]) -> None:
        """What leaves holds what is typed: texts of this page are saved first, then the paper is made anew."""
        unit = self.unit()
        if unit is None or not self.pane.save():
            return
        ledger, today = self.session.ledger, self.session.today()
        internal, notice = bool(self.publicity.currentData()), self.notice

        def saved(_outcome: Outcome) -> None:
            then(lambda _work: notice_paper(ledger, unit, today, internal=internal, notice=notice))

        # deeds are done one after the other, so this one that does nothing ends when the saving has
        self.session.do(Outcome, saved, act=None)

    # -- what the frame calls ------------------------------------------------------------------------------------------

    def show_record(self, identifier: str) -> None:
        """Shows a notice and its texts."""
        notice = self.session.ledger.get(Notice, identifier)
        if notice is None:
            return
        if self.session.unit is not None and self.session.unit != notice.unit:
            self.session.choose_unit(notice.unit)
        self._read_units()
        self.units.setCurrentIndex(max(0, self.units.findData(notice.unit)))
        self.notice = identifier
        self.pane.show_record(identifier)
        self.pane.show()
        self.strip.choose(TEXTS)
        self.fresh.now()

    def save(self) -> bool:
        """Ctrl+S."""
        return self.pane.save()

    def add_part(self) -> None:
        """Ctrl+Shift+N."""
        self.pane.add_part()

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        if any(name == "unit" for name, _id in outcome.touched):
            self._read_units()
        self.pane.hear(outcome)
        self.fresh.soon()

    def look(self) -> None:
        """Another unit, day or look was chosen in the frame."""
        self._read_units()
        self.view.viewport().update()
        self.fresh.soon()

    def arrive(self) -> None:
        """The page is shown."""
        self.fresh.look()

    def leave(self) -> None:
        """Another page will be shown."""
        self.pane.leave()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fresh.look()
