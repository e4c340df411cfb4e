"""Lays a tree out on pages of GB/T 9704-2012: which paragraph is set how, and on which row each line stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

from desktop_app.notices import fonts, imprint, linebreak, page, pager, setting, signing, tree
from desktop_app.notices import front as fronts
from desktop_app.notices.linebreak import Broken
from desktop_app.notices.marks import clean
from desktop_app.notices.page import CELLS, COLOURS, ROWS, SIZE_3, Entry, Page, Pages
from desktop_app.notices.pager import Flow
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Stock, Words, prepare

MEASURE = CELLS * 1000
INDENT = 2000
VISIBLE = 80
"""A paragraph is not set looser than this (thousandths of a character a gap) only to end a page well."""

_HEADING_ROLES = {1: "hei", 2: "kai", 3: "body", 4: "body"}


def typeset(document: tree.Document) -> Pages:
    """The laid-out pages. Raises ``Refusal`` naming the character if one cannot be drawn."""
    substitutes = _require(document)
    top = fronts.front(document)
    flows = _flows(document, top.addressees)
    rows = pager.deal(flows, ROWS - top.row)
    pages = [_first(rows[0], top), *(_page(k, dealt) for k, dealt in enumerate(rows[1:], start=2))]
    finished = tuple(imprint.finished(pages, document, top.moved))
    return Pages(finished, _outline(document, finished), substitutes, ((1, document),))


def _require(document: tree.Document) -> tuple[tuple[str, str], ...]:
    """Every character has a glyph in some face; gives those drawn by a face that is not the role's own."""
    by_role: dict[str, list[str]] = {"title": [document.title], "body": []}
    for block in (*document.blocks, *document.after):
        for words in _words(block):
            by_role.setdefault(words.role, []).append(words.text)
    if document.head:
        by_role["title"] += [document.head.mark, *document.head.organs]
        by_role.setdefault("hei", []).extend((document.head.secrecy, document.head.urgency))
        by_role.setdefault("kai", []).append(document.head.signer)
    by_role["body"] += tree.texts(document)
    found = {one for role, texts in by_role.items() for one in fonts.require(clean("\n".join(texts)), role)}
    return tuple(sorted(found))


def _words(block: tree.Block) -> list[Words]:
    match block:
        case tree.Heading():
            role = _HEADING_ROLES.get(block.level, "body")
            own = Words(clean(block.text), role, block.origin, change=block.change)
            return [own, *map(_run, block.runs_on)]
        case tree.Paragraph():
            return [_run(run) for run in block.runs]
        case tree.Attachments():
            return [Words("附件：1.")]
        case _:
            raise TypeError(f"no place on the sheet for {type(block).__name__}")


def _run(run: tree.Run) -> Words:
    return Words(clean(run.text), run.face, run.origin, COLOURS[run.colour], run.change)


def _flows(document: tree.Document, addressees: str) -> list[Flow]:
    flows: list[Flow] = []
    if addressees:
        flows.append(_paragraph([Words(addressees)], -2, 0))
    flows += [_block(block, number) for number, block in enumerate(document.blocks)]
    last: list[Draft | None] = signing.signature(document.signature) if document.signature else []
    if document.note:
        note = prepare([Words(f"（{clean(document.note)}）")])
        last += setting.drafts(note, linebreak.lines(note, MEASURE, INDENT), "body", SIZE_3, -3)
    if last:
        flows.append(Flow(last, tail=True))
    flows += [_block(block, number) for number, block in enumerate(document.after, start=len(document.blocks))]
    return flows


def _block(block: tree.Block, number: int) -> Flow:
    match block:
        case tree.Heading():
            return _heading(block, number)
        case tree.Paragraph():
            return _body(block, number)
        case tree.Attachments():
            return _attachments(block, number)
        case _:
            raise TypeError(f"no place on the sheet for {type(block).__name__}")


def _heading(block: tree.Heading, number: int) -> Flow:
    """A heading; lines that hold nothing but its own words are held to what follows."""
    words = _words(block)
    own = len(prepare(words[:1]).cells)
    flow = _paragraph(words, number, INDENT, own, block.level)
    if block.runs_on:
        ends_at = list(accumulate(sum(len(p.cids) for p in line.pieces) if line else 0 for line in flow.lines))
        flow.alone = sum(1 for end in ends_at if end <= own)
    else:
        flow.alone = len(flow.lines)
    if flow.alone:  # set anew, other lines would have to be held
        flow.reset = None
    return flow


def _body(block: tree.Paragraph, number: int) -> Flow:
    words = _words(block)
    if block.role == "listed":
        return _listed(words, number)
    if block.role in ("body", "flush"):
        return _paragraph(words, number, INDENT if block.role == "body" else 0)
    stock = prepare(words)
    lines: list[Draft | None] = []
    for line in linebreak.lines(stock, MEASURE):
        free = MEASURE - line.right
        indent = round(free / 2 if block.role == "centre" else free)
        moved = Broken(line.start, line.end, line.xs, line.right, line.fit, indent)
        lines += setting.drafts(stock, [moved], "body", SIZE_3, number)
    return Flow(lines)


def _listed(words: Sequence[Words], number: int) -> Flow:
    """Two characters in; turned lines under the first character after the first run (出席：…, 10.3)."""
    stock = prepare(words)
    hang = min(MEASURE // 2, INDENT + setting.width(prepare(words[:1])))
    return Flow([*setting.drafts(stock, linebreak.lines(stock, MEASURE, INDENT, hang), "body", SIZE_3, number)])


def _paragraph(words: Sequence[Words], number: int, first: int, heading: int = 0, level: int = 0) -> Flow:
    """A justified paragraph, the lines of whose first ``heading`` cells are heading lines of that level."""
    stock, best = _broken(tuple(words), first)

    def set_(lines: Sequence[Broken]) -> list[Draft | None]:
        headed = sum(1 for line in lines if line.start < heading)
        return [
            *setting.drafts(stock, lines[:headed], "heading", SIZE_3, number, level),
            *setting.drafts(stock, lines[headed:], "body", SIZE_3, number),
        ]

    def reset(looseness: int) -> list[Draft | None]:
        if not _room(stock, best[-1], looseness):
            return []
        lines = linebreak.lines(stock, MEASURE, first, looseness=looseness)
        return [] if any(_visible(stock, line) for line in lines) else set_(lines)

    return Flow(set_(best), reset if best else None)


@lru_cache(maxsize=400)
def _broken(words: tuple[Words, ...], first: int) -> tuple[Stock, list[Broken]]:
    """The paragraph broken; kept, because a preview sets the same paper again after every save."""
    stock = prepare(words)
    return stock, linebreak.lines(stock, MEASURE, first)


def _room(stock: Stock, last: Broken, looseness: int) -> bool:
    """Whether a paragraph could have that many lines more or fewer at all: a quick look before the whole is weighed."""
    if looseness < 0:
        return last.right <= stock.width[-1] - stock.least[-1] + len(stock.cells) * 20
    return MEASURE - last.right + 1000 <= VISIBLE * len(stock.cells)


def _visible(stock: Stock, line: Broken) -> bool:
    """Whether a line is spread so much that a reader sees it."""
    if line.fit == "ragged":
        return True
    natural = stock.width[stock.solid[line.end]] - stock.width[line.start]
    return line.fit == "stretched" and line.right - natural > VISIBLE * max(1, line.end - line.start - 1)


def _attachments(block: tree.Attachments, number: int) -> Flow:
    """附件说明: a blank row, two characters in, turned lines under the first character of the name (7.3.4)."""
    lines: list[Draft | None] = [None]
    several = len(block.titles) > 1
    for k, title in enumerate(block.titles):
        label = "附件：" if k == 0 else ""
        figure = f"{k + 1}." if several else ""
        first = INDENT if k == 0 else INDENT + setting.width(prepare([Words("附件：")]))
        hang = first + setting.width(prepare([Words(label + figure)]))
        stock = prepare([Words(label + figure + clean(title))])
        broken = linebreak.lines(stock, MEASURE, first, hang)
        lines += setting.drafts(stock, broken, "body", SIZE_3, number)
    return Flow(lines)


def _first(rows: Sequence[Draft | None], top: fronts.Front) -> Page:
    body = _page(1, rows, top.row, top.down)
    return replace(body, lines=(*top.lines, *body.lines), strokes=top.strokes)


def _page(number: int, rows: Sequence[Draft | None], first: int = 0, down: float = 0.0) -> Page:
    placed = [(first + k, draft) for k, draft in enumerate(rows) if draft]
    images = tuple(image for row, draft in placed for image in draft.images_at(page.row_top(row) - down))
    return Page(number, tuple(draft.at(row, down=down) for row, draft in placed), images=images)


def _outline(document: tree.Document, pages: Sequence[Page]) -> tuple[Entry, ...]:
    entries = [Entry(0, clean(document.title), 1, page.row_top(0) + SIZE_3)] if document.title else []
    blocks = (*document.blocks, *document.after)
    seen: set[int] = set()
    for one in pages:
        for line in one.lines:
            if line.kind == "heading" and line.block not in seen:
                seen.add(line.block)
                block = blocks[line.block]
                text = clean(block.text) if isinstance(block, tree.Heading) else line.text
                entries.append(Entry(line.level, text, one.number, line.y + SIZE_3))
    return tuple(entries)
