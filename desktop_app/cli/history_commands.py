"""Commands about what was: history, changes, past."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from db import clock
from db.errors import Refusal
from db.ledger import history, past
from db.ledger.facts import Facts
from desktop_app.cli.ledger_commands import Json, LedgerPath, day, opened
from desktop_app.cli.printing import DONE, progress, tell
from desktop_app.rectification import looking_back
from desktop_app.rectification.looking_back import DEEDS, EMPTY, Difference

_Since = Annotated[str, typer.Option("--since", metavar="DATE", help="只列这一天起的", show_default=False)]
_Until = Annotated[str, typer.Option("--until", metavar="DATE", help="只列到这一天的", show_default=False)]
_From = Annotated[str, typer.Option("--from", metavar="DATE", help="前一个时候：这一天结束时", show_default=False)]
_To = Annotated[
    str, typer.Option("--to", metavar="DATE", help="后一个时候：这一天结束时；不写是现在", show_default=False)
]
_Output = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="写到这个台账文件（.zgl）")]


def history_of(
    ledger: LedgerPath,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="最多列出几步", show_default=True)] = 50,
    actor: Annotated[str, typer.Option("--actor", metavar="NAME", help="只列此人的", show_default=False)] = "",
    since: _Since = "",
    until: _Until = "",
    words: Annotated[str, typer.Option("--words", metavar="TEXT", help="只列有这些字的", show_default=False)] = "",
    json: Json = False,
) -> int:
    """列出谁在什么时候做了什么，最近的在前。"""
    first, last = day(since, "--since"), day(until, "--until")
    only: dict[str, Any] = {"actor": actor} if actor else {}
    with opened(ledger) as facts:
        entries = history.entries(
            facts,
            limit=limit,
            words=words,
            since=clock.stamp(datetime.combine(first, time()).astimezone()) if first is not None else "",
            until=clock.stamp(looking_back.end_of(last)) if last is not None else "",
            **only,
        )
    lines = [f"{clock.moment(e.time).astimezone():%Y-%m-%d %H:%M}  {e.actor}  {e.sentence}" for e in entries]
    told: list[dict[str, Any]] = [
        {**e.__dict__, "touched": [{"record": t.record, "id": t.id, "fields": t.fields} for t in e.touched]}
        for e in entries
    ]
    tell(lines or ["还没有记录。"], {"history": told}, as_json=json)
    return DONE


def changes(ledger: LedgerPath, first: _From, last: _To = "", json: Json = False) -> int:
    """对比台账的两个时候：哪些记录新增、修改、删除了，原来是什么，改成什么。"""
    since, until = _day(first, "--from"), day(last, "--to")
    if until is not None and until < since:
        raise Refusal("后一个时候早于前一个。", "请把 --from 写成较早的一天。", "history")
    with opened(ledger) as facts:
        then = history.position_at(facts, looking_back.end_of(since))
        now = history.position_at(facts, looking_back.end_of(until)) if until is not None else facts.position()
        found = looking_back.between(facts, then, now)
    lines = [line for one in found for line in _lines(one)]
    data = [{**one.__dict__, "cells": [cell.__dict__ for cell in one.cells]} for one in found]
    tell(lines or ["这两个时候的台账没有差别。"], {"changes": data}, as_json=json)
    return DONE


def _day(text: str, what: str) -> date:
    found = day(text, what)
    if found is None:
        raise Refusal(f"没有写{what}的日期。", "请写成 2021-12-31。", "command-line")
    return found


def _lines(one: Difference) -> list[str]:
    head = f"{DEEDS[one.what]}  {one.title}“{one.line}”"
    if one.what != "changed":
        return [head]
    return [head, *(f"    {cell.label}：{cell.before or EMPTY} → {cell.after or EMPTY}" for cell in one.cells)]


def past_of(
    ledger: LedgerPath,
    then: Annotated[str, typer.Argument(metavar="DATE", help="哪一天，如 2021-11-03", show_default=False)],
    output: _Output,
    json: Json = False,
) -> int:
    """把台账在某一天结束时的样子存成另一个台账文件。"""
    wanted = _day(then, "日期")
    if output.suffix.lower() != ".zgl":
        raise Refusal(f"台账文件要以 .zgl 结尾：{output}", "请改文件名。", "command-line")
    if output.exists():
        raise Refusal(f"已经有这个文件：{output}", "请换一个文件名。", "command-line")
    told = progress("取出", as_json=json)
    with opened(ledger) as facts:
        position = _position(facts, wanted)
        past.put_down(facts, position, output, lambda done: told(int(done * 100), 100))
    tell([f"已存成 {output}（前 {position} 条记录）。"], {"ledger": str(output), "position": position}, as_json=json)
    return DONE


def _position(facts: Facts, then: date) -> int:
    moment = looking_back.end_of(then)
    position = history.position_at(facts, moment)
    if not position:
        history.as_of(facts, moment)  # it says since when there is something
    return position


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    for name, command in (("history", history_of), ("changes", changes), ("past", past_of)):
        app.command(name)(command)
