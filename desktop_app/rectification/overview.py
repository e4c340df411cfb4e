"""The list of problems as a clerk sees it: status, deadline, how much is done. Overdue is reckoned here, never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import case, func, select

from db.ledger.facts import Facts
from desktop_app.rectification.rules import FINISHED

SOON = 20
"""Days before a deadline from which it is called near (process.md 2.2: 20 days green, 10 yellow, then red)."""

_LATE = 1 << 40

STATES = {
    "closed": "已销号",
    "done": "已完成",
    "kept_up": "长期坚持",
    "overdue": "已超期",
    "soon": "将到期",
    "open": "推进中",
    "no_date": "未定时限",
}


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A line of the list. ``due`` is the problem's own deadline, else the latest of its unfinished ongoing items;
    ``days_left`` is negative when overdue; ``state`` a key of ``STATES``."""

    id: str
    number: int | None
    title: str
    category: str
    unit: str
    progress: str
    closing: str
    due: date | None
    due_wording: str
    state: str
    days_left: int | None
    measures: int
    measures_done: int
    publicity: str

    @property
    def state_words(self) -> str:
        """The state with its days, as the list shows it."""
        if self.state == "overdue" and self.days_left is not None:
            return f"超期 {-self.days_left} 天"
        if self.state in ("soon", "open") and self.days_left is not None:
            return f"还剩 {self.days_left} 天"
        return STATES[self.state]


@dataclass(frozen=True)
class Totals:
    """Counts over rows: by state, and what share is finished (done, kept up, closed) of all."""

    all: int
    by_state: dict[str, int]
    finished: int


def rows(facts: Facts, today: date, unit: str | None = None) -> list[ProblemRow]:
    """All live problems (of one unit by id), by unit and as they are printed; a few queries and no form records."""
    records = facts.tables.records
    problem, ongoing, measure = (records[name].table for name in ("problem", "ongoing_item", "measure"))
    p = problem.c
    query = select(
        p.id,
        p.number,
        p.title,
        p.category,
        p.unit,
        p.progress,
        p.closing,
        p.due,
        p.due__day,
        p.publicity,
        p.position,
        p.aspect,
        p.group,
    ).where(p.deleted == 0)
    if unit is not None:
        query = query.where(p.unit == unit)
    still = ongoing.c.progress.is_(None) | ongoing.c.progress.not_in(FINISHED)
    latest = (
        select(ongoing.c.problem, func.max(ongoing.c.due__day), func.count(ongoing.c.id))
        .where(ongoing.c.deleted == 0, still)
        .group_by(ongoing.c.problem)
    )
    finished = func.sum(case((measure.c.progress.in_(FINISHED), 1), else_=0))
    steps = (
        select(measure.c.problem, func.count(), finished)
        .where(measure.c.deleted == 0, measure.c.parent.is_(None))
        .group_by(measure.c.problem)
    )
    with facts.reading() as connection:
        found = list(connection.execute(query))
        dues = {row[0]: row[1] for row in connection.execute(latest)}
        counts = {row[0]: (row[1], row[2] or 0) for row in connection.execute(steps)}
        headings = {
            row[0]: (row[1] or _LATE, row[2] or _LATE)
            for name in ("aspect", "group")
            for row in connection.execute(select(*(records[name].table.c[c] for c in ("id", "position", "number"))))
        }
        names = {
            table: dict(connection.execute(select(records[table].table.c.id, records[table].table.c[column])).all())
            for table, column in (("unit", "name"), ("category", "title"))
        }
    found.sort(key=lambda r: (names["unit"].get(r.unit) or "", *_printed_at(r, headings), r.id))
    return [_row(r, today, dues.get(r.id), counts.get(r.id, (0, 0)), names) for r in found]


def _printed_at(row: Any, headings: Mapping[str, tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Where a problem stands in print: its aspect, its group, itself, each by (position, number)."""
    own = (row.position or _LATE, row.number or _LATE)
    aspect = headings.get(row.aspect or "", own)
    return aspect, headings.get(row.group or "", own), own


def _row(
    row: Any,
    today: date,
    ongoing_day: str | None,
    steps: tuple[int, int],
    names: dict[str, dict[str, str]],
) -> ProblemRow:
    day = row.due__day or ongoing_day
    due = date.fromisoformat(day) if day else None
    left = (due - today).days if due else None
    wording = orjson.loads(row.due).get("wording", "") if row.due else ""
    return ProblemRow(
        row.id,
        row.number,
        row.title or "（标题缺失）",
        names["category"].get(row.category) or "",
        names["unit"].get(row.unit) or "",
        row.progress or "",
        row.closing or "",
        due,
        wording,
        state(row.progress or "", row.closing or "", left),
        left,
        steps[0],
        int(steps[1]),
        row.publicity or "public",
    )


def state(progress: str, closing: str, days_left: int | None) -> str:
    """The state of a problem from its two axes and the days left."""
    if closing == "closed":
        return "closed"
    if progress in FINISHED:
        return progress
    if days_left is None:
        return "no_date"
    if days_left < 0:
        return "overdue"
    return "soon" if days_left <= SOON else "open"


def totals(found: Sequence[ProblemRow]) -> Totals:
    """Counts by state."""
    by_state = {name: sum(1 for row in found if row.state == name) for name in STATES}
    return Totals(len(found), by_state, by_state["closed"] + by_state["done"] + by_state["kept_up"])
