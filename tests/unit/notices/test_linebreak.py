"""Single rules of Chinese line breaking, on texts where a reader can see what must happen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from notice_papers import BODY, paragraph

from db.errors import Refusal
from desktop_app.notices import fonts, linebreak, marks, plain, sheet, stock, tree


def broken(text: str, cells: int, first: int = 0) -> list[tuple[str, str]]:
    ready = stock.prepare([stock.Words(text)])
    lines = linebreak.lines(ready, cells * 1000, first)
    return [("".join(c.text for c in ready.cells[line.start : line.end]), line.fit) for line in lines]


def test_a_full_line_is_left_as_it_is() -> None:
    assert broken("整" * 21, 10) == [("整" * 10, "exact"), ("整" * 9, "stretched"), ("整" * 2, "last")]
    assert broken("整" * 22, 10) == [("整" * 10, "exact"), ("整" * 10, "exact"), ("整" * 2, "last")]


def test_a_mark_is_squeezed_in_before_a_character_is_pushed_out() -> None:  # rule 4
    assert broken("整改措施5落实到了，再看一看", 9)[0] == ("整改措施5落实到了，", "exact")
    assert broken("整改措施，落实，到了，再看一看", 10)[0] == ("整改措施，落实，到了，", "squeezed")
    assert broken("整改措施，落实，到位，再看一看", 10)[0] == ("整改措施，落实，到位，", "squeezed")
    assert broken("整改（措施）落实5到位再看一看", 12)[0] == ("整改（措施）落实5到位再看", "squeezed")


def test_a_full_width_mark_takes_half_a_cell_at_a_line_end() -> None:  # rule 5, GB/T 15834 5.1.10
    for mark in "，。、；：）》”":
        ready = stock.prepare([stock.Words("整改措施落实到位了" + mark + "再看一看整改措施")])
        line = linebreak.lines(ready, 10000)[0]
        assert ready.cells[line.end - 1].text == mark
        assert line.xs[-1] + 500 == pytest.approx(10000, abs=60), mark
        assert line.right == 10000


def test_adjacent_marks_take_one_and_a_half_cells() -> None:
    for text in ("》、", "”，", "）。", "“《", "：“", "。”"):
        ready = stock.prepare([stock.Words("甲" + text + "乙")])
        assert ready.width[-1] == 3500, text
    assert stock.prepare([stock.Words("”，“")]).width[-1] == 2000


def test_dashes_and_ellipses_take_two_cells_in_every_face() -> None:
    for role in fonts.CHAINS:
        for text in (marks.DASH, marks.ELLIPSIS):
            cell = fonts.cells(role)[text]
            assert cell.width == 2000
            assert cell.text == text


@pytest.mark.parametrize("role", list(fonts.CHAINS))
def test_curly_quotes_fill_a_cell_and_the_middle_dot_half_a_cell(role: str) -> None:
    for text in "“”‘’，。":
        assert fonts.cells(role)[text].width == 1000
    assert fonts.cells(role)["·"].width == 500


@pytest.mark.parametrize(
    "unit",
    [
        "2708人", "51.5%", "33000余路", "2021年12月底前", "2021年11月3日", "5万至30万元", "3.7个百分点", "0510-66070000",
        "第三轮", "1,036条", "24小时", "约200余名", "12月31日前", "2018年以来", "20%以上", "￥300元", "￥1,234.56元", "12:30–14:00",
        "No.5", "3.5‰", "25℃", "〔2021〕8号", "第二十一条", "3个工作日", "6个月", "5%—10%", "≥85分", "百分之五十", "二〇二一年十月",
        "60 km/h", "13800000000", "400-810-8888", "1+8", "-3.5", "3至5个", "A4", "40余万元",
    ],
)  # fmt: skip
def test_units_are_never_split(unit: str) -> None:
    for before in range(14):
        lines = [line for line, _ in broken("整" * before + unit + "改" * 12, 14)]
        assert any(unit in line for line in lines), lines


def test_counting_words_are_better_not_left_at_a_line_end() -> None:
    ready = stock.prepare([stock.Words("整改完成。一是落实")])
    assert ready.level[6] == 1
    assert ready.level[7] == 0
    assert ready.price[7] > 0
    assert stock.prepare([stock.Words("标准统一是关键")]).price[4] == 0


def test_addresses_break_only_at_their_joints() -> None:
    lines = [line for line, _ in broken("电子邮箱：some.long.name@very-long-host.example.com。", 12)]
    assert "".join(lines) == "电子邮箱：some.long.name@very-long-host.example.com。"
    assert all(line[-1] in "：.@。" for line in lines)


def test_a_last_line_is_not_one_character() -> None:
    for length in range(20, 60):
        lines = broken("整改" * (length // 2) + "了，" * 3 + "好。", 10)
        assert len(lines[-1][0]) > 2


def test_a_paragraph_can_be_asked_for_a_line_more_or_fewer() -> None:
    ready = stock.prepare([stock.Words(BODY * 2)])
    best = len(linebreak.lines(ready, 28000, 2000))
    assert len(linebreak.lines(ready, 28000, 2000, looseness=1)) == best + 1


def test_a_page_does_not_begin_with_the_last_line_of_a_paragraph() -> None:
    """Paragraphs are set a line shorter or longer for it, and lose no word; where that shows, the full page wins."""
    widows = pages = 0
    for k in range(60):
        document = tree.Document("", (paragraph("整" * (28 * 3 + k)), *[paragraph(BODY * 2 + "改" * (k % 28))] * 4))
        laid = sheet.typeset(document)
        lines = [line for one in laid.pages for line in one.lines if line.kind == "body"]
        assert "".join(line.text for line in lines) == plain.text(document).replace("\n", "")
        for one, after in zip(laid.pages, laid.pages[1:], strict=False):
            pages += 1
            first, second = after.lines[:2]
            widows += first.block == one.lines[-2].block != second.block
            assert one.lines[-2].row == 21
    assert pages > 60
    assert widows <= pages * 0.01


def test_a_mark_gives_only_blank() -> None:
    for role in fonts.CHAINS:
        for char in "，。、；：？！“”‘’（）《》〈〉【】〔〕":
            cell = fonts.cells(role)[char]
            face = fonts.face(cell.face)
            extents = face.hb_font.get_glyph_extents(face.glyph_of(cell.cids[0]))
            left = cell.shifts[0] + extents.x_bearing
            assert cell.lead <= left
            assert cell.width - cell.trail >= left + extents.width
            assert cell.lead + cell.trail > 0, (role, char)


@pytest.mark.parametrize(
    "text",
    [
        "\u0301整改落实情况", "e\u0301t\u0301e", "。、，；：？！”’）", "“‘（〔【《〈" * 4, "”）。" * 20, "——" * 9, "……" * 9, "—…—…—…",
        "整" * 300, "a" * 300, "1" * 300, "   ", "整 ", " 整", "一", "。", "《" * 60, "“‘“‘“‘整改’”’”’”" * 5,
    ],
)  # fmt: skip
@pytest.mark.parametrize("cells", [4, 7, 28])
def test_nonsense_is_set_whole_and_inside_the_measure(text: str, cells: int) -> None:
    ready = stock.prepare([stock.Words(text)])
    lines = linebreak.lines(ready, cells * 1000, 2000)
    assert "".join(c.text for line in lines for c in ready.cells[line.start : line.end]) == text
    assert all(line.right <= cells * 1000 - line.indent for line in lines)


@pytest.mark.parametrize("text", ["整改\U0001f600到位", "👨\u200d👩\u200d👧", "🇨🇳"])
def test_what_no_face_draws_is_refused_by_name(text: str) -> None:
    with pytest.raises(Refusal, match="无法印出"):
        sheet.typeset(tree.Document("", (paragraph(text),)))


def test_half_width_kana_keep_the_rules() -> None:
    places = marks.levels("ｱ｡｢ｲ｣､ｳ")
    assert [places[k] for k in (1, 3, 4, 5)] == [2, 2, 2, 2]


def test_dashes_and_ellipses_do_not_begin_a_line() -> None:  # rule 3, strict
    for text in ("——", "……"):
        for before in range(3, 14):
            lines = [line for line, _ in broken("整" * before + text + "改" * 12, 10)]
            assert all(not line.startswith(text[0]) for line in lines), lines
            assert any(text in line for line in lines)
    assert broken("——整改", 10)[0][0].startswith("——")


def test_a_bracket_at_the_first_indent_may_give_its_front() -> None:  # rule 11
    lines = broken("“整改措施”落实到位了再看", 9, 1000)
    assert lines[0][0].startswith("“")
    ready = stock.prepare([stock.Words("《" + "整" * 27 + "改" * 20)])
    assert ready.cells[0].lead > 400


def test_gaps_beside_latin_grow_before_the_others() -> None:  # rule 7, 8
    ready = stock.prepare([stock.Words("整改率为51.5%的部门共3个合计接入视频监控线路总数" + "改" * 20)])
    line = linebreak.lines(ready, 24250)[0]
    assert line.fit == "stretched"
    cells = ready.cells[line.start : line.end]
    gaps = {k: b - a - cells[k].width for k, (a, b) in enumerate(pairwise(line.xs))}
    mixed = [k for k in gaps if (cells[k].text + cells[k + 1].text)[0].isascii() != cells[k + 1].text.isascii()]
    assert all(gaps[k] > 1 for k in mixed if cells[k].text.isalnum() and cells[k + 1].text.isalnum())
    assert all(gaps[k] <= linebreak.MIXED + 0.01 for k in gaps)
