"""Headings: found where they stand, matched whatever is put around them, remembered, told when they match nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from db.errors import Refusal
from db.schema.kinds import Day, Money, Number, Text
from db.schema.record import Field, Schema, row_schema
from db.schema.records import SCHEMAS
from desktop_app.rectification import batch
from desktop_app.sheets import mapping, read
from desktop_app.sheets.read import Table

REFUEL = row_schema(
    "vehicles.refuel",
    "加油登记",
    (
        Field("plate", Text("车牌号", required=True)),
        Field("date", Day("日期", section="加油")),
        Field("litres", Number("加油量", unit="L")),
        Field("cost", Money("金额")),
        Field("back", Day("日期", section="回单")),
        Field("old", Text("旧栏目", retired=True)),
    ),
    "{plate}",
)


def names(*headings: str, schema: Schema = REFUEL, remembered: dict[str, str] | None = None) -> tuple[str | None, ...]:
    return mapping.columns(schema, headings, remembered).names


@pytest.mark.parametrize(
    "heading",
    ["车牌号", "车牌号*", " 车 牌 号 ", "车牌号（必填）", "*车牌号：", "PLATE", "车牌号(如 苏A1警)"],
)
def test_a_heading_whatever_is_around_it(heading: str) -> None:
    assert names(heading) == ("plate",)


def test_units_and_sections_beside_a_label() -> None:
    assert names("加油量（升）", "金额（元）", "加油日期") == ("litres", "cost", "date")
    assert names("加油量L") == ("litres",)


def test_two_fields_of_one_label_are_taken_in_turn() -> None:
    assert names("日期", "车牌号", "日期", "日期") == ("date", "plate", "back", None)


def test_what_matches_nothing_is_told() -> None:
    found = mapping.columns(REFUEL, ["日期", "颜色", "", "旧栏目", "百公里油耗"], reckoned=["百公里油耗（L）"])
    assert found.names == ("date", None, None, None, None)
    assert found.unknown == ("颜色",)
    assert found.left_out == ("旧栏目", "百公里油耗")
    assert found.lacking == ("车牌号",)
    assert mapping.near(REFUEL, "车牌号码") == "车牌号"
    assert mapping.near(REFUEL, "颜色") == ""


def test_record_ids_have_a_column_of_their_own() -> None:
    assert names(mapping.ID_HEADING, "编号") == (batch.ID, None)
    numbered = replace(REFUEL, fields=(*REFUEL.fields, Field("number", Text("编号"))))
    assert names(mapping.ID_HEADING, "编号", schema=numbered) == (batch.ID, "number")


def test_what_a_clerk_said_is_remembered(tmp_path: Path) -> None:
    headings = ["车辆", "日期", "备注"]
    mapping.remember(REFUEL, headings, ["plate", None, None], tmp_path)
    told = mapping.remembered(REFUEL, tmp_path)
    assert mapping.columns(REFUEL, headings, told).names == ("plate", None, None)
    assert mapping.columns(REFUEL, headings, told).unknown == ("备注",)
    mapping.remember(REFUEL, headings, ["plate", "date", None], tmp_path)
    assert mapping.columns(REFUEL, headings, mapping.remembered(REFUEL, tmp_path)).names == ("plate", "date", None)
    other = replace(REFUEL, name="vehicles.other")
    assert mapping.remembered(other, tmp_path) == {}
    (tmp_path / "sheet-columns.json").write_text("[1", "utf-8")
    assert mapping.remembered(REFUEL, tmp_path) == {}


def test_a_memory_of_a_field_that_is_gone_says_nothing() -> None:
    assert names("车辆", remembered={"车辆": "gone"}) == (None,)


def block(*rows: list[object], merged: tuple[read.Area, ...] = ()) -> mapping.Block | None:
    return mapping.block(REFUEL, Table("表.xlsx", "表", [tuple(row) for row in rows], merged))  # type: ignore[arg-type]


def test_headings_below_a_title_and_rows_without_sums() -> None:
    found = block(
        ["2021年加油登记"],
        [],
        ["序号", "车牌号", "加油量"],
        [1, "甲", 50],
        [2, "乙", 40],
        ["合计", None, 90],
        [],
        ["小计"],
    )
    assert found is not None
    assert found.headings == ("序号", "车牌号", "加油量")
    assert found.first_row == 4
    assert found.cells == ((1, "甲", 50), (2, "乙", 40))
    assert found.sums == (6, 8)


def test_headings_in_two_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["车牌号", "加油", None, "回单", "金额"])
    sheet.append([None, "日期", "加油量", "日期", None])
    sheet.append(["甲", "2021-11-03", 50, "2021-11-05", 400])
    sheet.append([None, "2021-11-04", 40, None, 300])
    for area in ("A1:A2", "B1:C1", "E1:E2", "A3:A4"):
        sheet.merge_cells(area)
    path = tmp_path / "表.xlsx"
    book.save(path)
    (found,) = mapping.blocks(REFUEL, read.read(path))
    assert names(*found.headings) == ("plate", "date", "litres", "back", "cost")
    assert found.first_row == 3
    assert [row[0] for row in found.cells] == ["甲", "甲"]


def test_tables_without_headings_are_refused_and_sheets_beside_passed_over() -> None:
    assert block(["甲", "乙"], [1, 2]) is None
    with pytest.raises(Refusal, match="没有找到“加油登记”的栏目名称"):
        mapping.blocks(REFUEL, [Table("表", "表", [("甲", "乙")])])
    good = Table("表", "一月", [("车牌号", "日期", "加油量"), ("甲", "", 1)])
    more = Table("表", "二月", [("车牌号", "日期", "加油量"), ("乙", "", 1)])
    beside = Table("表", "附注", [("日期",), ("2021-11-03",)])
    notes = Table("表", "填表说明", [("车牌号", "日期", "加油量"), ("甲", "", 1)])
    assert [b.sheet for b in mapping.blocks(REFUEL, [good, notes, beside, more])] == ["一月", "二月"]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_label_finds_its_field(name: str) -> None:
    schema = SCHEMAS[name]
    found = mapping.columns(schema, [one.kind.label for one in schema.fields])
    assert not found.unknown
    taken = {one.name for one in schema.fields if batch.takes(one.kind)}
    assert {n for n in found.names if n} == taken
