"""A clerk fills a register: three rows by the keyboard alone, a block pasted, put right and taken back, filters, order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.ledger import history
from desktop_app.gui import main
from desktop_app.gui.register_view import RegisterView
from desktop_app.gui.registers_page import RegistersPage
from desktop_app.gui.session import Session
from desktop_app.gui.window import Window

REGISTER = "official_vehicles.vehicle"
PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The window with a new ledger open."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    made = main.window(None)
    qtbot.addWidget(made)
    made.resize(1280, 760)
    made.show()
    assert made.new_ledger(tmp_path / "台账 一.zgl", "某市公安局东湖分局", "王某")
    yield made
    made.close()


def session(window: Window) -> Session:
    assert window.desk is not None
    return window.desk.session


def idle(qtbot: QtBot, window: Window) -> None:
    """Waits until no job is under way and what they brought is shown."""
    for _ in range(3):
        qtbot.waitUntil(lambda: not session(window).busy())
        qtbot.wait(20)


def register(qtbot: QtBot, window: Window, name: str = REGISTER) -> RegisterView:
    assert window.desk is not None
    page = window.desk.open("registers")
    assert isinstance(page, RegistersPage)
    view = page.show_register(name)
    assert view is not None
    idle(qtbot, window)
    page.arrive()
    idle(qtbot, window)
    return view


def target(view: RegisterView) -> QWidget:
    """Where the keys go: the cell that is open, else the table."""
    line = view.grid.place.open_line()
    if line is not None and line.isVisible():
        return line
    return view.grid.table.table_of(view.grid.place.column())


def press(view: RegisterView, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN, text: str = "") -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target(view), QKeyEvent(kind, key, modifiers, text))


def typed(view: RegisterView, words: str) -> None:
    for letter in words:
        press(view, Qt.Key.Key_A, text=letter)


def cells(view: RegisterView, *names: str) -> list[list[str]]:
    """What the rows show in these columns, the entry row left out."""
    model = view.grid.model
    columns = [model.column_of(name) for name in names]
    return [[model.words(row, column) for column in columns] for row in range(model.rowCount() - 1)]


def kept(window: Window, field: str) -> list[object]:
    return [getattr(one, field) for one in session(window).ledger.every(REGISTER)]


def three_rows(qtbot: QtBot, window: Window) -> RegisterView:
    view = register(qtbot, window)
    for plate, model, kind in (("苏B1234警", "帕萨特", "zf"), ("苏B5678警", "宏光", "jy"), ("苏B9012警", "捷达", "zf")):
        typed(view, plate)
        press(view, Qt.Key.Key_Tab)
        typed(view, model)
        press(view, Qt.Key.Key_Tab)
        typed(view, kind)
        press(view, Qt.Key.Key_Return)
        idle(qtbot, window)
    return view


def test_three_rows_with_tab_and_enter_only(window: Window, qtbot: QtBot) -> None:
    view = three_rows(qtbot, window)
    assert sorted(map(str, kept(window, "plate"))) == ["苏B1234警", "苏B5678警", "苏B9012警"]
    assert [row[:2] for row in cells(view, "plate", "model")] == [
        ["苏B1234警", "帕萨特"],
        ["苏B5678警", "宏光"],
        ["苏B9012警", "捷达"],
    ]
    assert (view.grid.place.row(), view.grid.place.column()) == (3, 0), "Enter goes to where the row began"
    assert len([one for one in history.entries(session(window).ledger) if "新增车辆" in one.sentence]) == 3
    assert not session(window).drafts


BLOCK = "车牌号\t型号\t启用日期\t核定百公里油耗\n苏B0001警\t轿车\t2019.5.6\t9.5\n苏B0002警\t轿车\t某日\t8\n苏B0003警\t越野车\t20180102\t很多\n"


def test_a_block_is_looked_at_put_right_entered_and_taken_back(window: Window, qtbot: QtBot) -> None:
    view = three_rows(qtbot, window)
    QApplication.clipboard().setText(BLOCK)
    press(view, Qt.Key.Key_V, CONTROL)
    idle(qtbot, window)
    panel = view.paste
    assert panel.isVisibleTo(view)
    assert "新增 1 行" in panel.about.text()
    assert "有错 2 行" in panel.about.text()
    assert {(box.cell.row, box.cell.field) for box in panel.refused.boxes} == {(1, "bought"), (2, "norm")}
    assert all(box.cell.sentence for box in panel.refused.boxes)
    assert len(kept(window, "plate")) == 3, "nothing is written before it is wanted"
    for text in ("2019-6-7", "7.5"):
        box = panel.refused.boxes[0]
        box.line.setText(text)
        box.line.editingFinished.emit()
        idle(qtbot, window)
    assert panel.refused.boxes == []
    assert panel.enter_button.text() == "粘贴 3 行"
    panel.enter()
    idle(qtbot, window)
    assert panel.isHidden()
    assert len(kept(window, "plate")) == 6
    assert history.entries(session(window).ledger)[0].sentence == "粘贴 3 行车辆"
    assert len(cells(view, "plate")) == 6
    view.grid.setFocus()
    view.grid.undo()
    idle(qtbot, window)
    assert len(kept(window, "plate")) == 3
    assert len(cells(view, "plate")) == 3


def test_wrong_rows_stay_in_the_grid_until_they_are_right(window: Window, qtbot: QtBot) -> None:
    view = register(qtbot, window)
    view.open_paste(BLOCK)
    idle(qtbot, window)
    view.paste.enter()
    idle(qtbot, window)
    assert kept(window, "plate") == ["苏B0001警"]
    assert [row[0] for row in cells(view, "plate")] == ["苏B0001警", "苏B0002警", "苏B0003警"]
    model = view.grid.model
    bought, norm = model.column_of("bought"), model.column_of("norm")
    assert "某日" in model.wrong(1, bought)
    assert "很多" in model.wrong(2, norm)
    view.grid.place.go(1, [bought])
    typed(view, "2019.6.7")
    press(view, Qt.Key.Key_Return)
    idle(qtbot, window)
    view.grid.place.go(2, [norm])
    typed(view, "7.5")
    press(view, Qt.Key.Key_Return)
    idle(qtbot, window)
    assert len(kept(window, "plate")) == 3
    assert not session(window).drafts


def test_what_is_half_typed_or_wrong_is_there_again(window: Window, qtbot: QtBot) -> None:
    view = three_rows(qtbot, window)
    path = session(window).ledger.path
    view.grid.place.go(0, [view.grid.model.column_of("bought")])
    typed(view, "某日")
    press(view, Qt.Key.Key_Return)
    view.new()
    press(view, Qt.Key.Key_Tab)
    typed(view, "没有车牌的车")
    press(view, Qt.Key.Key_Return)
    idle(qtbot, window)
    assert len(session(window).drafts) == 2
    window.show_start()
    window.open_ledger(path)
    view = register(qtbot, window)
    assert cells(view, "plate", "model", "bought") == [
        ["苏B1234警", "帕萨特", "某日"],
        ["苏B5678警", "宏光", ""],
        ["苏B9012警", "捷达", ""],
        ["", "没有车牌的车", ""],
    ]
    assert "某日" in view.grid.model.wrong(0, view.grid.model.column_of("bought"))
    view.grid.place.go(3, [0])
    typed(view, "苏B7777警")
    press(view, Qt.Key.Key_Return)
    idle(qtbot, window)
    assert "苏B7777警" in kept(window, "plate")


def test_filter_and_order(window: Window, qtbot: QtBot) -> None:
    view = three_rows(qtbot, window)
    view.look_up()
    line = view.grid.table.frozen.head.filters[0]
    line.setText("苏B9")
    qtbot.wait(400)
    idle(qtbot, window)
    assert cells(view, "plate") == [["苏B9012警"]]
    assert view.grid.totals.words()[""] == "共 1 行"
    view.filter_button.setChecked(False)
    idle(qtbot, window)
    assert len(cells(view, "plate")) == 3
    column = view.grid.model.column_of("model")
    view.grid.look.sort(column)
    idle(qtbot, window)
    up = cells(view, "model")
    view.grid.look.sort(column)
    idle(qtbot, window)
    assert cells(view, "model") == up[::-1]
    assert up == sorted(up)
    view.grid.look.sort(column)
    idle(qtbot, window)
    assert cells(view, "plate") == [["苏B1234警"], ["苏B5678警"], ["苏B9012警"]]


def test_the_form_beside_the_grid_shows_the_row_and_saves_once(window: Window, qtbot: QtBot) -> None:
    view = three_rows(qtbot, window)
    view.grid.place.go(1, [1])
    view.show_form(True)
    idle(qtbot, window)
    assert view.pane is not None
    form = view.pane.entry.form
    assert form.boxes["plate"].editor.typed() == "苏B5678警"
    typed(view, "五菱")
    press(view, Qt.Key.Key_Tab)
    idle(qtbot, window)
    assert form.boxes["model"].editor.typed() == "五菱", "what is typed in the grid is seen in the form"
    before = len(history.entries(session(window).ledger))
    press(view, Qt.Key.Key_Return)
    idle(qtbot, window)
    assert len(history.entries(session(window).ledger)) == before + 1
    assert form.boxes["plate"].editor.typed() == "苏B9012警"
    form.boxes["model"].editor.set_typed("捷达王")
    idle(qtbot, window)
    assert cells(view, "model")[2] == ["捷达王"], "what is typed in the form is seen in the grid"
    view.grid.place.go(0, [1])
    idle(qtbot, window)
    assert len(history.entries(session(window).ledger)) == before + 2
    assert not session(window).drafts


def test_rows_are_reached_from_elsewhere(window: Window, qtbot: QtBot) -> None:
    three_rows(qtbot, window)
    assert window.desk is not None
    found = session(window).ledger.every(REGISTER)[1]
    window.desk.open("problems")
    window.desk.show_record(REGISTER, found.id)
    idle(qtbot, window)
    page = window.desk.made["registers"]
    assert isinstance(page, RegistersPage)
    view = page.view()
    assert view is not None
    assert window.desk.shown == "registers"
    assert view.grid.model.rows.identifier(view.grid.place.row()) == found.id
    assert view.pane is not None
    assert view.pane.identifier == found.id


REFUELS = "official_vehicles.refuel"


def test_what_the_rules_find_is_marked_at_its_row_and_let_pass_with_a_reason(window: Window, qtbot: QtBot) -> None:
    view = register(qtbot, window)
    view.open_paste("车牌号\t油箱容积\n苏B0001警\t50\n")
    idle(qtbot, window)
    view.paste.enter()
    idle(qtbot, window)
    view = register(qtbot, window, REFUELS)
    view.open_paste("日期\t车辆\t加油量\n2021-3-4\t苏B0001警\t45\n2021-3-9\t苏B0001警\t80\n")
    idle(qtbot, window)
    view.paste.enter()
    idle(qtbot, window)
    litres = view.grid.model.column_of("litres")
    view.grid.place.go(1, [litres])

    def words_at(row: int) -> str:
        mark = view.grid.model.cell(row, 0).mark
        return mark[1] if mark is not None else ""

    qtbot.waitUntil(lambda: "油箱" in words_at(1))
    assert "油箱" not in words_at(0)
    assert view.finding.isVisibleTo(view)
    count = len(view.finding.found)
    while "油箱" not in view.finding.words.text():
        view.finding.next.click()
    view.finding.begin.click()
    view.finding.reason.setText("加到油桶里备用")
    view.finding.keep.click()
    qtbot.waitUntil(lambda: "油箱" not in words_at(1))
    assert len(view.finding.found) == count - 1
    kept_reasons = [getattr(one, "reason", "") for one in session(window).ledger.every("waiver")]
    assert kept_reasons == ["加到油桶里备用"]


def test_a_hard_rule_refuses_the_row_and_says_so_at_its_cell(window: Window, qtbot: QtBot) -> None:
    view = register(qtbot, window)
    bought, retired = (view.grid.model.column_of(name) for name in ("bought", "retired_on"))
    for column, words in ((0, "苏B1234警"), (bought, "2019-1-2"), (retired, "2018-1-2")):
        view.grid.place.go(0, [column])
        typed(view, words)
        press(view, Qt.Key.Key_Tab)
    view.grid.place.go(0, [bought])
    press(view, Qt.Key.Key_Return)
    idle(qtbot, window)
    assert kept(window, "plate") == []
    wrong = [column for column in (bought, retired) if view.grid.model.wrong(0, column)]
    assert wrong, "the cell the rule stands against is marked"
    view.grid.place.go(0, wrong)
    assert view.grid.said.words.text() == view.grid.model.wrong(0, wrong[0])
    view.grid.place.go(0, [retired])
    typed(view, "2020-1-2")
    press(view, Qt.Key.Key_Return)
    idle(qtbot, window)
    assert kept(window, "plate") == ["苏B1234警"]
