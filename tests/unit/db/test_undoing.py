"""Undo: asked twice at once, of a deed of many records, and past deeds already undone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.errors import Refusal
from db.ledger import history, undoing
from db.ledger.change import Built, Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.records import Figure, FigureRelation, Problem, Unit
from db.store.replica import Installation


def test_two_windows_undo_two_deeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two windows on one file, both asked in the same moment: neither takes back what the other does."""
    home = Installation(tmp_path / "home")
    one = Ledger.create(tmp_path / "台账.zgl", home)
    one.act(Deed("新建", "某人", (create(Unit, "u1", name="甲"),)))
    for name in ("乙", "丙"):
        one.act(Deed(f"改成{name}", "某人", (edit(Unit(id="u1"), name=name),)))
    other = Ledger.open(tmp_path / "台账.zgl", home)
    choose = undoing.last_deed

    def slowly(*asked: Any) -> str:
        found = choose(*asked)
        time.sleep(0.2)  # long enough for the other to ask the same, were it let in
        return found

    monkeypatch.setattr(undoing, "last_deed", slowly)
    said: list[str] = []
    windows = [threading.Thread(target=lambda w=w: said.append(w.undo("某人").sentence)) for w in (one, other)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sorted(said) == ["撤销：改成丙", "撤销：改成乙"]
    assert one.get(Unit, "u1") == Unit(id="u1", name="甲")
    assert len({entry.undoes for entry in history.entries(one, limit=2)}) == 2
    one.close()
    other.close()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    yield made
    made.close()


def test_a_large_deed_does_not_hide_older_ones(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many changes a deed has, it is one step back: what was done before it can still be undone, and redone."""
    monkeypatch.setattr(undoing, "_DEPTH", 7)
    ledger.act(Deed("先", "某人", (create(Unit, "first", name="先"),)))
    ledger.act(Deed("多", "某人", tuple(create(Unit, f"u{n}", name=f"第{n}") for n in range(1_300))))
    assert [ledger.undo("某人").sentence for _ in range(2)] == ["撤销：多", "撤销：先"]
    assert ledger.all(Unit) == []
    assert [ledger.redo("某人").sentence for _ in range(2)] == ["重做：先", "重做：多"]
    assert ledger.count(Unit) == 1_301
    assert ledger.undo("某人").sentence == "撤销：重做：多"


def test_undone_deeds_are_passed_over_one_by_one(ledger: Ledger) -> None:
    """A deed, its undo, its redo and the undo of that: the next step back is the deed before."""
    for name in "甲乙":
        ledger.act(Deed(f"新建{name}", "某人", (create(Unit, name=name),)))
    ledger.undo("某人")
    ledger.redo("某人")
    assert ledger.undo("某人").sentence == "撤销：重做：新建乙"
    assert ledger.undo("某人").sentence == "撤销：新建甲"
    with pytest.raises(Refusal, match="没有可以撤销"):
        ledger.undo("某人")
    assert ledger.redo("某人").sentence == "重做：新建甲"


@pytest.mark.parametrize("count", [3, 1_100])
def test_a_used_record_of_many_is_found(ledger: Ledger, count: int) -> None:
    """One of many new records is used since, by a plain reference or among several: the undo is refused, and says by what."""
    ledger.act(Deed("先", "某人", (create(Problem, "p", title="问题", number=1),)))
    made = tuple(create(Figure, f"f{n}", problem="p", name=f"数{n}") for n in range(count))
    inner = create(FigureRelation, problem="p", left="f0", right=("f1",), operator="equal")
    deed = ledger.act(Deed("多", "某人", (*made, inner))).deed
    ledger.act(Deed("别的", "某人", (create(FigureRelation, problem="p", left="f", right=("g",)),)))
    last = f"f{count - 1}"
    pointing: list[dict[str, Any]] = [{"left": last, "right": ("g",)}, {"left": "g", "right": ("h", last)}]
    for used in pointing:
        ledger.act(Deed("用到", "某人", (create(FigureRelation, problem="p", **used),)))
        with pytest.raises(Built, match="不能撤销新增的数据：后来有数据关系用到了它"):
            ledger.undo("某人", deed)
        ledger.undo("某人")
    ledger.undo("某人", deed)
    assert ledger.all(Figure) == []
    assert ledger.count(FigureRelation) == 1


def test_what_was_changed_since_is_found_among_many(ledger: Ledger) -> None:
    """Of a large deed one record was changed since: nothing of it is taken back; changed back, all of it is."""
    ledger.act(Deed("新建", "某人", tuple(create(Unit, f"u{n}", name=f"第{n}") for n in range(600))))
    changes = tuple(edit(Unit(id=f"u{n}"), name=f"新{n}", short_name=str(n)) for n in range(600))
    deed = ledger.act(Deed("改", "某人", changes)).deed
    ledger.act(Deed("再改", "某人", (edit(Unit(id="u599"), short_name="另"),)))
    with pytest.raises(Built, match="后来又被修改"):
        ledger.undo("某人", deed)
    assert ledger.get(Unit, "u0") == Unit(id="u0", name="新0", short_name="0")
    ledger.undo("某人")
    ledger.undo("某人", deed)
    assert {(one.name, one.short_name) for one in ledger.all(Unit)} == {(f"第{n}", None) for n in range(600)}
