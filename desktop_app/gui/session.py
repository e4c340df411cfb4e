"""What a page is handed: the open ledger, this machine's settings, who is at work, and the way to work off the thread.

There is one session for one open ledger; the frame makes it and every page gets it. A page starts a deed with ``do`` and
anything else that takes time with ``run``; both come back on the window's thread. After a deed there is one announcement,
on which pages read again what concerns them.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from time import monotonic
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Signal

from db import clock
from db.errors import Refusal
from db.ledger.change import Outcome
from db.ledger.ledger import Ledger
from desktop_app import settings as machine
from desktop_app.gui import faults
from desktop_app.gui.people import People
from desktop_app.rectification.rights import Act

T = TypeVar("T")
TELLING = 0.05
"""Seconds between two words of a job on how far it is."""


class Work:
    """A job under way, off the window's thread. The job itself is handed this, to tell how far it is and to ask whether
    somebody cancelled it."""

    def __init__(self, job: Callable[[Work], Any], session: Session, label: str) -> None:
        self.label = label
        self._job = job
        self._session = session
        self._cancelled = False
        self._told = 0.0

    def progress(self, done: int, total: int) -> None:
        """How far the job is (total 0: not known); shown in the frame. May be called from the job's thread, as often as it
        likes: only so many calls reach the window that it is not kept from its own work."""
        now = monotonic()
        if now - self._told >= TELLING or done >= total:
            self._told = now
            self._session.moved.emit(self, done, total)

    def cancel(self) -> None:
        """Asks the job to stop; it stops where it looks."""
        self._cancelled = True

    def cancelled(self) -> bool:
        """Whether somebody asked the job to stop; the shape ``Ledger.keep`` wants."""
        return self._cancelled

    def run(self) -> None:
        """A thread of the session calls this."""
        result: Any = None
        error: Refusal | None = None
        try:
            result = self._job(self)
        except Exception as raised:
            if self._session.closed:  # read from a ledger that was closed meanwhile: nobody asks any more
                return
            error = faults.told(raised)
        with suppress(RuntimeError):  # the window is gone: nobody waits any more
            self._session.ended.emit(self, result, error)


@dataclass
class _Waiting:
    """Who wants to know how a job ended."""

    done: Callable[[Any], None] | None
    failed: Callable[[Refusal], None] | None


@dataclass(frozen=True)
class Draft:
    """A half-typed form: field name → typed state; the values the form does not show (its owner); whether the record is
    a new one, not in the ledger yet. It outlives the form that shows it."""

    typed: dict[str, str]
    fixed: dict[str, Any]
    new: bool


class Session(QObject):
    """An open ledger and the work on it."""

    announced = Signal(object)
    """Outcome: a deed was done; read again what it touched."""
    said = Signal(str, bool)
    """A sentence for the message line, and whether 撤销 is offered beside it."""
    refused = Signal(object)
    """Refusal: something stands against the work and no page took care of it; shown as a bar."""
    help_wanted = Signal(str)
    """Somebody asked for a page of the manual, by topic."""
    started = Signal(object)
    """Work: a job began."""
    moved = Signal(object, int, int)
    """Work, done, total: a job went on (total 0: not known)."""
    ended = Signal(object, object, object)
    """Work, result, Refusal or None: a job ended."""
    drafted = Signal()
    """A form was typed into, or what was typed is saved: ``drafts`` are other ones now."""
    looked = Signal()
    """Another unit, round of inspection, as-of day, actor or theme was chosen."""
    closing = Signal()
    """The ledger is about to be closed: whoever holds other files lets go of them."""
    record_wanted = Signal(str, str)
    """Schema name and id of a record that is to be shown, wherever it stands."""
    rows_wanted = Signal(str, object)
    """Somebody wants to see the rows behind a number: the schema of a register, and the filters (``rows_filters.Filter``) that show them."""

    def __init__(self, ledger: Ledger, settings: machine.Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ledger = ledger
        self.settings = settings
        self.drafts: dict[tuple[str, str], Draft] = {}
        """By schema name and record id."""
        self.unit: str | None = None
        """The unit whose facts the pages show, by id; None: all units."""
        self.inspection: str | None = None
        """The round of inspection whose problems the pages show, by id; None: all rounds."""
        self._day: date | None = None
        self._waiting: dict[Work, _Waiting] = {}
        self.people = People(ledger, self.actor)
        self.closed = False
        self._deeds = ThreadPoolExecutor(1, "deeds")
        self._jobs = ThreadPoolExecutor(2, "jobs")
        self._reads = ThreadPoolExecutor(4, "reads")  # a filter must not wait behind checks of the whole ledger
        self._counts = ThreadPoolExecutor(2, "counts")
        self._answers = ThreadPoolExecutor(1, "answers")
        self.ended.connect(self._finish)

    # -- who and when ----------------------------------------------------------------------------------------------

    def actor(self) -> str:
        """Who is at work: the name that goes into the history."""
        return self.settings.actor

    def today(self) -> date:
        """The day by which deadlines are reckoned: the as-of day chosen in the frame, else the day at the desk."""
        return self._day or clock.today(self.ledger.clock)

    def reckoned(self) -> bool:
        """Whether deadlines are reckoned by another day than the day at the desk."""
        return self._day is not None

    def reckon(self, day: date | None) -> None:
        """Reckons deadlines by another day (None: the day at the desk)."""
        self._day = day
        self.looked.emit()

    def choose_unit(self, unit: str | None) -> None:
        """Shows the facts of one unit by its id (None: of all)."""
        if unit != self.unit:
            self.unit = unit
            self.looked.emit()

    def keep_settings(self, **values: Any) -> None:
        """Changes this machine's settings and writes them."""
        self.settings = replace(self.settings, **values)
        machine.save(self.settings)
        self.looked.emit()

    # -- work ------------------------------------------------------------------------------------------------------

    def run(
        self,
        job: Callable[[Work], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Refusal], None] | None = None,
        *,
        label: str = "",
        behind: bool = False,
        at_once: bool = False,
    ) -> Work:
        """Runs a job off the thread; ``done`` gets its result, ``failed`` its refusal (without one: the frame's bar).

        A ``label`` (Chinese, a few words) makes the frame show the job with its progress. A job without one only reads and
        may be forgotten when the ledger is closed. ``behind`` is for counting that nobody waits for: such jobs stand in a queue
        of their own, so that what a page shows is not read after them. ``at_once`` is for what somebody types and waits for: it
        stands behind no page that is being read.
        """
        reads = self._counts if behind else self._answers if at_once else self._reads
        pool = self._jobs if label else reads
        return self._start(pool, job, _Waiting(done, failed), label)

    def do(
        self,
        deed: Callable[[], Outcome],
        done: Callable[[Outcome], None] | None = None,
        failed: Callable[[Refusal], None] | None = None,
        *,
        quiet: bool = False,
        act: Act | None = "write",
    ) -> Work:
        """Does a deed off the thread, after those begun before it, and announces it; ``quiet`` leaves the message line alone.

        ``act`` is what sort of deed it is: whoever may not do such gets a refusal in its place (None: the deed itself asks, or
        everybody may)."""
        against = self.people.against(act) if act is not None else None

        def allowed(_work: Work) -> Outcome:
            if against is not None:
                raise against
            return deed()

        def finished(outcome: Outcome) -> None:
            if done is not None:
                done(outcome)
            if outcome.touched:
                self.announce(outcome)
            if outcome.sentence and outcome.taken and not quiet:
                self.say(outcome.sentence, undoable=True)

        return self._start(self._deeds, allowed, _Waiting(finished, failed), "")

    def _start(self, pool: ThreadPoolExecutor, job: Callable[[Work], Any], waiting: _Waiting, label: str) -> Work:
        work = Work(job, self, label)
        if self.closed:
            return work
        self._waiting[work] = waiting
        self.started.emit(work)
        pool.submit(work.run)
        return work

    def _finish(self, work: Work, result: Any, error: Refusal | None) -> None:
        waiting = self._waiting.pop(work, None)
        if waiting is None:
            return
        if error is None:
            if waiting.done is not None:
                waiting.done(result)
        elif waiting.failed is not None:
            waiting.failed(error)
        else:
            self.refused.emit(error)

    def keep_draft(self, record: str, identifier: str, draft: Draft | None) -> None:
        """Keeps what is half typed in a form, or forgets it (None)."""
        key = (record, identifier)
        if draft != self.drafts.get(key):
            if draft is None:
                del self.drafts[key]
            else:
                self.drafts[key] = draft
            self.drafted.emit()

    def busy(self) -> bool:
        """Whether a job is under way."""
        return bool(self._waiting)

    def close(self) -> None:
        """Waits for the deeds under way, asks other jobs to stop, and lets go of the ledger."""
        self.closed = True
        self.closing.emit()
        for work in list(self._waiting):
            work.cancel()
        self._deeds.shutdown()
        self._jobs.shutdown()
        self._reads.shutdown(wait=False, cancel_futures=True)
        self._counts.shutdown(wait=False, cancel_futures=True)
        self._answers.shutdown(wait=False, cancel_futures=True)
        QCoreApplication.sendPostedEvents(self)
        self._waiting.clear()
        self.ledger.close()

    # -- speaking --------------------------------------------------------------------------------------------------

    def announce(self, outcome: Outcome) -> None:
        """Tells every page that records changed."""
        self.announced.emit(outcome)
        if any(record == "clerk" for record, _id in outcome.touched):
            self.people.forget()
            self.looked.emit()

    def say(self, message: str, undoable: bool = False) -> None:
        """Puts a sentence into the message line at the bottom."""
        self.said.emit(message, undoable)

    def undo(self) -> None:
        """Takes back the last deed of whoever is at work."""
        self.do(lambda: self.ledger.undo(self.actor()), act=None)

    def redo(self) -> None:
        """Does again what was undone last."""
        self.do(lambda: self.ledger.redo(self.actor()), act=None)
