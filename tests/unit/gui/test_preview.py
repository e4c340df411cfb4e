"""The preview: words on the pages lead to their records, the paper follows the ledger, what leaves is what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import old_papers
import pypdfium2
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, create, edit
from db.schema.records import Chapter, Measure, Notice, Problem, Unit
from desktop_app.gui import intake_reading, preview_output, preview_print
from desktop_app.gui.preview import CHECKS, TEXTS, NoticePage
from desktop_app.gui.preview_fold import PreviewFold
from desktop_app.gui.preview_layout import Layout, boxes
from desktop_app.gui.preview_pane import PreviewPane
from desktop_app.gui.preview_paper import (
    SHEET,
    Paper,
    boxes_of,
    file_name,
    notice_paper,
    origin_at,
    passage_paper,
    shown_box,
)
from desktop_app.gui.session import Session
from desktop_app.notices import plain
from desktop_app.notices.begin import begin_notice

TODAY = date(2021, 11, 20)


@pytest.fixture
def filled(session: Session, tmp_path: Path) -> Session:
    """A session whose ledger holds the invented notice."""
    found = intake_reading.read_all(session.ledger, [old_papers.write(tmp_path)]).readings
    intake_reading.enter_all(session.ledger, found, "王某")
    return session


@pytest.fixture
def paper(filled: Session) -> Paper:
    return notice_paper(filled.ledger, filled.ledger.all(Unit)[0], TODAY)


def middle(paper: Paper, number: int, part: str) -> tuple[float, float]:
    """The middle of the first line of a page that holds these words."""
    line = next(line for line in paper.pages.pages[number].lines if part in line.text)
    return (line.left + line.right) / 2, SHEET.bottom - line.y - 5


# -- the paper ---------------------------------------------------------------------------------------------------------


def test_words_lead_to_the_record_they_come_from(filled: Session, paper: Paper) -> None:
    measure = next(m for m in filled.ledger.all(Measure) if m.lead == "统一派车。")
    assert origin_at(paper, 0, *middle(paper, 0, "每月公示车辆里程")) == f"measure:{measure.id}"
    notice = filled.ledger.all(Notice)[0]
    assert origin_at(paper, 0, *middle(paper, 0, "东湖分局党组")) == f"notice:{notice.id}"
    assert origin_at(paper, 0, 5, 5) == ""


def test_every_word_of_a_record_is_in_one_of_its_boxes(paper: Paper) -> None:
    for number, one in enumerate(paper.pages.pages):
        for line in one.lines:
            for piece in line.pieces:
                if piece.origin and piece.xs:
                    found = [b for n, b in boxes_of(paper, piece.origin) if n == number]
                    y = SHEET.bottom - line.y - 1
                    assert any(b.left <= piece.xs[0] <= b.right and b.top <= y <= b.bottom for b in found)


def test_a_passage_is_shown_without_the_sheet_around_it(filled: Session) -> None:
    problem = filled.ledger.all(Problem)[0]
    found = passage_paper(filled.ledger, problem.id)
    assert found is not None
    box = shown_box(found, 0)
    assert box.bottom - box.top < SHEET.bottom / 2
    assert "统一派车" not in plain.text(found.document)
    for line in found.pages.pages[0].lines:
        if line.kind != "number":
            assert box.left < line.left
            assert line.right < box.right
            assert box.top < SHEET.bottom - line.y < box.bottom


def test_a_problem_that_is_not_there_has_no_passage(filled: Session) -> None:
    assert passage_paper(filled.ledger, "nowhere") is None


@pytest.mark.parametrize(
    ("title", "name"), [("关于“整改”的通报", "关于“整改”的通报.pdf"), ('a/b\\c:*?"<>|', "abc.pdf"), (" . ", "通报.pdf")]
)
def test_a_title_becomes_a_name_every_system_takes(title: str, name: str) -> None:
    assert file_name(title, ".pdf") == name


def test_the_layout_finds_the_words_it_shows(paper: Paper) -> None:
    layout = Layout(boxes(paper), 1.5, 1200)
    origin = next(p.origin for line in paper.pages.pages[0].lines for p in line.pieces if p.origin)
    number, box = next(iter(boxes_of(paper, origin)))
    assert layout.origin(paper, layout.placed(number, box).center()) == origin
    rects = layout.rects()
    assert rects[-1].bottom() < layout.height
    assert [layout.page_at(r.center().y()) for r in rects] == list(range(len(rects)))


# -- the way out -------------------------------------------------------------------------------------------------------


def printer(target: Path) -> QPrinter:
    made = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(target))
    preview_print.prepare(made, "通报")
    return made


def test_printing_gives_every_page_where_the_paper_has_it(paper: Paper, tmp_path: Path, qtbot: QtBot) -> None:
    target = tmp_path / "印 出.pdf"
    told: list[tuple[int, int]] = []
    count = preview_print.print_pages(paper.data, printer(target), lambda done, total: told.append((done, total)))
    assert count == len(paper.pages.pages) == len(told)
    pages = pypdfium2.PdfDocument(target), pypdfium2.PdfDocument(paper.data)
    assert len(pages[0]) == count
    ink = [_ink(document[0]) for document in pages]
    assert all(abs(a - b) <= 2 for a, b in zip(*ink, strict=True))
    for document in pages:
        document.close()


def _ink(page: pypdfium2.PdfPage) -> tuple[int, int, int, int]:
    """Where the ink of a page begins and ends, in points."""
    image = page.render(scale=1).to_pil().convert("L").point(lambda dot: 255 if dot < 160 else 0)
    found = image.getbbox()
    assert found is not None
    left, top, right, bottom = found
    return left, top, right, bottom


def test_only_the_chosen_pages_are_printed(paper: Paper, tmp_path: Path, qtbot: QtBot) -> None:
    made = printer(tmp_path / "x.pdf")
    made.setPrintRange(QPrinter.PrintRange.PageRange)
    made.setFromTo(2, 2)
    assert preview_print.wanted_pages(made, 3) == [1]
    made.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    made.setPrintRange(QPrinter.PrintRange.AllPages)
    assert preview_print.wanted_pages(made, 3) == [2, 1, 0]


def test_a_printer_that_does_not_take_it_is_said(paper: Paper, tmp_path: Path, qtbot: QtBot) -> None:
    with pytest.raises(Refusal, match="没有接受"):
        preview_print.print_pages(paper.data, printer(tmp_path / "nowhere" / "x.pdf"))


def test_saved_files_hold_what_is_shown(filled: Session, paper: Paper, tmp_path: Path, qtbot: QtBot) -> None:
    said: list[str] = []
    refusals: list[Refusal] = []
    filled.said.connect(lambda words, _undoable: said.append(words))
    for name in ("通 报.pdf", "通 报.txt"):
        preview_output.save(filled, lambda _work: paper, tmp_path / name, refusals.append)
    qtbot.waitUntil(lambda: not filled.busy())
    assert (tmp_path / "通 报.pdf").read_bytes() == paper.data
    assert (tmp_path / "通 报.txt").read_text("utf-8") == plain.text(paper.document, indent=True)
    assert (len(said), refusals) == (2, [])


def test_a_folder_that_is_not_there_is_said(filled: Session, paper: Paper, tmp_path: Path, qtbot: QtBot) -> None:
    refusals: list[Refusal] = []
    preview_output.save(filled, lambda _work: paper, tmp_path / "没有" / "x.pdf", refusals.append)
    qtbot.waitUntil(lambda: not filled.busy())
    assert "x.pdf" in str(refusals[0]) or "没有" in str(refusals[0])


# -- drafting ----------------------------------------------------------------------------------------------------------


def test_the_drafted_notice_prints_what_the_preview_showed(session: Session) -> None:
    ledger = session.ledger
    unit = ledger.all(Unit)[0]
    ledger.act(
        Deed(
            "填写", "王某", (edit(unit, phones=("0510-1",), address="某市"), create(Problem, unit=unit.id, title="甲"))
        )
    )
    unit = ledger.all(Unit)[0]
    before = plain.text(notice_paper(ledger, unit, TODAY).document)
    identifier, outcome = begin_notice(ledger, unit, "王某")
    after = notice_paper(ledger, unit, TODAY)
    assert after.notice.id == identifier
    steps = next(c for c in ledger.all(Chapter) if c.role == "next_steps")
    assert plain.text(after.document).replace(f"二、{steps.title}\n", "") == before
    ledger.undo("王某", outcome.deed)
    assert ledger.count(Notice) == 0


# -- the widgets -------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(filled: Session, qtbot: QtBot) -> Iterator[NoticePage]:
    made = NoticePage(filled)
    qtbot.addWidget(made)
    filled.announced.connect(made.hear)
    filled.looked.connect(made.look)
    made.resize(1200, 760)
    made.show()
    settle(filled, qtbot, made)
    yield made
    qtbot.waitUntil(lambda: not filled.busy())


def settle(session: Session, qtbot: QtBot, page: NoticePage) -> None:
    qtbot.waitUntil(lambda: page.view.paper is not None and not page.fresh.stale and not session.busy())


def test_the_page_shows_the_notice_and_draws_it(page: NoticePage, qtbot: QtBot) -> None:
    assert page.view.paper is not None
    assert page.units.currentText() == "东湖分局"
    qtbot.waitUntil(page.view.images.complete)
    image = page.view.viewport().grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(40, image.width() - 40, 3) for y in range(30, 400, 3)}
    assert "#ffffff" in colours
    assert any(int(name[1:3], 16) < 90 for name in colours), "no ink"


def test_a_deed_is_followed_and_the_place_kept(page: NoticePage, qtbot: QtBot) -> None:
    session = page.session
    page.view.enlarge(2.0)
    page.view.verticalScrollBar().setValue(333)
    problem = session.ledger.all(Problem)[1]
    session.do(lambda: session.ledger.act(Deed("改", "王某", (edit(problem, title="车辆账目不清"),))))
    settle(session, qtbot, page)
    qtbot.waitUntil(lambda: page.view.paper is not None and "车辆账目不清" in plain.text(page.view.paper.document))
    assert page.view.verticalScrollBar().value() == 333


def test_a_click_on_words_asks_for_their_record(page: NoticePage, qtbot: QtBot) -> None:
    measure = next(m for m in page.session.ledger.all(Measure) if m.lead == "统一派车。")
    view = page.view
    assert view.reveal(f"measure:{measure.id}")
    assert view.paper is not None
    number, box = next(iter(boxes_of(view.paper, f"measure:{measure.id}")))
    place = view.layout_now().placed(number, box).center() - QPointF(0, view.verticalScrollBar().value())
    assert view.origin_under(place) == f"measure:{measure.id}"
    with qtbot.waitSignal(page.wanted) as wanted:
        view.clicked.emit(view.origin_under(place))
    assert wanted.args == ["measure", measure.id]


def test_the_internal_notice_holds_what_the_public_one_leaves_out(page: NoticePage, qtbot: QtBot) -> None:
    session = page.session
    problem = session.ledger.all(Problem)[0]
    session.do(lambda: session.ledger.act(Deed("改", "王某", (edit(problem, publicity="internal"),))))
    title = problem.title or ""
    qtbot.waitUntil(lambda: page.view.paper is not None and title not in plain.text(page.view.paper.document))
    page.publicity.setCurrentIndex(1)
    page.publicity.activated.emit(1)
    qtbot.waitUntil(lambda: page.view.paper is not None and title in plain.text(page.view.paper.document))


def test_findings_stand_beside_the_paper_errors_first(page: NoticePage, qtbot: QtBot) -> None:
    assert page.checks.findings
    order = ["error", "warning", "note"]
    ranks = [order.index(one.severity) for one in page.checks.findings]
    assert ranks == sorted(ranks)
    at = next(n for n, one in enumerate(page.checks.findings) if one.id)
    with qtbot.waitSignal(page.wanted) as wanted:
        page.checks.list.itemClicked.emit(page.checks.list.item(at))
    assert wanted.args == [page.checks.findings[at].record, page.checks.findings[at].id]


def test_asking_for_a_notice_shows_its_texts(page: NoticePage, qtbot: QtBot) -> None:
    notice = page.session.ledger.all(Notice)[0]
    page.show_record(notice.id)
    settle(page.session, qtbot, page)
    assert page.strip.current == TEXTS
    assert page.pane.identifier == notice.id
    assert page.print_button.property("role") == ""
    page.strip.choose(CHECKS)
    assert page.print_button.property("role") == "accent"


def test_a_unit_without_a_notice_can_draft_one(page: NoticePage, qtbot: QtBot) -> None:
    session = page.session
    other = create(Unit, name="某市公安局西山分局", short_name="西山分局")
    session.do(lambda: session.ledger.act(Deed("加", "王某", (other,))))
    qtbot.waitUntil(lambda: page.units.findData(other.id) >= 0)
    page.units.setCurrentIndex(page.units.findData(other.id))
    page.units.activated.emit(page.units.currentIndex())
    settle(session, qtbot, page)
    page.strip.choose(TEXTS)
    assert page.draft_button.isVisible()
    page.draft_button.click()
    qtbot.waitUntil(lambda: page.pane.identifier != "" and page.pane.isVisible())
    assert [n.unit for n in session.ledger.all(Notice, unit=other.id)] == [other.id]
    assert not page.draft_button.isVisible()


def test_a_paper_that_cannot_be_set_is_said_and_the_last_one_stays(page: NoticePage, qtbot: QtBot) -> None:
    shown = page.view.paper
    problem = page.session.ledger.all(Problem)[0]
    strange = "\U0001f600"
    page.session.do(lambda: page.session.ledger.act(Deed("改", "王某", (edit(problem, title=f"甲{strange}"),))))
    qtbot.waitUntil(page.bar.isVisible)
    assert strange in page.bar.words.text()
    assert page.view.paper is shown
    qtbot.waitUntil(lambda: [(one.code, one.id) for one in page.checks.findings] == [("no_glyph", problem.id)])


def test_enlarging_keeps_the_middle_and_tells(page: NoticePage) -> None:
    view = page.view
    view.enlarge(1.0)
    assert page.tools.zoom.currentText() == "100%"
    view.step(1)
    assert page.tools.zoom.currentText() == "125%"
    view.enlarge(None)
    assert page.tools.zoom.currentText() == "适合宽度"
    count = len(view.paper.pages.pages) if view.paper else 0
    view.turn(1)
    assert page.tools.place.text() == f"第 2 / {count} 页" if count > 1 else "第 1 / 1 页"


def test_the_pane_shows_the_passage_and_the_whole(filled: Session, qtbot: QtBot) -> None:
    pane = PreviewPane(filled)
    qtbot.addWidget(pane)
    filled.announced.connect(pane.hear)
    pane.resize(420, 500)
    pane.show()
    problem = filled.ledger.all(Problem)[1]
    pane.show_problem(problem.id)
    qtbot.waitUntil(lambda: pane.view.paper is not None)
    assert pane.view.paper is not None
    assert pane.view.paper.cropped
    pane.extent.setCurrentIndex(1)
    pane.extent.activated.emit(1)
    qtbot.waitUntil(lambda: pane.view.paper is not None and not pane.view.paper.cropped)
    assert pane.view.marked == f"problem:{problem.id}"
    pane.show_problem("")
    qtbot.waitUntil(lambda: pane.stack.currentWidget() is pane.empty)


def test_the_fold_makes_no_pages_while_it_is_closed(filled: Session, qtbot: QtBot) -> None:
    fold = PreviewFold(filled, QWidget())
    qtbot.addWidget(fold)
    fold.resize(500, 500)
    fold.show()
    problem = filled.ledger.all(Problem)[0]
    fold.show_problem(problem.id)
    fold.hear(Outcome())
    assert fold.preview is None
    fold.fold.click()
    assert fold.preview is not None
    pane = fold.preview
    qtbot.waitUntil(lambda: pane.view.paper is not None)
    fold.fold.click()
    assert not fold.is_open()
    fold.show_problem("")
    assert pane.problem == problem.id


def test_what_is_typed_is_saved_before_it_leaves(
    page: NoticePage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "通报.txt"
    monkeypatch.setattr(preview_output, "ask_path", lambda *_args: target)
    notice = page.session.ledger.all(Notice)[0]
    page.show_record(notice.id)
    page.pane.entry.form.boxes["closing"].editor.set_typed("特此通报。")
    page.save_as(".txt")
    qtbot.waitUntil(lambda: target.exists() and not page.session.busy())
    assert "特此通报。" in target.read_text("utf-8")


def test_a_notice_without_title_or_problems_is_told_to_lack_them(session: Session, qtbot: QtBot) -> None:
    unit = session.ledger.all(Unit)[0]
    session.ledger.act(Deed("通报", "王某", (Edit("notice", "n1", {"unit": unit.id, "signature": "某局"}),)))
    page = NoticePage(session)
    qtbot.addWidget(page)
    page.show()
    settle(session, qtbot, page)
    words = page.checks.summary.text()
    assert "没有标题" in words
    assert "一个问题也没有" in words
    assert "没有发现不一致" not in words
    session.ledger.act(Deed("问题", "王某", (Edit("problem", "p1", {"unit": unit.id, "title": "甲问题"}),)))
    session.ledger.act(Deed("标题", "王某", (Edit("notice", "n1", {"title": "甲通报"}),)))
    page.fresh.now()
    settle(session, qtbot, page)
    assert "没有标题" not in page.checks.summary.text()
    assert "一个问题也没有" not in page.checks.summary.text()
