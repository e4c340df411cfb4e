"""Saving a form on a ledger of 100,000 records, against a bare SQLite commit of the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import orjson
from sqlalchemy import select

from db.ledger.change import Deed, Edit, create, edit
from db.ledger.ledger import Ledger
from db.schema.records import Measure, OngoingItem, Problem, Unit
from db.store.replica import Installation

from .measure import Ratio, in_turn
from .plain import connect

_ROUNDS = 150
_BODY = "对照检查逐项核实，列出清单，明确责任人和完成时间，按周调度，结果向全体人员通报。" * 3


def big_ledger(folder: Path, records: int) -> Ledger:
    """A ledger with that many records: one problem with eight measures and an ongoing item in every ten."""
    ledger = Ledger.create(folder / "大台账.zgl", Installation(folder / "home"))
    unit = create(Unit, name="某分局")
    ledger.act(Deed("新建单位", "某人", (unit,)))
    edits: list[Edit] = []
    for number in range(1, records // 10 + 1):
        problem = create(Problem, unit=unit.id, number=number, title=f"第{number}个问题", symptoms=_BODY, cause=_BODY)
        edits.append(problem)
        edits += [create(Measure, problem=problem.id, number=n, lead=f"措施{n}", body=_BODY) for n in range(1, 9)]
        edits.append(create(OngoingItem, problem=problem.id, number=1, content=_BODY))
        if len(edits) >= 10_000:
            ledger.act(Deed("录入", "某人", tuple(edits)))
            edits = []
    if edits:
        ledger.act(Deed("录入", "某人", tuple(edits)))
    return ledger


def save_a_form(ledger: Ledger) -> Iterator[Ratio]:
    """A form is saved: fields of a problem changed (first), a new measure (second)."""
    problems = ledger.all(Problem)
    numbers = count()
    path = ledger.path.with_name("bare.db")
    bare = connect(path)
    bare.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, bytes BLOB)")
    filler = b"x" * 1_000
    bare.execute("BEGIN")
    bare.executemany("INSERT INTO plain (bytes) VALUES (?)", [(filler,)] * 100_000)
    bare.execute("COMMIT")

    def change() -> None:
        n = next(numbers)
        problem = problems[n * 7919 % len(problems)]
        ledger.act(Deed("修改问题", "某人", (edit(problem, title=f"改过的标题{n}", status=_BODY + str(n)),)))

    def add() -> None:
        n = next(numbers)
        problem = problems[n * 7919 % len(problems)]
        ledger.act(
            Deed("新增措施", "某人", (create(Measure, problem=problem.id, number=9, lead=f"新{n}", body=_BODY),))
        )

    change()
    written = b"x" * _bytes_of_last(ledger)

    def commit() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("INSERT INTO plain (bytes) VALUES (?)", (written,))
        bare.execute("COMMIT")

    changing, adding, floor = in_turn(_ROUNDS, change, add, commit)
    bare.close()
    path.unlink()
    yield Ratio("save a changed form, 100,000 records", changing, floor, 3)
    yield Ratio("save a new record, 100,000 records", adding, floor, 3)


def _bytes_of_last(ledger: Ledger) -> int:
    """The bytes a save puts into the file: its log row and the values it sets in the record's row."""
    log = ledger.tables.log
    with ledger.reading() as connection:
        row = connection.execute(select(log).order_by(log.c.position.desc()).limit(1)).one()
    fields = orjson.loads(row.fields)
    return sum(len(str(v).encode()) for v in row) + sum(len(str(v).encode()) for v in fields.values())
