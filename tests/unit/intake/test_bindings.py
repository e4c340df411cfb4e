"""Which indicator a number of an old paper comes from, and putting its name in the number's place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.composite import Amount, Quantity, Span
from db.schema.definition import read
from db.schema.records import Figure, Measure, Problem, Unit
from db.store.replica import Installation
from desktop_app.intake import bindings
from desktop_app.rectification import batch, categories

DAY = date(2021, 11, 3)
BODY: dict[str, Any] = {
    "title": "某类",
    "number": 90,
    "register": {
        "case": {
            "title": "案件",
            "field": {
                "no": {"text": "编号", "required": True, "unique": True},
                "kind": {"choice": "类别", "of": ["盗窃", "诈骗"]},
                "filed": {"day": "立案日期"},
                "solved": {"day": "破案日期"},
                "cost": {"money": "金额"},
            },
        }
    },
    "indicator": {
        "filed": {"title": "立案数", "unit": "起", "count": "case", "on": "filed", "during": "今年以来"},
        "solved": {
            "title": "破获案件数", "unit": "起", "count": "case", "where": {"solved": {"filled": True}},
            "on": "solved", "during": "今年以来",
        },
        "frauds": {
            "title": "破获诈骗案件数", "unit": "起", "count": "case", "on": "solved", "during": "今年以来",
            "where": {"solved": {"filled": True}, "kind": "诈骗"},
        },
        "rate": {"title": "破案率", "unit": "%", "ratio": {"of": "solved", "to": "filed", "times": 100}, "places": 1},
        "cost": {"title": "追缴金额", "unit": "元", "sum": {"register": "case", "field": "cost"}},
        "last": {"title": "去年同期立案数", "unit": "起", "count": "case", "on": "filed", "during": "去年同期"},
    },
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    categories.install(made, "王", [read("sort", BODY)])
    problem = create(Problem, "p", unit="u", number=1, title="甲", category="category-sort")
    made.act(Deed("开始", "王", (create(Unit, "u", name="某局"), problem, create(Measure, "m", problem="p", number=1))))
    return made


def figure(name: str, value: str, context: str = "", period: str = "", **values: Any) -> Figure:
    amount = Quantity("").parse(value)
    span = Span(wording=period) if period else None
    return Figure(id="f", problem="p", name=name, value=amount, context=context or None, period=span, **values)


def offered(ledger: Ledger, told: Figure) -> list[tuple[str, str]]:
    problem = ledger.get(Problem, "p")
    assert problem is not None
    return [(one.indicator, one.period) for one in bindings.proposals(ledger, told, problem, DAY)]


def rows(ledger: Ledger, *cells: tuple[str, str, str, str]) -> None:
    schema = ledger.schema("sort.case")
    told = batch.read_cells(ledger, schema, ("no", "kind", "filed", "solved"), cells, fixed={"unit": "u"})
    batch.enter(ledger, schema.name, told.rows, "王")


@pytest.mark.parametrize(
    ("told", "best"),
    [
        (figure("破获案件", "286起"), ("solved", "")),
        (figure("全区破获诈骗案件", "31起"), ("frauds", "")),
        (figure("破获案件", "286起", period="上半年"), ("solved", "上半年")),
        (figure("破获案件", "286起", period="今年以来"), ("solved", "")),
        (figure("破获案件", "286起", period="教育整顿期间"), ("solved", "")),  # nobody knows from when to when
        (figure("破案率", "51.5%"), ("rate", "")),
        (figure("追缴资金", "3.5万元", context="共追缴金额3.5万元。"), ("cost", "")),
        (figure("去年同期立案", "9起", period="今年以来"), ("last", "")),  # its own period is what it is
    ],
)
def test_the_words_the_measure_and_the_period_tell_the_indicator(
    ledger: Ledger, told: Figure, best: tuple[str, str]
) -> None:
    assert offered(ledger, told)[0] == best


@pytest.mark.parametrize(
    ("told", "never"),
    [
        (figure("参加培训", "200余名"), {"filed", "solved", "frauds", "rate", "cost", "last"}),
        (figure("破获案件", "51.5%", context="破获案件51.5%"), {"solved", "frauds", "cost"}),
        (figure("破案率", "9起"), {"rate"}),
        (figure("立案", "3万元"), {"filed", "last"}),
        (figure("破获案件", "286起", source="computed", indicator="sort.solved"), {"solved", "frauds"}),
    ],
)
def test_what_does_not_fit_is_not_offered(ledger: Ledger, told: Figure, never: set[str]) -> None:
    assert not never & {indicator for indicator, _period in offered(ledger, told)}


def test_the_register_decides_between_two_that_sound_alike(ledger: Ledger) -> None:
    told = figure("破获诈骗类案件", "2起")
    problem = ledger.get(Problem, "p")
    assert problem is not None
    assert not bindings.sure(bindings.proposals(ledger, told, problem, DAY))
    rows(
        ledger,
        ("1", "诈骗", "2021-01-02", "2021-02-02"),
        ("2", "诈骗", "2021-01-02", "2021-02-02"),
        ("3", "盗窃", "2021-01-02", "2021-02-02"),
    )
    found = bindings.proposals(ledger, told, problem, DAY)
    assert found[0].indicator == "frauds"
    assert found[0].same
    assert bindings.sure(found)
    assert not found[1].same


@pytest.mark.parametrize(
    ("text", "name", "value", "context", "told"),
    [
        ("今年以来破获案件286起，破案率51.5%。", "破案", "286起", "今年以来破获案件286起，破案率51.5%。", "今年以来破获案件{破案}，破案率51.5%。"),
        ("整合监控33000余路。", "监控", "33000余路", "整合监控33000余路。", "整合监控{监控}。"),
        ("空编率不超过15%。", "空编", "不超过15%", "空编率不超过15%。", "空编率{空编}。"),
        ("提升5%以上，", "升", "5%以上", "提升5%以上，", "提升{升}，"),
        ("追缴3.5万元。", "追缴", "3.5万元", "追缴3.5万元。", "追缴{追缴}。"),
        ("甲破获案件 286 起。", "破案", "286起", "甲破获案件286起。", "甲破获案件 {破案}。"),
        ("共查{甲}，另查3件。", "另查", "3件", "另查3件。", "共查{甲}，另查{另查}。"),
        ("用“{{”号3件。", "件", "3件", "用“{”号3件。", "用“{{”号{件}。"),
        ("查3件，又查3件。", "又查", "3件", "查3件，又查3件。", "查3件，又查{又查}。"),
        ("查处33件。", "查处", "3件", "查处3件。", None),
        ("没有这个数。", "甲", "3件", "查处3件。", None),
    ],
)  # fmt: skip
def test_the_name_takes_the_place_of_the_number(
    text: str, name: str, value: str, context: str, told: str | None
) -> None:
    assert bindings.named(text, figure(name, value, context)) == told


def test_binding_is_one_deed_and_undone_as_one(ledger: Ledger) -> None:
    text = "今年以来破获案件286起，破案率51.5%。"
    ledger.act(
        Deed(
            "填",
            "王",
            (
                create(Measure, "n", problem="p", number=2, body=text),
                create(Figure, "a", problem="p", name="破案", value=Amount(Decimal(286), "起"), context=text, period=Span(wording="今年以来")),
                create(Figure, "b", problem="p", name="破案率", value=Amount(Decimal("51.5"), "%"), context=text),
            ),
        )
    )  # fmt: skip
    problem = ledger.get(Problem, "p")
    assert problem is not None
    pairs = []
    for told in ledger.all(Figure, problem="p"):
        pairs.append((told, bindings.proposals(ledger, told, problem, DAY)[0]))
    outcome = bindings.bind_all(ledger, pairs, "王")
    assert "2 个数据" in outcome.sentence
    measure = ledger.get(Measure, "n")
    assert measure is not None
    assert measure.body == "今年以来破获案件{破案}，破案率{破案率}。"
    assert {f.name: (f.source, f.indicator) for f in ledger.all(Figure, problem="p")} == {
        "破案": ("computed", "sort.solved"),
        "破案率": ("computed", "sort.rate"),
    }
    ledger.undo("王")
    measure = ledger.get(Measure, "n")
    assert measure is not None
    assert measure.body == text
    assert all(f.indicator is None for f in ledger.all(Figure, problem="p"))
