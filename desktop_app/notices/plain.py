"""Writes a notice as text: one paragraph a line, in the order of the paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from desktop_app.notices import tree
from desktop_app.notices.marks import clean

INDENT = "\u3000\u3000"


def text(document: tree.Document, indent: bool = False) -> str:
    """The words of the paper, each paragraph on a line of its own, a line end after the last.

    ``indent`` puts two full-width blanks before the paragraphs that have a first indent on paper.
    """
    return "".join(f"{line}\n" for line in _lines(document, INDENT if indent else ""))


def _lines(document: tree.Document, indent: str) -> Iterator[str]:
    if document.head:
        head = document.head
        signer = f"签发人：{head.signer}" if head.signer else ""
        parts = (head.serial, head.secrecy, head.urgency, head.mark, head.document_number, signer)
        yield from (clean(part) for part in parts if part)
    for part in (document.title, document.addressees):
        if part:
            yield clean(part)
    for block in document.blocks:
        yield from _block(block, indent)
    if document.signature:
        yield from (clean(part) for part in (document.signature.organ, document.signature.date) if part)
    if document.note:
        yield f"{indent}（{clean(document.note)}）"
    for block in document.after:
        yield from _block(block, indent)
    if document.imprint:
        if document.imprint.copies_to:
            yield f"抄送：{clean(document.imprint.copies_to)}"
        yield f"{clean(document.imprint.office)}\u3000{clean(document.imprint.date)}印发"


def _block(block: tree.Block, indent: str) -> Iterator[str]:
    match block:
        case tree.Heading():
            yield indent + clean(block.text + "".join(run.text for run in block.runs_on))
        case tree.Paragraph():
            own = indent if block.role == "body" else ""
            yield own + clean("".join(run.text for run in block.runs))
        case tree.Attachments():
            several = len(block.titles) > 1
            for k, title in enumerate(block.titles):
                label = "附件：" if k == 0 else ""
                yield indent + label + (f"{k + 1}." if several else "") + clean(title)
        case _:
            assert_never(block)
