"""Is the open ledger sound? Asked once after opening, off the thread, where the answer does not take long."""

from __future__ import annotations

from collections.abc import Callable

from db.errors import Fault, Refusal
from db.ledger.health import health
from desktop_app.gui.session import Session, Work

MOST = 200_000
"""Changes up to which a ledger is looked through; a larger one takes too long for every opening (the command does it)."""
SOON = 5_000
"""Milliseconds after the first frame until it is asked: the clerk's first page and all counts come before it."""


def ask(session: Session, tell: Callable[[Refusal], None]) -> None:
    """Looks through the ledger and tells its first ailment as a ``Fault``; a sound one is not spoken of."""

    def look(work: Work) -> str:
        def go_on(_what: str) -> None:
            if work.cancelled():
                raise Refusal("台账已经关闭。")

        if session.ledger.position() > MOST:
            return ""
        ailments = health(session.ledger, go_on).ailments
        more = f"这样的问题还有 {len(ailments) - 1} 处。" if len(ailments) > 1 else ""
        return f"{ailments[0].sentence}{more}" if ailments else ""

    def looked(sentence: str) -> None:
        if sentence:
            tell(Fault(sentence, "", "ledger-files"))

    session.run(look, looked, lambda _refusal: None, behind=True)
