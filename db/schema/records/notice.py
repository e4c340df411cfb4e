"""A progress notice: the texts of its own around the problems. What left the house is kept beside it (``paper``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.schema.composite import Paper, Sheet
from db.schema.kinds import Choice, Day, Text, Whole, YesNo
from db.schema.links import Ref
from db.schema.prose import Prose
from db.schema.record import Record, record
from db.schema.records import words


@record("notice", "通报", shown="{title}", order=("issued", "title"))
@dataclass(frozen=True, kw_only=True)
class Notice(Record):
    """One notice of a unit about one round. The problems are the unit's; the words around them are the notice's own."""

    inspection: Annotated[str | None, Ref("巡察轮次", to="inspection")] = None
    unit: Annotated[str | None, Ref("单位", to="unit", listed=True)] = None
    title: Annotated[str | None, Text("标题", listed=True)] = None
    document_number: Annotated[str | None, Text("发文字号")] = None
    addressees: Annotated[str | None, Text("主送机关")] = None
    opening: Annotated[str | None, Prose("导语")] = None
    introduction: Annotated[str | None, Prose("下一步计划前的文字")] = None
    closing: Annotated[str | None, Prose("结束语", help="如 特此通报。")] = None
    contact: Annotated[
        str | None, Prose("监督联系", help="花括号里的 {电话}{地址}{邮编}{邮箱}{受理时间}{联系人}{传真} 印本单位的内容")
    ] = None
    head: Annotated[str | None, Prose("版头", section="印文")] = None
    notes: Annotated[str | None, Prose("附注", section="印文")] = None
    tail: Annotated[str | None, Text("文末次序", section="印文")] = None
    title_guessed: Annotated[bool | None, YesNo("标题系推定", section="印文", help="原文没有标题，由程序拟定")] = None
    attachments: Annotated[str | None, Prose("附件说明")] = None
    signature: Annotated[str | None, Text("署名")] = None
    issued: Annotated[date | None, Day("成文日期", listed=True)] = None
    date_wording: Annotated[
        str | None, Text("成文日期原样", section="印文", help="原文的写法与标准不同时才填，如 二〇二一年十一月三日")
    ] = None
    state: Annotated[str | None, Choice("状态", of=words.NOTICE_STATES, listed=True)] = None
    source: Annotated[str | None, Text("原文来源")] = None
    source_print: Annotated[
        str | None, Text("原文指纹", section="印文", help="原文文字的校验和：同一份原文再读一遍时凭它认出")
    ] = None
    readings: Annotated[int | None, Whole("读入次数", section="印文", least=1)] = None
    source_paper: Annotated[Sheet | None, Paper("原文")] = None
    corrects: Annotated[str | None, Ref("更正的印发件", to="issued_paper", help="这份通报更正的是哪一份")] = None


@record("chapter", "章节", shown="{title}", order=("position", "number"))
@dataclass(frozen=True, kw_only=True)
class Chapter(Record):
    """A chapter of a notice (一、二、三、); its role says what is printed under its own words."""

    notice: Annotated[str | None, Ref("通报", to="notice", owner=True)] = None
    number: Annotated[int | None, Whole("序号", least=1)] = None
    role: Annotated[str | None, Choice("作用", of=words.CHAPTER_ROLES, listed=True)] = None
    title: Annotated[str | None, Text("标题", listed=True)] = None
    body: Annotated[str | None, Prose("正文")] = None
    mark: Annotated[
        str | None, Text("编号写法", section="印文", help="如 一是、（1）、①；移动后按此样式重编；写“无”就不编号")
    ] = None
    stop: Annotated[str | None, Text("标题后的标点", section="印文")] = None
    runs_on: Annotated[bool | None, YesNo("标题后接排", section="印文")] = None
    position: Annotated[int | None, Whole("印刷次序", section="印文")] = None


@record("next_step", "下一步计划", shown="{lead}", order=("position", "number"))
@dataclass(frozen=True, kw_only=True)
class NextStep(Record):
    """One item of the closing chapter (下一步全面推进整改计划)."""

    notice: Annotated[str | None, Ref("通报", to="notice", owner=True)] = None
    number: Annotated[int | None, Whole("序号", least=1)] = None
    lead: Annotated[str | None, Text("小标题", listed=True, longest=2000)] = None
    body: Annotated[str | None, Prose("正文")] = None
    mark: Annotated[
        str | None, Text("编号写法", section="印文", help="如 一是、（1）、①；移动后按此样式重编；写“无”就不编号")
    ] = None
    own_paragraph: Annotated[bool | None, YesNo("另起一段", section="印文")] = None
    body_apart: Annotated[bool | None, YesNo("正文另起一段", section="印文")] = None
    position: Annotated[int | None, Whole("印刷次序", section="印文")] = None


@record("unread_text", "待核对文字", shown="{text}", order=("start",))
@dataclass(frozen=True, kw_only=True)
class UnreadText(Record):
    """Words of an old paper that found no field, or that a clerk should look at; kept until marked as settled."""

    notice: Annotated[str | None, Ref("通报", to="notice", owner=True)] = None
    text: Annotated[str | None, Prose("文字", listed=True)] = None
    reason: Annotated[str | None, Text("原因", listed=True)] = None
    code: Annotated[str | None, Text("代号")] = None
    suggestion: Annotated[str | None, Text("建议改为", listed=True)] = None
    start: Annotated[int | None, Whole("起点", least=0, help="在原文中的第几个字")] = None
    settled: Annotated[bool | None, YesNo("已处理")] = None
