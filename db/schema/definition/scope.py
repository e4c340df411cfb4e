"""What a piece of a definition may name: the registers of its category with their fields, the records of the core, indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from db.schema.composite import Due, Period, Quantity
from db.schema.definition.bounds import STEPS
from db.schema.kinds import Choice, Day, Kind, Moment, Money, Month, Number, Whole, YesNo
from db.schema.links import Ref, Refs, Texts

Sort = Literal["number", "money", "day", "month", "moment", "yesno", "text", "ref", "list", "other"]
"""What can be done with a value: days are compared with days, money with money."""

OWN = ("unit", "problem", "publicity", "remark")
"""The fields every register has after its own."""


@dataclass(frozen=True)
class Scope:
    """``fields`` are the kinds by register key and field name, ``computed`` the sorts of computed fields likewise;
    ``core`` the kinds of the records of the core by schema name. ``here`` is the register the piece is about."""

    category: str = ""
    fields: Mapping[str, Mapping[str, Kind[Any]]] = field(default_factory=dict)
    computed: Mapping[str, Mapping[str, Sort]] = field(default_factory=dict)
    core: Mapping[str, Mapping[str, Kind[Any]]] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    """Indicator key → the register its rows are in; of one that is reckoned from others that of the first."""
    tables: frozenset[str] = frozenset()
    here: str = ""

    def at(self, register: str) -> Scope:
        """The same, about another register."""
        return Scope(self.category, self.fields, self.computed, self.core, self.indicators, self.tables, register)

    def target(self, kind: Kind[Any]) -> tuple[str, Mapping[str, Kind[Any]]] | None:
        """What a reference points at: (register key or "", kinds of its fields); None when it is not known here."""
        to = getattr(kind, "to", "")
        own = to.removeprefix(f"{self.category}.")
        if own != to and own in self.fields:
            return own, self.fields[own]
        return ("", self.core[to]) if to in self.core else None

    def sort(self, path: tuple[str, ...]) -> Sort | None:
        """The sort of value at a path of field names from ``here``; None when there is no such field, or it lies too far."""
        if len(path) > STEPS:
            return None
        kind = self.kind(path)
        if kind is not None:
            return sort_of(kind)
        for at, (register, name) in enumerate(self.walk(path)):
            if at == len(path) - 1:
                return self.computed.get(register, {}).get(name)
        return None

    def kind(self, path: tuple[str, ...]) -> Kind[Any] | None:
        """The kind of the stored field at a path; None when there is none (it may be a computed one)."""
        if len(path) > STEPS:
            return None
        kinds: Mapping[str, Kind[Any]] | None = self.fields.get(self.here)
        found: Kind[Any] | None = None
        for at, name in enumerate(path):
            found = kinds.get(name) if kinds else None
            if found is None:
                return None
            if at < len(path) - 1:
                pointed = self.target(found) if isinstance(found, Ref) else None
                kinds = pointed[1] if pointed else None
        return found

    def walk(self, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Each step of a path: the register it starts in ("" outside the category), and the field."""
        register = self.here
        for name in path:
            yield register, name
            kind = self.fields.get(register, {}).get(name)
            pointed = self.target(kind) if isinstance(kind, Ref) else None
            register = pointed[0] if pointed else ""


def sort_of(kind: Kind[Any]) -> Sort:
    """What can be done with values of a kind."""
    sorts: tuple[tuple[tuple[type[Any], ...], Sort], ...] = (
        ((Money,), "money"),
        ((Whole, Number, Quantity), "number"),
        ((Day, Due), "day"),
        ((Month,), "month"),
        ((Moment,), "moment"),
        ((YesNo,), "yesno"),
        ((Ref,), "ref"),
        ((Refs, Texts), "list"),
        ((Period,), "other"),
        ((Choice,), "text"),
    )
    return next((sort for kinds, sort in sorts if isinstance(kind, kinds)), "text")
