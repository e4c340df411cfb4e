"""Tests that hold a register against another one: what must have its counterpart, what may not fall into an interval."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from db.schema.definition import set_tests as tests
from desktop_app.rectification.ruling.breach import Breach, on_day
from desktop_app.rectification.ruling.ground import Ground
from desktop_app.rectification.ruling.groups import matter


def matched(ground: Ground, test: tests.Matched) -> Iterator[Breach]:
    """To each row belong so many rows of another register."""
    other = ground.lines(test.register, test.where, all_units=True)
    on = [other.value(path) for path in test.on]
    counts = Counter(tuple(get(line) for get in on) for line in other.read())
    lines = ground.lines()
    by = [lines.value(path) for path in test.by]
    title = ground.definition.registers[test.register].title
    for line in lines.read():
        key = tuple(get(line) for get in by)
        found = counts.get(key, 0)
        if None in key or test.least <= found <= test.most:
            continue
        if found < test.least:
            what = f"没有对应的{title}" if not found else f"对应的{title}只有 {found} 条，至少应有 {test.least} 条"
            advice = f"请补登{title}。"
        else:
            what = f"对应的{title}有 {found} 条，最多应有 {test.most} 条"
            advice = f"请核对{title}，删去重复的。"
        field = test.by[0][0] if test.by[0][0] != "id" else ""
        yield Breach(what, field, advice, "matched", substance=f"{matter(key)} {found}", id=line[0])


def within(ground: Ground, test: tests.Within) -> Iterator[Breach]:
    """No row lies inside an interval of a row of another register about the same."""
    other = ground.lines(test.register, test.where, all_units=True)
    wanted = [other.value(test.with_), other.measured(test.since), other.measured(test.until)]
    spans: dict[Any, list[tuple[date, date, str]]] = defaultdict(list)
    for line in other.read():
        key, since, until = (get(line) for get in wanted)
        begun = on_day(since)
        if key is not None and begun is not None:
            spans[key].append((begun, on_day(until) or date.max, line[0]))
    lines = ground.lines()
    by, on = lines.value(test.by), lines.measured(test.on)
    title = ground.definition.registers[test.register].title
    for line in lines.read():
        key, day = by(line), on_day(on(line))
        if key is None or day is None:
            continue
        for since, until, i in spans.get(key, ()):
            if since <= day <= until:
                ended = "今" if until == date.max else str(until)
                named = f"{ground.label(test.by)}“{ground.say(test.by, key)}”"
                what = f"{named}的{ground.label(test.on)} {day} 在{title}的期间（{since} 至 {ended}）之内"
                substance = f"{day} {since} {until}"
                advice = f"请核对{title}；期间之内不应登记的，删去这一条。"
                yield Breach(what, test.on[0], advice, "within", None, i, substance, id=line[0])
