"""Near means the same everywhere: in the list, on the page of reminders and in the letters, by the days of the round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.ledger.change import Deed, Edit, create
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.records import Inspection, Problem, Unit
from desktop_app.rectification import ledgers, overview, pressing, reminders
from desktop_app.rectification.overview import BANDS, Narrowing
from desktop_app.rectification.warning_days import USUAL, Days, RoundDays, round_days

TODAY = date(2021, 11, 8)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.new_ledger(tmp_path / "台账.zgl", "某市公安局东湖分局", "王某")
    rounds = (
        create(Inspection, "early", title="早提醒的一轮", green_days=40, yellow_days=15),
        create(Inspection, "late", title="晚提醒的一轮", green_days=5),
        create(Inspection, "usual", title="没有写明的一轮"),
    )
    unit = made.all(Unit)[0].id
    problems = tuple(
        create(
            Problem,
            f"{one}{left}",
            title=f"{one}{left}",
            unit=unit,
            inspection=one or None,
            due=Deadline("如期", TODAY + timedelta(days=left)),
        )
        for one in ("early", "late", "usual", "")
        for left in (-1, 0, 5, 6, 10, 11, 15, 16, 20, 21, 30, 31, 40, 41)
    )
    made.act(Deed("录入", "王某", (*rounds, *problems)))
    yield made
    made.close()


def test_the_days_of_a_round_hold_in_the_list_the_reminders_and_the_letters(ledger: Ledger) -> None:
    rows = overview.rows(ledger, TODAY)
    listed = {row.id for row in rows if row.state == "soon"}
    reminded = {one.finding.id for one in reminders.reminders(ledger, TODAY) if one.group == "soon"}
    written = {one.problem.id: one.colour for one in pressing.pressing(ledger, TODAY)}
    assert listed == reminded == {one for one, colour in written.items() if colour != "red"}
    assert {row.id for row in rows if row.state == "overdue"} == {
        one for one, colour in written.items() if colour == "red"
    }
    assert {row.band for row in rows if row.id in written} == {"late", "yellow", "green"}
    assert all(row.band == {"red": "late"}.get(written[row.id], written[row.id]) for row in rows if row.id in written)
    assert {"early40", "late5", "usual20", "20"} <= listed
    assert not {"early41", "late6", "usual21", "21"} & listed


def test_what_belongs_to_no_round_has_the_days_all_rounds_agree_on(ledger: Ledger) -> None:
    assert round_days(ledger).common == USUAL
    assert RoundDays({"a": Days(40, 15), "b": Days(40, 15)}).common == Days(40, 15)
    assert RoundDays({}).common == USUAL
    row = Edit("other.matter", "row", {"title": "事项", "due": TODAY + timedelta(days=18), "kind": "限期整改"})
    gone = tuple(Edit("inspection", one, {"deleted": True}) for one in ("early", "usual"))
    ledger.act(Deed("录入", "王某", (row,)))
    assert _group(ledger) == "soon"
    ledger.act(Deed("删除轮次", "王某", gone))
    assert _group(ledger) != "soon"


def _group(ledger: Ledger) -> str:
    return next((one.group for one in reminders.reminders(ledger, TODAY) if one.finding.id == "row"), "")


@given(left=st.integers(-400, 400), green=st.integers(0, 90), yellow=st.integers(0, 90))
def test_bands_part_the_states(left: int, green: int, yellow: int) -> None:
    days = Days(green, yellow)
    state, band = overview.state("", "", left, days), overview.band(overview.state("", "", left, days), left, days)
    parts = {"late": "overdue", "yellow": "soon", "green": "soon", "month": "open", "later": "open"}
    assert parts[band] == state
    assert band in BANDS
    assert overview.band("done", left, days) == ""
    assert overview.band("no_date", None, days) == "none"


def test_a_narrowing_names_exactly_the_rows_it_says(ledger: Ledger) -> None:
    rows = overview.rows(ledger, TODAY)
    near = Narrowing("", bands=("yellow", "green"))
    assert [one for one in rows if near.passes(one)] == [one for one in rows if one.state == "soon"]
    week = Narrowing("", first=TODAY, last=TODAY + timedelta(days=6))
    assert {one.days_left for one in rows if week.passes(one)} == {0, 5, 6}
    assert all(Narrowing("", unit=one.unit, category=one.category).passes(one) for one in rows)
    assert not any(Narrowing("", unit="别的单位").passes(one) for one in rows)
