"""Which characters papers have to draw: the levels of GB 18030-2022, and what the shipped faces draw of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from desktop_app.notices import faces, marks


def _codes(*ranges: tuple[int, int]) -> frozenset[int]:
    return frozenset(code for low, high in ranges for code in range(low, high + 1))


GENERAL = frozenset(map(ord, Path(__file__).with_name("general_characters.txt").read_text("utf-8"))) - {ord("\n")}
"""通用规范汉字表 (State Council, 2013): 8,105 characters in its order in the file, as Unihan's kTGH has them."""

GB_2312 = frozenset(
    ord(char)
    for high in range(0xA1, 0xFF)
    for low in range(0xA1, 0xFF)
    for char in bytes((high, low)).decode("gb2312", "ignore")
)


@cache
def level_1() -> frozenset[int]:
    """Characters of one and two bytes but for private ones, extension A, and the 74 additions to the basic block.

    Python's codec is that of the 2000 edition; the ten vertical marks and eight ideographs it has as private characters
    are named one by one.
    """
    pairs = (bytes((high, low)) for high in range(0x81, 0xFF) for low in (*range(0x40, 0x7F), *range(0x80, 0xFF)))
    double = {ord(char) for pair in pairs for char in pair.decode("gb18030", "ignore")}
    private = _codes((0xE000, 0xF8FF))
    return frozenset(double - private) | _codes((0x20, 0x7E), (0x3400, 0x4DB5), (0x9FA6, 0x9FEF), (0xFE10, 0xFE19))


def level_2() -> frozenset[int]:
    """Level 1 and 通用规范汉字表."""
    return level_1() | GENERAL


def level_3() -> frozenset[int]:
    """Level 2, extensions B to F as of the standard, the twelve unified ideographs among the compatible ones, 康熙部首.

    The scripts of minorities, which the standard has too, are no part of it here.
    """
    beyond = _codes((0x20000, 0x2A6D6), (0x2A700, 0x2B734), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0))
    twelve = frozenset(map(ord, "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"))
    return level_2() | beyond | twelve | _codes((0x2F00, 0x2FD5))


@cache
def drawn(name: str) -> frozenset[int]:
    """The characters a face draws: it has a glyph for them, and the glyph is not blank."""
    face = faces.face(name)
    blanks = set(map(ord, marks.BLANKS))
    glyph, box = face.hb_font.get_nominal_glyph, face.box
    return frozenset(code for code in face.hb_face.unicodes if code in blanks or box(glyph(code)))
