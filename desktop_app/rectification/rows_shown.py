"""What a cell of a register shows, as SQL to search and to sort by; as words by id it is said by ``db.ledger.lines``.

A reference shows the line of the record it points at. SQL and words say the same but for blanks at the ends of a line
with absent fields, which no search and no order hangs on.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    FromClause,
    Text,
    and_,
    case,
    func,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy import cast as sql_cast

from db.ledger.facts import Facts
from db.ledger.lines import DEPTH
from db.schema import composite, kinds, links
from db.schema.kinds import Kind
from db.schema.record import ENDS, MARK, Schema
from db.schema.wording import STRENGTHS

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
    for at, piece in enumerate(MARK.split(schema.shown)):
        if at % 2 == 0:
            words = words + piece if piece else words
        elif piece in known:
            words = words + func.coalesce(cell(facts, known[piece], source, piece, depth), "")
    told = func.coalesce(func.nullif(func.ltrim(func.rtrim(words, ENDS), ENDS), ""), schema.unnamed)
    if not schema.marks:
        return told
    return case((and_(*(source.c[name].is_(None) for name in schema.marks)), schema.unnamed), else_=told)


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
