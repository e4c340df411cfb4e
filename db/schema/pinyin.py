"""Finding Chinese words by what one types of them: their beginning, a part, the initials of their pinyin, or all of it.

The dictionary of readings (the library pypinyin, one reading list for each character) is loaded when the first Latin
letters are typed, and not before. A character with several readings is found by any of them (行: xing, hang).
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TypeVar

from db.schema.typed import plain

T = TypeVar("T")

_READINGS = 2
"""The dictionary gives the usual reading first; the third and later ones are of old books."""
_MOST_LETTERS = 40
"""More letters than this are no pinyin anybody types."""


@cache
def _readings() -> dict[int, str]:
    """Code point → its readings with tones, separated by commas."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # phrases would cost three times the time and memory
    from pypinyin.constants import PINYIN_DICT

    return dict(PINYIN_DICT)


@lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """The readings of a character in plain letters, ü as v, each once: 绿 → lv, lu; a letter or digit reads as itself."""
    if character.isascii():
        return (character.lower(),) if character.isalnum() else ()
    told = _readings().get(ord(character), "")
    return tuple(dict.fromkeys(_bare(one) for one in told.split(",") if one))[:_READINGS]


def every_reading(character: str) -> tuple[str, ...]:
    """As ``readings``, but all the dictionary has, the usual one first: for names nobody may miss (单: dan, shan, chan)."""
    if character.isascii():
        return readings(character)
    told = _readings().get(ord(character), "")
    return tuple(dict.fromkeys(bare for one in told.split(",") if (bare := _bare(one))))


def every_syllable() -> set[str]:
    """Every reading any character has."""
    return {bare for told in {*_readings().values()} for one in told.split(",") if (bare := _bare(one))}


def _bare(reading: str) -> str:
    letters = unicodedata.normalize("NFD", reading.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v"))
    letters = letters.replace("u\u0308", "v")
    return "".join(one for one in letters if one.isascii() and one.isalpha())


@lru_cache(maxsize=1 << 17)
def _said(words: str) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The readings of each character that has any, and the letters each may begin with."""
    spoken = tuple(said for one in words if (said := readings(one)))
    return spoken, tuple("".join({one[0] for one in said}) for said in spoken)


@lru_cache(maxsize=1 << 17)
def _folded(words: str) -> str:
    """Words as they are compared: without blanks, one case, one width."""
    return plain(words).casefold().replace(" ", "")


def spells(typed: str, words: str) -> int:
    """Whether letters are the words said in pinyin, each character by its initial or in full (ycl, yichuli and yichl are
    已处理): 2 the whole of them, 1 their beginning, 0 neither."""
    return _spells(typed, _said(words)[0], 0)


def _spells(typed: str, spoken: tuple[tuple[str, ...], ...], start: int) -> int:
    places, begins = {0}, False
    for number in range(start, len(spoken)):
        last = number + 1 == len(spoken)
        following: set[int] = set()
        for at, reading in ((at, reading) for at in places for reading in spoken[number]):
            rest = typed[at:]
            parts = (reading, *_initials(reading))
            if last and rest in parts:
                return 2
            begins = begins or reading.startswith(rest)
            following.update(at + len(part) for part in parts if rest.startswith(part) and part != rest)
        places = following
        if not places:
            break
    return int(begins)


def _initials(reading: str) -> tuple[str, ...]:
    return (reading[0], reading[:2]) if reading[:2] in ("zh", "ch", "sh") else (reading[0],)


def rank(typed: str, words: str) -> int | None:
    """How well words fit what is typed: 0 the same, 1 begin so, 2 hold it; 3 are it in pinyin, 4 begin so in pinyin, 5 have
    a part that does; None: not at all. Blanks, case and full width do not count."""
    wanted, there = _folded(typed), _folded(words)
    if wanted in there:
        return 0 if wanted == there else 1 if there.startswith(wanted) else 2
    if (
        not (wanted.isascii() and wanted.isalnum() and any(one.isalpha() for one in wanted))
        or len(wanted) > _MOST_LETTERS
    ):
        return None
    spoken, begins = _said(there)
    if spoken and wanted[0] in begins[0]:
        spelt = _spells(wanted, spoken, 0)
        if spelt:
            return 5 - spelt
    return 5 if any(wanted[0] in begins[at] and _spells(wanted, spoken, at) for at in range(1, len(spoken))) else None


def found(typed: str, candidates: Iterable[tuple[str, T]]) -> list[tuple[str, T]]:
    """The candidates (words and what they stand for) that fit, the best first, equals in the order given."""
    ranked = [(fit, at, one) for at, one in enumerate(candidates) if (fit := rank(typed, one[0])) is not None]
    return [one for _fit, _at, one in sorted(ranked, key=lambda it: it[:2])]


def only(typed: str, candidates: Sequence[tuple[str, T]]) -> list[T]:
    """What is meant: one thing when the typed text fits one candidate better than every other; else all that fit equally well."""
    fits = [(fit, one[1]) for one in candidates if (fit := rank(typed, one[0])) is not None]
    best = min((fit for fit, _one in fits), default=0)
    return [one for fit, one in fits if fit == best]
