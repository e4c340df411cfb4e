"""A decision that is undone is no decision: the conflict stands there again, with the words of those who wrote them, on all replicas."""

from __future__ import annotations

from typing import Any

import pytest
from branches import all_meet, edited, offices, whole
from hypothesis import given, settings
from hypothesis import strategies as st

from db.ledger import conflicts
from db.ledger.change import Built, Deed, Edit, delete
from db.ledger.conflicts import Conflict
from db.ledger.ledger import Ledger

VALUES = st.dictionaries(st.sampled_from(["lead", "body", "number"]), st.integers(0, 3), min_size=1)


def _set(ledger: Ledger, values: dict[str, int], *, gone: bool) -> None:
    if gone:
        found = ledger.find("measure", "m1")
        assert found is not None
        ledger.act(Deed("删除", "某人", (delete(found),)))
        return
    edited(
        ledger, "m1", **{name: value + 1 if name == "number" else f"{name}{value}" for name, value in values.items()}
    )


def _said(ledger: Ledger) -> list[Any]:
    """The conflicts as a clerk sees them."""
    found = conflicts.conflicts(ledger)
    return [(one.record, one.id, one.field, one.shown, sorted({_rival(r) for r in one.rivals})) for one in found]


def _rival(rival: Any) -> tuple[str, ...]:
    return repr(rival.value), rival.actor, rival.time, rival.replica, rival.sentence


@settings(max_examples=max(20, settings().max_examples // 4))
@given(
    sides=st.lists(VALUES, min_size=2, max_size=4),
    gone=st.integers(0, 3),
    which=st.integers(0, 9),
    everyone=st.booleans(),
)
def test_undoing_a_decision_opens_the_conflict_again_everywhere(
    sides: list[dict[str, int]], gone: int, which: int, everyone: bool
) -> None:
    with offices(len(sides)) as made:
        first = made.ledgers[0]
        edited(first, "m1", lead="起初", body="起初", number=9)
        all_meet(made.ledgers)
        for at, (ledger, values) in enumerate(zip(made.ledgers, sides, strict=True)):
            _set(ledger, values, gone=at == gone)
        all_meet(made.ledgers)
        before = _said(first)
        open_ = conflicts.conflicts(first)
        if not open_:
            return
        decision = _decision(first, open_, which)
        if first.find("measure", "m1") is None and "deleted" not in decision.edits[0].values:
            return  # whether it is there at all must be decided first
        first.act(decision)
        if everyone:
            all_meet(made.ledgers)
        first.undo("某人")
        assert [one[:4] for one in _said(first)] == [one[:4] for one in before]
        assert [{r[0] for r in one[4]} for one in _said(first)] == [{r[0] for r in one[4]} for one in before]
        all_meet(made.ledgers)
        for other in made.ledgers:
            assert whole(other) == whole(first)
            assert _said(other) == _said(first)
        decided = first.redo("某人")
        assert decided.deed
        all_meet(made.ledgers)
        for other in made.ledgers:
            assert whole(other) == whole(first)
        first.undo("某人")
        assert [one[:4] for one in _said(first)] == [one[:4] for one in before]


def _decision(ledger: Ledger, found: list[Conflict], which: int) -> Deed:
    one = found[which % len(found)]
    return conflicts.decision(ledger, one, one.rivals[which % len(one.rivals)].value, "某人")


def test_the_rivals_are_still_those_who_wrote_them() -> None:
    with offices(2) as made:
        one, other = made.ledgers
        edited(one, "m1", lead="起初")
        all_meet(made.ledgers)
        one.act(Deed("改成甲", "甲某", (Edit("measure", "m1", {"lead": "甲"}),)))
        other.act(Deed("改成乙", "乙某", (Edit("measure", "m1", {"lead": "乙"}),)))
        all_meet(made.ledgers)
        before = _said(one)
        for _ in range(3):
            one.act(_decision(one, conflicts.conflicts(one), 0))
            assert conflicts.conflicts(one) == []
            one.undo("某人")
            assert _said(one) == before
            assert {len(c.own) for c in conflicts.conflicts(one)} == {1}
        all_meet(made.ledgers)
        assert _said(other) == before


def test_nobody_reopens_what_somebody_has_built_on() -> None:
    with offices(2) as made:
        one, other = made.ledgers
        edited(one, "m1", lead="起初")
        all_meet(made.ledgers)
        edited(one, "m1", lead="甲")
        edited(other, "m1", lead="乙")
        all_meet(made.ledgers)
        done = one.act(_decision(one, conflicts.conflicts(one), 1))
        all_meet(made.ledgers)
        edited(other, "m1", lead="丙")
        all_meet(made.ledgers)
        with pytest.raises(Built):
            one.undo("某人", done.deed)
