"""Branches that have exchanged agree, whatever they did and however they met; undo gives back what was shown."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from branches import (
    FIELDS,
    IDS,
    SHORT,
    STORIES,
    Branches,
    Step,
    all_meet,
    deed,
    do,
    edited,
    log,
    meet,
    offices,
    rows,
    shown,
    whole,
)
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from db.ledger import conflicts, history
from db.ledger.change import Built, Change, Deed, Edit, create, delete
from db.ledger.ledger import Ledger
from db.schema.records import Measure
from db.store.projection import DELETED


def _told(made: Branches, story: list[Step]) -> list[Ledger]:
    for step in story:
        do(made.ledgers, step)
    return made.ledgers


def _asked(change: Change, by_hash: dict[str, Change]) -> set[str]:
    """Every change that one rests on."""
    found: set[str] = set()
    waiting = list(change.parents)
    while waiting:
        digest = waiting.pop()
        if digest not in found:
            found.add(digest)
            waiting += by_hash[digest].parents
    return found


def _by_the_book(changes: list[Change]) -> tuple[dict[Any, Any], set[Any]]:
    """Shown values and conflicts, reckoned as slowly and plainly as DESIGN.md, 3.3 puts it."""
    by_hash = {change.hash: change for change in changes}
    rests_on = {change.hash: _asked(change, by_hash) for change in changes}
    values: dict[Any, Any] = {}
    disputed = set()
    for key in {(c.record, c.id) for c in changes}:
        own = [c for c in changes if (c.record, c.id) == key]
        for name in {*(n for c in own for n in c.fields), DELETED}:
            setters = [c for c in own if name in c.fields or name == DELETED]
            alive = [c for c in setters if not any(c.hash in rests_on[other.hash] for other in setters)]
            said = {c.hash: c.fields.get(name, False if name == DELETED else None) for c in alive}
            values[(*key, name)] = said[max(alive, key=lambda c: (c.clock, c.replica)).hash]
            if len({repr(value) for value in said.values()}) > 1:
                disputed |= {(*key, name, digest) for digest in said}
    return values, disputed


@given(story=STORIES, seed=st.randoms(use_true_random=False), cut=st.integers(0, 30))
def test_branches_that_have_exchanged_agree(story: list[Step], seed: random.Random, cut: int) -> None:
    """Whole logs at once, in pieces, again and again, by way of others: the same tables, conflicts and log."""
    with offices(3) as made:
        ledgers = _told(made, story)
        one_by_one, shuffled, pieces = made.new(), made.new(), made.new()
        order = seed.sample(ledgers, 3)
        for ledger in order:
            meet(one_by_one, ledger)
        everything = [change for ledger in ledgers for change in history.changes(ledger)] * 2
        seed.shuffle(everything)
        shuffled.merge(everything)
        for ledger in reversed(order):
            known = list(history.changes(ledger))
            pieces.merge(known[:cut])
            pieces.merge(known[: cut // 2])
            pieces.merge(known)
        all_meet(ledgers)
        agreed = whole(ledgers[0])
        for other in (*ledgers[1:], one_by_one, shuffled, pieces):
            assert whole(other) == agreed


@given(story=STORIES)
def test_tables_say_what_the_design_says(story: list[Step]) -> None:
    with offices(3) as made:
        ledgers = _told(made, story)
        all_meet(ledgers)
        values, disputed = _by_the_book(list(history.changes(ledgers[2])))
        kept, known = rows(ledgers[2]), ledgers[2].tables.records
        assert {tuple(row) for row in kept["conflict"]} == {one for one in disputed if one[0] in known}
        for name, table in known.items():
            for row in kept[table.table.name]:
                named = dict(zip(table.table.columns.keys(), row, strict=True))
                stored = {**table.stored(named), DELETED: bool(named["deleted"])}
                told = {field: v for (r, i, field), v in values.items() if (r, i) == (name, row[0])}
                expected = {
                    field: table.readable(field, v) for field, v in told.items() if field in stored | table.kinds
                }
                assert stored == {field: v for field, v in expected.items() if v is not None}


@given(story=STORIES)
def test_merging_twice_is_merging_once_and_nothing_is_nothing(story: list[Step]) -> None:
    with offices(3) as made:
        one, other, _ = _told(made, story)
        meet(one, other)
        before = whole(one), history.entries(one)
        assert one.merge(history.changes(other)).taken == 0
        assert one.merge(history.changes(one, {})).taken == 0 if not log(one) else True
        assert one.merge([]).taken == 0
        assert meet(one, other).taken == 0
        assert (whole(one), history.entries(one)) == before


@given(story=SHORT, which=st.integers(0, 40))
def test_one_number_for_two_changes_is_never_passed_over(story: list[Step], which: int) -> None:
    """What was taken is known by its content, not by its number."""
    with offices(2) as made:
        one, other = _told(made, story)
        edited(one, "m1", lead="甲")
        all_meet([one, other])
        known = list(history.changes(one))
        change = known[which % len(known)]
        before = whole(other)
        with pytest.raises(Refusal, match="两条不同的"):
            other.merge([replace(change, sentence=f"{change.sentence}，又一次").sealed()])
        assert whole(other) == before


def _shown(ledger: Ledger, touched: list[tuple[str, str]]) -> dict[Any, Any]:
    """Every field of the records, gone ones as gone."""
    return {(record, identifier): ledger.find(record, identifier) for record, identifier in touched}


@given(story=STORIES, last=st.integers(0, 2))
def test_undo_gives_back_what_was_shown_and_redo_does_it_again(story: list[Step], last: int) -> None:
    with offices(3) as made:
        ledgers = _told(made, story[:-1])
        here = ledgers[last]
        wanted = deed(here, story[-1]) if story[-1].what not in ("undo", "redo", "meet") else None
        if wanted is None:
            return
        touched = [(one.record, one.id) for one in wanted.edits]
        before = _shown(here, touched)
        try:
            done = here.act(wanted)
        except Refusal:
            return
        after = _shown(here, touched)
        try:
            assert here.undo("某人").sentence == f"撤销：{wanted.sentence}"
        except Built:
            # Somebody had already built past what was seen, or amended the category before it was defined here.
            amended = wanted.sentence == "define" and any(one.what == "amend" for one in story)
            assert amended or any(one.seen is not None for one in wanted.edits)
            return
        assert _shown(here, touched) == before
        here.redo("某人")
        assert _shown(here, touched) == after
        here.undo("某人")
        assert _shown(here, touched) == before
        assert done.deed in {entry.deed for entry in history.entries(here)}


@given(story=SHORT, name=st.sampled_from(FIELDS), values=st.lists(st.integers(1, 4), min_size=2, max_size=2))
def test_undo_refuses_when_built_on(story: list[Step], name: str, values: list[int]) -> None:
    with offices(3) as made:
        here = _told(made, story)[0]
        if shown(here, "m1") is None:
            return
        done = edited(here, "m1", **{name: values[0] if name == "number" else "甲"})
        edited(here, "m1", **{name: values[1] if name == "number" else "乙"})
        before = whole(here)
        with pytest.raises(Built):
            here.undo("某人", done.deed)
        assert whole(here) == before


@given(story=SHORT, mine=st.sampled_from(FIELDS), yours=st.sampled_from(FIELDS))
def test_different_fields_merge_silently_one_field_is_a_conflict(story: list[Step], mine: str, yours: str) -> None:
    words: dict[str, Any] = {"lead": "新的小标题", "body": "新的正文", "number": 77}
    others: dict[str, Any] = {"lead": "别的小标题", "body": "别的正文", "number": 78}
    with offices(3) as made:
        ledgers = _told(made, story)
        all_meet(ledgers)
        if shown(ledgers[0], "m1") is None:
            edited(ledgers[0], "m1", deleted=False)
            all_meet(ledgers)
        edited(ledgers[0], "m1", **{mine: words[mine]})
        edited(ledgers[1], "m1", **{yours: others[yours]})
        all_meet(ledgers)
        over = {c.field for c in conflicts.conflicts(ledgers[2]) if (c.record, c.id) == ("measure", "m1")}
        found = shown(ledgers[2], "m1")
        assert (mine in over) == (mine == yours)
        assert DELETED not in over
        assert getattr(found, mine) in (words[mine], others[mine] if mine == yours else words[mine])
        assert getattr(found, yours) in (others[yours], words[yours] if mine == yours else others[yours])


@given(story=SHORT, decider=st.integers(0, 2), rival=st.integers(0, 2), back=st.booleans())
def test_a_decision_decides_everywhere(story: list[Step], decider: int, rival: int, back: bool) -> None:
    with offices(3) as made:
        ledgers = _told(made, story)
        all_meet(ledgers)
        edited(ledgers[0], "m1", lead="甲", deleted=False)
        edited(ledgers[1], "m1", lead="乙", deleted=False)
        all_meet(ledgers)
        (found,) = [c for c in conflicts.conflicts(ledgers[decider]) if (c.id, c.field) == ("m1", "lead")]
        value = found.rivals[rival % len(found.rivals)].value
        here = ledgers[decider]
        outcome = here.act(conflicts.decision(here, found, value, "某人"))
        assert ("measure", "m1", "lead") not in outcome.conflicts
        if back:
            here.undo("某人")
            here.redo("某人")
        all_meet(ledgers)
        for ledger in ledgers:
            assert getattr(shown(ledger, "m1"), "lead", None) == value
            assert not [c for c in conflicts.conflicts(ledger) if (c.id, c.field) == ("m1", "lead")]


@given(story=SHORT, deleter=st.integers(0, 2))
def test_deleting_what_another_edits_is_a_conflict(story: list[Step], deleter: int) -> None:
    with offices(3) as made:
        ledgers = _told(made, story)
        edited(ledgers[0], "m1", lead="甲", deleted=False)
        all_meet(ledgers)
        edited(ledgers[0], "m1", deleted=False)  # somebody may have deleted it at the same time
        all_meet(ledgers)
        editor = (deleter + 1) % 3
        there = ledgers[deleter].find("measure", "m1", deleted=True)
        assert there is not None
        ledgers[deleter].act(Deed("删除", "某人", (delete(there),)))
        edited(ledgers[editor], "m1", body="还在办")
        all_meet(ledgers)
        for ledger in ledgers:
            (over,) = [c for c in conflicts.conflicts(ledger) if (c.id, c.field) == ("m1", DELETED)]
            assert sorted(r.value for r in over.rivals) == [False, True]
            assert getattr(ledger.find("measure", "m1", deleted=True), "body", None) == "还在办"


def test_undo_leaves_alone_what_others_use() -> None:
    """A new problem that got a measure since cannot be taken back; a new problem with its measures in one deed can."""
    with offices(1) as made:
        ledger = made.ledgers[0]
        upper = create(Measure, lead="上级")
        ledger.act(Deed("新增", "某人", (upper,)))
        ledger.act(Deed("新增", "别人", (create(Measure, parent=upper.id, lead="下级"),)))
        with pytest.raises(Built, match="用到了它"):
            ledger.undo("某人")
        both = (create(Measure, "u2", lead="上级"), create(Measure, "l2", parent="u2"))
        ledger.act(Deed("新增", "某人", both))
        ledger.undo("某人")
        assert shown(ledger, "u2") is None
        assert shown(ledger, "l2") is None
        with pytest.raises(Refusal, match="不能撤销"):
            ledger.undo("某人")


def test_nothing_to_undo_is_said() -> None:
    with offices(1) as made:
        ledger = made.ledgers[0]
        with pytest.raises(Refusal, match="没有可以撤销的操作"):
            ledger.undo("某人")
        edited(ledger, "m1", lead="甲")
        with pytest.raises(Refusal, match="没有可以重做的操作"):
            ledger.redo("某人")
        with pytest.raises(Refusal, match="没有可以撤销的操作"):
            ledger.undo("别人")


@given(steps=st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=20))
def test_undo_and_redo_are_a_ribbon(steps: list[str]) -> None:
    """Any row of deeds, undos and redos shows what a plain list with a cursor shows."""
    with offices(1) as made:
        ledger = made.ledgers[0]
        edited(ledger, IDS[0], number=1)
        states, at, number = [1], 0, 1
        for step in steps:
            if step == "do":
                number += 1
                ledger.act(Deed("改", "乙", (Edit("measure", IDS[0], {"number": number}),)))
                states, at = [*states[: at + 1], number], at + 1
            elif step == "undo" and at > 0:
                ledger.undo("乙")
                at -= 1
            elif step == "redo" and at < len(states) - 1:
                ledger.redo("乙")
                at += 1
            else:
                with pytest.raises(Refusal):
                    ledger.undo("乙") if step == "undo" else ledger.redo("乙")
            assert getattr(shown(ledger, IDS[0]), "number", None) == states[at]
