"""Tests that look at one row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from db.schema.definition.conditions import Condition, ConditionSlot
from db.schema.definition.scope import Sort
from db.schema.definition.slots import Amount, Count, FieldPath, Flag, ListOf, TableKey, Words
from db.schema.definition.terms import Term, TermSlot

_WHEN: tuple[Sort, ...] = ("day", "moment")
_NUMBERS: tuple[Sort, ...] = ("number", "money")
_ORDERED: tuple[Sort, ...] = ("number", "money", "day", "moment", "month")
Path = tuple[str, ...]


@dataclass(frozen=True)
class Range:
    """A value lies within bounds; an empty one passes."""

    title: ClassVar[str] = "范围"
    one_row: ClassVar[bool] = True
    field: Annotated[Path, FieldPath("字段", sorts=_NUMBERS)]
    least: Annotated[Term | None, TermSlot("不小于")] = None
    most: Annotated[Term | None, TermSlot("不大于")] = None
    above: Annotated[Term | None, TermSlot("大于")] = None
    below: Annotated[Term | None, TermSlot("小于")] = None


@dataclass(frozen=True)
class Pattern:
    """A text is written in a certain way (a whole match)."""

    title: ClassVar[str] = "写法"
    one_row: ClassVar[bool] = True
    field: Annotated[Path, FieldPath("字段", sorts=("text",), stored=True)]
    matches: Annotated[str, Words("格式")]
    means: Annotated[str, Words("格式说明")]


@dataclass(frozen=True)
class Required:
    """Fields are filled (with the rule's ``when``: required when)."""

    title: ClassVar[str] = "必填"
    one_row: ClassVar[bool] = True
    fields: Annotated[tuple[Path, ...], ListOf("字段", slot=FieldPath("字段", stored=True))]


@dataclass(frozen=True)
class Order:
    """Days or numbers stand in this order, equal ones allowed unless ``strict``; empty ones are passed over."""

    title: ClassVar[str] = "先后次序"
    one_row: ClassVar[bool] = True
    fields: Annotated[tuple[Path, ...], ListOf("字段", slot=FieldPath("字段", sorts=_ORDERED), least=2)]
    strict: Annotated[bool, Flag("不许相同")] = False


@dataclass(frozen=True)
class AtMost:
    """Each is at most the next: returned ≤ seized ≤ loss. Empty ones are passed over."""

    title: ClassVar[str] = "不大于"
    one_row: ClassVar[bool] = True
    terms: Annotated[tuple[Term, ...], ListOf("依次", slot=TermSlot("项", sorts=_NUMBERS), least=2)]


@dataclass(frozen=True)
class Sum:
    """A total equals its parts (2708 = 1792 + 905 + 11); empty parts count as nought, an empty total passes."""

    title: ClassVar[str] = "合计相符"
    one_row: ClassVar[bool] = True
    total: Annotated[Term, TermSlot("合计", sorts=_NUMBERS)]
    parts: Annotated[tuple[Term, ...], ListOf("各项", slot=TermSlot("项", sorts=_NUMBERS), least=2)]
    tolerance: Annotated[Decimal, Amount("容差", least=Decimal(0))] = Decimal(0)


@dataclass(frozen=True)
class Different:
    """Fields that must not be the same (two persons); empty ones pass."""

    title: ClassVar[str] = "不能相同"
    one_row: ClassVar[bool] = True
    fields: Annotated[tuple[Path, ...], ListOf("字段", slot=FieldPath("字段"), least=2)]


@dataclass(frozen=True)
class Same:
    """Two fields that must agree (the vehicle and the vehicle its card is bound to); an empty one passes."""

    title: ClassVar[str] = "应当一致"
    one_row: ClassVar[bool] = True
    fields: Annotated[tuple[Path, ...], ListOf("字段", slot=FieldPath("字段"), least=2)]


@dataclass(frozen=True)
class Rate:
    """Numerator, denominator and rate agree within the last printed digit, rounded or cut."""

    title: ClassVar[str] = "比率相符"
    one_row: ClassVar[bool] = True
    numerator: Annotated[Term, TermSlot("分子", sorts=_NUMBERS)]
    denominator: Annotated[Term, TermSlot("分母", sorts=_NUMBERS)]
    rate: Annotated[Path, FieldPath("比率", sorts=("number",))]
    times: Annotated[int, Count("乘以", least=1, most=1_000_000)] = 100


@dataclass(frozen=True)
class Never:
    """No row may be so."""

    title: ClassVar[str] = "不应出现"
    one_row: ClassVar[bool] = True
    rows: Annotated[Condition, ConditionSlot("这样的行")]


@dataclass(frozen=True)
class Due:
    """What was begun is ended in time: the last day is ``start`` plus ``days`` (a number or a term), or ``until``. A row that is not
    ``done`` is overdue after it and near it from ``warn`` days before; a row done later than the last day is found too, as late."""

    title: ClassVar[str] = "期限"
    one_row: ClassVar[bool] = True
    start: Annotated[Term | None, TermSlot("起算", sorts=_WHEN)] = None
    days: Annotated[Term | None, TermSlot("天数", sorts=("number",))] = None
    months: Annotated[Term | None, TermSlot("月数", sorts=("number",))] = None
    until: Annotated[Term | None, TermSlot("截止", sorts=_WHEN)] = None
    done: Annotated[Path | None, FieldPath("办结")] = None
    warn: Annotated[int, Count("提前几天提醒", most=1000)] = 0


@dataclass(frozen=True)
class Validity:
    """Something has not expired; near its end from ``warn`` days before. An empty day passes."""

    title: ClassVar[str] = "有效期"
    one_row: ClassVar[bool] = True
    until: Annotated[Term, TermSlot("有效至", sorts=_WHEN)]
    warn: Annotated[int, Count("提前几天提醒", most=1000)] = 30


@dataclass(frozen=True)
class Tenure:
    """Nobody stays ``years`` full years or longer; told from ``warn`` years. Ended by ``until``."""

    title: ClassVar[str] = "任职年限"
    one_row: ClassVar[bool] = True
    since: Annotated[Path, FieldPath("起", sorts=_WHEN)]
    years: Annotated[int, Count("年限", least=1, most=100)]
    warn: Annotated[int, Count("提前提醒的年限", most=100)] = 0
    until: Annotated[Path | None, FieldPath("止", sorts=_WHEN)] = None


@dataclass(frozen=True)
class Band:
    """What the threshold table says for the key and the amount on the day is what was done. A row no line of the table fits passes."""

    title: ClassVar[str] = "分档规定"
    one_row: ClassVar[bool] = True
    table: Annotated[str, TableKey("对照表")]
    amount: Annotated[Path, FieldPath("数额", sorts=_NUMBERS)]
    actual: Annotated[Path, FieldPath("实际做法")]
    key: Annotated[Path | None, FieldPath("类别")] = None
    day: Annotated[Path | None, FieldPath("按哪天的规定", sorts=_WHEN)] = None
