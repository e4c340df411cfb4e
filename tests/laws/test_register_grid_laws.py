"""Every register of every category has its grid: columns for its fields, totals for its numbers, cells that take its values."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kind_values import values
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db.schema.composite import Paper
from db.schema.links import Ref, Refs
from desktop_app import settings as machine
from desktop_app.gui.grid import Grid
from desktop_app.gui.registers_page import listed
from desktop_app.gui.session import Session
from desktop_app.rectification import categories, ledgers

NAMES = [schema.name for one in categories.definitions() for schema in one.schemas()]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Session]:
    """One session for all: nothing here is saved."""
    folder: Path = tmp_path_factory.mktemp("grids")
    before = os.environ.get("ZHENGGAI_HOME")
    os.environ["ZHENGGAI_HOME"] = str(folder / "home")
    made = Session(ledgers.new_ledger(folder / "台账.zgl", "某市公安局东湖分局", "王某"), machine.Settings())
    yield made
    made.close()
    if before is None:
        del os.environ["ZHENGGAI_HOME"]
    else:
        os.environ["ZHENGGAI_HOME"] = before


def test_every_register_is_listed_once(session: Session) -> None:
    assert len(NAMES) > 50
    assert [one.name for one in listed(session.ledger, {})] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_register_has_its_grid(session: Session, name: str) -> None:
    schema = session.ledger.schema(name)
    grid = Grid(session, schema)
    model = grid.model
    labels = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    assert len(labels) == len(schema.fields)
    assert all(label.strip() for label in labels)
    assert [label.endswith("*") for label in labels] == [one.kind.required for one in schema.fields]
    assert model.rowCount() == 1
    assert grid.place.typable(), "a row can be begun"
    grid.deleteLater()


@given(data=st.data(), name=st.sampled_from(NAMES))
def test_a_cell_takes_every_value_of_its_kind(session: Session, data: st.DataObject, name: str) -> None:
    grid = Grid(session, session.ledger.schema(name))
    model = grid.model
    plain = [at for at, one in enumerate(model.fields) if not isinstance(one.kind, Ref | Refs | Paper)]
    column = data.draw(st.sampled_from(plain))
    field = model.fields[column]
    value: Any = data.draw(values(field.kind))
    if model.typing.start().get(field.name) == field.kind.show(value):
        return  # what every new row begins with is no beginning of one
    identifier = model.write(0, {column: field.kind.show(value)})
    assert model.typing.value(0, field) == value
    assert model.wrong(0, column) == ""
    assert model.words(0, column) == field.kind.show(value)
    model.typing.untype(identifier)
    assert model.rowCount() == 1
    grid.deleteLater()
