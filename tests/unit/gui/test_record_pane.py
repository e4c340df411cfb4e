"""The head of a record: what it is called without a name, what does not add up in it, and the way there; a file's name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Edit
from db.schema.records import SCHEMAS, Evidence, Problem
from desktop_app.gui import lookup
from desktop_app.gui.editor_paper import PaperEditor
from desktop_app.gui.finding_line import FindingLine
from desktop_app.gui.form import Form
from desktop_app.gui.problem_checks import inside
from desktop_app.gui.problems import ProblemsPage
from desktop_app.gui.session import Session


def test_a_record_without_its_name_says_so(session: Session) -> None:
    facts = session.ledger
    assert lookup.heading(facts, Problem(id="a", number=1)) == "1.（标题缺失）"
    assert lookup.heading(facts, Problem(id="a", number=1, title="甲")) == "1. 甲"
    assert lookup.heading(facts, Evidence(id="a")) == "（标题缺失）"


@pytest.mark.parametrize(
    ("sentence", "number", "title", "shown"),
    [
        ("东湖分局问题 1（标题缺失）没有标题。", 1, "", "没有标题。"),
        ("东湖分局问题 2“甲”的深化事项没有时限。", 2, "甲", "深化事项没有时限。"),
        ("东湖分局问题 1（标题缺失）没有标题。", 1, "（标题缺失）", "没有标题。"),
        ("问题 ?“甲”已超期 3 天。", None, "甲", "已超期 3 天。"),
        ("东湖分局没有监督电话。", 1, "甲", "东湖分局没有监督电话。"),
    ],
)
def test_a_finding_does_not_repeat_the_heading(sentence: str, number: int | None, title: str, shown: str) -> None:
    assert inside(sentence, number, title) == shown


def test_a_long_finding_has_two_lines_and_is_whole_in_its_tip(qtbot: QtBot) -> None:
    line = FindingLine()
    qtbot.addWidget(line)
    line.resize(300, 40)
    line.show()
    words = "这一处和那一处对不上，请核对。" * 20
    line.say(words)
    line.setText("字")
    one = line.heightForWidth(300)
    line.say(words)
    assert line.heightForWidth(300) <= 2 * one
    assert line.text().endswith("…")
    assert line.toolTip() == words
    with qtbot.waitSignal(line.clicked):
        QTest.keyClick(line, Qt.Key.Key_Return)
    with qtbot.waitSignal(line.clicked):
        QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    line.say("")
    assert line.isHidden()


def test_a_click_on_a_finding_leads_to_its_field(session: Session, qtbot: QtBot) -> None:
    session.ledger.act(Deed("问题", "王某", (Edit("problem", "p1", {"number": 1, "statement": "甲"}),)))
    page = ProblemsPage(session)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    qtbot.waitUntil(page.pane.finding.isVisible)
    found = page.checks.by_problem["p1"][0]
    assert "（标题缺失）" not in page.pane.finding.text()
    page.pane.strip.choose(1)
    page.pane.finding.clicked.emit()
    assert page.pane.strip.current == 0
    box = page.pane.entry.form.boxes[found.field]
    qtbot.waitUntil(lambda: page.focusWidget() is not None)
    qtbot.wait(20)
    assert box.isAncestorOf(page.focusWidget())
    qtbot.waitUntil(lambda: not session.busy())


def test_a_chosen_file_names_what_has_no_name(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    form = Form(session, SCHEMAS["evidence"])
    qtbot.addWidget(form)
    form.show_record(None, "e1")
    editor = form.boxes["paper"].editor
    assert isinstance(editor, PaperEditor)
    for name, shown in (("会议 纪要.txt", "会议 纪要"), ("另一份.txt", "会议 纪要")):
        paper = tmp_path / name
        paper.write_text(name, "utf-8")
        editor.take(paper)
        qtbot.waitUntil(lambda: not session.busy())
        assert form.boxes["title"].editor.typed() == shown


def test_a_file_that_cannot_be_kept_is_said_beside_the_field(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    form = Form(session, SCHEMAS["evidence"])
    qtbot.addWidget(form)
    form.show_record(None, "e1")
    empty = tmp_path / "空.txt"
    empty.touch()
    editor = form.boxes["paper"].editor
    assert isinstance(editor, PaperEditor)
    told: list[object] = []
    session.refused.connect(told.append)
    editor.take(empty)
    qtbot.waitUntil(lambda: not session.busy())
    assert "空" in form.boxes["paper"].wrong.text()
    assert told == []
    assert form.boxes["title"].editor.typed() == ""
