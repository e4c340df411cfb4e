"""The words of a PDF file, page by page, blanks and page numbers left out: what two files are compared by."""

from __future__ import annotations

import re

from db.errors import Refusal
from desktop_app import pdfium

_NUMBER = re.compile(r"[—–-]\s*\d+\s*[—–-]")
MOST_PAGES = 2_000


def pages_of(data: bytes) -> list[str]:
    """The words of each page. ``Refusal`` for what is no PDF, is locked, or is longer than any paper."""
    pages: list[str] = []
    try:
        with pdfium.opened(data) as file:
            if len(file) > MOST_PAGES:
                raise Refusal(f"这个 PDF 有 {len(file)} 页，太长。", "请核对文件。", "verify")
            for number in range(len(file)):
                text = file[number].get_textpage().get_text_bounded()
                lines = (line.strip() for line in text.splitlines())
                pages.append("".join("".join(line.split()) for line in lines if not _NUMBER.fullmatch(line)))
    except pdfium.Unreadable as wrong:
        raise Refusal(
            "这个文件不是能读的 PDF。", "它可能已损坏或加了密码；请换一份，或输入印发码核验。", "verify"
        ) from wrong
    return pages
