"""The watchdog finds what blocks the window, and where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop_app.gui import history_page
from desktop_app.gui.watchdog import Block, LoggingWatchdog, Watchdog


@pytest.fixture
def watchdog(qtbot: QtBot, home: Path) -> Iterator[LoggingWatchdog]:
    made = LoggingWatchdog()
    qtbot.wait(50)
    made.clear()
    yield made
    made.stop()


def test_a_block_is_found_and_written_down(watchdog: LoggingWatchdog, home: Path, qtbot: QtBot) -> None:
    QTimer.singleShot(10, lambda: sleep(0.2))
    qtbot.waitUntil(lambda: any(one.wall > 0.15 for one in watchdog.blocks))
    slept = max(watchdog.blocks, key=lambda one: one.wall)
    assert slept.cpu < slept.wall, "it slept, it did not compute"
    assert "ms computing" in (home / "blocks.log").read_text("utf-8")


def test_it_tells_which_of_our_calls_blocked(
    watchdog: LoggingWatchdog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "def label(*_a, **_k):\n    import time\n    time.sleep(0.3)\n"
    told: dict[str, object] = {}
    exec(compile(words, history_page.__file__, "exec"), told)
    slow = told["label"]
    assert callable(slow)
    QTimer.singleShot(10, slow)
    qtbot.waitUntil(lambda: any("history_page.py:3 label" in one.where for one in watchdog.blocks))


def test_the_worst_is_what_the_window_itself_computed(qtbot: QtBot) -> None:
    made = Watchdog()
    made.blocks += [Block(0.9, 0.01, ""), Block(0.2, 0.15, "")]
    assert made.worst() == 0.15
    made.clear()
    assert made.worst() == 0
    made.stop()
