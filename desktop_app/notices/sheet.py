"""Lays a tree out on pages of GB/T 9704-2012: stretches of pages of one kind, what stands on each, numbers and outline.

What most papers have none of (tables, pictures, newspaper columns, codes) is loaded when the first one comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from db.errors import Refusal
from db.values import born, record, replace
from desktop_app.notices import (
    bands,
    fonts,
    imprint,
    linebreak,
    pager,
    paragraphs,
    setting,
    signing,
    titles,
    tree,
)
from desktop_app.notices import front as fronts
from desktop_app.notices import head as heads
from desktop_app.notices.flows import Flow
from desktop_app.notices.marks import clean
from desktop_app.notices.page import (
    SIZE_2,
    SIZE_3,
    TURNED,
    UPRIGHT,
    Entry,
    Frame,
    Image,
    Ink,
    Line,
    Page,
    Pages,
    Stroke,
    annex_block,
)  # fmt: skip
from desktop_app.notices.pager import Dealt
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Words, prepare
from desktop_app.notices.sweeping import unswept

FRAMES = {"upright": UPRIGHT, "landscape": TURNED, "newspaper": UPRIGHT}


@record
class Stretch:
    """Pages of one kind, the first of which begins with ``front``; its flows begin in row ``row`` of a grid that is ``down``
    points below the usual one. ``newspaper`` is a section set in columns instead, ``numbers`` the places of its blocks, and
    ``headline`` what stands across them."""

    frame: Frame
    front: tuple[Line, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    row: int = 0
    down: float = 0.0
    flows: list[Flow] = born(factory=list)
    newspaper: tree.Section | None = None
    numbers: range = range(0)
    headline: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing would stand on its pages."""
        return not self.flows and not self.front and not self.newspaper


@unswept
def typeset(document: tree.Document) -> Pages:
    """The laid-out pages. Raises ``Refusal`` naming the character if one cannot be drawn."""
    substitutes = _require(document)
    first, addressees, moved = _first(document)
    pages: list[Page] = []
    for stretch in _stretches(document, first, addressees):
        pages += _pages(stretch, len(pages))
    finished = bands.banded(imprint.finished(pages, document, moved), document.colour)
    if document.code:
        from desktop_app.notices import codes

        finished[-1] = codes.coded(finished[-1], document.code)
    return Pages(tuple(finished), _outline(document, finished), substitutes, ((1, document),))


def bound(
    documents: Sequence[tree.Document],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Pages:
    """Many documents in one file, each beginning on a page of its own with its own page numbers and its own outline.

    ``progress`` is told after each document; when ``cancelled`` says so, what has been laid out so far is given.
    """
    pages: list[Page] = []
    outline: list[Entry] = []
    substitutes: set[tuple[str, str]] = set()
    begun: list[tuple[int, tree.Document]] = []
    for number, document in enumerate(documents, 1):
        if cancelled():
            break
        laid = typeset(document)
        before = len(pages)
        begun.append((before + 1, document))
        pages += [replace(one, number=before + one.number) for one in laid.pages]
        outline += [replace(entry, page=before + entry.page) for entry in laid.outline]
        substitutes.update(laid.substitutes)
        progress(number, len(documents))
    return Pages(tuple(pages), tuple(outline), tuple(sorted(substitutes)), tuple(begun))


def _require(document: tree.Document) -> tuple[tuple[str, str], ...]:
    """Every character has a glyph in some face; gives those drawn by a face that is not the role's own."""
    by_role: dict[str, list[str]] = {"title": [document.title], "body": list(tree.texts(document))}
    for block in tree.every_block(document):
        for words in paragraphs.words(block):
            if words.role != "body":
                by_role.setdefault(words.role, []).append(words.text)
    if document.head:
        by_role["title"] += [document.head.mark, *document.head.organs]
        by_role.setdefault("hei", []).extend((document.head.secrecy, document.head.urgency))
        by_role.setdefault("kai", []).append(document.head.signer)
    found = {one for role, texts in by_role.items() for one in fonts.require(clean(" ".join(texts)), role)}
    return tuple(sorted(found))


def _first(document: tree.Document) -> tuple[Stretch, str, str]:
    """The stretch the paper begins with, the addressees that stand on it, and those that go to 版记 (7.3.2)."""
    match document.blocks:
        case (tree.Section(layout="newspaper"),) if not document.head:
            return Stretch(UPRIGHT, headline=document.title), clean(document.addressees), ""
    if not fronts.bare(document.head) or _first_frame(document.blocks) is UPRIGHT:
        top = fronts.front(document)
        return Stretch(UPRIGHT, top.lines, top.strokes, top.row, top.down), top.addressees, top.moved
    labels = tuple(heads.labels(document.head, TURNED)) if document.head else ()
    title = fronts.sheet_title(document.title, len(labels), TURNED, 1)
    row = len(labels) + (len(title) + 1 if title else 0)
    if row >= TURNED.rows - 1:
        raise Refusal(f"标题有{len(document.title)}个字，第一页排不下正文。", "请缩短标题，把说明移到正文里。", "print")
    return Stretch(TURNED, (*labels, *title), (), row), clean(document.addressees), ""


def _title(text: str, block: int, frame: Frame, row: int, size: float) -> tuple[Line, ...]:
    drafts = titles.drafts(text, size, frame.left, frame.width) if text else []
    return tuple(replace(draft, block=block).on(row + k, frame) for k, draft in enumerate(drafts))


def _stretches(document: tree.Document, first: Stretch, addressees: str) -> list[Stretch]:
    """The document cut where pages of another kind, or a new page, begin."""
    made = [first]
    if addressees:
        first.flows.append(paragraphs.paragraph([Words(addressees)], -2, first.frame))
    numbers = iter(range(len(tree.every_block(document))))
    _fill(made, document.blocks, UPRIGHT, numbers)
    last = _tail(document, made[-1].frame)
    if last.lines:
        if made[-1].newspaper:  # columns end with the text
            made.append(Stretch(UPRIGHT))
        made[-1].flows.append(last)
    _fill(made, document.after, made[-1].frame, numbers)
    for k, annex in enumerate(document.annexes):
        made.append(_annex(annex, _first_frame(annex.blocks), annex_block(k)))
        _fill(made, annex.blocks, made[-1].frame, numbers)
    kept = [one for one in made if not one.empty]
    return kept or made[:1]


def _first_frame(blocks: Sequence[tree.Block]) -> Frame:
    """The frame of what comes first: a landscape sheet if all blocks are one landscape section."""
    match blocks:
        case (tree.Section(layout="landscape"),):
            return TURNED
        case _:
            return UPRIGHT


def _fill(made: list[Stretch], blocks: Iterable[tree.Block], frame: Frame, numbers: Iterator[int]) -> None:
    """Puts blocks into the last stretch, or into new ones where another kind of page begins."""
    for block in blocks:
        if isinstance(block, tree.Section) and block.layout == "newspaper":
            count = sum(1 for _ in tree.leaves(block.blocks))
            first = next(numbers, 0) if count else 0
            for _ in range(count - 1):
                next(numbers)
            headline = made.pop().headline if made[-1].empty else ""
            made.append(Stretch(UPRIGHT, newspaper=block, numbers=range(first, first + count), headline=headline))
            continue
        if isinstance(block, tree.Section):
            _fill(made, block.blocks, FRAMES[block.layout], numbers)
            continue
        number = next(numbers)
        if isinstance(block, tree.Break):
            if made[-1].flows:
                made.append(Stretch(made[-1].frame))
            continue
        if made[-1].frame is not frame or made[-1].newspaper:
            if made[-1].empty:
                made.pop()
            made.append(Stretch(frame))
        made[-1].flows.append(_flow(block, number, frame))


def _flow(block: tree.Block, number: int, frame: Frame) -> Flow:
    """A block on its way to the page."""
    on_rows = paragraphs.flow(block, number, frame)
    if on_rows is not None:
        return on_rows
    if isinstance(block, tree.Table):
        from desktop_app.notices.tables import Table

        return Flow([], solid=Table(block, number))
    from desktop_app.notices import solids

    whole = solids.solid(block, number)
    if whole is None:
        raise TypeError(f"no place on the sheet for {type(block).__name__}")
    return Flow([], solid=whole, slip=isinstance(block, tree.Cut))


def _tail(document: tree.Document, frame: Frame) -> Flow:
    """Signature, date and 附注: never alone on a page."""
    last: list[Draft | None] = signing.signature(document.signature, bool(document.note)) if document.signature else []
    last = [draft and draft.shifted(frame.right - UPRIGHT.right) for draft in last]
    if document.note:
        note = prepare([Words(f"（{clean(document.note)}）")])
        lines = linebreak.lines(note, paragraphs.measure(frame), paragraphs.INDENT)
        last += setting.drafts(note, lines, "body", SIZE_3, -3, edge=frame.left)
    return Flow(last, tail=True)


def _annex(annex: tree.Annex, frame: Frame, block: int) -> Stretch:
    """附件 on a new page: its number in 黑体 in the first row, its title in the third (7.3.7)."""
    label = setting.single([Words(f"附件{annex.number or ''}", "hei")], "heading", SIZE_3, frame.left, block=block)
    front = (label.on(0, frame), *_title(annex.title, block, frame, 2, SIZE_2))
    row = front[-1].row + 2
    if row >= frame.rows:
        raise Refusal(f"附件标题有{len(annex.title)}个字，一页排不下。", "请缩短附件标题。", "print")
    return Stretch(frame, front, (), row)


def _pages(stretch: Stretch, before: int) -> list[Page]:
    if stretch.newspaper:
        from desktop_app.notices import newspaper

        return newspaper.pages(stretch.newspaper, stretch.numbers, before, stretch.headline)
    frame = stretch.frame
    top = replace(frame, top=frame.top - stretch.down) if stretch.down else frame
    dealt = pager.deal(stretch.flows, stretch.row, frame, top)
    pages = [_page(before + k, one, frame if k > 1 else top) for k, one in enumerate(dealt, 1)]
    first = pages[0]
    pages[0] = replace(first, lines=(*stretch.front, *first.lines), strokes=(*stretch.strokes, *first.strokes))
    return pages


def _page(number: int, dealt: Dealt, frame: Frame) -> Page:
    """Rows and solids in the order they stand, the lines of a solid in its own order."""
    rows = [draft.on(row, frame) for row, draft in dealt.rows]
    images: tuple[Image, ...] = ()
    for row, draft in dealt.rows:
        if draft.images:
            images += draft.images_at(frame.row_top(row))
    if not dealt.ink:
        return Page(number, tuple(rows), images=images, turned=frame.turned)
    groups: list[tuple[float, tuple[Line, ...]]] = [(line.y, (line,)) for line in rows]
    groups += [(max((line.y for line in one.lines), default=0.0), one.lines) for one in dealt.ink]
    groups.sort(key=lambda group: -group[0])
    ink = dealt.ink[0] if len(dealt.ink) == 1 else sum(dealt.ink, Ink())
    lines = tuple(line for _, lines in groups for line in lines)
    return Page(number, lines, ink.strokes, ink.shapes, (*images, *ink.images), frame.turned)


def _outline(document: tree.Document, pages: Sequence[Page]) -> tuple[Entry, ...]:
    entries = [Entry(0, clean(document.title), 1, UPRIGHT.top + SIZE_3)] if document.title else []
    blocks = tree.every_block(document)
    annexes = {annex_block(k): annex for k, annex in enumerate(document.annexes)}
    seen: set[int] = set()
    for one in pages:
        for line in one.lines:
            if line.kind != "heading" or line.block in seen:
                continue
            seen.add(line.block)
            level = line.level
            if line.block in annexes:
                level, text = 1, f"{line.text} {clean(annexes[line.block].title)}"
            elif isinstance(block := blocks[line.block], tree.Heading):
                text = clean(block.text)
            else:
                text = line.text
            entries.append(Entry(level, text, one.number, line.y + SIZE_3))
    return tuple(entries)
