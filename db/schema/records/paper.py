"""A paper that left the house: its number, its words and its file as they were, and where the ledger stood then.

It is a record of its own that names what was issued; nothing in it is reckoned again. A number that was given before this
program was used, or that nobody may use any more, is kept in the same record without words and file, so that every number
of a year is accounted for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.schema.body import Body, Json
from db.schema.composite import Paper, Sheet
from db.schema.kinds import Choice, Day, Text, Whole
from db.schema.links import Ref, Texts
from db.schema.record import Record, record
from db.schema.records import words


@record(
    "issued_paper",
    "印发件",
    shown="{document_number} {title}",
    order=("year", "agency", "number"),
    lasting="tree",
    freezes=("notice",),
)
@dataclass(frozen=True, kw_only=True)
class IssuedPaper(Record):
    """A paper under its number. ``tree`` and ``paper`` are absent where only the number is accounted for."""

    unit: Annotated[str | None, Ref("单位", to="unit", listed=True)] = None
    notice: Annotated[str | None, Ref("通报", to="notice")] = None
    kind: Annotated[str | None, Text("文种", listed=True)] = None
    title: Annotated[str | None, Text("标题", listed=True)] = None
    agency: Annotated[str | None, Text("机关代字", help="如 某公党")] = None
    year: Annotated[int | None, Whole("年份", least=1900, most=2999)] = None
    number: Annotated[int | None, Whole("顺序号", least=1)] = None
    first: Annotated[int | None, Whole("起始号", least=1, help="一次登记几个号时，最小的一个")] = None
    document_number: Annotated[str | None, Text("发文字号", listed=True)] = None
    day: Annotated[date | None, Day("成文日期", listed=True)] = None
    publicity: Annotated[str | None, Choice("公开级别", of=words.PUBLICITY, listed=True)] = None
    reason: Annotated[str | None, Text("编号说明", help="为什么不用下一个号，或是哪里发出的")] = None
    corrects: Annotated[str | None, Ref("更正的印发件", to="issued_paper")] = None
    void_reason: Annotated[str | None, Text("作废理由", listed=True)] = None
    voided: Annotated[date | None, Day("作废日期")] = None
    tree: Annotated[Sheet | None, Paper("印发时的内容")] = None
    paper: Annotated[Sheet | None, Paper("印发的文件")] = None
    digest: Annotated[str | None, Text("内容校验码")] = None
    head: Annotated[str | None, Text("台账校验码", help="印发时整个台账的校验和")] = None
    seen: Annotated[tuple[str, ...] | None, Texts("台账进度", help="印发时每个副本记到第几条")] = None
    stamp: Annotated[str | None, Text("印发码")] = None
    made_with: Annotated[str | None, Text("排印程序")] = None
    source: Annotated[Json | None, Body("印法", help="由“印发”写入：用什么从台账里印出来的")] = None
