"""A whole notice, line by line: from a stored tree to places on the sheet. ``ZHENGGAI_GOLDEN=write`` writes it anew.

The stored tree is part of the check: a notice issued years ago must still be read and must still look the same.
"""

from __future__ import annotations

import os
from pathlib import Path

from desktop_app.notices import measure, page, pdf, plain, sheet, stored

HERE = Path(__file__).parent
STORED = HERE / "notice.json"
DIGEST = "7a10fd807bdb5b2a5e35ab5af52df90d1f8e0728aa1ae0df1a0b9837ee8adfba"


def listing(laid: page.Pages) -> str:
    """Page, row, left and right edge in tenths of a millimetre, kind, fit, words."""
    lines = []
    for one in laid.pages:
        for line in one.lines:
            left, right = round(line.left / page.MM * 10), round(line.right / page.MM * 10)
            lines.append(f"{one.number:2} {line.row:2} {left:4}-{right:4} {line.kind:9} {line.fit:9} {line.text}\n")
        for stroke in one.strokes:
            lines.append(f"{one.number:2} rule y={round(stroke.y0 / page.MM * 10)} {stroke.weight / page.MM:.2f} mm\n")
    return "".join(lines)


def check(name: str, found: str) -> None:
    file = HERE / name
    if os.environ.get("ZHENGGAI_GOLDEN") == "write":
        file.write_text(found, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == found


def test_the_notice_stands_as_it_stood() -> None:
    document = stored.from_json(STORED.read_text(encoding="utf-8"))
    check("notice.layout.txt", listing(sheet.typeset(document)))
    check("notice.txt", plain.text(document, indent=True))


def test_the_finished_notice_keeps_every_rule() -> None:
    document = stored.from_json(STORED.read_text(encoding="utf-8"))
    assert measure.sheet(pdf.to_bytes(document), document).failed == ()


def test_the_stored_form_has_not_changed() -> None:
    kept = STORED.read_text(encoding="utf-8")
    document = stored.from_json(kept)
    assert stored.to_json(document) == kept
    assert stored.digest(document) == DIGEST
