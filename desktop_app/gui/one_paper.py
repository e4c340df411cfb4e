"""A single document of the window (a list, a preview, a receipt) sent to the printer or written to a file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from db.errors import Refusal
from desktop_app.gui import preview_output
from desktop_app.gui.preview_paper import Paper, set_paper
from desktop_app.gui.session import Session
from desktop_app.notices.papers import Made
from desktop_app.notices.tree import Document


def print_document(owner: QWidget, session: Session, document: Document, failed: Callable[[Refusal], None]) -> None:
    """Typesets it off the thread, then asks for the printer."""

    def done(paper: Paper) -> None:
        wish = preview_output.ask_printer(owner, paper, serials=False)
        if wish is not None:
            preview_output.print_on(session, lambda _work: paper, wish, failed)

    session.run(lambda _work: set_paper(Made((document,))), done, failed, label="正在排版")


def save_document(
    owner: QWidget, session: Session, document: Document, ending: str, failed: Callable[[Refusal], None]
) -> None:
    """Asks for a file and writes it there, in the format of the ending."""
    path = preview_output.ask_path(owner, document.title, ending)
    if path is not None:
        preview_output.save(session, lambda _work: set_paper(Made((document,))), path, failed)
