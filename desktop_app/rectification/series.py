"""Indicators beside their past: the period before and a year ago, with the change in its own unit; and month by month.

What is itself a share changes in percentage points, everything else in per cent of the base (decisions of process.md 2.4: 同比、
环比). An indicator that hangs on no day has no past to be compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.ledger.facts import Facts
from db.schema.composite import Span
from db.schema.definition import CategoryDefinition
from db.schema.definition.indicators import rounded
from db.schema.kinds import Publicity
from desktop_app.rectification.openness import may_see
from desktop_app.rectification.reckoning import periods, showing
from desktop_app.rectification.reckoning.indicators import Reckoned, definition_of, reckon, reckon_all

POINTS = {"%": "个百分点", "‰": "个千分点"}
"""Unit of a share → the unit its change is told in."""


@dataclass(frozen=True)
class Change:
    """How a value changed against a base; None where there is no base to reckon it from. Per cent are of the base's amount."""

    value: Decimal | None
    unit: str

    @property
    def words(self) -> str:
        """With its sign and unit: +12.5%, -3.2个百分点, 0.0%; "—" where there is none."""
        if self.value is None:
            return "—"
        told = rounded(self.value, 1, "half_up")
        return f"{told:+.1f}{self.unit}" if told else f"0.0{self.unit}"


@dataclass(frozen=True)
class Compared:
    """An indicator of a period, of the one before and of the same a year ago (None: nothing to compare with)."""

    now: Reckoned
    before: Reckoned | None
    year_ago: Reckoned | None
    points: str
    """The unit of a change in points; "" where it changes in per cent."""

    @property
    def against_before(self) -> Change:
        """环比."""
        return change(self.now.value, None if self.before is None else self.before.value, self.points)

    @property
    def against_year_ago(self) -> Change:
        """同比."""
        return change(self.now.value, None if self.year_ago is None else self.year_ago.value, self.points)

    @property
    def known(self) -> bool:
        """Whether there is anything to tell."""
        return any(one is not None and one.value for one in (self.now, self.before, self.year_ago))


def change(now: Decimal | None, base: Decimal | None, points: str = "") -> Change:
    """The change of a value against a base, in points or per cent."""
    if now is None or base is None or (not base and not points):
        return Change(None, points or "%")
    return Change(now - base if points else (now - base) * 100 / abs(base), points or "%")


def dated(definition: CategoryDefinition, key: str) -> bool:
    """Whether the value of an indicator hangs on the period asked for."""
    one = definition.indicators[key]
    if one.register:
        return one.on is not None or one.measure in ("stock", "newest")
    return any(dated(definition, part) for part in one.needs())


def points_of(definition: CategoryDefinition, key: str) -> str:
    """The unit in points that an indicator changes in; "" for one that changes in per cent."""
    return POINTS.get(showing.unit_of(definition, definition.indicators[key]), "")


def compared(
    facts: Facts,
    category: str,
    period: Span,
    *,
    as_of: date,
    unit: str | None = None,
    readers: Publicity = "secret",
    only: Iterable[str] = (),
) -> list[Compared]:
    """The indicators of a category that readers may see (``only`` some, in their order), each beside its past. Changes that
    a definition reckons itself are left out: they stand beside what they are of."""
    definition = definition_of(facts, category)
    span = cut(period, as_of)
    named = list(only)
    told = [
        {one.indicator: one for one in reckon_all(facts, category, as_of=as_of, period=asked, unit=unit)}
        if asked
        else {}
        for asked in (span, periods.base(span, "previous"), periods.base(span, "same_last_year"))
    ]
    keys = named or [key for key, one in definition.indicators.items() if one.measure != "change"]
    found = []
    for key in keys:
        now = told[0].get(key)
        if now is not None and may_see(readers, now.publicity):
            past = [each.get(key) if dated(definition, key) else None for each in told[1:]]
            found.append(Compared(now, past[0], past[1], points_of(definition, key)))
    return found


def cut(period: Span, as_of: date) -> Span:
    """A period up to the day: what is compared is as long as what has passed of it."""
    return Span(period.start, as_of, period.wording) if period.end is not None and period.end > as_of else period


def monthly(
    facts: Facts, category: str, key: str, year: int, *, as_of: date, unit: str | None = None
) -> list[Decimal | None]:
    """The twelve months of a year of an indicator; None for months that are still to come or have no value."""
    months: list[Decimal | None] = [None] * 12
    last = min(date(year, 12, 31), as_of)
    if last.year < year:
        return months
    span = Span(date(year, 1, 1), last, f"{year}年")
    nothing = _nothing(definition_of(facts, category), key)
    for one in reckon(facts, category, key, as_of=as_of, period=span, unit=unit, by=("month",)).groups:
        if isinstance(one.key[0], str):
            months[int(one.key[0][5:7]) - 1] = one.value
    return [nothing if value is None and at < last.month else value for at, value in enumerate(months)]


def _nothing(definition: CategoryDefinition, key: str) -> Decimal | None:
    """What an indicator is where there are no rows: nought of a sum, nothing of a share."""
    one = definition.indicators[key]
    return Decimal(0) if one.measure in ("count", "distinct", "sum") else None


def by_month(definition: CategoryDefinition, keys: Sequence[str]) -> list[str]:
    """Of some indicators those that can be told month by month."""
    from desktop_app.rectification.reckoning.indicators import possible

    return [key for key in keys if dated(definition, key) and possible(definition, key, ("month",))]
