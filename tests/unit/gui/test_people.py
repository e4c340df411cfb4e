"""换人 in two keys, and roles shown beforehand: what one may not do is grey and says who may."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from db.errors import Refusal
from db.ledger.change import Deed, create
from db.schema.records import Clerk, Problem
from desktop_app.gui.allowed import gate
from desktop_app.gui.desk import Desk
from desktop_app.gui.session import Session
from desktop_app.rectification import closing

PEOPLE = {"王某": "admin", "李某": "entry", "赵某": "lead", "周某": "read"}


@pytest.fixture
def people(session: Session) -> Session:
    """Four people; 王某 is at work."""
    people = [create(Clerk, name=name, role=role) for name, role in PEOPLE.items()]
    problem = create(Problem, "p", number=1, title="办案期限管理不严", progress="done")
    session.announce(session.ledger.act(Deed("登记人员", "王某", (*people, problem))))
    return session


def turn(session: Session, name: str) -> None:
    session.keep_settings(actor=name)


def test_a_gate_keeps_shut_what_is_not_allowed_and_opens_again(people: Session, qtbot: QtBot) -> None:
    made = QPushButton("印发…")
    made.setToolTip("编号")
    qtbot.addWidget(made)
    gate(people, "issue", made)
    assert made.isEnabled()
    turn(people, "李某")
    assert not made.isEnabled()
    assert "录入人员不能印发文书" in made.toolTip()
    assert "赵某" in made.toolTip()
    made.setEnabled(True)  # the page does not know
    assert not made.isEnabled()
    turn(people, "赵某")
    assert made.isEnabled()
    assert made.toolTip() == "编号"
    made.setEnabled(False)  # the page has a reason of its own
    turn(people, "王某")
    assert not made.isEnabled()


def test_a_deed_that_is_not_allowed_is_refused_and_undo_is_not(people: Session, qtbot: QtBot) -> None:
    turn(people, "周某")
    deed = Deed("改", "周某", (create(Problem, title="乙"),))
    with qtbot.waitSignal(people.refused) as told:
        people.do(lambda: people.ledger.act(deed))
    assert isinstance(told.args[0], Refusal)
    assert "只读人员不能录入和修改" in str(told.args[0])
    assert people.ledger.count(Problem) == 1
    turn(people, "李某")
    with qtbot.waitSignal(people.announced):
        people.do(lambda: people.ledger.act(deed))


def test_somebody_else_is_at_work_after_two_keys(people: Session, qtbot: QtBot) -> None:
    desk = Desk(people)
    qtbot.addWidget(desk)
    desk.resize(1300, 760)
    desk.open("problems")
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    QTest.keyClick(desk, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    shown = [action.text() for action in menu.actions() if action.isCheckable()]
    number = next(at for at, words in enumerate(shown, start=1) if "赵某" in words)
    QTest.keyClick(menu, getattr(Qt.Key, f"Key_{number}"))
    qtbot.waitUntil(lambda: people.actor() == "赵某")
    assert desk.top.actor.text() == "赵某　领导"
    assert "不能" in desk.top.actor.toolTip()


def test_forms_and_buttons_are_grey_for_those_who_only_read(people: Session, qtbot: QtBot) -> None:
    desk = Desk(people)
    qtbot.addWidget(desk)
    page = desk.open("problems")
    pane = page.pane  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: pane.identifier == "p")
    assert pane.entry.isEnabled()
    turn(people, "周某")
    for one in (pane.entry, pane.save_button, pane.delete_button, page.new_button):  # type: ignore[attr-defined]
        assert not one.isEnabled()
    turn(people, "李某")
    assert pane.entry.isEnabled()
    people.close()


def test_the_list_of_what_waits_follows_the_person(people: Session, qtbot: QtBot) -> None:
    ledger = people.ledger
    closing.apply(ledger, "p", "都改了", "李某", people.today(), "李某")
    desk = Desk(people)
    qtbot.addWidget(desk)
    page = desk.open("duties")
    qtbot.waitUntil(lambda: [one.act for one in page.todo.table.rows] == ["department"])  # type: ignore[attr-defined]
    turn(people, "李某")
    qtbot.waitUntil(lambda: not page.todo.table.rows)  # type: ignore[attr-defined]
    people.close()


def test_undo_and_redo_say_what_they_would_take(session: Session, qtbot: QtBot) -> None:
    desk = Desk(session)
    qtbot.addWidget(desk)
    top = desk.top
    session.announce(session.ledger.act(Deed("登记一个问题", "王某", (create(Problem, "p", title="甲"),))))
    qtbot.waitUntil(lambda: top.undo.toolTip() == "撤销：登记一个问题（Ctrl+Alt+Z）")
    assert not top.redo.isEnabled()
    session.undo()
    qtbot.waitUntil(lambda: top.redo.toolTip() == "重做：登记一个问题（Ctrl+Alt+Y）" and top.redo.isEnabled())
    session.redo()
    qtbot.waitUntil(lambda: session.ledger.get(Problem, "p") is not None and not top.redo.isEnabled())
    session.keep_settings(actor="李某")
    qtbot.waitUntil(lambda: not top.undo.isEnabled())
    assert top.undo.toolTip() == "没有可以撤销的（Ctrl+Alt+Z）"
    session.close()
