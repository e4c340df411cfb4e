"""What a form and a list ask of the ledger about other records: their lines, and which ones a reference may point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, overload

from db.ledger.facts import Facts
from db.ledger.lines import GONE, describe, described
from db.schema.body import Body
from db.schema.composite import Sheet
from db.schema.kinds import Kind, Text
from db.schema.links import Ref, Refs
from db.schema.record import Record, Schema, schema_name
from desktop_app.gui.editor import Candidate
from desktop_app.rectification import picking

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


class Crowd(Sequence[Candidate]):
    """More records than anybody looks through: an editor asks for the latest, or for those that fit what is typed. Whoever
    goes through all of them reads them all."""

    def __init__(self, facts: Facts, name: str, equal: Mapping[str, str], own: str) -> None:
        self._of = facts, name, equal
        self._own = own

    def latest(self) -> list[Candidate]:
        """Some to pick from while nothing is typed."""
        return self._told(picking.latest(*self._of))

    def search(self, typed: str) -> list[Candidate]:
        """Those that fit what is typed, the best first."""
        return self._told(picking.search(*self._of, typed))

    def _told(self, lines: Mapping[str, str]) -> list[Candidate]:
        return [Candidate(key, clipped(words)) for key, words in lines.items() if key != self._own]

    @cached_property
    def _all(self) -> list[Candidate]:
        facts, name, equal = self._of
        found = facts.every(name, **equal)
        told = zip(found, described(facts, found), strict=True)
        return [Candidate(one.id, clipped(words)) for one, words in told if one.id != self._own]

    @overload
    def __getitem__(self, at: int) -> Candidate: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Candidate]: ...

    def __getitem__(self, at: int | slice) -> Candidate | Sequence[Candidate]:
        return self._all[at]

    def __len__(self) -> int:
        return len(self._all)


def candidates(facts: Facts, schema: Schema, values: Mapping[str, Any], own: str, name: str) -> Sequence[Candidate]:
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
    crowd = Crowd(facts, name, equal, own)
    return crowd if picking.crowded(facts, name, equal) else list(crowd)


def cell(facts: Facts, kind: Kind[Any], value: Any) -> str:
    """A value as a list shows it: one line, references as the lines of what they point at."""
    return clipped(whole(facts, kind, value), 120)


def whole(facts: Facts, kind: Kind[Any], value: Any) -> str:
    """A value in words, uncut, references as the lines of what they point at."""
    if value is None:
        return ""
    if isinstance(kind, Ref):
        return line(facts, kind.to, value)
    if isinstance(kind, Refs):
        return "、".join(line(facts, kind.to, one) for one in value)
    if isinstance(value, Sheet):
        return value.name
    return kind.show(value)


def parts_of(facts: Facts, name: str) -> list[Schema]:
    """The schemas whose records are parts of a record of this schema, and are filled in by hand."""
    parts = (one.schema for key, one in facts.tables.records.items() if owner(facts, key) == name)
    return [one for one in parts if not any(isinstance(field.kind, Body) for field in one.fields)]
