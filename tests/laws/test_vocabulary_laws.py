"""Definitions are facts: replicas that exchanged know the same registers and show the same rows, whatever came first."""

from __future__ import annotations

import random

from branches import DEFINING, REFUEL, Step, all_meet, do, meet, offices, rows, whole
from hypothesis import given
from hypothesis import strategies as st

from db.ledger import history
from db.ledger.facts import Facts
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.ledger.strangers import strangers
from db.store import rebuild
from db.store.tables import Tables


def known(facts: Facts) -> tuple[object, ...]:
    """All that a vocabulary is to whoever asks."""
    one = facts.vocabulary
    fields = {name: [(f.name, f.kind) for f in schema.fields] for name, schema in one.schemas.items()}
    return one.token, fields, sorted(one.definitions), one.troubles, facts.tables.shapes


def in_file(ledger: Ledger) -> tuple[str, set[str]]:
    """What the file says of its own shape, and the record tables in it."""
    with ledger.reading() as connection:
        return rebuild.shape_note(connection, ledger.tables), rebuild.present(connection)


def wanted(tables: Tables) -> set[str]:
    return {one.name for one in tables.records.values()}


@given(story=DEFINING, seed=st.randoms(use_true_random=False))
def test_replicas_agree_on_registers_and_rows(story: list[Step], seed: random.Random) -> None:
    """Whatever the order: rows before their definition, an older version after a newer one, an amendment of nothing."""
    with offices(3) as made:
        ledgers = made.ledgers
        for step in story:
            do(ledgers, step)
        shuffled, one_by_one = made.new(), made.new()
        everything = [change for ledger in ledgers for change in history.changes(ledger)]
        rows_first = sorted(everything, key=lambda change: (change.replica, change.sequence))
        seed.shuffle(everything)
        shuffled.merge(everything)
        for change in sorted(rows_first, key=lambda c: (c.clock, c.replica, c.sequence)):
            one_by_one.merge([change])
        all_meet(ledgers)
        agreed = whole(ledgers[0]), known(ledgers[0]), strangers(ledgers[0])
        for other in (*ledgers[1:], shuffled, one_by_one):
            assert (whole(other), known(other), strangers(other)) == agreed
            told, present = in_file(other)
            assert told == rebuild.noted(other.tables, other.vocabulary.token)
            assert present == wanted(other.tables)


@given(story=DEFINING)
def test_registers_are_the_log_replayed(story: list[Step]) -> None:
    """After every step the tables are those a rebuild makes, and an opening finds what was known."""
    with offices(2) as made:
        here = made.ledgers[0]
        for step in story:
            do(made.ledgers, step)
            assert set(rows(here)) == {*wanted(here.tables), "conflict"}
        assert health(here).ailments == () or {a.code for a in health(here).ailments} == {"value"}
        before = whole(here), known(here)
        again = Ledger.open(here.path, here.installation, vocabulary=here.vocabulary.core)
        assert (whole(again), known(again)) == before
        again.rebuild()
        assert (whole(again), known(again)) == before
        again.close()
        assert (whole(here), known(here)) == before


@given(story=DEFINING, cut=st.integers(1, 40))
def test_as_of_knows_what_was_known_then(story: list[Step], cut: int) -> None:
    with offices(2) as made:
        for step in story:
            do(made.ledgers, step)
        here = made.ledgers[0]
        changes = list(history.changes(here))
        if changes:
            position = min(cut, len(changes))
            other = made.new()
            other.merge(changes[:position])
            then = history.at_position(here, position)
            assert (rows(then), known(then)) == (rows(other), known(other))


@given(story=DEFINING)
def test_another_window_learns_what_this_one_defines(story: list[Step]) -> None:
    """Two openings of one file: each sees at its next look what the other did."""
    with offices(2) as made:
        here = made.ledgers[0]
        window = Ledger.open(here.path, here.installation, vocabulary=here.vocabulary.core, clock=here.clock)
        for at, step in enumerate(story):
            first, second = (here, window) if at % 2 else (window, here)
            do([first, made.ledgers[1]], Step(step.what, 0, step.record, step.other, step.value))
            second.position()
            assert known(second) == known(first)
        assert whole(window) == whole(here)
        meet(made.ledgers[1], here)
        assert REFUEL not in here.tables.records or window.rows(REFUEL) == here.rows(REFUEL)
        window.close()
