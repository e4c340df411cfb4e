"""Kinds whose parts belong together and are kept as one value, else a merge would mix them.

A deadline is its wording and its date, a quantity is a number with its unit and qualifier, a period has two ends,
a paper is a name and the hash of its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from db.schema.days import read_day
from db.schema.kinds import ColumnType, Kind, Stored, load_day
from db.schema.typed import UNPRINTABLE, canonical, plain, read_decimal
from db.schema.wording import STRENGTHS, read_deadline


def _clean(text: str) -> bool:
    return text == " ".join(text.split()) and not UNPRINTABLE.search(text)


def _words(stored: Stored, key: str) -> str:
    """A part that is text, "" when it is not there; ``TypeError`` when it is something else."""
    value = stored.get(key, "")
    if not isinstance(value, str):
        raise TypeError
    return value


def _iso_day(stored: Stored, key: str) -> date | None:
    """A part that is a day as it is stored; ``TypeError`` or ``ValueError`` when it is something else."""
    value = stored.get(key)
    return None if value is None else load_day(value)


@dataclass(frozen=True)
class Deadline:
    """A deadline: the words as written, the day they mean (None: no day, as in 长期坚持), how binding, reckoned from which year."""

    wording: str
    day: date | None = None
    strength: str = ""
    base_year: int | None = None


_DUE_TAIL = re.compile(r"（(\d{4}-\d\d-\d\d|无日期)(?:，(?!自\d{4}年起算)([^（），]+?))?(?:，自(\d{4})年起算)?）$")


@dataclass(frozen=True)
class Due(Kind[Deadline]):
    """A deadline. Typed as its wording alone where that gives the day (2021年12月底前), else with the day behind it:
    ``年底前（2021-12-31，争取，自2021年起算）``."""

    facets: ClassVar[Mapping[str, ColumnType]] = {"day": "text"}
    structured: ClassVar[bool] = True

    def parse(self, text: str) -> Deadline | None:
        typed = " ".join(text.split())
        if not typed:
            return None
        tail = _DUE_TAIL.search(typed)
        if tail is None:
            reading = read_deadline(typed)
            if reading.day is None and not reading.strength:
                raise self.wrong(f"看不出“{typed}”是哪一天，请写成“{typed}（2021-12-31）”或“{typed}（无日期）”。")
            value = Deadline(typed, reading.day, reading.strength, None)
            self.check(value)
            return value
        wording = typed[: tail.start()].strip()
        day = None if tail[1] == "无日期" else read_day(tail[1])
        strengths = {word: key for key, word in STRENGTHS.items()}
        if (tail[1] != "无日期" and day is None) or (tail[2] and tail[2] not in strengths):
            raise self.wrong(f"括号里的写法不对：“{tail[0]}”。日期写成 2021-12-31，语气可写{'、'.join(strengths)}。")
        value = Deadline(wording, day, strengths[tail[2]] if tail[2] else "", int(tail[3]) if tail[3] else None)
        self.check(value)
        return value

    def show(self, value: Deadline) -> str:
        alone = read_deadline(value.wording)
        same = (alone.day, alone.strength, None) == (value.day, value.strength, value.base_year)
        if same and value.wording and (value.day or value.strength):
            return value.wording
        parts = [value.day.isoformat() if value.day else "无日期"]
        if value.strength:
            parts.append(STRENGTHS.get(value.strength, value.strength))
        if value.base_year:
            parts.append(f"自{value.base_year:04d}年起算")
        return f"{value.wording}（{'，'.join(parts)}）"

    def store(self, value: Deadline) -> Stored:
        stored: dict[str, Stored] = {"wording": value.wording}
        if value.day:
            stored["day"] = value.day.isoformat()
        if value.strength:
            stored["strength"] = value.strength
        if value.base_year:
            stored["base_year"] = value.base_year
        return stored

    def load(self, stored: Stored) -> Deadline:
        try:
            year = stored.get("base_year")
            if year is not None and (not isinstance(year, int) or isinstance(year, bool)):
                raise TypeError
            return Deadline(_words(stored, "wording"), _iso_day(stored, "day"), _words(stored, "strength"), year)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self.wrong("应是时限。") from None

    def check(self, value: Deadline) -> None:
        if not _clean(value.wording) or len(value.wording) > 200:
            raise self.wrong("的原文最多 200 个字，不能换行。")
        if _DUE_TAIL.search(value.wording):
            raise self.wrong("的原文不能以日期括号结尾。")
        if not value.wording and value.day is None:
            raise self.wrong("要有原文或日期。")
        if value.strength and value.strength not in STRENGTHS:
            raise self.wrong(f"的语气只能是{'、'.join(STRENGTHS.values())}。")
        if value.base_year is not None and not 1900 <= value.base_year <= 2999:
            raise self.wrong("的起算年应在 1900 至 2999 之间。")

    def parts(self, stored: Stored) -> dict[str, str | int | float | None]:
        return {"day": stored.get("day")}


BEFORE = ("不少于", "不超过", "超过", "不足", "近", "约")
AFTER = ("以上", "以下", "左右")
QUALIFIERS = ("", "余", *BEFORE, *AFTER)


@dataclass(frozen=True)
class Amount:
    """A number as printed: value, unit (件, 人, %, 万元 …) and qualifier (余, 近, 以上 …; "" for none)."""

    value: Decimal
    unit: str = ""
    qualifier: str = ""


_QUANTITY = re.compile(
    rf"(?P<before>{'|'.join(BEFORE)})?(?P<number>[+-]?[\d,]+(?:\.\d+)?)(?P<more>余)?(?P<unit>.*?)(?P<after>{'|'.join(AFTER)})?"
)


@dataclass(frozen=True)
class Quantity(Kind[Amount]):
    """A number with its unit and qualifier, typed and shown as one: 33000余路, 51.5%, 近200名, 5%以上."""

    facets: ClassVar[Mapping[str, ColumnType]] = {"number": "real", "unit": "text"}
    structured: ClassVar[bool] = True

    def parse(self, text: str) -> Amount | None:
        typed = plain(text).replace("％", "%")
        if not typed:
            return None
        found = _QUANTITY.fullmatch(typed)
        number = read_decimal(found["number"]) if found else None
        if found is None or number is None:
            raise self.wrong(f"要填数字和单位（如 31件、33000余路、51.5%），现在是“{text.strip()}”。")
        qualifiers = [q for q in (found["before"], found["more"], found["after"]) if q]
        if len(qualifiers) > 1:
            raise self.wrong(f"只能有一个修饰词，现在有“{'”“'.join(qualifiers)}”。")
        value = Amount(number, found["unit"].strip(), qualifiers[0] if qualifiers else "")
        self.check(value)
        return value

    def show(self, value: Amount) -> str:
        number = canonical(value.value)
        if value.qualifier == "余":
            return f"{number}余{value.unit}"
        if value.qualifier in AFTER:
            return f"{number}{value.unit}{value.qualifier}"
        return f"{value.qualifier}{number}{value.unit}"

    def store(self, value: Amount) -> Stored:
        return {"value": canonical(value.value), "unit": value.unit, "qualifier": value.qualifier}

    def load(self, stored: Stored) -> Amount:
        try:
            number = read_decimal(stored["value"])
            if number is None or canonical(number) != stored["value"]:
                raise TypeError
            return Amount(number, _words(stored, "unit"), _words(stored, "qualifier"))
        except (AttributeError, KeyError, TypeError):
            raise self.wrong("应是带单位的数字。") from None

    def check(self, value: Amount) -> None:
        if value.qualifier not in QUALIFIERS:
            raise self.wrong(f"的修饰词只能是{'、'.join(q for q in QUALIFIERS if q)}。")
        if read_decimal(canonical(value.value)) is None:
            raise self.wrong("的数字太大，或小数位超过 9 位。")
        unit = value.unit
        if len(unit) > 20 or not _clean(unit) or plain(unit) != unit or re.match(r"[\d,.余＋+-]", unit):
            raise self.wrong(f"的单位“{unit}”写法不对。")
        if unit.endswith(AFTER):
            raise self.wrong(f"的单位不能以“{unit[-2:]}”结尾，它是修饰词。")

    def parts(self, stored: Stored) -> dict[str, str | int | float | None]:
        return {"number": float(stored["value"]), "unit": stored.get("unit", "")}


@dataclass(frozen=True)
class Span:
    """A period: first and last day (None: open) and the words for it (上半年, 教育整顿期间)."""

    start: date | None = None
    end: date | None = None
    wording: str = ""


_SPAN = re.compile(r"(?P<wording>.*?)(?:（(?P<range>[^（）]*至[^（）]*)）)?")


@dataclass(frozen=True)
class Period(Kind[Span]):
    """A period, typed as its wording, its range, or both: 上半年（2021-01-01至2021-06-30）, 2021-07-01至."""

    facets: ClassVar[Mapping[str, ColumnType]] = {"start": "text", "end": "text"}
    structured: ClassVar[bool] = True

    def parse(self, text: str) -> Span | None:
        typed = " ".join(text.split())
        if not typed:
            return None
        found = _SPAN.fullmatch(typed)
        wording, between = (found["wording"].strip(), found["range"]) if found else (typed, None)
        if between is None and re.fullmatch(r"[\d年月日./-]*至[\d年月日./-]*", plain(typed)):
            wording, between = "", plain(typed)
        start = end = None
        if between is not None:
            first, last = (part.strip() for part in between.split("至", 1))
            start, end = read_day(first), read_day(last)
            if (first and start is None) or (last and end is None):
                raise self.wrong(f"的起止日期写法不对：“{between}”，请写成 2021-01-01至2021-06-30。")
        value = Span(start, end, wording)
        self.check(value)
        return value

    def show(self, value: Span) -> str:
        if value.start is None and value.end is None:
            return value.wording
        between = f"{value.start or ''}至{value.end or ''}"
        return f"{value.wording}（{between}）" if value.wording else between

    def store(self, value: Span) -> Stored:
        parts = {"start": value.start, "end": value.end}
        stored: dict[str, Stored] = {key: day.isoformat() for key, day in parts.items() if day}
        return stored | ({"wording": value.wording} if value.wording else {})

    def load(self, stored: Stored) -> Span:
        try:
            return Span(_iso_day(stored, "start"), _iso_day(stored, "end"), _words(stored, "wording"))
        except (AttributeError, TypeError, ValueError):
            raise self.wrong("应是期间。") from None

    def check(self, value: Span) -> None:
        if not _clean(value.wording) or len(value.wording) > 100:
            raise self.wrong("的文字最多 100 个字，不能换行。")
        if value.start is None and value.end is None and (not value.wording or "至" in value.wording):
            raise self.wrong("要有起止日期，或像“上半年”这样的说法。")
        if value.wording.endswith("）") and "至" in value.wording:
            raise self.wrong("的文字不能以起止日期结尾。")
        if value.start and value.end and value.start > value.end:
            raise self.wrong(f"的起日 {value.start} 晚于止日 {value.end}。")

    def parts(self, stored: Stored) -> dict[str, str | int | float | None]:
        return {"start": stored.get("start"), "end": stored.get("end")}


@dataclass(frozen=True)
class Sheet:
    """A kept paper: its file name, the SHA-256 of its bytes (64 hex digits), its size in bytes, its media type."""

    name: str
    hash: str
    size: int
    media: str = "application/octet-stream"


_SHEET = re.compile(r"(?P<name>.+) \[(?P<hash>[0-9a-f]{64}) (?P<size>\d{1,15}) (?P<media>[\w.+-]+/[\w.+-]+)\]")


@dataclass(frozen=True)
class Paper(Kind[Sheet]):
    """A paper kept in the ledger by its hash. Its bytes are put in by ``Ledger.keep``; the value names them."""

    facets: ClassVar[Mapping[str, ColumnType]] = {"hash": "text"}
    structured: ClassVar[bool] = True

    def parse(self, text: str) -> Sheet | None:
        if not text.strip():
            return None
        found = _SHEET.fullmatch(text.strip())
        if found is None:
            raise self.wrong("请用“添加文件”选取，不能直接输入。")
        value = Sheet(found["name"], found["hash"], int(found["size"]), found["media"])
        self.check(value)
        return value

    def show(self, value: Sheet) -> str:
        return f"{value.name} [{value.hash} {value.size} {value.media}]"

    def store(self, value: Sheet) -> Stored:
        return {"name": value.name, "hash": value.hash, "size": value.size, "media": value.media}

    def load(self, stored: Stored) -> Sheet:
        try:
            if not isinstance(stored["size"], int):
                raise TypeError
            value = Sheet(_words(stored, "name"), _words(stored, "hash"), stored["size"], _words(stored, "media"))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self.wrong("应是文件。") from None
        self.check(value)
        return value

    def check(self, value: Sheet) -> None:
        if not value.name or not _clean(value.name) or len(value.name) > 255 or "/" in value.name or "\\" in value.name:
            raise self.wrong(f"的文件名“{value.name[:40]}”不能用。")
        if not re.fullmatch(r"[0-9a-f]{64}", value.hash) or not 0 <= value.size < 10**15:
            raise self.wrong("的文件记录不完整，请重新添加该文件。")
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", value.media):
            raise self.wrong("的文件类型不明，请重新添加该文件。")

    def parts(self, stored: Stored) -> dict[str, str | int | float | None]:
        return {"hash": stored["hash"]}
