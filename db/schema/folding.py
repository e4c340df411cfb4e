"""How words are compared when something is looked for: what width, case, blanks and the commas of numbers do to them, and none
of it to where they stand.

Every character folds by itself into one character or none, so that a part of a text folds into a part of the folded text, and
a place in it leads back to the place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

START, END, APART = "\ue000", "\ue001", "\ue002"
"""Before the title of a record, behind each of its texts, behind the last of those that are found by pinyin too."""
_OURS = range(0xE000, 0xE020)
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


class _Table(dict[int, str]):
    """Code point → what it folds into, learned one by one."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if code in _OURS or sign.isspace() or unicodedata.category(sign) in ("Cc", "Cs"):
            folded = ""
        elif 0xFF01 <= code <= 0xFF5E:
            folded = chr(code - 0xFEE0).lower()
        else:
            folded = sign.lower()[:1]  # one capital alone becomes two
        self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """A text as it is compared: half width, small letters, without blanks, and without the commas inside numbers."""
    folded = text.translate(_TABLE)
    return _COMMA.sub("", folded) if "," in folded else folded


@lru_cache(maxsize=512)
def words(typed: str) -> tuple[str, ...]:
    """The words of what is typed, each folded, each once; all of them must be there."""
    found = (_word(one) for one in typed.split())
    return tuple(dict.fromkeys(one for one in found if one))


def _word(typed: str) -> str:
    """Half a number may begin or end with the comma inside it."""
    folded = fold(typed)
    return folded.strip(",") if any("0" <= one <= "9" for one in (folded[:2] + folded[-2:])) else folded


def places(text: str) -> tuple[str, list[int]]:
    """A folded text, and for each of its characters where it stands in the text."""
    kept = [(folded, at) for at, one in enumerate(text) if (folded := _TABLE[ord(one)])]
    joined = "".join(folded for folded, _at in kept)
    commas = {found.start() for found in _COMMA.finditer(joined)}
    kept = [one for at, one in enumerate(kept) if at not in commas]
    return "".join(folded for folded, _at in kept), [at for _folded, at in kept]


def joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches (from, to) in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found
