"""Every indicator of every definition is what a plain computation over all rows makes it; SQL and Python agree on every condition."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from generated_rows import FIRST, LAST, UNITS, Scratch, living
from generated_rows import records as made_up
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_reckoning import Plain
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from db.errors import Refusal
from db.schema.composite import Span
from db.schema.definition import CategoryDefinition
from db.schema.definition.conditions import Condition
from db.schema.definition.rules import Rule
from db.schema.definition.toml import read_file
from db.schema.record import schema_of
from db.schema.records import NamedPeriod
from desktop_app.rectification.reckoning import periods, records
from desktop_app.rectification.reckoning.bounds import bounds
from desktop_app.rectification.reckoning.conditions import holds
from desktop_app.rectification.reckoning.grouping import is_calendar
from desktop_app.rectification.reckoning.indicators import Reckoned, behind, reckon, reckon_all
from desktop_app.rectification.reckoning.lines import Lines

_OWN = Path(__file__).with_name("every_measure.toml")
_SHIPPED = sorted((Path(__file__).parents[2] / "resources" / "categories").glob("*.toml"))
FILES = [_OWN, *_SHIPPED]
AS_OF = date(2021, 7, 5)
NAMED = Span(date(2021, 2, 27), date(2021, 6, 30), "教育整顿期间")
_BELOW = {"u1": set(UNITS), "u2": {"u2"}, "u3": {"u3", "u4"}, "u4": {"u4"}}


@cache
def definition(file: Path) -> CategoryDefinition:
    return read_file(file)


@cache
def scratch(file: Path) -> Scratch:
    return Scratch(definition(file))


class Spans:
    """Words → periods, as the program reads them (its reading is tested by itself)."""

    def named(self, words: str) -> Span:
        return periods.span(words, AS_OF, {"教育整顿期间": NAMED})

    def base(self, span: Span, against: str) -> Span | None:
        return periods.base(span, against)


@dataclass(frozen=True)
class World:
    """Made-up rows in a scratch ledger, and the same in plain lists."""

    place: Scratch
    plain: Plain


def world(file: Path, seed: int, each: int) -> World:
    found = made_up(definition(file), seed, each)
    named = schema_of(NamedPeriod).make(id="n1", name="教育整顿期间", span=NAMED)
    place = scratch(file)
    place.fill([*found, (named, False)])
    return World(place, Plain(definition(file), living(found), AS_OF))


def near(found: Decimal | None, wanted: Fraction | None) -> bool:
    """Equal, but for the sixtieth digit of a quotient."""
    if found is None or wanted is None:
        return found is None and wanted is None
    return abs(Fraction(found) - wanted) <= abs(wanted) / 10**45


def plain_value(one: World, key: str, period: Span | None, units: set[str] | None) -> Fraction | None:
    try:
        value = one.plain.reckon(key, period, units, Spans())
    except Refusal:  # a period nobody defined
        return None
    return None if value is None else value / _scale(one, key)


def _scale(one: World, key: str) -> int:
    """Yuan in the printed unit."""
    unit = one.plain.definition.indicators[key].unit
    if not unit.startswith(("万元", "亿元")):
        return 1
    return 10**4 if unit.startswith("万") else 10**8


SPANS = (
    None,
    periods.ALL,
    Span(date(2021, 1, 1), AS_OF),
    Span(date(2021, 2, 1), date(2021, 2, 28)),
    Span(None, date(2020, 2, 29)),
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("seed", range(3))
def test_every_indicator_is_what_a_plain_computation_makes_it(file: Path, seed: int) -> None:
    one = world(file, seed, (0, 12, 30)[seed])
    for period in SPANS[: 2 * seed + 1]:
        for unit in (None, "u3") if period in SPANS[:2] else ("u1",):
            found = reckon_all(one.place.facts, one.plain.definition.key, as_of=AS_OF, period=period, unit=unit)
            for told in found:
                wanted = plain_value(one, told.indicator, period, None if unit is None else _BELOW[unit])
                assert near(told.value, wanted), (told.indicator, period, unit, told.value, wanted)
                assert bool(told.why) == (told.value is None)
                assert bool(told.shown) == (told.value is not None)


def _groupings(one: World, key: str) -> Iterator[tuple[str, ...]]:
    indicator = one.plain.definition.indicators[key]
    scope = one.plain.definition.scope
    names = [*scope.fields[indicator.register], *scope.computed.get(indicator.register, {})]
    source = random.Random(key)
    yield ("unit",)
    yield tuple(source.sample([n for n in names if n != "publicity"], 2))
    yield from ((".".join(path),) for path in indicator.by)
    for name in ("month", "quarter", "year"):
        if (
            indicator.on is not None
            and indicator.measure not in ("stock", "newest")
            and is_calendar(one.plain.definition, indicator.register, name)
        ):
            yield (name,)
            yield name, source.choice(names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_group_is_what_a_plain_computation_makes_it(file: Path) -> None:
    one = world(file, 7, 25)
    for key, indicator in one.plain.definition.indicators.items():
        if not indicator.register:
            continue
        for by in _groupings(one, key):
            period = Span(date(2020, 1, 1), AS_OF) if indicator.on else None
            told = reckon(one.place.facts, one.plain.definition.key, key, as_of=AS_OF, period=period, by=by)
            wanted = {_key(group): value for group, value in one.plain.grouped(key, period, by).items()}
            found = {_key(group.key): group for group in told.groups}
            assert len(found) == len(told.groups)
            for at in {*found, *wanted}:
                value = found[at].value if at in found else None
                if at not in wanted:
                    assert by[0] in ("month", "quarter", "year"), (key, by, at)  # a month without rows
                    assert found[at].rows == 0
                    continue
                expected = wanted[at]
                assert near(value, None if expected is None else expected / _scale(one, key)), (key, by, at, value)
            _labelled(told)


def _key(group: tuple[Any, ...]) -> tuple[Any, ...]:
    """A group's key, its numbers to thirty digits behind the point."""

    def part(one: Any) -> Any:
        number = isinstance(one, int | Decimal | Fraction) and not isinstance(one, bool)
        return round(Fraction(one) * 10**30) if number else one

    return tuple(part(one) for one in group)


def _labelled(told: Reckoned) -> None:
    assert all(len(group.label) == len(group.key) and all(group.label) for group in told.groups)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_rows_behind_a_value_are_as_many_as_it_says(file: Path) -> None:
    one = world(file, 11, 25)
    for key, indicator in one.plain.definition.indicators.items():
        if not indicator.register:
            continue
        for unit in (None, "u3"):
            told = reckon(one.place.facts, one.plain.definition.key, key, as_of=AS_OF, unit=unit)
            found = behind(one.place.facts, one.plain.definition.key, key, as_of=AS_OF, unit=unit)
            assert told.rows == sum(len(part.ids) for part in found), key
            if indicator.measure in ("count", "stock"):
                assert told.value == told.rows


def conditions(one: CategoryDefinition) -> Iterator[tuple[str, str, Condition]]:
    """Every condition of a definition: where it stands, its register, the condition."""
    for key, indicator in one.indicators.items():
        if indicator.register:
            yield f"indicator {key}", indicator.register, indicator.where
    for key, rule in one.rules.items():
        if rule.register:
            yield f"rule {key}", rule.register, rule.when
            yield from _of_test(key, rule)


def _of_test(key: str, rule: Rule) -> Iterator[tuple[str, str, Condition]]:
    for name in ("rows", "where", "done"):
        found: Any = getattr(rule.test, name, None)
        if found is not None and not isinstance(found, tuple):
            yield f"rule {key} {name}", getattr(rule.test, "register", "") or rule.register, found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("seed", range(2))
def test_sql_and_python_agree_on_every_condition(file: Path, seed: int) -> None:
    one = world(file, 100 + seed, 40)
    checked = 0
    for where, register, condition in conditions(one.plain.definition):
        _agrees(one, where, register, condition)
        checked += 1
    assert checked >= len(one.plain.definition.indicators) // 3


def _agrees(one: World, where: str, register: str, condition: Condition) -> None:
    facts, known = one.place.facts, one.plain.definition
    wanted = {row.id for row in one.plain.rows(register) if one.plain.holds(register, row, condition)}
    by_lines = {line[0] for line in Lines(facts, known, register, AS_OF, condition).read()}
    assert by_lines == wanted, where
    reader = records.record_reader(facts, known, register, AS_OF)
    test = holds(condition, reader)
    assert {row.id for row in one.plain.rows(register) if test(row)} == wanted, where
    lines = Lines(facts, known, register, AS_OF)
    found = bounds(condition, lines.reader, lines.joined)
    for said, right in ((found.upper, wanted.issubset), (found.lower, wanted.issuperset)):
        if said is not None:
            query = (
                select(lines.joined.table.c.id)
                .select_from(lines.joined.source())
                .where(said, lines.joined.table.c.deleted == 0)
            )
            with facts.reading() as connection:
                assert right({row[0] for row in connection.execute(query)}), where


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_computed_field_is_what_a_plain_computation_makes_it(file: Path) -> None:
    one = world(file, 5, 30)
    facts, known = one.place.facts, one.plain.definition
    for key, register in known.registers.items():
        rows = one.plain.rows(key)
        page = records.computed_page(facts, known, key, rows, AS_OF)
        lines = Lines(facts, known, key, AS_OF)
        getters = {spec.name: lines.value((spec.name,)) for spec in register.computed}
        streamed = {line[0]: {name: get(line) for name, get in getters.items()} for line in lines.read()}
        for row, found in zip(rows, page, strict=True):
            for name, value in found.items():
                wanted = one.plain.value(key, row, (name,))
                for got in (value, streamed[row.id][name]):
                    same = near(Decimal(got), wanted) if isinstance(wanted, Fraction) else got == wanted
                    assert same, (key, name, row, got, wanted)


# -- conditions and periods at random --------------------------------------------------------------------------------

_DAYS = st.dates(FIRST, LAST)


@given(
    st.integers(0, 10**6),
    st.sampled_from(
        ["n", "n_at", "n_month", "n_due", "n_soon", "cars", "litres", "cost", "fleet", "odometers", "litres_each"]
    ),
    _DAYS,
    _DAYS,
)
@settings(max_examples=max(settings().max_examples // 2, 1))
def test_any_period_counts_what_lies_in_it(seed: int, key: str, first: date, second: date) -> None:
    one = world(_OWN, seed, 15)
    for period in (Span(min(first, second), max(first, second)), Span(None, first), Span(first, None)):
        told = reckon(one.place.facts, "every_measure", key, as_of=AS_OF, period=period)
        assert near(told.value, plain_value(one, key, period, None)), (key, period)


@given(st.integers(0, 10**6), st.dates(date(2019, 3, 1), LAST))
@settings(max_examples=max(settings().max_examples // 2, 1))
def test_months_add_up_to_the_whole(seed: int, last: date) -> None:
    one = world(_OWN, seed, 20)
    period = Span(FIRST, last)
    for key in ("n", "n_at", "n_month", "cost", "litres", "n_soon"):
        told = reckon(one.place.facts, "every_measure", key, as_of=LAST, period=period, by=("month",))
        assert sum((group.value or Decimal(0) for group in told.groups), Decimal(0)) == told.value, key
        assert len(told.groups) >= 3  # months without rows are there too
    units = reckon(one.place.facts, "every_measure", "n", as_of=LAST, by=("unit",))
    assert sum(group.rows for group in units.groups) == units.rows
    for unit in UNITS:
        below = [group.rows for group in units.groups if group.key[0] in _BELOW[unit]]
        assert sum(below) == reckon(one.place.facts, "every_measure", "n", as_of=LAST, unit=unit).rows


def test_no_query_is_of_one_database_alone() -> None:
    one = world(_OWN, 1, 5)
    known = one.plain.definition
    for where, register, condition in conditions(known):
        lines = Lines(one.place.facts, known, register, AS_OF, condition)
        if lines.bounds.upper is not None:
            query = select(lines.joined.table.c.id).select_from(lines.joined.source()).where(lines.bounds.upper)
            words = str(query.compile(dialect=postgresql.dialect())).lower()  # type: ignore[no-untyped-call]
            assert not any(
                word in words for word in (" date(", "julianday", "strftime", "rowid", " glob ", "instr(")
            ), where
