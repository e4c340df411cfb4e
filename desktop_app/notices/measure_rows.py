"""Makes lines of glyphs again, and finds which of them are the body: by size, place and the strokes around them alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median, mode

from desktop_app.notices.measure_read import Glyph, Leaf, Reading, Rule

MM = 72 / 25.4
BODY = (15.4, 16.6)
"""三号: 16 pt in typesetting programs, 15.75 pt by tradition."""
TITLE = (19.5, 26.5)
NUMBER = re.compile(r"[—–―－-]?\s*(\d{1,4})\s*[—–―－-]?")
BEGINNING = 8
"""Characters by which a paragraph is known that begins at the edge."""
FOLIO = re.compile(r"第\d+版")
OPENING = frozenset("“‘（〔【《〈「『［｛")
LETTER = 165 * MM
"""Red strokes at least this long are those of a letter (10.1: 170 mm)."""


@dataclass(slots=True)
class Row:
    """Glyphs on one base line ``y``, left to right. ``left`` and ``right`` are where the ink begins and ends."""

    page: int
    y: float
    size: float
    glyphs: list[Glyph]
    text: str = ""
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    order: int = 0

    def __post_init__(self) -> None:
        inked = [one for one in self.glyphs if one.kind != "blank"] or self.glyphs
        self.text = "".join(one.char for one in self.glyphs)
        self.left = min(one.left for one in inked)
        self.right = max(one.right for one in inked)
        self.top = max(one.top for one in inked)
        self.bottom = min(one.bottom for one in inked)

    @property
    def start(self) -> float:
        """Where the cell of the first character begins."""
        return self.glyphs[0].x

    @property
    def red(self) -> bool:
        """Whether it is printed in red."""
        return self.glyphs[0].red

    @property
    def high(self) -> float:
        """The upper edge of its characters: of their ink where there is enough of it, else of their squares."""
        return self.top if self._full else self.y + 0.86 * self.size

    @property
    def low(self) -> float:
        """The lower edge of its characters."""
        return self.bottom if self._full else self.y - 0.1 * self.size

    @property
    def _full(self) -> bool:
        full = self.top - self.bottom > 0.8 * self.size
        return full and sum(1 for one in self.glyphs if ideograph(one.char)) >= 10

    @property
    def place(self) -> str:
        """Where it stands, as it is told."""
        said = self.text.strip()
        return f"第{self.page}页第{self.order}行“{said[:8]}{'…' if len(said) > 8 else ''}”"


@dataclass(slots=True)
class Sheet:
    """A page in lines. ``body`` are the lines of the text itself; ``numbers`` what may be a page number."""

    leaf: Leaf
    rows: list[Row]
    numbers: list[Row]
    body: list[Row] = field(default_factory=list)
    table: tuple[float, float, float, float] | None = None

    @property
    def turned(self) -> bool:
        """Whether it is a landscape page."""
        return self.leaf.turned or self.leaf.width > self.leaf.height

    @property
    def newspaper(self) -> bool:
        """Whether it is a page of a newspaper, which has a head line and a number of its own."""
        high = self.leaf.height - 25 * MM
        return any(row.bottom > high and FOLIO.fullmatch(row.text.strip()) for row in self.rows)

    @property
    def area(self) -> tuple[float, float, float, float]:
        """The type area (left, bottom, right, top) in the frame of its lines (5.2.1; turned: 8)."""
        if self.turned:
            return 35 * MM, 26 * MM, 260 * MM, 182 * MM
        top = self.leaf.height - 37 * MM
        return 28 * MM, top - 225 * MM, 184 * MM, top


@dataclass(slots=True)
class Layout:
    """A file in pages and lines, with what is common to its body: left edge, right edge, pitch of characters and lines.

    ``turned`` is how many lines the edges were taken from; ``pitch`` is that of lines that are not stretched, 0 if unknown. ``begun`` are the first words of paragraphs, where they are known; ``home``
    are the faces most of the text is set in.
    """

    sheets: list[Sheet]
    left: float = 0.0
    right: float = 0.0
    pitch: float = 0.0
    leading: float = 0.0
    letter: bool = False
    size: float = 0.0
    turned: int = 0
    begun: frozenset[str] = frozenset()
    home: frozenset[int] = frozenset()

    @property
    def body(self) -> list[Row]:
        """All lines of the body in order."""
        return [row for sheet in self.sheets for row in sheet.body]


def layout(reading: Reading) -> Layout:
    """The lines of a file, and which are the body's."""
    found = Layout([_sheet(leaf) for leaf in reading.leaves])
    sizes = Counter(
        round(glyph.size * 4) / 4 for sheet in found.sheets if not sheet.turned for glyph in sheet.leaf.glyphs
    )
    found.size = sizes.most_common(1)[0][0] if sizes else 0.0
    first = found.sheets[0] if found.sheets else None
    found.letter = (
        first is not None and sum(1 for one in first.leaf.rules if one.red and one.flat and one.length >= LETTER) >= 2
    )
    for sheet in found.sheets:
        if not sheet.turned:
            below = _first_of_body(sheet) if sheet is first else float("inf")
            sheet.body = [row for row in sheet.rows if _is_body(row, sheet, below)]
    found.home = _settle(found.body)
    _edges(found)
    return found


def _settle(body: list[Row]) -> frozenset[int]:
    """The faces most of the text is set in; the base line of a line is theirs: a face that stands in for a character is raised
    or lowered a little."""
    count = Counter(glyph.face for row in body for glyph in row.glyphs)
    home = frozenset(face for face, many in count.items() if many >= 0.15 * count.total())
    for row in body:
        own = [round(glyph.y, 2) for glyph in row.glyphs if glyph.face in home]
        if own:
            row.y = mode(own)
    return home


def _sheet(leaf: Leaf) -> Sheet:
    made = Sheet(leaf, rows_of(leaf.glyphs, leaf.number), [])
    beside = rows_of(leaf.beside, leaf.number)
    foot = leaf.height - 262 * MM  # of the upright type area
    if leaf.turned:
        made.numbers = [row for row in beside if NUMBER.fullmatch(row.text.strip())]
    else:
        made.numbers = [row for row in made.rows if row.top < foot and NUMBER.fullmatch(row.text.strip())]
        made.rows = [row for row in made.rows if row not in made.numbers]
    for order, row in enumerate(made.rows, start=1):
        row.order = order
    made.table = _table(leaf.rules)
    return made


def rows_of(glyphs: Iterable[Glyph], page: int) -> list[Row]:
    """Lines from top to bottom; parts of one base line that stand far apart are lines of their own."""
    found: list[Row] = []
    held: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda one: (-one.y, one.x)):
        if (
            held and held[-1].y - glyph.y > 0.1 * glyph.size
        ):  # characters of another face may be a little higher or lower
            found += _parted(held, page)
            held = []
        held.append(glyph)
    return found + _parted(held, page) if held else found


def _parted(glyphs: list[Glyph], page: int) -> list[Row]:
    ordered = sorted(glyphs, key=lambda one: one.x)
    parts = [[ordered[0]]]
    for glyph in ordered[1:]:
        before = parts[-1][-1]
        if glyph.x - max(before.x, before.right) > 2.2 * max(glyph.size, before.size):
            parts.append([])
        parts[-1].append(glyph)
    made = []
    for part in parts:
        if all(one.kind == "blank" for one in part):
            continue
        while part[-1].kind == "blank":
            part.pop()
        while part[0].kind == "blank":
            part.pop(0)
        sizes = Counter(round(one.size, 1) for one in part)
        made.append(Row(page, mode(round(one.y, 2) for one in part), sizes.most_common(1)[0][0], part))
    return made


def _table(rules: list[Rule]) -> tuple[float, float, float, float] | None:
    """The box around crossing strokes, if there is something like a table."""
    black = [one for one in rules if not one.red]
    flat = [one for one in black if one.flat]
    upright = [one for one in black if not one.flat]
    if len(flat) < 2 or len(upright) < 2:
        return None
    return (
        min(one.left for one in upright) - 2,
        min(one.bottom for one in upright) - 2,
        max(one.right for one in upright) + 2,
        max(one.top for one in upright) + 2,
    )


def _first_of_body(sheet: Sheet) -> float:
    """The base line above which page 1 holds 版头 and title."""
    titles = [row.y for row in sheet.rows if TITLE[0] <= row.size <= TITLE[1] and not row.red]
    if titles:
        run = [titles[0]]
        for y in titles[1:]:
            if run[-1] - y < 50:
                run.append(y)
        return run[-1] - 1
    rules = [one.y for one in sheet.leaf.rules if one.red and one.flat and one.length > 100 * MM]
    if rules:
        return max(rules)
    red = [row.y for row in sheet.rows if row.red and row.size > TITLE[0]]
    under = [row for row in sheet.rows if red and row.y < min(red)]
    middle = sheet.leaf.width / 2  # of an order the number stands alone under the mark (10.2)
    if under and abs((under[0].left + under[0].right) / 2 - (middle + MM)) < 2 * MM:
        return under[0].y - 1
    return float("inf")


def _is_body(row: Row, sheet: Sheet, below: float) -> bool:
    if not BODY[0] <= row.size <= BODY[1] or row.red or row.y >= below:
        return False
    if sheet.table is None:
        return True
    left, bottom, right, top = sheet.table
    return not (left <= row.left and row.right <= right and bottom <= row.y <= top)


def _edges(found: Layout) -> None:
    """The common edges of turned lines, the pitch between neighbouring ideographs, and the pitch of lines."""
    body = found.body
    if not body:
        return
    found.right = max(row.right for row in body)
    turned = [
        b
        for sheet in found.sheets
        for a, b in pairwise(sheet.body)
        if a.right > found.right - 1.3 * found.size
        and a.right - b.start > 140 * MM
        and b.start < a.start + 4
        and b.text[0] not in OPENING  # such a line may begin a little further out
    ]
    starts = Counter(round(row.start * 2) / 2 for row in turned)
    if starts:
        common = max(starts, key=lambda start: (starts[start], -start))
        found.left = median(row.start for row in turned if abs(row.start - common) < 0.6)
        found.turned = sum(1 for row in turned if abs(row.start - found.left) < found.size * 0.6)
    found.pitch = _pitch([row for row in body if row.right < found.right - 2 * found.size], 10) or _pitch(body, 200)
    steps = [a.y - b.y for sheet in found.sheets for a, b in pairwise(sheet.body) if 24 < a.y - b.y < 36]
    if steps:
        found.leading = _exact(found.sheets, median(steps))


def _pitch(rows: list[Row], enough: int) -> float:
    """The distance of neighbouring ideographs: of lines that end a paragraph, which nothing stretches, or the least common
    one of many lines; 0 if there are too few."""
    gaps = sorted(b.x - a.x for row in rows for a, b in pairwise(row.glyphs) if ideograph(a.char) and ideograph(b.char))
    return gaps[len(gaps) // 10] if len(gaps) >= enough else 0.0


def _exact(sheets: list[Sheet], step: float) -> float:
    """The pitch of lines from the longest distances, not from single steps."""
    found = []
    for sheet in sheets:
        if len(sheet.body) >= 5:
            high = sheet.body[0].y - sheet.body[-1].y
            found.append(high / max(1, round(high / step)))
    return median(found) if found else step


def ideograph(char: str) -> bool:
    """Whether a character is a Chinese one that fills a cell, no mark."""
    return "\u3400" <= char <= "\u9fff" or char >= "\U00020000" or char == "〇"
