"""The window: the first page, or the desk of an open ledger; opening and closing ledgers; where it stood last time."""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QRect, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStyle, QWidget

from db.errors import Refusal
from db.ledger.ledger import Ledger
from db.store.file import SUFFIX as LEDGER
from desktop_app import settings as machine
from desktop_app.gui import connections, faults, theme
from desktop_app.gui.desk import Desk
from desktop_app.gui.exchange_drop import takeable
from desktop_app.gui.help_window import HelpWindow
from desktop_app.gui.session import Session
from desktop_app.gui.start import StartPage
from desktop_app.rectification import categories, category_help, ledgers

SMALLEST = (880, 480)
USUAL = (1360, 840)


def fitted(wished: QRect, room: QRect) -> QRect:
    """A place of that size as far as the room goes, moved into the room where it stands out."""
    wide, high = min(wished.width(), room.width()), min(wished.height(), room.height())
    left = max(room.left(), min(wished.left(), room.left() + room.width() - wide))
    top = max(room.top(), min(wished.top(), room.top() + room.height() - high))
    return QRect(left, top, wide, high)


class Window(QMainWindow):
    """The one window of the program."""

    def __init__(self, settings: machine.Settings) -> None:
        super().__init__()
        self.settings = settings
        self.desk: Desk | None = None
        self.start: StartPage | None = None
        self.help = HelpWindow(self)
        self.resize(*USUAL)
        self._stay_on_screen()
        self.setAcceptDrops(True)
        self.setWindowTitle("整改通")
        QApplication.styleHints().colorSchemeChanged.connect(self.dress)
        self.show_start()

    # -- first page --------------------------------------------------------------------------------------------------

    def show_start(self) -> None:
        """Shows the first page; an open ledger is closed."""
        self._let_go()
        page = StartPage(self.settings.recent, self.settings.actor)
        page.opened.connect(self.open_ledger)
        page.made.connect(self.new_ledger)
        page.sample_wanted.connect(self.open_sample)
        page.bar.help_wanted.connect(self.help.open)
        self.start = page
        self.setCentralWidget(page)
        self.setWindowTitle("整改通")

    def tell(self, refusal: Refusal) -> None:
        """Says what stands against the work, wherever one is."""
        if self.desk is not None:
            self.desk.stands_against(refusal)
        elif self.start is not None:
            self.start.say(refusal)

    # -- ledgers -----------------------------------------------------------------------------------------------------

    def open_ledger(self, path: Path) -> bool:
        """Opens a ledger file; why it cannot be is said in a sentence, and what was open stays open."""
        try:
            ledger = ledgers.open_ledger(path)
        except Exception as error:
            self.tell(faults.told(error))
            return False
        self.use(ledger)
        return True

    def new_ledger(self, path: Path, unit: str, actor: str) -> bool:
        """Makes a ledger and opens it."""
        try:
            ledger = ledgers.new_ledger(path, unit, actor or self.settings.actor)
        except Exception as error:
            self.tell(faults.told(error))
            return False
        if actor:
            self.settings = machine.Settings(**{**self.settings.__dict__, "actor": actor})
        self.use(ledger)
        return True

    def open_sample(self) -> None:
        """Opens the sample ledger, making it in this machine's folder when it is not there yet."""
        from desktop_app import paths
        from desktop_app.rectification import sample

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

    def use(self, ledger: Ledger) -> None:
        """Puts an open ledger on the desk."""
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
        last = self._remembered().get("page", "")
        desk.open(last if last in desk.buttons else desk.known[0].name)
        self._restore()
        if ledger.writable:
            session.do(lambda: categories.install(ledger, session.actor()), quiet=True)

    def _help(self, topic: str) -> None:
        """Opens a page of the manual, those of the ledger's own categories among them."""
        if self.desk is not None:
            found = self.desk.session.ledger.definitions
            self.help.made = {f"category-{key}": category_help.page(one) for key, one in found.items()}
        self.help.open(topic)

    def _let_go(self) -> None:
        if self.desk is not None:
            self._remember()
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

    def _remembered(self) -> dict[str, Any]:
        path = str(self.desk.session.ledger.path.absolute()) if self.desk is not None else ""
        told = self.settings.windows.get(path)
        return told if isinstance(told, dict) else {}

    def _restore(self) -> None:
        told = self._remembered()
        with suppress(ValueError, TypeError):
            if "geometry" in told:
                self.restoreGeometry(QByteArray(b64decode(str(told["geometry"]))))
            for splitter, state in zip(self._splitters(), told.get("splitters", ()), strict=False):
                splitter.restoreState(QByteArray(b64decode(str(state))))
        self._stay_on_screen()

    def _stay_on_screen(self) -> None:
        """No larger than the screen and not beside it, with its frame: screens get smaller, and the scale larger."""
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

    def _remember(self) -> None:
        if self.desk is None:
            return
        session = self.desk.session
        told = {
            "page": self.desk.shown,
            "geometry": b64encode(self.saveGeometry().data()).decode(),
            "splitters": [b64encode(one.saveState().data()).decode() for one in self._splitters()],
        }
        path = str(session.ledger.path.absolute())
        session.keep_settings(windows={**session.settings.windows, path: told})

    def _splitters(self) -> list[QSplitter]:
        """The splitters of the first page: those of others are made later, and begin as they are."""
        page: QWidget | None = self.desk.made.get("problems") if self.desk is not None else None
        return page.findChildren(QSplitter) if page is not None else []

    # -- Qt ----------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            QTimer.singleShot(0, self, self._stay_on_screen)  # only now the frame around it is known

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A ledger is opened (the page 交换 takes it in when it is dropped there); anything else is taken in."""
        dropped = self._dropped(event)
        if len(dropped) == 1 and dropped[0].suffix.lower() == LEDGER:
            self.open_ledger(dropped[0])
        elif self.desk is not None and dropped:
            connections.take(self.desk, dropped)

    def _dropped(self, event: QDropEvent) -> list[Path]:
        found = takeable(event)
        return found if self.desk is not None else [path for path in found if path.suffix.lower() == LEDGER][:1]

    def closeEvent(self, event: QCloseEvent) -> None:
        self.setCursor(Qt.CursorShape.WaitCursor)
        self._let_go()
        self.help.close()
        super().closeEvent(event)
