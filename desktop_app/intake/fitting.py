"""Words of a draft made fit for the fields of the ledger: blanks, braces and unprintable characters."""

from __future__ import annotations

import unicodedata

from db.schema.prose import Prose, escape
from db.schema.typed import UNPRINTABLE


def line(text: str) -> str | None:
    """One line for a text field; None when nothing is left. A line break between Chinese words leaves no blank."""
    return " ".join(UNPRINTABLE.sub("", text).split()) or None


def prose(text: str) -> str | None:
    """Paragraphs for a prose field, braces kept as braces; None when nothing is left."""
    return Prose("正文").parse(UNPRINTABLE.sub("", escape(text)))


def lead_line(text: str) -> str | None:
    """One line for a lead sentence, which may refer to figures: braces are kept as braces."""
    return line(escape(text))


def unshown(text: str) -> list[str]:
    """The characters of a text that no page shows: those no field keeps, and signs without form or width (soft hyphen)."""
    return sorted({c for c in text if UNPRINTABLE.match(c) or unicodedata.category(c) == "Cf"})


def without_break(lead: str, body: str) -> tuple[str, str]:
    """(lead, body) where the lead holds no line break: what stands behind one goes to the body's first paragraph."""
    first, broken, rest = lead.strip("\n").partition("\n")
    return (first, f"\n{rest}{body}") if broken else (first, body)
