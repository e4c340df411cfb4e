"""The manual in its window: the table of contents has every page, the search looks through all of them and marks the words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.schema import folding
from desktop_app import paths
from desktop_app.gui import help_pages, topics
from desktop_app.gui.desk import Desk
from desktop_app.gui.help_window import NAME, HelpWindow
from desktop_app.gui.pages import PAGES
from desktop_app.gui.session import Session

MANUAL = help_pages.manual({"category-x": "# 一个类别\n\n登记什么。"})


@pytest.fixture
def manual(qtbot: QtBot) -> Iterator[HelpWindow]:
    made = HelpWindow()
    qtbot.addWidget(made)
    made.made = {"category-x": "# 一个类别\n\n登记什么。"}
    made.open("closing")
    yield made
    made.close()


def listed(manual: HelpWindow) -> list[str]:
    found = manual.contents.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
    return [str(one.data(0, NAME)) for one in found if one.data(0, NAME)]


def test_the_contents_have_every_page_in_a_chapter() -> None:
    there = {path.stem for path in (paths.resources() / "help").glob("*.md")} - {"decisions"}
    assert {one.name for one in MANUAL} == there | {"category-x"}
    assert [one.name for one in MANUAL if not one.chapter] == ["index"]


def test_every_topic_of_a_place_in_the_window_is_a_page() -> None:
    there = {one.name for one in MANUAL}
    assert {one.topic for one in PAGES} <= there
    assert {topic for tabs in topics.TABS.values() for topic in tabs.values()} <= there


def test_the_page_one_is_on_is_marked_in_the_contents(manual: HelpWindow) -> None:
    assert set(listed(manual)) == {one.name for one in MANUAL}
    assert manual.contents.currentItem().data(0, NAME) == "closing"
    manual.page.anchorClicked.emit("papers.md")
    assert manual.contents.currentItem().data(0, NAME) == "papers"
    manual.go_back()
    assert manual.topic == "closing"
    assert manual.page.toPlainText().startswith("销号")


def test_what_is_looked_for_is_listed_opened_by_enter_and_marked(manual: HelpWindow) -> None:
    manual.search.insert("超期 筛选")
    assert 0 < len(listed(manual)) < len(MANUAL)
    assert manual.topic == "closing", "the page one reads stays until another is chosen"
    QTest.keyClick(manual.search, Qt.Key.Key_Return)
    assert manual.topic == listed(manual)[0]
    marked = [one.cursor.selectedText() for one in manual.page.extraSelections()]  # type: ignore[attr-defined]
    assert {"超期", "筛选"} <= {part for one in marked for part in ("超期", "筛选") if part in one}
    QTest.keyClick(manual.search, Qt.Key.Key_Down)
    assert manual.contents.currentItem() is not None
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert manual.search.text() == ""
    assert set(listed(manual)) == {one.name for one in MANUAL}
    assert manual.page.extraSelections() == []
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert not manual.isVisible()


def test_a_title_is_found_by_the_initials_of_its_pinyin(manual: HelpWindow) -> None:
    manual.search.insert("fltz")
    assert "registers" in listed(manual)
    manual.search.clear()
    manual.search.insert("没有这样的词呢")
    assert listed(manual) == []
    assert "没有哪一页" in manual.found.text()


@given(st.sampled_from([one for one in MANUAL if one.words]), st.data())
@settings(max_examples=40, deadline=None)
def test_any_words_of_a_page_find_it_and_are_marked_where_they_stand(
    topic: help_pages.Topic, data: st.DataObject
) -> None:
    text = help_pages.plain(topic.words)
    start = data.draw(st.integers(0, len(text) - 2))
    piece = text[start : start + data.draw(st.integers(2, 6))]
    wanted = folding.words(piece)
    hits = {hit.topic.name: hit.places for hit in help_pages.find(MANUAL, piece)}
    if wanted and "," not in piece and "，" not in piece:
        assert hits[topic.name] >= len(wanted)
        marked = help_pages.marks(text, piece)
        assert all(any(word in folding.fold(text[a:b]) for word in wanted) for a, b in marked)
        assert any(a <= at < b for a, b in marked for at in range(start, start + len(piece)) if not text[at].isspace())
    else:
        assert wanted or not hits


def test_f1_opens_the_page_of_the_tab_one_stands_in(session: Session, qtbot: QtBot) -> None:
    desk = Desk(session)
    session.setParent(desk)
    qtbot.addWidget(desk)
    desk.show()
    told = {one.name: (desk.open(one.name), desk.topic())[1] for one in PAGES}
    assert told == {one.name: one.topic for one in PAGES}
    shown = desk.open("settings")
    shown.strip.choose(shown.strip.titles.index("经办人员"))  # type: ignore[attr-defined]
    assert desk.topic() == "people"
    page = desk.open("problems")
    page.new()  # type: ignore[attr-defined]
    pane = page.pane  # type: ignore[attr-defined]
    assert set(topics.TABS["problems"]) <= set(pane.strip.titles)
    pane.strip.choose(pane.strip.titles.index("销号"))
    assert desk.topic() == "closing"
