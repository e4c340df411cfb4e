"""Sticks and other volumes that come and go: where to save, and whether something to be taken in lies on one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QStorageInfo, QTimer, Signal

from desktop_app.gui.exchange_drop import ENDINGS, size
from desktop_app.gui.session import Session

EVERY = 4_000
"""Milliseconds between two looks at the volumes."""
_MOST = 500
"""Entries of a folder that are looked at."""
_ROOTS = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
_REMOVABLE = 2


@dataclass(frozen=True)
class Volume:
    """A volume that can be taken out: where it is, what it is called, bytes free, whether it can be written to."""

    root: Path
    name: str
    free: int
    writable: bool

    @property
    def words(self) -> str:
        """The volume as a list shows it."""
        return f"{self.name or 'U 盘'}（{self.root}），剩余 {size(self.free)}"


def mounted() -> list[Volume]:
    """The volumes that can be taken out, as the system knows them now."""
    found = []
    for one in QStorageInfo.mountedVolumes():
        root = one.rootPath()
        if one.isValid() and one.isReady() and _can_go(root):
            name = one.name() or Path(root).name
            found.append(Volume(Path(root), name, max(0, one.bytesAvailable()), not one.isReadOnly()))
    return found


def _can_go(root: str) -> bool:
    """Whether the volume at a place is one that is carried about."""
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(root.rstrip("/") + "\\")) == _REMOVABLE
    return root.startswith(_ROOTS)


def start() -> str:
    """The folder a dialog begins in: the first stick, else the documents."""
    found = mounted()
    return str(found[0].root) if found else documents()


def documents() -> str:
    """The folder of the clerk's documents."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)


def lying(volume: Volume) -> list[Path]:
    """The files on a stick that may be taken in: beside its root, and in the folders there."""
    found: list[Path] = []
    try:
        for number, entry in enumerate(os.scandir(volume.root)):
            if number >= _MOST:
                break
            if entry.name.startswith("."):
                continue
            if entry.is_file():
                found += [Path(entry.path)] if Path(entry.name).suffix.lower() in ENDINGS else []
            elif entry.is_dir(follow_symlinks=False):
                found += _inside(entry.path)
    except OSError:  # pulled out while it was looked at
        return []
    return sorted(found)


def _inside(folder: str) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.path for _, entry in zip(range(_MOST), entries, strict=False) if entry.is_file()]
    except OSError:
        return []
    return [Path(name) for name in names if Path(name).suffix.lower() in ENDINGS]


Mark = tuple[str, int, int]
"""A file as it was seen: path, size, time of its last change."""


def marked(paths: Sequence[Path]) -> list[tuple[Path, Mark]]:
    """Files with what tells whether they are the same as before."""
    found = []
    for path in paths:
        try:
            told = path.stat()
        except OSError:
            continue
        found.append((path, (str(path), told.st_size, told.st_mtime_ns)))
    return found


class StickWatch(QObject):
    """Looks every few seconds whether a stick brought files; tells of each file once."""

    appeared = Signal(object, object)
    """Volume, and the files on it that were not told of yet."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._told: set[Mark] = set()
        self._own: set[str] = set()
        self._running = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        if session.settings.watch_sticks:
            self._timer.start()

    def switch(self) -> None:
        """The settings were changed: begins or ends."""
        if self.session.settings.watch_sticks != self.watching():
            if self.session.settings.watch_sticks:
                self._timer.start()
            else:
                self._timer.stop()

    def watching(self) -> bool:
        """Whether it looks."""
        return self._timer.isActive()

    def made_here(self, path: Path) -> None:
        """This file was written by this window: it is not told of."""
        self._own.add(str(path))

    def look(self) -> None:
        """Looks now, off the thread."""
        if self._running:
            return
        self._running = True
        self.session.run(lambda _work: [(one, marked(lying(one))) for one in mounted()], self._seen, self._lost)

    def _lost(self, _refusal: object) -> None:
        self._running = False

    def _seen(self, found: list[tuple[Volume, list[tuple[Path, Mark]]]]) -> None:
        self._running = False
        there = {mark for _, files in found for _, mark in files}
        known, self._told = self._told, there
        ledger = os.path.realpath(self.session.ledger.path)
        for volume, files in found:
            new = [
                path
                for path, mark in files
                if mark not in known and str(path) not in self._own and os.path.realpath(path) != ledger
            ]
            if new:
                self.appeared.emit(volume, new)
