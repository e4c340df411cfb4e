"""Writes the tables of a paper into a workbook that looks as the paper does: a sheet for each, cells merged, head repeated and
fixed, ready to be printed on A4. Figures are numbers, so that they can be added up; whatever else is text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from desktop_app.rectification.printed import Cell, Table
from desktop_app.sheets import layout
from desktop_app.sheets.write import TOO_LONG, opened, replacing, sheet_name

LEAST, MOST = 3, 24
"""Characters of the narrowest and of the widest column."""
_LINE = 15.0
"""Points of a line of words."""
_TALLEST = 409.0
"""Points a row may be high."""
_COLOURS = {"red": "#C00000", "green": "#00703C", "amber": "#9A5B00", "blue": "#1F4E9E", "grey": "#606060"}
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,2}(,\d{3})+|[1-9]\d*)(\.\d+)?%?", re.ASCII)
_DIGITS = 15
"""Figures of a number that a workbook keeps exactly."""


def write(tables: Sequence[Table], path: Path) -> None:
    """Writes the tables to ``path``, over what was there, whole or not at all."""
    with replacing(path) as part, opened(part, streaming=False) as book:
        style = _styles(book)
        taken: set[str] = set()
        for table in tables:
            _sheet(book.add_worksheet(_name(table.name, taken)), table, style)


def number(text: str) -> tuple[float, str] | None:
    """A figure as it is printed → its value and the number format that shows it so; None for anything else."""
    if not _NUMBER.fullmatch(text) or sum(sign.isdigit() for sign in text) > _DIGITS:
        return None
    plain = text.replace(",", "").removesuffix("%")
    places = len(plain.partition(".")[2])
    shown = ("#,##0" if "," in text else "0") + (f".{'0' * places}" if places else "")
    return (float(plain) / 100, f"{shown}%") if text.endswith("%") else (float(plain), shown)


def _name(wished: str, taken: set[str]) -> str:
    """A name that no other sheet has; a workbook does not tell capitals apart."""
    first = name = sheet_name(wished)
    count = 1
    while name.lower() in taken:
        count += 1
        tail = f"（{count}）"
        name = first[: 31 - len(tail)] + tail
    taken.add(name.lower())
    return name


Style = Callable[..., Any]


def _styles(book: Any) -> Style:
    """Makes a format for these properties, each once."""
    made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(**wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in made:
            made[key] = book.add_format({"font_name": "宋体", "font_size": 11, "text_wrap": True, **wanted})
        return made[key]

    return style


def _sheet(sheet: Any, table: Table, style: Style) -> None:
    widths = _widths(table)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, 2 * width + 1.5)
    top = _lines(sheet, 0, (table.title,), table.columns, style(bold=True, font_size=16, align="center"), 28.0)
    own = style(align="left", valign="vcenter")
    top = _lines(sheet, top, table.above, table.columns, own, _LINE + 3, sum(widths))
    for at, height in enumerate(_heights(table, widths)):
        sheet.set_row(top + at, min(height, _TALLEST))
    for cell in table.cells:
        _put(sheet, top, cell, style)
    below = _lines(sheet, top + table.rows, table.below, table.columns, own, _LINE + 3, sum(widths))
    sheet.freeze_panes(top + table.head, 0)
    sheet.repeat_rows(top, top + table.head - 1) if table.head else None
    sheet.print_area(0, 0, max(below - 1, 0), table.columns - 1)
    sheet.set_paper(9)
    sheet.set_portrait() if table.upright else sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C— &P —")


def _lines(sheet: Any, row: int, lines: Sequence[str], width: int, style: Any, height: float, room: float = 0.0) -> int:
    """Writes lines across the whole table; returns the row below them."""
    for words in lines:
        count = -(-_length(words) // room) if room else 1
        sheet.set_row(row, min(height * max(1, count), _TALLEST))
        if width > 1:
            sheet.merge_range(row, 0, row, width - 1, "", style)
        sheet.write_string(row, 0, words[: layout.LONGEST], style)
        row += 1
    return row


def _put(sheet: Any, top: int, cell: Cell, style: Style) -> None:
    look: dict[str, Any] = {"border": 1, "valign": "vcenter"}
    look["align"] = {"left": "left", "centre": "center", "right": "right"}[cell.side]
    if cell.part != "body":
        look |= {"bold": True, **({"bg_color": "#EDEDED"} if cell.part == "head" else {})}
    colours = {one.colour for one in cell.words}
    if len(colours) == 1 and (only := _COLOURS.get(colours.pop(), "")):
        look["font_color"] = only
    figure = number(cell.text) if cell.side != "left" and cell.part != "head" else None
    if figure is not None:
        look["num_format"] = figure[1]
    row, column, form = top + cell.row, cell.column, style(**look)
    if cell.rows > 1 or cell.columns > 1:
        sheet.merge_range(row, column, row + cell.rows - 1, column + cell.columns - 1, "", form)
    if figure is not None:
        sheet.write_number(row, column, figure[0], form)
    elif len(cell.text) > layout.LONGEST:
        sheet.write_string(row, column, TOO_LONG, form)
    elif "font_color" not in look and len(cell.words) > 1 and any(one.colour for one in cell.words):
        pieces = [
            piece for one in cell.words for piece in (style(font_color=_COLOURS.get(one.colour, "#000000")), one.text)
        ]
        sheet.write_rich_string(row, column, *pieces, form)
    elif cell.text:
        sheet.write_string(row, column, cell.text, form)
    else:
        sheet.write_blank(row, column, None, form)


# -- how wide and how high --------------------------------------------------------------------------------------------


def _length(words: str) -> float:
    """How many characters wide words are: a Latin letter or figure is half of one."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.52 for sign in words)


def _widths(table: Table) -> list[float]:
    """Characters of each column: its longest line within bounds; of its title half, which may take two lines."""
    widths = [float(LEAST)] * table.columns
    for cell in table.cells:
        if cell.columns == 1:
            longest = max(map(_length, cell.text.split("\n")))
            share = longest / 2 if cell.part == "head" and longest > 4 else longest
            widths[cell.column] = min(max(widths[cell.column], share + 0.4), float(MOST))
    return widths


def _heights(table: Table, widths: Sequence[float]) -> list[float]:
    """Points of each row; what a cell of several rows lacks is shared among them."""
    heights = [_LINE + 3] * table.rows
    for cell in sorted(table.cells, key=lambda one: one.rows):
        room = sum(widths[cell.column : cell.column + cell.columns])
        lines = sum(max(1, -(-_length(line) // room)) for line in cell.text.split("\n"))
        rows = range(cell.row, cell.row + cell.rows)
        lacking = lines * _LINE + 3 - sum(heights[at] for at in rows)
        for at in rows if lacking > 0 else ():
            heights[at] += lacking / cell.rows
    return heights
