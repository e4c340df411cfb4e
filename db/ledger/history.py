"""Who did what when, in sentences; the changes as they travel; and the ledger as it stood at a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select

from db import clock
from db.errors import Refusal
from db.ledger import vocabulary
from db.ledger.change import Change
from db.ledger.facts import Facts
from db.schema.kinds import Stored
from db.store import file, rebuild, veils, withheld
from db.store.projection import Version, project, version
from db.store.tables import Tables, tables


@dataclass(frozen=True)
class Touch:
    """What a deed set in one record: stored fields by name, a value that its kind cannot read as absent."""

    record: str
    id: str
    fields: Mapping[str, Stored]


@dataclass(frozen=True)
class Entry:
    """One deed of the history. ``time`` is when its author did it (when it came here, where that cannot be read),
    ``taken`` when it came into this file; both UTC, in the form of ``clock.stamp``."""

    deed: str
    position: int
    time: str
    taken: str
    actor: str
    replica: str
    sentence: str
    undoes: str
    touched: tuple[Touch, ...]


def entries(
    facts: Facts,
    *,
    limit: int = 200,
    before: int | None = None,
    field: str = "",
    since: str = "",
    until: str = "",
    words: str = "",
    **equal: str,
) -> list[Entry]:
    """The latest deeds first. ``equal`` may name actor, record, id, replica or deed; ``field`` one that a touched record was
    given; ``since`` and ``until`` stamps (``clock.stamp``) between which its author did it; ``words`` stand in its sentence.
    ``before`` is the position of the entry the last page ended with."""
    log = facts.tables.log
    later, touched = log.alias("later"), log.alias("touched")
    # A deed stands where its last change stands: so it is on one page only, and a page needs no look at the whole log.
    query = select(log.c.deed).where(
        ~exists().where(later.c.deed == log.c.deed, later.c.position > log.c.position).correlate(log)
    )
    about = [touched.c[name] == equal.pop(name) for name in ("record", "id") if name in equal]
    if field:
        about.append(func.instr(touched.c.fields, f'"{field}":') > 0)
    if about:
        query = query.where(log.c.deed.in_(select(touched.c.deed).where(*about)))
    for name, value in equal.items():
        query = query.where(log.c[name] == value)
    if since:
        query = query.where(log.c.time >= since)
    if until:
        query = query.where(log.c.time <= until)
    if words:
        query = query.where(func.instr(log.c.sentence, words) > 0)
    if before is not None:
        query = query.where(log.c.position < before)
    query = query.order_by(log.c.position.desc()).limit(limit)
    with facts.reading() as connection:
        deeds = [row.deed for row in connection.execute(query)]
        found: dict[str, list[Any]] = {deed: [] for deed in deeds}
        for at in range(0, len(deeds), 400):
            rows = connection.execute(
                select(log).where(log.c.deed.in_(deeds[at : at + 400])).order_by(log.c.position)
            ).all()
            for row in rows:
                found[row.deed].append(row)
    return [_entry(facts, rows) for rows in found.values()]


def actors(facts: Facts) -> list[str]:
    """Who did something here, those who did most first."""
    log = facts.tables.log
    query = select(log.c.actor, func.count()).group_by(log.c.actor).order_by(func.count().desc(), log.c.actor)
    with facts.reading() as connection:
        return [row.actor for row in connection.execute(query) if row.actor]


def begun_at(facts: Facts, deed: str) -> int:
    """The position of a deed's first change."""
    log = facts.tables.log
    with facts.reading() as connection:
        return int(connection.execute(select(func.min(log.c.position)).where(log.c.deed == deed)).scalar() or 0)


_NEVER = "1970-01-01T00:00:00.000Z"
"""Stands for a time that nobody can read: an older program took any text for one, and files are written over."""


def _entry(facts: Facts, rows: list[Any]) -> Entry:
    first, known = rows[0], facts.tables.records
    touched = []
    for row in rows:
        fields = veils.read(row.fields)[0]
        if row.record in known:
            fields = {name: known[row.record].readable(name, stored) for name, stored in fields.items()}
        touched.append(Touch(row.record, row.id, fields))
    return Entry(
        first.deed,
        rows[-1].position,
        next((told for told in (first.time, first.taken) if clock.readable(told)), _NEVER),
        first.taken if clock.readable(first.taken) else _NEVER,
        first.actor,
        first.replica,
        first.sentence,
        first.undoes,
        tuple(touched),
    )


def changes(facts: Facts, seen: Mapping[str, int] | None = None) -> Iterator[Change]:
    """All changes in the order they were taken, leaving out those up to the given sequence number of each replica."""
    log = facts.tables.log
    known = dict(seen or {})
    with facts.reading() as connection:
        chain = Chain(connection, facts.tables)
        rows = connection.execution_options(yield_per=2_000).execute(select(log).order_by(log.c.position))
        for row in rows:
            before = chain.before(row.replica, row.sequence)
            chain.took(row.replica, row.sequence, row.hash)
            if row.sequence > known.get(row.replica, 0):
                yield change_of(row, before or "")


class Chain:
    """Follows the chain of every replica through the log, in the order in which changes were taken. Where they do not follow
    each other (something was withheld, and came later or has not come) the one before is looked up."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        self.connection = connection
        self.tables = tables
        self.heads: dict[str, tuple[int, str]] = {}

    def before(self, replica: str, sequence: int) -> str | None:
        """The hash of the change before that number, or of its placeholder; "" before the first, None where nothing is."""
        last, digest = self.heads.get(replica, (0, ""))
        if last == sequence - 1:
            return digest
        if sequence == 1:
            return ""
        log = self.tables.log
        query = select(log.c.hash).where(log.c.replica == replica, log.c.sequence == sequence - 1)
        return self.connection.execute(query).scalar() or withheld.at(self.connection, replica, sequence - 1) or None

    def took(self, replica: str, sequence: int, digest: str) -> None:
        """Goes on from there."""
        self.heads[replica] = sequence, digest


def change_of(row: Any, previous: str) -> Change:
    """A row of the log → the change it keeps."""
    fields, told = veils.read(row.fields)
    return Change(
        row.replica,
        row.sequence,
        row.clock,
        row.time,
        row.deed,
        row.undoes,
        row.actor,
        row.sentence,
        row.record,
        row.id,
        fields,
        tuple(row.parents.split()),
        previous,
        row.hash,
        told,
    )


def seen(facts: Facts) -> dict[str, int]:
    """Replica → the highest sequence number the ledger holds of it."""
    with facts.reading() as connection:
        return {replica: sequence for replica, sequence, _ in points(connection, facts.tables)}


def points(connection: Connection, tables: Tables, seen: Mapping[str, int] | None = None) -> list[tuple[str, int, str]]:
    """(replica, sequence, hash) of the last change of every replica, or of those named at these numbers, as far as they are
    here. A jump in the index from each to the next, however many changes lie between."""
    log = tables.log
    if seen is not None:
        query = select(log.c.replica, log.c.sequence, log.c.hash)
        placed: list[tuple[str, int, str]] = []
        for name, at in seen.items():
            row = connection.execute(query.where(log.c.replica == name, log.c.sequence == at)).first()
            digest = row.hash if row is not None else withheld.at(connection, name, at)
            placed += [(name, at, digest)] if digest else []
        return placed
    heads: dict[str, tuple[int, str]] = {
        name: withheld.head(connection, name) for name in withheld.replicas(connection)
    }
    least = select(func.min(log.c.replica))
    replica = connection.execute(least).scalar()
    while replica is not None:
        last = tables.statements.head.first(connection, replica_=replica)
        if last is not None:
            heads[replica] = max(heads.get(replica, (0, "")), (last[0], last[1]))
        replica = connection.execute(least.where(log.c.replica > replica)).scalar()
    return [(name, *heads[name]) for name in sorted(heads)]


def head(facts: Facts, seen: Mapping[str, int] | None = None) -> str:
    """One hash (64 hex digits) for the whole log, or for the part of it that holds each replica up to these sequence numbers;
    "" where some of that part is not here. Equal in every file that holds that part unchanged."""
    with facts.reading() as connection:
        return head_in(connection, facts.tables, seen)


def head_in(connection: Connection, tables: Tables, seen: Mapping[str, int] | None = None) -> str:
    """As ``head``, as an open transaction sees it."""
    found = points(connection, tables, seen)
    return rebuild.summary(found) if seen is None or len(found) == len(seen) else ""


@dataclass(frozen=True)
class Past:
    """A record as a ledger knew it: stored fields (``deleted`` among them), {} where it was not there yet; and who changed it
    since, when (UTC) and in which deed's sentence, the latest last."""

    fields: Mapping[str, Stored]
    since: tuple[tuple[str, str, str], ...]


def as_seen(facts: Facts, record: str, identifiers: Iterable[str], seen: Mapping[str, int]) -> dict[str, Past]:
    """Id → the records of one schema as they stood in a ledger that held each replica up to these sequence numbers."""
    log = facts.tables.log
    found: dict[str, Past] = {}
    with facts.reading() as connection:
        for identifier in identifiers:
            query = select(log).where(log.c.record == record, log.c.id == identifier).order_by(log.c.position)
            known: list[Version] = []
            since: list[tuple[str, str, str]] = []
            for row in connection.execute(query):
                if row.sequence <= seen.get(row.replica, 0):
                    known.append(version(row.clock, row.replica, row.hash, row.parents, row.fields))
                else:
                    since.append((row.time, row.actor, row.sentence))
            found[identifier] = Past(project(known).fields, tuple(since))
    return found


def set_by(facts: Facts, touched: tuple[str, str, str]) -> dict[tuple[str, str], dict[str, Stored]]:
    """What the deeds that set one field of one record (schema name, id, field) wrote, together: (schema name, id) → the
    stored fields as those deeds left them. An intake marks its deeds so, and a second one learns what the first wrote."""
    log = facts.tables.log
    record, identifier, field = touched
    found: dict[tuple[str, str], dict[str, Stored]] = {}
    with facts.reading() as connection:
        own = select(log.c.deed, log.c.fields).where(log.c.record == record, log.c.id == identifier)
        deeds = [row.deed for row in connection.execute(own) if field in veils.read(row.fields)[0]]
        for row in connection.execute(select(log).where(log.c.deed.in_(deeds)).order_by(log.c.position)):
            found.setdefault((row.record, row.id), {}).update(veils.read(row.fields)[0])
    return found


def position_at(facts: Facts, moment: datetime) -> int:
    """The position of the last change this file had taken at a moment; 0 when it had none.

    What counts is when a change came into this file, not what its author's clock said: the question is what this
    office knew, and clocks of other offices may be wrong.

    This computer's own clock may have been wrong for a while too, ahead or behind. Saves stand in the log in their true
    order, so of their stamps the largest set that grows with it is believed, and none that lies still ahead. A save with
    another stamp counts as made right after the believed one before it. The answer is the part of the log before the
    first believed save made later; it grows with the moment.
    """
    until = clock.stamp(moment)
    with facts.reading() as connection:
        rows = facts.tables.statements.taken.stream(connection)
        starts, stamps, last = _saves(rows)
    if moment >= clock.now():
        return last
    believed = _growing(stamps, clock.stamp(clock.now()))
    earlier = bisect_right(believed, until, key=stamps.__getitem__)
    if not earlier:
        return 0
    return starts[believed[earlier]] - 1 if earlier < len(believed) else last


def _saves(rows: Iterable[tuple[int, str]]) -> tuple[list[int], list[str], int]:
    """Positions and stamps of the log → the first position of each save, its stamp, and the last position of all.
    A save has one vote, however many changes a merge brought."""
    starts: list[int] = []
    stamps: list[str] = []
    last = 0
    for last, stamp in rows:
        if not stamps or stamp != stamps[-1]:
            starts.append(last)
            stamps.append(stamp)
    return starts, stamps, last


def _growing(stamps: Sequence[str], now: str) -> list[int]:
    """The indexes of a longest growing row of stamps up to now; of equally long ones that which ends earliest."""
    tails: list[int] = []
    keys: list[str] = []
    before: dict[int, int] = {}
    for at, stamp in enumerate(stamps):
        if stamp > now or not clock.readable(stamp):
            continue
        place = bisect_right(keys, stamp)
        if place:
            before[at] = tails[place - 1]
        tails[place : place + 1], keys[place : place + 1] = [at], [stamp]
    found: list[int] = []
    at = tails[-1] if tails else -1
    while at >= 0:
        found.append(at)
        at = before.get(at, -1)
    return found[::-1]


def as_of(facts: Facts, moment: datetime) -> Facts:
    """The ledger as it stood at a moment, read-only, in memory. ``Refusal`` when it held nothing yet."""
    position = position_at(facts, moment)
    if not position:
        with facts.reading() as connection:
            found = connection.execute(select(func.min(facts.tables.log.c.taken))).scalar()
        first = clock.moment(found) if found and clock.readable(found) else None
        begun = f"最早的记录是 {first.astimezone():%Y-%m-%d %H:%M}" if first else "它还是空的"
        raise Refusal(
            f"{moment.astimezone():%Y-%m-%d %H:%M} 时台账里还没有记录。", f"{begun}，请选之后的时间。", "history"
        )
    return at_position(facts, position)


def at_position(facts: Facts, position: int) -> Facts:
    """The ledger as its first ``position`` changes make it, read-only, in memory."""
    engine = file.memory()
    with facts.reading() as source, engine.begin() as target:
        known = vocabulary.read(source, facts.tables, facts.vocabulary.core, position)
        made = tables(known.schemas)
        made.make(target)
        rebuild.replay(source, target, made, position)
    return Facts(engine, made, facts.path, known)


def at_seen(facts: Facts, seen: Mapping[str, int]) -> Facts:
    """The ledger as one knew it that held each replica up to these sequence numbers, read-only, in memory; the papers' bytes
    stay in the file. In the file where it was so it is ``at_position`` of that moment."""
    log = facts.tables.log
    engine = file.memory()
    with facts.reading() as source, engine.begin() as target:
        log.metadata.create_all(target)
        held: list[dict[str, Any]] = []
        for row in source.execution_options(yield_per=2_000).execute(select(log).order_by(log.c.position)):
            if row.sequence <= seen.get(row.replica, 0):
                held.append({**row._mapping, "position": len(held) + 1})
        if held:
            target.execute(log.insert(), held)
        known = vocabulary.read(target, facts.tables, facts.vocabulary.core)
        made = tables(known.schemas)
        made.make(target)
        rebuild.replay(target, target, made, None)
    return Facts(engine, made, facts.path, known)
