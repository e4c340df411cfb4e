"""Which problems press, in which colour: days of the round, what goes on before the problem's own, waivers, who is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.record import Record
from db.schema.records import Inspection, OngoingItem, Problem, Unit
from db.store.replica import Installation
from desktop_app.rectification import pressing, reminders
from desktop_app.rectification.pressing import Days
from desktop_app.rectification.ruling import waiving

TODAY = date(2021, 11, 8)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    city = create(Unit, "city", name="某市公安局")
    branch = create(Unit, "branch", name="某市公安局东湖分局", parent="city")
    made.act(Deed("开始", "王", (city, branch, create(Unit, "other", name="另一单位"))))
    yield made
    made.close()


def put(ledger: Ledger, cls: type[Record], identifier: str, **values: Any) -> None:
    ledger.act(Deed("填写", "王", (create(cls, identifier, **values),)))


def due(days: int) -> Deadline:
    return Deadline("如期", TODAY + timedelta(days=days))


def problem(ledger: Ledger, identifier: str, days: int | None = None, **values: Any) -> None:
    own = {} if days is None else {"due": due(days)}
    put(ledger, Problem, identifier, **{"unit": "branch", "title": identifier, **own, **values})


def colours(ledger: Ledger, **asked: Any) -> dict[str, str]:
    return {one.problem.id: one.colour for one in pressing.pressing(ledger, TODAY, **asked)}


@given(green=st.integers(0, 60), yellow=st.integers(0, 60), left=st.integers(-500, 500))
def test_fewer_days_are_never_a_milder_colour(green: int, yellow: int, left: int) -> None:
    order = [None, *pressing.COLOURS]
    days = Days(green, yellow)
    assert order.index(days.colour(left - 1)) >= order.index(days.colour(left))
    assert (days.colour(left) == "red") == (left < 0)


def test_the_colours_begin_on_their_days(ledger: Ledger) -> None:
    for days in (21, 20, 11, 10, 0, -1):
        problem(ledger, f"d{days}", days)
    problem(ledger, "never")
    problem(ledger, "done", -5, progress="done")
    problem(ledger, "closed", -5, closing="closed", progress="mostly_done")
    assert colours(ledger) == {"d20": "green", "d11": "green", "d10": "yellow", "d0": "yellow", "d-1": "red"}
    assert colours(ledger, given=Days(30, 0)) == {
        "d21": "green", "d20": "green", "d11": "green", "d10": "green", "d0": "yellow", "d-1": "red",
    }  # fmt: skip


def test_a_round_has_days_of_its_own(ledger: Ledger) -> None:
    put(ledger, Inspection, "round", title="第三轮", green_days=5)
    problem(ledger, "six", 6, inspection="round")
    problem(ledger, "five", 5, inspection="round")
    problem(ledger, "other", 6)
    assert colours(ledger) == {"five": "yellow", "other": "yellow"}


def test_what_goes_on_counts_before_the_problem_itself(ledger: Ledger) -> None:
    problem(ledger, "p", 3)
    put(ledger, OngoingItem, "late", problem="p", content="甲", due=due(-2))
    put(ledger, OngoingItem, "soon", problem="p", content="乙", due=due(8))
    put(ledger, OngoingItem, "far", problem="p", content="丙", due=due(90))
    put(ledger, OngoingItem, "done", problem="p", content="丁", due=due(-9), progress="done")
    problem(ledger, "q", -3)
    put(ledger, OngoingItem, "later", problem="q", content="戊", due=due(90))
    problem(ledger, "r", 12)
    put(ledger, OngoingItem, "far off", problem="r", content="己", due=due(90))
    found = {
        one.problem.id: [(m.record.id, m.left, m.colour) for m in one.matters]
        for one in pressing.pressing(ledger, TODAY)
    }
    assert found == {
        "p": [("late", -2, "red"), ("soon", 8, "yellow")],
        "q": [("q", -3, "red")],
        "r": [("r", 12, "green")],
    }


def test_it_is_what_the_list_of_reminders_says(ledger: Ledger) -> None:
    for at, days in enumerate((-30, -1, 0, 7, 20, 21)):
        problem(ledger, f"own{at}", days)
        problem(ledger, f"item{at}", 400)
        put(ledger, OngoingItem, f"i{at}", problem=f"item{at}", content="甲", due=due(days))
        problem(ledger, f"both{at}", days)
        put(ledger, OngoingItem, f"b{at}", problem=f"both{at}", content="乙", due=due(300 if at % 2 else 4))
    listed = {
        one.finding.id: one.days
        for one in reminders.reminders(ledger, TODAY)
        if one.finding.code in ("overdue", "near") and not one.category
    }
    assert {m.record.id: m.left for one in pressing.pressing(ledger, TODAY) for m in one.matters} == listed
    assert len(listed) == 16


def test_a_waived_deadline_presses_nobody(ledger: Ledger) -> None:
    problem(ledger, "p", -3)
    problem(ledger, "q", -3)
    finding = next(one.finding for one in reminders.reminders(ledger, TODAY) if one.finding.id == "p")
    waiving.waive(ledger, finding, "已报请延期", "王")
    assert colours(ledger) == {"q": "red"}


def test_a_unit_brings_those_below_it_and_ids_come_as_they_were_named(ledger: Ledger) -> None:
    problem(ledger, "p", -3)
    problem(ledger, "q", -4, unit="city")
    problem(ledger, "r", -5, unit="other")
    problem(ledger, "done", -5, progress="done")
    assert set(colours(ledger, unit="city")) == {"p", "q"}
    assert set(colours(ledger, unit="branch")) == {"p"}
    assert list(colours(ledger, only=("r", "p", "r"))) == ["r", "p"]
    assert list(colours(ledger, only=("done", "q"))) == ["q"]
    with pytest.raises(Refusal, match="没有编号为“gone”的问题"):
        colours(ledger, only=("p", "gone"))
