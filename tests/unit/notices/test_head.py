"""版头 in its four forms, each distance by the clause that gives it: GB/T 9704-2012 7.2, 7.3.1–7.3.3, 10.1–10.3."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from notice_papers import AREA_TOP, LEFT, RIGHT, foot_of, ink, of, paragraph, top_of

from db.errors import Refusal
from desktop_app.notices import choice, front, head, page, plain, sheet, tree
from desktop_app.notices.page import CELL, MM, ROW, SIZE_3

TENTH = 0.1 * MM
ORGANS = (
    "中共某某市公安局东湖分局委员会",
    "某某市东湖区财政局",
    "某某市东湖区人民检察院",
    "某某市东湖区司法局",
    "某某市生态环境局东湖分局",
    "共青团某某市东湖区委员会",
)


def paper(part: tree.Head, title: str = "关于进一步规范执法记录仪使用管理的通知", **more: object) -> page.Pages:
    return sheet.typeset(
        replace(tree.Document(title, (paragraph("正文。"),), head=part), **more)  # type: ignore[arg-type]
    )


def red_rule(laid: page.Pages) -> page.Stroke:
    return next(stroke for stroke in laid.pages[0].strokes if stroke.colour == page.RED)


def test_the_mark_stands_35_mm_below_the_type_area_and_is_red() -> None:  # 7.2.4
    for text in ("某某市公安局东湖分局文件", "通报", "中国共产党某某市公安局经济开发区分局委员会文件"):
        lines = of(paper(tree.Head(text, "某公〔2021〕8号")), "mark")
        assert ink(lines[0])[3] == pytest.approx(AREA_TOP - 35 * MM, abs=TENTH)
        assert all(piece.colour == page.RED for line in lines for piece in line.pieces)
        assert all(piece.face == "NotoSerifCJKsc-SemiBold" for line in lines for piece in line.pieces)
        for line in lines:
            assert (line.left + line.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=TENTH)


def test_the_number_stands_two_rows_below_the_mark_in_the_middle() -> None:  # 7.2.5
    laid = paper(tree.Head("某某市公安局东湖分局文件", "某公〔2021〕8号"))
    (mark,), (number,) = of(laid, "mark"), of(laid, "head")
    assert ink(mark)[1] - top_of(number) == pytest.approx(2 * ROW, abs=TENTH)
    assert (number.left + number.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=TENTH)
    assert number.pieces[0].size == SIZE_3


def test_the_rule_stands_4_mm_below_the_number_as_wide_as_the_type_area() -> None:  # 7.2.7
    laid = paper(tree.Head("某某市公安局东湖分局文件", "某公〔2021〕8号"))
    (number,) = of(laid, "head")
    rule = red_rule(laid)
    assert foot_of(number) - rule.y0 == pytest.approx(4 * MM, abs=TENTH)
    assert [rule.x0, rule.x1] == pytest.approx([LEFT, RIGHT])
    assert rule.x1 - rule.x0 == pytest.approx(156 * MM)


@pytest.mark.parametrize(
    "mark", ["通报", "某某局文件", "某某市公安局东湖分局文件", "某某市公安局经济开发区分局委员会文件"]
)
def test_the_title_stands_two_rows_below_the_rule_on_the_grid(mark: str) -> None:  # 7.3.1
    laid = paper(tree.Head(mark, "某公〔2021〕8号"))
    title = of(laid, "title")[0]
    assert 1.75 * ROW - TENTH <= red_rule(laid).y0 - top_of(title) < 2.75 * ROW
    assert top_of(title) == pytest.approx(page.row_top(title.row))


def test_labels_stand_in_order_and_close_up() -> None:  # 7.2.1, 7.2.2, 7.2.3
    every = {"serial": "000123", "secrecy": "机密★1年", "urgency": "特急"}
    for lacking in ("", "serial", "secrecy", "urgency"):
        wanted = {name: text for name, text in every.items() if name != lacking}
        laid = paper(replace(tree.Head("某某局文件", "某公〔2021〕8号"), **wanted))  # type: ignore[arg-type]
        labels = of(laid, "head")[:-1]
        assert [line.text for line in labels] == list(wanted.values())
        assert [line.row for line in labels] == list(range(len(wanted)))
        assert all(line.left == pytest.approx(LEFT) for line in labels)
        assert top_of(labels[0]) == pytest.approx(AREA_TOP)
        faces = {line.text: {p.face for p in line.pieces} for line in labels}
        assert faces.get("特急", {"NotoSansCJKsc-Medium"}) == {"NotoSansCJKsc-Medium"}
        assert faces.get("000123", {choice.LATIN}) == {choice.LATIN}


@pytest.mark.parametrize("names", [1, 2, 3, 4, 5])
def test_signers_stand_two_a_line_and_the_number_on_the_last_of_them(names: int) -> None:  # 7.2.5, 7.2.6
    signers = ("王某", "欧阳某某", "李某某", "赵某", "钱某某")[:names]
    laid = paper(tree.Head("某某市公安局东湖分局文件", "某公〔2021〕8号", signer="、".join(signers)))
    lines = of(laid, "head")
    rows = sorted({round(line.y, 3) for line in lines}, reverse=True)
    assert len(rows) == -(-names // 2)
    number = next(line for line in lines if line.text.startswith("某公"))
    assert round(number.y, 3) == rows[-1]
    assert number.left == pytest.approx(LEFT + CELL)
    named = [line for line in lines if line is not number]
    assert "".join(line.text for line in named) == "签发人：" + "".join(signers)
    assert max(line.right for line in named) == pytest.approx(RIGHT - CELL)
    people = [piece for line in named for piece in line.pieces if piece.face == "FandolKai-Regular"]
    assert [piece.text for piece in people] == list(signers)
    firsts = {round(piece.xs[0], 2) for piece in people[::2]}
    assert len(firsts) == 1, "the names of a column stand below each other"
    assert foot_of(number) - red_rule(laid).y0 == pytest.approx(4 * MM, abs=TENTH)
    (mark,) = of(laid, "mark")
    assert ink(mark)[1] - top_of(named[0]) == pytest.approx(2 * ROW, abs=TENTH)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_a_joint_head_is_one_block_with_the_word_at_its_right(count: int) -> None:  # 7.2.4
    title = "关于联合开展巡察反馈问题整改情况专项检查的通知"
    laid = paper(tree.Head("文件", "某公〔2021〕8号", organs=ORGANS[:count]), title, addressees="各派出所：")
    *names, word = of(laid, "mark")
    assert [line.text for line in names] == list(ORGANS[:count])
    assert word.text == "文件"
    assert len({round(line.left, 2) for line in names}) == len({round(line.right, 2) for line in names}) == 1
    assert ink(names[0])[3] == pytest.approx(AREA_TOP - 35 * MM, abs=TENTH)
    assert all(ink(one)[1] > ink(other)[3] for one, other in pairwise(names)), "no name touches another"
    middle = (ink(names[0])[3] + ink(names[-1])[1]) / 2
    assert (ink(word)[3] + ink(word)[1]) / 2 == pytest.approx(middle, abs=TENTH)
    assert word.left > names[0].right
    assert names[0].left >= LEFT - 0.01
    assert word.right <= RIGHT + 0.01
    assert any(line.kind == "body" and line.text == "正文。" for line in laid.pages[0].lines), "首页必须显示正文"
    words = plain.text(tree.Document("", head=tree.Head("文件", organs=ORGANS[:count])))
    assert words.split() == [*ORGANS[:count], "文件"]


def test_a_mark_shrinks_before_the_text_leaves_page_1() -> None:  # 7.3.3
    title = "关于" + "进一步加强和改进" * 9 + "巡察整改日常监督工作有关事项的通知"
    part = tree.Head("文件", "某公〔2021〕8号", organs=ORGANS)
    laid = paper(part, title, addressees="各派出所：")
    large = paper(part, "关于开会的通知")
    assert of(laid, "mark")[0].pieces[0].size < of(large, "mark")[0].pieces[0].size
    assert of(laid, "body")[0] in laid.pages[0].lines
    assert any(line.text == "正文。" for line in laid.pages[0].lines)


def test_addressees_that_leave_no_room_move_to_the_imprint() -> None:  # 7.3.2, 7.4.2
    many = "、".join(f"某某市东湖区第{k}街道办事处巡察整改工作专班" for k in range(1, 14)) + "："
    document = tree.Document(
        "关于进一步规范执法记录仪使用管理的通知",
        (paragraph("正文。"),),
        head=tree.Head("某某市公安局东湖分局文件", "某公〔2021〕8号"),
        addressees=many,
        imprint=tree.Imprint("东湖分局办公室", "2021年11月3日", "市局党委"),
    )
    assert front.front(document).moved == many
    laid = sheet.typeset(document)
    assert [line.text for line in laid.pages[0].lines if line.kind == "body"] == ["正文。"]
    closing = "".join(line.text for line in of(laid, "imprint"))
    assert closing.startswith("主送：" + many.rstrip("：") + "。抄送：市局党委。东湖分局办公室")
    with pytest.raises(Refusal, match="主送机关"):
        sheet.typeset(replace(document, imprint=None))


def test_a_mark_smaller_than_the_text_is_refused() -> None:
    for part in (tree.Head("某某市公安局" * 30 + "文件"), tree.Head("文件", organs=("某某市公安局" * 8, "某局"))):
        with pytest.raises(Refusal, match="发文机关标志"):
            paper(part)
    many = tree.Head("文件", organs=tuple(f"某某市第{k}局" for k in range(9)))
    marks = of(paper(many, "通知"), "mark")
    assert len(marks) == 10
    assert all(piece.size >= 14 for line in marks for piece in line.pieces)


def test_what_no_first_page_can_hold_is_refused() -> None:
    with pytest.raises(Refusal, match="标题有"):
        paper(tree.Head("某某局文件", "某公〔2021〕8号"), "关于做好工作的通知" * 30)


@pytest.mark.parametrize(
    ("part", "form"),
    [
        (tree.Head("某局文件", "某公〔2021〕8号" * 5), "document"),
        (tree.Head("某局文件", "某公〔2021〕8号", signer="欧阳某某某某某某、" * 2), "document"),
        (tree.Head("某局", "某公〔2021〕8号" * 4), "letter"),
        (tree.Head("某局文件", secrecy="机密★1年" * 8), "document"),
    ],
)
def test_what_must_stand_on_one_line_and_does_not_is_refused(part: tree.Head, form: str) -> None:
    with pytest.raises(Refusal, match="一行排不下"):
        paper(part, form=form)


def test_the_mark_of_any_length_fits_between_the_margins() -> None:
    for text in (
        "令",
        "某某市公安局文件",
        "某某市公安局经济开发区分局治安管理大队巡察整改工作领导小组办公室文件",
        "甲——乙文件" * 4,
    ):
        lines = [line for line in head.head(tree.Head(text, "某公〔2021〕8号")).lines if line.kind == "mark"]
        assert "".join(line.text for line in lines) == text
        for mark in lines:
            assert mark.left >= LEFT - 0.01
            assert mark.right <= RIGHT + 0.01


def test_a_letter_stands_between_two_double_rules() -> None:  # 10.1
    part = tree.Head("某某市公安局东湖分局", "某公函〔2021〕8号", secrecy="秘密★1年", urgency="加急")
    laid = paper(part, "关于商请支持整改工作的函", form="letter", blocks=(paragraph("整" * 3000),))
    (mark,) = of(laid, "mark")
    assert ink(mark)[3] == pytest.approx(page.PAPER_HEIGHT - 30 * MM, abs=TENTH)
    thick, thin, thick_low, thin_low = laid.pages[0].strokes
    assert ink(mark)[1] - (thick.y0 + thick.weight / 2) == pytest.approx(4 * MM, abs=TENTH)
    assert thick.y0 > thin.y0, "thick above thin"
    assert thin_low.y0 > thick_low.y0, "thin above thick"
    assert thick_low.y0 == pytest.approx(20 * MM, abs=TENTH)
    assert thick.weight > thin.weight
    assert thick_low.weight > thin_low.weight
    for rule in laid.pages[0].strokes:
        assert rule.colour == page.RED
        assert rule.x1 - rule.x0 == pytest.approx(170 * MM)
        assert (rule.x0 + rule.x1) / 2 == pytest.approx(page.PAPER_WIDTH / 2)
    assert not laid.pages[1].strokes, "the second rule stands on page 1 alone"
    lead = SIZE_3 * 7 / 8
    under = thin.y0 - thin.weight / 2
    secrecy, urgency, number = of(laid, "head")
    assert under - top_of(secrecy) == pytest.approx(lead)
    assert under - top_of(number) == pytest.approx(lead)
    assert secrecy.left == pytest.approx(LEFT)
    assert number.right == pytest.approx(RIGHT)
    title = of(laid, "title")[0]
    assert 1.75 * ROW <= foot_of(urgency) - top_of(title) < 2.75 * ROW
    last = [line for line in laid.pages[0].lines if line.kind == "body"][-1]
    assert last.row == page.ROWS - 1
    assert foot_of(last) - (thin_low.y0 + thin_low.weight / 2) == pytest.approx(lead)
    numbers = [line.text for line in of(laid, "number")]
    assert numbers == [f"— {k} —" for k in range(2, len(laid.pages) + 1)], "no number on page 1"


def test_an_order_stands_20_mm_below_the_type_area_without_a_rule() -> None:  # 10.2
    laid = paper(tree.Head("某某市人民政府令", "第12号"), "", form="order")
    (mark,), (number,), body = of(laid, "mark"), of(laid, "head"), of(laid, "body")[0]
    assert ink(mark)[3] == pytest.approx(AREA_TOP - 20 * MM, abs=TENTH)
    assert ink(mark)[1] - top_of(number) == pytest.approx(2 * ROW, abs=TENTH)
    assert 1.75 * ROW <= foot_of(number) - top_of(body) < 2.75 * ROW
    assert not laid.pages[0].strokes


def test_minutes_name_who_was_there() -> None:  # 10.3
    present = tree.Paragraph((tree.Run("出席：", "hei"), tree.Run("王某某、李某某、" * 9 + "赵某。")), role="listed")
    laid = paper(
        tree.Head("某某市公安局东湖分局党委会议纪要", "第3期"),
        "",
        form="minutes",
        blocks=(paragraph("会议听取了汇报。"), present),
    )
    mark = of(laid, "mark")[0]
    assert ink(mark)[3] == pytest.approx(AREA_TOP - 35 * MM, abs=TENTH)
    first, *turned = [line for line in of(laid, "body") if line.text != "会议听取了汇报。"]
    assert first.left == pytest.approx(LEFT + 2 * CELL)
    assert first.pieces[0].face == "NotoSansCJKsc-Medium"
    assert {round(line.left, 2) for line in turned} == {round(LEFT + 5 * CELL, 2)}


def test_a_working_paper_keeps_no_room_for_a_head() -> None:
    laid = sheet.typeset(tree.Document("东湖分局巡察整改台账", (paragraph("整" * 28 * 22),), form="sheet"))
    title = of(laid, "title")[0]
    assert title.row == 0
    assert title.pieces[0].size == 18
    assert of(laid, "body")[0].row == 2


def test_a_paper_without_title_and_head_begins_on_the_first_row() -> None:  # 5.2.3
    laid = sheet.typeset(tree.Document("", (paragraph("整" * 28 * 30),)))
    assert [line.row for line in of(laid, "body")][:22] == list(range(22))


def test_a_numbered_copy_of_a_ledger_has_its_number_above_the_title() -> None:  # 7.2.1
    table = tree.Table((tree.Column("单位"),), (tree.TableRow((tree.TableCell(((tree.Run("甲"),),)),)),))
    for block in (table, tree.Section((table,), "landscape")):
        laid = sheet.typeset(
            tree.Document("东湖分局巡察整改台账", (block,), head=tree.Head("", serial="000012"), form="sheet")
        )
        (one,) = laid.pages
        assert one.turned == isinstance(block, tree.Section)
        assert [line.text for line in one.lines[:2]] == ["000012", "东湖分局巡察整改台账"]
        assert [line.row for line in one.lines[:2]] == [0, 1]
        assert one.lines[1].pieces[0].size == 18
