"""The command over likely twins: ``review`` lists them, says of two records that they are the same or not, and takes it back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from db.errors import Refusal
from db.ledger import sameness
from db.ledger.change import Outcome
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.ledger.lines import lines_of
from desktop_app.cli.ledger_commands import Actor, Json, LedgerPath, acting, opened
from desktop_app.cli.printing import DONE, FOUND, tell
from desktop_app.rectification.twins import verdicts
from desktop_app.rectification.twins.keys import place_of, registers
from desktop_app.rectification.twins.review import MOST, Likely, review

TOPIC = "duplicates"
Two = tuple[str, str]


def review_of(
    ledger: LedgerPath,
    same: Annotated[
        Two | None, typer.Option("--same", metavar="A B", help="这两条是同一个（写编号）", show_default=False)
    ] = None,
    differ: Annotated[
        Two | None, typer.Option("--differ", metavar="A B", help="这两条不是同一个", show_default=False)
    ] = None,
    undo: Annotated[
        Two | None, typer.Option("--undo", metavar="A B", help="取消对这两条的认定", show_default=False)
    ] = None,
    main: Annotated[
        str, typer.Option("--main", metavar="ID", help="统计时以哪一条为准，可与 --same 一起用", show_default=False)
    ] = "",
    register: Annotated[
        str, typer.Option("--register", metavar="NAME", help="只看一个表，如 车辆", show_default=False)
    ] = "",
    settled: Annotated[bool, typer.Option("--settled", help="列出已经认定的")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="每个表最多列几对")] = MOST,
    actor: Actor = "",
    json: Json = False,
) -> int:
    """列出可能重复登记的单位、人员和登记表的行；认定是不是同一个。有没认定的返回 1。"""
    told = [one for one in (same, differ, undo) if one is not None]
    if len(told) > 1 or (main and (differ or undo)) or (settled and (told or main)):
        raise Refusal("一次只能做一件事。", "--same、--differ、--undo、--settled 写其中一个。", "command-line")
    with opened(ledger) as facts:
        if told or main:
            done = _done(facts, same, differ, undo, main, acting(actor))
            tell([f"{done.sentence}。"], {"deed": done.deed, "sentence": done.sentence}, as_json=json)
            return DONE
        only = _wanted(facts, register)
        if settled:
            lines, data = _settled(facts, only)
            tell(lines or ["还没有认定过。"], data, as_json=json)
            return DONE
        found = review(facts, only, most=limit)
    lines = [line for one in found.pairs for line in _lines(one)]
    if found.more:
        lines.append(f"还有 {found.more} 对没有列出，可以用 --limit 多列几对。")
    data = {"pairs": [_data(one) for one in found.pairs], "more": found.more}
    tell(lines or ["没有疑似重复的记录。"], data, as_json=json)
    return FOUND if found.pairs else DONE


def _done(ledger: Ledger, same: Two | None, differ: Two | None, undo: Two | None, main: str, actor: str) -> Outcome:
    """Does what is asked."""
    pair = same or differ or undo or (main, main)
    record = place_of(ledger, pair)
    if same is not None:
        return verdicts.link(ledger, record, *same, actor, main=main)
    if differ is not None:
        return verdicts.tell_apart(ledger, record, *differ, actor)
    if undo is not None:
        return verdicts.take_back(ledger, record, *undo, actor)
    return verdicts.choose_main(ledger, record, main, actor)


def _wanted(facts: Facts, register: str) -> tuple[str, ...]:
    """The schema of a register as somebody calls it; all of them without a name."""
    if not register:
        return ()
    names = [name for name in registers(facts) if register in (name, facts.schema(name).title)]
    if not names:
        known = "、".join(dict.fromkeys(facts.schema(name).title for name in registers(facts)))
        raise Refusal(f"没有可以查重的表“{register[:40]}”。", f"可以写：{known}。" if known else "", TOPIC)
    return tuple(names)


def _lines(one: Likely) -> list[str]:
    differing = "；".join(f"{each.label}：{each.one or '（空）'} / {each.other or '（空）'}" for each in one.differing)
    return [
        f"{one.title}：{one.reason}",
        f"    {one.one}  {one.lines[0]}",
        f"    {one.other}  {one.lines[1]}",
        f"    不同：{differing}" if differing else "    填的内容都一样",
    ]


def _data(one: Likely) -> dict[str, Any]:
    return {
        "record": one.record,
        "title": one.title,
        "ids": list(one.ids),
        "lines": list(one.lines),
        "reason": one.reason,
        "level": one.level,
        "sureness": one.sureness,
        "branches": one.branches,
        "differing": [
            {"field": each.field, "label": each.label, "values": [each.one, each.other]} for each in one.differing
        ],
    }


def _settled(facts: Facts, only: tuple[str, ...]) -> tuple[list[str], dict[str, Any]]:
    """What was judged, in lines and as data."""
    lines: list[str] = []
    same: list[dict[str, Any]] = []
    apart: list[dict[str, Any]] = []
    for record in only or tuple(dict.fromkeys((*registers(facts), *verdicts.judged(facts)))):
        groups, pairs = sameness.groups(facts, record), sameness.told_apart(facts, record)
        title = facts.schema(record).title
        ids = {one for group in groups for one in group.members} | {one for pair in pairs for one in pair[1:3]}
        named = lines_of(facts, record, ids)
        for group in groups:
            lines.append(f"{title}：是同一个")
            lines += [
                f"    {one}  {named.get(one, '')}{'（为准）' if one == group.main else ''}" for one in group.members
            ]
            same.append({"record": record, "members": list(group.members), "main": group.main})
        for pair in pairs:
            lines.append(f"{title}：不是同一个")
            lines += [f"    {one}  {named.get(one, '')}" for one in (pair.first, pair.second)]
            apart.append({"record": record, "ids": [pair.first, pair.second]})
    return lines, {"same": same, "different": apart}


def register(app: typer.Typer) -> None:
    """Puts the command of this module under its name."""
    app.command("review")(review_of)
