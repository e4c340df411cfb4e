"""Finding names among very many by the letters of their pinyin: initials, whole syllables, or both mixed (bhfj, binhufj).

A name is kept under tokens: the initials of any two and three characters that follow each other, every syllable, and how the
title begins. What is typed leads to tokens that every name it spells has; ``heard`` then says whether it really does. All the
readings the dictionary has of a character count, so that no name is missed for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise, product, starmap

from db.schema import pinyin

GRAM, SYLLABLE, BEGINS = "\ue011", "\ue012", "\ue013"
"""What the tokens begin with: initials in a row, a whole syllable, the first initials of a title."""
_LONGEST = 40
_ENOUGH = 4
"""Initials that are looked for, one less where a whole syllable is; what follows is for ``heard`` to see."""
_PAIRED = ("zh", "ch", "sh")


@lru_cache(maxsize=1 << 15)
def sounds(character: str) -> tuple[str, ...]:
    """Every reading of a folded character in plain letters; a letter or digit reads as itself, a sign not at all."""
    return pinyin.every_reading(character)


@lru_cache(maxsize=1 << 15)
def _initials(character: str) -> str:
    return "".join(dict.fromkeys(one[0] for one in sounds(character)))


@cache
def _syllables() -> frozenset[str]:
    return frozenset(one for one in pinyin.every_syllable() if len(one) > 1)


@cache
def _beginnings() -> dict[str, tuple[str, ...]]:
    """What syllables begin with → the syllables."""
    found: dict[str, list[str]] = {}
    for one in sorted(_syllables()):
        for end in range(1, len(one) + 1):
            found.setdefault(one[:end], []).append(one)
    return {start: tuple(some) for start, some in found.items()}


def is_spelt(word: str) -> bool:
    """Whether a folded word could be pinyin."""
    return word.isascii() and word.isalnum() and len(word) <= _LONGEST and any("a" <= one <= "z" for one in word)


def tokens(names: list[str]) -> set[str]:
    """The tokens of folded names, the title first."""
    found: set[str] = set()
    for number, name in enumerate(names):
        said = [one for one in map(_initials, name) if one]
        if not number and said:
            found.update(BEGINS + one for one in said[0])
            found.update(BEGINS + "".join(two) for two in product(*said[:2]))
        found.update(*starmap(_grams, pairwise(said)), *starmap(_grams, zip(said, said[1:], said[2:], strict=False)))
        found.update(*map(_sounded, {*name}))
    return found


@lru_cache(maxsize=1 << 15)
def _sounded(character: str) -> tuple[str, ...]:
    return tuple(SYLLABLE + one for one in sounds(character) if len(one) > 1)


@lru_cache(maxsize=1 << 16)
def _grams(*initials: str) -> tuple[str, ...]:
    return tuple(GRAM + "".join(one) for one in product(*initials))


@lru_cache(maxsize=256)
def looked_for(word: str, *, begins: bool = False) -> tuple[tuple[str, ...], ...]:
    """Alternatives, each of tokens that a name spelt by the word has all of; with ``begins`` a title that begins so."""
    if not is_spelt(word):
        return ()
    found: list[tuple[str, ...]] = []
    for initials, syllables in sorted(_openings(word)):
        start = (*((BEGINS + initials[:2],) if begins else ()), *(SYLLABLE + one for one in syllables))
        if len(initials) > 1:
            size = min(3, len(initials))
            found.append((*start, *(GRAM + initials[at : at + size] for at in range(len(initials) - size + 1))))
        elif len(word) == 1:
            found.append((BEGINS + word,))  # one letter is spelt by everything; only how a title begins is meant
        else:
            found += [(*start, SYLLABLE + one) for one in _beginnings().get(word, ())]
    return _least(found)


def _least(alternatives: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The alternatives without those that ask for all another one asks for, and more."""
    kept: list[frozenset[str]] = []
    for one in sorted((frozenset(tokens) for tokens in alternatives), key=lambda one: (len(one), sorted(one))):
        if not any(less <= one for less in kept):
            kept.append(one)
    return tuple(tuple(sorted(one)) for one in kept)


def _openings(word: str) -> set[tuple[str, tuple[str, ...]]]:
    """The initials of the first characters of every way to read the word, and the whole syllables among them but the last."""
    done: set[tuple[str, tuple[str, ...]]] = set()
    waiting: set[tuple[int, str, tuple[str, ...]]] = {(0, "", ())}
    while waiting:
        at, initials, syllables = waiting.pop()
        rest = word[at:]
        if not rest or len(initials) == (_ENOUGH - 1 if syllables else _ENOUGH):
            done.add((initials, syllables))
            continue
        step = initials + rest[0]
        waiting.add((at + 1, step, syllables))
        if rest in _beginnings():
            waiting.add((len(word), step, syllables))
        for length in range(2, 7):
            piece = rest[:length]
            if len(piece) == length and piece != rest:
                if piece in _PAIRED:
                    waiting.add((at + length, step, syllables))
                elif piece in _syllables():
                    waiting.add((at + length, step, (*syllables, piece)))
    return done


_Spoken = tuple[tuple[int, tuple[str, ...], str], ...]


@lru_cache(maxsize=4096)
def _spoken(name: str) -> _Spoken:
    """Where the characters of a folded name stand that have a sound, their sounds, and the letters these begin with."""
    return tuple((at, said, _initials(one)) for at, one in enumerate(name) if (said := sounds(one)))


def heard(word: str, name: str) -> Iterator[tuple[int, int]]:
    """The stretches (from, to) of a folded name that a word spells."""
    spoken, first = _spoken(name), word[0]
    for start, (at, _said, initials) in enumerate(spoken):
        if first in initials:
            last = _reaches(word, spoken, start)
            if last >= 0:
                yield at, spoken[last][0] + 1


def hears(word: str, names: list[str]) -> bool:
    """Whether a word spells a part of one of the folded names; one letter only what the title begins with."""
    if not is_spelt(word):
        return False
    if len(word) == 1:
        return starts(word, names[0])
    return any(next(heard(word, name), None) is not None for name in names)


def starts(word: str, title: str) -> bool:
    """Whether a word spells how a folded title begins, signs before it left out."""
    return is_spelt(word) and bool(_spoken(title)) and _reaches(word, _spoken(title), 0) >= 0


def _reaches(word: str, spoken: _Spoken, start: int) -> int:
    """The number of the character where the word ends that begins at this one; -1 where it does not."""
    ends = {0}
    for number in range(start, len(spoken)):
        following: set[int] = set()
        for at in ends:
            rest = word[at:]
            for sound in spoken[number][1]:
                if sound.startswith(rest):
                    return number
                if rest.startswith(sound):
                    following.add(at + len(sound))
                if rest[0] == sound[0]:
                    following.add(at + 1)
                    if sound[:2] in _PAIRED and rest[:2] == sound[:2]:
                        following.add(at + 2)
        ends = following
        if not ends:
            return -1
    return -1
