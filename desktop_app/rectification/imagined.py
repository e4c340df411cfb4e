"""The ledger as it would be if what is half typed were saved: so that a page can be set while somebody is writing it.

Only whole records are put over those of the ledger; nothing is written, and whoever asks in SQL sees the ledger as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from db.ledger.facts import Facts
from db.schema.record import Record, schema_of

R = TypeVar("R", bound=Record)


class Imagined(Facts):
    """``over`` are the records as they are typed, by schema name and id. With ``remembered`` (kept by who asks, and emptied when
    the ledger changes) what was read once is not read again at the next key."""

    def __init__(
        self,
        facts: Facts,
        over: Mapping[tuple[str, str], Record],
        remembered: dict[tuple[Any, ...], Any] | None = None,
    ) -> None:
        super().__init__(facts.engine, facts.tables, facts.path, facts.vocabulary)
        self._facts = facts
        self._over = over
        self._known = {} if remembered is None else remembered

    def find(self, name: str, identifier: str, *, deleted: bool = False) -> Record | None:
        mine = self._over.get((name, identifier))
        if mine is not None:
            return mine
        key = ("find", name, identifier, deleted)
        if key not in self._known:
            self._known[key] = self._facts.find(name, identifier, deleted=deleted)
        found: Record | None = self._known[key]
        return found

    def every(self, name: str, /, **equal: Any) -> list[Record]:
        key = ("every", name, tuple(sorted(equal.items(), key=lambda item: item[0])))
        if key not in self._known:
            self._known[key] = self._facts.every(name, **equal)
        return self._laid_over(name, self._known[key], equal)

    def parts(self, cls: type[R], owners: Sequence[str]) -> dict[str, list[R]]:
        name, field = schema_of(cls).name, schema_of(cls).owner()
        key = ("parts", name, tuple(owners))
        if key not in self._known:
            self._known[key] = self._facts.parts(cls, owners)
        if field is None:
            return dict(self._known[key])
        laid = {one: self._laid_over(name, some, {field.name: one}) for one, some in self._known[key].items()}
        return {one: [record for record in some if isinstance(record, cls)] for one, some in laid.items()}

    def _laid_over(self, name: str, kept: Sequence[Record], equal: Mapping[str, Any]) -> list[Record]:
        mine = {identifier: record for (schema, identifier), record in self._over.items() if schema == name}
        if not mine:
            return list(kept)
        found = [one for one in kept if one.id not in mine]
        found += [one for one in mine.values() if all(getattr(one, field) == value for field, value in equal.items())]
        order = self.schema(name).order

        def place(record: Record) -> tuple[Any, ...]:
            values = [getattr(record, field) for field in order]
            return (*((value is None, "" if value is None else value) for value in values), record.id)

        return sorted(found, key=place)
