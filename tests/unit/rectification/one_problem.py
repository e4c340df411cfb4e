"""A ledger with one sound problem, and short words to put things into it and to look at what is found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Amount
from db.schema.record import Record
from db.schema.records import (
    Category,
    Figure,
    Problem,
    Unit,
)
from db.store.replica import Installation
from desktop_app.rectification import checks

TODAY = date(2021, 11, 20)
"""The day the tests look at it: what is due later is not overdue."""


def begun(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    unit = create(Unit, "u", name="某市公安局东山分局", phones=("0000-1234567",))
    problem = create(Problem, "p", unit="u", number=1, title="台账不清", category="c", progress="under_way")
    made.act(Deed("开始", "王", (unit, problem, create(Category, "c", title="其他"))))
    return made


def put(ledger: Ledger, cls: type[Record], **values: Any) -> str:
    one = create(cls, **values)
    ledger.act(Deed("填写", "王", (one,)))
    return one.id


def change(ledger: Ledger, **values: Any) -> None:
    problem = ledger.get(Problem, "p")
    assert problem is not None
    ledger.act(Deed("修改", "王", (edit(problem, **values),)))


def codes(ledger: Ledger, today: date = TODAY) -> list[str]:
    return sorted(f.code for f in checks.findings(ledger, today))


def figure_of(ledger: Ledger, name: str, number: str, unit: str = "件", **values: Any) -> str:
    return put(ledger, Figure, problem="p", name=name, value=Amount(Decimal(number), unit), **values)
