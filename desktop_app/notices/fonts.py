"""The faces of ``resources/fonts``: which glyph stands for a character, how wide its cell is, and subsets to embed.

uharfbuzz reads the faces (memory-mapped) and cuts the subsets; it shapes nothing. Lengths are thousandths of a character
cell. The faces come with the program, so a paper looks the same on every machine.
"""

from __future__ import annotations

import mmap
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import uharfbuzz as hb

from db.errors import Fault, Refusal
from desktop_app.notices import cff, marks

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"

FALLBACK = "NotoSerifCJKsc-Light"
"""Draws the characters an office face lacks: FandolFang lacks one in five of the characters people like in names."""

CHAINS = {
    "body": ("FandolFang-Regular", FALLBACK),
    "kai": ("FandolKai-Regular", FALLBACK),
    "hei": ("NotoSansCJKsc-Medium", FALLBACK),
    "song": ("NotoSerifCJKsc-Regular", FALLBACK),
    "title": ("NotoSerifCJKsc-SemiBold", FALLBACK),
}
"""Role → faces in the order they are asked. 仿宋, 楷体, 黑体, 宋体, 小标宋."""

EM = 1000
BEARING = 20
"""What a squeezed mark keeps between its ink and its neighbour."""

LATIN, BLANK, OPENS, CLOSES, POINTS, FULL, TIGHT = 1, 2, 4, 8, 16, 32, 64
"""Flags of a cell: part of a Latin word or number; a blank; opening bracket; closing bracket; point; a mark filling a
cell; a connector, around which nothing is stretched."""

_BLANK_WIDTHS = {"\u3000": 1000, "\u2003": 1000, "\u2002": 500, "\u2009": 200}


@dataclass(frozen=True, slots=True)
class Cell:
    """A character (or …… or ——) as it is set: its glyphs, its natural width, and the blank it can give at either side."""

    text: str
    face: str
    cids: tuple[int, ...]
    shifts: tuple[int, ...]
    advances: tuple[int, ...]
    width: int
    lead: int = 0
    trail: int = 0
    flags: int = 0


class Face:
    """One font file: character → glyph, glyph → metrics, glyphs → subset. Opened once, kept for the process."""

    def __init__(self, name: str) -> None:
        self.name = name
        path = FOLDER / f"{name}.otf"
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as absent:
            raise Fault(f"找不到字体文件 {path.name}。", "请重新安装本程序。", "fonts") from absent
        self.hb_face = hb.Face(hb.Blob.from_file_path(str(path)))
        self.hb_font = hb.Font(self.hb_face)
        self.hb_font.scale = (EM, EM)

    @cached_property
    def cids(self) -> array[int]:
        """The CID of each glyph."""
        view = memoryview(self._map)
        for k in range(int.from_bytes(view[4:6])):
            entry = view[12 + 16 * k : 28 + 16 * k]
            if bytes(entry[:4]) == b"CFF ":
                start, length = int.from_bytes(entry[8:12]), int.from_bytes(entry[12:16])
                return cff.cids(view[start : start + length], self.hb_face.glyph_count)
        raise Fault(f"字体文件 {self.name} 已损坏。", "请重新安装本程序。", "fonts")

    @cached_property
    def glyph_of(self) -> dict[int, int]:
        """The glyph of each CID, for cutting."""
        return {cid: glyph for glyph, cid in enumerate(self.cids)}

    def glyph(self, char: str) -> int | None:
        """The glyph number, or None if the face has none or only an empty one for it."""
        glyph = self.hb_font.get_nominal_glyph(ord(char))
        if not glyph:
            return None
        extents = self.hb_font.get_glyph_extents(glyph)
        drawn = extents is not None and extents.width and extents.height
        return int(glyph) if drawn or char in marks.BLANKS else None

    def subset(self, cids: Iterable[int]) -> bytes:
        """A CFF table with these glyphs alone, their CIDs unchanged: what PDF embeds as CIDFontType0C."""
        wish = hb.SubsetInput()
        wish.glyph_set.update(sorted(self.glyph_of[cid] for cid in cids))
        wish.drop_table_tag_set.update(
            int.from_bytes(tag) for tag in (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"VORG", b"vhea", b"vmtx", b"cmap")
        )
        wish.flags = hb.SubsetFlags.NO_HINTING
        return bytes(hb.subset(self.hb_face, wish).reference_table("CFF ").data)


@cache
def face(name: str) -> Face:
    """The face of this name; opened at first use."""
    return Face(name)


class Cells(dict[str, Cell]):
    """Cells of one role by character, made when first asked for. ``KeyError`` if no face of the chain has it."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.chain = CHAINS[role]

    def __missing__(self, text: str) -> Cell:
        for name in self.chain:
            made = _cell(face(name), text)
            if made is not None:
                self[text] = made
                return made
        raise KeyError(text)


@cache
def cells(role: str) -> Cells:
    """The table of a role of ``CHAINS``."""
    return Cells(role)


def ink(cell: Cell) -> tuple[int, int, int, int]:
    """Where a cell is black: left, lower, right and upper edge, from its left edge and the baseline; zeros for a blank."""
    font, glyph_of = face(cell.face).hb_font, face(cell.face).glyph_of
    boxes = [(font.get_glyph_extents(glyph_of[cid]), shift) for cid, shift in zip(cell.cids, cell.shifts, strict=True)]
    drawn = [(box, shift) for box, shift in boxes if box and box.width]
    if not drawn:
        return 0, 0, 0, 0
    return (
        min(int(box.x_bearing) + shift for box, shift in drawn),
        min(int(box.y_bearing + box.height) for box, _ in drawn),
        max(int(box.x_bearing + box.width) + shift for box, shift in drawn),
        max(int(box.y_bearing) for box, _ in drawn),
    )


def require(text: str, role: str) -> list[tuple[str, str]]:
    """Makes sure every character can be drawn; gives those that another face than the role's own draws, with that face.

    A character no face has stops the paper: it would come out as nothing, in somebody's name. So does a control character.
    """
    table, substitutes, lacking = cells(role), [], []
    for cluster in sorted(set(marks.CLUSTER.findall(text))):
        try:
            made = table[cluster]
        except KeyError:
            lacking.append(cluster)
            continue
        if made.face != table.chain[0] and not made.flags & BLANK:
            substitutes.append((cluster, made.face))
    if lacking:
        shown = "、".join(_called(c) for c in lacking[:8]) + (f" 等{len(lacking)}个字符" if len(lacking) > 8 else "")
        place = text[max(0, text.index(lacking[0]) - 8) : text.index(lacking[0])]
        where = f"（在“{_safe(place)}”之后）" if place else ""
        raise Refusal(
            f"有字符无法印出：{shown}{where}。",
            "随程序安装的字体都没有这个字符。请改用另一种写法，或删去看不见的字符。",
            "fonts",
        )
    return substitutes


def _safe(text: str) -> str:
    return "".join(c if c.isprintable() else "□" for c in text)


def _called(cluster: str) -> str:
    code = f"U+{ord(cluster[0]):04X}"
    return f"“{cluster}”（{code}）" if cluster.isprintable() else f"看不见的字符（{code}）"


def _cell(face: Face, text: str) -> Cell | None:
    if text in (marks.DASH, marks.ELLIPSIS):
        return _double(face, text)
    if text[0] in marks.BLANKS:
        glyph = face.glyph(" ")
        width = _BLANK_WIDTHS.get(text) or (face.hb_font.get_glyph_h_advance(glyph) if glyph else 250)
        cid = face.cids[glyph] if glyph else 0
        own = face.hb_font.get_glyph_h_advance(glyph) if glyph else 0
        return Cell(text, face.name, (cid,), (0,), (own,), width, flags=BLANK)
    composed = unicodedata.normalize("NFC", text)
    if len(composed) == 1 < len(text) and (glyph := face.glyph(composed)) is not None:
        return _single(face, text, glyph, [])
    glyph = face.glyph(text[0])
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
    own = int(face.hb_font.get_glyph_h_advance(glyph))
    cid = face.cids[glyph]
    if long:
        return Cell(text, face.name, (cid,), ((2 * EM - own) // 2,), (own,), 2 * EM, flags=TIGHT)
    shift = (EM - own) // 2
    return Cell(text, face.name, (cid, cid), (shift, EM + shift), (own, own), 2 * EM, flags=TIGHT)


def _single(face: Face, text: str, glyph: int, accents: list[int]) -> Cell:
    char = text[0]
    extents = face.hb_font.get_glyph_extents(glyph)
    own = int(face.hb_font.get_glyph_h_advance(glyph))
    left, ink = (int(extents.x_bearing), int(extents.width)) if extents else (0, 0)
    width, shift = own, 0
    if char in "·•‧":  # 间隔号 takes half a cell (GB/T 15834-2011 5.1), its ink in the middle of it
        width = EM // 2
        shift = width // 2 - left - ink // 2
    elif char in marks.FULL_MARKS or char >= "\u4e00" or (ord(char) >= 0x2010 and own > 600):
        width = max(EM, own)
        shift = (width - own) // 2
    flags = _flags(char)
    lead = trail = 0
    if flags & FULL:
        lead = min(EM // 2, max(0, left + shift - BEARING)) if flags & OPENS else 0
        trail = 0 if flags & OPENS else min(EM // 2, max(0, width - left - shift - ink - BEARING))
    every = (glyph, *accents)
    advances = tuple(int(face.hb_font.get_glyph_h_advance(g)) for g in every)
    shifts = (shift, *(shift + own for _ in accents))
    return Cell(text, face.name, tuple(face.cids[g] for g in every), shifts, advances, width, lead, trail, flags)


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
    return flags
