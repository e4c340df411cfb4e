"""发文机关署名, 成文日期, seals and name stamps (GB/T 9704 7.3.5).

A seal presses down on the organ's name and the date so that they stand a little below its middle, and its upper edge is not
more than a row below the text: the blank rows above the name follow from the size of the seal. The pictures of seals lie
above the words and are multiplied with what is under them (``ink``), as a stamp's own ink is: the white ground of a scanned
seal hides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from db.errors import Refusal
from db.values import replace
from desktop_app.notices import linebreak, setting, titles, tree
from desktop_app.notices.head import RIGHT, joined, one_line
from desktop_app.notices.marks import clean
from desktop_app.notices.page import AREA_WIDTH, CELL, CELLS, LEFT, MM, ROW, SIZE_3, Image
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Words, prepare

SHARE = SIZE_3 / ROW
"""Height of a line's characters in rows."""
ABOVE_MIDDLE = 0.35
"""How far the middle of a seal stands above that of name and date, in rows."""
SEALS_APART = 3 * MM
MOST_BESIDE, MOST_ROWS = 3, 3
NAME_CELLS = (CELLS - 4, 12, 7)
"""A name on a line: as long as the type area allows; so that two seals, or three, stand beside each other."""
STAMP_WIDTH, STAMP_HEIGHT = 40 * MM, 20 * MM
"""A name stamp (签名章) keeps its proportions inside this."""
STAMP_ABOVE, STAMP_BELOW, STAMP_PITCH = 3, 2, 3
"""Blank rows above and below the line of a name stamp, which is nearly two rows high, so that two rows above it and one
below it stay free (7.3.5.3); rows from one stamp to the next."""


def signature(part: tree.Signature, noted: bool = False) -> list[Draft | None]:
    """The lines of a signature with the blank rows before them; ``noted`` says that 附注 follows on the next line."""
    date = [Words(clean(part.date), "body", part.origin)]
    wide = _width(date)
    one_line("成文日期", wide, AREA_WIDTH - 4 * CELL)
    if part.seal == "none":
        return _unsealed(part, date, wide)
    if part.seal == "signed":
        return _stamped(part, date, wide)
    return _sealed(part, date, wide, noted)


def _names(part: tree.Signature) -> list[list[Words]]:
    every = (clean(name) for name in (part.organ, *part.others))
    return [[Words(name, "body", part.origin)] for name in every if name]


def _width(words: Sequence[Words]) -> float:
    return setting.width(prepare(words)) * CELL / 1000


def _single(words: Sequence[Words], left: float) -> Draft:
    return setting.single(words, "signature", SIZE_3, left)


def _unsealed(part: tree.Signature, date: list[Words], date_wide: float) -> list[Draft | None]:
    """7.3.5.2: a blank row, names two characters in from the right, the date's first character two right of theirs."""
    names = _names(part)
    wide = max(map(_width, names), default=0.0)
    if date_wide > wide:
        date_left = RIGHT - 2 * CELL - date_wide
        left = date_left - 2 * CELL
    else:
        left = RIGHT - 2 * CELL - wide
        date_left = left + 2 * CELL
    drafts: list[Draft | None] = [None]
    for words in names:
        drafts += [_single(words, left)] if left >= LEFT else _long(words)
    if part.date:
        drafts.append(_single(date, max(LEFT, date_left)))
    return drafts


def _long(words: list[Words]) -> list[Draft]:
    """A name longer than the line: broken, each line two characters in from the right."""
    found = []
    stock = prepare(words)
    for line in linebreak.lines(stock, (CELLS - 4) * 1000):
        wide = line.right * CELL / 1000
        left = RIGHT - 2 * CELL - wide
        found.append(Draft("signature", left, left + wide, setting.pieces(stock, line, left, SIZE_3)))
    return found


def _sealed(part: tree.Signature, date: list[Words], date_wide: float, noted: bool) -> list[Draft | None]:
    """7.3.5.1: the date four characters in from the right, the (last) name above it and centred on it, a seal on every
    name and the last seal on the date too; up to three beside each other, as wide as the type area allows."""
    names = _names(part)
    if not names:
        return _unsealed(part, date, date_wide)
    size = part.seal_width * MM
    high = size / ROW
    lines, beside = _columns(names, size, max(date_wide, size))
    widest = max(line.right for name in lines for line in name)
    middle = min(RIGHT - 4 * CELL - date_wide / 2, RIGHT - max(widest, date_wide, size) / 2)
    apart = max(size + SEALS_APART, widest + CELL)
    digests = part.seals if part.seal == "picture" else ()
    drafts: list[Draft | None] = []
    below = 0.0
    for first in range(0, len(names), beside):
        row = range(first, min(len(names), first + beside))
        last = row[-1] == len(names) - 1
        deep = max(len(lines[index]) for index in row)
        tall = deep - 1 + (1 if last and part.date else 0) + SHARE
        centre = tall / 2 - ABOVE_MIDDLE
        drafts += [None] * (_blanks(centre, high) if first == 0 else max(1, math.ceil(below - centre + high / 2)))
        for k in range(deep):
            placed = []
            for index in row:
                x = middle - (row[-1] - index) * apart
                seal = _seal(digests, index, x, size, centre, clean(names[index][0].text)) if k == 0 else ()
                placed += [_moved(own, x, seal) for own in lines[index][k : k + 1]]
            drafts.append(joined(placed))
        below = centre + high / 2 + SEALS_APART / ROW - deep
    if part.date:
        drafts.append(_single(date, middle - date_wide / 2))
    reach = centre + high / 2 - tall
    return drafts + [None] * (0 if noted else max(0, math.ceil(reach - 0.01)))


def _columns(names: list[list[Words]], size: float, least: float) -> tuple[list[list[Draft]], int]:
    """The lines of the names and how many seals stand beside each other: names on one line if that leaves few enough rows
    of seals, else broken so that more seals stand beside each other. ``Refusal`` if a page cannot hold them."""
    for cells in NAME_CELLS:
        lines = [_centred(words, cells) for words in names]
        widest = max(line.right for name in lines for line in name)
        middle = min(RIGHT - 4 * CELL - least / 2, RIGHT - max(widest, least) / 2)
        apart = max(size + SEALS_APART, widest + CELL)
        beside = 1
        while beside < min(MOST_BESIDE, len(names)) and middle - beside * apart - max(widest, size) / 2 >= LEFT:
            beside += 1
        if -(-len(names) // beside) <= MOST_ROWS:
            return lines, beside
    raise Refusal(
        f"联合署名的机关有{len(names)}个，一页排不下它们的印章。", "请只由主办机关署名用印，或减少联署机关。", "print"
    )


def _centred(words: list[Words], cells: int) -> list[Draft]:
    """A name in lines of their own width, at no place yet: one line unless it is longer than so many characters."""
    stock = prepare(words)
    text = words[0].text
    parts = [text]
    if stock.width[-1] > cells * 1000:
        broken = linebreak.lines(stock, cells * 1000)
        ranges = [(line.start, line.end) for line in broken]
        if len(stock.cells) == len(text):  # by sense, as a title
            ranges = titles.split(text, stock.width, cells * 1000)
        parts = ["".join(cell.text for cell in stock.cells[start:end]) for start, end in ranges]
    return [setting.single([replace(words[0], text=part)], "signature", SIZE_3, 0.0) for part in parts]


def _moved(own: Draft, middle: float, images: tuple[Image, ...]) -> Draft:
    """A line of ``_centred`` with its middle at ``middle``."""
    left = middle - own.right / 2
    pieces = tuple(replace(piece, xs=tuple(x + left for x in piece.xs)) for piece in own.pieces)
    return Draft(own.kind, left, left + own.right, pieces, images=images)


def _blanks(centre: float, high: float) -> int:
    """Blank rows above the name: as few as keep the seal off the text, so that it begins not a row below it (7.3.5.1)."""
    return max(1, math.ceil(high / 2 - centre - (1 - SHARE)))


def _seal(digests: Sequence[str], index: int, x: float, size: float, centre: float, organ: str) -> tuple[Image, ...]:
    if index >= len(digests) or not digests[index]:
        return ()
    y = -centre * ROW - size / 2
    return (Image(digests[index], x - size / 2, y, size, size, f"{organ}印章", over=True),)


def _stamped(part: tree.Signature, date: list[Words], date_wide: float) -> list[Draft | None]:
    """7.3.5.3: the stamp four characters in from the right, the post two to the left of it at the middle of its height,
    further posts below; the date four in from the right."""
    right = RIGHT - 4 * CELL
    drafts: list[Draft | None] = [None] * STAMP_ABOVE
    for k, post in enumerate(clean(one) for one in (part.post, *part.others)):
        words = [Words(post, "body", part.origin)]
        wide = _width(words)
        left = right - STAMP_WIDTH - 2 * CELL - wide
        one_line("签发人职务", wide, right - STAMP_WIDTH - 2 * CELL - LEFT)
        images: tuple[Image, ...] = ()
        if k < len(part.seals) and part.seals[k]:
            y = -(SIZE_3 + STAMP_HEIGHT) / 2
            images = (
                Image(part.seals[k], right - STAMP_WIDTH, y, STAMP_WIDTH, STAMP_HEIGHT, f"{post}签名章", over=True),
            )
        own = _single(words, left)
        drafts += [None] * (STAMP_PITCH - 1 if k else 0)
        drafts.append(Draft(own.kind, own.left, own.right, own.pieces, images=images))
    if part.date:
        drafts += [None] * STAMP_BELOW
        drafts.append(_single(date, right - date_wide))
    return drafts
