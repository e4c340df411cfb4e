"""What is half typed laid over the ledger reads as if it had been saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.ledger.change import Deed, create, edit
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.record import Record
from db.schema.records import Measure, Problem
from db.store.replica import Installation
from desktop_app.rectification.imagined import Imagined


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("imagined")


def questions(facts: Facts) -> tuple[object, ...]:
    """What a notice asks."""
    return (
        facts.all(Measure),
        facts.all(Measure, problem="p2"),
        facts.parts(Measure, ["p1", "p2"]),
        [facts.find(*one) for one in (("measure", "m1"), ("measure", "m2"), ("measure", "new"), ("problem", "p1"))],
        facts.all(Problem),
    )


@settings(max_examples=25)
@given(
    typed=st.lists(
        st.tuples(
            st.sampled_from(["m1", "m2", "m3", "new"]),
            st.sampled_from(["p1", "p2"]),
            st.one_of(st.none(), st.integers(1, 4)),
            st.one_of(st.none(), st.integers(1, 4)),
        ),
        max_size=3,
        unique_by=lambda one: one[0],
    )
)
def test_it_reads_as_if_it_were_saved(folder: Path, typed: list[tuple[str, str, int | None, int | None]]) -> None:
    path = folder / f"{len(list(folder.iterdir()))}.zgl"
    ledger = Ledger.create(path, Installation(folder / "home"))
    made = [create(Problem, one, title=one) for one in ("p1", "p2")]
    made += [create(Measure, f"m{n}", problem="p1", number=n, lead=f"{n}") for n in (1, 2, 3)]
    ledger.act(Deed("填", "王", tuple(made)))
    over: dict[tuple[str, str], Record] = {}
    for identifier, problem, position, number in typed:
        kept = ledger.get(Measure, identifier) or replace(ledger.all(Measure)[0], id=identifier, lead=None)
        over["measure", identifier] = replace(kept, problem=problem, position=position, number=number, lead="改")
    known: dict[tuple[Any, ...], Any] = {}
    imagined = [questions(Imagined(ledger, over, known)) for _again in range(2)]
    for one in over.values():
        assert isinstance(one, Measure)
        values: dict[str, Any] = {
            "problem": one.problem,
            "position": one.position,
            "number": one.number,
            "lead": one.lead,
        }
        told = edit(one, **values) if ledger.get(Measure, one.id) else create(Measure, one.id, **values)
        ledger.act(Deed("存", "王", (told,)))
    assert imagined == [questions(ledger)] * 2
    ledger.close()
