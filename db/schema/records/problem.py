"""A problem, what was done about it, and what is still being done: the heart of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.schema.composite import Deadline, Due
from db.schema.kinds import Choice, Day, Text, Whole, YesNo
from db.schema.links import Ref, Refs, Texts
from db.schema.prose import Prose
from db.schema.record import Record, record
from db.schema.records import words


@record("problem", "问题", shown="{number}. {title}", order=("position", "number"))
@dataclass(frozen=True, kw_only=True)
class Problem(Record):
    """One finding of the inspection, the unit of rectification and of closing, with all ledger columns of process.md 2.4."""

    inspection: Annotated[str | None, Ref("巡察轮次", to="inspection")] = None
    unit: Annotated[str | None, Ref("单位", to="unit", listed=True)] = None
    aspect: Annotated[str | None, Ref("反馈方面", to="aspect")] = None
    group: Annotated[str | None, Ref("反馈大类", to="group")] = None
    number: Annotated[int | None, Whole("序号", least=1, listed=True)] = None
    title: Annotated[str | None, Text("问题", required=True, listed=True, help="引号里的文字，如 查办案件尚有不足")] = (
        None
    )
    category: Annotated[str | None, Ref("问题类别", to="category", listed=True)] = None
    symptoms: Annotated[str | None, Prose("具体表现")] = None
    cause: Annotated[str | None, Prose("原因分析")] = None
    goal: Annotated[str | None, Prose("整改目标")] = None
    plan: Annotated[str | None, Prose("整改计划")] = None
    mode: Annotated[str | None, Choice("整改类型", of=words.MODES)] = None
    level: Annotated[str | None, Choice("难度级", of=words.LEVELS)] = None
    tags: Annotated[
        tuple[str, ...] | None, Texts("标签", longest=30, help="自己用的分类词，如 重点督办；不印在通报里")
    ] = None

    lead_official: Annotated[str | None, Text("责任领导", personal=True, section="责任与时限")] = None
    lead_department: Annotated[str | None, Text("牵头部门", section="责任与时限")] = None
    supporting_departments: Annotated[tuple[str, ...] | None, Texts("配合部门", section="责任与时限")] = None
    responsible: Annotated[str | None, Text("责任人", personal=True, section="责任与时限")] = None
    handler: Annotated[str | None, Text("经办人", personal=True, section="责任与时限")] = None
    due: Annotated[Deadline | None, Due("整改时限", section="责任与时限", listed=True)] = None
    progress: Annotated[str | None, Choice("进展状态", of=words.PROGRESS, section="责任与时限", listed=True)] = None
    closing: Annotated[str | None, Choice("销号状态", of=words.CLOSING, section="责任与时限", listed=True)] = None
    reported: Annotated[date | None, Day("报送时间", section="责任与时限")] = None
    completed: Annotated[date | None, Day("完成日期", section="责任与时限")] = None

    status: Annotated[str | None, Prose("进展情况", section="成效")] = None
    generalised: Annotated[str | None, Prose("举一反三情况", section="成效")] = None
    effect: Annotated[str | None, Prose("成效", section="成效")] = None

    publicity: Annotated[str | None, Choice("公开级别", of=words.PUBLICITY, section="公开")] = None
    unpublished_reason: Annotated[str | None, Choice("不公开理由", of=words.UNPUBLISHED_REASONS, section="公开")] = None

    mark: Annotated[
        str | None, Text("编号写法", section="印文", help="如 一是、（1）、①；移动后按此样式重编；写“无”就不编号")
    ] = None
    heading: Annotated[
        str | None,
        Text("标题句式", section="印文", longest=2000, help="如 关于“{title}”问题的整改。 其中 {title} 印问题名称"),
    ] = None
    runs_on: Annotated[bool | None, YesNo("标题后接排", section="印文")] = None
    statement: Annotated[str | None, Prose("标题下的文字", section="印文")] = None
    measures_label: Annotated[str | None, Text("措施引语", section="印文", help="如 整改措施及阶段性成效：")] = None
    label_runs_on: Annotated[bool | None, YesNo("措施引语接排", section="印文")] = None
    measures_intro: Annotated[str | None, Prose("措施前的文字", section="印文")] = None
    intro_apart: Annotated[bool | None, YesNo("措施前的文字另起一段", section="印文")] = None
    ongoing_label: Annotated[str | None, Text("深化引语", section="印文", help="如 正在深化整改的内容及时限：")] = None
    remarks: Annotated[str | None, Prose("附带文字", section="印文")] = None
    chapter: Annotated[str | None, Ref("印在哪一章", to="chapter", section="印文")] = None
    position: Annotated[int | None, Whole("印刷次序", section="印文")] = None
    truncated: Annotated[bool | None, YesNo("原文残缺", section="印文")] = None


@record("problem_view", "常用视图", shown="{title}", order=("title",))
@dataclass(frozen=True, kw_only=True)
class ProblemView(Record):
    """A way of looking at the list of problems that an office has given a name: what is shown, how it is grouped and in which
    order. Every filter is a field of its own, so that two branches who mend the same view meet in words, not in code."""

    title: Annotated[str | None, Text("名称", required=True, listed=True, longest=40)] = None
    states: Annotated[tuple[str, ...] | None, Texts("状态")] = None
    categories: Annotated[tuple[str, ...] | None, Refs("问题类别", to="category")] = None
    aspects: Annotated[tuple[str, ...] | None, Texts("反馈方面")] = None
    units: Annotated[tuple[str, ...] | None, Refs("单位", to="unit")] = None
    due: Annotated[str | None, Choice("时限", of=words.DUE_WITHIN)] = None
    responsible: Annotated[str | None, Text("责任人")] = None
    tags: Annotated[tuple[str, ...] | None, Texts("标签")] = None
    words: Annotated[str | None, Text("文字")] = None
    grouping: Annotated[str | None, Choice("分组", of=words.GROUPINGS)] = None
    sorting: Annotated[str | None, Choice("排序", of=words.SORTINGS)] = None
    descending: Annotated[bool | None, YesNo("倒序")] = None


@record("measure", "整改措施", shown="{lead}", order=("position", "number"))
@dataclass(frozen=True, kw_only=True)
class Measure(Record):
    """A measure and its result so far; measures nest (the seed goes four deep). Lead and body together are the words printed."""

    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    parent: Annotated[str | None, Ref("上级措施", to="measure")] = None
    number: Annotated[int | None, Whole("序号", least=1)] = None
    lead: Annotated[str | None, Text("小标题", listed=True, longest=2000, help="如 完善监督机制。")] = None
    body: Annotated[str | None, Prose("正文")] = None
    mark: Annotated[
        str | None, Text("编号写法", section="印文", help="如 一是、（1）、①；移动后按此样式重编；写“无”就不编号")
    ] = None
    own_paragraph: Annotated[bool | None, YesNo("另起一段", section="印文")] = None
    body_apart: Annotated[bool | None, YesNo("正文另起一段", section="印文")] = None
    position: Annotated[int | None, Whole("印刷次序", section="印文")] = None
    progress: Annotated[str | None, Choice("进展状态", of=words.PROGRESS, listed=True)] = None
    due: Annotated[Deadline | None, Due("完成时限")] = None
    completed: Annotated[date | None, Day("完成日期")] = None
    responsible: Annotated[str | None, Text("责任人", personal=True)] = None
    effect: Annotated[str | None, Prose("成效")] = None
    publicity: Annotated[str | None, Choice("公开级别", of=words.PUBLICITY)] = None
    unpublished_reason: Annotated[str | None, Choice("不公开理由", of=words.UNPUBLISHED_REASONS)] = None


@record("ongoing_item", "深化事项", shown="{content}", order=("number",))
@dataclass(frozen=True, kw_only=True)
class OngoingItem(Record):
    """What is still being worked on, and until when."""

    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    number: Annotated[int | None, Whole("序号", least=1)] = None
    content: Annotated[str | None, Prose("内容", required=True, listed=True)] = None
    due: Annotated[Deadline | None, Due("时限", listed=True)] = None
    start: Annotated[date | None, Day("起始日期")] = None
    progress: Annotated[str | None, Choice("进展状态", of=words.PROGRESS, listed=True)] = None
    completed: Annotated[date | None, Day("完成日期")] = None
    publicity: Annotated[str | None, Choice("公开级别", of=words.PUBLICITY)] = None
    runs_on: Annotated[bool | None, YesNo("引语接排", section="印文")] = None
    apart: Annotated[bool | None, YesNo("内容另起一段", section="印文")] = None


@record("progress_entry", "进展记录", shown="{day} {text}", order=("day",))
@dataclass(frozen=True, kw_only=True)
class ProgressEntry(Record):
    """What was reported of a problem on a day: the ledger's running account."""

    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    measure: Annotated[str | None, Ref("措施", to="measure")] = None
    day: Annotated[date | None, Day("日期", required=True, listed=True)] = None
    text: Annotated[str | None, Prose("进展情况", required=True, listed=True)] = None
    progress: Annotated[str | None, Choice("进展状态", of=words.PROGRESS, listed=True)] = None
    reporter: Annotated[str | None, Text("填报人", personal=True)] = None
