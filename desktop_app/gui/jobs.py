"""The jobs of a session that have a name: those under way with how far they are and how long they will still take, and those that
are over with how they ended; the line at the bottom and the list behind it show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Signal

from db.errors import Refusal
from desktop_app.gui.session import Session, Work

MOST = 50
"""Finished jobs that are kept, the latest first."""
SURE = 1.0
"""Seconds a job must have run before it is told how long it will still take."""
LEAST = 0.02
"""The share that must be done before it is told."""


@dataclass
class Job:
    """A job under way or over. ``how`` is "" as long as it runs, then ``done``, ``failed`` or ``cancelled``; ``words`` then say
    what came of it."""

    work: Work
    label: str
    at: datetime
    begun: float
    done: int = 0
    total: int = 0
    how: str = ""
    words: str = ""
    took: float = 0.0
    stopping: bool = field(default=False)

    def left(self, now: float) -> str:
        """How long it will still take, in words; "" while nobody can know."""
        return left(now - self.begun, self.done, self.total)


HOW = {"done": "✓ 已完成", "failed": "✕ 没有做成", "cancelled": "– 已取消"}
"""How a job ended, with its sign."""


def left(elapsed: float, done: int, total: int) -> str:
    """How long a job will still take that did so much in so many seconds; "" while nobody can know."""
    if elapsed < SURE or total <= 0 or done < total * LEAST or done >= total:
        return ""
    return f"还需约 {spoken(elapsed * (total - done) / done)}"


def spoken(seconds: float) -> str:
    """A stretch of time as people say it: 8 秒, 40 秒, 3 分钟, 2 小时."""
    if seconds < 10:
        return f"{max(1, round(seconds))} 秒"
    if seconds < 55:
        return f"{round(seconds / 5) * 5} 秒"
    if seconds < 55 * 60:
        return f"{max(1, round(seconds / 60))} 分钟"
    return f"{round(seconds / 3600, 1):g} 小时"


class Jobs(QObject):
    """Listens to the session and keeps its named jobs."""

    changed = Signal()
    """Another job is under way, one is over, or one went on."""
    ended = Signal(object)
    """Job: one is over."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.running: list[Job] = []
        self.over: list[Job] = []
        """The latest first."""

    def begun(self, work: Work) -> None:
        """A job began; only one with a name is of interest."""
        if work.label:
            self.running.append(Job(work, work.label, datetime.now().astimezone(), monotonic()))
            self.changed.emit()

    def moved(self, work: Work, done: int, total: int) -> None:
        """A job went on."""
        for job in self.running:
            if job.work is work:
                job.done, job.total = done, total
                self.changed.emit()

    def finish(self, work: Work, result: Any, error: Refusal | None) -> None:
        """A job is over."""
        for job in [one for one in self.running if one.work is work]:
            self.running.remove(job)
            job.took = monotonic() - job.begun
            job.how = "failed" if error is not None else "done"
            job.words = error.sentence if error is not None else _told(result)
            if work.cancelled() and (error is not None or result is None or job.done < job.total):
                job.how, job.words = "cancelled", ""
            self.over = [job, *self.over][:MOST]
            self.ended.emit(job)
            self.changed.emit()

    def cancel(self, job: Job) -> None:
        """Asks a job to stop."""
        job.stopping = True
        job.work.cancel()
        self.changed.emit()

    def clear(self) -> None:
        """Forgets those that are over."""
        self.over = []
        self.changed.emit()


def _told(result: Any) -> str:
    """What came of a job, where it says so itself: a sentence, or what bears one."""
    sentence = result if isinstance(result, str) else getattr(result, "sentence", "")
    return sentence if isinstance(sentence, str) else ""
