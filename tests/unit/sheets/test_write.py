"""What an exported file holds, and what it leaves out and says so; what a template offers."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.errors import Fault, Refusal
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.links import Ref
from db.schema.records import SCHEMAS, Accountability, Person, Problem, Regulation, Unit
from db.store.replica import Installation
from desktop_app.rectification import openness
from desktop_app.rectification.rows import View
from desktop_app.rectification.rows_filters import Filter
from desktop_app.sheets import guard, layout, mapping, read, template, write
from desktop_app.sheets.mapping import ID_HEADING


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    edits = (
        create(Unit, "u1", name="东山分局"),
        create(Problem, "p1", unit="u1", number=1, title='=HYPERLINK("x")'),
        create(Problem, "p2", unit="u1", number=2, title="+86", publicity="secret"),
        create(Person, "n1", name="张三", post="民警", unit="u1"),
        create(Accountability, "a1", problem="p1", subject="A01", people=2, form="reminder", day=date(2021, 7, 1)),
        create(Accountability, "a2", problem="p2", subject="A02", people=3, form="reminder"),
        create(Regulation, "r1", unit="u1", title="@办法", trial=True, issued=date(2021, 5, 1)),
    )
    made.act(Deed("填写", "王", edits))
    return made


def cells(path: Path) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def test_a_workbook_holds_typed_cells(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "问责.xlsx"
    done = write.export(
        ledger, View(SCHEMAS["accountability"]), path, publicity="secret", only=["people", "day", "form", "problem"]
    )
    assert done.rows == 2
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert [c.value for c in sheet[1]] == ["问题", "人数（人）", "形式", "日期"]
    assert [c.value for c in sheet[2]] == ['1. =HYPERLINK("x")', 2, "提醒谈话", datetime(2021, 7, 1)]  # noqa: DTZ001
    assert sheet["A2"].data_type == "s"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:D3"
    assert "共 2 行" in str(book["说明"]["A1"].value)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_is_withheld_is_left_out_and_said(ledger: Ledger, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"问责{suffix}"
    done = write.export(ledger, View(SCHEMAS["accountability"]), path)
    assert done.withheld_columns == ("对象（代码）",)
    assert (done.rows, done.withheld_rows) == (1, 1), "a part of a withheld problem is withheld"
    assert not [cell for row in read.read(path)[0].rows for cell in row if "A0" in str(cell)]
    if suffix == ".xlsx":
        said = [row[0].value for row in openpyxl.load_workbook(path)["说明"].iter_rows()]
        assert any("没有导出的栏目" in line and "对象（代码）" in line for line in said)
        assert any("另有 1 行" in line for line in said)
    inside = write.export(ledger, View(SCHEMAS["accountability"]), path, publicity="internal")
    assert (inside.withheld_columns, inside.rows, inside.withheld_rows) == ((), 1, 1)
    assert "对象（代码）（内部）" in [str(c) for c in read.read(path)[0].rows[0]]
    everything = write.export(ledger, View(SCHEMAS["accountability"]), path, publicity="secret")
    assert (everything.rows, everything.withheld_rows) == (2, 0)


def test_a_reference_shows_no_more_than_what_it_points_at_may(ledger: Ledger) -> None:
    person = SCHEMAS["person"]
    assert openness.publicity_of(ledger, person.field("unit").kind) == "public"
    assert openness.publicity_of(ledger, Ref("经办人", to="person")) == "internal", "its line holds a name"


def test_text_stays_text_in_a_delimited_file(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "问题.csv"
    write.export(ledger, View(SCHEMAS["problem"]), path, publicity="secret", only=["number", "title"], ids=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines == [f"序号,问题,{ID_HEADING}", '1,"\'=HYPERLINK(""x"")",p1', "2,'+86,p2"]


def test_only_what_is_asked_for(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "问题.xlsx"
    view = View(SCHEMAS["problem"], (Filter("number", "least", 2),))
    write.export(ledger, view, path, publicity="secret", only=["title"], said=["筛选：序号>=2。"])
    assert cells(path) == [["问题"], ["+86"]]
    assert "筛选：序号>=2。" in [row[0].value for row in openpyxl.load_workbook(path)["说明"].iter_rows()]


def test_what_cannot_be_written_is_refused_and_leaves_nothing(ledger: Ledger, tmp_path: Path) -> None:
    view = View(SCHEMAS["problem"])
    with pytest.raises(Refusal, match="只能导出为"):
        write.export(ledger, view, tmp_path / "表.pdf")
    for suffix in write.SUFFIXES:
        with pytest.raises(Fault):
            write.export(ledger, view, tmp_path / "没有" / f"表{suffix}")
        kept = tmp_path / f"旧{suffix}"
        kept.write_text("旧的", "utf-8")
        with pytest.raises(Refusal, match="已取消"):
            write.export(ledger, view, kept, cancelled=lambda: True)
        assert kept.read_text("utf-8") == "旧的"
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_text_too_long_for_a_cell_is_told(ledger: Ledger, tmp_path: Path) -> None:
    ledger.act(Deed("写", "王", (create(Problem, "p9", title="长", symptoms="长" * 40_000),)))
    path = tmp_path / "问题.xlsx"
    done = write.export(ledger, View(SCHEMAS["problem"], (Filter("title", "equals", "长"),)), path, only=["symptoms"])
    assert done.too_long == 1
    assert cells(path)[1] == [write.TOO_LONG]


def test_guards() -> None:
    assert [guard.guarded(t) for t in ("=1", "'=1", "一", "-a", "＝1")] == ["'=1", "''=1", "一", "'-a", "'＝1"]


def test_a_template_offers_what_may_be_chosen(ledger: Ledger, tmp_path: Path) -> None:
    path = template.write_template(ledger, SCHEMAS["regulation"], tmp_path / "模板.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = [str(c.value) for c in sheet[1]]
    assert "名称*" in headings
    assert "文件" not in headings, "papers are no cells"
    assert sheet.freeze_panes == "B2"
    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"}
    column = openpyxl.utils.get_column_letter(headings.index("种类") + 1)
    assert lists[f"{column}2:{column}1048576"] == '"制度,方案,表单,承诺书,其他"'
    column = openpyxl.utils.get_column_letter(headings.index("单位") + 1)
    assert lists[f"{column}2:{column}1048576"] == '"东山分局"'
    assert sheet.cell(1, headings.index("名称*") + 1).comment.text == "不带书名号"
    assert book.sheetnames == ["制度文件", "填表说明"]
    assert [row[0].value for row in book["填表说明"].iter_rows()][:2] == ["栏目", "单位"]
    (block,) = mapping.blocks(SCHEMAS["regulation"], read.read(path))
    assert block.cells == ()


def test_long_lists_stand_in_a_hidden_sheet(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "_INLINE", 30)
    path = template.write_template(ledger, SCHEMAS["accountability"], tmp_path / "模板.xlsx")
    book = openpyxl.load_workbook(path)
    assert book["选项"].sheet_state == "hidden"
    sheet = book.worksheets[0]
    sources = [v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert any(str(s).startswith("'选项'!$") for s in sources)
    with pytest.raises(Refusal, match="模板只能存为"):
        template.write_template(ledger, SCHEMAS["accountability"], tmp_path / "模板.csv")


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_has_a_template(ledger: Ledger, tmp_path: Path, name: str) -> None:
    path = template.write_template(ledger, SCHEMAS[name], tmp_path / "模板.xlsx")
    (block,) = mapping.blocks(SCHEMAS[name], read.read(path))
    found = mapping.columns(SCHEMAS[name], block.headings)
    assert found.names == tuple(one.name for one in layout.filled_by(SCHEMAS[name]))
