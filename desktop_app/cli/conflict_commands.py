"""Commands over what branches disagree on, and over whom a ledger exchanges with: conflicts, decide, peers."""

from __future__ import annotations

from typing import Annotated

import typer

from db.errors import Refusal
from db.exchange import peers
from db.ledger import conflicts as disputes
from desktop_app.cli.ledger_commands import Actor, Json, LedgerPath, acting, opened
from desktop_app.cli.printing import DONE, FOUND, tell
from desktop_app.rectification import conflicts

TOPIC = "exchange"
_FEW = 20


def conflicts_of(ledger: LedgerPath, json: Json = False) -> int:
    """列出待裁定的冲突：两边各填了什么，谁在什么时候填的。有冲突返回 1。"""
    with opened(ledger) as facts:
        found = disputes.conflicts(facts)
        known, owned = conflicts.sides(facts), conflicts.owners(facts, found)
        lines, data = [], []
        for one in found:
            unit = conflicts.unit_name(facts, owned[conflicts.code(one)])
            rivals = [
                {
                    "value": conflicts.shown(facts, one, rival.value),
                    "unit": known.of(one, rival)[1],
                    "actor": rival.actor,
                    "time": rival.time,
                    "mine": rival.hash in one.own,
                }
                for rival in one.rivals
            ]
            lines.append(f"{conflicts.code(one)}  {conflicts.named(facts, one)}" + (f"（{unit}）" if unit else ""))
            lines.append(f"    原来：{conflicts.shown(facts, one, one.before)}")
            for number, rival in enumerate(rivals, start=1):
                lines.append(
                    f"    {number}. {rival['value']}  {rival['unit']} {rival['actor']}{' （本台账）' if rival['mine'] else ''}"
                )
            data.append(
                {
                    "conflict": conflicts.code(one),
                    "record": one.record,
                    "id": one.id,
                    "field": one.field,
                    "title": conflicts.named(facts, one),
                    "owner": unit,
                    "since": one.since,
                    "before": conflicts.shown(facts, one, one.before),
                    "rivals": rivals,
                    "proposal": conflicts.proposal(one),
                }
            )
    tell(lines or ["没有待裁定的冲突。"], {"conflicts": data}, as_json=json)
    return FOUND if found else DONE


def decide(
    ledger: LedgerPath,
    conflict: Annotated[
        str, typer.Argument(metavar="CONFLICT", help="冲突的编号，见 conflicts", show_default=False)
    ] = "",
    mine: Annotated[bool, typer.Option("--mine", help="用本台账填的")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="用对方填的")] = False,
    take: Annotated[int, typer.Option("--take", metavar="N", help="用第几个值", show_default=False)] = 0,
    value: Annotated[
        str | None, typer.Option("--value", metavar="TEXT", help="改成这个内容", show_default=False)
    ] = None,
    rule: Annotated[
        str,
        typer.Option(
            "--rule", metavar="RULE", help="不写编号，全部按规则：newer 后写的，owner 所属单位的", show_default=False
        ),
    ] = "",
    actor: Actor = "",
    json: Json = False,
) -> int:
    """裁定冲突。"""
    if [mine, theirs, bool(take), value is not None, bool(rule)].count(True) != 1 or bool(conflict) == bool(rule):
        raise Refusal(
            "没有写明怎样裁定。",
            "写冲突编号和 --mine、--theirs、--take、--value 之一；或不写编号，写 --rule。",
            "command-line",
        )
    with opened(ledger) as facts:
        found = disputes.conflicts(facts)
        if rule:
            deed = disputes.decide_many(facts, found, conflicts.rule_named(facts, found, rule), acting(actor))
        else:
            one = conflicts.find(found, conflict)
            if value is not None:
                stored = conflicts.typed(facts, one, value)
            elif take:
                if not 1 <= take <= len(one.rivals):
                    raise Refusal(f"没有第 {take} 个值。", f"这处冲突有 {len(one.rivals)} 个值。", TOPIC)
                stored = one.rivals[take - 1].value
            else:
                stored = conflicts.of_side(one, "mine" if mine else "theirs").value
            deed = disputes.decision(facts, one, stored, acting(actor))
        done = facts.act(deed) if deed is not None else None
        left = len(disputes.conflicts(facts))
    sentence = f"{done.sentence}。" if done is not None else "没有可以按这条规则裁定的冲突。"
    tell(
        [sentence, f"还有 {left} 处待裁定。"],
        {"deed": done.deed if done else "", "sentence": sentence, "left": left},
        as_json=json,
    )
    return FOUND if left else DONE


def peers_of(ledger: LedgerPath, json: Json = False) -> int:
    """列出交换过的单位：收到第几号包，对方还缺多少，几天没有来文。有过期的返回 1。"""
    with opened(ledger) as facts:
        found = peers.standings(facts)
    lines, data = [], []
    for one in found:
        name = one.peer.party.name or one.peer.id[:8]
        days = "没有收到过文件" if one.days is None else f"{one.days} 天前来文"
        number = f"，收到 {one.peer.number} 号包" if one.peer.number else ""
        missing = f"，缺 {'、'.join(map(str, one.peer.missing[:_FEW]))} 号" if one.peer.missing else ""
        lines.append(f"{name}：{days}{number}{missing}；对方缺本台账 {one.owed} 条{'；已过期' if one.overdue else ''}")
        data.append(
            {
                "peer": one.peer.id,
                "name": name,
                "number": one.peer.number,
                "missing": list(one.peer.missing),
                "made": one.peer.made,
                "taken": one.peer.taken,
                "receipt": one.peer.receipt,
                "days": one.days,
                "owed": one.owed,
                "due": one.due.isoformat() if one.due else None,
                "overdue": one.overdue,
            }
        )
    tell(lines or ["还没有与别的单位交换过文件。"], {"peers": data}, as_json=json)
    return FOUND if any(one.overdue for one in found) else DONE


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    app.command("conflicts")(conflicts_of)
    app.command("decide")(decide)
    app.command("peers")(peers_of)
