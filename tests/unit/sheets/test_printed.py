"""Tables of a paper in a workbook: merged as on paper, figures as numbers, text never taken for anything else."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from desktop_app.notices import spread, tree
from desktop_app.rectification.printed import Cell, Table, Words
from desktop_app.sheets import printed


def words(text: str, colour: tree.Colour = "black") -> tuple[tuple[tree.Run, ...], ...]:
    return ((tree.Run(text, colour=colour),),)


TABLE = tree.Table(
    (tree.Column("问题", 3), tree.Column("金额", 1, "right"), tree.Column("说明", 2)),
    (
        tree.TableRow((tree.TableCell(words("=1+1"), rows=2), tree.TableCell(words("1,234.50")), tree.TableCell(words("00123")))),
        tree.TableRow((tree.TableCell(words("12.5%")), tree.TableCell(words("超期", "red")))),
        tree.TableRow((tree.TableCell(words("合计"), columns=3),), "total"),
    ),
    title="台账（一）",
    unit="元",
    notes=("注：略。",),
)  # fmt: skip
PAPER = tree.Document("整改台账", (tree.Paragraph((tree.Run("填报单位：某局"),)), TABLE), form="sheet")


def test_a_workbook_looks_as_the_paper_does(tmp_path: Path) -> None:
    printed.write(spread.spread((PAPER,)), tmp_path / "表 一.xlsx")
    (sheet,) = openpyxl.load_workbook(tmp_path / "表 一.xlsx").worksheets
    assert sheet.title == "台账（一）"
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in rows[:4]] == ["整改台账", "填报单位：某局", "台账（一）", "单位：元"]
    assert rows[4] == ["问题", "金额", "说明"]
    assert rows[5] == ["=1+1", 1234.5, "00123"]
    assert rows[6] == [None, 0.125, "超期"]
    assert [row[0] for row in rows[7:]] == ["合计", "注：略。"]
    assert {"A6:A7", "A8:C8"} <= {str(one) for one in sheet.merged_cells.ranges}
    assert (sheet["A6"].data_type, sheet["B6"].number_format, sheet["B7"].number_format) == ("s", "#,##0.00", "0.0%")
    assert sheet["C7"].font.color.rgb == "FFC00000"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A6", "$5:$5")


def test_every_table_has_a_sheet_of_its_own(tmp_path: Path) -> None:
    twice = tree.Document("表", (TABLE, tree.Section((TABLE,), "landscape")))
    printed.write(spread.spread((twice,)), tmp_path / "a.xlsx")
    sheets = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    assert [one.title for one in sheets] == ["台账（一）", "台账（一）（2）"]
    assert [one.page_setup.orientation for one in sheets] == ["portrait", "landscape"]


def test_a_paper_without_tables_is_refused() -> None:
    form = tree.Table((tree.Column(""),), (tree.TableRow((tree.TableCell(words("签收")),)),), headless=True)
    paper = tree.Document("函", (tree.Paragraph((tree.Run("请办理。"),)), form))
    assert not spread.has_tables((paper,))
    assert spread.has_tables((PAPER,))
    with pytest.raises(Refusal, match="没有表格"):
        spread.spread((paper,))


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["", ",", "%"]))
def test_a_figure_keeps_its_value(value: object, sign: str) -> None:
    text = f"{value:,}" if sign == "," else f"{value}{sign}"
    found = printed.number(text)
    if text.startswith("-0") and float(text.rstrip("%").replace(",", "")) == 0:
        return
    assert found is not None
    assert found[0] == float(text.rstrip("%").replace(",", "")) / (100 if sign == "%" else 1)


@pytest.mark.parametrize("text", ["00123", "1.2.3", "2025年", "=1", "1234567890123456", "1,23", "", "—", "５"])
def test_what_is_no_figure_stays_text(text: str) -> None:
    assert printed.number(text) is None


def test_a_column_of_many_lines_makes_its_row_high(tmp_path: Path) -> None:
    long = Cell(1, 0, (Words("整改" * 100),))
    table = Table("甲", "甲", (), (Cell(0, 0, (Words("措施"),), part="head"), long), 1, 2, 1)
    printed.write((table,), tmp_path / "a.xlsx")
    (sheet,) = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    high, wide = sheet.row_dimensions[3].height, sheet.column_dimensions["A"].width
    assert high is not None
    assert high / 15 * (wide - 1.5) / 2 >= 200, "every character has its place"
