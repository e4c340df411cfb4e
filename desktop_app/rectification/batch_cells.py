"""A cell of a block, typed or of a spreadsheet, and the value of a kind it means.

Typed text goes through ``Kind.parse`` as if it were typed into a form. A spreadsheet also gives numbers and days; they
mean what the clerk sees in the cell and nothing is guessed: 44501 is no day unless the cell is one, and 11.3 in a column
of days is refused, since a spreadsheet makes 11.3 of 11.30.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from db.schema import composite, kinds
from db.schema.kinds import Kind
from db.schema.typed import canonical

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True)
class Spoilt:
    """A cell that cannot be read, as it looks and why: an error of a formula, a formula that was never reckoned."""

    text: str
    sentence: str


Cell = str | bool | int | float | Decimal | date | datetime | time | timedelta | Spoilt | None
"""What a cell may hold; typed and pasted cells are text."""

_TIMED = re.compile(r"(\d{4}\D\d{1,2}\D\d{1,2}日?)[ T]+(\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?", re.ASCII)
_EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number and makes noughts of the others."""
_DATED = (kinds.Day, kinds.Month, kinds.Moment, composite.Due, composite.Period)


def seen(cell: Cell) -> str:
    """What the clerk sees in the cell, to be told when it is refused."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.translate(_INVISIBLE)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, Spoilt):
        return cell.text
    if isinstance(cell, int | float | Decimal):
        return canonical(_decimal(cell))
    if isinstance(cell, datetime):
        cell = _minutes(cell)
        return cell.date().isoformat() if cell.time() == time() else f"{cell.date().isoformat()} {cell:%H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:%H:%M}" if isinstance(cell, time) else str(cell)


def empty(cell: Cell) -> bool:
    """Whether there is nothing in the cell but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.translate(_INVISIBLE).strip())


def value_of(kind: Kind[Any], cell: Cell) -> Any:
    """The working value a cell means, None for an empty one; ``Unreadable`` when it is no value of the kind."""
    if empty(cell):
        return None
    if isinstance(cell, Spoilt):
        raise kind.wrong(f"的“{cell.text}”读不出来：{cell.sentence}")
    if isinstance(cell, date):
        return _of_day(kind, cell)
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return _of_number(kind, _decimal(cell))
    return kind.parse(_without_time(kind, seen(cell)))


def _without_time(kind: Kind[Any], typed: str) -> str:
    """Typed text as the kind of the column knows it: systems write days as 2021-11-03 00:00:00, moments with seconds."""
    timed = _TIMED.fullmatch(typed.strip()) if isinstance(kind, kinds.Day | kinds.Moment) else None
    if timed is None:
        return typed
    return timed[1] if isinstance(kind, kinds.Day) else f"{timed[1]} {timed[2]}"


def _of_day(kind: Kind[Any], cell: date) -> Any:
    moment = _minutes(cell) if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
    if isinstance(kind, kinds.Day):
        return moment.date()
    if isinstance(kind, kinds.Month):
        return moment.date().isoformat()[:7]
    return moment if isinstance(kind, kinds.Moment) else kind.parse(seen(cell))


def _of_number(kind: Kind[Any], number: Decimal) -> Any:
    digits = canonical(number)
    if abs(number) >= _EXACT:
        raise kind.wrong(
            f"是 {len(digits.lstrip('-'))} 位的数，表格只存得准 15 位，后面的已经丢了。请把这一格设成文本，再填一遍。"
        )
    if isinstance(kind, _DATED):
        if not (digits.isdecimal() and len(digits) == (6 if isinstance(kind, kinds.Month) else 8)):
            raise kind.wrong(f"是数字 {digits}，不是日期。请把这一格改成日期格式，或写成 2021-12-31。")
    elif isinstance(kind, kinds.Number | composite.Quantity):
        digits = canonical(round(number, 9))  # a formula's quotient has more digits than anybody entered
    return kind.parse(digits)


def _decimal(number: int | float | Decimal) -> Decimal:
    """A number as a spreadsheet shows it: fifteen digits, whatever the last bits say."""
    return Decimal(f"{number:.15g}") if isinstance(number, float) else Decimal(number)


def _minutes(moment: datetime) -> datetime:
    """To the nearest minute: a spreadsheet keeps 14:30 as a fraction of a day and gives back 14:29:59.99."""
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0, tzinfo=None)
