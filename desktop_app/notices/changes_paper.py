"""What became of a ledger between two moments, as a paper: each sort of record with what came, changed and went."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.notices.tree import Block, Column, Document, Paragraph, Run, Table, TableCell, TableRow
from desktop_app.rectification.looking_back import DEEDS, EMPTY, Difference

MOST = 5_000
"""Records that are printed; how many more there are is told in a sentence."""
_COLUMNS = (
    Column("记录", 2.4),
    Column("怎么了", 0.9, "centre"),
    Column("栏目", 1.3),
    Column("原来", 2.6),
    Column("改成", 2.6),
)


def compared(found: Sequence[Difference], between: str, office: str) -> Document:
    """The paper; ``between`` says in a few words which moments are compared."""
    counts = {words: sum(DEEDS[one.what] == words for one in found) for words in DEEDS.values()}
    summed = "，".join(f"{words}{count}条" for words, count in counts.items() if count)
    blocks: list[Block] = [Paragraph((Run(f"{between}，{summed or '台账没有差别'}。"),))]
    rows: list[TableRow] = []
    title = ""
    for one in found[:MOST]:
        if one.title != title:
            title = one.title
            rows.append(TableRow((TableCell(((Run(title, "hei"),),), columns=len(_COLUMNS)),), "group"))
        rows += _rows(one)
    if rows:
        blocks.append(Table(_COLUMNS, tuple(rows), title="变动的记录"))
    if len(found) > MOST:
        blocks.append(Paragraph((Run(f"另有{len(found) - MOST}条没有印出。"),)))
    return Document("台账变动表", tuple(blocks), form="sheet", author=office, subject="内部")


def _rows(one: Difference) -> list[TableRow]:
    """A row for each field that changed; one row for a record that came or went."""
    if one.what == "changed":
        told = [(cell.label, cell.before or EMPTY, cell.after or EMPTY) for cell in one.cells]
    else:
        words = "；".join(f"{cell.label}：{cell.after or cell.before}" for cell in one.cells)
        told = [("", words, "") if one.what == "deleted" else ("", "", words)]
    heads = [(one.line, DEEDS[one.what])] + [("", "")] * (len(told) - 1)
    return [
        TableRow(tuple(TableCell(((Run(words),),)) for words in (*head, *cells)))
        for head, cells in zip(heads, told, strict=True)
    ]
