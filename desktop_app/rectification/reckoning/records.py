"""Records read for terms and conditions: fields over references, each referenced record read once, and computed fields.

A page of rows asks for what it points at in one query a schema and thousand ids; a single row (a form that is being
filled) asks as it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from db.ledger import sameness
from db.ledger.facts import Facts
from db.schema.definition import CategoryDefinition
from db.schema.definition.terms import fields_of
from db.schema.links import Ref, Refs
from db.schema.record import Record
from desktop_app.rectification.reckoning.paths import Hop, Leaf, Path, resolve
from desktop_app.rectification.reckoning.terms import Getter, Reader, term_of
from desktop_app.rectification.reckoning.values import measured

_BATCH = 1_000


@dataclass
class Followed:
    """The records that references lead to, kept once read (None: there is none, or it was deleted); a record that another
    counts for leads to that one."""

    facts: Facts
    known: dict[tuple[str, str], Record | None] = field(default_factory=dict)
    others: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def counted(self, name: str, value: Any) -> Any:
        """What references to a schema point at: the records that count."""
        if name not in self.others:
            self.others[name] = sameness.stand_ins(self.facts, name)
        return sameness.counted(self.others[name], value) if self.others[name] else value

    def record(self, name: str, identifier: Any) -> Record | None:
        """The live record of a schema and id."""
        if not isinstance(identifier, str):
            return None
        at = (name, self.counted(name, identifier))
        if at not in self.known:
            self.known[at] = self.facts.find(*at) if name in self.facts.tables.records else None
        return self.known[at]

    def fetch(self, name: str, identifiers: Iterable[Any]) -> None:
        """Reads these records, those not yet known, in as few queries as may be."""
        named = dict.fromkeys(self.counted(name, one) for one in identifiers)
        wanted = [i for i in named if isinstance(i, str) and (name, i) not in self.known]
        if name not in self.facts.tables.records or not wanted:
            return
        one = self.facts.tables.records[name]
        self.known.update(dict.fromkeys((name, i) for i in wanted))
        with self.facts.reading() as connection:
            for at in range(0, len(wanted), _BATCH):
                query = select(one.table).where(one.table.c.id.in_(wanted[at : at + _BATCH]), one.table.c.deleted == 0)
                for row in connection.execute(query).mappings():
                    self.known[name, row["id"]] = one.schema.load(row["id"], one.stored(dict(row)))

    def prepare(self, rows: Iterable[Record], leaves: Iterable[Leaf]) -> None:
        """Reads all that these paths lead to from these rows."""
        held = list(rows)
        for hops in sorted({leaf.hops[:n] for leaf in leaves for n in range(1, len(leaf.hops) + 1)}, key=len):
            above = [_reached(self, row, hops[:-1]) for row in held]
            self.fetch(hops[-1].to, (getattr(one, hops[-1].field, None) for one in above if one is not None))

    def stored(self, leaf: Leaf, *, reckoned: bool) -> Getter:
        """How a stored field is read off a record."""
        hops, name, kind = leaf.hops, leaf.name, leaf.kind
        if isinstance(kind, Ref | Refs):
            to = kind.to
            return lambda row: self.counted(to, getattr(_reached(self, row, hops), name, None))
        if not hops:
            return lambda row: measured(getattr(row, name, None)) if reckoned else getattr(row, name, None)

        def over(row: Any) -> Any:
            found = _reached(self, row, hops)
            value = None if found is None else getattr(found, name, None)
            return measured(value) if reckoned else value

        return over


def _reached(followed: Followed, row: Record | None, hops: Sequence[Hop]) -> Record | None:
    for hop in hops:
        if row is None:
            return None
        row = followed.record(hop.to, getattr(row, hop.field, None))
    return row


def record_reader(
    facts: Facts, definition: CategoryDefinition, register: str, today: date, followed: Followed | None = None
) -> Reader:
    """Reads records (saved or not) of a register, its key given; ``followed`` is shared by those who read the same rows."""
    return Reader(definition, register, today, (followed or Followed(facts)).stored)


def computed(facts: Facts, definition: CategoryDefinition, register: str, row: Record, today: date) -> dict[str, Any]:
    """The computed fields of one row, saved or not: name → value."""
    return computed_page(facts, definition, register, [row], today)[0]


def computed_page(
    facts: Facts, definition: CategoryDefinition, register: str, rows: Sequence[Record], today: date
) -> list[dict[str, Any]]:
    """The computed fields of some rows of a register, in their order."""
    specs = [one for one in definition.registers[register].computed if not one.retired]
    if not specs or not rows:
        return [{} for _ in rows]
    followed = Followed(facts)
    reader = record_reader(facts, definition, register, today, followed)
    followed.prepare(rows, [leaf for spec in specs for leaf in leaves(definition, register, fields_of(spec.term))])
    getters = {spec.name: term_of(spec.term, reader) for spec in specs}
    return [{name: getter(row) for name, getter in getters.items()} for row in rows]


def leaves(
    definition: CategoryDefinition, register: str, paths: Iterable[Path], hops: tuple[Hop, ...] = ()
) -> list[Leaf]:
    """The stored fields these paths need from a row of a register, those of computed fields in their place, each once."""
    found: dict[Leaf, None] = {}
    for path in paths:
        leaf = resolve(definition, register, path)
        leaf = Leaf((*hops, *leaf.hops), leaf.name, leaf.kind, leaf.spec, leaf.register)
        if leaf.spec is None:
            found[leaf] = None
            continue
        found.update(dict.fromkeys(leaves(definition, leaf.register, fields_of(leaf.spec.term), leaf.hops)))
    return list(found)
