"""What may be typed into the filter over a column, and the filters it comes to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from db.errors import Refusal
from db.schema import pinyin
from db.schema.composite import Due, Period, Quantity
from db.schema.kinds import Choice, Day, Kind, Moment, Money, Month, Number, Whole, YesNo
from db.schema.links import Ref, Refs
from db.schema.record import Field, Schema
from desktop_app.gui.editor_words import fragments
from desktop_app.rectification import rows_filters
from desktop_app.rectification.rows_filters import Filter

_RANGE = re.compile(r"(.+?)\s*(?:~|～|—|至|到)\s*(.+)")
_MORE = re.compile(r"(?:[>＞](?![=＝])|大于|超过|多于|晚于)\s*(.+)")
_LESS = re.compile(r"(?:[<＜](?![=＝])|小于|少于|不到|早于)\s*(.+)")
_OR_MORE = re.compile(r"(?:不少于|不低于|不小于|[>＞][=＝])\s*(.+)|(.+?)\s*(?:及以上|以上)")
_OR_LESS = re.compile(r"(?:不超过|不高于|不大于|[<＜][=＝])\s*(.+)|(.+?)\s*(?:及以下|以下)")
_EMPTY = ("空", "空白", "非空", "有")
_COMPARED = Whole | Number | Money | Quantity | Day | Month | Moment | Due | Period


def example(kind: Kind[Any]) -> str:
    """What an empty filter shows."""
    if isinstance(kind, Day | Due | Moment):
        return "11.3 或 ≥11.1"
    if isinstance(kind, _COMPARED):
        return "≥5 或 5~10"
    if isinstance(kind, YesNo):
        return "是 或 否"
    return "拼音首字母也行" if isinstance(kind, Choice | Ref | Refs) else "包含…"


def filters(field: Field, typed: str, schema: Schema) -> list[Filter]:
    """What is typed → the filters; ``Refusal`` when it is a bound that cannot be read.

    Beside what ``rows_filters.typed`` takes: 5~10, a day or month as one types it in a cell, choices by their pinyin.
    """
    typed = " ".join(typed.split())
    kind = field.kind
    if not typed:
        return []
    if isinstance(kind, Choice | YesNo) and not typed.startswith(("=", "空", "非空", "*")):
        known = kind.of if isinstance(kind, Choice) else {True: "是", False: "否"}
        pairs = [(word, key) for key, word in known.items()]
        meant: list[Any] = [key for part in fragments(typed) for _word, key in pinyin.found(part, pairs)]
        return [Filter(field.name, "any_of", tuple(dict.fromkeys(meant)))]
    if isinstance(kind, _COMPARED):
        typed = _with_sign(typed)
    if isinstance(kind, Whole | Money | Day) and (_MORE.fullmatch(typed) or _LESS.fullmatch(typed)):
        return [_strict(field.name, kind, typed)]
    between = _RANGE.fullmatch(typed) if isinstance(kind, _COMPARED) else None
    if between is not None:
        bounds = [rows_filters.typed(schema, field.name, f"{sign}{part}") for sign, part in _signed(between)]
        return [one for one in bounds if one is not None]
    if isinstance(kind, Day | Month | Whole | Number | Money):
        exact = _exact(kind, typed)
        if exact is not None:
            return [Filter(field.name, "equals", exact)]
        if typed not in _EMPTY and not re.search(r"[0-9０-９=*]", typed):
            kind.parse(typed)
    found = rows_filters.typed(schema, field.name, typed)
    return [found] if found is not None else []


def _with_sign(typed: str) -> str:
    """5万以上, 不少于 5万 and the like with the signs ≥ and ≤ instead."""
    for sign, meant in (("≥", _OR_MORE), ("≤", _OR_LESS)):
        found = meant.fullmatch(typed)
        if found is not None:
            return f"{sign}{found[1] or found[2]}"
    return typed


def _strict(name: str, kind: Whole | Money | Day, typed: str) -> Filter:
    """More or less than a bound, which is itself left out: by a fen, a day, a piece."""
    more, less = _MORE.fullmatch(typed), _LESS.fullmatch(typed)
    bound: Any = kind.parse((more or less or [typed, typed])[1])
    step: Any = timedelta(days=1) if isinstance(kind, Day) else 1
    return Filter(name, "least", bound + step) if more else Filter(name, "most", bound - step)


def _signed(between: re.Match[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (">=", between[1]), ("<=", between[2])


def _exact(kind: Kind[Any], typed: str) -> Any:
    """The value that is typed as a whole; None where it is a part of one, or a question."""
    try:
        return kind.parse(typed)
    except Refusal:
        return None
