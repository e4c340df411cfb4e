"""The list of problems as a model and as a widget: rows and headings, what is read when, what stays chosen; filters; papers as
pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from db.errors import Refusal
from desktop_app.gui import paper_picture
from desktop_app.gui.chips import Flow, ManyChip
from desktop_app.gui.evidence_taking import png
from desktop_app.gui.preview_paper import caret_box, passage_paper
from desktop_app.gui.problem_filters import ProblemFilters
from desktop_app.gui.problem_list import ProblemList
from desktop_app.gui.problem_model import PAGE, ProblemsModel
from desktop_app.gui.session import Session
from desktop_app.rectification import sample
from desktop_app.rectification.overview import ProblemRow
from desktop_app.rectification.problem_list import Group, Look, Shown


def line(identifier: str, **values: object) -> ProblemRow:
    base = ProblemRow(identifier, 1, identifier, "", "", "", "", None, "", "open", None, 0, 0, "public")
    return base._replace(**values)  # type: ignore[arg-type]


def grouped(counts: Sequence[int]) -> Shown:
    """So many problems below each heading; without headings one run of all."""
    ids = tuple(f"p{at}" for at in range(sum(counts)))
    groups = tuple(Group(f"g{at}", f"G{at}", sum(counts[:at]), count) for at, count in enumerate(counts))
    return Shown(Look(grouping="unit"), ids, groups, {}, {one: at for at, one in enumerate(ids)})


@settings(max_examples=40)
@given(counts=st.lists(st.integers(1, 5), max_size=6), folded=st.sets(st.integers(0, 5)), begun=st.integers(0, 2))
def test_every_row_is_a_heading_or_a_problem_and_is_found_again(
    counts: list[int], folded: set[int], begun: int
) -> None:
    shown, model = grouped(counts), ProblemsModel()
    new = [line(f"new{at}") for at in range(begun)]
    model.show(shown, {one: line(one) for one in shown.ids}, new)
    model.fold(f"g{at}" for at in folded)
    told = [
        group.key if (group := model.group(row)) is not None else model.identifier(row)
        for row in range(model.rowCount())
    ]
    wanted = [one.id for one in new]
    for at, group in enumerate(shown.groups):
        below = shown.ids[group.first : group.first + group.count]
        wanted += [group.key, *(() if at in folded else below)]
    assert told == wanted
    for row, name in enumerate(told):
        if not name.startswith("g"):
            assert model.place(name).row() == row
            known = model.line(row)
            assert known is not None
            assert known.id == name
    away = [
        one for at, group in enumerate(shown.groups) if at in folded for one in shown.ids[group.first :][: group.count]
    ]
    assert not any(model.place(one).isValid() for one in away)


def test_lines_that_are_not_here_are_asked_for_by_the_page(qtbot: QtBot) -> None:
    model = ProblemsModel()
    ids = tuple(f"p{at}" for at in range(1_000))
    model.show(
        Shown(Look(), ids, (), {}, {one: at for at, one in enumerate(ids)}), {one: line(one) for one in ids[:PAGE]}
    )
    with qtbot.waitSignal(model.missing):
        assert model.line(5 * PAGE + 7) is None
    assert model.wanted() == list(ids[5 * PAGE : 6 * PAGE])
    model.learn({one: line(one) for one in model.wanted()})
    assert model.line(5 * PAGE + 7) is not None
    assert model.wanted() == []
    assert model.data(model.index(7, 0), Qt.ItemDataRole.DisplayRole) == "1. p7"


def test_what_is_chosen_stays_chosen_when_others_come(qtbot: QtBot) -> None:
    made = ProblemList()
    qtbot.addWidget(made)
    shown = grouped([2, 3])
    made.show_shown(shown, {one: line(one) for one in shown.ids})
    made.choose("p1")
    made.view.selectAll()
    assert (made.picked_count(), made.picked_ids()) == (5, list(shown.ids))
    other = grouped([4])
    made.show_shown(other, {one: line(one) for one in other.ids})
    assert (made.current(), made.picked_ids()) == ("p1", list(other.ids))
    made.fold_all(True)
    assert made.model.rowCount() == 1
    assert made.picked_ids() == []
    made.fold_all(False)
    made.choose("p3")
    made.step(-1)
    made.step(-1)
    assert made.current() == "p1"


@pytest.mark.parametrize(
    "look",
    [
        Look(),
        Look(("overdue", "soon"), ("c",), ("方面",), ("u",), "20", "张三", ("重点",), "甲 乙", "person", "due", True),
    ],
)
def test_the_filters_ask_for_what_they_were_given(look: Look, qtbot: QtBot) -> None:
    filters = ProblemFilters()
    qtbot.addWidget(filters)
    with qtbot.waitSignal(filters.changed):
        filters.put(look)
    assert filters.look() == look
    assert filters.clear.isHidden() is not look.filtered()
    filters.reset()
    assert filters.look() == Look(grouping=look.grouping, sorting=look.sorting, descending=look.descending)


def test_several_values_are_ticked_and_one_where_only_one_may_be(qtbot: QtBot) -> None:
    for single, wanted in ((False, ("a", "b")), (True, ("b",))):
        chip = ManyChip("状态", single=single)
        qtbot.addWidget(chip)
        chip.offer([("a", "甲", 2), ("b", "乙", 0)])
        for at in (2, 3):
            chip._fill()
            chip._menu.actions()[at].trigger()
        assert chip.values == wanted
        chip.choose()
        assert chip.text() == "状态 ▾"


def test_chips_take_as_many_rows_as_they_need(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    flow = Flow(owner)
    for _each in range(6):
        chip = QToolButton()
        chip.setFixedSize(QSize(80, 20))
        flow.addWidget(chip)
    assert flow.heightForWidth(1_000) == 20
    assert flow.heightForWidth(180) == 3 * 20 + 2 * flow.spacing()
    assert flow.heightForWidth(40) == 6 * 20 + 5 * flow.spacing()


def test_papers_become_pictures_or_say_why_not(session: Session, tmp_path: Path) -> None:
    ledger = session.ledger
    picture = QImage(300, 120, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    pdf = io.BytesIO()
    from pypdfium2 import PdfDocument

    document = PdfDocument.new()
    for _page in range(2):
        document.new_page(200, 400)
    document.save(pdf)
    document.close()
    files = {"a.png": png(picture), "b.pdf": pdf.getvalue(), "c.pdf": b"no pdf", "d.jpg": b"no image", "e.docx": b"x"}
    sheets = {}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        sheets[name] = ledger.keep(tmp_path / name)

    def shown(name: str, number: int = 0) -> paper_picture.Picture:
        sheet = sheets[name]
        return paper_picture.page(paper_picture.read(ledger, sheet), sheet, number, 150)

    assert shown("a.png").image.size() == QSize(150, 60)
    assert shown("a.png").image.pixelColor(5, 5) == QColor("red")
    assert (shown("b.pdf", 1).pages, shown("b.pdf").image.width()) == (2, 150)
    for name, words in (("c.pdf", "已损坏"), ("d.jpg", "已损坏"), ("e.docx", "不能在这里显示")):
        with pytest.raises(Refusal, match=words):
            shown(name)
    made = paper_picture.thumbnails(ledger, list(sheets.values()), 36)
    assert set(made) == {sheets["a.png"].hash, sheets["b.pdf"].hash}
    assert all(max(one.width(), one.height()) == 36 for one in made.values())


def test_the_line_one_writes_at_is_found_on_the_paper(session: Session) -> None:
    sample.load(session.ledger, "王")
    from db.schema.records import Measure

    found = [one for one in session.ledger.all(Measure) if one.body and "{" not in one.body and len(one.body) > 40]
    assert found
    for one in found[:5]:
        paper, body = passage_paper(session.ledger, one.problem or ""), one.body or ""
        assert paper is not None
        tops = []
        for position in (6, len(body) // 2, len(body)):
            place = caret_box(paper, f"measure:{one.id}", body, position)
            assert place is not None
            tops.append((place[0], place[1].top))
        assert tops == sorted(tops), "further on in the text is further down on the paper"
        assert caret_box(paper, "measure:nothing", body, len(body)) is None
