"""Newspaper pages: a headline across, narrow columns of 小五号 宋体 with thin rules between them, 下转 and 上接 where the text
runs over to another page.

A column is as many whole characters wide as fit, so its lines stand on the grid as those of a paper do. Every column of a full
page is full; on the last page the columns are levelled. A heading never ends a column and a paragraph's last line never
begins one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from db.errors import Refusal
from desktop_app.notices import linebreak, page, paragraphs, setting, titles, tree
from desktop_app.notices.marks import clean
from desktop_app.notices.page import GREY, MM, PAPER_HEIGHT, PAPER_WIDTH, Line, Page, Stroke, rule
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Stock, Words, prepare

LEFT, RIGHT = 13 * MM, PAPER_WIDTH - 13 * MM
TOP, BOTTOM = PAPER_HEIGHT - 21 * MM, 13 * MM
FOLIO = PAPER_HEIGHT - 13 * MM
"""Upper edge of the line above the text: what the newspaper is called, and the number of the page."""
GAP = 4 * MM
"""Between two columns, at least."""
LEAD = 1.45
"""From line to line, in sizes."""
SMALL = {4: page.SIZES["x5"], 5: page.SIZES["x5"], 6: page.SIZES["6"]}
"""Columns → size: 小五, and 六号 where columns are narrow."""
HEADLINES = (30.0, 26.0, 22.0, 18.0)
HEAD_LINES = 3
FACES = {"body": "song", "kai": "kai", "hei": "hei", "song": "song", "title": "title"}
"""A newspaper is printed in 宋体."""
KEPT = ("language", "author", "subject", "keywords")
HEADED = {1: "hei", 2: "hei", 3: "hei", 4: "kai"}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a newspaper page is cut: ``cells`` characters of ``size`` in a column, ``step`` from column to column."""

    count: int
    size: float
    cells: int
    step: float

    @property
    def width(self) -> float:
        """The width of a column."""
        return self.cells * self.size

    @property
    def pitch(self) -> float:
        """From line to line."""
        return self.size * LEAD

    def left(self, column: int) -> float:
        """x of the left edge of a column."""
        return LEFT + column * self.step


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a column (None is a blank one), and whether it stays with the next one."""

    draft: Draft | None
    held: bool = False


def shape(columns: int) -> Shape:
    """The columns of a page: 4 to 6, and whole characters wide."""
    if columns not in SMALL:
        raise Refusal(f"报纸版式不能排{columns}栏。", "请选 4 至 6 栏。", "print")
    size = SMALL[columns]
    cells = int((RIGHT - LEFT - GAP * (columns - 1)) / columns / size)
    step = (RIGHT - LEFT - cells * size) / (columns - 1)
    return Shape(columns, size, cells, step)


def of(document: tree.Document, columns: int = 4, banner: str = "", folio: int = 1) -> tree.Document:
    """A notice as a newspaper prints it: headline, text and signature in columns, no head, no seal and no imprint.

    ``banner`` is the line above (the newspaper, its date), ``folio`` the number of its first page (第17版).
    """
    blocks: list[tree.Block] = []
    if document.addressees:
        blocks.append(tree.Paragraph((tree.Run(document.addressees),), "flush"))
    blocks += tree.leaves(document.blocks)
    if document.signature:
        signed = document.signature
        by = (signed.post if signed.seal == "signed" else signed.organ, *signed.others)
        blocks += [
            tree.Paragraph((tree.Run(part, origin=signed.origin),), "right") for part in (*by, signed.date) if part
        ]
    if document.note:
        blocks.append(tree.Paragraph((tree.Run(f"（{document.note}）"),)))
    blocks += tree.leaves(document.after)
    for annex in document.annexes:
        blocks += [tree.Heading(1, f"附件{annex.number or ''}：{annex.title}"), *tree.leaves(annex.blocks)]
    section = tree.Section(tuple(blocks), "newspaper", columns, banner, folio)
    return replace(
        tree.Document(document.title, (section,), form="sheet"), **{name: getattr(document, name) for name in KEPT}
    )


def pages(section: tree.Section, numbers: Iterable[int], before: int, headline: str = "") -> list[Page]:
    """The pages of a newspaper section after ``before`` others; ``numbers`` are the places of its blocks in the document.

    A title that begins the section stands across the columns, else ``headline`` does. ``Refusal`` for what no column holds.
    """
    cut = shape(section.columns)
    blocks = list(zip(numbers, tree.leaves(section.blocks), strict=False))
    heads = [(-1, headline)] if headline else []
    begun = 0
    for number, block in blocks:
        if not isinstance(block, tree.Paragraph) or block.role != "title":
            break
        heads.append((number, "".join(run.text for run in block.runs)))
        begun += 1
    rows = [row for number, block in blocks[begun:] for row in _rows(block, number, cut)]
    made: list[Page] = []
    start = 0
    while start < len(rows) or not made:
        top, lines = _headlines(heads if not made else [], cut)
        number = before + len(made) + 1
        folio = section.folio + len(made)
        columns, over = _dealt(rows, start, top, cut, bool(made))
        placed = [*lines, *_placed(rows, columns, top, cut)]
        placed += _jumps(top, cut, folio if made else 0, folio if over else 0)
        strokes = (*_folio_rules(), *_column_rules(columns, top, cut))
        made.append(Page(number, (*placed, *_folio(section.banner, folio)), strokes))
        start = columns[-1].end
    return made


@dataclass(frozen=True, slots=True)
class Column:
    """Rows ``start`` to ``end`` of the text in column ``place``, the first of them ``down`` lines below the top."""

    place: int
    start: int
    end: int
    down: int

    @property
    def foot(self) -> int:
        """Lines from the top to its end."""
        return self.down + self.end - self.start


def _room(top: float, cut: Shape) -> int:
    """How many lines a column holds."""
    return int((top - BOTTOM - cut.size) / cut.pitch) + 1


def _dealt(rows: Sequence[Row], start: int, top: float, cut: Shape, continued: bool) -> tuple[list[Column], bool]:
    """The columns of a page, and whether the text runs over: then its last line is left free for 下转."""
    room = _room(top, cut)
    down = 1 if continued else 0
    columns = _filled(rows, start, [room] * cut.count, down)
    if columns[-1].end < len(rows):
        return _filled(rows, start, [room] * (cut.count - 1) + [room - 1], down), True
    least = max(1, math.ceil((len(rows) - start + down) / cut.count))
    for level in range(least, room):
        levelled = _filled(rows, start, [level] * cut.count, down)
        if levelled[-1].end >= len(rows):
            return levelled, False
    return columns, False


def _filled(rows: Sequence[Row], start: int, rooms: Sequence[int], down: int) -> list[Column]:
    """Columns of at most so many lines each, as many as the text takes."""
    made: list[Column] = []
    for place, room in enumerate(rooms):
        while start < len(rows) and rows[start].draft is None:
            start += 1
        taken = down if not place else 0
        end = min(len(rows), start + max(1, room - taken))
        if end < len(rows):
            cut = end
            while cut > start and rows[cut - 1].held:
                cut -= 1
            end = cut if cut > start else end
        made.append(Column(place, start, end, taken))
        start = end
    return made


def _placed(rows: Sequence[Row], columns: Sequence[Column], top: float, cut: Shape) -> list[Line]:
    found = []
    for column in columns:
        for k, row in enumerate(rows[column.start : column.end], column.down):
            if row.draft:
                found.append(row.draft.shifted(cut.left(column.place)).under(top - k * cut.pitch, cut.size))
    return found


def _jumps(top: float, cut: Shape, here: int, onward: int) -> list[Line]:
    """（上接第1版） in the first line of a page that goes on (``here`` is its own number), （下转第2版） in the last of one
    that is gone on from (``onward``)."""
    found = []
    if here:
        words = [Words(f"（上接第{here - 1}版）", "hei")]
        found.append(setting.single(words, "number", cut.size, LEFT).under(top, cut.size))
    if onward:
        words = [Words(f"（下转第{onward + 1}版）", "hei")]
        wide = setting.width(prepare(words)) * cut.size / 1000
        draft = setting.single(words, "number", cut.size, RIGHT - wide)
        found.append(draft.under(top - (_room(top, cut) - 1) * cut.pitch, cut.size))
    return found


def _headlines(heads: Sequence[tuple[int, str]], cut: Shape) -> tuple[float, list[Line]]:
    """The headline over all columns, as large as it may be on three lines, and the upper edge of the text below it."""
    if not heads:
        return TOP, []
    top, lines = TOP - cut.pitch / 2, list[Line]()
    for k, (number, text) in enumerate(heads):
        if not clean(text).strip():
            continue
        for size in HEADLINES[min(k, 2) :]:
            drafts = titles.drafts(text, size, LEFT, RIGHT - LEFT)
            if len(drafts) <= HEAD_LINES:
                break
        if len(drafts) > 2 * HEAD_LINES:
            raise Refusal(f"标题有{len(text)}个字，报纸版面的通栏标题排不下。", "请缩短标题。", "print")
        for draft in drafts:
            lines.append(replace(draft, block=number).under(top, size))
            top -= size * 1.3
        top -= size * 0.5
    return TOP - math.ceil((TOP - top) / cut.pitch - 0.01) * cut.pitch, lines


def _folio(banner: str, number: int) -> list[Line]:
    """The line above the text: what the newspaper is called in the middle, the number of the page outside."""
    size = page.SIZES["x5"]
    found = []
    if clean(banner).strip():
        words = [Words(clean(banner), "song")]
        wide = setting.width(prepare(words)) * size / 1000
        if wide > RIGHT - LEFT - 12 * size:
            raise Refusal("报纸版面上方的一行字太长。", "请缩短报纸名称和日期。", "print")
        found.append(setting.single(words, "number", size, (LEFT + RIGHT - wide) / 2).under(FOLIO, size))
    words = [Words(f"第{number}版", "hei")]
    wide = setting.width(prepare(words)) * size / 1000
    found.append(setting.single(words, "number", size, RIGHT - wide if number % 2 else LEFT).under(FOLIO, size))
    return sorted(found, key=lambda line: line.left)


def _folio_rules() -> tuple[Stroke, ...]:
    y = FOLIO - page.SIZES["x5"] * 1.6
    return rule(y, LEFT, RIGHT, 1.0), rule(y - 2.0, LEFT, RIGHT, 0.3)


def _column_rules(columns: Sequence[Column], top: float, cut: Shape) -> list[Stroke]:
    """A thin rule in the middle between two columns, as long as the longer of them."""
    found = []
    for one, other in pairwise(columns):
        if other.end == other.start:
            continue
        x = (cut.left(one.place) + cut.width + cut.left(other.place)) / 2
        foot = top - (max(one.foot, other.foot) - 1) * cut.pitch - cut.size
        found.append(Stroke(x, top, x, foot, 0.3, GREY))
    return found


def _rows(block: tree.Block, number: int, cut: Shape) -> list[Row]:
    """The lines of a block in a column whose left edge is 0."""
    match block:
        case tree.Heading():
            said = [_printed(one) for one in paragraphs.words(block)]
            said[0] = replace(said[0], role=HEADED.get(block.level, "song"))
            own = len(prepare(said[:1]).cells)
            return _paragraph(said, number, cut, 2000, own, block)
        case tree.Paragraph(role="centre" | "right" | "title"):
            return _placed_aside(block, number, cut)
        case tree.Paragraph():
            said = [_printed(one) for one in paragraphs.words(block)]
            return _paragraph(said, number, cut, 0 if block.role == "flush" else 2000)
        case tree.Attachments():
            every = enumerate(block.titles, 1)
            several = len(block.titles) > 1
            texts = [f"{'附件：' if k == 1 else ''}{f'{k}.' if several else ''}{clean(text)}" for k, text in every]
            return [row for text in texts for row in _paragraph([Words(text, "song")], number, cut, 2000)]
        case tree.Space():
            return [Row(None)] * max(0, block.rows)
        case tree.Break():
            return []
        case _:
            raise Refusal("报纸版面的窄栏里放不下表格、图和回执。", "请去掉它们，或把通报按公文格式排印。", "print")


def _printed(words: Words) -> Words:
    return replace(words, role=FACES.get(words.role, "song"))


def _paragraph(
    said: Sequence[Words], number: int, cut: Shape, first: int, own: int = 0, heading: tree.Heading | None = None
) -> list[Row]:
    stock = prepare(said, narrow=True)
    lines = linebreak.lines(stock, cut.cells * 1000, first)
    headed = sum(1 for line in lines if line.start < own)
    level = heading.level if heading else 0
    drafts = [
        *setting.drafts(stock, lines[:headed], "heading", cut.size, number, level, 0.0),
        *setting.drafts(stock, lines[headed:], "body", cut.size, number, edge=0.0),
    ]
    alone = headed if heading and not heading.runs_on else sum(1 for line in lines[:headed] if line.end <= own)
    return [Row(draft, k < alone or k == len(drafts) - 2) for k, draft in enumerate(drafts)]


def _placed_aside(block: tree.Paragraph, number: int, cut: Shape) -> list[Row]:
    """Lines in the middle of the column or at its right edge (a signature); they stay with each other."""
    stock: Stock = prepare([_printed(one) for one in paragraphs.words(block)])
    measure = cut.cells * 1000
    rows = []
    if block.role == "right" and len(block.runs) == 1 and len(stock.cells) == len(clean(block.runs[0].text)):
        ranges = titles.split(clean(block.runs[0].text), stock.width, measure)  # the name of an organ, by sense
        lines = [setting.part(stock, start, end) for start, end in ranges]
    else:
        lines = linebreak.lines(stock, measure, ragged=True)
    for k, line in enumerate(lines):
        free = measure - line.right
        moved = replace(line, indent=round(free if block.role == "right" else free / 2))
        (draft,) = setting.drafts(stock, [moved], "body", cut.size, number, edge=0.0)
        rows.append(Row(draft, k < len(lines) - 1 or block.role == "title"))
    return rows
