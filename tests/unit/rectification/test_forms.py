"""Saving forms: only what differs, under the office's rules, told in a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger import conflicts, history
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.composite import Amount, Deadline
from db.schema.kinds import Text
from db.schema.record import Field, Record, schema_of
from db.schema.records import (
    SCHEMAS,
    Chapter,
    Closing,
    Evidence,
    Figure,
    Measure,
    NextStep,
    Notice,
    Person,
    Problem,
    Unit,
    UnreadText,
)
from db.store.replica import Installation
from desktop_app.rectification import forms, ledgers
from desktop_app.rectification.rules import FieldRefusal


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))


def saved(ledger: Ledger, schema: str, **values: object) -> str:
    outcome = forms.save(ledger, schema, None, values, "王")
    return outcome.touched[0][1]


def test_a_new_record_needs_its_required_fields(ledger: Ledger) -> None:
    with pytest.raises(FieldRefusal) as refused:
        forms.save(ledger, "problem", None, {"number": 1}, "王")
    assert refused.value.field == "title"
    assert ledger.count(Problem) == 0


def test_only_what_differs_is_written(ledger: Ledger) -> None:
    problem = ledger.get(Problem, saved(ledger, "problem", number=1, title="台账不清"))
    assert problem is not None
    forms.save(ledger, "problem", problem, {"number": 1, "title": "台账不全"}, "李")
    latest = history.entries(ledger, limit=1)[0]
    assert dict(latest.touched[0].fields) == {"title": "台账不全"}
    assert (latest.actor, latest.sentence) == ("李", "修改问题“1. 台账不清”：问题")


def test_an_unchanged_form_writes_nothing(ledger: Ledger) -> None:
    problem = ledger.get(Problem, saved(ledger, "problem", title="台账不清"))
    before = ledger.position()
    assert forms.save(ledger, "problem", problem, {"title": "台账不清"}, "王").taken == 0
    assert ledger.position() == before


def test_a_required_field_cannot_be_emptied_but_an_old_gap_may_stay(ledger: Ledger) -> None:
    problem = ledger.get(Problem, saved(ledger, "problem", title="台账不清"))
    with pytest.raises(FieldRefusal, match="还没有填"):
        forms.save(ledger, "problem", problem, {"title": None}, "王")
    gap = create(Problem, number=2, truncated=True)  # as intake enters a problem whose title was cut off
    ledger.act(Deed("导入", "王", (gap,)))
    forms.save(ledger, "problem", ledger.get(Problem, gap.id), {"cause": "制度不全"}, "王")
    assert [p.cause for p in ledger.all(Problem, number=2)] == ["制度不全"]


def test_a_form_filled_from_an_older_state_makes_a_conflict_not_a_loss(ledger: Ledger) -> None:
    problem = ledger.get(Problem, saved(ledger, "problem", title="台账不清"))
    assert problem is not None
    seen = ledger.heads(problem)
    forms.save(ledger, "problem", problem, {"title": "甲"}, "王", seen=seen)
    forms.save(ledger, "problem", problem, {"title": "乙"}, "李", seen=seen)
    open_ones = conflicts.conflicts(ledger)
    assert [(c.field, {r.value for r in c.rivals}) for c in open_ones] == [("title", {"甲", "乙"})]


def test_deleting_takes_the_parts_along_and_undo_brings_them_back(ledger: Ledger) -> None:
    problem = ledger.get(Problem, saved(ledger, "problem", title="台账不清"))
    assert problem is not None
    top = saved(ledger, "measure", problem=problem.id, lead="甲")
    saved(ledger, "measure", problem=problem.id, parent=top, lead="乙")
    forms.remove(ledger, "problem", problem, "王")
    assert (ledger.count(Problem), ledger.count(Measure)) == (0, 0)
    ledger.undo("王")
    assert (ledger.count(Problem), ledger.count(Measure)) == (1, 2)


def test_deleting_a_measure_takes_those_below_it(ledger: Ledger) -> None:
    problem = saved(ledger, "problem", title="台账不清")
    top = saved(ledger, "measure", problem=problem, lead="甲")
    saved(ledger, "measure", problem=problem, parent=top, lead="乙")
    saved(ledger, "measure", problem=problem, lead="丙")
    measure = ledger.get(Measure, top)
    assert measure is not None
    forms.remove(ledger, "measure", measure, "王")
    assert [m.lead for m in ledger.all(Measure)] == ["丙"]


def test_moving_numbers_by_the_new_order(ledger: Ledger) -> None:
    problem = saved(ledger, "problem", title="台账不清")
    ids = [saved(ledger, "measure", problem=problem, lead=lead, number=n) for n, lead in enumerate("甲乙丙", start=1)]
    found = [ledger.get(Measure, ids[k]) for k in (2, 0, 1)]
    forms.move(ledger, "measure", [m for m in found if m is not None], "王")
    assert [(m.lead, m.number) for m in ledger.all(Measure)] == [("丙", 1), ("甲", 2), ("乙", 3)]


def test_a_withheld_problem_needs_a_reason(ledger: Ledger) -> None:
    with pytest.raises(FieldRefusal) as refused:
        forms.save(ledger, "problem", None, {"title": "甲", "publicity": "secret"}, "王")
    assert refused.value.field == "unpublished_reason"
    saved(ledger, "problem", title="甲", publicity="secret", unpublished_reason="case")


def test_closing_needs_finished_work_and_evidence(ledger: Ledger) -> None:
    problem = ledger.get(Problem, saved(ledger, "problem", title="甲", progress="under_way"))
    assert problem is not None
    with pytest.raises(FieldRefusal, match="还没有完成"):
        forms.save(ledger, "problem", problem, {"closing": "closed"}, "王")
    saved(ledger, "measure", problem=problem.id, lead="乙", progress="under_way")
    with pytest.raises(FieldRefusal, match="1 条措施"):
        forms.save(ledger, "problem", problem, {"closing": "closed", "progress": "done"}, "王")
    measure = ledger.all(Measure)[0]
    forms.save(ledger, "measure", measure, {"progress": "kept_up"}, "王")
    with pytest.raises(FieldRefusal, match="佐证"):
        forms.save(ledger, "problem", problem, {"closing": "closed", "progress": "done"}, "王")
    evidence = saved(ledger, "evidence", problem=problem.id, title="会议纪要")
    with pytest.raises(FieldRefusal, match="存入文件"):
        forms.save(ledger, "problem", problem, {"closing": "closed", "progress": "done"}, "王")
    paper = ledger.path.with_name("纪要.txt")
    paper.write_text("纪要", "utf-8")
    forms.save(ledger, "evidence", ledger.get(Evidence, evidence), {"paper": ledger.keep(paper)}, "王")
    rounds: tuple[dict[str, object], ...] = (
        {"round": 1, "conclusion": "agree", "concluded": date(2021, 11, 3)},
        {"round": 2, "conclusion": "return", "account": "缺材料"},
        {"round": 3, "conclusion": "agree"},
    )
    for values in rounds[1:]:
        saved(ledger, "closing", problem=problem.id, **values)
        with pytest.raises(FieldRefusal, match="最近一轮") as refused:
            forms.save(ledger, "problem", problem, {"closing": "closed", "progress": "done"}, "王")
        assert "销号" in refused.value.advice
    saved(ledger, "closing", problem=problem.id, **rounds[0])
    with pytest.raises(FieldRefusal, match="最近一轮"):
        forms.save(ledger, "problem", problem, {"closing": "closed", "progress": "done"}, "王")
    latest = ledger.all(Closing, round=3)[0]
    forms.save(ledger, "closing", latest, {"concluded": date(2021, 12, 3)}, "王")
    forms.save(ledger, "problem", problem, {"closing": "closed", "progress": "done"}, "王")
    assert ledger.count(Problem, closing="closed") == 1


def test_figures_of_a_problem_have_names_of_their_own(ledger: Ledger) -> None:
    problem = saved(ledger, "problem", title="甲")
    value = Amount(Decimal(31), "件")
    saved(ledger, "figure", problem=problem, name="破案数", value=value)
    with pytest.raises(FieldRefusal, match="破案数"):
        saved(ledger, "figure", problem=problem, name="破案数", value=value)
    other = saved(ledger, "problem", title="乙")
    saved(ledger, "figure", problem=other, name="破案数", value=value)
    assert ledger.count(Figure) == 2


def test_nothing_is_its_own_superior(ledger: Ledger) -> None:
    above = ledger.get(Unit, saved(ledger, "unit", name="市局"))
    below = saved(ledger, "unit", name="分局", parent=above.id if above else None)
    with pytest.raises(FieldRefusal, match="上级"):
        forms.save(ledger, "unit", above, {"parent": below}, "王")


@pytest.fixture
def issued(ledger: Ledger) -> Notice:
    """An issued notice with a chapter, a step and a text to be looked at."""
    notice = create(Notice, title="通报", state="issued", issued=date(2021, 11, 3))
    parts = (
        create(Chapter, notice=notice.id, title="甲"),
        create(NextStep, notice=notice.id, lead="乙"),
        create(UnreadText, notice=notice.id, text="丙"),
    )
    ledger.act(Deed("印发", "王", (notice, *parts)))
    return ledger.all(Notice)[0]


def test_an_issued_notice_stays_as_it_left_the_house(ledger: Ledger, issued: Notice) -> None:
    with pytest.raises(Refusal, match="已经印发"):
        forms.save(ledger, "notice", issued, {"title": "另一份"}, "王")
    with pytest.raises(Refusal, match="已经印发"):
        forms.remove(ledger, "notice", issued, "王")


@pytest.mark.parametrize(
    ("cls", "values"), [(Chapter, {"title": "改"}), (NextStep, {"lead": "改"}), (UnreadText, {"settled": True})]
)
def test_the_parts_of_an_issued_notice_stay_too(
    ledger: Ledger, issued: Notice, cls: type[Record], values: dict[str, object]
) -> None:
    part, name = ledger.all(cls)[0], schema_of(cls).name
    before = ledger.position()
    with pytest.raises(Refusal, match="已经印发"):
        forms.save(ledger, name, part, values, "王")
    with pytest.raises(Refusal, match="已经印发"):
        forms.save(ledger, name, part, {"notice": None}, "王")
    with pytest.raises(Refusal, match="已经印发"):
        forms.save(ledger, name, None, {"notice": issued.id, **values}, "王")
    with pytest.raises(Refusal, match="已经印发"):
        forms.remove(ledger, name, part, "王")
    with pytest.raises(Refusal, match="已经印发"):
        forms.move(ledger, name, [part], "王")
    assert ledger.position() == before
    draft = saved(ledger, "notice", title="草稿")
    saved(ledger, name, notice=draft, **values)


def test_issuing_is_no_matter_of_a_form(ledger: Ledger) -> None:
    notice = ledger.get(Notice, saved(ledger, "notice", title="通报", state="draft"))
    with pytest.raises(FieldRefusal, match="请用“印发”") as refused:
        forms.save(ledger, "notice", notice, {"state": "issued"}, "王")
    assert (refused.value.field, bool(refused.value.advice)) == ("state", True)
    with pytest.raises(FieldRefusal, match="请用“印发”"):
        saved(ledger, "notice", title="通报", state="issued")


def test_superiors_that_a_merge_made_a_circle_can_be_edited_and_deleted(ledger: Ledger) -> None:
    problem = saved(ledger, "problem", title="台账不清")
    circle = [create(Measure, f"m{n}", problem=problem, parent=f"m{(n + 1) % 3}", lead="甲") for n in range(3)]
    ledger.act(Deed("合并", "王", tuple(circle)))
    forms.save(ledger, "measure", ledger.get(Measure, "m0"), {"lead": "乙"}, "王")
    measure = ledger.get(Measure, "m0")
    assert measure is not None
    forms.remove(ledger, "measure", measure, "王")
    assert ledger.count(Measure) == 0


def test_restoring_brings_back_what_was_deleted_together(ledger: Ledger) -> None:
    problem = ledger.get(Problem, saved(ledger, "problem", title="甲"))
    assert problem is not None
    gone = ledger.get(Measure, saved(ledger, "measure", problem=problem.id, lead="早先删的"))
    top = saved(ledger, "measure", problem=problem.id, lead="乙")
    saved(ledger, "measure", problem=problem.id, parent=top, lead="丙")
    assert gone is not None
    forms.remove(ledger, "measure", gone, "王")
    forms.remove(ledger, "problem", problem, "王")
    with pytest.raises(Refusal, match="不能单独恢复"):
        forms.restore(ledger, "measure", gone.id, "王")
    forms.restore(ledger, "problem", problem.id, "王")
    assert ledger.get(Problem, problem.id) == problem
    assert {m.lead for m in ledger.all(Measure)} == {"乙", "丙"}
    assert forms.restore(ledger, "problem", problem.id, "王").taken == 0
    forms.restore(ledger, "measure", gone.id, "王")
    assert ledger.count(Measure) == 3


def test_a_unique_field_takes_a_value_once(tmp_path: Path) -> None:
    person = schema_of(Person)
    code = Field("code", Text("人员代码", unique=True))
    fields = tuple(code if one.name == "code" else one for one in person.fields)
    vocabulary = {**SCHEMAS, "person": replace(person, fields=fields)}
    ledger = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"), vocabulary=vocabulary)
    first = ledger.get(Person, saved(ledger, "person", name="张", code="P1"))
    with pytest.raises(FieldRefusal, match="P1") as refused:
        saved(ledger, "person", name="李", code="P1")
    assert refused.value.field == "code"
    forms.save(ledger, "person", first, {"name": "章", "code": "P1"}, "王")
    saved(ledger, "person", name="李", code="P2")
    assert ledger.count(Person) == 2


def test_a_returned_closing_needs_a_reason(ledger: Ledger) -> None:
    with pytest.raises(FieldRefusal, match="理由"):
        saved(ledger, "opinion", stage="office", verdict="return", person="张", day=date(2021, 11, 3))


def test_a_unit_with_problems_cannot_be_deleted(ledger: Ledger) -> None:
    unit = ledger.get(Unit, saved(ledger, "unit", name="分局"))
    assert unit is not None
    saved(ledger, "problem", title="甲", unit=unit.id)
    with pytest.raises(Refusal, match="1 个问题"):
        forms.remove(ledger, "unit", unit, "王")


def test_a_deleted_record_is_restored_before_it_is_edited(ledger: Ledger) -> None:
    problem = ledger.get(Problem, saved(ledger, "problem", title="甲", due=Deadline("年底前", date(2021, 12, 31))))
    assert problem is not None
    forms.remove(ledger, "problem", problem, "王")
    with pytest.raises(Refusal, match="已经删除"):
        forms.save(ledger, "problem", problem, {"title": "乙"}, "王")
    forms.restore(ledger, "problem", problem.id, "王")
    assert ledger.get(Problem, problem.id) == problem


@pytest.mark.parametrize(
    ("name", "organ", "short"),
    [
        ("中共某市公安局东山分局党组", "中共某市公安局东山分局党组", "东山分局"),
        ("某市公安局东山分局", None, "东山分局"),
        ("中共某县水利局党委", "中共某县水利局党委", "某县水利局"),
        ("某县人民法院", None, "某县人民法院"),
    ],
)
def test_names_are_read_from_names(name: str, organ: str | None, short: str) -> None:
    assert ledgers.guessed_names(name) == ({"short_name": short} | ({"organ": organ} if organ else {}))


def test_units_are_found_by_any_name(ledger: Ledger) -> None:
    for one in ("某市公安局东山分局", "某市公安局西山分局"):
        saved(ledger, "unit", name=one, **ledgers.guessed_names(one))
    assert ledgers.find_unit(ledger, "东山分局").name == "某市公安局东山分局"
    assert ledgers.find_unit(ledger, "东山…").name == "某市公安局东山分局"
    with pytest.raises(Refusal, match="几个单位"):
        ledgers.find_unit(ledger, "公安局")
    with pytest.raises(Refusal, match="没有“南山”"):
        ledgers.find_unit(ledger, "南山")


def test_problems_are_found_by_number_title_or_id(ledger: Ledger) -> None:
    one = saved(ledger, "problem", unit="u", number=3, title="台账不清")
    saved(ledger, "problem", unit="v", number=3, title="台账缺失")
    for said, unit in ((one, ""), ("不清", ""), ("第3号", "u"), ("3", "u")):
        assert ledgers.find_problem(ledger, said, unit).id == one
    with pytest.raises(Refusal, match="可以是几个问题"):
        ledgers.find_problem(ledger, "台账")
    with pytest.raises(Refusal, match="没有“9”这个问题"):
        ledgers.find_problem(ledger, "9")
