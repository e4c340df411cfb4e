"""Two branches that hold one another's records, and each its own replica."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from db.ledger import outgoing
from db.ledger.ledger import Ledger
from db.store.replica import Installation
from desktop_app.rectification import ledgers


class Offices(NamedTuple):
    """A head office and a branch that began as a copy of its file."""

    head: Ledger
    branch: Ledger

    def meet(self) -> None:
        """Each takes what the other has."""
        for one, other in ((self.head, self.branch), (self.branch, self.head)):
            one.merge(list(outgoing.unseen(other, outgoing.moment(other))))


VEHICLE = "official_vehicles.vehicle"


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offices]:
    """Both, with the same unit and categories."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    head = ledgers.new_ledger(tmp_path / "市局.zgl", "某市公安局", "王")
    shutil.copyfile(head.path, tmp_path / "分局.zgl")
    branch = Ledger.open(tmp_path / "分局.zgl", Installation(tmp_path / "other"))
    yield Offices(head, branch)
    head.close()
    branch.close()
