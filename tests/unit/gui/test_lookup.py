"""What a form may point at."""

from __future__ import annotations

from db.ledger.change import Deed, create, delete
from db.schema.records import SCHEMAS, Measure, Problem
from desktop_app.gui import lookup
from desktop_app.gui.session import Session


def test_only_parts_of_the_same_owner_are_offered(session: Session) -> None:
    ledger = session.ledger
    first, second = create(Problem, title="甲", number=1), create(Problem, title="乙", number=2)
    mine = create(Measure, problem=first.id, lead="我的。")
    ledger.act(Deed("备", "王某", (first, second, mine, create(Measure, problem=second.id, lead="别人的。"))))
    evidence = SCHEMAS["evidence"]
    offered = lookup.candidates(ledger, evidence, {"problem": first.id}, "", "measure")
    assert [(one.id, one.line) for one in offered] == [(mine.id, "我的。")]
    assert lookup.candidates(ledger, SCHEMAS["measure"], {"problem": first.id}, mine.id, "measure") == []
    assert len(lookup.candidates(ledger, evidence, {}, "", "measure")) == 2
    assert lookup.candidates(ledger, evidence, {}, "", "no such register") == []


def test_a_deleted_or_missing_record_says_so(session: Session) -> None:
    ledger = session.ledger
    made = create(Problem, title="甲", number=1)
    ledger.act(Deed("备", "王某", (made,)))
    record = ledger.get(Problem, made.id)
    assert record is not None
    ledger.act(Deed("删", "王某", (delete(record),)))
    assert lookup.line(ledger, "problem", made.id) == "1. 甲（已删除）"
    assert "没有" in lookup.line(ledger, "problem", "nobody")


def test_parts_are_those_whose_owner_it_is(session: Session) -> None:
    names = {one.name for one in lookup.parts_of(session.ledger, "problem")}
    assert {"measure", "evidence", "closing"} <= names
    assert "opinion" not in names, "a part of the closing"
