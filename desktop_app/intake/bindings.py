"""Which indicator a number of an old paper may come from, and tying the two together: proposals, never silent bindings.

A proposal is reckoned when it is asked for, from the words around the number, its word of measure, its period, and what the
registers hold now. Binding keeps the number as printed and gives the figure its indicator; putting the figure's name in the
place of the number makes the sentence follow the register.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from db.errors import Refusal
from db.ledger.change import Deed, Edit, Outcome, edit
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.composite import BEFORE, Amount, Span
from db.schema.definition import CategoryDefinition, Indicator
from db.schema.definition.conditions import Among, AnyOf, Condition, Every, Not
from db.schema.prose import FigureName, Prose, escape, pieces
from db.schema.record import Record, schema_of
from db.schema.records import Figure, Measure, OngoingItem, Problem
from desktop_app.rectification import rules
from desktop_app.rectification.figures import BOUND, Names, Shown, bound_to, scale_of
from desktop_app.rectification.numbers import RATES, Number, alike, numbers
from desktop_app.rectification.reckoning import periods
from desktop_app.rectification.reckoning.showing import unit_of

LEAST = 0.3
"""The least score that is worth showing."""
SURE = 0.8
LEAD = 0.08
"""A proposal of this score (the same value counts 0.4 of it), so far before the second, is the one that is meant."""
_REACHED = 6
"""How many candidates are asked for their value."""


@dataclass(frozen=True)
class Proposal:
    """An indicator (category and key) a figure may be bound to; ``period`` in words ("": the indicator's own), ``score`` up to
    about 1.5, ``now`` its value on the day, ``same`` whether that is what the paper says."""

    category: str
    indicator: str
    title: str
    period: str
    score: float
    now: Shown
    same: bool


def proposals(
    facts: Facts, figure: Figure, problem: Problem, as_of: date, names: Names | None = None, *, most: int = 3
) -> list[Proposal]:
    """The indicators of the problem's category that fit a figure, best first; none where it is bound already."""
    names = names or Names(facts, as_of)
    definition = names.definition(problem)
    if definition is None or figure.value is None or bound_to(figure) is not None:
        return []
    weights = _weights(definition)
    said = _said(figure)
    ranked = []
    for indicator in definition.indicators.values():
        fit = _unit_fit(definition, indicator, figure.value)
        score = None if fit is None else _likeness(weights, definition, indicator, figure, said) + fit
        if score is not None and score > LEAST / 2:
            ranked.append((score, indicator))
    ranked.sort(key=lambda one: (-one[0], one[1].key))
    found = []
    for score, indicator in ranked[:_REACHED]:
        period = _period(facts, definition, indicator, figure, as_of)
        now = names.indicator(definition.key, indicator.key, period=period or None, unit=problem.unit)
        same = now.amount is not None and abs(now.amount.value) == abs(figure.value.value) and bool(now.rows)
        found.append(Proposal(definition.key, indicator.key, indicator.title, period, score + 0.4 * same, now, same))
    return [one for one in sorted(found, key=lambda one: -one.score) if one.score >= LEAST][:most]


def sure(offered: Sequence[Proposal]) -> bool:
    """Whether the first proposal is meant beyond doubt: its words fit, the register says the same number, and no other does
    nearly as well. Where a register holds nothing yet, binding would print a nought: somebody must want that."""
    first = offered[0] if offered else None
    if first is None or not first.same or first.score < SURE:
        return False
    return len(offered) == 1 or first.score - offered[1].score >= LEAD


# -- how well they fit -----------------------------------------------------------------------------------------------


def _said(figure: Figure) -> str:
    """The words around the number: its name, its period, its clause before and behind."""
    period = figure.period.wording if figure.period else ""
    return f"{figure.name or ''} {period} {_around(figure)}"


def _around(figure: Figure) -> str:
    context = figure.context or ""
    number = _in_context(figure)
    if number is None:
        return ""
    before = context[: number.start]
    clause = before[max(before.rfind(mark) for mark in "，。；：") + 1 :]
    return f"{clause} {number.behind}"


def _grams(words: str) -> set[str]:
    letters = "".join(one if one.isalnum() else " " for one in words)
    return {letters[at : at + 2] for at in range(len(letters) - 1) if " " not in letters[at : at + 2]}


def _words_of(definition: CategoryDefinition, indicator: Indicator) -> str:
    """What an indicator is called, what it counts and which rows it takes."""
    register = definition.registers.get(definition.scope.indicators.get(indicator.key, ""))
    values = " ".join(_values(indicator.where))
    return f"{indicator.title} {values} {register.title if register else ''} {indicator.help}"


def _values(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Every | AnyOf):
        for part in condition.parts:
            yield from _values(part)
    elif isinstance(condition, Among):
        yield from (str(one) for one in condition.values if isinstance(one, str))
    elif isinstance(condition, Not):
        return


def _weights(definition: CategoryDefinition) -> dict[str, float]:
    """Pair of characters → how much it tells among the indicators of a category."""
    known = definition.indicators.values()
    counted = Counter(gram for one in known for gram in _grams(one.title))
    return {gram: math.log(1 + len(known) / times) for gram, times in counted.items()}


def _likeness(
    weights: dict[str, float], definition: CategoryDefinition, indicator: Indicator, figure: Figure, said: str
) -> float:
    """0 … 1: how much of the indicator's title the words say, and of the figure's name the indicator."""
    common = 1.0

    def worth(grams: set[str]) -> float:
        return sum(weights.get(gram, common) for gram in grams)

    title, told = _grams(indicator.title), _grams(said)
    name, whole = _grams(figure.name or ""), _grams(_words_of(definition, indicator))
    of_title = worth(title & told) / worth(title) if title else 0
    of_name = worth(name & whole) / worth(name) if name else 0
    return 0.55 * of_title + 0.45 * of_name


def _unit_fit(definition: CategoryDefinition, indicator: Indicator, value: Amount) -> float | None:
    """What the word of measure says for or against; None: it cannot be this one."""
    unit = unit_of(definition, indicator)
    if unit == value.unit:
        return 0.15
    if (unit in RATES) != (value.unit in RATES):
        return None
    if unit in RATES or alike(unit, value.unit):
        return 0.1
    money = [one.endswith("元") for one in (unit, value.unit)]
    if money[0] != money[1]:
        return None
    return 0.1 if money[0] else -0.1


def _period(facts: Facts, definition: CategoryDefinition, indicator: Indicator, figure: Figure, as_of: date) -> str:
    """The period of the figure in words an indicator understands; "" where it is its own or says nothing."""
    wording = figure.period.wording if figure.period else ""
    earlier = any(
        word in indicator.during for word in ("同期", "去年", "前年")
    )  # it is of another time by its very meaning
    if not wording or wording == indicator.during or earlier or not _dated(definition, indicator):
        return ""
    try:
        periods.span(wording, as_of, periods.named_periods(facts))
    except Refusal:
        return ""
    return wording


def _dated(definition: CategoryDefinition, indicator: Indicator) -> bool:
    if indicator.register:
        return indicator.on is not None or indicator.measure == "stock"
    return any(_dated(definition, definition.indicators[key]) for key in indicator.needs())


# -- binding ---------------------------------------------------------------------------------------------------------


def bind(ledger: Ledger, figure: Figure, proposal: Proposal, actor: str) -> Outcome:
    """Gives a figure its indicator, and its name the place of the number in the text, in one deed."""
    return bind_all(ledger, [(figure, proposal)], actor)


def bind_all(ledger: Ledger, pairs: Sequence[tuple[Figure, Proposal]], actor: str) -> Outcome:
    """Binds several figures in one deed."""
    edits: list[Edit] = []
    texts: dict[tuple[str, str, str], str] = {}
    for figure, proposal in pairs:
        values: dict[str, Any] = {"source": BOUND, "indicator": f"{proposal.category}.{proposal.indicator}"}
        wording = figure.period.wording if figure.period else ""
        if (proposal.period or None) != (wording or None):
            values["period"] = Span(wording=proposal.period) if proposal.period else None
        after = replace(figure, **values)
        rules.enforce(ledger, schema_of(Figure).name, figure, after)
        edits.append(edit(figure, **values))
        place = _place(ledger, figure, texts)
        if place is not None:
            texts[place[:3]] = place[3]
    for (name, identifier, field), text in texts.items():
        edits.append(Edit(name, identifier, {field: text}))
    if len(pairs) == 1:
        sentence = f"数据“{pairs[0][0].name}”改由指标“{pairs[0][1].title}”汇总"
    else:
        sentence = f"{len(pairs)} 个数据改由指标汇总"
    return ledger.act(Deed(sentence, actor, tuple(edits))) if edits else Outcome()


def _place(facts: Facts, figure: Figure, texts: dict[tuple[str, str, str], str]) -> tuple[str, str, str, str] | None:
    """Where the number stands, as (schema, id, field, text with the name in its place); None where it is not found once."""
    found = []
    for record in _told_in(facts, figure):
        schema = schema_of(type(record))
        for one in schema.fields:
            at = (schema.name, record.id, one.name)
            text = texts.get(at, getattr(record, one.name))
            if (isinstance(one.kind, Prose) or one.name == "lead") and text:
                made = named(text, figure)
                if made is not None:
                    found.append((*at, made))
    return found[0] if len(found) == 1 else None


def _told_in(facts: Facts, figure: Figure) -> Iterator[Record]:
    problem = facts.get(Problem, figure.problem)
    if problem is not None:
        yield problem
        yield from facts.all(Measure, problem=problem.id)
        yield from facts.all(OngoingItem, problem=problem.id)


def named(text: str, figure: Figure) -> str | None:
    """A text with a figure's name in the place of its number; None where the words around the number are not in it, or twice."""
    number, context = _in_context(figure), figure.context or ""
    if number is None or figure.value is None:
        return None
    told: list[str] = []
    done = 0
    before = context[: number.start]
    for piece in pieces(text):
        if isinstance(piece, FigureName):
            told.append(f"{{{piece.name}}}")
            continue
        places = _places(piece, before, context[number.start : number.end], number.behind)
        if len(places) == 1:
            first, last = places[0]
            qualifier = figure.value.qualifier
            if qualifier in BEFORE and piece[:first].endswith(qualifier):
                first -= len(qualifier)
            told += [escape(piece[:first]), f"{{{figure.name}}}", escape(piece[last:])]
        else:
            told.append(escape(piece))
        done += len(places)
    return "".join(told) if done == 1 else None


def _places(words: str, before: str, number: str, behind: str) -> list[tuple[int, int]]:
    """Where a number stands behind these words and before those, blanks aside; the words before may reach into an earlier field."""
    at = [index for index, one in enumerate(words) if not one.isspace()]
    plain = "".join(words[index] for index in at)
    whole: list[tuple[int, int]] = []
    cut: list[tuple[int, int]] = []
    start = plain.find(number)
    while start >= 0:
        left, right = plain[:start], plain[start + len(number) :]
        place = (at[start], at[start + len(number) - 1] + 1)
        if right.startswith(behind[:4]) or (not right and behind.startswith(right)):
            if left.endswith(before):
                whole.append(place)
            elif len(left) < len(before) and before.endswith(left):
                cut.append(place)
        start = plain.find(number, start + 1)
    return whole or cut


def _in_context(figure: Figure) -> Number | None:
    """The number in the words that were kept around it."""
    if not figure.context or figure.value is None:
        return None
    value = figure.value
    same = [
        one
        for one in numbers(figure.context)
        if alike(one.unit, value.unit.lstrip("万亿千百十")) and _plain(one) == _scaled(value)
    ]
    return min(same, key=lambda one: abs(one.start - 20)) if same else None


def _plain(number: Number) -> str:
    return f"{number.value.normalize():f}"


def _scaled(value: Amount) -> str:
    return f"{value.value.scaleb(scale_of(value.unit)[0]).normalize():f}"
