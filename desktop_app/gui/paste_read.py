"""The clipboard of a spreadsheet: text with tabs between cells and line ends between rows, quotes around what holds either."""

from __future__ import annotations

from collections.abc import Sequence

from db.schema.record import Schema
from desktop_app.sheets import mapping

MOST = 200_000
"""Rows that are taken from the clipboard."""


def cells(text: str) -> list[list[str]]:
    """Text of the clipboard → rows of cells; an empty last line is none."""
    rows: list[list[str]] = [[]]
    cell: list[str] = []
    quoted = False
    at, text = 0, text.replace("\r\n", "\n").replace("\r", "\n")
    while at < len(text):
        c = text[at]
        if quoted:
            if c == '"' and text[at + 1 : at + 2] == '"':
                cell.append(c)
                at += 1
            elif c == '"':
                quoted = False
            else:
                cell.append(c)
        elif c == '"' and not cell and _closes(text, at + 1):
            quoted = True
        elif c == "\t":
            rows[-1].append("".join(cell))
            cell = []
        elif c == "\n":
            rows[-1].append("".join(cell))
            cell = []
            rows.append([])
        else:
            cell.append(c)
        at += 1
    rows[-1].append("".join(cell))
    if rows[-1] == [""]:
        rows.pop()
    return rows[:MOST]


def _closes(text: str, at: int) -> bool:
    """Whether a quote that begins a cell is closed where a cell ends; else it is an ordinary character."""
    while True:
        at = text.find('"', at)
        if at < 0:
            return False
        if text[at + 1 : at + 2] != '"':
            return text[at + 1 : at + 2] in ("", "\t", "\n")
        at += 2


def headings(schema: Schema, row: Sequence[str]) -> bool:
    """Whether a first row is one of headings: at least half of its cells name fields."""
    found = mapping.columns(schema, row)
    named = found.known + len(found.left_out)
    filled = [cell for cell in row if cell.strip()]
    return named > 0 and named * 2 >= len(filled)
