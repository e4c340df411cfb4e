"""Tables over pages: low groups stay together, no last row stands alone, rows share what a cell over them needs."""

from __future__ import annotations

from collections import defaultdict

from desktop_app.notices import page, sheet
from desktop_app.notices.page import Line
from desktop_app.notices.tree import Column, Document, Paragraph, Run, Section, Table, TableCell, TableRow

LONG = "执法问题件件有回音，中心二期改造建成启用，逐项对账销号。"


def cell(words: str, rows: int = 1) -> TableCell:
    return TableCell(((Run(words),),), rows)


def pages_of(table: Table) -> list[dict[tuple[int, int], list[Line]]]:
    """For each page the lines of every cell."""
    document = Document("任务清单", (Section((table,), "landscape"),), form="sheet")
    found = []
    for one in sheet.typeset(document).pages:
        cells: dict[tuple[int, int], list[Line]] = defaultdict(list)
        for line in one.lines:
            if line.place is not None and line.place[0] >= 0:
                cells[line.place].append(line)
        found.append(cells)
    return found


def groups(count: int, each: int = 3) -> Table:
    """Problems of so many measures: number and goal over all of them, the last one stands in a place of its own."""
    rows = []
    for number in range(count):
        for at in range(each):
            own = (cell(f"{at + 1}.完善议事督办机制"),)
            rows.append(TableRow((cell(str(number + 1), each), cell(LONG, each), *own) if at == 0 else own))
    return Table((Column("序号", 2), Column("目标", 9), Column("任务", 20)), tuple(rows))


def test_a_low_group_is_not_torn_over_pages() -> None:
    seen = pages_of(groups(14))
    assert len(seen) > 1
    for cells in seen:
        rows = {row for row, _ in cells}
        assert len(rows) % 3 == 0
    assert not any("续" in line.text for cells in seen for lines in cells.values() for line in lines)


def test_a_group_higher_than_a_quarter_page_is_broken_between_its_rows() -> None:
    seen = pages_of(groups(3, each=40))
    assert len(seen) > 3
    assert all(len({row for row, _ in cells}) > 10 for cells in seen[:-1])


def test_a_last_row_takes_one_with_it() -> None:
    every = [
        pages_of(Table((Column("序号"), Column("人")), tuple(TableRow((cell(str(k)), cell("王某"))) for k in range(n))))
        for n in range(14, 60)
    ]
    assert any(len(seen) > 1 for seen in every)
    assert all(len({row for row, _ in seen[-1]}) > 1 for seen in every)


def test_rows_share_the_height_of_a_cell_over_them() -> None:
    narrow = Column("目标", 4)
    table = groups(1)
    (cells,) = pages_of(Table((table.columns[0], narrow, table.columns[2]), table.rows))
    first, second, third = (cells[k, 2][0].y for k in range(3))
    assert round(first - second, 3) == round(second - third, 3)
    assert len(cells[0, 1]) > 3


def test_a_narrow_cell_parts_a_date_after_the_year() -> None:
    table = Table((Column("时限", 1), Column("任务", 6)), (TableRow((cell("预计2025年12月底前"), cell("办结"))),))
    document = Document("清单", (table,), form="sheet")
    lines = [line.text for line in sheet.typeset(document).pages[0].lines if line.place == (0, 0)]
    assert lines == ["预计", "2025年", "12月底前"] or lines == ["预计2025年", "12月底前"]


def test_words_below_a_table_do_not_touch_it() -> None:
    below = Run("请立即组织整改，逐项明确补救措施。")
    for lines in range(1, 40):
        table = Table(
            (Column("事项"), Column("时限")), tuple(TableRow((cell("办结"), cell("月底"))) for _ in range(lines))
        )
        made = sheet.typeset(Document("督办函", (table, Paragraph((below,))), form="sheet"))
        for one in made.pages:
            text = [line for line in one.lines if line.kind == "body"]
            frames = [shape for shape in one.shapes if shape.block == 0]
            if text and frames:
                foot = min(y for shape in frames for _, y in shape.points)
                assert foot - (text[0].y + page.ASCENT * page.SIZE_3) > 7.5
