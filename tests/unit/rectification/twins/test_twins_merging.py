"""What is said of twins merges like any fact: in any order, through programs that do not know it, and the same everywhere."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger import outgoing, sameness
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.records import SCHEMAS, Unit
from db.store.replica import Installation
from desktop_app.rectification.twins import verdicts

UNITS = tuple(f"u{at}" for at in range(7))
OLD = {name: schema for name, schema in SCHEMAS.items() if name != sameness.NAME}


@pytest.fixture
def three(tmp_path: Path) -> Iterator[list[Ledger]]:
    """Three files with the same units, each of an office of its own."""
    first = Ledger.create(tmp_path / "0.zgl", Installation(tmp_path / "home0"))
    first.act(Deed("登记", "王", tuple(create(Unit, one, name=f"单位{one}") for one in UNITS)))
    for at in (1, 2):
        shutil.copyfile(first.path, tmp_path / f"{at}.zgl")
    found = [first, *(Ledger.open(tmp_path / f"{at}.zgl", Installation(tmp_path / f"home{at}")) for at in (1, 2))]
    yield found
    for one in found:
        one.close()


def take(target: Ledger, source: Ledger) -> None:
    target.merge(list(outgoing.unseen(source, outgoing.moment(source))))


def say_something(ledger: Ledger, source: random.Random) -> None:
    one, other = source.sample(UNITS, 2)
    what = source.randrange(4)
    with suppress(Refusal):  # held together by others, or nothing was said
        if what < 2:
            verdicts.link(ledger, "unit", one, other, "王", main=source.choice(("", one, other)))
        elif what == 2:
            verdicts.tell_apart(ledger, "unit", one, other, "王")
        else:
            verdicts.take_back(ledger, "unit", one, other, "王")


@pytest.mark.parametrize("seed", range(4))
def test_whoever_has_met_agrees_on_groups_whatever_the_order(three: list[Ledger], seed: int) -> None:
    source = random.Random(seed)
    for _ in range(18):
        say_something(source.choice(three), source)
        if source.random() < 0.3:
            take(*source.sample(three, 2))
    order = [(one, other) for one in range(3) for other in range(3) if one != other] * 2
    source.shuffle(order)
    for one, other in order:
        take(three[one], three[other])
    found = [(sameness.groups(one, "unit"), sameness.told_apart(one, "unit")) for one in three]
    assert found[0] == found[1] == found[2]
    assert any(len(group.members) > 1 for group in found[0][0])
    three[2].rebuild()
    assert (sameness.groups(three[2], "unit"), sameness.told_apart(three[2], "unit")) == found[0]


def test_a_program_that_does_not_know_links_passes_them_on(three: list[Ledger], tmp_path: Path) -> None:
    new, between, last = three
    between.close()
    old = Ledger.open(between.path, between.installation, vocabulary=OLD)
    verdicts.link(new, "unit", "u1", "u2", "王", main="u2")
    take(old, new)
    assert sameness.stand_ins(old, "unit") == {}
    assert len(old.all(Unit)) == len(UNITS)
    take(last, old)
    assert sameness.stand_ins(last, "unit") == {"u1": "u2"}
    old.close()
    three[1] = Ledger.open(between.path, between.installation)
    assert sameness.stand_ins(three[1], "unit") == {"u1": "u2"}
