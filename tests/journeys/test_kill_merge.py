"""Killed at any moment of a merge: the ledger is as before or as after it, never between, and merging again completes it."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.exchange import merge
from db.exchange.check import open_package
from db.exchange.pack import pack
from db.ledger import history
from db.ledger.change import Deed, create, edit
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.schema.records import Evidence, Problem
from db.store.replica import Installation

ROOT = Path(__file__).resolve().parents[2]
FILES, EACH = 6, 400

_CLERK = """
import sys
from pathlib import Path
from db.exchange import merge
from db.exchange.check import open_package
from db.ledger.ledger import Ledger
from db.store.replica import Installation

place = Path(sys.argv[1])
ledger = Ledger.open(place / "市局.zgl", Installation(place / "head"))
files = [open_package(path, deep=False) for path in sorted(place.glob("*.zgx"))]
print("begun", flush=True)
told = merge.merge(ledger, files, backup_folder=place / "备份")
print("taken", told.taken, flush=True)
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A head office's file, and a branch's packages of one series that change, dispute and add to it, papers with them."""
    place = tmp_path_factory.mktemp("desk")
    head = Ledger.create(place / "市局.zgl", Installation(place / "head"))
    shared = tuple(create(Problem, title=f"题{number}") for number in range(EACH))
    head.act(Deed("新建", "甲", shared))
    shutil.copyfile(head.path, place / "东山.zgl")
    east = Ledger.open(place / "东山.zgl", Installation(place / "east"))
    head.act(Deed("改", "市", tuple(edit(one, title=f"市{one.title}") for one in head.all(Problem)[: EACH // 10])))
    for number in range(FILES):
        seen = history.seen(east)
        scan = place / "扫描件.pdf"
        scan.write_bytes(bytes([number]) * 300_000)
        sheet = east.keep(scan)
        edits = [edit(one, title=f"东{number}{one.title}") for one in east.all(Problem)[: EACH // 2]]
        edits += [create(Problem, title=f"新{number}.{at}", symptoms="表现" * 100) for at in range(EACH // 2)]
        east.act(Deed("录入", "东", (*edits, create(Evidence, title="件", paper=sheet))))
        pack(east, place / f"东山{number}.zgx", seen=seen)
    head.close()
    east.close()
    return place


def test_killed_at_any_moment_of_a_merge(desk: Path, tmp_path: Path) -> None:
    _kill_again_and_again(desk, tmp_path, 5)


@pytest.mark.soak
def test_killed_two_hundred_times_in_a_merge(desk: Path, tmp_path: Path) -> None:
    _kill_again_and_again(desk, tmp_path, 200)


def _kill_again_and_again(desk: Path, tmp_path: Path, kills: int) -> None:
    shutil.copytree(desk, tmp_path / "whole")
    home = Installation(desk / "head")
    before, after, lasted = _merged(tmp_path / "whole")
    chance = random.Random("merge")
    midway = 0
    for kill in range(kills):
        place = tmp_path / f"kill{kill}"
        shutil.copytree(desk, place)
        (place / "备份").mkdir()
        command = [sys.executable, "-c", _CLERK, str(place)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as clerk:
            assert clerk.stdout is not None
            assert clerk.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0, lasted))
            clerk.kill()
            acknowledged = clerk.stdout.read().startswith("taken")
        midway += (place / "市局.zgl-journal").exists()
        ledger = Ledger.open(place / "市局.zgl", home)
        assert history.head(ledger) in ((after,) if acknowledged else (before, after))
        assert health(ledger).ailments == ()
        files = [open_package(path) for path in sorted(place.glob("*.zgx"))]
        merge.merge(ledger, files)
        assert history.head(ledger) == after
        for one in files:
            one.close()
        ledger.close()
        shutil.rmtree(place)
    print(f"{midway} of {kills} kills met an open merge")


def _merged(place: Path) -> tuple[str, str, float]:
    """The log before and after a merge that nobody ends, and the seconds it takes."""
    (place / "备份").mkdir()
    ledger = Ledger.open(place / "市局.zgl", Installation(place / "head"))
    before = history.head(ledger)
    ledger.close()
    with subprocess.Popen(
        [sys.executable, "-c", _CLERK, str(place)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as clerk:
        assert clerk.stdout is not None
        assert clerk.stdout.readline() == "begun\n"
        begun = time.monotonic()
        assert clerk.stdout.readline().startswith("taken")
        lasted = time.monotonic() - begun
    ledger = Ledger.open(place / "市局.zgl", Installation(place / "head"))
    after = history.head(ledger)
    assert health(ledger).ailments == ()
    ledger.close()
    return before, after, lasted
