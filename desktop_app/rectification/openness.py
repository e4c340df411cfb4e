"""Which fields and reckoned fields of a register readers of a level may see, and names masked for those who may not."""

from __future__ import annotations

from typing import Any

from db.ledger.facts import Facts
from db.schema import links
from db.schema.definition import ComputedSpec
from db.schema.kinds import Kind, Publicity
from db.schema.record import Schema
from desktop_app.rectification.rows import PUBLICITIES


def publicity_of(facts: Facts, kind: Kind[Any]) -> Publicity:
    """How strict a field is: as its kind says, and no less than the fields by which it shows what it points at."""
    found = [kind.publicity]
    if isinstance(kind, links.Ref | links.Refs) and kind.to in facts.tables.records:
        target = facts.schema(kind.to)
        found += [one.kind.publicity for one in target.fields if "{" + one.name + "}" in target.shown]
    return max(found, key=PUBLICITIES.index)


def may_see(readers: Publicity, strict: Publicity) -> bool:
    """Whether readers of a level may see what is as strict as this."""
    return PUBLICITIES.index(strict) <= PUBLICITIES.index(readers)


def reckoned(facts: Facts, schema: Schema, readers: Publicity = "secret") -> list[ComputedSpec]:
    """What a register reckons from its fields, as far as it may be shown."""
    category, _, key = schema.name.rpartition(".")
    definition = facts.definitions.get(category)
    if definition is None or key not in definition.registers:
        return []
    return [one for one in definition.registers[key].computed if not one.retired and may_see(readers, one.publicity)]


def masked(words: str) -> str:
    """A name or number with its middle hidden: 王小明 → 王*明, 李明 → 李*, F00381 → F****1."""
    if len(words) < 3:
        return words[:1] + "*" * (len(words) - 1)
    return words[0] + "*" * (len(words) - 2) + words[-1]
