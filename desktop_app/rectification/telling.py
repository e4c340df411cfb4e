"""Definitions in words: terms, conditions, fields, indicators and tests as a clerk reads them, in the manual and the designer."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from db.schema.definition import CategoryDefinition, ComputedSpec, FieldSpec, Indicator, Register, Rule
from db.schema.definition.conditions import TESTS as COMPARED
from db.schema.definition.conditions import (
    Among,
    AnyOf,
    Compared,
    Condition,
    Contains,
    Empty,
    Every,
    Not,
)
from db.schema.definition.fields import KIND_TITLES, KINDS
from db.schema.definition.indicators import BASES
from db.schema.definition.slots import slots
from db.schema.definition.terms import OPERATIONS, Apply, Constant, FieldAt, Term, Today
from db.schema.kinds import Choice, Kind, Money
from db.schema.links import Ref, Refs
from db.schema.records import SCHEMAS
from db.schema.typed import canonical

EVERY = {
    "day": "每日",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "half_year": "每半年",
    "year": "每年",
    "all": "全部",
}
_SIGNS = {"plus": "＋", "minus": "－", "times": "×", "over": "÷"}


def field(category: CategoryDefinition, register: str, path: Iterable[str]) -> str:
    """A path of fields by their labels: 车辆的核定百公里油耗."""
    words: list[str] = []
    scope = category.scope.at(register)
    way: tuple[str, ...] = ()
    for name in path:
        way = (*way, name)
        kind = scope.kind(way)
        words.append(kind.label if kind is not None else _computed(category, register, way))
    return "的".join(words)


def _computed(category: CategoryDefinition, register: str, way: tuple[str, ...]) -> str:
    here = register
    for name in way[:-1]:
        kind = category.scope.fields.get(here, {}).get(name)
        here = str(getattr(kind, "to", "")).removeprefix(f"{category.key}.")
    found = category.registers.get(here)
    return next((c.label for c in found.computed if c.name == way[-1]), way[-1]) if found else way[-1]


def term(category: CategoryDefinition, register: str, one: Term) -> str:
    """A term in words: 核定数－实配数."""
    if isinstance(one, Today):
        return "今天"
    if isinstance(one, FieldAt):
        return field(category, register, one.path)
    if isinstance(one, Constant):
        return constant(one)
    parts = [term(category, register, part) for part in one.terms]
    wrapped = [
        f"（{w}）" if isinstance(p, Apply) and p.op in _SIGNS else w for w, p in zip(parts, one.terms, strict=True)
    ]
    if one.op in _SIGNS:
        return _SIGNS[one.op].join(wrapped)
    if one.op == "percent":
        return f"{wrapped[0]}÷{wrapped[1]}×100%"
    if one.op in ("days", "hours", "months", "years"):
        return f"{parts[0]}到{parts[1]}的{OPERATIONS[one.op][2].removeprefix('相隔')}数"
    if one.op.startswith("add_"):
        return f"{parts[0]}之后{parts[1]}{ {'add_days': '天', 'add_months': '个月', 'add_years': '年'}[one.op] }"
    return f"{'、'.join(parts)}中第一个有值的"


def constant(one: Constant) -> str:
    """A constant as it is printed."""
    if one.sort == "money" and isinstance(one.value, int):
        yuan = Decimal(one.value) / 100
        return f"{canonical(yuan / 10_000)}万元" if yuan and yuan % 1000 == 0 else f"{canonical(yuan)}元"
    return canonical(one.value) if isinstance(one.value, Decimal) else str(one.value)


def condition(category: CategoryDefinition, register: str, one: Condition) -> str:
    """A condition in words: 状态是“在用”，且金额大于5万元; "" for the one that always holds."""
    if isinstance(one, Every):
        return "，且".join(condition(category, register, part) for part in one.parts)
    if isinstance(one, AnyOf):
        return "（" + "，或者".join(condition(category, register, part) for part in one.parts) + "）"
    if isinstance(one, Not):
        if isinstance(one.part, Empty):
            return f"{field(category, register, one.part.path)}已填"
        if isinstance(one.part, Among):
            return f"{field(category, register, one.part.path)}不是{_values(category, register, one.part)}"
        return f"不满足“{condition(category, register, one.part)}”"
    name = field(category, register, one.path)
    if isinstance(one, Empty):
        return f"{name}没有填"
    if isinstance(one, Among):
        return f"{name}是{_values(category, register, one)}"
    if isinstance(one, Contains):
        return f"{name}含有“{one.words}”"
    assert isinstance(one, Compared)
    days = category.scope.at(register).sort(one.path) in ("day", "moment", "month")
    return f"{name}{_compared(one, days)}{term(category, register, one.term)}"


def _compared(one: Compared, days: bool) -> str:
    return {"least": "不早于", "most": "不晚于", "above": "晚于", "below": "早于"}[one.op] if days else COMPARED[one.op]


def _values(category: CategoryDefinition, register: str, one: Among) -> str:
    kind = category.scope.at(register).kind(one.path)
    return "或".join(f"“{_value(kind, value)}”" for value in one.values)


def _value(kind: Kind[Any] | None, value: Any) -> str:
    return kind.show(value) if kind is not None else str(value)


def kind_words(category: CategoryDefinition, spec: FieldSpec) -> str:
    """What a field holds, in a few words: 选项：在用、停用."""
    kind = spec.kind
    word = next((name for name, one in KINDS.items() if type(kind) is one), "")
    if isinstance(kind, Choice):
        return f"选项：{'、'.join(kind.of.values())}"
    if isinstance(kind, Ref | Refs):
        own = category.registers.get(kind.to.removeprefix(f"{category.key}."))
        core = SCHEMAS.get(kind.to)
        return f"引用“{own.title if own else core.title if core else kind.to}”"
    unit = getattr(kind, "unit", "") or ("元" if isinstance(kind, Money) else "")
    bounds = [f"{said}{_bound(kind, getattr(kind, key))}" for key, said in (("least", "不小于"), ("most", "不大于"))
              if getattr(kind, key, None) not in (None, 0)]  # fmt: skip
    return "，".join([KIND_TITLES.get(word, "") + (f"（{unit}）" if unit else ""), *bounds])


def _bound(kind: Kind[Any], value: Any) -> str:
    return constant(Constant(value, "money")) if isinstance(kind, Money) else str(value)


def computed_words(category: CategoryDefinition, register: Register, spec: ComputedSpec) -> str:
    """How a computed field is reckoned."""
    return f"自动算出：{term(category, register.key, spec.term)}"


def indicator(category: CategoryDefinition, one: Indicator) -> str:
    """How an indicator is reckoned, in a sentence without its full stop."""
    titles = {key: f"“{other.title}”" for key, other in category.indicators.items()}
    measured: Any = getattr(one, one.measure)
    if one.measure == "ratio":
        times = {1: "", 100: "×100%"}.get(measured.times, f"×{measured.times}")
        return f"{titles[measured.of]}÷{titles[measured.to]}{times}"
    if one.measure == "change":
        unit = {"percent": "变化的百分比", "points": "变化的百分点", "absolute": "变化的数"}[measured.as_]
        return f"{titles[measured.of]}{BASES[measured.against]}{unit}"
    if one.measure == "total":
        return "＋".join(titles[key] for key in measured)
    if one.measure == "difference":
        return f"{titles[measured.of]}－{titles[measured.less]}"
    register = category.registers[one.register]
    rows = f"“{register.title}”里" + (
        f"{condition(category, one.register, one.where)}的行" if one.where != Every(()) else "的行"
    )
    told = _measured(category, one, measured)
    on = f"，按{field(category, one.register, one.on)}归入期间" if one.on else ""
    return f"{rows}，{told}{on}"


def _measured(category: CategoryDefinition, one: Indicator, measured: Any) -> str:
    if one.measure == "count":
        return "数行数"
    if one.measure == "stock":
        since = f"{field(category, one.register, measured.since)}不晚于当日" if measured.since else ""
        until = f"{field(category, one.register, measured.until)}没有填或晚于当日" if measured.until else ""
        return f"截至某日还在的行数（{'，'.join(w for w in (since, until) if w) or '全部'}）"
    name = field(category, one.register, measured.field)
    if one.measure == "newest":
        each = "、".join(field(category, one.register, path) for path in measured.each)
        return f"取最近一次的{name}" + (f"，按{each}分别取了再相加" if each else "")
    said = {"distinct": "数不重复的", "sum": "合计", "average": "平均", "least_of": "最小的", "greatest_of": "最大的"}
    return f"{said[one.measure]}{name}"


def rule(category: CategoryDefinition, one: Rule) -> str:
    """What a rule tests, in words made of its test's own labels."""
    model = type(one.test)
    scope = one.register
    parts = []
    for key, (slot, _needed) in slots(model).items():
        name = key if hasattr(one.test, key) else f"{key}_"
        value = getattr(one.test, name)
        there = getattr(one.test, getattr(slot, "register", "") or "", scope) or scope
        words = _of_subject(category, one, key, value) or _told(category, str(there), value)
        if words:
            parts.append(f"{slot.label}：{words}" if slot.label else words)
    when = condition(category, scope, one.when) if scope else ""
    told = f"{model.title}（{'；'.join(parts)}）"
    return f"{when}的行，{told}" if when else told


def _of_subject(category: CategoryDefinition, one: Rule, key: str, value: Any) -> str:
    """Words for what is said of the records a rule's ``by`` points at: the labels of their fields; "" for anything else."""
    by = getattr(one.test, "by", None)
    if key not in ("begins", "ends", "norm", "owes") or not value or not by:
        return ""
    if isinstance(value, dict):
        return "，".join(f"{field(category, one.register, (*by, name))}是“{said}”" for name, said in value.items())
    return field(category, one.register, (*by, value))


def _told(category: CategoryDefinition, register: str, value: Any) -> str:
    """A value of a slot in words; "" for what is not said."""
    if value is None or value is False or value in ((), "", 10**9, Every(())):
        return ""
    if value is True:
        return "是"
    if isinstance(value, Constant | FieldAt | Today | Apply):
        return term(category, register, value)
    if isinstance(value, Every | AnyOf | Not | Empty | Among | Compared | Contains):
        return condition(category, register, value)
    if isinstance(value, dict):
        return "，".join(f"{key}是“{one}”" for key, one in value.items())
    if isinstance(value, tuple):
        return _several(category, register, value)
    if isinstance(value, str):
        return _named(category, value)
    return canonical(value) if isinstance(value, Decimal) else str(value)


def _several(category: CategoryDefinition, register: str, value: tuple[Any, ...]) -> str:
    if all(isinstance(one, str) for one in value) and category.scope.at(register).sort(value) is not None:
        return field(category, register, value)
    return "、".join(_told(category, register, one) for one in value)


def _named(category: CategoryDefinition, value: str) -> str:
    if value in EVERY:
        return EVERY[value]
    if value in category.indicators:
        return f"“{category.indicators[value].title}”"
    return f"“{category.registers[value].title}”" if value in category.registers else value
