"""Slips in bulk: 500 reminders, chasing slips and assignments, from the ledger to one file, against 100 a second."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from db.ledger.change import Deed, Edit, create
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.records import Inspection, Measure, OngoingItem, Problem, Unit
from db.store.replica import Installation
from desktop_app.notices import papers
from desktop_app.notices.wanted import Kind, Wanted

from .measure import Ratio, in_turn

DAY = date(2021, 11, 8)
COUNT = 500
A_SECOND = 100
_UNITS = 20
_ROUNDS = 3


def print_slips(folder: Path) -> Iterator[Ratio]:
    """Each kind in one job, facts read once, composed, typeset and drawn."""
    folder.mkdir(exist_ok=True)
    ledger = _ledger(folder)
    try:
        for name in ("reminder", "chasing", "assignment"):
            kind = papers.kind_named(name)
            wanted = Wanted(DAY, readers=kind.readers, options=kind.begun())

            def job(kind: Kind = kind, wanted: Wanted = wanted) -> int:
                return len(papers.to_bytes(papers.made(ledger, kind, wanted), "pdf"))

            (seconds,) = in_turn(_ROUNDS, job)
            yield Ratio(f"{COUNT} of {name}, against {A_SECOND} a second", seconds, COUNT / A_SECOND, 1.0)
    finally:
        ledger.close()


def _ledger(folder: Path) -> Ledger:
    """So many overdue problems of twenty units, each with a measure and something that goes on."""
    made = Ledger.create(folder / "台账.zgl", Installation(folder / "home"))
    made.act(Deed("录入", "王某", tuple(_edits())))
    return made


def _edits() -> Iterator[Edit]:
    yield create(Inspection, "round", title="2021年市委第三轮巡察")
    for number in range(_UNITS):
        name = f"某市公安局第{number}分局"
        yield create(Unit, f"u{number}", name=name, short_name=f"第{number}分局", phones=("0000-1234567",))
    for number in range(COUNT):
        owner = f"p{number}"
        yield create(
            Problem, owner, unit=f"u{number % _UNITS}", inspection="round", number=number // _UNITS + 1,
            title=f"第{number}批案件底数不清、办理质量不高", lead_official="李某", lead_department="法制大队", handler="内勤",
            symptoms="部分案件长期无人复查，群众对进度不满意。", due=Deadline("2021年10月底前", date(2021, 10, 31)),
            progress="under_way",
        )  # fmt: skip
        yield create(Measure, f"m{number}", problem=owner, number=1, lead="健全机制。", body="建立台账，逐项销号。")
        content = f"继续清理第{number}批积案，逐案明确责任人和办结时间，按月通报进度。"
        yield create(
            OngoingItem, f"i{number}", problem=owner, content=content, due=Deadline("2021年9月底前", date(2021, 9, 30))
        )
