"""What a form and a list ask of the ledger about other records: their lines, and which ones a reference may point at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db.ledger.facts import Facts
from db.ledger.lines import GONE, describe, described
from db.schema.body import Body
from db.schema.composite import Sheet
from db.schema.kinds import Kind, Text
from db.schema.links import Ref, Refs
from db.schema.record import Record, Schema, schema_name
from desktop_app.gui.editor import Candidate

LONGEST = 60
"""Characters of a line in a list to pick from."""


def clipped(words: str, longest: int = LONGEST) -> str:
    """Words on one line, cut."""
    words = " ".join(words.split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def heading(facts: Facts, record: Record) -> str:
    """A record in a line; one that lacks what it is called by says so."""
    schema = facts.schema(schema_name(record))
    for one in schema.fields:
        if (
            isinstance(one.kind, Text)
            and one.kind.required
            and one.name in schema.marks
            and not getattr(record, one.name)
        ):
            lacking = "（标题缺失）" if one.name == "title" else f"（{one.kind.label}缺失）"
            return describe(facts, replace(record, **{one.name: lacking})).replace(". （", ".（")
    return describe(facts, record)


def line(facts: Facts, name: str, identifier: str) -> str:
    """The line of a record, said so when it was deleted or is not here."""
    if name not in facts.tables.records:
        return identifier
    record = facts.find(name, identifier, deleted=True)
    if record is None:
        return "（本台账里没有）"
    words = clipped(heading(facts, record))
    return words if facts.find(name, identifier) is not None else f"{words}{GONE}"


def owner(facts: Facts, name: str) -> str:
    """The schema whose records those of schema ``name`` are parts of; "" when they are parts of nothing."""
    field = facts.schema(name).owner() if name in facts.tables.records else None
    return field.kind.to if field is not None and isinstance(field.kind, Ref) else ""


def candidates(facts: Facts, schema: Schema, values: Mapping[str, Any], own: str, name: str) -> list[Candidate]:
    """The records of schema ``name`` a form may point at.

    Where those are parts of a record that the form itself points at (measures of the same problem, headings of the same
    unit), only the parts of that one. A record never points at itself (``own``).
    """
    if name not in facts.tables.records:
        return []
    wanted = facts.schema(name)
    field, above = wanted.owner(), owner(facts, name)
    equal: dict[str, Any] = {}
    for one in schema.references():
        if field is not None and isinstance(one.kind, Ref) and one.kind.to == above and values.get(one.name):
            equal = {field.name: values[one.name]}
            break
    found = [one for one in facts.every(name, **equal) if one.id != own]
    return [Candidate(r.id, clipped(words)) for r, words in zip(found, described(facts, found), strict=True)]


def cell(facts: Facts, kind: Kind[Any], value: Any) -> str:
    """A value as a list shows it: one line, references as the lines of what they point at."""
    if value is None:
        return ""
    if isinstance(kind, Ref):
        return line(facts, kind.to, value)
    if isinstance(kind, Refs):
        return "、".join(line(facts, kind.to, one) for one in value)
    if isinstance(value, Sheet):
        return value.name
    return clipped(kind.show(value), 120)


def parts_of(facts: Facts, name: str) -> list[Schema]:
    """The schemas whose records are parts of a record of this schema, and are filled in by hand."""
    parts = (one.schema for key, one in facts.tables.records.items() if owner(facts, key) == name)
    return [one for one in parts if not any(isinstance(field.kind, Body) for field in one.fields)]
