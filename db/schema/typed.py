"""Typed text on its way to a value: blanks, widths, unprintable characters, decimals."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation


def plain(text: str) -> str:
    """Typed text without surrounding blanks and with full-width digits and Latin letters made half-width."""
    return "".join(
        unicodedata.normalize("NFKC", c) if "！" <= c <= "～" and c not in "，；：！？（）" else c for c in text
    ).strip()


UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""Characters that no field keeps: controls, half surrogates, noncharacters."""


def canonical(value: Decimal) -> str:
    """A decimal in its one stored form: no exponent, no trailing zeroes."""
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "0") else text


def read_decimal(text: str) -> Decimal | None:
    """A typed decimal number (12, 1,234.5, １２) or None."""
    typed = plain(text).replace(",", "").replace("，", "")
    if not re.fullmatch(r"[+-]?(\d{1,18}(\.\d{0,9})?|\.\d{1,9})", typed):
        return None
    try:
        return Decimal(typed)
    except InvalidOperation:  # pragma: no cover - the pattern lets no such text pass
        return None
