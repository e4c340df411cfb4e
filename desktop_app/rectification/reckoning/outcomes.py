"""Values of indicators, groups and all: leaves measured in their registers, compounds reckoned from them, all in fractions: a difference of quotients
loses no digit.

A period asked for goes before the one an indicator says for itself (``during``), and that of a compound before those of its
parts. Money is in yuan; every register is asked once for what several indicators share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import Span
from db.schema.definition import CategoryDefinition, Indicator
from db.schema.definition.indicators import BASES
from desktop_app.rectification.reckoning import measures, periods, showing
from desktop_app.rectification.reckoning.measures import Key, Question


class Outcome(NamedTuple):
    """``value`` (money in yuan; None: ``why``), how many ``rows``, the values it was reckoned from, in order."""

    value: Fraction | None
    rows: int = 0
    why: str = ""
    parts: tuple[Fraction | None, ...] = ()


@dataclass
class Outcomes:
    """The indicators of one category on one day, what was reckoned once kept. ``question.span`` and ``question.by`` are not looked at."""

    facts: Facts
    definition: CategoryDefinition
    question: Question
    _named: Mapping[str, Span] | None = None
    _known: dict[tuple[str, Span | None, tuple[str, ...]], dict[Key, Outcome]] = field(default_factory=dict)

    def span(self, period: Span | str | None) -> Span | None:
        """A period asked for; ``Refusal`` when its words mean none."""
        if period is None or isinstance(period, Span):
            return period
        if self._named is None:
            self._named = periods.named_periods(self.facts)
        return periods.span(period, self.question.as_of, self._named)

    def period(self, key: str, span: Span | None) -> Span | None:
        """The period an indicator is reckoned over: the one asked for, its own, or that of the first part that has one."""
        one = self.definition.indicators[key]
        if span is not None:
            return span
        if one.during:
            return self.span(one.during)
        return next((found for part in one.needs() if (found := self.period(part, None)) is not None), None)

    def _own(self, one: Indicator, span: Span | None) -> Span | None:
        return self.span(one.during) if span is None and one.during else span

    def of(self, key: str, span: Span | None, by: tuple[str, ...] = ()) -> dict[Key, Outcome]:
        """The outcome of each group; without ``by`` that of ``()``."""
        at = (key, span, by)
        if at not in self._known:
            self._known[at] = self._outcomes(self.definition.indicators[key], span, by)
        return self._known[at]

    def _outcomes(self, one: Indicator, span: Span | None, by: tuple[str, ...]) -> dict[Key, Outcome]:
        undefined = self._undefined_here(one, span)
        if undefined:
            return {} if by else {(): Outcome(None, why=undefined)}
        own = self._own(one, span)
        if one.register:
            asked = replace(self.question, span=own, by=by)
            found = measures.measure(self.facts, self.definition, one, asked)
            money = showing.is_money(self.definition, one)
            return {key: self._leaf(one, tally, money=money) for key, tally in found.items()}
        parts = self._parts(one, own)
        if isinstance(parts, str):
            return {} if by else {(): Outcome(None, why=parts)}
        maps = [self.of(key, part, by) for key, part in parts]
        keys = dict.fromkeys(key for found in maps for key in found)
        absent = [self.absent(key, part) for key, part in parts]
        return {
            key: self._combined(one, [found.get(key, none) for found, none in zip(maps, absent, strict=True)])
            for key in keys
        }

    def absent(self, key: str, span: Span | None) -> Outcome:
        """The outcome of a group without rows."""
        one = self.definition.indicators[key]
        undefined = self._undefined_here(one, span)
        if undefined:
            return Outcome(None, why=undefined)
        if one.register:
            return self._leaf(one, measures.nothing(one), money=False)
        parts = self._parts(one, self._own(one, span))
        if isinstance(parts, str):
            return Outcome(None, why=parts)
        return self._combined(one, [self.absent(part, of) for part, of in parts])

    def _undefined_here(self, one: Indicator, span: Span | None) -> str:
        """Why the period an indicator says for itself is none; "" when it is one, or another is asked for."""
        if span is not None or not one.during:
            return ""
        try:
            self.span(one.during)
        except Refusal:
            return f"期间“{one.during}”还没有定义。"
        return ""

    def _leaf(self, one: Indicator, tally: measures.Tally, *, money: bool) -> Outcome:
        if tally.value is None:
            register = self.definition.registers[one.register]
            why = f"登记表“{register.title}”里没有这样的行。" if not tally.rows else "这些行都没有填要统计的数。"
            return Outcome(None, tally.rows, why)
        return Outcome(tally.value / 100 if money else tally.value, tally.rows)

    def _parts(self, one: Indicator, span: Span | None) -> list[tuple[str, Span | None]] | str:
        """What a compound is reckoned from, each with its period; in words why it cannot be."""
        if one.change is None:
            return [(key, span) for key in one.needs()]
        of, against = one.change.of, one.change.against
        said = BASES[against].removeprefix("较")
        if not self._dated(of):
            return f"“{self.definition.indicators[of].title}”不按日期统计，不能与{said}比。"
        if self.undefined(of, span):
            return self.undefined(of, span)
        now = self.period(of, span)
        if now is None or now.end is None:
            now = Span(now.start if now else None, self.question.as_of, "截至目前")
        base = periods.base(now, against)
        if base is None:
            return f"期间没有起日，不能与{said}比。"
        return [(of, now), (of, base)]

    def undefined(self, key: str, span: Span | None) -> str:
        one = self.definition.indicators[key]
        below = (self.undefined(part, self._own(one, span)) for part in one.needs())
        return self._undefined_here(one, span) or next((why for why in below if why), "")

    def _dated(self, key: str) -> bool:
        """Whether a value hangs on the period at all."""
        one = self.definition.indicators[key]
        if one.register:
            return one.on is not None or one.measure == "stock"
        return any(self._dated(part) for part in one.needs())

    def _combined(self, one: Indicator, found: list[Outcome]) -> Outcome:
        values = tuple(part.value for part in found)
        rows = sum(part.rows for part in found) if one.measure == "total" else found[0].rows
        if one.change is not None and found[0].value is not None and found[1].value is None:
            said = BASES[one.change.against].removeprefix("较")
            return Outcome(None, rows, f"{said}没有数：{found[1].why}", values)
        for part in found:
            if part.value is None:
                return Outcome(None, rows, part.why, values)
        there = [value for value in values if value is not None]
        if one.ratio is not None:
            return self._quotient(one, there, rows)
        if one.change is not None:
            return _changed(one, there, rows)
        if one.difference is not None:
            return Outcome(there[0] - there[1], rows, "", values)
        return Outcome(sum(there, Fraction(0)), rows, "", values)

    def _quotient(self, one: Indicator, parts: list[Fraction], rows: int) -> Outcome:
        of, to = parts
        if one.ratio is None or not to:
            title = self.definition.indicators[one.needs()[1]].title
            return Outcome(None, rows, f"分母“{title}”为零。", tuple(parts))
        return Outcome(of * one.ratio.times / to, rows, "", tuple(parts))

    def sources(self, key: str, span: Span | None) -> list[tuple[str, Span | None]]:
        """The indicators with rows of their own that a value is told by, each with its period."""
        one = self.definition.indicators[key]
        if self._undefined_here(one, span):
            return []
        own = self._own(one, span)
        if one.register:
            return [(key, own)]
        parts = self._parts(one, own)
        if isinstance(parts, str):
            return []
        told = parts if one.measure == "total" else parts[:1]
        return [source for part, of in told for source in self.sources(part, of)]


def _changed(one: Indicator, parts: list[Fraction], rows: int) -> Outcome:
    now, base = parts
    less = now - base
    if one.change is None or one.change.as_ != "percent":
        return Outcome(less, rows, "", tuple(parts))
    if not base:
        said = BASES[one.change.against].removeprefix("较")
        return Outcome(None, rows, f"{said}为零，不能算百分比。", tuple(parts))
    return Outcome(less * 100 / abs(base), rows, "", tuple(parts))
