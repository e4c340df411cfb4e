"""Newspaper pages: columns, rules between them, 下转 and 上接, and the rules of line breaking in narrow measures."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notice_papers import BODY, notice, paragraph

from db.errors import Refusal
from desktop_app.notices import newspaper, page, pdf, plain, sheet, stored, tree

NEVER_FIRST = set("。，、；：？！”’）〕】》〉·/%‰℃,.;:!?)]}％…—")
NEVER_LAST = set("“‘（〔【《〈/([{")


def columns_of(one: page.Page, cut: newspaper.Shape) -> dict[int, list[page.Line]]:
    """The lines of the text by the column they stand in, from top to bottom."""
    found: dict[int, list[page.Line]] = defaultdict(list)
    for line in one.lines:
        if line.kind in ("body", "heading"):
            found[int((line.left - newspaper.LEFT + 0.01) // cut.step)].append(line)
    return found


@pytest.mark.parametrize("count", [4, 5, 6])
def test_columns_are_whole_characters_wide_and_reach_from_edge_to_edge(count: int) -> None:
    cut = newspaper.shape(count)
    assert cut.left(count - 1) + cut.width == pytest.approx(newspaper.RIGHT)
    assert cut.step - cut.width >= newspaper.GAP - 0.01
    laid = sheet.typeset(newspaper.of(notice(20, head=False), count))
    for one in laid.pages:
        for column, lines in columns_of(one, cut).items():
            for line in lines:
                assert line.left >= cut.left(column) - 0.01
                assert line.right <= cut.left(column) + cut.width + 0.01
                assert line.y >= newspaper.BOTTOM
            pitches = {round(a.y - b.y, 2) for a, b in pairwise(lines)}
            assert all(pitch / cut.pitch == pytest.approx(round(pitch / cut.pitch), abs=0.01) for pitch in pitches)


def test_the_words_come_in_order_and_none_is_lost() -> None:
    document = newspaper.of(notice(20, head=False), 5)
    laid = sheet.typeset(document)
    shown = "".join(line.text for one in laid.pages for line in one.lines if line.kind != "number")
    assert shown == plain.text(document).replace("\n", "")
    assert stored.from_json(stored.to_json(document)) == document


def test_a_page_that_runs_over_says_where_and_the_next_one_whence() -> None:
    laid = sheet.typeset(newspaper.of(notice(40, head=False), 5, "东湖日报", folio=17))
    assert len(laid.pages) >= 3
    for k, one in enumerate(laid.pages):
        told = [line.text for line in one.lines if line.kind == "number"]
        assert f"第{17 + k}版" in told
        assert (f"（上接第{16 + k}版）" in told) == (k > 0)
        assert (f"（下转第{18 + k}版）" in told) == (k < len(laid.pages) - 1)
        assert "东湖日报" in told
        jump = next((line for line in one.lines if line.text.startswith("（下转")), None)
        if jump:
            assert jump.right == pytest.approx(newspaper.RIGHT)
            others = [line for line in one.lines if line.kind == "body" and abs(line.y - jump.y) < 1]
            assert all(line.right < jump.left for line in others), "the words of 下转 stand on a line of their own"


def test_columns_are_full_and_the_last_ones_are_level() -> None:
    cut = newspaper.shape(5)
    laid = sheet.typeset(newspaper.of(notice(40, head=False), 5))
    for one in laid.pages:
        counts = [len(lines) for lines in columns_of(one, cut).values()]
        assert len(counts) == 5
        assert max(counts[:-1]) - min(counts[:-1]) <= 3, "only a heading that moved on leaves a column short"
        last = one is laid.pages[-1]
        assert max(counts) - counts[-1] <= (8 if last else 4)


def test_a_heading_never_ends_a_column_and_a_last_line_never_begins_one() -> None:
    cut = newspaper.shape(5)
    document = newspaper.of(notice(40, head=False), 5)
    blocks = tree.every_block(document)
    laid = sheet.typeset(document)
    columns = [lines for one in laid.pages for _, lines in sorted(columns_of(one, cut).items())]
    for one, other in pairwise(columns):
        before, after = one[-1], other[0]
        block = blocks[before.block]
        assert not (isinstance(block, tree.Heading) and not block.runs_on)
        if after.block == before.block:
            assert other[1].block == after.block, "the last line of a paragraph stands alone"


def test_thin_rules_stand_between_the_columns() -> None:
    cut = newspaper.shape(4)
    (one,) = sheet.typeset(newspaper.of(notice(3, head=False), 4)).pages
    upright = [stroke for stroke in one.strokes if stroke.x0 == stroke.x1]
    assert len(upright) == 3
    for k, stroke in enumerate(upright):
        assert cut.left(k) + cut.width < stroke.x0 < cut.left(k + 1)
        assert stroke.weight <= 0.5


def test_the_headline_stands_across_the_columns() -> None:
    (one,) = sheet.typeset(newspaper.of(notice(1, head=False), 4)).pages
    title = [line for line in one.lines if line.kind == "title"]
    assert [line.text for line in title] == ["中共某某市公安局东湖分局委员会", "关于巡察整改进展情况的通报"]
    assert {piece.size for line in title for piece in line.pieces} == {30.0}
    for line in title:
        assert (line.left + line.right) / 2 == pytest.approx((newspaper.LEFT + newspaper.RIGHT) / 2)
    text = max(line.y for line in one.lines if line.kind == "body")
    assert min(line.y for line in title) > text + 10


def test_a_newspaper_section_of_a_paper_has_pages_of_its_own() -> None:
    section = tree.Section((tree.Paragraph((tree.Run("综合消息"),), "title"), paragraph(BODY)), "newspaper", 4)
    document = tree.Document("通报", (paragraph("前文。"), section, paragraph("后文。")))
    laid = sheet.typeset(document)
    assert [one.lines[0].text for one in laid.pages] == ["通报", "综合消息", "后文。"]
    assert len([line for line in laid.pages[1].lines if line.kind == "number"]) == 1


def test_tables_do_not_fit_a_column() -> None:
    table = tree.Table((tree.Column("单位"),), (tree.TableRow((tree.TableCell(((tree.Run("甲"),),)),)),))
    with pytest.raises(Refusal, match="窄栏"):
        sheet.typeset(newspaper.of(tree.Document("通报", (table,))))
    with pytest.raises(Refusal, match="4 至 6 栏"):
        sheet.typeset(newspaper.of(notice(1), 3))


texts = st.lists(
    st.one_of(
        st.text(st.sampled_from("一是完善监督机制减少隐患的整改落实情况"), min_size=1, max_size=12),
        st.sampled_from(
            [*"。，、；：？！“”（）《》", "——", "……", "2708人", "51.5%", "2021年12月底前", "5万至30万元", "PDF", " "]
        ),
    ),
    min_size=1,
    max_size=60,
).map("".join)


@settings(max_examples=max(10, settings().max_examples // 2))
@given(st.lists(texts, min_size=1, max_size=12), st.sampled_from([4, 5, 6]))
def test_all_prohibitions_hold_in_narrow_columns(said: list[str], count: int) -> None:
    document = newspaper.of(tree.Document("通报", tuple(paragraph(text) for text in said)), count)
    laid = sheet.typeset(document)
    lines = [line for one in laid.pages for line in one.lines if line.kind == "body"]
    for one, other in pairwise(lines):
        if one.block != other.block:
            continue
        before, after = one.text.rstrip(" "), other.text
        forced = re.fullmatch(r"[^\u4e00-\u9fff]+", before + after[:1]) or re.fullmatch(r"[^\u4e00-\u9fff]+", after)
        if not forced:
            assert after[0] not in NEVER_FIRST, (before, after)
            assert before[-1] not in NEVER_LAST, (before, after)
    for unit in ("2708人", "51.5%", "5万至30万元"):
        assert "".join(said).count(unit) == "\n".join(line.text for line in lines).count(unit)


def test_a_newspaper_reads_back_from_its_pdf() -> None:
    document = newspaper.of(notice(12, head=False), 5, "东湖日报", 17)
    laid = sheet.typeset(document)
    data = pdf.drawn(laid, pdf.meta(document))
    read = pypdfium2.PdfDocument(data)
    try:
        for number, one in enumerate(laid.pages):
            found = read[number].get_textpage().get_text_range().replace("\ufffe", "-")
            assert re.sub(r"\s", "", found) == re.sub(r"\s", "", "".join(line.text for line in one.lines))
    finally:
        read.close()
