"""The columns a register has in a spreadsheet: headings, widths, number formats, and what a value is in a cell.

A number is a number, money is in yuan, a day is a day; what a cell cannot hold exactly (more than fifteen digits, days
before March 1900) is text, so that reading back gives the same value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from db import clock
from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema import composite, kinds, links, prose
from db.schema.definition import ComputedSpec
from db.schema.definition.indicators import rounded
from db.schema.kinds import Kind, Publicity
from db.schema.record import Field, Record, Schema
from desktop_app.rectification import batch
from desktop_app.rectification.batch_words import told_apart
from desktop_app.rectification.openness import publicity_of
from desktop_app.rectification.reckoning import values
from desktop_app.rectification.reckoning.records import computed_page
from desktop_app.rectification.rows import PUBLICITIES

Written = str | int | float | date | datetime
LONGEST = 32_767
"""Characters a cell of a workbook holds."""
_FIRST_DAY = date(1900, 3, 1)
_DIGITS = 10**15
MARKS: Mapping[Publicity, str] = {"public": "", "internal": "（内部）", "secret": "（不公开）"}
"""What a heading says of a field that not everybody may see."""


@dataclass(frozen=True)
class Column:
    """A column: field, kind, heading, how strict its publicity is."""

    name: str
    kind: Kind[Any]
    heading: str
    publicity: Publicity


def layout(
    facts: Facts, schema: Schema, publicity: Publicity = "secret", only: Iterable[str] | None = None
) -> tuple[list[Column], list[str]]:
    """The columns that may be shown, and the labels of fields left out because they are withheld."""
    wanted = None if only is None else set(only)
    found, withheld = [], []
    for one in schema.fields:
        if one.kind.retired or (wanted is not None and one.name not in wanted):
            continue
        strict = publicity_of(facts, one.kind)
        if PUBLICITIES.index(strict) > PUBLICITIES.index(publicity):
            withheld.append(one.kind.label)
        else:
            found.append(Column(one.name, one.kind, heading(one, strict), strict))
    return found, withheld


def computed(facts: Facts, schema: Schema, records: Sequence[Record]) -> list[dict[str, Any]]:
    """Name → value of what is reckoned for these rows."""
    category, _, key = schema.name.rpartition(".")
    return computed_page(facts, facts.definitions[category], key, records, clock.today())


def heading(one: Field, publicity: Publicity = "public") -> str:
    """The label with its unit."""
    unit = "元" if isinstance(one.kind, kinds.Money) else getattr(one.kind, "unit", "")
    return f"{one.kind.label}{f'（{unit}）' if unit else ''}{MARKS[publicity]}"


def number_format(kind: Kind[Any]) -> str:
    """The number format of a column; "@" keeps what is typed as text, zeroes in front and all."""
    if isinstance(kind, kinds.Money):
        return "#,##0.00"
    if isinstance(kind, kinds.Day):
        return "yyyy-mm-dd"
    if isinstance(kind, kinds.Moment):
        return "yyyy-mm-dd hh:mm"
    if isinstance(kind, kinds.Whole):
        return "0"
    return "General" if isinstance(kind, kinds.Number) else "@"


def width(kind: Kind[Any], words: str) -> float:
    """Characters of a column's width."""
    usual = {kinds.Day: 12, kinds.Moment: 17, kinds.Month: 10, kinds.Money: 15, kinds.YesNo: 8, prose.Prose: 40}
    own = usual.get(type(kind), 24 if isinstance(kind, links.Ref | links.Refs | composite.Paper) else 14)
    return max(own, 2 * len(words) + 3)


class Words:
    """References as words that can be read back: lines, with the id behind those that several records share."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._lines: dict[str, dict[str, str]] = {}

    def line(self, to: str, identifier: str) -> str:
        """The words for one record; its bare id when it is not among the live ones."""
        if to not in self._lines:
            self._lines[to] = told_apart(lines_of(self._facts, to))
        return self._lines[to].get(identifier, f"[{identifier}]")


def plain(kind: Kind[Any], value: Any, words: Words) -> str:
    """A value as words, as ``Kind.parse`` or ``References`` reads them back; a paper by its name alone."""
    if isinstance(kind, links.Ref):
        return words.line(kind.to, value)
    if isinstance(kind, links.Refs):
        return "；".join(words.line(kind.to, one) for one in value)
    if isinstance(value, composite.Sheet):
        return value.name
    return kind.show(value)


def written(kind: Kind[Any], value: Any, words: Words) -> Written:
    """A value as a workbook holds it."""
    if isinstance(kind, kinds.Money) and abs(value) < _DIGITS:
        return float(Decimal(value) / 100)
    if isinstance(kind, kinds.Whole) and abs(value) < _DIGITS:
        return int(value)
    if isinstance(kind, kinds.Number) and len(value.as_tuple().digits) <= 15 and abs(value) < _DIGITS:
        return float(value)
    if isinstance(kind, kinds.Day) and value >= _FIRST_DAY:
        return date(value.year, value.month, value.day)
    if isinstance(kind, kinds.Moment) and value.date() >= _FIRST_DAY:
        return datetime(*value.timetuple()[:5])  # noqa: DTZ001 - wall clock
    return plain(kind, value, words)


def reckoned_cell(spec: ComputedSpec, value: Any) -> Written | None:
    """A reckoned value as a workbook holds it; a number without its unit, which stands in the heading."""
    if value is None or not isinstance(value, int | Decimal) or isinstance(value, bool):
        return values.shown(spec, value) or None
    number = Decimal(value) / 100 if spec.sort == "money" else Decimal(value)
    return float(rounded(number, 2 if spec.sort == "money" else spec.places, "half_up"))


def delimited(kind: Kind[Any], value: Any, words: Words) -> str:
    """A value as a delimited file holds it."""
    if isinstance(kind, kinds.Money):
        return kind.show(value).replace(",", "")
    return plain(kind, value, words)


def choices(facts: Facts, kind: Kind[Any], most: int = 1_000) -> list[str]:
    """The words a cell may be chosen from; [] when anything may be written, when there are too many, and when they are not
    for everybody (names of people): a template is handed around."""
    if isinstance(kind, kinds.Choice):
        return list(kind.of.values())
    if isinstance(kind, kinds.YesNo):
        return ["是", "否"]
    if isinstance(kind, links.Ref) and kind.to in facts.tables.records and publicity_of(facts, kind) == "public":
        lines = told_apart(lines_of(facts, kind.to))
        return list(lines.values()) if len(lines) <= most else []
    return []


def filled_by(schema: Schema) -> list[Field]:
    """The fields that a template asks for."""
    return [one for one in schema.fields if batch.takes(one.kind)]
