"""The list of problems as it is looked at: filtered, grouped and put in order by the database; its lines read a page at a time.

``shown`` gives ids only, so that a list of a hundred thousand problems is as quick as one of ten; ``lines`` gives the words of
those that are on the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from db.ledger.facts import Facts
from db.schema.records import words
from db.store.tables import dumps
from desktop_app.rectification.overview import FINISHED_STATES, STATES, Narrowing, ProblemRow, band, state
from desktop_app.rectification.problem_columns import Seen, joined
from desktop_app.rectification.rules import FINISHED
from desktop_app.rectification.warning_days import Days, round_days

_AT_ONCE = 500
"""Ids in one statement."""
MOST_VALUES = 200
"""Values of a filter that are offered, the most frequent first."""
NOBODY = "（未填）"


@dataclass(frozen=True)
class Look:
    """What is shown of the list, and in which order. ``states`` are keys of ``overview.STATES``, ``categories`` and ``units``
    ids, ``aspects`` the titles of headings (a heading bears one title in all units), ``due`` a key of ``words.DUE_WITHIN``,
    ``responsible`` a part of the name of a person or a department, ``words`` what a line must hold, all of it."""

    states: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    due: str = ""
    responsible: str = ""
    tags: tuple[str, ...] = ()
    words: str = ""
    grouping: str = ""
    sorting: str = "printed"
    descending: bool = False
    within: Narrowing | None = None
    """What another page asked to see."""

    def filtered(self) -> bool:
        """Whether anything is left out."""
        return any(
            (self.states, self.categories, self.aspects, self.units, self.due, self.responsible, self.tags)
        ) or bool(self.words.strip() or self.within)


class Value(NamedTuple):
    """A value that may be filtered by: how it is asked for, how it reads, how many problems have it."""

    value: str
    words: str
    problems: int


@dataclass(frozen=True)
class Group:
    """Problems below one heading of the list: ``first`` is the place of the first among the ids."""

    key: str
    title: str
    first: int
    count: int


@dataclass(frozen=True)
class Shown:
    """The problems a look shows: ids in order, groups (none: not grouped), all problems by state whatever the look leaves out."""

    look: Look = field(default_factory=Look)
    ids: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    by_state: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    """Id → where it stands among the ids."""

    @property
    def all(self) -> int:
        """How many problems there are."""
        return sum(self.by_state.values())

    @property
    def finished(self) -> int:
        """How many of them are done, kept up or closed."""
        return sum(self.by_state.get(one, 0) for one in FINISHED_STATES)


# -- what is shown ----------------------------------------------------------------------------------------------------


def shown(
    facts: Facts, look: Look, today: date, unit: str | None = None, inspection: str | None = None, *, limit: int = 0
) -> Shown:
    """The problems (of one unit, of one inspection by id) a look shows; with ``limit`` only so many from the top, which is quicker by far."""
    seen = joined(facts, today)
    mine = _mine(seen, unit, inspection)
    keys = _group_keys(seen)
    key = keys.get(look.grouping, literal(""))
    query = select(seen.p.id, key).select_from(seen.source).where(*mine, *_conditions(facts, seen, look, today))
    query = query.order_by(*_order(facts, seen, look))
    if limit:
        query = query.limit(limit)
    counting = select(seen.state, func.count()).select_from(seen.source).where(*mine).group_by(seen.state)
    with facts.reading() as connection:
        counted = {row[0]: int(row[1]) for row in connection.execute(counting)}
        parted: dict[str, list[str]] = {}
        # a few thousand rows at a time: so many at once would be gone through again and again by Python's collector
        for part in connection.execution_options(yield_per=2_000).execute(query).partitions():
            for identifier, told in part:
                parted.setdefault(told, []).append(identifier)
    groups: list[Group] = []
    ids: list[str] = []
    for told in _in_order(look.grouping, parted):
        groups.append(Group(told, _titled(look.grouping, told), len(ids), len(parted[told])))
        ids += parted[told]
    places = {identifier: at for at, identifier in enumerate(ids)}
    kept = tuple(groups) if look.grouping in keys else ()
    return Shown(look, tuple(ids), kept, {one: counted.get(one, 0) for one in STATES}, places)


def _mine(seen: Seen, unit: str | None, inspection: str | None) -> list[ColumnElement[bool]]:
    """The live problems of a unit and an inspection (None: of all)."""
    of_unit = [seen.p.unit == unit] if unit is not None else []
    return [seen.p.deleted == 0, *of_unit, *([seen.p.inspection == inspection] if inspection is not None else [])]


def _group_keys(seen: Seen) -> dict[str, ColumnElement[Any]]:
    return {
        "aspect": seen.aspect,
        "unit": seen.unit,
        "category": seen.category,
        "state": seen.state,
        "person": seen.person,
    }


def _titled(grouping: str, key: str) -> str:
    return STATES.get(key, key) if grouping == "state" else key or NOBODY


def _in_order(grouping: str, keys: Iterable[str]) -> list[str]:
    """Headings as they are printed, states by how they press, all others by their words; what has none comes last."""
    if grouping == "state":
        pressing = ("overdue", "soon", "open", "no_date", "done", "kept_up", "closed")
        return sorted(keys, key=pressing.index)
    if grouping in ("", "aspect"):
        return sorted(keys, key=lambda key: not key)  # in the order in which they were met
    return sorted(keys, key=lambda key: (not key, key))


def _order(facts: Facts, seen: Seen, look: Look) -> list[ColumnElement[Any]]:
    first: dict[str, ColumnElement[Any]] = {
        "due": seen.day,
        "title": func.coalesce(seen.p.title, ""),
        "state": case(
            *((seen.state == one, at) for at, one in enumerate(("overdue", "soon", "open", "no_date"))), else_=9
        ),
        "person": func.nullif(seen.person, ""),
        "category": func.nullif(seen.category, ""),
        "aspect": func.nullif(seen.aspect, ""),
        "unit": func.nullif(seen.unit, ""),
    }
    if look.sorting == "measures":
        first["measures"] = _share(facts, seen)
    if look.sorting not in first:
        return [one.desc() if look.descending else one for one in seen.printed]
    asked = first[look.sorting]
    return [(asked.desc() if look.descending else asked.asc()).nulls_last(), *seen.printed]


def _share(facts: Facts, seen: Seen) -> ColumnElement[Any]:
    """How much of the measures of a problem is finished, in percent; absent where it has none."""
    m = facts.tables.records["measure"].table.c
    done = func.sum(case((m.progress.in_(FINISHED), 1), else_=0))
    return (
        select(done * 100 / func.nullif(func.count(), 0))
        .where(m.problem == seen.p.id, m.deleted == 0, m.parent.is_(None))
        .correlate(facts.tables.records["problem"].table)
        .scalar_subquery()
    )


def _conditions(facts: Facts, seen: Seen, look: Look, today: date) -> list[ColumnElement[bool]]:
    p = seen.p
    found: list[ColumnElement[bool]] = []
    for asked, column in (
        (look.states, seen.state),
        (look.categories, func.coalesce(p.category, "")),
        (look.aspects, seen.aspect),
        (look.units, func.coalesce(p.unit, "")),
    ):
        if asked:
            found.append(column.in_(asked))
    if look.due:
        found.append(_within(seen, look.due, today))
    if look.responsible.strip():
        found.append(or_(*(one.icontains(look.responsible.strip(), autoescape=True) for one in _people(p))))
    if look.tags:
        found.append(or_(*(p.tags.contains(dumps(one), autoescape=True) for one in look.tags)))
    found += _meant(seen, look.within) if look.within is not None else []
    number = func.coalesce(p.number, "")
    for word in look.words.split():
        told: tuple[ColumnElement[Any], ...] = (
            p.title,
            p.symptoms,
            seen.category,
            seen.unit,
            seen.aspect,
            p.tags,
            *_people(p),
        )
        if not word.isascii():  # a deadline is kept with its day and the names of its parts beside its wording
            told = (*told, p.due)
        held = or_(*(one.icontains(word, autoescape=True) for one in told))
        found.append(or_(held, number == int(word)) if word.isascii() and word.isdecimal() else held)
    return found


def _meant(seen: Seen, within: Narrowing) -> list[ColumnElement[bool]]:
    """As ``Narrowing.passes``."""
    p = seen.p
    found: list[ColumnElement[bool]] = []
    for asked, column in (
        (within.states, seen.state),
        (within.bands, seen.band),
        (within.closing, func.coalesce(p.closing, "")),
    ):
        if asked:
            found.append(column.in_(asked))
    for reads, column in ((within.category, seen.category), (within.unit, seen.unit)):
        if reads is not None:
            found.append(column == reads)
    if within.first is not None:
        found.append(seen.day >= within.first.isoformat())
    if within.last is not None:
        found.append(seen.day <= within.last.isoformat())
    return found


def _people(p: Any) -> tuple[ColumnElement[Any], ...]:
    return p.responsible, p.handler, p.lead_official, p.lead_department, p.supporting_departments


def _within(seen: Seen, due: str, today: date) -> ColumnElement[bool]:
    if due == "none":
        return seen.state == "no_date"
    if due == "overdue":
        return seen.state == "overdue"
    live = seen.state.in_(("soon", "open"))
    if due == "later":
        return and_(live, seen.day > (today + timedelta(days=30)).isoformat())
    return and_(live, seen.day <= (today + timedelta(days=int(due))).isoformat())


# -- what may be filtered by ------------------------------------------------------------------------------------------


def values(
    facts: Facts, today: date, unit: str | None = None, inspection: str | None = None
) -> dict[str, tuple[Value, ...]]:
    """Field of ``Look`` → the values that occur among the problems (of one unit, of one inspection)."""
    seen = joined(facts, today)
    mine = _mine(seen, unit, inspection)

    def asked(value: ColumnElement[Any], told: ColumnElement[Any]) -> Select[Any]:
        counted = select(value, told, func.count()).select_from(seen.source).where(*mine).group_by(value, told)
        return counted.order_by(func.count().desc(), told).limit(MOST_VALUES)

    found: dict[str, tuple[Value, ...]] = {}
    with facts.reading() as connection:
        for name, value, told in (
            ("states", seen.state, seen.state),
            ("categories", func.coalesce(seen.p.category, ""), seen.category),
            ("aspects", seen.aspect, seen.aspect),
            ("units", func.coalesce(seen.p.unit, ""), seen.unit),
            ("responsible", seen.person, seen.person),
        ):
            rows = connection.execute(asked(value, told)).all()
            found[name] = tuple(Value(row[0], row[1] or NOBODY, row[2]) for row in rows)
        tagged = select(seen.p.tags, func.count()).where(*mine, seen.p.tags.is_not(None)).group_by(seen.p.tags)
        counts: dict[str, int] = {}
        for stored, count in connection.execute(tagged):
            for tag in orjson.loads(stored):
                counts[tag] = counts.get(tag, 0) + count
    by_state = {one.value: one.problems for one in found["states"]}
    found["states"] = tuple(Value(one, STATES[one], by_state[one]) for one in STATES if one in by_state)
    found["responsible"] = tuple(one for one in found["responsible"] if one.value)
    found["tags"] = tuple(Value(tag, tag, n) for tag, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return found


# -- lines ------------------------------------------------------------------------------------------------------------


def lines(facts: Facts, ids: Sequence[str], today: date) -> dict[str, ProblemRow]:
    """Id → its line, of those that are (still) there."""
    m = facts.tables.records["measure"].table.c
    finished = func.sum(case((m.progress.in_(FINISHED), 1), else_=0))
    steps = select(m.problem, func.count(), finished).where(m.deleted == 0, m.parent.is_(None)).group_by(m.problem)
    found: dict[str, ProblemRow] = {}
    rounds = round_days(facts)
    with facts.reading() as connection:
        for at in range(0, len(ids), _AT_ONCE):
            part = ids[at : at + _AT_ONCE]
            seen = joined(facts, today, part)
            p = seen.p
            asked = select(
                p.id, p.number, p.title, seen.category, seen.unit, p.progress, p.closing, seen.day, p.due, p.publicity,
                seen.person, seen.aspect, p.tags, p.inspection,
            ).select_from(seen.source)  # fmt: skip
            counts = {row[0]: (row[1], row[2] or 0) for row in connection.execute(steps.where(m.problem.in_(part)))}
            for row in connection.execute(asked.where(p.id.in_(part), p.deleted == 0)):
                found[row[0]] = _line(tuple(row), counts.get(row[0], (0, 0)), today, rounds.of(row[-1]))
    return found


def _line(row: tuple[Any, ...], steps: tuple[int, int], today: date, days: Days) -> ProblemRow:
    identifier, number, title, category, unit, progress, closing, day, due, publicity, person, aspect, tags, _of = row
    until = date.fromisoformat(day) if day else None
    left = (until - today).days if until else None
    what = state(progress or "", closing or "", left, days)
    return ProblemRow(
        identifier,
        number,
        title or "（标题缺失）",
        category,
        unit,
        progress or "",
        closing or "",
        until,
        str(orjson.loads(due).get("wording", "")) if due else "",
        what,
        left,
        steps[0],
        int(steps[1]),
        publicity or "public",
        band(what, left, days),
        person,
        aspect,
        tuple(orjson.loads(tags)) if tags else (),
    )


def next_of(facts: Facts, unit: str | None) -> tuple[int, str | None]:
    """The number a new problem of a unit begins with, and the inspection of the one entered last; where there is none yet, the
    only inspection there is."""
    p = facts.tables.records["problem"].table.c
    mine = (p.deleted == 0, p.unit == unit)
    with facts.reading() as connection:
        last = connection.execute(select(func.max(p.number)).where(*mine)).scalar() or 0
        inspection = connection.execute(
            select(p.inspection).where(*mine, p.inspection.is_not(None)).order_by(p.id.desc()).limit(1)
        ).scalar()
        if inspection is None:
            i = facts.tables.records["inspection"].table.c
            rounds = connection.execute(select(i.id).where(i.deleted == 0).limit(2)).scalars().all()
            inspection = rounds[0] if len(rounds) == 1 else None
    return int(last) + 1, inspection


# -- in words ---------------------------------------------------------------------------------------------------------


def told(look: Look, known: Mapping[str, Sequence[Value]]) -> str:
    """What a look leaves in, in a few words; "" when it leaves in everything."""
    reads = {name: {one.value: one.words for one in some} for name, some in known.items()}
    parts = ["、".join(STATES.get(one, one) for one in look.states)]
    for name in ("categories", "aspects", "units"):
        parts.append("、".join(reads.get(name, {}).get(one, one) or NOBODY for one in getattr(look, name)))
    parts += [words.DUE_WITHIN.get(look.due, ""), look.responsible, "、".join(look.tags), look.words.strip()]
    return " · ".join(part for part in parts if part)
