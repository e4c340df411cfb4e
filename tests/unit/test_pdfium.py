"""PDF files are read by one thread at a time: pdfium ends the whole program when two are inside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from desktop_app import pdfium
from desktop_app.notices import pdf, tree

PAPER = pdf.to_bytes(tree.Document("整改进展", (tree.Break(), tree.Break())))


def pages(data: bytes) -> int:
    with pdfium.opened(data) as document:
        for at in range(len(document)):
            document[at].get_textpage().get_text_range()
        return len(document)


def test_many_threads_read_many_files() -> None:
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(pages, [PAPER] * 400))) == 1


def test_the_second_reader_waits_for_the_first() -> None:
    inside = Event()
    with ThreadPoolExecutor(1) as thread:

        def second() -> None:
            with pdfium.opened(PAPER):
                inside.set()

        with pdfium.opened(PAPER) as document:
            waiting = thread.submit(second)
            assert not inside.wait(0.1)
            assert len(document)
        waiting.result(10)
    assert inside.is_set()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", PAPER[: len(PAPER) // 3]])
def test_what_is_no_pdf_is_unreadable(data: bytes) -> None:
    with pytest.raises(pdfium.Unreadable) as raised, pdfium.opened(data):
        pytest.fail("it was opened")
    assert not raised.value.locked


def test_a_page_that_is_not_there_is_unreadable_and_the_lock_is_free_again() -> None:
    with pytest.raises(pdfium.Unreadable), pdfium.opened(PAPER) as document:
        document[999]
    assert pages(PAPER)
