"""What is typed over a column comes to the filters one means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.errors import Refusal
from db.schema import days
from db.schema.kinds import Choice, Day, Kind, Money, Month, Number, Text, YesNo
from db.schema.record import Field, Record, Schema
from desktop_app.gui.grid_filter import filters
from desktop_app.rectification.rows_filters import Filter

STATE = Choice("状态", of={"new": "未处理", "done": "已处理", "moved": "移送"})


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        (Text("名称"), "", []),
        (Text("名称"), "甲", [("contains", "甲")]),
        (Text("名称"), "空", [("empty", None)]),
        (Text("名称"), "甲~乙", [("contains", "甲~乙")]),
        (STATE, "ycl", [("any_of", ("done",))]),
        (STATE, "处理", [("any_of", ("new", "done"))]),
        (STATE, "ycl、移送", [("any_of", ("done", "moved"))]),
        (STATE, "空", [("empty", None)]),
        (YesNo("公示"), "是", [("any_of", (True,))]),
        (Day("日期"), "11.3", [("equals", date(2021, 11, 3))]),
        (Day("日期"), "≥2021-11-1", [("least", date(2021, 11, 1))]),
        (Day("日期"), "11.1~11.9", [("least", date(2021, 11, 1)), ("most", date(2021, 11, 9))]),
        (Day("日期"), "2021-11", [("contains", "2021-11")]),
        (Month("月份"), "7月", [("equals", "2021-07")]),
        (Money("金额"), "5万", [("equals", 5_000_000)]),
        (Money("金额"), "≥5万", [("least", 5_000_000)]),
        (Money("金额"), ">5万", [("least", 5_000_001)]),
        (Money("金额"), "大于5万", [("least", 5_000_001)]),
        (Money("金额"), "5万以上", [("least", 5_000_000)]),
        (Money("金额"), "不到5万", [("most", 4_999_999)]),
        (Money("金额"), "不超过 30万", [("most", 30_000_000)]),
        (Money("金额"), "空", [("empty", None)]),
        (Day("日期"), "早于11.3", [("most", date(2021, 11, 2))]),
        (Number("数"), ">=5", [("least", 5)]),
        (Number("数"), "5~10", [("least", 5), ("most", 10)]),
    ],
)
def test_filters(kind: Kind[Any], typed: str, meant: list[tuple[str, Any]]) -> None:
    schema = Schema("x", "表", (Field("a", kind),), "{a}", Record)
    with days.as_of(date(2021, 11, 20)):
        assert filters(schema.fields[0], typed, schema) == [Filter("a", test, value) for test, value in meant]  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", [">=某日", "11.1~某日"])
def test_a_bound_that_is_none_is_refused(typed: str) -> None:
    schema = Schema("x", "表", (Field("a", Day("日期")),), "{a}", Record)
    with pytest.raises(Refusal, match="某日"):
        filters(schema.fields[0], typed, schema)


@pytest.mark.parametrize("typed", ["多多", ">", "大于很多"])
def test_words_are_no_amount(typed: str) -> None:
    schema = Schema("x", "表", (Field("a", Money("金额")),), "{a}", Record)
    with pytest.raises(Refusal, match="“金额”"):
        filters(schema.fields[0], typed, schema)
