"""A number's way through the window: rows are there, a text names the number, the paper prints it, a click shows the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Edit, create
from db.schema.records import Measure, Notice, Unit
from desktop_app.gui import main
from desktop_app.gui.editor_text import ProseEditor
from desktop_app.gui.problems import ProblemsPage
from desktop_app.gui.registers_page import RegistersPage
from desktop_app.gui.window import Window
from desktop_app.notices import compose, plain
from desktop_app.rectification import batch

CATEGORY, REGISTER = "category-official_vehicles", "official_vehicles.spot_check"


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The window with a ledger in which a problem has a register with rows."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    made = main.window(None)
    qtbot.addWidget(made)
    made.show()
    assert made.new_ledger(tmp_path / "台账 一.zgl", "某市公安局东湖分局", "王某")
    assert made.desk is not None
    ledger = made.desk.session.ledger
    unit = ledger.all(Unit)[0].id
    problem = {"unit": unit, "number": 1, "title": "公车管理不严", "category": CATEGORY}
    notice = create(Notice, unit=unit, title="通报", issued=date(2021, 11, 3))
    measure = create(Measure, "m", problem="p", number=1, lead="加强抽查。")
    ledger.act(Deed("问题", "王某", (Edit("problem", "p", problem), measure, notice)))
    schema = ledger.schema(REGISTER)
    cells = [("2021-03", "2021-03-04", "正常"), ("2021-04", "2021-04-04", "有疑问"), ("2020-04", "2020-04-04", "正常")]
    found = batch.read_cells(ledger, schema, ("month", "date", "conclusion"), cells, fixed={"unit": unit})
    assert not found.refused
    batch.enter(ledger, schema.name, found.rows, "王某")
    yield made
    made.close()


def test_a_number_is_named_printed_and_followed_to_its_rows(window: Window, qtbot: QtBot) -> None:
    assert window.desk is not None
    desk, session = window.desk, window.desk.session
    page = desk.open("problems")
    assert isinstance(page, ProblemsPage)
    page.show_record("p")
    page.pane.strip.choose(1)
    parts = page.pane.pane(1)
    qtbot.waitUntil(lambda: parts.entry.form.identifier == "m")
    editor = parts.entry.form.boxes["body"].editor
    assert isinstance(editor, ProseEditor)
    assert editor.figures is not None
    field, tools = editor.text, editor.figures
    field.setFocus()
    field.insertPlainText("今年以来抽查油耗")
    QTest.keyClicks(field, "{")
    assert tools.popup is not None
    popup = tools.popup
    qtbot.waitUntil(lambda: bool(popup.offers))
    QTest.keyClicks(popup.search, "cccs")  # 抽查次数
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    field.insertPlainText("。")
    assert field.toPlainText() == "今年以来抽查油耗{抽查次数}。"
    qtbot.waitUntil(lambda: "2次" in tools.live.text())
    assert page.save()
    qtbot.waitUntil(lambda: not session.busy())
    notice = session.ledger.all(Notice)[0]
    assert "今年以来抽查油耗2次。" in plain.text(compose.compose(session.ledger, notice, today=date(2026, 1, 1)))

    tools.live.linkActivated.emit("抽查次数")
    qtbot.waitUntil(lambda: desk.shown == "registers")
    shown = desk.made["registers"]
    assert isinstance(shown, RegistersPage)
    view = shown.view()
    assert view is not None
    assert view.schema.name == REGISTER
    qtbot.waitUntil(lambda: view.grid.model.rowCount() == 3)  # two rows, and the one to be typed into
    assert "背后的 2 行" in desk.message.words.text()
    shown.show_register(REGISTER)
    qtbot.waitUntil(lambda: view.grid.model.rowCount() == 4)
    qtbot.waitUntil(lambda: not session.busy())
