"""An invented ledger of two branches whose problems press in every colour, for the tests of slips."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from db.ledger.change import Deed, Edit, create
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.record import Record
from db.schema.records import Inspection, OngoingItem, Person, Problem, Unit
from db.store.replica import Installation

DAY = date(2021, 11, 8)


def due(days: int, words: str = "") -> Deadline:
    day = DAY + timedelta(days=days)
    return Deadline(words or f"{day.year}年{day.month}月{day.day}日前", day)


def put(ledger: Ledger, cls: type[Record], identifier: str, **values: Any) -> None:
    ledger.act(Deed("填写", "王", (create(cls, identifier, **values),)))


def made(folder: Path) -> Ledger:
    """Branch 东湖: a green, a yellow, two red problems, one far off, one done; branch 西山: a red one, not public."""
    ledger = Ledger.create(folder / "台账.zgl", Installation(folder / "home"))

    def problem(identifier: str, days: int, **values: Any) -> Edit:
        own = {"unit": "east", "inspection": "round", "due": due(days), "progress": "under_way"}
        return create(Problem, identifier, **{**own, **values})

    ledger.act(
        Deed(
            "开始",
            "王",
            (
                create(Unit, "city", name="某市公安局", short_name="市局"),
                create(
                    Unit, "east", name="某市公安局东湖分局", organ="中共某市公安局东湖分局党组", short_name="东湖分局",
                    parent="city", phones=("0000-1234567",), contact_person="整改办",
                ),
                create(Unit, "west", name="某市公安局西山分局", short_name="西山分局", parent="city"),
                create(Person, "deputy", unit="east", name="赵六", post="党组副书记"),
                create(Person, "secretary", unit="east", name="钱七", post="党组书记、局长"),
                create(Inspection, "round", title="2021年市委第三轮巡察"),
                problem("green", 15, number=1, title="台账不清", handler="孙八", lead_official="李九"),
                problem("yellow", 5, number=2, title="油卡管理松散", handler="周十", lead_official="李九"),
                problem("red", -3, number=3, title="涉案财物清理不及时", lead_official="李九", symptoms="部分财物超期未还。"),
                problem("late", 60, number=4, title="培训不足", handler="吴一"),
                problem("far", 90, number=5, title="制度滞后"),
                problem("done", -9, number=6, title="值班脱岗", progress="done"),
                problem("west", -20, number=1, title="串案未结", unit="west", publicity="internal"),
                create(OngoingItem, "item", problem="late", content="完成全员轮训，补训{补训人数}。", due=due(-1)),
            ),
        )
    )  # fmt: skip
    return ledger
