"""What a clerk is reminded of, and the calendar of duties: groups, days, waivers, units, cells, the way to the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from db import clock
from db.exchange import peers
from db.exchange.contents import Party
from db.exchange.peers import Peer
from db.ledger.change import Deed, Edit, new_id
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from desktop_app.rectification import duty_calendar, ledgers, reminders, rows
from desktop_app.rectification.duty_calendar import DutyLine
from desktop_app.rectification.ruling import waiving

MATTER = "other.matter"
MEMBER = "enforcement_standards.committee_member"
REPORT = "enforcement_standards.patrol_report"
TODAY = date(2021, 11, 8)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.new_ledger(tmp_path / "台账.zgl", "某市公安局东湖分局", "王某")
    yield made
    made.close()


def put(ledger: Ledger, schema: str, **values: Any) -> str:
    identifier = new_id()
    ledger.act(Deed("录入", "王某", (Edit(schema, identifier, values),)))
    return identifier


def unit(ledger: Ledger) -> str:
    own = ledgers.own_unit(ledger, ledger)
    assert own is not None
    return own.id


def matter(ledger: Ledger, title: str, due: str, **values: Any) -> str:
    return put(ledger, MATTER, title=title, due=date.fromisoformat(due), kind="限期整改", **values)


def of(ledger: Ledger, group: str, **asked: Any) -> list[str]:
    found = reminders.reminders(ledger, TODAY, **asked)
    return [one.finding.sentence for one in found if one.group == group]


def test_a_ledger_without_anything_to_do_says_nothing(ledger: Ledger) -> None:
    assert reminders.reminders(ledger, TODAY) == []


def test_rows_past_their_day_come_first_and_the_latest_of_them_before_the_others(ledger: Ledger) -> None:
    matter(ledger, "甲", "2021-11-01")
    matter(ledger, "乙", "2021-09-01")
    matter(ledger, "丙", "2021-11-12")
    matter(ledger, "丁", "2021-10-01", done=date(2021, 9, 30))
    found = [one for one in reminders.reminders(ledger, TODAY) if one.group in ("overdue", "soon")]
    assert [(one.finding.sentence[5], one.group, one.days) for one in found] == [
        ("乙", "overdue", -68),
        ("甲", "overdue", -7),
        ("丙", "soon", 4),
    ]
    assert [one.state_words for one in found] == ["超期 68 天", "超期 7 天", "还剩 4 天"]
    assert reminders.counted(found) == reminders.Counted(2, 1)


def test_what_was_waived_is_left_out(ledger: Ledger) -> None:
    matter(ledger, "甲", "2021-11-01")
    one = next(one for one in reminders.reminders(ledger, TODAY) if one.group == "overdue")
    waiving.waive(ledger, one.finding, "已报请延期", "王某")
    assert of(ledger, "overdue") == []


def test_deadlines_of_problems_are_there_unless_one_category_is_asked_for(ledger: Ledger) -> None:
    def problem(number: int, day: str, **values: Any) -> None:
        due = Deadline(day, date.fromisoformat(day), "expected")
        put(ledger, "problem", unit=unit(ledger), number=number, title=f"问题{number}", due=due, **values)

    problem(1, "2021-11-01")
    problem(2, "2021-11-08")
    problem(3, "2021-11-28")
    problem(4, "2021-11-29")
    problem(5, "2021-11-01", progress="done")
    assert [one[:14] for one in of(ledger, "overdue")] == ["东湖分局问题 1“问题1”已"]
    assert [one.partition("”")[2] for one in of(ledger, "soon")] == [
        "今天到期（2021-11-08）。",
        "还有 20 天到期（2021-11-28）。",
    ]
    assert of(ledger, "overdue", categories=("other",)) == []


@pytest.fixture
def members(ledger: Ledger) -> dict[str, str]:
    """Two who owe a report every month, one since July, and one who owes none."""
    made = {
        name: put(ledger, MEMBER, name=name, kind=kind, since=date.fromisoformat(since), unit=unit(ledger))
        for name, kind, since in (
            ("刑警大队", "业务警种", "2021-07-01"),
            ("治安大队", "业务警种", "2021-09-01"),
            ("东湖派出所", "所队", "2021-07-01"),
        )
    }
    for name, months in (("刑警大队", ("2021-07", "2021-08", "2021-09", "2021-10")), ("治安大队", ("2021-10",))):
        for month in months:
            values = {"kind": "月巡查通报", "period": month, "due": date(2021, 11, 10), "submitted": date(2021, 11, 5)}
            put(ledger, REPORT, member=made[name], unit=unit(ledger), **values)
    return made


def line(ledger: Ledger, subject: str, title: str = "每月报", year: int = 2021) -> DutyLine:
    found = duty_calendar.lines(ledger, year, TODAY)
    return next(one for one in found if one.subject == subject and title in one.title)


def test_a_month_that_was_missed_is_found_once_and_stands_in_the_calendar(
    ledger: Ledger, members: dict[str, str]
) -> None:
    monthly = [one for one in of(ledger, "missing") if "每月" in one]
    assert len(monthly) == 1
    assert "“治安大队”2021年9月没有登记" in monthly[0]
    words = [one.words for one in line(ledger, "治安大队").cells]
    assert words == ["–"] * 8 + ["！", "✓", "○", "○"]
    assert line(ledger, "治安大队").missed == 1
    assert [one.words for one in line(ledger, "刑警大队").cells] == ["–"] * 6 + ["✓"] * 4 + ["○"] * 2
    assert not [
        one for one in duty_calendar.lines(ledger, 2021, TODAY) if one.subject == "东湖派出所" and "每月报" in one.title
    ]


def test_a_quarter_spans_three_months_and_the_cells_of_a_line_the_year(ledger: Ledger, members: dict[str, str]) -> None:
    for one in duty_calendar.lines(ledger, 2021, TODAY):
        assert [month for cell in one.cells for month in range(cell.first, cell.last + 1)] == list(range(12))
    quarterly = line(ledger, "刑警大队", "每季度报法制")
    assert [(cell.first, cell.last, cell.state) for cell in quarterly.cells] == [
        (0, 2, "none"),
        (3, 5, "none"),
        (6, 8, "missing"),
        (9, 11, "ahead"),
    ]


def test_a_period_that_has_begun_is_told_before_it_is_missed(ledger: Ledger, members: dict[str, str]) -> None:
    found = [one for one in reminders.reminders(ledger, date(2021, 11, 25)) if one.group == "soon"]
    monthly = next(one for one in found if one.finding.rule.endswith(".report_monthly"))
    assert "2021年11月，2 个里还缺 2 个（" in monthly.finding.sentence
    assert monthly.days == 15  # the month's last day, and ten of grace
    assert monthly.finding.id == ""


def test_a_cell_leads_to_its_rows_and_a_new_row_begins_with_whose_and_when(
    ledger: Ledger, members: dict[str, str]
) -> None:
    def shown(subject: str, month: int) -> tuple[int, dict[str, str]]:
        one = line(ledger, subject)
        door = duty_calendar.door(ledger, one, one.cells[month - 1], TODAY)
        view = rows.View(ledger.schema(door.register), door.filters)
        return rows.count(ledger, view), dict(door.start)

    assert shown("刑警大队", 9)[0] == 1
    count, start = shown("治安大队", 9)
    assert count == 0
    assert start == {"kind": "月巡查通报", "member": members["治安大队"], "period": "2021-09"}
    kinds = ledger.schema(REPORT).kinds()
    assert kinds["period"].parse(start["period"]) == "2021-09"
    one = line(ledger, "刑警大队", "每季度报法制")
    door = duty_calendar.door(ledger, one, one.cells[2], TODAY)
    assert door.start["period"] == "2021-09"  # a quarter is told by its last month
    whole = duty_calendar.door(ledger, line(ledger, "刑警大队"), None, TODAY)
    assert rows.count(ledger, rows.View(ledger.schema(whole.register), whole.filters)) == 4


def test_days_are_told_together_a_month_in_a_cell(ledger: Ledger) -> None:
    check = "enforcement_standards.daily_check"
    for day in (date(2021, 11, 1), date(2021, 11, 2), date(2021, 11, 4)):
        put(ledger, check, date=day, layer="所队案管室普查")
    daily = next(one for one in duty_calendar.lines(ledger, 2021, TODAY) if one.rule.endswith(".census_daily"))
    november = daily.cells[10]
    assert (november.kept, november.owed, november.missed, november.state) == (3, 30, 4, "missing")
    assert november.words == "！ 3/30"
    door = duty_calendar.door(ledger, daily, november, TODAY)
    assert rows.count(ledger, rows.View(ledger.schema(check), door.filters)) == 3
    assert door.start == {"layer": "所队案管室普查", "date": "2021-11-08"}


def test_other_units_duties_are_not_ones_own(ledger: Ledger, members: dict[str, str]) -> None:
    other = put(ledger, "unit", name="某市公安局西湖分局")
    assert of(ledger, "missing", unit=other) == []
    assert [one for one in duty_calendar.lines(ledger, 2021, TODAY, other) if one.subject] == []


def test_an_office_whose_file_is_overdue_is_reminded_of(ledger: Ledger) -> None:
    stamp = clock.stamp(datetime(2021, 10, 1, 9, tzinfo=UTC))
    ledger.note("exchange.peer:u9", peers._written(Peer("u9", Party("u9", "西街派出所"), taken=stamp)))
    one = peers.peers(ledger)[0]
    assert not reminders.reminders(ledger, TODAY), "nothing is agreed"
    peers.agree(ledger, one, 30)
    found = reminders.reminders(ledger, TODAY)
    assert [(r.group, r.days, r.finding.id) for r in found] == [("overdue", -8, "u9")]
    assert "“西街派出所”的交换文件过期没来（应于 2021-10-31 前）" in found[0].finding.sentence
    assert [r.group for r in reminders.reminders(ledger, date(2021, 10, 31))] == ["soon"]
    assert not reminders.reminders(ledger, date(2021, 10, 2))
    assert not reminders.reminders(ledger, TODAY, categories=["other"])
