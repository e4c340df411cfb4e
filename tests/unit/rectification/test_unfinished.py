"""What is still to be done in each part of a problem."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.records import Category, Measure, OngoingItem, Problem
from db.store.replica import Installation
from desktop_app.rectification import closing, evidence, unfinished

DAY = date(2026, 12, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    made.act(Deed("填", "王", (create(Category, "c", title="类"), create(Problem, "p", number=1, title="甲"))))
    return made


def change(ledger: Ledger, **values: object) -> None:
    problem = ledger.get(Problem, "p")
    assert problem is not None
    ledger.act(Deed("改", "王", (edit(problem, **values),)))  # type: ignore[arg-type]


def test_each_mark_goes_when_its_part_is_done(ledger: Ledger) -> None:
    def marks() -> dict[str, str]:
        return unfinished.marks(ledger, "p", DAY)

    assert marks() == {"problem": "还没有填：问题类别、责任人、整改时限、进展状态", "measure": "还没有措施"}
    change(ledger, category="c", responsible="张三", progress="under_way", mode="kept_up")
    ledger.act(Deed("填", "王", (create(Measure, "m", problem="p", lead="一", progress="under_way"),)))
    assert marks() == {"measure": "还有 1 条没有完成"}, "what is kept up needs no deadline"
    late = create(OngoingItem, "o", problem="p", content="继续", due=Deadline("上月底前", date(2026, 11, 30)))
    ledger.act(Deed("填", "王", (late,)))
    change(ledger, mode=None, due=Deadline("年底前", date(2026, 12, 31)))
    assert marks()["ongoing_item"] == "1 项已超期或没有时限"
    for one in (ledger.get(Measure, "m"), ledger.get(OngoingItem, "o")):
        assert one is not None
        ledger.act(Deed("改", "王", (edit(one, progress="done"),)))
    assert marks() == {}
    change(ledger, progress="done")
    assert marks() == {"evidence": "还没有存入文件的佐证", "closing": "已完成，还没有销号"}
    evidence.paste(ledger, "p", b"png", "王")
    closing.apply(ledger, "p", "都改了", "张三", DAY, "王")
    closing.opine(ledger, "p", "agree", "", "书记", DAY, "王", stage="party")
    assert marks() == {}
    assert unfinished.marks(ledger, "gone", DAY) == {}
