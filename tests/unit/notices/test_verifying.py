"""Verifying: ours or not, changed or not and where, what became of the paper, of the ledger, of the log."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from issued_papers import DAY, begun, issue, notice

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, create, delete, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Amount
from db.schema.records import Figure, IssuedPaper, Measure, Notice, Unit
from db.store.replica import Installation
from desktop_app.notices import issuing, kept, pdf, recomposing, sheet, stamps, tree, verdict_words, verifying
from desktop_app.rectification import issued


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = begun(tmp_path / "台账.zgl", tmp_path / "home")
    yield made
    made.close()


def resaved(data: bytes) -> bytes:
    """The file as another program saves it: the same words, other bytes."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as file:
        file.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()


def forged(ledger: Ledger, paper: IssuedPaper, was: str, is_now: str) -> bytes:
    """A file with our properties and other words."""
    document = kept.document_of(ledger, paper)
    blocks = tuple(
        replace(one, runs=tuple(replace(run, text=run.text.replace(was, is_now)) for run in one.runs))
        if isinstance(one, tree.Paragraph)
        else replace(one, runs_on=tuple(replace(run, text=run.text.replace(was, is_now)) for run in one.runs_on))
        if isinstance(one, tree.Heading)
        else one
        for one in document.blocks
    )
    changed = replace(document, blocks=blocks)
    assert changed != document
    identity = tuple(pdf.identity_of(kept.file_of(ledger, paper)).items())
    return pdf.drawn(sheet.typeset(changed), pdf.meta(changed, None, identity))


def said(ledger: Ledger, found: verifying.Verdict) -> str:
    return "\n".join(verdict_words.told(ledger, found))


def test_the_file_as_issued_is_clean(ledger: Ledger) -> None:
    done = issue(ledger)
    found = verifying.verify_file(ledger, done.data)
    assert (found.state, found.paper, found.log, found.clean) == ("unchanged", done.paper, "whole", True)
    assert found.actor == "王"
    assert "一个字节不差" in said(ledger, found)
    assert "文字完全相同" in said(ledger, found)


def test_the_code_from_paper_is_known(ledger: Ledger) -> None:
    done = issue(ledger, internal=True)
    code = done.paper.stamp or ""
    for typed in (code, code.lower().replace("-", " "), f"{code}\n某水党〔2021〕1号\n{(done.paper.digest or '')[:32]}"):
        found = verifying.verify_code(ledger, typed)
        assert (found.paper, found.state, found.clean) == (done.paper, "code", True)
    wrong = verifying.verify_code(ledger, f"{code}\n某水党〔2021〕9号")
    assert "写成了 某水党〔2021〕9号" in said(ledger, wrong)
    with pytest.raises(Refusal, match="输错了一个字符"):
        verifying.verify_code(ledger, code[:-1] + ("0" if code[-1] != "0" else "1"))


def test_a_code_of_somebody_else_is_not_ours(ledger: Ledger, tmp_path: Path) -> None:
    other = begun(tmp_path / "别的.zgl", tmp_path / "other")
    theirs = issue(other, internal=True)
    assert verifying.verify_code(ledger, theirs.paper.stamp or "").paper is None
    found = verifying.verify_file(ledger, theirs.data)
    assert (found.paper, found.clean) == (None, False)
    assert "不是本台账印发的。它自称是 某水党〔2021〕1号。" in said(ledger, found)
    other.close()


def test_saved_by_another_program_the_words_are_the_same(ledger: Ledger) -> None:
    found = verifying.verify_file(ledger, resaved(issue(ledger).data))
    assert (found.state, found.places, found.clean) == ("resaved", (), False)
    assert "文字没有改动" in said(ledger, found)


def test_changed_words_are_told_with_their_place(ledger: Ledger) -> None:
    paper = issue(ledger).paper
    found = verifying.verify_file(ledger, forged(ledger, paper, "286处", "926处"))
    assert found.state == "changed"
    assert [(one.page, one.issued, one.found) for one in found.places] == [(1, "286", "926")]
    assert found.places[0].before.endswith("共巡查")
    assert "第 1 页“…" in said(ledger, found)


def test_our_number_on_another_paper(ledger: Ledger) -> None:
    issue(ledger)
    document = tree.Document(
        "关于别的事", (tree.Paragraph((tree.Run("伪造的话。"),)),), head=tree.Head("", "某水党〔2021〕1号")
    )
    found = verifying.verify_file(ledger, pdf.to_bytes(document))
    assert found.state == "other"
    assert "内容不同" in said(ledger, found)


def test_what_a_stranger_wrote_into_the_properties_is_not_held_against_the_ledger(ledger: Ledger) -> None:
    issue(ledger)
    document = tree.Document("别的", (tree.Paragraph((tree.Run("话。"),)),), head=tree.Head("", "某水党〔2021〕1号"))
    identity = (("code", "ZGT1-垃圾"), ("digest", "00"), ("log", "ff"), ("number", "某水党〔2021〕1号"))
    found = verifying.verify_file(ledger, pdf.drawn(sheet.typeset(document), pdf.meta(document, None, identity)))
    assert (found.state, found.log, found.words_kept) == ("other", "whole", True)


def test_a_paper_without_words_cannot_be_compared(ledger: Ledger) -> None:
    paper = issue(ledger).paper
    identity = (("code", paper.stamp or ""),)
    blank = pdf.drawn(sheet.typeset(tree.Document("", (tree.Space(3),))), pdf.meta(tree.Document(""), None, identity))
    found = verifying.verify_file(ledger, blank)
    assert found.unreadable
    assert "扫描件" in said(ledger, found)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", "不是".encode()])
def test_what_is_no_pdf_is_refused(ledger: Ledger, data: bytes) -> None:
    with pytest.raises(Refusal, match="不是能读的 PDF"):
        verifying.verify_file(ledger, data)


def test_what_changed_in_the_ledger_since_is_told(ledger: Ledger) -> None:
    done = issue(ledger)
    figure = ledger.get(Figure, "f1")
    assert figure is not None
    ledger.act(Deed("改数", "李", (edit(figure, value=Amount(Decimal(300), "处")),)))
    more = create(Figure, "f2", problem="q1", name="别的数", value=Amount(Decimal(1), "处"))
    ledger.act(Deed("加数", "李", (more,)))
    ledger.act(Deed("加措施", "李", (create(Measure, "m2", problem="q1", number=2, lead="公开", publicity="public"),)))
    found = verifying.verify_file(ledger, done.data)
    assert (found.state, found.clean) == ("unchanged", False)
    changed = {one.id: one for one in found.changed}
    assert changed.keys() == {"f1"}
    assert [(one.label, one.then, one.now) for one in changed["f1"].values] == [("数值", "286处", "300处")]
    assert changed["f1"].actor == "李"
    assert found.again is not None
    assert (found.again.added, found.again.removed) == (3, 1)
    told = said(ledger, found)
    assert "数值由“286处”改为“300处”" in told
    assert "〔删：286〕〔增：300〕" in told
    for _ in range(3):
        ledger.undo("李")
    assert verifying.verify_file(ledger, done.data).clean


def test_what_was_deleted_since_is_told(ledger: Ledger) -> None:
    done = issue(ledger)
    measure = ledger.get(Measure, "m1")
    assert measure is not None
    ledger.act(Deed("删", "李", (delete(measure),)))
    found = verifying.verify_file(ledger, done.data)
    assert [(one.id, one.deleted) for one in found.changed] == [("m1", True)]
    assert "已删除" in said(ledger, found)


def test_withdrawn_and_corrected_papers_say_so(ledger: Ledger) -> None:
    first = issue(ledger)
    made, _ = issued.correction(ledger, first.paper, "王")
    draft = ledger.get(Notice, made)
    assert draft is not None
    second = issuing.issue(ledger, issuing.prepare_notice(ledger, draft, day=date(2021, 11, 5)), "王").paper
    issued.void(ledger, first.paper, "数字写错", "王", day=date(2021, 11, 5))
    found = verifying.verify_file(ledger, first.data)
    assert found.state == "unchanged"
    assert found.corrected_by == (second,)
    told = said(ledger, found)
    assert "已于 2021-11-05 作废：数字写错" in told
    assert "已由某水党〔2021〕2号" in told
    assert "它更正的是某水党〔2021〕1号" in said(ledger, verifying.verify_code(ledger, second.stamp or ""))


def test_a_merged_ledger_knows_the_papers_of_the_other(ledger: Ledger, tmp_path: Path) -> None:
    """The changes came along, the bytes of the paper did not: its words come back from the log, proven by their hash."""
    done = issue(ledger, internal=True)
    head_office = Ledger.create(tmp_path / "市局.zgl", Installation(tmp_path / "city"))
    head_office.act(Deed("新建", "主", (create(Unit, "u0", name="市局"),)))
    head_office.merge(history.changes(ledger))
    found = verifying.verify_file(head_office, done.data)
    assert (found.state, found.log, found.clean) == ("unchanged", "whole", True)
    assert recomposing.words_of(head_office, done.paper) == kept.document_of(ledger, done.paper)
    changed = verifying.verify_file(head_office, resaved(done.data))
    assert (changed.paper, changed.state) == (done.paper, "resaved")
    changed = verifying.verify_file(head_office, forged(ledger, done.paper, "286处", "926处"))
    assert [(one.issued, one.found) for one in changed.places] == [("286", "926")]
    figure = head_office.get(Figure, "f1")
    assert figure is not None
    head_office.act(Deed("改数", "主", (edit(figure, value=Amount(Decimal(300), "处")),)))
    assert recomposing.words_of(head_office, done.paper) == kept.document_of(ledger, done.paper)
    head_office.close()


def test_words_from_the_log_are_those_of_the_hash_or_none(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later program may compose other words from the same facts: they are not taken for those that were issued."""
    done = issue(ledger)
    head_office = Ledger.create(tmp_path / "市局.zgl", Installation(tmp_path / "city"))
    head_office.merge(history.changes(ledger))
    other = tree.Document("别的", (tree.Paragraph((tree.Run("话。"),)),))
    monkeypatch.setattr(recomposing, "composed_now", lambda *_: other)
    with pytest.raises(Refusal, match="没有这个文件"):
        recomposing.words_of(head_office, done.paper)
    changed = verifying.verify_file(head_office, resaved(done.data))
    assert (changed.state, changed.compared, changed.clean) == ("changed", False, False)
    head_office.close()


def test_a_log_written_anew_is_noticed(ledger: Ledger, tmp_path: Path) -> None:
    """Who makes the same ledger again with another past can write the same record into it, but not the same head."""
    done = issue(ledger, internal=True)
    anew = begun(tmp_path / "重做.zgl", tmp_path / "anew")
    values = {name: getattr(done.paper, name) for name in done.paper.__dataclass_fields__ if name != "id"}
    seen = tuple(f"{replica} {sequence}" for replica, sequence in history.seen(anew).items())
    told = {name: value for name, value in values.items() if value is not None} | {"seen": seen}
    anew.act(Deed("仿造", "王", (create(IssuedPaper, **told),)))
    found = verifying.verify_file(anew, done.data)
    assert (found.state, found.log, found.clean) == ("unchanged", "rewritten", False)
    assert "可能被改写过" in said(anew, found)
    anew.close()


def test_a_record_forged_to_fit_another_log_does_not_fit_the_file(ledger: Ledger, tmp_path: Path) -> None:
    """The head of the log stands in the file, too: where record and log were both made anew it tells."""
    done = issue(ledger)
    anew = begun(tmp_path / "重做.zgl", tmp_path / "anew")
    seen, head = history.seen(anew), history.head(anew)
    stamp = stamps.written(stamps.stamp(2021, 1, done.paper.digest or "", head))
    told: dict[str, Any] = {
        "unit": "u1",
        "title": "通报",
        "paper": done.paper.paper,
        "digest": done.paper.digest,
        "head": head,
        "stamp": stamp,
    }
    lines = tuple(f"{replica} {sequence}" for replica, sequence in seen.items())
    anew.act(Deed("仿造", "王", (create(IssuedPaper, **told, seen=lines),)))
    found = verifying.verify_file(anew, done.data)
    assert (found.state, found.log) == ("unchanged", "rewritten")
    anew.close()


def test_a_log_that_is_not_all_here_is_said(ledger: Ledger, tmp_path: Path) -> None:
    done = issue(ledger)
    other = Ledger.create(tmp_path / "别的.zgl", Installation(tmp_path / "other"))
    values = {
        name: getattr(done.paper, name)
        for name in ("title", "number", "agency", "year", "paper", "seen", "head", "stamp", "digest")
    }
    other.act(Deed("抄", "王", (create(IssuedPaper, **values),)))
    found = verifying.verify_file(other, done.data)
    assert (found.state, found.log) == ("unchanged", "missing")
    assert "不能按现在的台账再印" in said(other, found)
    assert "不能逐字比对" in said(other, verifying.verify_file(other, forged(ledger, done.paper, "286处", "926处")))
    other.close()


def test_words_changed_inside_the_store_are_noticed(ledger: Ledger) -> None:
    done = issue(ledger, internal=True)
    document = kept.document_of(ledger, done.paper)
    other = replace(document, title="改过的标题")
    found = verifying._fits(done.paper, other, {})
    assert not found
    assert verifying._fits(done.paper, document, {})


def test_slips_of_a_batch_are_printed_again_each_for_itself(ledger: Ledger) -> None:
    assert issue(ledger).paper.source is None
    unit = ledger.get(Unit, "u1")
    assert unit is not None
    from desktop_app.notices import papers
    from desktop_app.notices.wanted import Wanted

    kind = papers.kind_named("ledger")
    about = issuing.About(unit, DAY)
    ready = issuing.prepare_kind(ledger, kind, Wanted(DAY, "u1", issuer="u1"), about)
    paper = issuing.issue_all(ledger, ready, "王")[0].paper
    assert (paper.kind, paper.number) == (kind.title, None)
    found = verifying.verify_code(ledger, paper.stamp or "")
    assert found.again is not None
    assert found.again.same
    figure = ledger.get(Figure, "f1")
    assert figure is not None
    ledger.act(Deed("改数", "李", (edit(figure, value=Amount(Decimal(300), "处")),)))
    again = verifying.verify_code(ledger, paper.stamp or "").again
    assert again is not None
    assert (again.added, again.removed) == (1, 1)


def test_the_notice_is_what_is_printed_again(ledger: Ledger) -> None:
    done = issue(ledger)
    assert recomposing.composed_now(ledger, done.paper) == kept.document_of(ledger, done.paper)
    assert notice(ledger).state == "issued"
