"""Keeps a preview fresh: papers are made off the thread, soon after a deed, and never an older one over a newer one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from db.errors import Refusal
from desktop_app.gui.session import Session, Work

T = TypeVar("T")
SOON = 200
"""Milliseconds of quiet after a deed until the paper is made again."""


class Refreshing(Generic[T]):
    """Makes something again when it is asked for, one at a time, and not while nobody looks at ``owner``."""

    def __init__(
        self,
        session: Session,
        owner: QWidget,
        make: Callable[[], Callable[[], T]],
        done: Callable[[T], None],
        failed: Callable[[Refusal], None],
    ) -> None:
        self.session = session
        self.owner = owner
        self._make, self._done, self._failed = make, done, failed
        self._work: Work | None = None
        self._eager = False
        self.stale = True
        self._timer = QTimer(owner)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SOON)
        self._timer.timeout.connect(self.now)

    def soon(self) -> None:
        """Something changed."""
        self.stale = True
        if self.owner.isVisible():
            self._timer.start(SOON)

    def typed(self) -> None:
        """A key was pressed: made again at once. What is ready is shown although the next is wanted already, so that whoever
        types without a pause sees it grow; the last key is always shown in the end."""
        self.stale = self._eager = True
        if self.owner.isVisible() and self._work is None and not self._timer.isActive():
            self._timer.start(0)

    def look(self) -> None:
        """Somebody looks at it: made again when it is stale."""
        if self.stale:
            self.now()

    def now(self) -> None:
        """Makes it at once; when one is being made, after that."""
        self.stale = True
        if self._work is not None:
            return
        self.stale = False
        self._work = self.session.run(self._job(), self._ended, self._refused)

    def _job(self) -> Callable[[Work], T]:
        make = self._make()
        return lambda _work: make()

    def _ended(self, made: T) -> None:
        self._work = None
        if not self.stale or self._eager:
            self._done(made)
        if self.stale:
            self.now()
        else:
            self._eager = False

    def _refused(self, refusal: Refusal) -> None:
        self._work = None
        if self.stale:
            self.now()
        else:
            self._failed(refusal)
