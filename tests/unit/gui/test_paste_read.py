"""The clipboard of a spreadsheet is read as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.schema.kinds import Day, Number, Text
from db.schema.record import Field, Record, Schema
from desktop_app.gui.grid_deeds import quoted
from desktop_app.gui.paste_read import cells, headings

SCHEMA = Schema(
    "car",
    "车辆",
    (Field("plate", Text("车牌号")), Field("day", Day("日期")), Field("litres", Number("加油量", unit="L"))),
    "{plate}",
    Record,
)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\nc\td\n", [["a", "b"], ["c", "d"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"一\n二"\tb', [["一\n二", "b"]]),
        ('"他说""好"""\tb', [['他说"好"', "b"]]),
        ('12"\tb', [['12"', "b"]]),
        ('"没有合上\tb', [['"没有合上', "b"]]),
        ("a\t\t\n\t\tb", [["a", "", ""], ["", "", "b"]]),
        ("", []),
        ("\n", [[""]]),
    ],
)
def test_rows_and_cells(text: str, rows: list[list[str]]) -> None:
    assert cells(text) == rows


_CELLS = st.text(st.sampled_from('甲乙1.\t\n" '), max_size=6)


@given(st.lists(st.lists(_CELLS, min_size=2, max_size=3), min_size=1, max_size=4))
def test_what_is_copied_is_pasted_the_same(block: list[list[str]]) -> None:
    text = "\n".join("\t".join(quoted(cell) for cell in row) for row in block)
    assert cells(text) == block


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (["车牌号", "日期"], True),
        (["日期 *", "加油量（L）", "油站"], True),
        (["车牌号"], True),
        (["粤A12345", "2021-11-03"], False),
        (["车牌号", "甲", "乙", "丙"], False),
    ],
)
def test_a_row_of_headings(row: list[str], named: bool) -> None:
    assert headings(SCHEMA, row) is named
