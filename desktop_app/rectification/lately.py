"""What was done in the last days, by person and by day, with the sentences of the history; and what came from others meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from db import clock
from db.ledger.facts import Facts
from db.store.tables import Tables

DAYS = 7
MOST = 2_000
"""Deeds that are told one by one; the count is of all."""


@dataclass(frozen=True)
class Done:
    """One deed: the day its author did it, who, its sentence, and the first record it touched."""

    day: date
    moment: datetime
    actor: str
    sentence: str
    deed: str
    record: str
    id: str
    own: bool


@dataclass(frozen=True)
class Week:
    """The deeds of the days ``first`` to ``last``, the latest first. ``all`` counts those too that are not told; ``came`` are
    deeds of earlier days that others' files brought in these."""

    first: date
    last: date
    deeds: tuple[Done, ...]
    all: int
    came: int

    @property
    def days(self) -> tuple[date, ...]:
        """The days, the earliest first."""
        return tuple(self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    def people(self) -> list[tuple[str, tuple[int, ...]]]:
        """(who, deeds on each of the days), the busiest first; of the deeds that are told."""
        found = Counter((one.actor, one.day) for one in self.deeds)
        totals = Counter(one.actor for one in self.deeds)
        return [(who, tuple(found[who, day] for day in self.days)) for who, _ in totals.most_common()]


def week(facts: Facts, today: date, most: int = MOST) -> Week:
    """What was done in the seven days that end today, whoever did it and in whichever file."""
    first = today - timedelta(days=DAYS - 1)
    since, until = _stamp(first), _stamp(today + timedelta(days=1))
    log = facts.tables.log
    with facts.reading() as connection:
        begin = _position_of(connection, facts.tables, since)
        inside = (log.c.position >= begin, log.c.time >= since, log.c.time < until)
        ends = select(func.min(log.c.position)).where(*inside).group_by(log.c.deed)
        query = select(log.c.time, log.c.actor, log.c.sentence, log.c.deed, log.c.record, log.c.id, log.c.local)
        rows = connection.execute(
            query.where(log.c.position.in_(ends)).order_by(log.c.time.desc(), log.c.position.desc()).limit(most)
        ).all()
        whole = connection.execute(select(func.count(log.c.deed.distinct())).where(*inside)).scalar()
        late = (log.c.position >= begin, log.c.taken < until, log.c.time < since, log.c.local == 0)
        came = connection.execute(select(func.count(log.c.deed.distinct())).where(*late)).scalar()
    deeds = tuple(
        Done(moment.date(), moment, row.actor, row.sentence, row.deed, row.record, row.id, bool(row.local))
        for row in rows
        if clock.readable(row.time)
        for moment in (clock.moment(row.time).astimezone(),)
    )
    return Week(first, today, deeds, whole or 0, came or 0)


def _stamp(day: date) -> str:
    return clock.stamp(datetime.combine(day, time.min).astimezone())


def _position_of(connection: Connection, tables: Tables, since: str) -> int:
    """The first position whose change came into this file at or after a moment, found by halving: changes stand in the order
    in which they came. Where this computer's clock was wrong for a while some deeds of these days may be passed over."""
    log = tables.log
    last = connection.execute(select(func.max(log.c.position))).scalar() or 0
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        query = select(log.c.position, log.c.taken).where(log.c.position >= middle).order_by(log.c.position).limit(1)
        row = connection.execute(query).first()
        if row is None or row.taken >= since:
            high = middle
        else:
            low = row.position + 1
    return low
