"""How every page with a paper on it is parted: the paper under its tools at one side, what is asked or said of it at the other."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QWidget

from desktop_app.gui.preview_pages import PageList
from desktop_app.gui.preview_tools import PaperTools
from desktop_app.gui.session import Session
from desktop_app.gui.widgets import TabStrip, column, row


def sheet(session: Session, tools: PaperTools, view: QWidget) -> QFrame:
    """A paper with its tools above it and the list of its pages beside it; whether that is wanted is remembered."""
    made = QFrame()
    made.setProperty("role", "card")
    layout = column(made, (1, 1, 1, 1), 0)
    pages = PageList(tools.view)
    tools.list_button.toggled.connect(pages.stand)
    tools.list_button.setChecked(session.settings.pages)
    pages.stand(session.settings.pages)
    tools.list_button.clicked.connect(lambda on: session.keep_settings(pages=bool(on)))
    top = row(tools.list_button, 1, tools, 1)
    top.setContentsMargins(8, 6, 8, 6)
    layout.addLayout(top)
    both = row(pages, spacing=0)
    both.addWidget(view, 1)
    layout.addLayout(both, 1)
    return made


def tabbed(strip: TabStrip, pages: QStackedWidget) -> QWidget:
    """Pages under their tabs."""
    made = QWidget()
    layout = column(made, (0, 0, 0, 0), 8)
    layout.addWidget(strip)
    layout.addWidget(pages, 1)
    return made


def part(splitter: QSplitter, *halves: tuple[QWidget, int, int]) -> None:
    """Puts widgets side by side: each with the least pixels it keeps, and those it begins with."""
    for one, least, _ in halves:
        one.setMinimumWidth(least)
        splitter.addWidget(one)
    splitter.setSizes([begins for _, _, begins in halves])
    splitter.setHandleWidth(12)
    splitter.setChildrenCollapsible(False)
