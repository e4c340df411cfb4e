"""Laws over every definition the program brings, found by introspection: it loads, makes tables, forms and a page of the manual,
and keeps whatever its kinds let pass; secret numbers are withheld; every piece says where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kind_values import values

from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.schema.definition import CategoryDefinition, Change, amended, loaded
from db.schema.definition.fields import KINDS
from db.schema.definition.packing import packed
from db.schema.definition.rules import TESTS
from db.schema.definition.scope import OWN
from db.schema.definition.toml import read_words
from db.schema.definition.writing import written
from db.schema.kinds import Kind
from db.schema.record import Schema
from db.schema.records import SCHEMAS
from db.store.replica import Installation
from db.store.tables import tables
from desktop_app.rectification import categories, category_help

DEFINITIONS = categories.definitions()
FULL = [d for d in DEFINITIONS if d.registers]
REGISTERS = [(d, r) for d in FULL for r in d.registers.values()]
VOCABULARY: dict[str, Schema] = {**SCHEMAS, **{s.name: s for d in DEFINITIONS for s in d.schemas()}}
TABLES = tables(VOCABULARY)


def test_the_seed_has_its_registers() -> None:
    """seed-reading 4.6: eleven categories and what crosses them, about 85 registers."""
    assert len(FULL) == len(DEFINITIONS) >= 12
    assert len(REGISTERS) >= 85


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda d: d.key)
def test_every_definition_is_whole_for_a_ledger(one: CategoryDefinition) -> None:
    found, told = loaded(one.key, packed(one.body))
    assert told == ()
    assert found == one
    assert category_help.page(one).count("\n") > 20


@pytest.mark.parametrize(("category", "register"), REGISTERS, ids=lambda x: getattr(x, "name", getattr(x, "key", "")))
def test_every_register_can_be_filled_listed_and_told(category: CategoryDefinition, register: Any) -> None:
    schema = VOCABULARY[register.name]
    listed = [f for f in schema.fields if f.kind.listed and f.name not in OWN]
    assert 1 <= len(listed) <= 9, "a list shows a few columns"
    assert register.source, "which line of the seed it comes from"
    assert register.shown
    labels = [f.kind.label for f in schema.fields]
    assert len(set(labels)) == len(labels), "two fields of one register are told apart by their labels"
    assert all("一" <= c <= "鿿" for c in labels[0][:1]) or labels[0]
    assert schema.describe(schema.make(id="x")) == f"未命名的{schema.title}"


@pytest.mark.parametrize("category", FULL, ids=lambda d: d.key)
def test_every_piece_says_where_it_comes_from(category: CategoryDefinition) -> None:
    assert [key for key, one in category.rules.items() if not one.source] == []
    assert [key for key, one in category.rules.items() if not one.advice] == []
    assert [key for key, one in category.indicators.items() if not one.source] == []
    assert [key for key, one in category.rules.items() if not (one.passes and one.finds)] == []
    titles = [one.title for one in category.indicators.values()]
    assert len(set(titles)) == len(titles), "an indicator is inserted by its title"


def test_what_names_a_person_or_a_gun_never_reaches_a_public_paper() -> None:
    """Codes of persons outside and gun numbers are internal or secret (issue 3.1)."""
    for _category, register in REGISTERS:
        for spec in register.fields:
            if any(word in spec.kind.label for word in ("人员代码", "枪号", "身份证")):
                assert spec.kind.publicity != "public", (register.name, spec.name)


def test_every_kind_and_every_test_of_the_language_is_used() -> None:
    """A part of the language nobody uses is not known to work."""
    kinds = {type(spec.kind) for _c, r in REGISTERS for spec in r.fields}
    used = {rule.kind for d in FULL for rule in d.rules.values()}
    assert set(TESTS) - used == set()
    assert {"text", "money", "day", "month", "moment", "choice", "ref", "yesno", "whole", "number"} <= {
        name for name, kind in KINDS.items() if kind in kinds
    }


def _values(kind: Kind[Any]) -> st.SearchStrategy[Any]:
    return values(kind)


@given(st.data())
def test_a_row_of_any_register_comes_back_as_it_was_put_in(data: st.DataObject) -> None:
    schema = VOCABULARY[data.draw(st.sampled_from([r.name for _c, r in REGISTERS]))]
    filled = {f.name: data.draw(values(f.kind)) for f in schema.fields if data.draw(st.booleans())}
    record = schema.make(id="r", **filled)
    stored = schema.store(filled)
    row = TABLES.records[schema.name].filled("r", stored, ("h",))
    whole = {c.name: row.get(c.name) for c in TABLES.records[schema.name].table.columns}
    assert schema.load("r", TABLES.records[schema.name].stored(whole)) == record
    assert all(
        field.kind.parse(field.kind.show(filled[field.name])) is not None
        for field in schema.fields
        if field.name in filled
    )


def test_a_ledger_with_every_category_keeps_rows_over_closing_and_opening(tmp_path: Path) -> None:
    path, home = tmp_path / "台账.zgl", Installation(tmp_path / "home")
    ledger = Ledger.create(path, home)
    ledger.act(Deed("类别", "王", categories.edits(ledger)))
    assert {r.name for _c, r in REGISTERS} <= set(ledger.tables.records)
    edits = [Edit(r.name, f"row-{n}", {"remark": f"第 {n} 行"}) for n, (_c, r) in enumerate(REGISTERS)]
    ledger.act(Deed("登记", "王", tuple(edits)))
    ledger.close()
    again = Ledger.open(path, home)
    for n, (_category, register) in enumerate(REGISTERS):
        row: Any = again.find(register.name, f"row-{n}")
        assert row.remark == f"第 {n} 行"
    again.close()


BY_KEY = {one.key: one for one in FULL}
_WORDS = st.text("甲乙丙丁车辆数", min_size=1, max_size=6)


@st.composite
def _amendments(draw: st.DrawFn) -> tuple[str, list[Change]]:
    """A shipped definition, and what an office may have changed of it: well or badly, of pieces it has or has not."""
    key = draw(st.sampled_from(sorted(BY_KEY)))
    one = BY_KEY[key]
    registers = [*one.registers, "nowhere"]
    changes = []
    for at in range(draw(st.integers(1, 4))):
        part = draw(st.sampled_from(["register", "field", "indicator", "rule", "table", "passage"]))
        register = draw(st.sampled_from(registers))
        fields = one.body["register"].get(register, {}).get("field", {})
        there = {"register": registers, "field": [*fields, "extra"]}.get(part, [*(one.body.get(part) or ()), "extra"])
        name = draw(st.sampled_from([k for k in there if isinstance(k, str)]))
        body = draw(
            st.none()
            | st.fixed_dictionaries({"text": _WORDS})
            | st.fixed_dictionaries(
                {"title": _WORDS}, optional={"count": st.just(register), "publicity": st.just("public")}
            )
            | st.fixed_dictionaries({"number": _WORDS, "least": st.integers(-5, 5)})
        )
        changes.append(Change(part, register if part == "field" else "", name, body, draw(st.booleans()), at))
    return key, changes


@given(_amendments())
def test_whatever_an_office_changed_the_rest_of_a_category_stays(drawn: tuple[str, list[Change]]) -> None:
    one, changes = BY_KEY[drawn[0]], drawn[1]
    found, told = loaded(one.key, packed(one.body), changes)
    again, said = loaded(one.key, packed(one.body), list(reversed(changes)))
    assert (found, told) == (again, said), "the same changes make the same category, in whatever order they were met"
    touched = {c.register if c.part == "field" else c.name for c in changes if c.part in ("field", "register")}
    for key, register in one.registers.items():
        levels = {f.name: f.kind.publicity for f in found.registers[key].fields} if key in found.registers else {}
        for spec in register.fields:
            order = ("public", "internal", "secret")
            if spec.name in levels and spec.name not in OWN:
                assert order.index(levels[spec.name]) >= order.index(spec.kind.publicity)
        if key not in touched:
            assert found.registers[key].fields == register.fields


@given(st.sampled_from(sorted(d.key for d in FULL)), st.data())
def test_a_shipped_category_with_a_new_field_goes_out_and_in_again(key: str, data: st.DataObject) -> None:
    """What ``put`` keeps, an exported file says again: the same fields, indicators and rules."""
    one = BY_KEY[key]
    register = data.draw(st.sampled_from(sorted(one.registers)))
    label = data.draw(_WORDS)
    change = Change("field", register, "zz_new", {"number": label, "unit": "个"}, False, 1)
    found, told = loaded(one.key, packed(one.body), [change])
    assert told == ()
    back = read_words(one.key, written({"title": one.title, **amended(one.body, [change])}), "x.toml")
    assert [f.name for f in back.registers[register].fields] == [f.name for f in found.registers[register].fields]
    assert (back.registers, back.indicators, back.rules, back.passages) == (
        found.registers,
        found.indicators,
        found.rules,
        found.passages,
    )
