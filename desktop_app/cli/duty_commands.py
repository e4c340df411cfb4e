"""The command that tells what is to be done: ``zhenggai duties``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Annotated, Any

import typer

from db import clock
from db.schema.kinds import Publicity
from desktop_app.cli.category_commands import named
from desktop_app.cli.ledger_commands import FIRST_YEAR, LAST_YEAR, Json, LedgerPath, OfUnit, day, opened
from desktop_app.cli.printing import DONE, FOUND, tell
from desktop_app.cli.sheet_commands import level, table_lines
from desktop_app.rectification import duty_calendar, ledgers, reminders
from desktop_app.rectification.duty_calendar import STATES, DutyCell, DutyLine
from desktop_app.rectification.finding import may_show, stricter, told
from desktop_app.rectification.reminders import GROUPS, Reminder

_WIDEST = 30
_PRESSING = ("overdue", "missing")
"""What makes the exit code 1: what is not yet due does not."""


def duties(
    ledger: LedgerPath,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            min=FIRST_YEAR,
            max=LAST_YEAR,
            help="还列出这一年的义务日历，如 2021",
            show_default=False,
        ),
    ] = None,
    unit: OfUnit = "",
    category: Annotated[
        str, typer.Option("--category", metavar="CATEGORY", help="只看哪个类别", show_default=False)
    ] = "",
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="按哪一天算，如 2021-12-31；默认今天", show_default=False)
    ] = "",
    publicity: Annotated[
        str, typer.Option("--publicity", metavar="LEVEL", help="写明到哪一级：公开、党内通报、不公开")
    ] = "不公开",
    json: Json = False,
) -> int:
    """列出要办的事：超期的、快到期的、缺漏的、没有达到的目标。有超期或缺漏时返回 1。"""
    shown = level(publicity)
    with opened(ledger) as facts:
        today = day(on, "--on ") or clock.today()
        only = (named(facts, category),) if category else None
        chosen = ledgers.find_unit(facts, unit).id if unit else None
        found = reminders.reminders(facts, today, chosen, only)
        calendar = duty_calendar.lines(facts, year, today, chosen, only) if year else []
        calendar = [one for one in calendar if stricter(one.publicity, shown) == shown]
    lines = [*_reminded(found, shown), *(_calendar(calendar, year) if year else ())]
    data: dict[str, Any] = {"as_of": today.isoformat(), "duties": [_data(one, shown) for one in found]}
    if year:
        data["calendar"] = {"year": year, "lines": [_line(one) for one in calendar]}
    tell(lines, data, as_json=json)
    return FOUND if any(one.group in _PRESSING for one in found) else DONE


def _reminded(found: Sequence[Reminder], shown: Publicity) -> Iterator[str]:
    if not found:
        yield "没有超期的，也没有快到期、缺漏的。"
    for group, some in groupby(found, key=lambda one: one.group):
        listed = list(some)
        yield f"【{GROUPS[group]}】{len(listed)} 项"
        for one in listed:
            about = f"（{one.finding.about}）" if one.finding.about else ""
            yield f"[{one.state_words or GROUPS[group]}] {told(one.finding, shown)}{one.finding.advice}{about}"


def _calendar(lines: Sequence[DutyLine], year: int) -> Iterator[str]:
    if not lines:
        yield f"{year}年没有定期的义务。"
        return
    signs = "，".join(f"{sign} {words}" for sign, words in STATES.values())
    yield f"【{year}年义务日历】{signs}"
    months = [f"{month}月" for month in range(1, duty_calendar.MONTHS + 1)]
    table = [[one.title, one.every, one.subject, *_months(one.cells)] for one in lines]
    yield from table_lines(("义务", "周期", "对象", *months), table, _WIDEST)


def _months(cells: Sequence[DutyCell]) -> Iterator[str]:
    """A cell of several months stands in the last of them."""
    for one in cells:
        yield from ("" for _ in range(one.last - one.first))
        yield one.words


def _data(one: Reminder, shown: Publicity) -> dict[str, Any]:
    """A reminder as programs read it; of what is withheld only that there is something."""
    finding, open_ = one.finding, may_show(one.finding, shown)
    return {
        "group": one.group,
        "category": one.category,
        "days": one.days,
        "day": finding.day,
        "sentence": told(finding, shown),
        "advice": finding.advice,
        "rule": finding.rule,
        "basis": finding.basis,
        "record": finding.record,
        "id": finding.id if open_ else "",
        "field": finding.field,
    }


def _line(one: DutyLine) -> dict[str, Any]:
    def iso(value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    cells = [
        {"start": iso(c.start), "end": iso(c.end), "state": c.state, "day": iso(c.day), "kept": c.kept, "owed": c.owed}
        for c in one.cells
    ]
    return {"rule": one.rule, "title": one.title, "register": one.register, "subject": one.subject, "cells": cells}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("duties")(duties)
