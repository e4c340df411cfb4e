"""Which parts of an old paper became which parts of the new one: paragraphs, rows of tables, sentences.

Parts that are equal and stand once on either side hold the two papers together (as in a patience diff); between them parts
are paired in order by how alike they are, and by the record their words come from. What is left over was taken out or added.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

ALIKE = 0.4
"""Parts less alike than this (0 to 1) are not one part that was changed."""
SAME_RECORD = 0.35
"""What coming from one record adds."""
_BAND = 24
"""In long stretches a part is looked for this far from where it would stand if nothing had been moved."""
_WHOLE = 40_000
"""Pairs that are all looked at."""

Pairs = list[tuple[int | None, int | None]]
"""(place in the old, place in the new) in the order both are read; None where one has no counterpart."""


@dataclass(frozen=True)
class Part:
    """What is known of a part: ``key`` is equal for equal parts, ``words`` are compared, ``origin`` is the record they come
    from; parts of different ``sort`` never become each other. ``loose`` are its words but for its number (None: there are
    none): where one part is taken out, all behind it are numbered anew."""

    key: Hashable
    words: str
    origin: str = ""
    sort: Hashable = ""
    loose: str | None = None


def aligned(old: Sequence[Part], new: Sequence[Part]) -> Pairs:
    """Pairs of places in reading order; of what lies between two pairs the old comes first."""
    found: list[tuple[int, int]] = []
    _between(old, new, (0, len(old), 0, len(new)), found)
    pairs: Pairs = []
    i = j = 0
    for at, to in [*sorted(found), (len(old), len(new))]:
        pairs += [(k, None) for k in range(i, at)]
        pairs += [(None, k) for k in range(j, to)]
        if at < len(old) or to < len(new):
            pairs.append((at, to))
        i, j = at + 1, to + 1
    return pairs


def _between(
    old: Sequence[Part], new: Sequence[Part], within: tuple[int, int, int, int], found: list[tuple[int, int]]
) -> None:
    """Finds the pairs inside a stretch of both."""
    waiting = [within]
    while waiting:
        i, m, j, n = waiting.pop()
        while i < m and j < n and old[i].key == new[j].key:
            found.append((i, j))
            i, j = i + 1, j + 1
        while i < m and j < n and old[m - 1].key == new[n - 1].key:
            m, n = m - 1, n - 1
            found.append((m, n))
        if i == m or j == n:
            continue
        anchors = _anchors([p.key for p in old[i:m]], [p.key for p in new[j:n]])
        anchors = anchors or _anchors([_loose(p) for p in old[i:m]], [_loose(p) for p in new[j:n]])
        anchors = anchors or _by_record(old[i:m], new[j:n])
        if not anchors:
            found += _paired(old, new, (i, m, j, n))
            continue
        at, to = i, j
        for a, b in [*((i + a, j + b) for a, b in anchors), (m, n)]:
            if a > at or b > to:
                waiting.append((at, a, to, b))
            if a < m:
                found.append((a, b))
            at, to = a + 1, b + 1


def _loose(part: Part) -> Hashable:
    return None if part.loose is None else (part.sort, part.loose)


def _by_record(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[int, int]]:
    """Parts that are the only ones of their record on either side, if they are alike at all (rows of a ledger)."""
    found = _anchors(
        [(p.sort, p.origin) if p.origin else None for p in old], [(p.sort, p.origin) if p.origin else None for p in new]
    )
    return [(a, b) for a, b in found if _score(old[a], bigrams(old[a].words), new[b], bigrams(new[b].words))]


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The longest row of parts that stand once on either side, in the same order."""
    once, there = Counter(old), Counter(new)
    places = {key: at for at, key in enumerate(new) if there[key] == 1}
    pairs = [(at, places[key]) for at, key in enumerate(old) if once[key] == 1 and key in places and key is not None]
    return _growing(pairs)


def _growing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs (sorted by the first) whose seconds grow too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        place = bisect_left(tails, second)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1], ends[place : place + 1] = [second], [at]
    found = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _paired(old: Sequence[Part], new: Sequence[Part], within: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """The pairs in order that are most alike in sum (a table of the best sums, row by row)."""
    i, m, j, n = within
    high, wide = m - i, n - j
    band = max(high, wide) if high * wide <= _WHOLE else _BAND + abs(high - wide)
    grams = [bigrams(part.words) for part in new[j:n]]
    above = [0.0] * (wide + 1)
    took = [bytearray(wide + 1) for _ in range(high + 1)]
    for a in range(1, high + 1):
        part, mine = old[i + a - 1], bigrams(old[i + a - 1].words)
        row, choice = [0.0] * (wide + 1), took[a]
        middle = a * wide // high
        for b in range(max(1, middle - band), min(wide, middle + band) + 1):
            up, left = above[b], row[b - 1]
            row[b], choice[b] = (up, _UP) if up >= left else (left, _LEFT)
            score = _score(part, mine, new[j + b - 1], grams[b - 1])
            if score and above[b - 1] + score > row[b]:
                row[b], choice[b] = above[b - 1] + score, _BOTH
        above = row
    return [(i + a, j + b) for a, b in _traced(took, high, wide)]


_UP, _LEFT, _BOTH = 1, 2, 3


def _traced(took: Sequence[bytearray], high: int, wide: int) -> list[tuple[int, int]]:
    """The pairs on the way back through the choices; outside the band it leads to the band."""
    found = []
    a, b = high, wide
    while a and b:
        choice = took[a][b] or (_LEFT if b > a * wide // high else _UP)
        if choice == _BOTH:
            a, b = a - 1, b - 1
            found.append((a, b))
        elif choice == _UP:
            a -= 1
        else:
            b -= 1
    return found[::-1]


def _score(one: Part, mine: frozenset[str], other: Part, theirs: frozenset[str]) -> float:
    if one.sort != other.sort:
        return 0.0
    if one.key == other.key:
        return 1.5
    more = SAME_RECORD if one.origin and one.origin == other.origin else 0.0
    small, large = sorted((len(mine), len(theirs)))
    if 2 * small + more * (small + large) < ALIKE * (small + large):
        return 0.0
    score = likeness(mine, theirs) + more
    return score if score >= ALIKE else 0.0


def bigrams(words: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, and its characters where it is short."""
    pairs = {words[k : k + 2] for k in range(len(words) - 1)}
    return frozenset(pairs | set(words)) if len(words) < 12 else frozenset(pairs)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much two texts have in common, 0 to 1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0
