"""What an office asks of a conflict: its code, whose values they are, what many are decided by, a text of both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from db.exchange import merge
from db.exchange.contents import Party, in_memory
from db.ledger import conflicts as disputes
from db.ledger import history
from db.ledger.change import Deed, create, delete, edit
from db.ledger.ledger import Ledger
from db.schema.records import Problem, Unit
from db.store.replica import Installation
from desktop_app.rectification import conflicts
from desktop_app.rectification.ledgers import OWN_UNIT

CLAUSES = st.lists(st.sampled_from(["一是建章，", "二是立制；", "三是抓落实。", "四是回头看！"]), max_size=6).map(
    "".join
)


@given(CLAUSES, CLAUSES, CLAUSES)
def test_a_text_of_both_has_the_changes_of_both(before: str, one: str, other: str) -> None:
    assert conflicts.merged(before, before, other) == other
    assert conflicts.merged(before, one, before) == one
    assert conflicts.merged(before, one, one) == one
    assert conflicts.merged(before, one, other) == conflicts.merged(before, other, one)


def test_changes_of_different_clauses_come_together_and_of_one_do_not() -> None:
    before = "一是建章立制。二是加强巡查，共巡查3处。三是公开。"
    one = before.replace("3处", "5处")
    assert conflicts.merged(before, one, before + "四是回头看。") == one + "四是回头看。"
    assert conflicts.merged(before, one, before.replace("3处", "6处")) is None


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Ledger, Ledger]]:
    """Head office and a branch, each with a word of its own on one problem, and one problem deleted by the branch; met here."""
    head = Ledger.create(tmp_path / "市局.zgl", Installation(tmp_path / "h"))
    units = (create(Unit, "u-h", name="市局"), create(Unit, "u-e", name="东山"))
    problems = (
        create(Problem, "p1", title="甲", unit="u-e", symptoms="一是不严。二是不细。三是不实。"),
        create(Problem, "p2", title="乙", unit="u-h"),
    )
    head.act(Deed("新建", "某人", (*units, *problems)))
    shutil.copyfile(head.path, tmp_path / "东山.zgl")
    east = Ledger.open(tmp_path / "东山.zgl", Installation(tmp_path / "e"))
    head.note(OWN_UNIT, "u-h")
    for ledger, who, symptoms in (
        (east, "东", "一是不严格。二是不细。三是不实。"),
        (head, "市", "一是不严。二是不细。三是不扎实。"),
    ):
        for one in ledger.all(Problem):
            assert isinstance(one, Problem)
            told = symptoms if one.id == "p1" else one.symptoms
            ledger.act(Deed("改", f"{who}某", (edit(one, title=f"{who}改", symptoms=told),)))
    second = east.get(Problem, "p2")
    assert second is not None
    east.act(Deed("删", "东某", (delete(second),)))
    merge.merge(head, [in_memory(history.changes(east), sender=Party(unit="u-e", name="东山"))])
    yield head, east
    head.close()
    east.close()


def test_a_conflict_is_found_by_its_code_and_says_who_wrote_what(pair: tuple[Ledger, Ledger]) -> None:
    head, _ = pair
    found = disputes.conflicts(head)
    by_field = {(one.id, one.field): one for one in found}
    title = by_field["p1", "title"]
    assert conflicts.find(found, conflicts.code(title)) == title
    with pytest.raises(Refusal, match="没有编号"):
        conflicts.find(found, "zzz")
    sides = conflicts.sides(head)
    assert {sides.of(title, rival)[1]: rival.value for rival in title.rivals} == {"市局": "市改", "东山": "东改"}
    assert conflicts.of_side(title, "mine").value == "市改"
    assert conflicts.of_side(title, "theirs").value == "东改"
    assert conflicts.proposal(by_field["p1", "symptoms"]) == "一是不严格。二是不细。三是不扎实。"
    assert conflicts.proposal(title) is None
    gone = by_field["p2", "deleted"]
    assert {conflicts.shown(head, gone, rival.value) for rival in gone.rivals} == {"删除", "保留"}
    assert conflicts.typed(head, gone, "保留") is False
    with pytest.raises(Refusal, match="删除还是保留"):
        conflicts.typed(head, gone, "也许")
    assert conflicts.named(head, title).startswith("问题“")


def test_the_owner_decides_what_is_its_own(pair: tuple[Ledger, Ledger]) -> None:
    head, _ = pair
    found = disputes.conflicts(head)
    deed = disputes.decide_many(head, found, conflicts.rule_named(head, found, "owner"), "李")
    assert deed is not None
    head.act(deed)
    assert disputes.conflicts(head) == []
    one, two = head.get(Problem, "p1"), head.get(Problem, "p2")
    assert one is not None
    assert two is not None
    assert (one.title, two.title) == ("东改", "市改")
    with pytest.raises(Refusal, match="没有“louder”这条规则"):
        conflicts.rule_named(head, found, "louder")
