"""The palette: what is found and offered as one types, the keys in it, and that no composing is ever lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, create, edit
from db.schema.records import Measure, Problem, Unit
from desktop_app.gui import connections
from desktop_app.gui.desk import Desk
from desktop_app.gui.palette import Palette
from desktop_app.gui.palette_list import HEADING, ITEM, MORE, Line
from desktop_app.gui.palette_sources import page_deeds
from desktop_app.gui.session import Session


@pytest.fixture
def desk(session: Session, qtbot: QtBot) -> Iterator[Desk]:
    """A window with two problems and a measure in its ledger."""
    ledger = session.ledger
    unit = ledger.all(Unit)[0]
    first = create(Problem, unit=unit.id, number=1, title="查办案件尚有不足")
    second = create(Problem, unit=unit.id, number=2, title="重庆路派出所加油登记不全")
    measure = create(Measure, problem=first.id, number=1, lead="完善机制", body="每月比对加油记录，共12,345元。")
    ledger.act(Deed("录入", "王某", (first, second, measure)))
    made = Desk(session)
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.open("problems")
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close_down()


def opened(desk: Desk) -> Palette:
    desk.finding.open()
    return desk.finding.made()


def asked(qtbot: QtBot, palette: Palette, typed: str) -> list[Line]:
    """The rows once everything was found."""
    palette.entry.setText(typed)
    qtbot.waitUntil(lambda: palette._answer is not None and palette._answer.typed == typed and palette._answer.whole)
    return palette.list.lines.lines


def items(lines: list[Line], heading: str) -> list[str]:
    """The words of the rows under a heading."""
    found: list[str] = []
    under = ""
    for line in lines:
        if line.sort == HEADING:
            under = line.words
        elif under == heading and line.sort == ITEM:
            found.append(line.words)
    return found


def test_records_are_found_by_part_pinyin_and_number(desk: Desk, qtbot: QtBot) -> None:
    palette = opened(desk)
    assert items(asked(qtbot, palette, "加油"), "记录")[:2] == ["2. 重庆路派出所加油登记不全", "完善机制"]
    row = next(one for one in palette.list.lines.lines if one.target and one.words == "完善机制")
    assert row.below[row.below_marks[0][0] : row.below_marks[0][1]] == "加油"
    for typed in ("cqlpcs", "zqlpcs", "chongqinglu", "zhongqinglu", "重庆路 登记"):
        assert items(asked(qtbot, palette, typed), "记录") == ["2. 重庆路派出所加油登记不全"], typed
    title = next(one for one in asked(qtbot, palette, "cqlpcs") if one.target)
    assert title.words[title.marks[0][0] : title.marks[0][1]] == "重庆路派出所"
    assert items(asked(qtbot, palette, "12345"), "记录") == ["完善机制"]
    assert items(asked(qtbot, palette, "没有这样的字"), "记录") == []
    assert palette.none.isVisible()
    assert "没有找到" in palette.none.text()


def test_what_was_just_done_is_found(desk: Desk, qtbot: QtBot) -> None:
    palette = opened(desk)
    assert items(asked(qtbot, palette, "滨湖"), "记录") == []
    problem = desk.session.ledger.all(Problem)[0]
    desk.session.ledger.act(Deed("修改", "王某", (edit(problem, title="滨湖分局"),)))
    palette.entry.setText("")
    assert items(asked(qtbot, palette, "滨湖"), "记录") == ["1. 滨湖分局"]
    desk.session.ledger.undo("王某")
    palette.entry.setText("")
    assert items(asked(qtbot, palette, "滨湖"), "记录") == []


def test_pages_commands_and_help_by_chinese_pinyin_and_english(desk: Desk, qtbot: QtBot) -> None:
    palette = opened(desk)
    for typed in ("撤销", "cx", "undo"):
        lines = asked(qtbot, palette, typed)
        assert "撤销上一步" in items(lines, "命令"), typed
        assert next(one for one in lines if one.words == "撤销上一步").keys == "Ctrl+Alt+Z"
    for typed in ("交换", "jiaohuan", "exchange"):
        assert "交换" in items(asked(qtbot, palette, typed), "页面"), typed
    assert any("时限" in one for one in items(asked(qtbot, palette, "时限"), "帮助"))


def test_every_key_of_the_window_is_a_command_that_is_found(desk: Desk, qtbot: QtBot) -> None:
    """The table of commands is what gives the keys and what the palette looks through."""
    table = connections.commands(desk)
    assert [one.keys for one in table if one.keys] == [key for key, _words, _act in connections.shortcuts(desk)]
    palette = opened(desk)
    offered = {one.words for some in palette._offered.values() for one in some}
    assert {one.page or one.words for one in table} <= offered
    assert len({one.words for one in table}) == len(table)
    assert all(one.english.isascii() and one.english for one in table)


def test_the_buttons_of_the_page_are_offered(desk: Desk, qtbot: QtBot) -> None:
    page = desk.open("exchange")
    words = {one.words for one in page_deeds(page, set())}
    assert words
    some = next(one for one in page_deeds(page, set()) if one.side == "本页")
    palette = opened(desk)
    assert some.words in [one.words for one in asked(qtbot, palette, some.words)]


def test_keys_choose_open_and_close(desk: Desk, qtbot: QtBot) -> None:
    shown: list[tuple[str, str]] = []
    desk.finding.record_wanted.connect(lambda record, identifier: shown.append((record, identifier)))
    desk.setFocus()
    palette = opened(desk)
    lines = asked(qtbot, palette, "加油")
    assert palette.list.currentIndex().row() == 1
    QTest.keyClick(palette.entry, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 2
    assert "完善机制" in palette.entry.accessibleDescription()
    QTest.keyClick(palette.entry, Qt.Key.Key_Up)
    QTest.keyClick(palette.entry, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == len(lines) - 1
    QTest.keyClick(palette.entry, Qt.Key.Key_Tab)
    assert palette.list.currentIndex().row() == 1
    QTest.keyClick(palette.entry, Qt.Key.Key_Return)
    problem = next(one for one in desk.session.ledger.all(Problem) if one.number == 2)
    assert shown == [("problem", problem.id)]
    assert not palette.isVisible()
    opened(desk)
    QTest.keyClick(palette.entry, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_a_command_is_done_where_one_was(desk: Desk, qtbot: QtBot) -> None:
    palette = opened(desk)
    asked(qtbot, palette, "到历史 无")
    asked(qtbot, palette, "历史")
    row = next(at for at, one in enumerate(palette.list.lines.lines) if one.words == "历史" and one.keys)
    palette.list.choose(row)
    QTest.keyClick(palette.entry, Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: desk.shown == "history")


def test_composing_is_never_lost(desk: Desk, qtbot: QtBot) -> None:
    """While an input method composes, its keys are its own: nothing is chosen, nothing closes."""
    palette = opened(desk)
    QApplication.sendEvent(palette.entry, QInputMethodEvent("jia'you", []))
    before = palette.list.currentIndex().row()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape):
        QTest.keyClick(palette.entry, key)
    assert palette.isVisible()
    assert palette.list.currentIndex().row() == before
    done = QInputMethodEvent("", [])
    done.setCommitString("加油")
    QApplication.sendEvent(palette.entry, done)
    assert palette.entry.text() == "加油"
    qtbot.waitUntil(lambda: palette._answer is not None and palette._answer.typed == "加油")
    QTest.keyClick(palette.entry, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_nothing_typed_shows_the_latest_records(desk: Desk, qtbot: QtBot) -> None:
    palette = opened(desk)
    qtbot.waitUntil(lambda: bool(palette._recent))
    assert items(palette.list.lines.lines, "最近的记录")[:2] == ["完善机制", "2. 重庆路派出所加油登记不全"]
    assert items(palette.list.lines.lines, "命令")


def test_all_of_a_group_are_shown_by_themselves(desk: Desk, qtbot: QtBot) -> None:
    ledger = desk.session.ledger
    problem = ledger.all(Problem)[0]
    edits = tuple(create(Measure, problem=problem.id, number=n, lead=f"开展整改{n}") for n in range(2, 14))
    ledger.act(Deed("录入", "王某", edits))
    palette = opened(desk)
    lines = asked(qtbot, palette, "开展整改")
    at, more = next((at, one) for at, one in enumerate(lines) if one.sort == MORE)
    assert more.words == "查看全部 12 条"
    palette.list.choose(at)
    QTest.keyClick(palette.entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(items(palette.list.lines.lines, "记录（12 条）")) == 12)
    assert palette.list.lines.lines[0].side == "整改措施 12"
    QTest.keyClick(palette.entry, Qt.Key.Key_Escape)
    assert palette.isVisible()
    qtbot.waitUntil(lambda: any(one.sort == MORE for one in palette.list.lines.lines))


def test_an_earlier_question_is_not_answered(desk: Desk, qtbot: QtBot) -> None:
    palette = opened(desk)
    asked(qtbot, palette, "加油")
    for typed in ("加", "加油登", "加油登记", "查办"):
        palette.entry.setText(typed)
    answers: list[str] = []
    palette.search.ask("查", None, lambda answer: answers.append(answer.typed))
    palette.search.ask("查办", None, lambda answer: answers.append(answer.typed))
    qtbot.waitUntil(lambda: answers == ["查办"])
    QTest.qWait(50)
    assert answers == ["查办"]
