"""What of a record can be looked for: how it is called, its names, and every other text, number, day and choice in it.

What it points at is found where it is written: a reference adds no words, so that renaming a unit touches the unit alone. Left
out are yes and no, the bodies of definitions, and how old papers were printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from db.errors import Refusal
from db.schema import composite, kinds, links, prose
from db.schema.body import Body
from db.schema.folding import fold
from db.schema.kinds import Kind
from db.schema.record import Schema
from db.store.finder import Entry
from db.store.tables import RecordTable

WITHOUT = frozenset({"amendment", "definition", "figure_relation", "problem_view", "sameness", "waiver"})
"""Records nobody looks for: categories as data, how figures add up, views of the list, what is the same as
what, findings that were set aside."""
_PRINTED = "印文"
_SILENT = (links.Ref, links.Refs, kinds.YesNo, Body)
_NAMES = (kinds.Text, links.Texts, composite.Paper)
"""Kinds whose words are found by pinyin too."""


def wanted(schema: Schema) -> list[tuple[str, Kind[Any]]]:
    """The fields of a schema whose words can be looked for."""
    return [
        (one.name, one.kind)
        for one in schema.fields
        if not isinstance(one.kind, _SILENT) and one.kind.section != _PRINTED
    ]


def is_name(kind: Kind[Any]) -> bool:
    """Whether the words of a kind are found by pinyin too."""
    return isinstance(kind, _NAMES)


def said(kind: Kind[Any], stored: Any) -> str:
    """The words of a value as it stands in its column; "" for what cannot be read."""
    if isinstance(kind, kinds.Text | prose.Prose):
        return str(stored)
    try:
        value = kind.load(orjson.loads(stored) if kind.structured else stored)
    except (Refusal, orjson.JSONDecodeError):
        return ""
    return shown(kind, value)


def shown(kind: Kind[Any], value: Any) -> str:
    """The words of a working value: as shown; a day also as papers write it; a paper by its name."""
    if isinstance(kind, composite.Paper):
        return str(value.name)
    if isinstance(kind, kinds.Day):
        return f"{value.isoformat()} {value.year}年{value.month}月{value.day}日"
    return kind.show(value)


def shape(schema: Schema) -> str:
    """Fingerprint of what makes the words of the records of a schema."""
    told = repr((schema.name, schema.title, schema.shown, wanted(schema)))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def reader(one: RecordTable) -> Callable[[str, int, Mapping[str, Any]], Entry]:
    """Makes the entry of a row: its id, the position of its last change, its columns by name. Its title is its line without
    the numbers in it (2. 查办案件尚有不足), so that it begins as it is called."""
    schema = one.schema
    fields = [(name, kind, is_name(kind)) for name, kind in wanted(schema)]
    named = {name: is_name(kind) for name, kind, _ in fields}
    marks = {name for name in schema.marks if any(name == known for known, _, _ in fields)}

    def entry(identifier: str, at: int, row: Mapping[str, Any]) -> Entry:
        words = {
            name: told for name, kind, _ in fields if (stored := row[name]) is not None and (told := said(kind, stored))
        }
        called = {name: words[name] for name in marks if name in words and named[name]} or {
            name: words[name] for name in marks if name in words
        }
        title = fold(schema.line(called)) if called else ""
        names: list[str] = []
        rest: list[str] = []
        for name, _kind, is_one in fields:
            if name in words and (told := fold(words[name])) not in title:
                (names if is_one else rest).append(told)
        return Entry(identifier, at, title, tuple(names), tuple(rest))

    return entry
