"""Merging checked files into a ledger: a backup first, one transaction for all of them, a receipt at the end.

A file that cannot be taken is refused by itself, with its sentence, and the others are taken; whatever else goes wrong (the disk
is full, the program is ended, the clerk cancels) leaves the ledger as it was. Merging again changes nothing and says so.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from db import clock
from db.exchange import belonging, peers, returning
from db.exchange.contents import Cancelled, Contents, Party, Progress, never, silent
from db.exchange.receipt import Count, FileFate, Point, Receipt, data, is_name
from db.exchange.walk import Fate, Stopped, Walk
from db.ledger import history
from db.ledger.change import Change, Outcome
from db.ledger.ledger import Ledger
from db.ledger.taking import Taking
from db.store import blobs, file, withheld

RECEIPT = "exchange.receipt:"
"""The notes that keep this file's receipts, by their ids; they never travel by themselves."""
_BACKED = 0.1
"""Part of the work that is done when the backup is made."""
_TOUCHED = 20_000
"""Touched records told to the program's pages one by one; beyond, every page looks anew."""


@dataclass
class _Tally:
    """What a merge did so far, for the receipt and for the pages."""

    taking: Taking
    touched: dict[tuple[str, str], None] = field(default_factory=dict)
    disputed: dict[str, set[str]] = field(default_factory=dict)
    reshaped: set[str] = field(default_factory=set)

    def count(self, fate: Fate, taken: Sequence[Change], passed: Sequence[Change], outcome: Outcome) -> None:
        """Sorts changes by the unit and the schema of their records."""
        for at, changes in enumerate((taken, passed)):
            for key, number in self._sorted(changes).items():
                before = fate.counts.get(key, (0, 0))
                fate.counts[key] = (before[0] + number, before[1]) if at == 0 else (before[0], before[1] + number)
        if len(self.touched) <= _TOUCHED:
            self.touched.update(dict.fromkeys(outcome.touched))
        for record, identifier, _ in outcome.conflicts:
            self.disputed.setdefault(record, set()).add(identifier)
        self.reshaped |= set(outcome.reshaped)

    def _sorted(self, changes: Sequence[Change]) -> dict[tuple[str, str], int]:
        """(unit, schema) → number of changes. A change that names its unit is asked itself, the others by their records."""
        found: dict[tuple[str, str], int] = {}
        asked: dict[str, list[str]] = {}
        known = self.taking.tables.records
        pointers = {
            name: belonging.pointer(known[name].schema) for name in {one.record for one in changes} if name in known
        }
        for change in changes:
            name, to = pointers.get(change.record, ("", ""))
            unit = change.fields.get(name) if to == belonging.UNIT and change.record != belonging.UNIT else None
            if isinstance(unit, str):
                found[unit, change.record] = found.get((unit, change.record), 0) + 1
            else:
                asked.setdefault(change.record, []).append(change.id)
        for record, ids in asked.items():
            units = belonging.units(self.taking.connection, self.taking.tables, record, ids)
            for identifier in ids:
                key = units[identifier], record
                found[key] = found.get(key, 0) + 1
        return found

    def open(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """(unit, schema) → (id, field) of the conflicts now open among the records touched."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        connection, tables = self.taking.connection, self.taking.tables
        for record, ids in sorted(self.disputed.items()):
            units = belonging.units(connection, tables, record, ids)
            for identifier, name in tables.statements.disputes.stream(connection, sorted(ids), record_=record):
                found.setdefault((units[identifier], record), []).append((identifier, name))
        return found


def merge(
    ledger: Ledger,
    files: Sequence[Contents],
    *,
    backup_folder: Path | None = None,
    actor: str = "",
    receiver: Party | None = None,
    progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Receipt:
    """Takes over checked files, in whatever order they are given; ``receiver`` is this office as the receipt names it.

    ``Refusal`` when it is cancelled, ``Fault`` when the computer stands in the way: then nothing was changed. A backup is made
    into ``backup_folder`` (None: none) where the files bring anything.
    """
    with ledger.merging() as taking:
        # Made while the file is held: the backup is the ledger as it was before this merge, and nothing in between is lost.
        backup = ""
        if backup_folder is not None and _brings(taking, files):
            backup = file.backup(ledger.path, backup_folder, ledger.clock(), lambda d: progress(d * _BACKED)).name
        before, tally = taking.position(), _Tally(taking)
        walk = Walk(taking, tally.count, lambda done: progress(_BACKED + done * (1 - _BACKED)), cancelled)
        fates = walk.over(files)
        after = taking.position()
        made = clock.stamp(ledger.clock())
        told = _receipt(taking, fates, tally, (before, after))
        found = Receipt(
            secrets.token_hex(8),
            made,
            actor,
            receiver or Party(),
            *told,
            backup=backup,
            outcome=_outcome(tally, after - before),
        )
        _note(taking, fates, found)
        if cancelled():
            raise Stopped("已取消，文件没有并入，本台账没有改动。", "", "exchange")
    return found


def _brings(taking: Taking, files: Sequence[Contents]) -> bool:
    """Whether files hold anything that may not be here yet."""
    if any(span.last > taking.head(span.replica)[0] for one in files for span in one.spans):
        return True
    if withheld.there(taking.connection):
        return True  # what comes may stand where only a placeholder is
    return any(not blobs.known(taking.connection, taking.tables, digest) for one in files for digest in one.papers)


def _outcome(tally: _Tally, taken: int) -> Outcome:
    conflicts = tuple(
        (record, identifier, name) for (_, record), found in tally.open().items() for identifier, name in found
    )
    touched = tuple(tally.touched) if len(tally.touched) <= _TOUCHED else ()
    reshaped = tally.reshaped if touched or not taken else {*tally.taking.tables.records}
    return Outcome(touched, conflicts, taken, "", "并入交换文件", tuple(sorted(reshaped)))


def _receipt(
    taking: Taking, fates: Sequence[Fate], tally: _Tally, positions: tuple[int, int]
) -> tuple[tuple[FileFate, ...], tuple[Count, ...], tuple[Point, ...], str, int, int, str]:
    """files, counts, points, head, first, last, mark."""
    sums: dict[tuple[str, str], list[int]] = {}
    for fate in fates:
        for (unit, record), (taken, passed) in fate.counts.items():
            # What stands in a foreign field may be anything; a receipt names ids alone.
            both = sums.setdefault((unit if is_name(unit) else "", record), [0, 0])
            both[0] += taken
            both[1] += passed
    disputed: dict[tuple[str, str], int] = {}
    for (unit, record), open_ in tally.open().items():
        key = unit if is_name(unit) else "", record
        disputed[key] = disputed.get(key, 0) + len(open_)
    counts = []
    for unit, record in sorted({*sums, *disputed}):
        taken, passed = sums.get((unit, record), (0, 0))
        counts.append(Count(unit, record, taken, passed, disputed.get((unit, record), 0)))
    here = [Point(*one) for one in history.points(taking.connection, taking.tables)]
    head = history.head_in(taking.connection, taking.tables)
    first, last = (positions[0] + 1, positions[1]) if positions[1] > positions[0] else (0, 0)
    mark = hash_at(taking, last) if last else ""
    return tuple(_fate(taking, fate) for fate in fates), tuple(counts), tuple(here), head, first, last, mark


def hash_at(taking: Taking, position: int) -> str:
    """The hash of the change at a position of the log; "" where there is none."""
    log = taking.tables.log
    return str(taking.connection.execute(select(log.c.hash).where(log.c.position == position)).scalar() or "")


def _fate(taking: Taking, fate: Fate) -> FileFate:
    one, refusal = fate.file, fate.refusal
    agrees = ""
    if refusal is None and one.head and one.seen:
        found = history.head_in(taking.connection, taking.tables, one.seen)
        agrees = "yes" if found == one.head else "no" if found else ""
    words = (refusal.sentence, refusal.advice) if refusal is not None else ("", "")
    if refusal is None and not fate.taken and returning.taken_back(taking.connection, taking.tables, one.hash):
        words = ("", "这份文件以前并入过，后来撤回了。要恢复，请在“历史”里撤销“撤回并入”那一步。")
    return FileFate(
        one.path.name, one.kind, one.hash, one.series, one.number, one.sender, one.made, one.count, fate.taken, fate.passed,
        fate.papers, agrees, *words,
    )  # fmt: skip


def _note(taking: Taking, fates: Sequence[Fate], receipt: Receipt) -> None:
    """Keeps what was learned of the senders, and the receipt; a merge that brought nothing at all leaves no trace."""
    others = {replica for one in peers.peers_in(taking.connection, taking.tables) for replica in one.replicas}
    others |= _own(taking, {span.replica for fate in fates for span in fate.file.spans})
    fresh = False
    for fate in sorted(fates, key=lambda fate: (fate.file.series, fate.file.number)):
        if fate.refusal is None:
            brought = bool(fate.taken or fate.papers)
            fresh |= peers.note_file(taking, fate.file, others, receipt.made, brought=brought)
            others |= {span.replica for span in fate.file.spans}
    if fresh:
        taking.note(RECEIPT + receipt.id, data(receipt).decode())


def _own(taking: Taking, replicas: Collection[str]) -> set[str]:
    """Those of the replicas under which this file itself was written."""
    log = taking.tables.log
    query = select(log.c.local).where(log.c.sequence == 1)
    return {one for one in replicas if taking.connection.execute(query.where(log.c.replica == one)).scalar()}
