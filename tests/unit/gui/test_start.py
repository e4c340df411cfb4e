"""The first page: what a new ledger is asked, Enter from field to field, recent ledgers that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.ledger import history
from db.schema.records import Inspection
from desktop_app import settings as machine
from desktop_app.gui.window import Window
from desktop_app.rectification import ledgers, problem_list


@pytest.fixture
def window(home: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Window]:
    """The window on its first page; one recent ledger is there, one is gone."""
    there = tmp_path / "在的.zgl"
    ledgers.new_ledger(there, "某市公安局东湖分局", "王某").close()
    made = Window(machine.Settings(recent=(str(there), str(tmp_path / "不在的.zgl"))))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def at() -> QWidget:
    """Where the keys go."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key) -> None:
    QTest.keyClick(at(), key)


def typed(words: str) -> None:
    QTest.keyClicks(at(), words)


def test_enter_leads_from_the_unit_into_the_ledger_and_the_round_is_made_with_it(
    window: Window, tmp_path: Path
) -> None:
    assert window.start is not None
    new = window.start.new
    new.unit.setFocus()
    new.unit.insert("某市公安局西湖分局")
    press(Qt.Key.Key_Return)
    assert at() is new.round
    new.round.insert("2021年市委第三轮巡察")
    press(Qt.Key.Key_Return)
    typed("2021-12-3")
    press(Qt.Key.Key_Return)
    assert at() is new.actor
    new.actor.setText("李某")
    press(Qt.Key.Key_Return)
    new.file.setText(str(tmp_path / "西湖"))
    press(Qt.Key.Key_Return)
    assert window.desk is not None
    ledger = window.desk.session.ledger
    (made,) = ledger.all(Inspection)
    assert (made.title, made.feedback_date) == ("2021年市委第三轮巡察", date(2021, 12, 3))
    assert [(one.sentence, one.actor) for one in history.entries(ledger)][:2] == [
        ("新增巡察轮次：2021年市委第三轮巡察", "李某"),
        ("新建台账：某市公安局西湖分局", "李某"),
    ]
    unit = ledgers.own_unit(ledger, ledger)
    assert unit is not None
    assert problem_list.next_of(ledger, unit.id) == (1, made.id), "the first problem is of the only round"


def test_what_is_wrong_is_said_and_the_cursor_stands_there(window: Window, tmp_path: Path) -> None:
    assert window.start is not None
    new = window.start.new
    new.file.setText(str(tmp_path / "西湖.zgl"))
    new.unit.setFocus()
    press(Qt.Key.Key_Return)
    assert "单位名称" in new.wrong.text()
    assert at() is new.unit
    new.unit.setText("某市公安局西湖分局")
    new.day.line.setText("去年冬天")
    new.begin.click()
    assert "去年冬天" in new.wrong.text()
    assert at() is new.day.line
    new.day.line.setText("2021-12-3")
    new.begin.click()
    assert "轮次" in new.wrong.text()
    assert at() is new.round
    assert not (tmp_path / "西湖.zgl").exists()


def test_a_round_is_not_asked_for(window: Window, tmp_path: Path) -> None:
    assert window.start is not None
    new = window.start.new
    new.unit.setText("某市公安局西湖分局")
    new.file.setText(str(tmp_path / "西湖.zgl"))
    new.begin.click()
    assert window.desk is not None
    assert window.desk.session.ledger.count(Inspection) == 0


def test_a_recent_ledger_that_is_gone_is_told_and_can_be_taken_off_the_list(window: Window, home: Path) -> None:
    start = window.start
    assert start is not None
    shown = [start.recent.item(at).text() for at in range(start.recent.count())]
    assert "找不到" not in shown[0]
    assert "找不到" in shown[1]
    start.recent.setCurrentRow(1)
    start.recent.itemActivated.emit(start.recent.item(1))
    assert window.start is start
    assert "不在的.zgl" in start.gone.text()
    start.forget.click()
    assert start.recent.count() == 1
    assert start.gone.isHidden()
    assert [Path(one).name for one in machine.load().recent] == ["在的.zgl"]
    start.recent.itemActivated.emit(start.recent.item(0))
    assert window.desk is not None
