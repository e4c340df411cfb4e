"""Deals rows out to pages of 22: no heading last on a page, no signature alone, no last line of a paragraph first.

The first two are never broken and may leave a page a row or two short. Before that, and for the third, a paragraph of the
page is set one line shorter or longer, if that can be had without visible squeezing (GB/T 9704 7.3.5.5: adjust spacing).
What has a height of its own (a table, a picture) covers whole rows: text after it goes on in the next row of the grid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Protocol

from desktop_app.notices.page import ROW, UPRIGHT, Frame, Ink
from desktop_app.notices.setting import Draft

HELD_SOFTLY, HELD = 1, 2
"""How strongly a row is held to the next one: better together, or never apart."""

LOOSENESS = (-1, 1)

CLEAR = 4.0
"""The least distance in points between something with a height of its own and the characters of the row below."""


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
class Flow:
    """A paragraph on its way to the page: its lines, how each is held to the next, and how to set it anew.

    ``reset(looseness)`` gives the lines for one line fewer or more, or nothing if that would show.
    ``alone`` lines are hard-held to what follows (a heading that stands alone). ``tail`` holds all lines together and to
    the two rows before (the signature). A ``solid`` has no lines. A ``slip`` begins what is torn off: it goes to the next page
    when that keeps it and all that follows on one page.
    """

    lines: list[Draft | None]
    reset: Callable[[int], list[Draft | None]] | None = None
    alone: int = 0
    tail: bool = False
    moved: bool = field(default=False)
    solid: Solid | None = None
    slip: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the grid (None is a blank one), the paragraph it belongs to, and how it is held to the next row.

    A solid is stood for by the rows its smallest part covers; ``solid`` is true for those, ``whole`` if that is all of it.
    """

    line: Draft | None
    flow: int
    hold: int
    solid: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Dealt:
    """What stands on one page: lines with their rows, and what does not stand on the grid."""

    rows: list[tuple[int, Draft]] = field(default_factory=list)
    ink: list[Ink] = field(default_factory=list)


def covered(height: float, frame: Frame, row: int = 0) -> int:
    """How many rows something of this height covers from ``row`` on, more than there are if it does not fit."""
    if height <= frame.row_top(row) - frame.bottom + 0.01:
        return min(ceil((height + CLEAR) / ROW), frame.rows - row)
    return max(ceil((height + CLEAR) / ROW), frame.rows - row + 1)


def deal(flows: Sequence[Flow], first: int = 0, frame: Frame = UPRIGHT, top: Frame | None = None) -> list[Dealt]:
    """Pages; on the first one, whose frame is ``top``, the rows before ``first`` are taken. At least one page."""
    rows = _rows(flows, frame)
    pages = [Dealt()]
    start, at = 0, first
    while start < len(rows):
        if at == 0 and len(pages) > 1 and rows[start].line is None and not rows[start].solid:
            start += 1  # the distance to what now stands on the page before
            continue
        empty = not (pages[-1].rows or pages[-1].ink)
        end = _fill(flows, rows, start, frame.rows - at, top=at == 0, empty=empty)
        here = next((k for k in range(start, end) if rows[k].solid), end)
        pages[-1].rows.extend((at + k - start, line) for k in range(start, here) if (line := rows[k].line))
        at += here - start
        start = here
        solid = flows[rows[here].flow].solid if here < end else None
        if solid:
            if at and flows[rows[here].flow].slip:
                torn = flows[rows[here].flow :]
                if not _fits(torn, frame, at) and _fits(torn, frame, 0):
                    pages.append(Dealt())
                    at = 0
            start = _behind(rows, here)
            here_frame = top if top and len(pages) == 1 else frame
            at = _take(solid, pages, at, (here_frame, frame), _following(rows, start))
            if at < frame.rows:
                continue
        if start < len(rows):
            pages.append(Dealt())
            at = 0
    return pages


def _fits(flows: Sequence[Flow], frame: Frame, at: int) -> bool:
    """Whether all of these stand on one page from row ``at`` on."""
    for flow in flows:
        at += len(flow.lines) if flow.solid is None else covered(flow.solid.whole(frame), frame, at)
    return at <= frame.rows


def _take(solid: Solid, pages: list[Dealt], at: int, frames: tuple[Frame, Frame], after: int) -> int:
    """Puts a solid on this page and as many more as it needs, each in its frame; gives the row after it."""
    here, frame = frames
    taken = solid.take(here, at, after)
    pages[-1].ink.append(taken.ink)
    while not taken.done:
        pages.append(Dealt())
        at = 0
        taken = solid.take(frame, at, after)
        pages[-1].ink.append(taken.ink)
    return at + taken.rows


def _behind(rows: Sequence[Row], here: int) -> int:
    """The row after those of the solid that begins ``here``."""
    flow = rows[here].flow
    while here < len(rows) and rows[here].flow == flow:
        here += 1
    return here


def _following(rows: Sequence[Row], start: int) -> int:
    """How many rows from ``start`` on are never to be apart from the row before."""
    end = start
    while end < len(rows) and rows[end - 1].hold == HELD:
        end += 1
    return end - start


def _rows(flows: Sequence[Flow], frame: Frame) -> list[Row]:
    rows: list[Row] = []
    for k, flow in enumerate(flows):
        if flow.tail:
            for back in range(max(0, len(rows) - 2), len(rows)):
                old = rows[back]
                rows[back] = Row(old.line, old.flow, HELD, old.solid, old.whole)
        rows += _rows_of(flow, k) if flow.solid is None else _solid_rows(flow.solid, k, frame)
    return rows


def _solid_rows(solid: Solid, number: int, frame: Frame) -> list[Row]:
    height, whole = solid.least(frame)
    count = min(frame.rows, covered(height, frame))
    return [Row(None, number, HELD if k < count - 1 else 0, True, whole) for k in range(count)]


def _rows_of(flow: Flow, number: int) -> list[Row]:
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


def _fill(flows: Sequence[Flow], rows: list[Row], start: int, room: int, *, top: bool, empty: bool) -> int:
    """Where the page that begins at ``start`` ends; may set a paragraph anew (and change ``rows``) to end it well.

    ``top``: the page is wholly free; ``empty``: nothing stands on it yet but a title, so that something must be put there.
    """
    for k in range(start, min(len(rows), start + room)):
        if rows[k].solid:
            behind = _behind(rows, k)
            if behind - start > room:  # it begins the next page
                return behind if top and k == start else _back(rows, start, k, empty=empty and k > start)
            if not rows[k].whole or behind - start + _following(rows, behind) <= room:
                return behind
            break
    end = start + room
    if end >= len(rows):
        return len(rows)
    if not rows[end - 1].hold:
        return end
    if _ease(flows, rows, start, room):
        return min(len(rows), start + room)
    if rows[end - 1].hold == HELD_SOFTLY:
        return end
    return _back(rows, start, end, empty=empty)


def _back(rows: Sequence[Row], start: int, end: int, *, empty: bool) -> int:
    """The last place before ``end`` where a page may end; ``end`` itself if there is none and something must be put."""
    cut = end
    while cut > start and rows[cut - 1].hold == HELD:
        cut -= 1
    return cut if cut > start or not empty else end


def _ease(flows: Sequence[Flow], rows: list[Row], start: int, room: int) -> bool:
    """Sets one paragraph that begins on this page a line shorter or longer so that the page is full and ends well."""
    last = rows[start + room - 1].flow
    lowest = rows[start].flow
    for number in range(last, lowest - 1, -1):
        flow = flows[number]
        if flow.reset is None or flow.moved or not flow.lines:
            continue
        at = next(k for k in range(start, start + room) if rows[k].flow == number)
        if at == start and start and rows[start - 1].flow == number:  # it begins on the page before
            continue
        old = len(flow.lines)
        for looseness in LOOSENESS:
            lines = flow.reset(looseness)
            if not lines or len(lines) != old + looseness:
                continue
            flow.lines, before = lines, flow.lines
            fresh = _rows_of(flow, number)
            kept = rows[at : at + old]
            for k in range(1, min(len(fresh), old, 2) + 1):
                fresh[-k] = Row(fresh[-k].line, number, max(fresh[-k].hold, HELD if kept[-k].hold == HELD else 0))
            rows[at : at + old] = fresh
            end = start + room
            if end >= len(rows) or not rows[end - 1].hold:
                flow.moved = True
                return True
            rows[at : at + len(fresh)] = kept
            flow.lines = before
    return False
