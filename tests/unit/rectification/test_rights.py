"""Who may do what; who signs which stage of a sign-off, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.records import SCHEMAS, Clerk, Evidence, Measure, Problem
from db.store.blobs import sheet_of
from db.store.replica import Installation
from desktop_app.rectification import closing, rights, rules
from desktop_app.rectification.rights import ACTS, MAY
from desktop_app.rectification.rules import FieldRefusal

DAY = date(2021, 11, 3)
ROLES = {"王某": "entry", "李某": "review", "赵某": "lead", "陈某": "admin", "周某": "read"}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A problem that is done and proven, and five people."""
    made = Ledger.create(tmp_path / "一.zgl", Installation(tmp_path / "home"), vocabulary=SCHEMAS)
    prepare(made)
    yield made
    made.close()


def prepare(made: Ledger) -> None:
    paper = sheet_of("签到表.pdf", b"%PDF-1.7 proof", "application/pdf")
    people = [create(Clerk, name=name, role=role) for name, role in ROLES.items()]
    problem = create(Problem, "p", number=1, title="办案期限管理不严", progress="done", completed=DAY)
    proof = create(Evidence, problem="p", title="签到表", paper=paper)
    measure = create(Measure, problem="p", lead="健全机制。", progress="done")
    made.act(Deed("开始", "陈某", (*people, problem, proof, measure), ((paper, b"%PDF-1.7 proof"),)))


def test_a_ledger_without_clerks_belongs_to_one_who_may_do_all() -> None:
    alone = rights.among([], "王某")
    assert all(alone.may(act) for act in ACTS)
    assert "什么都可以做" in alone.told()


def test_every_role_is_told_what_it_may_and_may_not(ledger: Ledger) -> None:
    for name, role in ROLES.items():
        found = rights.of(ledger, name)
        assert found.role == role
        told, _, forbidden = found.told().partition("不能")
        for act, said in ACTS.items():
            assert (said in told) == found.may(act) == (act in MAY[found.role])
            assert (said in forbidden) != found.may(act)
    stranger = rights.of(ledger, "路人")
    assert not any(stranger.may(act) for act in ACTS)
    assert "没有登记“路人”" in str(stranger.refusal("write"))
    refused = rights.of(ledger, "王某").refusal("issue", rights.able(ledger.all(Clerk), "issue"))
    assert refused.sentence == "录入人员不能印发文书。"
    assert "李某" in refused.advice


def test_somebody_always_manages_the_others(ledger: Ledger) -> None:
    boss = next(one for one in ledger.all(Clerk) if one.role == "admin")
    with pytest.raises(FieldRefusal):
        rules.enforce(ledger, "clerk", boss, Clerk(id=boss.id, name=boss.name, role="entry"))
    with pytest.raises(Refusal):
        rules.may_remove(ledger, "clerk", boss)
    other = next(one for one in ledger.all(Clerk) if one.role == "lead")
    ledger.act(Deed("再来一个", "陈某", (edit(other, role="admin"),)))
    rules.enforce(ledger, "clerk", boss, Clerk(id=boss.id, name=boss.name, role="entry"))
    rules.may_remove(ledger, "clerk", boss)


def test_the_first_who_is_registered_manages(tmp_path: Path) -> None:
    made = Ledger.create(tmp_path / "空.zgl", Installation(tmp_path / "home"), vocabulary=SCHEMAS)
    with pytest.raises(FieldRefusal):
        rules.enforce(made, "clerk", None, Clerk(id="c", name="王某", role="entry"))
    rules.enforce(made, "clerk", None, Clerk(id="c", name="王某", role="admin"))
    made.close()


def turns(ledger: Ledger) -> dict[str, list[str]]:
    return {name: [one.act for one in closing.waiting(ledger, name)] for name in ROLES}


def test_everybody_signs_their_stages_and_sees_what_waits_for_them(ledger: Ledger) -> None:
    nothing: dict[str, list[str]] = {name: [] for name in ROLES}
    assert turns(ledger) == {**nothing, "王某": ["apply"], "陈某": ["apply"]}
    with pytest.raises(Refusal, match="领导人员不能申请销号"):
        closing.apply(ledger, "p", "改了", "赵某", DAY, "赵某")
    closing.apply(ledger, "p", "改了", "王某", DAY, "王某")
    for name, stage in zip(("李某", "赵某", "李某", "赵某"), closing.CHAIN[1:], strict=True):
        assert turns(ledger) == {**nothing, name: [stage], "陈某": [stage]}
        for other in {*ROLES} - {name, "陈某"}:
            assert closing.may(ledger, other, "p", stage)
            with pytest.raises(Refusal):
                closing.opine(ledger, "p", "agree", "", other, DAY, other)
        closing.opine(ledger, "p", "agree", "", name, DAY, name)
    assert turns(ledger) == nothing
    closed = ledger.get(Problem, "p")
    assert closed is not None
    assert closed.closing == "closed"


def test_what_was_returned_waits_for_the_handler_with_the_reason(ledger: Ledger) -> None:
    closing.apply(ledger, "p", "改了", "王某", DAY, "王某")
    closing.opine(ledger, "p", "return", "佐证没有盖章", "李某", DAY, "李某")
    (one,) = closing.waiting(ledger, "王某")
    assert (one.act, one.what) == ("apply", "改好后再申请：牵头部门负责人退回：佐证没有盖章")
    assert not closing.waiting(ledger, "李某")


def test_one_stage_may_be_settled_for_somebody(ledger: Ledger) -> None:
    boss = next(one for one in ledger.all(Clerk) if one.name == "赵某")
    ledger.act(Deed("定", "陈某", (edit(boss, stage="party"),)))
    assert rights.of(ledger, "赵某").stages == {"party"}
    assert "由陈某签" in closing.may(ledger, "赵某", "p", "leader")
