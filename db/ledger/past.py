"""The ledger between two of its moments: what became of every record, and a file of its own as it stood.

A moment is a position of the log (``history.position_at`` finds that of a day). Nothing here writes into the ledger; the
file that is put down is a copy, and what came later is taken out of the copy alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import orjson
from sqlalchemy import Connection, func, select, text

from db.errors import Refusal
from db.ledger import vocabulary
from db.ledger.facts import Facts
from db.schema.kinds import Stored
from db.store import file, rebuild
from db.store.faults import translated
from db.store.projection import DELETED, Version, project
from db.store.tables import Tables, tables

What = Literal["new", "changed", "deleted", "restored"]
Progress = Callable[[float], None]
_TOGETHER = 500
"""Records whose histories are read at once."""
_COPIED = 0.5
"""Part of the work that is done when the file is copied."""


@dataclass(frozen=True)
class Became:
    """What became of one record between two moments: stored fields that differ, by name, before and after."""

    record: str
    id: str
    what: What
    before: Mapping[str, Stored]
    after: Mapping[str, Stored]


def between(facts: Facts, first: int, last: int, record: str = "", identifiers: Sequence[str] = ()) -> Iterator[Became]:
    """What became of the records that were touched after position ``first`` and up to ``last``, in the order of schemas and ids; of
    those of one schema, or of some of them. Records this program does not know are left out: it cannot say a word of them.

    What was done and taken back in between is no difference."""
    log = facts.tables.log
    query = select(log.c.record, log.c.id).distinct().where(log.c.position > first, log.c.position <= last)
    if record:
        query = query.where(log.c.record == record)
    with facts.reading() as connection:
        touched = [tuple(row) for row in connection.execute(query)]
        wanted, places = set(identifiers), {name: place for place, name in enumerate(facts.tables.records)}
        named = [one for one in touched if one[0] in places and (not wanted or one[1] in wanted)]
        named.sort(key=lambda one: (places[one[0]], one[1]))
        for at in range(0, len(named), _TOGETHER):
            some = named[at : at + _TOGETHER]
            lives = _lives(connection, facts.tables, some, last)
            for name, identifier in some:
                life = lives[name, identifier]
                before = project([version for position, version in life if position <= first]).fields
                after = project([version for _, version in life]).fields
                found = _became(facts.tables, (name, identifier), before, after)
                if found is not None:
                    yield found


def _lives(
    connection: Connection, known: Tables, named: Sequence[tuple[str, ...]], last: int
) -> dict[tuple[str, str], list[tuple[int, Version]]]:
    """(schema name, id) → its changes up to a position, each with its own position."""
    log, found = known.log, {(name, identifier): list[tuple[int, Version]]() for name, identifier in named}
    for record in {name for name, _ in named}:
        ids = [identifier for name, identifier in named if name == record]
        query = select(log).where(log.c.record == record, log.c.id.in_(ids), log.c.position <= last)
        for row in connection.execute(query.order_by(log.c.position)):
            version = Version(row.clock, row.replica, row.hash, tuple(row.parents.split()), orjson.loads(row.fields))
            found[record, row.id].append((row.position, version))
    return found


def _became(
    known: Tables, where: tuple[str, str], before: Mapping[str, Stored], after: Mapping[str, Stored]
) -> Became | None:
    one = known.records[where[0]]
    was, now = bool(before) and not before.get(DELETED), bool(after) and not after.get(DELETED)
    if not was and not now:
        return None
    old = {name: one.readable(name, before[name]) for name in one.kinds if name in before} if was else {}
    new = {name: one.readable(name, after[name]) for name in one.kinds if name in after} if now else {}
    names = [name for name in one.kinds if old.get(name) != new.get(name)]
    if was and now and not names:
        return None
    what: What = "changed" if was and now else "deleted" if was else "restored" if before else "new"
    return Became(*where, what, {n: old.get(n) for n in names}, {n: new.get(n) for n in names})


def fields_at(facts: Facts, record: str, identifier: str, position: int) -> dict[str, Stored]:
    """The stored fields of a record as it stood at a position, ``deleted`` among them; {} where it was not there yet."""
    with facts.reading() as connection:
        life = _lives(connection, facts.tables, [(record, identifier)], position)[record, identifier]
    return project([version for _, version in life]).fields


def parts_ever(facts: Facts, record: str, owner: str, identifier: str) -> list[str]:
    """The ids of the records of a schema whose field ``owner`` names that record now, deleted ones among them, by age."""
    table = facts.tables.records[record].table
    query = select(table.c.id).where(table.c[owner] == identifier).order_by(table.c.id)
    with facts.reading() as connection:
        return list(connection.execute(query).scalars())


def put_down(facts: Facts, position: int, path: Path, progress: Progress = lambda _done: None) -> None:
    """Writes the ledger as its first ``position`` changes make it into a new file, papers and all.

    Raises ``Refusal`` for a moment at which it held nothing, ``Fault`` where the computer stands in the way.
    """
    if position < 1:
        raise Refusal("那时台账里还没有记录。", "请选之后的时间。", "history")
    with translated(path):
        file.copy_to(facts.path, path, lambda done: progress(done * _COPIED))
    gate = file.Gate(is_open=True)
    engine, _ = file.open_file(path, gate)
    try:
        with translated(path), file.writing(engine) as connection:
            _cut(connection, facts, position, lambda done: progress(_COPIED + done * (1 - _COPIED)))
    finally:
        engine.dispose()
    progress(1.0)


def _cut(connection: Connection, facts: Facts, position: int, progress: Progress) -> None:
    """Takes what came later out of the log of a copy, and makes the rows anew that it had touched."""
    known, log = facts.tables, facts.tables.log
    later = select(log.c.record, log.c.id).distinct().where(log.c.position > position)
    touched = [tuple(row) for row in connection.execute(later)]
    kept = connection.execute(select(func.count()).select_from(log).where(log.c.position <= position)).scalar_one()
    connection.execute(text("DROP TRIGGER IF EXISTS log_no_delete"))
    connection.execute(log.delete().where(log.c.position > position))
    if len(touched) * 2 > kept or any(record in vocabulary.RECORDS for record, _ in touched):
        past = vocabulary.read(connection, known, facts.vocabulary.core, position)
        made = tables(past.schemas)
        rebuild.rebuild(connection, made, lambda done, total: progress(done / max(total, 1)))
        rebuild.note_shape(connection, made, past.token)
    else:
        for number, (record, identifier) in enumerate(touched):
            if record in known.records:
                rebuild.remake(connection, known, known.records[record], identifier)
            progress(number / len(touched))
    file.guard(connection)
