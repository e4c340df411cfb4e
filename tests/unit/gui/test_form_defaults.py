"""A form of a register begins as its definition says, and does not ask for what is retired."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from db.schema.definition import Change
from desktop_app.gui.form import Form
from desktop_app.gui.session import Session
from desktop_app.rectification import designing, forms

VEHICLE = "official_vehicles.vehicle"


def test_a_new_row_begins_with_the_defaults_and_is_saved_with_them(qtbot: QtBot, session: Session) -> None:
    form = Form(session, session.ledger.schema(VEHICLE))
    qtbot.addWidget(form)
    form.show_record(None, "new")
    assert form.boxes["state"].editor.value() == "在用"
    assert not form.touched(), "nothing was typed yet"
    form.boxes["plate"].editor.set_typed("苏B1234警")
    values = form.values()
    assert values is not None
    forms.save(session.ledger, VEHICLE, None, values, "王某", identifier="v1")
    row = session.ledger.find(VEHICLE, "v1")
    assert row is not None
    assert row.state == "在用"  # type: ignore[attr-defined]
    form.show_record(row, "v1")
    assert form.boxes["state"].editor.value() == "在用"


def test_a_given_start_is_stronger_than_a_default(qtbot: QtBot, session: Session) -> None:
    form = Form(session, session.ledger.schema(VEHICLE))
    qtbot.addWidget(form)
    form.show_record(None, "new", start={"state": "报废"})
    assert form.boxes["state"].editor.value() == "报废"


def test_a_retired_field_is_not_asked_for_even_if_it_was_required(session: Session, qtbot: QtBot) -> None:
    designing.put(
        session.ledger, "official_vehicles", [Change("field", "vehicle", "plate", None, retired=True)], "王某"
    )
    form = Form(session, session.ledger.schema(VEHICLE))
    qtbot.addWidget(form)
    assert "plate" not in form.boxes
    forms.save(session.ledger, VEHICLE, None, {"model": "途观", "state": "在用"}, "王某", identifier="v2")
    assert session.ledger.find(VEHICLE, "v2") is not None
