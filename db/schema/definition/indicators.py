"""Indicators: numbers reckoned from registers, as data.

``[indicator.solved]  title = "破案数"  unit = "起"  count = "case"  where = { solved = { filled = true } }  on = "solved"``

One measure each: a count, a distinct count, a sum, an average, a least or greatest value, a ratio, a change against a base
period, a stock as of a day, a newest value, a total or difference of other indicators. ``on`` is the day by which a row
belongs to a period; without it every row counts whatever the period asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from db.schema.definition.conditions import ALWAYS, Condition, ConditionSlot
from db.schema.definition.scope import Scope, Sort
from db.schema.definition.slots import (
    Count,
    FieldPath,
    IndicatorKey,
    ListOf,
    OneOf,
    Part,
    RegisterKey,
    Words,
    read_model,
)
from db.schema.definition.wrong import Wrong, listed

DAYS: tuple[Sort, ...] = ("day", "month", "moment")
NUMBERS: tuple[Sort, ...] = ("number", "money")
MEASURED = {
    "count": "行数",
    "distinct": "不重复的个数",
    "sum": "合计",
    "average": "平均",
    "least_of": "最小值",
    "greatest_of": "最大值",
    "stock": "截至某日的存量",
    "newest": "最近一次的值",
    "ratio": "比率",
    "change": "同比、环比变化",
    "total": "几个指标之和",
    "difference": "两个指标之差",
}
"""Measure → its Chinese name; an indicator has exactly one."""
BASES = {
    "last_year": "较去年",
    "same_last_year": "较去年同期",
    "same_before_last": "较前年同期",
    "previous": "较上期",
}
"""Against what a change is reckoned: the whole year before; the same span one or two years before; the span of the same length before
(a month: the month before)."""


@dataclass(frozen=True)
class OfField:
    """A field of a register: ``{ register = "refuel", field = "litres" }``."""

    register: Annotated[str, RegisterKey("登记表")]
    field: Annotated[tuple[str, ...], FieldPath("字段", register="register")]


@dataclass(frozen=True)
class OfNumber:
    """A numeric field of a register."""

    register: Annotated[str, RegisterKey("登记表")]
    field: Annotated[tuple[str, ...], FieldPath("字段", sorts=NUMBERS, register="register")]


@dataclass(frozen=True)
class Stock:
    """Rows that are there on a day: begun on or before it (``since``, without it: always) and not ended (``until`` later or empty)."""

    register: Annotated[str, RegisterKey("登记表")]
    since: Annotated[tuple[str, ...] | None, FieldPath("从哪天起", sorts=("day", "moment"), register="register")] = None
    until: Annotated[tuple[str, ...] | None, FieldPath("到哪天止", sorts=("day", "moment"), register="register")] = None


@dataclass(frozen=True)
class Newest:
    """The value of a field in the newest row by ``on`` not after the day asked for; with ``each`` the sum of the newest of each."""

    register: Annotated[str, RegisterKey("登记表")]
    field: Annotated[tuple[str, ...], FieldPath("字段", sorts=NUMBERS, register="register")]
    each: Annotated[tuple[tuple[str, ...], ...], ListOf("分别取", slot=FieldPath("字段", register="register"))] = ()


@dataclass(frozen=True)
class Ratio:
    """One indicator to another, times ``times`` (100: per cent)."""

    of: Annotated[str, IndicatorKey("分子")]
    to: Annotated[str, IndicatorKey("分母")]
    times: Annotated[int, Count("乘以", least=1, most=1_000_000)] = 1


@dataclass(frozen=True)
class ChangeOf:
    """How an indicator changed against a base: in per cent of the base, in percentage points (of a rate), or in its own unit."""

    of: Annotated[str, IndicatorKey("指标")]
    against: Annotated[str, OneOf("与谁比", of=tuple(BASES), words=tuple(BASES.values()))]
    as_: Annotated[
        str, OneOf("变化单位", of=("percent", "points", "absolute"), words=("百分比", "百分点", "绝对数"))
    ] = "percent"


@dataclass(frozen=True)
class Difference:
    """One indicator less another."""

    of: Annotated[str, IndicatorKey("被减数")]
    less: Annotated[str, IndicatorKey("减数")]


@dataclass(frozen=True)
class Indicator:
    """A number a notice may bear. ``key`` is its name in the definition.

    ``unit`` is the measure word (件, %, L/100km; money indicators are in 元), ``during`` the period reckoned when nobody asks
    for another (今年以来, 上半年, 近两年, 2021年7月, 6月以来, the name of a named period), ``by`` fields to break it down by,
    ``places`` and ``rounding`` how it is printed (``down`` cuts: 66.67 → 66.6), ``coarse`` prints it in steps and says 余
    (33,412 with 1000 → 33000余), ``qualifier`` a word always printed with it.
    """

    key: str
    title: Annotated[str, Words("名称", longest=60, pattern=r"[^{}]+")]
    unit: Annotated[str, Words("单位", longest=20)] = ""
    count: Annotated[str, RegisterKey("行数")] = ""
    distinct: Annotated[OfField | None, Part("不重复的个数", model=OfField)] = None
    sum: Annotated[OfNumber | None, Part("合计", model=OfNumber)] = None
    average: Annotated[OfNumber | None, Part("平均", model=OfNumber)] = None
    least_of: Annotated[OfNumber | None, Part("最小值", model=OfNumber)] = None
    greatest_of: Annotated[OfNumber | None, Part("最大值", model=OfNumber)] = None
    stock: Annotated[Stock | None, Part("存量", model=Stock)] = None
    newest: Annotated[Newest | None, Part("最近一次的值", model=Newest)] = None
    ratio: Annotated[Ratio | None, Part("比率", model=Ratio)] = None
    change: Annotated[ChangeOf | None, Part("变化", model=ChangeOf)] = None
    total: Annotated[tuple[str, ...], ListOf("几个指标之和", slot=IndicatorKey("指标"), least=2)] = ()
    difference: Annotated[Difference | None, Part("两个指标之差", model=Difference)] = None
    where: Annotated[Condition, ConditionSlot("只算哪些行")] = ALWAYS
    on: Annotated[tuple[str, ...] | None, FieldPath("按哪个日期归入期间", sorts=DAYS)] = None
    during: Annotated[str, Words("期间", longest=40)] = ""
    by: Annotated[tuple[tuple[str, ...], ...], ListOf("可按什么分", slot=FieldPath("字段"), least=0)] = ()
    places: Annotated[int, Count("小数位数", most=6)] = 0
    rounding: Annotated[str, OneOf("取舍", of=("half_up", "down"), words=("四舍五入", "截去"))] = "half_up"
    coarse: Annotated[int, Count("取整到", least=0)] = 0
    qualifier: Annotated[str, Words("修饰词", longest=4)] = ""
    nature: Annotated[
        str, OneOf("性质", of=("stock", "flow", "rate", "target"), words=("存量", "流量", "比率", "目标"))
    ] = "flow"
    help: Annotated[str, Words("说明")] = ""
    source: Annotated[str, Words("出处")] = ""
    publicity: Annotated[
        str, OneOf("公开级别", of=("public", "internal", "secret"), words=("公开", "内部", "不公开"))
    ] = "public"

    @property
    def measure(self) -> str:
        """Which of ``MEASURED`` it is."""
        return next(name for name in MEASURED if getattr(self, name))

    @property
    def register(self) -> str:
        """The key of the register its rows are in; "" where it is reckoned from other indicators."""
        measured = getattr(self, self.measure)
        return measured if self.measure == "count" else str(getattr(measured, "register", ""))

    def needs(self) -> tuple[str, ...]:
        """The indicators it is reckoned from."""
        measured = getattr(self, self.measure)
        if self.measure == "total":
            return tuple(measured)
        return tuple(getattr(measured, name) for name in ("of", "to", "less") if hasattr(measured, name))


@dataclass(frozen=True)
class Step:
    """A line of a threshold table: where ``key`` and the amount fall into it, ``is_`` is what is right."""

    is_: Annotated[tuple[str, ...], ListOf("应当是", slot=Words("值"), alone=True)]
    key: Annotated[tuple[str, ...], ListOf("适用于", slot=Words("值"), least=0, alone=True)] = ()
    least: Annotated[str, Words("不小于")] = ""
    above: Annotated[str, Words("大于")] = ""
    most: Annotated[str, Words("不大于")] = ""
    below: Annotated[str, Words("小于")] = ""
    basis: Annotated[str, Words("依据")] = ""
    valid_from: Annotated[str, Words("施行日期", pattern=r"\d{4}-\d\d-\d\d")] = ""
    valid_until: Annotated[str, Words("失效日期", pattern=r"\d{4}-\d\d-\d\d")] = ""
    source: Annotated[str, Words("出处")] = ""


@dataclass(frozen=True)
class Passage:
    """A sentence a clerk may insert; {key} marks stand for indicators."""

    text: Annotated[str, Words("语句", longest=4000)]
    title: Annotated[str, Words("名称", longest=60)] = ""
    place: Annotated[
        str, OneOf("用在", of=("measure", "ongoing_item", "next_step"), words=("整改措施", "深化事项", "下一步"))
    ] = "measure"
    source: Annotated[str, Words("出处")] = ""


def read_indicator(key: str, raw: Any, scope: Scope) -> Indicator:
    """A raw table → an indicator; ``Wrong`` at a key. ``on``, ``where`` and ``by`` are of the register it counts in."""
    if not isinstance(raw, dict):
        raise Wrong((), "指标要写成一组“项 = 值”。")
    measures = [name for name in MEASURED if name in raw]
    if len(measures) != 1:
        said = f"现在写了 {listed(measures)}" if measures else "现在没有写"
        raise Wrong((), f"指标要写且只写一种算法，{said}。", f"可写：{listed(MEASURED)}。")
    measured = raw[measures[0]]
    register = (
        measured if isinstance(measured, str) else measured.get("register", "") if isinstance(measured, dict) else ""
    )
    if not register:
        wrong = next((name for name in ("where", "on", "by") if name in raw), None)
        if wrong:
            raise Wrong((wrong,), f"由别的指标算出的指标不能写“{wrong}”。", "写在它所用的指标里。")
    made = read_model(Indicator, {k: v for k, v in raw.items() if v != ""}, scope.at(str(register)), {"key": key})
    if made.qualifier and made.qualifier not in (
        "余",
        "以上",
        "以下",
        "左右",
        "不少于",
        "不超过",
        "超过",
        "不足",
        "近",
        "约",
    ):
        raise Wrong(
            ("qualifier",), f"没有“{made.qualifier}”这个修饰词。", "可写：余、以上、左右、近、约、不少于、不超过。"
        )
    return made


def rounded(value: Decimal, places: int, rounding: str) -> Decimal:
    """A number as it is printed: ``half_up`` rounds, ``down`` cuts."""
    from decimal import ROUND_DOWN, ROUND_HALF_UP, localcontext

    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal(1).scaleb(-places), ROUND_DOWN if rounding == "down" else ROUND_HALF_UP)


MODELS = (OfField, OfNumber, Stock, Newest, Ratio, ChangeOf, Difference, Indicator, Step, Passage)
"""Every model here, for whoever goes over all of them."""
