"""Papers: those the records name are looked for, not only those that are there."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.ledger import history
from db.ledger.change import Deed, create, delete
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.schema.composite import Sheet
from db.schema.records import Evidence
from db.store.replica import Installation


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with three papers, of which three pieces of evidence name two."""
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    sheets = []
    for name in ("会议记录.txt", "照片.txt", "没人提到.txt"):
        (tmp_path / name).write_text(f"内容：{name}", "utf-8")
        sheets.append(made.keep(tmp_path / name))
    named = [create(Evidence, f"e{n}", title="材料", paper=sheets[n % 2]) for n in range(3)]
    made.act(Deed("添加", "某人", tuple(named)))
    yield made
    made.close()


def _write(ledger: Ledger, *statements: str) -> None:
    """As another program writes that takes the triggers away first."""
    with contextlib.closing(sqlite3.connect(ledger.path)) as foreign:
        for (name,) in foreign.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            foreign.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            foreign.execute(statement)
        foreign.commit()


def test_sound_papers(ledger: Ledger) -> None:
    assert health(ledger).ailments == ()
    assert health(ledger).papers == 3


def test_papers_that_are_gone_are_named(ledger: Ledger) -> None:
    _write(ledger, "DELETE FROM paper", "DELETE FROM paper_chunk")
    found = health(ledger)
    assert sorted(a.sentence.split("：")[1].split("。")[0] for a in found.ailments) == ["会议记录.txt", "照片.txt"]
    assert {a.code for a in found.ailments} == {"paper"}
    assert all(a.sentence.endswith("。") for a in found.ailments)


def test_papers_that_did_not_come_with_their_records(ledger: Ledger, tmp_path: Path) -> None:
    other = Ledger.create(tmp_path / "别处.zgl", Installation(tmp_path / "other home"))
    other.merge(history.changes(ledger))
    assert [a.code for a in health(other).ailments] == ["paper", "paper"]
    (one,) = [e for e in other.all(Evidence) if e.id == "e1"]
    other.act(Deed("删除", "某人", (delete(one),)))
    assert len(health(other).ailments) == 1
    other.keep(tmp_path / "会议记录.txt")
    assert health(other).ailments == ()
    other.close()


def test_a_paper_written_over_is_found(ledger: Ledger) -> None:
    _write(ledger, "UPDATE paper_chunk SET bytes = x'00'")
    assert [a.code for a in health(ledger).ailments] == ["paper"] * 3


def test_many_missing_papers_are_summed_up(ledger: Ledger) -> None:
    gone = [
        create(Evidence, title="材料", paper=Sheet(f"{n}.pdf", f"{n:064x}", 5, "application/pdf")) for n in range(30)
    ]
    ledger.act(Deed("添加", "某人", tuple(gone)))
    ailments = health(ledger).ailments
    assert len(ailments) == 21
    assert "一共有 30 个" in ailments[-1].sentence
