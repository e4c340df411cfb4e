"""The edits of an intake in the making: a record is new, or the one of an earlier reading changed where it differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from db.ledger.change import Edit, new_id
from db.ledger.facts import Facts
from db.schema.record import Record, changed, schema_of

Told = TypeVar("Told")
T = TypeVar("T")
R = TypeVar("R", bound=Record)
Key = Callable[[T], Any]


@dataclass
class Entry:
    """The edits in the making. ``read`` is what earlier readings of the paper wrote: (schema name, id) → stored fields."""

    facts: Facts
    edits: list[Edit] = field(default_factory=list)
    read: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)

    def put(self, cls: type[Record], values: Mapping[str, Any], known: Record | None = None) -> str:
        """A record with these values: the known one changed where the paper differs from its earlier reading, or a new
        one. What the paper says as before is left as a clerk may have put it since. Returns the id."""
        name = schema_of(cls).name
        if known is None:
            identifier = new_id()
            self.edits.append(Edit(name, identifier, {k: v for k, v in values.items() if v is not None}))
            return identifier
        before = self.read.get((name, known.id))
        differing = changed(known, values)
        if before is not None:
            kinds = schema_of(cls).kinds()
            stored = {k: None if v is None else kinds[k].store(v) for k, v in differing.items()}
            differing = {k: v for k, v in differing.items() if stored[k] != before.get(k)}
        if differing:
            self.edits.append(Edit(name, known.id, differing))
        return known.id


def paired(items: Sequence[Told], records: Sequence[R], keys: Sequence[tuple[Key[Told], Key[R]]]) -> list[R | None]:
    """For each item the record of an earlier reading that it is: by the first key both have in common, each record once.

    All items are tried by one key before the next: what is the same word for word is never given away to a neighbour.
    """
    found: list[R | None] = [None] * len(items)
    left = list(records)
    for of_item, of_record in keys:
        for at, item in enumerate(items):
            wanted = of_item(item)
            if found[at] is not None or wanted is None:
                continue
            same = next((record for record in left if of_record(record) == wanted), None)
            if same is not None:
                found[at] = same
                left.remove(same)
    return found
