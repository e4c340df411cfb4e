"""Jobs: how long they will still take, how they ended, the list behind the line at the bottom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from db.errors import Refusal
from desktop_app.gui.jobs import Jobs, left, spoken
from desktop_app.gui.jobs_list import JobsList
from desktop_app.gui.message import MessageLine
from desktop_app.gui.session import Session, Work


@pytest.fixture
def jobs(session: Session) -> Jobs:
    made = Jobs(session, session)
    session.started.connect(made.begun)
    session.moved.connect(made.moved)
    session.ended.connect(made.finish)
    return made


@given(st.floats(1.0, 5000), st.integers(1, 10_000), st.integers(1, 10_000))
def test_what_is_left_is_told_only_when_it_can_be_known(elapsed: float, done: int, total: int) -> None:
    words = left(elapsed, done, total)
    assert bool(words) == (total * 0.02 <= done < total)
    if words:
        assert words == f"还需约 {spoken(elapsed * (total - done) / done)}"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 秒"), (7.6, "8 秒"), (38, "40 秒"), (58, "1 分钟"), (600, "10 分钟"), (5400, "1.5 小时")],
)
def test_time_is_told_as_people_say_it(seconds: float, words: str) -> None:
    assert spoken(seconds) == words


def test_each_way_of_ending_is_listed_with_its_sign(session: Session, jobs: Jobs, qtbot: QtBot) -> None:
    def refuse(_work: Work) -> None:
        raise Refusal("U 盘满了。", "换一个。")

    def waits(work: Work) -> None:
        while not work.cancelled():
            work.progress(1, 10)

    session.run(lambda _work: "导出了 3 行。", label="导出")
    session.run(refuse, failed=lambda _refusal: None, label="打包")
    session.run(waits, label="重建")
    session.run(lambda _work: None)
    qtbot.waitUntil(lambda: len(jobs.running) == 1 and len(jobs.over) == 2)
    jobs.cancel(jobs.running[0])
    qtbot.waitUntil(lambda: not session.busy())
    assert {(one.label, one.how, one.words) for one in jobs.over} == {
        ("导出", "done", "导出了 3 行。"),
        ("打包", "failed", "U 盘满了。"),
        ("重建", "cancelled", ""),
    }
    line = MessageLine(jobs)
    qtbot.addWidget(line)
    line.show()
    line.open_jobs()
    shown = line.findChild(JobsList)
    assert shown is not None
    words = " ".join(one.text() for one in shown.findChildren(QLabel))
    assert all(sign in words for sign in ("✓ 已完成", "✕ 没有做成", "– 已取消", "U 盘满了。"))
    shown.forget.click()
    assert not jobs.over
    shown.close()


def test_a_job_in_the_list_can_be_stopped(session: Session, jobs: Jobs, qtbot: QtBot) -> None:
    def waits(work: Work) -> None:
        while not work.cancelled():
            work.progress(3, 10)

    line = MessageLine(jobs)
    qtbot.addWidget(line)
    line.show()
    work = session.run(waits, label="重建")
    qtbot.waitUntil(line.cancel.isVisible)
    assert "重建" in line.job.text()
    line.open_jobs()
    shown = line.findChild(JobsList)
    assert shown is not None
    stop = next(one for one in shown.findChildren(QPushButton) if one.accessibleName() == "取消重建")
    stop.click()
    assert work.cancelled()
    qtbot.waitUntil(lambda: not session.busy())
    assert not line.cancel.isVisible()
    shown.close()


def test_a_chatty_job_does_not_flood_the_window(session: Session, qtbot: QtBot) -> None:
    told: list[int] = []
    session.moved.connect(lambda _work, done, _total: told.append(done))

    def chatty(work: Work) -> None:
        for number in range(1, 50_001):
            work.progress(number, 50_000)

    session.run(chatty, label="多话")
    qtbot.waitUntil(lambda: not session.busy())
    assert told[-1] == 50_000
    assert len(told) < 5_000
