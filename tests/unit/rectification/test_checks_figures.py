"""Figures that do not add up: with the text, with their parts, with each other."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from one_problem import TODAY, begun, change, codes, figure_of, put

from db.ledger.change import Deed, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Amount
from db.schema.record import Record
from db.schema.records import (
    Aspect,
    Chapter,
    Figure,
    FigureRelation,
    Group,
    Inspection,
    Measure,
    NextStep,
    Notice,
    Problem,
    Unit,
)
from desktop_app.rectification import checks


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return begun(tmp_path)


def test_a_figure_must_be_what_the_text_says(ledger: Ledger) -> None:
    put(ledger, Measure, problem="p", body="共核查案件296件。")
    figure = put(ledger, Figure, problem="p", name="核查案件", value=Amount(Decimal(296), "件"))
    assert codes(ledger) == []
    found = ledger.get(Figure, figure)
    assert found is not None
    ledger.act(Deed("改", "王", (edit(found, value=Amount(Decimal(269), "件")),)))
    assert codes(ledger) == ["figure_differs"]


def test_a_figure_referred_to_by_name_needs_no_number_in_the_text(ledger: Ledger) -> None:
    put(ledger, Figure, problem="p", name="核查案件", value=Amount(Decimal(296), "件"))
    put(ledger, Measure, problem="p", body="共核查{核查案件}。")
    assert codes(ledger) == []
    put(ledger, Measure, problem="p", body="共整改{整改问题}。")
    assert codes(ledger) == ["unknown_figure"]


@pytest.mark.parametrize(
    ("printed", "numerator", "denominator", "found"),
    [
        ("51.5", 286, 555, False),
        ("51.5", 286, 560, True),
        ("66.6", 4, 6, False),
        ("66.7", 4, 6, False),
        ("88.9", 8, 9, False),
    ],
)
def test_rates_agree_with_their_parts(
    ledger: Ledger, printed: str, numerator: int, denominator: int, found: bool
) -> None:
    put(ledger, Measure, problem="p", body=f"比率为{printed}%。")
    put(
        ledger,
        Figure,
        problem="p",
        name="比率",
        value=Amount(Decimal(printed), "%"),
        numerator=Decimal(numerator),
        denominator=Decimal(denominator),
    )
    assert codes(ledger) == (["rate"] if found else [])


@pytest.mark.parametrize(
    ("printed", "numerator", "code", "said"),
    [
        ("51.5", 286, "implied_denominator", "分母是 555。"),
        ("66", 40, "implied_denominator", "分母是 60、61。"),
        ("51.5", 2, "rate", "没有一个整数"),
        ("0", 0, "", ""),
    ],
)
def test_a_rate_tells_its_denominator(ledger: Ledger, printed: str, numerator: int, code: str, said: str) -> None:
    put(ledger, Measure, problem="p", body=f"比率为{printed}%。")
    value, parts = Amount(Decimal(printed), "%"), Decimal(numerator)
    put(ledger, Figure, problem="p", name="比率", value=value, numerator=parts)
    found = checks.findings(ledger, TODAY)
    assert [one.code for one in found] == ([code] if code else [])
    assert all(said in one.sentence and one.advice for one in found)


@pytest.mark.parametrize(
    ("operator", "left", "right", "holds"),
    [
        ("sum", 2708, (1792, 905, 11), True),
        ("sum", 2708, (1792, 905, 12), False),
        ("at_most", 3, (9,), True),
        ("at_most", 19, (9,), False),
        ("equal", 84, (84,), True),
        ("equal", 84, (83,), False),
        ("growth", 60, (2, 5), True),
        ("growth", 61, (2, 5), False),
        ("growth", -60, (2, 5), True),
        ("growth", -150, (5, 2), False),
        ("growth", 150, (5, 2), True),
    ],
)
def test_relations(ledger: Ledger, operator: str, left: int, right: tuple[int, ...], holds: bool) -> None:
    numbers = [left, *right]
    put(ledger, Measure, problem="p", body="、".join(f"{n}人" for n in numbers))
    ids = [
        put(ledger, Figure, problem="p", name=f"数{k}", value=Amount(Decimal(n), "人")) for k, n in enumerate(numbers)
    ]
    put(ledger, FigureRelation, problem="p", left=ids[0], operator=operator, right=tuple(ids[1:]))
    assert codes(ledger) == ([] if holds else ["relation"])


@pytest.mark.parametrize(
    ("text", "number", "unit", "said"),
    [
        ("共查31件。", "1", "件", False),
        ("共查31件。", "31", "件", True),
        ("共查2.31件。", "31", "件", False),
        ("共查1,331件。", "331", "件", False),
        ("共查1,331件。", "1331", "件", True),
        ("共查12，331件。", "12331", "件", True),
        ("第3，1件未办。", "1", "件", True),
        ("共查31件，另31。", "31", "", True),
        ("共查310件，另31.5。", "31", "", False),
        ("下降5%。", "-5", "%", True),
        ("满意率９６.３％。", "96.3", "%", True),
    ],
)
def test_a_number_stands_in_the_text_as_a_number_of_its_own(
    ledger: Ledger, text: str, number: str, unit: str, said: bool
) -> None:
    put(ledger, Measure, problem="p", body=text)
    figure_of(ledger, "数", number, unit)
    assert codes(ledger) == ([] if said else ["figure_differs"])


@pytest.mark.parametrize(
    ("printed", "change_", "now", "before", "holds"),
    [
        ("10", None, "90", "100", True),  # 下降10%: the word tells the fall
        ("10", "-10", "90", "100", True),
        ("10", "10", "90", "100", False),
        ("-10", None, "90", "100", True),
        ("-10", None, "110", "100", False),
        ("10", "-10", "110", "100", False),
    ],
)
def test_growth_keeps_its_sign(
    ledger: Ledger, printed: str, change_: str | None, now: str, before: str, holds: bool
) -> None:
    put(ledger, Measure, problem="p", body="由{昔}到{今}，变化{增幅}")
    left = figure_of(ledger, "增幅", printed, "%", change=None if change_ is None else Decimal(change_))
    right = (figure_of(ledger, "今", now), figure_of(ledger, "昔", before))
    put(ledger, FigureRelation, problem="p", left=left, operator="growth", right=right)
    assert codes(ledger) == ([] if holds else ["relation"])


def test_the_largest_and_least_numbers_are_reckoned(ledger: Ledger) -> None:
    put(ledger, Measure, problem="p", body="{率}{大}{小}")
    large, small = "999999999999999999", "0.000000001"
    rate = figure_of(ledger, "率", "1", "%", numerator=Decimal(large), denominator=Decimal(small))
    right = (figure_of(ledger, "大", large), figure_of(ledger, "小", small))
    for operator in ("ratio", "growth", "sum"):
        put(ledger, FigureRelation, problem="p", left=rate, operator=operator, right=right)
    assert codes(ledger) == ["rate", "relation", "relation", "relation"]


AROUND: list[tuple[type[Record], dict[str, Any]]] = [
    (Notice, {"unit": "u", "title": "通报", "opening": "共{数}。"}),
    (Chapter, {"notice": "n", "title": "整改", "body": "共{数}。"}),
    (NextStep, {"notice": "n", "lead": "共{数}。"}),
    (Aspect, {"unit": "u", "title": "方面", "body": "共{数}。"}),
    (Group, {"aspect": "a", "title": "大类", "body": "共{数}。"}),
]


@pytest.mark.parametrize(("cls", "values"), AROUND)
def test_names_of_figures_around_the_problems_are_known_and_mean_one_number(
    ledger: Ledger, cls: type[Record], values: dict[str, Any]
) -> None:
    put(ledger, Notice, identifier="n", unit="u", title="通报", contact="电话：{电话}")
    put(ledger, Aspect, identifier="a", unit="u", title="方面")
    put(ledger, Problem, identifier="q", unit="u", number=2, title="乙", category="c", statement="共{数}。")
    put(ledger, Problem, identifier="r", unit="else", number=1, title="丙", category="c")
    put(ledger, Unit, identifier="else", name="别的单位", phones=("0000-7654321",))
    identifier = put(ledger, cls, **values)
    assert [(f.code, f.id) for f in checks.findings(ledger, TODAY) if f.id != "q"] == [("unknown_figure", identifier)]
    for problem, number in (("r", 9), ("q", 3)):
        assert "unknown_figure" in codes(ledger)
        put(ledger, Figure, problem=problem, name="数", value=Amount(Decimal(number), "件"), source="computed")
    assert codes(ledger) == []
    figure_of(ledger, "数", "3", source="computed")
    assert codes(ledger) == []
    put(ledger, Problem, identifier="s", unit="u", number=3, title="丁", category="c")
    put(ledger, Figure, problem="s", name="数", value=Amount(Decimal(4), "件"), source="computed")
    found = checks.findings(ledger, TODAY, "u")
    assert [(f.code, f.id) for f in found] == [("ambiguous_figure", identifier)]
    assert "3件、4件" in found[0].sentence


def test_a_name_means_the_figure_of_the_notices_round(ledger: Ledger) -> None:
    for round_, number in (("i", 3), ("j", 4)):
        put(ledger, Inspection, identifier=round_, title=round_)
        put(ledger, Problem, identifier=f"of-{round_}", inspection=round_, unit="u", number=9, title="乙", category="c")
        value = Amount(Decimal(number), "件")
        put(ledger, Figure, problem=f"of-{round_}", name="数", value=value, source="computed")
    notice = put(ledger, Notice, unit="u", inspection="j", title="通报", opening="共{数}。")
    assert codes(ledger) == []
    row = ledger.get(Notice, notice)
    assert row is not None
    ledger.act(Deed("改", "王", (edit(row, inspection=None),)))
    assert codes(ledger) == ["ambiguous_figure"]


@pytest.mark.parametrize(
    ("problem", "above", "severity"),
    [
        ("public", "public", None),
        ("internal", "public", "warning"),
        ("public", "internal", "warning"),
        ("secret", "public", "error"),
        ("public", "secret", "error"),
    ],
)
def test_a_figure_that_is_not_for_everybody_is_no_figure_of_a_public_notice(
    ledger: Ledger, problem: str, above: str, severity: str | None
) -> None:
    change(ledger, publicity=problem, unpublished_reason="case")
    put(ledger, Measure, identifier="m", problem="p", lead="甲", publicity=above)
    put(ledger, Measure, identifier="n", problem="p", lead="乙", parent="m")
    figure_of(ledger, "数", "3", measure="n", source="computed")
    put(ledger, Notice, unit="u", title="通报", opening="共{数}。")
    found = [(f.code, f.severity) for f in checks.findings(ledger, TODAY)]
    assert found == ([("hidden_figure", severity)] if severity else [])
