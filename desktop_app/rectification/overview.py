"""The list of problems as a clerk sees it: status, deadline, how much is done. Overdue is reckoned here, never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import orjson
from sqlalchemy import case, func, select

from db.ledger import sameness
from db.ledger.facts import Facts
from db.store.statements import Prepared
from desktop_app.rectification.rules import FINISHED
from desktop_app.rectification.warning_days import USUAL, Days, round_days

MONTH = 30
"""Days ahead that are told apart from what comes later."""
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
BANDS = {
    "late": "已超期",
    "yellow": "黄色预警",
    "green": "绿色预警",
    "month": f"其余 {MONTH} 天内",
    "later": "以后到期",
    "none": "未定时限",
}
"""Of what is not finished: how far its deadline is, by the days of its round. 已超期 is the state ``overdue``, the two
warnings together ``soon``, the two behind them ``open``, 未定时限 ``no_date``."""
FINISHED_STATES = ("closed", "done", "kept_up")


class ProblemRow(NamedTuple):
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
    band: str = ""
    """A key of ``BANDS``, "" when it is finished."""
    person: str = ""
    aspect: str = ""
    tags: tuple[str, ...] = ()

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
        p.inspection,
    ).where(p.deleted == 0)
    if unit is not None:
        query = query.where(sameness.pointing(facts, "unit", p.unit, unit))
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
        found = [_Found(*row) for row in Prepared(query).stream(connection)]
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
    units = names["unit"]
    units |= {one: units.get(main) for one, main in sameness.stand_ins(facts, "unit").items()}
    found.sort(key=lambda r: (units.get(r.unit or "") or "", *_printed_at(r, headings), r.id))
    days = round_days(facts)
    return [_row(r, today, dues.get(r.id), counts.get(r.id, (0, 0)), names, days.of(r.inspection)) for r in found]


def _printed_at(row: _Found, headings: Mapping[str, tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Where a problem stands in print: its aspect, its group, itself, each by (position, number)."""
    own = (row.position or _LATE, row.number or _LATE)
    if not headings:
        return (own,)
    return headings.get(row.aspect or "", own), headings.get(row.group or "", own), own


class _Found(NamedTuple):
    """A row of the problems' table as the driver gives it; columns in the order they are asked for."""

    id: str
    number: int | None
    title: str | None
    category: str | None
    unit: str | None
    progress: str | None
    closing: str | None
    due: str | None
    day: str | None
    publicity: str | None
    position: int | None
    aspect: str | None
    group: str | None
    inspection: str | None


_day = lru_cache(maxsize=4_096)(date.fromisoformat)


@lru_cache(maxsize=4_096)
def _wording(due: str) -> str:
    return str(orjson.loads(due).get("wording", ""))


def _row(
    row: _Found,
    today: date,
    ongoing_day: str | None,
    steps: tuple[int, int],
    names: dict[str, dict[str, str]],
    days: Days,
) -> ProblemRow:
    identifier, number, title, category, unit, progress, closing, due, own_day, publicity, *_ = row
    day = own_day or ongoing_day
    until = _day(day) if day else None
    left = (until - today).days if until else None
    what = state(progress or "", closing or "", left, days)
    return ProblemRow(
        identifier,
        number,
        title or "（标题缺失）",
        names["category"].get(category or "") or "",
        names["unit"].get(unit or "") or "",
        progress or "",
        closing or "",
        until,
        _wording(due) if due else "",
        what,
        left,
        steps[0],
        int(steps[1]),
        publicity or "public",
        band(what, left, days),
    )


def state(progress: str, closing: str, days_left: int | None, days: Days = USUAL) -> str:
    """The state of a problem from its two axes, the days left, and the days of its round."""
    if closing == "closed":
        return "closed"
    if progress in FINISHED:
        return progress
    if days_left is None:
        return "no_date"
    if days_left < 0:
        return "overdue"
    return "soon" if days.near(days_left) else "open"


def band(state: str, days_left: int | None, days: Days = USUAL) -> str:
    """How far the deadline of a problem in this state is: a key of ``BANDS``, "" when it is finished."""
    if state in FINISHED_STATES:
        return ""
    if days_left is None:
        return "none"
    colour = days.colour(days_left)
    if colour is not None:
        return "late" if colour == "red" else colour
    return "month" if days_left <= MONTH else "later"


@dataclass(frozen=True)
class Narrowing:
    """Which problems are meant: those behind a number. ``words`` say it; what is None or empty does not narrow. ``category``
    and ``unit`` are what a line of the list shows ("" those without); ``first`` and ``last`` bound the deadline."""

    words: str
    states: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    category: str | None = None
    unit: str | None = None
    first: date | None = None
    last: date | None = None

    def passes(self, one: ProblemRow) -> bool:
        """Whether a problem is meant."""
        if self.states and one.state not in self.states:
            return False
        if self.bands and one.band not in self.bands:
            return False
        if self.closing and one.closing not in self.closing:
            return False
        if self.category is not None and one.category != self.category:
            return False
        if self.unit is not None and one.unit != self.unit:
            return False
        if self.first is not None and (one.due is None or one.due < self.first):
            return False
        return self.last is None or (one.due is not None and one.due <= self.last)


def totals(found: Sequence[ProblemRow]) -> Totals:
    """Counts by state."""
    by_state = {name: sum(1 for row in found if row.state == name) for name in STATES}
    return Totals(len(found), by_state, by_state["closed"] + by_state["done"] + by_state["kept_up"])
