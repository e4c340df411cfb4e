"""Characters as cells: which face of a role draws a character, how wide its cell is, and what blank it can give.

Lengths are thousandths of a character cell. Which faces are asked, in which order, is ``choice``'s.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from db.errors import Refusal
from db.values import replace, value
from desktop_app.notices import choice, marks
from desktop_app.notices.choice import CHAINS, FALLBACK
from desktop_app.notices.faces import EM, Face, face

__all__ = ["CHAINS", "EM", "FALLBACK", "Cell", "Cells", "Face", "called", "cells", "face", "ink", "lacking", "require"]

BEARING = 20
"""What a squeezed mark keeps between its ink and its neighbour."""

LATIN, BLANK, OPENS, CLOSES, POINTS, FULL, TIGHT, FIRST, LAST, OTHER = (1 << k for k in range(10))
"""Flags of a cell: part of a Latin word or number; a blank; opening bracket; closing bracket; point; a mark filling a
cell; a connector, around which nothing is stretched; what must not begin a line; what must not end one; anything
else that is not one glyph of the role's own face as wide as its cell."""

_BLANK_WIDTHS = {"\u3000": 1000, "\u2003": 1000, "\u2002": 500, "\u2009": 200}


@value
class Cell:
    """A character (or …… or ——) as it is set: its glyphs, its natural width, and the blank it can give at either side.

    ``rise`` lifts the glyphs of another face than the role's own, so that their middle is as high as its. ``code`` is its first
    glyph's as a PDF writes it.
    """

    text: str
    face: str
    cids: tuple[int, ...]
    shifts: tuple[int, ...]
    advances: tuple[int, ...]
    width: int
    lead: int = 0
    trail: int = 0
    flags: int = 0
    rise: int = 0
    code: str = ""

    __eq__ = object.__eq__  # there is one of each role and character, and sets of them are asked for at every paragraph
    __hash__ = object.__hash__


class Cells(dict[str, Cell]):
    """Cells of one role by character, made when first asked for. ``KeyError`` if no face of the process has it.

    The faces of the other roles are asked last: whatever one role can print the others can, in another hand.
    """

    def __init__(self, role: str) -> None:
        super().__init__()
        chains = choice.chosen().chains
        self.chain = tuple(dict.fromkeys((*chains[role], *(name for chain in chains.values() for name in chain))))
        self.latin = (choice.LATIN, *self.chain) if self.chain[0] in choice.PAIRED else self.chain

    def __missing__(self, text: str) -> Cell:
        for name in self.latin if "!" <= text <= "~" else self.chain:
            made = _cell(face(name), text)
            if made is not None:
                if name != self.chain[0] and _square(text[0], made.width):
                    made = replace(made, rise=face(self.chain[0]).middle - face(name).middle)
                wide = made.advances[0]
                even = name == self.chain[0] and made.width == wide == EM and not made.shifts[0] and len(made.cids) == 1
                flags = made.flags or (0 if even else OTHER)
                made = self[text] = replace(made, flags=flags, code=f"{made.cids[0]:04X}")
                return made
        raise KeyError(text)


@cache
def cells(role: str) -> Cells:
    """The table of a role of ``CHAINS``."""
    return Cells(role)


def ink(cell: Cell) -> tuple[int, int, int, int]:
    """Where a cell is black: left, lower, right and upper edge, from its left edge and the baseline; zeros for a blank."""
    own = face(cell.face)
    boxes = [(own.box(own.glyph_of(cid)), shift) for cid, shift in zip(cell.cids, cell.shifts, strict=True)]
    drawn = [(box, shift) for box, shift in boxes if box]
    if not drawn:
        return 0, 0, 0, 0
    return (
        min(box.left + shift for box, shift in drawn),
        min(box.lower for box, _ in drawn) + cell.rise,
        max(box.right + shift for box, shift in drawn),
        max(box.upper for box, _ in drawn) + cell.rise,
    )


def lacking(text: str, role: str = "body") -> list[str]:
    """The characters (with their accents) that no face draws, each once, in order of their first place."""
    return _lacking(marks.distinct(text), cells(role))


def _lacking(clusters: list[str], table: Cells) -> list[str]:
    found = []
    for cluster in clusters:
        try:
            table[cluster]
        except KeyError:
            found.append(cluster)
    return found


def require(text: str, role: str) -> list[tuple[str, str]]:
    """Makes sure every character can be drawn; gives those that another face than the role's own draws, with that face.

    A character no face has stops the paper: it would come out as nothing, in somebody's name. So does a control character.
    """
    table, clusters = cells(role), marks.distinct(text)
    absent = _lacking(clusters, table)
    if absent:
        shown = "、".join(map(called, absent[:8])) + (f" 等{len(absent)}个字符" if len(absent) > 8 else "")
        at = text.index(absent[0])
        place = text[max(0, at - 8) : at]
        where = f"（在“{_safe(place)}”之后）" if place else ""
        raise Refusal(
            f"有字符无法印出：{shown}{where}。",
            "随程序的字体和选用的字体都没有这个字符。请改用另一种写法，或删去看不见的字符。",
            "fonts",
        )
    own = {table.chain[0], table.latin[0]}
    every = [table[cluster] for cluster in sorted(clusters)]
    return [(cell.text, cell.face) for cell in every if cell.face not in own and not cell.flags & BLANK]


def _safe(text: str) -> str:
    return "".join(c if c.isprintable() else "□" for c in text)


def called(cluster: str) -> str:
    """A character and its code point, for a sentence."""
    code = f"U+{ord(cluster[0]):04X}"
    if unicodedata.category(cluster[0]) == "Co":
        return f"自造字（{code}）"
    return f"“{cluster}”（{code}）" if cluster.isprintable() else f"看不见的字符（{code}）"


def _cell(face: Face, text: str) -> Cell | None:
    if text in (marks.DASH, marks.ELLIPSIS):
        return _double(face, text)
    if text[0] in marks.BLANKS:
        glyph = face.glyph(" ")
        own = face.advance(glyph) if glyph else 0
        width = _BLANK_WIDTHS.get(text) or (own if glyph else 250)
        cid = face.cids[glyph] if glyph else 0
        return Cell(text, face.name, (cid,), (0,), (own,), width, flags=BLANK | FIRST)
    composed = unicodedata.normalize("NFC", text)
    if len(composed) == 1 < len(text) and (glyph := face.glyph(composed)) is not None:
        return _single(face, text, glyph, [])
    selector = next(filter(_selector, text[1:]), "")
    glyph = face.glyph(text[0], selector)
    accents = [face.glyph(c) for c in text[1:] if not _selector(c)]
    if glyph is None or None in accents:
        return None
    return _single(face, text, glyph, [g for g in accents if g is not None])


def _selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _double(face: Face, text: str) -> Cell | None:
    """—— and ……: two cells, one glyph where the face has a two-cell dash, else two touching ones."""
    long = face.glyph("⸺") if text == marks.DASH else None
    glyph = long or face.glyph(text[0])
    if glyph is None:
        return None
    own = face.advance(glyph)
    cid = face.cids[glyph]
    if long:
        return Cell(text, face.name, (cid,), ((2 * EM - own) // 2,), (own,), 2 * EM, flags=TIGHT)
    shift = (EM - own) // 2
    shifts = (shift, EM + shift)
    box = face.box(glyph)
    if (
        text == marks.DASH and box and box.right - box.left < EM
    ):  # two short strokes would show a gap: they meet in the middle
        shifts = (EM - box.right, EM - box.left)
    return Cell(text, face.name, (cid, cid), shifts, (own, own), 2 * EM, flags=TIGHT)


def _single(face: Face, text: str, glyph: int, accents: list[int]) -> Cell:
    char = text[0]
    box = None if face.fills(char) else face.box(glyph)
    own = face.advance(glyph)
    left, ink = (box.left, box.right - box.left) if box else (0, 0)
    flags = _flags(char)
    width, shift = own, 0
    if char in "·•‧":  # 间隔号 takes half a cell (GB/T 15834-2011 5.1), its ink in the middle of it
        width = EM // 2
        shift = width // 2 - left - ink // 2
    elif flags & FULL or _square(char, own):
        width = EM if ink <= EM else own  # № of some faces is a little wider than its ink
        shift = (width - own) // 2
        if flags & FULL and own < EM:  # a Latin quotation mark keeps close to what it encloses
            shift = width - own if flags & OPENS else 0
    lead = trail = 0
    if flags & FULL:
        lead = min(EM // 2, max(0, left + shift - BEARING)) if flags & OPENS else 0
        trail = 0 if flags & OPENS else min(EM // 2, max(0, width - left - shift - ink - BEARING))
    every = (glyph, *accents)
    advances = tuple(map(face.advance, every))
    shifts = (shift, *(shift + own for _ in accents))
    return Cell(text, face.name, tuple(face.cids[g] for g in every), shifts, advances, width, lead, trail, flags)


def _square(char: str, own: int) -> bool:
    """Whether a character fills a cell: Chinese ones do, and signs nearly as wide; half-width forms do not."""
    if "\uff61" <= char <= "\uffdc" or "\uffe8" <= char <= "\uffee":
        return False
    return char >= "\u2e80" or (char >= "\u2010" and own > 600)


def _flags(char: str) -> int:
    flags = 0
    if "!" <= char <= "~" or "\u00c0" <= char <= "\u024f":
        flags |= LATIN
    if char in marks.OPENING:
        flags |= OPENS
    if char in marks.CLOSING:
        flags |= CLOSES
    if char in marks.POINTS:
        flags |= POINTS
    if char in marks.FULL_MARKS:
        flags |= FULL
    if char in marks.CONNECTORS or char in marks.SLASHES:
        flags |= TIGHT
    return flags | _bound(char)


def _bound(char: str) -> int:
    return (FIRST if char in marks.NEVER_FIRST or char in marks.BLANKS else 0) | (
        LAST if char in marks.NEVER_LAST else 0
    )
