"""Rebuilding the tables from a log of 1,000,000 changes, against a plain INSERT … SELECT of that log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from db.ledger.change import Change, new_id
from db.ledger.ledger import Ledger
from db.store.replica import Installation

from .measure import Ratio, timed
from .plain import connect

_PER_RECORD = 4
_CHUNK = 40_000


def long_log(folder: Path, changes: int) -> Ledger:
    """A ledger whose log holds that many changes, made by three branches: measures written once and changed three times,
    every fiftieth by two branches at once."""
    ledger = Ledger.create(folder / "长日志.zgl", Installation(folder / "home"))
    last = dict.fromkeys(("a" * 16, "b" * 16, "c" * 16), (0, ""))
    waiting: list[Change] = []
    for record in range(changes // _PER_RECORD):
        waiting += _history(record, last)
        if len(waiting) >= _CHUNK:
            ledger.merge(waiting)
            waiting = []
    ledger.merge(waiting)
    return ledger


def _history(record: int, last: dict[str, tuple[int, str]]) -> Iterator[Change]:
    """The changes of one record, by all branches in turn; ``last`` are (sequence, hash) of each branch, kept up."""
    identifier = new_id()
    made: list[str] = []
    for step in range(_PER_RECORD):
        branch = list(last)[(record + step) % len(last)]
        sequence, previous = last[branch]
        parent = made[:1] if step > 1 and record % 50 == 0 else made[-1:]
        change = Change(
            replica=branch,
            sequence=sequence + 1,
            clock=record * _PER_RECORD + step + 1,
            time="2021-07-05T01:02:03.004Z",
            deed=f"{branch}:{sequence + 1}",
            undoes="",
            actor="某人",
            sentence="修改措施",
            record="measure",
            id=identifier,
            fields={"lead": f"措施{record}", "body": f"第{step}次填写的进展情况。" * 4, "number": step + 1},
            parents=tuple(parent),
            previous=previous,
        ).sealed()
        made.append(change.hash)
        last[branch] = (change.sequence, change.hash)
        yield change


def rebuild_all(folder: Path, changes: int) -> Iterator[Ratio]:
    """One rebuild of everything; the floor copies the log into a fresh file, indexes and all, once before and once after
    it, so that a machine that is busy for a while is busy for both."""
    ledger = long_log(folder, changes)
    before = _copied(ledger, folder / "before.db")
    ours = timed(ledger.rebuild)
    after = _copied(ledger, folder / "after.db")
    ledger.close()
    yield Ratio(f"rebuild of {changes:,} changes", ours, (before + after) / 2, 4)


def _copied(ledger: Ledger, path: Path) -> float:
    """Seconds a plain INSERT … SELECT of the log takes."""
    log = ledger.tables.log
    plain = connect(path)
    plain.execute(str(CreateTable(log).compile(dialect=sqlite.dialect())))
    for index in log.indexes:
        plain.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
    plain.execute("ATTACH ? AS ledger", (str(ledger.path),))

    def copy() -> None:
        plain.execute("BEGIN IMMEDIATE")
        plain.execute("INSERT INTO main.log SELECT * FROM ledger.log")
        plain.execute("COMMIT")

    taken = timed(copy)
    plain.close()
    path.unlink()
    return taken
