"""The tables of a paper as cells for a workbook: the words between them go with the table they stand above, what is not a table
at all stays on paper.

A workbook has no edge, so a paper that would part its columns for want of room is composed with ``Wanted.unbroken`` first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from db.errors import Refusal
from desktop_app.notices import flat, tree
from desktop_app.notices.marks import clean
from desktop_app.rectification.printed import Cell, Part, Side, Table, Words

SUFFIX = ".xlsx"
_SIDES: dict[tree.Align, Side] = {"left": "left", "justify": "left", "centre": "centre", "right": "right"}


def wanted_so(path: Path, said: str = "") -> bool:
    """Whether a workbook is asked for: by name, or by the file's suffix."""
    return (said or path.suffix).lower().removeprefix(".") == SUFFIX.removeprefix(".")


def has_tables(documents: Sequence[tree.Document]) -> bool:
    """Whether a paper has tables that a workbook could hold; forms that are only ruled like one do not count."""
    return any(_counts(block) for one in documents for block in tree.every_block(one))


def spread(documents: Sequence[tree.Document]) -> tuple[Table, ...]:
    """The tables of a paper in their order. ``Refusal`` when it has none."""
    found = tuple(table for one in documents for table in _of(one))
    if not found:
        raise Refusal(
            "这份文书里没有表格，不能存成 Excel。", "请存成 PDF 或 Word；台账、清单、登记表可以存成 Excel。", "print"
        )
    return found


def _counts(block: tree.Block) -> bool:
    return isinstance(block, tree.Table) and not block.headless


def _of(document: tree.Document) -> Iterator[Table]:
    """A table ends the words above it; words behind the last one stand below it."""
    above: list[str] = []
    last: Table | None = None
    for one in flat.flat(document):
        block = one.block
        if not isinstance(block, tree.Table) or block.headless:
            above += [line.strip() for line in _said(block)]
            continue
        if last is not None:
            yield last
        last = _table(document.title, block, above, upright=one.layout == "upright")
        above = []
    if last is not None:
        yield replace(last, below=(*last.below, *above))


def _said(block: tree.Block) -> Iterator[str]:
    """The words of anything else; the title of the paper is known already."""
    if not (isinstance(block, tree.Paragraph) and block.role == "title"):
        for paragraph in flat.spoken(block):
            yield "".join(run.text for run in paragraph.runs)


def _table(title: str, block: tree.Table, above: Sequence[str], *, upright: bool) -> Table:
    head = tree.head_rows(block)
    lines = [*above, *(clean(one) for one in (block.title, f"单位：{block.unit}" if block.unit else "") if one)]
    cells = tuple(_cells(block, head))
    return Table(
        clean(block.title) or clean(title),
        clean(title),
        tuple(lines),
        cells,
        len(head),
        len(head) + len(block.rows),
        len(block.columns),
        tuple(map(clean, block.notes)),
        upright,
    )


def _cells(block: tree.Table, head: Sequence[tree.TableRow]) -> Iterator[Cell]:
    width = len(block.columns)
    for first, rows in ((0, head), (len(head), block.rows)):
        for at, (row, placed) in enumerate(zip(rows, tree.placed(rows, width), strict=True)):
            part: Part = "head" if first == 0 and head else row.kind
            for column, cell in placed:
                side: Side = "centre" if part == "head" else _SIDES[cell.align or block.columns[column].align]
                yield Cell(
                    first + at,
                    column,
                    _words(cell, "" if part == "head" else "\n"),
                    min(cell.rows, len(rows) - at),
                    min(cell.columns, width - column),
                    part,
                    side,
                )


def _words(cell: tree.TableCell, between: str) -> tuple[Words, ...]:
    """The words of a cell, lines parted by ``between``: the title of a column is broken for the paper's width alone."""
    found: list[Words] = []
    for runs in cell.paragraphs:
        if found and between:
            found[-1] = replace(found[-1], text=found[-1].text + between)
        marked = flat.told(runs) if any(run.change for run in runs) else runs
        found += [Words(clean(run.text), "" if run.colour == "black" else run.colour) for run in marked if run.text]
    return tuple(found)
