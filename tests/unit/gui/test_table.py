"""The one table of the window: what is chosen stays, it sorts as a clerk expects, it copies, its widths are remembered."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.gui import paste_read
from desktop_app.gui.session import Session
from desktop_app.gui.table import Column, Table, TablePane
from desktop_app.gui.table_rows import TableRows


@dataclass(frozen=True)
class Item:
    name: str
    count: int = 0
    words: str = ""


COLUMNS = (
    Column[Item]("单位", lambda one: one.name),
    Column[Item]("条数", lambda one: one.count, by=lambda one: one.count, number=True),
    Column[Item]("说明", lambda one: one.words, wide=True, least=200),
)
SOME = [Item("重庆", 10), Item("安徽", 9, "第一行\n第二行"), Item("北京", 100, 'tab\t"引号"')]


@pytest.fixture
def table(qtbot: QtBot) -> Table[Item]:
    made = Table(COLUMNS, "清单", many=True, same=lambda one: one.name)
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    made.show_rows(SOME)
    return made


def names(table: Table[Item]) -> list[str]:
    return [one.name for one in table.rows]


def test_it_sorts_up_then_down_then_as_it_was(table: Table[Item]) -> None:
    table.sort(0)
    assert names(table) == ["安徽", "北京", "重庆"], "by reading"
    assert table.source.headerData(0, Qt.Orientation.Horizontal) == "单位 ↑"
    table.sort(0)
    assert names(table) == ["重庆", "北京", "安徽"]
    table.sort(0)
    assert names(table) == ["重庆", "安徽", "北京"]
    table.sort(1)
    assert [one.count for one in table.rows] == [9, 10, 100], "by value, not by digits"


def test_what_is_empty_stands_last_both_ways(table: Table[Item]) -> None:
    for down in (False, True):
        table.sort_by(2, down)
        assert table.rows[-1].name == "重庆"


@given(
    st.lists(st.builds(Item, st.text("甲乙丙第0123", max_size=4), st.integers(0, 9))), st.integers(-1, 2), st.booleans()
)
def test_sorting_loses_nothing_and_can_be_undone(items: list[Item], at: int, down: bool) -> None:
    rows = TableRows(COLUMNS)
    rows.show(items)
    rows.sort_by(at, down)
    assert sorted(map(repr, rows.rows)) == sorted(map(repr, items))
    rows.sort_by(-1, False)
    assert rows.rows == items


def test_what_is_chosen_stays_chosen_or_gives_its_place(table: Table[Item]) -> None:
    table.choose(lambda one: one.name == "北京")
    table.sort(0)
    assert [one.name for one in table.selected()] == ["北京"]
    table.show_rows([Item("北京", 5), *SOME[:2]])
    chosen = table.chosen()
    assert chosen is not None
    assert chosen.count == 5, "the same thing, read again"
    at = names(table).index("北京")
    table.show_rows(SOME[:2])
    chosen = table.chosen()
    assert chosen is not None
    assert chosen.name == names(table)[min(at, 1)]
    table.show_rows([])
    assert table.chosen() is None


def test_nothing_is_chosen_where_nothing_should_be(table: Table[Item]) -> None:
    table.choose(lambda _one: False)
    table.show_rows(SOME, first=False)
    assert table.selected() == []


def test_it_is_copied_as_a_spreadsheet_takes_it(table: Table[Item]) -> None:
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    told = QGuiApplication.clipboard().text()
    assert paste_read.cells(told) == [[one.name, str(one.count), one.words] for one in SOME]
    table.copy(headed=True)
    assert QGuiApplication.clipboard().text().startswith("单位\t条数\t说明\n")


def test_keys_go_to_the_ends_and_open(table: Table[Item], qtbot: QtBot) -> None:
    table.choose(lambda one: one.name == "安徽")
    QTest.keyClick(table, Qt.Key.Key_End)
    assert [one.name for one in table.selected()] == ["北京"]
    QTest.keyClick(table, Qt.Key.Key_Home)
    assert [one.name for one in table.selected()] == ["重庆"]
    with qtbot.waitSignal(table.opened) as opened:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [SOME[0]]
    table.step(1)
    assert [one.name for one in table.selected()] == ["安徽"]


def test_the_wide_column_takes_the_room_and_the_first_one_stays(table: Table[Item], qtbot: QtBot) -> None:
    assert sum(table.columnWidth(at) for at in range(3)) == table.viewport().width()
    assert not table.fixed.isVisible()
    table.resize(260, 300)
    qtbot.waitUntil(table.fixed.isVisible)
    assert table.columnWidth(2) == 200
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    table.choose(lambda one: one.name == "重庆")
    assert table.horizontalScrollBar().value() == table.horizontalScrollBar().maximum()
    QTest.mouseClick(table.fixed.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 36 + 18))
    assert [one.name for one in table.selected()] == ["安徽"]


def test_widths_are_remembered_for_each_ledger(session: Session, qtbot: QtBot) -> None:
    def opened(name: str) -> Table[Item]:
        made = Table(COLUMNS, "清单")
        qtbot.addWidget(made)
        made.remember(session, name)
        made.resize(700, 300)
        made.show()
        made.show_rows(SOME)
        return made

    first = opened("清单")
    usual = first.columnWidth(0)
    first.setColumnWidth(0, usual + 77)
    assert sum(first.columnWidth(at) for at in range(3)) == first.viewport().width(), "the wide one gives way"
    first._keep()
    assert opened("清单").columnWidth(0) == usual + 77
    assert opened("另一个").columnWidth(0) == usual
    first.fit_again()
    assert first.columnWidth(0) == usual


def test_an_empty_one_says_one_sentence_with_one_button(qtbot: QtBot) -> None:
    act = QPushButton("收…")
    pane = TablePane(Table(COLUMNS, "清单"), "还没有收到过。", act)
    qtbot.addWidget(pane)
    pane.show()
    pane.show_rows([])
    assert pane.currentWidget() is pane.blank
    assert act.isVisible()
    pane.show_rows([], "没有符合筛选的。")
    assert pane.blank.words.text() == "没有符合筛选的。"
    assert not act.isVisible()
    pane.show_rows(SOME)
    assert pane.currentWidget() is pane.table
    assert pane.table.chosen() == SOME[0]


def test_a_screen_reader_hears_what_a_cell_is(table: Table[Item]) -> None:
    cell = table.source.index(2, 1)
    assert table.source.data(cell, Qt.ItemDataRole.AccessibleTextRole) == "条数：100"
    assert table.accessibleName() == "清单"
