"""A ledger whose one category has every test a rule can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.ledger.ledger import Ledger
from db.schema.definition.toml import read_file
from desktop_app.rectification import categories, ledgers

EVERY = Path(__file__).parents[3] / "laws" / "every_test.toml"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A new ledger with that category beside the program's own."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    made = ledgers.new_ledger(tmp_path / "台账.zgl", "某分局", "王")
    categories.install(made, "王", [read_file(EVERY)])
    return made
