"""Files copied, moved, rolled back and written to by several offices: no two changes get one number, nothing is lost."""

from __future__ import annotations

import random
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from branches import MEMORY, STEPS, VOCABULARY, Step, all_meet, clock, do, edited, empty, log, meet, whole
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from db.errors import Refusal
from db.ledger.health import health
from db.ledger.ledger import Ledger
from db.store.replica import Installation

FILE = st.integers(0, 5)
MOST = 6


@dataclass
class Kept:
    """A ledger file somewhere, the changes acknowledged in it, and older copies of it with what was in them."""

    ledger: Ledger
    acknowledged: set[str]
    backups: list[tuple[Path, set[str]]]


class Files(RuleBasedStateMachine):
    """Clerks with a file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.homes = [Installation(self.place / f"home{number}") for number in range(2)]
        self.files: list[Kept] = []
        self.numbered: dict[tuple[str, int], str] = {}
        self.count = 0

    def teardown(self) -> None:
        try:
            ledgers = [kept.ledger for kept in self.files]
            if ledgers:
                all_meet(ledgers)
                all_meet(ledgers)
                agreed = whole(ledgers[0])
                assert all(whole(other) == agreed for other in ledgers[1:])
                assert health(ledgers[-1]).ailments == ()
        finally:
            for kept in self.files:
                kept.ledger.close()
            shutil.rmtree(self.place, ignore_errors=True)

    def _path(self) -> Path:
        self.count += 1
        return self.place / f"台账 {self.count}.zgl"

    def _open(self, path: Path, home: int) -> Ledger:
        return Ledger.open(path, self.homes[home % 2], vocabulary=VOCABULARY, clock=clock(self.count - 3))

    def _one(self, number: int) -> Kept:
        return self.files[number % len(self.files)]

    @initialize()
    def three_files(self) -> None:
        for number in range(3):
            path = self._path()
            path.write_bytes(empty())
            self.files.append(Kept(self._open(path, number), set(), []))

    @rule(at=FILE, step=STEPS)
    def do_something(self, at: int, step: Step) -> None:
        """A deed, an undo, a decision, or a meeting."""
        kept, before = self._one(at), log_hashes(self._one(at).ledger)
        if step.value == 0:
            self.keep_a_copy(at)
        ledgers = [kept.ledger, *(other.ledger for other in self.files)]
        outcome = do(ledgers, Step(step.what, 0, step.record, step.other, step.value))
        kept.acknowledged = log_hashes(kept.ledger)
        assert before <= kept.acknowledged
        assert len(kept.acknowledged - before) == (outcome.taken if outcome else 0)

    @rule(one=FILE, other=FILE)
    def merge(self, one: int, other: int) -> None:
        a, b = self._one(one), self._one(other)
        meet(a.ledger, b.ledger)
        assert a.acknowledged | b.acknowledged <= log_hashes(a.ledger)
        a.acknowledged = log_hashes(a.ledger)

    @rule(at=FILE, home=st.integers(0, 1))
    def copy(self, at: int, home: int) -> None:
        """Copied beside itself, or onto the other machine; both go on being written to."""
        if len(self.files) < MOST:
            kept, path = self._one(at), self._path()
            shutil.copy(kept.ledger.path, path)
            self.files.append(Kept(self._open(path, home), set(kept.acknowledged), list(kept.backups)))
            self._write_on(self.files[-1])
            self._write_on(kept)

    @rule(at=FILE, home=st.integers(0, 1))
    def move(self, at: int, home: int) -> None:
        kept, path = self._one(at), self._path()
        kept.ledger.close()
        kept.ledger.path.rename(path)
        kept.ledger = self._open(path, home)

    @rule(at=FILE)
    def keep_a_copy(self, at: int) -> None:
        kept, path = self._one(at), self._path()
        shutil.copy(kept.ledger.path, path)
        kept.backups.append((path, set(kept.acknowledged)))

    @rule(at=FILE, which=st.integers(0, 3), whole_file=st.booleans(), reopen=st.booleans())
    def roll_back(self, at: int, which: int, whole_file: bool, reopen: bool) -> None:
        """An older copy is put back, written over the file or put in its place, also while it is open."""
        kept = self._one(at)
        if not kept.backups:
            return
        self._write_on(kept)
        path, kept.acknowledged = kept.backups[which % len(kept.backups)]
        if reopen:
            kept.ledger.close()
        if whole_file:
            part = path.with_suffix(".part")
            shutil.copy(path, part)
            part.replace(kept.ledger.path)
        else:
            shutil.copy(path, kept.ledger.path)
        if reopen:
            kept.ledger = self._open(kept.ledger.path, self.homes.index(kept.ledger.installation))
        self._write_on(kept)

    def _write_on(self, kept: Kept) -> None:
        """Whoever was surprised by a file goes on working in it."""
        edited(kept.ledger, "m1", number=self.count, deleted=False)
        kept.acknowledged = log_hashes(kept.ledger)

    @rule(at=FILE)
    def swap(self, at: int) -> None:
        """Two files change places, as two USB sticks under one drive letter do."""
        one, other = self._one(at), self._one(at + 1)
        if one is other:
            return
        paths = one.ledger.path, other.ledger.path
        homes = self.homes.index(one.ledger.installation), self.homes.index(other.ledger.installation)
        for kept in (one, other):
            kept.ledger.close()
        between = paths[0].with_suffix(".between")
        paths[0].rename(between)
        paths[1].rename(paths[0])
        between.rename(paths[1])
        one.ledger, other.ledger = self._open(paths[1], homes[1]), self._open(paths[0], homes[0])

    @rule(at=FILE)
    def rebuild(self, at: int) -> None:
        self._one(at).ledger.rebuild()

    @rule(home=st.integers(0, 1), seed=st.integers(0, 9))
    def notes_lost(self, home: int, seed: int) -> None:
        """The machine forgets one of its notes."""
        notes = sorted((self.homes[home].folder / "replicas").glob("*.json"))
        if notes:
            with suppress(OSError):
                random.Random(seed).choice(notes).unlink()

    @rule(at=FILE, step=STEPS)
    def refused_deed_changes_nothing(self, at: int, step: Step) -> None:
        """A save that fails after the installation noted it, before it was committed."""
        ledger, before = self._one(at).ledger, log_hashes(self._one(at).ledger)
        take = ledger._take

        def fail(*_given: object, **_named: object) -> None:
            raise Refusal("断电了。")

        ledger._take = fail  # type: ignore[method-assign,assignment]
        try:
            assert do([ledger], Step(step.what, 0, step.record, 0, step.value)) is None or step.what == "meet"
        finally:
            ledger._take = take  # type: ignore[method-assign]
        assert log_hashes(ledger) == before

    @invariant()
    def no_number_twice_and_nothing_lost(self) -> None:
        for kept in self.files:
            table = kept.ledger.tables.log
            with kept.ledger.reading() as connection:
                found = connection.execute(select(table.c.replica, table.c.sequence, table.c.hash)).all()
            for replica, sequence, digest in found:
                assert self.numbered.setdefault((replica, sequence), digest) == digest
            assert {row.hash for row in found} == kept.acknowledged


def log_hashes(ledger: Ledger) -> set[str]:
    """The hashes of the log."""
    with ledger.reading() as connection:
        return set(connection.execute(select(ledger.tables.log.c.hash)).scalars())


TestFiles = Files.TestCase
TestFiles.settings = settings(max_examples=max(20, settings().max_examples // 2), stateful_step_count=25)


def test_a_rolled_back_file_agrees_again_when_met() -> None:
    """What the file lost comes back from the others, under its old number."""
    files = Files()
    files.three_files()
    files.keep_a_copy(0)
    files.do_something(0, Step("edit", 0, 0, 0, 1))
    lost = log(files.files[0].ledger)
    files.merge(1, 0)
    files.roll_back(0, 0, False, False)
    files.do_something(0, Step("edit", 0, 0, 0, 2))
    files.no_number_twice_and_nothing_lost()
    files.merge(0, 1)
    assert lost <= log(files.files[0].ledger)
    files.teardown()
