"""When the next exchange file of an office is due, as agreed with it: what the clerk is reminded of beside rules and deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from db import clock
from db.exchange import peers
from db.exchange.peers import Peer
from db.ledger.facts import Facts
from desktop_app.rectification.finding import Finding
from desktop_app.rectification.warning_days import Days

CODE = "peer"
TITLE = "数据交换"


def due(one: Peer) -> date | None:
    """The day by which the next file of an office should be here; None where nothing is agreed or none ever came."""
    if not one.every or not clock.readable(one.taken):
        return None
    return clock.moment(one.taken).astimezone().date() + timedelta(days=one.every)


def findings(facts: Facts, today: date, days: Days) -> Iterator[tuple[Finding, bool]]:
    """Offices whose file is overdue (True) or due within the next days (False). ``id`` of the finding is that of the peer."""
    for one in peers.peers(facts):
        day = due(one)
        if day is None or not (day < today or days.near((day - today).days)):
            continue
        name = one.party.name or "一个没有写名称的单位"
        last = f"上次收到是 {clock.moment(one.taken).astimezone():%Y-%m-%d}，约定每 {one.every} 天一次"
        late = day < today
        sentence = f"“{name}”的交换文件{'过期没来' if late else '快到期了'}（应于 {day} 前）：{last}。"
        advice = "请打电话催一下，收到后到“交换”页并入。" if late else "请提醒对方按时交来。"
        yield (
            Finding(
                CODE, "warning" if late else "note", sentence, advice, id=one.id, pending=True, day=day, matter=one.id
            ),
            late,
        )
