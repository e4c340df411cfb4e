"""The tab 疑似重复: a pair is shown with its reason side by side, judged by a click, listed as judged, and taken back."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from db.ledger import sameness
from db.ledger.change import Deed, create
from db.schema.records import SCHEMAS, Unit
from desktop_app.gui.record_pane import RecordPane
from desktop_app.gui.session import Session
from desktop_app.gui.twins_note import TwinNote
from desktop_app.gui.twins_panel import NONE, OPEN, SETTLED, TwinsPanel
from desktop_app.rectification.twins import verdicts


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> TwinsPanel:
    units = (
        create(Unit, "u1", name="城中派出所", fax="0510-1", address="甲路1号"),
        create(Unit, "u2", name="城中公安派出所", address="甲路1号", email="a@b.cn"),
    )
    session.ledger.act(Deed("登记", "王某", units))
    made = TwinsPanel(session)
    session.announced.connect(lambda _outcome: made.read())
    qtbot.addWidget(made)
    made.resize(1000, 560)
    made.show()
    return made


def settle(panel: TwinsPanel, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: len(panel.all) == count and not panel.session.busy())


def test_a_pair_is_judged_listed_and_taken_back(panel: TwinsPanel, qtbot: QtBot) -> None:
    counts: list[int] = []
    panel.counted.connect(counts.append)
    panel.read()
    settle(panel, qtbot, 1)
    assert counts == [1]
    card = panel.card
    qtbot.waitUntil(lambda: card.pair is not None and card.grid.count() > 4)
    assert card.reason.text() == "单位：“单位名称”只差惯用的字样或简称（城中派出所、城中公安派出所）。"
    assert card.left.isVisible()
    assert card.apart.isVisible()
    assert not card.back.isVisible()
    card.right.click()
    settle(panel, qtbot, 0)
    assert sameness.stand_ins(panel.session.ledger, "unit") == {"u1": "u2"}
    assert counts[-1] == 0
    assert panel.blank.words.text() == NONE
    panel.which.setCurrentIndex(SETTLED)
    settle(panel, qtbot, 1)
    qtbot.waitUntil(lambda: card.pair is not None and card.pair.main == "u2")
    assert card.left.isEnabled()
    assert not card.right.isEnabled()
    card.left.click()
    qtbot.waitUntil(lambda: sameness.stand_ins(panel.session.ledger, "unit") == {"u2": "u1"})
    settle(panel, qtbot, 1)
    qtbot.waitUntil(lambda: card.pair is not None and card.pair.main == "u1")
    card.back.click()
    settle(panel, qtbot, 0)
    panel.which.setCurrentIndex(OPEN)
    settle(panel, qtbot, 1)


def test_what_is_not_the_same_goes_and_an_undo_brings_it_again(panel: TwinsPanel, qtbot: QtBot) -> None:
    panel.read()
    settle(panel, qtbot, 1)
    qtbot.waitUntil(lambda: panel.card.pair is not None)
    panel.card.apart.click()
    settle(panel, qtbot, 0)
    panel.session.undo()
    settle(panel, qtbot, 1)


def test_words_filter_and_a_record_opens(panel: TwinsPanel, qtbot: QtBot) -> None:
    panel.read()
    settle(panel, qtbot, 1)
    panel.search.setText("公安")
    assert len(panel.table.rows) == 1
    panel.search.setText("车辆")
    assert panel.table.rows == []
    panel.search.clear()
    with qtbot.waitSignal(panel.wanted) as opened:
        panel.table.opened.emit(panel.table.rows[0])
    assert opened.args == ["unit", "u1"]


def test_a_linked_record_says_so_and_leads_to_the_other(panel: TwinsPanel, qtbot: QtBot) -> None:
    session = panel.session
    note = TwinNote(session, "unit")
    qtbot.addWidget(note)
    note.show_of("u1")
    assert note.isHidden()
    verdicts.link(session.ledger, "unit", "u1", "u2", "王某", main="u2")
    note.show_of("u1")
    assert not note.isHidden()
    words = [one.text() for one in note.findChildren(QLabel) if not one.isHidden()]
    assert words == ["与这些是同一个：", "统计只算标“为准”的一条。"]
    (link,) = [one for one in note.findChildren(QPushButton) if not one.isHidden()]
    assert link.text() == "城中公安派出所（为准）"
    with qtbot.waitSignal(session.record_wanted) as opened:
        link.click()
    assert opened.args == ["unit", "u2"]


def test_a_record_hears_that_it_was_linked(session: Session, qtbot: QtBot) -> None:
    units = (create(Unit, "u1", name="城中派出所"), create(Unit, "u2", name="城中公安派出所"))
    session.ledger.act(Deed("登记", "王某", units))
    pane = RecordPane(session, SCHEMAS["unit"])
    qtbot.addWidget(pane)
    assert pane.show_record("u2")
    assert pane.twins.isHidden()
    pane.hear(verdicts.link(session.ledger, "unit", "u1", "u2", "王某"))
    assert not pane.twins.isHidden()
    pane.hear(verdicts.take_back(session.ledger, "unit", "u1", "u2", "王某"))
    assert pane.twins.isHidden()
