"""Printed lines joined to paragraphs: whether a line break is a paragraph is judged from the lines of the file itself.

A newspaper column breaks its lines inside words and numbers, and even leaves blank lines inside sentences (seed, 4.0); on a
web page each line is a paragraph. The joined text keeps, for every character, where it stands in the source.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass, replace
from itertools import pairwise

from desktop_app.intake.cues import (
    CLOSING,
    CONTACT_LINE,
    CONTACT_START,
    CROSS_REFERENCE,
    DATE_ONLY,
    FURNITURE,
    LABEL,
    PAGE_NUMBER,
    SIGNATURE,
    SIGNED_AND_DATED,
    TITLE,
)
from desktop_app.intake.draft import Place, Unread
from desktop_app.intake.marks import FAMILIES, Mark, mark_at, number_of
from desktop_app.intake.source import Source

_ENDS = "。！？!?"
_RUNNING = re.compile(r"(?<=[。：；])\s?(?P<number>[一二三四五六七八九十]{1,2})、(?=[^一二三四五六七八九十、])")
_EDGE = 12
_CLOSERS = "”’）)》】」』"
_STRUCTURAL = (LABEL, CONTACT_LINE, CONTACT_START, CLOSING)
_ADDRESS = re.compile(r"[\w.\-]*(?:@|＠|www\.|https?:)[\w.\-/]*|[\w.\-]+$", re.ASCII)


@dataclass(frozen=True)
class Flow:
    """The text as paragraphs, one a line; ``at[i]`` is the place in the source of character ``i``."""

    text: str
    at: array[int]
    hard_wrapped: bool

    def place(self, start: int, end: int) -> Place:
        """The source range of ``text[start:end]``, blanks at its edges left out."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return Place(0, 0)
        return Place(self.at[start], self.at[end - 1] + 1)


@dataclass(frozen=True)
class _Line:
    text: str
    start: int
    indented: bool
    after_blank: bool
    width: float


def _width(text: str) -> float:
    """Width in full-width characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def flow(source: Source) -> tuple[Flow, tuple[Unread, ...]]:
    """The source as paragraphs, and what was taken out (page numbers, running heads, 上接第…版)."""
    lines, unread = _lines(source)
    wrapped = is_hard_wrapped(lines) if source.hard_wrapped is None else source.hard_wrapped
    column = _column(lines)
    indents = sum(1 for line in lines if line.indented) * 8 > len(lines)
    lines = _apart(lines)
    begins = _paragraph_starts(lines, column, indents) if wrapped else [True] * len(lines)
    pieces: list[str] = []
    at = array("l")
    for index, line in enumerate(lines):
        if index:
            glue = "\n" if begins[index] else _glue(lines[index - 1].text, line.text)
            pieces.append(glue)
            at.extend([line.start - 1] * len(glue))
        pieces.append(line.text)
        at.extend(range(line.start, line.start + len(line.text)))
    return _unfolded(Flow("".join(pieces), at, wrapped)), unread


def _unfolded(joined: Flow) -> Flow:
    """Chapters that run on in one paragraph (一、…。二、…。) parted: the text came without its line breaks."""
    cuts: list[int] = []
    start = 0
    for paragraph in joined.text.split("\n"):
        if len(paragraph) > 120:
            cuts += _running_chapters(joined.text, start, start + len(paragraph))
        start += len(paragraph) + 1
    if not cuts:
        return joined
    text, at = [], array("l")
    for begin, end in pairwise([0, *cuts, len(joined.text)]):
        text.append(joined.text[begin:end])
        at.extend(joined.at[begin:end])
        if end < len(joined.text):
            text.append("\n")
            at.append(joined.at[end - 1])
    return Flow("".join(text), at, joined.hard_wrapped)


def _running_chapters(text: str, start: int, end: int) -> list[int]:
    """Where 一、 二、 三、 stand in sequence after sentence ends; nothing when there are not at least two."""
    found: list[int] = []
    for hit in _RUNNING.finditer(text, start, end):
        if number_of(hit["number"]) == len(found) + 1:
            found.append(hit.start("number"))
    return found if len(found) >= 2 else []


def _lines(source: Source) -> tuple[list[_Line], tuple[Unread, ...]]:
    """Lines with something in them, trimmed, without furniture and cross references."""
    unread = list(source.furniture)
    taken = sorted((u.place.start, u.place.end) for u in source.furniture)
    lines: list[_Line] = []
    blank, at, next_taken = True, 0, 0  # the first line stands as after a blank one
    for raw in source.text.split("\n"):
        start, at = at, at + len(raw) + 1
        while next_taken < len(taken) and taken[next_taken][1] <= start:
            next_taken += 1
        covered = next_taken < len(taken) and taken[next_taken][0] <= start and len(raw) + start <= taken[next_taken][1]
        if not raw.strip():
            blank = True
            continue
        if covered:
            continue
        if PAGE_NUMBER.fullmatch(raw) and not _is_number_in_text(lines, raw):
            unread.append(Unread(raw.strip(), _trimmed(raw, start), "页码"))
            continue
        for piece, piece_start in _without_references(raw, start, unread):
            bare = piece.strip()
            if not bare:
                continue
            lead = len(piece) - len(piece.lstrip())
            indented = piece[:lead].count("　") * 2 + piece[:lead].count(" ") + piece[:lead].count("\t") * 4 >= 2
            lines.append(_Line(bare, piece_start + lead, indented, blank, _width(raw.rstrip())))
            blank = False
    return lines, tuple(sorted(unread, key=lambda u: u.place.start))


def _is_number_in_text(lines: list[_Line], raw: str) -> bool:
    """A bare number on a line is a page number only where a line may end; ``共330`` + ``00`` is one number."""
    return bool(lines) and lines[-1].text[-1].isdigit() and raw.strip().isdigit()


def _trimmed(raw: str, start: int) -> Place:
    lead = len(raw) - len(raw.lstrip())
    return Place(start + lead, start + lead + len(raw.strip()))


def _without_references(raw: str, start: int, unread: list[Unread]) -> list[tuple[str, int]]:
    pieces, at = [], 0
    for found in CROSS_REFERENCE.finditer(raw):
        pieces.append((raw[at : found.start()], start + at))
        unread.append(Unread(found[0].strip(), _trimmed(found[0], start + found.start()), "版面转接提示"))
        at = found.end()
    pieces.append((raw[at:], start + at))
    return pieces


def _column(lines: list[_Line]) -> float:
    """The width of a full line: a tenth of the lines, and at least one, are wider."""
    widths = sorted((line.width for line in lines), reverse=True)
    return widths[min(max(1, len(widths) // 10), len(widths) - 1)] if widths else 0.0


def is_hard_wrapped(lines: list[_Line]) -> bool:
    """True when no line is much wider than some that break off in the middle of a sentence: a column broke them."""
    if len(lines) < 5:
        return False
    if _indents_tell(lines):
        return True
    column = _column(lines)
    if not 12 <= column <= 64 or sum(1 for line in lines if line.width > column + 4) > len(lines) // 20 + 1:
        return False
    full = [(line, below) for line, below in pairwise(lines) if column - 3 <= line.width <= column + 4]
    broken = [line for line, below in full if _breaks_off(line.text) and not _opens(below.text)]
    return len(broken) >= 2 and len(broken) * 3 >= len(full)


def _breaks_off(text: str) -> bool:
    """Whether a line ends inside a sentence: with a comma, or with no mark at all."""
    return text[-1] not in _ENDS + _CLOSERS + "：:；;…"


def _opens(text: str) -> bool:
    """Whether a line can only begin a paragraph: enumerator, label, contact, date, signature, title."""
    cues = (*_STRUCTURAL, DATE_ONLY)
    return (
        mark_at(text, 0, len(text)) is not None or any(cue.match(text) for cue in cues) or bool(TITLE.fullmatch(text))
    )


def _indents_tell(lines: list[_Line]) -> bool:
    """Short papers: paragraphs are indented, and lines that are not go on where a full line broke off."""
    widest = max(line.width for line in lines)
    flush = [(above, line) for above, line in pairwise(lines) if not line.indented]
    if not 12 <= widest <= 64 or not flush or len(flush) > len(lines) * 3 // 4:
        return False
    full = [above for above, _ in flush if above.width >= widest - 3.5]
    return len(full) * 4 >= len(flush) * 3 and any(_breaks_off(above.text) for above in full)


def _ends_sentence(text: str) -> bool:
    bare = text.rstrip(_CLOSERS)
    return bool(bare) and bare[-1] in _ENDS


def _paragraph_starts(lines: list[_Line], column: float, indents: bool) -> list[bool]:
    """For every printed line, whether it begins a paragraph."""
    starts = [True] * len(lines)
    heading: Mark | None = None  # the enumerator of a paragraph that has no full stop yet and may be a heading
    length = 0
    for index, line in enumerate(lines):
        mark = mark_at(line.text, 0, len(line.text))
        below = LABEL.match(line.text) is not None or (
            mark is not None and heading is not None and _goes_below(heading, mark)
        )
        after_heading = heading is not None and length <= 4 and below
        starts[index] = (
            index == 0 or (after_heading and not indents) or _begins_paragraph(lines[index - 1], line, column, indents)
        )
        heading, length = (mark, 1) if starts[index] else (heading, length + 1)
        if "。" in line.text:
            heading = None
    return starts


def _goes_below(heading: Mark, mark: Mark) -> bool:
    """Whether an enumerator begins a list under a heading, or is the next heading of its kind."""
    if mark.family == heading.family:
        return mark.number == heading.number + 1
    return mark.number == 1 and FAMILIES.index(mark.family) > FAMILIES.index(heading.family)


def _begins_paragraph(previous: _Line, line: _Line, column: float, indents: bool) -> bool:
    """Whether ``line`` begins a paragraph, ``previous`` being the printed line before it.

    ``indents``: the paper indents its paragraphs, so a flush line goes on unless its words say otherwise.
    """
    if line.indented:
        return True
    short = previous.width < column - 2.5
    ended = _ends_sentence(previous.text) or previous.text[-1] in "：:；;"
    if _stands_alone(previous, column) or (_stands_alone(line, column) and (ended or short)):
        return True
    mark = mark_at(line.text, 0, len(line.text))
    structural = mark is not None or any(cue.match(line.text) for cue in _STRUCTURAL)
    running = mark is not None and mark.family in ("一是", "①", "第一")
    if structural and ended and (short or line.after_blank or not running):
        return True
    if indents:
        return False
    if previous.width < column * 0.7 and (mark is not None or not previous.text[-1].isascii()):
        return True
    return short and _ends_sentence(previous.text)


def _apart(lines: list[_Line]) -> list[_Line]:
    """The lines, those marked as beginning a paragraph that can be nothing else: a name above a date, web furniture."""
    result = list(lines)
    for index, (line, below) in enumerate(pairwise(lines)):
        edge = index < _EDGE or index >= len(lines) - _EDGE
        furniture = edge and FURNITURE.match(line.text) is not None and "。" not in line.text
        if furniture or (DATE_ONLY.fullmatch(below.text) and SIGNATURE.fullmatch(line.text)):
            result[index] = replace(result[index], indented=True)
        if furniture:
            result[index + 1] = replace(result[index + 1], indented=True)
    return result


def _stands_alone(line: _Line, column: float) -> bool:
    """Headings, signatures, dates and titles that fill a line of their own, whatever its width."""
    text = line.text
    if DATE_ONLY.fullmatch(text) or SIGNED_AND_DATED.fullmatch(text):
        return True
    named = text.startswith(("中共", "中国共产党"))
    whole = not text.endswith("情况") or line.width < column - 2.5
    if TITLE.fullmatch(text) and whole and (named or (line.after_blank and text.startswith("关于"))):
        return True
    if named and SIGNATURE.fullmatch(text) and line.after_blank:
        return True
    mark = mark_at(text, 0, len(text))
    return (
        mark is not None
        and mark.family in ("一、", "（一）")
        and line.width < column - 2.5
        and text[-1] not in "，、；,"
    )


def _glue(left: str, right: str) -> str:
    """A blank between two Latin words; nothing inside numbers, addresses and Chinese."""
    if left[-1].isascii() and right[0].isascii() and left[-1].isalpha() and right[0].isalpha():
        tail, head = _ADDRESS.search(left[-60:]), right[:60].split(" ", maxsplit=1)[0]
        address = any(c in head or (tail is not None and c in tail[0]) for c in ("@", "＠", "www.", "http"))
        return "" if address else " "
    return ""
