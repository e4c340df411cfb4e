"""Writes a paper as a Word file: the twin of the PDF, for offices that go on working on it.

The page is that of GB/T 9704 (22 rows of 28.95 pt, 28 characters of 15.75 pt), the title breaks where the typesetter breaks it,
head, signature and 版记 stand where print puts them. Word breaks lines and pages by itself, so three things are as near as
Word comes: a cell that goes over pages shows its words once, 版记 floats to the foot of the page on which the text ends,
and on pages of their own (an even one, 7.4) when the typesetter had to give it one. LibreOffice shows the file like Word, but is
never the way to the official PDF.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import get_args

from db.errors import Refusal
from desktop_app.notices import fonts, front, page, signing, titles, tree, word_body, word_ends, word_front, word_news
from desktop_app.notices.marks import clean
from desktop_app.notices.word_making import Making
from desktop_app.notices.word_media import Media
from desktop_app.notices.word_page import Foot, Layout, Opens, Sheet, foot, head
from desktop_app.notices.word_styles import FLUSH, SALUTATION, font_table, settings, styles
from desktop_app.notices.word_xml import (
    DECLARATION,
    NAMESPACES,
    PITCH,
    TWIPS,
    Paragraph,
    paragraph,
    run,
    seam,
    space,
    xml,
)


def to_bytes(
    document: tree.Document, pictures: Mapping[str, bytes] | None = None, created: datetime | None = None
) -> bytes:
    """The Word file of a tree; ``pictures`` are the bytes of its pictures by digest. Same input, same bytes.

    Raises ``Refusal`` for a character no Word file can hold, and for what has no room on page 1.
    """
    return bound((document,), pictures, created)


def bound(
    documents: Sequence[tree.Document],
    pictures: Mapping[str, bytes] | None = None,
    created: datetime | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bytes:
    """Several papers in one file, each from a new page on, its pages counted from 1; the file's title is the first's.

    ``progress`` is told after each paper how many of how many are done; ``cancelled`` is asked before each and ends in a
    ``Refusal``.
    """
    from desktop_app.notices import word_pack

    if not documents:
        raise Refusal("没有要输出的文书。", "请先选定要输出的文书。", "print")
    kinds: tuple[Foot, ...] = get_args(Foot)
    feet: dict[Foot, str] = {kind: f"rIdF{k}" for k, kind in enumerate(kinds, 1)}
    making = Making(Media(pictures or {}), feet)
    for number, document in enumerate(documents):
        if cancelled():
            raise Refusal("已取消，文件没有写成。", topic="print")
        making.band = f"band:{document.colour}" if document.colour != "black" else ""
        opened = Sheet(start=1, first="letter" if document.form == "letter" else None, head=making.band)
        if number:
            making.close(opened)
        else:
            making.sheet = opened
        _paper(making, document)
        progress(number + 1, len(documents))
    if not making.pieces or isinstance(making.pieces[-1], str):
        making.put(seam())
    last = making.ended()
    body = f"{DECLARATION}<w:document {NAMESPACES}><w:body>{xml(making.pieces)}{last}</w:body></w:document>"
    first, shown = documents[0], used(body)
    about = word_pack.About(first.title, first.author, first.subject, first.keywords, first.language, created)
    return word_pack.packed(
        body.encode(),
        about,
        {"styles": styles(), "settings": settings(), "fontTable": font_table()},
        {relation: head(name, kind) for (name, kind), relation in making.heads.items()},
        {feet[kind]: foot(kind) for kind in kinds if feet[kind] in shown},
        {relation: (name, data) for relation, name, data in making.media.files.values()},
    )


def used(body: str) -> frozenset[str]:
    """The relations of feet a body speaks of."""
    return frozenset(re.findall('footerReference [^>]*r:id="([^"]*)"', body))


def _paper(making: Making, document: tree.Document) -> None:
    _require(document)
    match document.blocks:
        case (tree.Section(layout="newspaper") as news,) if not document.head:
            moved, first = "", clean(document.addressees)
            greeted = (tree.Paragraph((tree.Run(first),), "flush"),) if first else ()
            word_news.put(making, replace(news, blocks=(*greeted, *news.blocks)), document.title)
        case _:
            moved = _opening(making, document)
            word_body.blocks(making, document.blocks)
    _closing(making, document)
    word_body.blocks(making, document.after, _like(making.sheet))
    for annex in document.annexes:
        _annex(making, annex)
    if document.imprint or moved:
        part = document.imprint or tree.Imprint("", "")
        _imprint(making, document, replace(part, main=moved or part.main))
    if document.code:
        making.hang(word_ends.code(document.code, making.media, making.sheet))


def _like(on: Sheet) -> Layout:
    """The kind of page on which a paper goes on after pages of this one."""
    return "landscape" if on.layout == "landscape" else "upright"


def _opening(making: Making, document: tree.Document) -> str:
    """Head, title and addressees; gives the addressees that go to 版记 (7.3.2). A paper that is one landscape section has its
    title on the landscape sheet."""
    if document.head or not _turned(document.blocks):
        opened = front.front(document)
        making.pieces += word_front.opening(document, opened)
        addressees, moved = opened.addressees, opened.moved
    else:
        making.on("landscape")
        addressees, moved = document.addressees, ""
        if document.title:
            making.put(_sheet_title(document.title, making.sheet))
    if addressees:
        making.put(paragraph(run(clean(addressees)), SALUTATION))
    return moved


def _turned(blocks: Sequence[tree.Block]) -> bool:
    """Whether blocks are one landscape section: what stands above them stands on its first page."""
    return len(blocks) == 1 and isinstance(blocks[0], tree.Section) and blocks[0].layout == "landscape"


def _sheet_title(text: str, on: Sheet) -> Paragraph:
    """The title of a working paper on a landscape sheet: 小二, smaller when it takes more than a line."""
    sizes = [page.SIZES[name] for name in front.SHEET_SIZES]
    fitting = [size for size in sizes if len(titles.drafts(text, size, 0.0, on.width / TWIPS)) <= 1]
    return word_body.title(text, on, fitting[0] if fitting else sizes[-1], spacing=space(after=PITCH))


def _require(document: tree.Document) -> None:
    """What the typesetter measures for Word must have glyphs; the words of the body need none, Word has its own faces."""
    head, signed = document.head or tree.Head(""), document.signature or tree.Signature("", "")
    fonts.require(clean("\n".join((document.title, head.mark, *head.organs))), "title")
    words = (head.serial, head.secrecy, head.urgency, head.document_number, head.signer, document.addressees)
    fonts.require(clean("\n".join((*words, signed.organ, *signed.others, signed.post, signed.date))), "body")


def _closing(making: Making, document: tree.Document) -> None:
    """署名, date and 附注: never alone on a page (7.3.5.5), the last paragraph of the text stays with them."""
    last: list[Paragraph] = []
    if document.signature:
        last += word_ends.signature(
            signing.signature(document.signature, bool(document.note)), making.media, making.sheet
        )
    if document.note:
        last.append(word_body.note(document.note))
    if last:
        making.on(_like(making.sheet))
    if last and not making.empty and isinstance(before := making.pieces[-1], Paragraph):
        before.held["keepNext"] = "<w:keepNext/>"
    for one in last[:-1]:
        one.held["keepNext"] = "<w:keepNext/>"
    making.put(*last)


def _annex(making: Making, annex: tree.Annex) -> None:
    """附件 on a new page: its label in 黑体 in row 1, its title in row 3 (7.3.7)."""
    making.on("landscape" if _turned(annex.blocks) else "upright")
    making.fresh = not making.empty
    making.put(paragraph(run(f"附件{annex.number or ''}", "hei"), FLUSH, keepNext="<w:keepNext/>"))
    if annex.title:
        making.put(word_body.title(annex.title, making.sheet, spacing=space(before=PITCH, after=PITCH)))
    word_body.blocks(making, annex.blocks, _like(making.sheet))


def _imprint(making: Making, document: tree.Document, part: tree.Imprint) -> None:
    """版记 on the page the text ends on, or on one of its own as in print (7.4)."""
    from desktop_app.notices import sheet

    letter = document.form == "letter"
    pages = sheet.typeset(document).pages
    last = pages[-1]
    alone = all(line.kind in ("imprint", "number", "code") for line in last.lines) and not last.images
    if alone and len(pages) > 1:
        numbered = any(line.kind == "number" for line in last.lines)
        opens: Opens = "nextPage" if part.one_sided or letter else "evenPage"
        making.close(
            replace(making.sheet, opens=opens, start=0, first=None, numbered=numbered, layout="upright", columns=1)
        )
    making.hang(word_ends.imprint(part, letter))
