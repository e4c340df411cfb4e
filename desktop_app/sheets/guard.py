"""Text that a spreadsheet would take for a formula, and the apostrophe that keeps it text in a delimited file.

A workbook keeps text as text; in a .csv nothing but its first character tells, and ``=cmd|…`` is run by whoever opens it.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠\t\r]")
_QUOTED = re.compile(r'="((?:[^"]|"")*)"')


def guarded(text: str) -> str:
    """Text with an apostrophe before it where it would be taken for a formula, or for such an apostrophe."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Text as it was before ``guarded``; ``="00123"``, which keeps zeroes for a spreadsheet, without its wrapping."""
    if _GUARDED.match(text):
        return text[1:]
    quoted = _QUOTED.fullmatch(text)
    return quoted[1].replace('""', '"') if quoted else text
