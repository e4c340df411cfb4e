"""What definitions and amendments that come would change of the categories in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from db.ledger.vocabulary import RECORDS, Vocabulary
from db.schema.kinds import Publicity
from db.schema.record import Schema

_STRICT: tuple[Publicity, ...] = ("public", "internal", "secret")


@dataclass(frozen=True)
class Coming:
    """A register that comes, goes or is defined otherwise. ``fields`` are the names of those that are new, gone or of another
    kind; ``opened`` those that more readers may see than before, each with its level before and after."""

    record: str
    title: str
    what: str
    fields: tuple[str, ...] = ()
    opened: tuple[tuple[str, Publicity, Publicity], ...] = ()


def coming(now: Vocabulary, then: Vocabulary, touched: Collection[str]) -> tuple[Coming, ...]:
    """The registers that differ, by name; empty where no definition comes."""
    if now is then or not RECORDS & {*touched}:
        return ()
    found = []
    for name in sorted({*now.schemas, *then.schemas}):
        old, new = now.schemas.get(name), then.schemas.get(name)
        if old == new:
            continue
        if old is None or new is None:
            there = new or old
            assert there is not None
            found.append(Coming(name, there.title, "new" if old is None else "gone"))
        else:
            found.append(_changed(old, new))
    return tuple(found)


def _changed(old: Schema, new: Schema) -> Coming:
    before, after = old.kinds(), new.kinds()
    fields = tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))
    opened = tuple(
        (name, before[name].publicity, after[name].publicity)
        for name in sorted(before.keys() & after.keys())
        if _STRICT.index(after[name].publicity) < _STRICT.index(before[name].publicity)
    )
    return Coming(new.name, new.title, "changed", fields, opened)
