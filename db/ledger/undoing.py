"""What must be written to take a deed back, and which deed is next to be undone or redone.

An undo is a deed of its own that names the deed it undoes; a redo undoes an undo. Nothing is taken out of the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from db.ledger.change import Built
from db.schema.kinds import Stored
from db.store.projection import DELETED, Version, live, project
from db.store.rebuild import versions
from db.store.tables import Tables

_DEPTH = 2_000
StoredEdit = tuple[str, str, dict[str, Stored], tuple[str, ...]]


def compensation(connection: Connection, tables: Tables, deed: str) -> tuple[list[StoredEdit], str]:
    """The edits (schema name, id, stored fields, heads seen) that restore what was shown before a deed, and its sentence.

    Refuses (``Built``) when a value the deed set was changed since, or a record it made is used by another deed.
    """
    log = tables.log
    rows = connection.execute(
        select(log.c.record, log.c.id, log.c.hash, log.c.sentence).where(log.c.deed == deed).order_by(log.c.sequence)
    ).all()
    if not rows:
        raise Built("找不到要撤销的操作。")
    edits = []
    ours = {(row.record, row.id) for row in rows}
    for row in rows:
        if row.record not in tables.records:
            raise Built("这步操作含有本程序不认识的内容，不能撤销。", "请升级程序后再试。")
        history = _history(connection, tables, row.record, row.id)
        fields = _before(tables, row.record, history, row.hash, row.sentence)
        if fields.get(DELETED) is True:
            _refuse_if_used(connection, tables, row.record, row.id, ours)
        edits.append((row.record, row.id, fields, project(history.ordered).heads))
    return edits, rows[0].sentence


@dataclass(frozen=True)
class _History:
    """One record's changes in the order of their clocks, and for each the deed it belongs to and the deed that one undoes."""

    ordered: list[Version]
    deeds: dict[str, str]
    undoes: dict[str, str]


def _history(connection: Connection, tables: Tables, record: str, identifier: str) -> _History:
    log = tables.log
    rows = connection.execute(
        select(log.c.hash, log.c.deed, log.c.undoes).where(log.c.record == record, log.c.id == identifier)
    ).all()
    ordered = sorted(versions(connection, tables, record, identifier), key=lambda v: v[:3])
    return _History(ordered, {row.hash: row.deed for row in rows}, {row.hash: row.undoes for row in rows})


def _stands(history: _History, name: str, setter: int, at: int) -> bool:
    """Whether a field whose live setter is this one shows what the change at ``at`` made of it: it is that change
    itself, or took back what was done since."""
    ordered = history.ordered
    while setter != at:
        undone = history.undoes[ordered[setter].hash]
        target = next((i for i, v in enumerate(ordered) if undone and history.deeds[v.hash] == undone), None)
        if target is None or target >= setter:
            return False
        earlier = sorted(_ancestors(ordered, target), key=lambda v: v[:3])
        before = live(earlier).get(name)
        if not before:
            return False
        setter = ordered.index(earlier[before[-1]])
    return True


def _before(tables: Tables, record: str, history: _History, digest: str, sentence: str) -> dict[str, Stored]:
    ordered = history.ordered
    at = next(i for i, version in enumerate(ordered) if version.hash == digest)
    version = ordered[at]
    now = live(ordered)
    title = tables.records[record].schema.title
    created = not version.parents
    gone = bool(project(ordered).fields.get(DELETED)) and DELETED not in version.fields
    names = {DELETED} if created else version.fields.keys()
    if gone or not all(_stands(history, name, setter, at) for name in names for setter in now[name]):
        raise Built(f"不能撤销“{sentence}”：其中的{title}后来又被修改或删除。", "请直接改回需要的内容。", "history")
    if created:
        return {DELETED: True}
    earlier = project(_ancestors(ordered, at)).fields
    readable = tables.records[record].readable
    return {name: readable(name, earlier.get(name, False if name == DELETED else None)) for name in version.fields}


def _ancestors(ordered: list[Version], at: int) -> list[Version]:
    by_hash = {version.hash: version for version in ordered}
    found: dict[str, Version] = {}
    waiting = list(ordered[at].parents)
    while waiting:
        version = by_hash[waiting.pop()]
        if version.hash not in found:
            found[version.hash] = version
            waiting += version.parents
    return list(found.values())


def _refuse_if_used(
    connection: Connection, tables: Tables, record: str, identifier: str, ours: set[tuple[str, str]]
) -> None:
    for name, one in tables.records.items():
        pointing = [field for field in one.schema.references() if getattr(field.kind, "to", "") == record]
        if not pointing:
            continue
        table = one.table
        columns = [
            table.c[f.name].contains(identifier) if f.kind.structured else table.c[f.name] == identifier
            for f in pointing
        ]
        for row in connection.execute(select(table.c.id).where(or_(*columns), table.c.deleted == 0)):
            if (name, row.id) not in ours:
                title = tables.records[record].schema.title
                raise Built(
                    f"不能撤销新增的{title}：后来有{one.schema.title}用到了它。",
                    f"请先处理那条{one.schema.title}。",
                    "history",
                )


def refuse_if_filled(connection: Connection, before: Tables, after: Tables, deed: str) -> None:
    """Refuses (``Built``) to take back a deed that brought a register or a field in which live rows were filled since."""
    log = before.log
    last = select(func.max(log.c.position)).where(log.c.deed == deed).scalar_subquery()
    for name, one in before.records.items():
        kept = after.records.get(name)
        lost = one.kinds.keys() - (kept.kinds.keys() if kept is not None else ())
        if not lost:
            continue
        since = select(log.c.id).distinct().where(log.c.record == name, log.c.position > last)
        for identifier in connection.execute(since).scalars():
            fields = project(versions(connection, before, name, identifier)).fields
            if not fields.get(DELETED) and any(fields.get(field) is not None for field in lost):
                raise Built(
                    f"不能撤销：登记表“{one.schema.title}”里后来填了内容。",
                    "请先删去那些内容；只是以后不再填写，可以在“类别设计”里停用。",
                    "categories",
                )


def _effective(connection: Connection, tables: Tables, actor: str) -> Iterator[tuple[str, int]]:
    """(deed, depth) of the actor's deeds made here that still stand, latest first; depth 0 a deed, 1 an undo, 2 a redo …"""
    log = tables.log
    rows = connection.execute(
        select(log.c.deed, log.c.undoes)
        .where(log.c.actor == actor, log.c.local == 1)
        .order_by(log.c.position.desc())
        .limit(_DEPTH * 50)
    )
    order: dict[str, str] = {}
    for deed, target in rows:
        order.setdefault(deed, target)
        if len(order) > _DEPTH:
            break
    cancelled: set[str] = set()
    for deed, target in order.items():
        if deed in cancelled:
            continue
        depth, at = 0, deed
        while order.get(at):
            depth, at = depth + 1, order[at]
        if target:
            cancelled.add(target)
            if depth % 2 == 0:
                cancelled.add(order.get(target, ""))
        yield deed, depth


def last_deed(connection: Connection, tables: Tables, actor: str) -> str:
    """The deed ``undo`` takes back next; "" when there is none."""
    return next((deed for deed, depth in _effective(connection, tables, actor) if depth % 2 == 0), "")


def last_undo(connection: Connection, tables: Tables, actor: str) -> str:
    """The undo ``redo`` takes back next; "" when there is none, or when another deed was done since."""
    for deed, depth in _effective(connection, tables, actor):
        if depth == 0:
            return ""
        if depth % 2 == 1:
            return deed
    return ""
