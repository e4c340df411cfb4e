"""全部、每、均、逐一: all rows are done, of so many that are there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from db.schema.definition import set_tests as tests
from desktop_app.rectification.ruling.breach import Breach
from desktop_app.rectification.ruling.ground import Ground

_NAMED = 3
"""Rows a sentence names."""


def last_day(by_day: str, today: date) -> date | None:
    """A day that stands in a definition (2021-12-31, or 12-31 of the year asked for); None for none, or one there is not."""
    if not by_day:
        return None
    try:
        return date.fromisoformat(by_day if len(by_day) == 10 else f"{today.year:04d}-{by_day}")
    except ValueError:  # 02-29 in a year that has none
        return None


def complete(ground: Ground, test: tests.Complete) -> Iterator[Breach]:
    """One breach for the whole register: 84 条中有 3 条未完成. From its day on an error, before it a note."""
    lines = ground.lines()
    done_of = lines.test(test.done)
    count, open_ones = 0, []
    for line in lines.read():
        count += 1
        if not done_of(line):
            open_ones.append(line[0])
    if not open_ones:
        return
    open_ones.sort()
    last = last_day(test.by_day, ground.today)
    severity = None if last is None else "error" if ground.today >= last else "note"
    by = "" if last is None else f"，应于 {last} 前全部完成"
    said = ground.saying.condition(ground.key, test.done)
    names = [f"“{ground.saying.pointed(ground.register.name, one)}”" for one in open_ones[:_NAMED]]
    told = "、".join(names) + ("等" if len(open_ones) > _NAMED else "")
    what = f"{count} 条中有 {len(open_ones)} 条未完成（{told}；{said}的才算完成）{by}"
    yield Breach(
        what,
        _field(test),
        "请逐条办理，办完的及时登记。",
        "complete",
        severity,  # type: ignore[arg-type]
        substance=" ".join(open_ones),
        rows=tuple(open_ones[1:]),
        pending=True,
        day=last,
        id=open_ones[0],
        named=False,
    )


def _field(test: tests.Complete) -> str:
    from db.schema.definition.conditions import paths

    return next((path[0] for path in paths(test.done)), "")
