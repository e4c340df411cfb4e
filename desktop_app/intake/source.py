"""What a file says, before anything is recognised in it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.intake.draft import Place, Unread

TOPIC = "intake"
"""The help page that refusals of this room point to."""


@dataclass(frozen=True)
class Source:
    """The text of a file, and the parts of it known beforehand to be furniture (page numbers, running heads).

    ``hard_wrapped``: lines are printed lines (True), paragraphs (False) or to be judged (None). ``pages``: ranges of text.
    """

    name: str
    kind: str
    text: str
    hard_wrapped: bool | None = None
    furniture: tuple[Unread, ...] = ()
    pages: tuple[Place, ...] = ()
