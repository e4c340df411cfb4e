"""The exchange receipt from plain values or blank, and the custody sheet of a medium."""

from __future__ import annotations

from datetime import datetime

import pytest
import slip_ledger as desk

from db.errors import Refusal
from db.ledger.ledger import Ledger
from desktop_app.notices import papers, plain, sheet
from desktop_app.notices.receipt_paper import Count, Receipt, receipt
from desktop_app.notices.tree import Signature
from desktop_app.notices.wanted import Wanted

DIGEST = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return desk.made(tmp_path_factory.mktemp("receipt"))


def test_a_receipt_counts_per_unit_and_register_and_adds_up() -> None:
    one = Receipt(
        file="东湖分局.zgx",
        number="2021-7",
        sender="某市公安局东湖分局",
        receiver="某市公安局",
        packed=datetime(2021, 11, 5, 9, 30),  # noqa: DTZ001
        received=datetime(2021, 11, 8, 14, 5),  # noqa: DTZ001
        by="郑二",
        digest=DIGEST,
        compared="与发送方的校验和一致。",
        counts=(Count("东湖分局", "问题", 12, 3, 1, 2), Count("西山分局", "加油登记", 200, 0, 0, 0)),
        refusals=("第8条与前一条接不上。",),
    )
    lines = plain.text(receipt(one, Signature("某市公安局", "2021年11月8日", "room"))).splitlines()
    for line in (
        "回执编号\t2021-7\t接收人\t郑二",
        "打包时间\t2021年11月5日09:30\t接收时间\t2021年11月8日14:05",
        "东湖分局\t问题\t12\t3\t1\t2",
        "合计\t\t212\t3\t1\t2",
        "1. 第8条与前一条接不上。",
    ):
        assert line in lines
    digest = next(line for line in lines if line.startswith("文件校验和"))
    assert digest.removeprefix("文件校验和\t").replace(" ", "") == DIGEST
    assert len(sheet.typeset(receipt(one)).pages) == 1


def test_a_blank_receipt_has_room_for_everything(facts: Ledger) -> None:
    made = papers.made(
        facts, papers.kind_named("receipt"), Wanted(desk.DAY, issuer="city", options={"sender": "东湖分局"})
    )
    text = plain.text(made.documents[0])
    assert "发送单位\t东湖分局\t接收单位\t某市公安局" in text
    assert "□不一致" in text
    assert text.rstrip().endswith("某市公安局\n2021年11月8日")


def test_a_custody_sheet_goes_with_its_medium(facts: Ledger) -> None:
    kind = papers.kind_named("custody")
    options = kind.read_options([("介质编号", "U-03"), ("密级", "内部"), ("rows", "3"), ("digest", DIGEST)])
    text = plain.text(papers.made(facts, kind, Wanted(desk.DAY, issuer="east", options=options)).documents[0])
    assert "介质编号\tU-03\t密级\t内部" in text
    assert [line for line in text.splitlines() if line[:1].isdigit()] == ["1", "2", "3"]
    with pytest.raises(Refusal, match="64 位十六进制"):
        kind.read_options([("digest", "12")])
