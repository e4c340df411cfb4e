"""The problems joined with what they point at, as SQL: the columns that the list of problems is filtered, grouped and ordered by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, case, func, literal, select

from db.ledger.facts import Facts
from desktop_app.rectification.overview import MONTH
from desktop_app.rectification.rules import FINISHED
from desktop_app.rectification.warning_days import USUAL, Days, RoundDays, round_days

_LATE = 1 << 40


class Seen(NamedTuple):
    """The problems joined with what they point at, and the columns that questions are asked of."""

    source: FromClause
    p: Any
    unit: ColumnElement[Any]
    category: ColumnElement[Any]
    aspect: ColumnElement[Any]
    day: ColumnElement[Any]
    state: ColumnElement[Any]
    band: ColumnElement[Any]
    person: ColumnElement[Any]
    printed: tuple[ColumnElement[Any], ...]


def joined(facts: Facts, today: date, part: Sequence[str] | None = None) -> Seen:
    """The problems as of a day; with ``part`` the ongoing items of these problems alone are looked at, which is quicker."""
    tables = facts.tables.records
    problem, ongoing, unit, category, aspect, group = (
        tables[name].table for name in ("problem", "ongoing_item", "unit", "category", "aspect", "group")
    )
    p = problem.c
    still = ongoing.c.progress.is_(None) | ongoing.c.progress.not_in(FINISHED)
    latest = (
        select(ongoing.c.problem.label("of"), func.max(ongoing.c.due__day).label("day"))
        .where(ongoing.c.deleted == 0, still, *([] if part is None else [ongoing.c.problem.in_(part)]))
        .group_by(ongoing.c.problem)
        .subquery("latest")
    )
    source = (
        problem.outerjoin(latest, latest.c.of == p.id)
        .outerjoin(unit, unit.c.id == p.unit)
        .outerjoin(category, category.c.id == p.category)
        .outerjoin(aspect, aspect.c.id == p.aspect)
        .outerjoin(group, group.c.id == p.group)
    )
    day = func.coalesce(p.due__day, latest.c.day)
    told, far = _states(p, day, today, round_days(facts))
    own = (func.coalesce(p.position, _LATE), func.coalesce(p.number, _LATE))

    def above(heading: FromClause) -> tuple[ColumnElement[Any], ...]:
        kept = (func.coalesce(heading.c.position, _LATE), func.coalesce(heading.c.number, _LATE))
        return tuple(case((heading.c.id.is_(None), mine), else_=its) for mine, its in zip(own, kept, strict=True))

    printed = (func.coalesce(unit.c.name, ""), *above(aspect), *above(group), *own, p.id)
    person = func.coalesce(p.responsible, p.handler, p.lead_official, "")
    return Seen(
        source,
        p,
        func.coalesce(unit.c.name, ""),
        func.coalesce(category.c.title, ""),
        func.coalesce(aspect.c.title, ""),
        day,
        told,
        far,
        person,
        printed,
    )


def _states(
    p: Any, day: ColumnElement[Any], today: date, rounds: RoundDays
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The state of a problem and how far its deadline is, as ``overview.state`` and ``overview.band`` reckon them."""

    def until(ahead: Callable[[Days], int]) -> ColumnElement[Any]:
        last = {
            identifier: (today + timedelta(days=ahead(days))).isoformat() for identifier, days in rounds.rounds.items()
        }
        usual = literal((today + timedelta(days=ahead(USUAL))).isoformat())
        own = [(p.inspection == identifier, literal(told)) for identifier, told in last.items()]
        return case(*own, else_=usual) if own else usual

    finished = ((p.closing == "closed", "closed"), *((p.progress == one, one) for one in FINISHED))
    near = day <= until(lambda days: max(days.green, days.yellow))
    past = day < today.isoformat()
    told = case(*finished, (day.is_(None), "no_date"), (past, "overdue"), (near, "soon"), else_="open")
    far = case(
        *((asked, "") for asked, _state in finished),
        (day.is_(None), "none"),
        (past, "late"),
        (day <= until(lambda days: days.yellow), "yellow"),
        (day <= until(lambda days: days.green), "green"),
        (day <= (today + timedelta(days=MONTH)).isoformat(), "month"),
        else_="later",
    )
    return told, far
