"""Killed at any moment of a save, of a big deed, of a change of definitions or of a rebuild: the ledger opens, and nothing acknowledged is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.ledger import history
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.schema.records import Problem, Unit
from db.store.replica import Installation

ROOT = Path(__file__).resolve().parents[2]
BIG = 500

_CLERK = f"""
import sys
from pathlib import Path
from db.ledger.change import Deed, Edit, create
from db.ledger.ledger import Ledger
from db.schema.records import Category, Definition, Problem, Unit, definition_id
from db.store.replica import Installation

what, path, home, first = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
ledger = Ledger.open(path, Installation(home))
print("open", flush=True)
for number in range(first, first + 1_000_000):
    if what == "save":
        done = ledger.act(Deed("新建", "某人", (create(Unit, name=str(number)),)))
    elif what == "big":
        edits = tuple(create(Problem, title=f"{{number}}", number=n + 1, symptoms="表现" * 200) for n in range({BIG}))
        done = ledger.act(Deed("录入", "某人", edits))
    elif what == "define":
        fields = {{f"f{{n}}": {{"text": f"字段{{n}}"}} for n in range(number % 7 + 1)}}
        registers = {{f"r{{n}}": {{"title": f"登记{{n}}", "field": fields}} for n in range(number % 5 + 3)}}
        body = {{"help": str(number), "register": registers}}
        made = create(Definition, definition_id("cars", body), category="category-cars", version=number + 1, body=body)
        done = ledger.act(Deed("定义", "某人", (Edit("category", "category-cars", {{"title": "私车公养"}}), made)))
        ledger.act(Deed("填写", "某人", (Edit("cars.r0", str(number), {{"f0": "甲"}}),)))
    else:
        ledger.rebuild()
        done = None
    print(done.deed if done else "rebuilt", flush=True)
"""


def _killed(what: str, ledger: Path, home: Path, first: int, wait: float) -> list[str]:
    """Lets a clerk work for so many seconds after the ledger is open, then kills the program; the deeds acknowledged."""
    command = [sys.executable, "-c", _CLERK, what, str(ledger), str(home), str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as clerk:
        assert clerk.stdout is not None
        assert clerk.stdout.readline() == "open\n"
        time.sleep(wait)
        clerk.kill()
        said = clerk.stdout.read()
    assert clerk.returncode not in (0, 1), "the clerk stopped by itself"
    return [line for line in said.split("\n")[:-1] if line]  # a line cut off was never acknowledged


WORK = {"save": 0.12, "big": 0.4, "define": 0.3, "rebuild": 0.25}
"""What the clerk is doing, and the seconds within which he is killed."""


@pytest.mark.parametrize("what", WORK)
def test_killed_at_any_moment(tmp_path: Path, what: str) -> None:
    _kill_again_and_again(tmp_path, what, 4)


@pytest.mark.soak
@pytest.mark.parametrize("what", WORK)
def test_killed_two_hundred_times(tmp_path: Path, what: str) -> None:
    _kill_again_and_again(tmp_path, what, 67)


def _kill_again_and_again(tmp_path: Path, what: str, kills: int) -> None:
    home = Installation(tmp_path / "home")
    path = tmp_path / "台账.zgl"
    Ledger.create(path, home).close()
    if what == "rebuild":
        _killed("big", path, home.folder, 0, 1.5)
    chance = random.Random(what)
    acknowledged: set[str] = set()
    interrupted = 0
    for kill in range(kills):
        acknowledged |= set(_killed(what, path, home.folder, kill * 10_000, chance.uniform(0, WORK[what]))) - {
            "rebuilt"
        }
        interrupted += path.with_name(f"{path.name}-journal").exists()
        ledger = Ledger.open(path, home)
        deeds = {entry.deed: len(entry.touched) for entry in history.entries(ledger, limit=100_000)}
        assert acknowledged <= deeds.keys()
        if what == "big":
            assert set(deeds.values()) <= {BIG}
        if what == "define" and ledger.position():
            assert ledger.definitions["cars"].registers.keys() <= {
                name.split(".")[1] for name in ledger.tables.shapes if "." in name
            }
            assert health(ledger).ailments == ()
        ledger.close()
    ledger = Ledger.open(path, home)
    assert health(ledger).ailments == ()
    if what == "define":
        assert len(ledger.rows("cars.r0")) >= len(acknowledged) - kills
    else:
        assert ledger.count(Unit) + ledger.count(Problem) == ledger.position()
    ledger.close()
    print(f"{what}: {interrupted} of the kills met an open deed, {len(acknowledged)} deeds acknowledged")
