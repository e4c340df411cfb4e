"""The day a wording of a deadline means: the same for the form (read_deadline) and for intake (deadlines)."""

from __future__ import annotations

from datetime import date

import pytest

from db.schema.wording import Reading, read_deadline
from desktop_app.intake.deadlines import deadlines, principal
from desktop_app.intake.flow import flow
from desktop_app.intake.source import Source

ISSUED = date(2021, 11, 3)

WORDINGS = [
    ("预计2021年12月底前", date(2021, 12, 31), "expected"),
    ("2022年2月底", date(2022, 2, 28), ""),
    ("争取于年底前", date(2021, 12, 31), "strive"),
    ("至今年年底", date(2021, 12, 31), "until"),
    ("明年上半年", date(2022, 6, 30), ""),
    ("2022年一季度", date(2022, 3, 31), ""),
    ("2022年第三季度末前", date(2022, 9, 30), "before"),
    ("2022年3季度末", date(2022, 9, 30), ""),
    ("2022年3月前", date(2022, 2, 28), "before"),
    ("二〇二二年十二月三十一日前", date(2022, 12, 31), "before"),
    ("十二月底前", date(2021, 12, 31), "before"),
    ("本月底前", date(2021, 11, 30), "before"),
    ("下月底前", date(2021, 12, 31), "before"),
    ("2022年5月中旬", date(2022, 5, 20), ""),
    ("力争年内", date(2021, 12, 31), "strive"),
    ("长期坚持", None, "kept_up"),
]


@pytest.mark.parametrize(("words", "day", "strength"), WORDINGS, ids=[w for w, _, _ in WORDINGS])
def test_the_form_and_intake_reckon_alike(words: str, day: date | None, strength: str) -> None:
    assert read_deadline(words, issued=ISSUED) == Reading(day, strength)
    joined, _ = flow(Source("x.txt", "txt", words))
    found = principal(deadlines(joined, 0, len(joined.text), ISSUED, ongoing=True, labelled=True))
    assert found is not None
    assert (found.day, found.strength) == (day, strength)


@pytest.mark.parametrize("words", ["今年年底", "12月底前", "本月底", "下半年"])
def test_a_relative_wording_has_no_day_without_its_base(words: str) -> None:
    assert read_deadline(words).day is None


def test_a_month_of_the_day_of_issue_needs_that_day() -> None:
    assert read_deadline("年底前", 2021).day == date(2021, 12, 31)
    assert read_deadline("下月底前", 2021).day is None


@pytest.mark.parametrize("words", ["2021年", "2021年13月底", "2021年2月30日", "改天", "自2021年8月30日起"])
def test_what_sets_no_limit_has_no_day(words: str) -> None:
    assert read_deadline(words, 2021).day is None
