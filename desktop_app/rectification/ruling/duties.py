"""What is owed in every day, week, month, quarter or year: the calendar of duties, and the ones that were missed.

A period is owed when the duty holds for at least half of its days: a car bought on 20 July owes nothing for July, an officer
appointed in March owes the year. It is missing when it is over, and its grace too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, null, or_, select

from db.errors import Refusal
from db.ledger import sameness
from db.schema.composite import Span
from db.schema.definition import set_tests as tests
from db.schema.kinds import Choice, Kind
from db.schema.links import Ref
from db.store.tables import RecordTable, dumps
from desktop_app.rectification.reckoning import periods
from desktop_app.rectification.reckoning.joined import stream
from desktop_app.rectification.reckoning.values import add_days
from desktop_app.rectification.ruling.breach import Breach, on_day
from desktop_app.rectification.ruling.ground import Ground

EVERY = {"day": "每天", "week": "每周", "month": "每月", "quarter": "每季度", "half_year": "每半年", "year": "每年"}
_COUNTED = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "half_year": "个半年", "year": "年"}
_MOST = 8
"""Runs of periods a sentence names."""


@dataclass(frozen=True)
class Owed:
    """One period of one duty: whose (``subject`` in words, "" for the office; ``record`` and ``id`` where it is a record), what
    is to be there (the register's schema name), the last day for it, and the day it was done (None: not yet)."""

    rule: str
    title: str
    register: str
    subject: str
    record: str
    id: str
    period: Span
    due: date
    done: date | None
    times: int = 0
    """How many rows there are in the period."""
    value: Any = None
    """Whose it is, as it stands in the field that tells it (an id, a word); None for the office."""


@dataclass(frozen=True)
class _Subject:
    value: Any
    name: str
    record: str = ""
    id: str = ""
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class _Period:
    """A period with its place among its like, and the last day for what is owed in it."""

    number: int
    start: date
    end: date
    due: date
    wording: str
    begins: str
    """Its first day as text."""


_Kept = tuple[_Period, Sequence[date]]
"""A period that is owed, and the days of the rows there are in it."""


def obligation(ground: Ground, test: tests.Obligation) -> Iterator[Breach]:
    """The periods somebody has missed, one breach for each that owes them."""
    advice = f"请补登{ground.register.title}；确实没有做的，写明原因。"
    known: dict[int, tuple[Sequence[_Kept], tuple[str, str, date] | None]] = {}
    for subject, kept in _duties(ground, test, Span(None, ground.today)):
        if id(kept) not in known:  # most who never did anything owe the same
            known[id(kept)] = kept, _missed(test, kept, ground.today)
        missed = known[id(kept)][1]
        if missed is not None:
            told, substance, due = missed
            whose = f"“{subject.name}”" if subject.name else ""
            about = subject.id or subject.name
            what = f"{whose}{told}，{EVERY[test.every]}应有 {test.times} 次"
            yield Breach(
                what,
                test.on[0],
                advice,
                "obligation",
                None,
                about,
                substance,
                pending=True,
                id=subject.id,
                record=subject.record,
                day=due,
            )


def _missed(test: tests.Obligation, kept: Sequence[_Kept], today: date) -> tuple[str, str, date] | None:
    """What somebody has missed: in words, by the days, and the last day of the first of it; None for nothing."""
    some = [one for one in kept if len(one[1]) < test.times and one[0].due < today]
    if not some:
        return None
    lacking = "没有登记" if test.times == 1 else f"登记不足 {test.times} 次"
    count = f"（共 {len(some)} {_COUNTED[test.every]}）" if len(some) > 1 else ""
    told = f"{_told([one[0] for one in some])}{lacking}{count}"
    return told, " ".join(f"{period.begins}:{len(days)}" for period, days in some), some[0][0].due


def _told(some: Sequence[_Period]) -> str:
    """Periods in words, those that follow each other joined."""
    runs: list[list[_Period]] = []
    for one in some:
        if runs and runs[-1][-1].number + 1 == one.number:
            runs[-1].append(one)
        else:
            runs.append([one])
    words = []
    for run in runs[-_MOST:]:
        first, last = run[0].wording, run[-1].wording
        joined = "、" if len(run) == 2 else "至"
        words.append(first if len(run) == 1 else f"{first}{joined}{_short(first, last)}")
    return ("……" if len(runs) > _MOST else "") + "、".join(words)


def _short(first: str, last: str) -> str:
    """The second of two periods without the year where it is the same: 2021年5月, 7月."""
    year = first[:5]
    return last.removeprefix(year) if year.endswith("年") and last != year else last


def owed(ground: Ground, test: tests.Obligation, span: Span) -> Iterator[Owed]:
    """Every period of the duty that begins by the end of a span and ends after its start, kept or not."""
    say = ground.saying.settled
    for subject, kept in _duties(ground, test, span):
        for period, days in kept:
            yield Owed(
                f"{ground.definition.key}.{ground.rule.key}",
                ground.rule.title,
                ground.register.name,
                say(subject.name),
                subject.record,
                subject.id,
                Span(period.start, period.end, period.wording),
                period.due,
                sorted(days)[test.times - 1] if len(days) >= test.times else None,
                len(days),
                subject.value,
            )


def _duties(ground: Ground, test: tests.Obligation, span: Span) -> Iterator[tuple[_Subject, list[_Kept]]]:
    """Whoever owes it, with the periods he owes; those of whom there is no row have one list where they owe the same."""
    done = _done(ground, test)
    first = min((day for days in done.values() for some in days.values() for day in some), default=None)
    last = span.end or ground.today
    known: dict[date, list[_Period]] = {}
    bare: dict[tuple[date, date | None], list[_Kept]] = {}
    for subject in _subjects(ground, test, done):
        start = _start(test, subject, first)
        if start is None:
            continue
        bounds = start, subject.ends
        if bounds not in bare:
            begin = max(start, span.start) if span.start else start
            if begin not in known:
                known[begin] = list(_periods(test, begin, last))
            bare[bounds] = [(one, ()) for one in known[begin] if _holds(one, *bounds)]
        kept = done.get(subject.value)
        yield subject, bare[bounds] if kept is None else [(one, kept.get(one.start, ())) for one, _ in bare[bounds]]


def _periods(test: tests.Obligation, first: date, last: date) -> Iterator[_Period]:
    for number, one in enumerate(periods.each(first, last, test.every)):
        if one.start is not None and one.end is not None:
            due = add_days(one.end, test.grace) or date.max
            yield _Period(number, one.start, one.end, due, one.wording, one.start.isoformat())


def _start(test: tests.Obligation, subject: _Subject, first: date | None) -> date | None:
    """The day a duty begins: the rule's, the subject's if later, else the beginning of the first period there is a row in."""
    if test.since is not None:
        return max(test.since, subject.begins) if subject.begins else test.since
    if subject.begins is not None or first is None:
        return subject.begins
    return periods.at(first, test.every).start


def _holds(period: _Period, since: date, until: date | None) -> bool:
    """Whether a duty holds for at least half of a period."""
    if since <= period.start and (until is None or period.end <= until):
        return True
    held = (min(period.end, until or period.end) - max(period.start, since)).days + 1
    return 2 * held >= (period.end - period.start).days + 1


def _done(ground: Ground, test: tests.Obligation) -> Mapping[Any, dict[date, list[date]]]:
    """Subject → first day of a period → the days of the rows in it."""
    lines = ground.lines(all_units=test.by is not None)
    on, by = lines.measured(test.on), lines.value(test.by) if test.by else None
    found: dict[Any, dict[date, list[date]]] = defaultdict(lambda: defaultdict(list))
    starts: dict[date | None, date | None] = {None: None}
    for line in lines.read():
        day = on_day(on(line))
        if day not in starts:
            starts[day] = periods.at(day, test.every).start if day is not None else None
        start = starts[day]
        if day is not None and start is not None:
            whose = by(line) if by else None
            found[whose if whose is None else str(whose)][start].append(day)
    return found


# -- who owes it ------------------------------------------------------------------------------------------------------


def _subjects(ground: Ground, test: tests.Obligation, done: Mapping[Any, Any]) -> Iterator[_Subject]:
    if test.by is None:
        yield _Subject(None, "")
        return
    kind = ground.definition.scope.at(ground.key).kind(test.by)
    if isinstance(kind, Ref) and kind.to in ground.facts.tables.records:
        yield from _records(ground, test, kind)
    elif isinstance(kind, Choice):
        for key, word in kind.of.items():
            if not test.among or {key, word} & {*test.among}:
                yield _Subject(key, word)
    else:
        for value in test.among or sorted(one for one in done if one is not None):
            yield _Subject(value, value)


def _records(ground: Ground, test: tests.Obligation, kind: Ref) -> Iterator[_Subject]:
    """The records that owe it, only what is asked of them read."""
    one = ground.facts.tables.records[kind.to]
    bounds = [_day_column(one, name) for name in (test.begins, test.ends)]
    query = select(one.table.c.id, *(null() if column is None else column for column in bounds))
    query = query.where(one.table.c.deleted == 0, sameness.once(ground.facts, kind.to, one.table))
    query = query.order_by(one.table.c.id)
    for name, typed in (test.owes or {}).items():
        if name in one.kinds:
            query = query.where(one.table.c[name] == _stored(one.kinds[name], typed))
    if ground.units is not None and (kind.to == "unit" or "unit" in one.kinds):
        unit = one.table.c.id if kind.to == "unit" else one.table.c.unit
        query = query.where(or_(unit.in_(ground.units), unit.is_(None)))
    with ground.facts.reading() as connection:
        found = list(stream(connection, query))
    if test.among:
        ground.saying.learn(kind.to, [identifier for identifier, _, _ in found])
        told = {*test.among}
        found = [row for row in found if {row[0], ground.saying.line(kind.to, row[0])} & told]
    for identifier, begins, ends in found:
        yield _Subject(
            identifier, ground.saying.pointed(kind.to, identifier), kind.to, identifier, _day(begins), _day(ends)
        )


def _day_column(one: RecordTable, name: str) -> ColumnElement[Any] | None:
    """The column that tells the day of a field."""
    kind = one.kinds.get(name)
    if kind is None:
        return None
    return one.table.c[f"{name}__day" if "day" in kind.facets else name]


def _day(cell: Any) -> date | None:
    return date.fromisoformat(cell[:10]) if isinstance(cell, str) and len(cell) >= 10 else on_day(cell)


def _stored(kind: Kind[Any], typed: str) -> Any:
    """A value of a definition as its column keeps it; one that is none meets nothing."""
    try:
        stored = kind.store(kind.parse(typed))
    except Refusal:
        return typed
    return int(stored) if isinstance(stored, bool) else dumps(stored) if kind.structured else stored
