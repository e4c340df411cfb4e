"""Starts the window: one application, one window, at most one open ledger, handed down from here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from desktop_app import settings as machine
from desktop_app.gui import faults, second_start, theme
from desktop_app.gui.window import Window

LATER = 800
"""Milliseconds after the start until other starts are listened to."""
OWN_WORDS = {"&Undo": "撤销(&U)"}


def application(arguments: list[str]) -> QApplication:
    """The Qt application in Chinese; the running one when there is one."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    made = QApplication(arguments)
    made.setApplicationName("zhenggai")
    made.setApplicationDisplayName("")
    return made


class OwnWords(QTranslator):
    """Words of Qt's that its Chinese writes otherwise than the window does everywhere."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """The word; None (for Qt: ask the next translator) for all others."""
        return OWN_WORDS.get(source)  # type: ignore[return-value]

    def isEmpty(self) -> bool:
        return False


def speak_chinese(made: QApplication) -> None:
    """Qt's own buttons and menus in Chinese."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name in ("qtbase_zh_CN", "qt_zh_CN"):
        words = QTranslator(made)
        if words.load(name, folder):
            made.installTranslator(words)
    made.installTranslator(OwnWords(made))  # the last one is asked first


def window(path: Path | None, *, first_frame: bool = False) -> Window:
    """The window, with a ledger when a path is given (a clear sentence in the window when it cannot be opened).

    With ``first_frame`` the frame is painted before a ledger is opened, and the last one is opened where none is given.
    """
    settings = machine.load()
    made = application(sys.argv[:1])
    speak_chinese(made)
    theme.apply(made, settings.seen if first_frame and settings.theme == "system" else settings.theme)
    shown = Window(settings, first(settings, path) if first_frame else None)
    faults.install(shown.tell)
    if path is not None and not first_frame:
        shown.open_ledger(path)
    return shown


def first(settings: machine.Settings, path: Path | None) -> Path | None:
    """The ledger to begin with: the one that was asked for, else the last one where it is still there and that is wanted."""
    if path is not None or not settings.reopen or not settings.recent:
        return path
    last = Path(settings.recent[0])
    return last if last.is_file() else None


def run(path: Path | None) -> int:
    """Shows the window until it is closed; returns the exit code. Where one is there already, it is handed the ledger."""
    if second_start.there():
        application(sys.argv[:1])
        if second_start.hand_over(path):
            return 0
    shown = window(path, first_frame=True)
    shown.show()
    QTimer.singleShot(LATER, shown, lambda: second_start.watch(shown))
    if os.environ.get("ZHENGGAI_WATCH", "0") != "0":
        from desktop_app.gui.watchdog import LoggingWatchdog

        LoggingWatchdog(shown)
    return application(sys.argv[:1]).exec()
