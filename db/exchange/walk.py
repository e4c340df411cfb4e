"""Several files one after the other: each when what it rests on is here, small ones together, a bad one by itself refused.

The same walk takes files into a ledger (``merge``) and onto a trial (``preview``), so that what is shown before is what happens
after. Files of one series go by their numbers; what else rests on what is found by trying: a file that asks for something that
is not here yet waits until another has brought it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from db.errors import Refusal
from db.exchange.contents import Cancelled, Contents, Progress, never, silent
from db.ledger.change import Change, Outcome, Withheld
from db.ledger.incoming import Missing

BATCH = 4_000
"""Changes taken at once: as many as keep memory small and statements long."""


class Target(Protocol):
    """Where changes go: an open merge of a ledger, or a trial of one."""

    def take(self, lines: Iterable[Change | Withheld]) -> tuple[list[Change], Outcome]:
        """Takes what is not there yet."""

    def keep(self, digest: str, size: int, pieces: Iterable[bytes]) -> bool:
        """Keeps a paper; whether it was not there."""

    def trying(self) -> AbstractContextManager[None]:
        """A part that is undone by itself where it fails."""

    def head(self, replica: str) -> tuple[int, str]:
        """The last number of a replica, and its hash."""


@dataclass
class Fate:
    """What became of a file: changes taken and passed over (of each unit and schema), papers kept, or why it was refused."""

    file: Contents
    taken: int = 0
    passed: int = 0
    papers: int = 0
    counts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    refusal: Refusal | None = None

    def forget(self) -> None:
        """Nothing of it was taken."""
        self.taken = self.passed = self.papers = 0
        self.counts = {}


class Stopped(Refusal):
    """The clerk wanted no more of it."""


Counting = Callable[[Fate, Sequence[Change], Sequence[Change], Outcome], None]
"""Told after each bite: whose it was, what was taken, what was here before, what it did."""


@dataclass
class Walk:
    """One walk over files into a target."""

    target: Target
    count: Counting
    progress: Progress = silent
    cancelled: Cancelled = never
    done: int = 0
    total: int = 1
    heads: dict[str, int] = field(default_factory=dict)

    def over(self, files: Sequence[Contents]) -> list[Fate]:
        """Takes what can be taken; the fates in the order of the files given."""
        fates = [Fate(one) for one in files]
        self.total = sum(one.count + one.withheld_count for one in files) or 1
        waiting = sorted(fates, key=lambda fate: (fate.file.kind != "ledger", fate.file.series, fate.file.number))
        with _uncollected():
            while waiting:
                stuck = self._round(waiting)
                if len(stuck) == len(waiting):
                    for fate in stuck:  # nothing more comes: each says what it misses
                        self._single(fate)
                    break
                waiting = stuck
        self.progress(1.0)
        return fates

    def _round(self, waiting: Sequence[Fate]) -> list[Fate]:
        """Takes those that can be taken now; the rest."""
        stuck: list[Fate] = []
        group: list[Fate] = []
        promised: dict[str, int] = {}

        def together() -> None:
            stuck.extend(self._together(group))
            group.clear()
            promised.clear()

        for fate in waiting:
            if sum(one.file.count for one in group) + fate.file.count > BATCH:
                together()
            if not self._ready(fate.file, promised):
                stuck.append(fate)
                continue
            group.append(fate)
            for span in fate.file.spans:
                promised[span.replica] = max(span.last, promised.get(span.replica, 0))
        together()
        return stuck

    def _ready(self, file: Contents, promised: Mapping[str, int]) -> bool:
        for span in file.spans:
            if span.replica not in self.heads:
                self.heads[span.replica] = self.target.head(span.replica)[0]
            if span.first > max(self.heads[span.replica], promised.get(span.replica, 0)) + 1:
                return False
        return True

    def _together(self, group: Sequence[Fate]) -> list[Fate]:
        """Takes ready files, several in one bite; those that must wait."""
        done = self.done
        if len(group) > 1:
            try:
                with self.target.trying():
                    changes = [(fate, change) for fate in group for change in fate.file.lines()]
                    self._bite([fate for fate, _ in changes], [change for _, change in changes])
                    for fate in group:
                        self._papers(fate)
                return []
            except Stopped:
                raise
            except Refusal:
                for fate in group:
                    fate.forget()
                self.heads.clear()
                self.done = done
        return [fate for fate in group if isinstance(self._single(fate), Missing)]

    def _single(self, fate: Fate) -> Refusal | None:
        """Takes one file in bites; why not, where it cannot be taken."""
        before, fate.refusal = self.done, None
        try:
            with self.target.trying():
                for changes in batched(fate.file.lines(), BATCH):
                    self._bite([fate] * len(changes), changes)
                self._papers(fate)
        except Stopped:
            raise
        except Refusal as refusal:
            fate.forget()
            self.heads.clear()
            fate.refusal, self.done = refusal, before
        return fate.refusal

    def _bite(self, whose: Sequence[Fate], lines: Sequence[Change | Withheld]) -> None:
        self._look()
        new, outcome = self.target.take(lines)
        fresh = {change.hash for change in new}
        sorted_out: dict[int, tuple[Fate, list[Change], list[Change]]] = {}
        for fate, change in zip(whose, lines, strict=True):
            if isinstance(change, Withheld):
                self.heads.pop(change.replica, None)
                continue
            _, taken, passed = sorted_out.setdefault(id(fate), (fate, [], []))
            if change.hash in fresh:
                fresh.discard(change.hash)  # the first file that brings a change is the one it was taken from
                taken.append(change)
            else:
                passed.append(change)
        for change in new:
            self.heads[change.replica] = max(change.sequence, self.heads.get(change.replica, 0))
        for fate, taken, passed in sorted_out.values():
            fate.taken += len(taken)
            fate.passed += len(passed)
            self.count(fate, taken, passed, outcome)
        self.done += len(lines)
        self.progress(min(self.done / self.total, 1.0))

    def _papers(self, fate: Fate) -> None:
        for digest, size in fate.file.papers.items():
            self._look()
            if self.target.keep(digest, size, fate.file.paper(digest)):
                fate.papers += 1

    def _look(self) -> None:
        if self.cancelled():
            raise Stopped("已取消，文件没有并入，本台账没有改动。", "", "exchange")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Changes are plain values that hold no circles; looking for circles among hundreds of thousands of them takes Python a
    fifth of the time of a merge."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def batched(lines: Iterable[Change | Withheld], size: int) -> Iterator[list[Change | Withheld]]:
    """The lines of a file, so many at a time."""
    rest = iter(lines)
    while bite := list(islice(rest, size)):
        yield bite
