"""Prose: text of several paragraphs that may refer to figures by name, as in “共破获案件{破案数}”.

A brace that is meant as a brace is doubled. Paragraphs are separated by one newline.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from db.schema.kinds import Kind, Stored
from db.schema.typed import UNPRINTABLE

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}\n]{1,60})\}|[{}]")


@dataclass(frozen=True)
class FigureName:
    """A place in prose where the value of a figure is printed."""

    name: str


def pieces(text: str) -> list[str | FigureName]:
    """Prose → plain words and figure names, in order; a stray brace counts as a plain one."""
    found: list[str | FigureName] = []
    words: list[str] = []
    last = 0
    for match in _PIECE.finditer(text):
        words.append(text[last : match.start()])
        last = match.end()
        if match[1] is None:
            words.append(match[0][0])
            continue
        if "".join(words):
            found.append("".join(words))
        words = []
        found.append(FigureName(match[1].strip()))
    words.append(text[last:])
    if "".join(words):
        found.append("".join(words))
    return found


def escape(words: str) -> str:
    """Plain words → prose that prints as exactly these words."""
    return words.replace("{", "{{").replace("}", "}}")


def filled(text: str, value: Callable[[str], str]) -> str:
    """Prose → the words as printed; ``value`` gives the words of a figure by its name."""
    return "".join(piece if isinstance(piece, str) else value(piece.name) for piece in pieces(text))


@dataclass(frozen=True)
class Prose(Kind[str]):
    """Text of any length, in paragraphs, that may refer to figures by name."""

    longest: int = 200_000

    def parse(self, text: str) -> str | None:
        lines = [" ".join(line.split()) for line in re.split(r"\r\n|[\r\n\v\f\u2028\u2029\x85]", text)]
        value = "\n".join(line for line in lines if line)
        if not value:
            return None
        self.check(value)
        return value

    def show(self, value: str) -> str:
        return value

    def load(self, stored: Stored) -> str:
        if not isinstance(stored, str):
            raise self.wrong("应是文字。")
        return stored

    def check(self, value: str) -> None:
        if not value or any(line != " ".join(line.split()) or not line for line in value.split("\n")):
            raise self.wrong("每段首尾不能有空格，不能有空段。")
        if UNPRINTABLE.search(value):
            raise self.wrong("含有不能打印的字符，请重新输入。")
        if len(value) > self.longest:
            raise self.wrong(f"最多 {self.longest} 个字，现在有 {len(value)} 个，请删减。")
        stray = next((m for m in _PIECE.finditer(value) if m[0] in "{}"), None)
        if stray:
            near = value[max(0, stray.start() - 6) : stray.end() + 6]
            raise self.wrong(f"里有不成对的花括号（在“{near}”处）；要印花括号请连写两个。")
