"""Records in a line, with the lines of what they point at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.ledger.change import Deed, create, delete, edit
from db.ledger.ledger import Ledger
from db.ledger.lines import describe, described, lines_of
from db.schema.kinds import Text, Whole
from db.schema.links import Ref
from db.schema.record import Field, row_schema
from db.schema.records import SCHEMAS, Person, Problem
from db.store.replica import Installation

CAR = row_schema(
    "cars.car",
    "车辆",
    (Field("plate", Text("车牌号")), Field("driver", Ref("驾驶员", to="person"))),
    "{plate}（{driver}）",
)
TRIP = row_schema("cars.trip", "出车", (Field("car", Ref("车辆", to="cars.car")), Field("year", Whole("年度"))), "{year}年 {car}")  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    known = {**SCHEMAS, CAR.name: CAR, TRIP.name: TRIP}
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"), vocabulary=known)
    yield made
    made.close()


def test_a_line_has_the_words_of_what_it_points_at(ledger: Ledger) -> None:
    person, car = create(Person, "n1", name="张三", post="民警"), CAR.make(id="c1", plate="甲1", driver="n1")
    ledger.act(Deed("填", "王", (person, edit(car, plate="甲1", driver="n1"))))
    trip = TRIP.make(id="t1", car="c1", year=2021)  # not in the ledger: it is about to be entered
    assert describe(ledger, car) == "甲1（张三 民警）"
    assert describe(ledger, trip) == "2021年 甲1（张三 民警）"
    assert TRIP.describe(trip) == "2021年 c1"
    others = [TRIP.make(id="t2", car="nowhere", year=2022), TRIP.make(id="t3", car="c1"), TRIP.make(id="t4")]
    assert described(ledger, others) == ["2022年 nowhere", "年 甲1（张三 民警）", "未命名的出车"]
    record = ledger.get(Person, "n1")
    assert record is not None
    ledger.act(Deed("删", "王", (delete(record),)))
    assert describe(ledger, trip) == "2021年 甲1（张三 民警（已删除））"


def test_what_is_kept_and_what_is_given_read_alike(ledger: Ledger) -> None:
    edits = [edit(CAR.make(id=f"c{n}"), plate=f"甲{n}", driver="n1") for n in range(3)]
    edits += [edit(TRIP.make(id=f"t{n}"), car=f"c{n % 3}", year=2000 + n if n else None) for n in range(5)]
    ledger.act(Deed("填", "王", (create(Person, "n1", name="张三"), *edits)))
    for name in (CAR.name, TRIP.name, "person", "problem"):
        records = ledger.every(name)
        assert lines_of(ledger, name) == dict(zip((one.id for one in records), described(ledger, records), strict=True))
    assert lines_of(ledger, "no.such") == {}
    assert described(ledger, []) == []


def test_a_record_with_nothing_in_its_line_is_unnamed(ledger: Ledger) -> None:
    """Words around the marks name nothing by themselves; where a line has no marks, its words are its name."""
    assert SCHEMAS["closing"].describe(SCHEMAS["closing"].make(id="x")) == "未命名的销号"
    assert TRIP.describe(TRIP.make(id="x")) == "未命名的出车"
    plain = row_schema("cars.note", "便条", (Field("words", Text("文字")),), "便条")
    assert plain.describe(plain.make(id="x")) == "便条"


def test_a_mark_in_a_value_is_no_mark(ledger: Ledger) -> None:
    record = Problem(id="p", number=1, title="{number}{title}")
    assert describe(ledger, record) == "1. {number}{title}"
