"""Rows of registers made from data are records like those of the core."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from db.errors import Refusal
from db.ledger.change import delete, edit
from db.schema.kinds import Day, Number, Text
from db.schema.record import Field, Row, changed, row_schema, schema_name
from db.schema.records import Unit

REFUEL = row_schema(
    "cars.refuel",
    "加油登记",
    (Field("plate", Text("车牌号")), Field("litres", Number("加油量")), Field("day", Day("日期"))),
    "{plate} {litres}",
    order=("day",),
)


def test_a_row_holds_every_field_as_an_attribute_and_no_other() -> None:
    row = REFUEL.load("r1", {"plate": "甲", "litres": "31.5", "gone": "旧"})
    assert isinstance(row, Row)
    assert (row.plate, row.litres, row.day) == ("甲", Decimal("31.5"), None)
    assert list(row.values) == ["plate", "litres", "day"]
    assert not hasattr(row, "gone")
    with pytest.raises(AttributeError, match="no field price"):
        _ = row.price
    assert schema_name(row) == "cars.refuel"
    assert schema_name(Unit(id="u")) == "unit"
    assert REFUEL.describe(row) == "甲 31.5"


def test_rows_are_values() -> None:
    row = REFUEL.make(id="r1", plate="甲")
    assert row == REFUEL.make(id="r1", plate="甲", litres=None)
    assert len({row, REFUEL.make(id="r1", plate="甲"), REFUEL.make(id="r1", plate="乙")}) == 2
    other_register = row_schema("cars.other", "别的", REFUEL.fields, "")
    assert row not in (REFUEL.make(id="r2", plate="甲"), other_register.make(id="r1", plate="甲"))
    for same in (copy.copy(row), copy.deepcopy(row), pickle.loads(pickle.dumps(row)), replace(row, id="r1")):
        assert same == row
    other: dict[str, Any] = {"plate": "乙"}
    assert replace(row, **other) == REFUEL.make(id="r1", plate="乙")
    unknown: dict[str, Any] = {"price": 3}
    with pytest.raises(TypeError, match="no field price"):
        replace(row, **unknown)
    assert "甲" in repr(row)
    assert len(repr(REFUEL.make(id="r1", plate="甲" * 400))) < 120


def test_edits_of_rows_name_their_register() -> None:
    row = REFUEL.make(id="r1", plate="甲")
    assert (edit(row, plate="乙").record, delete(row).record) == ("cars.refuel", "cars.refuel")
    assert changed(row, {"plate": "甲", "litres": Decimal(3)}) == {"litres": Decimal(3)}


def test_a_register_refuses_what_it_does_not_have() -> None:
    with pytest.raises(TypeError, match="no field price"):
        REFUEL.make(id="r1", price=3)
    with pytest.raises(Refusal, match="没有“price”"):
        REFUEL.store({"price": 3})
    for wrong in ("id", "values", "deleted"):
        with pytest.raises(ValueError, match="reserved"):
            row_schema("cars.x", "甲", (Field(wrong, Text("甲")),), "")
