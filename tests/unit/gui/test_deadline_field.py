"""The field of a deadline: what is proposed, what is hinted at, what is marked as wrong."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Edit
from db.schema.records import SCHEMAS, Problem, Unit
from desktop_app.gui.editor_day import NO_DAY, DueEditor
from desktop_app.gui.form import FieldBox, Form
from desktop_app.gui.session import Session


@pytest.fixture
def form(session: Session, qtbot: QtBot) -> Form:
    unit = session.ledger.all(Unit)[0].id
    values = {"unit": unit, "issued": date(2021, 11, 3), "title": "甲通报"}
    session.ledger.act(Deed("通报", "王某", (Edit("notice", "n1", values),)))
    session.ledger.act(Deed("问题", "王某", (Edit("problem", "p1", {"unit": unit, "title": "甲问题"}),)))
    made = Form(session, SCHEMAS["problem"])
    qtbot.addWidget(made)
    made.resize(700, 900)
    made.show_record(session.ledger.get(Problem, "p1"), "p1")
    made.show()
    return made


def put(line: QLineEdit, words: str) -> None:
    line.setFocus()
    line.clear()
    line.insert(words)
    line.textEdited.emit(words)
    line.editingFinished.emit()


def due(form: Form) -> tuple[FieldBox, DueEditor]:
    box = form.boxes["due"]
    assert isinstance(box.editor, DueEditor)
    box.editor.left.emit()
    return box, box.editor


def test_a_month_without_a_year_is_one_of_the_year_of_the_notice(form: Form) -> None:
    _box, editor = due(form)
    put(editor.wording, "3月底前")
    assert editor.day.text() == "2021-03-31"
    put(editor.day, "")
    put(editor.wording, "3月底前")
    assert editor.day.text() == "2021-03-31", "an empty day is proposed again"


@pytest.mark.parametrize("words", ["胡说八道", "2022年2月30日前", "尽快"])
def test_words_without_a_day_get_a_hint_and_can_be_saved(form: Form, words: str) -> None:
    box, editor = due(form)
    put(editor.wording, words)
    due(form)
    assert box.wrong.text() == NO_DAY
    assert not box.wrong.isHidden()
    values = form.values()
    assert values is not None
    assert values["due"].wording == words
    put(editor.day, "2022-03-01")
    assert box.wrong.isHidden()


@pytest.mark.parametrize("words", ["长期坚持", "持续推进", ""])
def test_what_needs_no_day_gets_no_hint(form: Form, words: str) -> None:
    box, editor = due(form)
    put(editor.wording, words)
    due(form)
    assert box.wrong.isHidden()


def test_a_day_is_rewritten_or_marked_when_it_is_left(form: Form) -> None:
    box, editor = due(form)
    put(editor.day, "2022.3.31")
    assert editor.day.text() == "2022-03-31"
    assert box.wrong.isHidden()
    editor.day.setFocus()
    put(editor.day, "2022年2月30日")
    QTest.keyClick(editor.day, Qt.Key.Key_Tab)
    assert "看不懂" in box.wrong.text() or "没有" in box.wrong.text()
    assert editor.day.property("wrong") is True


def test_the_day_has_room_for_a_day_in_words(form: Form) -> None:
    _box, editor = due(form)
    needed = editor.day.fontMetrics().horizontalAdvance("2022年12月31日")
    assert editor.day.width() >= needed + 20


def test_in_a_narrow_form_the_words_have_their_own_row(form: Form, qtbot: QtBot) -> None:
    _box, editor = due(form)
    form.resize(260, 900)
    qtbot.wait(20)
    assert editor.day.y() > editor.wording.y()
    assert editor.width() <= 260
    form.resize(700, 900)
    qtbot.wait(20)
    assert editor.day.y() == editor.wording.y()
