"""A clerk looks at what was found, goes to the field, puts it right, and lets another thing pass with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.ledger.change import Deed, Edit
from desktop_app.gui import main
from desktop_app.gui.findings_page import FindingsPage
from desktop_app.gui.registers_page import RegistersPage
from desktop_app.gui.window import Window

VEHICLE, REFUEL = "official_vehicles.vehicle", "official_vehicles.refuel"
PATIENCE = 30_000


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The window with a ledger that has a vehicle and two refuellings, one of more than its tank holds."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.excepthook", __import__("sys").excepthook)
    made = main.window(None)
    qtbot.addWidget(made)
    made.resize(1280, 760)
    made.show()
    assert made.new_ledger(tmp_path / "台账 一.zgl", "某市公安局东湖分局", "王某")
    assert made.desk is not None
    ledger = made.desk.session.ledger
    day = ledger.schema(REFUEL).field("date").kind.parse("2021-07-05")
    ledger.act(
        Deed(
            "录入",
            "王某",
            (
                Edit(VEHICLE, "v1", {"plate": "苏B0001警", "tank": Decimal(60)}),
                Edit(REFUEL, "r1", {"vehicle": "v1", "date": day, "litres": Decimal(75)}),
                Edit(REFUEL, "r2", {"vehicle": "v1", "date": day, "litres": Decimal(70)}),
            ),
        )
    )
    yield made
    made.close()


def findings(window: Window, qtbot: QtBot) -> FindingsPage:
    assert window.desk is not None
    page = window.desk.open("findings")
    assert isinstance(page, FindingsPage)
    qtbot.waitUntil(lambda: bool(page.table.rows), timeout=PATIENCE)
    return page


def over_the_tank(page: FindingsPage) -> list[int]:
    return [at for at, one in enumerate(page.table.rows) if one.record == REFUEL and "油箱容积" in one.sentence]


def test_from_a_finding_to_its_field_and_to_its_waiver(window: Window, qtbot: QtBot) -> None:
    page, desk = findings(window, qtbot), window.desk
    assert desk is not None
    qtbot.waitUntil(lambda: len(over_the_tank(page)) == 2, timeout=PATIENCE)
    page.table.selectRow(over_the_tank(page)[0])
    first = page.chosen()
    assert first is not None
    page.card.open_button.click()
    registers = desk.made["registers"]
    assert isinstance(registers, RegistersPage)

    def at_field() -> bool:
        view = registers.view()
        form = view.pane.entry.form if view is not None and view.pane is not None else None
        return (
            form is not None
            and form.identifier == first.id
            and form.boxes["litres"].editor.isAncestorOf(window.focusWidget() or window)
        )

    qtbot.waitUntil(at_field, timeout=PATIENCE)
    view = registers.view()
    assert view is not None
    assert view.pane is not None
    entry = view.pane.entry
    entry.form.boxes["litres"].editor.set_typed("55")
    with qtbot.waitSignal(entry.saved, timeout=PATIENCE):
        entry.save()
    page = findings(window, qtbot)
    qtbot.waitUntil(lambda: len(over_the_tank(page)) == 1, timeout=PATIENCE)
    page.table.selectRow(over_the_tank(page)[0])
    page.card.waive_button.click()
    page.card.reason.setText("另备了一个油桶，已经核实")
    page.card.keep_button.click()
    qtbot.waitUntil(lambda: not over_the_tank(page), timeout=PATIENCE)
    page.waived.setChecked(True)
    assert len(over_the_tank(page)) == 1
