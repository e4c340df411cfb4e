"""Laws of tables, on tables nobody would make: nothing lost, nothing over a rule, nothing outside the page, rules of breaking.

The rules are found in what is drawn, not asked of the program; GB/T 9704-2012 5.2 for the type area, 8 for landscape sheets.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_tables import aligns, tables
from test_typeset_laws import NEVER_FIRST, NEVER_LAST, check_boundary, squash

from desktop_app.notices import page, pdf, plain, sheet, stock, table_cells, table_grid, tree
from desktop_app.notices.marks import clean

MORE = "（续）"
EDGE = 0.01


@st.composite
def documents(draw: st.DrawFn) -> tree.Document:
    """One or two tables between paragraphs, on upright or landscape sheets, perhaps signed."""
    before = [tree.Paragraph((tree.Run("整" * draw(st.integers(1, 28 * 24))),))] if draw(st.booleans()) else []
    heading = [tree.Heading(2, "（一）总体情况")] if draw(st.booleans()) else []
    blocks: list[tree.Block] = [*before, *heading, draw(tables())]
    if draw(st.booleans()):
        blocks.append(tree.Paragraph((tree.Run("改" * draw(st.integers(1, 60))),)))
    if draw(st.integers(0, 3)) == 0:
        blocks.append(draw(tables()))
    layout: Literal["upright", "landscape"] = "landscape" if draw(st.booleans()) else "upright"
    signature = tree.Signature("某某分局", "2021年11月3日") if draw(st.booleans()) else None
    return tree.Document(
        draw(st.sampled_from(["", "整改台账"])), (tree.Section(tuple(blocks), layout),), signature, form="sheet"
    )


def every_table(document: tree.Document) -> dict[int, tree.Table]:
    return {k: block for k, block in enumerate(tree.every_block(document)) if isinstance(block, tree.Table)}


@settings(max_examples=max(10, settings().max_examples // 2))
@given(documents())
def test_every_word_comes_out_once(document: tree.Document) -> None:
    laid = sheet.typeset(document)
    for number, table in every_table(document).items():
        lines: dict[tuple[int, int], list[list[str]]] = defaultdict(list)
        for one in laid.pages:
            here: dict[tuple[int, int], list[str]] = defaultdict(list)
            for line in one.lines:
                if line.block == number and line.place:
                    here[line.place].append(line.text)
            for place, words in here.items():
                lines[place].append(words)
        for place, cell in places(table):
            check_words("".join(clean("".join(run.text for run in runs)) for runs in cell.paragraphs), lines[place])
        assert set(lines) == {place for place, _ in places(table)} | {p for p in lines if not lines[p]}


def places(table: tree.Table) -> Iterator[tuple[tuple[int, int], tree.TableCell]]:
    """Every cell with its place as lines name it, found by filling the places one by one."""
    titles = tree.TableRow(tuple(tree.TableCell(((tree.Run(column.title),),)) for column in table.columns))
    head = table.head or (() if table.headless else (titles,))
    for rows, sign in ((head, -1), (table.rows, 1)):
        taken: set[tuple[int, int]] = set()
        for at, row in enumerate(rows):
            column = 0
            for cell in row.cells:
                while (at, column) in taken:
                    column += 1
                taken |= {(at + r, column + c) for r in range(cell.rows) for c in range(cell.columns)}
                yield ((at if sign > 0 else -1 - at), column), cell


def check_words(words: str, pages: list[list[str]]) -> None:
    """The words in order over the pages; once they are all there, only repetitions and （续）."""
    rest = words
    for lines in pages:
        here = "".join(lines)
        if rest and rest.startswith(here) and here:
            rest = rest[len(here) :]
        elif rest:
            raise AssertionError(f"{here!r} where {rest!r} was to come")
        else:
            assert here in (words, words + MORE, MORE, squash(MORE)), "neither new nor repeated"
    assert not rest, f"lost {rest!r}"


@settings(max_examples=max(10, settings().max_examples // 2))
@given(documents())
def test_nothing_stands_on_a_rule_or_beyond_the_type_area(document: tree.Document) -> None:
    for one in sheet.typeset(document).pages:
        frame = page.TURNED if one.turned else page.UPRIGHT
        for line in one.lines:
            if line.kind == "number":
                continue
            low, high = reach(line)
            assert line.left >= frame.left - EDGE
            assert line.right <= frame.right + EDGE
            assert high <= frame.top + EDGE
            assert low >= frame.bottom - EDGE
            if line.kind == "cell":
                check_rules(one, line, low, high)
        for stroke in one.strokes:
            assert frame.left - EDGE <= min(stroke.x0, stroke.x1) <= max(stroke.x0, stroke.x1) <= frame.right + EDGE
            assert frame.bottom - EDGE <= min(stroke.y0, stroke.y1) <= max(stroke.y0, stroke.y1) <= frame.top + EDGE
        for shape in one.shapes:
            for x, y in shape.points:
                assert frame.left - EDGE <= x <= frame.right + EDGE
                assert frame.bottom - EDGE <= y <= frame.top + EDGE


def reach(line: page.Line) -> tuple[float, float]:
    """The lower and upper edge of a line's characters."""
    size = max((piece.size for piece in line.pieces), default=0.0)
    return line.y - (1 - page.ASCENT) * size, line.y + page.ASCENT * size


def check_rules(one: page.Page, line: page.Line, low: float, high: float) -> None:
    frames = [shape for shape in one.shapes if shape.stroke and not shape.fill]
    around = [
        frame for frame in frames if min(y for _, y in frame.points) <= low and high <= max(y for _, y in frame.points)
    ]
    assert around, "a cell outside every frame"
    assert min(x for x, _ in around[0].points) <= line.left
    assert line.right <= max(x for x, _ in around[0].points)
    for stroke in one.strokes:
        if stroke.x0 == stroke.x1 and line.left + EDGE < stroke.x0 < line.right - EDGE:
            assert max(stroke.y0, stroke.y1) <= low or min(stroke.y0, stroke.y1) >= high, "over an upright rule"
        if stroke.y0 == stroke.y1 and low + EDGE < stroke.y0 < high - EDGE:
            assert stroke.x1 <= line.left + EDGE or stroke.x0 >= line.right - EDGE, "over a level rule"


@settings(max_examples=max(10, settings().max_examples // 2))
@given(documents())
def test_no_two_lines_overlap(document: tree.Document) -> None:
    for one in sheet.typeset(document).pages:
        lines = sorted((line for line in one.lines if line.pieces), key=lambda line: line.y)
        for k, line in enumerate(lines):
            _, high = reach(line)
            for other in lines[k + 1 :]:
                if reach(other)[0] >= high - EDGE:
                    break
                assert other.right <= line.left + EDGE or line.right <= other.left + EDGE, (line.text, other.text)


@settings(max_examples=max(10, settings().max_examples // 2))
@given(documents())
def test_the_rules_of_breaking_hold_in_every_cell(document: tree.Document) -> None:
    laid = sheet.typeset(document)
    (section,) = document.blocks
    assert isinstance(section, tree.Section)
    for number, table in every_table(document).items():
        edges, blank = rooms(table, section.layout)
        lines: dict[tuple[int, int], list[page.Line]] = defaultdict(list)
        for one in laid.pages:
            for line in one.lines:
                if line.block == number and line.place:
                    lines[line.place].append(line)
        for place, cell in places(table):
            strong = place[0] < 0 or table.rows[place[0]].kind != "body"
            wide = edges[place[1] + cell.columns] - edges[place[1]] - blank
            check_breaks(cell, lines[place], strong=strong, wide=wide)


def rooms(table: tree.Table, layout: str) -> tuple[list[float], float]:
    """The edges of the columns, and what a cell keeps blank beside its words."""
    edges, size = table_grid.edges(table, page.TURNED if layout == "landscape" else page.UPRIGHT)
    return edges, 2 * table_grid.padding(size)


def size_of(lines: list[page.Line]) -> float:
    return max((piece.size for line in lines for piece in line.pieces), default=0.0)


def check_breaks(cell: tree.TableCell, lines: list[page.Line], *, strong: bool, wide: float) -> None:
    """No line of a paragraph begins or ends wrongly, unless what may not be parted is wider than the cell."""
    at = 0
    for runs in cell.paragraphs:
        words = [stock.Words(clean(run.text), "hei" if strong and run.face == "body" else run.face) for run in runs]
        if wide < 2 * size_of(lines):  # …… and —— are parted where there is room for one character alone
            words = [replace(one, text=sign) for one in words for sign in re.findall("[—…]|[^—…]+", one.text)]
        ready = stock.prepare(words)
        text = "".join(one.text for one in words)
        place = 0
        while place < len(ready.cells):
            line = lines[at]
            at += 1
            count = 0
            while sum(len(c.text) for c in ready.cells[place : place + count]) < len(line.text):
                count += 1
            assert "".join(c.text for c in ready.cells[place : place + count]) == line.text, text
            place += count
            parted = wide < 2 * size_of(lines) and ready.cells[place - 1].text in "—…"
            if place < len(ready.cells) and not parted:
                size = line.pieces[0].size
                check_boundary(ready, place, int(wide / page.cell(size) * 1000) - 1)


@settings(max_examples=max(10, settings().max_examples // 4))
@given(documents())
def test_the_pdf_gives_the_words_back(document: tree.Document) -> None:
    laid = sheet.typeset(document)
    data = pdf.drawn(laid, pdf.meta(document))
    assert data == pdf.drawn(sheet.typeset(document), pdf.meta(document)), "same input, other bytes"
    read = pypdfium2.PdfDocument(data)
    try:
        assert len(read) == len(laid.pages)
        for number, one in enumerate(laid.pages):
            width, height = read[number].get_size()
            assert (width > height) == one.turned
            found = read[number].get_textpage().get_text_range().replace("\ufffe", "-")
            wanted = "".join(line.text for line in (*one.lines, *one.upright))
            assert sorted(squash(found)) == sorted(squash(wanted))
    finally:
        read.close()


@settings(max_examples=max(10, settings().max_examples // 2))
@given(documents())
def test_heads_stand_on_every_page_and_groups_and_headings_are_never_last(document: tree.Document) -> None:
    laid = sheet.typeset(document)
    every = every_table(document)
    for one, following in pairwise(laid.pages):
        lines = [line for line in one.lines if line.kind != "number"]
        if not lines:
            continue
        last = lines[-1]
        # Headings alone on their page: rows kept together below them fill a page of their own and cannot come nearer.
        alone = all(line.kind == "heading" for line in lines)
        assert last.kind != "heading" or alone or drawn_below(one, last.y), "a heading is last"
        if not following.lines:
            continue
        first = following.lines[0]
        assert first.kind != "signature" or following.shapes, "a signature is alone"
        if last.place and first.place and last.block == first.block:
            table = every[first.block]
            at = last.place[0]
            if at >= 0 and table.rows[at].kind == "group" and (at + 1, 0) in {line.place for line in following.lines}:
                above = [line for line in lines if line.place and line.place[0] >= 0]
                assert all(table.rows[line.place[0]].kind == "group" for line in above if line.place)


def drawn_below(one: page.Page, y: float) -> bool:
    """Whether a table, perhaps one of empty cells, stands below a height."""
    return any(min(low for _, low in shape.points) < y for shape in one.shapes)


def test_text_goes_on_in_the_next_row_of_the_grid() -> None:
    assert NEVER_FIRST
    assert NEVER_LAST
    document = tree.Document(
        "",
        (
            tree.Paragraph((tree.Run("整" * 40),)),
            tree.Table((tree.Column("甲"), tree.Column("乙")), (tree.TableRow((tree.TableCell(), tree.TableCell())),)),
            tree.Paragraph((tree.Run("改" * 40),)),
        ),
    )
    lines = [line for line in sheet.typeset(document).pages[0].lines if line.kind == "body"]
    assert all(abs(line.y - (page.row_top(line.row) - page.ASCENT * page.SIZE_3)) < 0.01 for line in lines)
    assert plain.text(document)


@given(
    st.text(st.sampled_from("整改喆镕12a%年·①é/-件，（ "), min_size=1, max_size=12),
    st.sampled_from(["body", "hei", "kai"]),
    st.floats(20, 200),
    aligns,
)
def test_words_set_at_once_stand_as_weighed_ones_do(text: str, role: str, width: float, align: tree.Align) -> None:
    said = stock.Words(text, role)
    quick = table_cells.at_once(said, 10.0, 10.0 + width, 9.0, align, 0)
    if quick is not None:
        (line,), (weighed,) = quick, table_cells.weighed([said], 10.0, 10.0 + width, 9.0, align, 0)
        assert "".join(piece.text for piece in line.pieces) == text
        assert [piece.cids for piece in line.pieces] == [piece.cids for piece in weighed.pieces]
        places = [x for piece in line.pieces for x in piece.xs]
        assert places == pytest.approx([x for piece in weighed.pieces for x in piece.xs])
        assert line.right == pytest.approx(weighed.right)
