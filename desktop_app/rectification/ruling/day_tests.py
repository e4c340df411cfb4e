"""Tests of one row against the calendar: deadlines (in natural days), validity, years in a post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from db.schema.definition import row_tests as tests
from db.schema.definition.terms import FieldAt, fields_of
from desktop_app.rectification.reckoning.values import add_days, add_months, add_years, years
from desktop_app.rectification.ruling.breach import Breach, Judge, on_day
from desktop_app.rectification.ruling.ground import Ground

LastDay = Callable[[Any], tuple[date, str] | None]
"""A row → its last day, and how it is reckoned in words; None where it has none."""


def due(ground: Ground, test: tests.Due) -> Judge:
    """What was begun is ended in time; found when it is overdue, near its end, or was ended late."""
    last_of, done_of = _last_day(ground, test), ground.value(test.done) if test.done else lambda _row: None
    opened = test.done or next((p for t in (test.until, test.start) if t is not None for p in fields_of(t)), ("",))
    named = ground.label(test.done) if test.done else "办结"
    flag = test.done is not None and ground.definition.scope.at(ground.key).sort(test.done) == "yesno"
    waiting = f"“{named}”还不是“是”" if flag else f"还没有填{named}" if test.done else "还没有办结"

    def judge(row: Any) -> Breach | None:
        found = last_of(row)
        if found is None:
            return None
        last, reckoned = found
        done = done_of(row)
        if done not in (None, False):
            ended = on_day(done)
            if ended is None or ended <= last:
                return None
            what = f"{named} {ended}，晚于期限 {last}（{reckoned}），逾期 {(ended - last).days} 天"
            return Breach(what, opened[0], "请核对日期；确实逾期的，写明原因。", "late", substance=f"{last} {ended}")
        left = (last - ground.today).days
        if left > test.warn or (left >= 0 and not test.warn):
            return None
        if left < 0:
            what = f"应于 {last} 前完成（{reckoned}），{waiting}，已超期 {-left} 天"
            advice = "请抓紧办理；已经办完的，填上日期。"
            return Breach(what, opened[0], advice, "overdue", substance=f"overdue {last}", pending=True, day=last)
        when = "今天到期" if left == 0 else f"还有 {left} 天到期"
        what = f"应于 {last} 前完成（{reckoned}），{when}"
        return Breach(what, opened[0], "请按期办理。", "near", "note", substance=f"near {last}", pending=True, day=last)

    return judge


def _last_day(ground: Ground, test: tests.Due) -> LastDay:
    if test.until is not None:
        until_of, name = ground.term(test.until), ground.name(test.until)

        def until(row: Any) -> tuple[date, str] | None:
            last = on_day(until_of(row))
            return None if last is None else (last, name)

        return until
    count = test.days if test.days is not None else test.months
    if test.start is None or count is None:  # the definition is read so that one of them is there
        return lambda _row: None
    start_of, count_of = ground.term(test.start), ground.term(count)
    begun = ground.name(test.start)
    unit, add = ("个自然日", add_days) if test.days is not None else ("个月", add_months)

    def reckoned(row: Any) -> tuple[date, str] | None:
        start, number = on_day(start_of(row)), count_of(row)
        last = None if start is None or number is None else add(start, number)
        return None if last is None else (last, f"{begun} {start} 起 {int(number)} {unit}")

    return reckoned


def validity(ground: Ground, test: tests.Validity) -> Judge:
    """Something has not expired; it is valid on the last day still."""
    until_of, name = ground.term(test.until), ground.name(test.until)
    field = test.until.path[0] if isinstance(test.until, FieldAt) else next(iter(fields_of(test.until)), ("",))[0]

    def judge(row: Any) -> Breach | None:
        until = on_day(until_of(row))
        left = None if until is None else (until - ground.today).days
        if left is None or left > test.warn:
            return None
        if left < 0:
            what, advice = f"{name} {until}，已过期 {-left} 天", "请停用或办理延续，并改填新的日期。"
            return Breach(what, field, advice, "expired", substance=f"expired {until}", pending=True, day=until)
        what = f"{name} {until}，" + ("今天到期" if left == 0 else f"还有 {left} 天到期")
        advice = "请提前办理延续。"
        return Breach(what, field, advice, "near", "note", substance=f"near {until}", pending=True, day=until)

    return judge


def tenure(ground: Ground, test: tests.Tenure) -> Judge:
    """Nobody stays so many full years; a stay that has ended is past."""
    since_of, until_of = (
        ground.measured(test.since),
        ground.measured(test.until) if test.until else lambda _row: None,
    )
    label = ground.label(test.since)

    def judge(row: Any) -> Breach | None:
        since, until = on_day(since_of(row)), on_day(until_of(row))
        if since is None or (until is not None and until <= ground.today):
            return None
        full = years(since, ground.today)
        if full >= test.years:
            what = f"{label} {since}，已满 {full} 年，达到 {test.years} 年"
            advice = "请安排交流；因故不能交流的，写明理由。"
            last, said = add_years(since, test.years), f"over {since}"
            return Breach(what, test.since[0], advice, "tenure", substance=said, pending=True, day=last)
        if not test.warn or full < test.warn:
            return None
        last = add_years(since, test.years)
        what = f"{label} {since}，已满 {full} 年，到 {last} 满 {test.years} 年"
        advice = "请提前安排交流。"
        return Breach(what, test.since[0], advice, "near", "note", substance=f"near {since}", pending=True, day=last)

    return judge
