"""Windows over a register: filters, orders, keys, totals, what is withheld; each against a plain Python look at the same rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from db.errors import Refusal
from db.ledger.change import Deed, Edit, create, delete
from db.ledger.ledger import Ledger
from db.ledger.lines import lines_of
from db.schema.composite import Amount, Deadline, Span
from db.schema.kinds import Money
from db.schema.records import SCHEMAS, Accountability, Closing, Evidence, Figure, Person, Problem, Regulation, Unit
from db.store.replica import Installation
from desktop_app.rectification import categories, rows, rows_filters, rows_shown
from desktop_app.rectification.rows import Order, View
from desktop_app.rectification.rows_filters import Filter, Test


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    edits = (
        create(Unit, "u1", name="东山分局"),
        create(Unit, "u2", name="河口派出所", parent="u1"),
        create(Unit, "u3", name="西山分局"),
        create(Problem, "p1", unit="u1", number=1, title="台账不清", due=Deadline("2021年12月底前", date(2021, 12, 31))),
        create(Problem, "p2", unit="u2", number=2, title="100%_确认", publicity="secret", due=Deadline("长期坚持")),
        create(Problem, "p3", unit="u3", number=3, title="油耗偏高", supporting_departments=("政工", '警"保')),
        create(Problem, "p4", unit="u3", title="没有序号"),
        create(Person, "n1", name="张三", post="民警", unit="u2"),
        create(Person, "n2", name="李四", post="所长", unit="u1"),
        create(Figure, "f1", problem="p1", name="破案数", value=Amount(Decimal("286"), "件", "余"), numerator=Decimal("0.1")),
        create(Figure, "f2", problem="p1", name="破案率", value=Amount(Decimal("51.5"), "%"), numerator=Decimal("0.2")),
        create(Figure, "f3", problem="p2", name="人数", value=Amount(Decimal("3"), "%", "以上"), numerator=Decimal(10) ** 17),
        create(Accountability, "a1", problem="p1", subject="甲", people=2, form="warning_talk", day=date(2021, 7, 1)),
        create(Accountability, "a2", problem="p3", subject="乙", people=3, form="criticism", effect=Span(date(2021, 1, 1), date(2021, 6, 30), "半年")),
        create(Regulation, "r1", unit="u1", problem="p1", title="车辆管理办法", trial=True, issued=date(2021, 5, 1)),
        create(Evidence, "e1", problem="p3", title="照片"),
    )  # fmt: skip
    made.act(Deed("填写", "王", edits))
    return made


def found(ledger: Ledger, name: str, *filters: Filter, orders: tuple[Order, ...] = (), **rest: object) -> list[str]:
    view = View(SCHEMAS[name], filters, orders, **rest)  # type: ignore[arg-type]
    shown = [row.id for row in rows.window(ledger, view, 0, 100)]
    assert rows.count(ledger, view) == len(shown)
    keys = rows.keys(ledger, view)
    assert [row.id for row in rows.rows_at(ledger, view.schema, keys.numbers) if row] == shown
    assert [row.id for row in rows.every(ledger, view)] == shown
    return shown


@pytest.mark.parametrize(
    ("name", "field", "test", "value", "wanted"),
    [
        ("problem", "title", "contains", "账不", ["p1"]),
        ("problem", "title", "contains", "0%_", ["p2"]),
        ("problem", "title", "contains", "%", ["p2"]),
        ("problem", "unit", "contains", "分局", ["p1", "p3", "p4"]),
        ("problem", "unit", "equals", "u2", ["p2"]),
        ("problem", "number", "least", 2, ["p2", "p3"]),
        ("problem", "number", "most", 2, ["p1", "p2"]),
        ("problem", "number", "filled", None, ["p1", "p2", "p3"]),
        ("problem", "number", "contains", "3", ["p3"]),
        ("problem", "publicity", "any_of", ("secret", "internal"), ["p2"]),
        ("problem", "publicity", "any_of", (), []),
        ("problem", "title", "any_of", ("油耗偏高", *(f"第{n}" for n in range(3_000))), ["p3"]),
        ("problem", "supporting_departments", "any_of", ("政工", "无"), ["p3"]),
        ("figure", "value", "any_of", (Amount(Decimal("51.5"), "%"),), ["f2"]),
        ("problem", "publicity", "contains", "不公", ["p2"]),
        ("problem", "due", "contains", "12月底", ["p1"]),
        ("problem", "due", "contains", "2021-12", ["p1"]),
        ("problem", "due", "contains", "day", []),
        ("problem", "due", "contains", "无日期", ["p2"]),
        ("problem", "due", "most", date(2022, 1, 1), ["p1"]),
        ("problem", "supporting_departments", "contains", "政工；警", ["p3"]),
        ("problem", "supporting_departments", "contains", '警"保', ["p3"]),
        ("problem", "supporting_departments", "equals", "政工", ["p3"]),
        ("problem", "supporting_departments", "contains", ",", []),
        ("figure", "problem", "contains", "1. 台账", ["f1", "f2"]),
        ("figure", "value", "contains", "286余件", ["f1"]),
        ("figure", "value", "contains", "3%以上", ["f3"]),
        ("figure", "value", "least", Decimal("51.5"), ["f1", "f2"]),
        ("figure", "value", "equals", Amount(Decimal("51.5"), "%"), ["f2"]),
        ("figure", "numerator", "most", Decimal("0.1"), ["f1"]),
        ("accountability", "day", "contains", "-07-", ["a1"]),
        ("accountability", "effect", "least", date(2021, 6, 30), ["a2"]),
        ("accountability", "effect", "least", date(2021, 7, 1), []),
        ("accountability", "effect", "contains", "半年（2021", ["a2"]),
        ("regulation", "trial", "contains", "是", ["r1"]),
        ("regulation", "trial", "equals", False, []),
    ],
)  # fmt: skip
def test_filters(ledger: Ledger, name: str, field: str, test: Test, value: object, wanted: list[str]) -> None:
    assert found(ledger, name, Filter(field, test, value), Filter(field, "filled")) == wanted


def test_absent_values_are_asked_for(ledger: Ledger) -> None:
    assert found(ledger, "problem", Filter("number", "empty")) == ["p4"]
    assert found(ledger, "problem", Filter("publicity", "any_of", (None,))) == ["p1", "p3", "p4"]


def test_a_unit_means_those_below_it_and_the_parts_of_its_problems(ledger: Ledger) -> None:
    assert found(ledger, "problem", unit="u1") == ["p1", "p2"]
    assert found(ledger, "problem", unit="u3") == ["p3", "p4"]
    assert found(ledger, "evidence", unit="u3") == ["e1"]
    assert found(ledger, "evidence", unit="u1") == []
    assert found(ledger, "unit", unit="u1") == ["u1", "u2"]


def test_text_is_searched_for_in_every_column(ledger: Ledger) -> None:
    assert found(ledger, "problem", text="西山 油耗") == ["p3"]
    assert found(ledger, "problem", text="河口") == ["p2"]
    assert found(ledger, "problem", text="西山 台账") == []


def test_orders_put_the_absent_last_and_references_by_their_words(ledger: Ledger) -> None:
    assert found(ledger, "problem", orders=(Order("number", descending=True),)) == ["p3", "p2", "p1", "p4"]
    assert found(ledger, "problem", orders=(Order("number"),)) == ["p1", "p2", "p3", "p4"]
    by_unit = found(ledger, "problem", orders=(Order("unit"), Order("number", descending=True)))
    names = {"u1": "东山分局", "u2": "河口派出所", "u3": "西山分局"}
    units = [ledger.get(Problem, one).unit for one in by_unit]  # type: ignore[union-attr]
    assert [names[u or ""] for u in units] == sorted(names[u or ""] for u in units)
    assert by_unit.index("p3") < by_unit.index("p4")
    assert found(ledger, "figure", orders=(Order("value"),)) == ["f3", "f2", "f1"]


def test_choices_are_ordered_as_they_are_listed(ledger: Ledger) -> None:
    kind = SCHEMAS["accountability"].field("form").kind
    order = list(kind.of)  # type: ignore[attr-defined]
    shown = found(ledger, "accountability", orders=(Order("form"),))
    forms = [ledger.get(Accountability, one).form for one in shown]  # type: ignore[union-attr]
    assert [order.index(f) for f in forms if f] == sorted(order.index(f) for f in forms if f)


def test_totals_are_exact(ledger: Ledger) -> None:
    figures = rows.totals(ledger, View(SCHEMAS["figure"]))
    assert figures.count == 3
    assert figures.sums["numerator"] == Decimal("100000000000000000.3")
    assert figures.sums["value"] is None, "three hundred 件 and 51.5 % do not add up"
    assert figures.sums["denominator"] is None
    rates = rows.totals(ledger, View(SCHEMAS["figure"], (Filter("value", "contains", "%"),)))
    assert rates.sums["value"] == Decimal("54.5")
    assert rows.totals(ledger, View(SCHEMAS["accountability"])).sums["people"] == 5
    assert "number" not in rows.totals(ledger, View(SCHEMAS["problem"])).sums


def test_what_is_withheld_is_not_shown(ledger: Ledger) -> None:
    assert found(ledger, "problem", publicity="public") == ["p1", "p3", "p4"]
    assert found(ledger, "figure", publicity="public") == ["f1", "f2"], "parts of a withheld problem are withheld"
    assert found(ledger, "figure", publicity="secret") == ["f1", "f2", "f3"]


def test_values_for_a_menu(ledger: Ledger) -> None:
    shown = rows.distinct(ledger, View(SCHEMAS["problem"]), "unit")
    assert tuple(shown[0]) == ("u3", "西山分局", 2)
    assert rows.distinct(ledger, View(SCHEMAS["problem"]), "publicity")[0].value is None


def test_keys_of_rows_that_went(ledger: Ledger) -> None:
    view = View(SCHEMAS["figure"])
    keys = rows.keys(ledger, view)
    ledger.act(Deed("删除", "王", (delete(ledger.all(Figure)[0]),)))
    left = rows.rows_at(ledger, view.schema, keys.numbers)
    assert sum(1 for row in left if row is None) == 1
    assert len(rows.keys(ledger, view, cancelled=lambda: True)) == 0


def test_money_is_searched_for_in_yuan(ledger: Ledger) -> None:
    ledger.act(Deed("类别", "王", categories.edits(ledger)))
    name = next(
        n for n, one in ledger.tables.records.items() if any(isinstance(f.kind, Money) for f in one.schema.fields)
    )
    schema = ledger.schema(name)
    money = next(f.name for f in schema.fields if isinstance(f.kind, Money))
    amounts = {"m1": 123_450, "m2": 5, "m3": None, "m4": 100_000_000}
    ledger.act(Deed("填", "王", tuple(Edit(name, key, {money: fen, "remark": key}) for key, fen in amounts.items())))

    def holding(text: str) -> list[str]:
        return [row.id for row in rows.window(ledger, View(schema, (Filter(money, "contains", text),)), 0, 10)]

    assert holding("1,234.5") == ["m1"]
    assert holding("0.05") == ["m2"]
    assert holding("1000000.00元") == ["m4"]
    assert rows.totals(ledger, View(schema)).sums[money] == sum(fen or 0 for fen in amounts.values())


def test_a_line_says_what_references_point_at(ledger: Ledger) -> None:
    lines = lines_of(ledger, "problem", ["p1", "p4"])
    assert lines == {"p1": "1. 台账不清", "p4": "没有序号"}
    ledger.act(Deed("删除", "王", (delete(ledger.all(Person)[0]),)))
    assert sorted(lines_of(ledger, "person", ["n1", "n2"]).values()) == [
        "张三 民警（已删除）",
        "李四 所长",
    ] or (sorted(lines_of(ledger, "person", ["n1", "n2"]).values()) == ["张三 民警", "李四 所长（已删除）"])
    assert len(lines_of(ledger, "person")) == 1


@pytest.mark.parametrize(
    ("name", "field", "text", "wanted"),
    [
        ("problem", "number", ">= 2", Filter("number", "least", 2)),
        ("problem", "number", "≤2", Filter("number", "most", 2)),
        ("problem", "due", "<=2021-12-31", Filter("due", "most", date(2021, 12, 31))),
        ("accountability", "effect", ">=2021-12-31", Filter("effect", "least", date(2021, 12, 31))),
        ("figure", "value", ">=51.5%", Filter("value", "least", Decimal("51.5"))),
        ("problem", "title", "台账", Filter("title", "contains", "台账")),
        ("problem", "title", "空", Filter("title", "empty")),
        ("problem", "title", "非空", Filter("title", "filled")),
        ("problem", "publicity", "公开", Filter("publicity", "any_of", ("public", "secret"))),
        ("problem", "publicity", "=公开", Filter("publicity", "equals", "public")),
        ("problem", "number", " ", None),
    ],
)
def test_what_is_typed_into_a_filter_row(name: str, field: str, text: str, wanted: Filter | None) -> None:
    assert rows_filters.typed(SCHEMAS[name], field, text) == wanted


def test_questions_a_column_does_not_know(ledger: Ledger) -> None:
    with pytest.raises(Refusal, match="没有"):
        found(ledger, "problem", Filter("plates", "empty"))
    with pytest.raises(Refusal, match="不能比较大小"):
        found(ledger, "problem", Filter("title", "least", "甲"))
    with pytest.raises(Refusal):
        rows_filters.typed(SCHEMAS["problem"], "number", ">=")


def test_a_line_searched_for_is_the_line_shown(ledger: Ledger) -> None:
    """The SQL of a line says what its words say, also of records that have nothing in it."""
    ledger.act(Deed("填", "王", (create(Closing, "c1", problem="p1"), create(Closing, "c2", problem="p1", round=2))))
    for name in ("closing", "problem", "person"):
        one = ledger.tables.records[name]
        with ledger.reading() as connection:
            query = select(one.table.c.id, rows_shown.line(ledger, one.schema, one.table))
            told = {row[0]: row[1] for row in connection.execute(query)}
        assert told == lines_of(ledger, name)
    assert lines_of(ledger, "closing") == {"c1": "未命名的销号", "c2": "第2轮销号"}
