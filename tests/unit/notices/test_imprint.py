"""版记 and page numbers: GB/T 9704-2012 7.4, 7.5, 10.1; blank pages before 版记 and its own have no number."""

from __future__ import annotations

from dataclasses import replace

import pytest
from notice_papers import AREA_BOTTOM, LEFT, RIGHT, foot_of, ink, notice, of, paragraph, top_of

from db.errors import Refusal
from desktop_app.notices import imprint, page, sheet, tree
from desktop_app.notices.page import MM, SIZE_4

PART = tree.Imprint("东湖分局办公室", "2021年11月3日", "市局党委，区委办公室")


def rows(count: int, part: tree.Imprint = PART, form: str = "document") -> page.Pages:
    """A paper whose text takes that many rows of the grid from the first page's first row on."""
    return sheet.typeset(
        replace(tree.Document("", (paragraph("整" * (28 * count - 2)),), imprint=part), form=form)  # type: ignore[arg-type]
    )


def test_the_imprint_stands_on_the_lower_edge_of_the_type_area() -> None:  # 7.4.1
    laid = rows(30)
    strokes = laid.pages[-1].strokes
    upper, lower, middle = strokes
    assert [round(stroke.weight / MM, 2) for stroke in (upper, middle, lower)] == [0.35, 0.25, 0.35]
    assert lower.y0 == pytest.approx(AREA_BOTTOM)
    assert upper.y0 > middle.y0 > lower.y0
    assert all([s.x0, s.x1] == pytest.approx([LEFT, RIGHT]) for s in strokes)
    lines = of(laid, "imprint")
    assert all(piece.size == SIZE_4 for line in lines for piece in line.pieces)
    assert lines[0].left == pytest.approx(LEFT + SIZE_4)  # 7.4.2
    assert lines[-1].left == pytest.approx(LEFT + SIZE_4)  # 7.4.3
    assert lines[-1].right == pytest.approx(RIGHT - SIZE_4)
    assert [line.text for line in lines] == ["抄送：市局党委，区委办公室。", "东湖分局办公室2021年11月3日印发"]


def test_copies_turn_under_the_first_character_after_the_colon() -> None:  # 7.4.2
    laid = rows(
        30, replace(PART, main="各派出所，机关各部门：", copies_to="，".join(["某某市公安局某某分局办公室"] * 6))
    )
    lines = of(laid, "imprint")
    assert lines[0].text == "主送：各派出所，机关各部门。"
    assert lines[1].text.startswith("抄送：")
    for line in lines[2:-1]:
        assert line.left == pytest.approx(LEFT + 4 * SIZE_4)
        assert line.right <= RIGHT - SIZE_4 + 0.01
    assert lines[-2].text.endswith("。")
    between = [s for s in laid.pages[-1].strokes if top_of(lines[0]) > s.y0 > foot_of(lines[1])]
    assert not between, "no rule between 主送 and 抄送"


@pytest.mark.parametrize("count", range(1, 95, 3))
def test_the_imprint_closes_the_last_even_page(count: int) -> None:  # 7.4.1, 7.5
    laid = rows(count)
    assert len(laid.pages) % 2 == 0
    closing = laid.pages[-1]
    assert any(line.kind == "imprint" for line in closing.lines)
    text = [one for one in laid.pages if any(line.kind == "body" for line in one.lines)]
    spare = len(laid.pages) - len(text)
    assert spare <= 2
    numbered = [one.number for one in laid.pages if any(line.kind == "number" for line in one.lines)]
    blank = spare == 2
    assert numbered == [one.number for one in (text if blank else laid.pages)]
    if closing in text:
        low = min(foot_of(line) for line in closing.lines if line.kind == "body")
        assert low > max(stroke.y0 for stroke in closing.strokes)


def test_a_paper_printed_on_one_side_ends_with_its_imprint() -> None:
    assert len(rows(5, replace(PART, one_sided=True)).pages) == 1
    laid = rows(22, replace(PART, one_sided=True))
    assert [len(of(laid, "number")), len(laid.pages)] == [2, 2]


def test_the_imprint_of_a_letter_has_no_office_no_date_and_no_rule() -> None:  # 10.1
    document = tree.Document(
        "关于商请支持的函",
        (paragraph("正文。"),),
        head=tree.Head("某某局", "某公函〔2021〕8号"),
        imprint=PART,
        form="letter",
    )
    laid = sheet.typeset(document)
    assert [line.text for line in of(laid, "imprint")] == ["抄送：市局党委，区委办公室。"]
    assert len(laid.pages) == 1
    assert all(stroke.colour == page.RED for stroke in laid.pages[0].strokes)


def test_a_long_office_name_keeps_inside_the_imprint() -> None:
    part = tree.Imprint("某某市公安局经济开发区分局巡察整改工作领导小组办公室", "2021年11月3日", "市局党委。")
    foot = imprint.imprint(part)
    assert [line.text for line in foot.lines] == ["抄送：市局党委。", part.office, "2021年11月3日印发"]
    assert all(line.left >= LEFT and line.right <= RIGHT + 0.01 for line in foot.lines)
    thin = next(rule for rule in foot.strokes if rule.weight < 0.3 * MM)
    assert foot.lines[0].y > thin.y0 > foot.lines[1].y


def test_more_copies_than_a_page_holds_are_refused() -> None:
    with pytest.raises(Refusal, match="抄送机关太多"):
        rows(3, replace(PART, copies_to="，".join(["某某市公安局某某分局办公室"] * 120)))


def test_page_numbers_stand_outside_7_mm_below_the_type_area() -> None:  # 7.5
    laid = sheet.typeset(notice(8))
    numbers = of(laid, "number")
    assert [line.text for line in numbers] == [f"— {k + 1} —" for k in range(len(laid.pages))]
    assert len(numbers) > 2
    for k, line in enumerate(numbers, 1):
        assert all(piece.size == SIZE_4 for piece in line.pieces)
        if k % 2:
            assert line.right == pytest.approx(RIGHT - SIZE_4)
        else:
            assert line.left == pytest.approx(LEFT + SIZE_4)
        dash = replace(line, pieces=(replace(line.pieces[0], cids=line.pieces[0].cids[:1], xs=line.pieces[0].xs[:1]),))
        assert AREA_BOTTOM - ink(dash)[3] == pytest.approx(7 * MM, abs=0.01)
