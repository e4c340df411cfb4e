"""Tables of a paper as plain cells: what the papers hand to whoever writes a workbook, neither knowing the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["head", "body", "group", "total"]
Side = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one colour ("" is black)."""

    text: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell from its upper left place (row and column from 0, the head's rows first) over ``rows`` and ``columns``."""

    row: int
    column: int
    words: tuple[Words, ...]
    rows: int = 1
    columns: int = 1
    part: Part = "body"
    side: Side = "left"

    @property
    def text(self) -> str:
        """All of its words."""
        return "".join(one.text for one in self.words)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what stands around it: ``title`` of the paper, lines ``above`` (the last is the table's own title where it
    has one) and ``below``; ``name`` tells it from the others of the paper."""

    name: str
    title: str
    above: tuple[str, ...]
    cells: tuple[Cell, ...]
    head: int
    rows: int
    columns: int
    below: tuple[str, ...] = ()
    upright: bool = False
