"""Reads .xlsx within bounds: expat for the cells, openpyxl for what number formats and serial days mean.

The parts are read here because the library leaves out, when it streams, what is wanted of them (merged areas, formulas whose
result was never kept, the days of the Chinese number formats 27 to 36 and 50 to 58, which have no words in the file), and
because it refuses whole files over a fill or a font that a foreign program wrote oddly.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

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
                return tuple(table for table in _tables(path, archive, cancelled) if table.rows)
        except OSError as wrong:
            if wrong.errno is not None:
                raise
            raise _damaged(path) from wrong
        except _FOREIGN as wrong:
            raise _damaged(path) from wrong


_FOREIGN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, ParseError, EOFError, LookupError, ValueError, TypeError, AttributeError,
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


@dataclass(frozen=True)
class _Styles:
    """Which cell styles make a number a day, a length of time, a percentage; and the day zero of the workbook."""

    dates: frozenset[int]
    lengths: frozenset[int]
    percents: frozenset[int]
    epoch: Any

    @classmethod
    def of(cls, part: Element | None, *, since_1904: bool) -> _Styles:
        own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in _all(part, "numFmt")}
        formats = next(([xf.get("numFmtId", "0") for xf in group] for group in _all(part, "cellXfs")), [])
        words = [own.get(number) or BUILTIN_FORMATS.get(int(number)) or "" for number in formats]
        found = list(enumerate(zip(formats, words, strict=True)))
        return cls(
            frozenset(at for at, (number, said) in found if int(number) in _CHINESE_DATES or is_date_format(said)),
            frozenset(at for at, (_, said) in found if is_timedelta_format(said)),
            frozenset(at for at, (_, said) in found if said.rstrip(" _)").endswith("%")),
            MAC_EPOCH if since_1904 else WINDOWS_EPOCH,
        )


@dataclass(frozen=True)
class _Book:
    """What the small parts of a workbook say: its visible sheets as (name, part), shared strings, styles."""

    sheets: list[tuple[str, str]]
    strings: list[str]
    styles: _Styles

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> _Book:
        main = next((t for kind, t in _targets(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml")
        book = _part(archive, main)
        if book is None:
            raise ValueError("no workbook")
        parts = _targets(archive, main)
        kinds = dict(parts.values())
        strings = _Strings()
        if kinds.get("sharedStrings") in archive.namelist():
            with archive.open(kinds["sharedStrings"]) as source:
                strings.read(source)
        since_1904 = any(one.get("date1904") in ("1", "true") for one in _all(book, "workbookPr"))
        styles = _Styles.of(_part(archive, kinds.get("styles", "")), since_1904=since_1904)
        sheets = []
        for one in _all(book, "sheet"):
            reference = next((value for key, value in one.attrib.items() if _bare(key) == "id"), "")
            kind, part = parts.get(reference, ("", ""))
            if kind == "worksheet" and one.get("state", "visible") == "visible" and part in archive.namelist():
                sheets.append((one.get("name", ""), part))
        return cls(sheets, strings.found, styles)


def _part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """A small part as a tree; None when there is none. One that declares entities is refused."""
    if name not in archive.namelist():
        return None
    content = archive.read(name)
    if b"<!DOCTYPE" in content:
        raise ValueError("a workbook declares no entities")
    return fromstring(content)


def _all(part: Element | None, name: str) -> list[Element]:
    return [] if part is None else [one for one in part.iter() if _bare(one.tag) == name]


def _targets(archive: zipfile.ZipFile, of: str) -> dict[str, tuple[str, str]]:
    """Id → (kind, part) of what a part refers to."""
    folder, _, name = of.rpartition("/")
    relations = _part(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    return {
        one.get("Id", ""): (
            one.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/"),
        )
        for one in _all(relations, "Relationship")
    }


def _tables(path: Path, archive: zipfile.ZipFile, cancelled: Cancelled) -> list[Table]:
    book = _Book.of(archive)
    found = []
    left = MOST_CELLS
    for name, part in book.sheets:
        cells = _Cells(book.strings, book.styles, left, cancelled)
        try:
            with archive.open(part) as source:
                cells.read(source)
        except _TooMany:
            raise too_many(path) from None
        left -= cells.count
        found.append(Table(path.name, name, cells.rows, tuple(cells.merged)))
    return found


class _TooMany(Exception):
    """The sheet holds more cells than are read."""


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


@lru_cache(maxsize=1_000)
def _bare(name: str) -> str:
    """The name of an element without its namespace, as either parser writes it."""
    return name[max(name.rfind(" "), name.rfind("}")) + 1 :]


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


@dataclass(slots=True)
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
