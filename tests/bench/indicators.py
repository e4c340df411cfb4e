"""Every measure and condition of a definition over one register of 100,000 rows, against one plain pass over its table."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import create_engine

from db.ledger.facts import Facts
from db.ledger.vocabulary import Vocabulary
from db.schema.definition.toml import read_file
from db.schema.kinds import Stored
from db.schema.records import SCHEMAS
from db.store.tables import tables
from desktop_app.rectification.reckoning.indicators import reckon, reckon_all

from .measure import Ratio, in_turn

DEFINITION = Path(__file__).parents[1] / "laws" / "every_measure.toml"
AS_OF = date(2021, 7, 5)
_CARS = 500
_ROUNDS = 3
SIMPLE = ("n", "n_at", "cars", "km", "cost", "greatest", "fleet", "odometers", "unit_price")
"""Indicators as offices have them, most of them told by the database alone."""


def reckon_everything(folder: Path, rows: int) -> Iterator[Ratio]:
    """All indicators together (half of them with terms that Python reckons), one alone, one in groups."""
    folder.mkdir(exist_ok=True)
    facts = filled(folder / "登记.db", rows)
    count = len(facts.definitions[DEFINITION.stem].indicators)
    table = facts.tables.records[f"{DEFINITION.stem}.refuel"].name

    def plain() -> None:
        with facts.reading() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(f"SELECT * FROM {table}")
            cursor.fetchall()

    def simple() -> None:
        for key in SIMPLE:
            reckon(facts, DEFINITION.stem, key, as_of=AS_OF, period="今年以来")

    def grouped() -> None:
        reckon(facts, DEFINITION.stem, "cost", as_of=AS_OF, period="近两年", by=("car", "month"))

    whole, few, groups, floor = in_turn(
        _ROUNDS, lambda: reckon_all(facts, DEFINITION.stem, as_of=AS_OF, period="近两年"), simple, grouped, plain
    )
    yield Ratio(f"one indicator of {count} over {rows:,} rows", whole / count, floor, 0.5)
    yield Ratio(f"{len(SIMPLE)} indicators SQL can tell, {rows:,} rows", few / len(SIMPLE), floor, 0.25)
    yield Ratio(f"one indicator in 12,000 groups, {rows:,} rows", groups, floor, 1.5)


def filled(path: Path, rows: int) -> Facts:
    """Facts with so many rows in the largest register of the definition."""
    definition = read_file(DEFINITION)
    schemas = {**SCHEMAS, **{one.name: one for one in definition.schemas()}}
    made = tables(schemas)
    engine = create_engine(f"sqlite:///{path}")
    facts = Facts(engine, made, path, Vocabulary(SCHEMAS, schemas, {definition.key: definition}))
    source = random.Random(1)
    with engine.begin() as connection:
        made.make(connection)
        for name, values in (("unit_car", _cars(source)), ("refuel", _refuels(source, rows))):
            one = made.records[f"{definition.key}.{name}"]
            written = [one.filled(f"{name}-{at:07}", fields, ()) for at, fields in enumerate(values)]
            connection.execute(one.table.insert(), written)
    return facts


def _day(source: random.Random) -> str:
    return (date(2018, 1, 1) + timedelta(days=source.randrange(1400))).isoformat()


def _cars(source: random.Random) -> Iterator[dict[str, Stored]]:
    for at in range(_CARS):
        yield {
            "plate": f"苏A{at:05}",
            "norm": f"{source.randrange(50, 150) / 10:g}",
            "state": source.choice(("在用", "停用")),
            "bought": _day(source),
        }


def _refuels(source: random.Random, rows: int) -> Iterator[dict[str, Stored]]:
    for at in range(rows):
        day = _day(source)
        yield {
            "car": f"unit_car-{source.randrange(_CARS):07}",
            "date": day,
            "at": f"{day}T{source.randrange(24):02}:30",
            "month_": day[:7],
            "litres": f"{source.randrange(1, 900) / 10:g}",
            "more": f"{source.randrange(1, 900) / 10:g}",
            "km": source.randrange(1, 900),
            "cost": source.randrange(1, 10**6),
            "limit": source.randrange(1, 10**6),
            "kind": source.choice(("card", "cash")),
            "signed": source.random() < 0.5,
            "note": f"第{at}次加油",
            "size": {"value": str(source.randrange(9)), "unit": "件", "qualifier": ""},
        }
