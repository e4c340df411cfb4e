"""One program a machine's user: a second start hands its ledger to the window that is there, and ends.

The door is a local socket in this machine's folder for the program (on Windows a pipe with a name made from that folder), open to
the same user alone; nothing of a network is used. What comes through it is one path, or nothing: then the window only comes to the
front. A door nobody answers at is left by a program that was killed, and is taken over. What of Qt this needs is loaded when there is
a door, or after the first frame.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app import paths

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

    from desktop_app.gui.window import Window

PATIENCE = 1500
"""Milliseconds the other program has for an answer."""
MOST = 1 << 16
"""Bytes of a path."""
LONGEST = 100
"""Bytes of the name of a socket; systems differ from 104 on."""
TAKEN = b"+"


def door() -> str:
    """The name of the door."""
    place = paths.home().absolute() / "door"
    if sys.platform != "win32" and len(bytes(place)) <= LONGEST:
        return str(place)
    return f"zhenggai-{sha256(str(place).encode()).hexdigest()[:24]}"


def there() -> bool:
    """Whether there may be a door: where it is a file, one that exists."""
    return sys.platform == "win32" or (Path(tempfile.gettempdir()) / door()).exists()


def hand_over(path: Path | None) -> bool:
    """Hands a ledger (None: only the wish to see the window) to the program that runs already; False where none does."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(door())
    if not socket.waitForConnected(PATIENCE):
        return False
    socket.write((str(path.absolute()) if path is not None else "").encode() + b"\0")
    socket.waitForBytesWritten(PATIENCE)
    answered = socket.waitForReadyRead(PATIENCE) and socket.readAll().data() == TAKEN
    socket.disconnectFromServer()
    return answered


class Door(QObject):
    """Opens ledgers that other starts of the program were asked for."""

    def __init__(self, asked: Callable[[Path | None], object], parent: QObject) -> None:
        """``asked`` is called with each ledger, or with None."""
        from PySide6.QtNetwork import QLocalServer

        super().__init__(parent)
        self._asked = asked
        self.server = QLocalServer(self)
        self.server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self.server.newConnection.connect(self._come)
        paths.home().mkdir(parents=True, exist_ok=True)
        if not self.server.listen(door()):
            QLocalServer.removeServer(door())
            self.server.listen(door())

    def _come(self) -> None:
        while (socket := self.server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        """A path ends with a nought: until it is there, more is to come."""
        told = bytes(socket.peek(MOST).data())
        if b"\0" not in told:
            if len(told) >= MOST:
                socket.abort()
            return
        socket.readAll()
        socket.write(TAKEN)
        socket.flush()
        words = told.split(b"\0", 1)[0].decode(errors="replace")
        self._asked(Path(words) if words else None)


def watch(window: Window) -> Door:
    """The door of a window: what is asked for is opened in it, and it comes to the front."""

    def asked(path: Path | None) -> None:
        opened = window.desk.session.ledger.path if window.desk is not None else None
        if path is not None and (opened is None or path.absolute() != opened.absolute()):
            window.open_ledger(path)
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()

    return Door(asked, window)
