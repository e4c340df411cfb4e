"""Document numbers: how they are written, which is next, which are given, which are left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.errors import Refusal
from db.ledger.change import Built, Deed, create
from db.ledger.ledger import Ledger
from db.schema.composite import Sheet
from db.schema.records import Aspect, Chapter, IssuedPaper, NextStep, Notice, Unit
from db.store.replica import Installation
from desktop_app.rectification import checks, forms, issued, numbering
from desktop_app.rectification.numbering import Number, parsed

DAY = date(2021, 11, 3)
KEPT = Sheet("内容.json", "a" * 64, 2, "application/json")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    made.act(Deed("新建", "王", (create(Unit, "u1", name="某市水利局", document_code="某水党"),)))
    yield made
    made.close()


def unit(ledger: Ledger, identifier: str = "u1") -> Unit:
    found = ledger.get(Unit, identifier)
    assert found is not None
    return found


def issue(ledger: Ledger, number: int, identifier: str = "", of: str = "u1", **values: Any) -> IssuedPaper:
    """A paper as issuing leaves it, without the work."""
    whole = Number(unit(ledger, of).document_code or "", 2021, number)
    values = {
        "agency": whole.agency,
        "year": 2021,
        "number": number,
        "document_number": whole.text,
        "title": "通报",
        **values,
    }
    made = create(IssuedPaper, identifier or f"p{number}", unit=of, tree=KEPT, **values)
    ledger.act(Deed(f"印发{number}", "王", (made,)))
    found = ledger.get(IssuedPaper, made.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("某公党〔2021〕8号", Number("某公党", 2021, 8)),
        ("某公党[2021]8号", Number("某公党", 2021, 8)),
        ("某公党（２０２１）第０8号", Number("某公党", 2021, 8)),
        (" 某公党 〔2021年〕 10 号 ", Number("某公党", 2021, 10)),
        ("某公党2021年8号", None),
        ("〔2021〕8号", None),
        ("某公党〔2021〕0号", None),
        ("某公党〔2021〕八号", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers_are_read_as_people_write_them(said: str | None, meant: Number | None) -> None:
    assert parsed(said) == meant
    if meant is not None:
        assert parsed(meant.text) == meant


def test_the_next_number_follows_the_largest(ledger: Ledger) -> None:
    assert numbering.number_for(ledger, unit(ledger), DAY).text == "某水党〔2021〕1号"
    for number in (1, 2):
        issue(ledger, number)
    assert numbering.number_for(ledger, unit(ledger), DAY).number == 3
    assert numbering.number_for(ledger, unit(ledger), date(2022, 1, 4)).text == "某水党〔2022〕1号"


def test_each_unit_and_each_code_counts_by_itself(ledger: Ledger) -> None:
    ledger.act(Deed("加", "王", (create(Unit, "u2", name="东山分局", document_code="东水"),)))
    issue(ledger, 1)
    assert numbering.number_for(ledger, unit(ledger, "u2"), DAY).text == "东水〔2021〕1号"
    assert numbering.number_for(ledger, unit(ledger), DAY, asked="某水办〔2021〕1号").text == "某水办〔2021〕1号"


def test_a_number_is_never_given_twice(ledger: Ledger) -> None:
    paper = issue(ledger, 1)
    for asked in ("1", "1号", "第1号", "某水党〔2021〕1号", "某水党[2021]01号"):
        with pytest.raises(Refusal, match="已经用过"):
            numbering.number_for(ledger, unit(ledger), DAY, asked=asked)
    issued.void(ledger, paper, "标题写错", "王", day=DAY)
    with pytest.raises(Refusal, match="已经用过"):
        numbering.number_for(ledger, unit(ledger), DAY, asked="1")
    assert numbering.number_for(ledger, unit(ledger), DAY).number == 2


def test_another_unit_with_the_same_code_stands_against_it(ledger: Ledger) -> None:
    ledger.act(Deed("加", "王", (create(Unit, "u2", name="东山分局", document_code="某水党"),)))
    issue(ledger, 1)
    with pytest.raises(Refusal, match="已经由某市水利局用了"):
        numbering.number_for(ledger, unit(ledger, "u2"), DAY)


def test_leaving_numbers_out_needs_a_reason(ledger: Ledger) -> None:
    with pytest.raises(Refusal, match="空出 1至3号"):
        numbering.number_for(ledger, unit(ledger), DAY, asked="4")
    with pytest.raises(Refusal, match="空出 1号"):
        numbering.number_for(ledger, unit(ledger), DAY, asked="2")
    assert numbering.number_for(ledger, unit(ledger), DAY, asked="4", reason="前三号留给办公室").number == 4


@pytest.mark.parametrize(
    ("asked", "said"),
    [("某水党〔2020〕1号", "年份是 2020"), ("八", "看不懂"), ("0", "看不懂"), ("99999", "看不懂"), ("-3", "看不懂")],
)
def test_what_is_no_number_of_this_year_is_refused(ledger: Ledger, asked: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        numbering.number_for(ledger, unit(ledger), DAY, asked=asked)


@pytest.mark.parametrize("code", [None, "某水党〔2021〕"])
def test_without_a_code_no_number(ledger: Ledger, code: str | None) -> None:
    values = {"document_code": code} if code else {}
    ledger.act(Deed("加", "王", (create(Unit, "u2", name="西山分局", **values),)))
    with pytest.raises(Refusal, match="发文机关代字"):
        numbering.number_for(ledger, unit(ledger, "u2"), DAY)


def test_old_papers_and_drafts_count(ledger: Ledger) -> None:
    old = create(Notice, "n1", unit="u1", title="旧", document_number="某水党〔2021〕3号", source="旧通报.txt")
    draft = create(Notice, "n2", unit="u1", title="新", document_number="某水党〔2021〕4号", state="draft")
    ledger.act(Deed("读入", "王", (old, draft)))
    found = numbering.numbers(ledger, unit(ledger), 2021)
    assert [(one.number, one.way) for one in found.taken] == [(3, "old"), (4, "draft")]
    assert found.missing == ((1, 2),)
    assert found.next == 5
    assert numbering.number_for(ledger, unit(ledger), DAY, asked="4", reason="留好的号", but="n2").number == 4
    assert [one for one in checks.findings(ledger, DAY) if one.code == "number_missing"] == []


def test_numbers_given_elsewhere_are_registered_in_one_go(ledger: Ledger) -> None:
    issued.register(ledger, unit(ledger), Number("某水党", 2021, 17), "王", first=1, reason="纸质登记簿")
    assert numbering.number_for(ledger, unit(ledger), DAY).number == 18
    found = numbering.numbers(ledger, unit(ledger), 2021)
    assert [one.text for one in found.taken] == ["某水党〔2021〕1号至17号"]
    assert found.missing == ()
    with pytest.raises(Refusal, match="16至17号"):
        issued.register(ledger, unit(ledger), Number("某水党", 2021, 20), "王", first=16)
    ledger.undo("王")
    assert numbering.number_for(ledger, unit(ledger), DAY).number == 1


def test_an_unused_number_wants_a_reason(ledger: Ledger) -> None:
    with pytest.raises(Refusal, match="理由"):
        issued.register(ledger, unit(ledger), Number("某水党", 2021, 1), "王", unused=True)
    issued.register(ledger, unit(ledger), Number("某水党", 2021, 1), "王", unused=True, reason="误编")
    assert [(one.way, one.reason) for one in numbering.taken(ledger)] == [("unused", "误编")]


def test_what_is_left_out_or_given_twice_is_found(ledger: Ledger) -> None:
    issue(ledger, 1)
    issue(ledger, 5, reason="跳号")
    issue(ledger, 5, "again", title="另一份")
    found = {one.code: one for one in checks.findings(ledger, DAY) if one.code.startswith("number_")}
    assert "缺 2至4号" in found["number_missing"].sentence
    assert "某水党〔2021〕5号 用了 2 次：《另一份》、《通报》" in found["number_issued_twice"].sentence
    issued.register(ledger, unit(ledger), Number("某水党", 2021, 4), "王", first=2)
    again = ledger.get(IssuedPaper, "again")
    assert again is not None
    issued.void(ledger, again, "与另一份重号", "王", day=DAY)
    assert [one for one in checks.findings(ledger, DAY) if one.code.startswith("number_")] == []


def test_an_issued_paper_lasts(ledger: Ledger) -> None:
    paper = issue(ledger, 1)
    with pytest.raises(Built, match="一经做成就要留存"):
        ledger.undo("王")
    with pytest.raises(Refusal, match="不能删除"):
        forms.remove(ledger, "issued_paper", paper, "王")
    with pytest.raises(Refusal, match="不能再改"):
        forms.save(ledger, "issued_paper", paper, {"title": "改"}, "王")
    with pytest.raises(Refusal, match="不能直接填写"):
        forms.save(ledger, "issued_paper", None, {"title": "新"}, "王")
    with pytest.raises(Refusal, match="单位也要保留"):
        forms.remove(ledger, "unit", unit(ledger), "王")


def test_withdrawing_needs_a_reason_and_can_be_taken_back(ledger: Ledger) -> None:
    paper = issue(ledger, 1)
    with pytest.raises(Refusal, match="理由"):
        issued.void(ledger, paper, "  ", "王", day=DAY)
    issued.void(ledger, paper, "标题写错", "王", day=DAY)
    gone = ledger.get(IssuedPaper, paper.id)
    assert gone is not None
    assert (gone.void_reason, gone.voided) == ("标题写错", DAY)
    with pytest.raises(Refusal, match="已经作废"):
        issued.void(ledger, gone, "再作废", "王", day=DAY)
    ledger.undo("王")
    assert ledger.get(IssuedPaper, paper.id) == paper


def test_what_an_issued_notice_was_made_of_is_not_undone(ledger: Ledger) -> None:
    ledger.act(Deed("起草", "王", (create(Notice, "n1", unit="u1", title="通报"),)))
    part = create(Chapter, "c1", notice="n1", number=1, title="一章")
    changed = ledger.act(Deed("加章", "王", (part,))).deed
    issue(ledger, 1, notice="n1")
    with pytest.raises(Built, match="已经印发"):
        ledger.undo("王", changed)


def test_a_correction_copies_the_texts(ledger: Ledger) -> None:
    whole = create(
        Notice,
        "n1",
        unit="u1",
        title="通报",
        opening="导语",
        state="issued",
        issued=DAY,
        document_number="某水党〔2021〕1号",
    )
    parts = (
        create(Chapter, "c1", notice="n1", number=1, role="problems", title="落实情况"),
        create(Chapter, "c2", notice="n1", number=2, role="other", title="其他"),
        create(NextStep, "s1", notice="n1", number=1, lead="继续"),
        create(Aspect, "a1", unit="u1", title="方面", chapter="c2"),
        create(Aspect, "a2", unit="u1", title="方面二", chapter="c1"),
    )
    ledger.act(Deed("起草", "王", (whole, *parts)))
    paper = issue(ledger, 1, notice="n1")
    made, outcome = issued.correction(ledger, paper, "李")
    assert "某水党〔2021〕1号的更正" in outcome.sentence
    new = ledger.get(Notice, made)
    assert new is not None
    assert (new.title, new.opening, new.state, new.corrects) == ("通报", "导语", "draft", "p1")
    assert (new.document_number, new.issued) == (None, None)
    copied = ledger.all(Chapter, notice=made)
    assert [one.title for one in copied] == ["落实情况", "其他"]
    assert [one.lead for one in ledger.all(NextStep, notice=made)] == ["继续"]
    assert {one.id: one.chapter for one in ledger.all(Aspect)} == {"a1": copied[1].id, "a2": "c1"}
    assert issued.correction(ledger, paper, "李") == (made, type(outcome)())


def test_a_paper_is_found_as_people_call_it(ledger: Ledger) -> None:
    issue(ledger, 1, stamp="ZGT1-X")
    issue(ledger, 12)
    for said in ("12", "12号", "某水党〔2021〕12号", "某水党(2021)12号", "p12"):
        assert issued.find_paper(ledger, said).id == "p12"
    assert issued.find_paper(ledger, "ZGT1-X").id == "p1"
    with pytest.raises(Refusal, match="没有“13”"):
        issued.find_paper(ledger, "13")
    again = issue(ledger, 12, "again")
    with pytest.raises(Refusal, match="可以是几份"):
        issued.find_paper(ledger, "12")
    issued.void(ledger, again, "重号", "王", day=DAY)
    assert issued.find_paper(ledger, "12").id == "p12"
