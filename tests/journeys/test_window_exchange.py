"""Two offices, two windows, one stick: handed over, taken in, changed on both sides, decided, and the receipt goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from db.exchange import peers
from db.ledger import conflicts, history
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.records import Problem
from desktop_app.gui import exchange_volumes, main
from desktop_app.gui.exchange_page import CONFLICTS, RECEIVE, SEND, ExchangePage
from desktop_app.gui.exchange_volumes import Volume
from desktop_app.gui.window import Window
from desktop_app.rectification import ledgers

PATIENCE = 60_000
Make = Callable[[str], Window]


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "U盘"
    folder.mkdir()
    monkeypatch.setattr(exchange_volumes, "mounted", lambda: [Volume(folder, "爱国者", 1 << 30, writable=True)])
    return folder


@pytest.fixture
def office(tmp_path: Path, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Opens the window of an office on a computer of its own, with a new ledger."""
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    made: list[Window] = []

    def opened(name: str) -> Window:
        monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / f"{name}的电脑"))
        window = main.window(None)
        qtbot.addWidget(window)
        window.resize(1280, 760)
        window.show()
        assert window.new_ledger(tmp_path / f"{name}.zgl", name, f"{name}经办人")
        made.append(window)
        return window

    yield opened
    for window in made:
        window.close()


def exchange(window: Window) -> ExchangePage:
    assert window.desk is not None
    page = window.desk.open("exchange")
    assert isinstance(page, ExchangePage)
    return page


def ledger(window: Window) -> Ledger:
    assert window.desk is not None
    return window.desk.session.ledger


def rested(window: Window, qtbot: QtBot) -> None:
    assert window.desk is not None
    session = window.desk.session
    qtbot.waitUntil(lambda: not session.busy(), timeout=PATIENCE)


def hand_over(window: Window, qtbot: QtBot, to: str = "") -> Path:
    page = exchange(window)
    page.strip.choose(SEND)
    rested(window, qtbot)
    at = next((at for at in range(page.send.to.count()) if page.send.to.itemText(at) == to), 0)
    page.send.to.setCurrentIndex(at)
    with qtbot.waitSignal(page.written, timeout=PATIENCE):
        page.send.send_button.click()
    rested(window, qtbot)
    sent = page.send.handed.path
    assert sent is not None
    return sent


def take_in(window: Window, qtbot: QtBot, path: Path) -> ExchangePage:
    """Through the line that tells of the stick's files, as far as the receipt."""
    page, desk = exchange(window), window.desk
    assert desk is not None
    page.strip.choose(RECEIVE)
    desk.exchange.wanted.emit([path])
    rested(window, qtbot)
    if any(one.state == "key" for one in page.receive.files):
        page.receive.table.card.same.click()
        rested(window, qtbot)
    page.receive.preview_button.click()
    rested(window, qtbot)
    if page.receive.merge_button.isVisible():
        page.receive.merge_button.click()
        rested(window, qtbot)
    return page


def title(window: Window, words: str) -> None:
    """The one problem of a ledger gets a title, or is made."""
    facts = ledger(window)
    known = facts.all(Problem)
    unit = ledgers.own_unit(facts, facts)
    assert unit is not None
    made = edit(known[0], title=words) if known else create(Problem, unit=unit.id, title=words)
    assert window.desk is not None
    facts.act(Deed("录入问题", window.desk.session.actor(), (made,)))


def test_the_whole_story_on_one_stick(office: Make, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    branch = office("东湖分局西街派出所")
    title(branch, "值班备勤制度落实不到位")
    head = office("某市公安局东湖分局")
    take_in(head, qtbot, hand_over(branch, qtbot))
    assert [one.title for one in ledger(head).all(Problem)] == ["值班备勤制度落实不到位"]
    take_in(branch, qtbot, hand_over(head, qtbot, "东湖分局西街派出所"))
    assert history.head(ledger(branch)) == history.head(ledger(head))

    title(branch, "值班备勤制度两次没有落实")
    title(head, "值班备勤制度落实不够到位")
    page = take_in(head, qtbot, hand_over(branch, qtbot, "某市公安局东湖分局"))
    assert head.desk is not None
    badge = head.desk.exchange.badge
    assert badge is not None
    qtbot.waitUntil(lambda: badge.text() == "1" and not badge.isHidden(), timeout=PATIENCE)
    page.strip.choose(CONFLICTS)
    qtbot.waitUntil(lambda: len(page.conflicts.card.cards) == 2, timeout=PATIENCE)
    assert [card.side.own for card in page.conflicts.card.cards] == [True, False]
    page.conflicts.card.cards[1].take.click()
    qtbot.waitUntil(lambda: not page.conflicts.all, timeout=PATIENCE)

    take_in(branch, qtbot, hand_over(head, qtbot, "东湖分局西街派出所"))
    for window in (branch, head):
        assert [one.title for one in ledger(window).all(Problem)] == ["值班备勤制度两次没有落实"]
        assert not conflicts.conflicts(ledger(window))
    assert history.head(ledger(branch)) == history.head(ledger(head))

    back = stick / "回执.zgr"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(back), ""))
    exchange(branch).strip.choose(RECEIVE)
    exchange(branch).receive.receipt.file_button.click()
    rested(branch, qtbot)
    take_in(head, qtbot, back)
    assert [one.owed for one in peers.standings(ledger(head))] == [0]
