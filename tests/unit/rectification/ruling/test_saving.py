"""Saving a row: hard rules refuse, doubts are asked a reason for, what was so before is let be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, Edit, Outcome, new_id
from db.ledger.ledger import Ledger
from db.schema.record import Record
from db.schema.records import Waiver
from desktop_app.rectification import batch, checks, forms
from desktop_app.rectification.rules import FieldRefusal
from desktop_app.rectification.ruling import waiving

JOB = "every_test.job"
TODAY = date(2021, 12, 31)


def saved(ledger: Ledger, **values: Any) -> Record:
    outcome = forms.save(ledger, JOB, None, values, "王")
    found = ledger.find(JOB, outcome.touched[0][1])
    assert found is not None
    return found


def raw(ledger: Ledger, **values: Any) -> Record:
    """A row as a merge brings it: no rule was asked."""
    identifier = new_id()
    ledger.act(Deed("合并", "李", (Edit(JOB, identifier, values),)))
    found = ledger.find(JOB, identifier)
    assert found is not None
    return found


def test_a_hard_rule_refuses_at_the_first_field_concerned(ledger: Ledger) -> None:
    with pytest.raises(FieldRefusal, match=r"结束日期 2021-04-30 早于开始日期 2021-05-01.*先后次序") as refused:
        saved(ledger, code="A001", begun=date(2021, 5, 1), ended=date(2021, 4, 30))
    assert refused.value.field == "ended"
    assert "核对" in refused.value.advice
    assert not ledger.every(JOB)
    with pytest.raises(FieldRefusal, match="应当不同"):
        saved(ledger, maker="p1", judge="p1")


def test_a_hard_rule_refuses_in_a_block_too(ledger: Ledger) -> None:
    names = ["begun", "ended"]
    cells = [["2021-05-01", "2021-05-02"], ["2021-05-01", "2021-04-30"]]
    read = batch.read_cells(ledger, ledger.schema(JOB), names, cells)
    assert [(cell.row, cell.field) for cell in read.refused] == [(1, "ended")]
    assert len(read.rows) == 1


def test_a_merge_is_never_refused_and_the_rest_of_such_a_row_can_be_mended(ledger: Ledger) -> None:
    row = raw(ledger, begun=date(2021, 5, 1), ended=date(2021, 4, 30))
    forms.save(ledger, JOB, row, {"code": "A001"}, "王")
    now = ledger.find(JOB, row.id)
    with pytest.raises(FieldRefusal):
        forms.save(ledger, JOB, now, {"ended": date(2021, 4, 29)}, "王")
    forms.save(ledger, JOB, now, {"ended": date(2021, 5, 2)}, "王")
    found = [one for one in checks.findings(ledger, TODAY) if one.rule == "every_test.in_order"]
    assert not found


def test_a_doubt_is_asked_about_and_its_reason_kept_in_the_same_deed(ledger: Ledger) -> None:
    schema = ledger.schema(JOB)
    values = {"code": "A001", "amount": 1_000_000, "paid": 1_100_000}
    found = forms.doubts(ledger, schema, None, values)
    assert [one.rule for one in found] == ["every_test.left_over", "every_test.paid_within"]
    with pytest.raises(forms.Doubted, match="还没有保存，有疑问等 2 处"):
        forms.save(ledger, JOB, None, values, "王", ask=True)
    assert not ledger.every(JOB)
    reasons = {waiving.key(one): "增项已经批准" for one in found}
    with pytest.raises(forms.Doubted):
        forms.save(ledger, JOB, None, values, "王", ask=True, reasons=dict(list(reasons.items())[:1]))
    outcome = forms.save(ledger, JOB, None, values, "王", ask=True, reasons=reasons)
    assert len(outcome.touched) == 3
    assert {one.reason for one in ledger.all(Waiver)} == {"增项已经批准"}
    assert [one.waived.reason for one in checks.all_findings(ledger, TODAY) if one.waived] == ["增项已经批准"] * 2
    listed = {one.code for one in checks.findings(ledger, TODAY) if one.rule.startswith("every_test.")}
    assert listed == {"complete", "balance"}  # these look at more than the row
    assert len(history.entries(ledger, limit=1)[0].touched) == 3
    ledger.undo("王")
    assert not ledger.all(Waiver)


def test_without_asking_a_doubt_is_saved_and_listed(ledger: Ledger) -> None:
    saved(ledger, code="A001", amount=1_000_000, paid=1_100_000)
    assert {one.rule for one in checks.findings(ledger, TODAY)} >= {"every_test.paid_within"}


def test_what_was_doubted_before_is_not_asked_again(ledger: Ledger) -> None:
    row = saved(ledger, code="A001", amount=1_000_000, paid=1_100_000)
    schema = ledger.schema(JOB)
    assert forms.doubts(ledger, schema, row, {"year": 2021}) == []
    assert forms.save(ledger, JOB, row, {"year": 2021}, "王", ask=True) != Outcome()
    again = forms.doubts(ledger, schema, ledger.find(JOB, row.id), {"paid": 1_200_000})
    assert {one.rule for one in again} == {"every_test.left_over", "every_test.paid_within"}


def test_what_time_brings_is_not_asked_about(ledger: Ledger) -> None:
    schema = ledger.schema(JOB)
    assert forms.doubts(ledger, schema, None, {"begun": date(2021, 5, 1)}, date(2021, 9, 1)) == []
    late = forms.doubts(ledger, schema, None, {"begun": date(2021, 5, 1), "ended": date(2021, 8, 1)}, date(2021, 9, 1))
    assert [one.code for one in late] == ["late"]


def test_a_repeated_row_is_doubted(ledger: Ledger) -> None:
    row = saved(ledger, code="A001", year=2021)
    schema = ledger.schema(JOB)
    found = forms.doubts(ledger, schema, None, {"code": "A001", "year": 2021})
    assert [one.rule for one in found] == ["every_test.once"]
    assert found[0].rows == (row.id,)
    assert forms.doubts(ledger, schema, row, {"serial": 4}) == []
    reasons = {waiving.key(one): "同一编号分两次办" for one in found}
    forms.save(ledger, JOB, None, {"code": "A001", "year": 2021}, "王", ask=True, reasons=reasons)
    listed = [one for one in checks.all_findings(ledger, TODAY) if one.rule == "every_test.once"]
    assert [one.waived is not None for one in listed] == [True]


def test_a_core_form_has_no_doubts(ledger: Ledger) -> None:
    assert forms.doubts(ledger, ledger.schema("unit"), None, {"name": "某所"}) == []


def test_a_reason_must_say_something(ledger: Ledger) -> None:
    row = saved(ledger, code="a1")
    found = [one for one in checks.findings(ledger, TODAY) if one.id == row.id]
    with pytest.raises(Refusal, match="还没有写豁免理由"):
        waiving.waive(ledger, found[0], "  ", "王")
    with pytest.raises(Refusal, match="最多 500 个字"):
        waiving.waive(ledger, found[0], "甲" * 501, "王")
