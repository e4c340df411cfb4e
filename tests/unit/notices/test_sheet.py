"""Where things stand on the sheet: GB/T 9704-2012 clauses 5.2, 7.2–7.5."""

from __future__ import annotations

from dataclasses import replace

import pytest
from notice_papers import BODY, notice, paragraph

from db.errors import Refusal
from desktop_app.notices import choice, page, plain, sheet, tree
from desktop_app.notices.page import CELL, MM, Line

LEFT, RIGHT = page.LEFT, page.LEFT + page.AREA_WIDTH


def of(pages: page.Pages, kind: str) -> list[Line]:
    return [line for one in pages.pages for line in one.lines if line.kind == kind]


def test_22_lines_of_28_characters_fill_the_type_area() -> None:
    laid = sheet.typeset(tree.Document("", (paragraph("整" * 28 * 44),), addressees="各单位：" + "整" * 80))
    full = [line for line in laid.pages[1].lines if line.kind == "body"]
    assert len(full) == 22
    assert full[0].y + page.ASCENT * 16 == pytest.approx(page.PAPER_HEIGHT - 37 * MM)
    assert full[-1].y - (1 - page.ASCENT) * 16 == pytest.approx(35 * MM)
    assert {len(line.text) for line in full} == {28}
    assert all(line.left == pytest.approx(28 * MM) and line.right == pytest.approx(184 * MM) for line in full)
    assert {line.fit for line in full} == {"exact"}


def test_first_lines_are_indented_by_two_characters() -> None:
    lines = of(sheet.typeset(tree.Document("", (paragraph(BODY),))), "body")
    assert lines[0].left == pytest.approx(LEFT + 2 * CELL)
    assert {round(line.left, 3) for line in lines[1:]} == {round(LEFT, 3)}


def test_faces_of_title_and_headings() -> None:
    laid = sheet.typeset(notice())
    words = {line.level: [p.face for p in line.pieces if p.face != choice.LATIN] for line in of(laid, "heading")}
    faces = {level: found[0] for level, found in words.items()}
    assert faces == {
        1: "NotoSansCJKsc-Medium",
        2: "FandolKai-Regular",
        3: "FandolFang-Regular",
        4: "FandolFang-Regular",
    }
    title = of(laid, "title")
    assert {p.face for line in title for p in line.pieces} == {"NotoSerifCJKsc-SemiBold"}
    assert {p.size for line in title for p in line.pieces} == {22.0}


def test_attachments_turn_under_the_name() -> None:
    lines = [
        line
        for line in of(sheet.typeset(notice()), "body")
        if "详细说明" in line.text or line.text[:2] in ("附件", "2.")
    ]
    first, second, turned = lines
    assert first.left == pytest.approx(LEFT + 2 * CELL)
    assert second.left == pytest.approx(LEFT + 5 * CELL)
    assert turned.left > second.left
    assert turned.left == pytest.approx(second.pieces[1].xs[0], abs=0.5)


def test_origins_lead_back_to_records() -> None:
    laid = sheet.typeset(notice())
    origins = {origin for one in laid.pages for line in one.lines for origin in line.origins}
    assert {"problem:0", "measure:0", "problem:2", "measure:2"} <= origins


def test_outline_names_every_heading_once() -> None:
    document = notice()
    headings = [block.text for block in document.blocks if isinstance(block, tree.Heading)]
    assert [entry.text for entry in sheet.typeset(document).outline] == [document.title, *headings]


def test_a_rare_character_of_a_name_is_drawn_by_another_face_and_said() -> None:
    laid = sheet.typeset(tree.Document("", (paragraph("王喆、李镕"),)))
    assert ("喆", "NotoSerifCJKsc-Light") in laid.substitutes
    assert of(laid, "body")[0].text == "王喆、李镕"


@pytest.mark.parametrize(("char", "code"), [("\U00030041", "U+30041"), ("\x07", "U+0007"), ("\ud800", "U+D800")])
def test_a_character_no_face_has_stops_the_paper(char: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        sheet.typeset(tree.Document("通报", (paragraph(f"由王{char}负责"),)))
    assert code in refused.value.sentence
    assert "由王" in refused.value.sentence
    assert refused.value.advice


def test_tabs_and_line_ends_are_blanks_and_invisible_signs_go() -> None:
    document = tree.Document("", (paragraph("甲\t乙\r\n丙\ufeff\u200b丁"),))
    assert of(sheet.typeset(document), "body")[0].text == "甲 乙  丙丁"
    assert plain.text(document) == "甲 乙  丙丁\n"


def test_an_empty_document_is_one_numbered_page() -> None:
    laid = sheet.typeset(tree.Document(""))
    assert [line.text for line in laid.pages[0].lines] == ["— 1 —"]


def test_a_title_without_words_takes_its_line() -> None:
    for runs in ((), (tree.Run(""),)):
        laid = sheet.typeset(tree.Document("", (tree.Paragraph(runs, "title"), paragraph("话。"))))
        assert [line.text for line in laid.pages[0].lines if line.kind == "body"] == ["话。"]


def test_a_title_no_page_can_hold_is_refused() -> None:
    with pytest.raises(Refusal, match="标题"):
        sheet.typeset(tree.Document("关于" * 300, (paragraph("正文。"),)))


def test_a_click_finds_the_record() -> None:
    laid = sheet.typeset(notice())
    for one in laid.pages:
        for line in one.lines:
            for piece in line.pieces:
                if line.kind in ("heading", "body"):
                    assert page.origin_at(laid, one.number, piece.xs[0] + 1, line.y + 4) == piece.origin
    assert page.origin_at(laid, 1, 5, 5) == ""
    assert page.origin_at(laid, 99, 200, 400) == ""


def test_a_number_without_red_head_takes_one_line_and_no_rule() -> None:
    document = replace(notice(head=False), head=tree.Head("", document_number="东公党〔2021〕3号"))
    first = sheet.typeset(document).pages[0]
    assert not first.strokes
    assert first.lines[0].text == "东公党〔2021〕3号"
    assert min(line.row for line in first.lines if line.kind == "title") == 1 + 1
