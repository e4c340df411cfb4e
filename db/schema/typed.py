"""Typed text on its way to a value: blanks, widths, unprintable characters, decimals."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation


def plain(text: str) -> str:
    """Typed text without surrounding blanks and with full-width digits and Latin letters made half-width."""
    if text.isascii():  # every stored number passes here
        return text.strip()
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


_COUNTED = re.compile(r"([^十百千万亿]*)(百|千|万|十万|百万|千万|亿|)")
_TIMES = {"": 1, "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}


def read_counted(text: str, unit: str = "") -> Decimal | None:
    """A typed number, also with 万 or 亿 behind it, counted in ``unit``: 5万 of 件 is 50000, 3.2亿 of 万元 is 32000;
    the unit itself may stand behind it. None for anything else."""
    typed = plain(text)
    number = read_decimal(typed.removesuffix(unit or "\0").strip())
    if number is not None:
        return number
    times = next((word for word in ("亿", "万") if unit.startswith(word)), "")
    bare = typed.removesuffix(unit.removeprefix(times) or "\0").strip()
    found = _COUNTED.fullmatch(bare)
    number = read_decimal(found[1]) if found and found[2] else None
    if found is None or number is None:
        return None
    return number * _TIMES[found[2]] / _TIMES[times]
