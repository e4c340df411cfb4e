"""What the benches of papers run in a process of its own: ``python -m tests.bench.paper_runs WHAT IN OUT``.

``ours``: a stored tree → PDF. ``word``: a stored tree → docx. ``floor``: lines broken beforehand, drawn with ReportLab's own
TTFont on a bare canvas. ``cold``: only the imports, the compression of the finished content and the subsets of the faces.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path


def ours(source: Path, target: Path) -> None:
    """Typesets and draws a stored tree."""
    from desktop_app.notices import pdf, stored

    pdf.write_bytes(pdf.to_bytes(stored.from_json(source.read_text("utf-8"))), target)


def word(source: Path, target: Path) -> None:
    """The Word twin of a stored tree."""
    from desktop_app.notices import pdf, stored

    word = import_module("desktop_app.notices.word")
    pdf.write_bytes(word.to_bytes(stored.from_json(source.read_text("utf-8"))), target)


def floor(source: Path, target: Path) -> None:
    """Draws lines: pages of [face, size, x, y, tracking, words]; the faces are TrueType files beside the source."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pages = json.loads(source.read_text("utf-8"))
    canvas = Canvas(str(target), pagesize=(595.28, 841.89), pageCompression=1, invariant=1)
    known = set()
    for page in pages:
        text = canvas.beginText()
        for face, size, x, y, tracking, words in page:
            if face not in known:
                pdfmetrics.registerFont(TTFont(face, str(source.parent / f"{face}.ttf")))
                known.add(face)
            text.setFont(face, size)
            text.setCharSpace(tracking)
            text.setTextOrigin(x, y)
            text.textOut(words)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()


def cold(source: Path, target: Path) -> None:
    """Imports, compresses the content of a finished PDF again and cuts its faces; ``source`` is a list made by the bench."""
    from desktop_app.notices import fonts, pdf

    told = json.loads(source.read_text("utf-8"))
    for content in told["contents"]:
        zlib.compress(content.encode("latin-1"))
    for name, cids in told["faces"].items():
        zlib.compress(fonts.face(name).program(cids))
    pdf.write_bytes(b"%PDF", target)


RUNS: dict[str, Callable[[Path, Path], None]] = {"ours": ours, "word": word, "floor": floor, "cold": cold}

if __name__ == "__main__":
    RUNS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
