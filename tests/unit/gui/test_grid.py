"""A grid as a spreadsheet: keys, composing Chinese in a cell, blocks of cells, undo, drafts, what is wrong, many rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.ledger import history
from db.ledger.change import Deed, Edit, new_id
from db.schema.record import Record
from desktop_app.gui import grid_memory
from desktop_app.gui.grid import Grid
from desktop_app.gui.grid_model import CELL, Extra
from desktop_app.gui.grid_rows import PAGE
from desktop_app.gui.session import Session
from desktop_app.rectification.rows import Order
from desktop_app.rectification.rows_filters import Filter

NAME = "regulation"
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def idle(qtbot: QtBot, session: Session) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: not session.busy())
        qtbot.wait(10)


def make(session: Session, *values: dict[str, Any]) -> list[str]:
    """Records of the schema, in the order given."""
    ids = sorted(new_id() for _ in values)
    edits = tuple(Edit(NAME, i, one) for i, one in zip(ids, values, strict=True))
    session.ledger.act(Deed("准备", "王某", edits))
    return ids


@pytest.fixture
def grid(session: Session, qtbot: QtBot) -> Iterator[Grid]:
    """The grid of a schema of the core, over three rows."""
    make(session, {"title": "甲制度"}, {"title": "乙制度", "issued": date(2021, 5, 6)}, {"title": "丙制度"})
    made = Grid(session, session.ledger.schema(NAME))
    session.announced.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    made.activateWindow()
    made.model.rows.show(made.look.view())
    idle(qtbot, session)
    yield made
    session.announced.disconnect(made.hear)


def at(grid: Grid, name: str) -> int:
    return grid.model.column_of(name)


def target(grid: Grid) -> QWidget:
    line = grid.place.open_line()
    return line if line is not None else grid.table.table_of(grid.place.column())


def press(grid: Grid, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN, text: str = "") -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target(grid), QKeyEvent(kind, key, modifiers, text))


def typed(grid: Grid, words: str) -> None:
    for letter in words:
        press(grid, Qt.Key.Key_A, text=letter)


def column(grid: Grid, name: str) -> list[str]:
    return [grid.model.words(row, at(grid, name)) for row in range(grid.model.rowCount() - 1)]


def kept(session: Session, name: str) -> list[Any]:
    found: list[Record] = sorted(session.ledger.every(NAME), key=lambda one: one.id)
    return [getattr(one, name) for one in found]


def test_rows_are_shown_with_an_entry_row_below(grid: Grid) -> None:
    assert column(grid, "title") == ["甲制度", "乙制度", "丙制度"]
    assert column(grid, "issued") == ["", "2021-05-06", ""]
    assert grid.model.headerData(3, Qt.Orientation.Vertical) == "＊"
    assert grid.totals.words()[""] == "共 3 行"


def test_typing_over_a_cell_and_leaving_the_row_saves_it(grid: Grid, session: Session, qtbot: QtBot) -> None:
    grid.place.go(0, [at(grid, "issued")])
    typed(grid, "11.3")
    press(grid, Qt.Key.Key_Backtab, SHIFT)
    assert column(grid, "issued")[0].endswith("-11-03"), "a readable value is written the usual way at once"
    assert kept(session, "issued")[0] is None, "a row is saved when it is left"
    press(grid, Qt.Key.Key_Return)
    idle(qtbot, session)
    assert str(kept(session, "issued")[0]).endswith("-11-03")
    assert not session.drafts


def test_escape_gives_up_what_is_typed(grid: Grid, session: Session) -> None:
    grid.place.go(0, [at(grid, "title")])
    typed(grid, "别的")
    press(grid, Qt.Key.Key_Escape)
    assert column(grid, "title")[0] == "甲制度"
    typed(grid, "别的")
    press(grid, Qt.Key.Key_Tab)
    press(grid, Qt.Key.Key_Tab, SHIFT)
    assert column(grid, "title")[0] == "别的"
    press(grid, Qt.Key.Key_Escape)
    assert column(grid, "title")[0] == "甲制度", "on the cell Escape takes back what is not saved"
    assert not session.drafts


def test_f2_goes_on_writing(grid: Grid) -> None:
    grid.place.go(0, [at(grid, "title")])
    press(grid, Qt.Key.Key_F2)
    typed(grid, "（试行）")
    press(grid, Qt.Key.Key_Return)
    assert column(grid, "title")[0] == "甲制度（试行）"


def test_what_is_wrong_stays_is_marked_and_told(grid: Grid, session: Session, qtbot: QtBot) -> None:
    issued = at(grid, "issued")
    grid.place.go(0, [issued])
    typed(grid, "某日")
    press(grid, Qt.Key.Key_Return)
    idle(qtbot, session)
    assert "第 1 行没有保存" in grid.said.words.text()
    grid.place.go(0, [issued])
    assert "某日" in grid.said.words.text()
    cell = grid.model.index(0, issued).data(CELL)
    assert (cell.words, cell.unsaved) == ("某日", True)
    assert cell.wrong
    assert kept(session, "issued")[0] is None
    assert len(session.drafts) == 1


def test_a_new_row_needs_what_is_required(grid: Grid, session: Session, qtbot: QtBot) -> None:
    grid.new()
    assert grid.place.row() == 3
    grid.place.go(3, [at(grid, "issued")])
    typed(grid, "20211103")
    press(grid, Qt.Key.Key_Return)
    idle(qtbot, session)
    assert "还缺" in grid.said.words.text()
    assert grid.model.rowCount() == 5, "the row stays, and a new entry row stands below it"
    assert len(kept(session, "title")) == 3
    grid.place.go(3, [at(grid, "title")])
    typed(grid, "丁制度")
    press(grid, Qt.Key.Key_Return)
    idle(qtbot, session)
    assert kept(session, "title")[3] == "丁制度"
    assert column(grid, "title")[3] == "丁制度"


def test_enter_on_the_empty_last_row_says_what_it_is_for(grid: Grid) -> None:
    grid.new()
    press(grid, Qt.Key.Key_Return)
    assert grid.place.row() == 3
    assert "新增一行" in grid.said.words.text()


def test_a_row_that_is_begun_and_emptied_goes(grid: Grid, session: Session, qtbot: QtBot) -> None:
    grid.place.go(3, [at(grid, "title")])
    typed(grid, "丁")
    press(grid, Qt.Key.Key_Tab)
    assert grid.model.rowCount() == 5
    grid.place.go(3, [at(grid, "title")])
    press(grid, Qt.Key.Key_Delete)
    idle(qtbot, session)
    assert grid.model.rowCount() == 4
    assert not session.drafts


def test_undo_takes_back_what_is_typed_and_then_deeds(grid: Grid, session: Session, qtbot: QtBot) -> None:
    title = at(grid, "title")
    grid.place.go(0, [title])
    typed(grid, "一")
    press(grid, Qt.Key.Key_Return)
    idle(qtbot, session)
    grid.place.go(1, [title])
    typed(grid, "二")
    press(grid, Qt.Key.Key_Tab)
    press(grid, Qt.Key.Key_Z, CONTROL)
    assert column(grid, "title") == ["一", "乙制度", "丙制度"]
    press(grid, Qt.Key.Key_Z, CONTROL)
    idle(qtbot, session)
    assert column(grid, "title") == ["甲制度", "乙制度", "丙制度"]
    press(grid, Qt.Key.Key_Y, CONTROL)
    idle(qtbot, session)
    assert column(grid, "title") == ["一", "乙制度", "丙制度"]


def test_cells_from_the_row_above_and_today(grid: Grid, session: Session) -> None:
    issued = at(grid, "issued")
    grid.place.go(2, [issued])
    press(grid, Qt.Key.Key_D, CONTROL)
    assert column(grid, "issued")[2] == "2021-05-06"
    grid.place.go(0, [issued])
    press(grid, Qt.Key.Key_Semicolon, CONTROL)
    assert column(grid, "issued")[0] == session.today().isoformat()


def test_several_rows_are_filled_and_emptied_in_one_deed(grid: Grid, session: Session, qtbot: QtBot) -> None:
    issued = at(grid, "issued")
    grid.place.go(1, [issued])
    press(grid, Qt.Key.Key_Down, SHIFT)
    assert grid.place.block() == (1, 2, [issued])
    press(grid, Qt.Key.Key_D, CONTROL)
    press(grid, Qt.Key.Key_S, text="")
    grid.save()
    idle(qtbot, session)
    assert [str(one) for one in kept(session, "issued")] == ["None", "2021-05-06", "2021-05-06"]
    before = len(history.entries(session.ledger))
    grid.place.go(1, [issued])
    press(grid, Qt.Key.Key_Down, SHIFT)
    press(grid, Qt.Key.Key_Delete)
    idle(qtbot, session)
    assert kept(session, "issued") == [None, None, None]
    assert len(history.entries(session.ledger)) == before + 1
    session.undo()
    idle(qtbot, session)
    assert column(grid, "issued")[1:] == ["2021-05-06", "2021-05-06"]


def test_copy_and_paste_of_cells(grid: Grid, session: Session, qtbot: QtBot) -> None:
    title, issued = at(grid, "title"), at(grid, "issued")
    grid.place.go(1, [title])
    grid.place.extend((1, title), 2, issued)
    grid.copy()
    text = QApplication.clipboard().text()
    lines = [line.split("\t") for line in text.split("\n")]
    assert (lines[0][0], lines[1][0]) == ("乙制度", "丙制度")
    assert "2021-05-06" in lines[0]
    QApplication.clipboard().setText("丁制度")
    grid.place.go(0, [title])
    press(grid, Qt.Key.Key_V, CONTROL)
    assert column(grid, "title")[0] == "丁制度"
    with qtbot.waitSignal(grid.paste_wanted) as asked:
        QApplication.clipboard().setText("一\n二\n")
        press(grid, Qt.Key.Key_V, CONTROL)
    assert asked.args == ["一\n二\n"]


def test_deleting_rows_is_one_deed_that_comes_back(grid: Grid, session: Session, qtbot: QtBot) -> None:
    grid.place.go(0, [0])
    press(grid, Qt.Key.Key_Down, SHIFT)
    press(grid, Qt.Key.Key_Minus, CONTROL)
    idle(qtbot, session)
    assert column(grid, "title") == ["丙制度"]
    session.undo()
    idle(qtbot, session)
    assert column(grid, "title") == ["甲制度", "乙制度", "丙制度"]


@pytest.mark.parametrize("name", ["unit", "title"])
def test_chinese_is_composed_in_the_cell(grid: Grid, name: str) -> None:
    """The first letter of a composition opens the cell, and what is composed goes on in it (also in the first column)."""
    place = at(grid, name)
    grid.place.go(0, [place])
    table = grid.table.table_of(place)
    table.setFocus()
    for preedit in ("z", "zd"):
        QApplication.sendEvent(table, QInputMethodEvent(preedit, []))
    committed = QInputMethodEvent("", [])
    committed.setCommitString("制度")
    QApplication.sendEvent(table, committed)
    line = grid.place.open_line()
    assert line is not None
    assert line.text() == "制度"
    press(grid, Qt.Key.Key_Return)
    assert column(grid, name)[0] == "制度"


def test_left_and_right_cross_the_first_column(grid: Grid) -> None:
    grid.place.go(0, [0])
    first, second = grid.place.columns()[:2]
    press(grid, Qt.Key.Key_Right)
    assert grid.place.column() == second
    assert grid.table.hasFocus()
    press(grid, Qt.Key.Key_Left)
    assert grid.place.column() == first
    assert grid.table.frozen.hasFocus()
    press(grid, Qt.Key.Key_End)
    assert grid.place.column() == grid.place.columns()[-1]
    index = grid.model.index(0, grid.place.columns()[2])
    grid.table.scrollTo(index)
    assert grid.table.visualRect(index).left() >= grid.table.frozen.width(), "no cell hides behind the first column"


def test_sorted_and_filtered(grid: Grid, session: Session, qtbot: QtBot) -> None:
    grid.look.sort_by(Order("issued"))
    idle(qtbot, session)
    assert column(grid, "issued")[0] == "2021-05-06"
    grid.look.sort_by(None)
    grid.look.filters = (Filter("title", "contains", "丙"),)
    grid.look.viewed.emit()
    idle(qtbot, session)
    assert column(grid, "title") == ["丙制度"]
    grid.look.clear()
    idle(qtbot, session)
    assert len(column(grid, "title")) == 3


def test_a_filter_that_cannot_be_read_is_told(grid: Grid, session: Session, qtbot: QtBot) -> None:
    grid.look.show_filters(True)
    line = grid.table.head.filters[at(grid, "issued")]
    line.setText(">=某日")
    grid.look.viewed.emit()
    assert line.property("wrong") is True
    assert "某日" in grid.said.words.text()
    idle(qtbot, session)


def test_widths_and_columns_are_remembered(grid: Grid, session: Session, qtbot: QtBot) -> None:
    grid.table.setColumnWidth(1, 222)
    grid.look.show_column(2, False)
    grid.look._save()
    names = [one.name for one in grid.model.fields]
    looks = grid_memory.load(NAME)
    assert looks.widths[names[1]] == 222
    assert looks.hidden == (names[2],)
    again = Grid(session, session.ledger.schema(NAME))
    qtbot.addWidget(again)
    assert again.table.columnWidth(1) == 222
    assert again.table.isColumnHidden(2)
    assert 2 not in again.place.columns()


def test_marks_and_computed_columns(session: Session, qtbot: QtBot) -> None:
    ids = make(session, {"title": "甲"}, {"title": "乙"})
    extra = [Extra("length", "字数", True)]

    def reckon(records: Any) -> list[dict[str, str]]:
        return [{"length": str(len(one.title))} for one in records]

    grid = Grid(session, session.ledger.schema(NAME), extra=extra, reckon=reckon)
    qtbot.addWidget(grid)
    grid.model.rows.show(grid.look.view())
    idle(qtbot, session)
    last = grid.model.columnCount() - 1
    assert grid.model.words(0, last) == "1"
    assert not grid.model.flags(grid.model.index(0, last)) & Qt.ItemFlag.ItemIsEditable
    assert grid.model.index(0, last).data(CELL).computed
    grid.set_marks({ids[1]: ("soft", "要核对：没有文号。")})
    assert grid.model.index(1, 0).data(CELL).mark == ("soft", "要核对：没有文号。")
    assert "没有文号" in grid.model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert grid.model.index(0, 0).data(CELL).mark is None


def test_nothing_can_be_typed_where_it_is_read_only(session: Session, qtbot: QtBot) -> None:
    make(session, {"title": "甲"})
    grid = Grid(session, session.ledger.schema(NAME), read_only=True)
    qtbot.addWidget(grid)
    grid.show()
    grid.model.rows.show(grid.look.view())
    idle(qtbot, session)
    grid.place.go(0, [at(grid, "title")])
    typed(grid, "别的")
    press(grid, Qt.Key.Key_Delete)
    assert column(grid, "title") == ["甲"]
    assert grid.model.rowCount() == 2
    assert not session.drafts


def test_rows_far_down_are_read_when_they_are_looked_at(session: Session, qtbot: QtBot) -> None:
    count = 12 * PAGE + 7
    make(session, *({"title": f"制度{number:05d}"} for number in range(count)))
    grid = Grid(session, session.ledger.schema(NAME))
    session.announced.connect(grid.hear)
    qtbot.addWidget(grid)
    grid.show()
    grid.model.rows.show(grid.look.view())
    idle(qtbot, session)
    assert grid.model.rowCount() == count + 1
    far = count - 3
    assert grid.model.rows.loading(far)
    assert grid.model.index(far, 0).data(CELL).loading
    idle(qtbot, session)
    assert grid.model.words(far, at(grid, "title")) == f"制度{far:05d}"
    grid.place.go(far, [at(grid, "title")])
    typed(grid, "改过的")
    press(grid, Qt.Key.Key_Return)
    idle(qtbot, session)
    assert kept(session, "title")[far] == "改过的"
    found: list[int | None] = []
    grid.model.rows.find(session.ledger.every(NAME, title="制度00003")[0].id, found.append)
    grid.model.rows.find(session.ledger.every(NAME, title="制度01500")[0].id, found.append)
    idle(qtbot, session)
    assert found == [3, 1500]


def test_what_others_do_is_seen(grid: Grid, session: Session, qtbot: QtBot) -> None:
    ids = sorted(one.id for one in session.ledger.every(NAME))
    session.do(lambda: session.ledger.act(Deed("改", "王某", (Edit(NAME, ids[0], {"title": "改了"}),))))
    idle(qtbot, session)
    assert column(grid, "title")[0] == "改了"
    session.do(lambda: session.ledger.act(Deed("加", "王某", (Edit(NAME, new_id(), {"title": "丁"}),))))
    idle(qtbot, session)
    assert column(grid, "title") == ["改了", "乙制度", "丙制度", "丁"]
