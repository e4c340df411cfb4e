"""When two names are the same name: written in another width, with other brackets, without its usual ending, by its sound, or
with one slip of a hand.

Every form is a string that is equal for names that are alike in that way, so that likely twins are found by looking up, never
by comparing all with all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from db.schema.pinyin import readings

_DROPPED = re.compile(r"[\s·・.。,，、:：;；'\"“”‘’《》<>〈〉()\[\]{}【】〔〕〖〗「」_/\\—–‐‑-]+")
_NUMBERED = re.compile(r"第(?=\d)|(?<!\d)0+(?=\d)")
_HABITS = (
    (re.compile(r"^(中国共产党|中共)"), ""),
    (re.compile(r"(有限责任公司|股份有限公司|有限公司|集团公司|公司|集团)$"), ""),
    (re.compile(r"(党组|党委|党支部)$"), ""),
    (re.compile(r"公安派出所$|派出所$"), "所"),
    (re.compile(r"公安分局"), "分局"),
    (re.compile(r"公安局$"), "局"),
    (re.compile(r"公安局"), ""),
)
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_LOOK = str.maketrans("oqilzsb", "0011258")
"""Letters that are taken for digits; plates and numbers have neither O nor I."""
APART = frozenset("0123456789〇零一二三四五六七八九十百东南西北中上下左右前后内外大小新老旧甲乙丙丁戊男女正副")
"""Characters by which names that are otherwise the same mean two things: 一中队 and 二中队, 城东 and 城西."""
OTHER = "差一个字"
"""The slip that an office also makes on purpose (惠山大队 and 锡山大队): it says something of two offices' records alone."""
_LEAST_NAME, _LEAST_CODE = 4, 6
"""Shorter names have too many neighbours to say anything."""


@lru_cache(maxsize=1 << 17)
def folded(text: str) -> str:
    """A name without what is only a way of writing: width, case, blanks, dots, brackets, 第 and noughts before a number."""
    return _NUMBERED.sub("", _DROPPED.sub("", unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=1 << 17)
def bare(text: str) -> str:
    """A name without the ending it usually bears (有限公司, 派出所 and 所, 公安局), numbers in figures."""
    name = folded(text)
    for pattern, instead in _HABITS:
        shorter = pattern.sub(instead, name)
        name = shorter if len(shorter) >= 2 else name
    return name.translate(_DIGITS)


def looked(code: str) -> str:
    """A folded number or plate with letters that look like digits made digits."""
    return code.translate(_LOOK)


def sounded(name: str) -> str:
    """A folded name as it is said, each character by its usual reading; "" where one has none."""
    said = [readings(one) for one in name]
    return " ".join(one[0] for one in said) if all(said) else ""


def marked(name: str) -> str:
    """The characters of a folded name that tell it from its neighbours."""
    return "".join(one for one in name if one in APART or one.isascii())


def shortened(name: str) -> Iterator[str]:
    """The name, and the name without each of its characters in turn: two names with one slip between them share one of these."""
    yield name
    yield from (name[:at] + name[at + 1 :] for at in range(len(name)))


def long_enough(name: str, *, code: bool) -> bool:
    """Whether a slip in a name of this length says anything."""
    return len(name) >= (_LEAST_CODE if code else _LEAST_NAME)


def slip(one: str, other: str) -> str:
    """The one slip of a hand between two names, in words; "" where there is none, or more."""
    if one == other:
        return ""
    short, long = sorted((one, other), key=len)
    if len(long) == len(short) + 1:
        return "少一个字" if short in {long[:at] + long[at + 1 :] for at in range(len(long))} else ""
    if len(long) != len(short):
        return ""
    places = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return OTHER
    if len(places) == 2 and places[1] == places[0] + 1 and one[places[0]] == other[places[1]]:
        return "有两个字颠倒" if one[places[1]] == other[places[0]] else ""
    return ""
