"""Deals rows out to pages of 22: no heading last on a page, no signature alone, no last line of a paragraph first (孤行).

Where one of these would happen, paragraphs are set a line shorter or longer if that can be had unseen (``easing``); else the
page stays a row or two short: 5.2.3 lets the number of rows be adjusted in special cases. A page is never cut by more than
``SHORT`` rows for a last line alone. What has a height of its own (a table, a picture) covers whole rows: text after it goes
on in the next row of the grid.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.values import born, record, value
from desktop_app.notices.easing import eased
from desktop_app.notices.flows import HELD, HELD_SOFTLY, Flow, Row, covered, rows_of
from desktop_app.notices.page import UPRIGHT, Frame, Ink
from desktop_app.notices.setting import Draft

SHORT = 2
"""So many rows a page may lack so that the next one does not begin with the last line of a paragraph."""


@value
class Dealt:
    """What stands on one page: lines with their rows, and what does not stand on the grid."""

    rows: list[tuple[int, Draft]] = born(factory=list)
    ink: list[Ink] = born(factory=list)


def deal(flows: Sequence[Flow], first: int = 0, frame: Frame = UPRIGHT, top: Frame | None = None) -> list[Dealt]:
    """Pages; on the first one, whose frame is ``top``, the rows before ``first`` are taken. At least one page."""
    dealing = _Dealing(flows, rows_of(flows, frame), frame, top or frame, at=first)
    while dealing.start < len(dealing.rows):
        dealing.step()
    return dealing.pages


@record
class _Dealing:
    """The pages so far; row ``start`` comes next, in row ``at`` of the last page.

    ``before`` is where the page before this one began and in which row, when it is full of text: it may be dealt anew.
    """

    flows: Sequence[Flow]
    rows: list[Row]
    frame: Frame
    top: Frame
    start: int = 0
    at: int = 0
    pages: list[Dealt] = born(factory=lambda: [Dealt()])
    begun: tuple[int, int] = (0, 0)
    before: tuple[int, int] | None = None
    done: set[int] = born(factory=set)

    def step(self) -> None:
        """Puts the next rows, or the next solid, on a page."""
        rows = self.rows
        if self.at == 0 and len(self.pages) > 1 and rows[self.start].line is None and not rows[self.start].solid:
            self.start += 1  # the distance to what now stands on the page before
            self.before = None
            return
        if not self.pages[-1].rows and not self.pages[-1].ink:
            self.begun = (self.start, self.at)
        end = self._end()
        if end is None:  # the page before is another now
            return
        here = next((k for k in range(self.start, end) if rows[k].solid), end)
        placed = [(self.at + k - self.start, line) for k in range(self.start, here) if (line := rows[k].line)]
        self.pages[-1].rows.extend(placed)
        self.at += here - self.start
        self.start = here
        if here < end:
            self._solid(rows[here].flow)
            if self.at < self.frame.rows:
                return
        if self.start < len(rows):
            full = self.at == self.frame.rows and not self.pages[-1].ink
            self.before = self.begun if full else None
            self._turn()

    def _turn(self) -> None:
        self.pages.append(Dealt())
        self.at = 0

    def _solid(self, number: int) -> None:
        """Puts a solid on this page and as many more as it needs."""
        flow = self.flows[number]
        solid = flow.solid
        assert solid is not None
        if self.at and flow.slip:
            torn = self.flows[number:]
            if not _fits(torn, self.frame, self.at) and _fits(torn, self.frame, 0):
                self._turn()
        self.start = _behind(self.rows, self.start)
        after = _following(self.rows, self.start)
        while True:
            taken = solid.take(self.top if len(self.pages) == 1 else self.frame, self.at, after)
            if not taken.done and taken.ink == Ink() and (moved := self._headings()):
                self._turn()  # nothing of it stands below its heading
                self.pages[-1].rows.extend(enumerate(moved))
                self.at = len(moved)
                continue
            self.pages[-1].ink.append(taken.ink)
            if taken.done:
                break
            self._turn()
        self.at += taken.rows

    def _headings(self) -> list[Draft]:
        """Takes away the headings that this page ends with, when something else stands on it."""
        page = self.pages[-1]
        keep = len(page.rows)
        while keep and page.rows[keep - 1][1].kind == "heading":
            keep -= 1
        moved = [line for _row, line in page.rows[keep:]] if keep or page.ink else []
        if moved:
            del page.rows[keep:]
        return moved

    def _end(self) -> int | None:
        """Where this page ends; sets paragraphs anew to end it well. None when those stand on the page before."""
        rows, start, room = self.rows, self.start, self.frame.rows - self.at
        page = self.pages[-1]
        empty = not (page.rows or page.ink)
        for k in range(start, min(len(rows), start + room)):
            if rows[k].solid:
                behind = _behind(rows, k)
                if behind - start > room:  # it begins the next page
                    return behind if self.at == 0 and k == start else _back(rows, start, k, empty=empty and k > start)
                if not rows[k].whole or behind - start + _following(rows, behind) <= room:
                    return behind
                break
        end = start + room
        if end >= len(rows):
            return len(rows)
        if not rows[end - 1].hold:
            return end
        if eased(self.flows, rows, start, (end,), self.done):
            return min(len(rows), end)
        if self.before is not None and empty and eased(self.flows, rows, self.before[0], (start, end), self.done):
            self.pages[-2:] = [Dealt()]
            self.start, self.at = self.before
            self.before = None
            return None
        return _back(rows, start, end, empty=empty)


def _fits(flows: Sequence[Flow], frame: Frame, at: int) -> bool:
    """Whether all of these stand on one page from row ``at`` on."""
    for flow in flows:
        at += len(flow.lines) if flow.solid is None else covered(flow.solid.whole(frame), frame, at)
    return at <= frame.rows


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


def _back(rows: Sequence[Row], start: int, end: int, *, empty: bool) -> int:
    """The last place before ``end`` where a page may end; ``end`` itself if there is none and something must be put."""
    cut = end
    while cut > start and rows[cut - 1].hold:
        cut -= 1
    if rows[end - 1].hold == HELD_SOFTLY and (end - cut > SHORT or cut == start):
        return end
    if cut > start:
        return cut
    while cut > start and rows[cut - 1].hold == HELD:
        cut -= 1
    return cut if cut > start or not empty else end
