"""Tests of one row: bounds, writing, what must be filled, orders, sums, what must differ or agree, rates, what may not be.

Each function takes the ground a rule stands on and gives the judge of its rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

from db.schema.definition import row_tests as tests
from db.schema.definition.conditions import paths
from db.schema.definition.indicators import rounded
from db.schema.definition.terms import Constant, Term, fields_of
from desktop_app.rectification.ruling.breach import Breach, Judge, ordered
from desktop_app.rectification.ruling.ground import Ground

_BOUNDS: tuple[tuple[str, str, Callable[[Any, Any], bool]], ...] = (
    ("least", "不小于", lambda value, bound: value >= bound),
    ("above", "大于", lambda value, bound: value > bound),
    ("most", "不大于", lambda value, bound: value <= bound),
    ("below", "小于", lambda value, bound: value < bound),
)


def _first_field(*terms: Term) -> str:
    """The field to open at: the first one a term names that is the row's own."""
    named = [path for one in terms for path in fields_of(one)]
    return next((path[0] for path in named if len(path) == 1), named[0][0] if named else "")


def bounds(ground: Ground, test: tests.Range) -> Judge:
    """A value lies within bounds."""
    value_of = ground.measured(test.field)
    bound = [(word, ok, term, ground.term(term)) for name, word, ok in _BOUNDS if (term := getattr(test, name))]

    def judge(row: Any) -> Breach | None:
        value = value_of(row)
        if value is None:
            return None
        for word, ok, term, bound_of in bound:
            limit = bound_of(row)
            if limit is None or ok(value, limit):
                continue
            shown, most = ground.say(test.field, value), ground.against(test.field, term, limit)
            named = "" if isinstance(term, Constant) else ground.name(term)
            what = f"{ground.label(test.field)} {shown}，应{word}{named} {most}"
            return Breach(what, test.field[0], "请核对这个数。", "range", substance=f"{shown} {word} {most}")
        return None

    return judge


def pattern(ground: Ground, test: tests.Pattern) -> Judge:
    """A text is written in a certain way."""
    value_of, label = ground.value(test.field), ground.label(test.field)
    form = re.compile(test.matches)

    def judge(row: Any) -> Breach | None:
        value = value_of(row)
        if value is None or form.fullmatch(str(value)):
            return None
        what = f"{label}写作“{str(value)[:40]}”，应为{test.means}"
        return Breach(what, test.field[0], f"请改成{test.means}。", "pattern", substance=str(value))

    return judge


def required(ground: Ground, test: tests.Required) -> Judge:
    """Fields are filled."""
    wanted = [(path, ground.value(path), ground.label(path)) for path in test.fields]

    def judge(row: Any) -> Breach | None:
        lacking = [(path, label) for path, value_of, label in wanted if value_of(row) is None]
        if not lacking:
            return None
        labels = "、".join(f"“{label}”" for _, label in lacking)
        return Breach(f"没有填{labels}", lacking[0][0][0], f"请补填{labels}。", "required", substance=labels)

    return judge


def order(ground: Ground, test: tests.Order) -> Judge:
    """Days or numbers stand in an order; empty ones are passed over."""
    values = [ground.measured(path) for path in test.fields]

    def judge(row: Any) -> Breach | None:
        before: tuple[Any, Any] | None = None
        for path, value_of in zip(test.fields, values, strict=True):
            value = value_of(row)
            if value is None:
                continue
            if before is not None:
                earlier, later = ordered(before[1], value)
                if earlier > later or (test.strict and earlier == later):
                    return wrong((path, value), before)
            before = (path, value)
        return None

    def wrong(one: tuple[Any, Any], before: tuple[Any, Any]) -> Breach:
        first, second = ground.say(*before), ground.say(*one)
        numbers = isinstance(one[1], int | Decimal)
        less = "小于" if numbers else "早于"
        if ordered(before[1], one[1])[0] == ordered(before[1], one[1])[1]:
            less = "等于"
        what = f"{ground.label(one[0])} {second} {less}{ground.label(before[0])} {first}"
        matter = f"{'.'.join(before[0])}>{'.'.join(one[0])}"
        advice = "请核对这两个数。" if numbers else "请核对这两个日期。"
        return Breach(what, one[0][0], advice, "order", matter=matter, substance=f"{first} {second}")

    return judge


def at_most(ground: Ground, test: tests.AtMost) -> Judge:
    """Each is at most the next; empty ones are passed over: what is returned is at most the loss, whatever was seized."""
    terms = [ground.term(one) for one in test.terms]

    def judge(row: Any) -> Breach | None:
        before: tuple[int, Any] | None = None
        for at, value_of in enumerate(terms):
            value = value_of(row)
            if value is None:
                continue
            if before is not None and before[1] > value:
                less, more = test.terms[before[0]], test.terms[at]
                first, second = ground.say_term(less, before[1]), ground.say_term(more, value)
                what = f"{ground.name(less)} {first}，大于{ground.name(more)} {second}"
                matter = f"{before[0]}>{at}"
                field = _first_field(less, more)
                return Breach(what, field, "请核对这两个数。", "at_most", matter=matter, substance=f"{first} {second}")
            before = (at, value)
        return None

    return judge


def total(ground: Ground, test: tests.Sum) -> Judge:
    """A total equals its parts; empty parts count as nought."""
    whole, parts = ground.term(test.total), [ground.term(one) for one in test.parts]

    def judge(row: Any) -> Breach | None:
        value = whole(row)
        if value is None:
            return None
        found = [one(row) or 0 for one in parts]
        added = sum(found, start=type(value)(0))
        if abs(Decimal(value) - Decimal(added)) <= test.tolerance:
            return None
        names = [ground.name(one) for one in test.parts]
        shown = [ground.say_term(one, v) for one, v in zip(test.parts, found, strict=True)]
        said = " + ".join(f"{name} {v}" for name, v in zip(names, shown, strict=True))
        all_of, sum_of = ground.say_term(test.total, value), ground.say_term(test.total, added)
        gap = ground.say_term(test.total, abs(value - added))
        what = f"{ground.name(test.total)} {all_of}，各项相加是 {sum_of}（{said}），相差 {gap}"
        advice = "请核对合计和各项。"
        return Breach(what, _first_field(test.total), advice, "sum", substance=f"{all_of} {' '.join(shown)}")

    return judge


def different(ground: Ground, test: tests.Different) -> Judge:
    """Fields must not be the same; empty ones pass."""
    values = [ground.value(path) for path in test.fields]

    def judge(row: Any) -> Breach | None:
        seen: dict[Any, tuple[str, ...]] = {}
        for path, value_of in zip(test.fields, values, strict=True):
            value = value_of(row)
            if value is None:
                continue
            if value in seen:
                shown = ground.say(path, value)
                what = f"{ground.label(seen[value])}和{ground.label(path)}都是“{shown}”，应当不同"
                matter = f"{'.'.join(seen[value])}={'.'.join(path)}"
                return Breach(what, path[0], "请改正其中一项。", "different", matter=matter, substance=shown)
            seen[value] = path
        return None

    return judge


def same(ground: Ground, test: tests.Same) -> Judge:
    """Fields must agree; an empty one passes."""
    values = [ground.value(path) for path in test.fields]

    def judge(row: Any) -> Breach | None:
        first: tuple[Any, Any] | None = None
        for path, value_of in zip(test.fields, values, strict=True):
            value = value_of(row)
            if value is None:
                continue
            if first is None:
                first = (path, value)
            elif value != first[1]:
                one, other = ground.say(*first), ground.say(path, value)
                what = f"{ground.label(first[0])}是“{one}”，{ground.label(path)}却是“{other}”，应当一致"
                return Breach(what, first[0][0], "请核对哪一个对。", "same", substance=f"{one} {other}")
        return None

    return judge


def rate(ground: Ground, test: tests.Rate) -> Judge:
    """Numerator, denominator and rate agree within the last digit, rounded or cut."""
    above, below, rate_of = ground.term(test.numerator), ground.term(test.denominator), ground.measured(test.rate)

    def judge(row: Any) -> Breach | None:
        numerator, denominator, said = above(row), below(row), rate_of(row)
        if numerator is None or denominator is None or said is None:
            return None
        label, shown = ground.label(test.rate), ground.say(test.rate, said)
        one, other = ground.say_term(test.numerator, numerator), ground.say_term(test.denominator, denominator)
        what = f"{label} {shown}，"
        if not denominator:
            what += f"但{ground.name(test.denominator)}是 0"
        elif (right := reckoned(numerator, denominator, Decimal(said), test.times)) is None:
            return None
        else:
            what += f"但{ground.name(test.numerator)} {one} 比{ground.name(test.denominator)} {other} 得 {right}"
        return Breach(what, test.rate[0], "请核对分子、分母和比率。", "rate", substance=f"{one} {other} {shown}")

    return judge


def reckoned(numerator: Any, denominator: Any, said: Decimal, times: int) -> str | None:
    """What the rate is, with two places; None where ``said`` is that, rounded or cut at its last digit."""
    with localcontext() as exact:
        exact.prec = 60
        value = Decimal(numerator) * times / Decimal(denominator)
    exponent = said.as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    if said in (rounded(value, places, "half_up"), rounded(value, places, "down")):
        return None
    return str(rounded(value, max(places, 2), "half_up"))


def never(ground: Ground, test: tests.Never) -> Judge:
    """No row may be so."""
    holds = ground.holds(test.rows)
    looked = list(dict.fromkeys(paths(test.rows)))
    told = [(path, ground.value(path)) for path in looked]

    def judge(row: Any) -> Breach | None:
        if not holds(row):
            return None
        shown = [f"{ground.label(path)} {ground.say(path, value_of(row))}" for path, value_of in told]
        what = f"不应出现的情形：{'，'.join(shown)}"
        return Breach(what, looked[0][0] if looked else "", "请核对这一行。", "never", substance="，".join(shown))

    return judge
