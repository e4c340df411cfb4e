"""A second start hands its ledger to the window that is there; a door nobody stands behind is taken over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from desktop_app import settings as machine
from desktop_app.gui import second_start
from desktop_app.gui.window import Window
from desktop_app.rectification import ledgers

ROOT = Path(__file__).resolve().parents[3]
HAND = "import sys; from pathlib import Path; from desktop_app.gui import second_start as s; sys.exit(0 if s.there() and s.hand_over(Path(sys.argv[1])) else 3)"


def second(path: Path) -> subprocess.Popen[bytes]:
    """Another start of the program."""
    return subprocess.Popen(
        [sys.executable, "-c", HAND, str(path)], env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=path.parent
    )


def test_nobody_is_there_so_the_program_starts(home: Path) -> None:
    assert not second_start.there()
    assert not second_start.hand_over(None)


def test_the_running_window_opens_what_a_second_start_was_asked_for(home: Path, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "东湖 台账.zgl"
    ledgers.new_ledger(path, "某市公安局东湖分局", "王某").close()
    window = Window(machine.Settings())
    qtbot.addWidget(window)
    door = second_start.watch(window)
    assert door.server.isListening()
    assert second_start.there()
    start = second(path)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=20000)
    assert window.desk is not None
    session = window.desk.session
    assert session.ledger.path == path
    qtbot.waitUntil(lambda: start.poll() is not None, timeout=20000)
    assert start.returncode == 0
    again = second(path)
    qtbot.waitUntil(lambda: again.poll() is not None, timeout=20000)
    assert window.desk is not None
    assert window.desk.session is session, "the ledger that is open stays as it is"
    window.close()


def test_a_door_left_by_a_killed_program_is_taken_over(home: Path) -> None:
    owner = QObject()
    home.mkdir(parents=True)
    (home / "door").write_text("")
    assert not second_start.hand_over(None)
    assert second_start.Door(lambda _path: None, owner).server.isListening()


def test_what_is_no_path_is_not_opened(home: Path, qtbot: QtBot) -> None:
    owner, asked = QObject(), list[Path | None]()
    second_start.Door(asked.append, owner)
    socket = QLocalSocket()
    socket.connectToServer(second_start.door())
    assert socket.waitForConnected(1000)
    socket.write(b"x" * (second_start.MOST + 1))
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    other = QLocalSocket()
    other.connectToServer(second_start.door())
    assert other.waitForConnected(1000)
    other.write(b"\0")
    qtbot.waitUntil(lambda: asked == [None])
