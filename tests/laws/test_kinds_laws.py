"""Every kind keeps its word: parse(show(v)) == v, load(store(v)) == v, and nonsense is refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kind_values import TYPED, every_kind, fields, lets_pass, values, variants

from db.errors import Refusal
from db.schema.composite import Amount, Due, Period, Quantity, Span
from db.schema.kinds import Choice, Day, Kind, Moment, Money, Month, Number, Unreadable, Whole, YesNo
from db.schema.records import SCHEMAS
from db.store.tables import tables

ALL = fields() | variants()
KINDS: dict[str, list[Kind[Any]]] = {
    one.__name__: [kind for kind in ALL.values() if type(kind) is one] for one in every_kind()
}
TABLES = tables(SCHEMAS)
each = pytest.mark.parametrize("name", KINDS)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_T = TypeVar("_T")

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | TYPED
    | st.sampled_from(["", "1,000", "１２", "2021-7-5"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TYPED, inner, max_size=3),
    max_leaves=6,
)


def test_every_kind_is_tried() -> None:
    assert all(KINDS.values()), [name for name, found in KINDS.items() if not found]
    assert len(fields()) > 30


@each
@given(data=st.data())
def test_what_is_shown_can_be_typed(name: str, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS[name]))
    value = data.draw(values(kind))
    assert kind.parse(kind.show(value)) == value


@each
@given(data=st.data())
def test_what_is_stored_is_json_and_comes_back(name: str, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS[name]))
    value = data.draw(values(kind))
    stored = kind.store(value)
    assert orjson.loads(orjson.dumps(stored)) == stored
    assert "float" not in {type(part).__name__ for part in _leaves(stored)}
    assert kind.load(stored) == value
    assert set(kind.parts(stored)) == set(kind.facets)


def _leaves(stored: Any) -> list[Any]:
    if isinstance(stored, dict):
        return [leaf for part in stored.values() for leaf in _leaves(part)]
    if isinstance(stored, list):
        return [leaf for part in stored for leaf in _leaves(part)]
    return [stored]


def _or_refused(work: Callable[[], _T]) -> _T | None:
    """The result, or None after a refusal that tells a clerk something; any other exception is a failure."""
    try:
        return work()
    except Refusal as refusal:
        sentence = refusal.sentence
    assert _HAN.search(sentence), sentence
    assert sentence.endswith("。"), sentence
    return None


@each
@given(data=st.data())
def test_typed_nonsense_is_refused_and_the_rest_is_kept(name: str, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS[name]))
    typed = data.draw(TYPED | st.text() | values(kind).map(kind.show).flatmap(_mangled))
    value = _or_refused(lambda: kind.parse(typed))
    if value is not None:
        assert lets_pass(kind, value)
        assert kind.load(kind.store(value)) == value
        assert kind.parse(kind.show(value)) == value


def _mangled(shown: str) -> st.SearchStrategy[str]:
    """The text with something put into it or cut out of it."""
    places = st.integers(0, len(shown))
    return st.builds(lambda a, b, put: shown[: min(a, b)] + put + shown[max(a, b) :], places, places, TYPED)


@each
@given(data=st.data())
def test_foreign_json_is_refused_or_fits_the_table(name: str, data: st.DataObject) -> None:
    """Whatever load takes can be shown and put into its columns, and its columns do not hang on how it was spelt."""
    kind = data.draw(st.sampled_from(KINDS[name]))
    stored = data.draw(JSON.filter(lambda j: j is not None) | values(kind).map(kind.store).flatmap(_bent))
    value = _or_refused(lambda: kind.load(stored))
    if value is None:
        return
    kind.show(value)
    again = kind.store(value)
    assert kind.load(again) == value
    assert kind.parts(again) == kind.parts(stored)
    if kind.structured:
        orjson.dumps(stored)
    else:
        assert again == stored
        assert not isinstance(stored, int) or -(2**63) <= stored < 2**63


def _bent(stored: Any) -> st.SearchStrategy[Any]:
    """The stored form with a part replaced or left out."""
    if not isinstance(stored, dict):
        return JSON.filter(lambda j: j is not None) | st.just(stored)
    keys = st.sampled_from(sorted(stored) or ["value"])
    replaced = st.builds(lambda key, part: {**stored, key: part}, keys, JSON)
    return replaced | keys.map(lambda key: {k: v for k, v in stored.items() if k != key})


@settings(max_examples=settings().max_examples * 3)
@given(name=st.sampled_from(sorted(SCHEMAS)), data=st.data())
def test_a_record_goes_into_its_row_and_comes_back(name: str, data: st.DataObject) -> None:
    schema, table = SCHEMAS[name], TABLES.records[name]
    some = data.draw(st.lists(st.sampled_from([one.name for one in schema.fields]), unique=True, max_size=4))
    working = {field: data.draw(st.none() | values(schema.field(field).kind)) for field in some}
    stored = schema.store(working)
    there = {field: value for field, value in stored.items() if value is not None}
    filled = table.filled("id1", stored, ("h",))
    columns = list(table.table.columns.keys())
    assert list(filled) == sorted(filled, key=columns.index)  # the order in which an insert takes its values
    row = {**dict.fromkeys(columns), **filled}
    assert table.stored(row) == there
    assert {**row, **table.cells(stored, ("h",))} == row
    record = schema.load("id1", there)
    assert {field: getattr(record, field) for field in some} == working
    assert _HAN.search(schema.describe(record)) or schema.describe(record)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Whole("数", unit="人"), "１２３", 123),
        (Whole("数", unit="人"), "1,234人", 1234),
        (Number("率", unit="%"), "５１．５％", Decimal("51.5")),
        (Number("率"), "-0.50", Decimal("-0.5")),
        (Money("金额"), "1.2万元", 1_200_000),
        (Money("金额"), "￥１，２３４．５０", 123_450),
        (Money("金额"), "3亿", 30_000_000_000),
        (Day("日期"), "二〇二一年十二月三十一日", date(2021, 12, 31)),
        (Day("日期"), "二○二一年十月二十日", date(2021, 10, 20)),
        (Day("日期"), "２０２１．７．５", date(2021, 7, 5)),
        (Day("日期"), " 2021年7月5日 ", date(2021, 7, 5)),
        (Day("日期"), "20210705", date(2021, 7, 5)),
        (Month("月份"), "２０２１年７月", "2021-07"),
        (YesNo("否"), "有", True),
        (YesNo("否"), "×", False),
        (Choice("级", of={"hard": "较难", "easy": "容易"}), "较", "hard"),
        (Quantity("数"), "３３０００余路", Amount(Decimal(33000), "路", "余")),
        (Quantity("数"), "近200名", Amount(Decimal(200), "名", "近")),
        (Quantity("数"), "５１．５％", Amount(Decimal("51.5"), "%")),
        (Period("期"), "上半年（2021-01-01至2021-06-30）", Span(date(2021, 1, 1), date(2021, 6, 30), "上半年")),
        (Period("期"), "2021年7月1日至", Span(date(2021, 7, 1))),
    ],
)
def test_typed_the_way_clerks_type(kind: Kind[Any], typed: str, value: Any) -> None:
    assert kind.parse(typed) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Whole("数"), "十二"),
        (Whole("数"), "1.5"),
        (Whole("数", most=3), "4"),
        (Number("率"), "1e5"),
        (Number("率"), "nan"),
        (Money("金额"), "12.345"),
        (Money("金额"), "-1"),
        (Day("日期"), "2021年2月30日"),
        (Day("日期"), "二〇二一年十三月一日"),
        (Month("月份"), "2021-13"),
        (Moment("时间"), "2021-07-05 25:00"),
        (YesNo("否"), "也许"),
        (Quantity("数"), "约200余名"),
        (Quantity("数"), "若干"),
        (Period("期"), "2021-07-01至2021-06-30"),
        (Due("时限"), "改天"),
        (Due("时限"), "年底前（2021-13-31）"),
    ],
)
def test_refused_by_name(kind: Kind[Any], typed: str) -> None:
    with pytest.raises(Unreadable, match=f"“{kind.label}”.+。$"):
        kind.parse(typed)
