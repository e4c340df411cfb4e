"""What must be written to take a deed back, and which deed is next to be undone or redone.

An undo is a deed of its own that names the deed it undoes; a redo undoes an undo. Nothing is taken out of the log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, func, select

from db.ledger.change import Built
from db.ledger.facts import Facts
from db.schema.kinds import Stored
from db.schema.links import Ref
from db.schema.record import Field
from db.store.projection import DELETED, State, Version, live, project, version
from db.store.rebuild import LAST, versions
from db.store.statements import BLOCK, pointing
from db.store.tables import RecordTable, Tables

_DEPTH = 2_000
"""Deeds looked at for the one that is undone or redone next."""
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
    touched: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.record not in tables.records:
            raise Built("这步操作含有本程序不认识的内容，不能撤销。", "请升级程序后再试。")
        touched.setdefault(row.record, {})[row.id] = None
    refuse_if_frozen(connection, tables, touched, rows[0].sentence)
    histories = {record: _histories(connection, tables, record, ids) for record, ids in touched.items()}
    edits: list[StoredEdit] = []
    made: dict[str, dict[str, None]] = {}
    written: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        written.setdefault((row.record, row.id), []).append(row.hash)
    for (record, identifier), digests in written.items():
        history = histories[record][identifier]
        for fields in _before(tables, record, history, digests, rows[0].sentence):
            if fields.get(DELETED) is True:
                made.setdefault(record, {})[identifier] = None
            edits.append((record, identifier, fields, history.now.heads))
    states = {record: {one: each.now for one, each in found.items()} for record, found in histories.items()}
    refuse_if_lasting(tables, made, states, rows[0].sentence)
    refuse_if_used(connection, tables, made, touched)
    return edits, rows[0].sentence


@dataclass(frozen=True)
class _History:
    """One record's changes in the order of their clocks, for each the deed it belongs to and the deed that one undoes, and
    what all of them make of it."""

    ordered: list[Version]
    deeds: dict[str, str]
    undoes: dict[str, str]
    now: State


def _histories(connection: Connection, tables: Tables, record: str, identifiers: Iterable[str]) -> dict[str, _History]:
    """Id → history, of many records of one schema."""
    lives: dict[str, list[tuple[Version, str, str]]] = {}
    for identifier, clock, replica, digest, parents, fields, deed, undoes in tables.statements.lives.stream(
        connection, identifiers, record_=record
    ):
        made = version(clock, replica, digest, parents, fields)
        lives.setdefault(identifier, []).append((made, deed, undoes))
    found = {}
    for identifier, life in lives.items():
        ordered = sorted((version for version, _, _ in life), key=lambda v: v[:3])
        deeds = {version.hash: deed for version, deed, _ in life}
        undone = {version.hash: undoes for version, _, undoes in life}
        found[identifier] = _History(ordered, deeds, undone, project(ordered))
    return found


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


def _before(
    tables: Tables, record: str, history: _History, digests: Sequence[str], sentence: str
) -> list[dict[str, Stored]]:
    """The fields to write so that a record shows what it did before the changes of a deed: one after the other where these had
    decided a conflict, for it is open again then."""
    ordered = history.ordered
    at = next(i for i, version in enumerate(ordered) if version.hash == digests[0])
    version = ordered[at]
    names = {name for one in ordered if one.hash in digests for name in one.fields}
    created = not version.parents
    if set(history.now.heads) != {*digests}:  # else nothing stands beside it, and nothing came after it
        now = live(ordered)
        gone = bool(history.now.fields.get(DELETED)) and DELETED not in names
        looked = {DELETED} if created else names
        built = len(digests) > 1 or not all(
            _stands(history, name, setter, at) for name in looked for setter in now[name]
        )
        if gone or built:
            title = tables.records[record].schema.title
            raise Built(f"不能撤销“{sentence}”：其中的{title}后来又被修改或删除。", "请直接改回需要的内容。", "history")
    if created:
        return [{DELETED: True}]
    past = sorted(_ancestors(ordered, at), key=lambda v: v[:3])
    state = project(past)
    reopened = sorted(state.conflicts.keys() & {*names, DELETED})
    rivals = {name: [past[i] for i in live(past)[name]] for name in reopened}
    unknown = state.hidden & names or any(name in one.hidden for name in reopened for one in rivals[name])
    if unknown:
        title = tables.records[record].schema.title
        raise Built(
            f"不能撤销“{sentence}”：其中的{title}原来的内容，对方按范围没有给。", "请直接填写需要的内容。", "history"
        )
    readable = tables.records[record].readable
    shown = {name: readable(name, state.fields.get(name, _absent(name))) for name in sorted({*names, *reopened})}
    others = {name: _others(rivals[name], name, state.fields[name]) for name in reopened}
    count = max((len(values) for values in others.values()), default=0)
    beside = [
        {name: readable(name, values[min(turn, len(values) - 1)]) for name, values in others.items()}
        for turn in range(count)
    ]
    return [*beside, shown]


def _absent(name: str) -> Stored:
    return False if name == DELETED else None


def _others(rivals: Sequence[Version], name: str, shown: Stored) -> list[Stored]:
    """The competing values beside the one that is shown, each once."""
    found: list[Stored] = []
    for one in rivals:
        value = one.fields.get(name, _absent(name))
        if value != shown and value not in found:
            found.append(value)
    return found


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


def refuse_if_lasting(
    tables: Tables,
    made: Mapping[str, Collection[str]],
    states: Mapping[str, Mapping[str, State]],
    sentence: str,
) -> None:
    """Refuses when one of the records that are to go was made to last."""
    for record, ids in made.items():
        schema = tables.records[record].schema
        if schema.lasting and any(states[record][one].fields.get(schema.lasting) is not None for one in ids):
            raise Built(
                f"不能撤销“{sentence}”：{schema.title}一经做成就要留存。", "不再有效的，请写明理由作废。", "issuing"
            )


def refuse_if_frozen(
    connection: Connection, tables: Tables, touched: Mapping[str, Collection[str]], sentence: str
) -> None:
    """Refuses when a live record that is none of those touched freezes one of them, or what one of them is a part of."""
    for one in tables.records.values():
        for name in one.schema.freezes:
            field = one.schema.field(name)
            to = getattr(field.kind, "to", "")
            held = {*touched.get(to, ())}
            for record, ids in touched.items():
                owner = tables.records[record].schema.owner()
                if owner is not None and getattr(owner.kind, "to", "") == to:
                    held |= _owners(connection, tables.records[record], owner, ids)
            ours = touched.get(one.schema.name, ())
            if held and any(identifier not in ours for identifier in _pointing(connection, one, field, held)):
                title = tables.records[to].schema.title
                raise Built(
                    f"不能撤销“{sentence}”：其中的{title}已经印发。", f"要更正请另发一份新的{title}。", "issuing"
                )


def _owners(connection: Connection, one: RecordTable, owner: Field, ids: Collection[str]) -> set[str]:
    """What records of a schema are parts of."""
    found: set[str] = set()
    wanted = list(ids)
    for at in range(0, len(wanted), BLOCK):
        query = select(one.table.c[owner.name]).where(one.table.c.id.in_(wanted[at : at + BLOCK]))
        found |= {value for value in connection.execute(query).scalars() if value}
    return found


def refuse_if_used(
    connection: Connection,
    tables: Tables,
    made: Mapping[str, Collection[str]],
    ours: Mapping[str, Collection[str]],
) -> None:
    """Refuses when a live record that is none of ``ours`` points at one of those that are to go (schema name → ids)."""
    if not made:
        return
    for name, one in tables.records.items():
        for field in one.schema.references():
            to = getattr(field.kind, "to", "")
            if to not in made:
                continue
            known = ours.get(name, ())
            if any(identifier not in known for identifier in _pointing(connection, one, field, made[to])):
                title = tables.records[to].schema.title
                raise Built(
                    f"不能撤销新增的{title}：后来有{one.schema.title}用到了它。",
                    f"请先处理那条{one.schema.title}。",
                    "history",
                )


def _pointing(connection: Connection, one: RecordTable, field: Field, to: Collection[str]) -> Iterator[str]:
    """The ids of the live records of a table that point by a field at one of these; many are looked for in one walk through
    a column that has no index."""
    kind = field.kind
    if isinstance(kind, Ref) and (kind.indexed or len(to) <= BLOCK):
        for row in pointing(one.name, field.name).stream(connection, to):
            yield row[0]
        return
    for identifier, value in one.statements.filled(field.name).stream(connection):
        if value in to if isinstance(kind, Ref) else any(each in to for each in orjson.loads(value)):
            yield identifier


def last_of(connection: Connection, tables: Tables, deed: str) -> int:
    """The position of a deed's last change."""
    log = tables.log
    return int(connection.execute(select(func.max(log.c.position)).where(log.c.deed == deed)).scalar_one())


def refuse_if_filled(connection: Connection, before: Tables, after: Tables, last: int) -> None:
    """Refuses (``Built``) to take away a register or a field in which live rows were filled after that position."""
    log = before.log
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
    """(deed, depth) of the actor's deeds made here that still stand, latest first; depth 0 a deed, 1 an undo, 2 a redo …

    The changes of one deed lie together in the log, so the next deed is looked for before the first of them.
    """
    log = tables.log
    theirs = (log.c.actor == actor, log.c.local == 1)
    latest = select(log.c.deed, log.c.undoes).where(*theirs).order_by(log.c.position.desc()).limit(1)

    def undone_by(deed: str) -> str:
        return connection.execute(select(log.c.undoes).where(log.c.deed == deed, *theirs).limit(1)).scalar() or ""

    cancelled: set[str] = set()
    before = LAST
    for _ in range(_DEPTH):
        row = connection.execute(latest.where(log.c.position < before)).first()
        if row is None:
            return
        deed, target = row
        before = connection.execute(select(func.min(log.c.position)).where(log.c.deed == deed)).scalar_one()
        if deed in cancelled:
            continue
        depth, at = 0, target
        while at and depth < _DEPTH:  # a file that somebody tampered with may go round
            depth, at = depth + 1, undone_by(at)
        if target:
            cancelled.add(target)
            if depth % 2 == 0:
                cancelled.add(undone_by(target))
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


def offered(facts: Facts, actor: str) -> tuple[str, str]:
    """The sentences of the deed that undo would take back and of the one that redo would do again; "" where there is none."""
    log, tables = facts.tables.log, facts.tables
    with facts.reading() as connection:

        def sentence(deed: str) -> str:
            query = select(log.c.sentence).where(log.c.deed == deed).limit(1)
            return str(connection.execute(query).scalar() or "") if deed else ""

        undo, redo = last_deed(connection, tables, actor), last_undo(connection, tables, actor)
        return sentence(undo), sentence(redo).removeprefix("撤销：")
