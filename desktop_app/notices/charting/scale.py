"""The scale of values: round ticks, and figures as they are written beside a chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SCALED = {"万": 10_000, "亿": 100_000_000}
_LEAST_SPAN = 0.3
"""Of a scale without zero: the share of its greatest value that it spans at least."""
_LARGE = 100_000
"""From here on figures are told in 万."""
_PLAIN = ("%", "‰", "百分点", "万", "亿", "/")
"""Units that are not told in 万."""


@dataclass(frozen=True, slots=True)
class Scale:
    """``ticks`` from the lowest to the highest; ``by`` is what every figure is divided by when it is written, ``unit`` the unit
    then, ``places`` the decimals of the ticks, ``digits`` those of the values: as many as the longest has, at most two."""

    ticks: tuple[float, ...]
    by: int
    unit: str
    places: int
    digits: int

    def share(self, value: float) -> float:
        """How far up a value stands: 0 at the lowest tick, 1 at the highest."""
        low, high = self.ticks[0], self.ticks[-1]
        return (value - low) / (high - low)

    def tick(self, value: float) -> str:
        """A tick in figures."""
        return _signed(f"{value / self.by + 0.0:.{self.places}f}")

    def told(self, value: float) -> str:
        """A value in figures."""
        scaled = value / self.by
        words = f"{scaled:.{self.digits}f}" if abs(scaled) < 1e12 else f"{scaled:.3g}"
        return _signed(words if scaled == 0 or float(words) else f"{scaled:.2g}")


def _signed(words: str) -> str:
    """A figure; no minus zero."""
    return words.removeprefix("-") if not words.strip("-0.") else words


def there(values: Iterable[float | None]) -> list[float]:
    """The values that are there."""
    return [value for value in values if value is not None and isfinite(value)]


def scale(values: Sequence[float], unit: str, most: int, *, zero: bool = True) -> Scale:
    """Round ticks that hold all values, at most about ``most`` intervals; ``zero`` keeps the zero among them."""
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    if zero or low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    else:  # small changes stay small, and no value lies on the lower edge
        room = max(0.15 * (high - low), _LEAST_SPAN * max(abs(low), abs(high)) - (high - low))
        low -= room
    whole = all(value == int(value) for value in values)
    if low == high:
        high = 1.0
    step = _step(high - low, max(most, 1), whole=whole)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = tuple(k * step for k in range(first, max(last, first + 1) + 1))
    by, prefix = _divisor(max(abs(low), abs(high)), unit)
    digits = max((_places(round(value / by, 2)) for value in values), default=0)
    return Scale(ticks, by, f"{prefix}{unit}", _places(step / by), digits)


def _step(span: float, most: int, *, whole: bool) -> float:
    rough = span / most
    power = 10.0 ** floor(log10(rough))
    steps = [one * power for one in _STEPS if one * power >= rough * (1 - 1e-9)]
    if whole:
        steps = [one for one in (*steps, 10 * power, 20 * power) if one >= 1 and abs(one - round(one)) < 1e-9] or [1.0]
    return steps[0]


def _divisor(greatest: float, unit: str) -> tuple[int, str]:
    if greatest < _LARGE or any(word in unit for word in _PLAIN):
        return 1, ""
    return (_SCALED["亿"], "亿") if greatest >= 10 * _SCALED["亿"] else (_SCALED["万"], "万")


def _places(step: float) -> int:
    """Decimals a step needs: 0.25 two."""
    return next((places for places in range(7) if abs(step * 10**places - round(step * 10**places)) < 1e-6), 6)


def shares(values: Sequence[float]) -> list[float]:
    """Per cent of the sum to one decimal, rounded so that they add up to 100 (the largest remainders go up)."""
    total = sum(values)
    exact = [value / total * 1000 for value in values] if total else [0.0 for _ in values]
    found = [floor(one + 1e-9) for one in exact]
    missing = round(sum(exact)) - sum(found)
    for at in sorted(range(len(exact)), key=lambda k: found[k] - exact[k])[: max(missing, 0)]:
        found[at] += 1
    return [one / 10 for one in found]
