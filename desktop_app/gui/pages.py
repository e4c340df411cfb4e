"""The pages of the window, in the order of the navigation; each is made when it is first shown.

A page is a ``QWidget`` whose constructor takes the ``Session``. It may have these methods, and the frame calls those that are
there: ``arrive()`` (it is shown), ``leave()`` (another one will be shown), ``hear(outcome)`` (a deed was done),
``look()`` (another unit or as-of day), ``save()``, ``new()``, ``add_part()``, ``look_up()`` (Ctrl+F), ``step(by)``.
A page may have the signal ``wanted(str, str)``: show the record of that schema name and id on its own page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_app.gui.session import Session


@dataclass(frozen=True)
class Page:
    """A page: name in code, Chinese title, icon of ``resources/icons``, where its class is, its page of the help."""

    name: str
    title: str
    icon: str
    module: str
    made_by: str
    topic: str

    def there(self) -> bool:
        """Whether this build of the program has the page."""
        return find_spec(self.module) is not None

    def make(self, session: Session) -> QWidget:
        """The page's widget; its module is loaded now and not before (the first frame does not wait for it)."""
        maker: Callable[[Session], Any] = getattr(import_module(self.module), self.made_by)
        widget = maker(session)
        assert isinstance(widget, QWidget)
        return widget


PAGES: tuple[Page, ...] = (
    Page("overview", "总览", "overview", "desktop_app.gui.overview_page", "OverviewPage", "overview"),
    Page("problems", "问题", "problems", "desktop_app.gui.problems", "ProblemsPage", "problems"),
    Page("registers", "分类台账", "registers", "desktop_app.gui.registers_page", "RegistersPage", "registers"),
    Page("duties", "提醒", "duties", "desktop_app.gui.duties_page", "DutiesPage", "duties"),
    Page("findings", "检查", "warn", "desktop_app.gui.findings_page", "FindingsPage", "rules"),
    Page("notices", "通报与文书", "notice", "desktop_app.gui.papers_page", "PapersPage", "notice"),
    Page("intake", "导入旧通报", "intake", "desktop_app.gui.intake_page", "IntakePage", "intake"),
    Page("exchange", "交换", "exchange", "desktop_app.gui.exchange_page", "ExchangePage", "exchange"),
    Page("history", "历史", "history", "desktop_app.gui.history_page", "HistoryPage", "history"),
    Page("settings", "设置", "settings", "desktop_app.gui.settings_page", "SettingsPage", "settings"),
)


def pages() -> tuple[Page, ...]:
    """The pages this build has."""
    return tuple(page for page in PAGES if page.there())
