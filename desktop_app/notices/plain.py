"""Writes a notice as text: one paragraph a line, in the order of the paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from db.values import replace
from desktop_app.notices import tree
from desktop_app.notices.marks import clean

INDENT = "\u3000\u3000"
DASHES = "- - - - - -"
"""Stands for the line along which a slip is torn off."""


def text(document: tree.Document, indent: bool = False) -> str:
    """The words of the paper, each paragraph on a line of its own, a line end after the last.

    ``indent`` puts two full-width blanks before the paragraphs that have a first indent on paper.
    """
    return "".join(f"{line}\n" for line in _lines(document, INDENT if indent else ""))


def _lines(document: tree.Document, indent: str) -> Iterator[str]:
    if document.head:
        yield from map(clean, _head(document.head, document.form == "letter"))
    for part in (document.title, document.addressees):
        if part:
            yield clean(part)
    yield from _blocks(document.blocks, indent)
    if document.signature:
        signed = document.signature
        by = (signed.post if signed.seal == "signed" else signed.organ, *signed.others)
        yield from (clean(part) for part in (*by, signed.date) if part)
    if document.note:
        yield f"{indent}（{clean(document.note)}）"
    yield from _blocks(document.after, indent)
    for annex in document.annexes:
        yield f"附件{annex.number or ''}"
        yield clean(annex.title)
        yield from _blocks(annex.blocks, indent)
    if document.imprint:
        yield from _imprint(document.imprint)
    if document.code:
        yield from map(clean, document.code.words)


def _head(head: tree.Head, letter: bool) -> Iterator[str]:
    """版头 in the order of the paper: 签发人 two a line, the number before the last of them (7.2.5). A letter has its organ's
    name first, of a joint one the first organ's alone (10.1)."""
    if letter:
        yield from (part for part in (head.mark or "".join(head.organs[:1]),) if part)
        head = replace(head, mark="", organs=())
    yield from (part for part in (head.serial, head.secrecy, head.urgency, *head.organs, head.mark) if part)
    names = tree.signers(head)
    lines = ["\u3000".join(names[k : k + 2]) for k in range(0, len(names), 2)]
    if lines:
        lines[0] = f"签发人：{lines[0]}"
    yield from lines[:-1]
    yield from (part for part in (head.document_number, *lines[-1:]) if part)


def _imprint(part: tree.Imprint) -> Iterator[str]:
    for label, words in (("主送", part.main), ("抄送", part.copies_to)):
        if words:
            yield f"{label}：{tree.copied(clean(words))}"
    yield f"{clean(part.office)}\u3000{clean(part.date)}印发"


def _blocks(blocks: Iterable[tree.Block], indent: str) -> Iterator[str]:
    for block in tree.leaves(blocks):
        yield from _block(block, indent)


def _words(runs: Iterable[tree.Run]) -> str:
    return clean("".join(run.text for run in runs))


def _block(block: tree.Block, indent: str) -> Iterator[str]:
    match block:
        case tree.Heading():
            yield indent + clean(block.text) + _words(block.runs_on)
        case tree.Paragraph():
            yield (indent if block.role in ("body", "listed") else "") + _words(block.runs)
        case tree.Attachments():
            several = len(block.titles) > 1
            for k, title in enumerate(block.titles):
                label = "附件：" if k == 0 else ""
                yield indent + label + (f"{k + 1}." if several else "") + clean(title)
        case tree.Table():
            yield from _table(block)
        case tree.Chart():
            yield from chart(block)
        case tree.Picture():
            yield clean(block.caption or f"（图：{block.description}）")
        case tree.Space():
            yield from [""] * block.rows
        case tree.Cut():
            yield f"{DASHES} {clean(block.words)} {DASHES}"
        case tree.Break():
            yield ""
        case tree.Section():
            yield from _blocks(block.blocks, indent)
        case _:
            assert_never(block)


def _table(table: tree.Table) -> Iterator[str]:
    """A table as lines of cells parted by tabs; a cell of several rows or columns leaves the others empty."""
    yield from (clean(part) for part in (table.title, f"单位：{table.unit}" if table.unit else "") if part)
    head = tree.head_rows(table)
    for group in (head, table.rows):
        yield from _rows(group, len(table.columns))
    yield from map(clean, table.notes)


def _rows(rows: Iterable[tree.TableRow], width: int) -> Iterator[str]:
    for row in tree.placed(rows, width):
        line = [""] * width
        for at, cell in row:
            line[at] = " ".join(_words(runs) for runs in cell.paragraphs)
        yield "\t".join(line).rstrip("\t")


def chart(part: tree.Chart) -> Iterator[str]:
    """A chart in words: its title, and a line for each series."""
    yield clean(part.title + (f"（{part.unit}）" if part.unit else ""))
    for series in part.series:
        values = (
            f"{name} {'—' if v is None else f'{v:g}'}" for name, v in zip(part.categories, series.values, strict=True)
        )
        yield clean(f"{series.name}：{'，'.join(values)}")
