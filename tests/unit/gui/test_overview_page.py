"""The page 总览: its numbers are those of the rows it leads to, by mouse and by keyboard; deeds change it in place; back returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db import clock
from db.ledger.change import Deed, Edit, create, edit
from db.schema.composite import Deadline
from db.schema.records import Category, Problem, Unit
from desktop_app import settings as machine
from desktop_app.gui import connections
from desktop_app.gui.chart_view import ChartView
from desktop_app.gui.desk import Desk
from desktop_app.gui.duties_page import DutiesPage
from desktop_app.gui.findings_page import FindingsPage
from desktop_app.gui.overview_page import OverviewPage
from desktop_app.gui.overview_reading import Around
from desktop_app.gui.problems import ProblemsPage
from desktop_app.gui.session import Session
from desktop_app.rectification import lately, ledgers, overview, reminders
from desktop_app.rectification.contacts import Contact, OpenConflict, OpenConflicts
from desktop_app.rectification.overview import ProblemRow

TODAY = date(2021, 11, 10)
STANDS = ((-40, "under_way", "西湖分局"), (-3, "mostly_done", "西湖分局"), (2, "under_way", "东湖分局"), (15, "under_way", "东湖分局"),
          (60, "not_started", "西湖分局"), (-9, "done", "西湖分局"), (None, "under_way", "东湖分局"))  # fmt: skip


@pytest.fixture
def desk(home: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """The window of a ledger with two offices and seven problems, on the page 总览."""
    ledger = ledgers.new_ledger(tmp_path / "台账.zgl", "某市公安局东湖分局", "王某")
    category = ledger.all(Category)[0].id
    own = ledger.all(Unit)[0]
    units = {"东湖分局": own.id, "西湖分局": "west"}
    made: list[Edit] = [create(Unit, "west", name="某市公安局西湖分局")]
    for at, (days, progress, unit) in enumerate(STANDS):
        due = {} if days is None else {"due": Deadline("如期", TODAY + timedelta(days=days))}
        values = {"title": f"问题{at}", "progress": progress, "unit": units[unit], "category": category}
        made.append(create(Problem, f"p{at}", **values, **due))
    ledger.act(Deed("录入", "王某", tuple(made)))
    session = Session(ledger, machine.Settings(actor="王某", remind=False))
    session.reckon(TODAY)
    shown = Desk(session)
    qtbot.addWidget(shown)
    shown.resize(1366, 768)
    shown.show()
    shown.open("overview")
    page = shown.made["overview"]
    assert isinstance(page, OverviewPage)
    qtbot.waitUntil(lambda: page.problems is not None and page.contacts is not None)
    charts = (page.states, page.timeline, page.categories)
    qtbot.waitUntil(lambda: all(one.height() >= one.minimumSizeHint().height() and laid(one) for one in charts))
    yield shown
    session.close()


def laid(one: ChartView) -> bool:
    """Whether a chart has the room it asked for, and stands in it."""
    drawn = one.canvas()
    return drawn is not None and bool(drawn.spots)


def overview_of(desk: Desk) -> OverviewPage:
    page = desk.made["overview"]
    assert isinstance(page, OverviewPage)
    return page


def listed(desk: Desk, qtbot: QtBot) -> list[str]:
    """Ids of the problems the list shows, once it was read."""
    page = desk.made["problems"]
    assert isinstance(page, ProblemsPage)
    assert desk.shown == "problems"
    qtbot.waitUntil(lambda: page.list.model.shown.look == page.list.filters.look() and page.list.model.shown.all > 0)
    return sorted(page.list.model.shown.ids)


def rows(desk: Desk) -> list[ProblemRow]:
    return overview.rows(desk.session.ledger, TODAY)


def test_numbers_lead_to_the_rows_they_count(desk: Desk, qtbot: QtBot) -> None:
    page = overview_of(desk)
    numbers = {name: one.number for name, one in page.numbers.items()}
    assert numbers == {"all": "7", "finished": "1", "closed": "0.00%", "overdue": "2"}
    assert page.numbers["closed"].words == "已销号 0 / 应销号 3，不含未到时限的 3 个、未定时限的 1 个"
    page.numbers["overdue"].click()
    assert listed(desk, qtbot) == ["p0", "p1"]
    desk.back()
    assert desk.shown == "overview"
    page.numbers["finished"].click()
    assert listed(desk, qtbot) == ["p5"]
    problems = desk.made["problems"]
    assert isinstance(problems, ProblemsPage)
    problems.list.filters.narrowed.click()
    assert len(listed(desk, qtbot)) == len(STANDS)


def test_every_value_of_the_charts_leads_to_as_many_rows(desk: Desk, qtbot: QtBot) -> None:
    page = overview_of(desk)
    wanted: list[overview.Narrowing] = []
    page.problems_wanted.disconnect()
    page.problems_wanted.connect(wanted.append)
    for chart in (page.states, page.timeline, page.categories):
        canvas = chart.canvas()
        assert canvas is not None
        assert canvas.spots
        for spot in canvas.spots:
            chart.opened.emit(spot.series, spot.category)
            told = chart._chart
            assert told is not None
            passing = [one for one in rows(desk) if wanted[-1].passes(one)]
            assert len(passing) == (told.series[spot.series].values[spot.category] or 0)
    for line in page.bands.lines[:5]:
        line.click()
        assert f"{sum(wanted[-1].passes(one) for one in rows(desk))} 个" == line.entry.right


def test_charts_are_used_by_keys(desk: Desk, qtbot: QtBot) -> None:
    page = overview_of(desk)
    page.states.setFocus()
    for _ in range(4):
        qtbot.keyClick(page.states, Qt.Key.Key_Right)  # type: ignore[no-untyped-call]
    with qtbot.waitSignal(page.problems_wanted) as asked:
        qtbot.keyClick(page.states, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    assert asked.args[0].states == (list(overview.STATES)[4],)
    assert listed(desk, qtbot) == ["p2", "p3"]
    desk.back()
    assert page.states.hasFocus()
    assert "将到期：2" in page.states.accessibleName()


def test_the_table_of_units_sorts_and_leads_on(desk: Desk, qtbot: QtBot) -> None:
    page = overview_of(desk)
    assert page.of_units.isVisibleTo(page)
    assert page.units is not None
    assert [one.line.name[5:9] for one in page.units.rows] == ["东湖分局", "西湖分局"]
    assert [(one.line.all, one.line.finished, one.line.open, one.line.overdue) for one in page.units.rows] == [
        (3, 0, 3, 0), (4, 1, 3, 2),
    ]  # fmt: skip
    page.units.sort_by(4, down=True)
    assert page.units.rows[0].line.id == "west"
    page.units.opened.emit(page.units.rows[0])
    assert listed(desk, qtbot) == ["p0", "p1", "p4", "p5"]


def test_findings_lead_to_the_page_of_checks(desk: Desk, qtbot: QtBot) -> None:
    page = overview_of(desk)
    qtbot.waitUntil(lambda: bool(page.findings.lines))
    line = next(one for one in page.findings.lines if one.entry.words == "注意")
    line.click()
    assert desk.shown == "findings"
    findings = desk.made["findings"]
    assert isinstance(findings, FindingsPage)
    qtbot.waitUntil(lambda: bool(findings.table.rows))
    assert {one.severity for one in findings.table.rows} == {"warning"}
    assert f"{len(findings.table.rows)} 处" == line.entry.right
    findings.narrowed.click()
    assert len(findings.table.rows) == len([one for one in findings.checks.found if one.waived is None])


def test_a_deed_changes_the_page_in_place(desk: Desk, qtbot: QtBot) -> None:
    page = overview_of(desk)
    known = [id(one) for one in page.bands.lines]
    ledger = desk.session.ledger
    one = ledger.get(Problem, "p0")
    assert one is not None
    desk.session.do(lambda: ledger.act(Deed("完成", "王某", (edit(one, progress="done"),))))
    qtbot.waitUntil(lambda: page.numbers["overdue"].number == "1")
    assert page.numbers["finished"].number == "2"
    assert [id(one) for one in page.bands.lines] == known
    desk.session.choose_unit("west")
    qtbot.waitUntil(lambda: page.numbers["all"].number == "4")
    assert "西湖分局" in page.about.text()
    desk.session.reckon(TODAY + timedelta(days=90))
    qtbot.waitUntil(lambda: page.numbers["overdue"].number == "2")


def test_an_empty_ledger_says_what_to_do(session: Session, qtbot: QtBot) -> None:
    desk = Desk(session)
    qtbot.addWidget(desk)
    desk.show()
    desk.open("overview")
    page = overview_of(desk)
    qtbot.waitUntil(lambda: page.problems is not None)
    assert page.stack.currentIndex() == 0
    assert "录进来" in page.nothing.text()
    page.new_wanted.emit()
    assert desk.shown == "problems"


def test_back_goes_through_the_pages(session: Session, qtbot: QtBot) -> None:
    desk = Desk(session)
    qtbot.addWidget(desk)
    for name in ("overview", "history", "problems"):
        desk.open(name)
    desk.back()
    desk.back()
    assert desk.shown == "overview"
    desk.back()
    assert desk.shown == "overview"
    assert any(one.keys == "Ctrl+[" for one in connections.commands(desk))


def test_reminders_lead_to_their_group_and_to_their_row(desk: Desk, qtbot: QtBot) -> None:
    page = overview_of(desk)
    ledger = desk.session.ledger
    row = Edit("other.matter", "row", {"title": "事项", "due": TODAY - timedelta(days=2), "kind": "限期整改"})
    ledger.act(Deed("录入", "王某", (row,)))
    desk.duties.ask_soon()
    qtbot.waitUntil(lambda: any("事项" in one.entry.words for one in page.duties.lines))
    found = reminders.reminders(ledger, TODAY)
    group = next(one for one in page.duties.lines if one.entry.words == "已超期")
    assert group.entry.right == f"{sum(one.group == 'overdue' for one in found)} 项"
    group.click()
    duties = desk.made["duties"]
    assert isinstance(duties, DutiesPage)
    assert desk.shown == "duties"
    assert [name for name, made in duties.list.groups.items() if made.isChecked()] == ["overdue"]
    desk.back()
    next(one for one in page.duties.lines if "事项" in one.entry.words).click()
    assert desk.shown == "registers"
    desk.back()
    assert desk.shown == "overview"


def test_conflicts_peers_and_deeds_lead_on(desk: Desk, qtbot: QtBot) -> None:
    page = overview_of(desk)
    known = Contact("peer", "南山分局", "", TODAY - timedelta(days=9), 9, TODAY, overdue=True, owed=3)
    clash = OpenConflict("c0de", "problem", "p1", "title", "问题“甲”的“问题”", "西湖分局", TODAY, 4)
    week = lately.week(desk.session.ledger, clock.today())
    page._show_around(Around(OpenConflicts(9, (clash,)), (known,), week))
    first, rest = page.conflicts.lines[:2]
    assert (first.entry.right, rest.entry.words) == ("西湖分局 · 4 天", "还有 8 处")
    with qtbot.waitSignal(page.conflict_wanted) as asked:
        first.click()
    assert asked.args == ["problem", "p1", "title"]
    assert desk.shown == "exchange"
    desk.back()
    assert page.peers.lines[0].entry.right == "9 天前收到，已过约定日期"
    page.peers.lines[0].click()
    assert desk.shown == "exchange"
    desk.back()
    assert page.week.deeds.lines[0].entry.words == "录入"
    page.week.deeds.lines[0].click()
    assert desk.shown in ("settings", "problems")
