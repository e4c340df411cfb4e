"""Bodies of definitions, and the ids under which branches meet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from db.errors import Refusal
from db.ledger.change import Change, plausible
from db.schema.body import DEPTH, Body
from db.schema.records import amendment_id, category_key, definition_id
from db.schema.typed import UNPRINTABLE


def _nested(depth: int) -> Any:
    made: Any = {}
    for _ in range(depth - 1):
        made = {"内": made}
    return made


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('{"甲": 0.5}', "小数要写成文字"),
        ("[1e3]", "小数要写成文字"),
        ('{"甲": 1000000000000000000000}', "小数要写成文字"),
        ('{"甲": 1000000000000000000}', "数字太大"),
        ('"甲"', "应是一组"),
        ("{甲}", "读懂的 JSON"),
        ('{"\\u0000": 1}', "不能打印"),
        ('["\\u0007"]', "不能打印"),
    ],
)
def test_a_body_refuses_what_other_programs_read_otherwise(typed: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        Body("内容").parse(typed)


def test_a_body_keeps_no_character_that_no_field_keeps() -> None:
    """The one list of them is that of typed text; the body looks for them as JSON writes them."""
    kind = Body("内容")
    for code in (*range(0xD800), *range(0xE000, 0x10000)):
        sign = chr(code)
        try:
            kind.check([f"甲{sign}"])
        except Refusal:
            assert UNPRINTABLE.search(sign), hex(code)
        else:
            assert not UNPRINTABLE.search(sign), hex(code)
    for half in ("\ud800", "\udfff"):
        with pytest.raises(Refusal):
            kind.check([half])
    kind.check(['\\u0007 \\\\b "甲".5 [[{', {'"\\': 'r\\"'}, "1e5", "0.5"])


@pytest.mark.parametrize("value", [[(1,)], [date(2021, 7, 5)], [Decimal(1)], [{1: 2}], [float("nan")], [{"a"}], [b"a"]])
def test_a_body_holds_json_alone(value: Any) -> None:
    with pytest.raises(Refusal):
        Body("内容").check(value)


def test_a_body_is_bounded() -> None:
    kind = Body("内容")
    kind.check(_nested(DEPTH))
    with pytest.raises(Refusal, match="套得太深"):
        kind.check(_nested(DEPTH + 1))
    kind.check(["甲" * 340_000])
    with pytest.raises(Refusal, match="最多 1 MB"):
        kind.check(["甲" * 350_000])


def test_the_same_content_has_the_same_id() -> None:
    assert definition_id("cars", {"a": 1, "b": [2]}) == definition_id("cars", {"b": [2], "a": 1})
    assert definition_id("cars", {"a": 1}) != definition_id("cars", {"a": 2})
    assert amendment_id("cars", "field", "refuel", "price") == "amendment-cars-field-refuel-price"


def test_long_keys_still_make_ids_that_may_travel() -> None:
    long = "a" * 41
    pieces = {amendment_id(long, "indicator", long, f"{long}{n}") for n in range(9)}
    assert len(pieces) == 9
    for one in (*pieces, definition_id(long, {})):
        change = Change("r", 1, 1, "2021-07-05T00:00:00.000Z", "r:1", "", "某人", "改", "amendment", one, {}, (), "")
        assert plausible(change.sealed()) == ""


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        ("category-official_vehicles", "official_vehicles"),
        ("0190c0ffee007abc8123456789abcdef", "c0190c0ffee007abc8123456789abcdef"),
        ("category-A.B", "ccategory_a_b"),
    ],
)
def test_every_category_has_a_key(identifier: str, key: str) -> None:
    assert category_key(identifier) == key
