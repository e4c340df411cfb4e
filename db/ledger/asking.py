"""What somebody typed, as the index is asked for it: which rows may hold it, how it is seen whether they do, and how well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from db.schema import folding, spelling
from db.schema.folding import END, START
from db.store.finder import names_of

Stage = Literal["same", "begins", "holds"]
"""What is asked for first, next and last: who is called so, begins so, holds it."""


@dataclass(frozen=True)
class Condition:
    """What the index is asked: which rows may do (``match``), and SQL that says of ``e.words`` whether they do, with its values
    and the function ``fits`` it may call."""

    match: str
    tests: tuple[str, ...]
    values: tuple[str, ...]
    fits: Callable[[str], bool]

    @property
    def heard(self) -> bool:
        """Whether words are looked at by their sound, which takes longer."""
        return len(self.tests) > len(self.values)

    def source(self, *, words: bool = False) -> str:
        """The rows of a span that do, with their words where these are asked for."""
        join = "CROSS JOIN entry e ON e.number = token.rowid " if words or self.tests else ""
        where = " AND ".join(("token MATCH ?", "token.rowid BETWEEN ? AND ?", *self.tests))
        return f"FROM token {join}WHERE {where}"


class Query:
    """What is typed, as the index is asked for it."""

    def __init__(self, typed: str) -> None:
        self.words = folding.words(typed)
        self.whole = "".join(folding.words(typed))

    def condition(self, stage: Stage) -> Condition:
        """What the index is asked at a stage."""
        words = {"same": (f"{START}{self.whole}{END}",), "begins": (START + self.whole,), "holds": self.words}[stage]
        match = " AND ".join(_expression(one, stage) for one in words)
        plain, heard = [], False
        for one in words:
            if len(one) <= 2:  # the index itself says so
                continue
            if stage != "same" and spelling.is_spelt(one.removeprefix(START)):
                heard = True
            else:
                plain.append(one)
        tests = ("instr(e.words, ?)",) * len(plain) + ("fits(e.words)",) * heard
        return Condition(match, tests, tuple(plain), self._begins if stage == "begins" else self._holds)

    def _holds(self, words: str) -> bool:
        return all(one in words or spelling.hears(one, names_of(words)) for one in self.words)

    def _begins(self, words: str) -> bool:
        return words.startswith(START + self.whole) or spelling.starts(self.whole, names_of(words)[0])

    def rank(self, words: str) -> int:
        """How well kept words fit, as ``Hit`` says."""
        title = words[1 : words.index(END)]
        if title == self.whole:
            return 0
        if title.startswith(self.whole):
            return 1
        if spelling.starts(self.whole, title):
            return 2
        if all(one in title for one in self.words):
            return 3
        return 4 if all(one in words for one in self.words) else 5


def _expression(word: str, stage: Stage) -> str:
    """A word as the index is asked for it."""
    pairs = [word[at : at + 2] for at in range(len(word) - 1)] or [word]
    literal = " AND ".join(_quoted(one) for one in pairs) + (" *" if len(word) == 1 else "")
    heard = () if stage == "same" else spelling.looked_for(word.removeprefix(START), begins=stage == "begins")
    spelt = [" AND ".join(map(_quoted, one)) for one in heard]
    return f"({' OR '.join(f'({one})' for one in (literal, *spelt))})"


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'
