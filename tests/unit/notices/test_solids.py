"""Pictures, charts, cuts and blank rows on the sheet; codes in its foot; many papers in one file."""

from __future__ import annotations

from itertools import pairwise

import pytest
from notice_papers import BODY, notice, paragraph

from desktop_app.notices import codes, page, sheet, tree
from desktop_app.notices.page import LEFT, MM, ROW, UPRIGHT

DIGEST = "ab" * 32


def one_page(*blocks: tree.Block) -> page.Page:
    (one,) = sheet.typeset(tree.Document("", blocks, form="sheet")).pages
    return one


def test_a_picture_keeps_its_size_in_the_middle_with_its_caption_below() -> None:
    one = one_page(paragraph("文"), tree.Picture(DIGEST, 80, 50, "现场照片", "图1 现场"), paragraph("后"))
    (image,) = one.images
    assert image.width == pytest.approx(80 * MM)
    assert image.height == pytest.approx(50 * MM)
    assert image.x + image.width / 2 == pytest.approx(LEFT + page.AREA_WIDTH / 2)
    assert image.description == "现场照片"
    before, caption, after = [line for line in one.lines if line.kind != "number"]
    assert caption.text == "图1 现场"
    assert before.y > image.y + image.height
    assert image.y > caption.y > after.y + page.SIZE_3


def test_a_picture_too_large_is_made_smaller_and_one_that_does_not_fit_goes_to_the_next_page() -> None:
    one = one_page(tree.Picture(DIGEST, 400, 400, "大"))
    (image,) = one.images
    assert image.width == pytest.approx(page.AREA_WIDTH)
    assert image.height == image.width
    rows = [paragraph("整" * 20) for _ in range(15)]
    pages = sheet.typeset(tree.Document("", (*rows, tree.Picture(DIGEST, 150, 100, "图")), form="sheet")).pages
    assert [len(one.images) for one in pages] == [0, 1]


def test_a_heading_goes_with_the_picture_it_stands_above() -> None:
    rows = [paragraph("整" * 20) for _ in range(15)]
    blocks: tuple[tree.Block, ...] = (*rows, tree.Heading(1, "一、现场"), tree.Picture(DIGEST, 150, 100, "图"))
    first, second = sheet.typeset(tree.Document("", blocks, form="sheet")).pages
    assert not [line for line in first.lines if line.kind == "heading"]
    assert second.lines[0].text == "一、现场"


def test_a_chart_covers_its_rows_and_text_goes_on_below() -> None:
    chart = tree.Chart("columns", "核查数", ("一月", "二月"), (tree.Series("件", (1.0, 2.0)),), rows=8)
    one = one_page(chart, paragraph("后"))
    (after,) = [line for line in one.lines if line.text == "后"]
    assert after.row == 8
    ys = [y for shape in one.shapes for _, y in shape.points]
    assert min(ys) > UPRIGHT.row_top(8)
    assert max(ys) <= UPRIGHT.top


def test_a_cut_is_dashed_on_both_sides_of_its_words() -> None:
    one = one_page(paragraph("上"), tree.Cut("沿此线撕下"), paragraph("下"))
    left, right = sorted(one.strokes, key=lambda stroke: stroke.x0)
    (words,) = [line for line in one.lines if line.kind == "caption"]
    assert left.dashed
    assert right.dashed
    assert left.x0 == pytest.approx(UPRIGHT.left)
    assert left.x1 < words.left < words.right < right.x0
    assert right.x1 == pytest.approx(UPRIGHT.right)


def test_blank_rows_and_new_pages() -> None:
    blocks = (paragraph("甲"), tree.Space(3), paragraph("乙"), tree.Break(), tree.Space(2), paragraph("丙"))
    first, second = sheet.typeset(tree.Document("", blocks, form="sheet")).pages
    assert [line.row for line in first.lines if line.kind == "body"] == [0, 4]
    assert [line.row for line in second.lines if line.kind == "body"] == [2]


def test_a_title_inside_the_body_and_other_sizes_stand_on_the_grid() -> None:
    title = tree.Paragraph((tree.Run("督办单回执"),), "title", "x2")
    small = tree.Paragraph((tree.Run(BODY),), "body", "x4")
    one = one_page(title, small)
    head, *lines = [line for line in one.lines if line.kind != "number"]
    assert head.pieces[0].size == 18
    assert (head.left + head.right) / 2 == pytest.approx(LEFT + page.AREA_WIDTH / 2)
    assert {line.pieces[0].size for line in lines} == {12.0}
    assert all(a.y - b.y == pytest.approx(ROW) for a, b in pairwise(lines))
    assert lines[0].left == pytest.approx(LEFT + 24)


def test_a_title_inside_the_body_keeps_whose_words_it_has_and_what_became_of_them() -> None:
    runs = (tree.Run("督办单", origin="slip:1", change="removed"), tree.Run("交办单", change="added", colour="blue"))
    (line,) = [line for line in one_page(tree.Paragraph(runs, "title")).lines if line.kind == "title"]
    assert [(piece.text, piece.origin, piece.change) for piece in line.pieces] == [
        ("督办单", "slip:1", "removed"), ("交办单", "", "added"),
    ]  # fmt: skip
    assert line.pieces[1].colour == page.BLUE
    assert (line.left + line.right) / 2 == pytest.approx(LEFT + page.AREA_WIDTH / 2)


def test_an_annex_begins_a_page_with_its_number_and_title() -> None:
    annexes = (
        tree.Annex("问题清单", (paragraph("甲"),), 1),
        tree.Annex("整改台账", (tree.Section((paragraph("乙"),), "landscape"),), 2),
    )
    laid = sheet.typeset(tree.Document("通报", (paragraph("正文"),), annexes=annexes))
    _, one, two = laid.pages
    label, title, body = [line for line in one.lines if line.kind != "number"]
    assert (label.text, label.row) == ("附件1", 0)
    assert label.left == pytest.approx(LEFT)
    assert label.pieces[0].face == "NotoSansCJKsc-Medium"
    assert (title.text, title.row) == ("问题清单", 2)
    assert body.row == 4
    assert two.turned
    assert [line.text for line in two.lines] == ["附件2", "整改台账", "乙"]
    assert [entry.text for entry in laid.outline] == ["通报", "附件1 问题清单", "附件2 整改台账"]
    assert label.block == page.annex_block(0)


def modules_of(one: page.Page, side: float, left: float) -> list[str]:
    """The code as rows of 0 and 1, read from the shapes in the foot of a page."""
    size = len(codes.modules(DATA))
    unit = side / size
    black = [shape for shape in one.shapes if shape.fill == page.BLACK]
    rows = [[0] * size for _ in range(size)]
    for shape in black:
        xs, ys = [x for x, _ in shape.points], [y for _, y in shape.points]
        row = size - 1 - round((min(ys) - codes.LOW) / unit)
        for column in range(round((min(xs) - left) / unit), round((max(xs) - left) / unit)):
            rows[row][column] = 1
    return ["".join(map(str, row)) for row in rows]


DATA = "ZG:0123456789ABCDEF"


@pytest.mark.parametrize("count", [1, 2])
def test_a_code_stands_in_the_foot_where_the_number_does_not(count: int) -> None:
    blocks: tuple[tree.Block, ...] = (paragraph("甲"),)
    for _ in range(count - 1):
        blocks = (*blocks, tree.Break(), paragraph("乙"))
    document = tree.Document("", blocks, form="sheet", code=tree.Code(DATA, ("东公党〔2021〕3号", "校验码 0123-4567")))
    last = sheet.typeset(document).pages[-1]
    (number,) = [line for line in last.lines if line.kind == "number"]
    words = [line for line in last.lines if line.kind == "code"]
    xs = [x for shape in last.shapes for x, _ in shape.points]
    ys = [y for shape in last.shapes for _, y in shape.points]
    assert [line.text for line in words] == ["东公党〔2021〕3号", "校验码 0123-4567"]
    assert max(ys) < UPRIGHT.bottom - 6 * MM
    assert min(ys) > 5 * MM
    if count == 1:
        assert max(xs) < words[0].left < words[0].right < number.left
    else:
        assert number.right < words[0].left < words[0].right < min(xs)
    wanted = ["".join("1" if black else "0" for black in row) for row in codes.modules(DATA)]
    assert modules_of(last, codes.SIDE, min(xs)) == wanted
    assert wanted[0][:8] == "11111110"


def test_a_code_on_a_landscape_page_stands_in_the_foot_of_the_upright_paper() -> None:
    section = tree.Section((paragraph("甲"),), "landscape")
    document = tree.Document("", (section,), form="sheet", code=tree.Code(DATA, ("校验码",)))
    (one,) = sheet.typeset(document).pages
    xs = [x for shape in one.shapes for x, _ in shape.points]
    ys = [y for shape in one.shapes for _, y in shape.points]
    assert min(xs) == pytest.approx(codes.LOW)
    assert max(ys) == pytest.approx(page.PAPER_WIDTH - LEFT)
    assert {line.kind for line in one.upright} == {"number", "code"}


def test_many_papers_in_one_file() -> None:
    told: list[tuple[int, int]] = []
    papers = [notice(problems) for problems in (1, 8, 2)]
    alone = [sheet.typeset(paper) for paper in papers]
    laid = sheet.bound(papers, lambda done, count: told.append((done, count)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert [one.number for one in laid.pages] == list(range(1, len(laid.pages) + 1))
    printed = [line.text for one in laid.pages for line in one.lines if line.kind == "number"]
    assert printed == [line.text for each in alone for one in each.pages for line in one.lines if line.kind == "number"]
    starts = [1, 1 + len(alone[0].pages), 1 + len(alone[0].pages) + len(alone[1].pages)]
    assert [start for start, _ in laid.documents] == starts
    assert [entry.page for entry in laid.outline if entry.level == 0] == starts
    assert [entry.text for entry in laid.outline] == [entry.text for each in alone for entry in each.outline]


def test_a_batch_can_be_stopped() -> None:
    done: list[int] = []
    laid = sheet.bound([notice(1)] * 5, lambda k, _: done.append(k), lambda: len(done) == 2)
    assert done == [1, 2]
    assert len(laid.documents) == 2
