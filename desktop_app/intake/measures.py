"""Measures: enumerated text (一是…二是…, （1）…, ①…, 1.…) as nested items, without losing or inventing a character.

An enumerator counts only in sequence and after the end of a sentence (or at the start of a paragraph): the 一是 of
统一是, 第一是 and 之一是 is none (issue, point 5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from desktop_app.intake.draft import Item
from desktop_app.intake.flow import Flow
from desktop_app.intake.marks import MARK, Mark, is_stop, mark_at

DEEPEST = 5
LONGEST_LEAD = 60
_CLOSERS = "”’）)》】」』"
_STOP = re.compile(r"[。\n.]|[！？](?![”’])")
_TRACTION = re.compile(r"(?:(?<=[。\n])|(?<![\s\S]))以[^，。；\n]{2,40}为(?P<word>牵引|抓手|导向|主线|引领)，")


@dataclass
class _Open:
    """An item under construction: where its text begins, and the items within it."""

    mark: Mark | None
    paragraph: bool
    start: int
    end: int = 0
    children: list[_Open] = field(default_factory=list)


def marks(flow: Flow, start: int, end: int) -> list[tuple[Mark, bool]]:
    """Enumerators in ``[start, end)`` that may count: (mark, begins a paragraph), in order."""
    text, found, at = flow.text, [], start
    while at < end:
        if at == start or text[at - 1] == "\n":
            mark = mark_at(text, at, end)
            if mark:
                found.append((mark, at == 0 or text[at - 1] == "\n"))
                at = mark.end
                continue
        hit = MARK.search(text, at, end)
        if hit is None:
            break
        if _after_stop(text, start, hit.start()) or (hit["f8"] and text[hit.start() - 1] in "，,、"):
            mark = mark_at(text, hit.start(), end)
            if mark:
                found.append((mark, text[hit.start() - 1] == "\n"))
                at = mark.end
                continue
        at = hit.start() + 1 if hit.end() == hit.start() else _next_start(text, hit.start(), hit.end())
    return found


def _next_start(text: str, start: int, end: int) -> int:
    """Where to look on after an enumerator that does not count: behind the blanks it begins with, and one character."""
    while start < end and text[start] in " \t　":
        start += 1
    return start + 1


def _after_stop(text: str, floor: int, at: int) -> bool:
    """Whether a sentence ends (or the text begins) just before ``at``; closing quotes are looked through."""
    steps = 0
    while at > floor and text[at - 1] in _CLOSERS and steps < 3:
        at, steps = at - 1, steps + 1
    return at <= floor or text[at - 1] in "。；;！？!?：:\n…" or is_stop(text, at - 1)


def items(flow: Flow, start: int, end: int) -> tuple[int, tuple[Item, ...]]:
    """The items of ``text[start:end]`` and where the first begins (``end`` when there is none)."""
    candidates = marks(flow, start, end)
    last: dict[tuple[str, int], int] = {(m.family, m.number): i for i, (m, _) in enumerate(candidates)}
    tops: list[_Open] = []
    stack: list[_Open] = []
    for index, (mark, paragraph) in enumerate(candidates):
        depth = _depth(
            stack, mark, paragraph, last.get((mark.family, 2), -1) > index, flow.text[mark.start - 1 : mark.start]
        )
        if depth is None:
            continue
        for closed in stack[depth:]:
            closed.end = mark.start
        del stack[depth:]
        item = _Open(mark, paragraph, mark.start)
        (stack[-1].children if stack else tops).append(item)
        stack.append(item)
    for closed in stack:
        closed.end = end
    if not tops:
        return end, ()
    return tops[0].start, tuple(_item(flow, item) for item in tops)


def _depth(stack: list[_Open], mark: Mark, paragraph: bool, goes_on: bool, before: str) -> int | None:
    """At which depth an enumerator opens an item; None when it is no enumerator here."""
    same = [d for d, item in enumerate(stack) if item.mark and item.mark.family == mark.family]
    for depth in reversed(same):
        open_mark = stack[depth].mark
        if open_mark is not None and mark.number == open_mark.number + 1:
            return depth
    if before and before in "，,、":
        return None
    if mark.number == 1:
        if not goes_on or len(stack) >= DEEPEST:
            return None
        if same and paragraph and stack[same[-1]].paragraph and len(same) == 1:
            return same[-1]  # a second list of the same build begins
        return len(stack)
    if paragraph and same:
        open_mark = stack[same[-1]].mark
        if open_mark is not None and 1 < mark.number - open_mark.number <= 3:
            return same[-1]  # a number is missing
    if paragraph and not stack and mark.number <= 3:
        return 0  # the beginning was cut off
    return None


def _item(flow: Flow, item: _Open) -> Item:
    mark = item.mark
    begin = mark.end if mark else item.start
    inner_end = item.children[0].start if item.children else item.end
    shown = flow.text[item.start : begin].strip()
    lead, body = parted(flow.text[begin:inner_end].strip())
    children = tuple(_item(flow, child) for child in item.children)
    if not children:
        body, children = _drawn(flow, body, begin, inner_end)
    number = mark.number if mark else None
    return Item(number, shown, lead, body, children, item.paragraph, flow.place(item.start, item.end))


def parted(text: str) -> tuple[str, str]:
    """Lead and body: the lead is the first sentence when it is short enough to be a lead, with its stop."""
    stop = next((s for s in _STOP.finditer(text, 0, LONGEST_LEAD + 1) if s[0] != "." or is_stop(text, s.start())), None)
    if stop is None:
        return (text, "") if len(text) <= LONGEST_LEAD else ("", text)
    cut = stop.start() if stop[0] == "\n" else stop.end()
    while cut < len(text) and text[cut] in _CLOSERS:
        cut += 1
    if text[:cut].count("“") != text[:cut].count("”"):
        return "", text
    return text[:cut], text[cut:]


def _drawn(flow: Flow, body: str, begin: int, end: int) -> tuple[str, tuple[Item, ...]]:
    """Sentences 以…为牵引，…。 that open groups (seed, notice 2): children when there are at least two with one word."""
    found = list(_TRACTION.finditer(body))
    words = [hit["word"] for hit in found]
    found = [hit for hit in found if words.count(hit["word"]) >= 2]
    if not found:
        return body, ()
    shift = flow.text.rfind(body, begin, end)
    cuts = [hit.start() for hit in found] + [len(body)]
    children = []
    for cut, until in pairwise(cuts):
        lead, rest = parted(body[cut:until].strip())
        paragraph = cut > 0 and body[cut - 1] == "\n"
        children.append(Item(None, "", lead, rest, (), paragraph, flow.place(shift + cut, shift + until)))
    return body[: cuts[0]].rstrip(), tuple(children)


def plain_items(flow: Flow, start: int, end: int) -> tuple[Item, ...]:
    """Unnumbered measures: each paragraph is one; the first runs on unless it begins a paragraph."""
    result = []
    at = start
    for paragraph in flow.text[start:end].split("\n"):
        if paragraph.strip():
            fresh = at == 0 or flow.text[at - 1] == "\n" or (at == start and flow.text[at : at + 1] == "\n")
            lead, body = parted(paragraph.strip())
            result.append(Item(None, "", lead, body, (), fresh, flow.place(at, at + len(paragraph))))
        at += len(paragraph) + 1
    return tuple(result)
