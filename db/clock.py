"""The time of day: for show, never for order. Tests replace it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache

Clock = Callable[[], datetime]
"""Gives the present moment as an aware datetime in UTC."""


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today(clock: Clock = now) -> date:
    """The calendar day at the clerk's desk (local time zone)."""
    return clock().astimezone().date()


def stamp(moment: datetime) -> str:
    """A moment as it is kept: ISO 8601 in UTC with milliseconds, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def moment(text: str) -> datetime:
    """Reads what ``stamp`` wrote."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


@lru_cache(maxsize=4_000)  # the changes of one deed bear one time
@lru_cache(maxsize=1_000)
def readable(text: str) -> bool:
    """Whether a text is what ``stamp`` writes and names a moment that every time zone can show (1900 to 9998)."""
    if not _STAMP.fullmatch(text):
        return False
    try:
        return 1900 <= moment(text).year <= 9998
    except ValueError:
        return False
