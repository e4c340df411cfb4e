"""Undo asked twice at once: each takes back a deed of its own."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from db.ledger import history, undoing
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.records import Unit
from db.store.replica import Installation


def test_two_windows_undo_two_deeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two windows on one file, both asked in the same moment: neither takes back what the other does."""
    home = Installation(tmp_path / "home")
    one = Ledger.create(tmp_path / "台账.zgl", home)
    one.act(Deed("新建", "某人", (create(Unit, "u1", name="甲"),)))
    for name in ("乙", "丙"):
        one.act(Deed(f"改成{name}", "某人", (edit(Unit(id="u1"), name=name),)))
    other = Ledger.open(tmp_path / "台账.zgl", home)
    choose = undoing.last_deed

    def slowly(*asked: Any) -> str:
        found = choose(*asked)
        time.sleep(0.2)  # long enough for the other to ask the same, were it let in
        return found

    monkeypatch.setattr(undoing, "last_deed", slowly)
    said: list[str] = []
    windows = [threading.Thread(target=lambda w=w: said.append(w.undo("某人").sentence)) for w in (one, other)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sorted(said) == ["撤销：改成丙", "撤销：改成乙"]
    assert one.get(Unit, "u1") == Unit(id="u1", name="甲")
    assert len({entry.undoes for entry in history.entries(one, limit=2)}) == 2
    one.close()
    other.close()
