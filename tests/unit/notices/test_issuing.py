"""Issuing: what is kept, what stops it, what warns, what can never be undone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from issued_papers import DAY, begun, issue, notice, words

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Built, Deed, edit
from db.ledger.ledger import Ledger
from db.schema.records import Chapter, Figure, IssuedPaper, Measure, Notice, Problem, Unit
from db.store.replica import Installation
from desktop_app.notices import archive, archive_rules, issuing, kept, pdf, plain, stamps, stored, tree
from desktop_app.rectification import forms, issued, numbering


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = begun(tmp_path / "台账.zgl", tmp_path / "home")
    yield made
    made.close()


def test_one_deed_keeps_number_words_and_file(ledger: Ledger) -> None:
    before, position = history.head(ledger), ledger.position()
    done = issue(ledger)
    paper = done.paper
    assert (paper.document_number, paper.number, paper.year, paper.agency) == ("某水党〔2021〕1号", 1, 2021, "某水党")
    assert (paper.unit, paper.notice, paper.kind, paper.publicity, paper.day) == ("u1", "n1", "通报", "public", DAY)
    assert paper.head == before
    assert ledger.position() == position + 2
    assert len(history.entries(ledger, limit=1)[0].touched) == 2
    assert kept.file_of(ledger, paper) == done.data
    assert "某水党〔2021〕1号" in words(done.data)
    document = kept.document_of(ledger, paper)
    assert "286处" in plain.text(document)
    assert stored.digest(replace(document, code=None)) == paper.digest
    after = notice(ledger)
    assert (after.state, after.issued, after.document_number) == ("issued", DAY, "某水党〔2021〕1号")


def test_the_code_says_number_digest_and_log(ledger: Ledger) -> None:
    done = issue(ledger, internal=True)
    stamp = stamps.read(done.paper.stamp or "")
    assert (stamp.year, stamp.number) == (2021, 1)
    assert stamp.fits(done.paper.digest or "", done.paper.head or "") == (True, True)
    document = kept.document_of(ledger, done.paper)
    assert document.code is not None
    assert document.code.data.split("\n") == [done.paper.stamp, "某水党〔2021〕1号", (done.paper.digest or "")[:32]]
    assert (done.paper.stamp or "") in words(done.data)
    assert pdf.identity_of(done.data) == {
        "number": "某水党〔2021〕1号", "code": done.paper.stamp, "digest": done.paper.digest, "log": done.paper.head
    }  # fmt: skip


def test_a_public_paper_shows_no_code_and_carries_it(ledger: Ledger) -> None:
    done = issue(ledger)
    assert kept.document_of(ledger, done.paper).code is None
    assert "ZGT1" not in words(done.data)
    assert pdf.identity_of(done.data)["code"] == done.paper.stamp


def test_the_file_is_kept_for_good(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = issuing.prepare_notice(ledger, notice(ledger), day=DAY)
    assert archive_rules.broken(prepared.data) == []

    def lacks(_data: bytes) -> bytes:
        raise Refusal("这台电脑上缺少检查存档文件的部件。")

    monkeypatch.setattr(archive, "proved", lacks)
    plain_one = issuing.prepare_notice(ledger, notice(ledger), day=DAY)
    assert words(plain_one.data) == words(prepared.data)
    assert b"pdfaid:part" not in plain_one.data


def test_made_again_it_is_the_same_file(ledger: Ledger) -> None:
    done = issue(ledger, internal=True)
    measure = ledger.get(Measure, "m1")
    assert measure is not None
    ledger.act(Deed("改", "王", (edit(measure, body="另外的话。"),)))
    again = kept.printed_again(ledger, done.paper)
    assert (again.same, again.data) == (True, done.data)
    assert done.paper.paper is not None
    elsewhere = replace(done.paper.paper, hash="0" * 64)
    other = replace(done.paper, made_with="版面 000000000000；字体 别的", paper=elsewhere)
    assert "字体不同：当时 别的，现在 " in kept.printed_again(ledger, other).differs


def test_the_numbers_follow_each_other(ledger: Ledger) -> None:
    unit = ledger.get(Unit, "u1")
    assert unit is not None
    slip = tree.Document("督办单", (tree.Paragraph((tree.Run("请于月底前办结。"),)),), form="sheet")
    about = issuing.About(unit, DAY, kind="督办单", publicity="internal")
    given = [issuing.issue(ledger, issuing.prepare(ledger, slip, about), "王").paper.number for _ in range(3)]
    assert given == [1, 2, 3]
    assert issue(ledger).paper.number == 4
    last = issuing.issue(ledger, issuing.prepare(ledger, slip, replace(about, numbered=False)), "王").paper
    assert (last.document_number, last.number, last.kind) == (None, None, "督办单")
    assert stamps.read(last.stamp or "").number == 0
    assert numbering.numbers(ledger, unit, 2021).next == 5


def test_a_number_the_draft_bears_is_used(ledger: Ledger) -> None:
    ledger.act(Deed("改", "王", (edit(notice(ledger), document_number="某水党[2021]第7号"),)))
    with pytest.raises(Refusal, match="空出 1至6号"):
        issuing.prepare_notice(ledger, notice(ledger), day=DAY)
    prepared = issuing.prepare_notice(ledger, notice(ledger), day=DAY, reason="前六号由办公室发出")
    assert issuing.issue(ledger, prepared, "王").paper.document_number == "某水党〔2021〕7号"


def test_what_lacks_data_is_stopped(ledger: Ledger) -> None:
    ledger.act(Deed("删", "王", (edit(ledger.all(Figure)[0], name="别的"),)))
    with pytest.raises(Refusal, match="缺数据：巡查次数"):
        issuing.prepare_notice(ledger, notice(ledger), day=DAY)


def test_a_character_without_a_face_is_stopped(ledger: Ledger) -> None:
    ledger.act(Deed("改", "王", (edit(ledger.all(Measure)[0], lead="责任人\U000f1234"),)))
    with pytest.raises(Refusal, match="无法印出"):
        issuing.prepare_notice(ledger, notice(ledger), day=DAY)


@pytest.mark.parametrize(("title", "blocks", "said"), [("", 1, "没有标题"), ("通知", 0, "没有正文")])
def test_an_empty_paper_is_stopped(ledger: Ledger, title: str, blocks: int, said: str) -> None:
    document = tree.Document(title, (tree.Paragraph((tree.Run("话"),)),) * blocks)
    with pytest.raises(Refusal, match=said):
        issuing.prepare(ledger, document, issuing.About(ledger.all(Unit)[0], DAY))


def test_errors_warn_before_issuing(ledger: Ledger) -> None:
    problem = ledger.all(Problem)[0]
    ledger.act(Deed("改", "王", (edit(problem, progress="under_way", closing="closed"),)))
    prepared = issuing.prepare_notice(ledger, notice(ledger), day=DAY)
    assert "closed_but_open" in {one.code for one in prepared.doubts}
    with pytest.raises(issuing.Doubtful, match="还没有印发") as doubtful:
        issuing.issue(ledger, prepared, "王")
    assert doubtful.value.found == prepared.doubts
    assert notice(ledger).state == "draft"
    assert issuing.issue(ledger, prepared, "王", confirmed=True).paper.number == 1


def test_a_paper_composed_before_the_last_change_is_not_issued(ledger: Ledger) -> None:
    prepared = issuing.prepare_notice(ledger, notice(ledger), day=DAY)
    ledger.act(Deed("改", "王", (edit(ledger.all(Measure)[0], lead="改过"),)))
    with pytest.raises(Refusal, match="新的内容"):
        issuing.issue(ledger, prepared, "王")
    assert ledger.all(IssuedPaper) == []


def test_issuing_is_never_undone_and_freezes_its_notice(ledger: Ledger) -> None:
    before = history.entries(ledger, limit=1)[0].deed
    done = issue(ledger)
    with pytest.raises(Built, match="留存"):
        ledger.undo("王")
    with pytest.raises(Built, match="已经印发"):
        ledger.undo("王", before)
    with pytest.raises(Refusal, match="不能再改"):
        forms.save(ledger, "notice", notice(ledger), {"title": "改"}, "王")
    with pytest.raises(Refusal, match="不能再改"):
        forms.save(ledger, "chapter", ledger.all(Chapter)[0], {"title": "改"}, "王")
    with pytest.raises(Refusal, match="已经印发"):
        issuing.prepare_notice(ledger, notice(ledger), day=DAY)
    assert ledger.get(IssuedPaper, done.paper.id) == done.paper


def test_one_notice_for_the_public_and_one_inside_the_party(ledger: Ledger) -> None:
    public, inside = issue(ledger).paper, issue(ledger, internal=True).paper
    assert [(one.number, one.publicity, one.notice) for one in (public, inside)] == [
        (1, "public", "n1"),
        (2, "internal", "n1"),
    ]
    for internal in (False, True):
        with pytest.raises(Refusal, match="已经印发"):
            issuing.prepare_notice(ledger, notice(ledger), day=DAY, internal=internal)
    issued.void(ledger, inside, "份数印错", "王", day=DAY)
    assert issue(ledger, internal=True).paper.number == 3
    assert notice(ledger).document_number == "某水党〔2021〕1号"


def test_a_correction_is_a_new_issue(ledger: Ledger) -> None:
    first = issue(ledger).paper
    made, _ = issued.correction(ledger, first, "王")
    draft = ledger.get(Notice, made)
    assert draft is not None
    second = issuing.issue(ledger, issuing.prepare_notice(ledger, draft, day=DAY), "王").paper
    assert (second.number, second.corrects) == (2, first.id)
    assert issued.corrected_by(ledger, first) == [second]


def test_two_branches_may_differ_about_an_issued_notice_and_decide(tmp_path: Path, ledger: Ledger) -> None:
    """Both issued one draft: what they set differently may still be decided, nothing else changed."""
    copy = tmp_path / "另一份.zgl"
    copy.write_bytes((tmp_path / "台账.zgl").read_bytes())
    other = Ledger.open(copy, Installation(tmp_path / "other home"))
    issue(ledger)
    issuing.issue(other, issuing.prepare_notice(other, notice(other), day=date(2021, 11, 4)), "李")
    ledger.merge(history.changes(other, history.seen(ledger)))
    other.close()
    assert len(ledger.all(IssuedPaper)) == 2
    with pytest.raises(Refusal, match="不能再改"):
        forms.save(ledger, "notice", notice(ledger), {"title": "改"}, "王")
    assert forms.save(ledger, "notice", notice(ledger), {"issued": DAY}, "王").conflicts == ()


def test_the_words_of_a_file_are_those_of_its_tree(ledger: Ledger) -> None:
    done = issue(ledger, internal=True)
    told = plain.text(kept.document_of(ledger, done.paper))
    lines = {"".join(line.split()) for line in told.splitlines()}
    assert all(line in words(done.data) for line in lines if "ZGT1" in line or "号" in line)
    with pikepdf.open(io.BytesIO(done.data)) as file:
        assert str(file.docinfo["/CreationDate"]).startswith("D:20211103000000+08'00")
