"""Newspaper pages in Word: a headline across, then the text in columns with rules between them, levelled at the end.

Word has no 下转 and 上接 of its own making: where the text runs over, only the pages of the PDF say so.
"""

from __future__ import annotations

from dataclasses import replace

from db.errors import Refusal
from desktop_app.notices import newspaper, titles, tree
from desktop_app.notices.marks import clean
from desktop_app.notices.newspaper import Shape
from desktop_app.notices.word_making import Making
from desktop_app.notices.word_page import Sheet
from desktop_app.notices.word_styles import BODY, FLUSH, TITLE, heading
from desktop_app.notices.word_xml import (
    LOOSE,
    Paragraph,
    indent,
    lines,
    paragraph,
    run,
    runs,
    seam,
    space,
    stand,
    twips,
)


def put(making: Making, section: tree.Section, headline: str = "") -> None:
    """Puts a newspaper section on pages of its own; titles that begin it stand across the columns, under ``headline``."""
    cut = newspaper.shape(section.columns)
    across = Sheet("newspaper", start=section.folio, head=f"banner:{clean(section.banner)}", pitch=twips(cut.pitch))
    columns = replace(across, columns=cut.count, gap=twips(cut.step - cut.width))
    held = list(tree.leaves(section.blocks))
    heads = [headline] if headline else []
    while held and isinstance(held[0], tree.Paragraph) and held[0].role == "title":
        heads.append("".join(one.text for one in held.pop(0).runs))  # type: ignore[union-attr]
    if heads:
        making.turn(across)
        making.put(*(_headline(text, k) for k, text in enumerate(heads) if clean(text).strip()))
        making.close(replace(columns, opens="continuous", start=0))
    else:
        making.turn(columns)
    for block in held:
        making.put(*_pieces(block, cut))
    making.close(replace(across, opens="continuous", start=0))  # a section that follows on the page levels the columns
    making.put(seam())


def _headline(text: str, place: int) -> Paragraph:
    """A headline over all columns, as large as it may be on three lines."""
    width = newspaper.RIGHT - newspaper.LEFT
    size = newspaper.HEADLINES[-1]
    for size in newspaper.HEADLINES[min(place, 2) :]:
        if len(titles.drafts(text, size, 0.0, width)) <= newspaper.HEAD_LINES:
            break
    words = ["".join(piece.text for piece in draft.pieces) for draft in titles.drafts(text, size, 0.0, width)]
    spacing = space(after=twips(size * 0.5), line=twips(size * 1.3))
    return paragraph(lines(words, "title", size), TITLE, spacing=spacing, snapToGrid=LOOSE)


def _pieces(block: tree.Block, cut: Shape) -> list[Paragraph]:
    size = cut.size
    line, two = space(line=twips(cut.pitch)), indent(first=2, size=size)
    match block:
        case tree.Heading():
            own = run(block.text, newspaper.HEADED.get(block.level, "song"), size, change=block.change, spacing=0)
            kept = '<w:keepNext w:val="0"/>' if block.runs_on else ""
            style = heading(min(max(block.level, 1), 4))
            return [paragraph(own + runs(block.runs_on, size, 0, "song"), style, keepNext=kept, spacing=line, ind=two)]
        case tree.Paragraph(role="body" | "listed" | "flush"):
            ind = two if block.role != "flush" else indent()
            made = paragraph(runs(block.runs, size, 0, "song"), BODY, spacing=line, ind=ind)
            return [made] if any(one.text for one in block.runs) else []
        case tree.Paragraph():
            where = stand("right" if block.role == "right" else "centre")
            body = "title" if block.role == "title" else "song"
            made = paragraph(runs(block.runs, size, 0, body), FLUSH, spacing=line, jc=where)
            return [made] if any(one.text for one in block.runs) else []
        case tree.Attachments():
            several = len(block.titles) > 1
            texts = [
                f"{'附件：' if k == 1 else ''}{f'{k}.' if several else ''}{clean(text)}"
                for k, text in enumerate(block.titles, 1)
            ]
            return [paragraph(run(text, "song", size, spacing=0), BODY, spacing=line, ind=two) for text in texts]
        case tree.Space():
            return [paragraph("", FLUSH, spacing=line) for _ in range(block.rows)]
        case tree.Break():
            return []
        case _:
            raise Refusal("报纸版面的窄栏里放不下表格、图和回执。", "请去掉它们，或把通报按公文格式排印。", "print")
