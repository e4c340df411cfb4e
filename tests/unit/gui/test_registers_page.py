"""The page of registers: its list, registers nobody knows, a problem's registers, files, another definition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Edit, create, new_id
from db.schema.records import Problem, Unit
from desktop_app.gui import register_checks
from desktop_app.gui.problem_registers import ProblemRegisters
from desktop_app.gui.registers_list import RegisterList
from desktop_app.gui.registers_page import RegistersPage, listed
from desktop_app.gui.registers_strangers import StrangerView
from desktop_app.gui.session import Session
from desktop_app.rectification import categories
from desktop_app.rectification.rows_filters import Filter

CARS, REFUELS = "official_vehicles.vehicle", "official_vehicles.refuel"


def idle(qtbot: QtBot, session: Session) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: not session.busy())
        qtbot.wait(20)


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> Iterator[RegistersPage]:
    """The page, told of every deed."""
    made = RegistersPage(session)
    session.announced.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    idle(qtbot, session)
    yield made
    session.announced.disconnect(made.hear)


def act(session: Session, *edits: Edit) -> None:
    session.announce(session.ledger.act(Deed("备", "王某", edits)))


def test_registers_are_found_by_name_and_pinyin(session: Session, qtbot: QtBot) -> None:
    made = RegisterList()
    qtbot.addWidget(made)
    made.offer(listed(session.ledger, {}))
    made.search.setText("jydj")
    with qtbot.waitSignal(made.chosen) as told:
        made.search.returnPressed.emit()
    assert told.args == [REFUELS]
    assert made.current() == REFUELS
    made.search.setText("没有这样的表")
    assert made.tree.isHidden()
    assert not made.nothing.isHidden()


def test_rows_are_counted_in_the_list(page: RegistersPage, session: Session, qtbot: QtBot) -> None:
    act(session, *(Edit(CARS, new_id(), {"plate": f"苏B000{n}警"}) for n in range(3)))
    qtbot.waitUntil(lambda: page._counts.get(CARS) == 3)
    page.show_register(CARS)
    idle(qtbot, session)
    item = page.list.tree.currentItem()
    assert item is not None
    assert "3 行" in str(item.data(0, 11))  # the accessible text


def test_a_row_of_a_register_nobody_knows_is_shown_and_not_changed(session: Session, qtbot: QtBot) -> None:
    act(session, Edit(CARS, new_id(), {"plate": "苏B0001警"}))
    key = CARS.partition(".")[0]
    for one in session.ledger.every("definition", category=categories.record_id(key)):
        act(session, Edit("definition", one.id, {"deleted": True}))
    assert CARS not in session.ledger.tables.records
    page = RegistersPage(session)
    qtbot.addWidget(page)
    idle(qtbot, session)
    assert [one.record for one in page.strange] == [CARS]
    page.show_register(f"?{CARS}")
    shown = page.stack.currentWidget()
    assert isinstance(shown, StrangerView)
    table = shown.findChild(QTableWidget)
    assert isinstance(table, QTableWidget)
    item = table.item(0, 0)
    assert item is not None
    assert item.text() == "苏B0001警"
    assert table.editTriggers() == QTableWidget.EditTrigger.NoEditTriggers


def test_the_rows_of_one_unit_are_shown_and_all_again(page: RegistersPage, session: Session, qtbot: QtBot) -> None:
    own = session.ledger.all(Unit)[0]
    other, below = create(Unit, name="某所", parent=own.id), create(Unit, name="别的局")
    act(session, other, below)
    rows = [(own.id, "苏B0001警"), (other.id, "苏B0002警"), (below.id, "苏B0003警")]
    act(session, *(Edit(CARS, new_id(), {"plate": plate, "unit": unit}) for unit, plate in rows))
    page.show_unit(CARS, own.id)
    idle(qtbot, session)
    view = page.view()
    assert view is not None
    assert view.grid.look.filters == (
        Filter("unit", "any_of", tuple(sorted((own.id, other.id), key=(own.id, other.id).index))),
    )
    plates = [view.grid.model.words(row, 0) for row in range(view.grid.model.rowCount() - 1)]
    assert sorted(plates) == ["苏B0001警", "苏B0002警"]
    assert view.part_button.isVisibleTo(view)
    view.part_button.click()
    idle(qtbot, session)
    assert view.grid.model.rowCount() == 4
    assert not view.part_button.isVisibleTo(view)


def test_a_problem_lists_the_registers_of_its_category(session: Session, qtbot: QtBot) -> None:
    unit = session.ledger.all(Unit)[0].id
    category = categories.record_id(CARS.partition(".")[0])
    problem = create(Problem, title="公车私用", category=category, unit=unit)
    act(session, problem, Edit(CARS, new_id(), {"plate": "苏B0001警", "unit": unit}))
    tab = ProblemRegisters(session)
    qtbot.addWidget(tab)
    with qtbot.waitSignal(tab.counted) as counted:
        tab.open(problem.id)
    assert counted.args == [1]
    titles = [one.text() for one in tab.buttons]
    assert titles[0] == "车辆"
    with qtbot.waitSignal(tab.wanted) as wanted:
        tab.buttons[0].click()
    assert wanted.args == [CARS, unit]
    with qtbot.waitSignal(tab.counted):
        tab.open("")
    assert tab.buttons == []


def test_a_file_is_looked_at_and_entered_and_written_again(
    page: RegistersPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    view = page.show_register(CARS)
    assert view is not None
    idle(qtbot, session)
    source = tmp_path / "车辆.csv"
    source.write_text("车牌号,型号,颜色\n苏B0001警,帕萨特,白\n苏B0002警,捷达,黑\n", "utf-8-sig")
    view.files.read(source)
    qtbot.waitUntil(lambda: view.paste.judged is not None)
    assert "新增 2 行" in view.paste.about.text()
    assert "颜色" in view.paste.notes.text(), "a column that is not read is told"
    assert view.paste.columns.isVisibleTo(view), "and may be pointed at"
    view.paste.enter()
    idle(qtbot, session)
    assert [getattr(one, "model", "") for one in session.ledger.every(CARS)] == ["帕萨特", "捷达"]
    target = tmp_path / "导出.csv"
    view.files.write(target, "secret")
    idle(qtbot, session)
    assert "苏B0002警" in target.read_text("utf-8-sig")


def test_a_register_whose_definition_changes_is_made_anew(page: RegistersPage, session: Session, qtbot: QtBot) -> None:
    first = page.show_register(CARS)
    idle(qtbot, session)
    key, _, register = CARS.partition(".")
    body = {"text": "颜色"}
    act(
        session,
        Edit(
            "amendment",
            new_id(),
            {
                "category": categories.record_id(key),
                "part": "field",
                "register": register,
                "name": "colour",
                "body": body,
            },
        ),
    )
    idle(qtbot, session)
    view = page.view()
    assert view is not None
    assert view is not first
    assert view.grid.model.column_of("colour") >= 0


def test_in_a_large_register_the_rows_on_the_screen_are_looked_at(
    page: RegistersPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_checks, "LARGE", 1)
    car = new_id()
    act(session, Edit(CARS, car, {"plate": "苏B0001警", "tank": Decimal(50)}))
    ids = sorted(new_id() for _ in range(3))
    for identifier, litres in zip(ids, (40, 80, 45), strict=True):
        act(session, Edit(REFUELS, identifier, {"date": date(2021, 3, 4), "vehicle": car, "litres": Decimal(litres)}))
    idle(qtbot, session)
    view = page.show_register(REFUELS)
    assert view is not None

    def tanks() -> list[bool]:
        marks = page.checks.marks.get(REFUELS, {})
        return ["油箱" in marks.get(identifier, ("", ""))[1] for identifier in ids]

    qtbot.waitUntil(lambda: tanks() == [False, True, False])
    assert view.grid.model.cell(1, 0).mark is not None
    assert page.checks.counts()[REFUELS] >= 1


def test_somebody_who_is_not_there_is_added_from_the_row(page: RegistersPage, session: Session, qtbot: QtBot) -> None:
    car = new_id()
    act(session, Edit(CARS, car, {"plate": "苏B0001警"}))
    row = new_id()
    act(session, Edit(REFUELS, row, {"date": date(2021, 3, 4), "vehicle": car, "litres": Decimal(40)}))
    view = page.show_register(REFUELS)
    assert view is not None
    idle(qtbot, session)
    grid, handler = view.grid, view.grid.model.column_of("handler")
    grid.place.go(0, [handler])
    grid.write("张三")
    grid.place.go(1, [handler])
    assert grid.said.add_button.isVisibleTo(view)
    assert grid.said.add_button.text() == "新增人员“张三”"
    grid.said.add_button.click()
    idle(qtbot, session)
    person = session.ledger.every("person")[0]
    assert getattr(person, "name", "") == "张三"
    assert getattr(session.ledger.find(REFUELS, row), "handler", "") == person.id, "the row that waited is saved"
    assert not grid.said.add_button.isVisibleTo(view)
    assert not grid.said.words.text().startswith("第 1 行没有保存")


def test_a_row_that_needs_more_than_a_name_is_gone_to(page: RegistersPage, session: Session, qtbot: QtBot) -> None:
    view = page.show_register("procurement.procurement")
    assert view is not None
    idle(qtbot, session)
    grid, frame = view.grid, view.grid.model.column_of("framework")
    grid.place.go(0, [frame])
    grid.write("某公司")
    assert grid.said.add_button.text() == "去登记零星维修框架"
    QTest.keyClick(grid.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shown = page.view()
    assert shown is not None
    assert shown.schema.name == "procurement.annual_repair"
    assert session.drafts, "what was begun stays"


def test_a_problem_is_not_begun_by_a_word_in_a_cell(page: RegistersPage, session: Session, qtbot: QtBot) -> None:
    view = page.show_register(CARS)
    assert view is not None
    idle(qtbot, session)
    view.grid.place.go(0, [view.grid.model.column_of("problem")])
    view.grid.write("没有这个问题")
    assert "没有“没有这个问题”" in view.grid.said.words.text()
    assert not view.grid.said.add_button.isVisibleTo(view)


def test_a_file_with_other_headings_is_pointed_at_column_by_column(
    page: RegistersPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    view = page.show_register(CARS)
    assert view is not None
    idle(qtbot, session)
    source = tmp_path / "车.csv"
    source.write_text("某单位车辆\n号码,牌子\n苏B0001警,帕萨特\n苏B0002警,捷达\n", "gb18030")
    view.files.read(source)
    qtbot.waitUntil(lambda: view.paste.judged is not None)
    assert view.paste.columns.isVisibleTo(view)
    assert "号码、牌子" in view.paste.notes.text()
    view.paste.columns.chosen.emit(("plate", "model"))
    idle(qtbot, session)
    assert "新增 2 行" in view.paste.about.text()
