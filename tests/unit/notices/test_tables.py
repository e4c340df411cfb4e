"""Tables over the pages: heads, spans, groups, totals, notes; GB/T 9704-2012 8 for landscape sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from db.errors import Refusal
from desktop_app.notices import page, sheet, table_grid, tree
from desktop_app.notices.page import MM, TURNED, UPRIGHT, Line, Page

WORDS = "完善监督机制，减少执法源头隐患，逐案核查整改落实情况。"


def cell(*texts: str, **how: Any) -> tree.TableCell:
    return tree.TableCell(tuple((tree.Run(text),) for text in texts), **how)


def row(*texts: str, **how: Any) -> tree.TableRow:
    return tree.TableRow(tuple(cell(text) for text in texts), **how)


def columns(*titles: str, width: float = 1.0) -> tuple[tree.Column, ...]:
    return tuple(tree.Column(title, width) for title in titles)


def laid(table: tree.Table, *, landscape: bool = False, before: Sequence[tree.Block] = ()) -> tuple[Page, ...]:
    section = tree.Section((*before, table), "landscape" if landscape else "upright")
    return sheet.typeset(tree.Document("", (section,), form="sheet")).pages


def cells(one: Page) -> list[Line]:
    return [line for line in one.lines if line.kind == "cell"]


def at(pages: Sequence[Page], place: tuple[int, int]) -> list[list[str]]:
    """The lines of a place, page by page, without pages that have none."""
    found = [[line.text for line in cells(one) if line.place == place] for one in pages]
    return [lines for lines in found if lines]


def test_the_head_stands_on_every_page() -> None:
    pages = laid(tree.Table(columns("序号", "问题"), tuple(row(str(k), WORDS) for k in range(80))))
    assert len(pages) > 2
    for one in pages:
        first, second, *rest = cells(one)
        assert [first.text, second.text] == ["序号", "问题"]
        assert first.pieces[0].face == "NotoSansCJKsc-Medium"
        assert rest[0].y < first.y
    assert [lines for k in range(80) for lines in at(pages, (k, 0))] == [[str(k)] for k in range(80)]


def test_a_head_of_two_rows_with_spans() -> None:
    head = (
        tree.TableRow((cell("车辆", rows=2), cell("油耗", columns=2))),
        tree.TableRow((cell("本月"), cell("上月"))),
    )
    (one,) = laid(tree.Table(columns("", "", ""), (row("警001", "8.1", "9.2"),), head))
    places = {line.place: line for line in cells(one)}
    assert {place: line.text for place, line in places.items()} == {
        (-1, 0): "车辆", (-1, 1): "油耗", (-2, 1): "本月", (-2, 2): "上月", (0, 0): "警001", (0, 1): "8.1", (0, 2): "9.2",
    }  # fmt: skip
    assert places[-1, 1].y > places[-1, 0].y > places[-2, 1].y, "the cell of two rows stands between them"


def test_no_rule_goes_through_a_cell_of_several_rows_or_columns() -> None:
    rows = (
        tree.TableRow((cell("方面", rows=2), cell("甲"), cell("乙"))),
        tree.TableRow((cell("丙", columns=2),)),
    )
    (one,) = laid(tree.Table(columns("", "", ""), rows, headless=True))
    edges, _ = table_grid.edges(tree.Table(columns("", "", ""), rows), UPRIGHT)
    level = [stroke for stroke in one.strokes if stroke.y0 == stroke.y1]
    upright = [stroke for stroke in one.strokes if stroke.x0 == stroke.x1]
    assert [stroke.x0 for stroke in level] == [pytest.approx(edges[1])]
    assert [stroke.x1 for stroke in level] == [pytest.approx(edges[3])]
    inner = [stroke for stroke in upright if stroke.x0 == pytest.approx(edges[2])]
    assert [stroke.y1 for stroke in inner] == [pytest.approx(level[0].y0)], "only beside the first row"
    (frame,) = [shape for shape in one.shapes if shape.stroke]
    assert frame.weight == 1.0
    assert {stroke.weight for stroke in one.strokes} == {0.5}


def test_a_cell_cut_by_a_page_goes_on_with_its_words() -> None:
    rows = tuple(
        tree.TableRow((cell("第一方面", rows=50), cell("问题", rows=50), cell(f"第{k}条")))
        if k == 0
        else row(f"第{k}条")
        for k in range(50)
    )
    pages = laid(tree.Table(columns("方面", "问题", "措施"), rows))
    assert len(pages) > 1
    first, *others = at(pages, (0, 0))
    assert first == ["第一方面"]
    assert others
    assert all(lines == ["第一方面", "（续）"] for lines in others)
    assert at(pages, (0, 1)) == [["问题"]] * len(pages), "only the first of those that go on together is marked"


def test_a_long_cell_over_rows_goes_on_with_the_rest_of_its_words() -> None:
    long = "整" * 2000
    rows = tuple(
        tree.TableRow((cell(long, rows=40), cell(f"第{k}条"))) if k == 0 else row(f"第{k}条") for k in range(40)
    )
    pages = laid(tree.Table(columns("方面", "措施"), rows))
    said = at(pages, (0, 0))
    assert len(said) > 1
    assert "".join("".join(lines) for lines in said) == long


def test_a_row_taller_than_a_page_is_broken_inside() -> None:
    text = "整" * 3000
    pages = laid(tree.Table(columns("序号", "措施"), (row("1", "短"), row("2", text), row("3", "短"))))
    said = at(pages, (1, 1))
    assert len(said) > 1
    assert "".join("".join(lines) for lines in said) == text
    assert all(len(lines) >= 2 for lines in said)
    assert at(pages, (1, 0)) == [["2"], *[["2", "（续）"]] * (len(said) - 1)]
    for one in pages:
        assert min(line.y for line in cells(one)) >= UPRIGHT.bottom


def test_a_row_is_not_broken_for_a_little_blank() -> None:
    rows = (*(row(str(k), "短") for k in range(24)), row("24", "整" * 300))
    pages = laid(tree.Table(columns("序号", "措施"), rows))
    assert len(at(pages, (24, 1))) == 1


def test_a_row_is_broken_rather_than_a_third_of_the_page_left_empty() -> None:
    rows = (*(row(str(k), "短") for k in range(14)), row("14", "整" * 700))
    wide = (tree.Column("序号", 1.0), tree.Column("措施", 3.0))
    assert len(at(laid(tree.Table(wide, rows)), (14, 1))) == 2
    kept = (*rows[:-1], tree.TableRow(rows[-1].cells, kept=True))
    assert len(at(laid(tree.Table(wide, kept)), (14, 1))) == 1


def test_a_group_is_never_last_and_a_total_never_first() -> None:
    for count in range(20, 34):
        rows = (
            *(row(str(k), "短") for k in range(count)),
            tree.TableRow((cell("二、第二方面", columns=2),), "group"),
            row("x", "短"),
            *(row(str(k), "短") for k in range(40 - count % 7)),
            row("合计", "7", kind="total"),
        )
        for one in laid(tree.Table(columns("序号", "措施"), rows)):
            numbers = [line.place[0] for line in cells(one) if line.place and line.place[0] >= 0]
            assert rows[numbers[-1]].kind != "group"
            assert rows[numbers[0]].kind != "total"


def test_groups_and_totals_are_set_in_heavy_type() -> None:
    rows = (tree.TableRow((cell("一、方面", columns=2),), "group"), row("1", "短"), row("合计", "7", kind="total"))
    (one,) = laid(tree.Table(columns("序号", "措施"), rows))
    faces = {line.place: line.pieces[0].face for line in cells(one) if line.place and line.place[0] >= 0}
    heavy = "NotoSansCJKsc-Medium"
    assert faces[0, 0] == faces[2, 0] == heavy
    assert faces[1, 1] != heavy


def test_title_unit_and_notes() -> None:
    table = tree.Table(columns("甲", "乙"), (row("1", "2"),), title="表1 情况", unit="万元", notes=("注：已核对。",))
    (one,) = laid(table)
    title, unit, note = [line for line in one.lines if line.kind == "caption"]
    assert title.text == "表1 情况"
    assert (title.left + title.right) / 2 == pytest.approx((UPRIGHT.left + UPRIGHT.right) / 2)
    assert unit.text == "单位：万元"
    assert unit.right == pytest.approx(UPRIGHT.right)
    assert title.y > unit.y > max(line.y for line in cells(one)) > min(line.y for line in cells(one)) > note.y
    assert {line.block for line in (title, unit, note)} == {0}


def test_where_words_stand_in_a_cell() -> None:
    wide = (tree.Column("左"), tree.Column("中", align="centre"), tree.Column("右", align="right"))
    (one,) = laid(tree.Table(wide, (row("甲", "乙", "丙"),), headless=True))
    edges, _ = table_grid.edges(tree.Table(wide, ()), UPRIGHT)
    left, centre, right = cells(one)
    assert 0 < left.left - edges[0] < 12
    assert (centre.left + centre.right) / 2 == pytest.approx((edges[1] + edges[2]) / 2, abs=0.01)
    assert 0 < edges[3] - right.right < 12


def test_words_stand_in_the_middle_of_their_cell_however_many_they_are() -> None:
    wide = (tree.Column("序号", 1.0), tree.Column("措施", 4.0), tree.Column("成效", 4.0))
    (one,) = laid(tree.Table(wide, (row("1", "整" * 200, "改" * 60),), headless=True))
    number = next(line for line in cells(one) if line.text == "1")
    for first in "整改":
        lines = [line for line in cells(one) if line.text[0] == first]
        assert number.y == pytest.approx((lines[0].y + lines[-1].y) / 2)


def test_a_form_has_room_to_write() -> None:
    (one,) = laid(tree.Table(columns("", ""), (tree.TableRow((cell("意见"), cell()), least=6),), headless=True))
    (frame,) = [shape for shape in one.shapes if shape.stroke]
    height = max(y for _, y in frame.points) - min(y for _, y in frame.points)
    assert height > 6 * 12 * 1.3


def test_a_landscape_page_is_the_type_area_turned() -> None:
    pages = laid(tree.Table(columns("序号", "措施"), tuple(row(str(k), WORDS) for k in range(60))), landscape=True)
    assert len(pages) > 1
    for one in pages:
        assert one.turned
        assert not [line for line in one.lines if line.kind == "number"]
        (number,) = one.upright
        if one.number % 2:
            assert number.right == pytest.approx(page.LEFT + page.AREA_WIDTH - 14)
        else:
            assert number.left == pytest.approx(page.LEFT + 14)
        (frame,) = [shape for shape in one.shapes if shape.stroke]
        xs, ys = [x for x, _ in frame.points], [y for _, y in frame.points]
        assert min(xs) == pytest.approx(35 * MM, abs=0.6)
        assert max(xs) == pytest.approx((35 + 225) * MM, abs=0.6)
        assert max(ys) == pytest.approx((210 - 28) * MM, abs=0.6), "the head lies at the left edge of the upright paper"
        assert min(ys) >= 26 * MM - 0.01
    assert TURNED.rows == 15


def test_a_paper_of_one_landscape_section_has_its_title_on_it() -> None:
    section = tree.Section((tree.Table(columns("甲"), (row("1"),)),), "landscape")
    signed = tree.Signature("某局", "2021年11月3日")
    (one,) = sheet.typeset(tree.Document("整改台账", (section,), signed, form="sheet")).pages
    assert one.turned
    assert one.lines[0].text == "整改台账"
    date = next(line for line in one.lines if line.text == "2021年11月3日")
    assert TURNED.right - date.right < 5 * page.CELL


def test_narrow_columns_keep_a_character_and_the_size_is_stepped_down_before_they_do_not() -> None:
    edges, size = table_grid.edges(tree.Table((tree.Column("一", 0.001), tree.Column("二", 1.0)), ()), UPRIGHT)
    assert size == 12
    assert edges[1] - edges[0] >= 12
    _, small = table_grid.edges(tree.Table(columns(*["栏"] * 30), ()), UPRIGHT)
    assert small < 12
    with pytest.raises(Refusal, match="有60栏"):
        table_grid.edges(tree.Table(columns(*["栏"] * 60), ()), UPRIGHT)


def test_a_number_too_long_for_its_cell_is_broken_and_stays_inside() -> None:
    number = "12345678901234567890"
    (one,) = laid(tree.Table((tree.Column("号", 1.0), tree.Column("备注", 9.0)), (row(number, "无"),), headless=True))
    lines = [line for line in cells(one) if line.place == (0, 0)]
    assert "".join(line.text for line in lines) == number
    assert len(lines) > 1
    assert {line.pieces[0].size for line in lines} == {12.0}


def test_heads_no_page_can_hold_are_put_once() -> None:
    title = "整" * 700
    pages = laid(
        tree.Table((tree.Column(title, 1.0), tree.Column("乙", 2.0)), tuple(row(str(k), "短") for k in range(60)))
    )
    assert "".join("".join(lines) for lines in at(pages, (-1, 0))) == title
    assert [text for lines in at(pages, (59, 0)) for text in lines] == ["59"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (tree.Table((), (row("1"),)), "without columns"),
        (tree.Table(columns("甲"), (row("1"), row("1", "2"))), "row 2 .* more cells"),
        (tree.Table(columns("甲", "乙"), (tree.TableRow((cell("1", columns=3),)),)), "row 1 .* does not fit"),
        (tree.Table(columns("甲"), (tree.TableRow((cell("1", rows=2),)),)), "row 1 .* below the last row"),
        (tree.Table(columns("甲"), (tree.TableRow((cell("1", rows=0),)),)), "row 1 .* no row"),
        (tree.Table(columns("甲", width=0.0), (row("1"),)), "no width"),
        (tree.Table(columns("甲"), (row("1"),), (row("1", "2"),)), "head row 1 .* more cells"),
    ],
)
def test_a_table_that_cannot_be_is_a_fault_that_names_the_row(table: tree.Table, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        laid(table)


def test_a_short_row_has_empty_cells() -> None:
    (one,) = laid(tree.Table(columns("甲", "乙", "丙"), (row("1"),), headless=True))
    assert [line.text for line in cells(one)] == ["1"]
    assert len([stroke for stroke in one.strokes if stroke.x0 == stroke.x1]) == 2


def test_ten_thousand_rows() -> None:
    pages = laid(tree.Table(columns("序号", "状态"), tuple(row(str(k), "已完成") for k in range(10_000)), size="5"))
    said = [
        line.text for one in pages for line in cells(one) if line.place and line.place[1] == 0 and line.place[0] >= 0
    ]
    assert said == [str(k) for k in range(10_000)]
