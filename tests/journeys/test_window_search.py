"""A clerk who never takes the hands off the keys: Ctrl+K, a few letters, Enter — to a record, a paper, a page, a deed, the manual."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Edit, create
from db.schema.records import Evidence, Measure, Problem, Unit
from desktop_app.gui import main, theme
from desktop_app.gui.palette import Palette
from desktop_app.gui.window import Window

VEHICLE = "official_vehicles.vehicle"


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The window with two problems, a measure, a paper of evidence and a vehicle."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    made = main.window(None)
    qtbot.addWidget(made)
    made.resize(1280, 760)
    made.show()
    assert made.new_ledger(tmp_path / "台账 一.zgl", "某市公安局滨湖分局", "王某")
    assert made.desk is not None
    ledger = made.desk.session.ledger
    unit = ledger.all(Unit)[0].id
    problems = [
        create(Problem, unit=unit, number=n, title=t) for n, t in ((1, "查办案件尚有不足"), (2, "私车公养屡禁不止"))
    ]
    measure = create(Measure, problem=problems[0].id, number=1, lead="完善机制", body="每月比对行车轨迹。")
    evidence = create(Evidence, problem=problems[1].id, title="行车轨迹核对单")
    vehicle = Edit(VEHICLE, "v1", {"unit": unit, "plate": "苏B0001警"})
    ledger.act(Deed("录入", "王某", (*problems, measure, evidence, vehicle)))
    qtbot.waitExposed(made)
    yield made
    made.close()


def typed(window: Window, qtbot: QtBot, words: str) -> Palette:
    """Ctrl+K and the words, until they are answered."""
    assert window.desk is not None
    QTest.keyClick(QApplication.focusWidget() or window.desk, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.desk.finding.made()
    qtbot.waitUntil(palette.isVisible)
    assert palette.entry.hasFocus()
    if words.isascii():
        QTest.keyClicks(palette.entry, words)
    else:
        palette.entry.insert(words)
    qtbot.waitUntil(lambda: palette._answer is not None and palette._answer.typed == words and palette._answer.whole)
    return palette


def entered(window: Window, qtbot: QtBot, words: str, row: str) -> None:
    """The row with these words is gone to with the arrow, and taken with Enter."""
    palette = typed(window, qtbot, words)
    assert row in [one.words for one in palette.list.lines.lines]
    for _ in palette.list.lines.lines:
        chosen = palette.list.chosen()
        if chosen is not None and chosen.words == row:
            break
        QTest.keyClick(palette.entry, Qt.Key.Key_Down)
    QTest.keyClick(palette.entry, Qt.Key.Key_Return)
    assert not palette.isVisible()


def test_everything_is_a_few_keys_away(window: Window, qtbot: QtBot) -> None:
    desk = window.desk
    assert desk is not None
    qtbot.waitUntil(lambda: not desk.session.busy())
    entered(window, qtbot, "scgy", "2. 私车公养屡禁不止")
    page = desk.made["problems"]
    problem = next(one for one in desk.session.ledger.all(Problem) if one.number == 2)
    qtbot.waitUntil(lambda: desk.shown == "problems" and page.pane.identifier == problem.id)  # type: ignore[attr-defined]
    entered(window, qtbot, "苏B", "苏B0001警")
    qtbot.waitUntil(lambda: desk.shown == "registers")
    entered(window, qtbot, "hedui", "行车轨迹核对单")
    qtbot.waitUntil(lambda: desk.shown == "problems")
    entered(window, qtbot, "lishi", "历史")
    qtbot.waitUntil(lambda: desk.shown == "history")
    entered(window, qtbot, "undo", "撤销上一步")
    qtbot.waitUntil(lambda: not desk.session.ledger.all(Measure))
    assert typed(window, qtbot, "行车轨迹").none.isVisible()
    QTest.keyClick(desk.finding.made().entry, Qt.Key.Key_Escape)
    entered(window, qtbot, "时限", "时限")
    qtbot.waitUntil(window.help.isVisible)
    window.help.close()


def test_the_palette_in_both_looks(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    """Nothing is cut at the smallest size, the marked words are seen in both themes."""
    desk = window.desk
    assert desk is not None
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before = theme.shown()
    for mode in ("light", "dark"):
        theme.apply(application, mode)
        window.resize(880, 480)
        palette = typed(window, qtbot, "轨迹")
        picture = palette.grab().toImage()
        accent = theme.colour("accent").rgb()
        assert any(
            picture.pixel(x, y) == accent for x in range(picture.width()) for y in range(60, picture.height(), 3)
        )
        card, room = palette.card.geometry(), palette.rect()
        assert room.contains(card)
        assert palette.hint.geometry().bottom() <= palette.card.height()
        QTest.keyClick(palette.entry, Qt.Key.Key_Escape)
    theme.apply(application, before)
