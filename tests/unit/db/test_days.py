"""Days, months and times as somebody types them in a hurry, reckoned from a day; numbers with 万 and 亿."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from db.schema import days
from db.schema.kinds import Day, Kind, Moment, Money, Month, Number, Whole

TODAY = date(2021, 11, 20)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("11.3", "2021-11-03"),
        ("11-3", "2021-11-03"),
        ("11/3", "2021-11-03"),
        ("11月3日", "2021-11-03"),
        ("１１．３", "2021-11-03"),
        ("1.15", "2022-01-15"),
        ("1.25", "2021-01-25"),
        ("2.29", "2020-02-29"),
        ("20211103", "2021-11-03"),
        ("211103", "2021-11-03"),
        ("650312", "1965-03-12"),
        ("2021.11.3", "2021-11-03"),
        ("今天", "2021-11-20"),
        ("昨天", "2021-11-19"),
        ("前天", "2021-11-18"),
        ("明天", "2021-11-21"),
        ("月底", "2021-11-30"),
        ("上月底", "2021-10-31"),
        ("年底", "2021-12-31"),
        ("去年底", "2020-12-31"),
        ("月初", "2021-11-01"),
    ],
)
def test_a_day(typed: str, meant: str) -> None:
    with days.as_of(TODAY):
        assert Day("日期").parse(typed) == date.fromisoformat(meant)


@pytest.mark.parametrize("typed", ["3", "11.31", "13.1", "底", "今年月底", "上月年底", "202107", "某日", "2021", "0.3"])
def test_no_day(typed: str) -> None:
    with days.as_of(TODAY), pytest.raises(Refusal, match=typed):
        Day("日期").parse(typed)


@given(st.dates(date(1, 3, 1), date(9999, 10, 1)), st.dates(date(2000, 1, 1), date(2000, 12, 31)))
def test_a_day_without_its_year_is_the_latest_that_is_not_far_ahead(today: date, day: date) -> None:
    with days.as_of(today):
        found = days.typed_day(f"{day.month}.{day.day}")
    if found is None:
        assert today.year < 10  # before the calendar begins
        return
    assert (found.month, found.day) == (day.month, day.day)
    assert found <= today + timedelta(days=60)
    if (day.month, day.day) != (2, 29):
        assert found > today - timedelta(days=307)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7月", "2021-07"),
        ("12月", "2021-12"),
        ("2月", "2021-02"),
        ("1月", "2022-01"),
        ("202107", "2021-07"),
        ("上月", "2021-10"),
        ("本月", "2021-11"),
        ("下个月", "2021-12"),
        ("去年7月", "2020-07"),
        ("2021.7", "2021-07"),
    ],
)
def test_a_month(typed: str, meant: str) -> None:
    with days.as_of(TODAY):
        assert Month("月份").parse(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("11.3 14:30", (11, 3, 14, 30)),
        ("11.3 930", (11, 3, 9, 30)),
        ("1430", (11, 20, 14, 30)),
        ("14：05", (11, 20, 14, 5)),
        ("昨天 8时", (11, 19, 8, 0)),
        ("2021年7月5日14时30分", (7, 5, 14, 30)),
        ("20210705 1430", (7, 5, 14, 30)),
    ],
)
def test_a_moment(typed: str, meant: tuple[int, int, int, int]) -> None:
    with days.as_of(TODAY):
        assert Moment("时间").parse(typed) == datetime(2021, *meant)  # noqa: DTZ001


@pytest.mark.parametrize("typed", ["930", "2530", "11.3", "昨天下午", "11.3 24:00"])
def test_no_moment(typed: str) -> None:
    with days.as_of(TODAY), pytest.raises(Refusal, match=typed):
        Moment("时间").parse(typed)


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        (Whole("数", unit="件"), "5万件", 50_000),
        (Whole("数"), "１，２００", 1200),
        (Whole("数"), "1.5万", 15_000),
        (Whole("数"), "12.0", 12),
        (Number("数"), "3.2亿", Decimal(320_000_000)),
        (Number("数", unit="万元"), "5万元", Decimal(5)),
        (Number("数", unit="万元"), "5万", Decimal(5)),
        (Number("数", unit="万元"), "3.2亿", Decimal(32_000)),
        (Money("额"), "5万", 5_000_000),
        (Money("额"), "3.2亿", 32_000_000_000),
    ],
)
def test_numbers_with_wan_and_yi(kind: Kind[Any], typed: str, meant: Any) -> None:
    assert kind.parse(typed) == meant


@pytest.mark.parametrize("typed", ["万", "1.2.3万", "5万万", "0.00001万"])
def test_no_whole_number(typed: str) -> None:
    with pytest.raises(Refusal, match="要填整数"):
        Whole("数").parse(typed)
