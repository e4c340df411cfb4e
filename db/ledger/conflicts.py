"""Fields on which two branches disagree: derived from the log, open until somebody decides, decided by a deed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from db.ledger.change import Deed, Edit
from db.ledger.facts import Facts
from db.ledger.lines import describe
from db.schema.kinds import Stored
from db.store.projection import DELETED, live, project
from db.store.rebuild import versions


@dataclass(frozen=True)
class Rival:
    """One of the competing values: stored form, who set it, when (UTC), in which deed's sentence."""

    hash: str
    value: Stored
    actor: str
    time: str
    replica: str
    sentence: str


@dataclass(frozen=True)
class Conflict:
    """A field of a record with unreplaced changes that disagree; ``shown`` is the value the tables show meanwhile."""

    record: str
    id: str
    field: str
    shown: Stored
    rivals: tuple[Rival, ...]


def conflicts(facts: Facts) -> list[Conflict]:
    """All open conflicts, by record and field; not those over fields only a newer program knows and can decide."""
    table, log = facts.tables.conflict, facts.tables.log
    with facts.reading() as connection:
        rows = connection.execute(select(table).order_by(table.c.record, table.c.id, table.c.field)).all()
        grouped: dict[tuple[str, str, str], list[str]] = {}
        for row in rows:
            if row.field != DELETED and row.field not in facts.tables.records[row.record].kinds:
                continue
            grouped.setdefault((row.record, row.id, row.field), []).append(row.hash)
        found = []
        for (record, identifier, field), digests in grouped.items():
            ordered = sorted(versions(connection, facts.tables, record, identifier), key=lambda v: v[:3])
            setters = live(ordered).get(field, [])
            said = {r.hash: r for r in connection.execute(select(log).where(log.c.hash.in_(digests)))}
            default = False if field == DELETED else None
            readable = facts.tables.records[record].readable
            rivals = tuple(
                Rival(
                    ordered[i].hash,
                    readable(field, ordered[i].fields.get(field, default)),
                    said[ordered[i].hash].actor,
                    said[ordered[i].hash].time,
                    ordered[i].replica,
                    said[ordered[i].hash].sentence,
                )
                for i in setters
            )
            shown = readable(field, project(ordered).fields.get(field, default))
            found.append(Conflict(record, identifier, field, shown, rivals))
    return found


def decision(facts: Facts, conflict: Conflict, value: Stored, actor: str) -> Deed:
    """The deed that decides a conflict: the stored value becomes the only one, everywhere once exchanged."""
    schema = facts.schema(conflict.record)
    record = facts.find(conflict.record, conflict.id, deleted=True)
    named = describe(facts, record) if record is not None else schema.title
    if conflict.field == DELETED:
        edit = Edit(conflict.record, conflict.id, {DELETED: bool(value)})
        return Deed(f"裁定冲突：{schema.title}“{named}”{'删除' if value else '保留'}", actor, (edit,))
    kind = schema.field(conflict.field).kind
    working = None if value is None else kind.load(value)
    edit = Edit(conflict.record, conflict.id, {conflict.field: working})
    return Deed(f"裁定冲突：{schema.title}“{named}”的{kind.label}", actor, (edit,))
