"""A page at fault: a sentence and a report; the window and the other pages go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Outcome, create
from db.schema.records import Unit
from desktop_app.gui import faults
from desktop_app.gui.broken_page import BrokenPage
from desktop_app.gui.desk import Desk
from desktop_app.gui.history_page import HistoryPage
from desktop_app.gui.session import Session


@pytest.fixture
def desk(session: Session, qtbot: QtBot) -> Desk:
    made = Desk(session)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    return made


def fail(*_values: object) -> None:
    raise ZeroDivisionError("甲")


def test_a_page_that_cannot_be_made_says_so_and_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(HistoryPage, "__init__", lambda self, session: fail())
        shown = desk.open("history")
    assert isinstance(shown, BrokenPage)
    assert "程序出错了" in shown.bar.words.text()
    shown.bar.copy.click()
    assert "ZeroDivisionError" in QGuiApplication.clipboard().text()
    assert "ZeroDivisionError" in (home / "faults.log").read_text("utf-8")
    assert not isinstance(desk.open("settings"), BrokenPage)
    desk.open("history")
    shown.again.click()
    assert isinstance(desk.made["history"], HistoryPage)


@pytest.mark.parametrize("what", ["arrive", "leave", "look", "hear"])
def test_a_page_whose_method_fails_is_told_of(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, what: str
) -> None:
    page = desk.open("settings")
    monkeypatch.setattr(page, what, fail, raising=False)
    heard: list[Outcome] = []
    other = desk.open("history")
    monkeypatch.setattr(other, "hear", heard.append)
    desk.open("settings")
    desk.open("history")
    session.looked.emit()
    session.do(lambda: session.ledger.act(Deed("建单位", "王某", (create(Unit, name="甲"),))))
    qtbot.waitUntil(lambda: bool(heard))
    if what != "hear":  # a deed clears what stood against the one before
        desk.open("settings")
    assert desk.bar.copy.isVisibleTo(desk.bar)
    assert "程序出错了" in desk.bar.words.text()
    assert desk.isVisible()


def test_a_slot_that_fails_is_told_of(desk: Desk, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    faults.install(desk.stands_against)
    page: QWidget = desk.open("history")
    wrong = QPushButton("错", page)
    wrong.clicked.connect(fail)
    with qtbot.captureExceptions() as raised:
        wrong.click()
    kind, error, trace = raised[0]
    import sys

    assert error is not None
    sys.excepthook(kind, error, trace)  # pytest-qt stood in its place
    assert "程序出错了" in desk.bar.words.text()
    assert desk.isVisible()
    assert desk.open("settings").isVisible()
