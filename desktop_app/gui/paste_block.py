"""A block on its way into a register, pasted or read from a file: its columns, what is refused of it, and entering it.

What is right is entered in one deed; rows with something wrong stay in the grid as they were typed, to be put right there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from db.ledger.change import Outcome, new_id
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.links import Refs
from db.schema.record import Schema
from desktop_app.gui.editor_pick import refs_typed
from desktop_app.rectification import batch
from desktop_app.rectification.batch import BlockRow, Changes, Read
from desktop_app.rectification.batch_cells import Cell, empty, seen

MOST_DRAFTS = 200
"""Rows with something wrong that are kept in the grid; more are better put right where they come from."""


@dataclass(frozen=True)
class Incoming:
    """A block and what is known of it. ``names`` are the fields of its columns (None: not read); ``first`` is the number of
    its first row where it comes from; ``onto`` are ids of rows it is put over, from its first row on."""

    origin: str
    """剪贴板, or the name of a file."""
    headings: tuple[str, ...]
    names: tuple[str | None, ...]
    cells: tuple[tuple[Cell, ...], ...]
    first: int = 1
    headed: bool = False
    onto: tuple[str, ...] = ()
    update: bool = False
    """Rows whose unique value is known change the row that has it."""

    def put(self, row: int, name: str, text: str) -> Incoming:
        """The same with another text in a cell; a field without a column gets one."""
        names = self.names if name in self.names else (*self.names, name)
        headings = self.headings if name in self.names else (*self.headings, "")
        at = names.index(name)
        cells = list(self.cells)
        line = list(cells[row]) + [None] * (len(names) - len(cells[row]))
        line[at] = text
        cells[row] = tuple(line)
        return replace(self, names=names, headings=headings, cells=tuple(cells))

    def number(self, row: int) -> int:
        """The number of a row where it comes from."""
        return self.first + row


@dataclass(frozen=True)
class Judged:
    """What would come of a block."""

    read: Read = field(default_factory=Read)
    changes: Changes = field(default_factory=Changes)

    @property
    def enters(self) -> int:
        """How many rows would be written."""
        return len(self.changes.new) + len(self.changes.changed)


def judge(facts: Facts, schema: Schema, block: Incoming, fixed: Mapping[str, Any]) -> Judged:
    """Reads a block and compares it with the ledger; off the thread."""
    names, cells = block.names, block.cells
    if block.onto:
        names = (*names, batch.ID)
        ids = (*block.onto, *("" for _ in range(len(cells) - len(block.onto))))
        pad = len(block.names)
        cells = tuple((*row[:pad], *(None,) * (pad - len(row)), one) for row, one in zip(cells, ids, strict=False))
    read = batch.read_cells(facts, schema, names, cells, fixed=fixed, update=block.update)
    return Judged(read, batch.changes(facts, schema, read.rows))


def said(block: Incoming, schema: Schema, judged: Judged) -> str:
    """The sentence of the deed."""
    count = judged.enters
    where = "粘贴" if block.origin == "剪贴板" else f"从“{block.origin}”导入"
    return f"{where} {count} 行{schema.title}"


def enter(ledger: Ledger, schema: Schema, rows: Sequence[BlockRow], actor: str, sentence: str) -> Outcome:
    """Writes the right rows in one deed."""
    return batch.enter(ledger, schema.name, rows, actor, sentence=sentence)


def drafts(schema: Schema, block: Incoming, judged: Judged, start: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The rows with something wrong as typed states: id (of the row they are put over, else a new one) → field → words."""
    kinds = schema.kinds()
    found: dict[str, dict[str, str]] = {}
    for row in sorted({cell.row for cell in judged.read.refused})[:MOST_DRAFTS]:
        typed = {
            name: _state(kinds[name], seen(cell))
            for name, cell in zip(block.names, block.cells[row], strict=False)
            if name and name in kinds and not empty(cell)
        }
        over = block.onto[row] if row < len(block.onto) else ""
        found[over or new_id()] = typed if over else {**start, **typed}
    return found


def _state(kind: Any, words: str) -> str:
    """Words of a cell as the typed state a form keeps."""
    if isinstance(kind, Refs) and not words.strip():
        return refs_typed(())
    return words.strip()
