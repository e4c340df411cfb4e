"""Collects the glyphs a PDF uses and embeds each face once, cut to them, with the text every glyph stands for.

Two characters may share a glyph (— and ―, or a radical and its character): the second gets a second Type 0 font on the
same embedded face, so that each comes back as itself when the text is copied.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from desktop_app.notices import faces
from desktop_app.notices.container import File
from desktop_app.notices.fonts import Cell
from desktop_app.notices.stock import Glyphs

_CMAP_HEAD = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
"""
_CMAP_TAIL = "endcmap CMapName currentdict /CMap defineresource pop end end\n"


class Book:
    """The faces of one PDF. ``name`` is asked while pages are drawn; ``write`` comes last.

    ``kept`` and ``ready`` are for the one who draws: what he has written by the identity of its pieces, what he needs of a
    paragraph by its own. Pieces and paragraphs that were drawn live as long as the book.
    """

    def __init__(self) -> None:
        self._variants: dict[str, list[dict[int, str]]] = {}
        self._names: dict[tuple[str, int], str] = {}
        self.ready: dict[tuple[int, float], Any] = {}
        self._met: set[Cell] = set()
        self._odd: set[Cell] = set()
        self.kept: dict[int, tuple[str, str, bool]] = {}

    def name(self, face: str, cid: int, text: str) -> str:
        """The resource name of the font in which code ``cid`` draws that glyph and means ``text``."""
        variants = self._variants.setdefault(face, [])
        for number, meant in enumerate(variants):
            if meant.setdefault(cid, text) == text:
                return self._names[face, number]
        variants.append({cid: text})
        return self._names.setdefault((face, len(variants) - 1), f"Z{len(self._names) + 1}")

    def first(self, face: str, cids: Sequence[int], texts: Sequence[str]) -> str:
        """The name of the one font in which all these codes mean these texts, "" when it takes several."""
        variants = self._variants.get(face)
        if not variants:
            self.name(face, cids[0], texts[0])
            variants = self._variants[face]
        meant = variants[0]
        for cid, text in zip(cids, texts, strict=True):
            if meant.setdefault(cid, text) != text:
                return ""
        return self._names[face, 0]

    def fonts(self, glyphs: Glyphs, size: float) -> Sequence[str]:
        """The operators that choose the fonts of a paragraph's stretches of one face, () when one of them takes several."""
        cells = glyphs.cells
        every = set(cells)
        if fresh := every - self._met:
            self._met |= fresh
            for cell in dict.fromkeys(cells):
                if cell in fresh and not self.first(cell.face, cell.cids, (cell.text,)):
                    self._odd.add(cell)
        if not self._odd.isdisjoint(every):
            return ()
        return [f"/{self._names[cells[first].face, 0]} {size:g} Tf " for first in glyphs.bounds[:-1]]

    def write(self, file: File) -> str:
        """Writes the fonts and gives the dictionary of their names."""
        named: dict[str, int] = {}
        for face, variants in self._variants.items():
            used = sorted({cid for meant in variants for cid in meant})
            tagged = face if faces.face(face).source.whole else f"{_tag(used)}+{face}"
            descendant = self._descendant(file, face, tagged, used)
            for number, meant in enumerate(variants):
                named[self._names[face, number]] = _type0(file, tagged, descendant, meant)
        return f"<<{' '.join(f'/{name} {number} 0 R' for name, number in named.items())}>>"

    def _descendant(self, file: File, name: str, tagged: str, used: list[int]) -> int:
        face = faces.face(name)
        length, program = _cut(name, tuple(used))
        about = f"/Length1 {length}" if face.truetype else "/Subtype /CIDFontType0C"
        stream = file.stream(f"{about} /Filter /FlateDecode", program)
        extents = face.hb_font.get_font_extents("ltr")
        descriptor = file.add(
            f"<</Type /FontDescriptor /FontName /{tagged} /Flags 4 /FontBBox [{' '.join(map(str, face.square))}] "
            f"/ItalicAngle 0 /Ascent {int(extents.ascender)} /Descent {int(extents.descender)} /CapHeight 700 /StemV 80 "
            f"/{'FontFile2' if face.truetype else 'FontFile3'} {stream} 0 R>>"
        )
        widths = " ".join(f"{cid} [{wide}]" for cid, wide in self._widths(face, used))
        return file.add(
            f"<</Type /Font /Subtype /{'CIDFontType2' if face.truetype else 'CIDFontType0'} /BaseFont /{tagged} "
            f"/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor {descriptor} 0 R "
            f"/DW {faces.EM} /W [{widths}]{' /CIDToGIDMap /Identity' if face.truetype else ''}>>"
        )

    @staticmethod
    def _widths(face: faces.Face, used: list[int]) -> list[tuple[int, int]]:
        every = ((cid, face.advance(face.glyph_of(cid))) for cid in used)
        return [(cid, wide) for cid, wide in every if wide != faces.EM]


@lru_cache(maxsize=12)
def _cut(name: str, used: tuple[int, ...]) -> tuple[int, bytes]:
    """The program of a face cut to these codes: its length, and itself compressed. While somebody types the preview changes the
    words of one face; the others are the same again."""
    program = faces.face(name).program(used)
    return len(program), zlib.compress(program)


def _type0(file: File, tagged: str, descendant: int, meant: dict[int, str]) -> int:
    stream = file.packed("", _to_unicode(meant).encode("ascii"))
    return file.add(
        f"<</Type /Font /Subtype /Type0 /BaseFont /{tagged} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] "
        f"/ToUnicode {stream} 0 R>>"
    )


def _to_unicode(meant: dict[int, str]) -> str:
    pairs = [f"<{cid:04X}> <{text.encode('utf-16-be').hex()}>" for cid, text in sorted(meant.items()) if text]
    blocks = [pairs[k : k + 100] for k in range(0, len(pairs), 100)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return _CMAP_HEAD + body + _CMAP_TAIL


def _tag(used: list[int]) -> str:
    """Six capitals that depend on the glyphs alone, so equal papers give equal bytes."""
    number = int.from_bytes(hashlib.sha256(repr(used).encode()).digest()[:4])
    letters = ""
    for _ in range(6):
        number, rest = divmod(number, 26)
        letters += chr(ord("A") + rest)
    return letters
