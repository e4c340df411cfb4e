"""Where things stood when a ledger was last open on this machine: the window, the splitters of every page, the last page, and
what a page itself asks to keep (its filters). Kept in the settings of this machine, under the path of the ledger; never in it.

A page that has ``kept()`` (a JSON value) is asked when the ledger is closed, and gets it back by ``take_up(value)`` when it is
made; what it cannot read it ignores.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QRect

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

    from desktop_app.gui.desk import Desk
    from desktop_app.gui.session import Session


def remembered(session: Session) -> dict[str, Any]:
    """What is kept for the open ledger; empty where nothing readable is."""
    told = session.settings.windows.get(str(session.ledger.path.absolute()))
    return told if isinstance(told, dict) else {}


def remember(window: QMainWindow, desk: Desk) -> None:
    """Keeps how it stands now; of pages that were not looked at, what was kept before."""
    session = desk.session
    before = remembered(session).get("pages")
    pages = dict(before) if isinstance(before, dict) else {}
    for name, page in desk.made.items():
        pages[name] = {"splitters": [_text(one.saveState()) for one in _splitters(page)]}
        if hasattr(page, "kept"):
            pages[name]["kept"] = page.kept()
    told = {"page": desk.shown, "geometry": _text(window.saveGeometry()), "pages": pages}
    session.keep_settings(windows={**session.settings.windows, str(session.ledger.path.absolute()): told})


def last_page(session: Session) -> str:
    """The page that was shown last; "" for none."""
    return str(remembered(session).get("page", ""))


def place_window(window: QMainWindow, session: Session) -> None:
    """The window where it was."""
    told = remembered(session).get("geometry")
    if isinstance(told, str):
        with suppress(ValueError):
            window.restoreGeometry(QByteArray(b64decode(told)))


def place_page(session: Session, name: str, page: QWidget) -> None:
    """A page that was just made, as it was left."""
    pages = remembered(session).get("pages")
    told = pages.get(name) if isinstance(pages, dict) else None
    if not isinstance(told, dict):
        return
    states = told.get("splitters")
    for splitter, state in zip(_splitters(page), states if isinstance(states, list) else (), strict=False):
        with suppress(ValueError, TypeError):
            splitter.restoreState(QByteArray(b64decode(state)))
    if "kept" in told and hasattr(page, "take_up"):
        page.take_up(told["kept"])


def fitted(wished: QRect, room: QRect) -> QRect:
    """A place of that size as far as the room goes, moved into the room where it stands out."""
    wide, high = min(wished.width(), room.width()), min(wished.height(), room.height())
    left = max(room.left(), min(wished.left(), room.left() + room.width() - wide))
    top = max(room.top(), min(wished.top(), room.top() + room.height() - high))
    return QRect(left, top, wide, high)


def _text(state: QByteArray) -> str:
    return b64encode(state.data()).decode()


def _splitters(page: QWidget) -> list[QSplitter]:
    """The splitters a page has when it is made, in the order they were made: the first ones stay the same when more come."""
    from PySide6.QtWidgets import QSplitter

    return page.findChildren(QSplitter)
