"""What a test says of a row, or of several, before it becomes a finding; and how values of several sorts are compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from db.schema.kinds import Publicity
from desktop_app.rectification.finding import Severity


@dataclass(frozen=True)
class Breach:
    """``what`` is a clause without a full stop that follows the name of the row or the register.

    ``advice`` is what to do where the rule itself does not say it. ``severity`` "" is the rule's own. ``matter``,
    ``substance``, ``rows`` and ``pending`` are those of the finding.
    """

    what: str
    field: str = ""
    advice: str = ""
    code: str = ""
    severity: Severity | None = None
    matter: str = ""
    substance: str = ""
    rows: tuple[str, ...] = ()
    pending: bool = False
    id: str = ""
    """The row it is about, where a test looks at many."""
    publicity: Publicity = "public"
    """No reader of a more open level may see what it says."""
    named: bool = True
    """The sentence begins with the row; else it is about the register, and the row is only where it is opened."""
    day: date | None = None
    """The last day for what is to be done, where there is one; past when it is overdue."""
    record: str = ""
    """The schema of ``id``, where that is not the rule's register: it is opened there, and the sentence names it itself."""


Judge = Callable[[Any], Breach | None]
"""One row, whatever its reader reads (a record, a line of a query) → what is wrong with it under one rule."""

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def on_day(value: Any) -> date | None:
    """The day of a day, a moment or a month (its first); None for nothing."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return date(int(value[:4]), int(value[5:]), 1) if _MONTH.fullmatch(value) else None
    return getattr(value, "day", None)  # a deadline


def ordered(one: Any, other: Any) -> tuple[Any, Any]:
    """Two values as they are compared: two moments by the minute, else days by the day, a month by its number."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one, other
    if isinstance(one, str) or isinstance(other, str):  # a month and a day: by the month
        return _month(one), _month(other)
    if isinstance(one, date) or isinstance(other, date):
        return on_day(one), on_day(other)
    return Decimal(getattr(one, "value", one)), Decimal(getattr(other, "value", other))


def _month(value: Any) -> str:
    day = on_day(value)
    return value if day is None else f"{day.year:04d}-{day.month:02d}"
