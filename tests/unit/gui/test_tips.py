"""The sentence of the day: once a day, each in its turn, and never where nobody wants it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from pytestqt.qtbot import QtBot

from desktop_app import settings as machine
from desktop_app.gui import tips
from desktop_app.gui.desk import Desk
from desktop_app.gui.session import Session
from desktop_app.gui.settings_page import MachinePane


def test_every_sentence_has_its_day_before_one_comes_again() -> None:
    days = [date(2026, 1, 1) + timedelta(days=at) for at in range(len(tips.TIPS))]
    assert {tips.tip_of(day) for day in days} == set(tips.TIPS)


def test_it_is_said_once_a_day_on_this_machine(session: Session, qtbot: QtBot) -> None:
    desk = Desk(session)
    session.setParent(desk)
    qtbot.addWidget(desk)
    assert desk.message.words.text().startswith("小提示：")
    assert tips.greeting(session) == ""
    assert machine.load().tipped == session.settings.tipped
    session.settings = replace(session.settings, tipped="2020-01-01")
    assert tips.greeting(session)


def test_it_is_switched_off_in_the_settings(session: Session, qtbot: QtBot) -> None:
    pane = MachinePane(session)
    qtbot.addWidget(pane)
    assert pane.tips.isChecked()
    pane.tips.click()
    assert not machine.load().tips
    assert tips.greeting(session) == ""
