"""Register → file → register: every schema's rows come back from a workbook, a delimited file and a filled template.

The schemas are those of the core and every register of every category, found by introspection; papers and what a clerk
cannot fill in are left out.
"""

from __future__ import annotations

import atexit
import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import kind_values
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.ledger.lines import lines_of
from db.schema.links import Ref, Refs
from db.schema.record import Schema
from db.schema.records import SCHEMAS
from db.store.replica import Installation
from desktop_app.rectification import batch, categories, openness, rows, rules
from desktop_app.rectification.rows import View
from desktop_app.rectification.rows_filters import Filter
from desktop_app.sheets import guard, layout, mapping, read, template, write

SHELF = "/dev/shm" if Path("/dev/shm").is_dir() else None


@cache
def blank() -> tuple[Path, dict[str, Schema]]:
    """A ledger with all categories, made once and copied for every example, and all schemas in it."""
    folder = Path(tempfile.mkdtemp(dir=SHELF))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ledger = Ledger.create(folder / "台账.zgl", Installation(folder / "home"))
    ledger.act(Deed("类别", "某人", categories.edits(ledger)))
    schemas = {name: one.schema for name, one in ledger.tables.records.items()}
    ledger.close()
    assert len(schemas) > len(SCHEMAS)
    return ledger.path, schemas


IDS = ("k1", "k2", "k3")


@st.composite
def filled(draw: st.DrawFn, schema: Schema) -> list[dict[str, Any]]:
    """Values of a few rows of a schema; references to the records that ``ledger_of`` makes."""
    found = []
    names = [one.name for one in schema.fields]
    chosen = draw(st.lists(st.sampled_from(names), max_size=5))
    for _ in range(draw(st.integers(1, 2))):
        values: dict[str, Any] = {}
        for one in schema.fields:
            if not batch.takes(one.kind) or not (one.kind.required or one.name in chosen):
                continue
            if isinstance(one.kind, Ref):
                values[one.name] = draw(st.sampled_from(IDS))
            elif isinstance(one.kind, Refs):
                values[one.name] = tuple(draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True)))
            else:
                values[one.name] = draw(kind_values.values(one.kind))
        if values:
            found.append(values)
    return found


@st.composite
def registers(draw: st.DrawFn) -> tuple[Schema, list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """A schema, its rows, and by schema name the shown fields of the three records of every schema it points at."""
    schemas = blank()[1]
    schema = schemas[draw(st.sampled_from(sorted(schemas)))]
    targets = {one.kind.to for one in schema.references() if isinstance(one.kind, Ref | Refs)}
    pointed = {}
    for name in sorted(targets & schemas.keys()):
        shown = [f for f in schemas[name].fields if "{" + f.name + "}" in schemas[name].shown]
        plain = [f for f in shown if not isinstance(f.kind, Ref | Refs)]
        pointed[name] = [{f.name: draw(kind_values.values(f.kind)) for f in plain if draw(st.booleans())} for _ in IDS]
    return schema, draw(filled(schema)), pointed


@contextmanager
def ledger_of(
    schema: Schema, values: list[dict[str, Any]], pointed: dict[str, list[dict[str, Any]]]
) -> Iterator[tuple[Ledger, Path]]:
    with tempfile.TemporaryDirectory(dir=SHELF) as folder:
        path = Path(shutil.copy(blank()[0], folder))
        ledger = Ledger.open(path, Installation(Path(folder) / "home"))
        edits = [Edit(name, key, said) for name, each in pointed.items() for key, said in zip(IDS, each, strict=True)]
        edits += [Edit(schema.name, f"row{at}", said) for at, said in enumerate(values)]
        ledger.act(Deed("填写", "某人", tuple(edits)))
        try:
            yield ledger, Path(folder)
        finally:
            ledger.close()


def back(ledger: Ledger, schema: Schema, path: Path) -> batch.Read:
    (block,) = mapping.blocks(schema, read.read(path))
    columns = mapping.columns(schema, block.headings, reckoned=[one.label for one in openness.reckoned(ledger, schema)])
    assert not columns.unknown
    return batch.read_cells(ledger, schema, columns.names, block.cells)


def refused_by_rule(ledger: Ledger, schema: Schema, identifier: str) -> bool:
    record = ledger.find(schema.name, identifier)
    assert record is not None
    try:
        rules.enforce(ledger, schema.name, record, record)
    except Refusal:
        return True
    return False


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@given(made=registers())
def test_what_was_exported_reads_back_as_the_same_rows(
    suffix: str, made: tuple[Schema, list[dict[str, Any]], dict[str, list[dict[str, Any]]]]
) -> None:
    schema, values, pointed = made
    with ledger_of(schema, values, pointed) as (ledger, folder):
        path = folder / f"导出{suffix}"
        done = write.export(ledger, View(schema), path, publicity="secret", ids=True)
        wanted = {record.id for record in ledger.every(schema.name)}
        assert done.rows == len(wanted)
        found = back(ledger, schema, path)
        by_number = [record.id for record in rows.every(ledger, View(schema))]
        for cell in found.refused:
            assert refused_by_rule(ledger, schema, by_number[cell.row]), cell
        assert {row.id for row in found.rows} == {w for w in wanted if not refused_by_rule(ledger, schema, w)}
        assert batch.changes(ledger, schema, found.rows).changed == ()


@given(made=registers())
def test_a_filled_template_gives_its_rows(
    made: tuple[Schema, list[dict[str, Any]], dict[str, list[dict[str, Any]]]],
) -> None:
    schema, values, pointed = made
    with ledger_of(schema, [], pointed) as (ledger, folder):
        path = template.write_template(ledger, schema, folder / "模板.xlsx")
        words = layout.Words(ledger)
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        for row, said in enumerate(values, start=2):
            for column, one in enumerate(layout.filled_by(schema), start=1):
                if one.name in said:
                    cell = sheet.cell(row, column)
                    cell.value = layout.written(one.kind, said[one.name], words)
                    cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        book.save(path)
        (block,) = mapping.blocks(schema, read.read(path))
        columns = mapping.columns(schema, block.headings)
        assert columns.names == tuple(one.name for one in layout.filled_by(schema))
        found = batch.read_cells(ledger, schema, columns.names, block.cells)
        wrong = {cell.row for cell in found.refused}
        for cell in found.refused:
            if cell.field and schema.field(cell.field).kind.unique and "出现了" in cell.sentence:
                continue
            after = schema.make(**values[cell.row])
            with pytest.raises(Refusal):
                rules.enforce(ledger, schema.name, None, after)
        kept = [{k: v for k, v in row.values.items() if v is not None} for row in found.rows]
        assert kept == [said for at, said in enumerate(values) if at not in wrong]


@given(made=registers(), data=st.data())
def test_a_filter_finds_what_shows_the_words(
    made: tuple[Schema, list[dict[str, Any]], dict[str, list[dict[str, Any]]]], data: st.DataObject
) -> None:
    schema, values, pointed = made
    with ledger_of(schema, values, pointed) as (ledger, _):
        field = data.draw(st.sampled_from([one for one in schema.fields if not isinstance(one.kind, Refs)]))
        shown = {}
        for record in ledger.every(schema.name):
            value = getattr(record, field.name)
            if value is None:
                continue
            if isinstance(field.kind, Ref):
                shown[record.id] = lines_of(ledger, field.kind.to).get(value, "")
            else:
                shown[record.id] = layout.delimited(field.kind, value, layout.Words(ledger))
        said = data.draw(st.sampled_from(sorted(shown.values())) if shown else st.just("甲"))
        low = data.draw(st.integers(0, max(len(said) - 1, 0)))
        words = " ".join(said[low : data.draw(st.integers(low, len(said)))].split("\n")[0].split())
        asked = View(schema, (Filter(field.name, "contains", words),))
        found = {record.id for record in rows.every(ledger, asked)}
        holding = {key for key, line in shown.items() if words in line}
        assert holding <= found
        assert found == {record.id for record in rows.window(ledger, asked, 0, 100)}
        assert len(found) == rows.count(ledger, asked)


@given(kind_values.TYPED)
def test_a_guard_is_taken_off_as_it_was_put_on(text: str) -> None:
    assert guard.unguarded(guard.guarded(text)) == text or text.startswith('="')
    assert not guard.guarded(text).startswith(("=", "+", "-", "@"))


@given(
    st.lists(st.lists(kind_values.TYPED, min_size=2, max_size=4), min_size=2, max_size=5),
    st.sampled_from([",", ";", "\t"]),
)
def test_delimited_text_is_read_whatever_separates_it(cells: list[list[str]], mark: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(cells)
    assert list(read.records(out.getvalue(), mark, "表")) == cells
