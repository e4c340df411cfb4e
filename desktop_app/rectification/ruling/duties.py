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

from db.errors import Refusal
from db.schema.composite import Span
from db.schema.definition import set_tests as tests
from db.schema.kinds import Choice, Kind
from db.schema.links import Ref
from db.schema.record import Record
from desktop_app.rectification.reckoning import periods
from desktop_app.rectification.reckoning.values import add_days
from desktop_app.rectification.ruling.breach import Breach, on_day
from desktop_app.rectification.ruling.ground import Ground
from desktop_app.rectification.ruling.saying import clipped

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


@dataclass(frozen=True)
class _Subject:
    value: Any
    name: str
    record: str = ""
    id: str = ""
    begins: date | None = None
    ends: date | None = None


def obligation(ground: Ground, test: tests.Obligation) -> Iterator[Breach]:
    """The periods somebody has missed, one breach for each that owes them."""
    missed: dict[tuple[str, str, str], list[Owed]] = defaultdict(list)
    for one in owed(ground, test, Span(None, ground.today)):
        if one.due < ground.today and one.done is None:
            missed[one.record, one.id, one.subject].append(one)
    for (record, identifier, subject), some in missed.items():
        some.sort(key=lambda one: one.period.start or date.min)
        told, count = _told(test, some), f"共 {len(some)} {_COUNTED[test.every]}" if len(some) > 1 else ""
        lacking = "没有登记" if test.times == 1 else f"登记不足 {test.times} 次"
        whose = f"“{subject}”" if subject else ""
        what = f"{whose}{told}{lacking}{f'（{count}）' if count else ''}，{EVERY[test.every]}应有 {test.times} 次"
        substance = " ".join(f"{one.period.start}:{one.times}" for one in some)
        advice = f"请补登{ground.register.title}；确实没有做的，写明原因。"
        about = identifier or subject
        yield Breach(
            what, test.on[0], advice, "obligation", None, about, substance, pending=True, id=identifier, record=record
        )


def _told(test: tests.Obligation, some: Sequence[Owed]) -> str:
    """Periods in words, those that follow each other joined."""
    runs: list[list[Owed]] = []
    for one in some:
        if runs and runs[-1][-1].period.end is not None and add_days(runs[-1][-1].period.end, 1) == one.period.start:
            runs[-1].append(one)
        else:
            runs.append([one])
    words = []
    for run in runs[-_MOST:]:
        first, last = run[0].period.wording, run[-1].period.wording
        joined = "、" if len(run) == 2 else "至"
        if len(run) > 1:
            first, last = _short(first, last)
        words.append(first if len(run) == 1 else f"{first}{joined}{last}")
    return ("……" if len(runs) > _MOST else "") + "、".join(words)


def _short(first: str, last: str) -> tuple[str, str]:
    """The second of two periods of one year without the year: 2021年5月, 7月."""
    year = first[:5]
    return (
        (first, last.removeprefix(year))
        if year.endswith("年") and last.startswith(year) and last != year
        else (first, last)
    )


def owed(ground: Ground, test: tests.Obligation, span: Span) -> Iterator[Owed]:
    """Every period of the duty that ends within a span (its end may lie in the future), kept or not."""
    done = _done(ground, test)
    first = min((day for days in done.values() for some in days.values() for day in some), default=None)
    last = span.end or ground.today
    for subject in _subjects(ground, test, done):
        start = _start(test, subject, first)
        if start is None:
            continue
        for period in periods.each(max(start, span.start) if span.start else start, last, test.every):
            if period.start is None or period.end is None or not _holds(period.start, period.end, start, subject.ends):
                continue
            days = done.get(subject.value, {}).get(period.start, [])
            yield Owed(
                f"{ground.definition.key}.{ground.rule.key}",
                ground.rule.title,
                ground.register.name,
                subject.name,
                subject.record,
                subject.id,
                period,
                add_days(period.end, test.grace) or date.max,
                sorted(days)[test.times - 1] if len(days) >= test.times else None,
                len(days),
            )


def _start(test: tests.Obligation, subject: _Subject, first: date | None) -> date | None:
    """The day a duty begins: the rule's, the subject's if later, else the beginning of the first period there is a row in."""
    if test.since is not None:
        return max(test.since, subject.begins) if subject.begins else test.since
    if subject.begins is not None or first is None:
        return subject.begins
    return periods.at(first, test.every).start


def _holds(first: date, last: date, since: date, until: date | None) -> bool:
    """Whether a duty holds for at least half of a period."""
    held = (min(last, until or last) - max(first, since)).days + 1
    return 2 * held >= (last - first).days + 1


def _done(ground: Ground, test: tests.Obligation) -> Mapping[Any, dict[date, list[date]]]:
    """Subject → first day of a period → the days of the rows in it."""
    lines = ground.lines(all_units=test.by is not None)
    on, by = lines.measured(test.on), lines.value(test.by) if test.by else None
    found: dict[Any, dict[date, list[date]]] = defaultdict(lambda: defaultdict(list))
    for line in lines.read():
        day = on_day(on(line))
        start = None if day is None else periods.at(day, test.every).start
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
    schema = ground.facts.schema(kind.to)
    known = schema.kinds()
    wanted = {name: _typed(known[name], typed) for name, typed in (test.owes or {}).items() if name in known}
    for one in ground.facts.every(kind.to):
        if not _mine(ground, kind.to, one) or any(getattr(one, name) != value for name, value in wanted.items()):
            continue
        name = clipped(ground.saying.pointed(kind.to, one.id))
        if test.among and not {one.id, name} & {*test.among}:
            continue
        begins, ends = (on_day(getattr(one, at, None)) if at else None for at in (test.begins, test.ends))
        yield _Subject(one.id, name, kind.to, one.id, begins, ends)


def _mine(ground: Ground, to: str, one: Record) -> bool:
    """Whether the record is of the units that are looked at."""
    if ground.units is None:
        return True
    unit = one.id if to == "unit" else getattr(one, "unit", None)
    return unit is None or unit in ground.units


def _typed(kind: Kind[Any], typed: str) -> Any:
    try:
        return kind.parse(typed)
    except Refusal:
        return typed
