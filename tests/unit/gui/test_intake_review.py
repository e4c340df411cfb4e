"""The review: what is plainly no notice, a heading that follows its title, and a column that holds what stands in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import old_papers
import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.gui import intake_list, intake_reading
from desktop_app.gui.intake_page import IntakePage
from desktop_app.gui.session import Session
from desktop_app.intake.draft import Finding, Place

RECIPE = "蒸南瓜\n南瓜一只，切块上锅。大火蒸二十分钟。"


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> IntakePage:
    made = IntakePage(session)
    qtbot.addWidget(made)
    made.resize(1044, 600)
    made.show()
    return made


def take(page: IntakePage, qtbot: QtBot, *paths: Path) -> None:
    page.take(paths)
    qtbot.waitUntil(lambda: page.work is None)


def test_what_is_plainly_no_notice_is_not_ticked_and_said_to_be_none(
    page: IntakePage, qtbot: QtBot, tmp_path: Path
) -> None:
    recipe = tmp_path / "菜谱.txt"
    recipe.write_text(RECIPE, "utf-8")
    take(page, qtbot, recipe)
    one = page.review.current
    assert not one.wanted
    assert page.review.known.isVisible()
    assert "不像整改通报" in page.review.known_words.text()
    assert intake_list.standing(one) == "不像整改通报"
    assert not page.enter_button.isEnabled()
    page.review.update_button.click()
    assert page.review.current.wanted
    assert page.enter_button.isEnabled()
    assert "不像整改通报" in page.review.known_words.text()


def test_a_notice_is_ticked_as_ever(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    take(page, qtbot, old_papers.write(tmp_path))
    assert page.review.current.wanted
    assert page.review.known.isHidden()


def test_a_paper_that_only_speaks_of_it_is_ticked(session: Session, tmp_path: Path) -> None:
    paper = tmp_path / "甲.txt"
    paper.write_text(f"{RECIPE}\n按巡察要求少放盐。", "utf-8")
    assert intake_reading.read_all(session.ledger, [paper]).readings[0].wanted


def test_the_heading_follows_the_typed_title(page: IntakePage, qtbot: QtBot, tmp_path: Path) -> None:
    take(page, qtbot, old_papers.write(tmp_path))
    page.review.tree.choose(("problems", 0))
    box = page.review.form.boxes[("problems", 0, "title")]
    box.editor.set_typed("另一个名称")
    qtbot.wait(350)
    headings = [one.text() for one in page.review.form.findChildren(QLabel) if one.property("role") == "group"]
    assert any("另一个名称" in one for one in headings)


def test_a_long_suggestion_does_not_push_the_column_out_of_its_card(
    page: IntakePage, qtbot: QtBot, tmp_path: Path
) -> None:
    take(page, qtbot, old_papers.write(tmp_path))
    address = "yi-ge-hen-chang-de-dian-zi-you-xiang-di-zhi@example.com"
    found = Finding("email", f"电子邮箱“{address}”在换行处带有连字符。", Place(0, 5), address.replace("-", ""))
    review = page.review
    review.copies.current = replace(review.current, draft=replace(review.current.draft, findings=(found,)))
    review.show_notice(0)
    review.tree.choose(("findings", 0))
    qtbot.wait(30)
    area = review.form.parentWidget()
    assert area is not None
    assert review.form.width() <= area.width()
    for one in review.form.findChildren(QPushButton):
        if one.isVisible():
            right = one.mapTo(area, one.rect().topRight()).x()
            assert right <= area.width(), one.text()
