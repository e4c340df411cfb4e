"""One line of the measurement sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

SHOWN = 8
"""Places named in a finding; of more, only the number is told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was measured: its key and name, what the standard asks, what was found, the verdict and the places that fail."""

    key: str
    name: str
    bound: str
    value: str
    verdict: Literal["keeps", "fails", "idle"]
    places: tuple[str, ...] = ()


def judged(key: str, name: str, bound: str, value: str, places: Iterable[str]) -> Finding:
    """A finding that fails if it has places."""
    every = tuple(dict.fromkeys(places))
    more = (f"等共{len(every)}处",) if len(every) > SHOWN else ()
    return Finding(key, name, bound, value, "fails" if every else "keeps", every[:SHOWN] + more)


def idle(key: str, name: str, bound: str, why: str) -> Finding:
    """A rule that has nothing to apply to."""
    return Finding(key, name, bound, why, "idle")
