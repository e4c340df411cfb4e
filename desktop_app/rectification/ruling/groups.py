"""Tests of rows that are alike in some fields: repeated, cut into pieces, numbered, following one another, overlapping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from db.schema.definition import set_tests as tests
from desktop_app.rectification.reckoning.lines import Lines
from desktop_app.rectification.reckoning.terms import Getter
from desktop_app.rectification.reckoning.values import add_days, add_months
from desktop_app.rectification.ruling.breach import Breach, on_day
from desktop_app.rectification.ruling.ground import Ground
from desktop_app.rectification.ruling.saying import Path, several

Key = tuple[Any, ...]
Rows = list[tuple[Any, ...]]


def grouped(lines: Lines, by: Sequence[Path], *wanted: Getter, needed: int | None = None) -> dict[Key, Rows]:
    """Lines by what they have in common: key → (id, wanted …). Rows without a part of the key, or without one of the first
    ``needed`` wanted values (None: all of them), are left out."""
    keys = [lines.value(path) for path in by]
    found: dict[Key, Rows] = defaultdict(list)
    most = len(wanted) if needed is None else needed
    for line in lines.read():
        key = tuple(get(line) for get in keys)
        values = tuple(get(line) for get in wanted)
        if None not in key and None not in values[:most]:
            found[key].append((line[0], *values))
    return found


def matter(key: Key) -> str:
    """A group as a waiver knows it."""
    return "|".join(str(part) for part in key)


def said(ground: Ground, by: Sequence[Path], key: Key) -> str:
    """A group in words: 单位“城中派出所”、类别“货物”; "" where there is but one."""
    return "、".join(f"{ground.label(path)}“{ground.say(path, part)}”" for path, part in zip(by, key, strict=True))


def _of(words: str) -> str:
    return f"{words}的" if words else ""


def unique(ground: Ground, test: tests.Unique) -> Iterator[Breach]:
    """No two rows have the same in all these fields."""
    for key, rows in grouped(ground.lines(), test.fields).items():
        if len(rows) > 1:
            ids = sorted(row[0] for row in rows)
            yield repeated(ground, test, key, ids)


def repeated(ground: Ground, test: tests.Unique, key: Key, ids: Sequence[str]) -> Breach:
    """Rows that are the same; the first is where it is opened."""
    what = f"{said(ground, test.fields, key)}重复，共有 {len(ids)} 条"
    return Breach(
        what,
        test.fields[0][0],
        "是同一个的，请在“疑似重复”里认定；不是的，请核对，删去重复的或改正。",
        "unique",
        None,
        matter(key),
        f"{len(ids)}",
        tuple(ids[1:]),
        id=ids[0],
    )


def split(ground: Ground, test: tests.Split) -> Iterator[Breach]:
    """Not cut into pieces: each within the limit, together above it, within so many months."""
    lines = ground.lines()
    wanted = lines.measured(test.on), lines.measured(test.amount), lines.term(test.limit)
    for key, rows in grouped(lines, test.by, *wanted).items():
        small = sorted(
            ((on_day(day), i, amount, limit) for i, day, amount, limit in rows if amount <= limit),
            key=lambda one: one[:2],
        )
        at = 0
        while at < len(small):
            group = _window(small, at, test.months)
            total = sum((Decimal(one[2]) for one in group), start=Decimal(0))
            if len(group) < 2 or total <= group[0][3]:
                at += 1
                continue
            yield _pieces(ground, test, key, group, total)
            at += len(group)


def _window(rows: Rows, at: int, months: int) -> Rows:
    """The rows from one on, within so many months of it."""
    end = add_months(rows[at][0], months) or date.max
    found = at
    while found < len(rows) and rows[found][0] < end:
        found += 1
    return rows[at:found]


def _pieces(ground: Ground, test: tests.Split, key: Key, group: Rows, total: Decimal) -> Breach:
    shown = [ground.say(test.amount, one[2]) for one in group]
    ids = tuple(one[1] for one in group)
    limit = ground.against(test.amount, test.limit, group[0][3])
    what = (
        f"{_of(said(ground, test.by, key))} {len(group)} 笔（{several(shown)}）在 {group[0][0]} 至 {group[-1][0]} 之间，"
        f"每笔不超过 {limit}，合计 {ground.say(test.amount, total)}，疑似拆分"
    ).strip()
    advice = "请核对是不是同一事项；应当合并办理的，按合计数额办理。"
    substance = " ".join(f"{i}:{v}" for i, v in zip(ids, shown, strict=True))
    return Breach(what, test.amount[0], advice, "split", None, matter(key), substance, ids[1:], id=ids[0])


def continuous(ground: Ground, test: tests.Continuous) -> Iterator[Breach]:
    """Numbers follow each other without a gap."""
    lines = ground.lines()
    number = lines.measured(test.field)
    dated = lines.measured(test.on) if test.on else None
    counted: dict[Key, Rows] = defaultdict(list)
    wanted = (number,) if dated is None else (number, dated)
    for key, rows in grouped(lines, test.by, *wanted).items():
        for row in rows:
            day = on_day(row[2]) if dated is not None else None
            counted[key if day is None else (*key, day.year)].append(row)
    for key, rows in counted.items():
        by_number = {int(row[1]): row[0] for row in sorted(rows, reverse=True) if row[1] == int(row[1])}
        for before, after in pairwise(sorted(by_number)):
            if after > before + 1:
                gap = f"{before + 1}" if after == before + 2 else f"{before + 1} 至 {after - 1}"
                named = said(ground, test.by, key[: len(test.by)])
                year = f"{key[-1]}年" if dated is not None else ""
                what = f"{_of(named)}{year}{ground.label(test.field)}缺 {gap}（{before} 之后是 {after}）".strip()
                about = f"{matter(key)}|{before}-{after}"
                yield Breach(
                    what, test.field[0], "请补录缺的，或改正编号。", "continuous", None, about, gap, id=by_number[after]
                )


def interval(ground: Ground, test: tests.Interval) -> Iterator[Breach]:
    """From one row to the next, and from the last to today, no more than so many days pass."""
    lines = ground.lines()
    for key, rows in grouped(lines, test.by, lines.measured(test.on)).items():
        days = sorted((day, i) for i, value in rows if (day := on_day(value)) is not None)
        named = said(ground, test.by, key)
        for (before, _), (after, i) in pairwise(days):
            passed = (after - before).days
            if passed > test.most:
                what = f"{_of(named)}{ground.label(test.on)} {before} 至 {after} 相隔 {passed} 天，超过 {test.most} 天"
                yield Breach(
                    what,
                    test.on[0],
                    "请核对有没有漏登的。",
                    "interval",
                    None,
                    f"{matter(key)}|{i}",
                    f"{before} {after}",
                    id=i,
                )
        last, i = days[-1]
        passed = (ground.today - last).days
        if passed > test.most:
            what = f"{_of(named)}最近一次是 {last}，距今 {passed} 天，超过 {test.most} 天"
            yield Breach(
                what,
                test.on[0],
                "请尽快办理并登记。",
                "interval",
                None,
                f"{matter(key)}|last",
                f"{last}",
                id=i,
                pending=True,
                day=add_days(last, test.most),
            )


def overlap(ground: Ground, test: tests.Overlap) -> Iterator[Breach]:
    """Intervals of rows that are alike do not overlap; one may begin on the day another ends."""
    lines = ground.lines()
    for key, rows in grouped(lines, test.by, lines.measured(test.since), lines.measured(test.until), needed=1).items():
        spans = sorted((on_day(since), on_day(until) or date.max, i) for i, since, until in rows)
        widest: tuple[Any, Any, str] | None = None
        for since, until, i in spans:
            if widest is not None and (since < widest[1] or since == widest[0]):
                yield _overlapping(ground, test, key, widest, (since, until, i))
            if widest is None or until > widest[1]:
                widest = (since, until, i)


def _overlapping(ground: Ground, test: tests.Overlap, key: Key, one: Key, other: Key) -> Breach:
    first, second = (f"{since} 至 {'今' if until == date.max else until}" for since, until, _ in (one, other))
    what = f"{_of(said(ground, test.by, key))}期间 {second} 与另一条 {first} 重叠"
    advice = "请核对起止日期；前一条已经结束的，填上结束日期。"
    about = "|".join(sorted((one[2], other[2])))
    return Breach(what, test.since[0], advice, "overlap", None, about, f"{first} {second}", (one[2],), id=other[2])


def consecutive(ground: Ground, test: tests.Consecutive) -> Iterator[Breach]:
    """Not so many periods one after the other with such a row."""
    lines = ground.lines()
    lines.narrow(test.where)
    sort = ground.definition.scope.at(ground.key).sort(test.on)
    such = ground.saying.condition(ground.key, test.where)
    for key, rows in grouped(lines, test.by, lines.measured(test.on)).items():
        places = {_ordinal(value, sort): (value, i) for i, value in sorted(rows, reverse=True)}
        for run in _runs(sorted(places)):
            if len(run) >= test.times:
                shown = [ground.say(test.on, places[one][0]) for one in run]
                ids = tuple(places[one][1] for one in run)
                what = f"{said(ground, test.by, key)}连续 {len(run)} 次（{several(shown)}）{such}"
                about, advice = f"{matter(key)}|{shown[0]}", "请按规定研究处理。"
                yield Breach(
                    what, test.on[0], advice, "consecutive", None, about, " ".join(shown), ids[:-1], id=ids[-1]
                )


def _ordinal(value: Any, sort: str | None) -> int:
    """The place of a period among its like: a year, the month counted from year nought, the day."""
    if sort == "number":
        return int(value)
    day = on_day(value) or date.min
    return day.year * 12 + day.month if sort == "month" else day.toordinal()


def _runs(places: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for one in places:
        if run and one != run[-1] + 1:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def near(ground: Ground, test: tests.Near) -> Iterator[Breach]:
    """No two rows that are alike within so many minutes, where they differ in what they must not."""
    lines = ground.lines()
    differ: Callable[[Any], Any] = lines.value(test.differ) if test.differ else lambda _line: None
    most = timedelta(minutes=test.minutes)
    for key, rows in grouped(lines, test.by, lines.measured(test.on), differ, needed=2 if test.differ else 1).items():
        ordered = sorted(((when, i, place) for i, when, place in rows), key=lambda one: one[:2])
        for at, (when, i, place) in enumerate(ordered):
            close = _close(ordered, at, when - most, place if test.differ else None)
            if close is not None:
                yield _too_near(ground, test, key, close, (when, i, place))


def _close(ordered: Rows, at: int, since: datetime, place: Any) -> Key | None:
    """The nearest row before one, not before ``since``, with another place (None: with any)."""
    for one in reversed(ordered[:at]):
        if one[0] < since:
            return None
        if place is None or one[2] != place:
            return one
    return None


def _too_near(ground: Ground, test: tests.Near, key: Key, one: Key, other: Key) -> Breach:
    minutes = int((other[0] - one[0]).total_seconds()) // 60
    shown = f"{one[0]:%Y-%m-%d %H:%M} 和 {other[0]:%Y-%m-%d %H:%M}"
    places = ""
    if test.differ:
        places = f"（{ground.say(test.differ, one[2])}、{ground.say(test.differ, other[2])}）"
    what = f"{_of(said(ground, test.by, key))}两次{ground.label(test.on)} {shown}{places}只隔 {minutes} 分钟"
    advice = "请核对时间和地点。"
    about = "|".join(sorted((one[1], other[1])))
    return Breach(what, test.on[0], advice, "near_in_time", None, about, shown + places, (one[1],), id=other[1])
