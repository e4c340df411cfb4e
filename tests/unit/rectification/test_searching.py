"""Where what was found stands in its words, on which shelf it is told, and where the index lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.ledger.searching import Stopped
from db.schema import folding
from db.schema.records import Measure, Problem
from db.store.finder import Finder
from desktop_app.rectification import ledgers, searching


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    return ledgers.new_ledger(tmp_path / "台账.zgl", "某市公安局滨湖分局", "王某")


def index(folder: Path) -> list[Path]:
    return sorted((folder / "home" / "search").glob("*.index"))


def test_marks_stand_where_the_words_are() -> None:
    def pieces(text: str, typed: str, *, named: bool = True) -> list[str]:
        return [text[start:end] for start, end in searching.marks(text, folding.words(typed), named=named)]

    assert pieces("某市公安局滨湖分局", "滨湖") == ["滨湖"]
    assert pieces("某市公安局滨湖分局", "bhfj") == ["滨湖分局"]
    assert pieces("某市公安局滨湖分局", "bhfj", named=False) == []
    assert pieces("苏Ａ 12345 号", "a123") == ["Ａ 123"]
    assert pieces("共 12,345.60 元", "12345") == ["12,345"]
    assert pieces("共 12,345.60 元", "2,34") == ["2,34"]
    assert pieces("加油加油", "加油") == ["加油加油"]
    assert pieces("2. 《加油》，加油", "j") == ["加"]
    assert pieces("没有", "加油") == []


def test_nothing_of_the_index_lies_beside_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    """It never travels: no file beside the ledger, no table in it; what it holds is nobody else's to read."""
    found = searching.opened(ledger)
    found.refresh()
    assert found.find("滨湖", searching.RECORDS)
    beside = {one.name for one in tmp_path.iterdir()}
    assert beside == {"台账.zgl", "home"}
    with ledger.reading() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
    assert not [one for one in names if one in ("entry", "token", "kind")]
    assert len(index(tmp_path)) == 1
    assert index(tmp_path)[0].stat().st_mode & 0o077 == 0
    found.close()
    ledger.close()


def test_a_damaged_or_missing_index_is_made_again(ledger: Ledger, tmp_path: Path) -> None:
    for spoil in (lambda path: path.write_bytes(b"no index at all" * 999), lambda path: path.unlink(), _torn, _older):
        found = searching.opened(ledger)
        found.refresh()
        found.close()
        spoil(index(tmp_path)[0])
        found = searching.opened(ledger)
        found.refresh()
        assert [one.record for one in found.find("bhfj", searching.RECORDS)] == ["unit"]
        found.close()
    ledger.close()


def _torn(path: Path) -> None:
    """The middle of the file is something else."""
    data = bytearray(path.read_bytes())
    data[4096 : len(data) - 4096] = b"\x7f" * (len(data) - 8192)
    path.write_bytes(data)


def _older(path: Path) -> None:
    """Another version of the program made it."""
    made = Finder(path)
    with made.writing():
        made.set_note("version", "0")
    made.close()


def test_indexes_of_ledgers_long_closed_go(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "search"
    folder.mkdir(parents=True)
    for number in range(30):
        (folder / f"old{number}.index").touch()
    found = searching.opened(ledger)
    assert len(index(tmp_path)) == 12
    found.close()
    ledger.close()


def test_a_ledger_on_a_stick_leaves_nothing(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "STICKS", (str(tmp_path),))
    found = searching.opened(ledger)
    found.refresh()
    assert found.find("滨湖", searching.RECORDS)
    assert not index(tmp_path)
    found.close()
    ledger.close()


def test_what_is_shown_says_where_it_stands(ledger: Ledger) -> None:
    problem = create(Problem, number=3, title="加油登记不全")
    body = "前" * 40 + "每月比对加油记录" + "后" * 200
    ledger.act(Deed("录入", "王某", (problem, create(Measure, problem=problem.id, number=1, lead="机制", body=body))))
    found = searching.opened(ledger)
    found.refresh()
    first, second, *_category = searching.shown(ledger, found.find("加油", searching.RECORDS), "加油")
    assert (first.kind, first.line, first.field) == ("问题", "3. 加油登记不全", "")
    assert (second.kind, second.field) == ("整改措施", "正文")
    assert [second.piece[start:end] for start, end in second.piece_marks] == ["加油"]
    assert second.piece.startswith("…")
    assert len(second.piece) < 120
    assert [one.record for one in searching.lately(ledger)][:2] == ["measure", "problem"]
    found.close()
    ledger.close()


def test_a_deed_goes_on_while_the_index_is_made(ledger: Ledger) -> None:
    """Nothing is held between two batches; what was done meanwhile is found, and what was cut short goes on."""
    deeds: list[str] = []

    def meanwhile() -> bool:
        if not deeds:
            deeds.append("done")
            ledger.act(Deed("录入", "王某", (create(Problem, number=4, title="其间录入的问题"),)))
        return False

    found = searching.opened(ledger)
    found.refresh(meanwhile)
    assert deeds
    assert [one.record for one in found.find("其间录入", searching.RECORDS)] == ["problem"]
    assert found.behind() == 0
    found.close()
    again = searching.opened(ledger)
    ledger.act(Deed("录入", "王某", (create(Problem, number=5, title="后来录入的问题"),)))
    with pytest.raises(Stopped):
        again.refresh(lambda: True)
    assert again.behind() > 0
    again.refresh()
    assert len(again.find("录入的问题", searching.RECORDS)) == 2
    again.close()
    ledger.close()
