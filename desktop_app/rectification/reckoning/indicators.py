"""Indicators over any period, by unit and by any field: values as they are printed, and the rows behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from db.errors import Refusal
from db.ledger.facts import Facts
from db.schema.composite import Amount, Span
from db.schema.definition import CategoryDefinition
from db.schema.kinds import Publicity
from desktop_app.rectification.reckoning import grouping, measures, periods, showing
from desktop_app.rectification.reckoning.measures import FLOWS, Key, Question
from desktop_app.rectification.reckoning.outcomes import Outcome, Outcomes

TOPIC = "indicators"


@dataclass(frozen=True)
class Reckoned:
    """A value of an indicator: exact, in the unit it is printed with; ``shown`` as it is printed, "" where there is none.

    ``numerator`` and ``denominator`` of a ratio, ``base`` of a change (then ``numerator`` is the present value); ``why`` says in a
    sentence why there is no value. ``groups`` break it down: ``key`` the values of the fields, ``label`` what they are called.
    """

    category: str
    indicator: str
    title: str
    value: Decimal | None
    shown: str
    amount: Amount | None
    period: Span | None
    rows: int
    why: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    base: Decimal | None = None
    publicity: Publicity = "public"
    key: Key = ()
    label: tuple[str, ...] = ()
    groups: tuple[Reckoned, ...] = ()


@dataclass(frozen=True)
class Behind:
    """The rows of a register (schema name) that a value comes from, by id."""

    register: str
    ids: tuple[str, ...]


def definition_of(facts: Facts, category: str) -> CategoryDefinition:
    """The definition of a category as it is in force; ``Refusal`` when the ledger knows none."""
    found = facts.definitions.get(category)
    if found is None:
        raise Refusal(f"台账里没有类别“{category}”的定义。", "请在“问题类别”里查看有哪些类别。", TOPIC)
    return found


def reckon(
    facts: Facts,
    category: str,
    indicator: str,
    *,
    as_of: date,
    period: Span | str | None = None,
    unit: str | None = None,
    by: Sequence[str] = (),
    only: Mapping[str, Any] | None = None,
    definition: CategoryDefinition | None = None,
) -> Reckoned:
    """One indicator of a category. ``period`` in words or as a span (None: its own), ``unit`` the id of a unit, ``by`` fields (``vehicle.kind``) or
    month, quarter, half_year, year; ``only`` a further condition as definitions write it. ``Refusal`` for what is not known."""
    known = definition or definition_of(facts, category)
    question = Question(as_of, None, unit, (), only or {})
    return _Told(Outcomes(facts, known, question)).reckoned(indicator, period, tuple(by))


def reckon_all(
    facts: Facts,
    category: str,
    *,
    as_of: date,
    period: Span | str | None = None,
    unit: str | None = None,
    by: Sequence[str] = (),
    definition: CategoryDefinition | None = None,
) -> list[Reckoned]:
    """Every indicator of a category, each register asked once for what several of them share. Those that cannot be broken down
    by all of these fields are given whole."""
    known = definition or definition_of(facts, category)
    told = _Told(Outcomes(facts, known, Question(as_of, None, unit)))
    names = {key: possible(known, key, by) for key in known.indicators}
    return [told.reckoned(key, period, found if len(found) == len(by) else ()) for key, found in names.items()]


def behind(
    facts: Facts,
    category: str,
    indicator: str,
    *,
    as_of: date,
    period: Span | str | None = None,
    unit: str | None = None,
    only: Mapping[str, Any] | None = None,
    definition: CategoryDefinition | None = None,
) -> tuple[Behind, ...]:
    """The rows behind a value, by register: those of the numerator of a ratio, of the present value of a change, of all parts of a total."""
    known = definition or definition_of(facts, category)
    outcomes = Outcomes(facts, known, Question(as_of, None, unit, (), only or {}))
    _must_know(known, indicator)
    found: dict[str, set[str]] = {}
    for key, span in outcomes.sources(indicator, outcomes.span(period)):
        one = known.indicators[key]
        asked = replace(outcomes.question, span=span)
        found.setdefault(known.registers[one.register].name, set()).update(measures.behind(facts, known, one, asked))
    return tuple(Behind(name, tuple(sorted(ids))) for name, ids in found.items())


def _must_know(definition: CategoryDefinition, key: str) -> None:
    if key not in definition.indicators:
        raise Refusal(f"类别“{definition.title}”没有指标“{key}”。", "请换一个指标。", TOPIC)


def possible(definition: CategoryDefinition, key: str, by: Iterable[str]) -> tuple[str, ...]:
    """The names of those fields an indicator can be broken down by in all its registers; fields may be called by their labels."""
    register = definition.scope.indicators[key]
    found = (grouping.named(definition, register, said) for said in by)
    return tuple(dict.fromkeys(name for name in found if name is not None and _has(definition, key, name)))


def _has(definition: CategoryDefinition, key: str, name: str) -> bool:
    one = definition.indicators[key]
    if not one.register:
        return all(_has(definition, part, name) for part in one.needs())
    if grouping.is_calendar(definition, one.register, name):
        return one.on is not None or one.measure not in FLOWS
    return definition.scope.at(one.register).sort(grouping.path_of(name)) is not None


def _simple(definition: CategoryDefinition, key: str) -> bool:
    """Whether rows can be put into months one by one: nothing in it is told as of a day or against another period."""
    one = definition.indicators[key]
    if one.register:
        return one.measure in FLOWS and one.on is not None
    return one.change is None and all(_simple(definition, part) for part in one.needs())


@dataclass
class _Told:
    """Outcomes as they are handed out."""

    outcomes: Outcomes

    def reckoned(self, key: str, period: Span | str | None = None, by: tuple[str, ...] = ()) -> Reckoned:
        """An indicator, broken down where asked."""
        _must_know(self.outcomes.definition, key)
        by = self._named(key, by)
        span = self.outcomes.span(period)
        whole = self._telling(key, span)(self.outcomes.of(key, span)[()], (), ())
        return replace(whole, groups=tuple(self._groups(key, span, by, whole.period))) if by else whole

    def _named(self, key: str, by: tuple[str, ...]) -> tuple[str, ...]:
        definition = self.outcomes.definition
        for said in by:
            if not possible(definition, key, (said,)):
                title = definition.indicators[key].title
                raise Refusal(
                    f"“{title}”不能按“{said}”分。", "请换成它所统计的登记表里的字段，或 月、季度、年。", TOPIC
                )
        return possible(definition, key, by)

    def _telling(self, key: str, span: Span | None) -> Callable[[Outcome, Key, tuple[str, ...]], Reckoned]:
        """What hands out the outcomes of an indicator; what they have in common is worked out once."""
        definition = self.outcomes.definition
        one = definition.indicators[key]
        printing = showing.printing(definition, one)
        below = [showing.printing(definition, definition.indicators[part]) for part in one.needs()]
        sides = [*below, *below][:2] if one.ratio is not None or one.change is not None else []
        period = None if self.outcomes.undefined(key, span) else self.outcomes.period(key, span)
        nothing = Reckoned(definition.key, key, one.title, None, "", None, period, 0)
        nothing = replace(nothing, publicity=showing.publicity_of(definition, key))

        def told(found: Outcome, group: Key, label: tuple[str, ...]) -> Reckoned:
            value = printing.scaled(found.value)
            printed = None if value is None else printing.amount(value)
            first, second = (*(side.scaled(v) for side, v in zip(sides, found.parts, strict=False)), None, None)[:2]
            return replace(
                nothing,
                value=value,
                shown="" if printed is None else showing.words(printed),
                amount=printed,
                rows=found.rows,
                why=found.why,
                numerator=first,
                denominator=second if one.ratio is not None else None,
                base=second if one.change is not None else None,
                key=group,
                label=label,
            )

        return told

    def _groups(self, key: str, span: Span | None, by: tuple[str, ...], period: Span | None) -> list[Reckoned]:
        definition = self.outcomes.definition
        register = definition.scope.indicators[key]
        calendar = [name for name in by if grouping.is_calendar(definition, register, name)]
        pieces = self._pieces(calendar[0], period) if len(calendar) == 1 else []
        if calendar and not _simple(definition, key):
            if not pieces:
                title = definition.indicators[key].title
                raise Refusal(
                    f"“{title}”要在一段期间里才能按{grouping.CALENDAR[calendar[0]]}分。", "请写明期间。", TOPIC
                )
            found = self._by_piece(key, by, calendar[0], pieces)
        else:
            found = dict(self.outcomes.of(key, span, by))
            if by == tuple(calendar):
                none = self.outcomes.absent(key, span)
                found.update({(name,): none for name, _ in pieces if (name,) not in found})
        words = [
            grouping.labels(self.outcomes.facts, definition, register, name, [one[at] for one in found])
            for at, name in enumerate(by)
        ]
        ordered = grouping.sorted_keys(definition, register, by, found, words)
        telling = self._telling(key, span)
        return [
            telling(found[one], one, tuple(told[part] for told, part in zip(words, one, strict=True)))
            for one in ordered
        ]

    def _pieces(self, name: str, period: Span | None) -> list[tuple[str, Span]]:
        """The months (or quarters …) of a bounded period up to the day asked for, each cut to the period."""
        if period is None or period.start is None:
            return []
        last = min(period.end or self.outcomes.question.as_of, self.outcomes.question.as_of)
        found = []
        for one in periods.each(period.start, last, name):
            if one.start is not None and one.end is not None:
                cut = Span(max(one.start, period.start), min(one.end, last), one.wording)
                found.append((grouping.part_of(one.start.isoformat(), name), cut))
        return found

    def _by_piece(
        self, key: str, by: tuple[str, ...], calendar: str, pieces: Sequence[tuple[str, Span]]
    ) -> dict[Key, Outcome]:
        """Each month reckoned as a period of its own: what a stock or a change by months means."""
        at = by.index(calendar)
        others = (*by[:at], *by[at + 1 :])
        return {
            (*rest[:at], name, *rest[at:]): outcome
            for name, span in pieces
            for rest, outcome in self.outcomes.of(key, span, others).items()
        }
