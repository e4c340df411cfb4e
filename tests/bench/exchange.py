"""Merging files of others, against ATTACH and INSERT … SELECT of the same rows of the log in one transaction.

Every merge runs in a process of its own, so that its memory can be told; checks are made while the file is taken, and only the
signature's own hash was looked at before. Of the records that come one in a hundred was changed here too.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from db.exchange import pack
from db.exchange.contents import Party
from db.exchange.selection import EVERYTHING
from db.ledger import history
from db.ledger.change import Deed, Edit, new_id
from db.ledger.ledger import Ledger
from db.store.replica import Installation

from .measure import Ratio, timed
from .plain import connect

_WORDS = "对照检查逐项核实，列出清单，明确责任人和完成时间。"
_CHUNK = 5_000
_MB = 1 << 20


def merge_files(folder: Path, changes: int) -> Iterator[Ratio]:
    """One large file, the same in many small ones, and a small one on a short log and on a long one."""
    folder.mkdir()
    target, source, whole, small = _offices(folder, changes)
    floors = [_floor(target, source, folder)]
    large = [_merged(target, folder, [whole]) for _ in range(3)]
    floors.append(_floor(target, source, folder))
    floor, ours = sum(floors) / 2, sorted(one[0] for one in large)[1]
    yield Ratio(f"merge a file of {changes:,} changes", ours, floor, 6)
    yield Ratio("  its memory", max(one[1] for one in large), 1, 300, unit="MB")
    many = _merged(target, folder, small)
    yield Ratio(f"  the same in {len(small):,} files", many[0], ours, 2.5)
    yield from _on_long_logs(folder, changes)


def _offices(folder: Path, changes: int) -> tuple[Path, Path, Path, list[Path]]:
    """Target and source ledgers, a file of everything, and the same in files of 125 changes."""
    source = Ledger.create(folder / "source.zgl", Installation(folder / "there"))
    shared = [new_id() for _ in range(changes // 100)]
    source.act(Deed("登记", "某人", tuple(_edit(one, 0) for one in shared)))
    begun = history.seen(source)
    source.close()
    shutil.copyfile(folder / "source.zgl", folder / "target.zgl")
    target = Ledger.open(folder / "target.zgl", Installation(folder / "here"))
    target.act(Deed("修改", "某人", tuple(Edit("measure", one, {"lead": f"这里改的{one}"}) for one in shared)))
    target.close()
    source = Ledger.open(folder / "source.zgl", Installation(folder / "there"))
    written = [*shared, *(new_id() for _ in range(changes - len(shared)))]
    seen, small = begun, list[Path]()
    for at in range(0, len(written), 125):
        source.act(Deed("登记", "某人", tuple(_edit(one, at + 1) for one in written[at : at + 125])))
        packed = pack.pack(source, folder / f"{at}.zgx", seen=seen, sender=Party("u", "某分局"), policy=EVERYTHING)
        small.append(packed.path)
        seen = history.seen(source)
    whole = pack.pack(source, folder / "whole.zgx", seen=begun, policy=EVERYTHING)
    source.close()
    return folder / "target.zgl", folder / "source.zgl", whole.path, small


def _edit(identifier: str, number: int) -> Edit:
    words = dict.fromkeys(("lead", "body", "effect"), f"{_WORDS}{number}")
    return Edit(
        "measure", identifier, {**words, "number": number % 90 + 1, "mark": "一是", "problem": identifier,
                                "progress": "not_started", "own_paragraph": bool(number % 2)}
    )  # fmt: skip


_MERGE = """
import gc, resource, shutil, sys, time
from pathlib import Path
from db.exchange import merge, check
from db.ledger.ledger import Ledger
from db.store.replica import Installation
place, home, *files = map(Path, sys.argv[1:])
ledger = Ledger.open(place, Installation(home))
begun = time.perf_counter()
found = [check.open_package(one, deep=False) for one in files]
told = merge.merge(ledger, found)
taken = time.perf_counter() - begun
assert not told.refused, told.refused
print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def _merged(target: Path, folder: Path, files: Sequence[Path]) -> tuple[float, float]:
    """Seconds and megabytes a merge of these files into a copy of the target takes."""
    place = folder / "merged.zgl"
    shutil.copyfile(target, place)
    command = [sys.executable, "-c", _MERGE, str(place), str(folder / "here"), *map(str, files)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    place.unlink()
    taken, memory = map(float, told.stdout.split())
    return taken, memory / _MB


def _floor(target: Path, source: Path, folder: Path) -> float:
    """Seconds SQLite alone takes for the rows."""
    path = folder / "floor.db"
    ledger = Ledger.open(target, Installation(folder / "here"))
    log = ledger.tables.log
    ledger.close()
    plain = connect(path)
    plain.execute(str(CreateTable(log).compile(dialect=sqlite.dialect())))
    for index in sorted(log.indexes, key=lambda one: str(one.name)):
        plain.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
    plain.execute("ATTACH ? AS source", (str(source),))
    plain.execute("ATTACH ? AS target", (str(target),))
    plain.execute("INSERT INTO main.log SELECT * FROM target.log")
    names = ", ".join(column.name for column in log.c if column.name != "position")

    def copy() -> None:
        plain.execute("BEGIN IMMEDIATE")
        plain.execute(
            f"INSERT INTO main.log ({names}) SELECT {names} FROM source.log "
            "WHERE hash NOT IN (SELECT hash FROM target.log) ORDER BY position"
        )
        plain.execute("COMMIT")

    taken = timed(copy)
    plain.close()
    path.unlink()
    return taken


def _on_long_logs(folder: Path, changes: int) -> Iterator[Ratio]:
    """A thousand changes on a log of 10,000 and on one eighty times as long as what was merged above."""
    source = Ledger.create(folder / "few.zgl", Installation(folder / "few"))
    source.act(Deed("登记", "某人", tuple(_edit(new_id(), at) for at in range(1_000))))
    file = pack.pack(source, folder / "few.zgx", policy=EVERYTHING).path
    source.close()
    long = changes * 8
    taken = []
    for length in (10_000, long):
        place = folder / f"{length}.zgl"
        ledger = Ledger.create(place, Installation(folder / f"home{length}"))
        for at in range(0, length, _CHUNK):
            ledger.act(Deed("登记", "某人", tuple(_edit(new_id(), number) for number in range(at, at + _CHUNK))))
        ledger.close()
        times = sorted(_merged(place, folder, [file])[0] for _ in range(3))
        taken.append(times[1])
        place.unlink()
    yield Ratio(f"1,000 changes on a log of {long:,} beside 10,000", taken[1], taken[0], 3)
