"""Blocks of cells: what each cell means, what is told of wrong ones, and one deed for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, create, delete
from db.ledger.ledger import Ledger
from db.schema import composite, kinds, links, prose
from db.schema.kinds import Kind, Unreadable
from db.schema.record import Field, Schema
from db.schema.records import SCHEMAS, Accountability, Figure, Person, Problem, Regulation, Unit
from db.store.replica import Installation
from desktop_app.rectification import batch
from desktop_app.rectification.batch import Read
from desktop_app.rectification.batch_cells import Cell, Spoilt, value_of


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    edits = (
        create(Unit, "u1", name="东山分局", short_name="东山"),
        create(Unit, "u2", name="东山分局河口派出所", short_name="河口"),
        create(Problem, "p1", unit="u1", number=1, title="台账不清"),
        create(Problem, "p2", unit="u1", number=2, title="台账不清"),
        create(Problem, "p3", unit="u1", number=2, title="台账不清"),
        create(Person, "n1", name="张三", post="民警", code="A01"),
        create(Person, "n2", name="张三", post="所长", code="A02"),
    )
    made.act(Deed("填写", "王", edits))
    return made


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (kinds.Whole("数"), 1234.0, 1234),
        (kinds.Whole("数"), "1,234", 1234),
        (kinds.Whole("数"), "５万", 50000),
        (kinds.Number("数"), 0.1 + 0.2, Decimal("0.3")),
        (kinds.Number("数"), 1 / 3, Decimal("0.333333333")),
        (kinds.Number("率", unit="%"), "51.5%", Decimal("51.5")),
        (kinds.Money("钱"), "3.2亿", 32_000_000_000),
        (kinds.Money("钱"), 12345.67, 1_234_567),
        (kinds.Money("钱"), 5, 500),
        (kinds.Text("号"), 1234.0, "1234"),
        (kinds.Text("号"), "320102199001011234", "320102199001011234"),
        (kinds.Day("日"), "2021-11-03 00:00:00", date(2021, 11, 3)),
        (kinds.Day("日"), "2021/11/3 14:30", date(2021, 11, 3)),
        (kinds.Moment("时"), "2021-11-03 14:30:25.0", datetime(2021, 11, 3, 14, 30)),  # noqa: DTZ001
        (kinds.Text("号"), "  粤A\u200b12345\xa0 ", "粤A12345"),
        (kinds.Text("号"), date(2021, 11, 3), "2021-11-03"),
        (kinds.Text("号"), time(8, 30), "08:30"),
        (kinds.Day("日"), datetime(2021, 11, 3), date(2021, 11, 3)),  # noqa: DTZ001
        (kinds.Day("日"), 20211103, date(2021, 11, 3)),
        (kinds.Day("日"), "2021年11月3日", date(2021, 11, 3)),
        (kinds.Month("月"), datetime(2021, 11, 1), "2021-11"),  # noqa: DTZ001
        (kinds.Month("月"), 202111, "2021-11"),
        (kinds.Moment("时"), datetime(2021, 11, 3, 14, 29, 59, 999000), datetime(2021, 11, 3, 14, 30)),  # noqa: DTZ001
        (kinds.YesNo("否"), True, True),
        (kinds.YesNo("否"), "√", True),
        (kinds.Choice("选", of={"a": "甲", "b": "乙"}), "乙", "b"),
        (composite.Due("限"), datetime(2021, 12, 31), composite.Deadline("2021-12-31", date(2021, 12, 31))),  # noqa: DTZ001
        (composite.Quantity("量"), 31, composite.Amount(Decimal(31))),
        (composite.Quantity("量"), "33000余路", composite.Amount(Decimal(33000), "路", "余")),
        (prose.Prose("文"), "一段\r\n二段", "一段\n二段"),
        (links.Texts("文"), "甲；乙", ("甲", "乙")),
        (kinds.Text("文"), " \u200b", None),
        (kinds.Day("日"), None, None),
    ],
)  # fmt: skip
def test_what_a_cell_means(kind: Kind[Any], cell: Cell, value: Any) -> None:
    assert value_of(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        (kinds.Day("日期"), 44501, "是数字 44501，不是日期"),
        (kinds.Day("日期"), 11.3, "是数字 11.3，不是日期"),
        (kinds.Day("日期"), 20211340, "2021"),
        (kinds.Month("月份"), 7, "是数字 7"),
        (composite.Due("时限"), 44501.0, "是数字 44501"),
        (kinds.Whole("人数"), 1.5, "要填整数"),
        (kinds.Money("金额"), 33.333, "最小到分"),
        (kinds.Whole("人数"), 1e300, "只存得准 15 位"),
        (kinds.Text("身份证号"), 3.2010219900101e17, "是 18 位的数"),
        (kinds.Text("车牌"), Spoilt("#REF!", "公式出错。"), "#REF!”读不出来：公式出错"),
    ],
)
def test_what_a_cell_cannot_mean(kind: Kind[Any], cell: Cell, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        value_of(kind, cell)


def read(ledger: Ledger, name: str, names: Sequence[str | None], *cells: Sequence[Cell], **more: Any) -> Read:
    return batch.read_cells(ledger, ledger.schema(name), names, cells, **more)


def wrongs(found: Read) -> list[tuple[int, str, str]]:
    return [(cell.row, cell.field, cell.sentence) for cell in found.refused]


def test_a_block_is_read_and_entered_as_one_deed(ledger: Ledger) -> None:
    found = read(
        ledger,
        "accountability",
        ["problem", "subject", "form", None, "day", "people"],
        ["1. 台账不清", "A01", "批评教育", "不看", "2021-07-05", 1],
        ["", None, "  "],
        ["台账", "A02", "提醒谈话", "", datetime(2021, 7, 6), "2人"],  # noqa: DTZ001
    )
    assert wrongs(found) == [(2, "problem", found.refused[0].sentence)]
    assert "可以是几个问题" in found.refused[0].sentence
    assert "2. 台账不清 [p2]" in found.refused[0].sentence
    again = read(
        ledger,
        "accountability",
        ["problem", "subject", "form", "day", "people"],
        ["1. 台账不清", "A01", "批评教育", "2021-07-05", 1],
        ["2. 台账不清 [p2]", "A02", "提醒谈话", datetime(2021, 7, 6), "2人"],  # noqa: DTZ001
    )
    assert not again.refused
    before = ledger.position()
    outcome = batch.enter(ledger, "accountability", again.rows, "王")
    assert outcome.sentence == "录入 2 行问责"
    assert len(history.entries(ledger, limit=1, before=None)[0].touched) == 2
    rows = ledger.every("accountability")
    assert [(r.problem, r.subject, r.day) for r in rows] == [  # type: ignore[attr-defined]
        ("p1", "A01", date(2021, 7, 5)),
        ("p2", "A02", date(2021, 7, 6)),
    ]
    assert sorted(r.id for r in rows) == [r.id for r in rows]
    assert ledger.position() == before + 2
    ledger.undo("王")
    assert ledger.count(Accountability) == 0


def test_rows_keep_their_order(ledger: Ledger) -> None:
    found = read(ledger, "cited_rule", ["title"], *([f"办法{n}"] for n in range(300)))
    batch.enter(ledger, "cited_rule", found.rows, "王")
    with ledger.reading() as connection:
        table = ledger.tables.records["cited_rule"].table
        titles = [row.title for row in connection.execute(table.select().order_by(table.c.id))]
    assert titles == [f"办法{n}" for n in range(300)]


def test_references_are_found_by_line_field_and_part(ledger: Ledger) -> None:
    found = read(
        ledger, "person", ["name", "unit"], ["甲", "东山分局"], ["乙", "河口"], ["丙", "山分局河口"], ["丁", "u2"]
    )
    assert [row.values["unit"] for row in found.rows] == ["u1", "u2", "u2", "u2"]
    assert [(key, meant.line) for key, meant in found.guessed.items()] == [
        (("单位", "山分局河口"), "东山分局河口派出所")
    ]
    wrong = read(ledger, "person", ["name", "unit"], ["甲", "西山分局"])
    assert "西山分局" in wrong.refused[0].sentence
    assert "可填：东山分局" in wrong.refused[0].sentence


def test_lists_of_references(ledger: Ledger) -> None:
    ledger.act(Deed("数", "王", tuple(create_figures())))
    names = ["left", "operator", "right"]
    cells = [["立案 555件", "等于各项之和", "破案、未破"], ["立案", "等于", "破案 286件；未破 [c]"]]
    found = read(ledger, "figure_relation", names, *cells)
    assert not found.refused
    assert [row.values for row in found.rows] == [
        {"left": "a", "operator": "sum", "right": ("b", "c")},
        {"left": "a", "operator": "equal", "right": ("b", "c")},
    ]
    assert "没有“丙”" in read(ledger, "figure_relation", names, ["立案", "等于", "破案；丙"]).refused[0].sentence


def create_figures() -> list[Any]:
    amounts = {"a": ("立案", 555), "b": ("破案", 286), "c": ("未破", 269)}
    return [create(Figure, key, name=n, value=composite.Amount(Decimal(v), "件")) for key, (n, v) in amounts.items()]


def test_what_is_lacking_and_what_the_rules_say(ledger: Ledger) -> None:
    found = read(ledger, "accountability", ["people", "form"], [1, "批评教育"])
    assert wrongs(found)[0][:2] == (0, "subject")
    assert "还没有填" in wrongs(found)[0][2]
    assert found.wrong_rows == 1
    found = read(ledger, "problem", ["title", "publicity"], ["甲", "不公开"], ["乙", "公开"])
    assert wrongs(found)[0][:2] == (0, "unpublished_reason")
    assert [row.values["title"] for row in found.rows] == ["乙"]


def test_fixed_values_fill_what_is_absent(ledger: Ledger) -> None:
    found = read(ledger, "person", ["name", "unit"], ["甲", ""], ["乙", "河口"], fixed={"unit": "u1", "post": "民警"})
    assert [(row.values["unit"], row.values["post"]) for row in found.rows] == [("u1", "民警"), ("u2", "民警")]


PLATES = Schema(
    "regulation",
    "车辆",
    tuple(
        Field(one.name, replace(one.kind, unique=True) if one.name == "document_number" else one.kind)
        for one in SCHEMAS["regulation"].fields
    ),
    "{title}",
    Regulation,
)


def plates(ledger: Ledger, *cells: Sequence[Cell], **more: Any) -> Read:
    return batch.read_cells(ledger, PLATES, ["document_number", "title", "issued"], cells, **more)


def test_what_may_stand_once_only(ledger: Ledger) -> None:
    ledger.act(Deed("填", "王", (create(Regulation, "r1", document_number="1号", title="旧"),)))
    found = plates(ledger, ["1号", "甲", ""], ["2号", "乙", ""], ["2号", "丙", ""], ["3号", "丁", ""])
    assert [(row, field) for row, field, _ in wrongs(found)] == [
        (0, "document_number"),
        (1, "document_number"),
        (2, "document_number"),
    ]
    assert "台账里已经有了" in found.refused[0].sentence
    assert "出现了 2 次" in found.refused[1].sentence
    assert [row.values["title"] for row in found.rows] == ["丁"]


def test_a_block_changes_the_rows_it_names(ledger: Ledger) -> None:
    old = create(Regulation, "r1", document_number="1号", title="旧", issued=date(2021, 5, 1))
    ledger.act(Deed("填", "王", (old, create(Regulation, "r2", document_number="2号", title="二"))))
    found = plates(ledger, ["1号", "新", ""], ["2号", "二", ""], ["3号", "三", ""], update=True)
    assert not found.refused
    told = batch.changes(ledger, PLATES, found.rows)
    assert [row.number for row in told.new] == [2]
    assert [(row.number, before.id) for row, before in told.changed] == [(0, "r1")]
    assert [row.number for row in told.same] == [1]
    outcome = batch.enter(ledger, "regulation", found.rows, "王")
    assert outcome.sentence == "录入 1 行、修改 1 行制度文件"
    changed = ledger.get(Regulation, "r1")
    assert changed is not None
    assert (changed.title, changed.issued) == ("新", date(2021, 5, 1)), "an empty cell under a key says nothing"
    assert batch.enter(ledger, "regulation", plates(ledger, ["1号", "新", ""], update=True).rows, "王").taken == 0


def test_a_row_with_an_id_is_changed_and_its_empty_cells_empty_it(ledger: Ledger) -> None:
    old = create(Regulation, "r1", title="旧", issued=date(2021, 5, 1))
    ledger.act(Deed("填", "王", (old,)))
    names = ["id", "title", "issued"]
    twice = read(ledger, "regulation", names, ["r1", "甲", ""], ["r1", "乙", ""])
    assert [(row, field) for row, field, _ in wrongs(twice)] == [(0, "id"), (1, "id")]
    assert "有 2 行要改同一条" in twice.refused[0].sentence
    found = read(ledger, "regulation", names, ["r1", "旧", ""], ["zz", "无", ""], ["", "新", ""])
    assert [(row, field) for row, field, _ in wrongs(found)] == [(1, "id")]
    batch.enter(ledger, "regulation", found.rows, "王")
    changed = ledger.get(Regulation, "r1")
    assert changed is not None
    assert changed.issued is None
    emptied = read(ledger, "regulation", names, ["r1", "", ""])
    assert [(row, field) for row, field, _ in wrongs(emptied)] == [(0, "title")]


def test_a_value_two_branches_met_with_may_stay(ledger: Ledger) -> None:
    twice = [create(Regulation, key, document_number="1号", title=key) for key in ("r1", "r2")]
    ledger.act(Deed("填", "王", tuple(twice)))
    cells = [["r1", "1号", "改"], ["r2", "1号", "r2"], ["", "1号", "新"]]
    found = batch.read_cells(ledger, PLATES, ["id", "document_number", "title"], cells)
    assert [row for row, _, _ in wrongs(found)] == [2]
    assert [row.id for row in found.rows] == ["r1", "r2"]


def test_rows_that_stand_in_the_ledger_already_are_told(ledger: Ledger) -> None:
    cells = [["甲", "2021-05-01"], ["乙", ""]]
    names = ["title", "issued"]
    batch.enter(ledger, "regulation", read(ledger, "regulation", names, *cells).rows, "王")
    again = read(ledger, "regulation", names, *cells, ["丙", ""])
    told = batch.changes(ledger, ledger.schema("regulation"), again.rows)
    assert [row.number for row in told.new] == [0, 1, 2]
    assert [row.number for row in told.twins] == [0, 1]


def test_entering_asks_the_rules_again(ledger: Ledger) -> None:
    old = create(Regulation, "r1", title="旧")
    ledger.act(Deed("填", "王", (old,)))
    found = read(ledger, "regulation", ["id", "title"], ["r1", "新"])
    regulation = ledger.get(Regulation, "r1")
    assert regulation is not None
    ledger.act(Deed("删", "李", (delete(regulation),)))
    with pytest.raises(Refusal, match="已经删除"):
        batch.enter(ledger, "regulation", found.rows, "王")
    row = batch.BlockRow(0, {"title": None})
    before = ledger.position()
    with pytest.raises(Refusal, match="第 1 行不能录入"):
        batch.enter(ledger, "regulation", [row], "王")
    assert ledger.position() == before


def test_a_long_job_tells_how_far_it_is_and_stops_when_told(ledger: Ledger) -> None:
    told: list[tuple[int, int]] = []
    found = read(
        ledger,
        "cited_rule",
        ["title"],
        *([f"办法{n}"] for n in range(2_500)),
        progress=lambda d, a: told.append((d, a)),
    )
    assert len(found.rows) == 2_500
    assert (2_000, 2_500) in told
    with pytest.raises(Refusal, match="已取消"):
        read(ledger, "cited_rule", ["title"], ["甲"], cancelled=lambda: True)
    with pytest.raises(Refusal, match="已取消"):
        batch.enter(ledger, "cited_rule", found.rows, "王", cancelled=lambda: True)
    assert ledger.every("cited_rule") == []


def test_defaults_fill_columns_the_block_does_not_have(ledger: Ledger) -> None:
    fields = tuple(
        Field(one.name, replace(one.kind, default="制度") if one.name == "kind" else one.kind)
        for one in SCHEMAS["regulation"].fields
    )
    schema = Schema("regulation", "制度", fields, "{title}", Regulation)
    assert batch.read_cells(ledger, schema, ["title"], [["甲"]]).rows[0].values == {"title": "甲", "kind": "rule"}
    kept = batch.read_cells(ledger, schema, ["title", "kind"], [["甲", ""]]).rows[0].values
    assert kept == {"title": "甲", "kind": None}
    needed = replace(
        schema,
        fields=tuple(
            Field(f.name, replace(f.kind, required=True) if f.name == "kind" else f.kind) for f in schema.fields
        ),
    )
    assert batch.read_cells(ledger, needed, ["title", "kind"], [["甲", ""]]).rows[0].values["kind"] == "rule"
