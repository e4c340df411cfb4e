"""What branches did to each other is found: deleted owners, circles, disputed fields."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from one_problem import TODAY, begun, codes, put

from db.ledger import history
from db.ledger.change import Deed, Edit, create, delete, edit
from db.ledger.ledger import Ledger
from db.schema.kinds import Text
from db.schema.record import Field, schema_of
from db.schema.records import (
    SCHEMAS,
    Measure,
    Person,
    Problem,
    Unit,
)
from db.store.replica import Installation
from desktop_app.rectification import checks, forms


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return begun(tmp_path)


def test_a_conflict_is_an_error(ledger: Ledger) -> None:
    problem = ledger.get(Problem, "p")
    assert problem is not None
    seen = ledger.heads(problem)
    for title in ("甲", "乙"):
        ledger.act(Deed("改", title, (edit(problem, seen=seen, title=title),)))
    found = checks.findings(ledger, TODAY)
    assert [(f.code, f.severity, f.field) for f in found] == [("conflict", "error", "title")]


def test_superiors_in_a_circle_are_found_once(ledger: Ledger) -> None:
    for one, above in (("m1", "m2"), ("m2", "m3"), ("m3", "m1"), ("m4", "m1")):
        put(ledger, Measure, identifier=one, problem="p", lead=one, parent=above)
    found = checks.findings(ledger, TODAY)
    assert [(f.code, f.severity, f.id) for f in found] == [("parent_circle", "error", "m1")]
    put(ledger, Unit, identifier="v", name="市局", parent="u")
    unit = ledger.get(Unit, "u")
    assert unit is not None
    ledger.act(Deed("改", "王", (edit(unit, parent="v"),)))
    assert [f.id for f in checks.findings(ledger, TODAY) if f.record == "unit"] == ["u"]


@pytest.mark.parametrize("unit", [None, "u"])
def test_work_under_something_deleted_is_found(ledger: Ledger, unit: str | None) -> None:
    for lead in "甲乙":
        put(ledger, Measure, problem="p", lead=lead)
    problem = ledger.get(Problem, "p")
    assert problem is not None
    ledger.act(Deed("删除", "李", (delete(problem),)))
    (found,) = checks.findings(ledger, TODAY, unit)
    assert (found.code, found.severity, found.record, found.field) == ("orphan", "error", "measure", "problem")
    assert "台账不清" in found.sentence
    assert "2 条" in found.sentence
    assert found.advice
    assert checks.findings(ledger, TODAY, "another") == []


def test_work_of_another_branch_under_a_problem_deleted_here_is_found_after_the_merge(tmp_path: Path) -> None:
    one, other = (Ledger.create(tmp_path / f"{n}.zgl", Installation(tmp_path / n)) for n in "ab")
    one.act(Deed("开始", "王", (create(Problem, "p", title="台账不清"),)))
    other.merge(history.changes(one))
    problem = one.get(Problem, "p")
    assert problem is not None
    forms.remove(one, "problem", problem, "王")
    put(other, Measure, problem="p", lead="半天写的措施")
    one.merge(list(history.changes(other)))
    assert "orphan" in codes(one)
    forms.restore(one, "problem", "p", "王")
    assert "orphan" not in codes(one)


@pytest.mark.parametrize(
    ("values", "severity"), [({"unit": "gone"}, "error"), ({"category": "gone"}, "note"), ({"unit": "u"}, None)]
)
def test_what_points_at_nothing_is_found(ledger: Ledger, values: dict[str, str], severity: str | None) -> None:
    put(ledger, Problem, number=7, title="乙", **{"unit": "u", "category": "c", **values})
    found = [f.severity for f in checks.findings(ledger, TODAY)]
    assert found == ([severity] if severity else [])


def test_a_conflict_names_both_values_and_saving_over_it_decides(ledger: Ledger) -> None:
    problem = ledger.get(Problem, "p")
    assert problem is not None
    seen = ledger.heads(problem)
    for title in ("甲", "乙"):
        ledger.act(Deed("改", title, (edit(problem, seen=seen, title=title),)))
    (found,) = checks.findings(ledger, TODAY)
    assert "甲填“甲”" in found.sentence
    assert "“交换”的“冲突”" in found.advice
    shown = ledger.get(Problem, "p")
    forms.save(ledger, "problem", shown, {"title": "丙"}, "王")
    assert codes(ledger) == []


def test_a_disputed_deletion_tells_what_to_do(ledger: Ledger) -> None:
    problem = ledger.get(Problem, "p")
    assert problem is not None
    seen = ledger.heads(problem)
    ledger.act(Deed("删", "甲", (Edit("problem", "p", {"deleted": True}, seen),)))
    ledger.act(Deed("改", "乙", (Edit("problem", "p", {"deleted": False, "title": "乙"}, seen),)))
    (found,) = [f for f in checks.findings(ledger, TODAY) if f.code == "conflict"]
    assert "一个单位删除了它" in found.sentence
    assert "“交换”的“冲突”" in found.advice
    shown = ledger.get(Problem, "p")
    forms.save(ledger, "problem", shown, {"title": "丙"}, "王")
    assert codes(ledger) == []


def test_a_unique_value_that_two_branches_gave_is_found(tmp_path: Path) -> None:
    person = schema_of(Person)
    code = Field("code", Text("人员代码", unique=True))
    fields = tuple(code if one.name == "code" else one for one in person.fields)
    vocabulary = {**SCHEMAS, "person": replace(person, fields=fields)}
    ledger = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"), vocabulary=vocabulary)
    for name in "张李":
        put(ledger, Person, name=name, code="P1")
    put(ledger, Person, name="王", code="P2")
    assert codes(ledger) == ["twice"]
