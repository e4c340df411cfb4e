"""Makes the faces of this folder from the packages they come from; run once by whoever renews them, never by the program.

    python resources/fonts/cut.py UNPACKED

``UNPACKED`` holds the contents of four Debian 12 packages, unpacked over one another (``dpkg-deb -x FILE.deb UNPACKED``):
texlive-lang-chinese 2022.20230122, fonts-noto-cjk and fonts-noto-cjk-extra 1:20220127, unicode-data 15.0.0.

Fandol faces are copied unchanged. Noto faces are cut to one language (SC) and, but for the fallback, to the characters an
office writes: 通用规范汉字表 (8,105 characters, kTGH of Unihan), GB 2312, and signs. Layout tables are left out: the
typesetter places every glyph itself.
"""

from __future__ import annotations

import bz2
import re
import shutil
import sys
from pathlib import Path

import uharfbuzz as hb

HERE = Path(__file__).parent
NOTO = "usr/share/fonts/opentype/noto/"
FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
UNIHAN = "usr/share/unicode/Unihan_OtherMappings.txt.bz2"
SC = 2
"""Number of the SC face inside each Noto CJK collection."""

CUTS = {
    "NotoSansCJKsc-Medium.otf": ("NotoSansCJK-Medium.ttc", False),
    "NotoSerifCJKsc-SemiBold.otf": ("NotoSerifCJK-SemiBold.ttc", False),
    "NotoSerifCJKsc-Regular.otf": ("NotoSerifCJK-Regular.ttc", False),
    "NotoSerifCJKsc-Light.otf": ("NotoSerifCJK-Light.ttc", True),
}
"""File made → (collection it is cut from, whether it keeps every ideograph of its charset)."""

COPIES = ("FandolFang-Regular.otf", "FandolKai-Regular.otf")

SIGNS = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x370, 0x400), *range(0x400, 0x460), *range(0x2010, 0x2070),
    *range(0x20A0, 0x20C0), *range(0x2100, 0x2200), *range(0x2200, 0x2300), *range(0x2460, 0x2500),
    *range(0x2500, 0x2610), 0x2E3A, *range(0x3000, 0x3100), *range(0x3200, 0x3400), *range(0xFE30, 0xFE50),
    *range(0xFF00, 0xFFF0),
]  # fmt: skip


def office_characters(unpacked: Path) -> set[int]:
    """The characters of 通用规范汉字表 and GB 2312, and signs."""
    unihan = bz2.decompress((unpacked / UNIHAN).read_bytes()).decode()
    general = {int(code, 16) for code in re.findall(r"^U\+([0-9A-F]+)\tkTGH\t", unihan, re.MULTILINE)}
    assert len(general) == 8105, len(general)
    rows = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return general | {ord(c) for pair in rows for c in pair.decode("gb2312", "ignore")} | set(SIGNS)


def ideographs(face: hb.Face) -> set[int]:
    """Every unified ideograph the face draws, and the compatibility twelve."""
    ranges = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x33480))
    return {code for code in face.unicodes if any(low <= code < high for low, high in ranges)}


def cut(face: hb.Face, characters: set[int]) -> bytes:
    """The face with these characters alone, names and licence kept, layout tables dropped."""
    wish = hb.SubsetInput()
    wish.unicode_set.update(characters)
    wish.layout_feature_tag_set.clear()
    wish.name_id_set.update(range(20))
    wish.drop_table_tag_set.update(int.from_bytes(tag) for tag in (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"VORG"))
    wish.flags = hb.SubsetFlags.NO_HINTING
    made = hb.subset(face, wish)
    return bytes(made.blob.data)


def main(unpacked: Path) -> None:
    """Writes every face of this folder."""
    office = office_characters(unpacked)
    for name in COPIES:
        shutil.copyfile(unpacked / FANDOL / name, HERE / name)
    for name, (collection, whole) in CUTS.items():
        face = hb.Face(hb.Blob.from_file_path(str(unpacked / NOTO / collection)), SC)
        data = cut(face, office | ideographs(face) if whole else office)
        (HERE / name).write_bytes(data)
        print(f"{name}: {len(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
