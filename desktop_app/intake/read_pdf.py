"""PDFs with a text layer as text: printed lines with their indents, page numbers and running heads as furniture."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median
from typing import Any

from db.errors import Refusal
from desktop_app import pdfium
from desktop_app.intake.draft import Place, Unread
from desktop_app.intake.source import TOPIC, Source

_NUMBER = re.compile(
    r"\s*(?:[—\-–－_·]*\s*\d{1,4}\s*[—\-–－_·]*|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+)\s*"
)
_MOST_PAGES = 2000


def pdf_source(name: str, data: bytes) -> Source:
    """The text of a PDF line by line; an indented line begins with two full-width blanks. Refuses a PDF without text."""
    pages = _pages(name, data)
    if not any(line.strip() for page in pages for line in page):
        raise Refusal(
            f"PDF“{name}”里没有文字，可能是扫描件。", "请取得原来的Word或文本文件，或先做文字识别（OCR）再读入。", TOPIC
        )
    repeated = _repeated(pages)
    parts: list[str] = []
    places: list[Place] = []
    furniture: list[Unread] = []
    at = 0
    for lines in pages:
        begin = at
        for index, line in enumerate(lines):
            bare = line.strip()
            edge = index < 2 or index >= len(lines) - 2
            if bare and edge and (_NUMBER.fullmatch(bare) or (index in (0, len(lines) - 1) and _key(bare) in repeated)):
                furniture.append(Unread(bare, Place(at, at + len(line)), "页码或页眉页脚"))
            parts.append(line)
            at += len(line) + 1
        places.append(Place(begin, at))
    return Source(name, "pdf", "\n".join(parts), None, tuple(furniture), tuple(places))


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _repeated(pages: list[list[str]]) -> set[str]:
    """Running heads and feet: the same first or last line, numbers apart, on at least three pages and half of them."""
    counts: Counter[str] = Counter()
    for page in pages:
        lines = [line.strip() for line in page if line.strip()]
        counts.update({_key(lines[0]), _key(lines[-1])} if lines else ())
    return {line for line, count in counts.items() if count >= 3 and count * 2 > len(pages)}


def _pages(name: str, data: bytes) -> list[list[str]]:
    try:
        with pdfium.opened(data) as document:
            if len(document) > _MOST_PAGES:
                raise Refusal(f"PDF“{name}”有{len(document)}页，太长，不像一份通报。", "请只保留通报所在的页。", TOPIC)
            return [_lines(document[index]) for index in range(len(document))]
    except pdfium.Unreadable as problem:
        if problem.locked:
            raise Refusal(f"PDF“{name}”加了密码，读不出来。", "请取得没有密码的文件后再读入。", TOPIC) from problem
        raise Refusal(f"PDF“{name}”已经损坏，读不出来。", "请重新取得这份文件后再读入。", TOPIC) from problem


def _lines(page: Any) -> list[str]:
    text_page = page.get_textpage()
    count = text_page.count_chars()
    text = text_page.get_text_range(0, count) if count else ""
    starts: list[float | None] = []
    sizes: list[float] = []
    lines: list[str] = []
    at = 0
    for raw in re.split("\r\n|\r|\n", text):
        lines.append(raw.replace("￾", "-").replace("￿", "").replace("\0", ""))
        starts.append(_left(text_page, raw, at, count, sizes))
        at += len(raw) + 2
    text_page.close()
    known = [x for x in starts if x is not None]
    size = median(sizes) if sizes else 0.0
    if not known or not size:
        return lines
    margin = min(known)
    return [
        "　　" + line.lstrip() if x is not None and x > margin + 1.5 * size else line
        for line, x in zip(lines, starts, strict=True)
    ]


def _left(text_page: Any, raw: str, at: int, count: int, sizes: list[float]) -> float | None:
    """Left edge of the first visible character of a line, in points; its width goes to ``sizes``."""
    for offset, character in enumerate(raw):
        if character.isspace() or at + offset >= count:
            continue
        left, bottom, _right, top = text_page.get_charbox(at + offset, loose=True)
        sizes.append(float(top - bottom))
        return float(left)
    return None
