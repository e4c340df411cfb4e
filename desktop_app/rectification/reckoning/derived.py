"""What a printed rate says of its parts: denominators it implies, and whether numerator, denominator and rate agree.

Papers round and cut: 66.67 is printed as 66.7 and as 66.6. Both count as right, and nothing else does.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from db.schema.typed import read_decimal

_DIGITS = 100
"""Precision of the reckoning: figures have up to 27 digits, their quotients many more."""
MOST = 1_000
"""A rate that fits more denominators than these says nothing of them."""


def _step(printed: Decimal, places: int | None) -> Decimal:
    """The worth of the last printed digit."""
    if places is not None:
        return Decimal(1).scaleb(-places)
    exponent = printed.as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)


def as_printed(exact: Decimal, printed: Decimal, places: int | None = None) -> bool:
    """Whether a printed number is the exact one rounded or cut; to its own digits, or to so many ``places``."""
    step = _step(printed, places)
    with localcontext(prec=_DIGITS):
        return printed in (exact.quantize(step, ROUND_HALF_UP), exact.quantize(step, ROUND_DOWN))


def agrees(
    numerator: Decimal | int, denominator: Decimal | int, rate: Decimal, places: int | None = None, times: int = 100
) -> bool:
    """Whether a rate (times 100: in per cent) is this quotient within its last printed digit; a nought denominator never agrees."""
    if not denominator:
        return False
    with localcontext(prec=_DIGITS):
        return as_printed(Decimal(numerator) * times / Decimal(denominator), rate, places)


def implied(numerator: int, percent: str, *, times: int = 100) -> list[int]:
    """The denominators that give a rate as it is printed (286 at "51.5%" → [555]); [] when none does, or far too many."""
    return _denominators(numerator, percent, times) or []


def impossible(numerator: int, percent: str, *, times: int = 100) -> bool:
    """Whether no whole denominator gives this rate (2 at "51.5%")."""
    return _denominators(numerator, percent, times) == []


def _denominators(numerator: int, percent: str, times: int) -> list[int] | None:
    """None where a rate says nothing of its denominator."""
    printed = _printed(percent)
    if printed is None or printed <= 0 or numerator <= 0:
        return None
    step = _step(printed, None)
    # rounded: printed - step/2 <= n/d < printed + step/2; cut: printed <= n/d < printed + step
    least, below = Fraction(printed) - Fraction(step) / 2, Fraction(printed) + Fraction(step)
    whole = Fraction(numerator) * times
    first, last = _floor(whole / below), _floor(whole / least) + 1
    if last - first > MOST:
        return None
    return [d for d in range(max(first, 1), last + 1) if agrees(numerator, d, printed, times=times)]


def implied_now(base: int, change: str) -> list[int]:
    """The present numbers that give a printed change against a base (5 at "-60%" → [2]); [] when it says nothing of them."""
    printed = _printed(change)
    if printed is None or base <= 0:
        return []
    step = Fraction(_step(printed, None))
    ends = [Fraction(base) * (100 + Fraction(printed) + side * step) / 100 for side in (-1, 1)]
    first, last = max(_floor(ends[0]), 0), _floor(ends[1]) + 1
    if last - first > MOST:
        return []
    return [now for now in range(first, last + 1) if agrees(now - base, base, printed)]


def said(denominators: list[int]) -> str:
    """Denominators in words: 555, or 66 至 67."""
    if len(denominators) > 2 and denominators[-1] - denominators[0] == len(denominators) - 1:
        return f"{denominators[0]} 至 {denominators[-1]}"
    return "、".join(str(one) for one in denominators)


def _printed(text: str) -> Decimal | None:
    return read_decimal(text.strip().removesuffix("%").removesuffix("％"))


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
