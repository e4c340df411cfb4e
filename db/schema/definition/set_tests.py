"""Tests that look at many rows, or at indicators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from db.schema.definition.conditions import ALWAYS, Condition, ConditionSlot
from db.schema.definition.scope import Sort
from db.schema.definition.slots import (
    Amount,
    Count,
    FieldPath,
    Flag,
    IndicatorKey,
    ListOf,
    OnDay,
    OneOf,
    RegisterKey,
    SubjectField,
    SubjectValues,
    Words,
)
from db.schema.definition.terms import Term, TermSlot

_WHEN: tuple[Sort, ...] = ("day", "moment")
_DATED: tuple[Sort, ...] = ("day", "month", "moment")
_NUMBERS: tuple[Sort, ...] = ("number", "money")
Path = tuple[str, ...]


@dataclass(frozen=True)
class Unique:
    """No two rows have the same in all these fields; a row with an empty one of them passes."""

    title: ClassVar[str] = "不能重复"
    one_row: ClassVar[bool] = False
    fields: Annotated[tuple[Path, ...], ListOf("字段", slot=FieldPath("字段", stored=True))]


@dataclass(frozen=True)
class Matched:
    """To each row belong at least ``least`` and at most ``most`` rows of another register, those where ``on`` (there) equals ``by`` (here)
    and ``where`` holds. A row whose ``by`` is empty passes."""

    title: ClassVar[str] = "应有对应记录"
    one_row: ClassVar[bool] = False
    register: Annotated[str, RegisterKey("对应的登记表")]
    by: Annotated[tuple[Path, ...], ListOf("本表字段", slot=FieldPath("字段"), alone=True)]
    on: Annotated[tuple[Path, ...], ListOf("对应表字段", slot=FieldPath("字段", register="register"), alone=True)]
    where: Annotated[Condition, ConditionSlot("对应表中哪些行", register="register")] = ALWAYS
    least: Annotated[int, Count("至少")] = 1
    most: Annotated[int, Count("至多")] = 10**9


@dataclass(frozen=True)
class Within:
    """No row of this register lies, by ``on``, inside an interval of a row of another one with the same ``by`` (somebody praised while
    the effect of a punishment lasts). ``since``, ``until`` and ``where`` are of the other register."""

    title: ClassVar[str] = "不能落在期间内"
    one_row: ClassVar[bool] = False
    register: Annotated[str, RegisterKey("期间所在登记表")]
    on: Annotated[Path, FieldPath("日期", sorts=_DATED)]
    by: Annotated[Path, FieldPath("本表对象")]
    with_: Annotated[Path, FieldPath("那一表对象", register="register")]
    since: Annotated[Path, FieldPath("期间起", sorts=_WHEN, register="register")]
    until: Annotated[Path, FieldPath("期间止", sorts=_WHEN, register="register")]
    where: Annotated[Condition, ConditionSlot("那一表哪些行", register="register")] = ALWAYS


@dataclass(frozen=True)
class Obligation:
    """In every day, week, month, quarter or year somebody (``by``: each value of a field; of a reference each record it may point at; without it
    the office) has a row of the rule's register. Missing ones are listed from ``since`` on (a day, or the first row there is), once
    ``grace`` days have passed after the period. With ``among`` the values that owe it are told; ``begins`` and ``ends`` are fields of what
    ``by`` points at that bound its duty; ``owes`` is a condition on it."""

    title: ClassVar[str] = "定期义务"
    one_row: ClassVar[bool] = False
    every: Annotated[
        str,
        OneOf(
            "每",
            of=("day", "week", "month", "quarter", "half_year", "year"),
            words=("日", "周", "月", "季度", "半年", "年"),
        ),
    ]
    on: Annotated[Path, FieldPath("日期", sorts=_DATED)]
    by: Annotated[Path | None, FieldPath("每个")] = None
    among: Annotated[tuple[str, ...], ListOf("对象", slot=Words("值"))] = ()
    begins: Annotated[str, SubjectField("义务从（对象的字段）")] = ""
    ends: Annotated[str, SubjectField("义务到（对象的字段）")] = ""
    owes: Annotated[dict[str, str] | None, SubjectValues("对象须满足")] = None
    since: Annotated[date | None, OnDay("从哪天起")] = None
    times: Annotated[int, Count("次数", least=1, most=1000)] = 1
    grace: Annotated[int, Count("宽限天数", most=366)] = 0


@dataclass(frozen=True)
class Split:
    """Not cut into pieces: rows alike in ``by`` within ``months`` months, each at most ``limit`` (below it, where the limit itself is not
    allowed), together above it."""

    title: ClassVar[str] = "拆分"
    one_row: ClassVar[bool] = False
    by: Annotated[tuple[Path, ...], ListOf("相同的字段", slot=FieldPath("字段"))]
    amount: Annotated[Path, FieldPath("数额", sorts=_NUMBERS)]
    on: Annotated[Path, FieldPath("日期", sorts=_WHEN)]
    limit: Annotated[Term, TermSlot("限额", sorts=_NUMBERS)]
    months: Annotated[int, Count("月数", least=1, most=120)] = 12


@dataclass(frozen=True)
class Deviation:
    """An indicator, broken down by ``by`` (and ``every`` period), is not above ``above`` times a norm kept with what ``by`` points at."""

    title: ClassVar[str] = "偏离"
    one_row: ClassVar[bool] = False
    of: Annotated[str, IndicatorKey("指标")]
    by: Annotated[Path, FieldPath("每个")]
    norm: Annotated[str, SubjectField("标准（对象的字段）")]
    above: Annotated[Decimal, Amount("倍数", least=Decimal(0))] = Decimal(1)
    every: Annotated[str, OneOf("每", of=("month", "quarter", "year", "all"), words=("月", "季度", "年", "不分"))] = (
        "month"
    )


@dataclass(frozen=True)
class Continuous:
    """Numbers follow each other without a gap, from the least to the greatest, among rows alike in ``by`` (``yearly``: a new count each
    year of ``on``)."""

    title: ClassVar[str] = "编号连续"
    one_row: ClassVar[bool] = False
    field: Annotated[Path, FieldPath("编号", sorts=("number",))]
    by: Annotated[tuple[Path, ...], ListOf("同一", slot=FieldPath("字段"), least=0)] = ()
    on: Annotated[Path | None, FieldPath("按年另起的日期", sorts=_DATED)] = None


@dataclass(frozen=True)
class Interval:
    """From one row to the next (alike in ``by``), and from the last to today, no more than ``most`` days pass."""

    title: ClassVar[str] = "间隔"
    one_row: ClassVar[bool] = False
    on: Annotated[Path, FieldPath("日期", sorts=_WHEN)]
    most: Annotated[int, Count("最多几天", least=1, most=10_000)]
    by: Annotated[tuple[Path, ...], ListOf("同一", slot=FieldPath("字段"), least=0)] = ()


@dataclass(frozen=True)
class Overlap:
    """Intervals of rows alike in ``by`` do not overlap (no two valid contracts); an empty ``until`` is open."""

    title: ClassVar[str] = "期间不重叠"
    one_row: ClassVar[bool] = False
    since: Annotated[Path, FieldPath("起", sorts=_WHEN)]
    until: Annotated[Path, FieldPath("止", sorts=_WHEN)]
    by: Annotated[tuple[Path, ...], ListOf("同一", slot=FieldPath("字段"), least=0)] = ()


@dataclass(frozen=True)
class Consecutive:
    """Not ``times`` periods of ``on`` one after the other with such a row, for the same ``by`` (last in the ranking two years running)."""

    title: ClassVar[str] = "连续出现"
    one_row: ClassVar[bool] = False
    on: Annotated[Path, FieldPath("期间", sorts=("number", "month", "day"))]
    by: Annotated[tuple[Path, ...], ListOf("同一", slot=FieldPath("字段"))]
    where: Annotated[Condition, ConditionSlot("这样的行")]
    times: Annotated[int, Count("连续几次", least=2, most=100)] = 2


@dataclass(frozen=True)
class Near:
    """No two rows alike in ``by`` within ``minutes`` minutes (with ``differ``: whose ``differ`` is not the same)."""

    title: ClassVar[str] = "间隔太短"
    one_row: ClassVar[bool] = False
    on: Annotated[Path, FieldPath("时间", sorts=("moment",))]
    by: Annotated[tuple[Path, ...], ListOf("同一", slot=FieldPath("字段"))]
    minutes: Annotated[int, Count("分钟", least=1, most=100_000)]
    differ: Annotated[Path | None, FieldPath("不同的")] = None


@dataclass(frozen=True)
class Complete:
    """All rows are done (全部、每、均、逐一); from the day ``by_day`` (MM-DD of the year asked for, or a date) on an error, before it a note."""

    title: ClassVar[str] = "应全部完成"
    one_row: ClassVar[bool] = False
    done: Annotated[Condition, ConditionSlot("怎样算完成")]
    by_day: Annotated[str, Words("期限", pattern=r"(\d{4}-)?\d\d-\d\d")] = ""


@dataclass(frozen=True)
class Target:
    """An indicator reaches a value by a day of the year (without one: always). ``by`` breaks it down, ``forecast`` reckons within the
    year what it will be at the end if it goes on so."""

    title: ClassVar[str] = "目标"
    one_row: ClassVar[bool] = False
    of: Annotated[str, IndicatorKey("指标")]
    least: Annotated[Decimal | None, Amount("不低于")] = None
    most: Annotated[Decimal | None, Amount("不超过")] = None
    by_day: Annotated[str, Words("期限", pattern=r"(\d{4}-)?\d\d-\d\d")] = ""
    by: Annotated[str, Words("分别看（字段）", pattern=r"[a-z][a-z0-9_]*")] = ""
    during: Annotated[str, Words("期间", longest=40)] = ""
    forecast: Annotated[bool, Flag("按进度预测")] = False


@dataclass(frozen=True)
class Balance:
    """An indicator equals the sum of others."""

    title: ClassVar[str] = "指标合计相符"
    one_row: ClassVar[bool] = False
    total: Annotated[str, IndicatorKey("合计")]
    parts: Annotated[tuple[str, ...], ListOf("各项", slot=IndicatorKey("指标"), least=2)]
    tolerance: Annotated[Decimal, Amount("容差", least=Decimal(0))] = Decimal(0)


@dataclass(frozen=True)
class Subset:
    """An indicator is at most another one."""

    title: ClassVar[str] = "部分不超过整体"
    one_row: ClassVar[bool] = False
    part: Annotated[str, IndicatorKey("部分")]
    whole: Annotated[str, IndicatorKey("整体")]
