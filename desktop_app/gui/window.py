"""The window: the first page, or the desk of an open ledger; opening and closing ledgers; where it stood last time.

The first frame waits for nothing that is heavy: what a ledger needs is loaded when one is opened, after the frame is painted.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from db.errors import Refusal
from desktop_app import settings as machine
from desktop_app.gui import faults, places, theme
from desktop_app.gui.exchange_drop import takeable
from desktop_app.gui.opening import OpeningPage
from desktop_app.gui.places import fitted

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent

    from db.ledger.change import Outcome
    from db.ledger.ledger import Ledger
    from desktop_app.gui.desk import Desk
    from desktop_app.gui.help_window import HelpWindow
    from desktop_app.gui.start import Beginning, StartPage

LEDGER = ".zgl"
"""The ending of ledger files (``db.store.file.SUFFIX``, which is not loaded for it)."""
LATER = 3_000
"""Milliseconds after the start until the categories of the program are compared with those of the ledger: the list comes first."""
SMALLEST = (880, 480)
USUAL = (1360, 840)


class Window(QMainWindow):
    """The one window of the program; ``path`` is a ledger that is opened as soon as the first frame is painted."""

    def __init__(self, settings: machine.Settings, path: Path | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.desk: Desk | None = None
        self.start: StartPage | None = None
        room = self.screen().availableGeometry()
        self.setGeometry(fitted(QRect(room.x() + 40, room.y() + 40, *USUAL), room))
        self.setAcceptDrops(True)
        self.setWindowTitle("整改通")
        QApplication.styleHints().colorSchemeChanged.connect(self.dress)
        if path is None:
            self.show_start()
        else:
            page = OpeningPage(path)
            page.painted.connect(lambda: self._open_first(path))
            self.setCentralWidget(page)

    @cached_property
    def help(self) -> HelpWindow:
        """The manual, made when it is first opened."""
        from desktop_app.gui.help_window import HelpWindow

        return HelpWindow(self)

    # -- first page --------------------------------------------------------------------------------------------------

    def show_start(self) -> None:
        """Shows the first page; an open ledger is closed."""
        from PySide6.QtGui import QKeySequence, QShortcut

        from desktop_app.gui.start import StartPage

        self._let_go()
        page = StartPage(self.settings.recent, self.settings.actor)
        page.opened.connect(self.open_ledger)
        page.made.connect(self.new_ledger)
        page.forgotten.connect(self._forget)
        QShortcut(QKeySequence("F1"), page, lambda: self.help.open("first-steps"))
        page.sample_wanted.connect(self.open_sample)
        page.bar.help_wanted.connect(lambda topic: self.help.open(topic))  # noqa: PLW0108 - made late
        self.start = page
        self.setCentralWidget(page)
        self.setWindowTitle("整改通")

    def _forget(self, path: str) -> None:
        """Takes a ledger off the list of recent ones."""
        self.settings = replace(self.settings, recent=tuple(one for one in self.settings.recent if one != path))
        machine.save(self.settings)

    def _open_first(self, path: Path) -> None:
        """The ledger the program was started for; the first page says why it cannot be opened."""
        self._settle()
        try:
            from desktop_app.rectification import ledgers

            ledger = ledgers.open_ledger(path)
        except Exception as error:
            self.show_start()
            self.tell(faults.told(error))
        else:
            self.use(ledger, LATER)

    def tell(self, refusal: Refusal) -> None:
        """Says what stands against the work, wherever one is."""
        if self.desk is not None:
            self.desk.stands_against(refusal)
        elif self.start is not None:
            self.start.say(refusal)

    # -- ledgers -----------------------------------------------------------------------------------------------------

    def open_ledger(self, path: Path) -> bool:
        """Opens a ledger file; why it cannot be is said in a sentence, and what was open stays open."""
        from desktop_app.rectification import ledgers

        try:
            ledger = ledgers.open_ledger(path)
        except Exception as error:
            self.tell(faults.told(error))
            return False
        self.use(ledger)
        return True

    def new_ledger(self, path: Path, unit: str, actor: str, begun: Beginning | None = None) -> bool:
        """Makes a ledger, with a round of inspection where one is known, and opens it."""
        from db.schema.records import Inspection
        from desktop_app.rectification import ledgers

        first = Inspection(title=begun.title, feedback_date=begun.feedback) if begun is not None else None
        try:
            ledger = ledgers.new_ledger(path, unit, actor or self.settings.actor, begun=first)
        except Exception as error:
            self.tell(faults.told(error))
            return False
        if actor:
            self.settings = replace(self.settings, actor=actor)
        self.use(ledger)
        return True

    def open_sample(self) -> None:
        """Opens the sample ledger, making it in this machine's folder when it is not there yet."""
        from desktop_app import paths
        from desktop_app.rectification import ledgers, sample

        path = paths.home() / "示例台账.zgl"
        if path.exists():
            self.open_ledger(path)
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            ledger = ledgers.new_ledger(path, sample.unit_name(), self.settings.actor)
            sample.load(ledger, self.settings.actor)
        except Exception as error:
            self.tell(faults.told(error))
            return
        self.use(ledger)

    def use(self, ledger: Ledger, later: int = 0) -> None:
        """Puts an open ledger on the desk; what nobody waits for begins so many milliseconds later."""
        from desktop_app.gui.desk import Desk
        from desktop_app.gui.session import Session

        self._let_go()
        self.settings = self.settings.opened(ledger.path)
        machine.save(self.settings)
        session = Session(ledger, self.settings)
        desk = Desk(session)
        session.setParent(desk)
        desk.help_wanted.connect(self._help)
        desk.closing_wanted.connect(lambda: QTimer.singleShot(0, self.show_start))
        session.looked.connect(self.dress)
        self.desk, self.start = desk, None
        self.setCentralWidget(desk)
        self.setWindowTitle(f"{ledger.path.stem} · 整改通")
        last = places.last_page(session)
        places.place_window(self, session)
        desk.open(last if last in desk.buttons else desk.known[0].name)
        self._stay_on_screen()
        if ledger.writable:
            session.do(lambda: _install(ledger, session.actor()), quiet=True, act=None)

    def _help(self, topic: str) -> None:
        """Opens a page of the manual, those of the ledger's own categories among them."""
        if self.desk is not None:
            from desktop_app.rectification import category_help

            found = self.desk.session.ledger.definitions
            self.help.made = {f"category-{key}": category_help.page(one) for key, one in found.items()}
        self.help.open(topic)

    def _let_go(self) -> None:
        if self.desk is not None:
            places.remember(self, self.desk)
            self.desk.close_down()
            self.settings = self.desk.session.settings
            self.desk = None

    # -- look and place ----------------------------------------------------------------------------------------------

    def dress(self, _scheme: object = None) -> None:
        """Shows the theme that is wanted, if it is not shown already."""
        wanted = self.desk.session.settings.theme if self.desk is not None else self.settings.theme
        application = QApplication.instance()
        if isinstance(application, QApplication) and theme.mode(wanted) != theme.shown():
            theme.apply(application, wanted)

    def _stay_on_screen(self) -> None:
        """No larger than the screen and not beside it, with its frame: screens get smaller, and the scale larger."""
        from PySide6.QtWidgets import QStyle

        room, whole, inside = self.screen().availableGeometry(), self.frameGeometry(), self.geometry()
        title = 0
        if whole.height() == inside.height():  # the frame is not there before the window is shown
            title = self.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
        room.adjust(
            inside.left() - whole.left(),
            inside.top() - whole.top() + title,
            inside.right() - whole.right(),
            inside.bottom() - whole.bottom(),
        )
        self.setMinimumSize(min(SMALLEST[0], room.width()), min(SMALLEST[1], room.height()))
        if not (self.isMaximized() or self.isFullScreen()):
            self.setGeometry(fitted(inside, room))

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous() and (self.desk is not None or self.start is not None):
            QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        """The window is on the screen: only now the frame around it is known."""
        from PySide6.QtGui import QIcon

        self._stay_on_screen()
        self.dress()
        if self.desk is None:
            self.settings = machine.Settings(**{**self.settings.__dict__, "seen": theme.shown()})
        QApplication.setWindowIcon(QIcon(str(theme.icons() / "problems.svg")))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A ledger is opened (the page 交换 takes it in when it is dropped there); anything else is taken in."""
        dropped = self._dropped(event)
        if len(dropped) == 1 and dropped[0].suffix.lower() == LEDGER:
            self.open_ledger(dropped[0])
        elif self.desk is not None and dropped:
            from desktop_app.gui import connections

            connections.take(self.desk, dropped)

    def _dropped(self, event: QDropEvent) -> list[Path]:
        found = takeable(event)
        return found if self.desk is not None else [path for path in found if path.suffix.lower() == LEDGER][:1]

    def closeEvent(self, event: QCloseEvent) -> None:
        from PySide6.QtCore import Qt

        self.setCursor(Qt.CursorShape.WaitCursor)
        self._let_go()
        if "help" in self.__dict__:
            self.help.close()
        super().closeEvent(event)


def _install(ledger: Ledger, actor: str) -> Outcome:
    """Brings the categories of the program into a ledger; loaded on the thread of the deeds."""
    from desktop_app.rectification import categories

    return categories.install(ledger, actor)
