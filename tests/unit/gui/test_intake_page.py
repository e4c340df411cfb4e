"""The intake page: a draft is edited as a frozen value, every part is shown with its place, nothing is entered unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import old_papers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from db.schema import composite
from db.schema.composite import Due
from db.schema.kinds import Text
from db.schema.links import Texts
from db.schema.prose import Prose
from db.schema.records import Measure, Notice, Problem, Regulation, Unit, UnreadText
from desktop_app.gui import intake_edit, intake_form, intake_parts, intake_reading
from desktop_app.gui.intake_page import IntakePage
from desktop_app.gui.intake_reading import Reading
from desktop_app.gui.intake_text import Units
from desktop_app.gui.session import Session
from desktop_app.intake import draft as drafts
from desktop_app.intake import recognise, retell
from desktop_app.intake.draft import Draft, Finding
from desktop_app.intake.source import Source

SOURCE = Source("旧通报.txt", "txt", old_papers.TEXT)
DRAFT = recognise.recognise(SOURCE)[0]
TEXT_PATHS = [path for path, _text in intake_edit.texts(DRAFT)]


def finding(draft: Draft, code: str) -> Finding:
    return next(one for one in draft.findings if one.code == code)


# -- editing ---------------------------------------------------------------------------------------------------------


@given(st.sampled_from(TEXT_PATHS), st.text(max_size=20))
def test_an_edit_changes_one_text_and_no_other(path: intake_edit.Path, value: str) -> None:
    edited = intake_edit.replaced(DRAFT, path, value)
    before, after = dict(intake_edit.texts(DRAFT)), dict(intake_edit.texts(edited))
    assert after == {**before, path: value}
    assert intake_edit.value_at(edited, path) == value


def test_editing_leaves_the_draft_that_was_read_as_it_was() -> None:
    before = retell.words(DRAFT)
    intake_edit.with_value(DRAFT, ("problems", 0, "measures", 1, "lead"), "另一句。")
    assert retell.words(DRAFT) == before


def test_a_new_date_is_printed_as_dates_are() -> None:
    edited = intake_edit.with_value(DRAFT, ("date",), date(2022, 1, 5))
    assert (edited.date, edited.date_text) == (date(2022, 1, 5), "2022年1月5日")


def test_a_title_a_clerk_wrote_is_no_guess() -> None:
    guess = Finding("title_guessed", "文中没有标题。", DRAFT.place, "拟的标题")
    edited = intake_edit.with_value(replace(DRAFT, title_guessed=True, findings=(guess,)), ("title",), "写的标题")
    assert (edited.title_guessed, edited.findings) == (False, ())


def test_a_title_given_to_a_problem_without_one_settles_the_finding() -> None:
    cut = replace(DRAFT.problems[0], title="", heading="", truncated=True)
    missing = Finding("problem_truncated", "标题缺失。", cut.place)
    draft = replace(DRAFT, problems=(cut, DRAFT.problems[1]), findings=(missing,))
    edited = intake_edit.with_value(draft, ("problems", 0, "title"), "账目不清")
    assert edited.findings == ()
    assert "{title}" in edited.problems[0].heading


def test_a_number_typed_anew_is_read_anew() -> None:
    edited = intake_edit.with_value(DRAFT, ("amounts", 0, "text"), "130余件")
    assert (int(edited.amounts[0].value), edited.amounts[0].unit, edited.amounts[0].qualifier) == (130, "件", "余")


def test_doing_without_a_number_leaves_the_words() -> None:
    edited = intake_edit.without(DRAFT, ("amounts", 1))
    assert [one.text for one in edited.amounts] == [one.text for n, one in enumerate(DRAFT.amounts) if n != 1]
    assert retell.words(edited) == retell.words(DRAFT)


def test_the_suggested_address_replaces_the_broken_one() -> None:
    edited = intake_edit.applied(DRAFT, finding(DRAFT, "email_width"), SOURCE.text)
    assert edited is not None
    assert edited.contact is not None
    assert edited.contact.email == "donghu@example.com"
    assert "email_width" not in [one.code for one in edited.findings]


def test_a_suggested_mark_replaces_the_one_that_stands_there() -> None:
    text = old_papers.TEXT.replace("逐件核对登记财物120件，", "逐件核对:登记财物120件，")
    source = Source("旧通报.txt", "txt", text)
    draft = recognise.recognise(source)[0]
    second = [one for one in draft.findings if one.code == "mixed_width"][1]
    edited = intake_edit.applied(draft, second, text)
    assert edited is not None
    assert retell.words(edited) == retell.words(draft).replace("逐件核对:", "逐件核对：")


def test_a_suggestion_whose_words_are_nowhere_is_not_applied() -> None:
    lost = Finding("mixed_width", "半角。", drafts.Place(0, 1), "？")
    assert intake_edit.applied(DRAFT, lost, "?" + old_papers.TEXT) is None


@pytest.mark.parametrize("before", ["", "文字", "\n另起一段的文字"])
def test_a_text_that_began_a_paragraph_still_does(before: str) -> None:
    kind = Prose("正文")
    assert intake_form.shown(kind, before, None) == (before.strip("\n") or None)
    after = intake_form.kept(kind, "新写的", before)
    assert after == ("\n新写的" if before.startswith("\n") else "新写的")


def test_deadlines_and_telephones_come_back_from_the_form() -> None:
    due = DRAFT.problems[0].ongoing[0].due
    assert due is not None
    shown = intake_form.shown(Due("时限"), due, DRAFT.date)
    assert shown == composite.Deadline(due.text, date(2021, 12, 31), "expected", 2021)
    assert intake_form.kept(Due("时限"), shown, due) == due
    assert intake_form.kept(Due("时限"), None, due) is None
    assert intake_form.kept(Texts("电话"), None, ("1",)) == ()
    assert intake_form.kept(Text("标题"), None, "旧") == ""


def test_the_contact_wording_is_chinese_on_the_screen() -> None:
    assert DRAFT.contact is not None
    shown = intake_form.in_chinese(DRAFT.contact.text)
    assert "{电话}" in shown
    assert not any(sign.isascii() and sign.isalpha() for sign in shown)
    assert intake_form.in_draft(shown) == DRAFT.contact.text
    assert intake_form.in_draft(intake_form.in_chinese("{phone2}；{fax}")) == "{phone2}；{fax}"


# -- the parts ---------------------------------------------------------------------------------------------------------


def test_every_part_can_be_edited_where_it_says() -> None:
    for part in intake_parts.every(intake_parts.parts(DRAFT, SOURCE.text)):
        for blank in part.blanks:
            if blank.path[-1] != intake_parts.CATEGORY:
                intake_edit.value_at(DRAFT, blank.path)
        assert 0 <= part.place.start <= part.place.end <= len(SOURCE.text)


def test_every_text_of_the_draft_that_a_clerk_reads_has_a_field() -> None:
    shown = {blank.path for part in intake_parts.every(intake_parts.parts(DRAFT)) for blank in part.blanks}
    laid_out = {"mark", "stop", "heading", "measures_label", "ongoing_label", "date_text", "role", "kind"}
    for path, text in intake_edit.texts(DRAFT):
        if text.strip() and path[-1] not in laid_out:
            steps = [path, path[:-1]]
            assert any(step in shown for step in steps), (path, text)


def test_unread_text_is_shown_with_its_reason_and_a_count_of_none() -> None:
    tree = intake_parts.parts(DRAFT)
    unread = next(part for part in tree if part.path == ("unread",))
    assert (unread.about, unread.children[0].title) == ("1", "“上接第2版>>>”")
    assert unread.children[0].about
    without = intake_parts.parts(replace(DRAFT, unread=()))
    assert next(part for part in without if part.path == ("unread",)).about == "0"


def test_a_place_of_the_paper_belongs_to_its_smallest_part() -> None:
    tree = intake_parts.parts(DRAFT, SOURCE.text)
    part = intake_parts.at_place(tree, SOURCE.text.index("修订管理规定"))
    assert part is not None
    assert part.path == ("problems", 0, "measures", 1)
    assert intake_parts.at_place(tree, len(SOURCE.text) + 5) is None


@given(st.text(alphabet="一二𠮷😀a\n", max_size=30))
def test_places_count_alike_here_and_in_qt(text: str) -> None:
    units = Units(text)
    for place in range(len(text) + 1):
        assert units.to_qt(place) == len(text[:place].encode("utf-16-le")) // 2
        assert units.from_qt(units.to_qt(place)) == place


# -- reading and entering ----------------------------------------------------------------------------------------------


def read(session: Session, *paths: Path) -> list[Reading]:
    return list(intake_reading.read_all(session.ledger, paths).readings)


def test_a_file_that_cannot_be_read_does_not_stand_against_the_others(session: Session, tmp_path: Path) -> None:
    good = old_papers.write(tmp_path)
    batch = intake_reading.read_all(session.ledger, [tmp_path / "没有.txt", good])
    assert len(batch.readings) == 1
    assert "没有.txt" in batch.refusals[0].sentence


def test_reading_stops_when_cancelled(session: Session, tmp_path: Path) -> None:
    batch = intake_reading.read_all(session.ledger, [old_papers.write(tmp_path)], cancelled=lambda: True)
    assert batch.readings == ()


def test_the_category_a_clerk_chose_is_entered(session: Session, tmp_path: Path) -> None:
    one = read(session, old_papers.write(tmp_path))[0]
    chosen = replace(one, categories=("category-personnel", None))
    entered, refusals = intake_reading.enter_all(session.ledger, [chosen], "王某")
    assert refusals == []
    assert len(entered) == 1
    assert [p.category for p in session.ledger.all(Problem)] == ["category-personnel", None]


def test_the_proposed_categories_are_those_of_the_command_line(session: Session, tmp_path: Path) -> None:
    from desktop_app.intake import enter

    one = read(session, old_papers.write(tmp_path))[0]
    enter.enter(session.ledger, one.draft, one.source, "王某")
    assert [p.category for p in session.ledger.all(Problem)] == list(one.categories)


def test_the_paper_is_kept_and_what_is_to_be_checked_too(session: Session, tmp_path: Path) -> None:
    path = old_papers.write(tmp_path)
    intake_reading.enter_all(session.ledger, read(session, path), "王某")
    notice = session.ledger.all(Notice)[0]
    assert notice.source_paper is not None
    assert b"".join(session.ledger.open_paper(notice.source_paper)) == path.read_bytes()
    assert {one.code for one in session.ledger.all(UnreadText)} == {"unread", "email_width", "mixed_width"}
    assert [one.title for one in session.ledger.all(Regulation)] == ["东湖分局涉案财物管理规定"]


def test_a_known_paper_is_offered_as_an_update_that_says_what_it_changes(session: Session, tmp_path: Path) -> None:
    path = old_papers.write(tmp_path)
    intake_reading.enter_all(session.ledger, read(session, path), "王某")
    again = read(session, path)[0]
    assert again.known
    assert not again.wanted
    assert intake_reading.differences(session.ledger, again) == ()
    lead = ("problems", 1, "measures", 0, "lead")
    edited = replace(again, draft=intake_edit.with_value(again.draft, lead, "集中派车。"), wanted=True, update=True)
    told = intake_reading.differences(session.ledger, edited)
    assert [(one.before, one.after) for one in told] == [("统一派车。", "集中派车。")]
    intake_reading.enter_all(session.ledger, [edited], "王某")
    assert "集中派车。" in [one.lead for one in session.ledger.all(Measure)]
    assert session.ledger.all(Notice)[0].source_paper is not None
    assert session.ledger.count(Problem) == 2


def test_entering_a_known_paper_without_updating_is_refused(session: Session, tmp_path: Path) -> None:
    path = old_papers.write(tmp_path)
    fresh = read(session, path)
    intake_reading.enter_all(session.ledger, fresh, "王某")
    entered, refusals = intake_reading.enter_all(session.ledger, fresh, "王某")
    assert entered == []
    assert "以前导入过" in refusals[0].sentence
    assert session.ledger.count(Notice) == 1


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> IntakePage:
    made = IntakePage(session)
    qtbot.addWidget(made)
    session.announced.connect(made.hear)
    made.resize(1200, 800)
    made.show()
    return made


def take(page: IntakePage, qtbot: QtBot, *paths: Path) -> None:
    page.take(paths)
    qtbot.waitUntil(lambda: page.work is None and not page.session.busy())


def enter(page: IntakePage, qtbot: QtBot) -> None:
    page.enter_button.click()
    qtbot.waitUntil(lambda: not page.session.busy())


def test_an_empty_page_has_one_sentence_and_one_button(page: IntakePage) -> None:
    assert page.stack.currentWidget() is page.empty
    shown = [one.text() for one in page.findChildren(QPushButton) if one.isVisible()]
    assert shown == ["选择文件…"]


def test_a_click_on_either_side_chooses_the_other(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    take(page, qtbot, old_papers.write(tmp_path))
    review = page.review
    review.point(SOURCE.text.index("抽查车辆"))
    current = review.tree.current()
    assert current is not None
    assert current.path[:4] in {("problems", 1, "measures", 1), ("amounts", 2)}
    review.tree.choose(("problems", 0, "ongoing", 0))
    place = review.text.chosen
    assert SOURCE.text[place.start : place.end].endswith("投入使用。")


def test_typing_edits_the_copy_that_is_entered(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    take(page, qtbot, old_papers.write(tmp_path))
    page.review.tree.choose(("problems", 1))
    line = page.review.form.boxes[("problems", 1, "title")].editor.findChild(QLineEdit)
    assert line is not None
    line.clear()
    line.insert("车辆管理不严")
    enter(page, qtbot)
    assert "车辆管理不严" in [p.title for p in page.session.ledger.all(Problem)]


def test_a_wrong_day_is_said_beside_it_and_not_taken(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    take(page, qtbot, old_papers.write(tmp_path))
    page.review.tree.choose(())
    box = page.review.form.boxes[("date",)]
    box.editor.set_typed("十三月")
    assert box.wrong.text()
    assert page.review.current.draft.date == date(2021, 11, 3)


def test_suggestions_are_applied_one_by_one_and_all_together(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    take(page, qtbot, old_papers.write(tmp_path))
    review = page.review
    review.tree.choose(("findings", 0))
    accept = review.form.buttons["accept"]
    assert isinstance(accept, QPushButton)
    accept.click()
    contact = review.current.draft.contact
    assert contact is not None
    assert contact.email == "donghu@example.com"
    review.tree.choose(("findings",))
    accept_all = review.form.buttons["accept_all"]
    assert isinstance(accept_all, QPushButton)
    accept_all.click()
    assert review.current.draft.findings == ()
    assert review.current.draft.problems[0].measures_label == "整改措施及阶段性成效："
    assert review.check_button.text() == "待核对 0"


def test_unread_text_is_always_counted(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    take(page, qtbot, old_papers.write(tmp_path))
    assert page.review.unread_button.text() == "未读入 1"
    page.review.unread_button.click()
    place = page.review.text.chosen
    assert SOURCE.text[place.start : place.end] == "上接第2版>>>"


def test_one_of_two_notices_can_be_left_out(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    first, second = old_papers.write(tmp_path), old_papers.write(tmp_path, "西山.txt", old_papers.SECOND)
    take(page, qtbot, first, second)
    assert page.enter_button.text() == "导入 2 份"
    item = page.review.list.topLevelItem(0)
    assert item is not None
    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert page.enter_button.text() == "导入 1 份"
    enter(page, qtbot)
    assert [n.title for n in page.session.ledger.all(Notice)] == [
        "中共某市公安局西山分局党组关于巡察整改进展情况的通报"
    ]


def test_what_was_entered_can_be_taken_back(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    said: list[tuple[str, bool]] = []
    page.session.said.connect(lambda words, undoable: said.append((words, undoable)))
    take(page, qtbot, old_papers.write(tmp_path))
    enter(page, qtbot)
    assert said[-1] == ("导入旧通报：中共某市公安局东湖分局党组关于巡察整改进展情况的通报", True)
    undo = next(b for b in page.done.findChildren(QPushButton) if b.text() == "撤销")
    undo.click()
    qtbot.waitUntil(lambda: not page.session.busy())
    assert page.session.ledger.count(Problem) == 0
    page.problems_button.click()
    assert page.bar.isVisible()


def test_going_to_the_problems_names_the_first_one(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    take(page, qtbot, old_papers.write(tmp_path))
    enter(page, qtbot)
    page.session.unit = page.session.ledger.all(Unit)[0].id
    with qtbot.waitSignal(page.wanted) as wanted:
        page.problems_button.click()
    first = page.session.ledger.all(Problem)[0]
    assert wanted.args == ["problem", first.id]


def test_a_known_paper_is_skipped_until_the_clerk_wants_the_update(
    page: IntakePage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = old_papers.write(tmp_path)
    intake_reading.enter_all(page.session.ledger, read(page.session, path), "王某")
    take(page, qtbot, path)
    assert page.review.known.isVisible()
    assert "以前导入过" in page.review.known_words.text()
    assert not page.enter_button.isEnabled()
    page.review.update_button.click()
    qtbot.waitUntil(lambda: page.review.tree.parts[0].path == ("changes",))
    assert page.review.tree.parts[0].about == "没有要改的"
    assert page.enter_button.text() == "更新台账"
    page.review.skip_button.click()
    assert not page.enter_button.isEnabled()


def test_a_paper_that_cannot_be_read_changes_nothing(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    empty = tmp_path / "空 文件.txt"
    empty.write_bytes(b"")
    take(page, qtbot, empty)
    assert "空 文件.txt" in page.bar.words.text()
    assert page.stack.currentWidget() is page.empty
    good = old_papers.write(tmp_path)
    take(page, qtbot, good)
    take(page, qtbot, empty)
    assert page.stack.currentWidget() is page.review
    assert len(page.review.readings) == 1


def test_the_same_file_is_not_taken_twice(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    path = old_papers.write(tmp_path)
    take(page, qtbot, path)
    take(page, qtbot, path)
    assert len(page.review.readings) == 1


def test_cancelled_reading_shows_what_was_there_before(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    page.take([old_papers.write(tmp_path)])
    page.cancel()
    qtbot.waitUntil(lambda: not page.session.busy())
    assert page.stack.currentWidget() is page.empty
    assert page.review.readings == []


def test_files_can_be_dropped(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(old_papers.write(tmp_path)))])
    drop = QDropEvent(
        QPointF(QPoint(10, 10)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(drop)
    qtbot.waitUntil(lambda: not page.session.busy())
    assert len(page.review.readings) == 1


def test_a_failure_of_the_deed_is_said_and_the_review_stays(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    path = old_papers.write(tmp_path)
    take(page, qtbot, path)
    path.unlink()
    enter(page, qtbot)
    assert page.bar.isVisible()
    assert page.stack.currentWidget() is page.review
    assert page.session.ledger.count(Notice) == 0
