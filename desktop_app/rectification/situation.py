"""How the problems of a ledger stand on a day, in counts: by state, category, unit and deadline, and the rate of closing.

The problems are counted by the database, a line for all that are alike, so a ledger of a million costs what one of a
hundred does to show. Every count is a sum of these lines; each agrees with the list of problems (``overview.rows``) and with
the counts of the printed ledger (``tallies``), which tests hold. Nothing is stored: overdue is reckoned from the day asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar

from sqlalchemy import func, select

from db.ledger import sameness
from db.ledger.facts import Facts
from db.schema.kinds import Publicity
from desktop_app.rectification import overview
from desktop_app.rectification.overview import BANDS, FINISHED_STATES, STATES, Narrowing
from desktop_app.rectification.rows import PUBLICITIES
from desktop_app.rectification.rules import FINISHED
from desktop_app.rectification.tallies import share
from desktop_app.rectification.warning_days import RoundDays, round_days

NOBODY, NOTHING = "未填单位", "未分类"
"""What problems without a unit and without a category are told under."""
BACK, AHEAD = 4, 9
"""Whole weeks before and after the present one that the timeline tells apart."""
Key = TypeVar("Key", bound=Hashable)


class Lot(NamedTuple):
    """Problems that are alike in everything that is counted. ``unit`` and ``category`` are ids, "" for none."""

    unit: str
    category: str
    state: str
    band: str
    closing: str
    due: date | None
    number: int


class Rate(NamedTuple):
    """The rate of closing and what it counts: closed ones of those that ought to be by now (done, kept up, or past their
    deadline); ``ahead`` and ``undated`` are still worked on, before their deadline or without one, and are left out."""

    closed: int
    due: int
    ahead: int
    undated: int

    @property
    def percent(self) -> str:
        """Two decimals; "—" where nothing ought to be closed."""
        return share(self.closed, self.due)

    @property
    def words(self) -> str:
        """What it counts, in words."""
        left = [f"未到时限的 {self.ahead} 个"] if self.ahead else []
        left += [f"未定时限的 {self.undated} 个"] if self.undated else []
        return f"已销号 {self.closed} / 应销号 {self.due}" + (f"，不含{'、'.join(left)}" if left else "")


RATE_NOTE = "应销号＝已完成、长期坚持、已销号的和已超过时限的问题；未到时限、未定时限还在整改的不计入。"


@dataclass(frozen=True)
class Line:
    """The counts of one category or one unit: all, finished (已完成、长期坚持、已销号), not finished (overdue ones among them),
    overdue, and the rate of closing."""

    id: str
    name: str
    all: int
    finished: int
    open: int
    overdue: int
    rate: Rate


class Stretch(NamedTuple):
    """A week of the timeline, or what lies before or behind all weeks: its words, its days (None: open), and how many
    deadlines of unfinished problems fall into it. ``past`` where all of it is over."""

    words: str
    first: date | None
    last: date | None
    number: int
    past: bool


@dataclass(frozen=True)
class Situation:
    """The counts of a day. ``unit_names`` and ``category_names`` are those of the list of problems, by id."""

    today: date
    lots: tuple[Lot, ...]
    unit_names: Mapping[str, str]
    category_names: Mapping[str, str]

    @cached_property
    def all(self) -> int:
        """All problems."""
        return sum(lot.number for lot in self.lots)

    @cached_property
    def by_state(self) -> dict[str, int]:
        """State → how many, in the order of ``STATES``."""
        return _counted(self.lots, STATES, lambda lot: lot.state)

    @cached_property
    def by_band(self) -> dict[str, int]:
        """Band of those that are not finished → how many, in the order of ``BANDS``."""
        return _counted(self.lots, BANDS, lambda lot: lot.band)

    @cached_property
    def by_closing(self) -> dict[str, int]:
        """Where the sign-off stands → how many."""
        found: Counter[str] = Counter()
        for lot in self.lots:
            found[lot.closing] += lot.number
        return dict(found)

    @property
    def finished(self) -> int:
        """Those that are done: 已完成, 长期坚持, 已销号."""
        return sum(self.by_state[state] for state in FINISHED_STATES)

    @property
    def rate(self) -> Rate:
        """The rate of closing of all."""
        return _rate(self.lots)

    def categories(self) -> list[Line]:
        """A line for each category that has problems, the fullest first."""
        lines = _lines(self.lots, lambda lot: lot.category, self.category_names, NOTHING)
        return sorted(lines, key=lambda line: (-line.all, line.name))

    def units(self) -> list[Line]:
        """A line for each unit that has problems, by name."""
        return sorted(_lines(self.lots, lambda lot: lot.unit, self.unit_names, NOBODY), key=lambda line: line.name)

    def timeline(self) -> list[Stretch]:
        """The deadlines of what is not finished by weeks from Monday: before, ``BACK`` weeks, this one, ``AHEAD`` more, behind.
        Those without a deadline are in none."""
        monday = self.today - timedelta(days=self.today.weekday())
        start = monday - timedelta(weeks=BACK)
        days = Counter[date]()
        for lot in self.lots:
            if lot.band and lot.due is not None:
                days[lot.due] += lot.number
        found = [_stretch("更早", None, start - timedelta(days=1), days, self.today)]
        for number in range(BACK + 1 + AHEAD):
            first = start + timedelta(weeks=number)
            words = "本周" if first == monday else f"{first.month}.{first.day}"
            found.append(_stretch(words, first, first + timedelta(days=6), days, self.today))
        end = start + timedelta(weeks=BACK + 1 + AHEAD)
        return [*found, _stretch("更晚", end, None, days, self.today)]


def situation(
    facts: Facts,
    today: date,
    units: Collection[str] | None = None,
    readers: Publicity = "secret",
    inspection: str | None = None,
) -> Situation:
    """How the problems of these units (ids; None: of all) and of this inspection (None: of all) stand, as far as readers of
    this level may know of them; one query over them, whatever their number."""
    records = facts.tables.records
    problem, ongoing = records["problem"].table.c, records["ongoing_item"].table.c
    still = ongoing.progress.is_(None) | ongoing.progress.not_in(FINISHED)
    latest = (
        select(ongoing.problem, func.max(ongoing.due__day).label("day"))
        .where(ongoing.deleted == 0, still, ongoing.due__day.is_not(None))
        .group_by(ongoing.problem)
        .subquery()
    )
    day = func.coalesce(problem.due__day, latest.c.day)
    alike = (problem.unit, problem.category, problem.inspection, problem.progress, problem.closing, day)
    query = (
        select(*alike, func.count())
        .select_from(records["problem"].table.outerjoin(latest, latest.c.problem == problem.id))
        .where(problem.deleted == 0)
        .group_by(*alike)
    )
    if units is not None:
        query = query.where(problem.unit.in_(sameness.meant(facts, "unit", list(units))))
    if inspection is not None:
        query = query.where(problem.inspection == inspection)
    if readers != "secret":
        open_to = PUBLICITIES[: PUBLICITIES.index(readers) + 1]
        query = query.where(func.coalesce(problem.publicity, "public").in_(open_to))
    with facts.reading() as connection:
        found = connection.execute(query).all()
        names = {
            table: dict(connection.execute(select(records[table].table.c.id, records[table].table.c[column])).all())
            for table, column in (("unit", "name"), ("category", "title"))
        }
    days, others = round_days(facts), sameness.stand_ins(facts, "unit")
    lots = tuple(_lot(row, today, days, others) for row in found)
    return Situation(today, lots, names["unit"], names["category"])


def _lot(row: Iterable[str | int | None], today: date, days: RoundDays, others: Mapping[str, str]) -> Lot:
    unit, category, inspection, progress, closing, day, count = row
    unit = others.get(str(unit or ""), unit)  # units that are one are told under the one that counts
    due = date.fromisoformat(str(day)) if day else None
    left = (due - today).days if due is not None else None
    of = days.of(str(inspection or ""))
    state = overview.state(str(progress or ""), str(closing or ""), left, of)
    band = overview.band(state, left, of)
    told = (str(unit or ""), str(category or ""), state, band, str(closing or "not_applied"))
    return Lot(*told, due, int(count or 0))


def _counted(lots: Iterable[Lot], names: Iterable[str], of: Callable[[Lot], str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for lot in lots:
        found[of(lot)] += lot.number
    return {name: found[name] for name in names}


def _rate(lots: Iterable[Lot]) -> Rate:
    by_state = _counted(lots, STATES, lambda lot: lot.state)
    due = sum(by_state[state] for state in (*FINISHED_STATES, "overdue"))
    return Rate(by_state["closed"], due, by_state["soon"] + by_state["open"], by_state["no_date"])


def _lines(lots: Iterable[Lot], of: Callable[[Lot], str], names: Mapping[str, str], none: str) -> list[Line]:
    parted: dict[str, list[Lot]] = {}
    for lot in lots:
        parted.setdefault(of(lot), []).append(lot)
    return [_line(key, names.get(key) or none, some) for key, some in parted.items()]


def _line(identifier: str, name: str, lots: list[Lot]) -> Line:
    all_ = sum(lot.number for lot in lots)
    finished = sum(lot.number for lot in lots if lot.state in FINISHED_STATES)
    overdue = sum(lot.number for lot in lots if lot.state == "overdue")
    return Line(identifier, name, all_, finished, all_ - finished, overdue, _rate(lots))


def _stretch(words: str, first: date | None, last: date | None, days: Mapping[date, int], today: date) -> Stretch:
    inside = (n for day, n in days.items() if (first is None or day >= first) and (last is None or day <= last))
    return Stretch(words, first, last, sum(inside), last is not None and last < today)


# -- the problems behind a number --------------------------------------------------------------------------------------


def of_state(*states: str) -> Narrowing:
    """The problems in one of these states."""
    return Narrowing("、".join(STATES[state] for state in states), states=states)


def of_band(*bands: str) -> Narrowing:
    """The problems that are not finished and whose deadline is so far."""
    return Narrowing("、".join(BANDS[band] for band in bands), bands=bands)


def of_week(one: Stretch) -> Narrowing:
    """The problems that are not finished and whose deadline is in these days."""
    told = {"更早": "时限在更早", "更晚": "时限在更晚", "本周": "时限在本周"}.get(
        one.words, f"时限在 {one.words} 起的一周"
    )
    return Narrowing(told, bands=tuple(band for band in BANDS if band != "none"), first=one.first, last=one.last)


def of_line(one: Line, *, unit: bool, states: tuple[str, ...] = ()) -> Narrowing:
    """The problems of a unit's or a category's line, or those of them in these states."""
    shown = one.name if one.id else ""
    said = f"{one.name}{'：' + '、'.join(STATES[state] for state in states) if states else ''}"
    return Narrowing(said, states=states, unit=shown) if unit else Narrowing(said, states=states, category=shown)


def bands_told(days: RoundDays) -> dict[str, str]:
    """The names of the bands; with their days where all rounds agree on them."""
    if len(set(days.rounds.values())) > 1:
        return dict(BANDS)
    green, yellow = days.common.green, days.common.yellow
    near = max(green, yellow)
    told = {
        "yellow": f"{yellow} 天内",
        "green": f"{yellow + 1}—{green} 天",
        "later": f"{max(near, overview.MONTH)} 天以后",
    }
    return {**BANDS, **told, "month": f"{near + 1}—{overview.MONTH} 天"}
