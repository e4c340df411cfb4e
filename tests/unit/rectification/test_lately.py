"""What was done in the last week: by whom, on which day, in whose words; and what came from others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from db.ledger import history
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.records import Problem
from db.store.replica import Installation
from desktop_app.rectification import lately

TODAY = date(2021, 11, 10)


class Hand:
    """A ledger written into at any moment."""

    def __init__(self, path: Path, home: Path) -> None:
        self.now = datetime(2021, 1, 1, tzinfo=UTC)
        clock = lambda: self.now  # noqa: E731
        machine = Installation(home)
        self.ledger = (
            Ledger.open(path, machine, clock=clock) if path.exists() else Ledger.create(path, machine, clock=clock)
        )

    def write(self, day: date, actor: str, *titles: str) -> None:
        self.now = datetime.combine(day, time(9)).astimezone(UTC)
        self.ledger.act(Deed(f"录入{'、'.join(titles)}", actor, tuple(create(Problem, title=one) for one in titles)))


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    made = Hand(tmp_path / "台账.zgl", tmp_path / "home")
    yield made
    made.ledger.close()


def test_deeds_are_told_by_person_and_day(hand: Hand) -> None:
    for days, actor in ((40, "王"), (7, "王"), (6, "王"), (2, "李"), (0, "王"), (0, "王")):
        hand.write(TODAY - timedelta(days=days), actor, f"{days}天前", "又一个")
    found = lately.week(hand.ledger, TODAY)
    assert (found.first, found.last, found.all, found.came) == (TODAY - timedelta(days=6), TODAY, 4, 0)
    assert [(one.actor, one.sentence) for one in found.deeds] == [
        ("王", "录入0天前、又一个"), ("王", "录入0天前、又一个"), ("李", "录入2天前、又一个"), ("王", "录入6天前、又一个"),
    ]  # fmt: skip
    assert found.people() == [("王", (1, 0, 0, 0, 0, 0, 2)), ("李", (0, 0, 0, 0, 1, 0, 0))]
    assert all(hand.ledger.find(one.record, one.id) for one in found.deeds)
    assert all(one.own for one in found.deeds)
    few = lately.week(hand.ledger, TODAY, most=1)
    assert (few.all, len(few.deeds)) == (4, 1)
    before = lately.week(hand.ledger, TODAY - timedelta(days=5))
    assert [one.sentence[2:5] for one in before.deeds] == ["6天前", "7天前"]
    assert lately.week(hand.ledger, TODAY - timedelta(days=300)).all == 0


def test_what_others_did_counts_on_its_day_and_older_work_as_having_come(hand: Hand, tmp_path: Path) -> None:
    hand.write(TODAY - timedelta(days=90), "王", "起")
    shutil.copyfile(hand.ledger.path, tmp_path / "他们.zgl")
    theirs = Hand(tmp_path / "他们.zgl", tmp_path / "其他电脑")
    theirs.write(TODAY - timedelta(days=30), "赵", "早")
    theirs.write(TODAY - timedelta(days=3), "赵", "晚")
    hand.now = datetime.combine(TODAY, time(10)).astimezone(UTC)
    hand.ledger.merge(list(history.changes(theirs.ledger)))
    found = lately.week(hand.ledger, TODAY)
    assert [(one.actor, one.sentence, one.own) for one in found.deeds] == [("赵", "录入晚", False)]
    assert (found.all, found.came) == (1, 1)
    theirs.ledger.close()


def test_a_ledger_without_deeds_has_an_empty_week(hand: Hand) -> None:
    found = lately.week(hand.ledger, TODAY)
    assert (found.all, found.deeds, found.people()) == (0, (), [])
    assert len(found.days) == lately.DAYS
