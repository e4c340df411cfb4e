"""A face of a font file, whatever its outlines are: which glyph stands for a character, its measures, and what to embed of it.

uharfbuzz reads the faces (memory-mapped) and cuts the subsets; it shapes nothing. A glyph is named in a PDF by its code: the
CID of a CID-keyed CFF face, the glyph's number in every other face (PDF 32000-1, 9.7.4.2), the same in every subset.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from operator import lt
from typing import NamedTuple

import uharfbuzz as hb

from db.errors import Fault
from desktop_app.notices import cff, choice, marks, sfnt
from desktop_app.notices.choice import Source

EM = 1000
"""Measures are thousandths of the face's square."""

_CFF, _GLYF = b"CFF ", b"glyf"
_PROGRAM = (b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep")
"""The tables of a TrueType face that PDF asks for (32000-1, 9.9)."""


_COMMON = "安半宝被标不层成处此带到的定度对法方服改工关国会活级坚解进局开况来理联落明能期强去任如生施识税体条外问系效学业用有原再整政直中"
"""Ideographs of every shape, by which the height of an installed face is measured."""
_MIDDLE = 380


class Box(NamedTuple):
    """Where a glyph is black, from its origin."""

    left: int
    lower: int
    right: int
    upper: int


class Face:
    """One face of one font file. Opened once, kept for the process. Raises ``Fault`` if the file is absent or damaged."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.source = source
        try:
            with source.path.open("rb") as file:
                self._map = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            self._tables = sfnt.tables(self._map, sfnt.offsets(self._map)[source.index])
            self.hb_face = hb.Face(hb.Blob.from_file_path(str(source.path)), source.index)
        except (OSError, hb.HarfBuzzError) as absent:
            raise self._fault(f"找不到字体文件 {source.path.name}。") from absent
        except (ValueError, IndexError) as damaged:
            raise self._fault(f"字体文件 {source.path.name} 已损坏。") from damaged
        self.truetype = _GLYF in self._tables
        if not self.truetype and _CFF not in self._tables:
            raise self._fault(f"字体文件 {source.path.name} 已损坏。")
        self.hb_font = hb.Font(self.hb_face)
        self.hb_font.scale = (EM, EM)

    def _fault(self, sentence: str) -> Fault:
        ours = self.name in choice.SHIPPED
        advice = "请重新安装本程序。" if ours else "请在“设置”里改用随程序的字体，或重新安装这种字体。"
        return Fault(sentence, advice, "fonts")

    @cached_property
    def cids(self) -> Sequence[int]:
        """The code of each glyph."""
        if self.truetype:
            return range(self.hb_face.glyph_count)
        return cff.cids(memoryview(self._tables[_CFF]), self.hb_face.glyph_count)

    def glyph_of(self, cid: int) -> int:
        """The glyph of a code; ``KeyError`` if the face has none."""
        if self.numbered:
            return cid
        glyph = bisect_left(self.cids, cid) if self._ordered else self.cids.index(cid)
        if glyph == len(self.cids) or self.cids[glyph] != cid:
            raise KeyError(cid)
        return glyph

    @cached_property
    def _ordered(self) -> bool:
        """Whether the codes of the glyphs grow from glyph to glyph, as a rule they do."""
        return all(map(lt, self.cids, self.cids[1:]))

    def glyph(self, char: str, selector: str = "") -> int | None:
        """The glyph number, or None if the face has none or only an empty one for it.

        ``selector`` asks for a variant of an ideograph; a face that does not have it draws the ideograph itself.
        """
        code = ord(char)
        if 0xE000 <= code <= 0xF8FF and self.name in choice.SHIPPED:  # private: means what its writer's own face shows
            return None
        glyph = self.hb_font.get_variation_glyph(code, ord(selector)) if selector else 0
        glyph = glyph or self.hb_font.get_nominal_glyph(code)
        if not glyph:
            return None
        return int(glyph) if self.fills(char) or char in marks.BLANKS or self.box(glyph) else None

    def fills(self, char: str) -> bool:
        """Whether a character it has is certain to be black and to take a cell: an ideograph of a face that comes with the
        program. (A test looks at each. To look here would take longer than all else that is asked of a face.)"""
        return "\u4e00" <= char <= "\u9fff" and self.name in choice.SHIPPED

    def box(self, glyph: int) -> Box | None:
        """Where the glyph is black; None if nowhere."""
        found = self.hb_font.get_glyph_extents(glyph)
        if found is None or not found.width or not found.height:
            return None
        left, upper = int(found.x_bearing), int(found.y_bearing)
        return Box(left, upper + int(found.height), left + int(found.width), upper)

    def advance(self, glyph: int) -> int:
        """How wide the glyph is by itself."""
        return int(self.hb_font.get_glyph_h_advance(glyph))

    @cached_property
    def middle(self) -> int:
        """How high above the baseline the middle of the face's ideographs lies: not every face has them at one height."""
        if self.source.middle:
            return self.source.middle
        boxes = [box for char in _COMMON if (glyph := self.glyph(char)) is not None and (box := self.box(glyph))]
        return round(sum(box.lower + box.upper for box in boxes) / 2 / len(boxes)) if boxes else _MIDDLE

    @cached_property
    def square(self) -> Box:
        """What the face calls its own largest extent, for the descriptor in a PDF."""
        head = self._tables[b"head"]
        sides = [int.from_bytes(head[k : k + 2], signed=True) for k in (36, 38, 40, 42)]
        return Box(*(round(side * EM / self.hb_face.upem) for side in sides))

    def program(self, cids: Iterable[int]) -> bytes:
        """What a PDF embeds: these glyphs alone, their codes unchanged, or the whole face where its licence says so.

        A CFF table, or a TrueType file without the tables that PDF ignores.
        """
        wanted = _PROGRAM if self.truetype else (_CFF,)
        if self.source.whole:
            held = {tag: table for tag, table in self._tables.items() if tag in wanted}
            return sfnt.assemble(held) if self.truetype else bytes(held[_CFF])
        wish = hb.SubsetInput()
        wish.glyph_set.update(sorted(map(self.glyph_of, cids)))
        dropped = (
            int.from_bytes(tag) for tag in self._tables if tag not in (*wanted, b"head", b"hhea", b"hmtx", b"maxp")
        )
        wish.drop_table_tag_set.update(dropped)
        wish.flags = hb.SubsetFlags.NO_HINTING
        if self.numbered:
            wish.flags |= hb.SubsetFlags.RETAIN_GIDS
        try:
            made = hb.subset(self.hb_face, wish)
        except RuntimeError as refused:
            raise self._fault(f"字体文件 {self.source.path.name} 已损坏。") from refused
        return bytes(made.blob.data if self.truetype else made.reference_table("CFF ").data)

    @cached_property
    def numbered(self) -> bool:
        """Whether codes are glyph numbers, so that a subset has to keep them."""
        return self.truetype or not cff.keyed(memoryview(self._tables[_CFF]))


@cache
def face(name: str) -> Face:
    """The face of this name among those of this process; opened at first use."""
    return Face(choice.chosen().source(name))
