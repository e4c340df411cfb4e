"""Files that go to and fro on sticks: lost, repeated, out of order, cut off in the middle, copied by the file manager. Whoever has
exchanged agrees, nothing acknowledged is missing, and a preview says exactly what the merge then does."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest
from branches import (
    DEFINING,
    STORIES,
    VOCABULARY,
    Branches,
    Step,
    all_meet,
    clock,
    do,
    edited,
    offices,
    rows,
    whole,
)
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from db.exchange import merge, preview, walk
from db.exchange.check import open_package
from db.exchange.contents import Contents, Lists, Party, in_memory
from db.exchange.pack import pack
from db.exchange.selection import EVERYTHING
from db.ledger import conflicts, history
from db.ledger.change import Change, Withheld
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.store.replica import Installation

WRONG_CLOCKS = (-10 * 8_766, 0, 30 * 8_766, 70 * 8_766)
"""Hours by which clocks of offices are wrong: years."""


@contextmanager
def desks(number: int, bite: int = walk.BATCH) -> Iterator[Branches]:
    """Offices with empty ledgers that take so many changes at once; every file they opened is let go of at the end."""
    with offices(number) as made, pytest.MonkeyPatch.context() as small:
        small.setattr(walk, "BATCH", bite)
        try:
            yield made
        finally:
            while _opened:
                _opened.pop().close()


_opened: list[Contents] = []


def packed(made: Branches, ledger: Ledger, seen: Mapping[str, int] | None = None) -> Contents | None:
    """A package on a stick of what a ledger has beyond ``seen``; None where there is nothing."""
    number = made.ledgers.index(ledger)
    path = made.place / f"包{number}-{random.getrandbits(40):x}.zgx"
    with suppress(Refusal):
        pack(ledger, path, sender=Party(unit=f"unit{number}", name=f"单位{number}"), seen=seen, policy=EVERYTHING)
        _opened.append(open_package(path))
        return _opened[-1]
    return None


def copied(made: Branches, ledger: Ledger) -> Ledger:
    """The file manager's copy of a whole ledger, used further in another office."""
    number = len(made.ledgers)
    path = made.place / f"{number}.zgl"
    shutil.copyfile(ledger.path, path)
    copy = Ledger.open(path, Installation(made.place / f"home{number}"), vocabulary=VOCABULARY, clock=clock(number))
    made.ledgers.append(copy)
    return copy


def finally_met(made: Branches) -> None:
    """Everybody gives everybody a file of everything."""
    for _ in range(2):
        for one in made.ledgers:
            files = [file for other in made.ledgers if other is not one and (file := packed(made, other)) is not None]
            told = merge.merge(one, files)
            assert not told.refused, told.refused


STICKS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 9), st.sampled_from("plmrcwx")), max_size=10
)
"""(from, to, how much is left out, what happens): packed and merged at once, lost, later with others, repeated, copied."""


BITES = st.sampled_from([1, 3, walk.BATCH])


@given(story=STORIES, sticks=STICKS, number=st.integers(2, 5), bite=BITES, chance=st.randoms(use_true_random=False))
def test_replicas_that_have_met_agree(
    story: list[Step], sticks: list[tuple[int, int, int, str]], number: int, bite: int, chance: random.Random
) -> None:
    """Partial, lost, repeated, reordered packages and copies of whole files between deeds, under clocks wrong by years."""
    with desks(number, bite) as made:
        for at, ledger in enumerate(made.ledgers):
            ledger.clock = clock(WRONG_CLOCKS[at % 4])
        drawer: list[Contents] = []
        acknowledged: dict[str, str] = {}
        for step, stick in zip(story, [*sticks, *[None] * len(story)], strict=False):
            done = do(made.ledgers, step)
            if done is not None and done.deed:
                acknowledged[done.deed] = done.sentence
            if stick is not None:
                _carried(made, stick, drawer, chance)
        finally_met(made)
        agreed = whole(made.ledgers[0])
        heads = {history.head(one) for one in made.ledgers}
        assert len(heads) == 1
        for other in made.ledgers:
            assert whole(other) == agreed
            assert acknowledged.keys() <= {change.deed for change in history.changes(other)}
            assert health(other).ailments == ()


def _carried(made: Branches, stick: tuple[int, int, int, str], drawer: list[Contents], chance: random.Random) -> None:
    giver, taker = (made.ledgers[at % len(made.ledgers)] for at in stick[:2])
    what = stick[3]
    if what == "c" and len(made.ledgers) < 6:
        copied(made, giver)
        return
    seen = {name: last * stick[2] // 9 for name, last in history.seen(giver).items()} if what in "px" else None
    if what == "l":
        seen = history.seen(taker)
    file = packed(made, giver, seen)
    if file is not None:
        drawer.append(file)
    if what == "w" or not drawer:
        return  # lost for now
    files = chance.sample(drawer, chance.randint(1, len(drawer))) if what in "mr" else drawer[-1:]
    if what == "r":
        files = files * 2
    before = whole(taker)
    told = merge.merge(taker, files)
    if not told.taken:
        assert whole(taker) == before
    # What one refused for want of another file is taken once that is here; nothing else is ever refused among honest files.
    assert all("没有收到" in one.sentence or "缺第" in one.sentence for one in told.refused), told.refused


@given(story=STORIES, others=STORIES)
def test_merging_twice_is_merging_once(story: list[Step], others: list[Step]) -> None:
    with desks(3) as made:
        for step in (*story, *others):
            do(made.ledgers, step)
        one, other, third = made.ledgers
        files = [file for each in (other, third) if (file := packed(made, each)) is not None]
        first = merge.merge(one, files)
        before, size = whole(one), one.path.read_bytes()
        again = merge.merge(one, [*files, *reversed(files)])
        assert again.taken == 0
        assert again.passed == 2 * (first.taken + first.passed)
        assert again.sentence.startswith("没有新内容") or not files
        assert (whole(one), one.path.read_bytes()) == (before, size)


# -- the preview -------------------------------------------------------------------------------------------------------


def _states(ledger: Ledger) -> dict[tuple[str, str], tuple[dict[str, Any], bool, set[str]]]:
    """(schema, id) → stored fields as shown, deleted, fields in conflict, of every record with a table."""
    found: dict[tuple[str, str], tuple[dict[str, Any], bool, set[str]]] = {}
    disputed: dict[tuple[str, str], set[str]] = {}
    for row in rows(ledger)["conflict"]:
        disputed.setdefault((row[0], row[1]), set()).add(row[2])
    for name, table in ledger.tables.records.items():
        for row in rows(ledger)[table.name]:
            named = dict(zip(table.table.columns.keys(), row, strict=True))
            key = name, row[0]
            found[key] = table.stored(named), bool(named["deleted"]), disputed.get(key, set())
    return found


def _told(
    before: dict[Any, Any], after: dict[Any, Any], key: tuple[str, str]
) -> tuple[str, dict[str, Any], set[str], set[str]]:
    """What a merge did to a record, reckoned from the tables."""
    none: tuple[dict[str, Any], bool, set[str]] = ({}, True, set())
    fields, gone, disputed = after.get(key, none)
    past, was_gone, before_disputed = before.get(key, none)
    changed = {
        name: (past.get(name), fields.get(name)) for name in {*past, *fields} if past.get(name) != fields.get(name)
    }
    what = "changed" if changed else "unseen"
    if gone != was_gone:
        what = "deleted" if gone else "restored" if key in before else "new"
    return what, changed, disputed - before_disputed, before_disputed - disputed


@given(story=STORIES | DEFINING, more=STORIES | DEFINING, bite=BITES, chance=st.randoms(use_true_random=False))
def test_a_preview_tells_exactly_what_the_merge_does(
    story: list[Step], more: list[Step], bite: int, chance: random.Random
) -> None:
    with desks(3, bite) as made:
        for step in (*story, *more):
            do(made.ledgers, step)
        one = made.ledgers[0]
        files = [file for each in made.ledgers[1:] if (file := packed(made, each)) is not None]
        chance.shuffle(files)
        bytes_before, before, whole_before = one.path.read_bytes(), _states(one), whole(one)
        foretold = preview.preview(one, files)
        assert list(preview.lines(one, files)) == list(foretold.lines)
        assert one.path.read_bytes() == bytes_before
        assert whole(one) == whole_before
        done = merge.merge(one, files)
        after = _states(one)
        assert [(f.taken, f.passed, f.refusal) for f in foretold.files] == [
            (f.taken, f.passed, f.sentence) for f in done.files
        ]
        assert sum(count.came for count in foretold.counts) == done.taken
        assert {(line.record, line.id) for line in foretold.lines} == set(done.outcome.touched)
        reshaped = {coming.record for coming in foretold.definitions}
        for line in foretold.lines:
            if line.record in reshaped or line.record not in one.tables.records:
                continue  # a register that is shown otherwise than before: what changes is told as a definition that comes
            what, changed, made_new, decided = _told(before, after, (line.record, line.id))
            assert line.what == what
            assert {c.field: (c.before, c.after) for c in line.changes} == changed
            assert {c.field for c in line.clashes} == made_new
            assert {*line.decided} == decided
            for clash in line.clashes:
                rivals = [
                    c.rivals
                    for c in conflicts.conflicts(one)
                    if (c.record, c.id, c.field) == (line.record, line.id, clash.field)
                ]
                assert not rivals or {repr((r.value, r.actor)) for r in clash.rivals} == {
                    repr((r.value, r.actor)) for r in rivals[0]
                }
        untouched = {*before, *after} - {(line.record, line.id) for line in foretold.lines}
        assert all(before.get(key) == after.get(key) for key in untouched if key[0] not in reshaped)


# -- interrupted -------------------------------------------------------------------------------------------------------


class Cut(Exception):
    """What ends a merge in the middle."""


@dataclass(frozen=True)
class _Torn(Lists):
    """A source that fails after so many changes."""

    after: int = 0

    def lines(self) -> Iterator[Change | Withheld]:
        for number, change in enumerate(self.made):
            if number == self.after:
                raise Cut
            yield change


@given(story=STORIES, bite=BITES, cut=st.integers(0, 60), how=st.sampled_from(["source", "cancel", "progress"]))
def test_a_merge_cut_off_anywhere_leaves_the_ledger_as_it_was(story: list[Step], bite: int, cut: int, how: str) -> None:
    with desks(2, bite) as made:
        for step in story:
            do(made.ledgers, step)
        one, other = made.ledgers
        edited(other, "m9", lead="最后")
        changes = tuple(history.changes(other))
        before = whole(one), history.entries(one), one.path.read_bytes()
        looks = iter(range(10_000))
        whole_file = in_memory(changes)
        torn = replace(whole_file, source=_Torn(changes, {}, after=cut % len(changes)))

        def stop() -> bool:
            if how == "progress" and next(looks) >= cut % 2:
                raise Cut
            return how == "cancel" and next(looks) >= cut % 3

        def watch(_done: float) -> None:
            stop()

        with pytest.raises((Cut, Refusal)):
            merge.merge(
                one,
                [torn if how == "source" else whole_file],
                progress=watch,
                cancelled=stop,
            )
        assert (whole(one), history.entries(one), one.path.read_bytes()) == before
        assert merge.merge(one, [whole_file]).taken
        all_meet([one, other])
        assert whole(one) == whole(other)
