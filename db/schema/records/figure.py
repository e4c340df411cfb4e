"""Figures of a notice, and what must hold between them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from db.schema.composite import Amount, Period, Quantity, Span
from db.schema.kinds import Choice, Number, Text
from db.schema.links import Ref, Refs, Texts
from db.schema.record import Record, record
from db.schema.records import words


@record("figure", "数据", shown="{name} {value}", order=("name",))
@dataclass(frozen=True, kw_only=True)
class Figure(Record):
    """A number in a notice with its unit, period and comparison; prose refers to it by its name in braces."""

    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    measure: Annotated[str | None, Ref("出处", to="measure")] = None
    name: Annotated[
        str | None, Text("名称", required=True, listed=True, pattern=r"[^{}]+", pattern_help="不能有花括号")
    ] = None
    value: Annotated[Amount | None, Quantity("数值", required=True, listed=True, help="如 31件、33000余路、51.5%")] = (
        None
    )
    period: Annotated[Span | None, Period("期间", listed=True, help="如 上半年（2021-01-01至2021-06-30）")] = None
    scope: Annotated[str | None, Text("范围")] = None
    nature: Annotated[str | None, Choice("性质", of=words.FIGURE_NATURES)] = None
    numerator: Annotated[Decimal | None, Number("分子")] = None
    denominator: Annotated[Decimal | None, Number("分母")] = None
    comparison: Annotated[str | None, Choice("比较", of=words.COMPARISONS)] = None
    base_value: Annotated[Decimal | None, Number("基期值")] = None
    change: Annotated[Decimal | None, Number("变化")] = None
    change_unit: Annotated[str | None, Choice("变化单位", of=words.CHANGE_UNITS)] = None
    source: Annotated[str | None, Choice("取值方式", of=words.FIGURE_SOURCES)] = None
    indicator: Annotated[
        str | None, Text("指标", section="台账汇总", help="由哪个指标汇总，如 official_vehicles.consumption")
    ] = None
    filter: Annotated[
        tuple[str, ...] | None, Texts("口径", section="台账汇总", help="只汇总哪些行，写成 字段=值，如 kind=加油卡")
    ] = None
    unit: Annotated[
        str | None, Ref("汇总单位", to="unit", section="台账汇总", help="汇总哪个单位的行，留空就是问题所在单位")
    ] = None
    context: Annotated[str | None, Text("原文", help="这个数在原文中的前后文字")] = None


@record("figure_relation", "数据关系", shown="{operator}", order=("id",))
@dataclass(frozen=True, kw_only=True)
class FigureRelation(Record):
    """What must hold: the left figure equals the sum, is at most, is the ratio or growth of the right ones."""

    problem: Annotated[str | None, Ref("问题", to="problem", owner=True)] = None
    left: Annotated[str | None, Ref("左边", to="figure", required=True)] = None
    operator: Annotated[str | None, Choice("关系", of=words.OPERATORS, required=True)] = None
    right: Annotated[tuple[str, ...] | None, Refs("右边", to="figure", required=True)] = None
    tolerance: Annotated[Decimal | None, Number("容差", least=0)] = None
