"""References in a block are words: which record is meant by what stands in the cell.

A record is meant by its line, by a field that is unique, by a listed text that one record alone has, or by the beginning
or a part of its line that fits one record alone. Records whose lines are the same are told apart by their id in square
brackets, ``张三 民警 [0196…]``, which is how an export writes them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select

from db.ledger.facts import Facts
from db.ledger.lines import lines_of
from db.schema.kinds import Text
from db.schema.links import Ref, Refs
from db.schema.typed import plain

_NAMED = re.compile(r"\[([0-9A-Za-z_.:-]{1,64})\]$")
_TOLD = 6
_GUESSES = 3_000
"""How many cells of a block are searched for by a part of a line, and how many lines near misses are looked for in."""


def bare(words: str) -> str:
    """Words as they are compared: one width, one case, no blanks."""
    return "".join(plain(words).casefold().split())


def told_apart(lines: dict[str, str]) -> dict[str, str]:
    """Id → line, with the id behind lines that several records share, or that could be taken for more than one."""
    shared: dict[str, int] = defaultdict(int)
    for line in lines.values():
        shared[bare(line)] += 1
    odd = re.compile(r"[；;\n]|\]$")
    return {
        key: f"{line} [{key}]" if shared[bare(line)] > 1 or odd.search(line) else line for key, line in lines.items()
    }


@dataclass(frozen=True)
class Meant:
    """A record found for a cell: its id, its line, and whether the words were wholly its own (else they were a part)."""

    id: str
    line: str
    wholly: bool


class Pointed:
    """The records of one schema by their words; asked for the same words again it remembers."""

    def __init__(self, facts: Facts, name: str) -> None:
        self.title = facts.schema(name).title if name in facts.tables.records else name
        self._lines = lines_of(facts, name)
        self._whole = _grouped((bare(line), key) for key, line in self._lines.items())
        self._unique, self._listed = _by_fields(facts, name)
        self._text = "\n".join(f"{bare(line)}\t{key}" for key, line in self._lines.items())
        self._known: dict[str, Meant | str] = {}
        self._guesses = 0

    def find(self, words: str) -> Meant | str:
        """The record meant, or why none is, as it follows the label of the column."""
        key = " ".join(words.split())
        if key not in self._known:
            self._known[key] = self._find(key)
        return self._known[key]

    def _find(self, words: str) -> Meant | str:
        named = _NAMED.search(words)
        if named and named[1] in self._lines:
            return self._meant(named[1], wholly=True)
        if words in self._lines:
            return self._meant(words, wholly=True)
        asked = bare(words)
        for group in (self._whole, self._unique, self._listed):
            if asked in group:
                return self._only(words, group[asked], wholly=True)
        self._guesses += 1
        if self._guesses > _GUESSES:
            return f"里没有“{words}”。请核对名称。"
        found = self._within(asked)
        return self._only(words, found, wholly=False) if found else self._nothing(words)

    def _meant(self, key: str, *, wholly: bool) -> Meant:
        return Meant(key, self._lines[key], wholly)

    def _only(self, words: str, found: list[str], *, wholly: bool) -> Meant | str:
        if len(found) == 1:
            return self._meant(found[0], wholly=wholly)
        apart = told_apart({key: self._lines[key] for key in found[:_TOLD]})
        more = "等" if len(found) > _TOLD else ""
        return f"里的“{words}”可以是几个{self.title}：{'、'.join(apart.values())}{more}。请写得更全一些。"

    def _within(self, asked: str) -> list[str]:
        """Ids of the lines that begin with these words, else of those that hold them; a few are enough."""
        for pattern in (rf"^{re.escape(asked)}[^\n\t]*\t(.+)$", rf"^[^\n\t]*{re.escape(asked)}[^\n\t]*\t(.+)$"):
            found = []
            for hit in re.finditer(pattern, self._text, re.MULTILINE):
                found.append(hit[1])
                if len(found) > _TOLD:
                    break
            if found:
                return found
        return []

    def _nothing(self, words: str) -> str:
        lines = list(self._lines.values())
        near = get_close_matches(words, lines, 3) if len(lines) <= _GUESSES and self._guesses < 50 else []
        listed = near or (lines if len(lines) <= _TOLD else [])
        if not lines:
            return f"里的“{words}”找不到：台账里还没有{self.title}。请先添加{self.title}。"
        near_by = f"可填：{'、'.join(listed)}；" if listed else "请核对名称，"
        return f"里没有“{words}”。{near_by}或先在“{self.title}”里添加它。"


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for words, key in pairs:
        if words and key not in found[words]:
            found[words].append(key)
    return dict(found)


def _by_fields(facts: Facts, name: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The records by their unique fields, and by their other listed texts."""
    if name not in facts.tables.records:
        return {}, {}
    one = facts.tables.records[name]
    fields = [f for f in one.schema.fields if isinstance(f.kind, Text) and f.name in one.table.c]
    unique = [f.name for f in fields if f.kind.unique]
    listed = [f.name for f in fields if f.kind.listed and not f.kind.unique]
    query = select(one.table.c.id, *(one.table.c[n] for n in (*unique, *listed))).where(one.table.c.deleted == 0)
    with facts.reading() as connection:
        found = connection.execute(query).all()
    cut = 1 + len(unique)
    return (
        _grouped((bare(words), row[0]) for row in found for words in row[1:cut] if words),
        _grouped((bare(words), row[0]) for row in found for words in row[cut:] if words),
    )


class References:
    """All references of a block: cell → ids, with what was taken for what."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._pointed: dict[str, Pointed] = {}
        self.guessed: dict[tuple[str, str], Meant] = {}
        """(label of the column, words) → record, of words that were a part of a record's line only."""

    def value_of(self, kind: Ref | Refs, words: str) -> str | tuple[str, ...] | None:
        """The id or ids a cell means; ``Unreadable`` says which words mean nothing or too much."""
        if not words.strip():
            return None
        if isinstance(kind, Ref):
            return self._one(kind, words)
        return tuple(dict.fromkeys(self._one(kind, part) for part in self._parts(kind, words)))

    def _parts(self, kind: Refs, words: str) -> list[str]:
        named = re.findall(r"[^；;\n]*\S[^；;\n]*?\[[0-9A-Za-z_.:-]{1,64}\](?=\s*(?:[；;\n]|$))", words)
        parts = [part.strip() for part in re.split(r"[；;\n]", words) if part.strip()]
        if named and len(named) == len(parts):
            return [part.strip() for part in named]
        whole = self._of(kind.to)
        found: list[str] = []
        for part in parts:
            known = isinstance(whole.find(part), Meant)
            found += [part] if known else [p.strip() for p in re.split(r"[、，,]", part) if p.strip()]
        return found

    def _one(self, kind: Ref | Refs, words: str) -> str:
        meant = self._of(kind.to).find(words)
        if isinstance(meant, str):
            raise kind.wrong(meant)
        if not meant.wholly:
            self.guessed[kind.label, " ".join(words.split())] = meant
        return meant.id

    def _of(self, name: str) -> Pointed:
        if name not in self._pointed:
            self._pointed[name] = Pointed(self._facts, name)
        return self._pointed[name]
