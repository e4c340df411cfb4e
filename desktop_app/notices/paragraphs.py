"""Sets the blocks that stand on the rows of the grid: headings, paragraphs, titles inside the body, 附件说明, blank rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from db.values import replace, value
from desktop_app.notices import linebreak, setting, titles, tree
from desktop_app.notices.flows import Ease, Flow
from desktop_app.notices.linebreak import Broken
from desktop_app.notices.marks import clean, clusters
from desktop_app.notices.page import COLOURS, SIZE_2, SIZE_3, SIZES, Frame
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Stock, Words, prepare
from desktop_app.notices.strips import Strip

INDENT = 2000
VISIBLE = 80
"""A paragraph is not set looser than this (thousandths of a character a gap) only to end a page well."""

_HEADING_ROLES = {1: "hei", 2: "kai", 3: "body", 4: "body"}


def words(block: tree.Block) -> list[Words]:
    """The words of a heading or paragraph with their faces; none for other blocks."""
    match block:
        case tree.Heading():
            role = _HEADING_ROLES.get(block.level, "body")
            own = Words(clean(block.text), role, block.origin, change=block.change)
            return [own, *map(run, block.runs_on)]
        case tree.Paragraph(role="title"):
            return [replace(run(one), role="title") for one in block.runs]
        case tree.Paragraph():
            return [run(one) for one in block.runs]
        case tree.Attachments():
            return [Words("附件：1.")]
        case _:
            return []


def run(one: tree.Run) -> Words:
    """A run as the breaker takes it."""
    return Words(clean(one.text), one.face, one.origin, COLOURS[one.colour], one.change)


def flow(block: tree.Block, number: int, frame: Frame) -> Flow | None:
    """A block on the rows of a frame, or None if it does not stand on rows; ``number`` is its ``Line.block``."""
    match block:
        case tree.Heading():
            return _heading(block, number, frame)
        case tree.Paragraph():
            return _body(block, number, frame)
        case tree.Attachments():
            return _attachments(block, number, frame)
        case tree.Space():
            return Flow([None] * max(0, block.rows))
        case _:
            return None


def measure(frame: Frame, size: float = SIZE_3) -> int:
    """The width of a frame in thousandths of a cell of this size: 28,000 for 三号 on an upright page."""
    return setting.thousandths(frame.width, size)


def _heading(block: tree.Heading, number: int, frame: Frame) -> Flow:
    """A heading; lines that hold nothing but its own words are held to what follows."""
    said = words(block)
    own = len(clusters(said[0].text))
    made = paragraph(said, number, frame, INDENT, heading=own, level=block.level)
    if block.runs_on:
        made.alone = sum([isinstance(line.pieces, Strip) and line.pieces.end <= own for line in made.lines if line])
    else:
        made.alone = len(made.lines)
    if made.alone:  # set anew, other lines would have to be held
        made.ease = None
    return made


def _body(block: tree.Paragraph, number: int, frame: Frame) -> Flow:
    said, size = words(block), SIZES[block.size]
    if block.role in ("body", "flush"):
        return paragraph(said, number, frame, INDENT if block.role == "body" else 0, size=size)
    if block.role == "title":
        return _title(said, number, frame, SIZE_2 if block.size == "3" else size)
    if block.role == "listed":
        return _listed(said, number, frame, size)
    stock = prepare(said)
    lines: list[Draft | None] = []
    wide = measure(frame, size)
    for line in linebreak.lines(stock, wide):
        free = wide - line.right
        indent = round(free / 2 if block.role == "centre" else free)
        moved = Broken(line.start, line.end, line.xs, line.right, line.fit, indent)
        lines += setting.drafts(stock, [moved], "body", size, number, edge=frame.left)
    return Flow(lines)


def _title(said: Sequence[Words], number: int, frame: Frame, size: float) -> Flow:
    """A title of its own inside the body, broken by sense; it stays with what follows."""
    text = "".join([one.text for one in said])
    lines: list[Draft | None] = []
    for start, end in titles.split(text, titles.widths_of(text), measure(frame, size)):
        part = _between(said, start, end)
        line = setting.single(part, "title", size, frame.left, block=number)
        lines.append(line.shifted((frame.left + frame.right - line.left - line.right) / 2))
    return Flow(lines, alone=len(lines))


def _between(said: Sequence[Words], start: int, end: int) -> list[Words]:
    """The words of characters ``start`` to ``end``."""
    found, at = [], 0
    for one in said:
        text = one.text[max(0, start - at) : max(0, end - at)]
        if text:
            found.append(replace(one, text=text))
        at += len(one.text)
    return found


def _listed(said: Sequence[Words], number: int, frame: Frame, size: float) -> Flow:
    """Two characters in; turned lines under the first character after the first run (出席：…, 10.3)."""
    stock, wide = prepare(said), measure(frame, size)
    hang = min(wide // 2, INDENT + setting.width(prepare(said[:1])))
    lines = linebreak.lines(stock, wide, INDENT, hang)
    return Flow([*setting.drafts(stock, lines, "body", size, number, edge=frame.left)])


def paragraph(
    said: Sequence[Words],
    number: int,
    frame: Frame,
    first: int = 0,
    *,
    heading: int = 0,
    level: int = 0,
    size: float = SIZE_3,
) -> Flow:
    """A justified paragraph, the lines of whose first ``heading`` cells are heading lines of that level."""
    place = Place(frame.left, measure(frame, size), size, first, heading, level)
    lines, room = _set(tuple(said), place)

    def reset(by: int) -> list[Draft | None]:
        stock = prepare(said)
        made = linebreak.lines(stock, place.wide, first, looseness=by)
        return [] if any(_visible(stock, line) for line in made) else _numbered(_drafts(stock, made, place), number)

    def strain(by: int) -> float:
        if by < 0:
            return room.right / max(1, room.gives + 20 * room.cells)
        return (place.wide - room.right + 1000) / (VISIBLE * room.cells)

    return Flow(_numbered(lines, number), Ease(strain, reset) if lines else None)


@value
class Place:
    """Where a paragraph stands and what it is: its left edge in points, its measure and first indent in thousandths of its
    size, how many cells of it are a heading of which level."""

    left: float
    wide: int
    size: float
    first: int
    heading: int
    level: int


@value
class Room:
    """What tells whether a paragraph can be set longer or shorter: where its last line ends, what all its marks can give
    together, how many cells it has."""

    right: float
    gives: int
    cells: int


@lru_cache(maxsize=4000)
def _set(said: tuple[Words, ...], place: Place) -> tuple[tuple[Draft, ...], Room]:
    """The lines of a paragraph and its room; kept, because a preview sets the same paper again after every save. (What the
    breaker weighs is not kept: it is ten times as large.)"""
    stock = prepare(said)
    lines = linebreak.lines(stock, place.wide, place.first)
    room = Room(lines[-1].right if lines else 0.0, stock.width[-1] - stock.least[-1], len(stock.cells))
    return tuple(_drafts(stock, lines, place)), room


def _drafts(stock: Stock, lines: Sequence[Broken], place: Place) -> list[Draft]:
    headed = sum([line.start < place.heading for line in lines]) if place.heading else 0
    size, left = place.size, place.left
    made = setting.drafts(stock, lines[:headed], "heading", size, -1, place.level, left) if headed else []
    return made + setting.drafts(stock, lines[headed:], "body", size, -1, edge=left)


def _numbered(lines: Sequence[Draft], number: int) -> list[Draft | None]:
    """The lines as those of block ``number``."""
    return [
        Draft(one.kind, one.left, one.right, one.pieces, one.fit, number, one.level, one.images, one.size)
        for one in lines
    ]


def _visible(stock: Stock, line: Broken) -> bool:
    """Whether a line is spread so much that a reader sees it."""
    if line.fit == "ragged":
        return True
    natural = stock.width[stock.solid[line.end]] - stock.width[line.start]
    return line.fit == "stretched" and line.right - natural > VISIBLE * max(1, line.end - line.start - 1)


def _attachments(block: tree.Attachments, number: int, frame: Frame) -> Flow:
    """附件说明: a blank row, two characters in, turned lines under the first character of the name (7.3.4)."""
    lines: list[Draft | None] = [None]
    several = len(block.titles) > 1
    for k, name in enumerate(block.titles):
        label = "附件：" if k == 0 else ""
        figure = f"{k + 1}." if several else ""
        first = INDENT if k == 0 else INDENT + setting.width(prepare([Words("附件：")]))
        hang = first + setting.width(prepare([Words(label + figure)]))
        stock = prepare([Words(label + figure + clean(name))])
        broken = linebreak.lines(stock, measure(frame), first, hang)
        lines += setting.drafts(stock, broken, "body", SIZE_3, number, edge=frame.left)
    return Flow(lines)
