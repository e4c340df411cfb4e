"""The edits of an intake in the making: a record is new, or the one of an earlier reading changed where it differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from db.ledger.change import Edit, new_id
from db.ledger.facts import Facts
from db.schema.record import Record, changed, schema_of

R = TypeVar("R", bound=Record)


@dataclass
class Entry:
    """The edits in the making."""

    facts: Facts
    edits: list[Edit] = field(default_factory=list)

    def put(self, cls: type[Record], values: Mapping[str, Any], known: Record | None = None) -> str:
        """A record with these values: the known one changed where it differs, or a new one. Returns its id."""
        name = schema_of(cls).name
        if known is None:
            identifier = new_id()
            self.edits.append(Edit(name, identifier, {k: v for k, v in values.items() if v is not None}))
            return identifier
        differing = changed(known, values)
        if differing:
            self.edits.append(Edit(name, known.id, differing))
        return known.id

    def matched(self, cls: type[R], found: Sequence[R], at: int) -> R | None:
        """The record of an earlier reading at this place of its list."""
        return found[at] if at < len(found) else None
