"""Writes what a view shows of a register into a workbook or a delimited file, so that reading it back gives the same rows.

Text is written as text whatever it begins with; a delimited file carries the mark by which Excel and WPS know UTF-8.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.definition import ComputedSpec
from db.schema.kinds import Publicity
from db.schema.record import Record
from db.store.faults import translated
from desktop_app.rectification import openness, rows
from desktop_app.rectification.rows import View
from desktop_app.sheets import layout
from desktop_app.sheets.guard import guarded
from desktop_app.sheets.layout import Column, Written
from desktop_app.sheets.mapping import EXPLAINED, ID_HEADING

TOO_LONG = "（这一格的文字超过 32767 个字，Excel 放不下，请导出为 .csv）"
MOST_ROWS = 1_048_575
"""Rows of a sheet below its headings."""
Progress = Callable[[int, int], None]
SUFFIXES = (".xlsx", ".csv")
_AUTHOR = "整改通"
_PAGE = 1_000
"""Rows that are read together."""
Line = tuple[Record, dict[str, Any]]
"""A row, and what is reckoned from it by name."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class Exported:
    """What was written: rows, labels of columns withheld, rows withheld, cells too long for a workbook."""

    path: Path
    rows: int
    withheld_columns: tuple[str, ...] = ()
    withheld_rows: int = 0
    too_long: int = 0


def export(
    facts: Facts,
    view: View,
    path: Path,
    *,
    publicity: Publicity = "public",
    only: Sequence[str] | None = None,
    ids: bool = False,
    said: Sequence[str] = (),
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Exported:
    """Writes a view into ``path`` (.xlsx or .csv), over what was there. Columns and rows stricter than ``publicity`` are
    left out, and the file says so. ``ids`` adds the record ids, by which a changed file is read back as changes;
    ``said`` are sentences about what was asked (filters), put beside."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Refusal(f"只能导出为 .xlsx 或 .csv，不能导出为“{path.name}”。", "请改文件名的后缀。", "excel")
    columns, withheld = layout.layout(facts, view.schema, publicity, only)
    shown = replace(view, publicity=publicity)
    hidden = (
        rows.count(facts, replace(view, publicity="secret")) - rows.count(facts, shown) if publicity != "secret" else 0
    )
    numbers = rows.keys(facts, shown).numbers
    if suffix == ".xlsx" and len(numbers) > MOST_ROWS:
        raise Refusal(
            f"有 {len(numbers)} 行，一张工作表最多 {MOST_ROWS} 行。", "请筛选后再导出，或导出为 .csv。", "excel"
        )
    if not columns:
        raise Refusal(
            f"“{view.schema.title}”整张表不对外公开，没有可导出的栏目。", "确要导出，请选内部或不公开一级。", "excel"
        )
    extra = openness.reckoned(facts, view.schema, publicity) if only is None else []
    told = _Told(facts, view, columns, extra, tuple(withheld), hidden, ids=ids, said=tuple(said))

    def lines() -> Iterator[Line]:
        for at in range(0, len(numbers), _PAGE):
            if cancelled():
                raise Refusal("已取消，没有导出。")
            progress(at, len(numbers))
            found = [row for row in rows.rows_at(facts, view.schema, numbers[at : at + _PAGE]) if row is not None]
            reckoned = layout.computed(facts, view.schema, found) if extra else [{} for _ in found]
            yield from zip(found, reckoned, strict=True)

    with replacing(path) as part:
        wrote, long = _workbook(part, told, lines()) if suffix == ".xlsx" else _delimited(part, told, lines())
    progress(wrote, max(wrote, 1))
    return Exported(path, wrote, tuple(withheld), hidden, long)


@dataclass(frozen=True)
class _Told:
    """What is exported, for the sheet that says so."""

    facts: Facts
    view: View
    columns: list[Column]
    extra: list[ComputedSpec]
    withheld: tuple[str, ...]
    hidden: int
    ids: bool
    said: tuple[str, ...]

    def headings(self) -> list[str]:
        reckoned = [f"{one.label}（{one.unit}）" if one.unit else one.label for one in self.extra]
        return [c.heading for c in self.columns] + reckoned + ([ID_HEADING] if self.ids else [])

    def sentences(self, count: int) -> list[str]:
        lines = [f"{self.view.schema.title}：共 {count} 行。", *self.said]
        if self.withheld:
            lines.append(f"没有导出的栏目（不对外公开）：{'、'.join(self.withheld)}。")
        if self.hidden:
            lines.append(f"另有 {self.hidden} 行不对外公开，没有导出。")
        marked = [c.heading for c in self.columns if c.publicity != "public"]
        if marked:
            lines.append(f"本表含有不对外公开的栏目：{'、'.join(marked)}。请按规定保管，不要外传。")
        if self.ids:
            lines.append(f"“{ID_HEADING}”一栏用来认出是哪一行，请不要改动；改好其他栏目后，可以把本表导入，更新台账。")
        return lines


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside ``path`` to write into, put in its place at the end; after a failure nothing is left of it."""
    part = path.with_name(f".{path.name}.part")
    with translated(path):
        try:
            part.touch()
            yield part
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


# -- .csv -------------------------------------------------------------------------------------------------------------


def _delimited(path: Path, told: _Told, lines: Iterable[Line]) -> tuple[int, int]:
    words = layout.Words(told.facts)
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow(told.headings())
        for record, reckoned in lines:
            cells = [_words(column, getattr(record, column.name), words) for column in told.columns]
            found = [layout.reckoned_cell(one, reckoned[one.name]) for one in told.extra]
            cells += [f"{value:.15g}" if isinstance(value, float) else str(value or "") for value in found]
            out.writerow([*cells, record.id] if told.ids else cells)
            count += 1
    return count, 0


def _words(column: Column, value: Any, words: layout.Words) -> str:
    if value is None:
        return ""
    said = layout.delimited(column.kind, value, words)
    return said if _NUMBER.fullmatch(said) else guarded(said)


# -- .xlsx ------------------------------------------------------------------------------------------------------------


def _workbook(path: Path, told: _Told, lines: Iterable[Line]) -> tuple[int, int]:
    words = layout.Words(told.facts)
    with opened(path, streaming=True) as book:
        sheet = book.add_worksheet(sheet_name(told.view.schema.title))
        formats = [book.add_format(column_style(column)) for column in told.columns]
        grey = book.add_format({"font_color": "#808080", "valign": "top"})
        headings = _headings(book, sheet, told, formats, grey)
        count = long = 0
        for count, (record, reckoned) in enumerate(lines, start=1):
            for at, column in enumerate(told.columns):
                value = getattr(record, column.name)
                if value is not None:
                    long += put(sheet, count, at, layout.written(column.kind, value, words), formats[at])
            for at, one in enumerate(told.extra, start=len(formats)):
                found = layout.reckoned_cell(one, reckoned[one.name])
                if found is not None:
                    put(sheet, count, at, found, grey)
            if told.ids:
                sheet.write_string(count, len(headings) - 1, record.id, grey)
        sheet.autofilter(0, 0, max(count, 1), max(len(headings) - 1, 0))
        notes(book, EXPLAINED[0], [[line] for line in told.sentences(count)], [100])
    return count, long


def _headings(book: Any, sheet: Any, told: _Told, formats: Sequence[Any], grey: Any) -> list[str]:
    """Writes the row of headings and sets the columns; what nobody fills in is grey."""
    headings = told.headings()
    for at, (column, style) in enumerate(zip(told.columns, formats, strict=True)):
        sheet.set_column(at, at, layout.width(column.kind, column.heading), style)
    for at in range(len(formats), len(headings)):
        sheet.set_column(at, at, 36 if headings[at] == ID_HEADING else 14, grey)
    bold = book.add_format({"bold": True, "bg_color": "#DDE6F0", "border": 1, "text_wrap": True, "valign": "vcenter"})
    for at, words in enumerate(headings):
        sheet.write_string(0, at, words, bold)
    sheet.freeze_panes(1, 1)
    return headings


@contextmanager
def opened(path: Path, *, streaming: bool) -> Iterator[Any]:
    """A workbook to be written; text is never taken for formulas, links or numbers."""
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": streaming,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties({"author": _AUTHOR})
    try:
        yield book
        book.close()
    except FileCreateError as wrong:
        raise wrong.args[0] if isinstance(wrong.args[0], OSError) else OSError(str(wrong)) from wrong
    finally:
        _let_go(book)


def _let_go(book: Any) -> None:
    """Takes away the temporary files of a workbook that was not finished."""
    for sheet in book.worksheets():
        file = getattr(sheet, "row_data_fh", None)
        if file is not None and not file.closed:
            file.close()
            Path(sheet.row_data_filename).unlink(missing_ok=True)


def column_style(column: Column) -> dict[str, Any]:
    """The format of a column's cells."""
    style: dict[str, Any] = {"num_format": layout.number_format(column.kind), "valign": "top"}
    if layout.width(column.kind, "") >= 40:
        style["text_wrap"] = True
    return style


def put(sheet: Any, row: int, column: int, value: Written, style: Any) -> int:
    """Writes one cell; 1 when the text was too long for it."""
    if isinstance(value, str):
        long = len(value) > layout.LONGEST
        sheet.write_string(row, column, TOO_LONG if long else value, style)
        return int(long)
    if isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)
    return 0


def notes(book: Any, name: str, lines: Sequence[Sequence[str]], widths: Sequence[float]) -> Any:
    """A sheet of words."""
    sheet = book.add_worksheet(name)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    for row, line in enumerate(lines):
        for at, cell in enumerate(line):
            sheet.write_string(row, at, cell, wrap)
    return sheet


def column_letter(at: int) -> str:
    """The letters of a column counted from 0: A, B … AA."""
    return str(xl_col_to_name(at))


def sheet_name(title: str) -> str:
    """A title as the name of a sheet: at most 31 characters, none of []:*?/\\ among them."""
    kept = "".join("_" if c in "[]:*?/\\" else c for c in title).strip("'")
    return f"{kept[:30]}表" if kept in EXPLAINED else kept[:31] or "Sheet1"
