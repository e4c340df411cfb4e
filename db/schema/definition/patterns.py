"""Patterns of texts (车牌号的写法), as far as a definition may use them: a small part of regular expressions of which it can be
reckoned beforehand how long the slowest text takes. A pattern that would keep the program busy for minutes is refused.

Allowed are characters, ``.``, ``\\d \\w \\s``, classes ``[...]``, groups, ``|`` and counts ``? * + {m,n}``. A pattern is tried way by
way; each count of one character may end anywhere in the text, counts within counts multiply.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from db.schema.definition.wrong import Wrong

LONGEST = 200
"""Characters of a pattern."""
WAYS = 2_000_000
"""In how many ways a text may be tried: some tens of milliseconds."""
_NESTED = 20
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_ODD = re.compile(r"\[|--|&&|\|\||~~")
"""What another version of Python may read otherwise within a class."""
_ESCAPED = re.compile(r"\\[dwsDWS]|\\[^A-Za-z0-9]")
_COUNT = re.compile(r"[?*+]\??|\{(\d{0,6})(,?)(\d{0,6})\}\??")


@dataclass
class _Reader:
    """A pattern being read; ``at`` is the next character, ``longest`` the length of the longest text."""

    pattern: str
    longest: int
    at: int = 0
    depth: int = 0

    def choices(self) -> int:
        """The ways of alternatives up to the end or a closing bracket."""
        ways = self.row()
        while self.at < len(self.pattern) and self.pattern[self.at] == "|":
            self.at += 1
            ways += self.row()
        return min(ways, WAYS + 1)

    def row(self) -> int:
        """The ways of parts one behind the other."""
        ways = 1
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            ways = min(ways * self.counted(*self.part()), WAYS + 1)
        return ways

    def part(self) -> tuple[int, bool]:
        """One part: its ways, and whether it is one character."""
        sign = self.pattern[self.at]
        if sign == "(":
            return self.group(), False
        found = (_CLASS if sign == "[" else _ESCAPED).match(self.pattern, self.at) if sign in "[\\" else None
        odd = found is not None and sign == "[" and _ODD.search(found[0][1:])
        if odd or (found is None and sign in "[\\") or sign in "?*+{":
            raise Wrong((), "里有这里不能用的写法。", "可以用字、\\d、[A-Z]、括号、|、?、*、+、{4,6}。")
        self.at = found.end() if found else self.at + 1
        return 1, sign not in "^$"

    def group(self) -> int:
        """A group in brackets."""
        self.depth += 1
        bare = self.pattern[self.at : self.at + 3] == "(?:"
        self.at += 3 if bare else 1
        if self.depth > _NESTED or self.pattern[self.at : self.at + 1] == "?":
            raise Wrong((), "里有这里不能用的括号。", "括号只用来分组，最多套 20 层。")
        ways = self.choices()
        if self.pattern[self.at : self.at + 1] != ")":
            raise Wrong((), "的括号不成对。", "请补上括号。")
        self.at += 1
        self.depth -= 1
        return ways

    def counted(self, ways: int, single: bool) -> int:
        """The ways of a part with the count behind it, if there is one."""
        found = _COUNT.match(self.pattern, self.at)
        if found is None:
            return ways
        self.at = found.end()
        least, most = self.bounds(found)
        if single:
            return most - least + 1
        total, power = 0, ways ** min(least, 40)
        for _time in range(least, most + 1):
            total, power = total + power, power * ways
            if total > WAYS:
                return WAYS + 1
        return max(total, 1)

    def bounds(self, found: re.Match[str]) -> tuple[int, int]:
        """The least and the greatest count; no more than the text has characters."""
        sign = found[0][0]
        if sign != "{":
            return (1 if sign == "+" else 0), (1 if sign == "?" else self.longest)
        least = int(found[1] or 0)
        most = int(found[3]) if found[3] else self.longest if found[2] else least
        if most < least or most > 100_000 or not (found[1] or found[3]):
            raise Wrong((), f"里的“{found[0]}”不能用。", "写成 {4} 或 {4,6}。")
        return min(least, self.longest), min(most, self.longest)


def checked(pattern: str, longest: int) -> None:
    """``Wrong`` for a pattern that is none, or that a text of ``longest`` characters could keep busy."""
    if len(pattern) > LONGEST:
        raise Wrong((), f"最多 {LONGEST} 个字。", "请写短些。")
    reader = _Reader(pattern, longest)
    ways = reader.choices()
    if reader.at < len(pattern):
        raise Wrong((), "的括号不成对。", "请删去多余的右括号。")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        raise Wrong((), "不是能用的写法。", "请检查括号和方括号。") from None
    if ways > WAYS:
        advice = "括号里有不定个数的，括号外就不要再写 *、+；也可以把 * 写成 {0,9} 这样有限的个数。"
        raise Wrong((), "太复杂，核对一段文字会很久。", advice)
