"""Reads .xlsx: openpyxl for the workbook and its styles, expat for the cells, all within bounds.

The cells are read here because three things are wanted that the library leaves out when it streams: merged areas, formulas
whose result was never kept, and the days of Chinese number formats (27 to 36, 50 to 58), which have no words in the file.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.workbook.workbook import Workbook

from db.errors import Refusal
from db.store.faults import translated
from desktop_app.rectification.batch_cells import Cell, Spoilt
from desktop_app.sheets.read import MOST_CELLS, Area, Cancelled, Table, too_many

UNPACKED = 1 << 30
"""Bytes of all parts of a workbook once unpacked."""
_ROWS, _COLUMNS = 1_048_576, 16_384
_CHINESE_DATES = {*range(27, 37), *range(50, 59)}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CHUNK = 1 << 18


def read(path: Path, cancelled: Cancelled) -> tuple[Table, ...]:
    """The visible sheets of a workbook that hold anything; ``Refusal`` for a damaged file or one that unpacks to a flood."""
    with translated(path):
        try:
            with zipfile.ZipFile(path) as archive:
                _refuse_floods(path, archive)
            book = _Reader(path)
            try:
                return tuple(table for table in _tables(path, book, cancelled) if table.rows)
            finally:
                book.archive.close()
        except OSError as wrong:
            if wrong.errno is not None:
                raise
            raise _damaged(path) from wrong
        except _FOREIGN as wrong:
            raise _damaged(path) from wrong


_FOREIGN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, ValueError, TypeError, AttributeError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What the library and the parsers raise over a file that is none, or is broken off."""


def _damaged(path: Path) -> Refusal:
    return Refusal(
        f"这个文件不是能读的 Excel 表格，或已损坏：{path.name}",
        "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”，再导入。",
        "excel",
    )


def _refuse_floods(path: Path, archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise _damaged(path)
    if sum(one.file_size for one in archive.infolist()) > UNPACKED or len(names) > 10_000:
        raise too_many(path)
    if any(name.startswith("xl/") and name.endswith(".bin") and "workbook" in name for name in names):
        raise Refusal(
            f"这是二进制格式的表格（.xlsb），不能直接读：{path.name}", "请另存为“Excel 工作簿（.xlsx）”。", "excel"
        )


class _Reader(ExcelReader):  # type: ignore[misc]
    """The library's reader of a workbook, with its shared strings read faster and its warnings kept quiet."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), read_only=True, data_only=True, keep_links=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.read()

    def read_strings(self) -> None:
        """The shared strings, by our own parser."""
        part = next((name for name in self.valid_files if name.lower() == "xl/sharedstrings.xml"), "")
        if part:
            strings = _Strings()
            with self.archive.open(part) as source:
                strings.read(source)
            self.shared_strings = strings.found


def _tables(path: Path, book: _Reader, cancelled: Cancelled) -> list[Table]:
    styles = _Styles.of(book.wb)
    found = []
    left = MOST_CELLS
    for sheet in book.wb.worksheets:
        if sheet.sheet_state != "visible":
            continue
        cells = _Cells(book.shared_strings, styles, left, cancelled)
        try:
            with book.archive.open(sheet._worksheet_path) as source:
                cells.read(source)
        except _TooMany:
            raise too_many(path) from None
        left -= cells.count
        found.append(Table(path.name, sheet.title, cells.rows, tuple(cells.merged)))
    return found


class _TooMany(Exception):
    """The sheet holds more cells than are read."""


@dataclass(frozen=True)
class _Styles:
    """Which cell styles make a number a day, a length of time, a percentage; and the day zero of the workbook."""

    dates: frozenset[int]
    lengths: frozenset[int]
    percents: frozenset[int]
    epoch: Any

    @classmethod
    def of(cls, book: Workbook) -> _Styles:
        formats = [(at, style.numFmtId) for at, style in enumerate(book._cell_styles)]
        chinese = {at for at, number in formats if number in _CHINESE_DATES}
        words = [BUILTIN_FORMATS.get(n) or _words(book, n) for _, n in formats]
        percents = {at for at, said in enumerate(words) if said.rstrip(" _)").endswith("%")}
        dates = {*book._date_formats} | chinese
        return cls(frozenset(dates), frozenset(book._timedelta_formats), frozenset(percents), book.epoch)


def _words(book: Workbook, number: int) -> str:
    own = book._number_formats
    return str(own[number - 164]) if 0 <= number - 164 < len(own) else ""


def unescaped(text: str) -> str:
    """``_x000D_`` and the like, which stand for characters XML cannot carry, as those characters."""
    return _ESCAPED.sub(lambda hit: chr(int(hit[1], 16)), text) if "_x" in text else text


class _Xml:
    """A parser that calls for every element by its bare name; documents with entities of their own are refused."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._words
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._text: list[str] = []

    def read(self, source: IO[bytes]) -> None:
        """Reads it all."""
        while piece := source.read(_CHUNK):
            self._parser.Parse(piece, False)
            self.between()
        self._parser.Parse(b"", True)

    def between(self) -> None:
        """Called between two pieces of the file."""

    def _doctype(self, *_: Any) -> None:
        raise ValueError("a workbook declares no entities")

    def _words(self, text: str) -> None:
        self._text.append(text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, name: str) -> None:
        raise NotImplementedError


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]


class _Strings(_Xml):
    """The shared strings; how a word is pronounced (``rPh``) is no part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._runs: list[str] = []
        self._spoken = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        bare = _bare(name)
        if bare == "si":
            self._runs = []
        elif bare == "rPh":
            self._spoken = True
        self._text.clear()

    def _end(self, name: str) -> None:
        bare = _bare(name)
        if bare == "t" and not self._spoken:
            self._runs.append("".join(self._text))
        elif bare == "rPh":
            self._spoken = False
        elif bare == "si":
            self.found.append(unescaped("".join(self._runs)))


@dataclass
class _Cell:
    """What is known so far of the cell being read."""

    column: int = 0
    style: int = 0
    type: str = "n"
    value: str | None = None
    formula: str | None = None
    inline: list[str] = field(default_factory=list)


class _Cells(_Xml):
    """The cells of a sheet: rows of values, and the merged areas, which stand behind them in the file."""

    def __init__(self, strings: list[str], styles: _Styles, most: int, cancelled: Callable[[], bool]) -> None:
        super().__init__()
        self.rows: list[tuple[Cell, ...]] = []
        self.merged: list[Area] = []
        self.count = 0
        self._strings = strings
        self._styles = styles
        self._most = most
        self._cancelled = cancelled
        self._row: list[Cell] = []
        self._at = -1
        self._cell = _Cell()
        self._columns: dict[str, int] = {}
        self._spoken = False

    def between(self) -> None:
        if self._cancelled():
            raise Refusal("已取消，没有导入。")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        bare = _bare(name)
        self._text.clear()
        if bare == "c":
            where = attributes.get("r", "")
            column = self._column(where.rstrip("0123456789")) if where else len(self._row)
            self._cell = _Cell(column, int(attributes.get("s", 0)), attributes.get("t", "n"))
        elif bare == "row":
            said = attributes.get("r")
            self._at = int(float(said)) - 1 if said else self._at + 1
            if not 0 <= self._at < _ROWS:
                raise ValueError("no such row")
            self._row = []
        elif bare == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif bare == "rPh":
            self._spoken = True

    def _end(self, name: str) -> None:
        bare = _bare(name)
        if bare == "v":
            self._cell.value = "".join(self._text)
        elif bare == "f":
            self._cell.formula = "".join(self._text)
        elif bare == "t" and not self._spoken:
            self._cell.inline.append("".join(self._text))
        elif bare == "rPh":
            self._spoken = False
        elif bare == "c":
            self._put(self._cell)
        elif bare == "row":
            self._close()

    def _put(self, cell: _Cell) -> None:
        value = self._value(cell)
        if value is None:
            return
        self._row.extend([None] * (cell.column - len(self._row)))
        if cell.column < len(self._row):
            self._row[cell.column] = value
        else:
            self._row.append(value)
        self.count += 1
        if self.count > self._most:
            raise _TooMany

    def _close(self) -> None:
        if self._row:
            self.rows.extend([()] * (self._at - len(self.rows)))
            if self._at == len(self.rows):
                self.rows.append(tuple(self._row))

    def _value(self, cell: _Cell) -> Cell:
        if cell.type == "inlineStr":
            return unescaped("".join(cell.inline)) or None
        if not cell.value:
            if cell.formula is not None and cell.type != "str":
                return Spoilt(f"={cell.formula}", "公式还没有算出结果。请用 Excel 或 WPS 打开这个文件，保存后再导入。")
            return None
        if cell.type == "n":
            return self._number(cell.value, cell.style)
        if cell.type == "s":
            return self._strings[int(cell.value)] or None
        if cell.type == "b":
            return cell.value not in ("0", "false")
        if cell.type == "e":
            return Spoilt(cell.value, "这一格的公式出错了，请在表格里改正。")
        if cell.type == "d":
            moment: Cell = from_ISO8601(cell.value)
            return moment
        return unescaped(cell.value)

    def _number(self, text: str, style: int) -> Cell:
        number = float(text) if not text.lstrip("-").isdecimal() else int(text)
        if style in self._styles.dates:
            try:
                day: Cell = from_excel(number, self._styles.epoch, timedelta=style in self._styles.lengths)
            except (OverflowError, ValueError):
                return Spoilt(text, "这一格设成了日期，但数字不是日期。请改正。")
            return day
        if style in self._styles.percents:
            return f"{number * 100:.15g}%"
        return number

    def _column(self, letters: str) -> int:
        if letters not in self._columns:
            at = 0
            for letter in letters.upper():
                at = at * 26 + ord(letter) - 64
            if not 0 < at <= _COLUMNS:
                raise ValueError("no such column")
            self._columns[letters] = at - 1
        return self._columns[letters]

    def _merge(self, area: str) -> None:
        found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})", area)
        if found:
            self.merged.append((int(found[2]) - 1, self._column(found[1]), int(found[4]) - 1, self._column(found[3])))
