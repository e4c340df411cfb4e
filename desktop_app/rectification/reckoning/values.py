"""Values that terms reckon with: exact numbers, days, whole months and years between them.

Numbers are ``int`` or ``Decimal`` (money in fen), reckoned to ``EXACT``'s sixty digits; days are ``date``, moments
``datetime`` of the wall clock, months ``YYYY-MM``. An absent value is ``None`` and makes every operation absent, save
where an operation says otherwise.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Any

from db.schema import kinds
from db.schema.composite import Amount, Deadline
from db.schema.definition.fields import ComputedSpec
from db.schema.definition.indicators import rounded
from db.schema.typed import canonical

EXACT = Context(prec=60)
"""Sums of millions of rows and products of two fields keep every digit; a quotient is right to sixty."""
Number = int | Decimal
_FARTHEST = 10_000_000
"""No day lies so many days or months from another."""


def measured(value: Any) -> Any:
    """A working value → what is reckoned and compared: the number of a quantity, the day of a deadline, else the value."""
    if isinstance(value, Amount):
        return value.value
    return value.day if isinstance(value, Deadline) else value


def day_of(value: date) -> date:
    """The day of a day or a moment."""
    return value.date() if isinstance(value, datetime) else value


def whole(value: Number) -> int | None:
    """A number of days or months, cut to a whole one; None for one no calendar has."""
    found = Decimal(value).to_integral_value(ROUND_FLOOR)
    return int(found) if abs(found) < _FARTHEST else None


def add_days(start: date, count: Number) -> date | None:
    """So many days later; None beyond the calendar."""
    days = whole(count)
    try:
        return None if days is None else day_of(start) + timedelta(days=days)
    except OverflowError:
        return None


def add_months(start: date, count: Number) -> date | None:
    """So many months later: the day of the same number, or the last of a shorter month."""
    months = whole(count)
    if months is None:
        return None
    at = start.year * 12 + start.month - 1 + months
    if not 12 <= at < 120_000:
        return None
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def add_years(start: date, count: Number) -> date | None:
    """So many years later; 29 February becomes the 28th."""
    return add_months(start, 12 * Decimal(count))


def days(first: date, second: date) -> int:
    """Days from the first to the second."""
    return (day_of(second) - day_of(first)).days


def hours(first: datetime, second: datetime) -> Decimal:
    """Hours from the first to the second, to the minute."""
    return EXACT.divide(int((second - first).total_seconds()) // 60, 60)


def months(first: date, second: date) -> int:
    """Completed months from the first to the second; negative the other way round."""
    first, second = day_of(first), day_of(second)
    if second < first:
        return -months(second, first)
    count = (second.year - first.year) * 12 + second.month - first.month
    ended = add_months(first, count)
    return count - 1 if ended is None or ended > second else count


def years(first: date, second: date) -> int:
    """Completed years from the first to the second."""
    count = months(first, second)
    return count // 12 if count >= 0 else -(-count // 12)


def shown(spec: ComputedSpec, value: Any) -> str:
    """A computed value as lists, grids and sheets show it, "" for an absent one; money in yuan."""
    if value is None:
        return ""
    if spec.sort == "money":
        return kinds.Money("", least=None).show(int(rounded(Decimal(value), 0, "half_up")))
    if spec.sort == "number":
        return f"{canonical(rounded(Decimal(value), spec.places, 'half_up'))}{spec.unit}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)
