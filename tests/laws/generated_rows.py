"""Rows of every register of a definition, made up from a seed: small pools, so that conditions are met and missed alike."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import StaticPool, create_engine

from db.errors import Refusal
from db.ledger.facts import Facts
from db.ledger.vocabulary import Vocabulary
from db.schema import composite, kinds, links, prose
from db.schema.definition import CategoryDefinition
from db.schema.definition.conditions import Among
from db.schema.definition.terms import Constant
from db.schema.kinds import Kind
from db.schema.record import Record, schema_name
from db.schema.records import SCHEMAS, Person, Problem, Unit
from db.store.tables import tables

FIRST, LAST = date(2018, 12, 20), date(2022, 3, 10)
UNITS = ("u1", "u2", "u3", "u4")
"""u2 and u3 are below u1, u4 below u3."""
_PARENTS = {"u2": "u1", "u3": "u1", "u4": "u3"}
_EDGES = (date(2020, 2, 29), date(2021, 1, 1), date(2021, 6, 30), date(2021, 7, 5), date(2021, 12, 31))
_CLOSE = (
    "0",
    "0.1",
    "0.100000001",
    "0.3",
    "12.5",
    "33.333333333",
    "123456789012345678",
    "123456789012345678.000000001",
    "-7.5",
)
"""Some of these are different decimals and the same machine number."""
_WORDS = ("甲", "乙", "甲乙", "ab", "AB", "盗窃_电动车", "100%", "a/b")


class Scratch:
    """Facts in memory of a definition and the core, to be filled again and again."""

    def __init__(self, definition: CategoryDefinition) -> None:
        self.definition = definition
        schemas = {**SCHEMAS, **{one.name: one for one in definition.schemas()}}
        self.tables = tables(schemas)
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        with self.engine.begin() as connection:
            self.tables.make(connection)
        self._filled: set[str] = set()
        self.facts = Facts(self.engine, self.tables, Path(), Vocabulary(SCHEMAS, schemas, {definition.key: definition}))

    def fill(self, records: list[tuple[Record, bool]]) -> None:
        """Puts in these records (deleted or not) in place of all that were there."""
        rows: dict[str, list[dict[str, Any]]] = {}
        for record, deleted in records:
            one = self.tables.records[schema_name(record)]
            values = {n: getattr(record, n) for n in one.kinds if getattr(record, n) is not None}
            stored = {**one.schema.store(values), "deleted": deleted}
            whole = dict.fromkeys(column.name for column in one.table.c)
            rows.setdefault(one.schema.name, []).append({**whole, **one.filled(record.id, stored, ())})
        with self.engine.begin() as connection:
            for name in {*self._filled, *rows}:
                connection.execute(self.tables.records[name].table.delete())
            for name, some in rows.items():
                connection.execute(self.tables.records[name].table.insert(), some)
        self._filled = {*rows}


def living(records: list[tuple[Record, bool]]) -> dict[str, dict[str, Record]]:
    """Schema name → id → record, of those not deleted."""
    found: dict[str, dict[str, Record]] = {}
    for record, deleted in records:
        if not deleted:
            found.setdefault(schema_name(record), {})[record.id] = record
    return found


def records(definition: CategoryDefinition, seed: int, each: int) -> list[tuple[Record, bool]]:
    """``each`` rows of every register with what they point at, some of it deleted or missing."""
    source = random.Random(seed)
    found: list[tuple[Record, bool]] = [(Unit(id=u, name=f"单位{u}", parent=_PARENTS.get(u)), False) for u in UNITS]
    found += [(Person(id=f"p{n}", name=f"人{n}", unit=source.choice(UNITS)), n == 3) for n in range(4)]
    found += [(Problem(id=f"q{n}", title=f"问题{n}", unit=source.choice((*UNITS, None))), n == 3) for n in range(4)]
    pools = {"unit": list(UNITS), "person": [f"p{n}" for n in range(4)], "problem": [f"q{n}" for n in range(4)]}
    for register in definition.registers.values():
        pools[register.name] = [f"{register.key}-{n:04}" for n in range(each)]
    constants = _constants(definition)
    for register in definition.registers.values():
        schema = next(one for one in definition.schemas() if one.name == register.name)
        for identifier in pools[register.name]:
            values = {one.name: _value(one.kind, source, pools, constants) for one in schema.fields}
            found.append((schema.make(id=identifier, **values), source.random() < 0.05))
    return found


def _value(kind: Kind[Any], source: random.Random, pools: Mapping[str, list[str]], constants: list[Any]) -> Any:
    if source.random() < 0.2:
        return None
    for _ in range(20):
        value = _made(kind, source, pools, constants)
        try:
            if value is not None:
                kind.check(value)
        except Refusal:
            continue
        return value
    return None


def _day(source: random.Random) -> date:
    if source.random() < 0.2:
        return source.choice(_EDGES)
    return FIRST + timedelta(days=source.randrange((LAST - FIRST).days))


def _number(source: random.Random, constants: list[Any]) -> Decimal:
    known = [Decimal(one) for one in constants if isinstance(one, int | Decimal) and not isinstance(one, bool)]
    if known and source.random() < 0.3:
        return source.choice(known) + source.choice((Decimal(0), Decimal("0.000000001"), Decimal(-1)))
    return Decimal(source.choice(_CLOSE)) if source.random() < 0.5 else Decimal(source.randrange(-3, 300)) / 10


def _made(kind: Kind[Any], source: random.Random, pools: Mapping[str, list[str]], constants: list[Any]) -> Any:
    if isinstance(kind, kinds.Choice):
        return source.choice(sorted(kind.of))
    if isinstance(kind, links.Ref | links.Refs):
        pool = [*pools.get(kind.to, []), "nobody"]
        return source.choice(pool) if isinstance(kind, links.Ref) else tuple(dict.fromkeys(source.choices(pool, k=2)))
    makers: tuple[tuple[tuple[type[Kind[Any]], ...], Callable[[], Any]], ...] = (
        ((kinds.Whole, kinds.Money), lambda: int(_number(source, constants))),
        ((kinds.Number,), lambda: _number(source, constants)),
        ((composite.Quantity,), lambda: composite.Amount(_number(source, constants), source.choice(("件", "人")))),
        ((kinds.Day,), lambda: _day(source)),
        ((composite.Due,), lambda: composite.Deadline("年底前", source.choice((None, _day(source))), "")),
        ((kinds.Month,), lambda: _day(source).isoformat()[:7]),
        ((kinds.Moment,), lambda: _moment(source)),
        ((kinds.YesNo,), lambda: source.random() < 0.5),
        ((composite.Period,), lambda: composite.Span(_day(source), None)),
        ((links.Texts,), lambda: tuple(dict.fromkeys(source.choices(_WORDS, k=2)))),
        (
            (kinds.Text, prose.Prose),
            lambda: source.choice([*_WORDS, *(one for one in constants if isinstance(one, str))]),
        ),
    )
    return next((make() for classes, make in makers if isinstance(kind, classes)), None)


def _moment(source: random.Random) -> datetime:
    return datetime.combine(_day(source), datetime.min.time()) + timedelta(minutes=source.choice((0, 1, 700, 1439)))


def _constants(what: Any) -> list[Any]:
    """The literals that conditions and terms of a definition compare with."""
    return list(dict.fromkeys(_found({**what.indicators, **what.rules})))


def _found(what: Any) -> Iterator[Any]:
    if isinstance(what, Constant):
        yield what.value
    elif isinstance(what, Among):
        yield from (one for one in what.values if isinstance(one, str | int | Decimal))
    elif isinstance(what, Mapping):
        for one in what.values():
            yield from _found(one)
    elif isinstance(what, tuple):
        for one in what:
            yield from _found(one)
    elif is_dataclass(what):
        for field in fields(what):
            yield from _found(getattr(what, field.name))
