"""Two offices on two computers with one stick, for the tests of the page 交换."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from db.exchange import pack
from db.exchange.contents import Party
from db.exchange.sealing import Seal
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.records import Problem
from db.store.replica import Installation
from desktop_app.gui.exchange_volumes import Volume
from desktop_app.rectification import ledgers


@dataclass(frozen=True)
class Office:
    """The other office: its ledger, and the stick its files go on."""

    ledger: Ledger
    stick: Path

    def give(self, name: str, *, seal: Seal | None = None) -> Path:
        """Packs everything on the stick."""
        unit = ledgers.own_unit(self.ledger, self.ledger)
        assert unit is not None
        pack.pack(self.ledger, self.stick / name, sender=Party(unit.id, unit.name or ""), seal=seal)
        return self.stick / name

    def problem(self, title: str, identifier: str = "") -> str:
        """Writes a new problem, or another title of one; its id."""
        unit = ledgers.own_unit(self.ledger, self.ledger)
        assert unit is not None
        known = self.ledger.get(Problem, identifier)
        made = edit(known, title=title) if known is not None else create(Problem, unit=unit.id, title=title)
        self.ledger.act(Deed("录入问题", "李某", (made,)))
        return made.id

    def volume(self) -> Volume:
        """The stick as the system knows it."""
        return Volume(self.stick, "爱国者", 1 << 30, writable=True)


def branch(folder: Path, name: str = "某市公安局东湖分局西街派出所") -> Office:
    """A branch on a computer of its own."""
    stick = folder / "U盘"
    stick.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.zgl"
    ledgers.new_ledger(path, name, "李某").close()
    return Office(Ledger.open(path, Installation(folder / "他们的电脑")), stick)
