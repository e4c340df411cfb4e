"""What names in a notice's words stand for: entered figures, bound ones, indicators, and how live values are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from one_problem import change, figure_of, put

from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Amount, Quantity, Span
from db.schema.definition import read
from db.schema.records import Figure, Measure, Notice, Problem, Unit
from db.store.replica import Installation
from desktop_app.notices import compose, plain
from desktop_app.rectification import batch, categories, checks, figures
from desktop_app.rectification.figures import Names, Shown, fill, in_terms_of, only_of
from desktop_app.rectification.reckoning.indicators import Reckoned, reckon

DAY = date(2021, 11, 3)
BODY: dict[str, Any] = {
    "title": "某类",
    "number": 90,
    "register": {
        "case": {
            "title": "案件",
            "field": {
                "no": {"text": "编号", "required": True, "unique": True},
                "kind": {"choice": "类别", "of": ["甲", "乙"]},
                "filed": {"day": "立案日期"},
                "solved": {"day": "破案日期"},
                "cost": {"money": "金额"},
            },
        }
    },
    "indicator": {
        "filed": {"title": "立案数", "unit": "起", "count": "case", "on": "filed", "during": "今年以来"},
        "solved": {
            "title": "破案数", "unit": "起", "count": "case", "where": {"solved": {"filled": True}},
            "on": "solved", "during": "今年以来",
        },
        "rate": {"title": "破案率", "unit": "%", "ratio": {"of": "solved", "to": "filed", "times": 100}, "places": 1},
        "rise": {"title": "立案变化", "unit": "%", "change": {"of": "filed", "against": "same_last_year"}},
        "cost": {"title": "花费", "unit": "元", "sum": {"register": "case", "field": "cost"}},
        "secret": {"title": "内部数", "unit": "起", "count": "case", "publicity": "internal"},
    },
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    categories.install(made, "王", [read("sort", BODY), read("other_sort", {**BODY, "title": "别类", "number": 91})])
    unit = create(Unit, "u", name="某市公安局东山分局", phones=("0000-1234567",))
    problem = create(Problem, "p", unit="u", number=1, title="台账不清", category="category-sort", progress="under_way")
    made.act(Deed("开始", "王", (unit, problem)))
    return made


def rows(ledger: Ledger, *cells: Sequence[str], unit: str = "u") -> None:
    schema = ledger.schema("sort.case")
    told = batch.read_cells(ledger, schema, ("no", "kind", "filed", "solved", "cost"), cells, fixed={"unit": unit})
    assert not told.refused
    batch.enter(ledger, schema.name, told.rows, "王")


def three(ledger: Ledger) -> None:
    """Three cases filed this year, one of them solved; two the year before."""
    rows(
        ledger,
        ("1", "甲", "2021-02-01", "2021-03-01", "1234567"),
        ("2", "乙", "2021-02-02", "", "8"),
        ("3", "乙", "2021-09-02", "", ""),
        ("4", "甲", "2020-02-02", "2020-03-01", ""),
        ("5", "甲", "2020-02-02", "", ""),
    )


def of(ledger: Ledger, name: str, day: date = DAY) -> Shown | None:
    problem = ledger.get(Problem, "p")
    assert problem is not None
    return figures.resolve(ledger, problem, name, day)


def lines(ledger: Ledger, *, internal: bool = False, day: date = DAY) -> str:
    unit = ledger.get(Unit, "u")
    assert unit is not None
    notice = compose.notice_of(ledger, unit)
    return plain.text(compose.compose(ledger, notice, today=day, internal=internal))


def codes(ledger: Ledger, today: date = DAY) -> list[str]:
    return sorted(f.code for f in checks.findings(ledger, today))


def test_a_name_is_first_a_figure_then_an_indicator_by_title_or_key(ledger: Ledger) -> None:
    three(ledger)
    for name in ("破案数", "solved"):
        shown = of(ledger, name)
        assert shown is not None
        assert (shown.words, shown.source, shown.indicator, shown.rows) == ("1起", "indicator", "solved", 1)
    figure_of(ledger, "破案数", "7", "起")
    shown = of(ledger, "破案数")
    assert shown is not None
    assert (shown.words, shown.source) == ("7起", "entered")
    assert of(ledger, "没有的数") is None


def test_a_bound_figure_has_the_value_of_its_period_unit_and_filter(ledger: Ledger) -> None:
    three(ledger)
    rows(ledger, ("9", "甲", "2021-02-01", "", ""), unit="else")
    bound: dict[str, Any] = {"source": "computed", "indicator": "sort.filed"}
    figure_of(ledger, "全年", "0", "件", **bound)
    figure_of(ledger, "上半年的", "0", "件", **bound, period=Span(wording="上半年"))
    figure_of(ledger, "去年", "0", "件", **bound, period=Span(date(2020, 1, 1), date(2020, 12, 31)))
    figure_of(ledger, "乙类", "0", "件", **bound, filter=("类别=乙",))
    put(ledger, Figure, problem="p", name="别处", value=Amount(Decimal(0), "件"), unit="else", **bound)
    figure_of(ledger, "错口径", "0", "件", **bound, filter=("颜色=红",))
    figure_of(ledger, "不认识", "0", "件", source="computed", indicator="sort.gone")
    figure_of(ledger, "不认识的期间", "0", "件", **bound, period=Span(wording="开天辟地以来"))
    told = {n: (s.words, bool(s.why)) for n in ("全年", "上半年的", "去年", "乙类", "别处") if (s := of(ledger, n))}
    assert told == {
        "全年": ("3件", False),  # told in the figure's own word of measure
        "上半年的": ("2件", False),
        "去年": ("2件", False),
        "乙类": ("2件", False),
        "别处": ("1件", False),
    }
    for name in ("错口径", "不认识", "不认识的期间"):
        shown = of(ledger, name)
        assert shown is not None
        assert not shown.words
        assert shown.why


def test_a_nought_for_want_of_rows_is_told(ledger: Ledger) -> None:
    bound: dict[str, Any] = {"source": "computed", "indicator": "sort.filed"}
    figure_of(ledger, "立案", "3", "起", **bound)
    put(ledger, Measure, problem="p", number=1, lead="共{立案}。")
    assert "共0起。" in lines(ledger)
    assert "no_rows" in codes(ledger)
    three(ledger)
    assert "no_rows" not in codes(ledger)


def test_the_day_of_the_notice_decides(ledger: Ledger) -> None:
    three(ledger)
    put(ledger, Measure, problem="p", number=1, lead="立案{立案数}，破案率{破案率}。")
    assert "立案3起，破案率33.3%。" in lines(ledger)
    notice = put(ledger, Notice, unit="u", title="通报", issued=date(2021, 6, 30))
    assert "立案2起，破案率50%。" in lines(ledger)
    found = ledger.get(Notice, notice)
    assert found is not None
    ledger.act(Deed("改", "王", (edit(found, issued=date(2021, 11, 3)),)))
    assert "立案3起，破案率33.3%。" in lines(ledger)


def test_the_live_value_follows_the_register(ledger: Ledger) -> None:
    put(ledger, Measure, problem="p", number=1, lead="共立案{立案数}，破案率为{破案率}。")
    assert "共立案0起，破案率为〔缺数据：破案率〕。" in lines(ledger)
    found = [f for f in checks.findings(ledger, DAY) if f.code == "no_value"]
    assert len(found) == 1
    assert "分母" in found[0].sentence
    assert (found[0].record, found[0].field) == ("measure", "lead")
    three(ledger)
    assert "共立案3起，破案率为33.3%。" in lines(ledger)
    assert "no_value" not in codes(ledger)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("同比上升{立案变化}。", "同比上升50%。"),
        ("同比{立案变化}。", "同比50%。"),
        ("较去年下降了{降幅}。", "较去年下降了33%。"),
        ("分别下降{降幅}、{降幅}。", "分别下降33%、33%。"),
        ("分别下降60%、{降幅}。", "分别下降60%、33%。"),
        ("增幅为{降幅}。", "增幅为-33%。"),
        ("下降的单位增加{降幅}。", "下降的单位增加-33%。"),
    ],
)
def test_a_fall_told_by_its_word_bears_no_sign(ledger: Ledger, text: str, printed: str) -> None:
    three(ledger)
    bound: dict[str, Any] = {"source": "computed", "indicator": "sort.rise"}
    rows(
        ledger, ("6", "甲", "2019-02-02", "", ""), ("7", "甲", "2019-02-02", "", ""), ("8", "甲", "2019-02-02", "", "")
    )
    figure_of(ledger, "降幅", "0", "%", **bound, period=Span(date(2020, 1, 1), date(2020, 12, 31)))
    put(ledger, Measure, problem="p", number=1, lead=text)
    assert printed in lines(ledger)
    wrong = "增加{降幅}" in text
    assert ("direction" in codes(ledger)) == wrong
    put(ledger, Measure, problem="p", number=2, lead="同比下降{立案变化}。")
    assert codes(ledger).count("direction") == 1 + wrong


@pytest.mark.parametrize(
    ("live", "printed", "told"),
    [
        ("286起", "286件", "286件"),
        ("33412路", "33000余路", "33000余路"),
        ("33000路", "33000余路", "33000路"),
        ("213名", "200余名", "200余名"),
        ("87名", "200余名", "87名"),
        ("36420元", "3.5万元", "3.6万元"),
        ("36420元", "4万元", "4万元"),
        ("3.6万元", "35000元", "36000元"),
        ("51.5%", "51%", "51.5%"),
        ("51.5%", "31件", "51.5%"),
        ("60个百分点", "60%", "60个百分点"),
        ("12升", "12件", "12升"),
        ("9名", "2名以上", "9名以上"),
        ("33000余路", "33000余路", "33000余路"),
    ],
)
def test_a_live_value_is_told_as_its_figure_is(live: str, printed: str, told: str) -> None:
    amounts = [Quantity("").parse(text) for text in (live, printed)]
    assert amounts[0] is not None
    assert Quantity("").show(in_terms_of(amounts[0], amounts[1])) == told


def test_words_around_the_problems_name_indicators_of_their_categories(ledger: Ledger) -> None:
    three(ledger)
    put(ledger, Notice, unit="u", title="通报", opening="共立案{立案数}。", issued=DAY)
    assert "共立案3起。" in lines(ledger)
    put(ledger, Problem, unit="u", number=2, title="另一个", category="category-other_sort")
    assert "共立案〔缺数据：立案数〕。" in lines(ledger)  # two categories have an indicator of this title
    assert "ambiguous_figure" in codes(ledger)
    notice = ledger.all(Notice)[0]
    for name in ("某类.立案数", "sort.filed"):
        ledger.act(Deed("改", "王", (edit(notice, opening=f"共立案{{{name}}}。"),)))
        assert "共立案3起。" in lines(ledger)
        assert "ambiguous_figure" not in codes(ledger)


def test_an_indicator_that_is_not_for_everybody_is_no_number_of_a_public_notice(ledger: Ledger) -> None:
    three(ledger)
    put(ledger, Measure, problem="p", number=1, lead="共{内部数}。")
    assert "共〔缺数据：内部数〕。" in lines(ledger)
    assert "共5起。" in lines(ledger, internal=True)
    assert "hidden_figure" in codes(ledger)
    change(ledger, publicity="internal")
    assert "hidden_figure" not in codes(ledger)


def test_a_text_that_repeats_a_bound_number_by_hand_is_held_against_the_register(ledger: Ledger) -> None:
    three(ledger)
    put(ledger, Measure, problem="p", number=1, lead="今年以来立案3起。")
    bound: dict[str, Any] = {"source": "computed", "indicator": "sort.filed"}
    figure_of(ledger, "立案", "3", "起", **bound)
    assert "register_differs" not in codes(ledger)
    rows(ledger, ("6", "甲", "2021-10-02", "", ""))
    found = [f for f in checks.findings(ledger, DAY) if f.code == "register_differs"]
    assert len(found) == 1
    assert "3起" in found[0].sentence
    assert "4起" in found[0].sentence


def test_a_number_typed_beside_its_name_must_be_the_live_one(ledger: Ledger) -> None:
    three(ledger)
    figure_of(ledger, "刑事案件立案", "3", "起", source="computed", indicator="sort.filed")
    put(ledger, Measure, problem="p", number=1, lead="共有刑事案件立案{刑事案件立案}。")
    put(ledger, Measure, problem="p", number=2, lead="全局刑事案件立案3起。")
    assert "told_otherwise" not in codes(ledger)
    put(ledger, Measure, problem="p", number=3, lead="全局刑事案件立案8起。")
    assert "told_otherwise" in codes(ledger)


def test_marks_are_filled_where_they_stand() -> None:
    filled = fill("共{甲}{{乙}}{丙}。", lambda name, _before: name * 2)
    assert filled.words == "共甲甲{乙}丙丙。"
    assert [filled.words[first:last] for first, last, _name in filled.marks] == ["甲甲", "丙丙"]
    assert fill("没有", lambda _n, _b: "").marks == ()


def test_a_filter_names_its_field_by_key_or_label(ledger: Ledger) -> None:
    definition = ledger.definitions["sort"]
    indicator = definition.indicators["filed"]
    assert only_of(definition, indicator, ("类别=甲", "kind=乙")) == {"kind": ["甲", "乙"]}


def test_each_indicator_is_reckoned_once(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(facts: Any, category: str, key: str, **how: Any) -> Reckoned:
        asked.append(key)
        return reckon(facts, category, key, **how)

    monkeypatch.setattr(figures, "reckon", counted)
    names = Names(ledger, DAY)
    problem = ledger.get(Problem, "p")
    assert problem is not None
    for _time in range(3):
        assert names.of(problem, "立案数") is not None
    assert asked == ["filed"]


def test_the_number_of_a_figure_may_be_entered_in_any_terms(ledger: Ledger) -> None:
    three(ledger)
    values: dict[str, Any] = {"source": "computed", "indicator": "sort.cost"}
    put(ledger, Figure, problem="p", name="花费", value=Amount(Decimal("1.2"), "万元"), **values)
    shown = of(ledger, "花费")
    assert shown is not None
    assert shown.words == "123.5万元"
