"""Papers of a merge: what it would change, line by line, before it is done; and its receipt, of one file or of several at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from db import clock
from db.exchange.contents import Party
from db.exchange.receipt import FileFate, Receipt
from db.schema.days import written
from desktop_app.notices import receipt_paper
from desktop_app.notices.tree import Block, Column, Document, Paragraph, Run, Signature, Table, TableCell, TableRow

MOST_ROWS = 5_000
"""Lines that are printed; the rest is told in a sentence."""


@dataclass(frozen=True)
class Row:
    """A line of a preview: a heading of its group, or what, before, after, and who wrote it."""

    words: str
    before: str = ""
    after: str = ""
    who: str = ""
    heading: bool = False


_COLUMNS = (Column("记录和项目", 2.6), Column("原来", 2.0), Column("并入以后", 2.4), Column("谁写的", 1.4))


def previewed(files: Sequence[str], rows: Sequence[Row], office: str) -> Document:
    """What merging these files (a sentence each) would change."""
    blocks: list[Block] = [Paragraph((Run(one),)) for one in files]
    shown = tuple(_row(one) for one in rows[:MOST_ROWS])
    if shown:
        blocks.append(Table(_COLUMNS, shown, title="并入以后的变化"))
    else:
        blocks.append(Paragraph((Run("这些文件里的内容本台账都有了，并入不会有变化。"),)))
    if len(rows) > MOST_ROWS:
        blocks.append(Paragraph((Run(f"另有 {len(rows) - MOST_ROWS} 行没有印出。"),)))
    return Document("交换文件并入预览", tuple(blocks), form="sheet", author=office, subject="内部")


def _row(one: Row) -> TableRow:
    if one.heading:
        words = f"{one.words}\u3000{one.after}" if one.after else one.words
        return TableRow((TableCell(((Run(words, "hei"),),), columns=len(_COLUMNS)),), "group")
    return TableRow(tuple(TableCell(((Run(text),),)) for text in (one.words, one.before, one.after, one.who)))


def receipt(
    one: Receipt, units: Mapping[str, str], title: Callable[[str], str], digests: Mapping[str, str]
) -> Document:
    """The receipt of a merge. ``units`` are the names of units by id, ``title`` gives that of a schema, ``digests`` the
    SHA-256 of the files by name."""
    counts = tuple(
        receipt_paper.Count(
            units.get(count.unit, "") if count.unit else "各单位共用",
            title(count.record),
            count.taken,
            count.passed,
            0,
            count.conflicts,
        )
        for count in one.counts
    )
    single = one.files[0] if len(one.files) == 1 else None
    moment = clock.moment(one.made).astimezone()
    packed = clock.moment(single.made).astimezone() if single is not None and clock.readable(single.made) else None
    senders = dict.fromkeys(_named(file.sender) for file in one.files if _named(file.sender))
    told = receipt_paper.Receipt(
        file="\n".join(_file(file, "" if single is not None else digests.get(file.name, "")) for file in one.files),
        number=one.id,
        sender="、".join(senders),
        receiver=one.receiver.name,
        packed=packed,
        received=moment,
        by=one.actor,
        digest=digests.get(single.name, "") if single is not None else "",
        compared=compared(one.files),
        counts=counts,
        refusals=tuple(f"{file.name}：{file.sentence}" for file in one.refused),
    )
    organ = one.receiver.name
    return receipt_paper.receipt(told, Signature(organ, written(moment.date()), "room") if organ else None)


def _named(party: Party) -> str:
    return party.name


def _file(file: FileFate, digest: str) -> str:
    number = f"（{file.number} 号包）" if file.number else "（整份台账）" if file.kind == "ledger" else ""
    return f"{file.name}{number}" + (f"，校验和 {digest[:16]}…" if digest else "")


def compared(files: Sequence[FileFate]) -> str:
    """What comparing with the senders' own word gave, in a sentence."""
    taken = [one for one in files if not one.sentence]
    if not taken:
        return "文件没有并入，没有比对。"
    differing = [one.name for one in taken if one.agrees == "no"]
    if differing:
        return f"与发送方的内容不一致：{'、'.join(differing)}。请与对方核对。"
    if all(one.agrees == "yes" for one in taken):
        return "与发送方的内容一致。"
    return "发送方只给了一部分内容，收到的部分没有差错。"
