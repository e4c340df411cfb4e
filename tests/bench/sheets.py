"""Registers in bulk: import and export against the spreadsheet library alone, a register of a million rows against an empty one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from db.ledger.change import Deed, Edit, create
from db.ledger.ledger import Ledger
from db.schema.record import Schema
from db.schema.records import Unit
from desktop_app.rectification import batch, ledgers, rows
from desktop_app.rectification.rows import Keys, Order, View
from desktop_app.rectification.rows_filters import Filter
from desktop_app.sheets import layout, mapping, read, write

from .measure import Ratio, in_turn, timed

VEHICLES = 200
_OTHER = "另一单位"


def register(folder: Path) -> tuple[Ledger, Schema, Schema]:
    """A ledger with a register that points at another one, and both schemas: the widest register of money and days that
    refers to a register of its own category."""
    folder.mkdir(exist_ok=True)
    ledger = ledgers.new_ledger(folder / "登记.zgl", "某市公安局某分局", "某人")
    ledger.act(Deed("新建单位", "某人", (create(Unit, "other", name=_OTHER),)))
    found = [
        (len(one.schema.fields), name, to)
        for name, one in ledger.tables.records.items()
        for to in [_pointed(ledger, one.schema)]
        if "." in name and to
    ]
    _, name, to = max(found)
    return ledger, ledger.schema(name), ledger.schema(to)


def _pointed(ledger: Ledger, schema: Schema) -> str:
    """The register of its own that a register must point at, one that itself must point at nothing; "" when none."""
    needed = [f for f in schema.references() if f.kind.required]
    names = [getattr(f.kind, "to", "") for f in needed]
    kinds = {type(f.kind).__name__ for f in schema.fields}
    alone = (
        len(names) == 1 and "." in names[0] and not any(f.kind.required for f in ledger.schema(names[0]).references())
    )
    return (
        names[0]
        if alone and {"Day", "Number", "Money"} <= kinds and not any(f.kind.unique for f in schema.fields)
        else ""
    )


def values(schema: Schema, number: int, pointed: list[str], unit: str) -> dict[str, Any]:
    """A row: every field that cells can fill, remarks seldom."""
    found: dict[str, Any] = {}
    for at, one in enumerate(schema.fields):
        kind = type(one.kind).__name__
        if kind == "Ref":
            to = getattr(one.kind, "to", "")
            found[one.name] = unit if to == "unit" else pointed[number % len(pointed)] if one.kind.required else None
        elif kind == "Text":
            found[one.name] = (
                f"{one.kind.label}{number}"[: getattr(one.kind, "longest", 500)]
                if one.kind.unique or number % 3 == at % 3
                else None
            )
        elif kind == "Day":
            found[one.name] = date(2015, 1, 1) + timedelta(days=number % 2_500)
        elif kind == "Number":
            found[one.name] = Decimal(number % 9_000) / 100
        elif kind in ("Money", "Whole"):
            found[one.name] = number % 50
        elif kind == "Choice":
            keys = list(getattr(one.kind, "of", {}))
            found[one.name] = "public" if one.name == "publicity" else keys[number % len(keys)] if keys else None
    return {name: value for name, value in found.items() if value is not None}


def filled(ledger: Ledger, schema: Schema, to: Schema, count: int) -> list[str]:
    """Enters that many rows in large deeds; every hundredth is of another unit. The ids of the rows pointed at."""
    own = ledgers.own_unit(ledger, ledger)
    unit = own.id if own is not None else "other"
    pointed = [f"one-{n:03d}" for n in range(VEHICLES)]
    if ledger.find(to.name, pointed[0]) is None:
        made = tuple(Edit(to.name, key, values(to, n, [], unit)) for n, key in enumerate(pointed))
        ledger.act(Deed("登记", "某人", made))
    for start in range(0, count, 50_000):
        numbers = range(start, min(start + 50_000, count))
        edits = [
            Edit(schema.name, f"row-{n:09d}", values(schema, n, pointed, "other" if n % 100 == 0 else unit))
            for n in numbers
        ]
        ledger.act(Deed("登记", "某人", tuple(edits)))
    return pointed


def import_and_export(folder: Path, count: int) -> Iterator[Ratio]:
    """The same rows read and entered, and written out, beside the library reading and writing them alone."""
    ledger, schema, to = register(folder)
    pointed = filled(ledger, schema, to, 0)
    words = layout.Words(ledger)
    columns, _ = layout.layout(ledger, schema)
    own = ledgers.own_unit(ledger, ledger)
    unit = own.id if own is not None else ""
    kinds = schema.kinds()
    table = [
        [None if (v := said.get(c.name)) is None else layout.written(kinds[c.name], v, words) for c in columns]
        for n in range(count)
        for said in [values(schema, n, pointed, unit)]
    ]
    path, out = folder / "一张表.xlsx", folder / "出.xlsx"
    _written(path, [[c.heading for c in columns], *table])
    before = timed(lambda: _read(path))
    entering = timed(lambda: _imported(ledger, schema, path, count))
    yield Ratio(f"import {count:,} rows", entering, (before + timed(lambda: _read(path))) / 2, 5)
    write.export(ledger, View(schema), out, publicity="secret")
    same = [list(row) for row in read.read(out)[0].rows]  # the library writes the very cells we wrote
    giving, writing = in_turn(
        2,
        lambda: write.export(ledger, View(schema), out, publicity="secret"),
        lambda: _written(path, same),
    )
    yield Ratio(f"export {count:,} rows", giving, writing, 5)
    ledger.close()


def _written(path: Path, table: list[list[Any]]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for at, row in enumerate(table):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(at, column, value)
    book.close()


def _read(path: Path) -> int:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    count = sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return count


def _imported(ledger: Ledger, schema: Schema, path: Path, count: int) -> None:
    (block,) = mapping.blocks(schema, read.read(path))
    found = batch.read_cells(ledger, schema, mapping.columns(schema, block.headings).names, block.cells)
    assert not found.refused, found.refused[0]
    told = batch.changes(ledger, schema, found.rows)
    batch.enter(ledger, schema.name, [*told.new, *(row for row, _ in told.changed)], "某人")
    assert rows.count(ledger, View(schema)) == count


def look_at_many(folder: Path, count: int) -> Iterator[Ratio]:
    """A register of that many rows: its first window beside that of an empty one, a window anywhere, its keys."""
    ledger, schema, to = register(folder)
    empty = folder / "空.zgl"
    ledgers.new_ledger(empty, "某市公安局某分局", "某人").close()
    filled(ledger, schema, to, count)
    named = f"{count:,} rows"

    def opening(path: Path) -> None:
        opened = ledgers.open_ledger(path)
        rows.window(opened, View(opened.schema(schema.name)), 0, 100)
        opened.close()

    full, floor = in_turn(5, lambda: opening(ledger.path), lambda: opening(empty))
    yield Ratio(f"open {named} at the first window", full, floor, 0.3, extra=True)
    view = View(schema)
    keys: list[Keys] = []
    taken = timed(lambda: keys.append(rows.keys(ledger, view)))
    yield Ratio(f"keys of {named}", taken, 0, 3, extra=True)
    far = keys[0].numbers[count * 9 // 10 :]
    jump, near = in_turn(9, lambda: rows.rows_at(ledger, schema, far[:100]), lambda: None)
    yield Ratio(f"a window at nine tenths of {named}", jump, near, 0.05, extra=True)
    unit = next(iter(ledger.all(Unit))).id
    day = next(f.name for f in schema.fields if type(f.kind).__name__ == "Day")
    looks = {
        "the first window of one unit": View(schema, unit=unit),
        "the first window of a rare unit": View(schema, unit="other"),
        "the first window of some days": View(schema, (Filter(day, "least", date(2021, 1, 1)),)),
    }
    for what, asked in looks.items():
        taken = timed(partial(rows.window, ledger, asked, 0, 100))
        yield Ratio(f"{what}, {named}", taken, 0, 0.3, extra=True)
    yield Ratio(
        f"sort {named} by day", timed(lambda: rows.keys(ledger, View(schema, orders=(Order(day),)))), 0, 6, extra=True
    )
    yield Ratio(f"totals of {named}", timed(lambda: rows.totals(ledger, view)), 0, 6, extra=True)
    yield Ratio(f"count {named}", timed(lambda: rows.count(ledger, view)), 0, 1, extra=True)
    ledger.close()
