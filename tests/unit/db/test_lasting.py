"""Records that last, what they freeze, papers brought by a deed, and the ledger as somebody had seen it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.errors import Fault, Refusal
from db.ledger import health, history
from db.ledger.change import Built, Deed, create, delete, edit
from db.ledger.ledger import Ledger
from db.schema.records import Chapter, IssuedPaper, Notice, Unit
from db.store import blobs
from db.store.replica import Installation

WORDS = "内容".encode()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    made.act(Deed("新建", "王", (create(Unit, "u1", name="某局"), create(Notice, "n1", unit="u1", title="通报"))))
    yield made
    made.close()


def issued(ledger: Ledger, *, position: int | None = None) -> None:
    sheet = blobs.sheet_of("内容.json", WORDS, "application/json")
    made = create(IssuedPaper, "p1", unit="u1", notice="n1", tree=sheet)
    ledger.act(Deed("印发", "王", (made,), ((sheet, WORDS),), position))


def test_a_paper_comes_with_its_deed(ledger: Ledger) -> None:
    issued(ledger)
    paper = ledger.get(IssuedPaper, "p1")
    assert paper is not None
    assert paper.tree is not None
    assert b"".join(ledger.open_paper(paper.tree)) == WORDS
    assert health.health(ledger).ailments == ()


def test_where_the_ledger_went_on_nothing_is_kept(ledger: Ledger) -> None:
    seen = ledger.position()
    ledger.act(Deed("改", "李", (create(Unit, "u2", name="别的"),)))
    with pytest.raises(Refusal, match="新的内容"):
        issued(ledger, position=seen)
    with pytest.raises(Fault, match="没有这个文件"):
        list(ledger.open_paper(blobs.sheet_of("内容.json", WORDS, "application/json")))
    issued(ledger, position=ledger.position())


def test_a_paper_named_with_signs_no_file_bears() -> None:
    sheet = blobs.sheet_of('a/b\\c:"d"  e' + "长" * 300 + ".pdf", WORDS, "application/pdf")
    assert sheet.name.startswith("a－b－c－－d－ e")
    assert sheet.name.endswith(".pdf")
    assert len(sheet.name) <= 120


def test_what_lasts_is_not_undone_nor_what_it_freezes(ledger: Ledger) -> None:
    begun = ledger.act(Deed("加章", "王", (create(Chapter, "c1", notice="n1", title="一"),))).deed
    changed = ledger.act(Deed("改章", "王", (edit(ledger.all(Chapter)[0], title="二"),))).deed
    other = ledger.act(Deed("改单位", "王", (edit(ledger.all(Unit)[0], name="某某局"),))).deed
    issued(ledger)
    for deed in (begun, changed):
        with pytest.raises(Built, match="通报已经印发"):
            ledger.undo("王", deed)
    with pytest.raises(Built, match="留存"):
        ledger.undo("王")
    ledger.undo("王", other)
    assert ledger.all(Unit)[0].name == "某局"


def test_a_record_that_does_not_last_yet_is_undone(ledger: Ledger) -> None:
    ledger.act(Deed("登记", "王", (create(IssuedPaper, "p1", unit="u1", number=1),)))
    ledger.undo("王")
    assert ledger.all(IssuedPaper) == []


def test_the_ledger_as_somebody_had_seen_it(ledger: Ledger, tmp_path: Path) -> None:
    """In a file where changes of several came in another order it is the same ledger as in the file where it was so."""
    other = Ledger.create(tmp_path / "另.zgl", Installation(tmp_path / "other"))
    other.act(Deed("自己的", "李", (create(Unit, "u2", name="分局"),)))
    position, seen, head = ledger.position(), history.seen(ledger), history.head(ledger)
    notice = ledger.all(Notice)[0]
    ledger.act(Deed("改", "王", (edit(notice, title="改过"),)))
    ledger.act(Deed("删", "王", (delete(ledger.all(Unit)[0]),)))
    other.merge(history.changes(ledger))
    for facts in (history.at_position(ledger, position), history.at_seen(ledger, seen), history.at_seen(other, seen)):
        assert [one.title for one in facts.all(Notice)] == ["通报"]
        assert [one.name for one in facts.all(Unit)] == ["某局"]
    assert history.head(other, seen) == history.head(ledger, seen) == head
    assert history.head(other, {**seen, "nobody": 1}) == ""
    past = history.as_seen(other, "notice", ["n1", "n2"], seen)
    assert past["n1"].fields["title"] == "通报"
    assert [(actor, sentence) for _, actor, sentence in past["n1"].since] == [("王", "改")]
    assert (past["n2"].fields, past["n2"].since) == ({}, ())
    other.close()
