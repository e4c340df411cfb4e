"""Timing: medians of repeated runs, and ratios with a bound."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """What was measured beside what it is measured by, both in seconds, and the bound it must keep.

    ``extra`` bounds the difference in seconds instead of the quotient. ``unit`` is another one than seconds, for show.
    """

    name: str
    ours: float
    floor: float
    bound: float
    extra: bool = False
    unit: str = "s"

    @property
    def found(self) -> float:
        """The quotient, or the difference in seconds."""
        return self.ours - self.floor if self.extra else self.ours / self.floor

    @property
    def kept(self) -> bool:
        """Whether the bound is kept."""
        return self.found <= self.bound

    def __str__(self) -> str:
        sign, unit = ("+", " s") if self.extra else ("", " ×")
        verdict = "ok" if self.kept else "MISSED"
        return (
            f"{self.name:<44} {self._told(self.ours):>10}  against {self._told(self.floor):>10}"
            f"  {sign}{self.found:.2f}{unit} (at most {self.bound:g}{unit})  {verdict}"
        )

    def _told(self, value: float) -> str:
        return _time(value) if self.unit == "s" else f"{value:.2f} {self.unit}"


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


def timed(work: Callable[[], object]) -> float:
    """Seconds one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_turn(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The median seconds of each work, all taken in turn so that a busy machine slows them alike."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, taken, strict=True):
            times.append(timed(work))
    return [statistics.median(times) for times in taken]
