"""A form says while somebody types that no face can print a character; the check list and the notice page say it too."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop_app.gui.form import Form
from desktop_app.gui.problem_checks import ProblemChecks
from desktop_app.gui.session import Session
from desktop_app.rectification import forms

LOST = "\U00030041"


def test_a_name_is_looked_at_while_it_is_typed(qtbot: QtBot, session: Session) -> None:
    form = Form(session, session.ledger.schema("person"))
    qtbot.addWidget(form)
    form.show_record(None, "new")
    form.show()
    box = form.boxes["name"]
    box.editor.set_typed("李䶮")
    assert not box.wrong.isVisible()
    box.editor.set_typed(f"李{LOST}")
    assert box.wrong.isVisible()
    assert f"“{LOST}”（U+30041）" in box.wrong.text()
    assert form.values() is not None, "it is advice: what the ledger keeps need not be printed"
    assert "U+30041" in box.wrong.text()
    box.editor.set_typed("李")
    assert not box.wrong.isVisible()


def test_long_words_are_looked_at_too_and_numbers_are_not(qtbot: QtBot, session: Session) -> None:
    form = Form(session, session.ledger.schema("problem"))
    qtbot.addWidget(form)
    form.show_record(None, "new")
    form.show()
    form.boxes["title"].editor.set_typed("关于😀的问题")
    assert "U+1F600" in form.boxes["title"].wrong.text()
    form.boxes["number"].editor.set_typed("😀")
    assert not form.boxes["number"].wrong.isVisible()


def test_the_checks_of_the_window_name_the_record(qtbot: QtBot, session: Session) -> None:
    forms.save(session.ledger, "person", None, {"name": f"李{LOST}"}, "王某", identifier="p1")
    checks = ProblemChecks(session, session)
    with qtbot.waitSignal(checks.changed):
        checks.ask_soon()
    assert [(one.record, one.id) for one in checks.found if one.code == "no_glyph"] == [("person", "p1")]
