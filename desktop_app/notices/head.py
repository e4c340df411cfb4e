"""版头: what stands above the title on page 1, in the four forms of a paper (GB/T 9704 7.2, 10.1–10.3)."""

from __future__ import annotations

import re
from itertools import zip_longest

from db.errors import Refusal
from db.values import value
from desktop_app.notices import page, redhead, setting, tree
from desktop_app.notices.marks import clean
from desktop_app.notices.page import (
    AREA_WIDTH,
    CELL,
    LEFT,
    MM,
    PAPER_HEIGHT,
    PAPER_WIDTH,
    RED,
    ROW,
    SIZE_3,
    Line,
    Stroke,
)
from desktop_app.notices.page import rule as ruled
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Words, prepare

RIGHT = LEFT + AREA_WIDTH
AREA_TOP = PAPER_HEIGHT - page.TOP
MARK_DOWN = {"document": 35 * MM, "sheet": 35 * MM, "minutes": 35 * MM, "order": 20 * MM}
"""From the upper edge of the type area to that of the mark: 7.2.4, 10.3, 10.2."""
LETTER_TOP = PAPER_HEIGHT - 30 * MM
"""The upper edge of a letter's mark, 10.1."""
LETTER_FOOT = 20 * MM
"""The second double rule of a letter, above the lower edge of the paper."""
LETTER_MARK = 40.0
"""The height of a letter's mark at most: it stands above the type area."""
LEAD = SIZE_3 * 7 / 8
"""7/8 of a 三号 character: what parts the rules of a letter from the words beside them."""
RULE = 1.2
RULE_DOWN = 4 * MM
DOUBLE_WIDTH = 170 * MM
DOUBLE = ((1.5, 0.0), (0.5, 2.25))
"""A double rule: weight of each line, and from the middle of the thick one to that of the thin one."""


@value
class Top:
    """What stands above the title; ``bottom`` is where it ends, ``rows`` how many blank rows follow (7.3.1)."""

    lines: tuple[Line, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    bottom: float = AREA_TOP
    rows: int = 1


def head(part: tree.Head, form: str = "document", highest: float = 6 * ROW) -> Top:
    """版头 of a paper of this form; the red mark is at most ``highest`` points high."""
    if form == "letter":
        return _letter(part)
    lines = labels(part)
    if not part.mark and not part.organs:  # a number without a red head: no red rule either
        return _unmarked(part, lines)
    mark = redhead.mark(part.mark, part.organs, AREA_TOP - MARK_DOWN[form], highest)
    top = mark.bottom - 2 * ROW
    number, signer = clean(part.document_number), clean(part.signer)
    below: list[Line] = []
    if signer:
        below = _upward(number, [clean(name) for name in tree.signers(part)], top)
    elif number:
        one_line("发文字号", _width([Words(number)]))
        below = [centred([Words(number)], "head", SIZE_3).under(top)]
    bottom = min((line.y - (1 - page.ASCENT) * SIZE_3 for line in below), default=mark.bottom)
    if form == "order":  # no rule; two rows from the number to the text, 10.2
        return Top((*lines, *mark.lines, *below), (), bottom, 2)
    y = bottom - RULE_DOWN
    return Top((*lines, *mark.lines, *below), (ruled(y, LEFT, RIGHT, RULE, RED),), y, 2)


def labels(part: tree.Head, frame: page.Frame = page.UPRIGHT) -> list[Line]:
    """份号, 密级和保密期限, 紧急程度 in the first rows of a frame: one on a line, in this order, closed up (7.2.1–7.2.3)."""
    return [draft.on(k, frame) for k, draft in enumerate(_labels(part, frame.left))]


def _labels(part: tree.Head, left: float) -> list[Draft]:
    found = []
    for name, text, role in (
        ("份号", part.serial, "body"),
        ("密级和保密期限", part.secrecy, "hei"),
        ("紧急程度", part.urgency, "hei"),
    ):
        if text:
            words = _label(clean(text), role)
            one_line(name, _width(words))
            found.append(setting.single(words, "head", SIZE_3, left))
    return found


def _label(text: str, role: str) -> list[Words]:
    """A label in its face; the figures of 机密★1年 are 三号 figures of the body (7.2.2)."""
    parts = re.split(r"(\d+)", text)
    return [Words(part, "body" if part.isdigit() else role) for part in parts if part]


def _unmarked(part: tree.Head, lines: list[Line]) -> Top:
    """Labels, number and signers in the first rows of the grid."""
    number, names = clean(part.document_number), [clean(name) for name in tree.signers(part)]
    if names:
        lines += _upward(number, names, AREA_TOP - len(lines) * ROW)
    elif number:
        one_line("发文字号", _width([Words(number)]))
        lines.append(centred([Words(number)], "head", SIZE_3).at(len(lines)))
    bottom = min((line.y - (1 - page.ASCENT) * SIZE_3 for line in lines), default=AREA_TOP)
    return Top(tuple(lines), (), bottom - (ROW - SIZE_3) if lines else bottom, 1)


def _letter(part: tree.Head) -> Top:
    """信函: the mark 30 mm from the paper's edge, a double rule 4 mm below it, labels at the left, number at the right."""
    organ = (part.mark,) if part.mark else part.organs[:1]  # of a joint issue the first organ's name, 10.1
    mark = redhead.mark("", organ, LETTER_TOP, LETTER_MARK)
    thick = mark.bottom - RULE_DOWN - DOUBLE[0][0] / 2
    strokes = double(thick, below=True)
    under = strokes[-1].y0 - strokes[-1].weight / 2
    lines = [draft.under(under - LEAD - k * ROW) for k, draft in enumerate(_labels(part, LEFT))]
    below = list(lines)
    number = clean(part.document_number)
    if number:
        wide = _width([Words(number)])
        one_line("发文字号", wide, AREA_WIDTH - max((line.right - LEFT for line in lines[:1]), default=0.0))
        below.append(setting.single([Words(number)], "head", SIZE_3, RIGHT - wide).under(under - LEAD))
    if part.signer:
        raise Refusal("信函格式不标注签发人。", "请改用文件格式，或去掉签发人。", "print")
    bottom = min((line.y - (1 - page.ASCENT) * SIZE_3 for line in below), default=under)
    return Top((*mark.lines, *below), strokes, bottom, 2)


def double(thick: float, below: bool) -> tuple[Stroke, ...]:
    """A red double rule of 170 mm in the middle of the paper; the thin line stands below the thick one or above it."""
    left = (PAPER_WIDTH - DOUBLE_WIDTH) / 2
    sign = -1 if below else 1
    return tuple(ruled(thick + sign * away, left, left + DOUBLE_WIDTH, weight, RED) for weight, away in DOUBLE)


def letter_foot() -> tuple[tuple[Stroke, ...], float]:
    """The second double rule of a letter (thin above thick), and where the last text line above it ends."""
    strokes = double(LETTER_FOOT, below=False)
    return strokes, strokes[-1].y0 + strokes[-1].weight / 2 + LEAD


def _upward(number: str, names: list[str], top: float) -> list[Line]:
    """上行文: 签发人 one in from the right, two names a line in columns, in 楷体 (7.2.6); the number one character in from
    the left, on the line of the last of them (7.2.5)."""
    widths = [_width([Words(name, "kai")]) for name in names]
    first, second = max(widths[::2]), max(widths[1::2], default=0.0)
    label = _width([Words("签发人：")])
    left = RIGHT - CELL - first - (CELL + second if second else 0.0) - label
    room = AREA_WIDTH - 3 * CELL
    one_line("发文字号和签发人", RIGHT - CELL - left + _width([Words(number)]), room)
    found: list[Line] = []
    rows = list(zip_longest(names[::2], names[1::2], fillvalue=""))
    for k, pair in enumerate(rows):
        parts = [setting.single([Words("签发人：")], "head", SIZE_3, left)] if k == 0 else []
        for name, x in zip(pair, (left + label, left + label + first + CELL), strict=True):
            if name:
                parts.append(setting.single([Words(name, "kai")], "head", SIZE_3, x))
        if number and k == len(rows) - 1:
            own = setting.single([Words(number)], "head", SIZE_3, LEFT + CELL)
            found.append(own.under(top - k * ROW))
        found.append(joined(parts).under(top - k * ROW))
    return found


def joined(parts: list[Draft]) -> Draft:
    """Drafts side by side as one line, from left to right."""
    pieces = tuple(piece for part in parts for piece in part.pieces)
    images = tuple(image for part in parts for image in part.images)
    return Draft(parts[0].kind, parts[0].left, parts[-1].right, pieces, images=images)


def _width(words: list[Words]) -> float:
    return setting.width(prepare(words)) * CELL / 1000


def one_line(name: str, wide: float, most: float = AREA_WIDTH) -> None:
    """Refuses a part that has one line by the standard and does not fit it."""
    if wide > most + 0.01:
        raise Refusal(f"{name}太长，一行排不下。", f"请缩短{name}。", "print")


def centred(words: list[Words], kind: page.Kind, size: float, left: float = LEFT, width: float = AREA_WIDTH) -> Draft:
    """One line in the middle of the type area, or of another width."""
    wide = setting.width(prepare(words)) * page.cell(size) / 1000
    return setting.single(words, kind, size, left + (width - wide) / 2)
