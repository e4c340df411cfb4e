"""A paper of any kind but the notice: what it asks at the side, the pages as they will be printed, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSplitter, QStackedWidget, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from db.schema.records import SCHEMAS, Unit
from desktop_app.gui import paper_halves, preview_output
from desktop_app.gui.allowed import gate
from desktop_app.gui.issue_dialog import Asked, IssueDialog
from desktop_app.gui.measure_pane import MeasurePane
from desktop_app.gui.paper_questions import Questions
from desktop_app.gui.preview_paper import Paper, set_paper
from desktop_app.gui.preview_refresh import Refreshing
from desktop_app.gui.preview_tools import PaperTools
from desktop_app.gui.preview_view import PaperView
from desktop_app.gui.save_menu import TABLES, SaveMenu
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import Bar, TabStrip, button, column, label, row, scrolled
from desktop_app.notices import papers, spread
from desktop_app.notices.issuing import About, Prepared, prepare_kind
from desktop_app.notices.wanted import Kind, Wanted
from desktop_app.rectification import ledgers

READERS = (("公开", "public"), ("党内", "internal"), ("全部", "secret"))
"""How far those who get the paper may see."""


class PaperPage(QWidget):
    """One kind at a time. The first paper is made when the page is shown."""

    wanted = Signal(str, str)
    """Schema name and id of a record the clerk wants to change."""
    help_wanted = Signal(str)
    issued = Signal(object)
    """The papers that left the house (list of ``Issued``)."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.kind: Kind | None = None
        self.own = ""
        self.bar = Bar()
        self.view = PaperView()
        self.tools = PaperTools(self.view)
        self.units = QComboBox()
        self.units.setAccessibleName("文书的单位")
        self.units.setMinimumWidth(150)
        self.units.setMaximumWidth(260)
        self.readers = QComboBox()
        self.readers.setAccessibleName("公开还是党内")
        for words, level in READERS:
            self.readers.addItem(words, level)
        self.readers.setToolTip("公开的不印“党内通报”和“不公开”的内容，党内的不印“不公开”的内容")
        self.save_button = SaveMenu(self.save_as, lambda: self.save_as(".pdf", archive=True))
        self.issue_button = button("印发…", self.issue, "", "编上号，把印出来的样子存成印发件，以后不变")
        gate(session, "issue", self.issue_button)
        self.print_button = button("打印…", self.print, "accent", "Ctrl+P")
        self.questions = Questions(session)
        self.empty = label("", "hint", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        self.strip = TabStrip(["要求", "版面"])
        self.side = QStackedWidget()
        self.measure = MeasurePane(session)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.header = QHBoxLayout()
        self.fresh: Refreshing[Paper | None] = Refreshing(session, self, self._make, self._show, self._cannot)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        holder = QWidget()
        column(holder, (48, 24, 48, 24), 0).addWidget(self.empty)
        self.stack.addWidget(self.view)
        self.stack.addWidget(holder)
        asked = QFrame()
        asked.setProperty("role", "card")
        column(asked, (1, 1, 1, 1), 0).addWidget(scrolled(self.questions))
        self.side.addWidget(asked)
        self.side.addWidget(self.measure)
        left, right = (
            paper_halves.sheet(self.session, self.tools, self.stack),
            paper_halves.tabbed(self.strip, self.side),
        )
        paper_halves.part(self.splitter, (left, 340, 800), (right, 300, 360))
        whole = column(self, (24, 20, 24, 20), 12)
        self.header = row(self.units, self.readers, 1, self.issue_button, self.save_button, self.print_button)
        whole.addLayout(self.header)
        whole.addWidget(self.bar)
        whole.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.units.activated.connect(lambda _at: self._choose_unit())
        self.readers.activated.connect(lambda _at: self.fresh.now())
        self.questions.answered.connect(self.fresh.now)
        self.strip.chosen.connect(self.side.setCurrentIndex)
        self.view.clicked.connect(self._clicked)
        self.bar.help_wanted.connect(self.help_wanted)

    # -- which paper -----------------------------------------------------------------------------------------------------

    def show_kind(self, kind: Kind) -> None:
        """Shows another kind of paper."""
        if kind is self.kind:
            return
        self.kind = kind
        self.readers.setCurrentIndex(self.readers.findData(kind.readers))
        self._read_units()
        self.units.setVisible(kind.unit != "no")
        self.questions.ask(kind, self.unit())
        self.view.show_paper(None)
        self.fresh.stale = True
        if self.isVisible():
            self.fresh.now()

    def _read_units(self) -> None:
        ledger, kind = self.session.ledger, self.kind
        now = self.units.currentData()
        own = ledgers.own_unit(ledger, ledger)
        self.own = own.id if own is not None else ""
        self.units.clear()
        if kind is not None and kind.unit == "may":
            self.units.addItem("全部单位", "")
        for one in ledger.all(Unit):
            self.units.addItem(one.short_name or one.name or "（未命名单位）", one.id)
        wishes = (self.session.unit, now, own.id if own is not None else None)
        places = [at for wish in wishes if wish is not None and (at := self.units.findData(wish)) >= 0]
        self.units.setCurrentIndex(places[0] if places else 0)

    def unit(self) -> str:
        """The unit the paper is about, by id; "" for all."""
        return (self.units.currentData() or "") if self.kind is not None and self.kind.unit != "no" else ""

    def _choose_unit(self) -> None:
        if self.questions.records is not None:
            self.questions.records.show_unit(self.unit())
        self.fresh.now()

    def what(self) -> Wanted:
        """What is wanted now. ``Refusal`` when an answer cannot be read."""
        asked = self.questions
        return Wanted(
            day=self.session.today(),
            unit=self.unit(),
            readers=self.readers.currentData(),
            period=asked.span(),
            of=asked.chosen(),
            options=asked.options(),
            issuer=self.own,
        )

    def _make(self) -> Callable[[], Paper | None]:
        kind, ledger = self.kind, self.session.ledger
        if kind is None:
            return lambda: None
        try:
            wanted = self.what()
        except Refusal as refusal:
            return _refused(refusal)
        return lambda: set_paper(papers.made(ledger, kind, wanted))

    def _show(self, paper: Paper | None) -> None:
        self.bar.hide()
        self.view.show_paper(paper)
        self.measure.show_paper(paper)
        self.stack.setCurrentIndex(0)
        self._allow(paper is not None)
        self.save_button.offer_tables(paper is not None and spread.has_tables(paper.made.documents))

    def _cannot(self, refusal: Refusal) -> None:
        """Nothing to print, or something is still to be chosen: said where the paper would be."""
        self.view.show_paper(None)
        self.measure.show_paper(None)
        self.empty.setText(f"{refusal.sentence}\n{refusal.advice}".strip())
        self.stack.setCurrentIndex(1)
        self._allow(False)

    def _allow(self, on: bool) -> None:
        self.issue_button.setEnabled(on)
        self.save_button.setEnabled(on)
        self.print_button.setEnabled(on)

    def _clicked(self, origin: str) -> None:
        name, _, identifier = origin.partition(":")
        known = name in SCHEMAS or name in self.session.ledger.tables.records
        if known and self.session.ledger.find(name, identifier) is not None:
            self.wanted.emit(name, identifier)

    # -- the way out -----------------------------------------------------------------------------------------------------

    def _maker(self) -> preview_output.Make | None:
        kind, ledger = self.kind, self.session.ledger
        if kind is None:
            return None
        wanted = self.what()

        def make(work: Work) -> Paper:
            return set_paper(papers.made(ledger, kind, wanted), work.cancelled)

        return make

    def save_as(self, ending: str, *, archive: bool = False) -> None:
        """Asks for a file and writes the paper there."""
        make = self._maker()
        paper = self.view.paper
        if make is None or paper is None:
            return
        path = preview_output.ask_path(self, paper.document.title or (self.kind.title if self.kind else ""), ending)
        if path is None:
            return
        if ending == TABLES:
            kind, ledger, wanted = self.kind, self.session.ledger, replace(self.what(), unbroken=True)
            if kind is not None:
                preview_output.save_tables(self.session, lambda: papers.made(ledger, kind, wanted), path, self.bar.say)
        else:
            preview_output.save(self.session, make, path, self.bar.say, archive=archive)

    def issue(self) -> None:
        """Asks for number and day, and issues what is shown: every slip of a batch under a number of its own."""
        kind, ledger = self.kind, self.session.ledger
        own = ledgers.own_unit(ledger, ledger)
        if kind is None:
            return
        wanted = self.what()
        unit = ledger.get(Unit, wanted.issuer or wanted.unit) or own
        if unit is None:
            self.bar.say(Refusal("台账里还没有单位，不能印发。", "请先在“设置”里填写本单位。", "issuing"))
            return

        def prepare(asked: Asked) -> list[Prepared]:
            dated = replace(wanted, day=asked.day or wanted.day)
            about = About(unit, dated.day, publicity=wanted.readers, asked=asked.number, reason=asked.reason)
            return prepare_kind(ledger, kind, dated, about)

        dialog = IssueDialog(self.session, kind.title, wanted.day, prepare, self)
        dialog.issued.connect(self.issued)
        dialog.open()

    def print(self) -> None:
        """Asks for a printer and prints the paper."""
        make, paper = self._maker(), self.view.paper
        printer = preview_output.ask_printer(self, paper) if paper is not None else None
        if printer is not None and make is not None:
            preview_output.print_on(self.session, make, printer, self.bar.say)

    # -- what the frame calls --------------------------------------------------------------------------------------------

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        if any(name == "unit" for name, _id in outcome.touched):
            self._read_units()
        if self.questions.records is not None:
            self.questions.records.show_unit(self.unit())
        self.fresh.soon()

    def look(self) -> None:
        """Another unit, day or look was chosen in the frame."""
        self._read_units()
        self.view.viewport().update()
        self.fresh.soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fresh.look()


def _refused(refusal: Refusal) -> Callable[[], Paper | None]:
    def told() -> Paper | None:
        raise refusal

    return told
