"""The window driven as a clerk drives it: a new ledger, a problem, its measures, undo, drafts, what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, edit
from db.schema.records import Evidence, Measure, OngoingItem, Problem, Unit
from desktop_app.gui import main
from desktop_app.gui.form import Form
from desktop_app.gui.problems import ProblemsPage
from desktop_app.gui.session import Session
from desktop_app.gui.window import Window
from desktop_app.rectification import ledgers


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This machine's folder for the program."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def window(home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The window on its first page."""
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    made = main.window(None)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


@pytest.fixture
def desk(window: Window, tmp_path: Path) -> Window:
    """The window with a new ledger open."""
    assert window.new_ledger(tmp_path / "台账 一.zgl", "某市公安局东湖分局", "王某")
    return window


def session(window: Window) -> Session:
    assert window.desk is not None
    return window.desk.session


def problems(window: Window) -> ProblemsPage:
    assert window.desk is not None
    page = window.desk.open("problems")
    assert isinstance(page, ProblemsPage)
    return page


def field(form: Form, name: str) -> QLineEdit | QPlainTextEdit:
    editor = form.boxes[name].editor
    for kind in (QPlainTextEdit, QLineEdit):
        found = editor.findChildren(kind)
        if found:
            first = found[0]
            assert isinstance(first, QLineEdit | QPlainTextEdit)
            return first
    raise AssertionError(name)


def write(form: Form, name: str, words: str) -> None:
    """Clears a field and types into it."""
    widget = field(form, name)
    widget.setFocus()
    widget.selectAll()
    if isinstance(widget, QPlainTextEdit):
        widget.insertPlainText(words)
    else:
        widget.insert(words)
        widget.textEdited.emit(widget.text())


def idle(qtbot: QtBot, window: Window) -> None:
    """Waits until no job is under way and the pages have read again."""
    qtbot.waitUntil(lambda: not session(window).busy())
    qtbot.wait(30)
    qtbot.waitUntil(lambda: not session(window).busy())


def new_problem(qtbot: QtBot, window: Window, title: str) -> str:
    page = problems(window)
    page.new()
    write(page.pane.entry.form, "title", title)
    assert page.save()
    idle(qtbot, window)
    return page.pane.identifier


def message(window: Window) -> str:
    assert window.desk is not None
    return window.desk.message.words.text()


def bar(window: Window) -> str:
    assert window.desk is not None
    return window.desk.bar.words.text() if window.desk.bar.isVisible() else ""


def test_from_the_first_page_to_a_saved_problem_and_back(
    window: Window, tmp_path: Path, qtbot: QtBot, home: Path
) -> None:
    assert window.start is not None
    start = window.start.new
    start.unit.setText("某市公安局东湖分局")
    start.actor.setText("李某")
    path = tmp_path / "东湖 台账"
    start.file.setText(str(path))
    start.begin.click()
    assert window.desk is not None
    assert session(window).ledger.path == path.with_suffix(".zgl")
    identifier = new_problem(qtbot, window, "查办案件不够及时")
    saved = session(window).ledger.get(Problem, identifier)
    assert saved is not None
    assert (saved.title, saved.number) == ("查办案件不够及时", 1)
    assert saved.unit == session(window).ledger.all(Unit)[0].id
    assert "查办案件不够及时" in message(window)
    assert [row.id for row in problems(window).list.model.rows] == [identifier]
    assert history.entries(session(window).ledger)[0].actor == "李某"
    window.show_start()
    assert window.start is not None
    assert window.start.recent.count() == 1
    window.open_ledger(path.with_suffix(".zgl"))
    idle(qtbot, window)
    assert problems(window).pane.identifier == identifier
    assert not session(window).drafts


def test_undo_and_redo_with_their_sentences(desk: Window, qtbot: QtBot) -> None:
    identifier = new_problem(qtbot, desk, "甲问题")
    page, ledger = problems(desk), session(desk).ledger
    write(page.pane.entry.form, "title", "乙问题")
    page.save()
    idle(qtbot, desk)
    assert page.pane.title.toolTip() == "1. 乙问题"
    session(desk).undo()
    idle(qtbot, desk)
    undone = ledger.get(Problem, identifier)
    assert undone is not None
    assert undone.title == "甲问题"
    assert field(page.pane.entry.form, "title").property("text") == "甲问题"
    assert message(desk).startswith("撤销：")
    session(desk).redo()
    idle(qtbot, desk)
    assert field(page.pane.entry.form, "title").property("text") == "乙问题"
    assert message(desk).startswith("重做：")


def test_undo_of_a_new_problem_empties_the_page_and_redo_brings_it_back(desk: Window, qtbot: QtBot) -> None:
    identifier = new_problem(qtbot, desk, "甲问题")
    session(desk).undo()
    idle(qtbot, desk)
    assert problems(desk).list.model.rows == []
    assert problems(desk).pane.identifier == ""
    session(desk).redo()
    idle(qtbot, desk)
    assert [row.id for row in problems(desk).list.model.rows] == [identifier]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_saved(desk: Window, qtbot: QtBot) -> None:
    identifier = new_problem(qtbot, desk, "甲问题")
    page, ledger = problems(desk), session(desk).ledger
    form = page.pane.entry.form
    before = ledger.position()
    write(form, "completed", "年中")
    assert not page.save()
    assert "年中" in form.boxes["completed"].wrong.text()
    assert form.boxes["completed"].wrong.isVisibleTo(page)
    assert ledger.position() == before
    write(form, "completed", "2021年12月31日")
    assert form.boxes["completed"].wrong.text() == "", "a field that was wrong is looked at with every key"
    assert page.save()
    idle(qtbot, desk)
    saved = ledger.get(Problem, identifier)
    assert saved is not None
    assert str(saved.completed) == "2021-12-31"


def test_the_rules_of_the_office_are_said_beside_their_field(desk: Window, qtbot: QtBot) -> None:
    new_problem(qtbot, desk, "甲问题")
    page = problems(desk)
    form = page.pane.entry.form
    form.boxes["publicity"].editor.set_typed("不公开")
    assert page.save()
    idle(qtbot, desk)
    assert "理由" in form.boxes["unpublished_reason"].wrong.text()
    assert form.touched()


def test_a_new_problem_needs_a_title(desk: Window, qtbot: QtBot) -> None:
    page = problems(desk)
    page.new()
    assert not page.save()
    assert "还没有填" in page.pane.entry.form.boxes["title"].wrong.text()
    assert session(desk).ledger.count(Problem) == 0


def test_leaving_saves_what_is_right_and_keeps_what_is_wrong(desk: Window, qtbot: QtBot) -> None:
    first, second = new_problem(qtbot, desk, "甲问题"), new_problem(qtbot, desk, "乙问题")
    page, ledger = problems(desk), session(desk).ledger
    page.show_record(first)
    write(page.pane.entry.form, "cause", "认识不到位。")
    page.show_record(second)
    idle(qtbot, desk)
    saved = ledger.get(Problem, first)
    assert saved is not None
    assert saved.cause == "认识不到位。"
    write(page.pane.entry.form, "completed", "某日")
    write(page.pane.entry.form, "cause", "制度不健全。")
    page.show_record(first)
    idle(qtbot, desk)
    assert page.list.model.unsaved == {second}
    page.show_record(second)
    form = page.pane.entry.form
    assert field(form, "completed").property("text") == "某日"
    assert form.boxes["cause"].editor.typed() == "制度不健全。"
    assert form.boxes["completed"].wrong.text()


def test_half_typed_forms_are_there_again_after_a_restart(desk: Window, qtbot: QtBot) -> None:
    first = new_problem(qtbot, desk, "甲问题")
    page, path = problems(desk), session(desk).ledger.path
    write(page.pane.entry.form, "completed", "某日")
    page.new()
    write(page.pane.entry.form, "cause", "还没有标题的新问题")
    desk.show_start()
    desk.open_ledger(path)
    idle(qtbot, desk)
    page = problems(desk)
    assert len(session(desk).drafts) == 2
    fresh = next(row.id for row in page.list.model.rows if row.id != first)
    page.show_record(fresh)
    assert page.pane.entry.form.boxes["cause"].editor.typed() == "还没有标题的新问题"
    write(page.pane.entry.form, "title", "乙问题")
    assert page.save()
    idle(qtbot, desk)
    assert session(desk).ledger.count(Problem) == 2
    page.show_record(first)
    assert field(page.pane.entry.form, "completed").property("text") == "某日"


def test_typing_goes_on_while_a_save_is_under_way(desk: Window, qtbot: QtBot) -> None:
    identifier = new_problem(qtbot, desk, "甲问题")
    page = problems(desk)
    form = page.pane.entry.form
    write(form, "cause", "一")
    page.save()
    write(form, "cause", "一二")
    write(form, "goal", "目标")
    idle(qtbot, desk)
    saved = session(desk).ledger.get(Problem, identifier)
    assert saved is not None
    assert saved.cause == "一"
    assert form.boxes["cause"].editor.typed() == "一二"
    assert form.boxes["goal"].editor.typed() == "目标"
    assert form.touched()


def test_measures_are_added_nested_moved_and_deleted(desk: Window, qtbot: QtBot) -> None:
    identifier = new_problem(qtbot, desk, "甲问题")
    page, ledger = problems(desk), session(desk).ledger
    page.pane.strip.choose(1)
    pane = page.pane.pane(1)
    for lead in ("完善机制。", "加强督办。", "定期通报。"):
        page.add_part()
        write(pane.entry.form, "lead", lead)
        assert page.save()
        idle(qtbot, desk)
    assert [(one.lead, one.number) for one in ledger.all(Measure, problem=identifier)] == [
        ("完善机制。", 1),
        ("加强督办。", 2),
        ("定期通报。", 3),
    ]
    assert page.pane.strip.tabs[1].text().startswith("措施 3")
    pane.act("up")
    idle(qtbot, desk)
    assert [one.lead for one in ledger.all(Measure, problem=identifier)] == ["完善机制。", "定期通报。", "加强督办。"]
    pane.act("nest")
    idle(qtbot, desk)
    nested = next(one for one in ledger.all(Measure) if one.lead == "定期通报。")
    assert nested.parent == next(one for one in ledger.all(Measure) if one.lead == "完善机制。").id
    assert pane.tree.current() == nested.id
    pane.act("remove")
    idle(qtbot, desk)
    assert ledger.count(Measure) == 2
    session(desk).undo()
    idle(qtbot, desk)
    assert ledger.count(Measure) == 3
    assert page.pane.strip.tabs[1].text().startswith("措施 3")


def test_a_deadline_is_proposed_from_its_words(desk: Window, qtbot: QtBot) -> None:
    new_problem(qtbot, desk, "甲问题")
    page = problems(desk)
    page.pane.show_part("ongoing_item")
    pane = page.pane.pane(page.pane.strip.current)
    pane.add()
    write(pane.entry.form, "content", "继续推进。")
    write(pane.entry.form, "due", "争取2022年3月底前完成")
    assert page.save()
    idle(qtbot, desk)
    due = session(desk).ledger.all(OngoingItem)[0].due
    assert due is not None
    assert (str(due.day), due.strength) == ("2022-03-31", "strive")


def test_a_paper_is_kept_and_opened_again(desk: Window, qtbot: QtBot, tmp_path: Path) -> None:
    paper = tmp_path / "会议 纪要.txt"
    paper.write_text("纪要", "utf-8")
    new_problem(qtbot, desk, "甲问题")
    page = problems(desk)
    page.pane.show_part("evidence")
    pane = page.pane.pane(page.pane.strip.current)
    pane.add()
    write(pane.entry.form, "title", "会议纪要")
    editor = pane.entry.form.boxes["paper"].editor
    editor.take(paper)  # type: ignore[attr-defined]
    idle(qtbot, desk)
    assert page.save()
    idle(qtbot, desk)
    sheet = session(desk).ledger.all(Evidence)[0].paper
    assert sheet is not None
    assert b"".join(session(desk).ledger.open_paper(sheet)).decode() == "纪要"
    empty = tmp_path / "空.txt"
    empty.touch()
    editor.take(empty)  # type: ignore[attr-defined]
    idle(qtbot, desk)
    assert "空" in pane.entry.form.boxes["paper"].wrong.text(), "said beside the field"
    assert bar(desk) == ""


def test_the_list_is_filtered_by_words_and_state(desk: Window, qtbot: QtBot) -> None:
    new_problem(qtbot, desk, "车辆管理不严")
    new_problem(qtbot, desk, "查办案件不够及时")
    page = problems(desk)
    page.look_up()
    page.list.search.setText("车辆")
    qtbot.waitUntil(lambda: [row.title for row in page.list.model.rows] == ["车辆管理不严"])
    page.list.search.setText("没有这种问题")
    qtbot.waitUntil(lambda: page.list.nothing.isVisibleTo(page))
    page.list.search.clear()
    qtbot.waitUntil(lambda: len(page.list.model.rows) == 2)
    page.list.state.choose("closed")
    qtbot.waitUntil(lambda: not page.list.model.rows)
    page.list.state.choose("")
    qtbot.waitUntil(lambda: len(page.list.model.rows) == 2)


def test_the_hands_stay_on_the_keyboard(desk: Window, qtbot: QtBot) -> None:
    """Ctrl+N, type, Ctrl+S; Alt+Down for the next one, Enter into its form, Ctrl+F to the filter."""
    first, second = new_problem(qtbot, desk, "甲问题"), new_problem(qtbot, desk, "乙问题")
    page = problems(desk)

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or desk, key, modifier)
        idle(qtbot, desk)

    desk.activateWindow()
    page.show_record(first)
    page.list.view.setFocus()
    press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.pane.identifier == second
    press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert page.pane.identifier == first
    press(Qt.Key.Key_Return)
    title = field(page.pane.entry.form, "title")
    assert QApplication.focusWidget() is title
    QTest.keyClicks(title, "X")
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    saved = session(desk).ledger.get(Problem, first)
    assert saved is not None
    assert saved.title == "X甲问题"
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    saved = session(desk).ledger.get(Problem, first)
    assert saved is not None
    assert saved.title == "甲问题"
    press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is page.list.search
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert page.pane.entry.form.record is None
    assert QApplication.focusWidget() is field(page.pane.entry.form, "title")
    press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert desk.desk is not None
    assert desk.desk.shown == desk.desk.known[1].name


def test_history_tells_and_takes_back(desk: Window, qtbot: QtBot) -> None:
    identifier = new_problem(qtbot, desk, "甲问题")
    assert desk.desk is not None
    page = desk.desk.open("history")
    deeds = page.list  # type: ignore[attr-defined]
    idle(qtbot, desk)
    assert "甲问题" in deeds.chosen().sentence
    qtbot.waitUntil(lambda: any("甲问题" in line.after() for line in deeds.cells.table.rows))
    deeds.undo()
    idle(qtbot, desk)
    assert session(desk).ledger.get(Problem, identifier) is None
    assert deeds.table.rows[0].sentence.startswith("撤销：")


def test_what_is_done_elsewhere_is_seen_and_typing_stays(desk: Window, qtbot: QtBot) -> None:
    identifier = new_problem(qtbot, desk, "甲问题")
    page, ledger = problems(desk), session(desk).ledger
    write(page.pane.entry.form, "goal", "我的目标")
    record = ledger.get(Problem, identifier)
    assert record is not None
    session(desk).do(lambda: ledger.act(Deed("别处改动", "李某", (edit(record, title="新题", goal="别人的目标"),))))
    idle(qtbot, desk)
    form = page.pane.entry.form
    assert field(form, "title").property("text") == "新题"
    assert form.boxes["goal"].editor.typed() == "我的目标"


@pytest.mark.parametrize("content", [b"", b"no ledger at all", b"SQLite format 3\x00" + b"\x07" * 4000])
def test_a_file_that_is_no_ledger_is_one_sentence(window: Window, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "不是 台账.zgl"
    path.write_bytes(content)
    assert not window.open_ledger(path)
    assert window.start is not None
    said = window.start.bar.words.text()
    assert str(path) in said
    assert "Traceback" not in said
    assert path.read_bytes() == content


def test_an_existing_file_is_not_overwritten_and_a_ledger_stays_open(desk: Window, tmp_path: Path) -> None:
    path = session(desk).ledger.path
    assert not desk.new_ledger(path, "另一单位", "王某")
    assert desk.desk is not None
    assert "已经有这个文件" in bar(desk)
    assert not desk.open_ledger(tmp_path / "没有.zgl")
    assert session(desk).ledger.path == path


def test_a_fault_in_a_slot_is_one_sentence_and_the_window_stays(desk: Window, home: Path) -> None:
    import sys

    try:
        raise ZeroDivisionError("a bug of ours")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "出错" in bar(desk)
    assert desk.isVisible()
    assert "a bug of ours" in (home / "faults.log").read_text("utf-8")


def test_every_page_opens_and_every_control_has_a_name(desk: Window, qtbot: QtBot) -> None:
    """A screen reader says something for everything the keyboard reaches."""
    new_problem(qtbot, desk, "甲问题")
    assert desk.desk is not None
    page = problems(desk)
    for number in range(len(page.pane.strip.titles)):
        page.pane.strip.choose(number)
        page.add_part()
    for name in desk.desk.buttons:
        desk.desk.open(name)
        idle(qtbot, desk)
        nameless = [
            (name, type(widget).__name__)
            for widget in desk.desk.findChildren(QWidget)
            if widget.isVisible()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and isinstance(widget, QLineEdit | QPlainTextEdit | QAbstractButton | QAbstractItemView | QComboBox)
            and not (widget.accessibleName() or widget.property("text"))
        ]
        assert not nameless, nameless


def test_no_english_on_the_screen(desk: Window, qtbot: QtBot) -> None:
    import re

    new_problem(qtbot, desk, "甲问题")
    assert desk.desk is not None
    for name in desk.desk.buttons:
        desk.desk.open(name)
    words = [str(w.property("text") or "") for w in desk.desk.findChildren(QWidget)]
    words += [str(w.property("placeholderText") or "") for w in desk.desk.findChildren(QWidget)]
    allowed = r"Ctrl|PDF|Excel|Word|Alt|zgl|txt|docx|pdf|/|\\|\{title\}"
    english = {w for w in words if re.search(r"[A-Za-z]{3,}", w) and not re.search(allowed, w)}
    assert not english, english


@pytest.mark.parametrize("size", [(880, 480), (1366, 768)])
def test_nothing_is_cut_in_a_small_window(desk: Window, qtbot: QtBot, size: tuple[int, int]) -> None:
    """1366 by 768 at 150 % leaves 910 by 512: every page fits, and no field is wider than its form."""
    new_problem(qtbot, desk, "甲问题")
    desk.resize(*size)
    assert desk.desk is not None
    page = problems(desk)
    for number in range(len(page.pane.strip.titles)):
        page.pane.strip.choose(number)
        page.add_part()
        qtbot.wait(10)
        assert desk.size().width() == size[0], "a page that needs more room would push the window wider"
        for form in page.pane.findChildren(Form):
            area = form.parentWidget()
            assert area is not None
            if form.isVisible():
                assert form.minimumSizeHint().width() <= area.width()


def test_the_manual_opens_where_one_stands(desk: Window, qtbot: QtBot) -> None:
    assert desk.desk is not None
    desk.desk.open("history")
    desk.desk.help_wanted.emit(desk.desk.topic())
    assert desk.help.isVisible()
    assert "历史" in desk.help.page.toPlainText()
    desk.help.open("index")
    assert desk.help.page.toPlainText().strip()
    pane = problems(desk).pane
    pane.bar.say(Refusal("不行。", "看帮助。", "deadlines"))
    pane.bar.more.click()
    assert "时限" in desk.help.page.toPlainText()


def test_the_clerk_can_change_and_the_theme_too(desk: Window, qtbot: QtBot, qapp: QApplication) -> None:
    session(desk).keep_settings(actor="赵某", theme="dark")
    assert qapp.property("theme") == "dark"
    new_problem(qtbot, desk, "甲问题")
    assert history.entries(session(desk).ledger)[0].actor == "赵某"
    session(desk).keep_settings(theme="light")
    assert qapp.property("theme") == "light"


def test_the_sample_is_one_click_away_and_stays_where_it_is(window: Window, qtbot: QtBot, home: Path) -> None:
    assert window.start is not None
    window.start.sample.click()
    idle(qtbot, window)
    assert session(window).ledger.path.parent == home
    page = problems(window)
    qtbot.waitUntil(lambda: len(page.list.model.rows) >= 10)
    page.pane.show_part("measure")
    assert page.pane.pane(page.pane.strip.current).records
    window.show_start()
    assert window.start is not None
    window.start.sample.click()
    assert window.desk is not None, "the second time it is opened, not made again"


def test_a_refusal_goes_when_the_next_deed_is_done(desk: Window, qtbot: QtBot) -> None:
    session(desk).redo()
    idle(qtbot, desk)
    assert "重做" in bar(desk)
    new_problem(qtbot, desk, "甲问题")
    assert bar(desk) == ""


def test_a_ledger_opens_on_the_command(home: Path, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "台账.zgl"
    ledgers.new_ledger(path, "某市公安局东湖分局", "王某").close()
    made = main.window(path)
    qtbot.addWidget(made)
    made.show()
    assert made.desk is not None
    made.close()
