"""Papers of the exchange of ledger files: the receipt of what was taken in, and the custody sheet of the medium it came on.

The receipt is made from plain values, whoever reckons them; without counts it is a blank to be filled in by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.ledger.facts import Facts
from db.schema import kinds
from db.schema.days import written
from db.schema.records import Unit
from desktop_app.notices import slips
from desktop_app.notices.slips import pair, wide
from desktop_app.notices.tree import Block, Column, Document, Paragraph, Run, Signature, Table, TableCell, TableRow
from desktop_app.notices.wanted import Kind, Wanted

BLANK_ROWS = 6
_MOMENT = "\u3000\u3000年\u3000月\u3000日\u3000时\u3000分"


@dataclass(frozen=True)
class Count:
    """What became of the changes of one register of one unit: taken in, passed over because they were there, refused, and how
    many fields are in conflict since."""

    unit: str
    register: str
    taken: int = 0
    passed: int = 0
    refused: int = 0
    conflicts: int = 0


@dataclass(frozen=True)
class Receipt:
    """A receipt of one exchange file. ``digest`` is the SHA-256 of the file in hex, ``compared`` what comparing it with the
    sender's own word gave (a sentence), ``refusals`` the reasons of what was refused; empty parts are left to be written."""

    file: str = ""
    number: str = ""
    sender: str = ""
    receiver: str = ""
    packed: datetime | None = None
    received: datetime | None = None
    by: str = ""
    digest: str = ""
    compared: str = ""
    counts: tuple[Count, ...] = ()
    refusals: tuple[str, ...] = ()


_COUNTED = (
    Column("单位", 2.2),
    Column("登记表", 2.4),
    Column("接收", 1.0, "right"),
    Column("已有略过", 1.1, "right"),
    Column("拒收", 1.0, "right"),
    Column("冲突", 1.0, "right"),
)


def receipt(one: Receipt, signature: Signature | None = None) -> Document:
    """The receipt as a paper."""
    form = slips.form([
        pair("回执编号", one.number, "接收人", one.by, least=1.3),
        pair("发送单位", one.sender, "接收单位", one.receiver, least=1.3),
        pair("打包时间", _moment(one.packed), "接收时间", _moment(one.received), least=1.3),
        wide("交换文件", one.file, least=1.3),
        wide("文件校验和", _grouped(one.digest), least=1.3),
        wide("比对结果", one.compared or "□与发送方的校验和一致\u3000□不一致", least=1.3),
    ])  # fmt: skip
    blocks: list[Block] = [form, _table(one.counts)]
    if one.refusals:
        blocks.append(Paragraph((Run("拒收原因：", "hei"),)))
        blocks += [Paragraph((Run(f"{at}. {reason}"),)) for at, reason in enumerate(one.refusals, start=1)]
    return Document(
        title="台账数据交换回执",
        blocks=tuple(blocks),
        signature=signature,
        form="sheet",
        author=one.receiver,
        subject="内部",
    )


def _moment(moment: datetime | None) -> str:
    return f"{written(moment.date())}{moment:%H:%M}" if moment is not None else _MOMENT


def _grouped(digest: str) -> str:
    """Hex digits in groups of eight, four groups a line, to be compared by eye."""
    groups = [digest[at : at + 8] for at in range(0, len(digest), 8)]
    return "\n".join(" ".join(groups[at : at + 4]) for at in range(0, len(groups), 4))


def _table(counts: Sequence[Count]) -> Table:
    rows = [_row([one.unit, one.register, *map(str, _numbers(one))]) for one in counts]
    total = [str(sum(column)) for column in zip(*map(_numbers, counts), strict=True)] if counts else [""] * 4
    rows = rows or [_row([""] * 6, least=1.3)] * BLANK_ROWS
    cells = (TableCell(((Run("合计"),),), columns=2, align="centre"), *(TableCell(((Run(n),),)) for n in total))
    return Table(_COUNTED, (*rows, TableRow(cells, "total")), title="接收情况", unit="条")


def _numbers(one: Count) -> tuple[int, int, int, int]:
    return one.taken, one.passed, one.refused, one.conflicts


def _row(texts: Sequence[str], *, least: float = 1.0) -> TableRow:
    return TableRow(tuple(TableCell(((Run(text),),)) for text in texts), least=least, kept=True)


def blank_receipt(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """A receipt to be filled in by hand, what is known already printed."""
    own = facts.get(Unit, wanted.unit or wanted.issuer)
    receiver = wanted.text("receiver") or (own.name or "" if own is not None else "")
    one = Receipt(
        file=wanted.text("file"),
        number=wanted.text("number"),
        sender=wanted.text("sender"),
        receiver=receiver,
        digest=wanted.text("digest"),
    )
    return [receipt(one, Signature(receiver, written(wanted.day), "room") if receiver else None)]


# -- the medium -------------------------------------------------------------------------------------------------------

_HANDED = (
    Column("序号", 0.75, "centre"),
    Column("交出单位和人", 2.0),
    Column("接收单位和人", 2.0),
    Column("交接时间", 1.6),
    Column("用途", 1.6),
    Column("备注", 1.0),
)


def custody(facts: Facts, wanted: Wanted) -> Sequence[Document]:
    """The sheet that goes with a medium: what is on it, and a line for each time it changes hands."""
    own = facts.get(Unit, wanted.unit or wanted.issuer)
    name = own.name or "" if own is not None else ""
    form = slips.form([
        pair("介质编号", wanted.text("medium"), "密级", wanted.text("secrecy"), least=1.3),
        pair("责任单位", name, "责任人", wanted.text("keeper"), least=1.3),
        wide("存储内容", wanted.text("content"), least=1.3),
        wide("文件校验和", _grouped(wanted.text("digest")), least=1.3),
    ])  # fmt: skip
    count = wanted.options.get("rows", 8)
    rows = tuple(_row([str(at), "", "", "", "", ""], least=1.9) for at in range(1, count + 1))
    notes = ("注：介质离手一次登记一行，交出人和接收人当面签名；用完及时收回，报废按规定销毁。",)
    return [
        Document(
            title="存储介质流转登记单",
            blocks=(form, Table(_HANDED, rows, title="交接记录", notes=notes)),
            form="sheet",
            author=name,
            subject="内部",
        )
    ]


_DIGEST: dict[str, kinds.Kind[Any]] = {
    "digest": kinds.Text("文件校验和", pattern="[0-9a-fA-F]{64}", pattern_help="校验和是 64 位十六进制数字")
}

KINDS = (
    Kind(
        "receipt",
        "交换回执",
        "收到交换文件后给对方的回执，空着的地方手填。",
        blank_receipt,
        unit="may",
        readers="secret",
        options={
            "number": kinds.Text("回执编号"),
            "file": kinds.Text("交换文件"),
            "sender": kinds.Text("发送单位"),
            "receiver": kinds.Text("接收单位", help="不填用本单位"),
            **_DIGEST,
        },
    ),
    Kind(
        "custody",
        "介质流转单",
        "跟着 U 盘、光盘走的登记单：编号、密级、内容，每次交接登记一行。",
        custody,
        unit="may",
        readers="secret",
        options={
            "medium": kinds.Text("介质编号"),
            "secrecy": kinds.Text("密级", help="如 内部、秘密★1年"),
            "content": kinds.Text("存储内容"),
            "keeper": kinds.Text("责任人"),
            "rows": kinds.Whole("空行数", least=1, most=200, default="8"),
            **_DIGEST,
        },
    ),
)
