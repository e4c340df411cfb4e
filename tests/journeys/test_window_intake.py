"""The main job in the window: an old paper is read, corrected, entered, its problem changed, and printed again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from db.schema.records import Measure, Notice, Problem, Unit
from desktop_app.gui import main
from desktop_app.gui.desk import Desk
from desktop_app.gui.intake_page import IntakePage
from desktop_app.gui.papers_page import PapersPage
from desktop_app.gui.preview import NoticePage
from desktop_app.gui.problems import ProblemsPage
from desktop_app.gui.window import Window
from desktop_app.notices import plain

PAPER = """中共某市公安局北湾分局党组关于巡察整改进展情况的通报
根据安排，现将北湾分局巡察整改进展情况公布如下。
一、反馈意见整改落实情况
1.关于“案件卷宗归档不及时”问题的整改。
整改措施及阶段性成效：一是逐案清理。清理卷宗86册，补充归档41册。二是明确责任。指定专人每周核对。
正在深化整改的内容及时限：电子卷宗系统正在调试，预计2021年12月底前启用。
二、下一步整改计划
一是定期通报归档情况。每月公布一次归档进度。
中共某市公安局北湾分局党组
2021年11月3日
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Desk]:
    """The window with a new ledger open."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    window: Window = main.window(None)
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    assert window.new_ledger(tmp_path / "台账 北湾.zgl", "某市公安局北湾分局", "王某")
    assert window.desk is not None
    yield window.desk
    window.close()


def idle(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not desk.session.busy())


def intake(desk: Desk) -> IntakePage:
    page = desk.open("intake")
    assert isinstance(page, IntakePage)
    return page


def notices(desk: Desk, qtbot: QtBot) -> NoticePage:
    opened = desk.open("notices")
    assert isinstance(opened, PapersPage)
    page = opened.notice
    qtbot.waitUntil(lambda: page.view.paper is not None and not page.fresh.stale and not desk.session.busy())
    return page


def enter(desk: Desk, qtbot: QtBot, path: Path) -> IntakePage:
    page = intake(desk)
    page.take([path])
    qtbot.waitUntil(lambda: page.work is None)
    page.enter_button.click()
    idle(desk, qtbot)
    return page


def test_an_old_paper_becomes_a_ledger_and_the_same_paper_again(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "旧 通报.txt"
    path.write_text(PAPER, "utf-8")
    page = enter(desk, qtbot, path)
    ledger = desk.session.ledger
    assert ledger.count(Unit) == 1, "the ledger's own unit signed the paper"

    page.problems_button.click()
    assert desk.shown == "problems"
    problems = desk.made["problems"]
    assert isinstance(problems, ProblemsPage)
    assert problems.pane.identifier == ledger.all(Problem)[0].id

    shown = notices(desk, qtbot).view.paper
    assert shown is not None
    printed = "".join(plain.text(shown.document).split())
    assert printed == "".join(PAPER.split())


def test_a_click_in_the_notice_leads_to_the_measure_and_back(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "旧通报.txt"
    path.write_text(PAPER, "utf-8")
    enter(desk, qtbot, path)
    measure = next(m for m in desk.session.ledger.all(Measure) if m.lead == "明确责任。")
    page = notices(desk, qtbot)
    page.view.clicked.emit(f"measure:{measure.id}")
    assert desk.shown == "problems"
    problems = desk.made["problems"]
    assert isinstance(problems, ProblemsPage)
    pane = problems.pane.pane(problems.pane.strip.current)
    assert pane.tree.current() == measure.id
    pane.entry.form.boxes["lead"].editor.set_typed("压实责任。")
    assert pane.entry.save()
    idle(desk, qtbot)
    shown = notices(desk, qtbot).view.paper
    assert shown is not None
    assert "压实责任。" in plain.text(shown.document)


def test_the_message_line_takes_the_entering_back(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "旧通报.txt"
    path.write_text(PAPER, "utf-8")
    enter(desk, qtbot, path)
    assert desk.session.ledger.count(Problem) == 1
    undo = next(b for b in desk.message.findChildren(QPushButton) if b.text() == "撤销")
    assert undo.isVisible()
    undo.click()
    idle(desk, qtbot)
    assert desk.session.ledger.count(Problem) == 0


def test_the_seed_is_read_entered_and_shown(desk: Desk, qtbot: QtBot, seed: Path) -> None:
    page = enter(desk, qtbot, seed)
    assert len(page.entered) == 3
    ledger = desk.session.ledger
    assert ledger.count(Problem) == 10
    for notice in ledger.all(Notice):
        shown = notices(desk, qtbot)
        shown.show_record(notice.id)
        qtbot.waitUntil(
            lambda shown=shown, notice=notice: (  # type: ignore[misc]
                shown.view.paper is not None and shown.view.paper.notice.id == notice.id
            ),
        )
