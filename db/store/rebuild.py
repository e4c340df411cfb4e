"""The tables as projection of the log: one record's row, or all of them again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, func, or_, select

from db.schema.kinds import Stored
from db.store import file
from db.store.projection import DELETED, State, Version, follows, project, version
from db.store.tables import RecordTable, Tables, dumps, record_of, run

_BATCH = 5_000
LAST = (1 << 63) - 1
"""No position of the log is beyond."""


def versions(connection: Connection, tables: Tables, record: str, identifier: str) -> list[Version]:
    """All changes of one record in the log."""
    rows = tables.statements.versions.rows(connection, record_=record, id_=identifier)
    return [version(*row) for row in rows]


def heads_of(
    connection: Connection, tables: Tables, record: str, identifiers: Iterable[str]
) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Id → (deleted, heads) as the rows of records of one schema say; records without a row are left out."""
    rows = tables.records[record].statements.heads_of.stream(connection, identifiers)
    return {identifier: (bool(deleted), tuple(told.split())) for identifier, deleted, told in rows}


def project_records(
    connection: Connection,
    tables: Tables,
    coming: Mapping[tuple[str, str], Sequence[Version]],
    done: Collection[str] = (),
) -> list[tuple[str, str, str]]:
    """Brings the rows of the touched records up to date; returns the conflicts now open among them.

    ``coming`` are the changes just put into the log by (record, id), each list in the order of their clocks; the tables of
    the schemas in ``done`` were made from the log with these changes in it.
    """
    conflicts: list[tuple[str, str, str]] = []
    arrived: dict[str, dict[str, Sequence[Version]]] = {}
    for (record, identifier), came in coming.items():
        arrived.setdefault(record, {})[identifier] = came
    for record, changed in arrived.items():
        one = tables.records.get(record)
        if one is None:
            continue  # a schema this program does not know: its changes are kept in the log and travel on
        if record in done:
            named = _disputed(connection, tables, record, changed)
        else:
            named = _bring(connection, tables, one, changed)
        conflicts += [(record, identifier, name) for identifier, names in named.items() for name in sorted(names)]
    return conflicts


ANEW = Version(0, "", "", ("",), {})
"""Stands for what came in the middle of a record's history: its row is made again."""


def lift(connection: Connection, rows: Sequence[tuple[str, str, str]]) -> None:
    """Puts fields and sentences of which more came (hash, fields as the log keeps them, sentence) into the log. Their hashes
    are those of before, so nothing the log says changes: what was left out of it is there. Only the gate does."""
    if not rows:
        return
    run(connection, [f"DROP TRIGGER {file.LASTING}"])
    cursor = connection.connection.cursor()
    cursor.executemany(
        "UPDATE log SET fields = ?, sentence = ? WHERE hash = ?",
        [(fields, said, digest) for digest, fields, said in rows],
    )
    cursor.close()
    file.guard(connection)


def _disputed(connection: Connection, tables: Tables, record: str, identifiers: Iterable[str]) -> dict[str, set[str]]:
    """Id → the fields in conflict, of those records that have some."""
    found: dict[str, set[str]] = {}
    for identifier, name in tables.statements.disputes.stream(connection, identifiers, record_=record):
        found.setdefault(identifier, set()).add(name)
    return found


def _bring(
    connection: Connection, tables: Tables, one: RecordTable, changed: Mapping[str, Sequence[Version]]
) -> dict[str, set[str]]:
    """Brings rows of one table up to date; id → the fields in conflict."""
    known = heads_of(connection, tables, one.schema.name, changed)
    new: list[tuple[str, State]] = []
    following: dict[str, State] = {}
    conflicts: dict[str, set[str]] = {}
    for identifier, arrived in changed.items():
        before = known.get(identifier)
        state = follows(before[1] if before else (), arrived)
        if state is None:
            conflicts[identifier] = remake(connection, tables, one, identifier)
        elif before is None:
            new.append((identifier, state))
        else:
            following[identifier] = state
    # Values of the core were looked at before they came this far, by the form or by the check of what comes.
    _insert(connection, tables, one, new, known="." not in one.schema.name)
    return conflicts | _advance(connection, tables, one, following)


def _advance(
    connection: Connection, tables: Tables, one: RecordTable, following: Mapping[str, State]
) -> dict[str, set[str]]:
    """Writes what follows on rows into them, and settles the conflicts it decides; id → the fields still in conflict."""
    alike: dict[tuple[str, ...], list[Sequence[Any]]] = {}
    for identifier, state in following.items():
        cells = one.cells(state.fields, state.heads)
        alike.setdefault(tuple(cells), []).append([*cells.values(), identifier])
    for names, values in alike.items():
        one.statements.update(names).run(connection, values)
    open_ = _disputed(connection, tables, one.schema.name, following)
    for identifier, disputed in open_.items():
        for name in disputed & following[identifier].fields.keys():
            tables.statements.settle.rows(connection, record_=one.schema.name, id_=identifier, field_=name)
    return {identifier: disputed - following[identifier].fields.keys() for identifier, disputed in open_.items()}


def remake(connection: Connection, tables: Tables, one: RecordTable, identifier: str) -> set[str]:
    """Makes a row again from the record's whole history (no row where it has none); the fields in conflict."""
    life = versions(connection, tables, one.schema.name, identifier)
    one.statements.delete.rows(connection, id_=identifier)
    tables.statements.forget.rows(connection, record_=one.schema.name, id_=identifier)
    if not life:
        return set()
    state = project(life)
    _insert(connection, tables, one, [(identifier, state)])
    return set(state.conflicts)


def _insert(
    connection: Connection,
    tables: Tables,
    one: RecordTable,
    states: Sequence[tuple[str, State]],
    *,
    known: bool = False,
) -> None:
    """New rows; ``known`` says that their values can be read by their kinds."""
    alike: dict[tuple[str, ...], list[Sequence[Any]]] = {}
    for identifier, state in states:
        row = one.filled(identifier, state.fields, state.heads, known=known)
        alike.setdefault(tuple(row), []).append(list(row.values()))
    for names, values in alike.items():
        one.statements.insert(names).run(connection, values)
    rows = [
        (one.schema.name, i, name, digest)
        for i, state in states
        for name, digests in state.conflicts.items()
        for digest in digests
    ]
    if rows:
        tables.statements.dispute.run(connection, rows)


def rebuild(
    connection: Connection, tables: Tables, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> int:
    """Drops the record tables, whatever vocabulary they were made for, and makes them again from the log; returns the
    number of changes replayed."""
    run(connection, [f'DROP TABLE "{table}"' for table in present(connection)])
    connection.execute(tables.conflict.delete())
    run(connection, [one.making for one in tables.records.values()])
    count = replay(connection, connection, tables, None, progress)
    # Sorted once at the end the indexes cost a tenth of what they cost row by row.
    run(connection, [words for one in tables.records.values() for words in one.indexing])
    file.guard(connection)
    return count


def reshape(
    connection: Connection, tables: Tables, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> tuple[set[str], set[str]]:
    """Brings the record tables of a file to these: new ones are made from the log, those that lack fields get them, those of
    another shape are made again, those of no schema dropped; all others stay untouched. Returns the names of all schemas
    whose tables are different now, and of those whose tables were made from the log as it is."""
    noted, there = shapes(connection, tables), present(connection)
    wanted = {one.name for one in tables.records.values()}
    gone = [table for table in there if table not in wanted]
    again = [
        name for name, one in tables.records.items() if one.name not in there or noted.get(name) != tables.shapes[name]
    ]
    for table in gone:
        run(connection, [f'DROP TABLE "{table}"'])
        tables.statements.forget_all.rows(connection, record_=record_of(table))
    replayed = set()
    for number, name in enumerate(again):
        progress(number, len(again))
        one = tables.records[name]
        if one.name in there and _extend(connection, tables, one, noted.get(name, "")):
            continue
        replayed.add(name)
        tables.statements.forget_all.rows(connection, record_=name)
        run(connection, [*([f"DROP TABLE {one.name}"] if one.name in there else []), one.making])
        _replay(connection, connection, tables, one, None)
        run(connection, one.indexing)
    if again:
        file.guard(connection)
    return {*again, *(record_of(table) for table in gone)}, replayed


def _extend(connection: Connection, tables: Tables, one: RecordTable, noted: str) -> bool:
    """Where a table only lacks fields, adds their columns, and makes again the rows that have values for them already:
    a register of a million rows gets a field as fast as an empty one. Says whether that was so."""
    columns = {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({one.name})")}
    lacking = [name for name in one.kinds if name not in columns]
    if not lacking or one.without(lacking).shape != noted:
        return False
    run(connection, one.adding(lacking))
    log = tables.log
    named = or_(*(func.instr(log.c.fields, f'"{name}":') > 0 for name in lacking))
    query = select(log.c.id).distinct().where(log.c.record == one.schema.name, named)
    for identifier in connection.execute(query).scalars().all():
        remake(connection, tables, one, identifier)
    return True


def present(connection: Connection) -> set[str]:
    """The record tables in the file."""
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
    return {name for name in names if file.is_record_table(name)}


SHAPE = "shape"
"""The note that tells for which definitions and record tables a file was made."""


def noted(tables: Tables, definitions: str) -> str:
    """What is noted of these tables and of the definitions (their token) that made them."""
    return dumps({"definitions": definitions, "tables": tables.shapes})


def note_shape(connection: Connection, tables: Tables, definitions: str) -> None:
    """Notes for which definitions and record tables the file was made."""
    connection.execute(tables.note.delete().where(tables.note.c.key == SHAPE))
    connection.execute(tables.note.insert(), {"key": SHAPE, "value": noted(tables, definitions)})


def shape_note(connection: Connection, tables: Tables) -> str:
    """What the file says of itself; "" when it says nothing."""
    row = tables.statements.note.first(connection, key_=SHAPE)
    return str(row[0]) if row else ""


def shapes(connection: Connection, tables: Tables) -> dict[str, str]:
    """Schema name → fingerprint of its table in the file; {} where the note is of another program version."""
    try:
        found = orjson.loads(shape_note(connection, tables))["tables"]
    except (orjson.JSONDecodeError, TypeError, LookupError):
        return {}
    return found if isinstance(found, dict) else {}


def replay(
    source: Connection,
    target: Connection,
    tables: Tables,
    until: int | None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Projects the log of ``source`` (up to position ``until``) into the empty record tables of ``target``."""
    total = source.execute(select(func.count()).select_from(tables.log)).scalar_one()
    count = 0

    def more(done: int) -> None:
        progress(count + done, total)

    for one in tables.records.values():
        count += _replay(source, target, tables, one, until, more)
    progress(count, total)
    return count


def _replay(
    source: Connection,
    target: Connection,
    tables: Tables,
    one: RecordTable,
    until: int | None,
    progress: Callable[[int], None] = lambda _done: None,
) -> int:
    """Projects what the log says of one schema into its empty table; returns the number of changes replayed."""
    batch: list[tuple[str, State]] = []
    count = 0
    for identifier, changes in _histories(source, tables, one.schema.name, until):
        batch.append((identifier, _state(changes)))
        count += len(changes)
        if len(batch) >= _BATCH:
            _insert(target, tables, one, batch)
            batch = []
            progress(count)
    _insert(target, tables, one, batch)
    return count


_Row = tuple[str, int, str, str, str, str]
"""id, clock, replica, hash, parents, fields of a change, as the log keeps them."""
_BY_CLOCK = itemgetter(1, 2, 3)
_VEIL = '"~'


def _histories(source: Connection, tables: Tables, record: str, until: int | None) -> Iterator[tuple[str, list[_Row]]]:
    """(record id, its changes) for every record of one schema, by id."""
    rows = tables.statements.histories.stream(source, record_=record, until_=LAST if until is None else until)
    for identifier, group in groupby(rows, key=itemgetter(0)):
        yield identifier, list(group)


def _state(changes: list[_Row]) -> State:
    """As ``project``, with as little work as can be for the many records whose changes follow each other in a row."""
    if len(changes) > 1:
        changes.sort(key=_BY_CLOCK)
    fields: dict[str, Stored] = {}
    last = gone = ""
    for change in changes:
        if change[4] != last:
            return project([version(*c[1:]) for c in changes])
        last, gone = change[3], change[5]
        fields |= orjson.loads(gone) if _VEIL not in gone else version(*change[1:]).fields
    fields[DELETED] = bool(orjson.loads(gone).get(DELETED, False)) if DELETED in gone else False
    return State(fields, (last,), {})


def summary(heads: Iterable[tuple[str, int, str]]) -> str:
    """One hash for a whole log, from the (replica, last sequence, last hash) of every replica; the same on every copy."""
    lines = "\n".join(f"{replica} {sequence} {digest}" for replica, sequence, digest in sorted(heads))
    return hashlib.sha256(lines.encode()).hexdigest()
