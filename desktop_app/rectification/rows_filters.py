"""Filters over a register: what may be asked of a column, and the SQL it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import orjson
from sqlalchemy import ColumnElement, FromClause, and_, false, func, or_, select

from db.errors import Refusal
from db.ledger import sameness
from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema import composite, kinds, links
from db.schema.kinds import Kind
from db.schema.record import Schema
from db.schema.typed import plain
from db.store.tables import dumps
from desktop_app.rectification import rows_shown

Test = Literal["contains", "equals", "any_of", "least", "most", "empty", "filled"]
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Filter:
    """One question to a column. ``value`` is text for contains, a working value for equals, least and most, a tuple of
    working values (``None``: absent) for any_of; nothing for empty and filled."""

    field: str
    test: Test
    value: Any = None


def condition(facts: Facts, schema: Schema, source: FromClause, asked: Filter) -> Condition:
    """The SQL of a filter; ``Refusal`` when the register has no such field, or its kind knows no such question."""
    if asked.field == "id":  # the rows behind a number
        return source.c.id.in_(list(asked.value))
    kind = schema.kinds().get(asked.field)
    if kind is None or asked.field not in source.c:
        raise Refusal(f"“{schema.title}”没有“{asked.field}”这一项。", "请核对栏目名称。", "excel")
    column = source.c[asked.field]
    if asked.test == "empty":
        return column.is_(None)
    if asked.test == "filled":
        return column.is_not(None)
    if asked.test == "contains":
        return contains(facts, kind, source, asked.field, str(asked.value))
    if isinstance(kind, links.Ref) and asked.value is not None:
        return _pointed(facts, kind, column, asked)
    if asked.test == "equals":
        return _equals(kind, column, asked.value)
    if asked.test == "any_of":
        return _any_of(kind, column, tuple(asked.value))
    return _bounded(kind, source, asked)


def _pointed(facts: Facts, kind: links.Ref, column: ColumnElement[Any], asked: Filter) -> Condition:
    """What points at one of these records, or at one that is the same."""
    values = (asked.value,) if asked.test == "equals" else tuple(asked.value)
    named = [one for one in values if one is not None]
    absent = (None,) if None in values else ()
    return _any_of(kind, column, (*sameness.meant(facts, kind.to, named), *absent))


def _equals(kind: Kind[Any], column: ColumnElement[Any], value: Any) -> Condition:
    if value is None:
        return column.is_(None)
    if isinstance(kind, links.Refs | links.Texts) and isinstance(value, str):  # one of a list
        return column.contains(dumps(value), autoescape=True)
    equal: Condition = column == kept(kind, value)
    return equal


def kept(kind: Kind[Any], value: Any) -> Any:
    """A working value as it stands in its column."""
    stored = kind.store(value)
    return dumps(stored) if kind.structured else int(stored) if isinstance(stored, bool) else stored


def _any_of(kind: Kind[Any], column: ColumnElement[Any], values: tuple[Any, ...]) -> Condition:
    if isinstance(kind, links.Refs | links.Texts):
        return or_(false(), *(_equals(kind, column, value) for value in values))
    within = column.in_([kept(kind, value) for value in values if value is not None])
    return or_(within, column.is_(None)) if None in values else within


def _bounded(kind: Kind[Any], source: FromClause, asked: Filter) -> Condition:
    if hasattr(source.c, f"{asked.field}__start"):  # periods: those that touch the days from here, up to here
        start, end = source.c[f"{asked.field}__start"], source.c[f"{asked.field}__end"]
        day = asked.value.isoformat()
        touches: Condition = (
            func.coalesce(end, "~") >= day if asked.test == "least" else func.coalesce(start, "") <= day
        )
        return touches
    column = rows_shown.measure(kind, source, asked.field)
    if column is None:
        raise Refusal(f"“{kind.label}”不能比较大小。", "请改用“包含”或“等于”。", "excel")
    bound: Any = asked.value
    if isinstance(bound, datetime | date) and not isinstance(kind, kinds.Moment):
        bound = bound.isoformat()[:10]
    elif isinstance(kind, kinds.Moment):
        bound = kind.store(bound)
    elif not isinstance(bound, str | int):
        bound = float(bound)
    held: Condition = column >= bound if asked.test == "least" else column <= bound
    return held


def contains(facts: Facts, kind: Kind[Any], source: FromClause, name: str, text: str) -> Condition:
    """Whether what a cell shows holds these words, blanks at their ends left out; case is no matter."""
    words = " ".join(text.split())
    column = source.c[name]
    if isinstance(kind, links.Ref) and kind.to in facts.tables.records:
        target = facts.tables.records[kind.to]
        told = rows_shown.line(facts, target.schema, target.table)
        return column.in_(select(target.table.c.id).where(told.icontains(words, autoescape=True)))
    if isinstance(kind, links.Refs):
        return _any_pointed(facts, kind, column, words)
    if isinstance(kind, kinds.Money):
        words = plain(words).replace(",", "").replace("，", "").removesuffix("元")
    elif isinstance(kind, links.Texts):
        words = orjson.dumps(words).decode()[1:-1]
    return rows_shown.cell(facts, kind, source, name).icontains(words, autoescape=True)


_MANY = 300


def _any_pointed(facts: Facts, kind: links.Refs, column: ColumnElement[Any], words: str) -> Condition:
    """Lists of references that hold one whose line holds the words."""
    ids = [key for key, line in lines_of(facts, kind.to).items() if words.lower() in line.lower()]
    if len(ids) > _MANY:
        raise Refusal(f"“{words}”太常见，找到的{kind.label}太多。", "请多写几个字。", "excel")
    return or_(false(), *(column.contains(dumps(one)) for one in ids))


def text_condition(facts: Facts, schema: Schema, source: FromClause, text: str) -> Condition:
    """Rows that show every one of these words somewhere."""
    fields = [(one.kind, one.name) for one in schema.fields if one.name in source.c]
    found = [
        or_(false(), *(contains(facts, kind, source, name, word) for kind, name in fields)) for word in text.split()
    ]
    return and_(*found) if found else source.c.id.is_not(None)


def typed(schema: Schema, field: str, text: str) -> Filter | None:
    """What is typed into a filter row → the filter: words to be found; ≥5, <=2021-12-31, =是, 空, 非空; None for nothing.

    ``Refusal`` when a bound is no value of the column. References are asked by their words.
    """
    asked = " ".join(text.replace("≥", ">=").replace("≤", "<=").replace("＝", "=").split())
    kind = schema.field(field).kind
    if not asked:
        return None
    if asked in ("空", "空白", "=空", "="):
        return Filter(field, "empty")
    if asked in ("非空", "有", "=*", "*"):
        return Filter(field, "filled")
    for sign, test in _SIGNS:
        if asked.startswith(sign):
            return Filter(field, test, _bound(kind, asked.removeprefix(sign).strip()))
    if asked.startswith("=") and not isinstance(kind, links.Ref | links.Refs):
        return Filter(field, "equals", kind.parse(asked[1:]))
    if isinstance(kind, kinds.Choice):
        words = asked.lower()
        found = tuple(key for key, word in kind.of.items() if words in word.lower())
        return Filter(field, "any_of", found)
    return Filter(field, "contains", asked.removeprefix("="))


def _bound(kind: Kind[Any], text: str) -> Any:
    """What a bound compares by: the number of a quantity, the day of a deadline or a period."""
    if isinstance(kind, composite.Due | composite.Period):
        kind = kinds.Day(kind.label)
    value = kind.parse(text)
    if value is None:
        raise kind.wrong("后面没有写数。")
    return value.value if isinstance(value, composite.Amount) else value


_SIGNS: Sequence[tuple[str, Test]] = ((">=", "least"), ("<=", "most"))
