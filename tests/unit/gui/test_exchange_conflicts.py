"""The tab 冲突: both values side by side with what differs marked; decided singly, by another value, or many by a rule."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from exchange_offices import Office, branch
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from db.exchange import check, merge, pack
from db.exchange.contents import Party
from db.ledger import conflicts
from db.ledger.change import Deed, delete, edit
from db.ledger.ledger import Ledger
from db.schema.records import Problem
from desktop_app.gui.exchange_conflicts import ConflictsPanel
from desktop_app.gui.exchange_diff import marked
from desktop_app.gui.exchange_sides import BOTH
from desktop_app.gui.session import Session
from desktop_app.rectification import ledgers

PATIENCE = 20_000
NAMES = "甲乙丙"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = branch(tmp_path / "派出所")
    yield made
    made.ledger.close()


def carry(source: Ledger, target: Ledger, folder: Path) -> None:
    """One ledger's content comes into another."""
    path = folder / "来文.zgx"
    path.unlink(missing_ok=True)
    unit = ledgers.own_unit(source, source)
    assert unit is not None
    pack.pack(source, path, sender=Party(unit.id, unit.name or ""))
    with check.open_package(path) as contents:
        merge.merge(target, [contents])


def retitle(ledger: Ledger, identifier: str, title: str, actor: str) -> None:
    found = ledger.get(Problem, identifier)
    assert found is not None
    ledger.act(Deed("改标题", actor, (edit(found, title=title),)))


def disputed(session: Session, office: Office, count: int) -> list[str]:
    """So many problems whose titles both offices changed; theirs later."""
    ids = [office.problem(f"问题{at}") for at in range(count)]
    carry(office.ledger, session.ledger, office.stick)
    for at, one in enumerate(ids):
        retitle(session.ledger, one, f"本单位改的{NAMES[at]}", "王某")
        retitle(office.ledger, one, f"对方改的{NAMES[at]}", "李某")
    carry(office.ledger, session.ledger, office.stick)
    return ids


@pytest.fixture
def panel(session: Session, office: Office, qtbot: QtBot) -> ConflictsPanel:
    disputed(session, office, 3)
    made = ConflictsPanel(session)
    session.announced.connect(lambda _outcome: made.read())
    qtbot.addWidget(made)
    made.resize(1000, 560)
    made.show()
    made.read()
    qtbot.waitUntil(lambda: len(made.table.rows) == 3, timeout=PATIENCE)
    return made


def left(panel: ConflictsPanel, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: len(panel.all) == count and not panel.session.busy(), timeout=PATIENCE)


def titles(session: Session) -> set[str | None]:
    return {one.title for one in session.ledger.all(Problem)}


def test_both_values_are_shown_with_whose_they_are(panel: ConflictsPanel) -> None:
    cards = panel.card.cards
    assert [card.side.own for card in cards] == [True, False]
    assert cards[1].side.office == "某市公安局东湖分局西街派出所"
    assert "王某" in cards[0].side.who
    assert "李某" in cards[1].side.who
    assert panel.chosen() is not None
    assert {one.before for one in panel.all} == {"问题0", "问题1", "问题2"}
    assert panel.table.source.index(0, 5).data() == "今天"
    assert panel.table.source.index(0, 3).data().startswith("本单位改的")
    assert panel.table.source.index(0, 4).data().startswith("对方改的")


def test_one_is_decided_and_can_be_taken_back(panel: ConflictsPanel, session: Session, qtbot: QtBot) -> None:
    before = titles(session)
    value = next(card.side.words for card in panel.card.cards if card.side.words not in before)
    next(card for card in panel.card.cards if card.side.words == value).take.click()
    left(panel, qtbot, 2)
    assert value in titles(session)
    session.undo()
    qtbot.waitUntil(lambda: titles(session) == before, timeout=PATIENCE)


def test_another_value_is_written(panel: ConflictsPanel, session: Session, qtbot: QtBot) -> None:
    panel.card.edit_button.click()
    assert panel.card.text.toPlainText() == panel.card.cards[0].side.words
    panel.card.text.setPlainText("字" * 5_000)
    panel.card.keep_button.click()
    assert not panel.card.wrong.isHidden()
    assert len(conflicts.conflicts(session.ledger)) == 3
    panel.card.text.setPlainText("商量以后改的")
    panel.card.keep_button.click()
    left(panel, qtbot, 2)
    assert "商量以后改的" in titles(session)


def test_many_are_decided_by_a_rule_in_one_deed(panel: ConflictsPanel, session: Session, qtbot: QtBot) -> None:
    panel.by_rule("theirs")
    left(panel, qtbot, 0)
    assert titles(session) == {"对方改的甲", "对方改的乙", "对方改的丙"}
    assert panel.body.currentIndex() == 0


def test_many_keep_our_own(panel: ConflictsPanel, session: Session, qtbot: QtBot) -> None:
    panel.by_rule("mine")
    left(panel, qtbot, 0)
    assert titles(session) == {"本单位改的甲", "本单位改的乙", "本单位改的丙"}


def test_the_newer_value_is_the_one_shown_meanwhile(panel: ConflictsPanel, session: Session, qtbot: QtBot) -> None:
    wanted = titles(session)
    panel.by_rule("newer")
    left(panel, qtbot, 0)
    assert titles(session) == wanted


def test_the_owners_value_is_taken(panel: ConflictsPanel, session: Session, qtbot: QtBot) -> None:
    assert "西街派出所" in panel.table.source.index(0, 0).data()
    panel.by_rule("owner")
    left(panel, qtbot, 0)
    assert titles(session) == {"对方改的甲", "对方改的乙", "对方改的丙"}


def test_changes_of_different_places_are_proposed_together(session: Session, office: Office, qtbot: QtBot) -> None:
    identifier = office.problem("上半年检查三次，发现问题两个，全部整改到位")
    carry(office.ledger, session.ledger, office.stick)
    retitle(session.ledger, identifier, "上半年检查五次，发现问题两个，全部整改到位", "王某")
    retitle(office.ledger, identifier, "上半年检查三次，发现问题两个，正在整改", "李某")
    carry(office.ledger, session.ledger, office.stick)
    panel = ConflictsPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    panel.read()
    qtbot.waitUntil(lambda: bool(panel.card.cards), timeout=PATIENCE)
    panel.card.edit_button.click()
    assert panel.card.text.toPlainText() == "上半年检查五次，发现问题两个，正在整改"
    assert panel.card.about.text() == BOTH


def test_only_the_chosen_ones_are_decided(panel: ConflictsPanel, qtbot: QtBot) -> None:
    panel.table.selectRow(0)
    panel.table.selectAll()
    assert "选中了 3 处" in panel.card.title.text()
    panel.search.setText("改的乙")
    assert len(panel.table.rows) == 1
    panel.by_rule("mine")
    left(panel, qtbot, 2)


def test_a_record_deleted_here_and_changed_there_is_decided(session: Session, office: Office, qtbot: QtBot) -> None:
    identifier = office.problem("要删的问题")
    carry(office.ledger, session.ledger, office.stick)
    found = session.ledger.get(Problem, identifier)
    assert found is not None
    session.ledger.act(Deed("删除", "王某", (delete(found),)))
    retitle(office.ledger, identifier, "改过的问题", "李某")
    carry(office.ledger, session.ledger, office.stick)
    panel = ConflictsPanel(session)
    session.announced.connect(lambda _outcome: panel.read())
    qtbot.addWidget(panel)
    panel.show()
    panel.read()
    qtbot.waitUntil(lambda: bool(panel.all), timeout=PATIENCE)
    assert {card.side.words for card in panel.card.cards} == {"删除", "保留"}
    assert not panel.card.edit_button.isVisible()
    next(card for card in panel.card.cards if card.side.words == "保留").take.click()
    left(panel, qtbot, 0)
    assert [one.title for one in session.ledger.all(Problem)] == ["改过的问题"]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_data(self, data: str) -> None:
        self.found += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += "\n" if tag == "br" else ""


LETTERS = st.text("甲乙丙，。<&>\"'12\n", max_size=60)


@given(LETTERS, LETTERS)
def test_a_marked_text_says_what_it_said(text: str, other: str) -> None:
    found = _Words()
    found.feed(marked(text, other))
    found.close()
    assert found.found.replace("‸", "") == text
    assert ("<span" in marked(text, other)) == (text != other)
