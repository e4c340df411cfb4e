"""What printed rates imply."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.schema.definition.indicators import rounded
from desktop_app.rectification.reckoning.derived import agrees, implied, implied_now, impossible, said


@pytest.mark.parametrize(
    ("numerator", "percent", "found"),
    [
        (286, "51.5%", [555]),
        (8, "88.9", [9]),
        (84, "100%", [84]),
        (2, "51.5%", []),
        (3, "0%", []),
        (0, "51.5%", []),
        (1, "0.0001", []),
        (5, "几成", []),
    ],
)
def test_denominators(numerator: int, percent: str, found: list[int]) -> None:
    assert implied(numerator, percent) == found


def test_what_no_denominator_gives_is_told_from_what_too_many_give() -> None:
    assert impossible(2, "51.5")
    assert not impossible(286, "51.5")
    assert not impossible(1, "0.0001")
    assert not impossible(3, "0")


@pytest.mark.parametrize(
    ("base", "change", "found"),
    [
        (5, "-60%", [2]),
        (6, "-66.6%", [2]),
        (6, "-66.7", [2]),
        (6, "-66.5", []),
        (4, "25", [5]),
        (5, "-100", [0]),
        (0, "5", []),
    ],
)
def test_present_numbers(base: int, change: str, found: list[int]) -> None:
    assert implied_now(base, change) == found


@pytest.mark.parametrize(
    ("parts", "rate", "right"),
    [
        ((2, 5), "40", True),
        ((-3, 5), "-60", True),
        ((-4, 6), "-66.6", True),
        ((-4, 6), "-66.7", True),
        ((-4, 6), "-66.65", False),
        ((286, 555), "51.5", True),
        ((286, 560), "51.5", False),
        ((1, 0), "100", False),
    ],
)
def test_agreement_is_rounded_or_cut(parts: tuple[int, int], rate: str, right: bool) -> None:
    assert agrees(*parts, Decimal(rate)) is right


def test_the_digits_may_be_said() -> None:
    assert agrees(1, 2, Decimal(50), places=1)
    assert not agrees(286, 555, Decimal(51), places=1)
    assert agrees(1, 8, Decimal("0.125"), times=1)


def test_words() -> None:
    assert said([555]) == "555"
    assert said([66, 67]) == "66、67"
    assert said([66, 67, 68]) == "66 至 68"
    assert said([66, 68, 70]) == "66、68、70"


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 3), st.sampled_from(["half_up", "down"]))
def test_what_was_printed_implies_what_it_was_printed_from(
    numerator: int, denominator: int, places: int, how: str
) -> None:
    exact = Decimal(numerator) * 100 / Decimal(denominator)
    printed = rounded(exact, places, how)
    assert agrees(numerator, denominator, printed)
    found = implied(numerator, f"{printed}%")
    assert not found or denominator in found
    assert not impossible(numerator, f"{printed}%")
