"""An inspection round with its dates, and the headings of its feedback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from db.schema.kinds import Choice, Day, Text, Whole, YesNo
from db.schema.links import Ref
from db.schema.prose import Prose
from db.schema.record import Record, record
from db.schema.records import words


@record("inspection", "巡察轮次", shown="{title}", order=("feedback_date", "title"))
@dataclass(frozen=True, kw_only=True)
class Inspection(Record):
    """One round of inspection. Every date is the office's own: no interval between them is fixed (process.md 2.1), and so are the
    days before a deadline from which reminders are sent (2.2: 20 green, 10 yellow)."""

    title: Annotated[str | None, Text("名称", required=True, listed=True, help="如 2021年市委第三轮巡察")] = None
    kind: Annotated[str | None, Choice("类别", of=words.INSPECTION_KINDS)] = None
    term_round: Annotated[str | None, Text("届次轮次", help="如 十三届市委第九轮")] = None
    team: Annotated[str | None, Text("巡察组")] = None
    start: Annotated[date | None, Day("进驻日期", section="日期")] = None
    end: Annotated[date | None, Day("撤离日期", section="日期")] = None
    feedback_date: Annotated[date | None, Day("反馈日期", section="日期", listed=True)] = None
    plan_due: Annotated[date | None, Day("方案时限", section="日期")] = None
    period_end: Annotated[date | None, Day("集中整改止期", section="日期")] = None
    report_due: Annotated[date | None, Day("报告时限", section="日期")] = None
    publish_date: Annotated[date | None, Day("公开日期", section="日期")] = None
    aspects: Annotated[int | None, Whole("反馈方面数", least=0, section="数量")] = None
    groups: Annotated[int | None, Whole("反馈大类数", least=0, section="数量")] = None
    problems: Annotated[int | None, Whole("反馈问题数", least=0, section="数量")] = None
    advice: Annotated[int | None, Whole("反馈意见建议数", least=0, section="数量")] = None
    green_days: Annotated[
        int | None, Whole("绿色预警提前天数", unit="天", least=0, section="预警", help="不填按 20 天：提示经办人")
    ] = None
    yellow_days: Annotated[
        int | None,
        Whole("黄色预警提前天数", unit="天", least=0, section="预警", help="不填按 10 天：提示经办人和责任领导"),
    ] = None


@record("aspect", "反馈方面", shown="{title}", order=("position", "number"))
@dataclass(frozen=True, kw_only=True)
class Aspect(Record):
    """A heading of the feedback above the problems of one unit."""

    inspection: Annotated[str | None, Ref("巡察轮次", to="inspection")] = None
    unit: Annotated[str | None, Ref("单位", to="unit", owner=True)] = None
    number: Annotated[int | None, Whole("序号", least=1)] = None
    title: Annotated[str | None, Text("标题", required=True, listed=True)] = None
    body: Annotated[str | None, Prose("标题下的文字")] = None
    mark: Annotated[
        str | None, Text("编号写法", section="印文", help="如 一是、（1）、①；移动后按此样式重编；写“无”就不编号")
    ] = None
    stop: Annotated[str | None, Text("标题后的标点", section="印文")] = None
    runs_on: Annotated[bool | None, YesNo("标题后接排", section="印文")] = None
    chapter: Annotated[str | None, Ref("印在哪一章", to="chapter", section="印文")] = None
    position: Annotated[int | None, Whole("印刷次序", section="印文")] = None


@record("group", "反馈大类", shown="{title}", order=("position", "number"))
@dataclass(frozen=True, kw_only=True)
class Group(Record):
    """A heading between an aspect and its problems."""

    aspect: Annotated[str | None, Ref("反馈方面", to="aspect", owner=True)] = None
    number: Annotated[int | None, Whole("序号", least=1)] = None
    title: Annotated[str | None, Text("标题", required=True, listed=True)] = None
    body: Annotated[str | None, Prose("标题下的文字")] = None
    mark: Annotated[
        str | None, Text("编号写法", section="印文", help="如 一是、（1）、①；移动后按此样式重编；写“无”就不编号")
    ] = None
    stop: Annotated[str | None, Text("标题后的标点", section="印文")] = None
    runs_on: Annotated[bool | None, YesNo("标题后接排", section="印文")] = None
    chapter: Annotated[str | None, Ref("印在哪一章", to="chapter", section="印文")] = None
    position: Annotated[int | None, Whole("印刷次序", section="印文")] = None
