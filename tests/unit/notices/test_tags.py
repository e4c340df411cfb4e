"""The structure tree: every word in one element, in reading order, headings by depth, paragraphs whole over pages."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import PIL.Image
import pytest
from notice_papers import notice, paragraph
from read_tags import Node, structure

from desktop_app.notices import page, pdf, plain, setting, sheet, tree
from desktop_app.notices.outline import Steps
from desktop_app.notices.page import Image, Line, Page, Pages, Shape
from desktop_app.notices.stock import Words


def squash(text: str) -> str:
    return re.sub(r"\s", "", text)


def made(document: tree.Document) -> Node:
    return structure(pdf.to_bytes(document))


def test_the_words_are_in_reading_order() -> None:
    top = made(notice(5))
    assert squash("".join(node.words for node in top.every())) == squash(plain.text(notice(5)))


def test_headings_are_told_by_depth() -> None:
    top = made(notice(2))
    assert [node.words for node in top.of("H1")] == [notice().title]
    assert [node.words for node in top.of("H2")] == ["一、整改组织情况", "二、重点问题整改落实情况"]
    assert [node.words for node in top.of("H3")] == ["（一）聚焦“两个方面”"]
    assert [node.words[:2] for node in top.of("H4")] == ["1.", "2."]
    assert [node.words for node in top.of("H5")] == ["（1）举一反三"] * 2


def test_a_heading_ends_where_its_text_runs_on() -> None:
    top = made(notice(1))
    at = [node.words for node in top.every()].index("1.关于“台账不清”问题的整改。")
    assert top.every()[at].kind == "H4"
    assert top.every()[at + 1].kind == "P"
    assert top.every()[at + 1].words.startswith("整改措施及阶段性成效：一是")


def test_a_paragraph_over_pages_is_one_element() -> None:
    words = "整改" * 1000
    top = made(tree.Document("通报", (paragraph(words),)))
    long = next(node for node in top.of("P") if node.words.startswith("整改"))
    assert [index for index, _ in long.marked] == [0, 1, 2, 3][: len(long.marked)]
    assert len(long.marked) >= 3
    assert squash(long.words) == words


def test_page_numbers_and_rules_are_artifacts() -> None:
    data = pdf.to_bytes(notice(1))
    assert "—1—" not in squash("".join(node.words for node in structure(data).every()))
    with pikepdf.open(io.BytesIO(data)) as file:
        content = file.pages[0].Contents.read_bytes()
    assert content.count(b"/Subtype /Footer") == 1


def test_steps_are_of_one() -> None:
    steps = Steps()
    assert [steps.depth(level) for level in (0, 1, 3, 3, 4, 2, 3, 1, 4)] == [0, 1, 2, 2, 3, 2, 3, 1, 2]


def test_the_outline_has_the_same_depths() -> None:
    blocks = (tree.Heading(1, "一、甲"), tree.Heading(3, "1.乙"), tree.Heading(3, "2.丙"), paragraph("丁"))
    data = pdf.to_bytes(tree.Document("通报", blocks))
    with pikepdf.open(io.BytesIO(data)) as file, file.open_outline() as outline:
        first = outline.root[0].children[0]
        assert [child.title for child in first.children] == ["1.乙", "2.丙"]
        place: Any = first.children[1].destination
        assert place[0].objgen == file.pages[0].obj.objgen
        assert int(file.Root.Outlines.Count) == 4
    assert [node.words for node in structure(data).of("H3")] == ["1.乙", "2.丙"]


def test_a_paper_without_headings_has_no_outline() -> None:
    with pikepdf.open(io.BytesIO(pdf.to_bytes(tree.Document("", (paragraph("甲"),))))) as file:
        assert "/Outlines" not in file.Root


def line(text: str, row: int, kind: page.Kind, block: int, place: tuple[int, int] | None = None) -> Line:
    """A line of words in a row of the grid."""
    drawn = setting.single([Words(text)], kind, page.SIZE_3, page.LEFT, block=block).at(row)
    return Line(kind, row, drawn.y, drawn.left, drawn.right, drawn.pieces, "last", block, 0, place)


def cell(text: str, rows: int = 1, columns: int = 1) -> tree.TableCell:
    return tree.TableCell(((tree.Run(text),),), rows, columns)


TABLE = tree.Table(
    (tree.Column("序号"), tree.Column("问题"), tree.Column("措施")),
    (
        tree.TableRow((cell("1", rows=2), cell("台账不清"), cell("核对台账"))),
        tree.TableRow((cell("公示不全"), cell("补公示"))),
        tree.TableRow((cell("合计", columns=2), cell(""))),
    ),
    title="整改台账",
    unit="件",
    notes=("注：截至本月底。",),
)


def table_pages() -> Pages:
    """The table over two pages: the head, its caption and the cell of two rows come twice."""
    top = [
        line("整改台账", 0, "caption", 0),
        line("单位：件", 1, "caption", 0),
        *(line(text, 2, "cell", 0, (-1, k)) for k, text in enumerate(("序号", "问题", "措施"))),
    ]
    number = line("1", 3, "cell", 0, (0, 0))
    first = [*top, number, line("台账不清", 3, "cell", 0, (0, 1)), line("核对台账", 3, "cell", 0, (0, 2))]
    second = [
        *top,
        number,
        line("公示", 3, "cell", 0, (1, 1)),
        line("不全", 4, "cell", 0, (1, 1)),
        line("补公示", 3, "cell", 0, (1, 2)),
        line("合计", 5, "cell", 0, (2, 0)),
        line("注：截至本月底。", 6, "caption", 0),
    ]
    document = tree.Document("", (TABLE, paragraph("之后")))
    second.append(line("之后", 8, "body", 1))
    return Pages((Page(1, tuple(first)), Page(2, tuple(second))), (), (), ((1, document),))


def test_a_table_is_told_by_rows_and_cells() -> None:
    top = structure(pdf.drawn(table_pages(), pdf.Meta("台账")))
    assert [child.kind for child in top.children] == ["Table", "P", "P"]
    table = top.children[0]
    assert [child.kind for child in table.children] == ["Caption", "TR", "TR", "TR", "TR"]
    assert squash(table.children[0].words) == "整改台账单位：件"
    rows = [[(one.kind, squash(one.words)) for one in row.children] for row in table.of("TR")]
    assert rows == [
        [("TH", "序号"), ("TH", "问题"), ("TH", "措施")],
        [("TD", "1"), ("TD", "台账不清"), ("TD", "核对台账")],
        [("TD", "公示不全"), ("TD", "补公示")],
        [("TD", "合计"), ("TD", "")],
    ]
    assert table.of("TH")[0].attributes == {"/O": "/Table", "/Scope": "/Column"}
    assert table.of("TD")[0].attributes == {"/O": "/Table", "/RowSpan": "2"}
    assert table.of("TD")[5].attributes == {"/O": "/Table", "/ColSpan": "2"}
    assert [squash(child.words) for child in top.children[1:]] == ["注：截至本月底。", "之后"]


@pytest.mark.parametrize("layout", ["upright", "landscape"])
def test_a_long_table_is_one_table(layout: Any) -> None:
    """Over pages as the typesetter sets it: the head is told once, and so are the words of cells that are continued."""
    words = "台账登记不及时，已逐月核对并补登——见附件" * 6
    rows = []
    for k in range(0, 90, 3):
        rows.append(tree.TableRow((cell(str(k), rows=3), cell(f"甲{k}"), cell(words))))
        rows += [tree.TableRow((cell(f"乙{k}"), cell(words[: k + 1]))), tree.TableRow((cell(""), cell(f"丙{k}")))]
    table = tree.Table(TABLE.columns, tuple(rows), title="整改台账", notes=("注：无。",))
    document = tree.Document("台账", (tree.Section((table,), layout), paragraph("之后")), form="sheet")
    laid = sheet.typeset(document)
    assert len(laid.pages) > 3
    top = structure(pdf.drawn(laid, pdf.meta(document)))
    found = top.of("Table")
    assert len(found) == 1
    told = [[squash(one.words) for one in row.children] for row in found[0].of("TR")]
    assert told[0] == ["序号", "问题", "措施"]
    assert told[1:] == [["".join(run.text for run in one.paragraphs[0]) for one in row.cells] for row in rows]
    assert [squash(one.words) for one in top.of("Caption")] == ["整改台账"]
    assert [squash(one.words) for one in top.of("P")] == ["注：无。", "之后"]


def test_pictures_and_charts_say_what_they_show() -> None:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (4, 4), "red").save(buffer, "PNG")
    chart = tree.Chart("columns", "油耗", ("一月", "二月"), (tree.Series("甲车", (8.5, None)),), "升")
    document = tree.Document("", (tree.Picture("d", 10, 10, "现场照片", "图1"), chart, paragraph("之后")))
    images = (
        Image("d", 100, 600, 28, 28, "现场照片", block=0),
        Image("d", 100, 100, 28, 28, "印章", over=True),
        Image("d", 200, 100, 28, 28),
    )
    shapes = (page.box(100, 300, 20, 50, "#1F5FBF", block=1), Shape(((0, 0), (1, 0), (0, 1)), "#000000"))
    lines = (line("图1", 8, "caption", 0), line("油耗（升）", 10, "caption", 1), line("之后", 20, "body", 2))
    pages = Pages((Page(1, lines, (), shapes, images),), (), (), ((1, document),))
    top = structure(pdf.drawn(pages, pdf.Meta(""), {"d": buffer.getvalue()}))
    assert [(child.kind, child.alt or squash(child.words)) for child in top.children] == [
        ("Figure", "现场照片"),
        ("P", "图1"),
        ("Figure", "油耗（升）；甲车：一月 8.5，二月 —"),
        ("P", "油耗（升）"),
        ("P", "之后"),
        ("Figure", "印章"),
    ]
    assert len(top.children[2].marked) == 1


def test_an_annex_is_a_part_with_its_title() -> None:
    annexes = (tree.Annex("清单", (paragraph("甲"),), 1), tree.Annex("台账", (tree.Heading(1, "一、乙"),), 2))
    document = tree.Document("通报", (paragraph("正文"),), annexes=annexes)
    lines = [line("通报", 0, "title", -1), line("正文", 2, "body", 0), line("附件1", 4, "body", page.annex_block(0))]
    lines += [line("清单", 5, "title", page.annex_block(0)), line("甲", 6, "body", 1)]
    lines += [line("附件2", 7, "body", page.annex_block(1)), line("台账", 8, "title", page.annex_block(1))]
    lines += [line("一、乙", 9, "heading", 2), line("办公室", 20, "imprint", -1)]
    top = structure(pdf.drawn(Pages((Page(1, tuple(lines)),), (), (), ((1, document),)), pdf.Meta("")))
    told = [[(one.kind, one.words) for one in child.every()] for child in top.children]
    assert told == [
        [("H1", "通报")],
        [("P", "正文")],
        [("Sect", ""), ("P", "附件1"), ("H2", "清单"), ("P", "甲")],
        [("Sect", ""), ("P", "附件2"), ("H2", "台账"), ("H3", "一、乙")],
        [("P", "办公室")],
    ]


def test_a_batch_is_parted_by_papers() -> None:
    one = sheet.typeset(notice(1)).pages
    two = tuple(Page(len(one) + p.number, p.lines, p.strokes) for p in one)
    laid = Pages((*one, *two), (), (), ((1, notice(1)), (len(one) + 1, notice(1))))
    top = structure(pdf.drawn(laid, pdf.Meta("")))
    assert [child.kind for child in top.children] == ["Part", "Part"]
    first, second = (squash("".join(node.words for node in part.every())) for part in top.children)
    assert first == second == squash(plain.text(notice(1)))


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_writes_the_same_bytes(seed: str) -> None:
    code = """
import hashlib, notice_papers
from desktop_app.notices import pdf
print(hashlib.sha256(pdf.to_bytes(notice_papers.notice(2))).hexdigest())
"""
    root = Path(__file__).resolve().parents[3]
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}{os.pathsep}{Path(__file__).parent}"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == hashlib.sha256(pdf.to_bytes(notice(2))).hexdigest()
