"""A clerk is told in the morning what is overdue, goes there, fills a month that was missed, strikes rows off a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.ledger import history
from db.ledger.change import Deed, Edit, new_id
from desktop_app import settings as machine
from desktop_app.gui import main
from desktop_app.gui.closing_tools import ClosingTools
from desktop_app.gui.duties_page import CALENDAR, DutiesPage
from desktop_app.gui.register_view import RegisterView
from desktop_app.gui.registers_page import RegistersPage
from desktop_app.gui.session import Session
from desktop_app.gui.window import Window
from desktop_app.rectification.reminders import Reminder

MATTER = "other.matter"
CAR = "official_vehicles.vehicle"
PUBLISHED = "official_vehicles.monthly_publish"
TODAY = date(2021, 11, 8)


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The window with a new ledger: one matter long overdue, one that has time, a car whose figures were never published."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    made = main.window(None)
    qtbot.addWidget(made)
    made.resize(1280, 760)
    made.show()
    assert made.new_ledger(tmp_path / "台账 一.zgl", "某市公安局东湖分局", "王某")
    until(made, lambda: MATTER in session(made).ledger.tables.records and not session(made).busy())
    put(made, MATTER, title="甲事", due=date(2021, 9, 1), kind="限期整改", progress="正在推进")
    put(made, MATTER, title="乙事", due=date(2099, 12, 31), kind="限期整改", progress="正在推进")
    put(made, CAR, plate="苏A1警", state="在用", bought=date(2021, 8, 1))
    yield made
    made.close()


def session(window: Window) -> Session:
    assert window.desk is not None
    return window.desk.session


def put(window: Window, schema: str, **values: Any) -> str:
    ledger, identifier = session(window).ledger, new_id()
    ledger.act(Deed("录入", "王某", (Edit(schema, identifier, values),)))
    return identifier


def until(window: Window, holds: Any, patience: int = 30_000) -> None:
    """Waits in an event loop, which leaves the threads their turn."""
    loop, ticks, held = QEventLoop(), QTimer(), [bool(holds())]

    def look() -> None:
        held[0] = bool(holds())
        if held[0]:
            loop.quit()

    ticks.timeout.connect(look)
    ticks.start(20)
    QTimer.singleShot(patience, loop.quit)
    if not held[0]:
        loop.exec()
    ticks.stop()
    assert held[0]


def idle(window: Window) -> None:
    """Waits until no job is under way, and a while longer for those that begin late."""
    for _ in range(3):
        until(window, lambda: not session(window).busy())
        rest(250)


def rest(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def duties(window: Window) -> DutiesPage:
    """The page, what it tells read anew: the rows of these tests are put in behind the window's back."""
    desk = window.desk
    assert desk is not None
    page = desk.open("duties")
    assert isinstance(page, DutiesPage)
    told: list[object] = []
    desk.duties.changed.connect(told.append)
    desk.duties.ask_soon()
    until(window, lambda: len(told) > 1 or (bool(told) and not session(window).busy()))
    desk.duties.changed.disconnect(told.append)
    return page


def reopen(window: Window) -> None:
    path = session(window).ledger.path
    window.show_start()
    assert window.open_ledger(path)
    desk = window.desk
    assert desk is not None
    until(window, lambda: desk.duties.found is not None)


def test_the_morning_line_is_said_once_a_day_and_can_be_switched_off(window: Window) -> None:
    session(window).settings = replace(session(window).settings, reminded={})  # it may have been said already
    reopen(window)
    desk = window.desk
    assert desk is not None
    assert desk.morning.isVisible()
    assert desk.morning.words.text().startswith("今天有 1 项超期")
    assert desk.side.badges["duties"].text() == "1"
    assert desk.buttons["duties"].accessibleName() == "提醒，1 项超期"
    desk.morning.more.click()
    assert desk.shown == "duties"
    assert not desk.morning.isVisible()
    reopen(window)
    assert window.desk is not None
    assert not window.desk.morning.isVisible()
    assert window.desk.side.badges["duties"].isVisible()
    kept = machine.load()
    assert kept.remind
    assert list(kept.reminded) == [str(session(window).ledger.path.absolute())]
    session(window).settings = replace(kept, remind=False, reminded={})
    reopen(window)
    assert window.desk is not None
    assert not window.desk.morning.isVisible()


def test_a_reminder_opens_its_row_and_goes_when_the_row_is_done(window: Window) -> None:
    session(window).reckon(TODAY)
    page = duties(window)
    assert next(one.text() for one in page.list.groups.values() if not one.isHidden()) == "▲ 已超期 1"
    page.list.view.setCurrentIndex(page.list.model.index(1))
    chosen = page.list.chosen()
    assert chosen is not None
    assert "甲事" in chosen.finding.sentence
    QTest.keyClick(page.list.view, Qt.Key.Key_Return)
    idle(window)
    desk = window.desk
    assert desk is not None
    assert desk.shown == "registers"
    registers = desk.made["registers"]
    assert isinstance(registers, RegistersPage)
    view = registers.view()
    assert view is not None
    assert view.schema.name == MATTER
    assert view.pane is not None
    ledger = session(window).ledger
    session(window).do(
        lambda: ledger.act(Deed("完成", "王某", (Edit(MATTER, chosen.finding.id, {"done": date(2021, 11, 1)}),)))
    )
    until(window, desk.side.badges["duties"].isHidden)
    page = duties(window)
    assert not [one for one in page.list.all or () if one.group == "overdue"]


def test_filters_leave_out_other_groups_and_other_words(window: Window) -> None:
    session(window).reckon(TODAY)
    page = duties(window)
    groups = {one.group for one in page.list.all or ()}
    assert groups >= {"overdue", "missing"}
    page.list.groups["missing"].setChecked(True)
    assert {getattr(one, "group", one) for one in page.list.model.rows} == {"missing"}
    page.list.search.setText("没有这样的词")
    assert page.list.model.rowCount() == 0
    assert page.list.nothing.text() == "没有符合筛选的。"
    page.list.search.clear()
    page.list.groups["missing"].setChecked(False)
    page.list.category.choose("official_vehicles")
    assert {one.title for one in page.list.model.rows if isinstance(one, Reminder)} == {"私车公养"}


def test_a_month_that_was_missed_leads_from_the_calendar_to_a_row_that_knows_whose_and_when(window: Window) -> None:
    session(window).reckon(TODAY)
    page = duties(window)
    missed = next(
        one for one in page.list.all or () if one.finding.code == "obligation" and "苏A1警" in one.finding.sentence
    )
    page.open(missed)
    assert page.strip.current == CALENDAR
    calendar = page.calendar
    calendar.year.setCurrentIndex(calendar.year.findData(2021))
    until(window, lambda: any(line.rule == missed.finding.rule for line in calendar.model.lines))
    at = next(i for i, line in enumerate(calendar.model.lines) if line.rule == missed.finding.rule)
    index = calendar.model.index(at, 2 + 7)
    assert index.data() == "！"
    assert "缺" in index.data(Qt.ItemDataRole.ToolTipRole)
    calendar.table.setCurrentIndex(index)
    QTest.mouseClick(
        calendar.table.viewport(), Qt.MouseButton.LeftButton, pos=calendar.table.visualRect(index).center()
    )
    idle(window)
    desk = window.desk
    assert desk is not None
    registers = desk.made["registers"]
    assert isinstance(registers, RegistersPage)
    view = registers.view()
    assert view is not None
    assert view.schema.name == PUBLISHED
    assert view.start["month"] == "2021-08"
    assert view.grid.place.row() == 0
    names = [one.name for one in view.grid.model.fields]
    view.grid.deeds.type(0, {names.index("litres"): "40"})
    assert view.save()
    idle(window)
    rows = session(window).ledger.every(PUBLISHED)
    assert [(one.month, str(one.litres)) for one in rows] == [("2021-08", "40")]  # type: ignore[attr-defined]
    view.show_all()
    idle(window)
    assert "month" not in view.start
    page = duties(window)
    until(window, lambda: calendar.model.index(at, 2 + 7).data() == "✓")


def closing(window: Window) -> tuple[RegisterView, ClosingTools]:
    assert window.desk is not None
    page = window.desk.open("registers")
    assert isinstance(page, RegistersPage)
    view = page.show_register(MATTER)
    assert view is not None
    idle(window)
    tools = view.findChild(ClosingTools)
    assert tools is not None
    return view, tools


def test_rows_are_struck_off_in_one_deed_and_back_again(window: Window) -> None:
    view, tools = closing(window)
    until(window, lambda: tools.chip.text() == "未销号 2 / 2")
    view.grid.place.go(0, [0])
    view.grid.place.extend((0, 0), 1, 0)
    tools.close_rows()
    until(window, lambda: tools.chip.text() == "未销号 0 / 2")
    ledger = session(window).ledger
    assert all(one.closed is not None for one in ledger.every(MATTER))  # type: ignore[attr-defined]
    assert history.entries(ledger)[0].sentence == "销号：2 行整改事项"
    assert view.grid.model.cell(0, 0).closed.startswith("已销号")
    tools.chip.click()
    until(window, lambda: view.grid.model.rows.in_ledger() == 0)
    session(window).undo()
    until(window, lambda: tools.chip.text() == "未销号 2 / 2" and view.grid.model.rows.in_ledger() == 2)
    view.show_all()
    idle(window)
    assert not tools.chip.isChecked()


def test_the_key_strikes_off_the_row_one_stands_on(window: Window) -> None:
    view, tools = closing(window)
    view.grid.place.go(1, [0])
    view.grid.table.table_of(0).setFocus()
    QTest.keyClick(view.grid.table.table_of(0), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(window, lambda: tools.chip.text() == "未销号 1 / 2")
    tools.close_rows()
    assert window.desk is not None
    assert "已经销号" in window.desk.message.words.text()


def test_a_register_whose_rows_are_not_struck_off_has_no_such_tools(window: Window) -> None:
    assert window.desk is not None
    page = window.desk.open("registers")
    assert isinstance(page, RegistersPage)
    view = page.show_register(CAR)
    assert view is not None
    assert view.findChild(ClosingTools) is None
