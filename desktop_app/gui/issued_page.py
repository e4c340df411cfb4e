"""What was issued: every paper under its number, as it left the house; what has changed since; corrected, withdrawn, compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QInputDialog, QSplitter, QStackedWidget, QWidget

from db.errors import Refusal
from db.ledger.change import Outcome
from db.ledger.facts import Facts
from db.schema.records import IssuedPaper, Notice
from db.store.faults import translated
from desktop_app import pdfium
from desktop_app.gui import paper_halves, preview_output
from desktop_app.gui.allowed import gate
from desktop_app.gui.issued_list import IssuedTable
from desktop_app.gui.preview_paper import Paper, set_paper
from desktop_app.gui.preview_tools import PaperTools
from desktop_app.gui.preview_view import PaperView
from desktop_app.gui.save_menu import SaveMenu
from desktop_app.gui.session import Session, Work
from desktop_app.gui.verdict_pane import VerdictPane, VerifyMenu
from desktop_app.gui.widgets import Bar, button, column, label, row
from desktop_app.notices import comparing, kept, recomposing, spread, verdict_words, verifying
from desktop_app.notices.page import Page, Pages
from desktop_app.notices.papers import Made
from desktop_app.notices.tree import Document
from desktop_app.notices.verifying import Verdict
from desktop_app.rectification import issued

EMPTY = "还没有印发过文书。在通报页上点“印发…”，编上发文字号，印发的内容就存在这里，以后不会变。"


def as_issued(facts: Facts, paper: IssuedPaper) -> Paper:
    """The stored file and words of an issued paper, for the view: nothing of it is typeset again."""
    data, document = kept.file_of(facts, paper), recomposing.words_of(facts, paper)
    with pdfium.opened(data) as read:
        sizes = [read.get_page_size(at) for at in range(len(read))]
    pages = Pages(tuple(Page(at, (), turned=wide > high) for at, (wide, high) in enumerate(sizes, start=1)), ())
    return Paper(document, pages, data, Notice(), made=Made((document,)))


def _bytes(path: Path) -> bytes:
    with translated(path):
        return path.read_bytes()


def _between(facts: Facts, old: IssuedPaper, new: IssuedPaper) -> Document:
    before, after = recomposing.words_of(facts, old), recomposing.words_of(facts, new)
    return comparing.compared(before, after, names=(issued.called(old), issued.called(new)))


def _since(facts: Facts, paper: IssuedPaper) -> Document:
    before = recomposing.words_of(facts, paper)
    after = recomposing.composed_now(facts, paper, before)
    return comparing.compared(before, after, names=(issued.called(paper), "现在的台账"))


class IssuedPage(QWidget):
    """The table above, the file below it or beside it."""

    wanted = Signal(str, str)
    """Schema name and id of a record the clerk wants to change."""
    help_wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.bar = Bar()
        self.table = IssuedTable()
        self.view = PaperView()
        self.tools = PaperTools(self.view)
        self.verify_button = VerifyMenu(self.verify, self.verify_file, self.verify_code)
        self.compare_button = button(
            "比较", self.compare, "", "选一份：与现在的台账对照；按住 Ctrl 选两份：一份对另一份"
        )
        self.verdict = VerdictPane()
        self.correct_button = button("起草更正", self.correct, "", "照原文起草一份新的，改好以后另编号印发")
        self.void_button = button("作废…", self.void, "", "这个字号不再使用，写明理由")
        gate(session, "issue", self.void_button)
        gate(session, "write", self.correct_button)
        self.save_button = SaveMenu(self.save_as)
        self.print_button = button("打印…", self.print, "accent", "Ctrl+P")
        self.empty = label(EMPTY, "hint", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.header = QHBoxLayout()
        self.body = QStackedWidget()
        self._turn = 0
        self._make: Callable[[Work], Paper] | None = None
        """Makes the shown paper again: an issued one, or a comparison."""
        self._lay_out()
        self.table.picked.connect(self._chosen)
        self.bar.help_wanted.connect(self.help_wanted)

    def _lay_out(self) -> None:
        left, right = QFrame(), paper_halves.sheet(self.session, self.tools, self.view)
        left.setProperty("role", "card")
        upper = column(left, (1, 1, 1, 1), 0)
        upper.addWidget(self.table, 1)
        upper.addWidget(self.verdict)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        paper_halves.part(splitter, (left, 300, 520), (right, 300, 560))
        holder = QFrame()
        holder.setProperty("role", "card")
        column(holder, (48, 24, 48, 24), 0).addWidget(self.empty)
        for page in (splitter, holder):
            self.body.addWidget(page)
        whole = column(self, (24, 20, 24, 20), 12)
        self.header = row(
            1,
            self.verify_button,
            self.compare_button,
            self.correct_button,
            self.void_button,
            self.save_button,
            self.print_button,
        )
        whole.addLayout(self.header)
        whole.addWidget(self.bar)
        whole.addWidget(self.body, 1)

    # -- what is shown ---------------------------------------------------------------------------------------------------

    def read(self, choose: str = "") -> None:
        """The papers again; ``choose`` is the id of the one to be shown."""
        unit = self.session.unit
        found = self.session.ledger.all(IssuedPaper, **({"unit": unit} if unit else {}))
        self.body.setCurrentIndex(0 if found else 1)
        with QSignalBlocker(self.table):
            self.table.show_papers(found)
            if choose:
                self.table.choose(lambda one: one.id == choose)
        self._chosen()

    def paper(self) -> IssuedPaper | None:
        """The chosen paper, when it is one."""
        found = self.table.selected()
        return found[0] if len(found) == 1 else None

    def _chosen(self) -> None:
        paper = self.paper()
        there = paper is not None and paper.tree is not None
        self.correct_button.setEnabled(there and paper is not None and bool(paper.notice) and not paper.void_reason)
        self.void_button.setEnabled(paper is not None and not paper.void_reason)
        self.verdict.hide()
        self.compare_button.setEnabled(there or len(self._two()) == 2)
        ledger = self.session.ledger
        self._show(None if paper is None or not there else lambda _work: as_issued(ledger, paper))

    def _show(self, make: Callable[[Work], Paper] | None) -> None:
        """Shows what this makes."""
        self._turn += 1
        turn, self._make = self._turn, make
        for one in (self.save_button, self.print_button):
            one.setEnabled(make is not None)
        if make is None:
            self.view.show_paper(None)
            return

        def done(shown: Paper) -> None:
            if turn == self._turn:
                self.bar.hide()
                self.view.show_paper(shown)
                self.save_button.offer_tables(spread.has_tables((shown.document,)))

        self.session.run(make, done, self._cannot)

    def _two(self) -> list[IssuedPaper]:
        """The two chosen papers, the older one first."""
        found = [one for one in self.table.selected() if one.tree is not None]
        return sorted(found, key=lambda one: (f"{one.day}", one.number or 0)) if len(found) == 2 else []

    def _cannot(self, refusal: Refusal) -> None:
        self.view.show_paper(None)
        self.bar.say(refusal)

    # -- doing -----------------------------------------------------------------------------------------------------------

    def correct(self) -> None:
        """Begins a correction and shows it."""
        paper, ledger, actor = self.paper(), self.session.ledger, self.session.actor()
        if paper is None:
            return
        begun: list[str] = []

        def deed() -> Outcome:
            identifier, outcome = issued.correction(ledger, paper, actor)
            begun.append(identifier)
            return outcome

        self.session.do(deed, lambda _outcome: self.wanted.emit("notice", begun[0]), self.bar.say)

    def void(self) -> None:
        """Asks for the reason and withdraws the paper."""
        paper, ledger, actor = self.paper(), self.session.ledger, self.session.actor()
        if paper is None:
            return
        reason, given = QInputDialog.getText(self, "作废", f"{issued.called(paper)}为什么作废：")
        if given:
            today = self.session.today()
            self.session.do(
                lambda: issued.void(ledger, paper, reason, actor, day=today), None, self.bar.say, act="issue"
            )

    def compare(self) -> None:
        """Two papers in one, what was added and removed marked; one paper with what the ledger would print now."""
        two, paper, ledger = self._two(), self.paper(), self.session.ledger
        if two:
            self._show(lambda _work: set_paper(Made((_between(ledger, *two),))))
        elif paper is not None:
            self._show(lambda _work: set_paper(Made((_since(ledger, paper),))))

    def verify(self) -> None:
        """Looks whether the chosen paper still says what the ledger says, and whether its file was kept well."""
        paper, ledger = self.paper(), self.session.ledger
        if paper is not None:
            self._judge(lambda _work: verifying.verify_file(ledger, kept.file_of(ledger, paper)))

    def verify_file(self) -> None:
        """Asks for a file and looks whether it is ours and unchanged."""
        name, _filter = QFileDialog.getOpenFileName(self, "核验哪个文件", "", "PDF 文件 (*.pdf)")
        if name:
            ledger, path = self.session.ledger, Path(name)
            self._judge(lambda _work: verifying.verify_file(ledger, _bytes(path)))

    def verify_code(self) -> None:
        """Asks for the code printed on a paper."""
        typed, given = QInputDialog.getText(self, "核验印发码", "照着纸上的印发码输入：")
        if given and typed.strip():
            ledger = self.session.ledger
            self._judge(lambda _work: verifying.verify_code(ledger, typed))

    def _judge(self, job: Callable[[Work], Verdict]) -> None:
        ledger = self.session.ledger

        def told(work: Work) -> tuple[bool, list[str]]:
            found = job(work)
            return found.clean, verdict_words.told(ledger, found)

        self.verdict.wait()
        self.session.run(told, lambda result: self.verdict.tell(*result), self._unjudged)

    def _unjudged(self, refusal: Refusal) -> None:
        self.verdict.hide()
        self.bar.say(refusal)

    def save_as(self, ending: str) -> None:
        """Asks for a file and writes the paper there: the PDF is the very file that was issued."""
        make, shown = self._make, self.view.paper
        if make is None or shown is None:
            return
        path: Path | None = preview_output.ask_path(self, shown.document.title or "文书", ending)
        if path is not None:
            preview_output.save(self.session, make, path, self.bar.say)

    def print(self) -> None:
        """Asks for a printer and prints the file that was issued."""
        make, shown = self._make, self.view.paper
        printer = preview_output.ask_printer(self, shown, serials=False) if shown is not None else None
        if make is not None and printer is not None:
            preview_output.print_on(self.session, make, printer, self.bar.say)

    # -- what the page around it calls -----------------------------------------------------------------------------------

    def hear(self, outcome: Outcome) -> None:
        """Somebody did something."""
        if any(name == "issued_paper" for name, _id in outcome.touched):
            self.read()

    def look(self) -> None:
        """Another unit, day or look was chosen in the frame."""
        self.read()
