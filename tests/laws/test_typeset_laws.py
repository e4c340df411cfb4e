"""Laws of the printed page, on texts nobody would write: the breaker alone, and the finished PDF read by another library.

1 never first, 2 never last, 3 never split, 6 units whole, 9 justified, 12 nothing hangs: CLREQ and GB/T 15834-2011 part 5.
7.3.3, 7.3.5.5, 5.2.3: GB/T 9704-2012. The lists of marks are written out here once more, apart from the program's.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pypdfium2
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.notices import fonts, linebreak, marks, page, pdf, plain, sheet, stock, tree

NEVER_FIRST = set("。，、；：？！”’）〕】》〉–～·/%‰℃,.;:!?)]}％…—") - set("…—")
NEVER_LAST = set("“‘（〔【《〈/([{")

WIDEST_GAP = 250  # thousandths of a character

UNITS = ["2708人", "51.5%", "33000余路", "2021年12月底前", "5万至30万元", "0510-66070000", "3.7个百分点", "第12条"]
PIECES = [
    *"。，、；：？！“”‘’（）《》〈〉【】〔〕·～/%℃",
    "——",
    "……",
    " ",
    "  ",
    " ，",
    "（ ",
    "”）。",
    "》、《",
    "a",
    "PDF",
    "1",
]
RARE = [*"喆堃玥珺璟祎彧翀芃垚瑄旻烜赟镕䶮㛃", "葛\U000e0100", "é", "①", "㎡", "％", "－", "★"]
MAIL = ["abc.def@example.com", "https://example.com/a/b?c=d&e=f", "Microsoft Windows"]

fragments = st.one_of(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12),
    st.text(st.sampled_from("一是完善监督机制减少执法源头隐患的整改落实情况"), min_size=1, max_size=20),
    st.sampled_from(PIECES),
    st.sampled_from(PIECES),
    st.sampled_from(UNITS),
    st.sampled_from(RARE),
    st.sampled_from(MAIL),
)
paragraphs = st.lists(fragments, min_size=1, max_size=40).map("".join)
measures = st.integers(4, 28).map(lambda cells: cells * 1000)


def least(cells: list[fonts.Cell]) -> int:
    """The width of cells with everything squeezed that can be, blanks at the end away."""
    while cells and cells[-1].flags & fonts.BLANK:
        cells = cells[:-1]
    return sum(min(250, c.width) if c.text == " " else c.width - c.lead - c.trail for c in cells)


def ink(cell: fonts.Cell) -> tuple[int, int]:
    """From where to where the cell is black, seen from its left edge."""
    face = fonts.face(cell.face)
    drawn = [(face.hb_font.get_glyph_extents(face.glyph_of(c)), s) for c, s in zip(cell.cids, cell.shifts, strict=True)]
    spans = [(s + e.x_bearing, s + e.x_bearing + e.width) for e, s in drawn if e and e.width]
    return (min(a for a, _ in spans), max(b for _, b in spans)) if spans else (0, 0)


@settings(max_examples=5 * settings().max_examples)
@given(paragraphs, measures, st.sampled_from([0, 2000]))
def test_the_breaker_keeps_every_rule(text: str, measure: int, first: int) -> None:
    ready = stock.prepare([stock.Words(text)])
    lines = linebreak.lines(ready, measure, first)
    cells = ready.cells
    assert "".join(c.text for line in lines for c in cells[line.start : line.end]) == text
    for line in lines:
        room = measure - line.indent
        assert line.end > line.start
        assert line.right <= room + 1e-6, "wider than the measure"
        for x, cell in zip(line.xs, cells[line.start : line.end], strict=True):
            assert x + min(ink(cell)[1], cell.width) <= room + 1, (
                "ink beyond the edge"
            )  # an f may overhang its own width
        if line.end < len(cells):
            check_boundary(ready, line.end, room)
            check_fit(ready, line, room)
        check_overlap(ready, line)


def check_boundary(ready: stock.Stock, place: int, room: int) -> None:
    """The place between two lines is allowed, or what it cuts does not fit a line."""
    cells, level = ready.cells, ready.level
    before = next((c.text for c in reversed(cells[:place]) if not c.flags & fonts.BLANK), "")
    after = cells[place].text
    forbidden = after in NEVER_FIRST or before in NEVER_LAST or bool(cells[place].flags & fonts.BLANK)
    assert not (before[-1:] == after[:1] and after[:1] in "—…" and len(before) + len(after) == 2), "rule 3"
    if not forbidden and level[place] == 0:
        return
    most = 1 if forbidden else 0
    start = max((k for k in range(place) if level[k] <= most), default=0)
    end = min((k for k in range(place + 1, len(level)) if level[k] <= most), default=len(cells))
    assert least(cells[start:end]) > room, f"cut {''.join(c.text for c in cells[start:end])!r}"


def check_fit(ready: stock.Stock, line: linebreak.Broken, room: int) -> None:
    """Rule 9: as wide as the measure, or marked ragged because its gaps would tear."""
    cells = ready.cells[line.start : line.end]
    while cells and cells[-1].flags & fonts.BLANK:
        cells = cells[:-1]
    if not cells:
        return
    x, last = line.xs[len(cells) - 1], cells[-1]
    if line.fit == "ragged":
        natural = ready.width[line.start + len(cells)] - ready.width[line.start]
        gaps = sum(1 for a, b in pairwise(cells) if not stretchless(a, b))
        assert room - natural > WIDEST_GAP * gaps * 0.99 - 500
    else:
        assert line.fit in ("exact", "squeezed", "stretched")
        half = last.trail if last.flags & fonts.FULL else 0  # at the end of a line a mark takes half a cell (rule 5)
        assert abs(x + last.width - half - room) < 0.01
        if line.fit != "squeezed":
            check_gaps(line, cells)


def check_gaps(line: linebreak.Broken, cells: list[fonts.Cell]) -> None:
    """No gap is torn open, and all that grow grow alike."""
    grown = [
        b - a - c.width for a, b, c, d in zip(line.xs, line.xs[1:], cells, cells[1:], strict=False) if plain_gap(c, d)
    ]
    assert all(gap <= WIDEST_GAP + 0.01 for gap in grown)
    assert not grown or max(grown) - min(grown) < 0.01


def plain_gap(one: fonts.Cell, other: fonts.Cell) -> bool:
    """Between two ideographs, where nothing else is at work."""
    return not (one.flags or other.flags)


def stretchless(one: fonts.Cell, other: fonts.Cell) -> bool:
    """Whether the gap between two cells may not grow."""
    return bool(one.flags & other.flags & fonts.LATIN or (one.flags | other.flags) & fonts.TIGHT)


def check_overlap(ready: stock.Stock, line: linebreak.Broken) -> None:
    """Squeezing takes blank only: no ink runs into other ink."""
    cells = ready.cells[line.start : line.end]
    for (x, one), (y, other) in zip(
        zip(line.xs, cells, strict=True), list(zip(line.xs, cells, strict=True))[1:], strict=False
    ):
        if (one.flags | other.flags) & fonts.FULL and not (one.flags | other.flags) & (fonts.BLANK | fonts.LATIN):
            assert x + ink(one)[1] <= y + ink(other)[0] + 1


@given(st.sampled_from(UNITS), st.integers(0, 30), st.integers(10, 28))
def test_a_number_stays_with_its_unit(unit: str, before: int, cells: int) -> None:
    text = "整" * before + unit + "改" * 30
    ready = stock.prepare([stock.Words(text)])
    found = "\n".join(
        "".join(c.text for c in ready.cells[line.start : line.end])
        for line in linebreak.lines(ready, cells * 1000, 2000)
    )
    assert unit in found


runs = st.builds(
    tree.Run, paragraphs, st.sampled_from(["body", "kai", "hei", "song"]), st.sampled_from(["", "problem:1"])
)
blocks = st.one_of(
    st.just(tree.Paragraph(())),
    st.just(tree.Paragraph((tree.Run(""),))),
    st.just(tree.Attachments(("整改台账", "问题清单" * 9))),
    st.builds(tree.Paragraph, st.lists(runs, min_size=1, max_size=3).map(tuple), st.sampled_from(["body", "flush"])),
    st.builds(tree.Heading, st.integers(1, 4), paragraphs, st.lists(runs, max_size=2).map(tuple)),
)
documents = st.builds(
    tree.Document,
    title=st.text(st.sampled_from("关于市委巡察整改进展情况的通报某局"), max_size=60),
    blocks=st.lists(blocks, min_size=1, max_size=25).map(tuple),
    signature=st.one_of(
        st.none(),
        st.builds(tree.Signature, st.just("某某分局"), st.just("2021年11月3日"), st.sampled_from(["none", "room"])),
    ),
    head=st.one_of(st.none(), st.just(tree.Head("某某分局文件", "某公〔2021〕8号"))),
    addressees=st.sampled_from(["", "各派出所："]),
    after=st.lists(blocks, max_size=1).map(tuple),
)


def body(one: page.Page) -> list[page.Line]:
    """The lines of a page without its number."""
    return [line for line in one.lines if line.kind != "number"]


@settings(max_examples=max(10, settings().max_examples // 4))
@given(documents)
def test_the_pager_keeps_every_rule(document: tree.Document) -> None:
    laid = sheet.typeset(document)
    assert "".join(line.text for one in laid.pages for line in body(one)) == plain.text(document).replace("\n", "")
    for one, following in zip(laid.pages, laid.pages[1:], strict=False):
        lines, after = body(one), body(following)
        rows = [line.row for line in lines if line.kind not in ("mark", "head")]
        assert rows == sorted(set(rows))
        assert all(0 <= row < page.ROWS for row in rows)
        last = lines[-1]
        every = (*document.blocks, *document.after)
        held = every[last.block] if last.kind == "heading" else None
        assert not (isinstance(held, tree.Heading) and not held.runs_on), "a heading is last"
        assert after[0].kind != "signature", "a signature is alone"
        if last.row < page.ROWS - 1 and lines[-1].kind != "title":
            check_short(every, lines, after)


def check_short(every: tuple[tree.Block, ...], lines: list[page.Line], after: list[page.Line]) -> None:
    """A page is short only for a heading or a signature that has to stay with its own."""
    signed = any(line.kind == "signature" for line in after[:5])
    headed = after[0].block >= 0 and isinstance(every[after[0].block], tree.Heading)
    assert signed or headed or lines[-1].row == page.ROWS - 2


@settings(max_examples=max(10, settings().max_examples // 4))
@given(documents)
def test_the_pdf_gives_its_text_back(document: tree.Document) -> None:
    laid = sheet.typeset(document)
    data = pdf.drawn(laid, pdf.meta(document))
    assert data == pdf.drawn(sheet.typeset(document), pdf.meta(document)), "same input, other bytes"
    read = pypdfium2.PdfDocument(data)
    try:
        assert len(read) == len(laid.pages)
        for number, one in enumerate(laid.pages):
            found = read[number].get_textpage().get_text_range()
            found = found.replace("\ufffe", "-")  # so this reader reports a hyphen at the end of a line
            assert squash(found) == squash("".join(line.text for line in one.lines))
    finally:
        read.close()


def squash(text: str) -> str:
    """Text without line ends and blanks: where a line ends is not part of what it says."""
    return re.sub(r"\s", "", text)


def test_the_lists_of_marks_are_at_least_the_standards() -> None:
    assert NEVER_FIRST <= marks.NEVER_FIRST
    assert NEVER_LAST <= marks.NEVER_LAST
