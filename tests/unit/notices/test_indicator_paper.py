"""Indicator sheets: values beside their past, per cent and percentage points told apart, months and charts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_samples import DAY, placed, registers, said, tables

from db.errors import Refusal
from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.schema.composite import Span
from db.schema.kinds import Publicity
from desktop_app.notices import measure, papers, plain, tree
from desktop_app.notices.wanted import Wanted
from desktop_app.rectification import series
from desktop_app.rectification.reckoning.indicators import reckon
from desktop_app.rectification.series import change

SEPTEMBER = Span(date(2025, 9, 1), date(2025, 9, 30))
AUGUST = Span(date(2025, 8, 1), date(2025, 8, 31))
CARS = "official_vehicles"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    made = registers(tmp_path_factory.mktemp("registers"))
    edits = [
        Edit(f"{CARS}.refuel", f"old{month}", {"unit": "u", "vehicle": "v0", "date": date(2024, month, 9), "litres": Decimal(60), "km": Decimal(500)})
        for month in (8, 9)
    ]  # fmt: skip
    made.act(Deed("去年", "王", tuple(edits)))
    return made


def sheet(
    facts: Ledger, *of: str, readers: Publicity = "internal", period: Span | None = None, **options: Any
) -> tree.Document:
    wanted = Wanted(DAY, "u", readers, period, of or (CARS,), options)
    (document,) = papers.made(facts, papers.kind_named("indicators"), wanted).documents
    return document


def rows(table: tree.Table) -> dict[str, list[str]]:
    found: dict[int, list[str]] = {}
    for number, _, cell in placed(table):
        found.setdefault(number, []).append(said(cell))
    return {row[1]: row[2:] for row in found.values()}


def charts(document: tree.Document) -> list[tree.Chart]:
    return [block for block in tree.every_block(document) if isinstance(block, tree.Chart)]


def test_an_indicator_stands_beside_the_month_before_and_the_same_a_year_ago(facts: Ledger) -> None:
    told = rows(tables(sheet(facts))[0])
    now, before = (reckon(facts, CARS, "litres", as_of=DAY, period=span, unit="u") for span in (SEPTEMBER, AUGUST))
    assert now.value is not None
    assert before.value is not None
    less = (now.value - before.value) * 100 / before.value
    more = (now.value - 60) * 100 / 60
    assert told["加油量"] == [now.shown, before.shown, f"{less:+.1f}%", "60.00L", f"{more:+.1f}%"]


def test_the_change_of_a_share_is_in_points_and_that_of_a_rate_of_other_things_in_per_cent(facts: Ledger) -> None:
    told = rows(tables(sheet(facts))[0])
    assert told["公示率"] == ["87.5%", "87.5%", "0.0个百分点", "0.0%", "+87.5个百分点"]
    assert told["百公里油耗"][2].endswith("%")
    assert "百分点" not in told["百公里油耗"][2]


def test_a_year_ago_without_a_single_entry_is_no_base(facts: Ledger) -> None:
    told = rows(tables(sheet(facts, period=Span(date(2025, 7, 1), date(2025, 7, 31))))[0])
    assert {tuple(row[3:]) for row in told.values()} == {("—", "—")}


def test_what_hangs_on_no_day_is_not_compared(facts: Ledger) -> None:
    assert rows(tables(sheet(facts))[0])["在用车辆数"] == ["8辆", "—", "—", "—", "—"]


def test_the_notes_say_what_was_compared_and_what_was_left_out(facts: Ledger) -> None:
    first, second = tables(sheet(facts))[0].notes
    assert first.startswith("注：环比与2025年8月比，同比与2024年9月比；比率的变化以百分点计")
    assert "抽查次数" in second
    whole = sheet(facts, period=Span(date(2025, 1, 1), date(2025, 6, 30)))
    assert "环比与2024年7月至12月比，同比与2024年1月至6月比" in tables(whole)[0].notes[0]


def test_changes_that_the_definition_reckons_are_told_beside_what_they_are_of(facts: Ledger) -> None:
    titles = rows(tables(sheet(facts))[0])
    assert not [title for title in titles if "变化" in title]


def test_the_months_of_the_table_are_those_of_the_indicator(facts: Ledger) -> None:
    _, months = tables(sheet(facts))
    assert [column.title for column in months.columns] == ["指标", "8月", "9月"]  # nothing was entered before
    found = {said(row.cells[0]): [said(cell) for cell in row.cells[1:]] for row in months.rows}
    values = series.monthly(facts, CARS, "litres", 2025, as_of=DAY, unit="u")
    assert [Decimal(value) for value in found["加油量（L）"]] == [
        round(value, 2) for value in values[7:9] if value is not None
    ]
    assert values[:7] == [Decimal(0)] * 7
    assert values[10:] == [None] * 2


def test_charts_begin_with_what_a_rule_holds_against_a_norm(facts: Ledger) -> None:
    line, bars = charts(sheet(facts))
    assert (line.kind, bars.kind) == ("line", "bars")
    assert line.title == "百公里油耗（2025年与上年各月）"
    assert [one.name for one in line.series] == ["2024年", "2025年"]
    assert line.series[0].values[7:9] == (12.0, 12.0)
    assert line.series[1].values[9:] == (None, None, None)
    assert bars.title == "百公里油耗（2025年9月，按车辆）"
    assert list(bars.series[0].values) == sorted(bars.series[0].values, key=lambda value: -(value or 0))
    assert all(len(one.values) == len(chart.categories) for chart in (line, bars) for one in chart.series)


def test_charts_and_months_may_be_chosen_or_left_out(facts: Ledger) -> None:
    bare = sheet(facts, charts=False, months=False)
    assert len(tables(bare)) == 1
    assert not charts(bare)
    chosen = charts(sheet(facts, charted=("加油量",)))
    assert [chart.title for chart in chosen] == ["加油量（2025年与上年各月）"]
    with pytest.raises(Refusal, match="没有指标“IC卡加油量”可以画图"):
        sheet(facts, charted=("IC卡加油量",))


def test_names_that_are_not_for_everybody_stand_in_no_public_chart(facts: Ledger) -> None:
    words = plain.text(sheet(facts, "auxiliary_police", readers="public"))
    assert "赵一" not in words


def test_some_indicators_alone_and_unknown_ones(facts: Ledger) -> None:
    told = rows(tables(sheet(facts, f"category-{CARS}", only=("litres", "抽查次数")))[0])
    assert list(told) == ["加油量", "抽查次数"]
    with pytest.raises(Refusal, match="没有指标“颜色”"):
        sheet(facts, only=("颜色",))
    with pytest.raises(Refusal, match="都没有可印的数"):
        sheet(facts, "deposits")


def test_a_period_that_is_not_over_is_compared_with_as_many_days(facts: Ledger) -> None:
    month = Span(date(2025, 10, 1), date(2025, 10, 31))
    assert series.cut(month, DAY) == Span(date(2025, 10, 1), DAY, "")
    assert "同比与2024年10月1日至10月22日比" in tables(sheet(facts, period=month, charts=False))[0].notes[0]


# -- changes ----------------------------------------------------------------------------------------------------------


@given(st.integers(-500, 500).map(Decimal), st.integers(-500, 500).map(Decimal))
def test_a_change_leads_back_to_its_value(now: Decimal, base: Decimal) -> None:
    points, per_cent = change(now, base, "个百分点"), change(now, base)
    assert points.value is not None
    assert base + points.value == now
    assert (per_cent.value is None) == (base == 0)
    if per_cent.value is not None:
        assert abs(base + per_cent.value * abs(base) / 100 - now) < Decimal("1e-9")
        assert (per_cent.value > 0) == (now > base)


def test_a_change_is_told_with_sign_and_unit() -> None:
    told = [
        change(Decimal(a), Decimal(b), unit).words
        for a, b, unit in ((9, 8, ""), (8, 9, "个百分点"), (8, 8, ""), (8, 0, ""))
    ]
    assert told == ["+12.5%", "-1.0个百分点", "0.0%", "—"]
    assert change(None, Decimal(3)).words == change(Decimal(3), None).words == "—"
    assert change(Decimal("99.999"), Decimal(100)).words == "0.0%"


def test_the_finished_sheet_measures_up(facts: Ledger) -> None:
    document = sheet(facts)
    assert measure.sheet(papers.to_bytes(papers.Made((document,)), "pdf"), document).failed == ()
