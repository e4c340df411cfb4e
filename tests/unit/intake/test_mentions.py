"""Figures of an old paper's text: what they are called, their period, what a change is compared with, what a rate is of."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from db.ledger.ledger import Ledger
from db.schema.composite import Quantity
from db.schema.records import Figure
from db.store.replica import Installation
from desktop_app.intake import enter
from desktop_app.intake.read import read
from desktop_app.intake.recognise import recognise


def figures(tmp_path: Path, text: str) -> dict[str, Figure]:
    """The figures of a notice with one problem whose one measure is this text, by their number as printed."""
    paper = tmp_path / "通报.txt"
    paper.write_text(
        "中共东山市某局党组关于巡察整改情况的通报\n一、整改落实情况\n1.关于“台账不清”问题的整改。\n"
        f"整改措施及阶段性成效：一是健全机制。{text}\n中共东山市某局党组\n2021年11月3日\n",
        encoding="utf-8",
    )
    ledger = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    source = read(paper)
    for draft in recognise(source):
        enter.enter(ledger, draft, source, "王")
    return {Quantity("").show(one.value): one for one in ledger.all(Figure) if one.value is not None}


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        ("今年以来，全区共破获盗窃案件286起。", "286起", "破获盗窃案件"),
        ("已整合视频监控33000余路。", "33000余路", "整合视频监控"),
        ("对48名新招辅警逐一签订保密协议书。", "48名", "新招辅警逐一签订保密协议书"),
        ("电瓶案件破案率88.9%，较去年同期上升10%。", "10%", "电瓶案件破案率较去年同期上升"),
        ("检察监督数据同比去年、前年同期的5起、6起，分别下降60%、66.6%。", "60%", "检察监督数据较去年同期下降"),
        ("实现营业收入12.3亿元，较去年同期增长8%。", "8%", "实现营业收入较去年同期增长"),
        ("检察监督数据同比去年、前年同期的5起、6起，分别下降60%、66.6%。", "66.6%", "检察监督数据较前年同期下降"),
    ],
)
def test_a_figure_is_called_by_what_it_counts(tmp_path: Path, text: str, number: str, name: str) -> None:
    assert figures(tmp_path, text)[number].name == name


@pytest.mark.parametrize(
    ("text", "number", "comparison", "base"),
    [
        ("检察监督数据同比去年、前年同期的5起、6起，分别下降60%、66.6%。", "60%", "same_last_year", "5"),
        ("检察监督数据同比去年、前年同期的5起、6起，分别下降60%、66.6%。", "66.6%", "same_before_last", "6"),
        ("投诉量较去年同期的40件下降25%。", "25%", "same_last_year", "40"),
        ("投诉量较去年同期下降25%。", "25%", "same_last_year", None),
        ("满意率为96.5%。", "96.5%", None, None),
    ],
)
def test_the_base_of_a_change_is_read_where_it_is_told(
    tmp_path: Path, text: str, number: str, comparison: str | None, base: str | None
) -> None:
    found = figures(tmp_path, text)[number]
    assert found.comparison == comparison
    assert found.base_value == (None if base is None else Decimal(base))


@pytest.mark.parametrize(
    ("text", "number", "numerator"),
    [
        ("今年以来破获盗窃案件286起，破案率为51.5%。", "51.5%", 286),
        ("已办结信访件84件，办结率98.8%。", "98.8%", 84),
        ("抓获嫌疑人123名，破案率为51.5%。", "51.5%", None),
        ("破获案件200余起，破案率为51.5%。", "51.5%", None),
        ("破获案件286起。破案率为51.5%。", "51.5%", None),
        ("破案率较去年同期上升10%。", "10%", None),
        ("审结旧存案件52件，结案率99.2%。", "99.2%", None),  # no whole number makes this rate of 52
    ],
)
def test_the_numerator_of_a_rate_is_the_count_before_it(
    tmp_path: Path, text: str, number: str, numerator: int | None
) -> None:
    assert figures(tmp_path, text)[number].numerator == numerator


@pytest.mark.parametrize(
    ("text", "number", "period"),
    [
        ("上半年追究9人，其中在教育整顿期间追究3人。", "3人", "教育整顿期间"),
        ("今年以来破案率88.9%，较去年同期上升10%。", "10%", "今年以来"),
        ("上半年培训3期。开展检查5次。", "5次", None),
    ],
)
def test_the_period_is_the_one_named_last_and_no_base(
    tmp_path: Path, text: str, number: str, period: str | None
) -> None:
    found = figures(tmp_path, text)[number].period
    assert (found.wording if found is not None else None) == period


def test_a_qualifier_inside_the_unit_stays_there(tmp_path: Path) -> None:
    assert "2.3万余人次" in figures(tmp_path, "累计开展警示教育2.3万余人次。")
