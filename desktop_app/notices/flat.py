"""A paper as a row of blocks with runs, every printed string among them: what comparing works on.

Head, title, signature, imprint and the strings beside a table become paragraphs, so that each word can be marked. Blanks and
page breaks are left out, and so is the code: both differ in every paper and say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from desktop_app.notices import plain, tree
from desktop_app.notices.marks import clean
from desktop_app.notices.tree import Block, Heading, Paragraph, Role, Run, Size, Table, TableRow

Layout = Literal["upright", "landscape"]


@dataclass(frozen=True)
class Flat:
    """A block, and whether it stands on pages that are turned."""

    block: Block
    layout: Layout = "upright"


def flat(document: tree.Document) -> list[Flat]:
    """The blocks of a paper in the order ``plain`` reads them."""
    return [*map(Flat, _front(document)), *_blocks(document.blocks), *_behind(document)]


def _front(document: tree.Document) -> Iterator[Block]:
    if document.head is not None:
        yield from _said("centre", head=document.head, form=document.form)
    yield from _lines("title", document.title)
    yield from _lines("flush", document.addressees)


def _behind(document: tree.Document) -> Iterator[Flat]:
    if document.signature is not None:
        yield from map(Flat, _said("right", signature=document.signature))
    yield from map(Flat, _said("body", note=document.note))
    yield from _blocks(document.after)
    for annex in document.annexes:
        yield Flat(Paragraph((Run(f"附件{annex.number or ''}", "hei"),), "flush"))
        yield from map(Flat, _lines("title", annex.title))
        yield from _blocks(annex.blocks)
    if document.imprint is not None:
        yield from map(Flat, _said("flush", "4", imprint=document.imprint))


def _said(role: Role, size: Size = "3", **parts: Any) -> Iterator[Paragraph]:
    """What ``plain`` reads of one part of a paper, line by line."""
    origin = getattr(parts.get("signature"), "origin", "")
    yield from _lines(role, *plain.text(tree.Document("", **parts)).splitlines(), size=size, origin=origin)


def _lines(role: Role, *texts: str, size: Size = "3", origin: str = "") -> Iterator[Paragraph]:
    yield from (Paragraph((Run(clean(text), origin=origin),), role, size) for text in texts if clean(text).strip())


def _blocks(blocks: Iterable[Block], layout: Layout = "upright") -> Iterator[Flat]:
    for block in blocks:
        match block:
            case tree.Section():
                yield from _blocks(block.blocks, "landscape" if block.layout == "landscape" else "upright")
            case tree.Space() | tree.Break():
                continue
            case tree.Attachments() | tree.Chart() | tree.Picture() | tree.Cut():
                yield Flat(block, layout)
            case Heading():
                told = tuple(replace(run, text=clean(run.text)) for run in block.runs_on)
                yield Flat(replace(block, text=clean(block.text), runs_on=told), layout)
            case Paragraph():
                yield Flat(replace(block, runs=tuple(replace(run, text=clean(run.text)) for run in block.runs)), layout)
            case Table():
                yield Flat(block, layout)


def spoken(block: Block) -> tuple[Paragraph, ...]:
    """The words of a block that cannot be marked itself (a chart, a picture, 附件说明) as paragraphs."""
    lines = plain.text(tree.Document("", (block,))).splitlines()
    return tuple(Paragraph((Run(line),)) for line in lines if line.strip())


def above(table: Table) -> tuple[Paragraph, ...]:
    """Title and unit of a table as paragraphs."""
    return (*_lines("centre", table.title), *_lines("right", f"单位：{table.unit}" if table.unit else "", size="x4"))


def below(table: Table) -> tuple[Paragraph, ...]:
    """The notes of a table as paragraphs."""
    return tuple(_lines("body", *table.notes, size="x4"))


# -- reading marked blocks -------------------------------------------------------------------------------------------


def reading(blocks: Iterable[Block], leaving_out: tree.Change) -> str:
    """The words of marked blocks without those added, or without those removed: a line for each paragraph or row that has
    words left, no blanks (so that it can be compared)."""
    kept = tuple(_without(block, leaving_out) for block in blocks)
    lines = ("".join(line.split()) for line in plain.text(tree.Document("", kept)).splitlines())
    return "\n".join(line for line in lines if line)


def _without(block: Block, change: tree.Change) -> Block:
    def runs(found: Iterable[Run]) -> tuple[Run, ...]:
        return tuple(run for run in found if run.change != change)

    def rows(found: Iterable[TableRow]) -> tuple[TableRow, ...]:
        return tuple(
            replace(row, cells=tuple(replace(c, paragraphs=tuple(map(runs, c.paragraphs))) for c in row.cells))
            for row in found
        )

    match block:
        case Heading():
            own = "" if block.change == change else block.text
            return replace(block, text=own, runs_on=runs(block.runs_on))
        case Paragraph():
            return replace(block, runs=runs(block.runs))
        case Table():
            return replace(block, head=rows(tree.head_rows(block)), rows=rows(block.rows))
        case tree.Section():
            return replace(block, blocks=tuple(_without(inner, change) for inner in block.blocks))
        case _:
            return block


def tracked(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Marked blocks with the marks in words, 〔增：…〕 and 〔删：…〕, for text."""
    return tuple(_told(block) for block in blocks)


_SIGNS: dict[tree.Change, str] = {"added": "增", "removed": "删"}


def told(found: Iterable[Run]) -> tuple[Run, ...]:
    """Marked runs with the marks in words."""
    made: list[Run] = []
    last: tree.Change = ""
    for run in found:
        opening = f"〔{_SIGNS[run.change]}：" if run.change and run.change != last else ""
        if last and run.change != last:
            made[-1] = replace(made[-1], text=made[-1].text + "〕")
        made.append(replace(run, text=opening + run.text))
        last = run.change
    if last:
        made[-1] = replace(made[-1], text=made[-1].text + "〕")
    return tuple(made)


def _told(block: Block) -> Block:
    def rows(found: Iterable[TableRow]) -> tuple[TableRow, ...]:
        return tuple(
            replace(row, cells=tuple(replace(c, paragraphs=tuple(map(told, c.paragraphs))) for c in row.cells))
            for row in found
        )

    match block:
        case Heading():
            whole = told((Run(block.text, change=block.change), *block.runs_on))
            return Heading(block.level, "", whole)
        case Paragraph():
            return replace(block, runs=told(block.runs))
        case Table():
            return replace(block, head=rows(tree.head_rows(block)), rows=rows(block.rows))
        case tree.Section():
            return replace(block, blocks=tuple(map(_told, block.blocks)))
        case _:
            return block
