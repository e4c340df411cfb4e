"""One start of the program, or of what it is measured by, in a process of its own: ``python -m tests.bench.start_run WHAT``.

Prints as JSON: seconds of computing and of wall time until the frame was painted or the list of problems shown, megabytes. ``empty``
is a Qt window without anything, ``imports`` that window and the imports of SQLAlchemy Core and of the canvas of ReportLab, ``frame``
and ``usable`` are ours with the ledger that was open last; ``blocks`` turns pages, scrolls and types there and tells the longest
block of the event loop.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

BEGUN = time.perf_counter()


def told(**more: object) -> None:
    """Says what was measured and ends at once: nobody waits for a tidy end."""
    found = {"cpu": time.process_time(), "wall": time.perf_counter() - BEGUN, "memory": _memory(), **more}
    print(json.dumps(found), flush=True)
    os._exit(0)


def _memory() -> float:
    """Megabytes of this process at its largest."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform.startswith("linux") else 1 << 20)


def empty(imports: bool) -> None:
    """A window of Qt's without anything in it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    if imports:
        import reportlab.pdfgen.canvas  # noqa: F401
        import sqlalchemy  # noqa: F401

    class Empty(QMainWindow):
        def paintEvent(self, event: object) -> None:
            QTimer.singleShot(0, told)

    application = QApplication([])
    shown = Empty()
    shown.resize(1360, 840)
    shown.show()
    application.exec()


def ours(what: str) -> None:
    """The program, as ``zhenggai`` starts it."""
    from desktop_app.gui import main
    from desktop_app.gui.opening import OpeningPage

    window = main.window(None, first_frame=True)
    page = window.centralWidget()
    assert isinstance(page, OpeningPage), "there is a ledger that was open last"
    if what == "frame":
        page.painted.disconnect()
        page.painted.connect(told)
    window.show()
    application = main.application([])
    while window.desk is None or not _rows(window):
        application.processEvents()
        time.sleep(0.001)
    window.repaint()
    if what == "usable":
        told()
    _work(window, application.processEvents)


def _rows(window: object) -> int:
    page = window.desk.made.get("problems")  # type: ignore[attr-defined]
    return int(page.list.model.rowCount()) if page is not None else 0


def _work(window: object, turn: Callable[[], None]) -> None:
    """Every page twice, the list of problems scrolled, a word typed; what is made for the first time is told apart."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from desktop_app.gui.watchdog import Watchdog

    desk = window.desk  # type: ignore[attr-defined]

    def settle(least: int = 400) -> None:
        QTest.qWait(least)
        until = time.perf_counter() + 60
        while desk.session.busy() and time.perf_counter() < until:
            QTest.qWait(20)

    settle(3000)
    watchdog = Watchdog()
    found: dict[str, object] = {}
    QTest.qWait(50)
    for round_of in ("first", "again"):
        watchdog.clear()
        for name in [*desk.buttons, "problems"]:
            desk.open(name)
            settle()
        found[round_of], found[f"where {round_of}"] = (
            watchdog.worst(),
            [f"{one.cpu * 1000:.0f} ms {one.where}" for one in sorted(watchdog.blocks, key=lambda one: -one.cpu)[:6]],
        )
    watchdog.clear()
    view = desk.made["problems"].list.view
    for _ in range(60):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
        QTest.qWait(10)
    found["scroll"], found["where scroll"] = watchdog.worst(), [one.where for one in watchdog.blocks[:3]]
    watchdog.clear()
    box = desk.made["problems"].list.filters.search
    for letter in "案件":
        box.insert(letter)
        QTest.qWait(150)
    box.clear()
    settle()
    found["typing"], found["where typing"] = watchdog.worst(), [one.where for one in watchdog.blocks[:3]]
    turn()
    told(**found)


if __name__ == "__main__":
    if sys.argv[1] in ("empty", "imports"):
        empty(sys.argv[1] == "imports")
    else:
        ours(sys.argv[1])
