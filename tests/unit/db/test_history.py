"""The ledger as of a moment, though this computer's clock was wrong for a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from db import clock
from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.records import Unit
from db.store.replica import Installation

START = datetime(2021, 7, 1, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    yield made
    made.close()


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def save(ledger: Ledger, *days: int) -> None:
    """One save for each day the computer's clock shows, two changes each."""
    for number in days:
        ledger.clock = partial(day, number)
        ledger.act(Deed("新建", "某人", (create(Unit, name="甲"), create(Unit, name="乙"))))


def saves(ledger: Ledger, number: float) -> int:
    """How many saves the ledger held at noon of that day."""
    position = history.position_at(ledger, START + timedelta(days=number, hours=12))
    assert position % 2 == 0  # never half a save
    return position // 2


AHEAD = 365 * 200
BEHIND = -365 * 50


def test_a_right_clock_is_believed(ledger: Ledger) -> None:
    save(ledger, 1, 2, 2, 5)
    assert [saves(ledger, n) for n in range(7)] == [0, 1, 3, 3, 3, 4, 4]


@pytest.mark.parametrize("wrong", [AHEAD, BEHIND, 9, -9], ids=["far ahead", "far behind", "ahead", "behind"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_wrong_clock_in_the_middle_spoils_no_other_day(ledger: Ledger, wrong: int, times: int) -> None:
    """The saves made under the wrong clock count as made right after the one before them; all others keep their days."""
    save(ledger, 1, 2, 3, *[wrong] * times, 5, 6, 7)
    early = saves(ledger, 3)
    assert [saves(ledger, n) for n in (0, 1, 2)] == [0, 1, 2]
    assert early == 3 + times
    assert [saves(ledger, n) - times for n in (5, 6, 7, 400)] == [4, 5, 6, 6]
    assert [entry.taken for entry in history.entries(ledger)][3] == clock.stamp(day(wrong))


@pytest.mark.parametrize("wrong", [AHEAD, BEHIND, -9])
def test_a_wrong_clock_at_the_end(ledger: Ledger, wrong: int) -> None:
    save(ledger, 1, 2, 3, wrong)
    assert [saves(ledger, n) for n in (0, 1, 2, 3, 400)] == [0, 1, 2, 4, 4]


def test_a_wrong_clock_at_the_beginning(ledger: Ledger) -> None:
    save(ledger, AHEAD, 2, 3)
    assert [saves(ledger, n) for n in (1, 2, 3)] == [0, 2, 3]


def test_a_clock_that_was_always_ahead(ledger: Ledger) -> None:
    """Nothing tells when these were made, but they are there now."""
    save(ledger, AHEAD, AHEAD + 1)
    assert history.position_at(ledger, clock.now() + timedelta(days=1)) == 4
    with pytest.raises(Refusal, match="还没有记录"):
        history.as_of(ledger, day(3))


def test_many_saves_ahead_are_known_by_the_present(ledger: Ledger) -> None:
    """Set right after a hundred saves: what lies still ahead of now outvotes nobody."""
    save(ledger, 1, *range(AHEAD, AHEAD + 20), 2)
    assert [saves(ledger, n) for n in (0, 1, 2)] == [0, 21, 22]
