"""The blocks of a paper as Word paragraphs, and how sections follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop_app.notices import fonts, titles, tree, word_chart, word_media, word_news, word_table
from desktop_app.notices.marks import clean
from desktop_app.notices.page import MM, SIZE_2, SIZE_3, SIZES
from desktop_app.notices.word_making import Making
from desktop_app.notices.word_page import Layout, Sheet
from desktop_app.notices.word_styles import BODY, CAPTION, FLUSH, HEADINGS, NOTE, TITLE, heading
from desktop_app.notices.word_xml import (
    LOOSE,
    PITCH,
    TWIPS,
    Paragraph,
    Piece,
    characters,
    indent,
    lines,
    paragraph,
    run,
    runs,
    space,
    stand,
)

NOT_KEPT = '<w:keepNext w:val="0"/>'
KEPT = "<w:keepNext/>"
CUT_SIZE = SIZES["x4"]


def blocks(making: Making, held: Iterable[tree.Block], layout: Layout = "upright") -> None:
    """Puts blocks on pages of a kind, sections on theirs; what follows does not return to the kind before by itself."""
    for block in held:
        if isinstance(block, tree.Section) and block.layout == "newspaper":
            word_news.put(making, block)
        elif isinstance(block, tree.Section):
            blocks(making, block.blocks, "landscape" if block.layout == "landscape" else "upright")
        elif isinstance(block, tree.Break):
            making.fresh = not making.empty
        else:
            making.on(layout)
            making.put(*_pieces(making, block))


def _pieces(making: Making, block: tree.Block) -> Sequence[Piece]:
    match block:
        case tree.Heading():
            return [_heading(block)]
        case tree.Paragraph():
            return _paragraph(block, making.sheet)
        case tree.Attachments():
            return _attachments(block)
        case tree.Table():
            return word_table.table(block, making.sheet)
        case tree.Chart():
            return [word_chart.chart(block, making.sheet, making.media)]
        case tree.Picture():
            return _picture(block, making)
        case tree.Space():
            return [paragraph("", FLUSH) for _ in range(block.rows)]
        case tree.Cut():
            return [_cut(block, making.sheet.width)]
        case _:
            raise TypeError(f"no place in Word for {type(block).__name__}")


def _heading(block: tree.Heading) -> Paragraph:
    role = HEADINGS.get(block.level, "body")
    own = run(block.text, role, change=block.change)
    return paragraph(
        own + runs(block.runs_on),
        heading(min(max(block.level, 1), 4)),
        keepNext=NOT_KEPT if block.runs_on else "",
    )


def _paragraph(block: tree.Paragraph, sheet: Sheet) -> list[Paragraph]:
    if not any(one.text for one in block.runs):
        return []
    size = SIZES[block.size]
    if block.role == "title":
        return [_title(block, SIZE_2 if size == SIZE_3 else size, sheet)]
    own, spacing = (0.0, None) if size == SIZE_3 else (size, 0)
    words = runs(block.runs, own, spacing)
    match block.role:
        case "body":
            return [paragraph(words, BODY, ind=indent(first=2, size=size) if own else "")]
        case "listed":
            hang = characters(block.runs[0].text)
            return [paragraph(words, BODY, ind=indent(left=2 + hang, first=-hang, size=size))]
        case "flush":
            return [paragraph(words, FLUSH)]
        case "centre" | "right":
            return [paragraph(words, FLUSH, jc=stand(block.role))]


def _title(block: tree.Paragraph, size: float, sheet: Sheet) -> Paragraph:
    """A title inside the body, broken where the typesetter breaks it if it is of one colour."""
    kinds = {(one.colour, one.change) for one in block.runs}
    if kinds != {("black", "")}:
        return paragraph(runs(block.runs, size, 0, "title"), TITLE)
    return title("".join(one.text for one in block.runs), sheet, size)


def title(text: str, sheet: Sheet, size: float = SIZE_2, **held: str) -> Paragraph:
    """A title in 小标宋 with the line ends of the typesetter (7.3.1)."""
    fonts.require(clean(text), "title")
    drafts = titles.drafts(text, size, 0.0, sheet.width / TWIPS)
    words = ["".join(piece.text for piece in draft.pieces) for draft in drafts]
    return paragraph(lines(words, "title", 0.0 if size == SIZE_2 else size), TITLE, **held)


def _attachments(block: tree.Attachments) -> list[Paragraph]:
    """附件说明: a blank row, two characters in, turned lines under the first character of the name (7.3.4)."""
    made = []
    for k, name in enumerate(block.titles):
        figure = f"{k + 1}." if len(block.titles) > 1 else ""
        label = "附件：" if k == 0 else ""
        hang = characters(label + figure)
        left = (2.0 if k == 0 else 5.0) + hang
        made.append(
            paragraph(
                run(label + figure + clean(name)),
                BODY,
                ind=indent(left=left, first=-hang),
                spacing=space(before=0 if k else PITCH),
            )
        )
    return made


def _picture(block: tree.Picture, making: Making) -> list[Paragraph]:
    width, height = block.width * MM, block.height * MM
    share = min(1.0, making.sheet.width / TWIPS / width, (making.sheet.height - 2 * PITCH / TWIPS) / height)
    shown = word_media.inline(
        making.media, making.media.relation(block.digest), width * share, height * share, block.description
    )
    made = [
        paragraph(
            shown, FLUSH, keepNext=KEPT if block.caption else "", snapToGrid=LOOSE,
            spacing=space(line=240, rule="auto"), jc=stand("centre"),
        )
    ]  # fmt: skip
    if block.caption:
        made.append(paragraph(run(block.caption, "body", SIZES["x4"], spacing=0), CAPTION))
    return made


def _cut(block: tree.Cut, width: int) -> Paragraph:
    """Dashes led from edge to edge, the words in the middle of them."""
    tabs = (
        f'<w:tabs><w:tab w:val="center" w:leader="hyphen" w:pos="{width // 2}"/>'
        f'<w:tab w:val="right" w:leader="hyphen" w:pos="{width}"/></w:tabs>'
    )
    dashes = f'<w:r><w:rPr><w:sz w:val="{round(CUT_SIZE * 2)}"/></w:rPr><w:tab/></w:r>'
    words = run(f" {block.words} ", size=CUT_SIZE, spacing=0) if block.words else ""
    return paragraph(dashes + words + dashes, FLUSH, tabs=tabs)


def note(text: str) -> Paragraph:
    """附注 in its brackets (7.3.6)."""
    return paragraph(run(f"（{clean(text)}）"), NOTE)
