"""Waivers hold for one rule, row and matter, while the figures concerned stay as they were."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.errors import Refusal
from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.records import OngoingItem, Problem, Waiver
from desktop_app.rectification import checks, forms
from desktop_app.rectification.finding import Finding, told
from desktop_app.rectification.ruling import waiving

JOB = "every_test.job"
TODAY = date(2021, 12, 31)


def save(ledger: Ledger, identifier: str = "", **values: Any) -> str:
    before = ledger.find(JOB, identifier) if identifier else None
    outcome = forms.save(ledger, JOB, before, values, "王")
    return outcome.touched[0][1]


def of(ledger: Ledger, rule: str, today: date = TODAY) -> Finding:
    return next(one for one in checks.all_findings(ledger, today) if one.rule == f"every_test.{rule}")


def test_a_waived_finding_is_listed_apart_until_it_is_taken_back(ledger: Ledger) -> None:
    save(ledger, code="a1")
    waiving.waive(ledger, of(ledger, "code_form"), "旧系统的编号", "王")
    again = of(ledger, "code_form")
    assert again.waived is not None
    assert again.waived.reason == "旧系统的编号"
    assert again.waived.sentence == again.sentence
    assert not [one for one in checks.findings(ledger, TODAY) if one.rule == "every_test.code_form"]
    waiving.unwaive(ledger, again, "王")
    assert of(ledger, "code_form").waived is None
    with pytest.raises(Refusal):
        waiving.unwaive(ledger, of(ledger, "code_form"), "王")


def test_other_figures_are_asked_about_again_and_the_old_reason_told(ledger: Ledger) -> None:
    row = save(ledger, code="A001", amount=1_000_000, paid=1_100_000)
    waiving.waive(ledger, of(ledger, "paid_within"), "增项已经批准", "王")
    save(ledger, row, serial=5)
    assert of(ledger, "paid_within").waived is not None, "another field of the row changes nothing"
    save(ledger, row, paid=1_500_000)
    found = of(ledger, "paid_within")
    assert found.waived is None
    assert "曾因“增项已经批准”豁免，后来数据有变" in found.advice
    waiving.waive(ledger, found, "第二次增项也批准了", "王")
    assert of(ledger, "paid_within").waived is not None
    kept = [one for one in ledger.all(Waiver) if one.rule == "every_test.paid_within"]
    assert [one.reason for one in kept] == ["第二次增项也批准了"], "the waiver that no longer held was renewed"


def test_days_that_pass_change_nothing(ledger: Ledger) -> None:
    save(ledger, begun=date(2021, 5, 1), code="A001")
    first = of(ledger, "thirty_days", date(2021, 7, 1))
    waiving.waive(ledger, first, "等上级批复", "王")
    later = of(ledger, "thirty_days", date(2021, 8, 9))
    assert later.sentence != first.sentence
    assert later.waived is not None


def test_a_waiver_until_a_day_ends_with_it(ledger: Ledger) -> None:
    save(ledger, begun=date(2021, 5, 1), code="A001")
    waiving.waive(ledger, of(ledger, "thirty_days"), "等上级批复", "王", date(2022, 1, 31))
    assert of(ledger, "thirty_days", date(2022, 1, 31)).waived is not None
    ended = of(ledger, "thirty_days", date(2022, 2, 1))
    assert ended.waived is None
    assert "豁免到 2022-01-31 为止" in ended.advice


def test_a_waiver_is_for_its_row_and_rule_alone(ledger: Ledger) -> None:
    save(ledger, code="a1")
    save(ledger, code="a1")
    waiving.waive(ledger, of(ledger, "code_form"), "旧系统的编号", "王")
    found = [one for one in checks.all_findings(ledger, TODAY) if one.rule == "every_test.code_form"]
    assert sorted(one.waived is not None for one in found) == [False, True]


def test_one_more_row_in_a_group_is_asked_about_again(ledger: Ledger) -> None:
    for amount in (3_000_000, 2_500_000):
        save(ledger, party="p1", kind="货物", amount=amount, begun=date(2021, 3, 1))
    waiving.waive(ledger, of(ledger, "no_pieces"), "两个不同的项目", "王")
    assert of(ledger, "no_pieces").waived is not None
    save(ledger, party="p1", kind="货物", amount=100_000, begun=date(2021, 4, 1))
    assert of(ledger, "no_pieces").waived is None


def test_checks_of_the_program_itself_can_be_waived_too(ledger: Ledger) -> None:
    item = Edit("ongoing_item", "o1", {"problem": "p1", "content": "甲", "due": Deadline("", date(2021, 6, 1))})
    problem = Edit("problem", "p1", {"title": "甲", "number": 1, "progress": "under_way"})
    ledger.act(Deed("录入", "王", (problem, item)))
    assert ledger.count(Problem) == ledger.count(OngoingItem) == 1
    found = next(one for one in checks.findings(ledger, TODAY) if one.code == "overdue")
    waiving.waive(ledger, found, "已经申请延期", "王")
    later = next(one for one in checks.all_findings(ledger, date(2022, 3, 1)) if one.code == "overdue")
    assert later.waived is not None


def test_what_a_form_refuses_cannot_be_waived(ledger: Ledger) -> None:
    ledger.act(Deed("合并", "李", (Edit(JOB, "j1", {"begun": date(2021, 5, 2), "ended": date(2021, 5, 1)}),)))
    found = of(ledger, "in_order")
    assert (found.severity, found.hard) == ("error", True)
    assert not waiving.may_waive(found)
    with pytest.raises(Refusal, match="不能豁免"):
        waiving.waive(ledger, found, "没有理由", "王")


def test_what_is_withheld_is_told_without_its_content(ledger: Ledger) -> None:
    save(ledger, code="a1", publicity="secret")
    found = of(ledger, "code_form")
    assert found.publicity == "secret"
    assert "a1" in told(found, "secret")
    assert "a1" not in told(found, "internal")
    save(ledger, code="b2", publicity="internal")
    known = [one for one in checks.findings(ledger, TODAY) if "b2" in one.sentence]
    assert {one.code: one.publicity for one in known} == {"pattern": "internal", "complete": "secret"}
    assert not [one for one in known if "b2" in told(one, "public")]
    other = next(one for one in known if one.code == "pattern")
    assert "编号的写法" in told(other, "public")
