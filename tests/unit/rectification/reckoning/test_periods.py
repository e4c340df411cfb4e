"""Periods in words, and what they are compared with."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from db.errors import Refusal
from db.schema.composite import Span
from desktop_app.rectification.reckoning import periods
from desktop_app.rectification.reckoning.periods import base, each, span

AS_OF = date(2021, 10, 15)
NAMED = {"教育整顿期间": Span(date(2021, 2, 27), date(2021, 6, 30))}


def ends(words: str, as_of: date = AS_OF) -> str:
    found = span(words, as_of, NAMED)
    return f"{found.start or ''}..{found.end or ''}"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("今年以来", "2021-01-01..2021-10-15"),
        ("本年", "2021-01-01..2021-12-31"),
        ("上半年", "2021-01-01..2021-06-30"),
        ("2020年下半年", "2020-07-01..2020-12-31"),
        ("去年", "2020-01-01..2020-12-31"),
        ("去年同期", "2020-01-01..2020-10-15"),
        ("前年同期", "2019-01-01..2019-10-15"),
        ("近两年", "2019-10-16..2021-10-15"),
        ("近2年", "2019-10-16..2021-10-15"),
        ("近3个月", "2021-07-16..2021-10-15"),
        ("近十天", "2021-10-06..2021-10-15"),
        ("本月", "2021-10-01..2021-10-31"),
        ("上月", "2021-09-01..2021-09-30"),
        ("本季度", "2021-10-01..2021-12-31"),
        ("上季度", "2021-07-01..2021-09-30"),
        ("二季度", "2021-04-01..2021-06-30"),
        ("2021年第2季度", "2021-04-01..2021-06-30"),
        ("7月", "2021-07-01..2021-07-31"),
        ("七月份", "2021-07-01..2021-07-31"),
        ("12月", "2020-12-01..2020-12-31"),
        ("去年12月", "2020-12-01..2020-12-31"),
        ("今年12月", "2021-12-01..2021-12-31"),
        ("2021年7月", "2021-07-01..2021-07-31"),
        ("2021年", "2021-01-01..2021-12-31"),
        ("6月以来", "2021-06-01..2021-10-15"),
        ("11月以来", "2020-11-01..2021-10-15"),
        ("2018年以来", "2018-01-01..2021-10-15"),
        ("2021年3月至今", "2021-03-01..2021-10-15"),
        ("自2021年8月30日起", "2021-08-30..2021-10-15"),
        ("自8月30日起", "2021-08-30..2021-10-15"),
        ("12月1日以来", "2020-12-01..2021-10-15"),
        ("自2021-08-30起", "2021-08-30..2021-10-15"),
        ("4至6月", "2021-04-01..2021-06-30"),
        ("4—6月", "2021-04-01..2021-06-30"),
        ("2020年11月至2月", "2020-11-01..2021-02-28"),
        ("2021年4月至2021年6月", "2021-04-01..2021-06-30"),
        ("2021-01-01至2021-06-30", "2021-01-01..2021-06-30"),
        ("2021年7月5日", "2021-07-05..2021-07-05"),
        ("截至目前", "..2021-10-15"),
        ("截至6月底", "..2021-06-30"),
        ("截至2021年6月30日", "..2021-06-30"),
        ("全部", ".."),
        ("教育整顿期间", "2021-02-27..2021-06-30"),
        (" 今年 以来 ", "2021-01-01..2021-10-15"),
        ("２０２１年", "2021-01-01..2021-12-31"),
    ],
)
def test_words_are_days(words: str, found: str) -> None:
    assert ends(words) == found
    assert span(words, AS_OF, NAMED).wording


@pytest.mark.parametrize("words", periods.KNOWN)
def test_all_that_a_clerk_is_told_to_write_is_read(words: str) -> None:
    assert span(words, AS_OF).wording == words


@pytest.mark.parametrize(
    "words",
    [
        "",
        "不久以前",
        "13月",
        "0月",
        "2021年13月",
        "近月",
        "至",
        "二〇二一",
        "2月30日起",
        "2021-06-30至2021-01-01",
        "至" * 70,
        "0000年",
    ],
)
def test_what_is_no_period_is_refused(words: str) -> None:
    with pytest.raises(Refusal, match="不知道期间") as refused:
        span(words, AS_OF)
    assert "今年以来" in refused.value.advice


def test_leap_days_and_the_ends_of_months() -> None:
    assert ends("近1年", date(2020, 2, 29)) == "2019-03-01..2020-02-29"
    assert ends("去年同期", date(2020, 2, 29)) == "2019-01-01..2019-02-28"
    assert ends("去年同期", date(2021, 2, 28)) == "2020-01-01..2020-02-29"
    assert ends("近1个月", date(2021, 3, 31)) == "2021-03-01..2021-03-31"
    assert ends("上月", date(2021, 1, 31)) == "2020-12-01..2020-12-31"
    assert ends("上季度", date(2021, 2, 1)) == "2020-10-01..2020-12-31"


def days(start: str, end: str) -> Span:
    return Span(date.fromisoformat(start) if start else None, date.fromisoformat(end))


@pytest.mark.parametrize(
    ("start", "end", "against", "found"),
    [
        ("2021-07-01", "2021-07-31", "previous", "2021-06-01..2021-06-30"),
        ("2021-03-01", "2021-03-31", "previous", "2021-02-01..2021-02-28"),
        ("2021-04-01", "2021-06-30", "previous", "2021-01-01..2021-03-31"),
        ("2021-01-01", "2021-12-31", "previous", "2020-01-01..2020-12-31"),
        ("2021-07-16", "2021-10-15", "previous", "2021-04-16..2021-07-15"),
        ("2021-07-05", "2021-07-11", "previous", "2021-06-28..2021-07-04"),
        ("2021-07-01", "2021-07-31", "same_last_year", "2020-07-01..2020-07-31"),
        ("2021-02-01", "2021-02-28", "same_last_year", "2020-02-01..2020-02-29"),
        ("2020-02-01", "2020-02-29", "same_last_year", "2019-02-01..2019-02-28"),
        ("2020-02-29", "2020-02-29", "same_last_year", "2019-02-28..2019-02-28"),
        ("2021-01-01", "2021-10-15", "same_before_last", "2019-01-01..2019-10-15"),
        ("2021-01-01", "2021-10-15", "last_year", "2020-01-01..2020-12-31"),
        ("", "2021-10-15", "same_last_year", "..2020-10-15"),
        ("", "2021-10-15", "previous", "None"),
        ("0001-01-01", "0001-12-31", "same_last_year", "None"),
    ],
)
def test_the_period_before(start: str, end: str, against: str, found: str) -> None:
    other = base(days(start, end), against)
    assert (f"{other.start or ''}..{other.end}" if other else "None") == found


def test_an_open_period_has_none_before_it() -> None:
    assert base(Span(date(2021, 1, 1), None), "previous") is None


@pytest.mark.parametrize(
    ("every", "count", "last"),
    [
        ("day", 365, "2021-12-31"),
        ("week", 53, "2021-12-27起一周"),
        ("month", 12, "2021年12月"),
        ("quarter", 4, "2021年第四季度"),
        ("half_year", 2, "2021年下半年"),
        ("year", 1, "2021年"),
    ],
)
def test_the_calendar_in_pieces(every: str, count: int, last: str) -> None:
    found = list(each(date(2021, 1, 1), date(2021, 12, 31), every))
    assert len(found) == count
    assert found[-1].wording == last
    for one, other in itertools.pairwise(found):
        assert one.end is not None
        assert other.start is not None
        assert (other.start - one.end).days == 1


def test_the_end_of_the_calendar_ends_the_pieces() -> None:
    assert len(list(each(date(9999, 11, 1), date(9999, 12, 31), "month"))) == 2
