"""Two papers in one: changes are shown as a reader would mark them, tables by rows and cells, moves as moves."""

from __future__ import annotations

import pytest

from desktop_app.notices import aligning, comparing, flat, pdf, sheet, tree
from desktop_app.notices.tree import Heading, Paragraph, Run, Table, TableCell, TableRow


def paragraph(text: str, origin: str = "") -> Paragraph:
    return Paragraph((Run(text, origin=origin),))


def paper(*texts: str | tree.Block) -> tree.Document:
    return tree.Document("通报", tuple(paragraph(one) if isinstance(one, str) else one for one in texts))


def row(*texts: str, rows: int = 1) -> TableRow:
    first, *others = (TableCell(((Run(text),),)) for text in texts)
    return TableRow((TableCell(first.paragraphs, rows=rows), *others))


def table(*rows: TableRow, title: str = "", unit: str = "") -> Table:
    return Table((tree.Column("序号"), tree.Column("问题")), rows, title=title, unit=unit)


def told(old: tree.Document, new: tree.Document) -> list[str]:
    return comparing.tracked_text(comparing.comparison(old, new)).splitlines()[1:]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("共巡查286处。", "共巡查296处。", "共巡查〔删：286〕〔增：296〕处。"),
        ("整改率为51.5%。", "整改率为53%。", "整改率为〔删：51.5%〕〔增：53%〕。"),
        ("一是加强巡查。", "一是强化检查。", "一是〔删：加强巡〕〔增：强化检〕查。"),
        ("召开会议5次，形成清单。", "召开会议5次，逐条研究，形成清单。", "召开会议5次，〔增：逐条研究，〕形成清单。"),
        ("甲句。乙句。", "甲句。新句。乙句。", "甲句。〔增：新句。〕乙句。"),
        ("甲句。丙句。乙句。", "甲句。乙句。", "甲句。〔删：丙句。〕乙句。"),
        ("预计2021年12月底前完成。", "已于2021年12月15日完成。", "〔删：预计〕〔增：已于〕2021年12月〔删：底前〕〔增：15日〕完成。"),
        ("see Report A1", "see Report B22", "see Report 〔删：A1〕〔增：B22〕"),
    ],
)  # fmt: skip
def test_changes_are_shown_in_whole_words(old: str, new: str, shown: str) -> None:
    assert told(paper(old), paper(new)) == [shown]


def test_a_paragraph_that_became_another_is_two() -> None:
    shown = told(paper("河道巡查不到位，措施没有落实。"), paper("财务审批制度没有执行，多笔支出缺少凭证。"))
    assert shown == ["〔删：河道巡查不到位，措施没有落实。〕", "〔增：财务审批制度没有执行，多笔支出缺少凭证。〕"]


def test_a_record_that_was_rewritten_is_one_paragraph_still() -> None:
    old, new = paragraph("加强巡查，每月一次。", "measure:1"), paragraph("加强夜间值守，每周两次。", "measure:1")
    assert len(told(paper(old), paper(new))) == 1


def test_what_stands_elsewhere_was_moved() -> None:
    texts = ["第一段说的是组织领导情况。", "第二段说的是整改落实情况。", "第三段说的是下一步的计划。"]
    found = comparing.comparison(paper(*texts), paper(texts[2], texts[0], texts[1]))
    assert (found.added, found.removed, found.moved) == (0, 0, 1)
    assert found.summary == "增 0 处，删 0 处，移位 1 处"
    colours = [run.colour for block in found.blocks if isinstance(block, Paragraph) for run in block.runs if run.change]
    assert colours == ["blue", "blue"]
    printed = comparing.document(found, paper(), ("甲", "乙"))
    assert "蓝色的是换了位置的" in "".join(run.text for run in printed.blocks[0].runs)  # type: ignore[union-attr]


def test_short_words_that_stand_elsewhere_are_no_move() -> None:
    found = comparing.comparison(
        paper("特此通报。", "第二段说的是整改情况。"), paper("第二段说的是整改情况。", "特此通报。")
    )
    assert (found.added, found.removed, found.moved) == (1, 1, 0)


def test_headings_keep_standing_as_headings_unless_their_words_change() -> None:
    one = Heading(2, "（一）关于河道巡查", (Run("巡查286处。"),))
    same = comparing.comparison(paper(one), paper(Heading(2, "（一）关于河道巡查", (Run("巡查290处。"),))))
    assert isinstance(same.blocks[-1], Heading)
    other = comparing.comparison(paper(one), paper(Heading(2, "（二）关于河道巡查", (Run("巡查286处。"),))))
    made = other.blocks[-1]
    assert isinstance(made, Paragraph)
    assert [(run.text, run.face) for run in made.runs if run.change] == [("一", "kai"), ("二", "kai")]


def test_tables_row_by_row_and_cell_by_cell() -> None:
    old = table(row("1", "河道巡查不到位"), row("2", "台账不清楚"), row("3", "经费不足"))
    new = table(row("1", "河道巡查仍不到位"), row("2", "经费不足"), row("3", "人员不够"))
    shown = told(paper(old), paper(new))
    assert shown == [
        "序号\t问题",
        "1\t河道巡查〔增：仍〕不到位",
        "〔删：2〕\t〔删：台账不清楚〕",
        "〔删：3〕〔增：2〕\t经费不足",
        "〔增：3〕\t〔增：人员不够〕",
    ]
    found = comparing.comparison(paper(old), paper(new))
    assert (found.added, found.removed) == (3, 2)
    sheet.typeset(comparing.document(found, paper(new), ("甲", "乙")))


def test_a_row_goes_out_of_the_middle_of_a_merged_cell() -> None:
    def below(text: str) -> TableRow:
        return TableRow((TableCell(((Run(text),),)),))

    old = table(
        row("一", "甲事项没有落实", rows=3), below("乙事项没有落实"), below("丙事项没有落实"), row("二", "丁事项")
    )
    new = table(row("一", "甲事项没有落实", rows=2), below("丙事项没有落实"), row("二", "丁事项"))
    found = comparing.comparison(paper(old), paper(new))
    assert (found.added, found.removed) == (0, 1)
    made = found.blocks[-1]
    assert isinstance(made, Table)
    assert [[cell.rows for cell in one.cells] for one in made.rows] == [[3, 1], [1], [1], [1, 1]]
    assert [run.change for cell in made.rows[1].cells for runs in cell.paragraphs for run in runs] == ["removed"]
    back = comparing.comparison(paper(new), paper(old)).blocks[-1]
    assert isinstance(back, Table)
    assert [[cell.rows for cell in one.cells] for one in back.rows] == [[3, 1], [1], [1], [1, 1]]
    pdf.to_bytes(comparing.document(found, paper(), ("甲", "乙")))


def test_a_row_of_another_build_parts_a_merged_cell() -> None:
    wide = TableRow((TableCell(((Run("小计三十件"),),), columns=2),))
    old = table(row("一", "甲事项没有落实"), wide)
    new = table(row("一", "甲事项没有落实", rows=2), TableRow((TableCell(((Run("乙事项"),),)),)))
    made = comparing.comparison(paper(old), paper(new)).blocks[-1]
    assert isinstance(made, Table)
    assert [[(cell.rows, cell.columns) for cell in one.cells] for one in made.rows] == [
        [(1, 1), (1, 1)],
        [(1, 2)],
        [(1, 1), (1, 1)],
    ]


def test_the_first_row_of_a_merged_cell_goes() -> None:
    def below(text: str) -> TableRow:
        return TableRow((TableCell(((Run(text),),)),))

    old = table(row("一", "甲事项没有落实", rows=2), below("乙事项已经完成"))
    shown = told(paper(old), paper(table(row("一", "乙事项已经完成"))))
    assert "".join(shown).count("〔删：") >= 1
    assert (
        flat.reading(comparing.comparison(paper(old), paper()).blocks, "added")
        == "通报\n序号问题\n一甲事项没有落实\n乙事项已经完成"
    )


def test_strings_beside_a_table_are_marked_too() -> None:
    shown = told(
        paper(table(row("1", "甲"), title="七月油耗", unit="升")),
        paper(table(row("1", "甲"), title="八月油耗", unit="升")),
    )
    assert shown[0] == "〔删：七〕〔增：八〕月油耗"
    assert shown[1] == "单位：升"


def test_charts_and_pictures_are_said_in_words_where_they_differ() -> None:
    def chart(value: float) -> tree.Chart:
        return tree.Chart("columns", "油耗", ("七月", "八月"), (tree.Series("单车", (value, 2.0)),))

    assert told(paper(chart(1.0)), paper(chart(1.0))) == ["油耗", "单车：七月 1，八月 2"]
    shown = told(paper(chart(1.0)), paper(chart(3.0)))
    assert shown == ["〔删：油耗〕", "〔删：单车：七月 1，八月 2〕", "〔增：油耗〕", "〔增：单车：七月 3，八月 2〕"]


def test_turned_pages_stay_turned() -> None:
    wide = tree.Section((table(row("1", "甲")),), "landscape")
    found = comparing.comparison(
        paper("话。", wide), paper("话。", tree.Section((table(row("1", "乙")),), "landscape"))
    )
    section = found.blocks[-1]
    assert isinstance(section, tree.Section)
    assert section.layout == "landscape"
    assert (found.added, found.removed) == (1, 1)


def test_the_legend_counts() -> None:
    made = comparing.compared(paper("共286处。"), paper("共290处。"), names=("某公〔2021〕1号", "某公〔2021〕2号"))
    legend = made.blocks[0]
    assert isinstance(legend, Paragraph)
    assert "".join(run.text for run in legend.runs) == (
        "本稿以某公〔2021〕1号为底，对照某公〔2021〕2号：增 1 处，删 1 处。加下划线的是增加的，加删除线的是删去的。"
    )
    same = comparing.compared(paper("共286处。"), paper("共286处。"))
    assert isinstance(same.blocks[0], Paragraph)
    assert "文字完全相同。" in "".join(run.text for run in same.blocks[0].runs)


def test_long_papers_are_aligned_in_a_band() -> None:
    """More pairs than are all looked at: what was changed everywhere is still found beside where it stood."""
    old = [aligning.Part(f"第{k}项措施已经落实到位", f"第{k}项措施已经落实到位") for k in range(300)]
    new = [aligning.Part(f"第{k}项措施基本落实到位", f"第{k}项措施基本落实到位") for k in range(300)]
    pairs = aligning.aligned(old, new)
    assert [at for at, to in pairs if at is not None and at == to] == list(range(300))
