"""The manual as a whole: its pages in the order of the table of contents, and the search through all of them.

The table of contents is ``resources/help/index.md``: its headings are the chapters, its links the pages. Pages made from the open
ledger's own categories come last, as a chapter of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from db.schema import folding, pinyin
from desktop_app import paths

FIRST = "index"
OWN = "各类别的登记表、指标和检查"
"""The chapter of the pages made from the ledger's categories."""


@dataclass(frozen=True)
class Topic:
    """A page of the manual: its name, its chapter ("" for the first page), its title, its Markdown."""

    name: str
    chapter: str
    title: str
    words: str


@dataclass(frozen=True)
class Hit:
    """A page that has what is looked for, and at how many places (0: its title alone fits, in pinyin)."""

    topic: Topic
    places: int


def manual(made: Mapping[str, str]) -> tuple[Topic, ...]:
    """Every page, the first page first; ``made`` are the pages of the ledger's categories, by name."""
    return (*_written(), *(Topic(name, OWN, title_of(words), words) for name, words in made.items()))


@cache
def _written() -> tuple[Topic, ...]:
    folder = paths.resources() / "help"
    index = folder / f"{FIRST}.md"
    if not index.is_file():
        return (Topic(FIRST, "", "帮助", "# 帮助\n\n这一版还没有说明。"),)
    words = index.read_text("utf-8")
    found = {FIRST: Topic(FIRST, "", title_of(words), words)}
    chapter = ""
    for line in words.splitlines():
        if line.startswith("## "):
            chapter = line.removeprefix("## ").strip()
        for name in re.findall(r"\]\(([\w-]+)\.md\)", line):
            path = folder / f"{name}.md"
            if name not in found and path.is_file():
                text = path.read_text("utf-8")
                found[name] = Topic(name, chapter, title_of(text), text)
    return tuple(found.values())


def title_of(words: str) -> str:
    """The title of a page."""
    return words.split("\n", 1)[0].lstrip("# ")


def plain(words: str) -> str:
    """Markdown as one reads it: without marks, and of links and pictures only their words."""
    bare = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", words)
    return re.sub(r"[*`|]|^[#>-]+ ", "", bare, flags=re.MULTILINE)


def find(topics: Sequence[Topic], typed: str) -> list[Hit]:
    """The pages that hold every word of what is typed (letters: also a title said in pinyin), the best first: those with it in
    their title, then in a heading, then by how often."""
    wanted = folding.words(typed)
    ranked: list[tuple[int, int, int, Hit]] = []
    for at, topic in enumerate(topics):
        there = folding.fold(plain(topic.words))
        counts = [there.count(word) for word in wanted]
        titled = all(pinyin.rank(word, topic.title) is not None for word in wanted)
        if not wanted or not (all(counts) or titled):
            continue
        heads = folding.fold("\n".join(re.findall(r"^##+ (.+)$", topic.words, re.MULTILINE)))
        order = 0 if titled else 1 if all(word in heads for word in wanted) else 2
        places = sum(counts) if all(counts) else 0
        ranked.append((order, -places, at, Hit(topic, places)))
    return [hit for _order, _places, _at, hit in sorted(ranked, key=lambda one: one[:3])]


def marks(text: str, typed: str) -> list[tuple[int, int]]:
    """Where (from, to) the words of what is typed stand in a text, in order."""
    folded, at = folding.places(text)
    found: list[tuple[int, int]] = []
    for word in folding.words(typed):
        start = folded.find(word)
        while start >= 0:
            found.append((at[start], at[start + len(word) - 1] + 1))
            start = folded.find(word, start + len(word))
    return folding.joined(found)
