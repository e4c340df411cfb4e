"""The tables are the log replayed: bit by bit, all at once, up to a moment, and whatever was in them before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from branches import STORIES, Step, do, log, offices, rows, whole
from hypothesis import given
from hypothesis import strategies as st

from db import clock
from db.errors import Refusal
from db.ledger import history
from db.ledger.health import health


@given(story=STORIES)
def test_tables_are_the_log_replayed(story: list[Step]) -> None:
    """Health finds nothing, and a rebuild changes no row."""
    with offices(3) as made:
        for step in story:
            do(made.ledgers, step)
        for ledger in made.ledgers:
            found = health(ledger)
            assert found.ailments == ()
            before = whole(ledger)
            assert ledger.rebuild() == found.changes == len(log(ledger))
            assert whole(ledger) == before


@given(story=STORIES, cut=st.integers(1, 30))
def test_as_of_is_the_replay_of_the_prefix(story: list[Step], cut: int) -> None:
    """The ledger at a position is what another one shows that took just these changes; so at the moment of taking."""
    with offices(3) as made:
        for step in story:
            do(made.ledgers, step)
        here = max(made.ledgers, key=lambda ledger: ledger.position())
        known = list(history.changes(here))
        if not known:
            return
        position = min(cut, len(known))
        other = made.new()
        other.merge(known[:position])
        assert rows(history.at_position(here, position)) == rows(other)
        taken = [entry.taken for entry in history.entries(here, limit=1000)]
        moment = clock.moment(sorted(taken)[min(cut, len(taken)) - 1])
        assert rows(history.as_of(here, moment)) == rows(history.at_position(here, history.position_at(here, moment)))
        assert history.position_at(here, moment + timedelta(days=9)) == len(known)


@given(story=STORIES, cut=st.integers(0, 20))
def test_what_was_known_at_a_moment_stays_so(story: list[Step], cut: int) -> None:
    """Though the clocks of the offices are hours apart: the ledger as of a moment is what was shown at that moment."""
    with offices(3) as made:
        here = made.ledgers[0]
        for step in story[:cut]:
            do(made.ledgers, step)
        if not here.position():
            return
        moment, before = clock.moment(history.entries(here, limit=1)[0].taken), rows(here)
        here.clock = lambda: moment + timedelta(seconds=1)
        for step in story[cut:]:
            do(made.ledgers, step)
        assert rows(history.as_of(here, moment)) == before


def test_before_the_first_change_is_refused() -> None:
    with offices(1) as made:
        (ledger,) = made.ledgers
        with pytest.raises(Refusal, match="还是空的"):
            history.as_of(ledger, ledger.clock())
        early = ledger.clock()
        do([ledger], Step("edit", 0))
        with pytest.raises(Refusal, match="台账里还没有记录"):
            history.as_of(ledger, early)


@given(story=STORIES)
def test_history_tells_every_change_once(story: list[Step]) -> None:
    """Entries hold every change of the log in one deed each, and pages of them join without a gap."""
    with offices(3) as made:
        for step in story:
            do(made.ledgers, step)
        here = made.ledgers[1]
        told = history.entries(here, limit=1000)
        assert sum(len(entry.touched) for entry in told) == here.position()
        pages: list[history.Entry] = []
        for _ in told:
            pages += history.entries(here, limit=3, before=pages[-1].position if pages else None)
        assert pages == told
        touching = [e.deed for e in told if any((t.record, t.id) == ("measure", "m1") for t in e.touched)]
        assert [e.deed for e in history.entries(here, limit=1000, record="measure", id="m1")] == touching
