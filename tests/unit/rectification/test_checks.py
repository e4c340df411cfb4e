"""Findings: what does not add up is found, what does is left alone."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from one_problem import TODAY, begun, change, codes, put
from sqlalchemy import Connection

from db.ledger import history
from db.ledger.change import Deed, Edit, create, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline, Sheet
from db.schema.records import (
    CitedRule,
    Closing,
    Evidence,
    Figure,
    FigureRelation,
    Inspection,
    Measure,
    Notice,
    OngoingItem,
    Problem,
    Unit,
    UnreadText,
)
from desktop_app.rectification import checks, overview


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return begun(tmp_path)


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


def test_closed_without_kept_evidence_or_consent(ledger: Ledger) -> None:
    put(ledger, Measure, problem="p", lead="甲", progress="done")
    change(ledger, progress="done", closing="closed")
    assert codes(ledger) == ["no_closing", "no_evidence"]
    put(ledger, Evidence, problem="p", title="纪要")
    put(ledger, Closing, problem="p", round=2, conclusion="return")
    put(ledger, Closing, problem="p", round=1, conclusion="agree", concluded=TODAY)
    assert codes(ledger) == ["no_closing", "no_evidence"]
    paper = Sheet("纪要.txt", "0" * 64, 1, "text/plain")
    put(ledger, Evidence, problem="p", title="纪要", paper=paper)
    put(ledger, Closing, problem="p", round=3, conclusion="agree", concluded=TODAY)
    assert codes(ledger) == []
    change(ledger, progress="under_way")
    assert codes(ledger) == ["closed_but_open"]


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


def test_of_an_issued_notice_nothing_is_left_to_be_settled(ledger: Ledger) -> None:
    notice = put(ledger, Notice, unit="u", title="通报", state="issued")
    put(ledger, UnreadText, notice=notice, text="上接第3版")
    assert codes(ledger) == []


def test_the_findings_of_one_problem_are_those_of_the_whole(ledger: Ledger) -> None:
    put(ledger, Problem, identifier="q", unit="u", number=2, category="c")
    put(ledger, Measure, problem="p", body="{没有}", parent="m", identifier="m")
    everything = checks.findings(ledger, TODAY)
    assert [f.code for f in checks.of_problem(ledger, "p", TODAY)] == ["unknown_figure", "parent_circle"]
    assert [f.code for f in checks.of_problem(ledger, "q", TODAY)] == ["no_title"]
    assert len(everything) == 3
    assert checks.of_problem(ledger, "none", TODAY) == []


def test_a_check_asks_no_more_often_of_a_large_ledger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    reading = ledger.reading

    def counted() -> AbstractContextManager[Connection]:
        asked[-1] += 1
        return reading()

    monkeypatch.setattr(ledger, "reading", counted)
    for more in (1, 40):  # tables without a row are not asked at all
        edits: list[Edit] = []
        for number in range(2, 2 + more):
            problem = create(Problem, unit="u", number=number, title="甲", category="c", inspection="i")
            parts = (Measure, OngoingItem, Figure, FigureRelation, CitedRule, Evidence, Closing)
            edits += [problem, *(create(part, problem=problem.id) for part in parts)]
        ledger.act(Deed("填写", "王", (create(Inspection, "i", title="轮"), *edits)))
        asked.append(0)
        checks.findings(ledger, TODAY)
    assert asked[0] == asked[1] > 0
