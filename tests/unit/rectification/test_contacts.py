"""Open conflicts by whose record it is and how old; offices by how long ago their last file came."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.exchange import merge, peers
from db.exchange.contents import Party, in_memory
from db.ledger import conflicts as disputes
from db.ledger import history
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.records import Problem, Unit
from db.store.replica import Installation
from desktop_app.rectification import conflicts, contacts
from desktop_app.rectification.ledgers import OWN_UNIT

CAME = datetime(2021, 11, 3, 4, tzinfo=UTC)


@pytest.fixture
def head(tmp_path: Path) -> Iterator[Ledger]:
    """Head office, which took on 3 November what a branch wrote against it in two problems."""
    now = [CAME - timedelta(days=9)]
    made = Ledger.create(tmp_path / "市局.zgl", Installation(tmp_path / "h"), clock=lambda: now[0])
    units = (create(Unit, "u-h", name="市局"), create(Unit, "u-e", name="东山分局", short_name="东山"))
    problems = (create(Problem, "p1", title="甲", unit="u-e"), create(Problem, "p2", title="乙", unit="u-h"))
    made.act(Deed("新建", "某人", (*units, *problems)))
    shutil.copyfile(made.path, tmp_path / "东山.zgl")
    east = Ledger.open(tmp_path / "东山.zgl", Installation(tmp_path / "e"))
    made.note(OWN_UNIT, "u-h")
    for ledger, who in ((east, "东"), (made, "市")):
        for one in ledger.all(Problem):
            ledger.act(Deed("改", f"{who}某", (edit(one, title=f"{who}改"),)))
    now[0] = CAME
    file = in_memory(history.changes(east), sender=Party(unit="u-e", name="东山分局"))
    merge.merge(made, [replace(file, series="东山", number=1)])
    yield made
    made.close()
    east.close()


def test_conflicts_are_told_with_their_owner_and_their_age(head: Ledger) -> None:
    today = CAME.astimezone().date() + timedelta(days=5)
    found = contacts.open_conflicts(head, today)
    assert found.all == len(disputes.conflicts(head)) == len(found.oldest) == 2
    assert {one.id: one.owner for one in found.oldest} == {"p1": "东山", "p2": "市局"}
    assert {one.days for one in found.oldest} == {5}
    assert {one.code for one in found.oldest} == {conflicts.code(one) for one in disputes.conflicts(head)}
    mine = contacts.open_conflicts(head, today, "u-e")
    assert (mine.all, [one.id for one in mine.oldest]) == (1, ["p1"])
    few = contacts.open_conflicts(head, today, most=1)
    assert (few.all, len(few.oldest)) == (2, 1)


def test_an_office_is_overdue_when_the_agreed_day_is_past(head: Ledger) -> None:
    came = CAME.astimezone().date()
    (one,) = contacts.contacts(head, came + timedelta(days=8))
    assert (one.name, one.unit, one.last, one.days, one.due, one.overdue) == ("东山分局", "u-e", came, 8, None, False)
    assert one.owed > 0
    assert one.words == "8 天前收到"
    peers.agree(head, peers.peer(head, "东山"), 7)
    (on_day,) = contacts.contacts(head, came + timedelta(days=7))
    (late,) = contacts.contacts(head, came + timedelta(days=8))
    assert (on_day.overdue, late.overdue) == (False, True)
    assert late.words == "8 天前收到，已过约定日期"
    assert contacts.last_from([late], "u-e") == late
    assert contacts.last_from([late], "u-h") is None
