"""How the names of categories stand below a chart: in a line, in several, the year said once, or every few."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.notices.charting.canvas import LEAST, SMALL, Measure, cut

_YEARED = re.compile(r"(\d{4}年)(.+)")
_ORDERED = re.compile(r"\d.*[年月日周季]|[上下]半年|[一二三四]季度|第.+周|\d{4}-\d\d|^\d+$")
_WORDS = re.compile(r"[A-Za-z0-9.%-]+|.")
_SIZES = (SMALL, 8.0, 7.5, LEAST)
_LINES = 3
_GAP = 3.0
"""What two names keep apart."""
PITCH = 1.2
"""Lines of a name, as a share of their size."""


@dataclass(frozen=True, slots=True)
class Named:
    """The lines of each name (none for one that is left out), and their size."""

    lines: tuple[tuple[str, ...], ...]
    size: float

    @property
    def height(self) -> float:
        """Of the deepest name."""
        return max((len(one) for one in self.lines), default=0) * self.size * PITCH


def ordered(names: Sequence[str]) -> bool:
    """Whether names follow each other in time or by number, so that every second one may be left out."""
    return bool(names) and sum(bool(_ORDERED.search(name)) for name in names) >= 0.8 * len(names)


def below(names: Sequence[str], slot: float, measure: Measure) -> Named | None:
    """Names centred in slots of this width; None when they can be told neither in full nor with every few left out."""
    room = slot - _GAP
    for size in _SIZES[:3]:
        if all(measure(name, size) <= room for name in names):
            return Named(tuple((name,) for name in names), size)
    years = _by_year(names)
    for size in _SIZES if years else ():
        if all(measure(lines[0], size) <= room for lines in years) and _years_fit(years, slot, size, measure):
            return Named(years, size)
    for size in _SIZES[:3]:
        found = tuple(wrapped(name, room, size, measure) for name in names)
        if all(one and len(one) <= _LINES and _fair(one) for one in found):
            return Named(found, size)
    return every_few(names, slot, measure) if ordered(names) else None


def every_few(names: Sequence[str], slot: float, measure: Measure) -> Named:
    """The first name and every second, third … one, so that none touches the next."""
    size = 8.0
    for step in range(1, len(names) + 1):
        kept = tuple(names[::step])
        for lines in (tuple((name,) for name in kept), _by_year(kept)):
            fits = bool(lines) and all(measure(line[0], size) + _GAP <= step * slot for line in lines)
            if fits and _years_fit(lines, step * slot, size, measure):
                return Named(tuple(lines[at // step] if at % step == 0 else () for at in range(len(names))), size)
    return Named(tuple((cut(name, slot, size, measure),) if at == 0 else () for at, name in enumerate(names)), size)


def _by_year(names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """2025年1月, 2025年2月 … → 1月 over 2025年, 2月 …; () where not all begin with a year."""
    found: list[tuple[str, ...]] = []
    last = ""
    for name in names:
        parts = _YEARED.fullmatch(name)
        if parts is None:
            return ()
        found.append((parts[2],) if parts[1] == last else (parts[2], parts[1]))
        last = parts[1]
    return tuple(found)


def _years_fit(names: Sequence[tuple[str, ...]], slot: float, size: float, measure: Measure) -> bool:
    places = [at for at, name in enumerate(names) if len(name) > 1]
    return all((b - a) * slot >= measure("2025年", size) + _GAP for a, b in itertools.pairwise(places))


def wrapped(name: str, width: float, size: float, measure: Measure) -> tuple[str, ...]:
    """A name in lines of this width, Latin words and numbers whole, lines as even as they can be; () when a word is wider."""
    least = max(1, int(-(-measure(name, size) // max(width, 0.1))))
    for count in range(least, least + 2):
        even = max(measure(name, size) / count + size * 0.6, size)
        found = _greedy(name, min(width, even), size, measure)
        if found and len(found) <= count:
            return found
    return _greedy(name, width, size, measure)


def _greedy(name: str, width: float, size: float, measure: Measure) -> tuple[str, ...]:
    lines, line = [], ""
    for word in _WORDS.findall(name):
        if measure(word, size) > width:
            return ()
        if line and measure(line + word, size) > width and word not in "）】》，、。：":
            lines.append(line)
            line = ""
        line += word
    return (*lines, line) if line else tuple(lines)


def _fair(lines: Sequence[str]) -> bool:
    """Whether a name is no ladder of single characters."""
    return len(lines) == 1 or all(len(line) > 1 for line in lines[:-1])


def beside(name: str, width: float, height: float, size: float, measure: Measure) -> tuple[str, ...]:
    """A name left of a bar, in one line, in two where they have room, else cut."""
    if measure(name, size) <= width:
        return (name,)
    if height >= 2 * size * PITCH:
        lines = wrapped(name, width, size, measure)
        if lines and len(lines) <= 2:
            return lines
        head = cut(name, width, size, measure).removesuffix("…")
        return (head, cut(name[len(head) :], width, size, measure)) if head else (cut(name, width, size, measure),)
    return (cut(name, width, size, measure),)
