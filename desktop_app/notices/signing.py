"""发文机关署名 and 成文日期, with and without a seal (GB/T 9704 7.3.5)."""

from __future__ import annotations

from desktop_app.notices import linebreak, page, setting, tree
from desktop_app.notices.head import RIGHT, one_line
from desktop_app.notices.marks import clean
from desktop_app.notices.page import AREA_WIDTH, CELL, LEFT, SIZE_3
from desktop_app.notices.setting import Draft
from desktop_app.notices.stock import Words, prepare


def signature(part: tree.Signature) -> list[Draft | None]:
    """署名 and 成文日期 with the blank rows before them: one without seal, two where a seal is to stand (7.3.5)."""
    words, date = [Words(clean(part.organ), "body", part.origin)], [Words(clean(part.date), "body", part.origin)]
    wide, date_wide = (setting.width(prepare(w)) * CELL / 1000 for w in (words, date))
    one_line("成文日期", date_wide, AREA_WIDTH - 4 * CELL)
    if part.seal == "room":
        date_left = RIGHT - 4 * CELL - date_wide
        left = date_left + (date_wide - wide) / 2
        over = max(0.0, left + wide - RIGHT)
        left, date_left = left - over, date_left - over
    elif date_wide > wide:
        date_left = RIGHT - 2 * CELL - date_wide
        left = date_left - 2 * CELL
    else:
        left = RIGHT - 2 * CELL - wide
        date_left = left + 2 * CELL
    drafts: list[Draft | None] = [None] if part.seal == "none" else [None, None]
    if left < LEFT:
        drafts += _long_organ(words)
    elif part.organ:
        drafts.append(setting.single(words, "signature", SIZE_3, left))
    if part.date:
        drafts.append(setting.single(date, "signature", SIZE_3, max(LEFT, date_left)))
    return drafts


def _long_organ(words: list[Words]) -> list[Draft | None]:
    """A name longer than the line: broken, each line two characters in from the right."""
    stock = prepare(words)
    found: list[Draft | None] = []
    for line in linebreak.lines(stock, (page.CELLS - 4) * 1000):
        wide = line.right * CELL / 1000
        left = RIGHT - 2 * CELL - wide
        found.append(Draft("signature", left, left + wide, setting.pieces(stock, line, left, SIZE_3)))
    return found
