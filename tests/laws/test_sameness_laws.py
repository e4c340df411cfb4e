"""Records linked as the same count once: every number is that of a ledger that holds only the one that counts, and taken back
it is what it was before."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from generated_rows import Scratch, living
from generated_rows import records as made_up
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_reckoning import Plain
from test_reckoning_laws import (
    _BELOW,
    _OWN,
    FILES,
    NAMED,
    World,
    _groupings,
    _key,
    _scale,
    definition,
    near,
    plain_value,
    scratch,
)

from db.ledger import sameness
from db.schema.composite import Span
from db.schema.definition import CategoryDefinition
from db.schema.links import Ref, Refs
from db.schema.record import Record, Row, schema_name
from db.schema.records import NamedPeriod, Sameness, sameness_id
from desktop_app.rectification import rows
from desktop_app.rectification.reckoning import measures
from desktop_app.rectification.reckoning.indicators import behind, reckon, reckon_all
from desktop_app.rectification.ruling import judging
from desktop_app.rectification.ruling.asking import Asking

AS_OF = date(2021, 7, 5)
Rows = list[tuple[Record, bool]]
FEW = [FILES[0], *FILES[1::3]]


def with_twins(place: Scratch, found: Rows, source: random.Random) -> tuple[Rows, list[Sameness]]:
    """The rows, some of them entered again with other contents, and what points at them at any of these; and the links that
    make them one, in stars and chains, the first one counting."""
    others: dict[str, dict[str, list[str]]] = {}
    more: Rows = []
    said: list[Sameness] = []
    for record, deleted in found:
        name = schema_name(record)
        if deleted or name == "problem" or source.random() > 0.3:
            continue
        same = [f"{record.id}:{number}" for number in range(source.choice((1, 1, 2, 4)))]
        others.setdefault(name, {})[record.id] = same
        alike = [one for one, _gone in found if schema_name(one) == name]
        more += [(_again(source.choice(alike), one), source.random() < 0.2) for one in same]
        chain = [record.id, *same]
        for number, one in enumerate(same, start=1):
            ends = sorted((source.choice((record.id, chain[number - 1])), one))
            main = source.choice((None, record.id))
            said.append(Sameness(id=sameness_id(name, *ends), record=name, first=ends[0], second=ends[1],
                                 verdict="same", main=main))  # fmt: skip
    again = [(_pointing_anywhere(place, record, others, source), deleted) for record, deleted in [*found, *more]]
    source.shuffle(said)
    return again, said


def _again(record: Record, identifier: str) -> Record:
    if isinstance(record, Row):
        return Row(id=identifier, register=record.register, values=record.values)
    return replace(record, id=identifier)


def _pointing_anywhere(
    place: Scratch, record: Record, others: Mapping[str, Mapping[str, Sequence[str]]], source: random.Random
) -> Record:
    values: dict[str, Any] = {}
    for field in place.tables.records[schema_name(record)].schema.references():
        kind, value = field.kind, getattr(record, field.name)
        known = others.get(kind.to, {}) if isinstance(kind, Ref | Refs) else {}
        if isinstance(value, str) and value in known:
            values[field.name] = source.choice((value, *known[value]))
        elif isinstance(value, tuple):
            values[field.name] = tuple(dict.fromkeys(source.choice((one, *known.get(one, ()))) for one in value))
    if not values:
        return record
    if isinstance(record, Row):
        return Row(id=record.id, register=record.register, values={**record.values, **values})
    return replace(record, **values)


def world(place: Scratch, known: CategoryDefinition, seed: int, each: int) -> tuple[World, Rows, list[Sameness]]:
    """A ledger with twins, beside the plain lists of the one that has none."""
    found = made_up(known, seed, each)
    twice, said = with_twins(place, found, random.Random(seed))
    twice.append((NamedPeriod(id="n1", name="教育整顿期间", span=NAMED), False))
    place.fill([*twice, *((one, False) for one in said)])
    return World(place, Plain(known, living(found), AS_OF)), twice, said


def check_values(one: World, period: Span | None, unit: str | None) -> int:
    known = one.plain.definition
    found = reckon_all(one.place.facts, known.key, as_of=AS_OF, period=period, unit=unit)
    for told in found:
        wanted = plain_value(one, told.indicator, period, None if unit is None else _BELOW[unit])
        assert near(told.value, wanted), (told.indicator, period, unit, told.value, wanted)
    return sum(told.rows for told in found)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_indicator_counts_what_is_the_same_once(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known = definition(file)
    one, twice, said = world(scratch(file), known, 21, 14)
    assert len(said) > len(known.registers)
    assert len(twice) > sum(map(len, one.plain.records.values()))
    year = Span(date(2021, 1, 1), AS_OF)
    by_sql = [check_values(one, *asked) for asked in ((None, None), (year, "u3"), (None, "u1"))]
    monkeypatch.setattr(measures, "_aggregates", lambda _lines, _indicator: None)
    monkeypatch.setattr(measures, "_newest_in_sql", lambda _lines, _indicator, _groups: None)
    assert by_sql == [check_values(one, *asked) for asked in ((None, None), (year, "u3"), (None, "u1"))]
    monkeypatch.undo()
    one.place.fill(twice)  # all links taken back
    check_values(World(one.place, Plain(known, living(twice), AS_OF)), None, None)


@pytest.mark.parametrize("file", FEW, ids=lambda file: file.stem)
def test_every_group_and_the_rows_behind_count_once(file: Any) -> None:
    known = definition(file)
    one, _twice, _said = world(scratch(file), known, 5, 14)
    for key, indicator in known.indicators.items():
        if not indicator.register:
            continue
        for by in _groupings(one, key):
            if by[0] in ("month", "quarter", "year"):
                continue
            period = Span(date(2020, 1, 1), AS_OF) if indicator.on else None
            told = reckon(one.place.facts, known.key, key, as_of=AS_OF, period=period, by=by)
            wanted = {_key(group): value for group, value in one.plain.grouped(key, period, by).items()}
            found = {_key(group.key): group.value for group in told.groups}
            for at in {*found, *wanted}:
                expected = wanted[at]
                assert near(found.get(at), None if expected is None else expected / _scale(one, key)), (key, by, at)
        told = reckon(one.place.facts, known.key, key, as_of=AS_OF)
        rows_ = [one_ for part in behind(one.place.facts, known.key, key, as_of=AS_OF) for one_ in part.ids]
        assert len(rows_) == told.rows
        assert not any(":" in one_ for one_ in rows_)


@pytest.mark.parametrize("file", FEW[1:], ids=lambda file: file.stem)
def test_rules_find_what_they_find_without_the_twins(file: Any) -> None:
    known = definition(file)
    place = scratch(file)
    found = made_up(known, 8, 14)
    place.fill(found)
    before = [(f.rule, f.id, f.sentence) for f in judging.of_definition(Asking(place.facts, known, AS_OF))]
    world(place, known, 8, 14)
    after = [(f.rule, f.id, f.sentence) for f in judging.of_definition(Asking(place.facts, known, AS_OF))]
    assert before
    assert sorted(after) == sorted(before)


@given(st.integers(0, 10**6))
@settings(max_examples=max(settings().max_examples // 6, 1))
def test_totals_count_once_and_rows_stay_readable(seed: int) -> None:
    known = definition(_OWN)
    one, twice, _said = world(scratch(_OWN), known, seed, 9)
    facts = one.place.facts
    alone = Scratch(known)
    alone.fill(made_up(known, seed, 9))
    for register in known.registers.values():
        view = rows.View(facts.schema(register.name))
        told, wanted = rows.totals(facts, view), rows.totals(alone.facts, view)
        assert (told.count, told.sums) == (wanted.count, wanted.sums)
        live = sum(not deleted for record, deleted in twice if schema_name(record) == register.name)
        assert rows.count(facts, view) == told.count + told.twins == live


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from("mab")), max_size=12), st.randoms())
def test_groups_are_what_links_join_in_whatever_order(pairs: list[tuple[int, int, str]], source: random.Random) -> None:
    known = definition(_OWN)
    place = scratch(_OWN)
    units: Rows = [(one, deleted) for one, deleted in made_up(known, 1, 0) if schema_name(one) == "unit"]
    units = [(_again(units[0][0], f"w{n}"), n in (2, 5)) for n in range(8)]
    said = {}
    for one, other, main in pairs:
        first, second = sorted((f"w{one}", f"w{other}"))
        named = {"m": None, "a": first, "b": second}[main]
        link = Sameness(id=sameness_id("unit", second, first), record="unit", first=first, second=second,
                        verdict="same", main=named)  # fmt: skip
        said[link.id] = link
    seen = []
    for _ in range(2):
        links = [(one, False) for one in said.values()]
        source.shuffle(links)
        place.fill([*units, *links])
        seen.append(sameness.groups(place.facts, "unit"))
    assert seen[0] == seen[1]
    reach = {f"w{n}": {f"w{n}"} for n in range(8)}
    for _ in range(8):
        for link in said.values():
            whole = reach[link.first or ""] | reach[link.second or ""]
            for one_ in whole:
                reach[one_] = reach[one_] | whole
    for group in seen[0]:
        assert set(group.members) == reach[group.main]
        assert group.main not in ("w2", "w5")  # one that is gone counts for nobody
    alone = {one for group in seen[0] for one in group.members}
    assert all(len(reach[one]) == 1 or reach[one] <= {"w2", "w5"} for one in reach.keys() - alone)
