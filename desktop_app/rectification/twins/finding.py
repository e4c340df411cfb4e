"""Likely pairs among the records of one schema, by looking up what their names have in common.

Each record is put under the forms of its names, and those that meet are likely the same. No form is looked at that more than a
few records share, save where their names are equal, so that the work grows with the records and not with their square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal, NamedTuple

from desktop_app.rectification.twins import likeness
from desktop_app.rectification.twins.keys import Key

Level = Literal["equal", "written", "habit", "together", "look", "sound", "slip"]
SURENESS: dict[Level, int] = {
    "equal": 100,
    "written": 95,
    "together": 90,
    "habit": 80,
    "look": 75,
    "sound": 65,
    "slip": 60,
}
"""How sure it is that names alike in this way mean one thing."""
_ALL_PAIRS = 6
"""Of so many with an equal name every pair is told; of more each with its neighbour, which joins them all."""
_CROWD = 20
"""A form that so many share says nothing."""
_SOME = 2
"""So many other fields must agree where a number differs by a slip: numbers run on, and neighbours are other things."""


@dataclass(frozen=True)
class Entry:
    """A record as it is looked for: the words of its key fields (several in one place: any of them), and the words of the
    fields that tell which thing it is."""

    id: str
    names: tuple[tuple[str, ...], ...]
    telling: Mapping[str, str]


class Meeting(NamedTuple):
    """Two records that met: how, under which key, and their words there."""

    one: str
    other: str
    level: Level
    key: Key
    words: tuple[str, str]
    slip: str = ""
    needs_replicas: bool = False


Group = Callable[[str], str]


def meetings(entries: Sequence[Entry], key: Key, group: Group) -> Iterator[Meeting]:
    """The pairs of entries that meet under a key; ``group`` gives what records already said to be the same have in common."""
    if key.sort == "whole":
        yield from _together(entries, key, group)
        return
    named = [(entry, name) for entry in entries for name in entry.names[0]]
    yield from _equal(named, key, group)
    if key.sort == "code":
        yield from _slips(named, key, group, code=True)
        return
    whole = [(entry, name) for entry in entries for name in entry.names[0][:1]]  # short names have too many neighbours
    if key.sort == "name":
        yield from _slips(whole, key, group, code=False)
    yield from _sounds(whole, key, group)


Named = tuple[Entry, str]


def _blocks(pairs: Iterable[tuple[Hashable, Named]]) -> Iterator[list[Named]]:
    """Those under one form, where there are several."""
    first: dict[Hashable, Named] = {}
    more: dict[Hashable, list[Named]] = {}
    for form, named in pairs:
        if form not in first:
            first[form] = named
        elif form in more:
            more[form].append(named)
        else:
            more[form] = [first[form], named]
    yield from more.values()


def _crossing(forms: Callable[[], Iterable[tuple[int, Named]]]) -> Iterator[list[Named]]:
    """As ``_blocks``, of very many forms that mostly stand alone: first those that do not are found, then who has them."""
    seen: set[int] = set()
    shared: set[int] = set()
    for form, _named in forms():
        (shared if form in seen else seen).add(form)
    del seen
    yield from _blocks(one for one in forms() if one[0] in shared)


def _pairs(block: Sequence[Named], group: Group) -> Iterator[tuple[Named, Named]]:
    """The pairs of a block, one of each group; of a large block each with the next, which joins them all."""
    kept: dict[str, Named] = {}
    for one in block:
        kept.setdefault(group(one[0].id), one)
    found = sorted(kept.values(), key=lambda one: one[0].id)
    yield from combinations(found, 2) if len(found) <= _ALL_PAIRS else pairwise(found)


def _equal(named: Sequence[Named], key: Key, group: Group) -> Iterator[Meeting]:
    """Names that are equal, or are but another way of writing one; a person's name only with something else that agrees."""
    forms: list[Callable[[str], str]] = [likeness.folded]
    forms += [likeness.bare] if key.sort == "name" else []
    forms += [lambda name: likeness.looked(likeness.folded(name))] if key.sort == "code" else []
    for form in forms:
        for block in _blocks((made, one) for one in named if len(made := form(one[1])) > 1):
            for (one, a), (other, b) in _pairs(block, group):
                if key.sort == "person" and not agreeing(one, other):
                    continue
                level: Level = "equal" if a == b else "written"
                if likeness.folded(a) != likeness.folded(b):
                    level = "habit" if key.sort == "name" else "look"
                yield Meeting(one.id, other.id, level, key, (a, b))


def _sounds(named: Sequence[Named], key: Key, group: Group) -> Iterator[Meeting]:
    """Names that are said alike and written otherwise."""
    forms = (
        ((said, likeness.marked(name)), one)
        for one in named
        if len(name := likeness.folded(one[1])) > 1 and (said := likeness.sounded(name))
    )
    for block in _blocks(forms):
        if len(block) > _CROWD:
            continue
        for (one, a), (other, b) in combinations(block, 2):
            if likeness.folded(a) == likeness.folded(b) or group(one.id) == group(other.id):
                continue
            if agreeing(one, other) or (key.sort == "name" and likeness.long_enough(likeness.folded(a), code=False)):
                yield Meeting(one.id, other.id, "sound", key, (a, b), needs_replicas=key.sort == "person")


def _slips(named: Sequence[Named], key: Key, group: Group, *, code: bool) -> Iterator[Meeting]:
    """Names with one slip of a hand between them; numbers only where the rest agrees."""
    form = likeness.folded if code else likeness.bare
    made = [(one, name) for one in named if likeness.long_enough(name := form(one[1]), code=code)]
    if code:
        made = [(one, name) for one, name in made if len(one[0].telling) >= _SOME]
    rests = [hash(tuple(one[0].telling.items()) if code else likeness.marked(name)) for one, name in made]

    def forms() -> Iterator[tuple[int, Named]]:
        for (one, name), rest in zip(made, rests, strict=True):
            for short in likeness.shortened(name):
                yield hash(short) ^ rest, one

    told: set[tuple[str, str]] = set()
    for block in _crossing(forms):
        if len(block) > _CROWD:
            continue
        for (one, a), (other, b) in combinations(block, 2):
            ids = one.id, other.id
            if one.id == other.id or ids in told or group(one.id) == group(other.id):
                continue
            found = likeness.slip(form(a), form(b))
            alike = one.telling == other.telling if code else likeness.marked(form(a)) == likeness.marked(form(b))
            if found and alike:
                told.add(ids)
                yield Meeting(
                    one.id, other.id, "slip", key, (a, b), found, needs_replicas=code or found == likeness.OTHER
                )


def _together(entries: Sequence[Entry], key: Key, group: Group) -> Iterator[Meeting]:
    """Records whose key fields are all the same."""
    held: dict[tuple[str, ...], list[Named]] = defaultdict(list)
    for entry in entries:
        if all(entry.names):
            words = tuple(names[0] for names in entry.names)
            held[tuple(likeness.folded(one) for one in words)].append((entry, "、".join(words)))
    for block in held.values():
        for (one, a), (other, b) in _pairs(block, group) if len(block) > 1 else ():
            yield Meeting(one.id, other.id, "together", key, (a, b))


def agreeing(one: Entry, other: Entry) -> list[str]:
    """The fields in which both say the same."""
    return [name for name, words in one.telling.items() if other.telling.get(name) == words]
