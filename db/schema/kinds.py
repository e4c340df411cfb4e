"""The one vocabulary of kinds: what a field may hold, and the three forms of its value.

A value has three forms. *Typed text* is what a clerk types and reads (``parse``, ``show``); the *working value* is what
the program reckons with; the *stored form* is plain JSON and goes into the log, the tables and the exchange file
(``store``, ``load``). An absent value is ``None`` in all three; typed text of nothing but blanks is absent.
Laws: ``parse(show(v)) == v`` and ``load(store(v)) == v`` for every value that ``check`` lets pass.

Composite kinds (a deadline with its wording, a number with its unit) live in ``composite.py``, prose with figures in it
in ``prose.py``; both are re-exported nowhere, so that a record says what it uses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Generic, Literal, TypeVar

from db.errors import Refusal
from db.schema.days import read_month, typed_day, typed_moment, typed_month
from db.schema.typed import UNPRINTABLE, canonical, plain, read_counted, read_decimal

V = TypeVar("V")
Stored = Any
"""JSON: None, bool, int, str, or lists and string-keyed dicts of these. Never float: money and rates stay exact."""

Publicity = Literal["public", "internal", "secret"]
ColumnType = Literal["text", "integer", "real"]


_BEYOND = 10**18
"""No whole number reaches this: it fits into eight bytes everywhere."""


class Unreadable(Refusal):
    """Typed text that is no value of its kind."""


@dataclass(frozen=True)
class Kind(Generic[V]):
    """What a field may hold. ``label`` is the Chinese name a clerk sees."""

    label: str
    _: KW_ONLY
    required: bool = False
    help: str = ""
    section: str = ""
    listed: bool = False
    publicity: Publicity = "public"
    personal: bool = False  # it tells of a person: it may be left out for some recipients
    unique: bool = False
    """No two rows of a ledger should hold the same value; branches may meet with one, so it is told, never enforced on a merge."""
    default: str = ""
    """What a new form begins with, as typed text (今天, 在用)."""
    retired: bool = False
    """No longer asked for; what was entered stays."""

    column: ClassVar[ColumnType] = "text"
    facets: ClassVar[Mapping[str, ColumnType]] = {}
    """Parts of a composite value that get a column of their own beside the whole, to be searched and sorted by."""
    structured: ClassVar[bool] = False
    """The stored form is a list or a dict, kept in its column as JSON text."""
    flag: ClassVar[bool] = False
    """The stored form is true or false, kept in its column as 1 or 0."""

    def parse(self, text: str) -> V | None:
        """Typed text → working value; ``Unreadable`` says what is wrong in one sentence."""
        raise NotImplementedError

    def show(self, value: V) -> str:
        """Working value → typed text."""
        raise NotImplementedError

    def store(self, value: V) -> Stored:
        """Working value → JSON."""
        return value

    def load(self, stored: Stored) -> V:
        """JSON → working value; raises ``Unreadable`` when the JSON is of another shape (a foreign file)."""
        raise NotImplementedError

    def check(self, value: V) -> None:
        """Refuses values that cannot be kept (too long, out of range); silent otherwise."""

    def parts(self, stored: Stored) -> dict[str, str | int | float | None]:
        """The facets of a stored form, by name."""
        return {}

    def wrong(self, what: str) -> Unreadable:
        """The sentence for a value this kind does not take."""
        return Unreadable(f"“{self.label}”{what}")


@dataclass(frozen=True)
class Text(Kind[str]):
    """One line of text, blanks at both ends removed."""

    longest: int = 500
    pattern: str = ""
    pattern_help: str = ""

    def parse(self, text: str) -> str | None:
        value = " ".join(text.split())
        if not value:
            return None
        self.check(value)
        return value

    def show(self, value: str) -> str:
        return value

    def load(self, stored: Stored) -> str:
        if not isinstance(stored, str):
            raise self.wrong("应是文字。")
        return stored

    def check(self, value: str) -> None:
        if value != " ".join(value.split()) or not value:
            raise self.wrong("首尾不能有空格，中间不能换行。")
        if UNPRINTABLE.search(value):
            raise self.wrong("含有不能打印的字符，请重新输入。")
        if len(value) > self.longest:
            raise self.wrong(f"最多 {self.longest} 个字，现在有 {len(value)} 个，请删减。")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise self.wrong(f"的写法不对：{self.pattern_help or self.pattern}。")


@dataclass(frozen=True)
class Whole(Kind[int]):
    """A whole number, with a unit for show."""

    unit: str = ""
    least: int | None = None
    most: int | None = None
    column: ClassVar[ColumnType] = "integer"

    def parse(self, text: str) -> int | None:
        if not plain(text).removesuffix(self.unit or "\0").strip():
            return None
        number = read_counted(text, self.unit)
        if number is None or number != number.to_integral_value():
            raise self.wrong(f"要填整数，现在是“{text.strip()}”。")
        value = int(number)
        self.check(value)
        return value

    def show(self, value: int) -> str:
        return str(value)

    def load(self, stored: Stored) -> int:
        if not isinstance(stored, int) or isinstance(stored, bool) or abs(stored) >= _BEYOND:
            raise self.wrong("应是整数。")
        return stored

    def check(self, value: int) -> None:
        _bounds(self, value, self.least, self.most)
        if abs(value) >= _BEYOND:
            raise self.wrong("的数字太大。")


def _bounds(kind: Kind[Any], value: Any, least: Any, most: Any) -> None:
    if least is not None and value < least:
        raise kind.wrong(f"不能小于 {least}，现在是 {value}。")
    if most is not None and value > most:
        raise kind.wrong(f"不能大于 {most}，现在是 {value}。")


@dataclass(frozen=True)
class Number(Kind[Decimal]):
    """An exact decimal number, at most 18 digits before and 9 after the point."""

    unit: str = ""
    least: Decimal | int | None = None
    most: Decimal | int | None = None
    facets: ClassVar[Mapping[str, ColumnType]] = {"number": "real"}

    def parse(self, text: str) -> Decimal | None:
        if not plain(text).removesuffix(self.unit or "\0").strip():
            return None
        value = read_counted(text, self.unit)
        if value is None:
            raise self.wrong(f"要填数字，现在是“{text.strip()}”。")
        self.check(value)
        return value

    def show(self, value: Decimal) -> str:
        return canonical(value)

    def store(self, value: Decimal) -> Stored:
        return canonical(value)

    def load(self, stored: Stored) -> Decimal:
        value = read_decimal(stored) if isinstance(stored, str) else None
        if value is None or canonical(value) != stored:
            raise self.wrong("应是数字。")
        return value

    def check(self, value: Decimal) -> None:
        if read_decimal(canonical(value)) is None:
            raise self.wrong("的数字太大，或小数位超过 9 位。")
        _bounds(self, value, self.least, self.most)

    def parts(self, stored: Stored) -> dict[str, str | int | float | None]:
        return {"number": float(stored)}


_MONEY_UNITS = {"": 100, "元": 100, "万": 1_000_000, "万元": 1_000_000, "亿": 10_000_000_000, "亿元": 10_000_000_000}


@dataclass(frozen=True)
class Money(Kind[int]):
    """An amount of money in fen (分); typed in yuan, 万元 or 亿元."""

    least: int | None = 0
    column: ClassVar[ColumnType] = "integer"

    def parse(self, text: str) -> int | None:
        typed = plain(text).lstrip("¥￥").strip()
        if not typed:
            return None
        found = re.fullmatch(r"([^元万亿]*)(万元|亿元|元|万|亿|)", typed)
        number = read_decimal(found[1]) if found else None
        if found is None or number is None:
            raise self.wrong(f"要填金额（如 12000、1.2万元），现在是“{text.strip()}”。")
        fen = number * _MONEY_UNITS[found[2]]
        if fen != fen.to_integral_value():
            raise self.wrong("最小到分，小数最多两位。")
        self.check(int(fen))
        return int(fen)

    def show(self, value: int) -> str:
        yuan, fen = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{yuan:,}.{fen:02d}"

    def load(self, stored: Stored) -> int:
        if not isinstance(stored, int) or isinstance(stored, bool) or abs(stored) >= _BEYOND:
            raise self.wrong("应是金额。")
        return stored

    def check(self, value: int) -> None:
        if self.least is not None and value < self.least:
            raise self.wrong("不能是负数。" if self.least == 0 else f"不能小于 {self.show(self.least)} 元。")
        if abs(value) >= _BEYOND:
            raise self.wrong("的金额太大。")


def load_day(stored: Stored) -> date:
    """A stored day (YYYY-MM-DD and no other spelling, so that text order is time order); ``TypeError``, ``ValueError``."""
    value = date.fromisoformat(stored)
    if value.isoformat() != stored:
        raise ValueError
    return value


@dataclass(frozen=True)
class Day(Kind[date]):
    """A calendar day."""

    def parse(self, text: str) -> date | None:
        typed = plain(text)
        if not typed:
            return None
        value = typed_day(typed)
        if value is None:
            raise self.wrong(f"要填日期（如 2021-12-31、11.3、今天），现在是“{text.strip()}”。")
        return value

    def show(self, value: date) -> str:
        return value.isoformat()

    def store(self, value: date) -> Stored:
        return value.isoformat()

    def load(self, stored: Stored) -> date:
        try:
            return load_day(stored)
        except (TypeError, ValueError):
            raise self.wrong("应是日期。") from None


@dataclass(frozen=True)
class Month(Kind[str]):
    """A calendar month, kept as YYYY-MM."""

    def parse(self, text: str) -> str | None:
        typed = plain(text)
        if not typed:
            return None
        value = typed_month(typed)
        if value is None:
            raise self.wrong(f"要填年月（如 2021-07、7月、上月），现在是“{text.strip()}”。")
        return value

    def show(self, value: str) -> str:
        return value

    def load(self, stored: Stored) -> str:
        if not isinstance(stored, str) or read_month(stored) != stored:
            raise self.wrong("应是年月。")
        return stored

    def check(self, value: str) -> None:
        if read_month(value) != value:
            raise self.wrong("应是年月。")


@dataclass(frozen=True)
class Moment(Kind[datetime]):
    """A day and a time of the wall clock at the office, to the minute; no time zone."""

    def parse(self, text: str) -> datetime | None:
        typed = plain(text)
        if not typed:
            return None
        value = typed_moment(typed)
        if value is None:
            raise self.wrong(f"要填日期和时间（如 2021-07-05 14:30、11.3 1430），现在是“{text.strip()}”。")
        return value

    def show(self, value: datetime) -> str:
        return f"{value.date().isoformat()} {value:%H:%M}"

    def store(self, value: datetime) -> Stored:
        return f"{value.date().isoformat()}T{value:%H:%M}"

    def load(self, stored: Stored) -> datetime:
        try:
            value = datetime.fromisoformat(stored)
            if self.store(value) != stored:
                raise ValueError
            return value
        except (TypeError, ValueError):
            raise self.wrong("应是日期和时间。") from None


@dataclass(frozen=True)
class YesNo(Kind[bool]):
    """是 or 否; absent means not said."""

    column: ClassVar[ColumnType] = "integer"
    flag: ClassVar[bool] = True
    _words: ClassVar[dict[str, bool]] = {
        "是": True,
        "有": True,
        "√": True,
        "y": True,
        "1": True,
        "否": False,
        "无": False,
        "×": False,
        "n": False,
        "0": False,
    }

    def parse(self, text: str) -> bool | None:
        typed = plain(text).lower()
        if not typed:
            return None
        if typed not in self._words:
            raise self.wrong(f"要填“是”或“否”，现在是“{text.strip()}”。")
        return self._words[typed]

    def show(self, value: bool) -> str:
        return "是" if value else "否"

    def load(self, stored: Stored) -> bool:
        if not isinstance(stored, bool):
            raise self.wrong("应是“是”或“否”。")
        return stored


@dataclass(frozen=True)
class Choice(Kind[str]):
    """One of a fixed list; kept as its English key, shown as its Chinese word."""

    of: Mapping[str, str] = field(default_factory=dict)

    def parse(self, text: str) -> str | None:
        typed = text.strip()
        if not typed:
            return None
        exact = [key for key, word in self.of.items() if typed in (key, word)]
        starts = exact or [key for key, word in self.of.items() if word.startswith(typed)]
        if len(starts) != 1:
            raise self.wrong(f"没有“{typed}”这一项，可填：{'、'.join(self.of.values())}。")
        return starts[0]

    def show(self, value: str) -> str:
        return self.of.get(value, value)

    def load(self, stored: Stored) -> str:
        if not isinstance(stored, str):
            raise self.wrong("应是选项。")
        return stored

    def check(self, value: str) -> None:
        if value not in self.of:
            raise self.wrong(f"没有“{value}”这一项，可填：{'、'.join(self.of.values())}。")
