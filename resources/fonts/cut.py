"""Makes the faces of this folder from the packages they come from; run once by whoever renews them, never by the program.

    python resources/fonts/cut.py UNPACKED

``UNPACKED`` holds the contents of nine Debian 12 packages, unpacked over one another (``dpkg-deb -x FILE.deb UNPACKED``):
texlive-lang-chinese 2022.20230122, fonts-noto-cjk and fonts-noto-cjk-extra 1:20220127, fonts-hanazono 20170904,
fonts-babelstone-han 15.0.5, fonts-lxgw-wenkai 1.250, fonts-dejavu-core 2.37,
fonts-liberation2 2.1.5, unicode-data 15.0.0.

Fandol faces and Liberation Serif are copied unchanged. The others are cut:

* Noto, one language (SC): the faces of 黑体 and 小标宋 to the office's characters (通用规范汉字表, GB 2312, signs) and the
  20,992 ideographs of the basic block, 宋体 to the office's; Light, which stands in for whatever another face lacks, keeps
  all but Hangul.
* ``ZhenggaiKai`` (LXGW WenKai Light): the characters of 通用规范汉字表 that FandolKai lacks, in its own hand.
* ``ZhenggaiHanB`` (HanaMinB): the ideographs Noto Serif lacks, extensions B to F; with it GB 18030-2022 level 3 is whole.
* ``ZhenggaiHanG`` (BabelStone Han): what both lack, extensions G and H in part, compatibility ideographs, and single signs.
* ``ZhenggaiSigns`` (DejaVu Sans): ☑ ✓ and other signs no Chinese face has.

Cut faces whose licence reserves their name are renamed, and say so in their own ``name`` table. Layout tables and
instructions for coarse screens are left out: the typesetter places every glyph itself.
"""

from __future__ import annotations

import bz2
import re
import shutil
import sys
from pathlib import Path

import uharfbuzz as hb

from desktop_app.notices import sfnt

HERE = Path(__file__).parent
OPEN = "usr/share/fonts/opentype/noto/"
TRUE = "usr/share/fonts/truetype/"
FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
UNIHAN = "usr/share/unicode/Unihan_OtherMappings.txt.bz2"
SC = 2
"""Number of the SC face inside each Noto CJK collection."""

COPIES = ("FandolFang-Regular.otf", "FandolKai-Regular.otf")
LATIN = "LiberationSerif-Regular.ttf"

SIGNS = {
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x370, 0x400), *range(0x400, 0x460), *range(0x2010, 0x2070),
    *range(0x20A0, 0x20C0), *range(0x2100, 0x2200), *range(0x2200, 0x2300), *range(0x2460, 0x2500),
    *range(0x2500, 0x2610), 0x2E3A, *range(0x3000, 0x3100), *range(0x3200, 0x3400), *range(0xFE30, 0xFE50),
    *range(0xFF00, 0xFFF0),
}  # fmt: skip
SIGN_BLOCKS = ((0xA0, 0x590), (0x1E00, 0x2E80), (0xFB00, 0xFB07))
BASIC = set(range(0x4E00, 0xA000))
HAN = BASIC.union(
    range(0x3400, 0x4DC0),
    range(0xF900, 0xFB00),
    range(0x20000, 0x2FA20),
    range(0x30000, 0x323B0),
    range(0x2E80, 0x2FE0),
)
HANGUL = {*range(0x1100, 0x1200), *range(0x3130, 0x3190), *range(0xA960, 0xA980), *range(0xAC00, 0xD800)}
HANGUL |= {*range(0xFFA0, 0xFFE0), *range(0x3200, 0x3220), *range(0x3260, 0x3280), *range(0xE000, 0xF900)}

DROPPED = (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"VORG", b"vhea", b"vmtx", b"DSIG", b"FFTM", b"gasp", b"meta", b"kern")


def office_characters(unpacked: Path) -> tuple[set[int], set[int]]:
    """通用规范汉字表; and it with GB 2312 and signs."""
    unihan = bz2.decompress((unpacked / UNIHAN).read_bytes()).decode()
    general = {int(code, 16) for code in re.findall(r"^U\+([0-9A-F]+)\tkTGH\t", unihan, re.MULTILINE)}
    assert len(general) == 8105, len(general)
    rows = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return general, general | {ord(c) for pair in rows for c in pair.decode("gb2312", "ignore")} | SIGNS


def opened(path: Path, index: int = 0) -> hb.Face:
    """A face of a file."""
    return hb.Face(hb.Blob.from_file_path(str(path)), index)


def drawn(face: hb.Face) -> set[int]:
    """The characters the face draws; blank glyphs are none."""
    font = hb.Font(face)
    found = set()
    for code in face.unicodes:
        extents = font.get_glyph_extents(font.get_nominal_glyph(code))
        if extents and extents.width and extents.height:
            found.add(code)
    return found


def cut(face: hb.Face, characters: set[int]) -> bytes:
    """The face with these characters alone, names and licence kept, layout tables dropped."""
    wish = hb.SubsetInput()
    wish.unicode_set.update(characters)
    wish.layout_feature_tag_set.clear()
    wish.name_id_set.update(range(20))
    wish.drop_table_tag_set.update(int.from_bytes(tag) for tag in DROPPED)
    wish.flags = hb.SubsetFlags.NO_HINTING
    return bytes(hb.subset(face, wish).blob.data)


def renamed(data: bytes, name: str, notice: str, licence: str) -> bytes:
    """The face under another name; ``notice`` says what it was made from."""
    parts = {bytes(tag): bytes(table) for tag, table in sfnt.tables(data, 0).items()}
    texts = {
        0: notice,
        1: name,
        2: "Regular",
        3: f"{name} 1",
        4: name,
        5: "Version 1.0",
        6: f"{name}-Regular",
        13: licence,
    }
    parts[b"name"] = sfnt.name_table(texts)
    return sfnt.assemble(parts)


def keep(name: str, data: bytes) -> set[int]:
    """Writes a face; gives the characters it draws."""
    (HERE / name).write_bytes(data)
    has = drawn(hb.Face(data))
    print(f"{name}: {len(data) / 1e6:.2f} MB, {len(has)} characters")
    return has


def main(unpacked: Path) -> None:
    """Writes every face of this folder."""
    general, office = office_characters(unpacked)
    for name in COPIES:
        shutil.copyfile(unpacked / FANDOL / name, HERE / name)
    shutil.copyfile(unpacked / TRUE / "liberation2" / LATIN, HERE / LATIN)
    keep("NotoSansCJKsc-Medium.otf", cut(opened(unpacked / OPEN / "NotoSansCJK-Medium.ttc", SC), office | BASIC))
    keep("NotoSerifCJKsc-SemiBold.otf", cut(opened(unpacked / OPEN / "NotoSerifCJK-SemiBold.ttc", SC), office | BASIC))
    keep("NotoSerifCJKsc-Regular.otf", cut(opened(unpacked / OPEN / "NotoSerifCJK-Regular.ttc", SC), office))
    light = opened(unpacked / OPEN / "NotoSerifCJK-Light.ttc", SC)
    have = keep("NotoSerifCJKsc-Light.otf", cut(light, drawn(light) - HANGUL | SIGNS))

    kai = opened(unpacked / TRUE / "lxgw-wenkai/LXGWWenKai-Light.ttf")
    own = drawn(opened(HERE / "FandolKai-Regular.otf"))
    made = renamed(
        cut(kai, general - own),
        "ZhenggaiKai",
        "Made from LXGW WenKai Light 1.250 (c) 2021-2022 lxgw: cut to the characters FandolKai lacks, and renamed.",
        "SIL Open Font License 1.1, see ZHENGGAI-FACES.txt",
    )
    keep("ZhenggaiKai.ttf", made)

    hana = opened(unpacked / TRUE / "hanazono/HanaMinB.ttf")
    made = renamed(
        cut(hana, (drawn(hana) & HAN) - have),
        "ZhenggaiHanB",
        "Made from HanaMinB 20170904 (c) 2008-2017 GlyphWiki Project: cut to the ideographs Noto Serif lacks, and renamed.",
        "Hanazono Font License, see ZHENGGAI-FACES.txt",
    )
    have |= keep("ZhenggaiHanB.ttf", made)

    babel = opened(unpacked / TRUE / "babelstone/BabelStoneHan.ttf")
    made = renamed(
        cut(babel, (drawn(babel) & (HAN | SIGNS)) - have),
        "ZhenggaiHanG",
        "Made from BabelStone Han 15.0.5 (c) 2010-2023 Andrew West, 1999 Arphic Technology: on 30 November 2026 characters "
        "that two other faces draw were taken out, and the face was renamed.",
        "Arphic Public License, see ZHENGGAI-FACES.txt",
    )
    have |= keep("ZhenggaiHanG.ttf", made)

    deja = opened(unpacked / TRUE / "dejavu/DejaVuSans.ttf")
    signs = {code for low, high in SIGN_BLOCKS for code in range(low, high)}
    made = renamed(
        cut(deja, (drawn(deja) & signs) - have | {0x20}),
        "ZhenggaiSigns",
        "Made from DejaVu Sans 2.37 (c) 2003 Bitstream, DejaVu changes in the public domain: cut and renamed.",
        "Bitstream Vera licence, see ZHENGGAI-FACES.txt",
    )
    keep("ZhenggaiSigns.ttf", made)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
