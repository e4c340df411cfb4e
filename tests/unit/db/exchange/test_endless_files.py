"""A ledger file of millions of rows, made to fill the memory of whoever opens it: one sentence, bounded in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.store import file, withheld
from db.store.replica import Installation

_ROOT = Path(__file__).parents[4]
_OPEN = """
import sys
from pathlib import Path
from db.errors import Refusal
from db.exchange import check
try:
    check.open_package(Path(sys.argv[1])).close()
    print("opened")
except Refusal as refusal:
    print(refusal.sentence)
status = Path("/proc/self/status")  # of this program alone: getrusage counts what its parent held when it was begun
if status.exists():
    print(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")))
"""


def _endless(place: Path, rows: int, replica: str) -> Path:
    """A ledger with that many placeholders, each under the replica that the SQL gives for its number ``n``."""
    ledger = Ledger.create(place / "来文.zgl", Installation(place / "home"))
    ledger.act(Deed("填写", "某人", (Edit("unit", "u1", {"name": "甲分局"}),)))
    ledger.close()
    plain = file.driver().connect(str(ledger.path), isolation_level=None)
    for words in withheld.making():
        plain.execute(words)
    plain.execute("BEGIN")
    plain.execute(
        f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {rows}) "
        f"INSERT INTO withheld (replica, sequence, hash) SELECT {replica}, n, printf('%064x', n) FROM c"
    )
    plain.execute("PRAGMA user_version = 2")
    plain.execute("COMMIT")
    plain.close()
    return ledger.path


def _told(path: Path) -> tuple[str, int]:
    """What opening it says, and the kilobytes it took (0 where the system does not tell)."""
    command = [sys.executable, "-X", "utf8", "-c", _OPEN, str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8", cwd=_ROOT)
    sentence, *memory = told.stdout.strip().splitlines()
    return sentence, int(memory[0]) if memory else 0


def test_a_log_of_a_great_many_replicas_is_refused(tmp_path: Path) -> None:
    sentence, memory = _told(_endless(tmp_path, 100_100, "printf('%016x', n)"))
    assert "副本太多" in sentence
    assert memory < 512 * 1024


@pytest.mark.soak
@pytest.mark.skipif(os.environ.get("ZHENGGAI_PROFILE") != "soak", reason="takes minutes: make soak")
@pytest.mark.parametrize("replica", ["printf('%016x', n)", "'aaaaaaaaaaaaaaaa'"])
def test_five_million_rows_are_bounded(tmp_path: Path, replica: str) -> None:
    sentence, memory = _told(_endless(tmp_path, 5_000_000, replica))
    assert "副本太多" in sentence or sentence == "opened"
    assert memory < 512 * 1024
