"""A ledger and its session for the tests of the window; nothing of this machine's settings is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_app import settings as machine
from desktop_app.gui.session import Session
from desktop_app.rectification import ledgers


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This machine's folder for the program."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def session(home: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Session]:
    """The session of a new ledger."""
    ledger = ledgers.new_ledger(tmp_path / "台账 一.zgl", "某市公安局东湖分局", "王某")
    made = Session(ledger, machine.Settings(actor="王某"))
    yield made
    made.close()
