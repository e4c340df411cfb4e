"""What is dealt out to pages: paragraphs as rows of the grid, and solids, which have a height of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import Protocol

from db.values import record, value
from desktop_app.notices.page import ROW, Frame, Ink
from desktop_app.notices.setting import Draft

HELD_SOFTLY, HELD = 1, 2
"""How strongly a row is held to the next one: better together, or never apart."""

CLEAR = 9.0
"""The least distance in points between something with a height of its own and the characters of the row below."""


@value
class Taken:
    """What a solid put on a page: its ink, how many rows of the grid it covers, and whether that was the last of it."""

    ink: Ink
    rows: int
    done: bool = True


class Solid(Protocol):
    """What has a height of its own and covers whole rows of the grid: a table, a picture, a chart, a cut."""

    def least(self, frame: Frame) -> tuple[float, bool]:
        """Height in points of the smallest part that may stand at the foot of a page, and whether that is all of it."""
        ...

    def take(self, frame: Frame, row: int, after: int) -> Taken:
        """Puts as much as there is room for from ``row`` on; never nothing when ``row`` is 0.

        ``after`` rows must follow the end of it on the same page.
        """
        ...

    def whole(self, frame: Frame) -> float:
        """Height in points of all of it, as if no page ended."""
        ...


@value
class Ease:
    """How a paragraph can be set a line shorter (-1) or longer (1).

    ``strain(by)`` is a quick guess how much it would show: 0 not at all, above 1 it cannot be had or a reader would see it.
    ``reset(by)`` gives its lines so, or nothing if it cannot be had.
    """

    strain: Callable[[int], float]
    reset: Callable[[int], list[Draft | None]]


@record
class Flow:
    """A paragraph on its way to the page: its lines, how each is held to the next, and how it can be set anew.

    ``alone`` lines are hard-held to what follows (a heading that stands alone). ``tail`` holds all lines together and to
    the two rows before (the signature). A ``solid`` has no lines. A ``slip`` begins what is torn off: it goes to the next page
    when that keeps it and all that follows on one page.
    """

    lines: list[Draft | None]
    ease: Ease | None = None
    alone: int = 0
    tail: bool = False
    solid: Solid | None = None
    slip: bool = False


@value
class Row:
    """A row of the grid (None is a blank one), the paragraph it belongs to, and how it is held to the next row.

    A solid is stood for by the rows its smallest part covers; ``solid`` is true for those, ``whole`` if that is all of it.
    """

    line: Draft | None
    flow: int
    hold: int
    solid: bool = False
    whole: bool = False


def covered(height: float, frame: Frame, row: int = 0) -> int:
    """How many rows something of this height covers from ``row`` on, more than there are if it does not fit."""
    if height <= frame.row_top(row) - frame.bottom + 0.01:
        return min(ceil((height + CLEAR) / ROW), frame.rows - row)
    return max(ceil((height + CLEAR) / ROW), frame.rows - row + 1)


def rows_of(flows: Sequence[Flow], frame: Frame) -> list[Row]:
    """All rows in order, each held to the next as its flow wants it."""
    rows: list[Row] = []
    for k, flow in enumerate(flows):
        if flow.tail:
            _hold(rows)
        rows += lines_of(flow, k) if flow.solid is None else _solid(flow.solid, k, frame)
    return rows


def _hold(rows: list[Row]) -> None:
    """Holds the last two rows that are not blank, and what is between, to what comes next."""
    wanted = 2
    for back in range(len(rows) - 1, -1, -1):
        old = rows[back]
        rows[back] = Row(old.line, old.flow, HELD, old.solid, old.whole)
        wanted -= old.line is not None or old.solid
        if not wanted:
            return


def lines_of(flow: Flow, number: int) -> list[Row]:
    """The rows of a paragraph, flow ``number``."""
    count = len(flow.lines)
    made = []
    for k, line in enumerate(flow.lines):
        hold = 0
        if k < flow.alone or (flow.tail and k < count - 1) or line is None:
            hold = HELD
        elif k == count - 2:
            hold = HELD_SOFTLY
        made.append(Row(line, number, hold))
    return made


def _solid(solid: Solid, number: int, frame: Frame) -> list[Row]:
    height, whole = solid.least(frame)
    count = min(frame.rows, covered(height, frame))
    return [Row(None, number, HELD if k < count - 1 else 0, True, whole) for k in range(count)]
