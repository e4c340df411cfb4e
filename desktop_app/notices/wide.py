"""Tables of many columns: which paper and size they need, how wide each is, and in how many parts they go when no sheet is
wide enough. Cells that say the same of rows below each other become one.

Widths are counted in characters of the table's size; the sheet's own are those of GB/T 9704 (156 mm upright, 225 mm turned).
A clerk's ledger is read at 五号 or 小五; below that columns go into a second part that repeats what names the row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from desktop_app.notices import page
from desktop_app.notices.tree import Align, Colour, Column, Run, Size, Table, TableCell, TableRow

Layout = Literal["upright", "landscape"]
PADDING = 0.6
"""Blank of a cell left and right together, in characters."""
LONGEST = 22.0
"""No column of prose asks for more characters than this."""
_PAPERS: tuple[tuple[Layout, Size], ...] = (
    ("upright", "x4"), ("upright", "5"), ("landscape", "x4"), ("landscape", "5"), ("upright", "x5"), ("landscape", "x5"),
)  # fmt: skip
"""Papers and sizes in the order they are tried."""
_SOLID = re.compile(r"[（《“]?[A-Za-z0-9.,%/:+-]+[）》”，。%年月日]?")
"""What is not broken inside a cell: a number or Latin word with the marks that cling to it."""
_SHORT = 6.5
"""Columns up to this width get what they would like before any prose does."""
_LITTLE = 1.25
"""How much wider a short column may become."""
_SQUEEZED = 0.85
"""A larger size is taken rather than a smaller one as long as columns keep this share of what they would like."""
_ROOM = {"upright": page.AREA_WIDTH, "landscape": page.AREA_HEIGHT}


@dataclass(frozen=True, slots=True)
class Spec:
    """A column before it is laid: ``group`` is the heading it stands under with its neighbours, ``width`` the characters it
    would like, ``least`` those it cannot do without; ``named`` columns say which row it is and are repeated in every part."""

    key: str
    title: str
    group: str = ""
    width: float = 4.0
    least: float = 2.0
    align: Align = "left"
    named: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the columns go: the paper, the size of the characters, and for each part the columns in it."""

    layout: Layout
    size: Size
    parts: tuple[tuple[Spec, ...], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What a place of a table holds. Places below each other with the same ``key`` (not "") become one cell."""

    paragraphs: tuple[tuple[Run, ...], ...] = ()
    key: str = ""
    align: Align | None = None
    fill: Colour | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """The sums below the rows, by the columns' keys."""

    places: Mapping[str, Held]


Row = Mapping[str, Held] | TableRow | Total
"""What a table is made of: places by the columns' keys, a finished row of one cell, or sums."""


def length(text: str) -> float:
    """How many characters wide words are: a Latin letter or figure is half of one."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.52 for sign in text)


def held(
    text: str | None, origin: str = "", *, key: str = "", colour: Colour = "black", align: Align | None = None
) -> Held:
    """Words of one origin, a paragraph for each line of them."""
    lines = (text or "").split("\n")
    return Held(tuple((Run(line, "body", origin, "", colour),) for line in lines if line), key, align)


def words(one: Held) -> str:
    """The words of a place, lines parted."""
    return "\n".join("".join(run.text for run in runs) for runs in one.paragraphs)


def measured(spec: Spec, said: Iterable[str], *, whole: bool = False) -> Spec:
    """A column as wide as its words ask: ``whole`` ones (figures, days) are never broken, prose is content with less."""
    lines = [line for words_ in said for line in words_.split("\n")]
    lengths = sorted(map(length, lines))
    title = length(spec.title)
    two_lines = max(2.0, -(-title // 2)) if title > 4 else title
    if not lengths:
        return replace(spec, width=max(two_lines, 2.0), least=max(min(two_lines, 4.0), 1.0))
    longest, usual = lengths[-1], lengths[int(0.9 * (len(lengths) - 1))]
    if whole:
        return replace(spec, width=max(longest, two_lines) + 0.2, least=max(longest, 1.6) + 0.1)
    wish = max(min(usual, LONGEST) if longest > 8 else longest, two_lines)
    whole_words = min(solid(lines), LONGEST)
    least = max(min(wish, max(2.0, 0.55 * wish)), whole_words)
    return replace(spec, width=max(wish, whole_words) + 0.2, least=least + 0.1)


def solid(said: Iterable[str]) -> float:
    """The width of the longest number or Latin word, which no cell should break."""
    return max((length(word) for line in said for word in _SOLID.findall(line)), default=0.0)


def plan(
    specs: Sequence[Spec],
    layout: Layout | None = None,
    sizes: Sequence[Size] = ("x4", "5", "x5"),
    *,
    unbroken: bool = False,
) -> Plan:
    """The first paper on which the columns have the width they would like, else (nearly) that, else what they need, else
    several parts of a landscape sheet. ``layout`` and ``sizes`` narrow the choice; ``unbroken`` makes one part however wide."""
    papers = [one for one in _PAPERS if layout in (None, one[0]) and one[1] in sizes]
    wish, need = _taken(specs, "width"), _taken(specs, "least")
    for share in (1.0, _SQUEEZED, 0.0):
        for paper, size in papers if share else reversed(papers):
            room = _characters(paper, size)
            if need <= room and wish * share <= room:
                return Plan(paper, size, (allotted(specs, room),))
    paper, size = papers[-1]
    if unbroken:
        return Plan(paper, size, (tuple(specs),))
    room = _characters(paper, size)
    return Plan(paper, size, tuple(allotted(part, room) for part in _parts(specs, room)))


def allotted(specs: Sequence[Spec], room: float) -> tuple[Spec, ...]:
    """The columns with the widths that fill a room: short ones get what they would like, prose shares what is left; where that
    is less than it needs, the short ones give too."""
    free = room - PADDING * len(specs)
    every = sum(one.width for one in specs)
    if every <= free:
        return _widened(specs, free, free / every)
    short = [one.width <= _SHORT for one in specs]
    firm = sum(one.width for one, is_short in zip(specs, short, strict=True) if is_short)
    need = sum(one.least for one, is_short in zip(specs, short, strict=True) if not is_short)
    giving = [not is_short for is_short in short] if firm + need <= free and not all(short) else [True] * len(specs)
    rest = free - sum(one.width for one, gives in zip(specs, giving, strict=True) if not gives)
    least = sum(one.least for one, gives in zip(specs, giving, strict=True) if gives)
    wish = sum(one.width for one, gives in zip(specs, giving, strict=True) if gives)
    share = (rest - least) / (wish - least) if wish > least else 1.0
    found = []
    for one, gives in zip(specs, giving, strict=True):
        width = one.width
        if gives:
            width = max(one.least + share * (one.width - one.least), 0.5)
        found.append(replace(one, width=width))
    return tuple(found)


def _widened(specs: Sequence[Spec], free: float, factor: float) -> tuple[Spec, ...]:
    """Columns that have more room than they would like: short ones grow a little, or words of four characters in two lines would
    come to three and one; the others take the rest."""
    little = min(factor, _LITTLE)
    firm = sum(one.width * little for one in specs if one.width <= _SHORT)
    long = sum(one.width for one in specs if one.width > _SHORT)
    if not long:
        return tuple(replace(one, width=one.width * factor) for one in specs)
    rest = (free - firm) / long
    return tuple(replace(one, width=one.width * (little if one.width <= _SHORT else rest)) for one in specs)


def _characters(paper: Layout, size: Size) -> float:
    return _ROOM[paper] / page.SIZES[size]


def _taken(specs: Sequence[Spec], wanted: Literal["width", "least"]) -> float:
    return sum((one.width if wanted == "width" else one.least) + PADDING for one in specs)


def _parts(specs: Sequence[Spec], room: float) -> list[tuple[Spec, ...]]:
    """Columns in parts, filled one after the other, those under one heading together where a part holds them."""
    named = [one for one in specs if one.named]
    free = room - sum(_fair(one) for one in named)
    parts: list[list[Spec]] = [[]]
    for block in _blocks([one for one in specs if not one.named]):
        whole = sum(map(_fair, block)) <= free
        for piece in [block] if whole else [[one] for one in block]:
            if parts[-1] and sum(map(_fair, (*parts[-1], *piece))) > free:
                parts.append([])
            parts[-1] += piece
    return [tuple(one for one in specs if one.named or one in part) for part in parts]


def _fair(one: Spec) -> float:
    """What a column takes in a part: half way between what it needs and what it would like."""
    return (one.width + one.least) / 2 + PADDING


def _blocks(specs: Sequence[Spec]) -> list[list[Spec]]:
    """Neighbours under one heading together."""
    found: list[list[Spec]] = []
    for one in specs:
        if found and one.group and found[-1][-1].group == one.group:
            found[-1].append(one)
        else:
            found.append([one])
    return found


# -- the table itself -------------------------------------------------------------------------------------------------


def columns(specs: Sequence[Spec]) -> tuple[Column, ...]:
    """The columns of a table, their shares as they were allotted."""
    return tuple(Column(one.title, one.width + PADDING, one.align) for one in specs)


def head(specs: Sequence[Spec]) -> tuple[TableRow, ...]:
    """The head: a row of titles, or two rows where several columns stand under one heading. Titles are parted evenly where they
    need several lines, so that none ends in a lone character."""
    blocks = _blocks(specs)
    deep = any(len(block) > 1 for block in blocks)
    upper: list[TableCell] = []
    lower: list[TableCell] = []
    for block in blocks:
        if len(block) == 1:
            upper.append(TableCell(_title(block[0]), rows=2 if deep else 1))
        else:
            upper.append(TableCell(((Run(block[0].group),),), columns=len(block)))
            lower += [TableCell(_title(one)) for one in block]
    return (TableRow(tuple(upper)), TableRow(tuple(lower))) if deep else (TableRow(tuple(upper)),)


def _title(one: Spec) -> tuple[tuple[Run, ...], ...]:
    """A title in lines of about one length, its unit (in brackets at its end) on a line of its own where it does not fit."""
    found = re.fullmatch(r"(.+?)(（[^（）]*）)?", one.title)
    words_, unit = (found[1], found[2] or "") if found else (one.title, "")
    if length(one.title) <= one.width:
        return ((Run(one.title),),)
    lines = max(1, int(-(-length(words_) // max(one.width, 1.0))))
    each = -(-len(words_) // lines)
    parts = [words_[at : at + each] for at in range(0, len(words_), each)]
    return tuple((Run(part),) for part in (*parts, unit) if part)


def short(said: Iterable[str]) -> float:
    """The characters a column of short words wants so that none of them ends in a lone character: two for words of two and
    four, else as many as the longest, at most four."""
    lengths = {round(length(words_)) for words_ in said if words_}
    if all(one in (1, 2, 4) for one in lengths):
        return 2.2
    return 3.2 if lengths <= {1, 2, 3, 6} else 4.3


def merged(rows: Sequence[Sequence[Held]]) -> tuple[TableRow, ...]:
    """Rows of places → rows of cells, those of one key below each other made one."""
    found: list[TableRow] = []
    for at, row in enumerate(rows):
        cells = []
        for column, place in enumerate(row):
            above = rows[at - 1][column] if at else None
            if place.key and above is not None and above.key == place.key:
                continue
            cells.append(TableCell(place.paragraphs, _reach(rows, at, column), 1, place.align, place.fill))
        found.append(TableRow(tuple(cells)))
    return tuple(found)


def _reach(rows: Sequence[Sequence[Held]], at: int, column: int) -> int:
    """Over how many rows the cell that begins here goes."""
    key = rows[at][column].key
    count = 1
    while key and at + count < len(rows) and rows[at + count][column].key == key:
        count += 1
    return count


def across(text: str, width: int, kind: Literal["group", "total"] = "group", align: Align = "left") -> TableRow:
    """A row that is one cell: a heading between rows, or the sums below them."""
    return TableRow((TableCell(((Run(text),),), columns=width, align=align),), kind)


def tables(planned: Plan, rows: Sequence[Row], **rest: object) -> tuple[Table, ...]:
    """A table for each part; finished rows are fitted to the part's width. ``rest`` are further fields of the tables."""
    return tuple(_table(planned, specs, rows, rest) for specs in planned.parts)


def _table(planned: Plan, specs: Sequence[Spec], rows: Sequence[Row], rest: Mapping[str, object]) -> Table:
    made: list[TableRow] = []
    waiting: list[list[Held]] = []
    for row in rows:
        if isinstance(row, TableRow | Total):
            made += merged(waiting)
            waiting = []
            made.append(_fitted(row, len(specs)) if isinstance(row, TableRow) else _summed(row, specs))
            continue
        places = [row.get(one.key, Held()) for one in specs]
        if not waiting or any(
            not one.key or one.key != above.key for one, above in zip(places, waiting[-1], strict=True)
        ):
            waiting.append(places)  # a part without a column that differs has one row for all of them
    made += merged(waiting)
    return Table(columns(specs), tuple(made), head(specs), size=planned.size, **rest)  # type: ignore[arg-type]


def _summed(row: Total, specs: Sequence[Spec]) -> TableRow:
    places = [row.places.get(one.key, Held()) for one in specs]
    return TableRow(tuple(TableCell(one.paragraphs, align=one.align) for one in places), "total")


def _fitted(row: TableRow, width: int) -> TableRow:
    """A row of one cell over the whole width of a part; others are left as they are."""
    return replace(row, cells=(replace(row.cells[0], columns=width),)) if len(row.cells) == 1 else row
