"""What findings say, with their figures in them; the calendar of duties; the forecast of a target."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from db.errors import Refusal
from db.schema.composite import Span
from db.schema.definition import CategoryDefinition
from db.schema.definition.toml import read_file
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.ruling import calendar, examples
from desktop_app.rectification.ruling.saying import yuan

EVERY = Path(__file__).parents[3] / "laws" / "every_test.toml"


@cache
def definition() -> CategoryDefinition:
    return read_file(EVERY)


def found(rule: str, today: str = "2021-12-31", **rows: list[dict[str, Any]]) -> list[Finding]:
    return examples.run(definition(), definition().rules[rule], {"rows": rows, "today": today})


@pytest.mark.parametrize(
    ("rule", "row", "today", "severity", "sentence"),
    [
        ("in_bounds", {"weight": 0}, "2021-12-31", "warning", "重量 0，应大于 0。"),
        (
            "tender",
            {"kind": "货物", "amount": "31.2万", "method": "邀请招标"},
            "2021-12-31",
            "warning",
            "金额 31.2万元，类别 货物，按采购办法应当公开招标，现为邀请招标。",
        ),
        (
            "thirty_days",
            {"begun": "2021-05-01"},
            "2021-06-10",
            "warning",
            "应于 2021-05-31 前完成（开始日期 2021-05-01 起 30 个自然日），还没有填结束日期，已超期 10 天。",
        ),
        (
            "thirty_days",
            {"begun": "2021-05-01"},
            "2021-05-31",
            "note",
            "应于 2021-05-31 前完成（开始日期 2021-05-01 起 30 个自然日），今天到期。",
        ),
        ("valid", {"limit_on": "2021-12-31"}, "2021-12-31", "note", "截止日期 2021-12-31，今天到期。"),
        ("two_persons", {"maker": "p1", "judge": "p1"}, "2021-12-31", "error", "经办人和审核人都是“p1”，应当不同。"),
        (
            "adds_up",
            {"total": 2708, "first": 1792, "second": 905},
            "2021-12-31",
            "warning",
            "合计 2708，各项相加是 2697（其一 1792 + 其二 905），相差 11。",
        ),
    ],
)
def test_a_row_is_told_with_its_figures(
    rule: str, row: dict[str, Any], today: str, severity: str, sentence: str
) -> None:
    one = examples.run(definition(), definition().rules[rule], {"row": row, "today": today})
    assert [(f.severity, f.sentence.partition("：")[2]) for f in one] == [(severity, sentence)]


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (31_200_000, "31.2万元"),
        (4_999_999, "49,999.99元"),
        (30_000_001, "300,000.01元"),
        (30_000_000, "30万元"),
        (12_345, "123.45元"),
        (100, "1元"),
        (-150, "-1.50元"),
        (0, "0元"),
    ],
)
def test_money_is_said_exactly(fen: int, said: str) -> None:
    assert yuan(fen) == said


def test_ten_years_in_a_post_end_on_the_day() -> None:
    assert found("ten_years", "2022-02-27", job=[{"begun": "2012-02-29"}])[0].severity == "note"
    assert found("ten_years", "2022-02-28", job=[{"begun": "2012-02-29"}])[0].severity == "warning"


def test_missing_months_are_told_together() -> None:
    party = {"id": "p1", "name": "甲", "state": "在用", "opened": "2021-01-01"}
    jobs = [{"party": "p1", "begun": day} for day in ("2021-01-05", "2021-04-05", "2021-06-30")]
    one = found("monthly", "2021-12-10", party=[party], job=jobs)
    assert len(one) == 1
    assert "“甲”2021年2月、3月、2021年5月、2021年7月至11月没有登记（共 8 个月），每月应有 1 次" in one[0].sentence
    assert (one[0].record, one[0].id) == ("every_test.party", "p1")
    assert not found("monthly", "2021-02-05", party=[party], job=[{"party": "p1", "begun": "2021-01-05"}])


@pytest.mark.parametrize(
    ("change", "owes"),
    [({}, True), ({"state": "停用"}, False), ({"closed": "2021-02-01"}, False), ({"opened": "2021-12-20"}, False)],
)
def test_who_owes_nothing_misses_nothing(change: dict[str, str], owes: bool) -> None:
    party = {"id": "p1", "name": "甲", "state": "在用", "opened": "2021-02-01", **change}
    assert bool(found("monthly", "2021-12-31", party=[party])) is owes


def test_the_calendar_tells_what_is_owed_when_and_whether_it_was_done() -> None:
    place = examples.Scratch(definition())
    party = {"id": "p1", "name": "甲", "state": "在用", "opened": "2021-01-01"}
    place.fill(
        definition().rules["monthly"], {"rows": {"party": [party], "job": [{"party": "p1", "begun": "2021-10-08"}]}}
    )
    owed = calendar.obligations(place.facts, Span(date(2021, 9, 1), date(2021, 12, 31)), date(2021, 11, 20))
    told = [(one.period.wording, one.due, one.done) for one in owed if one.rule == "every_test.monthly"]
    assert told == [
        ("2021年9月", date(2021, 10, 5), None),
        ("2021年10月", date(2021, 11, 5), date(2021, 10, 8)),
        ("2021年11月", date(2021, 12, 5), None),
        ("2021年12月", date(2022, 1, 5), None),
    ]
    assert [one.period.wording for one in calendar.missing(owed, date(2021, 11, 20))] == ["2021年9月"]
    assert {one.subject for one in owed} == {"甲"}


def test_a_target_is_forecast_before_its_day_and_judged_after() -> None:
    jobs = [{"begun": "2021-03-01", "method": "公开招标"}, *[{"begun": "2021-03-01", "method": "直接采购"}] * 3]
    before = found("half_open", "2021-06-30", job=jobs)
    assert [one.severity for one in before] == ["note"]
    assert (
        "今年以来公开招标率现为 25%（1/4），应于 2021-12-31 前不低于 50%，按已过 181 天的日均推算" in before[0].sentence
    )
    assert "约为 25%，达不到目标" in before[0].sentence
    assert [one.severity for one in found("half_open", "2021-12-31", job=jobs)] == ["warning"]


def test_two_lines_that_differ_at_their_border_ask_to_confirm() -> None:
    row = {"kind": "工程", "amount": "60万", "begun": "2021-05-01", "method": "邀请招标"}
    one = found("tender", job=[row])
    assert [(f.code, f.severity) for f in one] == [("band_boundary", "note")]
    assert "请确认按哪一条" in one[0].advice


def test_an_example_that_names_what_is_not_there_is_refused() -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"row": {"nothing": 1}},
        {"rows": {"nowhere": []}},
        {"row": {}, "when": 1},
        {"row": {}, "today": "x"},
    )
    for case in wrong:
        with pytest.raises(Refusal):
            examples.run(definition(), definition().rules["in_bounds"], case)
