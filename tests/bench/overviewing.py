"""The counts of the overview, beside reading the same tables once and counting nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from db import clock
from db.ledger.ledger import Ledger
from desktop_app.rectification import lately, situation

from .measure import Ratio, in_turn


def count_and_tell(ledger: Ledger) -> Iterator[Ratio]:
    """How the problems stand, and what was done in a week in which everything was done."""
    today = clock.today()
    problem, log = ledger.tables.records["problem"].table, ledger.tables.log

    def scan(query: object) -> None:
        with ledger.reading() as connection:
            connection.execute(query).all()  # type: ignore[call-overload]

    ours, floor = in_turn(
        5,
        lambda: situation.situation(ledger, today),
        lambda: scan(select(func.count()).where(problem.c.progress == "never")),
    )
    count = sum(lot.number for lot in situation.situation(ledger, today).lots)
    yield Ratio(f"how {count:,} problems stand, beside a scan", ours, floor, 12)
    ours, floor = in_turn(
        5, lambda: lately.week(ledger, today), lambda: scan(select(func.count()).where(log.c.actor == "nobody"))
    )
    yield Ratio("what was done this week, beside a scan of the log", ours, floor, 12)
