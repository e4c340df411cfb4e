"""Rules: what must hold, as data. A rule has a title, a basis, advice, and exactly one test of those below.

``[rule.rotation]  register = "post"  title = "同一岗位满十年应当交流"  tenure = { since = "since", years = 10, warn = 9 }``

``hard`` refuses a form that breaks it (tests of one row, unique, different); any other is a warning a clerk may confirm with a
reason. ``when`` narrows the rows a test looks at. ``passes`` and ``finds`` are examples: rows the rule has nothing against, and
rows it finds; each may say ``today``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from db.schema.days import read_day
from db.schema.definition.conditions import ALWAYS, Condition, ConditionSlot, operand
from db.schema.definition.patterns import checked
from db.schema.definition.row_tests import (
    AtMost,
    Band,
    Different,
    Due,
    Never,
    Order,
    Pattern,
    Range,
    Rate,
    Required,
    Same,
    Sum,
    Tenure,
    Validity,
)
from db.schema.definition.scope import Scope
from db.schema.definition.set_tests import (
    Balance,
    Complete,
    Consecutive,
    Continuous,
    Deviation,
    Interval,
    Matched,
    Near,
    Obligation,
    Overlap,
    Split,
    Subset,
    Target,
    Unique,
    Within,
)
from db.schema.definition.slots import Flag, OneOf, RegisterKey, Words, read_model, slots
from db.schema.definition.terms import sort_of_term
from db.schema.definition.wrong import Wrong, listed

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


@dataclass(frozen=True)
class Rule:
    """A rule. ``test`` is one of ``TESTS``; ``register`` the register its rows are in ("" where it looks at indicators alone)."""

    key: str
    test: Any
    title: Annotated[str, Words("名称", longest=80)]
    register: Annotated[str, RegisterKey("登记表")] = ""
    when: Annotated[Condition, ConditionSlot("只看哪些行")] = ALWAYS
    hard: Annotated[bool, Flag("不许保存")] = False
    severity: Annotated[str, OneOf("程度", of=("error", "warning", "note"), words=("错误", "提醒", "提示"))] = "warning"
    basis: Annotated[str, Words("依据")] = ""
    advice: Annotated[str, Words("怎么办")] = ""
    source: Annotated[str, Words("出处")] = ""
    publicity: Annotated[
        str, OneOf("公开级别", of=("public", "internal", "secret"), words=("公开", "内部", "不公开"))
    ] = "public"
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
    if register and register not in scope.fields:
        raise Wrong(("register",), f"没有“{register}”这个登记表。", f"登记表有：{listed(scope.fields)}。")
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
    if isinstance(body, dict):
        if name == "matched":
            return _matched(body, here, scope)
        if name in _BOUNDS:
            return _bounded(name, body, here)
    made = read_model(TESTS[name], body, here)
    _sound(name, made, here)
    return made


def _matched(body: dict[str, Any], here: Scope, scope: Scope) -> Matched:
    other = scope.at(str(body.get("register", "")))
    made = read_model(Matched, {k: v for k, v in body.items() if k != "on"}, here, {"on": ()})
    if "on" not in body:
        raise Wrong((), "缺少“on”（对应表字段）。", "请补上。")
    try:
        paths = slots(Matched)["on"][0].read(body["on"], other)
    except Wrong as wrong:
        raise wrong.within(("on",)) from None
    if len(paths) != len(made.by):
        raise Wrong(("on",), "与 by 的项数不同。", "两边的字段要一一对应。")
    return replace(made, on=paths)


def _sound(name: str, made: Any, here: Scope) -> None:
    """What the keys of a test must be together."""
    if name == "due" and (made.until is None) == (made.start is None):
        raise Wrong((), "期限要写 until，或写 start 和 days（或 months），二者取一。")
    if name == "due" and made.start is not None and (made.days is None) == (made.months is None):
        raise Wrong((), "起算之后要写 days 或 months，二者取一。")
    if name == "target" and (made.least is None) == (made.most is None):
        raise Wrong((), "目标要写 least 或 most，二者取一。")
    if name in ("obligation", "deviation"):
        _subject(made, here)
    if name == "pattern":
        _pattern(made, here)
    day = getattr(made, "by_day", "")
    if day and read_day(day if len(day) > 5 else f"2000-{day}") is None:
        raise Wrong(("by_day",), f"没有“{day}”这一天。", "请写成 12-31，或 2021-12-31。")
    terms = made.terms if name == "at_most" else (made.total, *made.parts) if name == "sum" else ()
    if len({sort_of_term(one, here) for one in terms}) > 1:
        raise Wrong((), "各项的类型不同，不能比较。", "金额与金额比，数字与数字比。")


def _pattern(made: Pattern, here: Scope) -> None:
    """A pattern must be one that no text of the field keeps busy."""
    kind = here.kind(made.field)
    try:
        checked(made.matches, getattr(kind, "longest", 500))
    except Wrong as wrong:
        raise Wrong(("matches",), f"格式{wrong.what}", wrong.advice) from None


_BOUNDS = {"range": ("field", ("least", "most", "above", "below")), "split": ("amount", ("limit",))}
"""Tests whose bounds are values of one of their fields, written as a clerk types them."""


def _bounded(name: str, body: dict[str, Any], here: Scope) -> Any:
    """A test with its bounds read as values of the field they bound."""
    key, bounds = _BOUNDS[name]
    rest = {k: v for k, v in body.items() if k not in bounds}
    for needed in (key, *(b for b in bounds if name == "split")):
        if needed not in body:
            raise Wrong((), f"缺少“{needed}”（{slots(TESTS[name])[needed][0].label}）。", "请补上。")
    path = slots(TESTS[name])[key][0]
    given: dict[str, Any] = {}
    for bound in bounds:
        try:
            if bound in body:
                given[bound] = operand(path.read(body[key], here), body[bound], here)
        except Wrong as wrong:
            raise wrong.within((bound,)) from None
    made = read_model(TESTS[name], rest, here, given)
    if name == "range" and not given:
        raise Wrong((), "范围要写 least、most、above、below 中的一项。")
    return made


def _with_examples(rule: Rule, raw: dict[str, Any]) -> Rule:
    found: dict[str, tuple[Any, ...]] = {}
    for name in ("passes", "finds"):
        cases = raw.get(name, [])
        if not isinstance(cases, list) or not all(isinstance(one, dict) for one in cases):
            raise Wrong((name,), "要写方括号里的一组例子。")
        found[name] = tuple(cases)
    return replace(rule, passes=found["passes"], finds=found["finds"])


def _subject(made: Any, here: Scope) -> None:
    """What a test says of the records its ``by`` points at must be fields of theirs."""
    named = [getattr(made, key, "") for key in ("begins", "ends", "norm")]
    wanted = [name for name in (*named, *(getattr(made, "owes", None) or ())) if name]
    for name in wanted:
        if made.by is None or here.kind((*made.by, name)) is None:
            by = ".".join(made.by or ())
            raise Wrong((), f"“{by}”所引用的记录没有“{name}”这个字段。", "by 要写一个引用字段，后面写它的字段名。")
