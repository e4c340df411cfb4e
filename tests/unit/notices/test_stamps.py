"""Codes: what they hold comes back, what is typed wrongly is noticed, one wrong sign is told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from desktop_app.notices import stamps

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
made = st.builds(
    stamps.Stamp,
    st.integers(stamps.FIRST_YEAR, stamps.LAST_YEAR),
    st.integers(0, 9999),
    st.integers(0, 2**60 - 1),
    st.integers(0, 2**39 - 1),
)


@given(made)
def test_what_a_code_holds_comes_back(one: stamps.Stamp) -> None:
    code = stamps.written(one)
    assert re.fullmatch(rf"ZGT1(-[{SIGNS}]{{6}}){{4}}-[{SIGNS}]{{3}}", code)
    assert len(code) <= 40
    assert stamps.read(code) == one
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l").replace("v", "u")
    assert stamps.read(sloppy) == one
    assert stamps.found(f"某公党〔2021〕8号 {code}；台账") == code


@given(made, st.data())
def test_up_to_three_wrong_signs_are_noticed(one: stamps.Stamp, data: st.DataObject) -> None:
    code = stamps.written(one)
    places = [at for at, sign in enumerate(code) if at > 4 and sign != "-"]
    wrong = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3, unique=True))
    signs = list(code)
    for at in wrong:
        signs[at] = data.draw(st.sampled_from([sign for sign in SIGNS if sign != code[at]]))
    with pytest.raises(Refusal) as refused:
        stamps.read("".join(signs))
    assert stamps.found("".join(signs)) is None
    if len(wrong) == 1:
        assert code in refused.value.advice
        assert f"第 {places.index(wrong[0]) + 1} 个" in refused.value.sentence


@given(made, st.integers(0, 25))
def test_signs_that_changed_places_are_noticed(one: stamps.Stamp, at: int) -> None:
    body = stamps.written(one).replace("-", "")[4:]
    swapped = body[:at] + body[at + 1] + body[at] + body[at + 2 :]
    if swapped != body:
        with pytest.raises(Refusal):
            stamps.read(f"ZGT1{swapped}")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "不是印发码"), ("某公党〔2021〕8号", "不是印发码"), ("ZGT1-123", "现在有 3 个"), ("ZGT2-1", "不是印发码")],
)
def test_what_is_no_code_is_said(typed: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        stamps.read(typed)


def test_a_code_fits_the_hashes_it_was_made_of() -> None:
    digest, head = "0123456789abcdef" * 4, "fedcba9876543210" * 4
    one = stamps.stamp(2021, 8, digest, head)
    assert one.fits(digest, head) == (True, True)
    assert one.fits(head, digest) == (False, False)
    assert stamps.read(stamps.written(one)) == one
    with pytest.raises(Refusal, match="1999"):
        stamps.stamp(1999, 1, digest, head)
