"""Every kind in a cell: what is kept is shown, typed again and put into a form without becoming another value."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kind_values import TYPED, fields, values, variants
from PySide6.QtWidgets import QApplication

from db.errors import Refusal
from db.ledger.change import Deed, Edit, create
from db.schema.composite import Due, Paper
from db.schema.kinds import Kind
from db.schema.links import Ref, Refs
from db.schema.records import Unit
from desktop_app import settings as machine
from desktop_app.gui import grid_cells
from desktop_app.gui.editor import Candidate, Surroundings
from desktop_app.gui.editors import editor
from desktop_app.gui.grid_cells import Lines
from desktop_app.gui.session import Session
from desktop_app.rectification import ledgers

UNITS = {"u1": "甲分局", "u2": "乙分局", "u3": "甲分局 城关所"}
ALL = {name: kind for name, kind in (fields() | variants()).items() if not isinstance(kind, Ref | Refs | Paper)}
POINTING: dict[str, Kind[Any]] = {"ref": Ref("单位", to="unit"), "refs": Refs("单位", to="unit")}
YEAR = 2021


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Session]:
    """One session with a few units to point at."""
    folder: Path = tmp_path_factory.mktemp("cells")
    before = os.environ.get("ZHENGGAI_HOME")
    os.environ["ZHENGGAI_HOME"] = str(folder / "home")
    ledger = ledgers.new_ledger(folder / "台账.zgl", "某市公安局东湖分局", "王某")
    ledger.act(Deed("单位", "王某", tuple(_unit(i, name) for i, name in UNITS.items())))
    made = Session(ledger, machine.Settings())
    yield made
    made.close()
    if before is None:
        del os.environ["ZHENGGAI_HOME"]
    else:
        os.environ["ZHENGGAI_HOME"] = before


def _unit(identifier: str, name: str) -> Edit:
    return create(Unit, identifier, name=name)


def _around(session: Session, lines: Lines) -> Surroundings:
    known = [Candidate(identifier, line) for line, identifier in lines.all("unit").items()]
    return Surroundings(session, lambda _name: known, lines.line, lambda: YEAR)


def _value(kind: Kind[Any]) -> st.SearchStrategy[Any]:
    if isinstance(kind, Ref):
        return st.sampled_from(sorted(UNITS))
    if isinstance(kind, Refs):
        return st.lists(st.sampled_from(sorted(UNITS)), min_size=1, unique=True).map(tuple)
    return values(kind)


@pytest.mark.parametrize("name", [*ALL, *POINTING])
def test_what_a_cell_holds_can_be_typed_again(session: Session, name: str) -> None:
    kind = (ALL | POINTING)[name]
    lines = Lines(session.ledger)
    candidates = lines.all("unit") if name in POINTING else {}

    @given(_value(kind))
    def law(value: Any) -> None:
        state = grid_cells.state_of(kind, value, lines)
        assert grid_cells.read(kind, state, candidates, YEAR) == value
        words = grid_cells.words_typed(kind, state, lines)
        assert words == grid_cells.words_of(kind, value, lines)
        assert grid_cells.read(kind, words, candidates, YEAR) == value

    law()


@pytest.mark.parametrize("name", [*ALL, *POINTING])
def test_a_state_of_the_grid_is_the_same_value_in_a_form_and_back(session: Session, name: str) -> None:
    kind = (ALL | POINTING)[name]
    lines = Lines(session.ledger)
    candidates = lines.all("unit") if name in POINTING else {}
    made = editor(kind, _around(session, lines))

    @given(_value(kind))
    def law(value: Any) -> None:
        made.set_value(None)
        made.set_typed(grid_cells.state_of(kind, value, lines))
        if not isinstance(kind, Due):  # its words alone say the day only where the form would reckon the same
            assert made.value() == value
        made.set_value(None)
        made.put(value)
        assert grid_cells.read(kind, made.typed(), candidates, YEAR) == value

    law()


@pytest.mark.parametrize("name", [*ALL, *POINTING])
def test_anything_typed_is_a_value_or_refused(session: Session, name: str) -> None:
    kind = (ALL | POINTING)[name]
    lines = Lines(session.ledger)
    candidates = lines.all("unit") if name in POINTING else {}

    @given(TYPED | st.text(max_size=12))
    def law(typed: str) -> None:
        grid_cells.words_typed(kind, typed, lines)
        value = None
        with suppress(Refusal):
            value = grid_cells.read(kind, typed, candidates, YEAR)
        if value is not None:
            kind.check(value)
            state = grid_cells.state_of(kind, value, lines)
            assert grid_cells.read(kind, state, candidates, YEAR) == value

    law()
