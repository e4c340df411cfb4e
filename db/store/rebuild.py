"""The tables as projection of the log: one record's row, or all of them again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Dialect, Insert, bindparam, func, select, text

from db.store import file
from db.store.projection import State, Version, follows, project
from db.store.tables import RecordTable, Tables

_CHUNK = 400
_BATCH = 5_000


def versions(
    connection: Connection, tables: Tables, record: str, identifiers: Sequence[str]
) -> dict[str, list[Version]]:
    """Record id → its changes in the log, for at most a few hundred ids of one schema."""
    rows = connection.execute(tables.statements.versions, {"record": record, "ids": identifiers})
    found: dict[str, list[Version]] = {identifier: [] for identifier in identifiers}
    for identifier, clock, replica, digest, parents, fields in rows:
        found[identifier].append(Version(clock, replica, digest, tuple(parents.split()), orjson.loads(fields)))
    return found


def heads(
    connection: Connection, tables: Tables, record: str, identifiers: Sequence[str]
) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Record id → (deleted, heads) of those of the records that have a row."""
    one = tables.records[record]
    found: dict[str, tuple[bool, tuple[str, ...]]] = {}
    for at in range(0, len(identifiers), _CHUNK):
        rows = connection.execute(one.statements.heads, {"ids": identifiers[at : at + _CHUNK]})
        found.update({identifier: (bool(gone), tuple(hashes.split())) for identifier, gone, hashes in rows})
    return found


def project_records(
    connection: Connection, tables: Tables, coming: Mapping[tuple[str, str], Sequence[Version]]
) -> list[tuple[str, str, str]]:
    """Brings the rows of the touched records up to date; returns the conflicts now open among them.

    ``coming`` are the changes just put into the log by (record, id), each list in the order of their clocks.
    """
    conflicts: list[tuple[str, str, str]] = []
    by_schema: dict[str, list[str]] = {}
    for record, identifier in coming:
        by_schema.setdefault(record, []).append(identifier)
    for record, identifiers in by_schema.items():
        one = tables.records.get(record)
        if one is None:
            continue  # a schema this program does not know: its changes are kept in the log and travel on
        for at in range(0, len(identifiers), _CHUNK):
            chunk = {i: coming[record, i] for i in identifiers[at : at + _CHUNK]}
            conflicts += [(record, i, name) for i, name in _project_chunk(connection, tables, one, chunk)]
    return conflicts


def _project_chunk(
    connection: Connection, tables: Tables, one: RecordTable, coming: Mapping[str, Sequence[Version]]
) -> list[tuple[str, str]]:
    record = one.schema.name
    before = heads(connection, tables, record, list(coming))
    new: list[tuple[str, State]] = []
    tangled: list[str] = []
    disputed = _disputed(connection, tables, record, coming)
    for identifier, arrived in coming.items():
        state = follows(before[identifier][1] if identifier in before else (), arrived)
        if state is None:
            tangled.append(identifier)
        elif identifier not in before:
            new.append((identifier, state))
        else:
            cells = one.cells(state.fields, state.heads)
            connection.execute(one.statements.update, {**cells, "id_": identifier})
            for name in disputed[identifier] & state.fields.keys():
                key = {"record_": record, "id_": identifier, "field_": name}
                connection.execute(tables.statements.settle, key)
                disputed[identifier].discard(name)
    _insert(connection, tables, one, new)
    if tangled:
        states = {i: project(v) for i, v in versions(connection, tables, record, tangled).items()}
        connection.execute(one.statements.delete, {"ids": tangled})
        connection.execute(tables.statements.forget, {"record_": record, "ids": tangled})
        _insert(connection, tables, one, list(states.items()))
        disputed |= {i: set(state.conflicts) for i, state in states.items()}
    return [(identifier, name) for identifier in coming for name in sorted(disputed[identifier])]


def _disputed(connection: Connection, tables: Tables, record: str, identifiers: Iterable[str]) -> dict[str, set[str]]:
    """Record id → the fields with an open conflict."""
    found: dict[str, set[str]] = {identifier: set() for identifier in identifiers}
    for row in connection.execute(tables.statements.disputed, {"record_": record, "ids": list(found)}):
        found[row.id].add(row.field)
    return found


def _insert(connection: Connection, tables: Tables, one: RecordTable, states: Sequence[tuple[str, State]]) -> None:
    if states:
        sql = _insert_sql(one.statements.insert, connection.dialect)
        connection.exec_driver_sql(sql, [one.row(i, state.fields, state.heads) for i, state in states])
    rows = [
        {"record": one.schema.name, "id": i, "field": name, "hash": digest}
        for i, state in states
        for name, digests in state.conflicts.items()
        for digest in digests
    ]
    if rows:
        connection.execute(tables.statements.dispute, rows)


@lru_cache(maxsize=500)
def _insert_sql(insert: Insert, dialect: Dialect) -> str:
    """Rows go in as tuples: naming forty columns for each of a million rows would cost more than writing them."""
    return str(insert.compile(dialect=dialect))


def rebuild(
    connection: Connection, tables: Tables, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> int:
    """Drops the record tables and makes them again from the log; returns the number of changes replayed."""
    file.unguard(connection)
    drop_records(connection)
    tables.metadata.create_all(connection)
    connection.execute(tables.conflict.delete())
    count = replay(connection, connection, tables, None, progress)
    file.guard(connection, tables)
    return count


def drop_records(connection: Connection) -> None:
    """Drops every record table in the file, also those of another program version."""
    names = connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'r_*'")
    ).scalars()
    for name in names.all():
        connection.exec_driver_sql(f'DROP TABLE "{name}"')


def note_shape(connection: Connection, tables: Tables) -> None:
    """Notes for which record tables the file was made."""
    connection.execute(tables.note.delete().where(tables.note.c.key == "shape"))
    connection.execute(tables.note.insert(), {"key": "shape", "value": tables.shape})


def replay(
    source: Connection,
    target: Connection,
    tables: Tables,
    until: int | None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Projects the log of ``source`` (up to position ``until``) into the empty record tables of ``target``."""
    log = tables.log
    total = source.execute(select(func.count()).select_from(log)).scalar_one()
    count = 0
    for record, one in tables.records.items():
        batch: list[tuple[str, State]] = []
        for identifier, changes in _histories(source, tables, record, until):
            batch.append((identifier, project(changes)))
            count += len(changes)
            if len(batch) >= _BATCH:
                _insert(target, tables, one, batch)
                batch = []
                progress(count, total)
        _insert(target, tables, one, batch)
    progress(count, total)
    return count


def _histories(
    source: Connection, tables: Tables, record: str, until: int | None
) -> Iterator[tuple[str, list[Version]]]:
    """(record id, its changes) for every record of one schema, by id."""
    log = tables.log
    query = select(log.c.id, log.c.clock, log.c.replica, log.c.hash, log.c.parents, log.c.fields)
    query = query.where(log.c.record == bindparam("record", record)).order_by(log.c.id)
    if until is not None:
        query = query.where(log.c.position <= until)
    rows: Iterable[Any] = source.execution_options(yield_per=_BATCH).execute(query)
    for identifier, group in groupby(rows, key=itemgetter(0)):
        yield (
            identifier,
            [
                Version(clock, replica, digest, tuple(parents.split()), orjson.loads(fields))
                for _, clock, replica, digest, parents, fields in group
            ],
        )


def summary(heads: Iterable[tuple[str, int, str]]) -> str:
    """One hash for a whole log, from the (replica, last sequence, last hash) of every replica; the same on every copy."""
    lines = "\n".join(f"{replica} {sequence} {digest}" for replica, sequence, digest in sorted(heads))
    return hashlib.sha256(lines.encode()).hexdigest()
