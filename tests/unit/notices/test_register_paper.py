"""Extracts of registers and publication tables: columns, order, period, sums, publicity, masking, norms; nothing but the definition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_samples import DAY, column, placed, registers, said, tables, titles

from db.errors import Refusal
from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.schema.composite import Span
from db.schema.kinds import Publicity
from desktop_app.notices import measure, papers, plain, tree
from desktop_app.notices.publication_norms import norms
from desktop_app.notices.register_columns import grouped, span_words
from desktop_app.notices.wanted import Wanted
from desktop_app.rectification.openness import masked

SEPTEMBER = Span(date(2025, 9, 1), date(2025, 9, 30))
REFUEL, PUBLISH, JUDGED = "official_vehicles.refuel", "official_vehicles.monthly_publish", "auxiliary_police.aux_eval"
FUEL = ("official_vehicles.litres", "official_vehicles.km", "official_vehicles.consumption")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return registers(tmp_path_factory.mktemp("registers"))


def paper(
    facts: Ledger, name: str, *of: str, readers: Publicity = "public", period: Span | None = None, **options: Any
) -> tree.Document:
    wanted = Wanted(DAY, "u", readers, period, of, options)
    (document,) = papers.made(facts, papers.kind_named(name), wanted).documents
    return document


def figures(table: tree.Table, title: str) -> list[Decimal]:
    return [Decimal(said(cell).replace(",", "") or "0") for cell in column(table, title)]


def last(table: tree.Table) -> dict[str, str]:
    row = table.rows[-1]
    assert row.kind == "total"
    return {title: said(cell) for title, cell in zip(titles(table), row.cells, strict=True)}


# -- extracts ---------------------------------------------------------------------------------------------------------


def test_an_extract_has_the_rows_of_its_period_in_order_with_their_sums(facts: Ledger) -> None:
    document = paper(facts, "register", REFUEL, period=SEPTEMBER, order=("加油量 倒序",))
    (table,) = tables(document)
    assert document.title == "东湖分局加油登记表"
    assert "期间：2025年9月　截至2025年10月22日　共14行" in plain.text(document)
    litres = figures(table, "加油量（L）")
    assert litres == sorted(litres, reverse=True)
    assert [said(cell) for cell in column(table, "序号")] == [str(k) for k in range(1, 15)]
    rows = [row for row in facts.rows(REFUEL) if row.date.month == 9]  # type: ignore[attr-defined]
    assert sum(litres) == sum(row.litres for row in rows)  # type: ignore[attr-defined]
    sums = last(table)
    assert Decimal(sums["加油量（L）"]) == sum(litres)
    assert sums["金额（元）"] == f"{sum(row.cost for row in rows) / 100:,.2f}"  # type: ignore[attr-defined]
    assert sums["百公里油耗（L/100km）"] == ""


def test_days_amounts_and_references_are_written_as_papers_write_them(facts: Ledger) -> None:
    (table,) = tables(paper(facts, "register", REFUEL, period=SEPTEMBER))
    assert {said(cell) for cell in column(table, "日期")} == {"2025年9月5日", "2025年9月10日"}
    assert said(column(table, "车辆")[0]) == "苏B0001警 全顺"
    assert all(cell.paragraphs[0][0].origin.startswith(f"{REFUEL}:r") for cell in column(table, "车辆"))
    decimals = {len(said(cell).partition(".")[2]) for cell in column(table, "加油量（L）")}
    assert len(decimals) == 1


def test_columns_are_printed_as_they_are_named_and_asked_of(facts: Ledger) -> None:
    document = paper(
        facts,
        "register",
        REFUEL,
        columns=("车辆", "litres", "百公里油耗"),
        filters=("加油量>=60",),
        total=False,
        title="大额加油",
    )
    (table,) = tables(document)
    assert titles(table) == ["序号", "车辆", "加油量（L）", "百公里油耗（L/100km）"]
    assert min(figures(table, "加油量（L）")) >= 60
    assert all(row.kind == "body" for row in table.rows)
    assert table.notes == ("注：只列加油量>=60的行。",)
    assert document.title == "东湖分局大额加油"


def test_norms_and_marks_are_numbers_that_are_not_added_up(facts: Ledger) -> None:
    vehicles = tables(paper(facts, "register", "official_vehicles.vehicle", readers="secret"))[0]
    assert "核定百公里油耗（L/100km）" in titles(vehicles)
    assert all(row.kind == "body" for row in vehicles.rows)
    named = tables(paper(facts, "register", JUDGED, readers="secret", sums=("得分",)))[0]
    assert last(named)["得分"] == "326"


@pytest.mark.parametrize("readers", ["public", "internal"])
def test_readers_see_the_rows_and_columns_that_are_theirs(facts: Ledger, readers: Publicity) -> None:
    (table,) = tables(paper(facts, "register", JUDGED, readers=readers))
    assert ("人员" in titles(table)) == (readers == "internal")
    assert len(table.rows) == (4 if readers == "internal" else 3)


def test_a_wide_register_is_turned_and_a_narrow_one_stands_upright(facts: Ledger) -> None:
    narrow = paper(facts, "register", REFUEL, columns=("日期", "加油量"))
    wide = paper(
        facts, "register", REFUEL, readers="secret", columns=tuple(f.name for f in facts.schema(REFUEL).fields)
    )
    assert isinstance(narrow.blocks[-1], tree.Table)
    (section,) = wide.blocks
    assert isinstance(section, tree.Section)
    assert section.layout == "landscape"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"columns": ("颜色",)}, "没有“颜色”这一栏"),
        ({"filters": ("加油量大于五",)}, "看不懂"),
        ({"filters": ("颜色=红",)}, "没有“颜色”这一栏"),
        ({"order": ("颜色",)}, "没有“颜色”这一栏"),
        ({"on": "加油量"}, "不是日期"),
        ({"filters": ("加油量>=1000",)}, "没有符合条件的行"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_a_sentence(facts: Ledger, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        paper(facts, "register", REFUEL, period=SEPTEMBER, **options)
    with pytest.raises(Refusal, match="没有登记表“a"):
        paper(facts, "register", "a.b")


@pytest.mark.parametrize("category", ["official_vehicles", "procurement", "deposits", "enforcement_standards"])
def test_every_register_of_a_category_can_be_printed(facts: Ledger, category: str) -> None:
    for name in [one for one in facts.tables.records if one.startswith(f"{category}.")]:
        if facts.rows(name):
            assert paper(facts, "register", name, readers="secret").title.endswith(("表", "账", "册", "单"))
        else:
            with pytest.raises(Refusal, match="没有符合条件的行"):
                paper(facts, "register", name, readers="secret")


# -- publication ------------------------------------------------------------------------------------------------------


def test_the_publication_of_a_register_is_told_by_its_definition(facts: Ledger) -> None:
    document = paper(facts, "publication", PUBLISH, title="车辆油耗")
    (table,) = tables(document)
    assert document.title == "东湖分局2025年9月车辆油耗公示表"
    assert titles(table) == [
        "序号", "车辆", "加油数（L）", "里程（km）", "百公里油耗（L/100km）", "核定百公里油耗（L/100km）", "偏差（%）", "备注"
    ]  # fmt: skip
    rows = {row.vehicle: row for row in facts.rows(PUBLISH) if row.month == "2025-09"}  # type: ignore[attr-defined]
    assert len(table.rows) == len(rows) + 1
    for at, number in enumerate(sorted(rows)):
        litres, km = rows[number].litres, rows[number].km  # type: ignore[attr-defined]
        used = litres / km * 100
        assert Decimal(said(column(table, "百公里油耗（L/100km）")[at])) == round(used, 1)
        assert said(column(table, "偏差（%）")[at]) == f"{(used - 10) * 10:+.1f}"
        assert said(column(table, "备注")[at]) == ("偏高（20%以上）" if used > 12 else "")
    assert Decimal(last(table)["加油数（L）"]) == sum(row.litres for row in rows.values())  # type: ignore[attr-defined]


def test_a_publication_says_how_long_it_stands_and_whom_to_turn_to(facts: Ledger) -> None:
    document = paper(facts, "publication", PUBLISH, days=7, begins=date(2025, 12, 29))
    (table,) = tables(document)
    assert table.notes == (
        "公示期：2025年12月29日至2026年1月4日。",
        "对公示内容有异议的，请在公示期内如实反映。监督电话：0000-66010120；联系人：督察大队；地址：东湖区望山路8号。",
    )
    assert document.title == "东湖分局2025年9月车辆百公里油耗公示表"
    assert document.signature == tree.Signature("某市公安局东湖分局", "2025年10月22日", "room")


def test_a_publication_without_a_contact_is_refused(facts: Ledger) -> None:
    kind = papers.kind_named("publication")
    with pytest.raises(Refusal, match="监督电话"):
        papers.made(facts, kind, Wanted(DAY, "", "public", None, (PUBLISH,)))
    papers.made(facts, kind, Wanted(DAY, "", "public", None, (PUBLISH,), {"phone": "110"}))
    (document,) = papers.made(facts, kind, Wanted(DAY, "", "public", None, (PUBLISH,), {}, "u")).documents
    assert document.title.startswith("东湖分局2025年9月")


def test_indicators_are_published_for_everybody_who_owes_a_row(facts: Ledger) -> None:
    document = paper(facts, "publication-sums", *FUEL, title="车辆油耗")
    (table,) = tables(document)
    assert document.title == "东湖分局2025年9月车辆油耗公示表"
    cars = [said(cell) for cell in column(table, "车辆")]
    assert cars == [f"苏B{k:04d}警 {'全顺' if k % 2 else '帕萨特'}" for k in range(1, 9)]  # the eighth did not refuel
    litres, km = figures(table, "加油量（L）"), figures(table, "行驶里程（km）")
    assert litres[-1] == 0
    used = [said(cell) for cell in column(table, "百公里油耗（L/100km）")]
    assert used == [f"{round(a / b * 100, 1)}" if b else "—" for a, b in zip(litres, km, strict=True)]
    sums = last(table)
    assert Decimal(sums["加油量（L）"]) == sum(litres)
    assert sums["百公里油耗（L/100km）"] == f"{round(sum(litres) / sum(km) * 100, 1)}"
    assert "偏高（20%以上）" in {said(cell) for cell in column(table, "备注")}


def test_indicators_may_be_published_by_something_else(facts: Ledger) -> None:
    (table,) = tables(paper(facts, "publication-sums", "official_vehicles.refuels", by="加油站"))
    assert [(said(cell)) for _, _, cell in placed(table)] == ["1", "城南加油站", "14"]
    with pytest.raises(Refusal, match="没有可公示的行"):
        paper(
            facts,
            "publication-sums",
            "official_vehicles.refuels",
            by="station",
            period=Span(date(2020, 1, 1), date(2020, 1, 31)),
        )
    with pytest.raises(Refusal, match="不能都按“颜色”分"):
        paper(facts, "publication-sums", "official_vehicles.refuels", by="颜色")
    with pytest.raises(Refusal, match="没有指标"):
        paper(facts, "publication-sums", "official_vehicles.none")
    named = paper(facts, "publication-sums", "加油次数", "私车公养.加油金额", by="station")
    assert titles(tables(named)[0])[2:] == ["加油次数（次）", "加油金额（元）"]
    with pytest.raises(Refusal, match="分属几个类别"):
        paper(facts, "publication-sums", "official_vehicles.refuels", "auxiliary_police.evaluated")


def test_names_that_are_not_for_everybody_are_masked_and_other_fields_left_out(facts: Ledger) -> None:
    (public,) = tables(paper(facts, "publication", JUDGED))
    assert sorted(said(cell) for cell in column(public, "人员")) == ["孙* F**2", "赵* F**0", "钱*宝 F**1"]
    words = plain.text(paper(facts, "publication", JUDGED, columns=("人员", "得分", "增减金额")))
    assert "增减金额" not in words
    (internal,) = tables(paper(facts, "publication", JUDGED, readers="internal"))
    assert [said(cell) for cell in column(internal, "人员")] == ["孙三 F002", "李思思 F003", "赵一 F000", "钱二宝 F001"]


def test_rows_that_are_withheld_are_counted_in_no_public_sum(facts: Ledger) -> None:
    counts = {}
    for readers in ("public", "internal"):
        (table,) = tables(paper(facts, "publication-sums", "auxiliary_police.evaluated", by="grade", readers=readers))
        counts[readers] = (sum(figures(table, "参加考核人数（人）")), last(table)["参加考核人数（人）"])
    assert counts == {"public": (3, "3"), "internal": (4, "4")}


def test_a_secret_field_is_never_published(tmp_path: Path) -> None:
    made = registers(tmp_path)
    body = {"text": "代号", "required": True, "listed": True, "publicity": "secret"}
    made.act(
        Deed(
            "改",
            "王",
            (
                Edit(
                    "amendment",
                    "x",
                    {
                        "category": "category-official_vehicles",
                        "part": "field",
                        "register": "vehicle",
                        "name": "plate",
                        "body": body,
                    },
                ),
            ),
        )
    )
    for readers in ("public", "internal"):
        wanted = Wanted(DAY, "u", readers, None, (PUBLISH,))
        words = plain.text(papers.made(made, papers.kind_named("publication"), wanted).documents[0])
        assert "苏B" not in words
        with pytest.raises(Refusal, match="不对这一级公开"):
            papers.made(made, papers.kind_named("publication-sums"), Wanted(DAY, "u", readers, None, FUEL))


def test_norms_come_from_the_rules_that_hold_an_indicator_against_one(facts: Ledger) -> None:
    (norm,) = norms(facts.definitions["official_vehicles"])
    assert (norm.indicator, norm.by, norm.name, norm.above) == ("consumption", "vehicle", "norm", Decimal("1.2"))


# -- words ------------------------------------------------------------------------------------------------------------


@given(st.text("王小明ABC019", min_size=1, max_size=8))
def test_masked_words_keep_their_length_and_hide_their_middle(words: str) -> None:
    found = masked(words)
    assert len(found) == len(words)
    assert found[0] == words[0]
    assert len(words) == 1 or "*" in found
    assert set(found[1:-1]) <= {"*"}


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2025, 9, 1), date(2025, 9, 30), "2025年9月"),
        (date(2025, 1, 1), date(2025, 12, 31), "2025年"),
        (date(2025, 1, 1), date(2025, 6, 30), "2025年1月至6月"),
        (date(2024, 12, 1), date(2025, 1, 31), "2024年12月至2025年1月"),
        (date(2025, 9, 3), date(2025, 9, 8), "2025年9月3日至9月8日"),
        (None, date(2025, 9, 8), "截至2025年9月8日"),
        (date(2025, 9, 8), None, "2025年9月8日以来"),
    ],
)
def test_periods_are_written_as_papers_write_them(start: date | None, end: date | None, words: str) -> None:
    assert span_words(Span(start, end, "x")) == words


@given(st.decimals(-(10**9), 10**9, places=3), st.integers(0, 3))
def test_grouped_numbers_are_the_same_numbers(value: Decimal, places: int) -> None:
    words = grouped(value, places)
    assert Decimal(words.replace(",", "")) == value
    assert len(words.partition(".")[2]) >= places


def test_the_finished_papers_measure_up(facts: Ledger) -> None:
    for document in (
        paper(facts, "register", REFUEL),
        paper(facts, "publication", PUBLISH),
        paper(facts, "publication-sums", *FUEL),
    ):
        assert measure.sheet(papers.to_bytes(papers.Made((document,)), "pdf"), document).failed == ()
