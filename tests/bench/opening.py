"""Opening a large ledger and reading the problem list, against doing so with an empty one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from db.ledger.ledger import Ledger
from desktop_app.rectification import overview

from .measure import Ratio, in_turn


def open_and_list(ledger: Ledger) -> Iterator[Ratio]:
    """Opens the file anew and reads the list of all problems, as the window's list does."""
    empty = Ledger.create(ledger.path.with_name("空台账.zgl"), ledger.installation)
    empty.close()

    def opened(which: Ledger) -> int:
        found = Ledger.open(which.path, which.installation)
        rows = len(overview.rows(found, date(2021, 7, 5)))
        found.close()
        return rows

    full, floor = in_turn(5, lambda: opened(ledger), lambda: opened(empty))
    yield Ratio("open and list the problems, 100,000 records", full, floor, 1, extra=True)
