"""Files and pictures become evidence in one deed; one that cannot be kept does not hold up the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.records import Evidence, Problem
from db.store import blobs
from db.store.replica import Installation
from desktop_app.rectification import evidence


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    made.act(Deed("填", "王", (create(Problem, "p", number=1, title="甲"),)))
    return made


def names(ledger: Ledger) -> list[tuple[int | None, str | None]]:
    return [(one.number, one.title) for one in ledger.all(Evidence, problem="p")]


def test_files_come_in_together_and_go_together(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / name for name in ("纪要.txt", "空.txt", "大.txt", "照片.jpg")]
    for path, size in zip(paths, (10, 0, 3_000, 20), strict=True):
        path.write_bytes(b"x" * size)
    monkeypatch.setattr(blobs, "LARGEST", 1_000)
    taken = evidence.keep(ledger, [*paths, tmp_path])
    assert [title for title, _sheet in taken.kept] == ["纪要", "照片"]
    assert [name for name, _why in taken.refused] == ["空.txt", "大.txt", tmp_path.name]
    assert all(why.sentence and why.advice for _name, why in taken.refused)
    before = len(history.entries(ledger))
    done = evidence.add(ledger, "p", taken.kept, "王")
    assert done.sentence == "新增佐证材料“纪要”等 2 份"
    assert len(history.entries(ledger)) == before + 1
    assert names(ledger) == [(1, "纪要"), (2, "照片")]
    ledger.undo("王")
    assert names(ledger) == []


def test_what_had_no_order_keeps_its_place_before_the_new_ones(ledger: Ledger) -> None:
    ledger.act(Deed("填", "王", tuple(create(Evidence, problem="p", title=one) for one in ("乙", "甲"))))
    standing = [title for _number, title in names(ledger)]
    evidence.paste(ledger, "p", b"\x89PNG picture", "王")
    found = names(ledger)
    assert [number for number, _title in found] == [1, 2, 3]
    assert [title for _number, title in found[:2]] == standing
    assert (found[2][1] or "").startswith("截图 ")
    sheet = ledger.all(Evidence, problem="p")[2].paper
    assert sheet is not None
    assert sheet.name.endswith(".png")
    assert b"".join(ledger.open_paper(sheet)) == b"\x89PNG picture"


def test_a_problem_that_is_not_saved_takes_nothing(ledger: Ledger) -> None:
    with pytest.raises(Refusal, match="还没有保存"):
        evidence.paste(ledger, "nothing", b"x", "王")
    assert evidence.add(ledger, "p", [], "王").touched == ()
