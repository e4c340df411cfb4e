"""Fields of a register: a table with the kind as key and the label as its value, and the options of that kind.

``litres = { number = "加油量", unit = "L", least = 0, required = true }``. A computed field is kept nowhere: it is reckoned from
the others: ``rate = { computed = "空编率", percent = [{ minus = ["approved", "filled"] }, "approved"], places = 1, unit = "%" }``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from db.errors import Refusal
from db.schema import composite, kinds, links, prose
from db.schema.definition import patterns
from db.schema.definition.bounds import LABEL
from db.schema.definition.scope import OWN, Scope, Sort
from db.schema.definition.slots import KEY, number
from db.schema.definition.terms import OPERATIONS, Term, read_term, sort_of_term
from db.schema.definition.wrong import Wrong, listed
from db.schema.kinds import Kind
from db.schema.record import RESERVED

KINDS: dict[str, type[Kind[Any]]] = {
    "text": kinds.Text,
    "prose": prose.Prose,
    "whole": kinds.Whole,
    "number": kinds.Number,
    "money": kinds.Money,
    "day": kinds.Day,
    "month": kinds.Month,
    "moment": kinds.Moment,
    "yesno": kinds.YesNo,
    "choice": kinds.Choice,
    "ref": links.Ref,
    "refs": links.Refs,
    "texts": links.Texts,
    "due": composite.Due,
    "quantity": composite.Quantity,
    "period": composite.Period,
    "paper": composite.Paper,
}
"""The word a definition uses for a kind → the kind."""

KIND_TITLES: dict[str, str] = {
    "text": "一行文字",
    "prose": "多段文字",
    "whole": "整数",
    "number": "数字（可有小数）",
    "money": "金额",
    "day": "日期",
    "month": "年月",
    "moment": "日期和时间",
    "yesno": "是或否",
    "choice": "选项",
    "ref": "引用一条记录",
    "refs": "引用几条记录",
    "texts": "几项文字",
    "due": "时限（原文与日期）",
    "quantity": "带单位的数",
    "period": "期间",
    "paper": "文件",
    "computed": "算出的值",
}
"""The same → what the designer calls it."""

OPTION_TITLES: dict[str, str] = {
    "required": "必填",
    "listed": "在列表里显示",
    "unique": "不许重复",
    "help": "说明",
    "section": "归入哪一组",
    "publicity": "公开级别",
    "personal": "涉及个人",
    "default": "新增时先填",
    "retired": "停用",
    "longest": "最多字数",
    "pattern": "格式",
    "pattern_help": "格式说明",
    "unit": "单位",
    "least": "最小值",
    "most": "最大值",
    "of": "选项",
    "to": "引用什么",
    "owner": "从属于所引用的记录",
    "places": "小数位数",
    "source": "出处",
}
"""Option of a field → what the designer calls it; an option that is not here is not offered there."""

LEVELS: tuple[kinds.Publicity, ...] = ("public", "internal", "secret")
"""From what everybody may read to what nobody may."""
_TAKEN = ("today", "rowid", "oid")
"""Words that mean something in a term or in a table."""
_RANGES = {"longest": (1, 200_000), "places": (0, 9)}
"""Option that is a whole number → its bounds."""
_UNSET = ("label", "facets", "structured", "flag", "column")
_TYPES: dict[str, type[Any]] = {"bool": bool, "int": int, "str": str}


@dataclass(frozen=True)
class FieldSpec:
    """A field that is entered: its key, its kind, and the seed's lines it comes from."""

    name: str
    kind: Kind[Any]
    source: str = ""


@dataclass(frozen=True)
class ComputedSpec:
    """A field that is reckoned from others: label, term, how it is shown."""

    name: str
    label: str
    term: Term
    sort: Sort
    unit: str = ""
    places: int = 2
    listed: bool = False
    help: str = ""
    source: str = ""
    retired: bool = False
    publicity: kinds.Publicity = "public"


def options(name: str) -> dict[str, str]:
    """Option → its Python type, of the kind a definition calls ``name``; what a field of it may say."""
    return {
        one.name: str(one.type)
        for one in fields(KINDS[name])
        if one.name not in _UNSET and not one.name.startswith("_")
    }


def read_field(name: str, raw: Any, category: str) -> FieldSpec:
    """A raw table → a field that is entered; ``Wrong`` at a key."""
    word = kind_word(name, raw)
    kind = KINDS[word]
    known = options(word)
    values: dict[str, Any] = {}
    source = ""
    for key, value in raw.items():
        if key == word:
            continue
        if key == "source":
            source = _typed(key, value, "str")
        elif key == "of" and word == "choice":
            values["of"] = _choices(value)
        elif key not in known:
            extra = ["source", *(["of"] if word == "choice" else [])]
            raise Wrong(
                (str(key),), f"“{KIND_TITLES[word]}”没有“{key}”这个选项。", f"可写：{listed([*known, *extra])}。"
            )
        else:
            values[key] = _typed(key, value, known[key])
    if word == "choice" and not values.get("of"):
        raise Wrong((), "还没有写有哪些选项（of）。", '如 of = ["在用", "停用"]。')
    if word in ("ref", "refs"):
        values["to"] = _target(values.get("to", ""), category)
    return FieldSpec(name, _made(kind, str(raw[word]), values), source)


def kind_word(name: str, raw: Any) -> str:
    """Which kind a raw field is of; ``Wrong`` when it says none or several, or its key is no key."""
    if not KEY.fullmatch(name):
        raise Wrong((), f"字段的代号“{name}”不能用。", "用小写英文字母、数字和下划线，以字母开头。")
    if not isinstance(raw, Mapping):
        raise Wrong((), "字段要写成一组“项 = 值”。", '如 { text = "车牌号", required = true }。')
    words = [word for word in (*KINDS, "computed") if word in raw]
    if "computed" in words:
        words = ["computed"]  # an operation may be called like a kind
    if len(words) != 1:
        raise Wrong(
            (), f"字段“{name}”要说明是哪一种，现在写了 {len(words)} 种。", f"可写：{listed((*KINDS, 'computed'))}。"
        )
    if not isinstance(raw[words[0]], str) or not str(raw[words[0]]).strip():
        raise Wrong((words[0],), "后面要写字段的中文名称。")
    if len(raw[words[0]]) > LABEL:
        raise Wrong((words[0],), f"字段的名称最多 {LABEL} 个字。", "长的话写在说明里。")
    return words[0]


def free_key(name: str) -> None:
    """``Wrong`` for a key that means something else already: of every row, of a column beside another (``norm__number``)."""
    if name in (*OWN, *RESERVED, *_TAKEN):
        advice = "每个登记表都已有单位、所属问题、公开级别、备注。"
        raise Wrong((), f"字段的代号不能用“{name}”，它是程序自己的。", advice)
    if "__" in name:
        raise Wrong((), f"字段的代号“{name}”里不能有两个连着的下划线。", "请换一个代号。")


def _made(kind: type[Kind[Any]], label: str, values: dict[str, Any]) -> Kind[Any]:
    made = kind(label, **values)
    if made.publicity not in LEVELS:
        raise Wrong(("publicity",), f"没有“{made.publicity}”这种公开级别。", "可写：public、internal、secret。")
    if isinstance(made, kinds.Text) and made.pattern:  # before the default is held against it
        try:
            patterns.checked(made.pattern, made.longest)
        except Wrong as wrong:
            raise Wrong(("pattern",), f"“{label}”的格式{wrong.what}", wrong.advice) from None
    least, most = getattr(made, "least", None), getattr(made, "most", None)
    if least is not None and most is not None and least > most:
        raise Wrong(("least",), f"“{label}”的最小值 {least} 比最大值 {most} 还大。", "请改正其中一个。")
    if made.default:
        try:
            made.parse(made.default)
        except Refusal as wrong:
            raise Wrong(("default",), wrong.sentence, wrong.advice) from None
    return made


def _typed(key: str, value: Any, kind: str) -> Any:
    wanted = next((type_ for word, type_ in _TYPES.items() if kind.startswith(word)), None)
    if key in ("least", "most"):
        found = number(value)
        if found is None:
            raise Wrong((key,), "要写数字。")
        return int(found) if kind.startswith("int") or found == found.to_integral_value() else found
    if wanted is None:
        wanted = str
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        said = {"bool": "true 或 false", "int": "整数", "str": "文字"}[wanted.__name__]
        raise Wrong((key,), f"后面要写{said}。")
    if key in _RANGES:
        lowest, greatest = _RANGES[key]
        if not lowest <= value <= greatest:
            raise Wrong((key,), f"要写 {lowest} 至 {greatest} 的整数。")
    return value


def _choices(raw: Any) -> dict[str, str]:
    """``of``: a list of words, or a table of key = word; a word alone is its own key."""
    words = raw if isinstance(raw, list) and all(isinstance(one, str) for one in raw) else []
    pairs = raw if isinstance(raw, Mapping) else {one: one for one in words}
    if not pairs or not all(isinstance(k, str) and isinstance(w, str) and w.strip() for k, w in pairs.items()):
        raise Wrong(("of",), "要写方括号里的一组文字。", '如 of = ["在用", "停用"]。')
    if len(set(pairs.values())) != len(pairs) or (isinstance(raw, list) and len(raw) != len(pairs)):
        raise Wrong(("of",), "里有重复的选项。")
    return dict(pairs)


def _target(to: str, category: str) -> str:
    if not to:
        raise Wrong((), "引用要写 to（引用哪个登记表）。", '如 to = "vehicle"，或 unit、person、problem、measure。')
    return to if "." in to else f"{category}.{to}" if not _core(to) else to


def _core(to: str) -> bool:
    from db.schema.records import SCHEMAS

    return to in SCHEMAS


_SHOWN: frozenset[str] = frozenset(("number", "money", "day", "yesno", "text"))


def read_computed(name: str, raw: Mapping[str, Any], scope: Scope) -> ComputedSpec:
    """A raw table → a computed field of the scope's register."""
    known = {
        "unit": "str",
        "listed": "bool",
        "help": "str",
        "source": "str",
        "retired": "bool",
        "places": "int",
        "publicity": "str",
    }
    values: dict[str, Any] = {}
    term: Term | None = None
    for key, value in raw.items():
        if key == "computed":
            continue
        if key in OPERATIONS:
            if term is not None:
                raise Wrong((key,), "只能写一种运算。")
            term = read_term({key: value}, scope)
        elif key in known:
            values[key] = _typed(key, value, known[key])
        else:
            raise Wrong((str(key),), f"算出的字段没有“{key}”这个选项。", f"可写：{listed([*OPERATIONS, *known])}。")
    if term is None:
        raise Wrong((), "算出的字段要写怎样算。", f"可写：{listed(OPERATIONS)}。")
    if values.get("publicity", "public") not in LEVELS:
        raise Wrong(("publicity",), f"没有“{values['publicity']}”这种公开级别。", "可写：public、internal、secret。")
    sort = sort_of_term(term, scope)
    if sort not in _SHOWN:
        raise Wrong((), "算出来的值不能显示。")
    return ComputedSpec(name, raw["computed"], term, sort, **values)


def own_fields(publicity: kinds.Publicity) -> tuple[FieldSpec, ...]:
    """The fields every register has after its own; ``publicity`` is what a new row begins with."""
    from db.schema.records import words

    return (
        FieldSpec("unit", links.Ref("单位", to="unit", listed=True, section="归属", help="这一行属于哪个单位")),
        FieldSpec("problem", links.Ref("所属问题", to="problem", section="归属", indexed=False)),
        FieldSpec(
            "publicity",
            kinds.Choice("公开级别", of=words.PUBLICITY, section="归属", default=words.PUBLICITY[publicity]),
        ),
        FieldSpec("remark", kinds.Text("备注", longest=2000, section="归属")),
    )


def stricter(kind: Kind[Any], publicity: kinds.Publicity) -> Kind[Any]:
    """A kind no less withheld than its register."""
    return kind if LEVELS.index(kind.publicity) >= LEVELS.index(publicity) else replace(kind, publicity=publicity)
