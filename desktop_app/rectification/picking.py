"""Finding one record among many by what somebody types of its line: asked of the ledger, never read whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, case, func, select

from db.ledger.facts import Facts
from db.schema import pinyin
from desktop_app.rectification import rows_shown

FEW = 500
"""Up to so many records are offered whole."""
OFFERED = 50
"""Records found at a time."""
_SPELT = 2_000
"""Of so many records, the latest, the lines are spelt: pinyin cannot be asked of the ledger."""


def crowded(facts: Facts, name: str, equal: Mapping[str, Any]) -> bool:
    """Whether there are more live records of a schema, with these values, than can be offered whole."""
    one = facts.tables.records[name]
    query = _where(select(one.table.c.id), facts, name, equal).limit(FEW + 1)
    with facts.reading() as connection:
        return len(connection.execute(query).all()) > FEW


def latest(facts: Facts, name: str, equal: Mapping[str, Any], most: int = 0) -> dict[str, str]:
    """Id → line of the records made last, the latest first; as many as are offered, or more."""
    return _asked(facts, name, _lines(facts, name, equal).limit(most or OFFERED))


def search(facts: Facts, name: str, equal: Mapping[str, Any], typed: str) -> dict[str, str]:
    """Id → line of the records whose line is what is typed, begins with it or holds it, in this order; where there are none,
    of those among the latest whose line is it in pinyin."""
    words = " ".join(typed.split())
    if not words:
        return latest(facts, name, equal)
    one = facts.tables.records[name]
    line = rows_shown.line(facts, one.schema, one.table)
    fit = case((func.lower(line) == words.lower(), 0), (line.istartswith(words, autoescape=True), 1), else_=2)
    query = _lines(facts, name, equal).where(line.icontains(words, autoescape=True))
    found = _asked(facts, name, query.order_by(None).order_by(fit, one.table.c.id.desc()).limit(OFFERED))
    if found or not words.isascii():
        return found
    spelt = latest(facts, name, equal, _SPELT)
    return {key: told for told, key in pinyin.found(words, ((told, key) for key, told in spelt.items()))[:OFFERED]}


def _lines(facts: Facts, name: str, equal: Mapping[str, Any]) -> Select[Any]:
    one = facts.tables.records[name]
    query = select(one.table.c.id, rows_shown.line(facts, one.schema, one.table))
    return _where(query, facts, name, equal).order_by(one.table.c.id.desc())


def _where(query: Select[Any], facts: Facts, name: str, equal: Mapping[str, Any]) -> Select[Any]:
    """Live records whose references have these values."""
    table = facts.tables.records[name].table
    return query.where(table.c.deleted == 0, *(table.c[field] == value for field, value in equal.items()))


def _asked(facts: Facts, name: str, query: Select[Any]) -> dict[str, str]:
    unnamed = facts.schema(name).unnamed
    with facts.reading() as connection:
        return {row[0]: " ".join(row[1].split()) or unnamed for row in connection.execute(query)}
