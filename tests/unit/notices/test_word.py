"""The Word twin, clause by clause (GB/T 9704-2012): what is in the file, opened by python-docx and read as XML."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import docx
import pytest
from notice_papers import BODY, notice, of, paragraph
from word_reading import WP, R, W, body, check, expected, parts, squash, words

from db.errors import Refusal
from desktop_app.notices import newspaper, page, papers, sheet, stored, tree, word, word_media, word_page, word_xml

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "notices" / "notice.json"
SEAL = word_media.png(8, 8, bytes(8 * 8 * 3))
DIGEST = hashlib.sha256(SEAL).hexdigest()
PICTURES = {DIGEST: SEAL}
EMU = 12_700


def made(document: tree.Document) -> Element:
    """The body of a document's twin, after looking that Word would take it."""
    data = word.to_bytes(document, PICTURES)
    check(data)
    return body(data)


def texts(one: Element) -> str:
    return "".join(words.text or "" for words in one.iter(f"{W}t"))


def holding(root: Element, text: str) -> Element:
    """The paragraph that says ``text`` and nothing else."""
    return next(one for one in root.iter(f"{W}p") if texts(one) == text)


def value(one: Element, path: str, key: str = "val") -> str | None:
    """An attribute of the element at a path of names."""
    found = one.find("/".join(f"{W}{step}" for step in path.split("/")))
    return None if found is None else found.get(f"{W}{key}")


def has(one: Element, path: str) -> bool:
    return one.find("/".join(f"{W}{step}" for step in path.split("/"))) is not None


def plain_document(*blocks: tree.Block, **more: Any) -> tree.Document:
    return tree.Document("关于整改的通报", blocks or (paragraph("正文。"),), **more)


def opened(document: tree.Document) -> Any:
    return docx.Document(io.BytesIO(word.to_bytes(document, PICTURES)))


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_type_area_holds_22_rows_of_28_characters_and_not_one_more() -> None:  # 5.2.1, 5.2.3
    section = opened(notice()).sections[0]
    assert [round(getattr(section, f"{side}_margin").mm) for side in ("top", "left", "right", "bottom")] == [
        37,
        28,
        26,
        35,
    ]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    high = section.page_height.pt - section.top_margin.pt - section.bottom_margin.pt
    wide = section.page_width.pt - section.left_margin.pt - section.right_margin.pt
    row = word_xml.PITCH / 20
    assert 22 * row + 2 * word_xml.SEAM / 20 <= high < 23 * row
    character = (
        16
        + int(value(parts(word.to_bytes(notice()))["word/styles.xml"], "docDefaults/rPrDefault/rPr/spacing") or 0) / 20
    )
    assert 28 * character <= wide < 29 * character


def test_python_docx_opens_the_golden_notice_and_reads_its_words() -> None:
    document = stored.from_json(GOLDEN.read_text("utf-8"))
    data = word.to_bytes(document)
    check(data)
    read = docx.Document(io.BytesIO(data))
    assert words(data) == expected(document)
    headings = [one.text for one in read.paragraphs if one.style and one.style.name == "Heading 1"]
    assert headings == ["一、整改组织情况", "二、重点问题整改落实情况"]
    assert read.core_properties.title == document.title
    assert read.core_properties.author == document.author


def test_the_number_of_a_page_stands_at_its_outer_side() -> None:  # 7.5
    section = opened(notice()).sections[0]
    for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        line = foot.paragraphs[0]
        assert line.text == "— 1 —"
        assert value(line._p, "pPr/jc") == side
        assert value(line._p, "pPr/ind", f"{side}Chars") == "100"
        assert {run.font.name for run in line.runs if run.text} == {"宋体"}
    styles = parts(word.to_bytes(notice()))["word/styles.xml"]
    foot_style = next(one for one in styles.iter(f"{W}style") if one.get(f"{W}styleId") == "Footer")
    assert value(foot_style, "rPr/sz") == "28"
    assert opened(notice()).settings.odd_and_even_pages_header_footer


def test_a_turned_page_keeps_its_number_where_upright_ones_have_it() -> None:  # 8
    turned = tree.Section((paragraph("横排。"),), "landscape")
    data = word.to_bytes(plain_document(paragraph("竖排。"), turned, paragraph("竖排。")))
    check(data)
    sizes = [(one.get(f"{W}w"), one.get(f"{W}orient")) for one in body(data).iter(f"{W}pgSz")]
    assert sizes == [("11906", None), ("16838", "landscape"), ("11906", None)]
    boxes = [
        one for name, one in parts(data).items() if name.startswith("word/footer") and list(one.iter(f"{WP}anchor"))
    ]
    assert len(boxes) == 2
    for foot in boxes:
        across, down = (int(one.text or 0) / EMU for one in foot.iter(f"{WP}posOffset"))
        long = int(next(foot.iter(f"{WP}extent")).get("cy", "0")) / EMU
        assert across < page.PAPER_HEIGHT - page.TOP - page.AREA_HEIGHT  # beside the type area, where its lower edge is
        odd = value(foot, "p/pPr/jc") is None and 'w:val="right"' in _inside(foot)
        end = down + long if odd else down
        assert end == pytest.approx(page.LEFT + (page.AREA_WIDTH - page.SIZE_4 if odd else page.SIZE_4), abs=0.5)


def _inside(foot: Element) -> str:
    return "".join(f'w:val="{one.get(f"{W}val")}"' for one in foot.iter(f"{W}jc"))


def test_papers_bound_together_each_count_their_pages_from_1() -> None:
    root = body(word.bound([notice(1), notice(2)]))
    starts = [one.get(f"{W}start") for one in root.iter(f"{W}pgNumType")]
    assert starts == ["1", "1"]


def test_a_newspaper_has_its_headline_across_and_levelled_columns_below_its_banner() -> None:
    data = word.to_bytes(newspaper.of(notice(3), 5, "城市日报", 17))
    check(data)
    found = parts(data)
    root = body(data)
    columns = [(one.get(f"{W}num"), one.get(f"{W}sep")) for one in root.iter(f"{W}cols")]
    assert columns == [(None, None), ("5", "1"), (None, None)]
    assert [one.get(f"{W}val") for one in root.iter(f"{W}type")] == ["nextPage", "continuous", "continuous"]
    assert [one.get(f"{W}start") for one in root.iter(f"{W}pgNumType")] == ["17"]
    heads = {texts(one) for name, one in found.items() if name.startswith("word/header")}
    assert heads == {"城市日报第1版", "第1版城市日报"}
    sizes = {value(one, "rPr/sz") for one in root.iter(f"{W}r") if texts(one).startswith("一是完善")}
    assert sizes == {str(round(2 * newspaper.SMALL[5]))}


def test_a_reminder_has_its_band_and_the_paper_after_it_has_none() -> None:
    red, plain_one = plain_document(colour="red"), plain_document()
    data = word.bound([red, plain_one])
    check(data)
    found = parts(data)
    rels = {one.get("Id"): one.get("Target") for one in found["word/_rels/document.xml.rels"]}
    fills = [
        [
            value(found[f"word/{rels[one.get(f'{R}id')]}"], "p/pPr/shd", "fill")
            for one in section.iter(f"{W}headerReference")
        ]
        for section in body(data).iter(f"{W}sectPr")
    ]
    assert fills == [[page.RED[1:]] * 2, [None] * 2]
    assert "headerReference" not in {one.tag.rsplit("}", 1)[-1] for one in made(plain_one).iter()}


# -- head and title ---------------------------------------------------------------------------------------------------


def test_the_mark_stands_35_mm_down_and_the_red_rule_4_mm_below_the_number() -> None:  # 7.2.4, 7.2.7
    document = notice()
    root = made(document)
    mark, number = holding(root, "某某市公安局东湖分局文件"), holding(root, "某公〔2021〕8号")
    before, line = (int(value(mark, "pPr/spacing", key) or 0) / 20 for key in ("before", "line"))
    printed = of(sheet.typeset(document), "mark")[0]
    assert before + 0.8 * line == pytest.approx(page.PAPER_HEIGHT - page.TOP - printed.y, abs=0.1)
    assert value(mark, "r/rPr/color") == page.RED[1:]
    assert value(number, "pPr/pBdr/bottom", "color") == page.RED[1:]
    ends = 0.2 * word_xml.PITCH / 20 - 0.12 * page.SIZE_3  # of the line below its characters
    away = ends + int(value(number, "pPr/pBdr/bottom", "space") or 0)
    assert away == pytest.approx(4 * page.MM, abs=0.6)


def test_what_stands_above_the_text_covers_whole_rows() -> None:
    for document in (notice(), notice(head=False), replace(notice(), title="整改" * 30)):
        root = made(document)
        high = 0.0
        for one in list(root)[: 1 + [texts(p) for p in root].index("各派出所，机关各部门：")]:
            lines = 1 + len(list(one.iter(f"{W}br")))
            line = int(value(one, "pPr/spacing", "line") or word_xml.PITCH)
            rule = value(one, "pPr/pBdr/bottom", "space")
            high += sum(int(value(one, "pPr/spacing", key) or 0) for key in ("before", "after")) + lines * line
            high += (int(rule) * 20 + 25) if rule else 0
        assert high / word_xml.PITCH == pytest.approx(round(high / word_xml.PITCH), abs=0.01)


@pytest.mark.parametrize(
    "title", ["关于整改的通报", "中共某某市公安局东湖分局委员会关于巡察整改进展情况的通报", "整改" * 33]
)
def test_a_title_breaks_where_print_breaks_it(title: str) -> None:  # 7.3.1
    document = replace(notice(), title=title)
    printed = [line.text for line in of(sheet.typeset(document), "title")]
    shown = holding(made(document), title)
    found = "".join(
        "\n" if one.tag == f"{W}br" else one.text or "" for one in shown.iter() if one.tag in (f"{W}br", f"{W}t")
    )
    assert found.split("\n") == printed


def test_organs_of_a_joint_issue_stand_above_each_other_beside_the_word() -> None:  # 7.2.4
    head = tree.Head("文件", "某公〔2021〕8号", organs=("某某市公安局", "某某市人民检察院"))
    table = next(made(plain_document(head=head)).iter(f"{W}tbl"))
    assert [texts(cell) for cell in table.iter(f"{W}tc")] == ["某某市公安局某某市人民检察院", "文件"]
    assert [value(one, "pPr/jc") for one in table.iter(f"{W}p")] == ["distribute", "distribute", None]
    assert not list(table.iter(f"{W}tblBorders"))


def test_signers_stand_beside_the_number() -> None:  # 7.2.5, 7.2.6
    head = tree.Head("某某市公安局文件", "某公〔2021〕8号", signer="王某、欧阳某某、李某")
    shown = [texts(one) for one in made(plain_document(head=head)).iter(f"{W}p")]
    assert shown[1:3] == ["签发人：王某欧阳某某", "某公〔2021〕8号李某"]


def test_a_letter_has_its_mark_in_a_frame_and_no_number_on_page_1() -> None:  # 10.1
    head = tree.Head("某某市公安局", "某公函〔2021〕8号", urgency="特急")
    root = made(plain_document(head=head, form="letter"))
    mark = holding(root, "某某市公安局")
    assert value(mark, "pPr/framePr", "vAnchor") == "page"
    assert value(mark, "pPr/pBdr/bottom") == "thickThinSmallGap"
    assert texts(list(root)[2]) == "特急某公函〔2021〕8号"
    assert next(root.iter(f"{W}titlePg")) is not None


# -- the text ---------------------------------------------------------------------------------------------------------


def test_headings_have_levels_and_stay_with_what_follows_unless_it_runs_on() -> None:
    root = made(plain_document(
        tree.Heading(1, "一、甲"), tree.Heading(2, "（一）乙"), tree.Heading(3, "1.丙。", (tree.Run("正文。", "kai"),)),
    ))  # fmt: skip
    styles = parts(word.to_bytes(notice()))["word/styles.xml"]
    levels = {one.get(f"{W}styleId"): value(one, "pPr/outlineLvl") for one in styles.iter(f"{W}style")}
    assert [levels[f"Heading{k}"] for k in (1, 2, 3, 4)] == ["0", "1", "2", "3"]
    assert value(holding(root, "一、甲"), "pPr/pStyle") == "Heading1"
    running = holding(root, "1.丙。正文。")
    assert value(running, "pPr/keepNext") == "0"
    assert [one.get(f"{W}eastAsia") for one in running.iter(f"{W}rFonts")] == ["仿宋_GB2312", "楷体_GB2312"]


def test_changes_and_colours_are_shown() -> None:
    root = made(plain_document(paragraph(
        tree.Run("加", change="added"), tree.Run("删", change="removed"), tree.Run("红", colour="red"),
    )))  # fmt: skip
    added, removed, red = holding(root, "加删红").iter(f"{W}r")
    assert value(added, "rPr/u") == "single"
    assert has(removed, "rPr/strike")
    assert value(red, "rPr/color") == page.RED[1:]


def test_faces_that_are_not_installed_have_stand_ins() -> None:
    faces = parts(word.to_bytes(notice()))["word/fontTable.xml"]
    named = {one.get(f"{W}name"): (value(one, "altName") or "").split(",") for one in faces}
    assert named["仿宋_GB2312"][0] == "仿宋"
    assert named["楷体_GB2312"][0] == "楷体"
    assert named["方正小标宋简体"][-1] == "宋体"


def test_a_new_page_and_blank_rows() -> None:
    root = made(plain_document(paragraph("甲"), tree.Space(2), tree.Break(), paragraph("乙")))
    shown = [one for one in root if one.tag == f"{W}p"][1:]
    assert [texts(one) for one in shown] == ["甲", "", "", "乙"]
    assert has(shown[3], "pPr/pageBreakBefore")


def test_the_attachments_turn_under_their_names() -> None:  # 7.3.4
    root = made(plain_document(tree.Attachments(("甲", "乙"))))
    first, second = holding(root, "附件：1.甲"), holding(root, "2.乙")
    assert value(first, "pPr/ind", "leftChars") == value(second, "pPr/ind", "leftChars") == "600"
    assert value(first, "pPr/ind", "hangingChars") == "400"
    assert value(first, "pPr/spacing", "before") == str(word_xml.PITCH)


# -- what closes a paper ----------------------------------------------------------------------------------------------


def test_the_date_begins_two_characters_right_of_the_organ() -> None:  # 7.3.5.2
    root = made(notice(head=False))
    organ = next(one for one in root if value(one, "pPr/pStyle") == "Signature")
    date = next(one for one in root if texts(one) == "2021年11月3日" and value(one, "pPr/pStyle") == "Signature")
    right = [int(value(one, "pPr/ind", "rightChars") or 0) / 100 for one in (organ, date)]
    left = [28 - away - wide for away, wide in zip(right, (len(texts(organ)), 3 + 7 / 2), strict=True)]
    assert right[0] == 2
    assert left[1] - left[0] == pytest.approx(2, abs=0.3)
    assert value(organ, "pPr/spacing", "before") == str(word_xml.PITCH)
    assert has(organ, "pPr/keepNext")


def test_a_seal_floats_behind_name_and_date_where_print_has_it() -> None:  # 7.3.5.1
    signed = tree.Signature("某某市公安局", "2021年11月3日", "picture", seals=(DIGEST,))
    document = plain_document(signature=signed)
    root = made(document)
    anchor = next(root.iter(f"{WP}anchor"))
    printed = next(image for one in sheet.typeset(document).pages for image in one.images)
    across = int(next(anchor.iter(f"{WP}posOffset")).text or 0) / EMU
    assert across == pytest.approx(printed.x - page.LEFT, abs=0.1)
    assert anchor.get("behindDoc") == "1"
    assert anchor.find(f"{WP}wrapNone") is not None


def test_the_imprint_stands_at_the_foot_between_its_rules() -> None:  # 7.4
    table = next(one for one in made(notice()).iter(f"{W}tbl"))
    assert value(table, "tblPr/tblpPr", "tblpYSpec") == "bottom"
    assert value(table, "tblPr/tblpPr", "vertAnchor") == "margin"
    weights = [[one.get(f"{W}sz") for one in cell] for cell in table.iter(f"{W}tcBorders")]
    assert weights == [["8", "6"], ["6", "8"]]
    assert [squash(texts(row)) for row in table.iter(f"{W}tr")] == [
        "抄送：市局党委，区委办公室。", "东湖分局办公室2021年11月3日印发",
    ]  # fmt: skip


def test_an_imprint_that_print_gives_a_page_gets_an_even_one() -> None:  # 7.4, 7.5
    for problems in range(1, 9):
        document = notice(problems)
        alone = {line.kind for line in sheet.typeset(document).pages[-1].lines} <= {"imprint", "number"}
        kinds = [one.get(f"{W}val") for one in made(document).iter(f"{W}type")]
        assert ("evenPage" in kinds) == alone


def test_an_annex_begins_a_page_with_its_number() -> None:  # 7.3.7
    root = made(plain_document(annexes=(tree.Annex("整改台账", (paragraph("内容。"),), 1),)))
    label, title = holding(root, "附件1"), holding(root, "整改台账")
    assert has(label, "pPr/pageBreakBefore")
    assert value(label, "r/rPr/rFonts", "eastAsia") == "黑体"
    assert value(title, "pPr/spacing", "before") == str(word_xml.PITCH)


def test_a_code_stands_in_the_foot_at_the_binding_side() -> None:
    root = made(plain_document(code=tree.Code("zhenggai:0123", ("校验码",))))
    table = next(root.iter(f"{W}tbl"))
    assert value(table, "tblPr/tblpPr", "tblpXSpec") == "inside"
    assert next(table.iter(f"{WP}docPr")).get("descr") == "二维码：zhenggai:0123"
    assert texts(table) == "校验码"


# -- tables, charts, pictures -----------------------------------------------------------------------------------------


def of_table(*rows: tree.TableRow, **more: Any) -> tree.Table:
    columns = (tree.Column("序号", 1, "centre"), tree.Column("问题", 4), tree.Column("金额", 2, "right"))
    return tree.Table(columns, rows, **more)


def row(*cells: str | tree.TableCell, **more: Any) -> tree.TableRow:
    held = tuple(tree.TableCell(((tree.Run(one),),)) if isinstance(one, str) else one for one in cells)
    return tree.TableRow(held, **more)


def spanned(text: str, rows: int = 1, columns: int = 1) -> tree.TableCell:
    return tree.TableCell(((tree.Run(text),),), rows, columns)


def test_a_table_repeats_its_head_and_merges_its_cells() -> None:
    root = made(plain_document(of_table(
        row(spanned("第一组", columns=3), kind="group"),
        row(spanned("1", rows=2), "甲", "1.00"),
        row("乙", "2.00"),
        row(spanned("合计", columns=2), "3.00", kind="total"),
        title="台账", unit="元", notes=("注：一。",),
    )))  # fmt: skip
    rows = list(root.iter(f"{W}tr"))
    assert [has(one, "trPr/tblHeader") for one in rows] == [True, False, False, False, False]
    assert all(has(one, "trPr/cantSplit") for one in rows)
    merged = [[one.get(f"{W}val") for one in r.iter(f"{W}vMerge")] for r in rows]
    assert merged == [[], [], ["restart"], [None], []]
    assert [[one.get(f"{W}val") for one in r.iter(f"{W}gridSpan")] for r in rows] == [[], ["3"], [], [], ["2"]]
    assert [value(next(r.iter(f"{W}p")), "pPr/jc") for r in rows] == ["center", "center", "center", "left", "center"]
    columns = [int(one.get(f"{W}w", "0")) for one in root.iter(f"{W}gridCol")]
    assert sum(columns) == word_page.AREA
    assert columns[1] == pytest.approx(4 * columns[0], abs=3)


def test_a_low_table_is_not_broken_and_a_high_row_may_be() -> None:
    low = of_table(row("1", "甲", "1"), row("2", "乙", "2"))
    kept = [has(next(one.iter(f"{W}p")), "pPr/keepNext") for one in made(plain_document(low)).iter(f"{W}tr")]
    assert kept == [True, True, False]
    high = of_table(row("1", BODY * 4, "1"))
    assert [has(one, "trPr/cantSplit") for one in made(plain_document(high)).iter(f"{W}tr")] == [True, False]


def test_a_row_keeps_its_least_height_and_a_form_has_no_head() -> None:
    form = tree.Table((tree.Column("甲"),), (row("意见", least=6),), headless=True)
    (only,) = made(plain_document(form)).iter(f"{W}tr")
    assert not has(only, "trPr/tblHeader")
    assert int(value(only, "trPr/trHeight") or 0) / 20 > 6 * 12


def test_five_hundred_rows_are_written() -> None:
    table = of_table(*(row(str(k), f"问题{k}", f"{k}.00") for k in range(500)))
    root = made(plain_document(table))
    assert len(list(root.iter(f"{W}tr"))) == 501


def test_a_chart_is_a_picture_that_says_its_values() -> None:
    chart = tree.Chart("columns", "进度", ("一月", "二月"), (tree.Series("已完成", (3.0, 5.0)),), "项")
    data = word.to_bytes(plain_document(chart, chart))
    check(data)
    shown = list(body(data).iter(f"{WP}docPr"))
    assert [one.get("descr") for one in shown] == ["进度（项）；已完成：一月 3，二月 5"] * 2
    assert len([name for name in docx.Document(io.BytesIO(data)).part.package.parts if "media" in name.partname]) == 1


def test_a_wide_chart_is_drawn_whole() -> None:
    chart = tree.Chart("line", "", ("一月", "二月"), (tree.Series("甲", (1.0, 2.0)),))
    from desktop_app.notices import word_chart

    wide = word_chart.picture(chart, 637.8, 250.0)
    assert wide[16:24] == (1913).to_bytes(4) + (750).to_bytes(4)


def test_a_picture_is_shown_in_its_size_with_its_caption() -> None:
    root = made(plain_document(tree.Picture(DIGEST, 40.0, 30.0, "一张图", "图1 现场")))
    extent = next(root.iter(f"{WP}extent"))
    assert (int(extent.get("cx", "0")), int(extent.get("cy", "0"))) == (40 * 36_000, 30 * 36_000)
    assert next(root.iter(f"{WP}docPr")).get("descr") == "一张图"
    assert holding(root, "图1 现场") is not None


def test_what_is_no_picture_is_refused() -> None:
    document = plain_document(tree.Picture("no", 40.0, 30.0, "一张图"))
    with pytest.raises(Refusal, match="不是PNG或JPEG"):
        word.to_bytes(document, {"no": b"GIF89a"})


# -- the file ---------------------------------------------------------------------------------------------------------


def places(bad: str) -> Iterator[tree.Document]:
    """Documents with a bad string at every kind of place."""
    yield plain_document(paragraph(bad))
    yield plain_document(tree.Heading(1, bad))
    yield plain_document(of_table(row(bad, "", "")))
    yield plain_document(tree.Picture(DIGEST, 10.0, 10.0, bad))
    yield plain_document(tree.Cut(bad))
    yield plain_document(author=bad)
    yield plain_document(note=bad)


@pytest.mark.parametrize("bad", ["\x07", "\x00", "\ud800", "\ufffe", "\x1b"])
def test_characters_no_word_file_can_hold_are_refused_by_name(bad: str) -> None:
    for document in places(f"前文{bad}后文"):
        with pytest.raises(Refusal, match=f"U\\+{ord(bad):04X}"):
            word.to_bytes(document, PICTURES)


def test_markup_in_the_words_stays_words() -> None:
    text = '<b>&amp; "甲" ]]> </w:t>'
    document = plain_document(paragraph(text), of_table(row(text, text, text), title=text), author=text)
    data = word.to_bytes(document)
    check(data)
    assert words(data) == expected(document)
    assert docx.Document(io.BytesIO(data)).core_properties.author == text


def test_equal_papers_are_equal_bytes_and_say_when_they_were_made() -> None:
    day = datetime(2021, 11, 3, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    data = word.to_bytes(notice(), created=day)
    assert data == word.to_bytes(notice(), created=day)
    assert docx.Document(io.BytesIO(data)).core_properties.created == datetime(2021, 11, 3, 1, 30, tzinfo=UTC)
    assert not re.search(rb"2021-11-03T", word.to_bytes(notice()))


def test_nothing_and_what_was_cancelled_make_no_file() -> None:
    with pytest.raises(Refusal, match="没有要输出的文书"):
        word.bound([])
    done: list[tuple[int, int]] = []
    with pytest.raises(Refusal, match="已取消"):
        word.bound([notice(), notice()], progress=lambda *k: done.append(k), cancelled=lambda: bool(done))
    assert done == [(1, 2)]


def test_the_registry_of_papers_writes_word() -> None:
    paper = papers.Made((notice(), notice(1)))
    assert papers.format_of(Path("通报.DOCX")) == "docx"
    assert papers.to_bytes(paper, "docx") == word.bound(paper.documents)


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """The file with one place of one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(made, "w") as copy:
        for name in archive.namelist():
            text = archive.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            copy.writestr(name, text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<w:pStyle w:val="BodyText"/>', '<w:jc w:val="left"/><w:pStyle w:val="BodyText"/>'),
        ("</w:p></w:tc>", "</w:p><w:bookmarkEnd/></w:tc>"),
        ("<w:tblGrid>", '<w:tblGrid><w:gridCol w:w="5"/>'),
        ('w:eastAsia="仿宋_GB2312"', ""),
        ('r:id="rIdF1"', 'r:id="rIdF9"'),
    ],
)
def test_what_word_would_not_take_is_caught(old: str, new: str) -> None:
    data = word.to_bytes(notice())
    check(data)
    with pytest.raises(AssertionError):
        check(changed(data, "word/document.xml", old, new))
