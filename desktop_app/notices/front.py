"""Page 1 above the text: 版头 of the paper's form, title, and the grid the text stands on; 首页必须显示正文 (GB/T 9704 7.3.3).

Where head and title leave too little room, the red mark is set smaller, then 主送机关 moves to 版记 (7.3.2), then the title
comes a row closer to what stands above it. What fits even so nowhere is refused with a sentence.
"""

from __future__ import annotations

import math

from db.errors import Refusal
from db.values import value
from desktop_app.notices import head as heads
from desktop_app.notices import linebreak, page, redhead, titles, tree
from desktop_app.notices.head import Top
from desktop_app.notices.marks import clean
from desktop_app.notices.page import (
    AREA_HEIGHT,
    AREA_WIDTH,
    CELLS,
    LEFT,
    ROW,
    ROWS,
    SIZE_2,
    SIZES,
    UPRIGHT,
    Frame,
    Line,
    Stroke,
)
from desktop_app.notices.stock import Words, prepare

SLACK = 0.25
"""How much of a row the two rows below the red rule may lack so that the title stands on the grid."""
HEIGHTS = (6.0, 5.0, 4.0, 3.2, 2.5)
"""What the red mark may take, in rows, each tried when the one before leaves the text no room."""
SHEET_SIZES = ("x2", "3", "x3")
"""Title of a working paper: 小二, smaller when it takes more than two lines."""


@value
class Front:
    """What stands on page 1 before the text, which begins on ``row`` of a grid that is ``down`` points below the usual one.

    ``addressees`` are those that stand on page 1, ``moved`` those that go to 版记 (7.3.2).
    """

    lines: tuple[Line, ...]
    strokes: tuple[Stroke, ...]
    row: int
    down: float = 0.0
    addressees: str = ""
    moved: str = ""


def front(document: tree.Document) -> Front:
    """Page 1 of a document. ``Refusal`` when its head and title leave no room for the text."""
    if document.form == "sheet" and bare(document.head):
        return _sheet(document)
    wanted = _wanted(document)
    addressees = clean(document.addressees)
    movable = addressees and document.imprint is not None
    least = redhead.least(document.head.organs) / ROW if document.head else 0.0
    heights = [height for height in HEIGHTS if height >= least] or [least]
    ways = [(height, addressees, 0) for height in heights]
    if movable:
        ways += [(height, "", 0) for height in heights]
    ways += [(heights[-1], "" if movable else addressees, 1)]
    tried: Front | None = None
    for height, shown, closer in ways:
        tried = _front(document, height * ROW, closer)
        if tried.row + _rows(shown) + wanted <= ROWS:
            return Front(tried.lines, tried.strokes, tried.row, tried.down, shown, "" if shown else addressees)
    raise Refusal(*_too_much(document))


def bare(head: tree.Head | None) -> bool:
    """Whether a head has no red mark and no number: at most its labels, as the 份号 of a numbered copy."""
    return head is None or not (head.mark or head.organs or head.document_number)


def _front(document: tree.Document, highest: float, closer: int) -> Front:
    top = heads.head(document.head, document.form, highest) if document.head else Top()
    down, strokes = 0.0, top.strokes
    if document.form == "letter":  # the last row stands 7/8 of a character above the second double rule
        foot, lowest = heads.letter_foot()
        down = page.row_top(0) - AREA_HEIGHT - lowest
        strokes = (*strokes, *foot)
    above = document.head is not None or bool(document.title)
    row = _row_below(top.bottom, max(0, top.rows - closer), down) if above else 0
    lines = top.lines
    if document.title:
        lines = (*lines, *title(document.title, row, down=down))
        row = lines[-1].row + 2
    return Front(lines, strokes, row, down)


def _row_below(bottom: float, rows: int, down: float) -> int:
    """The first row of the grid with ``rows`` blank rows (nearly) above it."""
    below = (page.row_top(0) - down - bottom) / ROW + rows
    return max(0, math.ceil(below - SLACK))


def _rows(addressees: str) -> int:
    if not addressees:
        return 0
    return len(linebreak.lines(prepare([Words(addressees)]), CELLS * 1000))


def _wanted(document: tree.Document) -> int:
    """Rows the text needs on page 1 so that some of it stands there."""
    rows = 0
    for block in document.blocks:
        if isinstance(block, tree.Heading) and not block.runs_on:
            rows += -(-(len(block.text) + 2) // CELLS)
            continue
        return rows + (0 if isinstance(block, tree.Section | tree.Break) else 2)
    return rows


def _too_much(document: tree.Document) -> tuple[str, str, str]:
    organs = len(document.head.organs) if document.head else 0
    if organs > 1:
        return (
            f"联合发文机关有{organs}个，连同标题，第一页排不下正文。",
            "请缩短标题，或只用主办机关的名称作发文机关标志。",
            "print",
        )
    if len(document.addressees) > 60:
        return (
            f"主送机关有{len(document.addressees)}个字，第一页排不下正文。",
            "请填写版记：主送机关太多时移到版记里；或改用统称。",
            "print",
        )
    return f"标题有{len(document.title)}个字，第一页排不下正文。", "请缩短标题，把说明移到正文里。", "print"


def title(text: str, row: int, size: float = SIZE_2, down: float = 0.0) -> tuple[Line, ...]:
    """A title in 小标宋 in the middle of the type area, each line in a row of the grid from ``row`` on (7.3.1)."""
    return tuple(draft.at(row + k, size, down) for k, draft in enumerate(titles.drafts(text, size, LEFT, AREA_WIDTH)))


def _sheet(document: tree.Document) -> Front:
    """A working paper: labels and title at the head of the page, no row lost above them."""
    above = tuple(heads.labels(document.head)) if document.head else ()
    lines = sheet_title(document.title, len(above))
    addressees = clean(document.addressees)
    row = len(above) + len(lines) + 1 if lines else len(above)
    if row + 1 + _rows(addressees) > ROWS:
        raise Refusal(*_too_much(document))
    return Front((*above, *lines), (), row, addressees=addressees)


def sheet_title(text: str, row: int, frame: Frame = UPRIGHT, most: int = 2) -> tuple[Line, ...]:
    """The title of a working paper in the rows of a frame from ``row`` on, smaller where it takes more than ``most`` lines."""
    lines: tuple[Line, ...] = ()
    for size in SHEET_SIZES if text else ():
        drafts = titles.drafts(text, SIZES[size], frame.left, frame.width)
        lines = tuple(draft.on(row + k, frame) for k, draft in enumerate(drafts))
        if len(lines) <= most:
            break
    return lines
