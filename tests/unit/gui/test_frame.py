"""The message line, the list's lines and the manual's pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.errors import Fault, Refusal
from desktop_app import paths
from desktop_app.gui import theme
from desktop_app.gui.jobs import Jobs
from desktop_app.gui.message import MessageLine
from desktop_app.gui.pages import PAGES, pages
from desktop_app.gui.problem_list import TINTS, ProblemList
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import TabStrip, told
from desktop_app.rectification.overview import STATES, ProblemRow
from desktop_app.rectification.problem_list import Shown


def row(identifier: str, state: str, **values: object) -> ProblemRow:
    base = {
        "id": identifier,
        "number": 1,
        "title": "查办案件不够及时",
        "category": "查办案件",
        "unit": "东湖分局",
        "progress": "",
        "closing": "",
        "due": date(2021, 12, 31),
        "due_wording": "年底前",
        "state": state,
        "days_left": 3,
        "measures": 4,
        "measures_done": 1,
        "publicity": "public",
    }
    return ProblemRow(**{**base, **values})  # type: ignore[arg-type]


def test_every_state_has_a_colour() -> None:
    assert TINTS.keys() == STATES.keys()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_state_looks_different_without_colour(qtbot: QtBot, qapp: QApplication, mode: str) -> None:
    """Overdue, near, under way, finished and undated differ in their sign, for eyes that do not tell colours."""
    theme.apply(qapp, mode)
    shown = ProblemList()
    qtbot.addWidget(shown)
    shown.resize(400, 400)
    pictures = set()
    for state in ("overdue", "soon", "open", "done", "no_date"):
        shown.show_shown(Shown(ids=("a",), by_state={state: 1}, places={"a": 0}), {"a": row("a", state)})
        shown.show()
        image = shown.view.viewport().grab().copy(12, 10, 22, 24).toImage()
        ground = image.pixelColor(0, 0)
        pictures.add(tuple(image.pixelColor(x, y) != ground for x in range(22) for y in range(24)))
    theme.apply(qapp, "light")
    assert len(pictures) == 5


def test_a_line_is_read_aloud(qtbot: QtBot) -> None:
    shown = ProblemList()
    qtbot.addWidget(shown)
    shown.show_shown(Shown(ids=("a",), places={"a": 0}), {"a": row("a", "overdue", days_left=-3)})
    from PySide6.QtCore import Qt

    words = shown.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "1. 查办案件不够及时，超期 3 天，措施完成 1/4"


def test_a_job_shows_only_when_it_takes_time(session: Session, qtbot: QtBot) -> None:
    jobs = Jobs(session)
    line = MessageLine(jobs)
    qtbot.addWidget(line)
    line.show()
    session.started.connect(jobs.begun)
    session.ended.connect(jobs.finish)
    session.run(lambda _work: None, label="快活")
    qtbot.waitUntil(lambda: not session.busy())
    assert not line.job.isVisible()
    work = session.run(lambda work: [None for _ in iter(work.cancelled, True)], label="慢活")
    qtbot.waitUntil(line.job.isVisible)
    assert "慢活" in line.job.text()
    line.cancel.click()
    assert work.cancelled()
    qtbot.waitUntil(lambda: not line.job.isVisible())


def test_tabs_without_room_are_in_the_menu(qtbot: QtBot) -> None:
    strip = TabStrip([f"栏目{number}" for number in range(12)])
    qtbot.addWidget(strip)
    strip.resize(300, 40)
    strip.show()
    assert not strip.more.isHidden()
    strip.choose(11)
    assert not strip.tabs[11].isHidden(), "the chosen tab is always seen"
    strip._fill()
    hidden = sum(tab.isHidden() for tab in strip.tabs)
    assert len(strip.menu.actions()) == hidden > 0
    strip.resize(QSize(2000, 40))
    assert strip.more.isHidden()


def test_sentence_and_advice_are_two_sentences() -> None:
    assert told(Refusal("没有这个文件：a.zgl", "请另选。")) == "没有这个文件：a.zgl。请另选。"
    assert told(Fault("磁盘满了。", "请清理。")) == "磁盘满了。请清理。"
    assert told(Refusal("不行。")) == "不行。"


def test_every_page_has_its_icon_and_its_help() -> None:
    for page in PAGES:
        assert (theme.icons() / f"{page.icon}.svg").is_file()
        assert (paths.resources() / "help" / f"{page.topic}.md").is_file()
    assert [page.name for page in pages()][-1] == "settings"


def test_a_system_without_a_chinese_face_gets_ours(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtGui import QFontDatabase

    monkeypatch.setattr(QFontDatabase, "families", lambda *_system: [])
    monkeypatch.setattr(QFontDatabase, "hasFamily", lambda _name: False)
    theme.face.cache_clear()
    try:
        assert "CJK" in theme.face()
    finally:
        theme.face.cache_clear()


def test_pictures_are_pictures(tmp_path: Path, qapp: QApplication) -> None:
    for name in ("window-light", "window-dark"):
        picture = paths.resources() / "help" / "pictures" / f"{name}.png"
        assert QPixmap(str(picture)).width() >= 1280
