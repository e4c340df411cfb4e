"""What a merge would leave against the rules: the same as the checks find after it, and only what is new; nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.errors import Refusal
from db.exchange import check, merge, pack
from db.exchange.aftermath import aftermath
from db.exchange.contents import Contents
from db.ledger import history
from db.ledger.change import Deed, Edit, delete, new_id
from db.ledger.ledger import Ledger
from db.schema.definition.toml import read_file
from db.schema.records import Problem
from db.store.replica import Installation
from desktop_app.rectification import categories, checks, contradicting, ledgers, sample

EVERY = Path(__file__).parents[2] / "laws" / "every_test.toml"
JOB = "every_test.job"
TODAY = date(2021, 12, 31)


def act(ledger: Ledger, *edits: Any) -> None:
    ledger.act(Deed("录入", "李某", tuple(edits)))


def office(folder: Path, name: str) -> Ledger:
    path = folder / f"{name}.zgl"
    ledgers.new_ledger(path, name, "李某").close()
    return Ledger.open(path, Installation(folder / name))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Ledger]:
    made = office(tmp_path, "东湖分局")
    yield made
    made.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Ledger]:
    made = office(tmp_path, "西街派出所")
    yield made
    made.close()


def carried(source: Ledger, folder: Path) -> Contents:
    path = folder / f"{new_id()}.zgx"
    pack.pack(source, path)
    return check.open_package(path)


def told(ledger: Ledger) -> set[tuple[str, ...]]:
    """What the checks find, without what time brings and what is in dispute."""
    found = checks.findings(ledger, TODAY)
    return {contradicting._key(one) for one in found if not one.pending and one.code != "conflict"}


def test_what_comes_of_an_unknown_category_is_told_as_the_checks_find_it_afterwards(
    here: Ledger, there: Ledger, tmp_path: Path
) -> None:
    categories.install(there, "李某", [read_file(EVERY)])
    act(
        there,
        Edit(JOB, "j1", {"code": "a1", "checked": True}),
        Edit(JOB, "j2", {"amount": 1_000_000, "paid": 1_100_000}),
    )
    before, head = told(here), history.head(here)
    with carried(there, tmp_path) as file:
        found = contradicting.contradictions(here, [file], TODAY)
        assert history.head(here) == head
        merge.merge(here, [file], actor="王某")
    new = {contradicting._key(one.finding) for one in found}
    assert any(rule == "every_test.paid_within" for rule, *_ in new)
    assert new == told(here) - before
    one = next(one for one in found if one.finding.rule == "every_test.paid_within")
    assert one.register == here.schema(JOB).title


def test_what_stood_before_is_not_told_again_and_what_is_mended_is_not_told(
    here: Ledger, there: Ledger, tmp_path: Path
) -> None:
    for ledger in (here, there):
        categories.install(ledger, "李某", [read_file(EVERY)])
    act(here, Edit(JOB, "j2", {"amount": 1_000_000, "paid": 1_100_000}))
    with carried(here, tmp_path) as file:
        merge.merge(there, [file], actor="李某")
    act(there, Edit(JOB, "j3", {"amount": 5, "paid": 6}), Edit(JOB, "j2", {"code": "A002"}))
    with carried(there, tmp_path) as file:
        found = contradicting.contradictions(here, [file], TODAY)
        assert {one.finding.id for one in found if one.finding.rule == "every_test.paid_within"} == {"j3"}
        before = told(here)
        merge.merge(here, [file], actor="王某")
        assert {contradicting._key(one.finding) for one in found} == told(here) - before
        assert not contradicting.contradictions(here, [file], TODAY), "all of it is here"


def test_a_whole_ledger_with_all_its_registers_is_told_as_the_checks_find_it(
    here: Ledger, there: Ledger, tmp_path: Path
) -> None:
    sample.load(there, "李某")
    problems = there.all(Problem)
    act(there, *(Edit("problem", one.id, {"title": None}) for one in problems[:2]), delete(problems[3]))
    before = told(here)
    with carried(there, tmp_path) as file:
        with aftermath(here, [file]) as then:
            then.turn()
            foreseen = then.filled()
        found = contradicting.contradictions(here, [file], TODAY)
        merge.merge(here, [file], actor="王某")
    assert foreseen == here.filled()
    assert {contradicting._key(one.finding) for one in found} == told(here) - before
    assert {one.unit for one in found if one.finding.record == "problem"} != {""}


def test_looking_leaves_no_trace_and_stops_nobody(here: Ledger, there: Ledger, tmp_path: Path) -> None:
    act(there, Edit("problem", "p1", {"title": "对方的"}))
    with carried(there, tmp_path) as file, aftermath(here, [file]) as then:
        then.turn()
        assert [one.title for one in then.all(Problem)] == ["对方的"]
        act(here, Edit("problem", "p2", {"title": "这时候录入的"}))
        assert {one.title for one in then.all(Problem)} == {"对方的", "这时候录入的"}
    assert [one.title for one in here.all(Problem)] == ["这时候录入的"]
    plain = sqlite3.connect(here.path)
    assert not plain.execute("SELECT name FROM sqlite_master WHERE name LIKE '%after%'").fetchall()
    plain.close()


def test_it_can_be_cancelled(here: Ledger, there: Ledger, tmp_path: Path) -> None:
    act(there, Edit("problem", "p1", {"title": "对方的"}))
    with carried(there, tmp_path) as file, pytest.raises(Refusal, match="已取消"):
        contradicting.contradictions(here, [file], TODAY, cancelled=lambda: True)


def test_of_very_many_only_the_worst_are_named(
    here: Ledger, there: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contradicting, "TOLD", 2)
    categories.install(there, "李某", [read_file(EVERY)])
    act(there, *(Edit(JOB, f"j{at}", {"amount": 5, "paid": 6}) for at in range(5)))
    with carried(there, tmp_path) as file:
        found = contradicting.contradictions(here, [file], TODAY)
    assert len(found) >= 5
    assert [bool(one.register) for one in found] == [True, True, *(False for _ in found[2:])]
