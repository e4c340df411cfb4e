"""Reads tables of cells out of files: .xlsx by ``workbook``, delimited text here; tells by its first bytes what a file is.

Nothing is looked for by the file's name: systems export web pages as .xls and commas as .txt.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.errors import Refusal
from db.store.faults import translated
from desktop_app.rectification.batch_cells import Cell
from desktop_app.sheets.guard import unguarded

LARGEST = 200 << 20
"""Bytes of the largest file read."""
MOST_CELLS = 8_000_000
"""Cells of the largest table read: what memory holds of an office's computer."""
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0, the last ones included."""


@dataclass(frozen=True)
class Table:
    """The cells of one sheet as they stand, row 0 being the sheet's first; ``merged`` are its merged areas."""

    source: str
    sheet: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[Area, ...] = ()


Cancelled = Callable[[], bool]


def _never() -> bool:
    return False


def read(path: Path, cancelled: Cancelled = _never) -> tuple[Table, ...]:
    """The tables of a file: one for each visible sheet with anything in it. ``Refusal`` for what is no table, is locked,
    damaged or too large."""
    with translated(path):
        if path.is_dir():
            raise Refusal(f"这是一个文件夹，不是表格：{path}", "请选取一个表格文件（.xlsx 或 .csv）。", "excel")
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4_096)
    if not size:
        raise Refusal(f"这个文件是空的：{path.name}", "请选取一个有内容的表格。", "excel")
    if size > LARGEST:
        raise Refusal(
            f"文件太大：{path.name} 有 {size >> 20} MB，最多 {LARGEST >> 20} MB。", "请分成几份导入。", "excel"
        )
    _refuse_others(path, head)
    if head.startswith(b"PK"):
        from desktop_app.sheets import workbook  # the reader of workbooks takes a while to load

        return workbook.read(path, cancelled)
    return (_delimited(path, cancelled),)


_SAVE_AS = "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”，再导入。"


def _refuse_others(path: Path, head: bytes) -> None:
    """Files that are often taken for tables, each with what to do about it."""
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        with translated(path):
            locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        if locked:
            raise Refusal(
                f"这个表格加了密码，打不开：{path.name}", "请用 Excel 或 WPS 打开它，去掉密码后另存，再导入。", "excel"
            )
        raise Refusal(f"这是旧格式的表格（.xls 或 .et），不能直接读：{path.name}", _SAVE_AS, "excel")
    words = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if words.startswith((b"<html", b"<!doctype", b"<table", b"<meta")):
        raise Refusal(f"这个文件其实是网页，不是表格：{path.name}", _SAVE_AS, "excel")
    if words.startswith(b"<?xml") and b"workbook" in words:
        raise Refusal(f"这是旧的 XML 表格，不能直接读：{path.name}", _SAVE_AS, "excel")
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"SQLite format 3")):
        raise Refusal(f"这不是表格文件：{path.name}", "请选取一个表格文件（.xlsx 或 .csv）。", "excel")


# -- delimited text ---------------------------------------------------------------------------------------------------


def _delimited(path: Path, cancelled: Cancelled) -> Table:
    with translated(path):
        text = decoded(path.read_bytes(), path.name)
    separator, text = _separator(text)
    rows: list[Sequence[Cell]] = []
    cells = 0
    for record in records(text, separator, path.name):
        rows.append(tuple(unguarded(cell) for cell in record))
        cells += len(record)
        if cells > MOST_CELLS:
            raise too_many(path)
        if len(rows) % 5_000 == 0 and cancelled():
            raise Refusal("已取消，没有导入。")
    return Table(path.name, "", rows)


def too_many(path: Path) -> Refusal:
    """The refusal of a table that no memory should be filled with."""
    return Refusal(f"表格太大：{path.name} 超过 {MOST_CELLS // 10_000} 万格。", "请分成几份导入。", "excel")


def decoded(content: bytes, name: str) -> str:
    """Bytes → text: by its mark, else UTF-16 by its zero bytes, else UTF-8, else GB18030; ``Refusal`` when it is none."""
    for mark, coding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return _decode(content[len(mark) :], (coding,), name)
    sample = content[:2_000]
    if b"\0" in sample:
        little = sample[1::2].count(0) >= sample[::2].count(0)
        return _decode(content, ("utf-16-le" if little else "utf-16-be",), name)
    return _decode(content, ("utf-8", "gb18030"), name)


def _decode(content: bytes, codings: Sequence[str], name: str) -> str:
    for coding in codings:
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refusal(f"这个文件不是文字表格，或文字编码认不出来：{name}", _SAVE_AS, "excel")


def _separator(text: str) -> tuple[str, str]:
    """What stands between the cells, and the text without a line that says so (``sep=;``)."""
    said = re.match(r"sep=(.)\r?\n", text)
    if said:
        return said[1], text[said.end() :]
    sample = text[:20_000]
    best, widest = ",", 1.0
    for mark in ("\t", ",", ";", "|", "；", "，"):
        widths = [len(r) for r in _some(sample, mark) if r]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        width = usual * widths.count(usual) / len(widths)
        if usual > 1 and width > widest:
            best, widest = mark, width
    return best, text


def _some(sample: str, mark: str) -> Iterator[list[str]]:
    lines = csv.reader(io.StringIO(sample, newline=""), delimiter=mark)
    try:
        yield from (row for row, _ in zip(lines, range(50), strict=False))
    except csv.Error:
        return


def records(text: str, separator: str, name: str) -> Iterator[list[str]]:
    """Delimited text → its rows; quotes hold separators and new lines."""
    csv.field_size_limit(LARGEST)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        raise Refusal(f"这个文字表格读不下去，引号不成对：{name}", _SAVE_AS, "excel") from None
