"""Fields on which two branches disagree: derived from the log, open until somebody decides, decided by a deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as kept
from typing import Any

from sqlalchemy import Connection, select

from db.ledger.change import Deed, Edit
from db.ledger.facts import Facts
from db.ledger.lines import describe
from db.schema.kinds import Stored
from db.store.projection import DELETED, Version, live, project
from db.store.rebuild import versions
from db.store.tables import Tables


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
    """A field of a record with unreplaced changes that disagree; ``shown`` is the value the tables show meanwhile, ``before``
    the last one that all who disagree had seen. ``since`` is when the disagreement came into this file (UTC), and ``own`` the
    hashes of the rivals that were written in it: of these two alone every file tells its own."""

    record: str
    id: str
    field: str
    shown: Stored
    rivals: tuple[Rival, ...]
    before: Stored = None
    since: str = kept(default="", compare=False)
    own: frozenset[str] = kept(default=frozenset(), compare=False)


def conflicts(facts: Facts) -> list[Conflict]:
    """All open conflicts, by record and field; not those over fields only a newer program knows and can decide."""
    table = facts.tables.conflict
    with facts.reading() as connection:
        rows = connection.execute(select(table).order_by(table.c.record, table.c.id, table.c.field)).all()
        grouped: dict[tuple[str, str, str], list[str]] = {}
        for row in rows:
            if row.field != DELETED and row.field not in facts.tables.records[row.record].kinds:
                continue
            grouped.setdefault((row.record, row.id, row.field), []).append(row.hash)
        return [_conflict(connection, facts.tables, key, digests) for key, digests in grouped.items()]


def _conflict(connection: Connection, tables: Tables, key: tuple[str, str, str], digests: Sequence[str]) -> Conflict:
    record, identifier, field = key
    log = tables.log
    ordered = sorted(versions(connection, tables, record, identifier), key=lambda v: v[:3])
    setters = live(ordered).get(field, [])
    lived = log.c.record == record, log.c.id == identifier
    said = {r.hash: r for r in connection.execute(select(log).where(*lived))}
    default = False if field == DELETED else None
    readable = tables.records[record].readable
    rivals, own = [], set[str]()
    for version in (ordered[at] for at in setters):
        row = _original(ordered, version, field, said)
        value = readable(field, version.fields.get(field, default))
        rivals.append(Rival(version.hash, value, row.actor, row.time, row.replica, row.sentence))
        if row.local:
            own.add(version.hash)
    shown = readable(field, project(ordered).fields.get(field, default))
    before = readable(field, project(_common(ordered, setters)).fields.get(field, default))
    # It began when the second of them came: the first had nothing to disagree with.
    since = sorted(said[digest].taken for digest in digests)[1]
    return Conflict(*key, shown, tuple(rivals), before, since, frozenset(own))


def _original(ordered: Sequence[Version], version: Version, field: str, said: Mapping[str, Any]) -> Any:
    """The row of the log that first said what a rival says: where a decision was undone, its rivals stand there again, and they
    are still the words of those who wrote them."""
    row = said[version.hash]
    seen = set[str]()
    while row.undoes and version.hash not in seen:
        seen.add(version.hash)
        value = version.fields.get(field)
        earlier = [
            one
            for one in ordered
            if one[:3] < version[:3] and one.fields.get(field) == value and said[one.hash].deed != row.undoes
        ]
        if not earlier:
            break
        version = earlier[-1]
        row = said[version.hash]
    return row


def _common(ordered: Sequence[Version], setters: Sequence[int]) -> list[Version]:
    """What all of these changes rest on; ``ordered`` puts parents before children."""
    index = {version.hash: at for at, version in enumerate(ordered)}
    rests: list[int] = []
    for version in ordered:
        seen = 0
        for parent in version.parents:
            if (at := index.get(parent)) is not None and at < len(rests):
                seen |= rests[at] | 1 << at
        rests.append(seen)
    shared = -1
    for at in setters:
        shared &= rests[at]
    return [version for at, version in enumerate(ordered) if shared >> at & 1]


Rule = Callable[[Conflict], Rival | None]
"""Which of the competing values a rule takes; None where it says nothing."""


def newer(conflict: Conflict) -> Rival | None:
    """The rule that takes the value written last in the order of the log: the one that is shown meanwhile. Clocks on the wall
    have no part in it."""
    return conflict.rivals[-1] if conflict.rivals else None


def decide_many(facts: Facts, found: Sequence[Conflict], rule: Rule, actor: str) -> Deed | None:
    """The deed that decides by a rule as many of these conflicts as it says something on; None where it does on none.

    A record that one side deleted is decided whole: what the rule says of the deletion, or what is shown meanwhile, goes with
    the values, because a value set in a record says that the record exists.
    """
    chosen: dict[tuple[str, str], dict[str, Stored]] = {}
    gone: dict[tuple[str, str], bool] = {}
    for one in found:
        if one.field == DELETED:
            gone[one.record, one.id] = bool(one.shown)
        rival = rule(one)
        if rival is not None:
            chosen.setdefault((one.record, one.id), {})[one.field] = rival.value
    if not chosen:
        return None
    edits = []
    for (record, identifier), stored in chosen.items():
        deleted = stored.pop(DELETED, gone.get((record, identifier)))
        values: dict[str, Any] = {} if deleted is None else {DELETED: bool(deleted)}
        for name, value in stored.items():
            values[name] = None if value is None else facts.schema(record).field(name).kind.load(value)
        edits.append(Edit(record, identifier, values))
    count = sum(len(names) or 1 for names in chosen.values())
    return Deed(f"裁定冲突：{len(edits)} 条记录的 {count} 处", actor, tuple(edits))


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
