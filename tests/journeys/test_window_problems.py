"""The page 问题 driven by keys: looked through, grouped, changed together; a passage that grows as one types; evidence pasted; a
problem signed off; a former value put back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from db.ledger import history
from db.ledger.change import Deed, create
from db.schema.composite import Deadline
from db.schema.records import Evidence, Measure, Problem, ProblemView, Unit
from desktop_app.gui import main
from desktop_app.gui.closing_chain import ClosingChain
from desktop_app.gui.history_fields import RecordHistory
from desktop_app.gui.problems import ProblemsPage
from desktop_app.gui.session import Session
from desktop_app.gui.window import Window
from desktop_app.rectification import ledgers
from desktop_app.rectification.problem_list import Look

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The window with a ledger of four problems."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    path = tmp_path / "台账 一.zgl"
    ledger = ledgers.new_ledger(path, "某市公安局东湖分局", "王某")
    unit = ledger.all(Unit)[0].id
    due = Deadline("年底前", date(2021, 12, 31))
    ledger.act(
        Deed(
            "填写",
            "王某",
            (
                create(Problem, "p1", unit=unit, number=1, title="查办案件不够及时", responsible="张三", due=due),
                create(Problem, "p2", unit=unit, number=2, title="车辆管理不严", responsible="李四"),
                create(Problem, "p3", unit=unit, number=3, title="会议记录不全", progress="done"),
                create(Problem, "p4", unit=unit, number=4, title="车辆台账不清", responsible="李四"),
                create(Measure, "m1", problem="p1", number=1, lead="完善机制。", body="印发制度。", progress="done"),
            ),
        )
    )
    ledger.close()
    made = main.window(path)
    qtbot.addWidget(made)
    made.resize(1500, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    page = problems(made)
    qtbot.waitUntil(lambda: len(page.list.model.rows) == 4)
    idle(qtbot, made)
    yield made
    made.close()


def session(window: Window) -> Session:
    assert window.desk is not None
    return window.desk.session


def problems(window: Window) -> ProblemsPage:
    assert window.desk is not None
    page = window.desk.open("problems")
    assert isinstance(page, ProblemsPage)
    return page


def idle(qtbot: QtBot, window: Window) -> None:
    """Waits until no job is under way and the pages have read again."""
    qtbot.waitUntil(lambda: not session(window).busy())
    qtbot.wait(30)
    qtbot.waitUntil(lambda: not session(window).busy())


def press(qtbot: QtBot, window: Window, key: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, how)
    idle(qtbot, window)


def shown(window: Window) -> list[str]:
    return [one.id for one in problems(window).list.model.rows]


def progress(window: Window) -> list[str | None]:
    return [one.progress for one in session(window).ledger.all(Problem)]


def tab(page: ProblemsPage, title: str) -> int:
    return page.pane.strip.titles.index(title)


def test_looked_through_with_the_keys(window: Window, qtbot: QtBot) -> None:
    page = problems(window)
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    assert QApplication.focusWidget() is page.list.search
    page.list.search.insert("车辆 李四")
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(window) == ["p2", "p4"])
    assert page.totals.text().startswith("显示 2 项，共 4 项")
    page.list.filters.clear.click()
    qtbot.waitUntil(lambda: len(shown(window)) == 4)
    page.list.filters.grouping.choose("person")
    qtbot.waitUntil(lambda: [one.title for one in page.list.model.shown.groups] == ["张三", "李四", "（未填）"])
    assert [one.count for one in page.list.model.shown.groups] == [1, 2, 1]
    page.list.view.setFocus()
    page.list.view.setCurrentIndex(page.list.model.index(2, 0))
    before = page.list.model.rowCount()
    press(qtbot, window, Qt.Key.Key_Left)
    assert page.list.model.rowCount() == before - 2
    press(qtbot, window, Qt.Key.Key_Right)
    assert page.list.model.rowCount() == before
    press(qtbot, window, Qt.Key.Key_Down)
    assert page.pane.identifier == "p2"
    assert page.list.view.rowHeight(0) < page.list.view.rowHeight(1), "headings are low"
    page.list.filters.grouping.choose("")
    qtbot.waitUntil(lambda: not page.list.model.shown.groups)
    assert len({page.list.view.rowHeight(at) for at in range(4)}) == 1
    page.list.filters.sort("due")
    qtbot.waitUntil(lambda: shown(window)[0] == "p1")
    page.list.filters.sort("due")
    qtbot.waitUntil(lambda: page.list.model.shown.look.descending)


def test_views_are_kept_for_oneself_or_given_to_the_office(window: Window, qtbot: QtBot) -> None:
    page = problems(window)
    page.list.filters.put(Look(responsible="李四", sorting="due"))
    qtbot.waitUntil(lambda: len(shown(window)) == 2)
    page.views.keep("李四的", office=False)
    page.views.keep("大家看", office=True)
    idle(qtbot, window)
    assert [one.title for one in session(window).ledger.all(ProblemView)] == ["大家看"]
    page.list.filters.put(Look())
    qtbot.waitUntil(lambda: len(shown(window)) == 4)
    page.views.fill()
    names = [one.text() for one in page.views.menu_.actions()]
    assert {"李四的", "大家看"} <= set(names)
    page.views.menu_.actions()[names.index("大家看")].trigger()
    qtbot.waitUntil(lambda: shown(window) == ["p2", "p4"])
    path = session(window).ledger.path
    window.open_ledger(path)
    again = problems(window)
    qtbot.waitUntil(lambda: shown(window) == ["p2", "p4"])
    assert again.reading.own_views() == {"李四的": Look(responsible="李四", sorting="due")}
    idle(qtbot, window)


def test_several_are_changed_in_one_deed_and_undone_by_one(window: Window, qtbot: QtBot) -> None:
    page = problems(window)
    press(qtbot, window, Qt.Key.Key_B, CTRL)
    assert page.batch is None, "one problem is not several"
    page.list.view.setFocus()
    press(qtbot, window, Qt.Key.Key_A, CTRL)
    assert page.together.isVisible()
    press(qtbot, window, Qt.Key.Key_B, CTRL)
    pane = page.batch
    assert pane is not None
    assert pane.title.text() == "批量修改 4 个问题"
    pane.choose("progress")
    assert pane.editor is not None
    pane.editor.set_typed("已完成")
    qtbot.waitUntil(pane.button.isEnabled)
    assert pane.summary.text() == "要改 3 个，1 个本来就是这样，不动。"
    assert pane.table.topLevelItemCount() == 3
    deeds = len(history.entries(session(window).ledger))
    pane.fields.setFocus()
    press(qtbot, window, Qt.Key.Key_Return, CTRL)
    assert progress(window) == ["done"] * 4
    assert len(history.entries(session(window).ledger)) == deeds + 1
    assert page.right.currentWidget() is page.preview
    press(qtbot, window, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.AltModifier)
    assert progress(window) == [None, None, "done", None]


def test_the_table_takes_the_page_and_enter_goes_back_to_the_form(window: Window, qtbot: QtBot) -> None:
    page = problems(window)
    page.list.view.setFocus()
    press(qtbot, window, Qt.Key.Key_T, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert page.list.as_table
    assert not page.right.isVisible()
    page.list.view.horizontalHeader().sectionClicked.emit(4)
    qtbot.waitUntil(lambda: page.list.model.shown.look.sorting == "person")
    page.list.view.setFocus()
    page.list.view.setCurrentIndex(page.list.model.index(1, 0))
    press(qtbot, window, Qt.Key.Key_Return)
    assert page.right.isVisible()
    assert page.pane.identifier == page.list.current()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert page.pane.isAncestorOf(focus)


def test_the_passage_grows_with_every_key(window: Window, qtbot: QtBot) -> None:
    page = problems(window)
    page.show_record("p1")
    idle(qtbot, window)
    if not page.preview.is_open():
        page.preview.fold.click()
    idle(qtbot, window)
    page.pane.strip.tabs[0].setFocus()
    press(qtbot, window, Qt.Key.Key_PageDown, CTRL)
    assert page.pane.strip.current == tab(page, "措施")
    form = page.pane.pane(page.pane.strip.current).entry.form
    text = form.boxes["body"].editor.findChild(QPlainTextEdit)
    assert text is not None
    text.setFocus()
    text.moveCursor(text.textCursor().MoveOperation.End)
    assert page.preview.preview is not None
    view = page.preview.preview.view

    def printed() -> str:
        lines = view.paper.pages.pages[0].lines if view.paper is not None else ()
        return "".join(line.text for line in lines)

    for key in "逐案复查":
        text.insertPlainText(key)
        typed = text.toPlainText()
        qtbot.waitUntil(lambda typed=typed: typed in printed())  # type: ignore[misc]
    assert view.caret is not None
    assert session(window).ledger.get(Measure, "m1").body == "印发制度。", "nothing is saved by looking"  # type: ignore[union-attr]
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert session(window).ledger.get(Measure, "m1").body == "印发制度。逐案复查"  # type: ignore[union-attr]


def test_a_picture_is_pasted_and_files_are_dropped_as_evidence(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    page, ledger = problems(window), session(window).ledger
    page.show_record("p1")
    page.pane.strip.choose(tab(page, "佐证"))
    idle(qtbot, window)
    picture = QImage(40, 20, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    QGuiApplication.clipboard().setImage(picture)
    page.pane.strip.tabs[tab(page, "佐证")].setFocus()
    press(qtbot, window, Qt.Key.Key_V, CTRL)
    (pasted,) = ledger.all(Evidence, problem="p1")
    assert (pasted.title or "").startswith("截图 ")
    assert pasted.paper is not None
    assert QImage.fromData(b"".join(ledger.open_paper(pasted.paper))).size() == picture.size()
    empty, words = tmp_path / "空.txt", tmp_path / "会议纪要.txt"
    empty.touch()
    words.write_text("纪要", "utf-8")
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(one)) for one in (words, empty)])
    how = (Qt.DropAction.CopyAction, files, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page.pane, QDragEnterEvent(QPoint(5, 5), *how))
    QApplication.sendEvent(page.pane, QDropEvent(QPointF(5, 5), *how))
    idle(qtbot, window)
    assert [one.title for one in ledger.all(Evidence, problem="p1")] == [pasted.title, "会议纪要"]
    assert "1 个已存入" in page.pane.bar.words.text()
    assert "空" in page.pane.bar.words.text()
    parts = page.pane.pane(tab(page, "佐证"))
    second = ledger.all(Evidence, problem="p1")[1].id
    parts.tree.dropped.emit(second, pasted.id, "above")
    idle(qtbot, window)
    assert [one.title for one in ledger.all(Evidence, problem="p1")] == ["会议纪要", pasted.title]
    viewer = None
    parts.tree.choose(pasted.id)
    idle(qtbot, window)
    viewer = parts.entry.form.boxes["paper"].editor.viewer  # type: ignore[attr-defined]
    assert viewer is not None
    qtbot.waitUntil(lambda: not viewer.picture.pixmap().isNull())
    assert viewer.pages == 1


def test_signed_off_step_by_step(window: Window, qtbot: QtBot) -> None:
    page, ledger = problems(window), session(window).ledger
    page.show_record("p3")
    page.pane.strip.choose(tab(page, "销号"))
    idle(qtbot, window)
    steps = page.pane.findChild(ClosingChain)
    assert steps is not None
    assert [one.record for one in steps.chain.lacking] == ["evidence"]
    steps.ask.click()
    idle(qtbot, window)
    assert "完成情况" in steps.form.boxes["text"].wrong.text(), "said at the field"

    def say(words: str, person: str, act: QWidget) -> None:
        steps.form.boxes["text"].editor.set_typed(words)
        steps.form.boxes["person"].editor.set_typed(person)
        QTest.mouseClick(act, Qt.MouseButton.LeftButton)
        idle(qtbot, window)

    say("都改了", "张三", steps.ask)
    assert ledger.get(Problem, "p3").closing == "applied"  # type: ignore[union-attr]
    say("缺照片", "李四", steps.send_back)
    assert ledger.get(Problem, "p3").closing == "returned"  # type: ignore[union-attr]
    assert "缺照片" in steps.said.text()
    assert steps.chain.round == 2


def test_a_former_value_is_put_back(window: Window, qtbot: QtBot) -> None:
    page, ledger = problems(window), session(window).ledger
    page.show_record("p2")
    idle(qtbot, window)
    form = page.pane.entry.form
    form.boxes["title"].editor.set_typed("车辆管理混乱")
    assert page.save()
    idle(qtbot, window)
    page.pane.strip.choose(len(page.pane.strip.titles) - 1)
    idle(qtbot, window)
    fields = page.pane.findChild(RecordHistory)
    assert fields is not None
    qtbot.waitUntil(lambda: bool(fields.fields.found))
    first = fields.fields.found[0]
    assert (first.one.label, first.before, first.after) == ("问题", "车辆管理不严", "车辆管理混乱")
    qtbot.waitUntil(lambda: fields.fields.table.chosen() is not None)
    fields.fields.before.click()
    idle(qtbot, window)
    assert ledger.get(Problem, "p2").title == "车辆管理不严"  # type: ignore[union-attr]
