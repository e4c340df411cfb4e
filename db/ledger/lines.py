"""Records in a line each, as lists and sentences call them: with the lines of what they point at in place of its ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from db.ledger.facts import Facts
from db.schema.links import Ref
from db.schema.record import Record, Schema, schema_name

DEPTH = 3
"""How many references a line may hold inside one another: a row of a row of a row, then the bare id."""
_TOGETHER = 1_000
GONE = "（已删除）"


def describe(facts: Facts, record: Record) -> str:
    """A record in a line, as it is given: it need not be in the ledger, or may be about to change."""
    return described(facts, [record])[0]


def described(facts: Facts, records: Sequence[Record]) -> list[str]:
    """Records of one schema in a line each, in their order; the records they point at are read in one go."""
    if not records:
        return []
    schema = facts.schema(schema_name(records[0]))
    values = [{name: getattr(one, name) for name in schema.marks} for one in records]
    return _worded(facts, schema, values, DEPTH)


def lines_of(facts: Facts, name: str, ids: Iterable[str] | None = None, depth: int = DEPTH) -> dict[str, str]:
    """Id → line of the live records of a schema, or of those named, deleted ones marked; {} for an unknown schema."""
    if name not in facts.tables.records:
        return {}
    one = facts.tables.records[name]
    marked = [(mark, one.kinds[mark]) for mark in one.schema.marks]
    query = select(one.table.c.id, one.table.c.deleted, *(one.table.c[mark] for mark, _ in marked))
    queries = [query.where(one.table.c.deleted == 0)]
    if ids is not None:
        wanted = list(dict.fromkeys(ids))
        queries = [
            query.where(one.table.c.id.in_(wanted[at : at + _TOGETHER])) for at in range(0, len(wanted), _TOGETHER)
        ]
    with facts.reading() as connection:
        found = [row._mapping for each in queries for row in connection.execute(each)]
    empty = dict.fromkeys(one.kinds)
    values = []
    for row in found:
        stored = one.stored({**empty, **row})
        values.append({mark: kind.load(stored[mark]) for mark, kind in marked if mark in stored})
    told = _worded(facts, one.schema, values, depth)
    return {row["id"]: words + (GONE if row["deleted"] else "") for row, words in zip(found, told, strict=True)}


def _worded(facts: Facts, schema: Schema, values: Sequence[Mapping[str, Any]], depth: int) -> list[str]:
    """The lines of working values of records of one schema."""
    kinds = {name: schema.field(name).kind for name in schema.marks}
    pointed = {
        name: lines_of(facts, kind.to, {one[name] for one in values if one.get(name)}, depth - 1)
        for name, kind in kinds.items()
        if isinstance(kind, Ref) and depth
    }
    told = []
    for one in values:
        words = {
            name: pointed.get(name, {}).get(value) or kinds[name].show(value)
            for name, value in one.items()
            if value is not None
        }
        told.append(schema.line(words))
    return told
