"""Looking for records off the thread of the window: the latest question wins, and the index is kept up meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from db.ledger.change import Outcome
from db.ledger.searching import Search
from desktop_app.gui.session import Session, Work
from desktop_app.rectification import searching
from desktop_app.rectification.searching import Shown

_AFTER = 1_500
"""Milliseconds after a deed until the index follows it, when nobody looks for anything."""
_AT_ONCE = 3_000
"""So many changes the index follows before a question is answered; more are taken in by a job of their own."""
_TOLD = 10_000
"""Of more changes than these it is told in the frame that they are taken in."""
_WHOLE = 300
"""Records of a group that is shown by itself."""


@dataclass(frozen=True)
class Group:
    """What was found on a shelf: its records, how many there are, and whether there may be more than that; the kinds of
    record by number where the group is shown by itself."""

    shelf: int
    found: tuple[Shown, ...]
    count: int
    more: bool
    kinds: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was found by what one typed; ``whole`` says that the index held everything that was there."""

    typed: str
    groups: tuple[Group, ...]
    whole: bool


class LedgerSearch(QObject):
    """The search through the ledger of a session."""

    learned = Signal()
    """The index holds everything now: ask again."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._search: Search | None = None
        self._asked: Work | None = None
        self._learning: Work | None = None
        self._closed = False
        self._later = QTimer(self, singleShot=True, interval=_AFTER)
        self._later.timeout.connect(self.learn)
        session.closing.connect(self._close)

    def hear(self, outcome: Outcome) -> None:
        """A deed was done: the index follows when nothing else happens."""
        if outcome.touched or outcome.reshaped:
            self._later.start()

    def learn(self) -> None:
        """Brings the index up to the ledger, off the thread; told in the frame where it takes long."""
        if self._learning is None and not self.session.closed:
            self._learning = self.session.run(
                lambda _work: self._opened().behind(), self._begin, lambda _refusal: self._done(0), behind=True
            )

    def _begin(self, behind: int) -> None:
        def job(work: Work) -> int:
            return self._opened().refresh(lambda: work.cancelled() or self._closed, work.progress)

        label = "建立搜索索引" if behind > _TOLD else ""
        self._learning = self.session.run(job, self._done, lambda _refusal: self._done(0), label=label, behind=True)

    def _done(self, count: int) -> None:
        self._learning = None
        if count:
            self.learned.emit()

    def _opened(self) -> Search:
        """The search; its file is opened by whoever comes first, off the thread."""
        if self._search is None:
            self._search = searching.opened(self.session.ledger)
        return self._search

    def ask(self, typed: str, shelf: int | None, done: Callable[[Answer], None]) -> None:
        """Looks for what is typed on every shelf, or whole on one; an earlier question is not answered any more."""
        self.forget()

        def job(work: Work) -> Answer:
            return self._answer(work, typed, shelf)

        def told(answer: Answer) -> None:
            if self._asked is work:
                self._asked = None
                done(answer)
                if not answer.whole:
                    self.learn()

        work = self._asked = self.session.run(job, told, lambda _refusal: None, at_once=True)

    def recent(self, done: Callable[[Sequence[Shown]], None]) -> None:
        """The records that were worked on last."""
        self.forget()

        def told(found: Sequence[Shown]) -> None:
            if self._asked is work:
                self._asked = None
                done(found)

        def job(_work: Work) -> Sequence[Shown]:
            found = searching.lately(self.session.ledger)
            searching.prepare()
            return found

        work = self._asked = self.session.run(job, told, lambda _refusal: None, at_once=True)

    def forget(self) -> None:
        """Nobody waits for an answer any more."""
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None

    def _answer(self, work: Work, typed: str, only: int | None) -> Answer:
        search = self._opened()
        whole = search.behind() <= _AT_ONCE
        if whole:
            search.refresh(work.cancelled)
        groups = []
        for shelf in searching.SHELF_NAMES if only is None else (only,):
            most = searching.SHOWN if only is None else _WHOLE
            hits = search.find(typed, shelf, most, cancelled=work.cancelled)
            kinds: tuple[tuple[str, int], ...] = ()
            if only is None:
                count, more = search.count(typed, shelf, searching.TOLD, cancelled=work.cancelled)
            else:
                counts = search.counts(typed, shelf, cancelled=work.cancelled)
                count, more = sum(counts.values()), False
                titles = self.session.ledger.tables.records
                kinds = tuple((titles[name].schema.title, number) for name, number in counts.items() if name in titles)
            shown = searching.shown(self.session.ledger, hits, typed)
            groups.append(Group(shelf, tuple(shown), max(count, len(shown)), more, kinds))
        return Answer(typed, tuple(groups), whole)

    def _close(self) -> None:
        self._closed = True
        self._later.stop()
        self.forget()
        if self._search is not None:
            self._search.close()
