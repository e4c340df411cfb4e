"""Findings: what does not add up is found, what does is left alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.ledger import history
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Amount, Deadline
from db.schema.record import Record
from db.schema.records import (
    CitedRule,
    Evidence,
    Figure,
    FigureRelation,
    Measure,
    Notice,
    OngoingItem,
    Problem,
    Unit,
    UnreadText,
)
from db.store.replica import Installation
from desktop_app.rectification import checks, overview

TODAY = date(2021, 11, 20)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    unit = create(Unit, "u", name="某市公安局东山分局", phones=("0000-1234567",))
    problem = create(Problem, "p", unit="u", number=1, title="台账不清", category="c", progress="under_way")
    made.act(Deed("开始", "王", (unit, problem)))
    return made


def put(ledger: Ledger, cls: type[Record], **values: Any) -> str:
    one = create(cls, **values)
    ledger.act(Deed("填写", "王", (one,)))
    return one.id


def change(ledger: Ledger, **values: Any) -> None:
    problem = ledger.get(Problem, "p")
    assert problem is not None
    ledger.act(Deed("修改", "王", (edit(problem, **values),)))


def codes(ledger: Ledger, today: date = TODAY) -> list[str]:
    return sorted(f.code for f in checks.findings(ledger, today))


def test_a_sound_problem_has_no_findings(ledger: Ledger) -> None:
    assert codes(ledger) == []


def test_gaps(ledger: Ledger) -> None:
    change(ledger, title=None, truncated=True, category=None)
    assert codes(ledger) == ["no_category", "no_title", "truncated"]


def test_a_secret_problem_without_reason_that_came_by_merge_is_found(ledger: Ledger) -> None:
    change(ledger, publicity="secret")
    assert codes(ledger) == ["no_reason"]


@pytest.mark.parametrize(
    ("due", "issued", "expected"),
    [
        (None, None, ["no_due"]),
        (Deadline("长期坚持", None, "kept_up"), None, []),
        (Deadline("11月底前", date(2021, 11, 30)), None, []),
        (Deadline("10月底前", date(2021, 10, 31)), None, ["overdue"]),
        (Deadline("10月底前", date(2021, 10, 31)), date(2021, 11, 3), ["due_before_issue", "overdue"]),
        (Deadline("11月20日", TODAY), None, []),
    ],
)
def test_deadlines(ledger: Ledger, due: Deadline | None, issued: date | None, expected: list[str]) -> None:
    put(ledger, OngoingItem, problem="p", content="继续推进", due=due)
    if issued:
        put(ledger, Notice, unit="u", title="通报", issued=issued)
    assert codes(ledger) == expected


def test_the_problems_own_deadline_counts_beside_its_items(ledger: Ledger) -> None:
    change(ledger, due=Deadline("10月底前", date(2021, 10, 31)))
    assert codes(ledger) == ["overdue"]
    put(ledger, OngoingItem, problem="p", content="继续推进", due=Deadline("年底前", date(2021, 12, 31)))
    assert codes(ledger) == ["overdue"]
    change(ledger, progress="done")
    assert "overdue" not in codes(ledger)


def test_done_with_open_parts(ledger: Ledger) -> None:
    put(ledger, Measure, problem="p", lead="甲", progress="under_way")
    change(ledger, progress="done")
    assert codes(ledger) == ["done_but_open"]


def test_closed_without_evidence(ledger: Ledger) -> None:
    put(ledger, Measure, problem="p", lead="甲", progress="done")
    change(ledger, progress="done", closing="closed")
    assert codes(ledger) == ["no_evidence"]
    put(ledger, Evidence, problem="p", title="纪要")
    assert codes(ledger) == []


def test_a_figure_must_be_what_the_text_says(ledger: Ledger) -> None:
    put(ledger, Measure, problem="p", body="共核查案件296件。")
    figure = put(ledger, Figure, problem="p", name="核查案件", value=Amount(Decimal(296), "件"))
    assert codes(ledger) == []
    found = ledger.get(Figure, figure)
    assert found is not None
    ledger.act(Deed("改", "王", (edit(found, value=Amount(Decimal(269), "件")),)))
    assert codes(ledger) == ["figure_differs"]


def test_a_figure_referred_to_by_name_needs_no_number_in_the_text(ledger: Ledger) -> None:
    put(ledger, Figure, problem="p", name="核查案件", value=Amount(Decimal(296), "件"))
    put(ledger, Measure, problem="p", body="共核查{核查案件}。")
    assert codes(ledger) == []
    put(ledger, Measure, problem="p", body="共整改{整改问题}。")
    assert codes(ledger) == ["unknown_figure"]


@pytest.mark.parametrize(
    ("printed", "numerator", "denominator", "found"),
    [
        ("51.5", 286, 555, False),
        ("51.5", 286, 560, True),
        ("66.6", 4, 6, False),
        ("66.7", 4, 6, False),
        ("88.9", 8, 9, False),
    ],
)
def test_rates_agree_with_their_parts(
    ledger: Ledger, printed: str, numerator: int, denominator: int, found: bool
) -> None:
    put(ledger, Measure, problem="p", body=f"比率为{printed}%。")
    put(
        ledger,
        Figure,
        problem="p",
        name="比率",
        value=Amount(Decimal(printed), "%"),
        numerator=Decimal(numerator),
        denominator=Decimal(denominator),
    )
    assert codes(ledger) == (["rate"] if found else [])


@pytest.mark.parametrize(
    ("operator", "left", "right", "holds"),
    [
        ("sum", 2708, (1792, 905, 11), True),
        ("sum", 2708, (1792, 905, 12), False),
        ("at_most", 3, (9,), True),
        ("at_most", 19, (9,), False),
        ("equal", 84, (84,), True),
        ("equal", 84, (83,), False),
        ("growth", 60, (2, 5), True),
        ("growth", 61, (2, 5), False),
    ],
)
def test_relations(ledger: Ledger, operator: str, left: int, right: tuple[int, ...], holds: bool) -> None:
    numbers = [left, *right]
    put(ledger, Measure, problem="p", body="、".join(f"{n}人" for n in numbers))
    ids = [
        put(ledger, Figure, problem="p", name=f"数{k}", value=Amount(Decimal(n), "人")) for k, n in enumerate(numbers)
    ]
    put(ledger, FigureRelation, problem="p", left=ids[0], operator=operator, right=tuple(ids[1:]))
    assert codes(ledger) == ([] if holds else ["relation"])


def test_a_rule_out_of_force(ledger: Ledger) -> None:
    put(ledger, CitedRule, problem="p", title="旧办法", expires=date(2020, 1, 1))
    put(ledger, CitedRule, problem="p", title="现办法", in_force=True)
    assert codes(ledger) == ["rule_expired"]


def test_contact_and_mail_of_the_unit(ledger: Ledger) -> None:
    unit = ledger.get(Unit, "u")
    assert unit is not None
    ledger.act(Deed("改", "王", (edit(unit, phones=None),)))
    assert codes(ledger) == ["no_contact"]
    ledger.act(Deed("改", "王", (edit(unit, email="123＠qq.com"),)))
    assert codes(ledger) == ["email"]


def test_words_to_be_looked_at_until_settled(ledger: Ledger) -> None:
    notice = put(ledger, Notice, unit="u", title="通报")
    unread = put(ledger, UnreadText, notice=notice, text="上接第3版", reason="版面转接提示")
    assert codes(ledger) == ["unread"]
    row = ledger.get(UnreadText, unread)
    assert row is not None
    ledger.act(Deed("看过", "王", (edit(row, settled=True),)))
    assert codes(ledger) == []


def test_two_problems_of_one_number(ledger: Ledger) -> None:
    put(ledger, Problem, unit="u", number=1, title="另一个", category="c")
    assert codes(ledger) == ["number_twice"]


def test_a_conflict_is_an_error(ledger: Ledger) -> None:
    problem = ledger.get(Problem, "p")
    assert problem is not None
    seen = ledger.heads(problem)
    for title in ("甲", "乙"):
        ledger.act(Deed("改", title, (edit(problem, seen=seen, title=title),)))
    found = checks.findings(ledger, TODAY)
    assert [(f.code, f.severity, f.field) for f in found] == [("conflict", "error", "title")]


def test_rows_reckon_days_and_count_finished_measures(ledger: Ledger) -> None:
    for progress in ("done", "kept_up", "under_way", None):
        put(ledger, Measure, problem="p", lead="甲", progress=progress)
    put(ledger, OngoingItem, problem="p", content="继续", due=Deadline("年底前", date(2021, 12, 31)))
    row = overview.rows(ledger, TODAY)[0]
    assert (row.measures, row.measures_done, row.days_left, row.state) == (4, 2, 41, "open")
    assert overview.rows(ledger, date(2021, 12, 20))[0].state == "soon"
    assert overview.rows(ledger, date(2022, 1, 3))[0].state_words == "超期 3 天"
    change(ledger, progress="done")
    assert overview.totals(overview.rows(ledger, TODAY)).finished == 1


def test_the_state_of_an_earlier_day_is_read_from_the_history(ledger: Ledger) -> None:
    before = ledger.position()
    change(ledger, progress="done")
    earlier = history.at_position(ledger, before)
    assert [r.state for r in overview.rows(earlier, TODAY)] == ["no_date"]
    assert [r.state for r in overview.rows(ledger, TODAY)] == ["done"]
