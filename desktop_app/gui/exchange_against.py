"""Which rules would be contradicted after a merge: asked off the thread while the preview is looked at, told as nodes of its tree."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, Signal

from db.errors import Refusal
from desktop_app.gui import exchange_jobs
from desktop_app.gui.exchange_jobs import Looked
from desktop_app.gui.exchange_told import EVERYBODY, Node
from desktop_app.gui.session import Session, Work
from desktop_app.rectification import contradicting
from desktop_app.rectification.contradicting import Contradiction
from desktop_app.rectification.finding import SEVERITIES

TITLE = "并入以后与规则不符的"
_SOON = 1.0
"""Seconds."""
_SIGNS = {"error": "●", "warning": "▲", "note": "○"}


class Foresight(QObject):
    """One question at a time; whoever lets go of the files waits until they are not read any more."""

    told = Signal(object, str)
    """Nodes (none where nothing is new against the rules), and the answer in a few words."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._lock = Lock()
        self._work: Work | None = None

    def ask(self, files: Sequence[Looked]) -> None:
        """Asks for these files."""
        self.stop()
        ledger, today, lock = self.session.ledger, self.session.today(), self._lock
        held = [one.contents for one in files if one.contents is not None]

        def job(work: Work) -> list[Contradiction]:
            return contradicting.contradictions(
                ledger,
                held,
                today,
                walking=lock,
                progress=exchange_jobs.reporter(work),
                cancelled=work.cancelled,
            )

        def done(found: list[Contradiction]) -> None:
            if self._work is made:
                self._work = None
                self.told.emit(nodes(found), summary(found))

        def failed(refusal: Refusal) -> None:
            if self._work is made:
                self._work = None
                self.told.emit((), refusal.sentence.rstrip("。"))

        made = self._work = self.session.run(job, done, failed, label="正在查并入以后的规则")

    def stop(self) -> None:
        """Nobody asks any more."""
        work, self._work = self._work, None
        if work is not None:
            work.cancel()

    def running(self) -> bool:
        """Whether the answer is still awaited."""
        return self._work is not None

    def letting_go(self) -> AbstractContextManager[Any]:
        """While this is held, the files are not read here."""
        self.stop()
        return self._lock

    def at_rest(self) -> bool:
        """Whether nobody reads the files any more, or soon."""
        self.stop()
        free = self._lock.acquire(timeout=_SOON)
        if free:
            self._lock.release()
        return free


def summary(found: Sequence[Contradiction]) -> str:
    """错误 2 处，注意 1 处与规则不符."""
    if not found:
        return "没有新的与规则不符的"
    counts = {words: sum(one.finding.severity == key for one in found) for key, words in SEVERITIES.items()}
    return "新的与规则不符：" + "、".join(f"{words} {count}" for words, count in counts.items() if count)


def nodes(found: Sequence[Contradiction]) -> tuple[Node, ...]:
    """What was found as nodes: per unit and register the records."""
    parted: dict[tuple[str, str], list[Contradiction]] = {}
    for one in found[: contradicting.TOLD]:
        parted.setdefault((one.unit or EVERYBODY, one.register or "整个台账"), []).append(one)
    inside = tuple(
        Node(f"{unit}：{register}", after=f"{len(some)} 处", inside=tuple(map(_node, some)))
        for (unit, register), some in parted.items()
    )
    rest = len(found) - contradicting.TOLD
    inside += (Node(f"另有 {rest} 处没有逐条列出，并入以后在“检查”里看"),) if rest > 0 else ()
    return (Node(TITLE, after=summary(found).partition("：")[2], inside=inside),) if inside else ()


def _node(one: Contradiction) -> Node:
    finding = one.finding
    rule = finding.title or "程序自己的检查"
    advice = (Node("怎么办", "value", after=finding.advice, who=finding.basis),) if finding.advice else ()
    words = f"{_SIGNS[finding.severity]} {one.title or one.register or '整个台账'}"
    return Node(words, "breach", after=finding.sentence, who=rule, inside=advice)
