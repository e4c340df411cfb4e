"""Every rule of every definition does what its own examples say; what the database leaves out no judge would have found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from generated_rows import FIRST, LAST, UNITS, Scratch
from generated_rows import records as made_up
from hypothesis import given, settings
from hypothesis import strategies as st

from db.schema.definition import CategoryDefinition, Rule, row_tests
from db.schema.definition.rules import TESTS
from db.schema.definition.terms import FieldAt
from db.schema.definition.toml import read_file
from db.schema.kinds import Choice
from db.schema.record import Record, schema_name
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.ruling import examples, judging, suspects
from desktop_app.rectification.ruling.tests import OF_MANY, OF_ROW

_OWN = Path(__file__).with_name("every_test.toml")
FILES = [_OWN, *sorted((Path(__file__).parents[2] / "resources" / "categories").glob("*.toml"))]
AS_OF = date(2021, 7, 5)
files = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@cache
def definition(file: Path) -> CategoryDefinition:
    return read_file(file)


@cache
def scratch(file: Path) -> Scratch:
    return Scratch(definition(file))


def test_every_test_of_a_rule_has_its_judge() -> None:
    assert {*TESTS.values()} == {*OF_ROW, *OF_MANY}
    assert {model for model in TESTS.values() if model.one_row} == {*OF_ROW} == {*suspects._SUSPECTS}
    assert {type(rule.test) for rule in definition(_OWN).rules.values()} == {*TESTS.values()}


@files
def test_every_example_does_what_it_says(file: Path) -> None:
    assert examples.failures(definition(file)) == []


# -- the database and the judges --------------------------------------------------------------------------------------

Told = set[tuple[str, str, str, str]]


def told(found: list[Finding]) -> Told:
    """Rule, row, what of it and the figures; how the row itself is called may differ where it points at what is gone."""
    return {(one.rule, one.id, one.code, f"{one.matter} {one.substance}") for one in found}


def by_row(asking: judging.Asking, records: list[tuple[Record, bool]], units: set[str] | None) -> Told:
    """Every rule of one row asked of every live row, one by one."""
    found: list[Finding] = []
    for register in asking.definition.registers.values():
        rules = [r for r in asking.definition.rules.values() if r.register == register.key and type(r.test) in OF_ROW]
        judge = judging.row_judge(asking, rules)
        for record, deleted in records:
            mine = units is None or getattr(record, "unit", None) in units
            if not deleted and mine and schema_name(record) == register.name:
                found += judge(record)
    return told(found)


@files
@pytest.mark.parametrize(("seed", "each", "unit"), [(1, 25, None), (2, 8, "u3"), (3, 0, None)])
def test_the_database_leaves_out_no_row_a_rule_finds(file: Path, seed: int, each: int, unit: str | None) -> None:
    one, place = definition(file), scratch(file)
    records = made_up(one, seed, each)
    place.fill(records)
    asking = judging.Asking(place.facts, one, AS_OF, unit)
    rows_only = [rule.key for rule in one.rules.values() if type(rule.test) in OF_ROW]
    found = told(judging.of_definition(asking, only=rows_only))
    wanted = by_row(judging.Asking(place.facts, one, AS_OF), records, {"u3", "u4"} if unit else None)
    assert found == wanted
    if each == 25 and rows_only:
        assert found, "the made-up rows break no rule at all: nothing was tried"


@given(seed=st.integers(0, 10**6), today=st.dates(FIRST, LAST))
@settings(max_examples=max(5, settings().max_examples // 3))
def test_the_database_leaves_out_nothing_on_any_day(seed: int, today: date) -> None:
    one, place = definition(_OWN), scratch(_OWN)
    records = made_up(one, seed, 12)
    place.fill(records)
    rows_only = [rule.key for rule in one.rules.values() if type(rule.test) in OF_ROW]
    found = told(judging.of_definition(judging.Asking(place.facts, one, today), only=rows_only))
    assert found == by_row(judging.Asking(place.facts, one, today), records, None)


@files
def test_rules_say_what_where_and_why_in_whole_sentences(file: Path) -> None:
    one, place = definition(file), scratch(file)
    place.fill(made_up(one, 4, 12))
    known = {register.name for register in one.registers.values()}
    for finding in judging.of_definition(judging.Asking(place.facts, one, AS_OF)):
        rule = one.rules[finding.rule.partition(".")[2]]
        assert finding.title == rule.title
        assert finding.basis == rule.basis
        assert finding.sentence.endswith("。")
        assert finding.advice
        assert "None" not in finding.sentence
        assert "  " not in finding.sentence
        assert "  " not in finding.advice
        assert not finding.record or finding.record in place.facts.tables.records
        if finding.record in known and finding.field:
            assert finding.field in place.facts.schema(finding.record).kinds() or finding.field in {
                spec.name for register in one.registers.values() for spec in register.computed
            }
        if finding.id:
            assert place.facts.find(finding.record, finding.id) is not None


@files
def test_findings_are_the_same_when_asked_again(file: Path) -> None:
    one, place = definition(file), scratch(file)
    place.fill(made_up(one, 5, 10))
    asked = [judging.of_definition(judging.Asking(place.facts, one, AS_OF)) for _ in range(2)]
    assert asked[0] == asked[1]


# -- what passes, with one thing turned -------------------------------------------------------------------------------


def passing(kind: type[Any]) -> Iterator[tuple[Path, Rule, dict[str, Any]]]:
    """Every example of one row that a rule of this sort has nothing against."""
    for file in FILES:
        for rule in definition(file).rules.values():
            for case in rule.passes if isinstance(rule.test, kind) else ():
                if "row" in case:
                    yield file, rule, dict(case["row"])


def finds(file: Path, rule: Rule, row: dict[str, Any]) -> bool:
    return bool(examples.run(definition(file), rule, {"row": row}))


def test_days_the_other_way_round_are_found() -> None:
    turned = 0
    for file, rule, row in passing(row_tests.Order):
        filled = [path[0] for path in rule.test.fields if len(path) == 1 and row.get(path[0]) is not None]
        scope = definition(file).scope.at(rule.register)
        for one, other in pairwise(filled):
            if row[one] != row[other] and scope.sort((one,)) == scope.sort((other,)):
                assert finds(file, rule, {**row, one: row[other], other: row[one]}), (rule.key, one, other)
                turned += 1
    assert turned > 20


def test_a_total_that_is_one_more_is_found() -> None:
    turned = 0
    for file, rule, row in passing(row_tests.Sum):
        total = rule.test.total
        if rule.when != Rule.when:
            continue  # the total may be what tells whether the rule is about the row
        if isinstance(total, FieldAt) and str(row.get(total.path[0], "")).isdecimal():
            more = int(row[total.path[0]]) + 1 + int(rule.test.tolerance)
            assert finds(file, rule, {**row, total.path[0]: more}), rule.key
            turned += 1
    assert turned


def test_another_way_of_doing_what_a_band_rules_is_found() -> None:
    turned = 0
    for file, rule, row in passing(row_tests.Band):
        actual = rule.test.actual[0]
        kind = definition(file).scope.at(rule.register).kind((actual,))
        assert isinstance(kind, Choice)
        fits = any(row.get(actual) in line.is_ for line in definition(file).tables[rule.test.table])
        others = [word for word in kind.of.values() if word != row.get(actual)]
        found = [word for word in others if finds(file, rule, {**row, actual: word})]
        turned += len(found)
        assert found or not fits or rule.when != Rule.when, (rule.key, row)
    assert turned > 5


# -- sets against brute force -----------------------------------------------------------------------------------------

AMOUNTS = st.integers(0, 60_000).map(lambda yuan: yuan * 100)
PIECES = st.lists(st.tuples(st.sampled_from(["p1", "p2"]), AMOUNTS, st.integers(0, 900)), min_size=2, max_size=7)


@given(PIECES)
def test_what_is_cut_into_pieces_is_found_wherever_the_year_begins(pieces: list[tuple[str, int, int]]) -> None:
    one, place = definition(_OWN), scratch(_OWN)
    rule = one.rules["no_pieces"]
    make = next(schema for schema in one.schemas() if schema.name.endswith(".job")).make
    days = [FIRST + timedelta(days=day) for _, _, day in pieces]
    rows = [
        make(id=f"j{at}", party=party, kind="货物", amount=amount, begun=day)
        for at, ((party, amount, _), day) in enumerate(zip(pieces, days, strict=True))
    ]
    place.fill([(row, False) for row in rows])
    found = judging.of_definition(judging.Asking(place.facts, one, AS_OF), only=[rule.key])
    assert bool(found) == _any_window_over(pieces, days, 5_000_000)
    for finding in found:
        named = [rows[int(i[1:])] for i in (finding.id, *finding.rows)]
        assert len({row.party for row in named}) == 1  # type: ignore[attr-defined]
        assert sum(row.amount for row in named) > 5_000_000  # type: ignore[attr-defined]


def _any_window_over(pieces: list[tuple[str, int, int]], days: list[date], limit: int) -> bool:
    for (party, amount, _), begun in zip(pieces, days, strict=True):
        if amount > limit:
            continue
        try:
            end = begun.replace(year=begun.year + 1)
        except ValueError:  # 29 February
            end = begun.replace(year=begun.year + 1, day=28)
        inside = [
            a for (p, a, _), day in zip(pieces, days, strict=True) if p == party and a <= limit and begun <= day < end
        ]
        if len(inside) > 1 and sum(inside) > limit:
            return True
    return False


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60) | st.none()), min_size=1, max_size=6))
def test_every_overlap_is_found_whichever_row_came_first(spans: list[tuple[int, int | None]]) -> None:
    one, place = definition(_OWN), scratch(_OWN)
    make = next(schema for schema in one.schemas() if schema.name.endswith(".ban")).make
    whole = [
        (FIRST + timedelta(days=since), None if long is None else FIRST + timedelta(days=since + long))
        for since, long in spans
    ]
    place.fill([(make(id=f"b{at}", party="p1", since=s, until=u), False) for at, (s, u) in enumerate(whole)])
    found = judging.of_definition(judging.Asking(place.facts, one, AS_OF), only=["apart"])
    ends = [(s, u or date.max) for s, u in whole]
    overlaps = [
        (i, j)
        for i, (s, u) in enumerate(ends)
        for j, (t, v) in enumerate(ends)
        if i < j and (((s, u) <= (t, v) and (t < u or s == t)) or ((t, v) <= (s, u) and (s < v or s == t)))
    ]
    assert bool(found) == bool(overlaps)


@given(st.sets(st.integers(0, 30), max_size=12), st.integers(2, 4))
def test_runs_are_found_exactly_where_they_are_long_enough(years: set[int], times: int) -> None:
    one, place = definition(_OWN), scratch(_OWN)
    rule = one.rules["two_years_running"]
    longer = replace(rule, test=replace(rule.test, times=times))
    changed = replace(one, rules={rule.key: longer})
    make = next(schema for schema in one.schemas() if schema.name.endswith(".job")).make
    place.fill([(make(id=f"j{y}", party="p1", year=2000 + y, method="direct"), False) for y in years])
    found = judging.of_definition(judging.Asking(place.facts, changed, AS_OF))
    runs = [y for y in years if y - 1 not in years and {*range(y, y + times)} <= years]
    assert len(found) == len(runs)


def test_random_rows_of_every_unit_add_up_to_those_of_all() -> None:
    """A unit means the units below it; rows of no unit belong to none."""
    one, place = definition(_OWN), scratch(_OWN)
    records = made_up(one, random.Random(7).randrange(100), 15)
    place.fill(records)
    rows_only = [rule.key for rule in one.rules.values() if type(rule.test) in OF_ROW]

    def of(unit: str | None) -> Told:
        return told(judging.of_definition(judging.Asking(place.facts, one, AS_OF, unit), only=rows_only))

    assert of("u4") <= of("u3") <= of("u1") <= of(None)
    assert of("u2") | of("u3") <= of("u1")
    assert not of("u2") & of("u3")
    assert UNITS[0] == "u1"


def test_amounts_at_the_ends_of_a_band_are_exact() -> None:
    rule = definition(_OWN).rules["tender"]
    for amount, method, found in (
        ("49999.99", "直接采购", False),
        ("50000", "直接采购", True),
        ("50000", "邀请招标", False),
        ("300000", "邀请招标", False),
        ("300000", "公开招标", True),
        ("300000.01", "邀请招标", True),
        ("300000.01", "公开招标", False),
    ):
        assert finds(_OWN, rule, {"kind": "货物", "amount": amount, "method": method}) is found, (amount, method)
    assert Decimal("300000.01") > 300_000
