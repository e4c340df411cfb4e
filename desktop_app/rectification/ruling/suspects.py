"""Which rows can break a test of one row, as SQL: a superset, from which the judge decides. None: any row can.

Most tests say it as a condition, which the reckoning turns into SQL; a few compare columns here. Days are told apart
roughly, by numbers that grow with them (every month counted as 31 days), so that no database function of its own is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, false, func, or_

from db.schema.definition import row_tests as tests
from db.schema.definition.conditions import Among, AnyOf, Compared, Comparison, Condition, Empty, Every, Not
from db.schema.definition.scope import Sort
from db.schema.definition.terms import Constant, FieldAt, Term
from desktop_app.rectification.reckoning.bounds import bounds, comparable
from desktop_app.rectification.reckoning.joined import Joined
from desktop_app.rectification.reckoning.values import add_days, add_months
from desktop_app.rectification.ruling import bands
from desktop_app.rectification.ruling.ground import Ground
from desktop_app.rectification.ruling.saying import Path

Said = ColumnElement[bool]
_BROKEN_BY: dict[str, Comparison] = {"least": "below", "above": "most", "most": "above", "below": "least"}


def suspects(ground: Ground, joined: Joined) -> Said | None:
    """The rows the rule's judge must look at."""
    found = [
        _can(ground, joined, ground.rule.when),
        _SUSPECTS[type(ground.rule.test)](ground, joined, ground.rule.test),
    ]
    said = [one for one in found if one is not None]
    return and_(*said) if said else None


def _can(ground: Ground, joined: Joined, condition: Condition) -> Said | None:
    return bounds(condition, ground.reader, joined).upper


def _field(ground: Ground, joined: Joined, path: Path) -> ColumnElement[Any] | None:
    leaf = ground.reader.leaf(path)
    return None if leaf.kind is None or leaf.kind.structured else joined.column(leaf)


def _bounds(ground: Ground, joined: Joined, test: tests.Range) -> Said | None:
    broken = [
        Compared(test.field, op, getattr(test, name))
        for name, op in _BROKEN_BY.items()
        if getattr(test, name) is not None
    ]
    return _can(ground, joined, AnyOf(tuple(broken)))


def _filled(ground: Ground, joined: Joined, test: tests.Pattern | tests.Rate) -> Said | None:
    path = test.field if isinstance(test, tests.Pattern) else test.rate
    return _can(ground, joined, Not(Empty(path)))


def _required(ground: Ground, joined: Joined, test: tests.Required) -> Said | None:
    return _can(ground, joined, AnyOf(tuple(Empty(path) for path in test.fields)))


def _order(ground: Ground, joined: Joined, test: tests.Order) -> Said | None:
    sorts = {ground.definition.scope.at(ground.key).sort(path) for path in test.fields}
    if "month" in sorts and len(sorts) > 1:  # a month and a day are compared by the month
        return None
    op: Comparison = "least" if test.strict else "above"
    pairs = combinations(test.fields, 2)
    return _can(ground, joined, AnyOf(tuple(Compared(one, op, FieldAt(other)) for one, other in pairs)))


def _at_most(ground: Ground, joined: Joined, test: tests.AtMost) -> Said | None:
    found: list[Condition] = []
    for less, more in combinations(test.terms, 2):
        if isinstance(less, FieldAt):
            found.append(Compared(less.path, "above", more))
        elif isinstance(more, FieldAt):
            found.append(Compared(more.path, "below", less))
        else:
            return None
    return _can(ground, joined, AnyOf(tuple(found)))


def _sum(ground: Ground, joined: Joined, test: tests.Sum) -> Said | None:
    """Whole numbers and money are added by the database; decimals and reckoned parts are not."""
    total, *parts = (_whole(ground, joined, one) for one in (test.total, *test.parts))
    if not isinstance(total, ColumnElement) or any(one is None for one in parts):
        return None
    gap = total - sum(func.coalesce(one, 0) for one in parts)
    off: Said = func.abs(gap) > int(test.tolerance)
    return and_(total.is_not(None), off)


def _whole(ground: Ground, joined: Joined, term: Term) -> Any:
    if isinstance(term, Constant) and term.value == int(Decimal(term.value)):  # type: ignore[arg-type]
        return int(term.value)  # type: ignore[arg-type]
    found = comparable(ground.reader.leaf(term.path), joined) if isinstance(term, FieldAt) else None
    return found[1] if found is not None and found[0] == "whole" else None


def _alike(ground: Ground, joined: Joined, test: tests.Different | tests.Same) -> Said | None:
    columns = [_field(ground, joined, path) for path in test.fields]
    said: list[Said] = []
    for one, other in combinations(columns, 2):
        if one is None or other is None:
            return None
        said.append(one == other if isinstance(test, tests.Different) else one != other)
    return or_(false(), *said)


def _never(ground: Ground, joined: Joined, test: tests.Never) -> Said | None:
    return _can(ground, joined, test.rows)


# -- days -------------------------------------------------------------------------------------------------------------


def _due(ground: Ground, joined: Joined, test: tests.Due) -> Said | None:
    soon = add_days(ground.today, test.warn) or date.max
    begun = [Not(Empty(term.path)) for term in (test.start, test.until) if isinstance(term, FieldAt)]
    waiting = _can(ground, joined, Every((*begun, *_ends_by(test, soon), *((Empty(test.done),) if test.done else ()))))
    if test.done is None or waiting is None:
        return waiting
    flag = ground.definition.scope.at(ground.key).sort(test.done) == "yesno"
    undone = (
        _can(ground, joined, Every((*begun, *_ends_by(test, soon), Among(test.done, (False,))))) if flag else false()
    )
    late = _late(ground, joined, test)
    return None if late is None or undone is None else or_(waiting, undone, late)


def _ends_by(test: tests.Due, day: date) -> list[Condition]:
    """What of the start or the end can be said when the last day is this one or before."""
    if isinstance(test.until, FieldAt):
        return [Compared(test.until.path, "most", Constant(day, "day"))]
    count = test.days if test.days is not None else test.months
    if isinstance(test.start, FieldAt) and isinstance(count, Constant) and isinstance(count.value, int | Decimal):
        back = add_days(day, -count.value) if test.days is not None else _after(add_months(day, -count.value), 3)
        return [Compared(test.start.path, "most", Constant(back, "day"))] if back is not None else []
    return []


def _after(day: date | None, days: int) -> date | None:
    return None if day is None else add_days(day, days)


def _late(ground: Ground, joined: Joined, test: tests.Due) -> Said | None:
    done = None if test.done is None else comparable(ground.reader.leaf(test.done), joined)
    if done is None or done[0] not in ("day", "moment") or test.done is None:
        return _can(ground, joined, Not(Empty(test.done))) if test.done is not None else false()
    if isinstance(test.until, FieldAt):
        return _can(ground, joined, Compared(test.done, "above", test.until))
    count = test.days if test.days is not None else test.months
    start = comparable(ground.reader.leaf(test.start.path), joined) if isinstance(test.start, FieldAt) else None
    if start is None or not isinstance(count, Constant) or not isinstance(count.value, int | Decimal):
        return _can(ground, joined, Not(Empty(test.done)))
    least = int(count.value) if test.days is not None else 31 * int(count.value) - 3
    return and_(done[1].is_not(None), start[1].is_not(None), _rough(done[1]) - _rough(start[1]) > least)


def _rough(day: ColumnElement[Any]) -> ColumnElement[int]:
    """A number that grows by one a day and by no less than the days over months."""
    year, month, number = (cast(func.substr(day, at, long), Integer) for at, long in ((1, 4), (6, 2), (9, 2)))
    return year * 372 + month * 31 + number


def _validity(ground: Ground, joined: Joined, test: tests.Validity) -> Said | None:
    if not isinstance(test.until, FieldAt):
        return None
    soon = add_days(ground.today, test.warn) or date.max
    return _can(ground, joined, Compared(test.until.path, "most", Constant(soon, "day")))


def _tenure(ground: Ground, joined: Joined, test: tests.Tenure) -> Said | None:
    begun = _after(add_months(ground.today, -12 * (test.warn or test.years)), 3)
    if begun is None:
        return None
    return _can(ground, joined, Compared(test.since, "most", Constant(begun, "day")))


# -- bands ------------------------------------------------------------------------------------------------------------


def _band(ground: Ground, joined: Joined, test: tests.Band) -> Said | None:
    """A row that some line fits and whose doing is not what that line says."""
    sort: Sort = ground.definition.scope.at(ground.key).sort(test.amount) or "number"
    found = []
    for line in bands.lines(ground, test):
        parts: list[Condition] = [Not(Empty(test.actual)), Not(Among(test.actual, line.right))]
        if line.keys and test.key:
            parts.append(Among(test.key, line.keys))
        ends: tuple[Comparison, ...] = ("least", "above", "most", "below")
        parts += [Compared(test.amount, op, Constant(v, sort)) for op in ends if (v := getattr(line, op)) is not None]
        if test.day:
            within = [("least", line.since), ("most", line.until)]
            days = [Compared(test.day, op, Constant(day, "day")) for op, day in within if day]  # type: ignore[arg-type]
            parts.append(AnyOf((Empty(test.day), Every(tuple(days)))))
        found.append(Every(tuple(parts)))
    return _can(ground, joined, AnyOf(tuple(found)))


_SUSPECTS: dict[type[Any], Callable[[Ground, Joined, Any], Said | None]] = {
    tests.Range: _bounds,
    tests.Pattern: _filled,
    tests.Required: _required,
    tests.Order: _order,
    tests.AtMost: _at_most,
    tests.Sum: _sum,
    tests.Different: _alike,
    tests.Same: _alike,
    tests.Rate: _filled,
    tests.Never: _never,
    tests.Due: _due,
    tests.Validity: _validity,
    tests.Tenure: _tenure,
    tests.Band: _band,
}
