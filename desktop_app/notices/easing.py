"""Ends a page well by setting a paragraph or two a line shorter or longer (GB/T 9704 7.3.5.5: adjust spacing).

Which paragraphs would help is reckoned from the rows alone; only those are set anew, the one first that shows least. What
stands on the page before may be changed too, if that page still ends well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from db.values import value
from desktop_app.notices.flows import HELD, HELD_SOFTLY, Flow, Row, lines_of

BY = (-1, 1)
TRIED = 12
"""So many changes are tried in earnest for one page: in a text of short paragraphs more would not help."""


@value
class Change:
    """The paragraph ``flow``, whose first of ``count`` rows is ``at``, set ``by`` lines longer."""

    flow: int
    at: int
    count: int
    by: int
    strain: float


def eased(flows: Sequence[Flow], rows: list[Row], start: int, ends: Sequence[int], done: set[int]) -> bool:
    """Changes ``rows`` so that a page may end at each of ``ends``, of which the last is the one in question.

    ``start`` is where the first of these pages begins, ``done`` are the flows that have been changed already and are left
    alone. False if nothing helps.
    """
    single = sorted(_changes(flows, rows, start, ends[-1], done), key=_strain)
    wholly = [change for change in single if change.at >= (ends[-2] if len(ends) > 1 else start)]
    tries = [[change] for change in single]
    tries += [[one, two] for one, two in combinations(wholly, 2) if one.flow != two.flow]
    failed: set[tuple[int, int]] = set()
    tried = 0
    for way in tries:
        if any((change.flow, change.by) in failed for change in way):
            continue
        if not all(_held(rows, way, end) == 0 for end in ends):
            continue
        tried += 1
        if tried > TRIED:
            return False
        made = _made(flows, way, failed)
        if made is not None:
            _put(flows, rows, way, made)
            done.update(change.flow for change in way)
            return True
    return False


def _changes(flows: Sequence[Flow], rows: Sequence[Row], start: int, end: int, done: set[int]) -> Iterator[Change]:
    """The paragraphs that begin between two rows and can be set longer or shorter."""
    at = start
    while at < min(end, len(rows)):
        number = rows[at].flow
        count = 1
        while at + count < len(rows) and rows[at + count].flow == number:
            count += 1
        flow = flows[number]
        begun = at > 0 and rows[at - 1].flow == number
        if flow.ease is not None and number not in done and not begun:
            for by in BY:
                strain = flow.ease.strain(by)
                if strain <= 1 and count + by > 0:
                    yield Change(number, at, count, by, strain)
        at += count


def _strain(change: Change) -> float:
    return change.strain


def _held(rows: Sequence[Row], way: Sequence[Change], end: int) -> int:
    """How the row before ``end`` would be held to the next one after these changes, which are in order of their rows."""
    shift = 0
    for change in sorted(way, key=lambda one: one.at):
        at = change.at + shift
        count = change.count + change.by
        if end - 1 < at:
            break
        if end - 1 < at + count:
            left = at + count - end  # rows of it on the next page
            old = rows[change.at + change.count - 1 - left].hold if left < 2 else 0
            return HELD if old == HELD else HELD_SOFTLY if left == 1 else 0
        shift += change.by
    last = end - 1 - shift
    return rows[last].hold if last < len(rows) - 1 else 0


def _made(flows: Sequence[Flow], way: Iterable[Change], failed: set[tuple[int, int]]) -> list[list[Row]] | None:
    """The rows of the changed paragraphs; None (and remembered in ``failed``) if one cannot be had so."""
    made = []
    for change in way:
        flow = flows[change.flow]
        lines = flow.ease.reset(change.by) if flow.ease else []
        if len(lines) != change.count + change.by:
            failed.add((change.flow, change.by))
            return None
        made.append(lines_of(Flow(lines, alone=flow.alone, tail=flow.tail), change.flow))
    return made


def _put(flows: Sequence[Flow], rows: list[Row], way: Sequence[Change], made: Sequence[list[Row]]) -> None:
    """Puts changed paragraphs in their places, the last first; what followed them never apart stays so."""
    for change, fresh in sorted(zip(way, made, strict=True), key=lambda pair: -pair[0].at):
        kept = rows[change.at : change.at + change.count]
        for k in range(1, min(len(fresh), len(kept), 2) + 1):
            if kept[-k].hold == HELD:
                fresh[-k] = Row(fresh[-k].line, change.flow, HELD)
        rows[change.at : change.at + change.count] = fresh
        flows[change.flow].lines = [row.line for row in fresh]
