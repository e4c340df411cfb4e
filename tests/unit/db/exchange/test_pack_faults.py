"""A full disk, a stick pulled out, a program killed: the target is whole or not there, and no number is given twice."""

from __future__ import annotations

import errno
import io
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from db.errors import Fault, Refusal
from db.exchange import check, keys, pack
from db.exchange.sealing import Seal
from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.store import blobs
from db.store.replica import Installation

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def branch(tmp_path: Path) -> Ledger:
    ledger = Ledger.create(tmp_path / "甲.zgl", Installation(tmp_path / "home"))
    data = random.Random(1).randbytes(40_000)
    sheet = blobs.sheet_of("印章.png", data, "image/png")
    edits = (*(Edit("unit", f"u{n}", {"name": f"甲{n}分局"}) for n in range(40)), Edit("unit", "u1", {"seal": sheet}))
    ledger.act(Deed("新建", "某人", edits, ((sheet, data),)))
    return ledger


class _Failing(io.FileIO):
    """A file on a disk that takes so many bytes and no more."""

    left = 0
    error = errno.ENOSPC

    def write(self, data: Any) -> int:
        if self.left < len(data):
            raise OSError(self.error, "failing")
        self.left -= len(data)
        return super().write(data)


@contextmanager
def _failing(after: int, error: int) -> Iterator[None]:
    """Whatever is written under a temporary name fails after so many bytes."""
    plain = Path.open

    def opened(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if not path.name.endswith(".part"):
            return plain(path, mode, *more, **named)
        file = _Failing(path, mode.replace("b", ""))
        file.left, file.error = after, error
        return io.BufferedRandom(file) if "+" in mode else io.BufferedWriter(file)

    with patch.object(Path, "open", opened):
        yield


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("before", [b"", b"an older one"])
def test_a_disk_that_fails_at_any_moment(branch: Ledger, tmp_path: Path, before: bytes, sealed: bool) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    target = stick / "报送.zgx"
    keys.own(branch.installation)
    seal = Seal(keys.own(branch.installation).sealing) if sealed else None
    size = pack.pack(branch, tmp_path / "x.zgx", seal=seal).size
    if before:
        target.write_bytes(before)
    luck = random.Random(2)
    for _ in range(25):
        error = luck.choice((errno.ENOSPC, errno.EIO, errno.ENODEV))
        with _failing(luck.randrange(size - 1), error), pytest.raises(Fault) as told:
            pack.pack(branch, target, seal=seal)
        assert ("磁盘已满" in told.value.sentence) is (error == errno.ENOSPC)
        assert [(path.name, path.read_bytes()) for path in stick.iterdir()] == (
            [(target.name, before)] if before else []
        )
    packed = pack.pack(branch, target, seal=seal)
    assert packed.number == 2
    with check.open_package(target, mine=keys.own(branch.installation)) as contents:
        assert contents.count == 40


def test_a_target_that_cannot_be_replaced(branch: Ledger, tmp_path: Path) -> None:
    """As Windows has it while another program holds the file; the number is not lost by it."""
    before = pack.pack(branch, tmp_path / "x.zgx")
    with (
        patch.object(Path, "replace", side_effect=PermissionError(errno.EACCES, "in use")),
        pytest.raises(Fault, match="没有权限"),
    ):
        pack.pack(branch, tmp_path / "报送.zgx")
    assert [path.name for path in tmp_path.glob("*报送*")] == []
    packed = pack.pack(branch, tmp_path / "报送.zgx")
    assert (packed.series, packed.number, packed.previous) == (before.series, 2, before.hash)


def test_what_was_cancelled_leaves_nothing(branch: Ledger, tmp_path: Path) -> None:
    for moments in range(4):
        asked: list[int] = []

        def cancelled(moments: int = moments, asked: list[int] = asked) -> bool:
            asked.append(1)
            return len(asked) > moments

        if moments < 2:
            with pytest.raises(Refusal, match="已取消"):
                pack.pack(branch, tmp_path / "报送.zgx", cancelled=cancelled)
            assert [path.name for path in tmp_path.glob("*报送*")] == []
    assert pack.pack(branch, tmp_path / "报送.zgx").number == 1


_CLERK = """
import sys
from pathlib import Path
from db.exchange import pack
from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.store.replica import Installation

ledger = Ledger.open(Path(sys.argv[1]), Installation(Path(sys.argv[2])))
print("open", flush=True)
for number in range(1000):
    ledger.act(Deed("改名", "某人", (Edit("unit", "u1", {"name": f"甲{number}分局"}),)))
    packed = pack.pack(ledger, Path(sys.argv[3]))
    print(packed.series, packed.number, packed.hash, flush=True)
"""


def _killed(branch: Ledger, target: Path, wait: float) -> list[tuple[str, str, str]]:
    command = [sys.executable, "-c", _CLERK, str(branch.path), str(branch.installation.folder), str(target)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as clerk:
        assert clerk.stdout is not None
        assert clerk.stdout.readline() == "open\n"
        time.sleep(wait)
        clerk.kill()
        told = clerk.stdout.read().split("\n")[:-1]
    return [(line.split()[0], line.split()[1], line.split()[2]) for line in told]


def _survives(branch: Ledger, place: Path, times: int) -> None:
    luck, given = random.Random(3), list[tuple[str, str, str]]()
    target = place / "报送.zgx"
    for _ in range(times):
        given += _killed(branch, target, luck.uniform(0.05, 0.8))
        if target.exists():
            with check.open_package(target) as contents:
                last = (contents.series, str(contents.number), contents.hash)
                given += [last] if last not in given else []
    assert len({one[:2] for one in given}) == len(given) > times // 3


def test_a_program_killed_while_it_packs(branch: Ledger, tmp_path: Path) -> None:
    _survives(branch, tmp_path, 6)


@pytest.mark.soak
def test_a_program_killed_200_times_while_it_packs(branch: Ledger, tmp_path: Path) -> None:
    _survives(branch, tmp_path, 200)
