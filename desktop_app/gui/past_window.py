"""The whole ledger as it stood when a former day ended: in a window of its own, to look at and to print.

It is a file of its own, put down in this machine's folder and deleted with the window; the ledger itself stays as it is, and
open. The day at the desk is that day: what was due then is counted from then.
"""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QWidget

from db.ledger import history, past
from db.ledger.ledger import Ledger
from desktop_app import paths
from desktop_app import settings as machine
from desktop_app.gui.desk import Desk
from desktop_app.gui.session import Session, Work
from desktop_app.gui.widgets import button, column, label
from desktop_app.rectification import ledgers, looking_back

PAGES = ("overview", "problems", "registers", "duties", "findings", "notices", "history")
"""The pages that make sense for a day that is over."""
_KEPT = timedelta(days=1)
"""How long a file may lie that a crashed program left behind."""


class PastSession(Session):
    """A session whose settings are gone with it: nothing that is done in the past is remembered."""

    def keep_settings(self, **values: Any) -> None:
        """Changes the settings for this window alone."""
        self.settings = machine.Settings(**{**self.settings.__dict__, **values})
        self.looked.emit()


def said(day: date) -> str:
    """2021年11月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def shelf() -> Path:
    """The folder for files of former days."""
    return paths.home() / "past"


def sweep() -> None:
    """Deletes what a crashed program left behind."""
    if not shelf().is_dir():
        return
    for one in shelf().iterdir():
        with suppress(OSError):
            if time.time() - one.stat().st_mtime > _KEPT.total_seconds():
                shutil.rmtree(one, ignore_errors=True)


def put_down(ledger: Ledger, day: date, work: Work) -> Ledger:
    """The ledger as it stood when that day ended, in a file of its own, open for reading."""
    moment = looking_back.end_of(day)
    position = history.position_at(ledger, moment)
    if not position:
        history.as_of(ledger, moment)  # it says since when there is something
    sweep()
    folder = shelf() / token_hex(6)
    folder.mkdir(parents=True)
    path = folder / f"{ledger.path.stem}（{said(day)}）.zgl"
    try:
        past.put_down(ledger, position, path, lambda done: work.progress(int(done * 1000), 1000))
        return Ledger.open(path, ledgers.installation(), clock=lambda: moment, to_read=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def look(desk: Desk, day: date) -> None:
    """Opens the window of a day; it closes with the ledger."""
    session = desk.session

    def shown(found: Ledger) -> None:
        window = PastWindow(found, session, day, desk)
        session.closing.connect(window.close)
        window.show()

    session.run(lambda work: put_down(session.ledger, day, work), shown, label=f"取出{said(day)}的台账")


class PastWindow(QMainWindow):
    """A desk without the pages that change anything, under a band that says which day it shows."""

    def __init__(self, ledger: Ledger, session: Session, day: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{session.ledger.path.stem}：{said(day)}的台账 · 整改通")
        self.session = PastSession(ledger, session.settings)
        self.session.reckon(day)
        self.session.choose_unit(session.unit)
        self.desk = Desk(self.session, PAGES)
        self.session.setParent(self.desk)
        self.desk.help_wanted.connect(session.help_wanted)
        self.desk.closing_wanted.connect(self.close)
        band = QFrame()
        band.setProperty("role", "past")
        words = label(f"这是{said(day)}结束时的台账，只能看和打印，不能修改。后来做的事都不在里面。", "")
        inner = QHBoxLayout(band)
        inner.setContentsMargins(24, 8, 24, 8)
        inner.addWidget(words, 1)
        inner.addWidget(button("回到现在", self.close, "", "关闭这个窗口"))
        whole = QWidget()
        outer = column(whole, (0, 0, 0, 0), 0)
        outer.addWidget(band)
        outer.addWidget(self.desk, 1)
        self.setCentralWidget(whole)
        self.resize(parent.window().size())
        self.desk.open(self.desk.known[0].name)

    def closeEvent(self, event: QCloseEvent) -> None:
        folder = self.session.ledger.path.parent
        self.desk.tell_all("leave")
        self.session.close()
        shutil.rmtree(folder, ignore_errors=True)
        super().closeEvent(event)
