"""What is drawn beside the words: marks of change, rules, turned pages; read back from the finished PDF."""

from __future__ import annotations

import pypdfium2
import pytest
from notice_papers import paragraph
from pypdfium2 import raw

from desktop_app.notices import page, pdf, sheet, tree


def drawn(document: tree.Document) -> tuple[page.Page, list[tuple[float, float, float, float]], tuple[float, float]]:
    """The first page as laid out, the boxes of its paths in the PDF, and its size as a reader shows it."""
    laid = sheet.typeset(document)
    read = pypdfium2.PdfDocument(pdf.drawn(laid, pdf.meta(document)))
    try:
        one = read[0]
        boxes = [shape.get_bounds() for shape in one.get_objects([raw.FPDF_PAGEOBJ_PATH])]
        return laid.pages[0], boxes, one.get_size()
    finally:
        read.close()


def test_added_words_are_underlined_and_removed_ones_struck_without_a_gap() -> None:
    added = tree.Run("于2021年3月15日完成整改，", change="added")
    removed = tree.Run("已于当年完成", change="removed")
    one, boxes, _ = drawn(tree.Document("", (paragraph("经核查，", added, removed, "情况属实。"),)))
    (line,) = [line for line in one.lines if line.kind == "body"]
    first = [piece for piece in line.pieces if piece.change == "added"]
    second = [piece for piece in line.pieces if piece.change == "removed"]
    assert len(first) > 1, "figures stand in another face"
    under, strike = sorted(boxes)
    assert under[0] == pytest.approx(first[0].xs[0], abs=1)
    assert under[2] == pytest.approx(second[0].xs[0], abs=1), "not under the words that follow"
    assert under[1] < line.y
    assert strike[0] == pytest.approx(second[0].xs[0], abs=1)
    assert line.y < strike[1] < line.y + 16


def test_a_turned_page_is_shown_turned_and_its_number_keeps_its_place() -> None:
    section = tree.Section((paragraph("甲"),), "landscape")
    one, _, size = drawn(tree.Document("", (section,), form="sheet"))
    assert one.turned
    assert size[0] == pytest.approx(page.PAPER_HEIGHT, abs=0.1)
    assert size[1] == pytest.approx(page.PAPER_WIDTH, abs=0.1)


def test_a_table_stands_in_the_pdf_where_it_was_laid() -> None:
    table = tree.Table((tree.Column("甲"), tree.Column("乙")), (tree.TableRow((tree.TableCell(), tree.TableCell())),))
    one, boxes, _ = drawn(tree.Document("", (table,), form="sheet"))
    assert len(boxes) == len(one.strokes) + len(one.shapes)
    (frame,) = one.shapes
    widest = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    assert widest[0] == pytest.approx(min(x for x, _ in frame.points), abs=1.1)
    assert widest[3] == pytest.approx(max(y for _, y in frame.points), abs=1.1)
