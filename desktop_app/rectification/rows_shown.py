"""What a cell of a register shows, in the two forms a list needs: as SQL to search and to sort by, and as words by id.

A reference shows the line of the record it points at. SQL and words say the same but for blanks at the ends of a line
with absent fields, which no search and no order hangs on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, ColumnElement, FromClause, Text, case, func, literal, null, select, type_coerce
from sqlalchemy import cast as sql_cast

from db.ledger.facts import Facts
from db.schema import composite, kinds, links
from db.schema.kinds import Kind
from db.schema.record import Record, Schema
from db.schema.wording import STRENGTHS

DEPTH = 3
"""How many references a line may hold inside one another: a row of a row of a row, then the bare id."""
_MARK = re.compile(r"\{(\w+)\}")
_ENDS = " .、·"
Words = ColumnElement[str]


def cell(facts: Facts, kind: Kind[Any], source: FromClause, name: str, depth: int = DEPTH) -> Words:
    """The SQL of what a cell shows as text; NULL where it is absent."""
    column = source.c[name]
    if isinstance(kind, links.Ref):
        return _pointed(facts, kind.to, column, depth) if depth else column
    if isinstance(kind, kinds.Choice):
        return case(*((column == key, word) for key, word in kind.of.items()), else_=column) if kind.of else column
    if isinstance(kind, kinds.YesNo):
        return case((column == 1, "是"), (column == 0, "否"), else_=null())
    if isinstance(kind, kinds.Money):
        return _yuan(column)
    if isinstance(kind, kinds.Moment):
        return func.replace(column, "T", " ")
    if isinstance(kind, links.Texts | links.Refs):
        return func.replace(func.substr(column, 3, func.length(column) - 4), '","', "；")
    if isinstance(kind, composite.Quantity):
        return _quantity(column)
    if isinstance(kind, composite.Due | composite.Period | composite.Paper):
        return _parts(kind, source, name)
    return column if kind.column == "text" else sql_cast(column, Text)


def _yuan(column: ColumnElement[Any]) -> Words:
    """Fen → yuan without the commas: 1234.50."""
    amount = func.abs(column, type_=BigInteger)
    fen = amount % 100
    sign = case((column < 0, "-"), else_="")
    return sign + sql_cast(amount // 100, Text) + case((fen < 10, ".0"), else_=".") + sql_cast(fen, Text)


def _json(column: ColumnElement[Any], key: str) -> Words:
    return cast(Words, type_coerce(column, JSON)[key].as_string())


def quantity_value(column: ColumnElement[Any]) -> Words:
    """The number of a quantity as it is kept: exact decimal text."""
    return _json(column, "value")


def _quantity(column: ColumnElement[Any]) -> Words:
    qualifier = _json(column, "qualifier")
    before = case((qualifier.in_(composite.BEFORE), qualifier), else_="")
    more = case((qualifier == "余", "余"), else_="")
    after = case((qualifier.in_(composite.AFTER), qualifier), else_="")
    return before + _json(column, "value") + more + _json(column, "unit") + after


def _parts(kind: Kind[Any], source: FromClause, name: str) -> Words:
    """Wording and days of a deadline or a period, the file name of a paper."""
    column = source.c[name]
    if isinstance(kind, composite.Paper):
        return _json(column, "name")
    wording = func.coalesce(_json(column, "wording"), "")
    if isinstance(kind, composite.Period):
        start, end = (func.coalesce(source.c[f"{name}__{end}"], "") for end in ("start", "end"))
        days: Words = case((start + end == "", ""), else_="（" + start + "至" + end + "）")
    else:
        strength = func.coalesce(_json(column, "strength"), "")
        word = case(*((strength == key, "，" + said) for key, said in STRENGTHS.items()), else_="")
        days = "（" + func.coalesce(source.c[f"{name}__day"], "无日期") + word + "）"
    return case((column.is_(None), null()), else_=wording + days)


def _pointed(facts: Facts, to: str, column: ColumnElement[Any], depth: int) -> Words:
    """The line of the record a reference points at, as a subquery; the bare id where the schema is not known."""
    if to not in facts.tables.records:
        return column
    target = facts.tables.records[to].table.alias()
    told = line(facts, facts.schema(to), target, depth - 1)
    return select(told).where(target.c.id == column).scalar_subquery()


def line(facts: Facts, schema: Schema, source: FromClause, depth: int = DEPTH) -> Words:
    """The SQL of a record's line (``Schema.describe``)."""
    known = schema.kinds()
    words: Words = literal("")
    for at, piece in enumerate(_MARK.split(schema.shown)):
        if at % 2 == 0:
            words = words + piece if piece else words
        elif piece in known and piece in source.c:
            words = words + func.coalesce(cell(facts, known[piece], source, piece, depth), "")
    return func.coalesce(func.nullif(func.ltrim(func.rtrim(words, _ENDS), _ENDS), ""), f"未命名的{schema.title}")


def sorted_by(facts: Facts, kind: Kind[Any], source: FromClause, name: str) -> list[ColumnElement[Any]]:
    """What a column is sorted by: numbers and days by value, choices by their order, references by their words."""
    column = source.c[name]
    if isinstance(kind, kinds.Choice) and kind.of:
        return [case(*((column == key, at) for at, key in enumerate(kind.of)), else_=literal(len(kind.of)))]
    if isinstance(kind, kinds.Number):
        return [source.c[f"{name}__number"]]
    if isinstance(kind, composite.Quantity):
        return [source.c[f"{name}__unit"], source.c[f"{name}__number"]]
    if isinstance(kind, composite.Due):
        return [source.c[f"{name}__day"], cell(facts, kind, source, name)]
    if isinstance(kind, composite.Period):
        return [source.c[f"{name}__start"], source.c[f"{name}__end"], cell(facts, kind, source, name)]
    if isinstance(kind, links.Ref | composite.Paper):
        return [cell(facts, kind, source, name)]
    return [column]


def measure(kind: Kind[Any], source: FromClause, name: str) -> ColumnElement[Any] | None:
    """The column that least and most look at; None for a kind that has no greater and no less."""
    facet = {composite.Quantity: "number", kinds.Number: "number", composite.Due: "day"}.get(type(kind))
    if facet:
        return source.c[f"{name}__{facet}"]
    plain = (kinds.Whole, kinds.Money, kinds.Day, kinds.Month, kinds.Moment)
    return source.c[name] if isinstance(kind, plain) else None


def lines(facts: Facts, name: str, ids: Iterable[str] | None = None, depth: int = DEPTH) -> dict[str, str]:
    """Id → line of the live records of a schema, or of those named, deleted ones marked; {} for an unknown schema."""
    if name not in facts.tables.records:
        return {}
    one = facts.tables.records[name]
    known = one.schema.kinds()
    marks = [m for m in dict.fromkeys(_MARK.findall(one.schema.shown)) if m in known and m in one.table.c]
    query = select(one.table.c.id, one.table.c.deleted, *(one.table.c[m] for m in marks))
    queries = [query.where(one.table.c.deleted == 0)]
    if ids is not None:
        wanted = list(dict.fromkeys(ids))
        queries = [query.where(one.table.c.id.in_(wanted[at : at + 1_000])) for at in range(0, len(wanted), 1_000)]
    with facts.reading() as connection:
        found = [row._mapping for each in queries for row in connection.execute(each)]
    values = [one.stored({**dict.fromkeys(known), **row}) for row in found]
    shown = replace(one.schema, fields=tuple(f for f in one.schema.fields if f.name in marks))
    pointed = _pointed_at(facts, shown, values, depth)
    return {
        row["id"]: _line(shown, stored, pointed) + ("（已删除）" if row["deleted"] else "")
        for row, stored in zip(found, values, strict=True)
    }


def _pointed_at(
    facts: Facts, shown: Schema, values: Iterable[Mapping[str, Any]], depth: int
) -> dict[str, dict[str, str]]:
    """Field → id → line, of the references a line holds."""
    if not depth:
        return {}
    found = {}
    for one in shown.fields:
        if isinstance(one.kind, links.Ref):
            found[one.name] = lines(facts, one.kind.to, {v[one.name] for v in values if v.get(one.name)}, depth - 1)
    return found


def _line(shown: Schema, stored: Mapping[str, Any], pointed: Mapping[str, Mapping[str, str]]) -> str:
    said = {}
    for one in shown.fields:
        value = stored.get(one.name)
        if value is None or (one.name in pointed and value in pointed[one.name]):
            said[one.name] = None if value is None else pointed[one.name][value]
        else:
            said[one.name] = one.kind.load(value)
    return shown.describe(cast(Record, SimpleNamespace(**said)))
