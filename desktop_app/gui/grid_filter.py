"""What may be typed into the filter over a column, and the filters it comes to."""

from __future__ import annotations

import re
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
_COMPARED = Whole | Number | Money | Quantity | Day | Month | Moment | Due | Period


def example(kind: Kind[Any]) -> str:
    """What an empty filter shows."""
    if isinstance(kind, Day | Due | Moment):
        return "11.3 或 ≥11.1"
    if isinstance(kind, _COMPARED):
        return "≥5 或 5~10"
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
    between = _RANGE.fullmatch(typed) if isinstance(kind, _COMPARED) else None
    if between is not None:
        bounds = [rows_filters.typed(schema, field.name, f"{sign}{part}") for sign, part in _signed(between)]
        return [one for one in bounds if one is not None]
    if isinstance(kind, Day | Month | Whole | Number | Money):
        exact = _exact(kind, typed)
        if exact is not None:
            return [Filter(field.name, "equals", exact)]
    found = rows_filters.typed(schema, field.name, typed)
    return [found] if found is not None else []


def _signed(between: re.Match[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (">=", between[1]), ("<=", between[2])


def _exact(kind: Kind[Any], typed: str) -> Any:
    """The value that is typed as a whole; None where it is a part of one, or a question."""
    try:
        return kind.parse(typed)
    except Refusal:
        return None
