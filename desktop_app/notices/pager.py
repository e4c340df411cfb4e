"""Deals rows out to pages of 22: no heading last on a page, no signature alone, no last line of a paragraph first.

The first two are never broken and may leave a page a row or two short. Before that, and for the third, a paragraph of the
page is set one line shorter or longer, if that can be had without visible squeezing (GB/T 9704 7.3.5.5: adjust spacing).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from desktop_app.notices.page import ROWS
from desktop_app.notices.setting import Draft

HELD_SOFTLY, HELD = 1, 2
"""How strongly a row is held to the next one: better together, or never apart."""

LOOSENESS = (-1, 1)


@dataclass(slots=True)
class Flow:
    """A paragraph on its way to the page: its lines, how each is held to the next, and how to set it anew.

    ``reset(looseness)`` gives the lines for one line fewer or more, or nothing if that would show.
    ``alone`` lines are hard-held to what follows (a heading that stands alone). ``tail`` holds all lines together and to
    the two rows before (the signature).
    """

    lines: list[Draft | None]
    reset: Callable[[int], list[Draft | None]] | None = None
    alone: int = 0
    tail: bool = False
    moved: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the grid (None is a blank one), the paragraph it belongs to, and how it is held to the next row."""

    line: Draft | None
    flow: int
    hold: int


def deal(flows: Sequence[Flow], first: int) -> list[list[Draft | None]]:
    """Pages of rows; the first page has ``first`` rows left, the others 22. At least one page."""
    rows = _rows(flows)
    pages: list[list[Draft | None]] = []
    start, room = 0, first
    while start < len(rows) or not pages:
        if pages and rows[start].line is None:  # the distance to what now stands on the page before
            start += 1
            continue
        end = _fill(flows, rows, start, room)
        pages.append([row.line for row in rows[start:end]])
        start, room = end, ROWS
    return pages


def _rows(flows: Sequence[Flow]) -> list[Row]:
    rows: list[Row] = []
    for k, flow in enumerate(flows):
        if flow.tail:
            for back in range(max(0, len(rows) - 2), len(rows)):
                rows[back] = Row(rows[back].line, rows[back].flow, HELD)
        rows += _rows_of(flow, k)
    return rows


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


def _fill(flows: Sequence[Flow], rows: list[Row], start: int, room: int) -> int:
    """Where the page that begins at ``start`` ends; may set a paragraph anew (and change ``rows``) to end it well."""
    end = start + room
    if end >= len(rows):
        return len(rows)
    if not rows[end - 1].hold:
        return end
    if _ease(flows, rows, start, room):
        return min(len(rows), start + room)
    strongest = rows[end - 1].hold
    if strongest == HELD_SOFTLY:
        return end
    cut = end
    while cut > start and rows[cut - 1].hold == HELD:
        cut -= 1
    return cut if cut > start else end


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
