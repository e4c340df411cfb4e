"""What the window tells unasked: a damaged ledger, what was left half typed, what was saved in closing; and what goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.schema.records import Measure, Problem
from desktop_app.gui import main, soundness
from desktop_app.gui.desk import Desk
from desktop_app.gui.form import Form
from desktop_app.gui.problems import ProblemsPage
from desktop_app.gui.window import Window
from desktop_app.rectification import ledgers


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    path = tmp_path / "台账 一.zgl"
    ledgers.new_ledger(path, "某市公安局东湖分局", "王某").close()
    return path


@pytest.fixture
def window(ledger: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    monkeypatch.setattr(soundness, "SOON", 0)
    made = main.window(ledger)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def desk(window: Window, qtbot: QtBot) -> Desk:
    assert window.desk is not None
    made = window.desk
    qtbot.wait(30)
    qtbot.waitUntil(lambda: not made.session.busy())
    qtbot.wait(30)
    qtbot.waitUntil(lambda: not made.session.busy())
    return made


def problems(window: Window, qtbot: QtBot) -> ProblemsPage:
    page = desk(window, qtbot).open("problems")
    assert isinstance(page, ProblemsPage)
    return page


def put(form: Form, name: str, words: str) -> None:
    form.boxes[name].editor.set_typed(words)


def new_problem(window: Window, qtbot: QtBot, title: str) -> ProblemsPage:
    page = problems(window, qtbot)
    page.new()
    put(page.pane.entry.form, "title", title)
    assert page.save()
    desk(window, qtbot)
    return page


def again(window: Window, ledger: Path, qtbot: QtBot) -> Desk:
    window.show_start()
    assert window.open_ledger(ledger)
    return desk(window, qtbot)


def test_a_ledger_altered_by_another_program_is_told_and_stays_told(window: Window, ledger: Path, qtbot: QtBot) -> None:
    new_problem(window, qtbot, "甲问题")
    assert desk(window, qtbot).ailing.isHidden(), "a sound one is not spoken of"
    table = desk(window, qtbot).session.ledger.tables.records["problem"].table.name
    window.show_start()
    connection = sqlite3.connect(ledger)
    connection.create_function("gate_open", -1, lambda *_given: 1)
    with connection:
        connection.execute(f"UPDATE {table} SET title = '乙问题'")
    connection.close()
    shown = again(window, ledger, qtbot)
    assert shown.ailing.isVisible()
    assert "不一致" in shown.ailing.words.text()
    shown.open("history")
    new_problem(window, qtbot, "丙问题")
    assert shown.ailing.isVisible()
    shown.ailing.away.click()
    assert not shown.ailing.isVisible()
    assert not shown._bar_holder.isVisible()


def test_a_large_ledger_is_not_looked_through(
    window: Window, ledger: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soundness, "MOST", 0)
    monkeypatch.setattr(soundness, "health", lambda *_given: pytest.fail("looked through"))
    assert again(window, ledger, qtbot).ailing.isHidden()


def test_a_refusal_goes_with_the_page(window: Window, qtbot: QtBot) -> None:
    shown = desk(window, qtbot)
    shown.session.redo()
    desk(window, qtbot)
    assert shown.bar.isVisible()
    shown.open("history")
    assert not shown.bar.isVisible()


def test_what_was_left_half_typed_is_named_and_one_click_away(window: Window, ledger: Path, qtbot: QtBot) -> None:
    page = new_problem(window, qtbot, "甲问题")
    first = page.pane.identifier
    new_problem(window, qtbot, "乙问题")
    page.show_record(first)
    put(page.pane.entry.form, "completed", "某日")
    shown = again(window, ledger, qtbot)
    assert "问题“1. 甲问题”" in shown.message.words.text()
    shown.open("history")
    shown.message.show_button.click()
    assert shown.shown == "problems"
    assert problems(window, qtbot).pane.identifier == first
    shown.session.say("别的话")
    assert shown.message.show_button.isHidden()


def test_a_new_part_left_half_typed_is_named_by_what_it_is_a_part_of(
    window: Window, ledger: Path, qtbot: QtBot
) -> None:
    page = new_problem(window, qtbot, "甲问题")
    page.pane.show_part("evidence")
    pane = page.pane.pane(page.pane.strip.current)
    pane.add()
    put(pane.entry.form, "summary", "还没有名称")
    shown = again(window, ledger, qtbot)
    assert "问题“1. 甲问题”的新的" in shown.message.words.text()
    shown.message.show_button.click()
    page = problems(window, qtbot)
    assert page.pane.parts[page.pane.strip.current - 1].name == "evidence"
    assert page.pane.pane(page.pane.strip.current).entry.form.boxes["summary"].editor.typed() == "还没有名称"


def test_what_closing_saved_is_told_at_the_next_opening_and_can_be_undone(
    window: Window, ledger: Path, qtbot: QtBot
) -> None:
    page = new_problem(window, qtbot, "甲问题")
    page.pane.show_part("measure")
    pane = page.pane.pane(page.pane.strip.current)
    pane.add()
    put(pane.entry.form, "lead", "完善机制")
    put(pane.entry.form, "body", "继续完善机制。")
    shown = again(window, ledger, qtbot)
    assert shown.session.ledger.count(Measure) == 1
    assert shown.message.words.text().startswith("上次关闭时已保存：")
    assert shown.message.undo.isVisible()
    shown.message.undo.click()
    desk(window, qtbot)
    assert shown.session.ledger.count(Measure) == 0
    assert shown.session.ledger.count(Problem) == 1
    assert not again(window, ledger, qtbot).message.words.text(), "told once"


def test_searching_where_nothing_can_be_searched_is_answered(window: Window, qtbot: QtBot) -> None:
    from desktop_app.gui import connections

    shown = desk(window, qtbot)
    shown.open("notices")
    connections.look_up(shown)
    assert "没有可以筛选" in shown.message.words.text()
