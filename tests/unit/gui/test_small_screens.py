"""The window on small screens: no larger than the screen, and the form keeps its room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QFrame
from pytestqt.qtbot import QtBot

from desktop_app import settings as machine
from desktop_app.gui import preview_fold
from desktop_app.gui.places import fitted
from desktop_app.gui.preview_fold import PreviewFold
from desktop_app.gui.session import Session
from desktop_app.gui.window import Window

SCREEN = QRect(0, 24, 853, 440)


@pytest.mark.parametrize(
    ("wished", "given"),
    [
        (QRect(0, 0, 1360, 840), QRect(0, 24, 853, 440)),
        (QRect(100, 100, 400, 300), QRect(100, 100, 400, 300)),
        (QRect(2000, -500, 400, 300), QRect(453, 24, 400, 300)),
        (QRect(-90, 400, 400, 300), QRect(0, 164, 400, 300)),
    ],
)
def test_a_place_is_brought_into_the_room(wished: QRect, given: QRect) -> None:
    assert fitted(wished, SCREEN) == given
    assert SCREEN.contains(given)


def test_the_window_begins_no_larger_than_the_screen(home: object, qtbot: QtBot) -> None:
    window = Window(machine.Settings(actor="王某"))
    qtbot.addWidget(window)
    window.show()
    qtbot.wait(20)
    room = window.screen().availableGeometry()
    assert room.contains(window.frameGeometry())
    assert window.minimumWidth() <= room.width()
    assert window.minimumHeight() <= room.height()


def test_the_preview_goes_with_the_room_and_comes_back(session: Session, qtbot: QtBot) -> None:
    fold = PreviewFold(session, QFrame())
    qtbot.addWidget(fold)
    fold.resize(500, 640)
    fold.show()
    fold.fold.click()
    assert fold.is_open()
    fold.resize(500, preview_fold.LEAST - 1)
    assert not fold.is_open()
    fold.resize(500, 640)
    assert fold.is_open()
    fold.fold.click()
    fold.resize(500, 300)
    fold.resize(500, 640)
    assert not fold.is_open(), "closed by hand, it stays closed"
    qtbot.waitUntil(lambda: not session.busy())


def test_opened_by_hand_in_a_small_window_it_leaves_the_form_its_head(session: Session, qtbot: QtBot) -> None:
    form = QFrame()
    fold = PreviewFold(session, form)
    qtbot.addWidget(fold)
    fold.resize(500, 320)
    fold.show()
    fold.fold.click()
    assert fold.is_open()
    assert form.height() >= preview_fold.FORM
    qtbot.waitUntil(lambda: not session.busy())
