"""Many problems in one deed: seen before it is done, judged one by one, taken back by one undo. Views with a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.records import Category, Problem, Unit
from db.store.replica import Installation
from desktop_app.rectification import field_history, problem_batch, problem_views
from desktop_app.rectification.problem_batch import Asked
from desktop_app.rectification.problem_list import Look

IDS = ["p1", "p2", "p3"]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    edits = (
        create(Unit, "u1", name="东山分局"),
        create(Category, "c1", title="查办案件"),
        create(Problem, "p1", unit="u1", number=1, title="甲", progress="done", tags=("重点",)),
        create(Problem, "p2", unit="u1", number=2, title="乙", progress="under_way"),
        create(Problem, "p3", unit="u1", number=3, title="丙", responsible="张三"),
    )
    made.act(Deed("填写", "王", edits))
    return made


def field(ledger: Ledger, name: str) -> list[object]:
    return [getattr(ledger.get(Problem, one), name) for one in IDS]


def test_it_is_seen_first_then_one_deed_then_one_undo(ledger: Ledger) -> None:
    seen = problem_batch.plan(ledger, IDS, Asked("progress", "done"))
    assert [(one.name, one.before, one.after) for one in seen.changed] == [
        ("2. 乙", "正在推进", "已完成"),
        ("3. 丙", "", "已完成"),
    ]
    assert (seen.same, seen.refused) == (1, ())
    before = len(history.entries(ledger))
    done = problem_batch.change(ledger, seen, "王")
    assert done.sentence == "批量修改 2 个问题：“进展状态”改为“已完成”"
    assert len(history.entries(ledger)) == before + 1
    assert field(ledger, "progress") == ["done", "done", "done"]
    ledger.undo("王")
    assert field(ledger, "progress") == ["done", "under_way", None]


def test_only_empty_ones_are_filled_and_words_of_a_list_come_and_go(ledger: Ledger) -> None:
    def do(asked: Asked) -> None:
        problem_batch.change(ledger, problem_batch.plan(ledger, IDS, asked), "王")

    do(Asked("responsible", "李四", "fill"))
    assert field(ledger, "responsible") == ["李四", "李四", "张三"]
    do(Asked("tags", ("重点", "督办"), "add"))
    assert field(ledger, "tags") == [("重点", "督办"), ("重点", "督办"), ("重点", "督办")]
    do(Asked("tags", ("重点",), "remove"))
    assert field(ledger, "tags") == [("督办",)] * 3
    do(Asked("tags", None))
    assert field(ledger, "tags") == [None] * 3


def test_references_read_as_what_they_point_at(ledger: Ledger) -> None:
    seen = problem_batch.plan(ledger, IDS, Asked("category", "c1"))
    assert {one.after for one in seen.changed} == {"查办案件"}
    assert "“查办案件”" in problem_batch.change(ledger, seen, "王").sentence


def test_what_the_rules_stand_against_stays_and_says_why(ledger: Ledger) -> None:
    seen = problem_batch.plan(ledger, IDS, Asked("publicity", "secret"))
    assert not seen.changed
    assert "理由" in seen.refused[0].refused
    assert problem_batch.change(ledger, seen, "王").touched == ()
    assert field(ledger, "publicity") == [None] * 3


def test_what_was_changed_since_is_looked_at_again(ledger: Ledger) -> None:
    seen = problem_batch.plan(ledger, IDS, Asked("progress", "kept_up"))
    kept = ledger.get(Problem, "p2")
    assert kept is not None
    ledger.act(Deed("改", "李", (edit(kept, progress="done"),)))
    with pytest.raises(Refusal, match="又有人改过"):
        problem_batch.change(ledger, seen, "王")
    assert field(ledger, "progress") == ["done", "done", None]
    with pytest.raises(Refusal, match="一次最多"):
        problem_batch.plan(ledger, [str(one) for one in range(problem_batch.MOST + 1)], Asked("progress", "done"))


def test_a_view_comes_back_as_it_was_kept(ledger: Ledger) -> None:
    look = Look(("overdue", "soon"), ("c1",), ("方面",), ("u1",), "30", "张三", ("重点",), "甲 乙", "unit", "due", True)
    assert problem_views.look_of(problem_views.kept(look)) == look
    assert problem_views.look_of({"due": "永远", "states": "x", "sorting": 3}) == Look()
    assert problem_views.share(ledger, " 本月 到期 ", look, "王").sentence == "新增常用视图“本月 到期”"
    (view,) = problem_views.shared(ledger)
    assert problem_views.look(view) == look
    assert problem_views.share(ledger, "本月 到期", look, "王").touched == ()
    problem_views.share(ledger, "本月 到期", Look(), "王")
    (view,) = problem_views.shared(ledger)
    assert problem_views.look(view) == Look()
    problem_views.forget(ledger, view, "王")
    assert problem_views.shared(ledger) == []
    with pytest.raises(Refusal, match="名称"):
        problem_views.share(ledger, "  ", look, "王")


def test_each_field_tells_what_became_of_it_and_one_value_goes_back(ledger: Ledger) -> None:
    for progress in ("done", "kept_up"):
        kept = ledger.get(Problem, "p2")
        assert kept is not None
        ledger.act(Deed("改", "李", (edit(kept, progress=progress, responsible="赵"),)))
    told = field_history.changes(ledger, "problem", "p2")
    assert [(one.label, one.before, one.after, one.current) for one in told[:3]] == [
        ("进展状态", "done", "kept_up", True),
        ("责任人", None, "赵", True),
        ("进展状态", "under_way", "done", False),
    ]
    assert {one.actor for one in told[:3]} == {"李"}
    field_history.put_back(ledger, "problem", "p2", "progress", "under_way", "王")
    now = ledger.get(Problem, "p2")
    assert now is not None
    assert (now.progress, now.responsible) == ("under_way", "赵"), "only that one"
    with pytest.raises(Refusal, match="不能销号"):
        field_history.put_back(ledger, "problem", "p2", "closing", "closed", "王")
    ledger.act(Deed("删", "王", (edit(now, deleted=True),)))
    assert field_history.changes(ledger, "problem", "p2")[0].label == "删除"
    with pytest.raises(Refusal, match="已经删除"):
        field_history.put_back(ledger, "problem", "p2", "progress", "done", "王")
