"""版头 and title of a Word twin, measured from what the typesetter put on page 1 (GB/T 9704 7.2, 7.3.1, 10.1–10.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from desktop_app.notices import page, tree
from desktop_app.notices.front import Front
from desktop_app.notices.marks import clean
from desktop_app.notices.page import CELL, LEFT, RED, SIZE_3, Line
from desktop_app.notices.word_page import AREA, border
from desktop_app.notices.word_styles import FLUSH, MARK, NUMBER, TITLE
from desktop_app.notices.word_xml import (
    LOOSE,
    PITCH,
    SEAM,
    TWIPS,
    Paragraph,
    Piece,
    lines,
    paragraph,
    run,
    seam,
    space,
    stand,
    tab,
    twips,
)

BASELINE = 0.8
"""Where Word sets the baseline in a line of fixed height, as a share of it from above."""
AREA_TOP = page.PAPER_HEIGHT - page.TOP
RULE_WEIGHT = 10
"""Thickness of the red rule, 1.25 pt, in eighths of a point."""
TIGHTEST = 1.16
"""Height of a line of a red mark in its size."""


@dataclass(slots=True)
class Column:
    """Paragraphs put at their place on page 1; ``at`` is how far down, in points, the next one begins."""

    pieces: list[Piece] = field(default_factory=list)
    at: float = 0.0

    def put(self, one: Paragraph, baseline: float, line: float, below: float = 0.0, rows: int = 1) -> None:
        """Puts a paragraph of ``rows`` lines ``line`` points high; its first baseline goes ``baseline`` points down."""
        before = max(0.0, baseline - BASELINE * line - self.at)
        one.held["spacing"] = space(before=twips(before), line=twips(line))
        one.held["snapToGrid"] = LOOSE
        self.pieces.append(one)
        self.at += twips(before) / TWIPS + rows * line + below


def opening(document: tree.Document, front: Front) -> list[Piece]:
    """What stands above the text of page 1."""
    column = Column()
    by_kind = {kind: [line for line in front.lines if line.kind == kind] for kind in ("mark", "head", "title")}
    if document.head:
        _head(column, document.head, document.form, by_kind["mark"], by_kind["head"], bool(front.strokes))
    if by_kind["title"]:
        column.pieces.append(_title(by_kind["title"], column.at, front))
    elif front.row * PITCH > twips(column.at):
        column.pieces.append(seam(front.row * PITCH - twips(column.at)))
    return column.pieces


def _title(titled: Sequence[Line], at: float, front: Front) -> Paragraph:
    """The title on its rows of the grid, a blank row below it."""
    size = titled[0].pieces[0].size if titled[0].pieces else page.SIZE_2
    words = lines([line.text for line in titled], "title", 0.0 if size == page.SIZE_2 else size)
    top = titled[0].row * PITCH + twips(front.down)
    after = (front.row - titled[-1].row - 1) * PITCH
    return paragraph(words, TITLE, spacing=space(before=max(0, top - twips(at)), after=after), snapToGrid=LOOSE)


def _head(
    column: Column, head: tree.Head, form: str, marks: Sequence[Line], others: Sequence[Line], ruled: bool
) -> None:
    labels = [(head.serial, "body"), (head.secrecy, "hei"), (head.urgency, "hei")]
    if form == "letter":
        _letter(column, head, marks, [(text, role) for text, role in labels if text], others)
        return
    for text, role in labels:
        if text:
            column.put(paragraph(_label(clean(text), role), FLUSH), column.at + BASELINE * PITCH / TWIPS, PITCH / TWIPS)
    if len(head.organs) > 1:
        _joint(column, head, marks)
    else:
        for line in marks:
            size = line.pieces[0].size
            column.put(_mark(line), _down(line), TIGHTEST * size)
    _numbers(column, head, [line for line in others if line.row < 0] or others[-1:], ruled and form != "order")


def _down(line: Line) -> float:
    """How far the baseline of a line is below the upper edge of the type area."""
    return AREA_TOP - line.y


def _label(text: str, role: str) -> str:
    """密级 in 黑体 with the figures of the body (7.2.2)."""
    parts = re.split(r"(\d+)", text)
    return "".join(run(part, "body" if part.isdigit() else role) for part in parts)


def _mark(line: Line, **held: str) -> Paragraph:
    """A line of the red mark, spread as in print."""
    size = _halves(line.pieces[0].size)
    words = run(line.text[:-1], "title", size, RED, spacing=int(_gap(line) * TWIPS))
    words += run(line.text[-1:], "title", size, RED)
    return paragraph(words, MARK, **held)


def _halves(size: float) -> float:
    """A size as Word has it, in half points, never larger."""
    return int(size * 2) / 2


def _gap(line: Line) -> float:
    """The blank between the characters of a line, in points."""
    piece = line.pieces[0]
    if len(piece.xs) < 2:
        return 0.0
    gaps = sorted(
        b - a - wide * piece.size / 1000 for a, b, wide in zip(piece.xs, piece.xs[1:], piece.widths, strict=False)
    )
    return max(0.0, gaps[len(gaps) // 2])


def _joint(column: Column, head: tree.Head, marks: Sequence[Line]) -> None:
    """The organs of a joint issue above each other, as wide as the longest, 文件 beside them: a table without rules."""
    names = marks[: len(head.organs)]
    size = names[0].pieces[0].size
    high = names[0].y - names[1].y
    wide = max(line.right for line in names) - min(line.left for line in names)
    gap = _down(names[0]) - BASELINE * high - column.at
    column.pieces.append(seam(max(1, twips(gap))))
    held = f'<w:spacing w:before="0" w:after="0" w:line="{twips(high)}" w:lineRule="exact"/>'
    own = "".join(
        paragraph(
            run(name, "title", _halves(size), RED),
            MARK,
            spacing=held,
            jc='<w:jc w:val="distribute"/>',
            snapToGrid=LOOSE,
        ).xml()
        for name in (clean(one) for one in head.organs)
    )
    word = clean(head.mark)
    beside = marks[len(head.organs)].pieces[0].size if word and len(marks) > len(head.organs) else 0.0
    whole = [twips(wide + 2), twips(beside * (len(word) + 0.5)) if word else 0]
    cells = [
        own,
        paragraph(
            run(word, "title", _halves(beside), RED),
            MARK,
            snapToGrid=LOOSE,
            spacing=space(line=twips(TIGHTEST * beside)),
        ).xml(),
    ]
    shown = [(w, c) for w, c in zip(whole, cells, strict=True) if w]
    none = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    column.pieces.append(
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(whole)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{none}</w:tblCellMar></w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{w}"/>' for w, _ in shown)
        + f'</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(high * len(names))}" w:hRule="exact"/></w:trPr>'
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{w}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{c}</w:tc>'
            for w, c in shown
        )
        + "</w:tr></w:tbl>"
    )
    column.at += gap + high * len(names)


def _numbers(column: Column, head: tree.Head, placed: Sequence[Line], ruled: bool) -> None:
    """发文字号, beside it 签发人 where there is one, and the red rule 4 mm below (7.2.5–7.2.7)."""
    baselines = sorted({round(_down(line), 2) for line in placed})
    number = run(clean(head.document_number))
    plain = [paragraph(number, NUMBER)] if placed or ruled else []
    upward = head.signer and any(line.text.startswith("签发人") for line in placed)  # without a mark there is none
    made = _upward(head, placed, number) if upward else plain
    high = PITCH / TWIPS
    for k, one in enumerate(made):
        below = 0.0
        if ruled and k == len(made) - 1:
            away = round(4 * page.MM - (high - BASELINE * high - (1 - page.ASCENT) * SIZE_3))
            one.held["pBdr"] = border(bottom=("single", RULE_WEIGHT, RED, away))
            below = away + RULE_WEIGHT / 8
        column.put(one, baselines[k] if k < len(baselines) else column.at, high, below)


def _upward(head: tree.Head, placed: Sequence[Line], number: str) -> list[Paragraph]:
    """上行文: the number one character in from the left, on the line of the last 签发人; two names a line in columns."""
    names = [name for name in re.split(r"[、，,\s]+", clean(head.signer)) if name]
    first = min(line.left for line in placed if line.text.startswith("签发人"))
    label = first - LEFT + 4 * CELL
    widest = max(len(name) for name in names[::2])
    stops = (CELL, first - LEFT, label, label + (widest + 1) * CELL)
    tabs = "<w:tabs>" + "".join(f'<w:tab w:val="left" w:pos="{twips(x)}"/>' for x in stops) + "</w:tabs>"
    rows = [names[k : k + 2] for k in range(0, len(names), 2)]
    made = []
    for k, pair in enumerate(rows):  # no indent: the red rule below is as wide as the type area
        words = tab() + (number if k == len(rows) - 1 else "") + tab()
        words += (tab() if k else run("签发人：")) + tab().join(run(name, "kai") for name in pair)
        made.append(paragraph(words, FLUSH, tabs=tabs, jc=stand("left")))
    return made


def _letter(
    column: Column,
    head: tree.Head,
    marks: Sequence[Line],
    labels: Sequence[tuple[str, str]],
    others: Sequence[Line],
) -> None:
    """信函: the mark 30 mm from the paper's edge and the double rule of 170 mm below it stand in a frame; then the labels at
    the left and the number at the right, on the same line (10.1)."""
    shown = [one for one in marks if one.pieces]
    size = shown[0].pieces[0].size if shown else SIZE_3
    line = TIGHTEST * size
    wide = twips(170 * page.MM)
    top = page.PAPER_HEIGHT - shown[0].y - BASELINE * line if shown else 30 * page.MM
    away = max(0, round(4 * page.MM - ((1 - BASELINE) * line - 0.12 * size)))
    baselines = sorted({round(_down(one), 2) for one in others})
    least = top + max(1, len(shown)) * line + away + 4
    end = max(least, page.TOP + baselines[0] - BASELINE * PITCH / TWIPS) if baselines else least
    frame = (
        f'<w:framePr w:w="{wide}" w:h="{twips(end - top) - SEAM}" w:hRule="exact" w:wrap="notBeside" w:vAnchor="page" '
        f'w:hAnchor="page" w:xAlign="center" w:y="{twips(top)}"/>'
    )
    held = {"framePr": frame, "spacing": space(line=twips(line)), "snapToGrid": LOOSE}
    framed = [_mark(one, **held) for one in shown] or [paragraph("", MARK, **held)]
    framed[-1].held["pBdr"] = border(bottom=("thickThinSmallGap", 24, RED, away))
    column.pieces += framed
    rows = max(len(labels), 1 if head.document_number else 0)
    column.pieces.append(seam())  # is pushed below the frame; what follows counts from it
    column.at = end - page.TOP
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{AREA}"/></w:tabs>'
    for k in range(rows):
        words = _label(clean(labels[k][0]), labels[k][1]) if k < len(labels) else ""
        if k == 0 and head.document_number:
            words += tab() + run(clean(head.document_number))
        column.put(paragraph(words, FLUSH, tabs=tabs), column.at + BASELINE * PITCH / TWIPS, PITCH / TWIPS)
