"""The code of an issued paper (印发码): short enough to be typed by hand from paper, and sure to be typed rightly.

``ZGT1-`` and 24 signs that hold the year and number of the paper, the first 60 bits of the digest of its words, and the
first 39 bits of the hash of the whole ledger at that moment; then three check signs. The signs are Crockford's 32 (no I, L,
O, U: what looks like one is read as 1, 0 or V). The check signs are a Reed-Solomon code over GF(32): up to three wrong signs,
and any two that changed places, are noticed; where one alone is wrong the right code can be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from db.errors import Refusal
from db.schema.typed import plain

TOPIC = "verify"
PREFIX = "ZGT1"
FIRST_YEAR, LAST_YEAR = 2000, 2127
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("ILOU", "110V")
_YEAR, _NUMBER, _DIGEST, _HEAD = 7, 14, 60, 39
_LENGTH, _CHECKS, _GROUP = (_YEAR + _NUMBER + _DIGEST + _HEAD) // 5, 3, 6
_WHOLE = _LENGTH + _CHECKS
_INSIDE = re.compile(rf"{PREFIX}(?:[-－—–]?[0-9A-Za-z]){{{_WHOLE}}}(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Stamp:
    """What a code says: year, number (0: none), the first bits of two hashes."""

    year: int
    number: int
    digest: int
    head: int

    def fits(self, digest: str, head: str) -> tuple[bool, bool]:
        """Whether the digest of a tree and the hash of a ledger (hex) begin as the code says."""
        return self.digest == _bits(digest, _DIGEST), self.head == _bits(head, _HEAD)


def stamp(year: int, number: int, digest: str, head: str) -> Stamp:
    """The stamp of a paper from the whole hashes (hex). ``Refusal`` for a year no code can hold."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"成文日期在 {year} 年，不能印发。", "请核对成文日期。", "issuing")
    return Stamp(year, number, _bits(digest, _DIGEST), _bits(head, _HEAD))


def _bits(hexadecimal: str, count: int) -> int:
    return int(hexadecimal[:16] or "0", 16) >> (64 - count)


def written(one: Stamp) -> str:
    """The code as it is printed: ZGT1-XXXXXX-XXXXXX-XXXXXX-XXXXXX-XXX."""
    value = one.year - FIRST_YEAR
    for part, bits in ((one.number, _NUMBER), (one.digest, _DIGEST), (one.head, _HEAD)):
        value = value << bits | part
    signs = [value >> 5 * place & 31 for place in reversed(range(_LENGTH))]
    return _spelled([*signs, *_checks(signs)])


def _spelled(signs: Sequence[int]) -> str:
    text = "".join(_SIGNS[sign] for sign in signs)
    groups = [text[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP)]
    return "-".join((PREFIX, *groups, text[_LENGTH:]))


def read(text: str) -> Stamp:
    """A typed code → what it says; blanks, dashes and small letters do not matter. ``Refusal`` says which sign is wrong where
    that can be told."""
    typed = re.sub(r"[\s\-－—–_.]", "", plain(text)).upper().translate(_ALIKE)
    body = typed.removeprefix(PREFIX)
    if not typed.startswith(PREFIX) or not re.fullmatch(f"[{_SIGNS}]*", body):
        raise Refusal(f"“{text.strip()[:50]}”不是印发码。", f"印发码以 {PREFIX} 开头，后面是数字和大写字母。", TOPIC)
    if len(body) != _WHOLE:
        raise Refusal(
            f"印发码少字或多字：{PREFIX} 后面应有 {_WHOLE} 个字符，现在有 {len(body)} 个。",
            "请对照文书再输一遍。",
            TOPIC,
        )
    signs = [_SIGNS.index(sign) for sign in body]
    if any(_syndromes(signs)):
        raise _mistyped(signs)
    value = 0
    for sign in signs[:_LENGTH]:
        value = value << 5 | sign
    parts = []
    for bits in (_HEAD, _DIGEST, _NUMBER):
        parts.append(value & (1 << bits) - 1)
        value >>= bits
    head, digest, number = parts
    return Stamp(value + FIRST_YEAR, number, digest, head)


def found(text: str) -> str | None:
    """The first code that stands somewhere in a text, as it is printed; None when there is none that is right."""
    for one in _INSIDE.finditer(text):
        try:
            return written(read(one[0]))
        except Refusal:
            continue
    return None


def _mistyped(signs: Sequence[int]) -> Refusal:
    """Of one wrong sign its place and the right one are known: S0 = e, S1 = e·a^i, S2 = e·a^2i."""
    first, second, third = _syndromes(signs)
    if first and second and third:
        at = (_LOG[second] - _LOG[first]) % 31
        place = _WHOLE - 1 - at
        if place >= 0 and (_LOG[third] - _LOG[second]) % 31 == at:
            right = [*signs]
            right[place] ^= first
            return Refusal(
                f"印发码输错了一个字符，可能是第 {place + 1} 个（{PREFIX} 后面数起）。",
                f"是不是 {_spelled(right)}？",
                TOPIC,
            )
    return Refusal("印发码输错了：校验不符。", "请对照文书再输一遍。", TOPIC)


# -- GF(32) with x^5 + x^2 + 1 ---------------------------------------------------------------------------------------

_EXP: list[int] = [1]
for _ in range(30):
    _EXP.append(_EXP[-1] << 1 ^ (0b100101 if _EXP[-1] & 16 else 0))
_LOG = {value: power for power, value in enumerate(_EXP)}


def _times(one: int, other: int) -> int:
    return _EXP[(_LOG[one] + _LOG[other]) % 31] if one and other else 0


def _generator() -> list[int]:
    """(x - 1)(x - a)(x - a²), the highest power first."""
    product = [1]
    for power in range(_CHECKS):
        root = _EXP[power]
        product = [a ^ _times(b, root) for a, b in zip([*product, 0], [0, *product], strict=True)]
    return product


_GENERATOR = _generator()


def _checks(signs: Sequence[int]) -> list[int]:
    rest = [*signs, *[0] * _CHECKS]
    for at in range(len(signs)):
        factor = rest[at]
        for step, part in enumerate(_GENERATOR):
            rest[at + step] ^= _times(part, factor)
    return rest[-_CHECKS:]


def _syndromes(signs: Sequence[int]) -> tuple[int, int, int]:
    found = []
    for power in range(_CHECKS):
        value = 0
        for sign in signs:
            value = _times(value, _EXP[power]) ^ sign
        found.append(value)
    return found[0], found[1], found[2]
