"""The rules of every shipped category over 100,000 rows, against one plain pass over the same tables.

Rows are made by the kinds of their fields. What a rule finds in one is emptied again, but for one row in a hundred, which is
left as wrong as it came: an office's registers are right in the main. What nobody entered (duties, counterparts) stays missing,
some thousand findings.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, create_engine

from db.errors import Refusal
from db.ledger.facts import Facts
from db.ledger.vocabulary import Vocabulary
from db.schema import composite, kinds, links, prose
from db.schema.definition import CategoryDefinition
from db.schema.kinds import Kind
from db.schema.record import Record, Schema
from db.schema.records import SCHEMAS
from db.store.tables import RecordTable, tables
from desktop_app.rectification import categories
from desktop_app.rectification.ruling import judging

from .measure import Ratio, in_turn

TODAY = date(2021, 12, 31)
_ROUNDS = 5
_MODELS = 24
"""Different rows of a register; the rest are the same with other words."""
_WRONG = 100
"""One row in so many is left as it came."""
_MENDED = 4
"""Times that is done once more when everything is there."""
_CORE = {"unit": 8, "person": 200}


def check_everything(folder: Path, whole: int) -> Iterator[Ratio]:
    """``check`` of so many rows in all registers together."""
    facts = filled(folder / "登记.db", whole)
    registers = [one.name for name, one in facts.tables.records.items() if "." in name]

    def plain() -> None:
        with facts.reading() as connection:
            cursor = connection.connection.cursor()
            for name in registers:
                cursor.execute(f'SELECT * FROM "{name}"')
                cursor.fetchall()

    judging.findings(facts, TODAY)  # the first one makes the words of the queries, once in a program's life
    ours, floor = in_turn(_ROUNDS, lambda: judging.findings(facts, TODAY), plain)
    yield Ratio(f"check {whole:,} rows in {len(registers)} registers", ours, floor, 3)


def filled(path: Path, whole: int) -> Facts:
    """Facts of every shipped category with so many rows in all."""
    definitions = {one.key: one for one in categories.definitions()}
    schemas: dict[str, Schema] = dict(SCHEMAS)
    for definition in definitions.values():
        schemas |= {one.name: one for one in definition.schemas()}
    made = tables(schemas)
    engine = create_engine(f"sqlite:///{path}")
    facts = Facts(engine, made, path, Vocabulary(SCHEMAS, schemas, definitions))
    count = whole // sum(len(one.registers) for one in definitions.values())
    with engine.begin() as connection:
        made.make(connection)
        for name, few in _CORE.items():
            rows = [{"id": f"{name}-{n}", "name": f"{name}{n}", "deleted": 0, "heads": ""} for n in range(few)]
            connection.execute(made.records[name].table.insert(), rows)
    for definition in definitions.values():
        for schema in definition.schemas():
            models = list(_models(facts, definition, schema, count))
            with engine.begin() as connection:
                _multiply(connection, made.records[schema.name], models, count)
    for round_ in range(_MENDED):
        _mend(facts, whole=round_ == _MENDED - 1)
    return facts


def _mend(facts: Facts, *, whole: bool) -> None:
    """Empties what rules find in rows, now that all they point at is there; at last (``whole``) all of a row but whose it is."""
    wrong: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in judging.findings(facts, TODAY):
        number = one.id.rpartition("-")[2]
        if one.field and number.isdecimal() and int(number) % _WRONG:
            wrong[one.record, one.field].add(one.id)
    with facts.engine.begin() as connection:
        for (record, field), ids in wrong.items():
            known = facts.tables.records[record]
            names = [name for name in known.kinds if name != "unit"] if whole else [field]
            emptied = {column.name: None for name in names for column in known.table.c if _of(column.name, name)}
            if emptied:
                change = known.table.update().where(known.table.c.id == bindparam("one_id")).values(emptied)
                connection.execute(change, [{"one_id": one} for one in ids])


def _of(column: str, field: str) -> bool:
    return column == field or column.startswith(f"{field}__")


def _models(facts: Facts, definition: CategoryDefinition, schema: Schema, count: int) -> Iterator[tuple[Record, bool]]:
    """Rows of a register, and whether a rule finds something in them."""
    source = random.Random(schema.name)
    register = schema.name.partition(".")[2]
    for number in range(_MODELS):
        values = {one.name: _value(one.kind, source, count) for one in schema.fields}
        values["publicity"] = schema.field("publicity").kind.parse(schema.field("publicity").kind.default)
        if number == 0:
            yield schema.make(id="", **values), True
            continue
        for _ in range(12):
            found = judging.of_row(facts, definition, register, schema.make(id="", **values), TODAY)
            wrong = {one.field for one in found} & {name for name, value in values.items() if value is not None}
            if not wrong:
                break
            values |= dict.fromkeys(wrong)
        yield schema.make(id="", **values), bool(found)


def _multiply(connection: Connection, one: RecordTable, models: list[tuple[Record, bool]], count: int) -> None:
    """The models again and again, words told apart by a number."""
    right = [record for record, wrong in models if not wrong] or [models[-1][0]]
    words = [name for name, kind in one.kinds.items() if type(kind) is kinds.Text]
    batches: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for number in range(count):
        record = models[0][0] if number % _WRONG == 0 else right[number % len(right)]
        stored = {
            name: kind.store(value) for name, kind in one.kinds.items() if (value := getattr(record, name)) is not None
        }
        for name in words:
            if name in stored:
                stored[name] = f"{stored[name]}{number}"
        row = one.filled(f"{one.schema.name.partition('.')[2]}-{number}", stored, ())
        batches[tuple(row)].append(row)
    for rows in batches.values():
        connection.execute(one.table.insert(), rows)


def _value(kind: Kind[Any], source: random.Random, count: int) -> Any:
    if isinstance(kind, kinds.Choice):
        return source.choice([*kind.of])
    if isinstance(kind, links.Ref):
        few = _CORE.get(kind.to, count if "." in kind.to else 0)
        return f"{kind.to.rpartition('.')[2]}-{source.randrange(few)}" if few else None
    day = date(2020, 6, 1) + timedelta(days=source.randrange(500))
    makers: tuple[tuple[type[Kind[Any]], Callable[[], Any]], ...] = (
        (kinds.Money, lambda: source.randrange(10**8)),
        (kinds.Whole, lambda: source.randrange(100)),
        (kinds.Number, lambda: Decimal(source.randrange(10_000)) / 100),
        (kinds.Day, lambda: day),
        (kinds.Month, lambda: day.isoformat()[:7]),
        (kinds.Moment, lambda: datetime(day.year, day.month, day.day, source.randrange(24), 30)),  # noqa: DTZ001
        (kinds.YesNo, lambda: source.random() < 0.5),
        (composite.Due, lambda: composite.Deadline("年底前", day, "")),
        (composite.Quantity, lambda: composite.Amount(Decimal(source.randrange(100)), "件")),
        (prose.Prose, lambda: "逐项核实，列出清单，明确责任人和完成时间。" * 2),
        (kinds.Text, lambda: source.choice(["甲", "乙", "丙"])),
    )
    value = next((make() for cls, make in makers if isinstance(kind, cls)), None)
    try:
        if value is not None:
            kind.check(value)
    except Refusal:
        return None
    return value
