"""PDF files read with pdfium, by one thread at a time.

The library keeps state of its own beside the documents and ends the whole program when two threads are inside it at once.
So every file is opened here; who is second waits until the first file is closed. What was taken from a file (pages, words,
pictures) must be closed or let go of inside the ``with``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_ONE_AT_A_TIME = RLock()


class Unreadable(ValueError):
    """What was given is no PDF that can be read; ``locked`` if it asks for a password."""

    def __init__(self, locked: bool) -> None:
        super().__init__("locked" if locked else "damaged")
        self.locked = locked


@contextmanager
def opened(data: bytes) -> Iterator[PdfDocument]:
    """The file, open for this thread alone.

    Raises ``Unreadable`` if it cannot be opened, and if something in it turns out to be unreadable inside the ``with``.
    """
    import pypdfium2  # it takes its time, and most starts of the program read no PDF

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as failed:
            raise Unreadable("password" in str(failed).lower()) from failed
        try:
            yield document
        except pypdfium2.PdfiumError as failed:
            raise Unreadable(False) from failed
        finally:
            document.close()
