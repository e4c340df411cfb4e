"""Numbers in texts: the list they are put in from, what marks stand for, the rows behind them, binding in the tab 数据."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Edit, create
from db.schema.composite import Amount, Quantity, Span
from db.schema.definition import read
from db.schema.records import SCHEMAS, Figure, Measure, NextStep, Notice, Problem, Unit
from desktop_app.gui import figure_panel
from desktop_app.gui.editor import Subject
from desktop_app.gui.editor_text import ProseEditor
from desktop_app.gui.figure_marks import names_in
from desktop_app.gui.figure_place import Place, insertion, offers, place_of
from desktop_app.gui.figure_popup import FigurePopup
from desktop_app.gui.figure_tools import FigureTools
from desktop_app.gui.form import Form
from desktop_app.gui.record_pane import RecordPane
from desktop_app.gui.session import Session
from desktop_app.rectification import batch, categories

BODY: dict[str, Any] = {
    "title": "某类",
    "number": 90,
    "register": {
        "case": {
            "title": "案件",
            "field": {
                "no": {"text": "编号", "required": True, "unique": True},
                "filed": {"day": "立案日期"},
                "solved": {"day": "破案日期"},
            },
        }
    },
    "indicator": {
        "filed": {"title": "立案数", "unit": "起", "count": "case", "on": "filed", "during": "今年以来"},
        "solved": {
            "title": "破案数", "unit": "起", "count": "case", "where": {"solved": {"filled": True}},
            "on": "solved", "during": "今年以来",
        },
        "rate": {"title": "破案率", "unit": "%", "ratio": {"of": "solved", "to": "filed", "times": 100}, "places": 1},
    },
    "passage": [{"title": "破案情况", "text": "今年以来共破案{solved}，破案率为{rate}。"}],
}  # fmt: skip
WAIT = 20_000
DAY = date(2021, 11, 3)


@pytest.fixture
def filled(session: Session) -> Session:
    """A problem of a category with three cases, one of them solved."""
    ledger = session.ledger
    categories.install(ledger, "王某", [read("sort", BODY)])
    unit = ledger.all(Unit)[0]
    problem = {"unit": unit.id, "number": 1, "title": "甲", "category": "category-sort"}
    ledger.act(Deed("问题", "王某", (Edit("problem", "p", problem), create(Measure, "m", problem="p", number=1))))
    ledger.act(Deed("通报", "王某", (create(Notice, "n", unit=unit.id, title="通报", issued=DAY),)))
    rows(session, ("1", "2021-02-01", "2021-03-01"), ("2", "2021-02-02", ""), ("3", "2021-09-02", ""))
    return session


def rows(session: Session, *cells: Sequence[str]) -> None:
    schema = session.ledger.schema("sort.case")
    unit = session.ledger.all(Unit)[0].id
    found = batch.read_cells(session.ledger, schema, ("no", "filed", "solved"), cells, fixed={"unit": unit})
    batch.enter(session.ledger, schema.name, found.rows, "王某")


def tools(form: Form, name: str) -> FigureTools:
    editor = form.boxes[name].editor
    assert isinstance(editor, ProseEditor)
    assert editor.figures is not None
    return editor.figures


@pytest.fixture
def form(filled: Session, qtbot: QtBot) -> Form:
    made = Form(filled, SCHEMAS["measure"])
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show_record(filled.ledger.get(Measure, "m"), "m")
    made.show()
    return made


def here(session: Session, schema: str = "measure", **values: Any) -> Place:
    found = place_of(session.ledger, Subject(schema, values.pop("id", ""), values), session.today())
    assert found is not None
    return found


def test_what_is_offered_are_figures_indicators_and_sentences(filled: Session) -> None:
    filled.ledger.act(
        Deed("数据", "王某", (create(Figure, problem="p", name="培训人数", value=Amount(Decimal("200"), "名", "余")),))
    )
    found = offers(filled.ledger, here(filled, problem="p"))
    assert [(one.name, one.value) for one in found if not one.text] == [
        ("培训人数", "200余名"),
        ("立案数", "3起"),
        ("破案数", "1起"),
        ("破案率", "33.3%"),
    ]
    assert [one.text for one in found if one.text] == ["今年以来共破案{破案数}，破案率为{破案率}。"]


def test_around_the_problems_the_unit_and_day_are_those_of_the_notice(filled: Session) -> None:
    filled.ledger.act(Deed("下一步", "王某", (create(NextStep, "s", notice="n", lead="甲"),)))
    for place in (here(filled, "next_step", notice="n"), here(filled, "notice", id="n")):
        assert place.problem is None
        assert place.day == DAY
        assert ("破案数", "1起") in [(one.name, one.value) for one in offers(filled.ledger, place)]
    assert place_of(filled.ledger, Subject("evidence", "", {"problem": "p"}), filled.today()) is None


def test_another_period_makes_a_figure_of_the_problem(filled: Session) -> None:
    place = here(filled, problem="p")
    offer = next(one for one in offers(filled.ledger, place) if one.name == "立案数")
    assert insertion(filled.ledger, place, offer, "") == ("{立案数}", None)
    assert insertion(filled.ledger, place, offer, "今年以来") == ("{立案数}", None)
    words, figure = insertion(filled.ledger, place, offer, "上半年")
    assert words == "{立案数（上半年）}"
    assert figure is not None
    assert (figure.value, figure.period) == (Quantity("").parse("2起"), Span(wording="上半年"))


def test_a_mark_is_typed_found_by_pinyin_and_put_in(form: Form, filled: Session, qtbot: QtBot) -> None:
    tool = tools(form, "body")
    tool.field.setPlainText("共破案")
    tool.field.moveCursor(tool.field.textCursor().MoveOperation.End)
    tool.field.setFocus()
    QTest.keyClicks(tool.field, "{")
    popup = tool.popup
    assert isinstance(popup, FigurePopup)
    qtbot.waitUntil(lambda: bool(popup.offers))
    QTest.keyClicks(popup.search, "pas")
    assert popup.current() is not None
    assert popup.current().name == "破案数"  # type: ignore[union-attr]
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert tool.field.toPlainText() == "共破案{破案数}"
    assert tool.popup is None
    qtbot.waitUntil(lambda: "1起" in tool.live.text())
    assert "今年以来" in tool.marks.told("破案数")
    assert form.touched()


def test_a_period_chosen_in_the_list_is_kept_as_a_figure(form: Form, filled: Session, qtbot: QtBot) -> None:
    tool = tools(form, "body")
    QTest.keyClick(tool.field, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    popup = tool.popup
    assert popup is not None
    qtbot.waitUntil(lambda: bool(popup.offers))
    popup.search.setText("立案数")
    popup.period.setEditText("开天辟地")
    popup.take()
    assert popup.wrong.isVisibleTo(popup)
    assert "开天辟地" in popup.wrong.text()
    popup.period.setEditText("上半年")
    popup.take()
    qtbot.waitUntil(lambda: "{立案数（上半年）}" in tool.field.toPlainText())
    kept = [one for one in filled.ledger.all(Figure, problem="p") if one.name == "立案数（上半年）"]
    assert [one.indicator for one in kept] == ["sort.filed"]
    qtbot.waitUntil(lambda: "2起" in tool.live.text())


def test_a_brace_that_is_put_away_stays_a_brace_and_two_are_no_mark(form: Form, qtbot: QtBot, filled: Session) -> None:
    tool = tools(form, "body")
    tool.field.setFocus()
    QTest.keyClicks(tool.field, "{")
    assert tool.popup is not None
    QTest.keyClick(tool.popup, Qt.Key.Key_Escape)
    assert tool.field.toPlainText() == "{"
    QTest.keyClicks(tool.field, "{")
    assert tool.popup is None
    assert tool.field.toPlainText() == "{{"
    assert names_in("甲{{乙}}{丙}") == [(6, 9, "丙")]
    qtbot.waitUntil(lambda: not filled.busy())


def test_unknown_marks_are_told_and_the_live_line_follows_the_register(
    form: Form, filled: Session, qtbot: QtBot
) -> None:
    tool = tools(form, "body")
    tool.field.setPlainText("共立案{立案数}，{没有的}。")
    qtbot.waitUntil(lambda: "3起" in tool.live.text())
    assert "没有“没有的”这个数据" in tool.live.text()
    assert "没有“没有的”" in tool.marks.told("没有的")
    assert tool.marks.at(4) == "立案数"
    rows(filled, ("4", "2021-10-02", ""))
    filled.announce(filled.ledger.act(Deed("改", "王某", (Edit("problem", "p", {"title": "乙"}),))))
    qtbot.waitUntil(lambda: "4起" in tool.live.text())
    tool.field.setPlainText("没有数。")
    qtbot.waitUntil(lambda: not tool.live.text())


def test_the_rows_behind_a_mark_are_asked_for(form: Form, filled: Session, qtbot: QtBot) -> None:
    tool = tools(form, "body")
    tool.field.setPlainText("共破案{破案数}。")
    qtbot.waitUntil(lambda: "1起" in tool.live.text())
    with qtbot.waitSignal(filled.rows_wanted) as asked:
        tool.live.linkActivated.emit("破案数")
    register, filters = asked.args
    assert register == "sort.case"
    solved = [one.id for one in filled.ledger.every("sort.case") if getattr(one, "no", "") == "1"]
    assert [(one.field, one.test, list(one.value)) for one in filters] == [("id", "any_of", solved)]


def test_texts_that_no_notice_prints_have_no_such_tools(filled: Session, qtbot: QtBot) -> None:
    made = Form(filled, SCHEMAS["recheck"])
    qtbot.addWidget(made)
    prose = [box.editor for box in made.boxes.values() if isinstance(box.editor, ProseEditor)]
    assert prose
    assert all(one.figures is None for one in prose)


def test_a_number_is_bound_from_its_tab_and_loosened_again(filled: Session, qtbot: QtBot) -> None:
    ledger = filled.ledger
    value = Amount(Decimal("2"), "起")
    told = create(Figure, "f", problem="p", name="破案数量", value=value, context="共破案2起。", source="entered")
    ledger.act(Deed("数据", "王某", (told, Edit("measure", "m", {"body": "今年以来共破案2起。"}))))
    pane = RecordPane(filled, SCHEMAS["problem"], tabs=(("measure", "措施"), ("figure", "数据")))
    qtbot.addWidget(pane)
    figure_panel.attach(pane)
    pane.resize(900, 700)
    pane.show()
    pane.show_record("p")
    pane.strip.choose(2)
    panel = pane.figure_panel  # type: ignore[attr-defined]
    assert isinstance(panel, figure_panel.FigurePanel)
    qtbot.waitUntil(lambda: panel.found is not None and bool(panel.found.offered))
    best = panel.found.offered[0]  # type: ignore[union-attr]
    assert best.indicator == "solved"
    shown = " ".join(one.text() for one in panel.offers.findChildren(type(panel.now)))
    assert "现在是 1起，这里是 2起" in shown
    panel.bind(best)
    qtbot.waitUntil(panel.rows.isVisible)
    bound = ledger.get(Figure, "f")
    measure = ledger.get(Measure, "m")
    assert bound is not None
    assert measure is not None
    assert (bound.source, bound.indicator) == ("computed", "sort.solved")
    assert measure.body == "今年以来共破案{破案数量}。"
    assert "现在是 1起" in panel.now.text()
    assert "填写的数是 2起" in panel.now.text()
    with qtbot.waitSignal(filled.rows_wanted):
        panel.rows.click()
    panel.loose.click()
    qtbot.waitUntil(lambda: not panel.rows.isVisible())
    loose = ledger.get(Figure, "f")
    assert loose is not None
    assert (loose.source, loose.indicator) == ("entered", None)
    assert loose.value == value
    qtbot.waitUntil(lambda: not filled.busy())


def test_all_numbers_of_a_problem_are_bound_in_one_deed(filled: Session, qtbot: QtBot) -> None:
    ledger = filled.ledger
    told = [
        ("立案数量", "3", "共立案3起，"),
        ("破案数量", "1", "共立案3起，共破案1起。"),
        ("培训期数", "5", "共培训5期。"),
    ]
    made = [
        create(Figure, f"f{n}", problem="p", name=name, value=Amount(Decimal(value), "起"), context=context)
        for n, (name, value, context) in enumerate(told)
    ]
    ledger.act(Deed("数据", "王某", (*made, Edit("measure", "m", {"body": "共立案3起，共破案1起。共培训5期。"}))))
    pane = RecordPane(filled, SCHEMAS["problem"], tabs=(("measure", "措施"), ("figure", "数据")))
    qtbot.addWidget(pane)
    figure_panel.attach(pane)
    pane.show()
    pane.show_record("p")
    pane.strip.choose(2)
    offered = pane.figure_bindings  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: bool(offered.pairs))
    qtbot.waitUntil(offered.isVisible)
    assert offered.tree.isHidden()
    offered.fold.click()
    assert {figure.name: one.indicator for figure, one in offered.ticked()} == {
        "立案数量": "filed",
        "破案数量": "solved",
    }
    offered.bind.click()
    qtbot.waitUntil(lambda: not offered.ticked())
    measure = ledger.get(Measure, "m")
    assert measure is not None
    assert measure.body == "共立案{立案数量}，共破案{破案数量}。共培训5期。"
    ledger.undo("王某")
    measure = ledger.get(Measure, "m")
    assert measure is not None
    assert measure.body == "共立案3起，共破案1起。共培训5期。"
    qtbot.waitUntil(lambda: not filled.busy())


def test_a_new_problem_offers_the_indicators_of_its_category(filled: Session) -> None:
    values = {"unit": filled.ledger.all(Problem)[0].unit, "category": "category-sort"}
    place = here(filled, "problem", id="new", **values)
    assert "破案数" in [one.name for one in offers(filled.ledger, place)]
