"""The columns of a register on paper: which ones readers may see, how their values are written, what is asked of the rows.

Days and months are written as papers write them (2025年9月3日), amounts in yuan with commas, numbers without their unit, which
stands in the heading; a reference shows the line of what it points at. Whatever it is about, it is told by the register's own
schema: no category is named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from db.errors import Refusal
from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema import composite, kinds, links
from db.schema.composite import Span
from db.schema.days import written
from db.schema.definition import ComputedSpec
from db.schema.definition.indicators import rounded
from db.schema.kinds import Kind, Publicity
from db.schema.record import Record, Schema
from db.schema.typed import canonical
from desktop_app.notices.wanted import TOPIC
from desktop_app.notices.wide import Spec
from desktop_app.rectification import openness, rows_filters
from desktop_app.rectification.reckoning import values
from desktop_app.rectification.rows import Order
from desktop_app.rectification.rows_filters import Filter

OWN = ("unit", "problem", "publicity", "remark")
"""Fields every register has beside its own; of these only the remark is worth a column by itself."""
_NUMBERS = (kinds.Whole, kinds.Number, kinds.Money)
_DATED = (kinds.Day, kinds.Month, kinds.Moment, composite.Period, composite.Due)


@dataclass(frozen=True)
class Told:
    """A column: the field's key and label, its kind or how it is reckoned, and whether its words are masked for these readers."""

    key: str
    label: str
    kind: Kind[Any] | None = None
    reckoned: ComputedSpec | None = None
    masked: bool = False
    places: int = 0
    """Decimals of its numbers; those of the longest of them."""

    @property
    def unit(self) -> str:
        """The unit its values are in; "" for none, and where each value says its own."""
        if self.reckoned is not None:
            return "元" if self.reckoned.sort == "money" else self.reckoned.unit
        return "元" if isinstance(self.kind, kinds.Money) else str(getattr(self.kind, "unit", "") or "")

    @property
    def numeric(self) -> bool:
        """Whether it holds numbers, which stand on the right."""
        if self.reckoned is not None:
            return self.reckoned.sort in ("number", "money")
        return isinstance(self.kind, (*_NUMBERS, composite.Quantity))

    @property
    def whole(self) -> bool:
        """Whether its words are never broken."""
        return self.numeric or isinstance(self.kind, kinds.Day | kinds.Month | kinds.Moment | kinds.YesNo)

    def spec(self, group: str = "") -> Spec:
        """The column before it is laid."""
        align = "right" if self.numeric else "centre" if self.whole or isinstance(self.kind, kinds.Choice) else "left"
        return Spec(self.key, f"{self.label}（{self.unit}）" if self.unit else self.label, group, align=align)  # type: ignore[arg-type]


def columns(
    facts: Facts, schema: Schema, readers: Publicity, only: Iterable[str] = (), naming: Iterable[str] = ()
) -> tuple[list[Told], list[str]]:
    """The columns readers may see, and the labels of those left out because of that. ``only`` names some, by label or key, in
    their order; without it the listed ones. Those in ``naming`` (keys) say which row it is: where readers may not know it, they
    are masked, not left out; unless they are secret."""
    named = set(naming)
    every: dict[str, tuple[Told, Publicity, bool]] = {}
    for one in schema.fields:
        if not one.kind.retired:
            listed = one.kind.listed and one.name not in OWN
            every[one.name] = (Told(one.name, one.kind.label, one.kind), openness.publicity_of(facts, one.kind), listed)
    for spec in openness.reckoned(facts, schema, "secret"):
        every[spec.name] = (Told(spec.name, spec.label, None, spec), spec.publicity, spec.listed)
    wanted = [_key(schema, every, said) for said in only if said.strip()]
    keys = list(dict.fromkeys(wanted)) or [key for key, (_, _, listed) in every.items() if listed or key in named]
    found, withheld = [], []
    for key in keys or [key for key in every if key not in OWN]:
        told, strict, _ = every[key]
        if openness.may_see(readers, strict):
            found.append(told)
        elif key in named and strict != "secret":
            found.append(Told(told.key, told.label, told.kind, told.reckoned, masked=True))
        else:
            withheld.append(told.label)
    return found, withheld


def _key(schema: Schema, every: Mapping[str, tuple[Told, Publicity, bool]], said: str) -> str:
    """A column by its key or its label; ``Refusal`` lists them."""
    words = said.strip()
    found = words if words in every else next((key for key, (told, _, _) in every.items() if told.label == words), "")
    if not found:
        labels = "、".join(told.label for told, _, _ in every.values())
        raise Refusal(f"“{schema.title}”没有“{words}”这一栏。", f"可印的栏：{labels}。", TOPIC)
    return found


# -- values -----------------------------------------------------------------------------------------------------------


@dataclass
class Lines:
    """The lines of the records that rows point at, each read once; masked ones as readers may see them."""

    facts: Facts
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def fetch(self, told: Iterable[Told], rows: Sequence[Record]) -> None:
        """Reads the lines of all that these columns of these rows point at."""
        for one in told:
            if not isinstance(one.kind, links.Ref | links.Refs):
                continue
            ids = {i for row in rows for i in _ids(getattr(row, one.key)) if (one.kind.to, i) not in self.known}
            self.known.update({(one.kind.to, i): line for i, line in lines_of(self.facts, one.kind.to, ids).items()})

    def line(self, to: str, identifier: str) -> str:
        """What a record is called."""
        return self.known.get((to, identifier), "")


def _ids(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def words(one: Told, row: Record, reckoned: Mapping[str, Any], lines: Lines) -> str:
    """What a cell says; "" for an absent value."""
    if one.reckoned is not None:
        return _reckoned(one.reckoned, reckoned.get(one.key))
    value = getattr(row, one.key)
    if value is None or one.kind is None:
        return ""
    if isinstance(one.kind, links.Ref | links.Refs):
        told = "、".join(filter(None, (lines.line(one.kind.to, i) for i in _ids(value))))
    else:
        told = _number(value, one.places) if isinstance(one.kind, kinds.Number) else value_words(one.kind, value)
    return " ".join(map(openness.masked, told.split())) if one.masked else told


def value_words(kind: Kind[Any], value: Any) -> str:
    """A value as papers write it."""
    match kind:
        case kinds.Day():
            return written(value)
        case kinds.Month():
            return month_words(value)
        case kinds.Moment():
            return f"{written(value.date())}{value:%H:%M}"
        case composite.Due():
            return value.wording or written(value.day)
        case composite.Period():
            return span_words(value)
        case composite.Paper():
            return str(value.name)
        case links.Texts():
            return "、".join(value)
        case kinds.Whole() | kinds.Number():
            return grouped(Decimal(value))
        case _:
            return kind.show(value)


def _reckoned(spec: ComputedSpec, value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return written(value)
    if spec.sort == "number" and value is not None:
        return f"{rounded(Decimal(value), spec.places, 'half_up'):f}"
    return values.shown(spec, value)


def aligned(told: Iterable[Told], rows: Sequence[Record]) -> list[Told]:
    """The columns with as many decimals as the longest of their numbers has, so that points stand below each other."""
    return [
        replace(one, places=max((decimals(getattr(row, one.key)) for row in rows), default=0))
        if isinstance(one.kind, kinds.Number)
        else one
        for one in told
    ]


def decimals(value: Decimal | None) -> int:
    """How many decimals a number has."""
    return 0 if value is None else len(canonical(value).partition(".")[2])


def _number(value: Decimal, places: int) -> str:
    return grouped(value) if decimals(value) >= places else grouped(value, places)


def grouped(value: Decimal, places: int = 0) -> str:
    """A number with its decimals as they are (at least ``places``), thousands parted from five digits before the point on."""
    text = canonical(value) if decimals(value) >= places else f"{value:.{places}f}"
    before, point, after = text.lstrip("-").partition(".")
    parted = f"{int(before):,}" if len(before) > 4 else before
    return f"{'-' if text.startswith('-') else ''}{parted}{point}{after}"


def month_words(month: str) -> str:
    """2025-09 → 2025年9月."""
    return f"{month[:4]}年{int(month[5:7])}月"


def span_words(span: Span) -> str:
    """A period as papers write it: a whole month or year by its name, else 2025年9月1日至9月15日."""
    start, end = span.start, span.end
    if start is None and end is None:
        return span.wording
    if start is None or end is None:
        return f"{written(start)}以来" if start is not None else f"截至{written(end)}" if end is not None else ""
    following = date.fromordinal(end.toordinal() + 1)
    if start.day == 1 and following.day == 1:
        if (start.month, end.month) == (1, 12):
            return f"{start.year}年" if start.year == end.year else f"{start.year}年至{end.year}年"
        if (start.year, start.month) == (end.year, end.month):
            return f"{start.year}年{start.month}月"
        return f"{start.year}年{start.month}月至{'' if start.year == end.year else f'{end.year}年'}{end.month}月"
    until = written(end)
    return f"{written(start)}至{until.removeprefix(f'{start.year}年') if start.year == end.year else until}"


# -- what is asked of the rows ----------------------------------------------------------------------------------------

_ASKED = re.compile(r"(.+?)\s*(>=|<=|≥|≤|=|＝)\s*(.*)", re.DOTALL)
_DOWN = re.compile(r"\s*(倒序|降序|↓)$")


def _field(schema: Schema, said: str) -> str:
    """A field by its key or its label; ``Refusal`` lists them."""
    name = said.strip()
    found = next((one.name for one in schema.fields if name in (one.name, one.kind.label)), "")
    if not found:
        labels = "、".join(one.kind.label for one in schema.fields)
        raise Refusal(f"“{schema.title}”没有“{name}”这一栏。", f"可用的栏：{labels}。", TOPIC)
    return found


def filters(schema: Schema, said: Iterable[str]) -> tuple[Filter, ...]:
    """``栏目=值``, ``栏目>=值``, ``栏目<=值`` → filters. ``Refusal`` for what is no condition."""
    found = []
    for one in said:
        parts = _ASKED.fullmatch(one.strip())
        if parts is None:
            raise Refusal(f"筛选条件“{one}”看不懂。", "请写成 栏目=值、栏目>=值 或 栏目<=值。", TOPIC)
        name = _field(schema, parts[1])
        sign = "" if parts[2] in "=＝" else parts[2]
        found.append(rows_filters.typed(schema, name, f"{sign}{parts[3]}" or "空") or Filter(name, "empty"))
    return tuple(found)


def orders(schema: Schema, said: Iterable[str]) -> tuple[Order, ...]:
    """``日期`` or ``日期 倒序`` → what to sort by; without any the register's own order."""
    asked = [one for one in said if one.strip()]
    if not asked:
        return tuple(Order(name) for name in schema.order if name in schema.kinds())
    return tuple(Order(_field(schema, _DOWN.sub("", one.strip())), bool(_DOWN.search(one.strip()))) for one in asked)


def dated_by(schema: Schema, said: str = "") -> str:
    """The field that says which period a row belongs to: the one asked for, else the first day or month its order, its list or
    it at all has. ``Refusal`` where there is none."""
    known = schema.kinds()
    if said.strip():
        name = _field(schema, said)
        if isinstance(known[name], _DATED):
            return name
        raise Refusal(f"“{known[name].label}”不是日期，不能用来分期间。", "请换一栏。", TOPIC)
    dated = [one.name for one in schema.fields if isinstance(one.kind, _DATED) and not one.kind.retired]
    listed = [name for name in dated if known[name].listed]
    found = next((name for name in (*schema.order, *listed, *dated) if name in dated), "")
    if not found:
        raise Refusal(f"“{schema.title}”没有日期栏，不能按期间印。", "请不要选定期间。", TOPIC)
    return found


def within(schema: Schema, name: str, period: Span) -> tuple[Filter, ...]:
    """The rows of a period by one of its days."""
    kind = schema.field(name).kind
    turn: Callable[[date, time], Any] = lambda day, _time: day  # noqa: E731 - one of three
    if isinstance(kind, kinds.Month):
        turn = lambda day, _time: day.isoformat()[:7]  # noqa: E731
    elif isinstance(kind, kinds.Moment):
        turn = datetime.combine
    found = []
    if period.start is not None:
        found.append(Filter(name, "least", turn(period.start, time.min)))
    if period.end is not None:
        found.append(Filter(name, "most", turn(period.end, time(23, 59))))
    return tuple(found)
