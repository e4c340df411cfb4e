"""Rules: what must hold, as data. A rule has a title, a basis, advice, and exactly one test of those below.

``[rule.rotation]  register = "post"  title = "同一岗位满十年应当交流"  tenure = { since = "since", years = 10, warn = 9 }``

``hard`` refuses a form that breaks it (tests of one row, unique, different); any other is a warning a clerk may confirm with a
reason. ``when`` narrows the rows a test looks at. ``passes`` and ``finds`` are examples: rows the rule has nothing against, and
rows it finds; each may say ``today``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from db.schema.definition.conditions import ALWAYS, Condition, ConditionSlot
from db.schema.definition.scope import Scope, Sort
from db.schema.definition.slots import (
    Amount,
    Count,
    FieldPath,
    Flag,
    IndicatorKey,
    ListOf,
    OnDay,
    OneOf,
    Part,
    RegisterKey,
    Slot,
    TableKey,
    Words,
    read_model,
    slots,
)
from db.schema.definition.terms import Term, TermSlot
from db.schema.definition.wrong import Wrong, listed

_WHEN: tuple[Sort, ...] = ("day", "moment")
_DATED: tuple[Sort, ...] = ("day", "month", "moment")
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
    """Each is at most the next: returned ≤ seized ≤ loss. An empty one ends the chain there."""

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
    on: Annotated[tuple[Path, ...], ListOf("对应表字段", slot=FieldPath("字段"), alone=True)]
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
    every: Annotated[str, OneOf("每", of=("day", "week", "month", "quarter", "half_year", "year"))]
    on: Annotated[Path, FieldPath("日期", sorts=_DATED)]
    by: Annotated[Path | None, FieldPath("每个")] = None
    among: Annotated[tuple[str, ...], ListOf("对象", slot=Words("值"))] = ()
    begins: Annotated[str, Words("义务从（对象的字段）", pattern=r"[a-z][a-z0-9_]*")] = ""
    ends: Annotated[str, Words("义务到（对象的字段）", pattern=r"[a-z][a-z0-9_]*")] = ""
    owes: Annotated[dict[str, str] | None, Slot("对象须满足")] = None
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
    norm: Annotated[str, Words("标准（对象的字段）", pattern=r"[a-z][a-z0-9_]*")]
    above: Annotated[Decimal, Amount("倍数", least=Decimal(0))] = Decimal(1)
    every: Annotated[str, OneOf("每", of=("month", "quarter", "year", "all"))] = "month"


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


TESTS: dict[str, type[Any]] = {
    "range": Range,
    "pattern": Pattern,
    "required": Required,
    "order": Order,
    "at_most": AtMost,
    "sum": Sum,
    "different": Different,
    "same": Same,
    "rate": Rate,
    "never": Never,
    "due": Due,
    "validity": Validity,
    "tenure": Tenure,
    "band": Band,
    "unique": Unique,
    "matched": Matched,
    "within": Within,
    "obligation": Obligation,
    "split": Split,
    "deviation": Deviation,
    "continuous": Continuous,
    "interval": Interval,
    "overlap": Overlap,
    "consecutive": Consecutive,
    "near": Near,
    "complete": Complete,
    "target": Target,
    "balance": Balance,
    "subset": Subset,
}
"""The key of a test → its model."""

LONE = {
    "required": "fields",
    "order": "fields",
    "at_most": "terms",
    "different": "fields",
    "same": "fields",
    "unique": "fields",
    "never": "rows",
}
"""Tests that may be written without their one key: ``different = ["a", "b"]``, ``never = { state = "离职" }``."""

Severity = str


@dataclass(frozen=True)
class Rule:
    """A rule. ``test`` is one of ``TESTS``; ``register`` the register its rows are in ("" where it looks at indicators alone)."""

    key: str
    test: Any
    title: Annotated[str, Words("名称", longest=80)]
    register: Annotated[str, RegisterKey("登记表")] = ""
    when: Annotated[Condition, ConditionSlot("只看哪些行")] = ALWAYS
    hard: Annotated[bool, Flag("不许保存")] = False
    severity: Annotated[str, OneOf("程度", of=("error", "warning", "note"))] = "warning"
    basis: Annotated[str, Words("依据")] = ""
    advice: Annotated[str, Words("怎么办")] = ""
    source: Annotated[str, Words("出处")] = ""
    publicity: Annotated[str, OneOf("公开级别", of=("public", "internal", "secret"))] = "public"
    passes: Any = field(default=(), compare=False)
    finds: Any = field(default=(), compare=False)

    @property
    def kind(self) -> str:
        """The key of its test."""
        return next(name for name, model in TESTS.items() if model is type(self.test))


_ABOUT_INDICATORS = ("target", "balance", "subset", "deviation")


def read_rule(key: str, raw: Any, scope: Scope) -> Rule:
    """A raw table → a rule; ``Wrong`` at a key."""
    if not isinstance(raw, dict):
        raise Wrong((), "规则要写成一组“项 = 值”。")
    named = [name for name in TESTS if name in raw]
    if len(named) != 1:
        said = f"现在写了 {listed(named)}" if named else "现在没有写"
        raise Wrong((), f"规则要写且只写一种检查，{said}。", f"可写：{listed(TESTS)}。")
    name = named[0]
    register = raw.get("register", "")
    if name in ("target", "balance", "subset"):
        if register:
            raise Wrong(("register",), "看指标的规则不写登记表。", "请删去这一项。")
    elif name == "deviation":
        register = register or _register_of(raw[name], scope)
    elif not register:
        raise Wrong((), "缺少“register”（登记表）。", f"登记表有：{listed(scope.fields)}。")
    here = scope.at(str(register))
    body = raw[name]
    if name in LONE and not (isinstance(body, dict) and LONE[name] in body):
        body = {LONE[name]: body}
    try:
        test = _test(name, body, here, scope)
    except Wrong as wrong:
        steps = wrong.path[1:] if name in LONE and wrong.path[:1] == (LONE[name],) else wrong.path
        raise Wrong((name, *steps), wrong.what, wrong.advice) from None
    rest = {k: v for k, v in raw.items() if k not in (name, "passes", "finds") and v != ""}
    made = read_model(Rule, {**rest, **({"register": register} if register else {})}, here, {"key": key, "test": test})
    if made.hard and not (TESTS[name].one_row or name == "unique"):
        raise Wrong(("hard",), "这种检查要看许多行，不能用来拒绝保存。", "请删去 hard。")
    return _with_examples(made, raw)


def _register_of(body: Any, scope: Scope) -> str:
    of = body.get("of", "") if isinstance(body, dict) else ""
    return scope.indicators.get(of, "")


def _test(name: str, body: Any, here: Scope, scope: Scope) -> Any:
    if name == "matched" and isinstance(body, dict):
        other = scope.at(str(body.get("register", "")))
        on = slots(Matched)["on"][0]
        made = read_model(Matched, {k: v for k, v in body.items() if k != "on"}, here, {"on": ()})
        if "on" not in body:
            raise Wrong((), "缺少“on”（对应表字段）。", "请补上。")
        try:
            paths = on.read(body["on"], other)
        except Wrong as wrong:
            raise wrong.within(("on",)) from None
        if len(paths) != len(made.by):
            raise Wrong(("on",), "与 by 的项数不同。", "两边的字段要一一对应。")
        return Matched(made.register, made.by, paths, made.where, made.least, made.most)
    if name == "obligation" and isinstance(body, dict) and "owes" in body:
        owes = body["owes"]
        if not isinstance(owes, dict) or not all(isinstance(v, str) for v in owes.values()):
            raise Wrong(("owes",), "要写成一组“字段 = 值”。")
        return read_model(Obligation, {k: v for k, v in body.items() if k != "owes"}, here, {"owes": owes})
    made = read_model(TESTS[name], body, here)
    if name == "due" and (made.until is None) == (made.start is None):
        raise Wrong((), "期限要写 until，或写 start 和 days（或 months），二者取一。")
    if name == "due" and made.start is not None and (made.days is None) == (made.months is None):
        raise Wrong((), "起算之后要写 days 或 months，二者取一。")
    if name == "target" and (made.least is None) == (made.most is None):
        raise Wrong((), "目标要写 least 或 most，二者取一。")
    return made


def _with_examples(rule: Rule, raw: dict[str, Any]) -> Rule:
    found = {}
    for name in ("passes", "finds"):
        cases = raw.get(name, [])
        if not isinstance(cases, list) or not all(isinstance(one, dict) for one in cases):
            raise Wrong((name,), "要写方括号里的一组例子。")
        found[name] = tuple(cases)
    from dataclasses import replace

    return replace(rule, **found)
