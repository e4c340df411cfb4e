"""What closes a paper in Word: 署名 and 成文日期 with their seals, 版记, the code (GB/T 9704 7.3.5, 7.4)."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.notices import page, tree, word_media, word_page
from desktop_app.notices.marks import clean
from desktop_app.notices.page import LEFT, SIZE_3, SIZE_4
from desktop_app.notices.page import Piece as Glyphs
from desktop_app.notices.setting import Draft
from desktop_app.notices.word_media import Media
from desktop_app.notices.word_page import AREA, Sheet
from desktop_app.notices.word_styles import CELL, IMPRINT, SIGNATURE
from desktop_app.notices.word_xml import (
    PITCH,
    TWIPS,
    Paragraph,
    characters,
    indent,
    paragraph,
    run,
    space,
    stand,
    tab,
    twips,
)

RIGHT = LEFT + page.AREA_WIDTH
APART = 1.0
"""A gap of so many characters in a line parts two names."""
CHARACTERS_DOWN = 0.8 * PITCH / TWIPS - page.ASCENT * SIZE_3
"""From the upper edge of a row to that of its characters."""
STEP = 420
"""From line to line inside 版记, in twentieths of a point."""
THICK, THIN = 8, 6
"""0.35 mm and 0.25 mm in eighths of a point."""


def signature(drafts: Sequence[Draft | None], media: Media, sheet: Sheet) -> list[Paragraph]:
    """署名 and 成文日期 where the typesetter puts them: right indents in characters, seals hung on the line they stand by.

    All of it stays together; blank rows are space above a line, the room a seal takes below the last line is space below.
    """
    made: list[Paragraph] = []
    blank = 0
    left = LEFT - (
        sheet.width / TWIPS - page.AREA_WIDTH
    )  # the drafts count from the right edge, however wide the page is
    for draft in drafts:
        if draft is None:
            blank += 1
            continue
        one = _line(draft, left)
        one.held["spacing"] = space(before=blank * PITCH)
        one.held["keepNext"] = "<w:keepNext/>"
        for image in draft.images:
            top = CHARACTERS_DOWN - image.y - image.height + blank * PITCH / TWIPS
            place = (image.x - left, top, image.width, image.height)
            seal = word_media.floating(media, image.digest, *place, image.description)
            one.content = seal + one.content
        made.append(one)
        blank = 0
    if made:
        del made[-1].held["keepNext"]
        if blank:
            made[-1].held["spacing"] = made[-1].held["spacing"].replace('w:after="0"', f'w:after="{blank * PITCH}"')
    return made


def _line(draft: Draft, left: float) -> Paragraph:
    """One name or date flush right with an indent; several names of a line at tabs."""
    groups = _groups(draft.pieces)
    if len(groups) < 2:
        right = round((RIGHT - draft.right) / page.CELL, 2)
        return paragraph(run(groups[0][1]) if groups else "", SIGNATURE, ind=indent(right=max(0.0, right)))
    stops = "".join(f'<w:tab w:val="left" w:pos="{twips(x - left)}"/>' for x, _ in groups)
    words = "".join(tab() + run(text) for _, text in groups)
    return paragraph(words, SIGNATURE, tabs=f"<w:tabs>{stops}</w:tabs>", jc=stand("left"), ind=indent())


def _groups(pieces: Sequence[Glyphs]) -> list[tuple[float, str]]:
    """The words of a line parted where the gap is wide, each with its left edge."""
    found: list[tuple[float, str]] = []
    end = -1000.0
    for piece in pieces:
        for x, wide, text in zip(piece.xs, piece.widths, piece.texts, strict=True):
            if x - end > APART * page.CELL:
                found.append((x, text))
            else:
                found[-1] = (found[-1][0], found[-1][1] + text)
            end = x + wide * piece.size / 1000
    return found


def imprint(part: tree.Imprint, letter: bool) -> str:
    """版记: a table that floats on the lower edge of the type area of the page its anchor, the paragraph after it, stands on.

    Rules of 0.35 mm above and below, 0.25 mm above the office; a letter has neither rules nor office (10.1).
    """
    listed = [("主送", part.main), ("抄送", part.copies_to)]
    rows = [_listed(label, clean(names)) for label, names in listed if names]
    issued = bool(part.office or part.date) and not letter
    cells = [_cell("".join(rows), THICK, THIN if issued else THICK, letter)] if rows else []
    if issued:
        cells.append(_cell(_issued(clean(part.office), clean(part.date)), THIN if rows else THICK, THICK, letter))
    body = "".join(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>" for cell in cells)
    place = f'w:vertAnchor="margin" w:horzAnchor="page" w:tblpX="{word_page.LEFT}" w:tblpYSpec="bottom"'
    return _floating(place, (AREA,), body)


def _cell(words: str, above: int, below: int, letter: bool) -> str:
    rules = (
        ""
        if letter
        else (
            f'<w:tcBorders><w:top w:val="single" w:sz="{above}" w:space="0" w:color="auto"/>'
            f'<w:bottom w:val="single" w:sz="{below}" w:space="0" w:color="auto"/></w:tcBorders>'
        )
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{AREA}" w:type="dxa"/>{rules}</w:tcPr>{words}</w:tc>'


def _listed(label: str, names: str) -> str:
    """抄送：…。 one character in at both sides, turned lines under the first character after the colon (7.4.2)."""
    names = names.strip().rstrip("：:")
    names = names if names.endswith("。") else names.rstrip("，、；.") + "。"
    ind = indent(left=4, right=1, first=-3, size=SIZE_4)
    return paragraph(run(f"{label}：{names}"), IMPRINT, spacing=space(line=STEP), ind=ind).xml()


def _issued(office: str, date: str) -> str:
    """The office one character in from the left, the date one in from the right (7.4.3)."""
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{AREA - twips(SIZE_4)}"/></w:tabs>'
    words = run(office) + (tab() + run(f"{date}印发") if date else "")
    return paragraph(words, IMPRINT, tabs=tabs, spacing=space(line=STEP), ind=indent(left=1, size=SIZE_4)).xml()


def code(part: tree.Code, media: Media, sheet: Sheet) -> str:
    """The code with its words beside it: a table that floats in the foot of the page its anchor stands on, at the binding side
    of the paper, where the page number is not."""
    from desktop_app.notices import codes

    rows = codes.modules(part.data)
    scale = 8
    dots = b"".join(
        b"".join(b"\0\0\0" * scale if one else b"\xff\xff\xff" * scale for one in row) * scale for row in rows
    )
    side = len(rows) * scale
    relation = media.keep(word_media.png(side, side, dots))
    shown = word_media.inline(media, relation, codes.SIDE, codes.SIDE, f"二维码：{part.data}")
    texts = [text for text in part.words if text]
    size = min(codes.SIZE, int(2 * codes.SIDE / max(1.0, 1.4 * len(texts))) / 2)
    words = "".join(
        paragraph(
            run(text, "song", size, spacing=0), CELL, spacing=space(line=twips(1.4 * size)), ind=indent(left=0.5)
        ).xml()
        for text in texts
    )
    picture = paragraph(shown, CELL, spacing=space(line=240, rule="auto")).xml()
    wide = (twips(codes.SIDE), twips(max((characters(text) for text in texts), default=0.0) * size) + 240)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
        for width, content in zip(wide, (picture, words or paragraph("", CELL).xml()), strict=True)
    )
    top = (page.PAPER_WIDTH if sheet.layout == "landscape" else page.PAPER_HEIGHT) - codes.LOW - codes.SIDE
    place = f'w:vertAnchor="page" w:horzAnchor="margin" w:tblpXSpec="inside" w:tblpY="{twips(top)}"'
    return _floating(place, wide, f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")


def _floating(place: str, columns: Sequence[int], rows: str) -> str:
    """A table without margins that stands at a place of its page."""
    sides = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    return (
        f'<w:tbl><w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" {place}/><w:tblOverlap w:val="never"/>'
        f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{''.join(f'<w:gridCol w:w={chr(34)}{one}{chr(34)}/>' for one in columns)}</w:tblGrid>{rows}</w:tbl>"
    )
