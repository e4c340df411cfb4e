"""The chain of opinions: whose turn it is, what is lacking, what a return and a reopening leave behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.records import Closing, Measure, Opinion, Problem
from db.store.replica import Installation
from desktop_app.rectification import closing, evidence, forms
from desktop_app.rectification.rules import FieldRefusal

DAY = date(2026, 12, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    made.act(
        Deed(
            "填",
            "王",
            (
                create(Problem, "p", number=1, title="甲", progress="under_way"),
                create(Measure, "m", problem="p", number=1, lead="一", progress="under_way"),
            ),
        )
    )
    return made


def finish(ledger: Ledger) -> None:
    """Puts right what is lacking."""
    problem, measure = ledger.get(Problem, "p"), ledger.get(Measure, "m")
    assert problem is not None
    assert measure is not None
    ledger.act(Deed("改", "王", (edit(problem, progress="done"), edit(measure, progress="done"))))
    evidence.paste(ledger, "p", b"png", "王")


def status(ledger: Ledger) -> str | None:
    found = ledger.get(Problem, "p")
    assert found is not None
    return found.closing


def states(ledger: Ledger) -> list[str]:
    return [one.state for one in closing.chain(ledger, "p").steps]


def test_from_the_application_to_the_end(ledger: Ledger) -> None:
    now = closing.chain(ledger, "p")
    assert (now.turn, now.round) == ("apply", 1)
    assert [one.record for one in now.lacking] == ["problem", "measure", "evidence"]
    finish(ledger)
    assert closing.chain(ledger, "p").lacking == ()
    closing.apply(ledger, "p", "都改了", "张三", DAY, "王")
    assert status(ledger) == "applied"
    assert states(ledger) == ["done", "next", "waiting", "waiting", "waiting"]
    for stage in closing.CHAIN[1:]:
        assert closing.chain(ledger, "p").turn == stage
        closing.opine(ledger, "p", "agree", "", "李四", DAY, "王")
        assert status(ledger) == ("closed" if stage == "party" else "in_review")
    (done,) = ledger.all(Closing)
    assert (done.round, done.conclusion, done.concluded, done.account) == (1, "agree", DAY, "都改了")
    now = closing.chain(ledger, "p")
    assert (now.turn, states(ledger)) == ("reopen", ["done"] * 5)
    ledger.undo("王")
    assert status(ledger) == "in_review", "the last consent is one deed"
    assert ledger.all(Closing)[0].conclusion is None


def test_the_last_consent_is_held_to_the_rules(ledger: Ledger) -> None:
    closing.apply(ledger, "p", "都改了", "张三", DAY, "王")
    with pytest.raises(Refusal, match="不能销号"):
        closing.opine(ledger, "p", "agree", "", "书记", DAY, "王", stage="party")
    assert status(ledger) == "applied"
    finish(ledger)
    closing.opine(ledger, "p", "agree", "", "书记", DAY, "王", stage="party")
    assert status(ledger) == "closed", "stages an office does not have are passed over"


def test_a_return_says_why_and_another_round_begins(ledger: Ledger) -> None:
    finish(ledger)
    closing.apply(ledger, "p", "都改了", "张三", DAY, "王")
    with pytest.raises(FieldRefusal, match="理由") as refused:
        closing.opine(ledger, "p", "return", " ", "李四", DAY, "王")
    assert refused.value.field == "text"
    closing.opine(ledger, "p", "return", "缺照片", "李四", DAY, "王")
    assert status(ledger) == "returned"
    now = closing.chain(ledger, "p")
    assert (now.turn, now.round) == ("apply", 2)
    assert now.said == "牵头部门负责人退回：缺照片"
    assert states(ledger)[:2] == ["done", "returned"]
    closing.apply(ledger, "p", "补了", "张三", DAY, "王")
    assert [one.round for one in ledger.all(Closing)] == [1, 2]
    assert states(ledger)[0] == "done"
    assert len(ledger.all(Opinion)) == 3, "nothing is written over"


def test_what_is_reopened_waits_for_an_application(ledger: Ledger) -> None:
    finish(ledger)
    closing.apply(ledger, "p", "都改了", "张三", DAY, "王")
    closing.opine(ledger, "p", "agree", "", "书记", DAY, "王", stage="party")
    with pytest.raises(FieldRefusal, match="理由"):
        closing.reopen(ledger, "p", "", "王")
    closing.reopen(ledger, "p", "又出现", "王")
    now = closing.chain(ledger, "p")
    assert (status(ledger), now.turn, now.round, now.said) == ("reopened", "apply", 2, "又出现")
    problem = ledger.get(Problem, "p")
    assert problem is not None
    with pytest.raises(Refusal, match="不能销号"):
        forms.save(ledger, "problem", problem, {"closing": "closed"}, "王")
    closing.apply(ledger, "p", "再改", "张三", DAY, "王")
    assert [(one.round, one.account) for one in ledger.all(Closing)] == [(1, "都改了"), (2, "再改")]


def test_no_step_out_of_turn_and_none_without_a_name(ledger: Ledger) -> None:
    with pytest.raises(Refusal, match="别的环节"):
        closing.opine(ledger, "p", "agree", "", "李四", DAY, "王", stage="leader")
    with pytest.raises(Refusal, match="别的环节"):
        closing.reopen(ledger, "p", "x", "王")
    with pytest.raises(FieldRefusal, match="完成情况"):
        closing.apply(ledger, "p", "", "张三", DAY, "王")
    with pytest.raises(FieldRefusal, match="签署人"):
        closing.apply(ledger, "p", "都改了", " ", DAY, "王")
    with pytest.raises(Refusal, match="经办人"):
        closing.apply(ledger, "p", "都改了", "张三", DAY, "")
    closing.apply(ledger, "p", "都改了", "张三", DAY, "王")
    with pytest.raises(Refusal, match="别的环节"):
        closing.apply(ledger, "p", "都改了", "张三", DAY, "王")
    with pytest.raises(Refusal, match="找不到"):
        closing.apply(ledger, "q", "都改了", "张三", DAY, "王")
