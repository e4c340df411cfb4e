"""Working values of every kind, as strategies; the kinds and fields are found, not listed."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from db.errors import Refusal
from db.schema import body, composite, kinds, links, prose
from db.schema.kinds import Kind
from db.schema.records import SCHEMAS
from db.schema.typed import UNPRINTABLE
from db.schema.wording import STRENGTHS

_CHARACTERS = st.one_of(
    st.sampled_from("的一是整改通报二〇二一年十二月底前，。：；、？！“”《》（）【】％％㎡·—…　０１９ａＺ／．－＋"),
    st.sampled_from("0123456789 .,-+%/:;()[]{}ab Z~\t\n余近约至"),
    st.characters(codec="utf-8"),
)
TYPED = st.text(_CHARACTERS, max_size=40)
"""What somebody may type: Chinese, digits of both widths, brackets, blanks, and anything at all."""
_LINE = TYPED.map(lambda typed: " ".join(typed.split()))
_PARAGRAPHS = st.lists(_LINE.filter(bool), min_size=1, max_size=3).map("\n".join)
_IDS = st.from_regex(r"[0-9A-Za-z_.:-]{1,64}", fullmatch=True)
_DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
_NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**18), max_value=10**18),
    st.integers(-(10**6), 10**6).map(Decimal),
    st.decimals(allow_nan=False, allow_infinity=False),
)
_WHOLE = st.one_of(st.integers(-(10**18), 10**18), st.integers(0, 200))
_DEADLINES = st.builds(
    composite.Deadline,
    st.one_of(
        _LINE, st.sampled_from(["2021年12月底前", "年底前", "今年年底", "长期坚持", "12月", "争取二季度", "2021.7.5"])
    ),
    st.none() | _DAYS,
    st.sampled_from(["", *STRENGTHS]),
    st.none() | st.integers(1900, 2999),
)
_AMOUNTS = st.builds(
    composite.Amount,
    _NUMBERS,
    st.one_of(st.sampled_from(["件", "人", "%", "万元", "", "个百分点", "公里", "㎡", "L/100km"]), _LINE),
    st.sampled_from(composite.QUALIFIERS),
)
_SPANS = st.builds(
    composite.Span, st.none() | _DAYS, st.none() | _DAYS, _LINE | st.sampled_from(["", "上半年", "教育整顿期间"])
)
_SHEETS = st.builds(
    composite.Sheet,
    _LINE,
    st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    st.integers(0, 10**15),
    st.sampled_from(["application/pdf", "image/jpeg", "text/x-c++", "application/vnd.ms-excel"]),
)
_WORDS = TYPED.filter(lambda typed: not UNPRINTABLE.search(typed))
_BODIES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | _WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=20,
).filter(lambda made: isinstance(made, dict | list))
_BY_KIND: dict[type[Kind[Any]], st.SearchStrategy[Any]] = {
    kinds.Whole: _WHOLE,
    kinds.Number: _NUMBERS,
    kinds.Money: _WHOLE,
    kinds.Day: _DAYS,
    kinds.Month: _DAYS.map(lambda day: day.isoformat()[:7]),
    kinds.Moment: st.datetimes(datetime(1, 1, 1)).map(lambda t: t.replace(second=0, microsecond=0)),  # noqa: DTZ001
    kinds.YesNo: st.booleans(),
    links.Ref: _IDS,
    links.Refs: st.lists(_IDS, unique=True, min_size=1, max_size=4).map(tuple),
    links.Texts: st.lists(_LINE, min_size=1, max_size=4).map(tuple),
    body.Body: _BODIES,
    prose.Prose: _PARAGRAPHS,
    composite.Due: _DEADLINES,
    composite.Quantity: _AMOUNTS,
    composite.Period: _SPANS,
    composite.Paper: _SHEETS,
}


def lets_pass(kind: Kind[Any], value: Any) -> bool:
    """Whether ``check`` lets the value pass."""
    try:
        kind.check(value)
    except Refusal:
        return False
    return True


def values(kind: Kind[Any]) -> st.SearchStrategy[Any]:
    """Working values that ``check`` lets pass; ``KeyError`` for a kind nobody made values for."""
    if isinstance(kind, kinds.Choice):
        return st.sampled_from(sorted(kind.of))
    if isinstance(kind, kinds.Text):
        made: st.SearchStrategy[Any] = _LINE | st.from_regex(re.compile(kind.pattern or r"\w+"), fullmatch=True)
    elif isinstance(kind, kinds.Whole) and kind.least is not None:
        made = st.integers(kind.least, 10**18)
    else:
        made = _BY_KIND[type(kind)]
    return made.filter(lambda value: lets_pass(kind, value))


@cache
def every_kind() -> tuple[type[Kind[Any]], ...]:
    """Every kind there is in the program."""

    def below(cls: type[Any]) -> list[type[Any]]:
        return [one for sub in cls.__subclasses__() for one in (sub, *below(sub))]

    return tuple(sorted({one for one in below(Kind) if one.__module__.startswith("db.")}, key=lambda one: one.__name__))


def _field_key(kind: Kind[Any]) -> str:
    unlike = {"label", "help", "section", "listed", "publicity", "required"}
    return repr((type(kind).__name__, {k: v for k, v in vars(kind).items() if k not in unlike}))


@cache
def fields() -> dict[str, Kind[Any]]:
    """``schema.field`` → kind, one field for every way a kind is used in the records of the core."""
    found: dict[str, tuple[str, Kind[Any]]] = {}
    for schema in SCHEMAS.values():
        for one in schema.fields:
            found.setdefault(_field_key(one.kind), (f"{schema.name}.{one.name}", one.kind))
    return dict(found.values())


@cache
def variants() -> dict[str, Kind[Any]]:
    """Kinds set up in ways no record uses yet."""
    return {
        "number in a unit": kinds.Number("率", unit="%", least=0, most=100),
        "number": kinds.Number("数"),
        "whole in a unit": kinds.Whole("人数", unit="人", least=-5, most=10**6),
        "money below nought": kinds.Money("差额", least=None),
        "money": kinds.Money("金额"),
        "month": kinds.Month("月份"),
        "moment": kinds.Moment("时间"),
        "short text": kinds.Text("短", longest=3),
        "refs": links.Refs("人员", to="person"),
        "period": composite.Period("期间"),
        "quantity": composite.Quantity("数量"),
    }
