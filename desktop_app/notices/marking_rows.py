"""Marks the rows of two tables: row by row, cell by cell, whatever their merged cells hold together.

Cells of several rows are taken apart first: their words stand in the first row, the others have an empty place. So a row that
was put in or taken out in the middle of a merged cell is one row that changed, not all of them. What belongs together is
merged again at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from desktop_app.notices import tree
from desktop_app.notices.aligning import Part, aligned
from desktop_app.notices.tree import Change, Run, TableCell, TableRow
from desktop_app.notices.wording import changed

_HAN = "一二三四五六七八九十百"
_SERIAL = re.compile(rf"\d+|[{_HAN}]+|[（(](?:\d+|[{_HAN}]+)[）)]")


@dataclass(frozen=True)
class _Slot:
    """A place of a row over some columns: a cell, or the place below one that reaches down here (``cell`` None)."""

    at: int
    columns: int
    cell: TableCell | None


@dataclass(frozen=True)
class _Row:
    """A row with a slot for each place."""

    row: TableRow
    slots: tuple[_Slot, ...]

    @property
    def shape(self) -> tuple[tuple[int, int], ...]:
        """Which columns go together; rows of one shape may become each other."""
        return tuple((slot.at, slot.columns) for slot in self.slots)


def marked(old: Sequence[TableRow], new: Sequence[TableRow], width: int) -> tuple[TableRow, ...]:
    """The rows of both tables of that many columns, those of the old that are gone among them."""
    before, after = _apart(old, width), _apart(new, width)
    found: list[_Row] = []
    for at, to in aligned([_part(one) for one in before], [_part(one) for one in after]):
        if at is not None and to is not None:
            found.append(_both(before[at], after[to]))
        elif at is not None:
            found.append(_whole(before[at], "removed"))
        elif to is not None:
            found.append(_whole(after[to], "added"))
    return _merged(found)


def _apart(rows: Sequence[TableRow], width: int) -> list[_Row]:
    """Rows with their merged cells taken apart."""
    found = []
    reaching: dict[int, tuple[int, int]] = {}  # column → columns and rows that a cell from above still takes
    for row, cells in zip(rows, tree.placed(rows, width), strict=True):
        slots = [_Slot(at, columns, None) for at, (columns, _) in reaching.items()]
        slots += [_Slot(at, min(cell.columns, width - at), cell) for at, cell in cells]
        found.append(_Row(row, tuple(sorted(slots, key=lambda one: one.at))))
        going = {at: (columns, left - 1) for at, (columns, left) in reaching.items()}
        going |= {at: (min(cell.columns, width - at), cell.rows - 1) for at, cell in cells}
        reaching = {at: (columns, left) for at, (columns, left) in going.items() if left > 0}
    return found


def _part(one: _Row) -> Part:
    """What a row is known by; its own words, not those that reach down into it."""
    cells = [slot.cell for slot in one.slots if slot.cell is not None]
    texts = tuple("\n".join("".join(run.text for run in runs) for runs in cell.paragraphs) for cell in cells)
    origin = next(
        (run.origin for cell in reversed(cells) for runs in cell.paragraphs for run in runs if run.origin), ""
    )
    rest = [text for text in texts[:1] if not _SERIAL.fullmatch(text)] + [*texts[1:]]
    loose = "\t".join(rest) if any(rest) and len(rest) < len(texts) else None
    sort = (one.shape, one.row.kind)
    own = tuple(slot.cell is not None for slot in one.slots)
    return Part((sort, own, texts), "\t".join(texts), origin, sort, loose)


def _whole(one: _Row, change: Change) -> _Row:
    slots = tuple(
        replace(slot, cell=replace(slot.cell, paragraphs=tuple(_all(runs, change) for runs in slot.cell.paragraphs)))
        if slot.cell is not None
        else slot
        for slot in one.slots
    )
    return replace(one, slots=slots)


def _all(runs: Iterable[Run], change: Change) -> tuple[Run, ...]:
    return tuple(replace(run, change=change, colour="red") for run in runs if run.text)


def _both(old: _Row, new: _Row) -> _Row:
    """A row of the new table, with what became of its cells."""
    slots = []
    for before, after in zip(old.slots, new.slots, strict=True):
        if before.cell is None and after.cell is None:
            slots.append(after)
        else:
            slots.append(replace(after, cell=_cell(before.cell or TableCell(), after.cell or TableCell())))
    return replace(new, slots=tuple(slots))


def _cell(old: TableCell, new: TableCell) -> TableCell:
    found: list[tuple[Run, ...]] = []
    for before, after in zip_longest(old.paragraphs, new.paragraphs, fillvalue=()):
        found.append(changed(before, after) if before and after else _all(before, "removed") + _all(after, "added"))
    return replace(new, paragraphs=tuple(found))


def _merged(rows: Sequence[_Row]) -> tuple[TableRow, ...]:
    """Rows with the empty places given back to the cells above them, where these take the same columns."""
    reach: dict[tuple[int, int], int] = {}  # (row, column) of a cell → the rows it takes
    above: dict[int, tuple[int, int]] = {}  # column → row and columns of the cell that stands there or reaches there
    for number, one in enumerate(rows):
        standing: dict[int, tuple[int, int]] = {}
        for slot in one.slots:
            first, columns = above.get(slot.at, (-1, 0))
            if slot.cell is None and columns == slot.columns:
                reach[first, slot.at] += 1
                standing[slot.at] = first, columns
            else:
                reach[number, slot.at] = 1
                standing[slot.at] = number, slot.columns
        above = standing
    return tuple(
        replace(
            one.row,
            cells=tuple(
                replace(slot.cell or TableCell(), rows=reach[number, slot.at], columns=slot.columns)
                for slot in one.slots
                if (number, slot.at) in reach
            ),
        )
        for number, one in enumerate(rows)
    )
