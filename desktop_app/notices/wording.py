"""What changed inside a paragraph: which words were taken out and which put in.

Sentences that stayed are found first, then words between them. A number is one word, and so is a Latin one; a Chinese
character is one, but where only a character or two stayed between two changes the whole is shown as one change: nobody reads
confetti. A change that could stand in several places is put where a sentence or clause begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple

from desktop_app.notices.tree import Change, Run

_WORD = re.compile(
    r"\d+(?:[.,，]\d+)*[%％‰]?|[A-Za-z]+|——|……|.[\ufe00-\ufe0f\U000e0100-\U000e01ef\u0300-\u036f]*", re.DOTALL
)
_ENDS = frozenset("。！？；\n")
_CLOSES = frozenset("”’）》〉】〕")
_CLAUSE = frozenset("，、：")
_MOST = 4_000_000
"""Pairs of words that are looked at in one stretch; a longer one is shown as wholly changed."""
_TINY = 2
"""Words that stayed alone between changes and are shown with them."""
_NEAR = 3
"""Changes of so few words on either side of one that stayed are one change."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word (or number, or character) and the runs it is printed in: mostly one, several where its face changes inside."""

    text: str
    pieces: tuple[Run, ...]


class Step(NamedTuple):
    """Words of the old (i to m) that became words of the new (j to n); where both are equal, ``same``."""

    same: bool
    i: int
    m: int
    j: int
    n: int


def words(runs: Iterable[Run]) -> list[Word]:
    """Runs taken apart into words."""
    listed = [run for run in runs if run.text]
    found: list[Word] = []
    at, gone = 0, 0  # the run under way, and how much of it is taken
    for text in _WORD.findall("".join(run.text for run in listed)):
        pieces, left = [], text
        while left:
            piece = left[: len(listed[at].text) - gone]
            pieces.append(replace(listed[at], text=piece))
            left, gone = left[len(piece) :], gone + len(piece)
            if gone == len(listed[at].text):
                at, gone = at + 1, 0
        found.append(Word(text, tuple(pieces)))
    return found


def runs(found: Iterable[tuple[Word, Change]]) -> tuple[Run, ...]:
    """Words with what became of them, joined to runs; what changed is red."""
    made: list[Run] = []
    for word, change in found:
        for piece in word.pieces:
            run = replace(piece, change=change, colour="red") if change else piece
            if made and replace(made[-1], text=run.text) == run:
                made[-1] = replace(run, text=made[-1].text + run.text)
            else:
                made.append(run)
    return tuple(made)


def changed(old: Sequence[Run], new: Sequence[Run]) -> tuple[Run, ...]:
    """The runs of a paragraph with what became of its words; as the new one has them where no word changed."""
    before, after = words(old), words(new)
    if [word.text for word in before] == [word.text for word in after]:
        return tuple(new)
    return runs(marked(before, after))


def marked(old: Sequence[Word], new: Sequence[Word]) -> list[tuple[Word, Change]]:
    """The words of both in reading order, each with what became of it; what stayed is printed as in the new."""
    found: list[tuple[Word, Change]] = []
    for step in steps([w.text for w in old], [w.text for w in new]):
        if step.same:
            found += [(word, "") for word in new[step.j : step.n]]
        else:
            found += [(word, "removed") for word in old[step.i : step.m]]
            found += [(word, "added") for word in new[step.j : step.n]]
    return found


def steps(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    """How the old words became the new ones: stretches that stayed and changes by turns."""
    raw: list[Step] = []
    before, after = sentences(old), sentences(new)
    matcher = SequenceMatcher(
        None, [tuple(old[a:b]) for a, b in before], [tuple(new[a:b]) for a, b in after], autojunk=False
    )
    for tag, i, m, j, n in matcher.get_opcodes():
        at, to = _edge(before, i, len(old)), _edge(before, m, len(old))
        start, end = _edge(after, j, len(new)), _edge(after, n, len(new))
        if tag == "equal":
            raw.append(Step(True, at, to, start, end))
        else:
            raw += _inside(old, new, Step(False, at, to, start, end))
    return _slid(old, new, _joined(_without_islands(old, _joined(raw))))


def _edge(found: Sequence[tuple[int, int]], at: int, end: int) -> int:
    return found[at][0] if at < len(found) else end


def sentences(text: Sequence[str]) -> list[tuple[int, int]]:
    """(first, last + 1) of each sentence, its end and the brackets that close behind it included."""
    found, start, ended = [], 0, False
    for at, word in enumerate(text):
        if ended and word not in _CLOSES and word not in _ENDS:
            found.append((start, at))
            start = at
            ended = False
        ended = ended or word in _ENDS
    if start < len(text):
        found.append((start, len(text)))
    return found


def _inside(old: Sequence[str], new: Sequence[str], gap: Step) -> Iterator[Step]:
    """The changes inside a stretch of sentences that changed."""
    _, i, m, j, n = gap
    while i < m and j < n and old[i] == new[j]:
        i, j = i + 1, j + 1
    yield Step(True, gap.i, i, gap.j, j)
    end, to = m, n
    while end > i and to > j and old[end - 1] == new[to - 1]:
        end, to = end - 1, to - 1
    if (end - i) * (to - j) > _MOST or i == end or j == to:
        yield Step(False, i, end, j, to)
    else:
        matcher = SequenceMatcher(None, old[i:end], new[j:to], autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            yield Step(tag == "equal", i + a, i + b, j + c, j + d)
    yield Step(True, end, m, to, n)


def _joined(raw: Iterable[Step]) -> list[Step]:
    """Neighbouring steps of one sort as one; empty ones left out."""
    found: list[Step] = []
    for step in raw:
        if step.i == step.m and step.j == step.n:
            continue
        if found and found[-1].same == step.same:
            found[-1] = Step(step.same, found[-1].i, step.m, found[-1].j, step.n)
        else:
            found.append(step)
    return found


def _without_islands(old: Sequence[str], found: list[Step]) -> list[Step]:
    """Shows a few words that stayed between two changes as changed with them: as long as there are such, the smallest first."""
    found = [*found]
    while True:
        islands = [
            at
            for at in range(1, len(found) - 1)
            if found[at].same and _tiny(old, found[at], found[at - 1], found[at + 1])
        ]
        if not islands:
            return found
        at = min(islands, key=lambda k: (found[k].m - found[k].i, k))
        first, last = found[at - 1], found[at + 1]
        found[at - 1 : at + 2] = [Step(False, first.i, last.m, first.j, last.n)]


def _tiny(old: Sequence[str], island: Step, before: Step, after: Step) -> bool:
    """Whether what stayed tells less than what changed on either side of it."""
    weight = sum(_weight(word) for word in old[island.i : island.m])
    around = [max(step.m - step.i, step.n - step.j) for step in (before, after)]
    if weight > _TINY:
        return weight < min(around) / 2
    replaced = any(step.i < step.m and step.j < step.n for step in (before, after))
    return weight < min(around) or (weight <= 1 and replaced and max(around) <= _NEAR)


def _weight(word: str) -> int:
    """How much a word that stayed tells: a mark nothing, a number or Latin word as much as its signs."""
    if not word[0].isalnum():
        return 0
    return len(word) if word.isascii() else 1


def _slid(old: Sequence[str], new: Sequence[str], found: Sequence[Step]) -> list[Step]:
    """Puts words that were only added or only taken out where a sentence or clause begins, if they could stand there."""
    made = [*found]
    for at in range(1, len(made) - 1):
        before, step, after = made[at - 1 : at + 2]
        if step.same or not (before.same and after.same) or (step.i < step.m and step.j < step.n):
            continue
        text, start, end = (new, step.j, step.n) if step.i == step.m else (old, step.i, step.m)
        back = 0
        while back < before.m - before.i and text[start - back - 1] == text[end - back - 1]:
            back += 1
        ahead = 0
        while ahead < after.m - after.i and text[start + ahead] == text[end + ahead]:
            ahead += 1
        if not back and not ahead:
            continue
        by = max(range(-back, ahead + 1), key=lambda k: (_beginning(text, start + k, end + k), -abs(k)))
        made[at - 1] = before._replace(m=before.m + by, n=before.n + by)
        made[at] = Step(False, step.i + by, step.m + by, step.j + by, step.n + by)
        made[at + 1] = after._replace(i=after.i + by, j=after.j + by)
    return _joined(made)


def _beginning(text: Sequence[str], start: int, end: int) -> int:
    """How well a change reads that begins and ends at these places."""
    left = text[start - 1] if start else "\n"
    last = text[end - 1]
    score = 4 if left in _ENDS else 2 if left in _CLAUSE or left in _CLOSES else 0
    return score + (3 if last in _ENDS else 2 if last in _CLAUSE else 0)
