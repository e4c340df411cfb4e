"""From a number to the rows behind it: asked off the thread, shown on the page of registers."""

from __future__ import annotations

from datetime import date

from desktop_app.gui.session import Session
from desktop_app.rectification.figures import Shown, behind_of
from desktop_app.rectification.reckoning.indicators import Behind
from desktop_app.rectification.rows_filters import Filter

MOST = 20_000
"""Rows that are shown by their ids; more of them nobody looks through."""


def show_rows(session: Session, shown: Shown | None, day: date) -> None:
    """Shows the rows a live value comes from, or says that there are none."""
    if shown is None or not shown.bound:
        session.say("这个数是手填的，没有台账明细。")
        return

    def arrived(found: tuple[Behind, ...]) -> None:
        there = next((one for one in found if one.ids), None)
        if there is None:
            session.say(f"“{shown.name}”背后还没有台账记录。")
            return
        session.rows_wanted.emit(there.register, (Filter("id", "any_of", there.ids[:MOST]),))
        some = f"前 {MOST} 行" if len(there.ids) > MOST else f"{len(there.ids)} 行"
        session.say(f"只列出“{shown.name}”背后的 {some}；在左边再点一次这张登记表，就列出全部。")

    session.run(lambda _work: behind_of(session.ledger, shown, day), arrived)
