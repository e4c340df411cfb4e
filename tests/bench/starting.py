"""How long a clerk waits for the program: the first frame beside an empty Qt window, the list of problems beside that window with
the imports it cannot do without, the same with a ledger of a million rows, the memory; and what blocks the window afterwards.

Every start is a process of its own; what is compared is its computing (on all its threads), which other work on the machine does
not lengthen, and they are started in turn. Wall times are printed beside.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.records import Problem, Unit
from desktop_app import settings as machine
from desktop_app.rectification import ledgers, sample

from . import sheets
from .measure import Ratio

ROUNDS = 5
ROOT = Path(__file__).resolve().parents[2]


def start_and_show(folder: Path, rows: int) -> Iterator[Ratio]:
    """The bounds of issue 6: 1.3 times an empty window, 1.3 times that with the imports, 1.2 times again with many rows, 300 MB."""
    folder.mkdir(parents=True, exist_ok=True)
    small = _home(folder / "small", _sample(folder / "small"))
    large = _home(folder / "large", _large(folder / "large", rows))
    runs = {
        "empty": ("empty", small),
        "imports": ("imports", small),
        "frame": ("frame", small),
        "usable": ("usable", small),
        "usable large": ("usable", large),
    }
    for what, home in runs.values():
        _run(what, home)  # an installed program has its modules compiled
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, (what, home) in runs.items():
            taken[name].append(_run(what, home))
    cpu = {name: statistics.median(one["cpu"] for one in found) for name, found in taken.items()}
    wall = {name: statistics.median(one["wall"] for one in found) for name, found in taken.items()}
    print("  wall: " + ", ".join(f"{name} {1000 * one:.0f} ms" for name, one in wall.items()), flush=True)
    yield Ratio("first frame beside an empty window", cpu["frame"], cpu["empty"], 1.3)
    yield Ratio("list of problems beside window and imports", cpu["usable"], cpu["imports"], 1.3)
    yield Ratio(f"the same with {rows:,} rows", cpu["usable large"], cpu["usable"], 1.2)
    memory = max(one["memory"] for one in taken["usable large"])
    yield Ratio(f"memory with {rows:,} rows, against 300 MB", memory, 300, 1, unit="MB")
    for name, home in (("the sample", small), (f"{rows:,} rows", large)):
        found = _run("blocks", home)
        yield Ratio(f"memory after every page, {name}", found["memory"], 300, 1, unit="MB")
        for what in ("first", "again", "scroll", "typing"):
            words = {"first": "pages for the first time", "again": "pages again"}.get(what, what)
            yield Ratio(f"longest block, {words}, {name}", found[what], 0, 0.05, extra=True)
            print(*(f"    {one}" for one in found[f"where {what}"]), sep="\n", flush=True)


def _sample(folder: Path) -> Path:
    path = folder / "示例.zgl"
    folder.mkdir(parents=True)
    ledger = ledgers.new_ledger(path, sample.unit_name(), "王某")
    sample.load(ledger, "王某")
    ledger.close()
    return path


def _large(folder: Path, rows: int) -> Path:
    """A register with that many rows, and five hundred problems."""
    folder.mkdir(parents=True)
    ledger: Ledger
    ledger, schema, to = sheets.register(folder)
    sheets.filled(ledger, schema, to, rows)
    unit = next(iter(ledger.all(Unit))).id
    made = [create(Problem, unit=unit, number=n, title=f"第{n}个问题") for n in range(1, 501)]
    ledger.act(Deed("录入问题", "某人", tuple(made)))
    ledger.close()
    return ledger.path


def _home(folder: Path, ledger: Path) -> Path:
    """A machine that had this ledger open last, on the list of problems."""
    home = folder / "home"
    path = str(ledger.absolute())
    machine.save(
        machine.Settings(actor="王某", recent=(path,), remind=False, windows={path: {"page": "problems"}}), home
    )
    return home


def _run(what: str, home: Path) -> dict[str, Any]:
    compiled = str(home.parents[1] / "compiled")
    environment = {
        **os.environ,
        "ZHENGGAI_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": compiled,
        "PYTHONDONTWRITEBYTECODE": "",
    }
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.start_run", what],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
    )
    found: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return found
