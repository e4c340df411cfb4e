"""The command that tells how a ledger stands: ``zhenggai overview``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

import typer

from db import clock
from desktop_app.cli.ledger_commands import Json, LedgerPath, OfUnit, day, opened
from desktop_app.cli.printing import DONE, tell
from desktop_app.cli.sheet_commands import table_lines
from desktop_app.rectification import contacts, lately, ledgers, situation
from desktop_app.rectification.contacts import Contact, OpenConflicts
from desktop_app.rectification.lately import Week
from desktop_app.rectification.overview import STATES
from desktop_app.rectification.rows import with_below
from desktop_app.rectification.situation import RATE_NOTE, Line, Situation
from desktop_app.rectification.warning_days import round_days

_TOLD = 10
"""Conflicts and deeds that are listed."""


def overview(
    ledger: LedgerPath,
    unit: OfUnit = "",
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="按哪一天算，如 2021-12-31；默认今天", show_default=False)
    ] = "",
    json: Json = False,
) -> int:
    """总览：各状态、类别、单位的问题数，销号率，时限，冲突，与各单位的交换，近一周做了什么。"""
    with opened(ledger) as facts:
        today = day(on, "--on ") or clock.today()
        chosen = ledgers.find_unit(facts, unit).id if unit else None
        found = situation.situation(facts, today, None if chosen is None else with_below(facts, chosen))
        bands = situation.bands_told(round_days(facts))
        open_ones = contacts.open_conflicts(facts, today, chosen, _TOLD)
        others = contacts.contacts(facts, today)
        week = lately.week(facts, today)
    lines = [*_problems(found, bands), *_units(found, others), *_around(open_ones, others), *_week(week)]
    tell(lines, _data(found, open_ones, others, week), as_json=json)
    return DONE


def _problems(found: Situation, bands: Mapping[str, str]) -> Iterator[str]:
    if not found.all:
        yield "台账里还没有问题。可以用 zhenggai intake 导入旧通报，或在窗口里新建。"
        return
    yield f"【问题】{found.all} 个，完成整改 {found.finished} 个"
    yield "状态：" + _counts(STATES, found.by_state)
    yield "时限：" + _counts(bands, found.by_band)
    yield f"销号率 {found.rate.percent}（{found.rate.words}）"
    yield RATE_NOTE
    yield "【按类别】"
    cells = [[one.name, str(one.all), str(one.finished), str(one.overdue)] for one in found.categories()]
    yield from table_lines(("类别", "问题", "已完成", "超期"), cells)


def _counts(names: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    return "，".join(f"{words} {numbers[name]}" for name, words in names.items() if numbers[name]) or "没有"


def _units(found: Situation, others: list[Contact]) -> Iterator[str]:
    lines = found.units()
    if len(lines) < 2:
        return
    yield "【按单位】"
    cells = [
        [
            one.name,
            str(one.all),
            str(one.finished),
            str(one.open),
            str(one.overdue),
            one.rate.percent,
            _last(others, one),
        ]
        for one in lines
    ]
    yield from table_lines(("单位", "应整改", "已完成", "正在推进", "超期", "销号率", "最近交换"), cells)


def _last(others: list[Contact], one: Line) -> str:
    known = contacts.last_from(others, one.id)
    return f"{known.last}" if known is not None and known.last is not None else "—"


def _around(open_ones: OpenConflicts, others: list[Contact]) -> Iterator[str]:
    if open_ones.all:
        yield f"【待裁定冲突】{open_ones.all} 处"
    for one in open_ones.oldest:
        yield f"{one.code} {one.words}（{one.owner}，已 {one.days} 天）"
    if others:
        yield "【往来单位】"
    for other in others:
        yield f"{other.name}：{other.words}"


def _week(week: Week) -> Iterator[str]:
    yield f"【近一周】{week.first} 至 {week.last}，共 {week.all} 步" + (
        f"，另收到以前的 {week.came} 步" if week.came else ""
    )
    for who, numbers in week.people():
        yield f"{who}：{sum(numbers)} 步"
    for one in week.deeds[:_TOLD]:
        yield f"{one.moment:%m-%d %H:%M} {one.actor} {one.sentence}"


def _data(found: Situation, open_ones: OpenConflicts, others: list[Contact], week: Week) -> dict[str, Any]:
    def iso(value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    def line(one: Line) -> dict[str, Any]:
        told = {"id": one.id, "name": one.name, "all": one.all, "finished": one.finished, "open": one.open}
        return {**told, "overdue": one.overdue, "closed": one.rate.closed, "to_close": one.rate.due}

    return {
        "as_of": found.today.isoformat(),
        "all": found.all,
        "finished": found.finished,
        "states": found.by_state,
        "due": found.by_band,
        "closing": {**found.rate._asdict(), "percent": found.rate.percent, "words": found.rate.words},
        "weeks": [{"first": iso(one.first), "last": iso(one.last), "count": one.number} for one in found.timeline()],
        "categories": [line(one) for one in found.categories()],
        "units": [line(one) for one in found.units()],
        "conflicts": {
            "all": open_ones.all,
            "oldest": [{"code": c.code, "words": c.words, "owner": c.owner, "days": c.days} for c in open_ones.oldest],
        },
        "offices": [
            {"name": c.name, "last": iso(c.last), "days": c.days, "due": iso(c.due), "overdue": c.overdue}
            for c in others
        ],
        "week": {
            "first": iso(week.first),
            "last": iso(week.last),
            "all": week.all,
            "came": week.came,
            "people": {who: list(numbers) for who, numbers in week.people()},
        },
    }


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("overview")(overview)
