"""The list beside a paper: small pages and headings, which follow the view and lead it; remembered whether it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_app import settings as machine
from desktop_app.gui.preview import NoticePage
from desktop_app.gui.preview_pages import HEADINGS, PageList
from desktop_app.gui.session import Session
from desktop_app.rectification import ledgers, sample


@pytest.fixture
def page(home: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[NoticePage]:
    """The notice of the sample."""
    ledger = ledgers.new_ledger(tmp_path / "示例.zgl", sample.unit_name(), "示例")
    sample.load(ledger, "示例")
    session = Session(ledger, machine.Settings(actor="王某"))
    made = NoticePage(session)
    session.announced.connect(made.hear)
    qtbot.addWidget(made)
    made.resize(1180, 600)
    made.show()
    qtbot.waitUntil(lambda: made.view.paper is not None and not session.busy())
    yield made
    session.close()


def test_the_list_follows_the_view_and_leads_it(page: NoticePage, qtbot: QtBot) -> None:
    pages = page.findChild(PageList)
    assert isinstance(pages, PageList)
    paper, view = page.view.paper, page.view
    assert paper is not None
    assert pages.pages.count() == len(paper.pages.pages) > 3
    assert pages.headings.count() == len(paper.pages.outline) > 3
    view.turn(2)
    assert pages.pages.currentRow() == 2
    pages.pages.setFocus()
    QTest.keyClick(pages.pages, Qt.Key.Key_Down)
    assert view.page() == 3
    QTest.keyClick(pages.pages, Qt.Key.Key_End)
    assert pages.pages.currentRow() == pages.pages.count() - 1, "where the view cannot follow, the choice stays"
    pages.strip.choose(HEADINGS)
    at = next(n for n, one in enumerate(paper.pages.outline) if one.page == 3)
    pages.headings.setCurrentRow(at)
    rect = view.layout_now().rects()[2]
    sheet = paper.pages.pages[2]
    line = next(one for one in sheet.lines if paper.pages.outline[at].text[:6] in one.text)
    drawn = rect.top() + (842 - line.y) * view.scale() - view.verticalScrollBar().value()
    assert 0 < drawn < 120, "the heading stands at the upper edge of the view"
    qtbot.waitUntil(lambda: pages.images.get(0, 0.1) is not None)


def test_whether_the_list_is_wanted_is_remembered(page: NoticePage) -> None:
    pages = page.findChild(PageList)
    assert isinstance(pages, PageList)
    page.tools.list_button.click()
    assert pages.isHidden()
    assert pages.paper is None
    assert not page.session.settings.pages
    page.tools.list_button.click()
    assert pages.paper is page.view.paper
