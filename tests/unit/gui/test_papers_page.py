"""The page 通报与文书: any kind of paper is asked for, shown, saved and printed; issued papers stay as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, edit
from db.schema.records import IssuedPaper, Notice, Problem, Unit
from desktop_app import settings as machine
from desktop_app.gui import preview_output
from desktop_app.gui.issue_dialog import IssueDialog
from desktop_app.gui.papers_page import ISSUED, NOTICE, PapersPage
from desktop_app.gui.preview_paper import set_paper
from desktop_app.gui.print_dialog import PrintDialog, PrintWish
from desktop_app.gui.session import Session
from desktop_app.notices import issuing, papers, plain
from desktop_app.rectification import ledgers, sample


@pytest.fixture
def filled(home: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Session]:
    """A session on the sample."""
    ledger = ledgers.new_ledger(tmp_path / "示例.zgl", sample.unit_name(), "示例")
    sample.load(ledger, "示例")
    ledger.act(Deed("代字", "王某", tuple(edit(one, document_code="云公党") for one in ledger.all(Unit))))
    made = Session(ledger, machine.Settings(actor="王某"))
    yield made
    made.close()


@pytest.fixture
def page(filled: Session, qtbot: QtBot) -> PapersPage:
    made = PapersPage(filled)
    filled.announced.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1180, 700)
    made.show()
    return made


def shown(page: PapersPage, qtbot: QtBot) -> str:
    """The words of the paper that is shown, once it is there."""
    qtbot.waitUntil(lambda: page.view.paper is not None and not page.session.busy())
    assert page.view.paper is not None
    return plain.text(page.view.paper.document)


def test_every_kind_of_paper_is_offered_and_asks_what_it_needs(page: PapersPage) -> None:
    offered = [page.kinds.itemData(at) for at in range(page.kinds.count())]
    assert [name for name in offered if name] == list(papers.KINDS)
    assert offered[-1] == ISSUED
    for name, kind in papers.KINDS.items():
        if name == NOTICE:
            continue
        page.choose(name)
        asked = page.paper.questions
        assert set(asked.boxes) == set(kind.options)
        assert (asked.period is not None) == (kind.period != "no")
        assert (asked.records is not None) == (kind.records != "no")
        assert page.paper.units.isVisible() == (kind.unit != "no")
        assert page.paper.readers.currentData() == kind.readers, "who gets such a paper when nothing else is said"
        if kind.records == "must":
            layout = asked.layout()
            assert layout is not None
            assert asked.records is not None
            assert layout.indexOf(asked.records) == 1, "what there is no paper without is asked first"


def test_an_answer_makes_another_paper(page: PapersPage, qtbot: QtBot) -> None:
    page.choose("reminder")
    everything = shown(page, qtbot)
    assert page.view.paper is not None
    count = len(page.view.paper.made.documents)
    picker = page.paper.questions.records
    assert picker is not None
    first = page.session.ledger.all(Problem)[0]
    picker.choose([first.id])
    qtbot.waitUntil(lambda: page.view.paper is None or len(page.view.paper.made.documents) != count)
    if page.view.paper is not None:
        assert (first.title or "") in shown(page, qtbot)
    assert everything


def test_what_cannot_be_printed_is_said_where_the_paper_would_be(page: PapersPage, qtbot: QtBot) -> None:
    page.choose("ledger")
    shown(page, qtbot)
    columns = page.paper.questions.boxes["columns"]
    columns.editor.set_typed("没有这一栏")
    qtbot.waitUntil(lambda: page.paper.stack.currentIndex() == 1)
    assert page.paper.empty.text()
    assert not page.paper.print_button.isEnabled()
    columns.editor.set_typed("")
    shown(page, qtbot)
    assert page.paper.print_button.isEnabled()


def test_a_paper_is_saved_in_each_format(
    page: PapersPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.choose("problem-list")
    words = shown(page, qtbot)
    assert page.paper.save_button.tables.isVisible()
    for ending in (".pdf", ".docx", ".txt", ".xlsx"):
        save(page, tmp_path / f"清 单{ending}", monkeypatch)
        qtbot.waitUntil(lambda: not page.session.busy())
    assert words.splitlines()[0] in (tmp_path / "清 单.txt").read_text("utf-8")
    read = pypdfium2.PdfDocument((tmp_path / "清 单.pdf").read_bytes())
    assert len(read) >= 1
    read.close()
    (sheet,) = openpyxl.load_workbook(tmp_path / "清 单.xlsx").worksheets
    assert sheet["A1"].value == words.splitlines()[0]


def test_the_notice_is_saved_for_the_archive(
    page: PapersPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(page, qtbot)
    target = tmp_path / "归档.pdf"
    monkeypatch.setattr(preview_output, "ask_path", lambda *_args: target)
    page.notice.save_as(".pdf", archive=True)
    qtbot.waitUntil(lambda: target.exists() and not page.session.busy())
    assert b"pdfaid" in target.read_bytes()


def save(page: PapersPage, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saves the shown paper under this name."""
    monkeypatch.setattr(preview_output, "ask_path", lambda *_args: target)
    page.paper.save_as(target.suffix)


def test_the_notice_is_issued_and_stays_as_it_left(page: PapersPage, qtbot: QtBot) -> None:
    ledger = page.session.ledger
    shown(page, qtbot)
    page.notice.issue()
    dialog = waited(page, qtbot)
    assert "云公党〔2025〕1号" in dialog.issue_button.text()
    dialog.confirm.setChecked(True)
    dialog.issue_button.click()
    qtbot.waitUntil(lambda: page.shown is page.issued and not page.session.busy())
    (paper,) = ledger.all(IssuedPaper)
    assert paper.document_number == "云公党〔2025〕1号"
    assert ledger.get(Notice, paper.notice) is not None
    assert "云公党〔2025〕1号" in shown(page, qtbot)
    assert page.issued.table.selected() == [paper]
    assert page.issued.void_button.isEnabled()
    assert page.issued.correct_button.isEnabled()


def test_a_number_that_leaves_a_gap_is_not_given_without_a_reason(page: PapersPage, qtbot: QtBot) -> None:
    shown(page, qtbot)
    page.notice.issue()
    dialog = waited(page, qtbot)
    dialog.number.setText("5")
    qtbot.waitUntil(lambda: dialog.state.property("role") == "wrong")
    assert "空出" in dialog.state.text()
    assert not dialog.issue_button.isEnabled()
    dialog.reason.setText("前四号已在纸上发出")
    qtbot.waitUntil(lambda: bool(dialog.prepared))
    assert "5号" in dialog.issue_button.text()
    dialog.reject()


def waited(page: PapersPage, qtbot: QtBot) -> IssueDialog:
    """The dialog of issuing, when it has looked at the paper."""
    qtbot.waitUntil(lambda: page.notice.findChild(IssueDialog) is not None)
    dialog = page.notice.findChild(IssueDialog)
    assert isinstance(dialog, IssueDialog)
    qtbot.waitUntil(lambda: bool(dialog.prepared))
    return dialog


def test_copies_bear_their_numbers(page: PapersPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.choose("chasing")
    shown(page, qtbot)
    paper = page.view.paper
    assert paper is not None
    one = papers.Made(paper.made.documents[:1], paper.made.pictures)
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "三份.pdf"))
    said: list[str] = []
    page.session.said.connect(lambda words, _undo: said.append(words))
    single = set_paper(one)
    preview_output.print_on(
        page.session, lambda _work: single, PrintWish(printer, 3, 7), lambda refusal: said.append(str(refusal))
    )
    qtbot.waitUntil(lambda: bool(said))
    read = pypdfium2.PdfDocument(tmp_path / "三份.pdf")
    assert len(read) == 3 * len(single.pages.pages)
    read.close()
    numbered = set_paper(papers.numbered(one, 3, 7))
    first = [line.text for sheet in numbered.pages.pages for line in sheet.lines if line.text.startswith("00000")]
    assert first == ["000007", "000008", "000009"]


def test_the_printing_is_asked_about_in_one_place(page: PapersPage, qtbot: QtBot) -> None:
    dialog = PrintDialog("整改台账", 7, page)
    qtbot.addWidget(dialog)
    dialog.last_page.setValue(3)
    dialog.copies.setValue(2)
    wish = dialog.wish()
    assert (wish.printer.fromPage(), wish.printer.toPage()) == (1, 3)
    assert (wish.copies, wish.first) == (2, 0)
    dialog.serial.setChecked(True)
    dialog.serial_from.setValue(12)
    assert dialog.last_page.value() == 7
    assert not dialog.last_page.isEnabled()
    wish = dialog.wish()
    assert (wish.first, wish.printer.copyCount()) == (12, 1)


def test_ticks_are_found_by_pinyin_and_kept(page: PapersPage, qtbot: QtBot) -> None:
    page.choose("chasing")
    picker = page.paper.questions.records
    assert picker is not None
    assert picker.list.count() > 3
    words = picker.list.item(0).text()
    picker.search.setText(words[-4:])
    assert not picker.list.item(0).isHidden()
    picker.list.item(0).setCheckState(Qt.CheckState.Checked)
    name = picker.chosen()
    picker.show_unit(page.paper.unit())
    assert picker.chosen() == name


def issued(page: PapersPage, qtbot: QtBot) -> IssuedPaper:
    """Issues the notice as it stands."""
    ledger = page.session.ledger
    notice = ledger.all(Notice)[0]
    done = issuing.issue(ledger, issuing.prepare_notice(ledger, notice), "王某", confirmed=True)
    page.choose(ISSUED)
    shown(page, qtbot)
    return done.paper


def test_an_issued_paper_is_verified_and_held_against_the_ledger(page: PapersPage, qtbot: QtBot) -> None:
    paper = issued(page, qtbot)
    ledger = page.session.ledger
    assert page.issued.paper() == paper
    page.issued.verify()
    qtbot.waitUntil(lambda: page.issued.verdict.words.text() != "")
    assert "一个字节不差" in page.issued.verdict.words.text()
    problem = ledger.all(Problem)[0]
    ledger.act(Deed("改", "李某", (edit(problem, title="改过的名称"),)))
    page.issued.verify()
    qtbot.waitUntil(lambda: "改过的名称" in page.issued.verdict.words.text())
    assert "！" in page.issued.verdict.head.text()
    page.issued.compare()
    qtbot.waitUntil(lambda: "改过的名称" in shown(page, qtbot))
    paper_shown = page.view.paper
    assert paper_shown is not None
    marks = {p.change for sheet in paper_shown.pages.pages for line in sheet.lines for p in line.pieces}
    assert {"added", "removed"} <= marks


def test_a_batch_of_slips_is_issued_at_once(page: PapersPage, qtbot: QtBot) -> None:
    page.choose("assignment")
    shown(page, qtbot)
    count = len(page.view.paper.made.documents) if page.view.paper is not None else 0
    assert count > 1
    page.paper.issue()
    qtbot.waitUntil(lambda: page.paper.findChild(IssueDialog) is not None)
    dialog = page.paper.findChild(IssueDialog)
    assert isinstance(dialog, IssueDialog)
    qtbot.waitUntil(lambda: bool(dialog.prepared))
    assert f"共 {count} 份" in dialog.state.text()
    dialog.confirm.setChecked(True)
    dialog.issue_button.click()
    qtbot.waitUntil(lambda: page.shown is page.issued and not page.session.busy())
    assert len(page.session.ledger.all(IssuedPaper)) == count
    assert len(page.issued.table.rows) == count


def test_a_withdrawn_paper_says_so(page: PapersPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    issued(page, qtbot)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args: ("印错了", True))
    page.issued.void()
    qtbot.waitUntil(lambda: page.issued.table.became(page.issued.table.rows[0]) == "已作废")
    assert not page.issued.void_button.isEnabled()
    assert not page.issued.correct_button.isEnabled()


def test_the_finished_file_is_measured_beside_the_paper(page: PapersPage, qtbot: QtBot) -> None:
    shown(page, qtbot)
    page.notice.strip.choose(2)
    pane = page.notice.measure
    qtbot.waitUntil(lambda: pane.tree.topLevelItemCount() > 10)
    assert "不合格0项" in pane.summary.text()
    items = [pane.tree.topLevelItem(at) for at in range(pane.tree.topLevelItemCount())]
    names = [item.text(0) for item in items if item is not None]
    assert any(name.startswith("✓") for name in names)
    assert not any(name.startswith("✗") for name in names)
