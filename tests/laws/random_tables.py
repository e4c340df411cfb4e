"""Invented tables for the laws: spans of any shape, storms of marks, empty cells, columns of one character, long rows."""

from __future__ import annotations

from typing import Literal

from hypothesis import strategies as st
from test_typeset_laws import fragments

from desktop_app.notices import tree

WORDS = "一是完善监督机制减少执法源头隐患的整改落实情况"

texts = st.one_of(
    st.just(""),
    st.text(st.sampled_from(WORDS), min_size=1, max_size=8),
    st.lists(fragments, min_size=1, max_size=6).map("".join),
    st.lists(fragments, min_size=1, max_size=25).map("".join),
    st.sampled_from(["12345678901234567890", "51.5%", "2021年12月底前", "无"]),
)
runs = st.builds(tree.Run, texts, st.sampled_from(["body", "kai", "hei"]), st.sampled_from(["", "measure:1"]))
ALIGNS: list[tree.Align] = ["left", "centre", "right", "justify"]
FILLS: list[tree.Colour | None] = [None, None, None, "grey", "amber"]
KINDS: list[Literal["body", "group", "total"]] = ["body", "body", "body", "body", "group", "total"]
aligns = st.sampled_from(ALIGNS)


@st.composite
def cells(draw: st.DrawFn, rows: int, columns: int) -> tree.TableCell:
    """A cell over so many rows and columns."""
    paragraphs = draw(st.lists(st.lists(runs, min_size=1, max_size=2).map(tuple), max_size=2))
    fill = draw(st.sampled_from(FILLS))
    return tree.TableCell(tuple(paragraphs), rows, columns, draw(st.one_of(st.none(), aligns)), fill)


@st.composite
def grids(draw: st.DrawFn, height: int, width: int) -> list[tuple[tree.TableCell, ...]]:
    """Rows of cells that cover ``height`` × ``width`` places, some of them several."""
    taken = [[False] * width for _ in range(height)]
    found = []
    spans = draw(st.booleans())
    for at in range(height):
        row = []
        for column in range(width):
            if taken[at][column]:
                continue
            free = next((k for k in range(column, width) if taken[at][k]), width) - column
            columns = draw(st.integers(1, free)) if spans and draw(st.integers(0, 5)) == 0 else 1
            rows = draw(st.integers(1, height - at)) if spans and draw(st.integers(0, 3)) == 0 else 1
            for k in range(at, at + rows):
                taken[k][column : column + columns] = [True] * columns
            row.append(draw(cells(rows, columns)))
        found.append(tuple(row))
    return found


@st.composite
def tables(draw: st.DrawFn) -> tree.Table:
    """A whole table, short or long, wide or narrow."""
    width = draw(st.integers(1, 7))
    shares = draw(st.lists(st.sampled_from([0.05, 1.0, 1.5, 3.0]), min_size=width, max_size=width))
    columns = [tree.Column(draw(texts), share, draw(aligns)) for share in shares]
    grid = draw(grids(draw(st.integers(0, 14)), width))
    times = draw(st.sampled_from([1, 1, 1, 4]))
    rows = []
    for cells_ in grid * times:
        spans = any(cell.rows > 1 for cell in cells_) or len(cells_) < 1
        kind: Literal["body", "group", "total"] = "body" if spans else draw(st.sampled_from(KINDS))
        least = draw(st.sampled_from([1.0, 1.0, 1.0, 2.5, 8.0]))
        rows.append(tree.TableRow(cells_, kind, least, draw(st.integers(0, 5)) == 0))
    head = tuple(map(tree.TableRow, draw(grids(draw(st.integers(1, 2)), width)))) if draw(st.booleans()) else ()
    return tree.Table(
        tuple(columns),
        tuple(rows),
        head,
        draw(st.sampled_from(["", "整改台账"])),
        draw(st.sampled_from(["", "元"])),
        tuple(draw(st.lists(texts, max_size=2))),
        draw(st.sampled_from(["4", "x4", "5", "x5", "6"])),
        draw(st.booleans()),
    )
