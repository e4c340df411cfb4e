"""Packing and merging cut off: killed at any moment, or by a disk that takes no more. Afterwards the ledger is whole, as before or as
after, no half package bears a name, and doing it again completes it."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.exchange import check, merge, pack
from db.exchange.selection import EVERYTHING
from db.ledger import history
from db.ledger.change import Deed, Edit
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.store.replica import Installation

if sys.platform == "win32":
    pytest.skip("signals and limits of POSIX", allow_module_level=True)

import resource

_ROOT = Path(__file__).parents[2]
_WORK = """
import resource, signal, sys
from pathlib import Path
from db.errors import Refusal
from db.exchange import check, merge, pack
from db.exchange.selection import EVERYTHING
from db.ledger.ledger import Ledger
from db.store.replica import Installation
what, place, limit = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
ledger = Ledger.open(place / "target.zgl", Installation(place / "here"))
file = check.open_package(place / "came.zgx", deep=False) if what == "merge" else None
print("ready", flush=True)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    if file is not None:
        told = merge.merge(ledger, [file], backup_folder=place / "backups")
        assert not told.refused, told.refused
    else:
        pack.pack(ledger, place / "out.zgx", policy=EVERYTHING)
except Refusal as refusal:
    print(refusal.sentence, flush=True)
    sys.exit(3)
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of some hundred records, and a package of as many others with papers."""
    place = tmp_path_factory.mktemp("断电")
    (place / "backups").mkdir()
    for name, home in (("target", "here"), ("source", "there")):
        ledger = Ledger.create(place / f"{name}.zgl", Installation(place / home))
        for number in range(40):
            edits = [
                Edit("problem", f"{name}{number}-{at}", {"title": f"问题{number}", "cause": "原因" * 300})
                for at in range(20)
            ]
            ledger.act(Deed("登记", "某人", tuple(edits)))
        if name == "source":
            pack.pack(ledger, place / "came.zgx", policy=EVERYTHING)
        ledger.close()
    return place


def _copy(begun: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(begun, place)


def _run(what: str, place: Path, *, limit: int = 0, kill_after: float | None = None) -> tuple[int, str]:
    command = [sys.executable, "-c", _WORK, what, str(place), str(limit)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        if kill_after is not None:
            time.sleep(kill_after)
            child.send_signal(signal.SIGKILL)
        told = child.stdout.read()
        return child.wait(), told


def _whole(place: Path, before: dict[str, int], after: dict[str, int]) -> bool:
    """Opens the ledger as the clerk would; whether the merge is in it."""
    ledger = Ledger.open(place / "target.zgl", Installation(place / "here"))
    try:
        assert health(ledger).ailments == ()
        seen = history.seen(ledger)
        assert seen in (before, after)
        return seen == after
    finally:
        ledger.close()


def _seen(place: Path, name: str, home: str) -> dict[str, int]:
    ledger = Ledger.open(place / f"{name}.zgl", Installation(place / home))
    try:
        return history.seen(ledger)
    finally:
        ledger.close()


def _tried(begun: Path, place: Path, what: str, *, limit: int = 0, kill_after: float | None = None) -> str:
    """One try and what came of it: done, refused or killed; everything is whole afterwards and can be completed."""
    _copy(begun, place)
    before = _seen(place, "target", "here")
    after = before | _seen(place, "source", "there")
    code, told = _run(what, place, limit=limit, kill_after=kill_after)
    assert code in (0, 3, -signal.SIGKILL), (code, told)
    if code == 3:
        assert len(told.strip().splitlines()) == 1, told
    if what == "merge":
        taken = _whole(place, before, after)
        assert taken or code != 0
        ledger = Ledger.open(place / "target.zgl", Installation(place / "here"))
        with check.open_package(place / "came.zgx") as file:
            merge.merge(ledger, [file])
        assert history.seen(ledger) == after
        ledger.close()
    else:
        _whole(place, before, before)
        out = place / "out.zgx"
        assert out.exists() or code != 0
        if out.exists():
            check.open_package(out).close()
        if code == 3:
            assert not out.exists()
            assert [one for one in place.iterdir() if one.name.endswith(".part")] == []
    return {0: "done", 3: "refused"}.get(code, "killed")


def _rounds(begun: Path, place: Path, count: int, seed: int) -> dict[str, int]:
    chance, found = random.Random(seed), dict[str, int]()
    for turn in range(count):
        what = ("merge", "pack")[turn % 2]
        if turn % 4 < 2:
            came = _tried(begun, place, what, kill_after=chance.random() * 0.6)
        else:
            came = _tried(begun, place, what, limit=chance.randrange(1, 6_000_000 if what == "merge" else 300_000))
        found[came] = found.get(came, 0) + 1
    return found


def test_a_few_cuts_leave_everything_whole(begun: Path, tmp_path: Path) -> None:
    assert resource.RLIMIT_FSIZE is not None
    found = _rounds(begun, tmp_path / "试", 2, 1)
    assert sum(found.values()) == 2
    assert _tried(begun, tmp_path / "满", "merge", limit=700_000) == "refused"
    assert _tried(begun, tmp_path / "满", "pack", limit=4_096) == "refused"


@pytest.mark.soak
def test_two_hundred_cuts_leave_everything_whole(begun: Path, tmp_path: Path) -> None:
    found = _rounds(begun, tmp_path / "试", 200, 2)
    assert min(found.get(one, 0) for one in ("done", "refused", "killed")) > 5, found
