"""The shipped faces: which characters each role draws, where the licences lie, and that every kind of outline is embedded."""

from __future__ import annotations

import ctypes
import io
import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import repertoire

from desktop_app.notices import choice, faces, fonts, marks, pdf, sheet, tree

ROLES = list(choice.ROLES)
NAMES = "䶮㛃𬭚𠅤𫖯𬸚𰻝喆堃镕珺璟祎彧翀芃垚瑄旻烜赟頔"
SIGNS = "①⑩⑳⑴㈠㎡℃№Ⅳⅳ★☆□■☑☐☒✓○●△▲◇◆—…·“”‘’〔〕【】《》〈〉『』℉‰％＋－×÷±≤≥≠≈≒→←↑↓㎜㎏㏄€£￥¥§〇々ɑǹḿāǎ︵﹏ァａ１ｱ"


def chain(role: str) -> frozenset[int]:
    """The characters of a role, whichever of its faces draws them."""
    found: frozenset[int] = frozenset()
    return found.union(*map(repertoire.drawn, choice.CHAINS[role]))


def test_the_levels_are_those_of_the_standard() -> None:
    """Sizes as published: 8,105; 20,902 + 6,582 and what was added; 87,887 ideographs and 214 radicals."""
    assert len(repertoire.GENERAL) == 8105
    ideographs = {
        code
        for code in repertoire.level_3()
        if chr(code) in "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩" or 0x3400 <= code <= 0x9FEF or code >= 0x20000
    }
    assert len(ideographs) == 87_887
    assert len(repertoire.level_2() - repertoire.level_1()) == 196


@pytest.mark.parametrize("role", ROLES)
def test_each_role_draws_all_of_gb_18030_2022(role: str) -> None:
    """Levels 1, 2 and 3 (the last one's ideographs and radicals), the whole of extensions A to F."""
    lacking = repertoire.level_3() - chain(role)
    assert not lacking, [f"U+{code:04X}" for code in sorted(lacking)[:20]]
    later = [*range(0x9FF0, 0xA000), *range(0x4DB6, 0x4DC0), *range(0x2A6D7, 0x2A6E0), *range(0x2B735, 0x2B73A)]
    assert not set(later) - chain(role)


@pytest.mark.parametrize("role", ROLES)
def test_of_the_newest_extensions_each_role_draws_what_free_faces_have(role: str) -> None:
    drawn = chain(role)
    assert len(drawn & set(range(0x30000, 0x3134B))) == 3045  # extension G, 4,939
    assert len(drawn & set(range(0x31350, 0x323B0))) == 2271  # extension H, 4,192
    assert {0x30EDD, 0x30EDE} <= drawn  # biáng, both ways
    assert set(range(0xF900, 0xFA6E)) | set(range(0xFA70, 0xFADA)) | set(range(0x2F800, 0x2FA1E)) <= drawn


@pytest.mark.parametrize("role", ROLES)
def test_names_and_signs_are_cells(role: str) -> None:
    assert not fonts.lacking(NAMES + SIGNS, role)
    for char in NAMES + "①⑩㈠㎡℃★□■☑○△—…“”《》，。、（）":
        assert fonts.cells(role)[char].width == fonts.EM, char


def test_a_name_is_drawn_in_the_hand_of_its_role_where_a_face_of_that_hand_has_it() -> None:
    assert repertoire.drawn("FandolKai-Regular") | repertoire.drawn("ZhenggaiKai") >= repertoire.GENERAL
    basic = frozenset(range(0x4E00, 0x9FEB))
    for role in ("hei", "title"):
        assert repertoire.drawn(choice.CHAINS[role][0]) >= repertoire.GENERAL | basic
    assert repertoire.drawn(choice.CHAINS["song"][0]) >= repertoire.GENERAL


def test_whatever_one_role_prints_the_others_print_too() -> None:
    """Fandol's faces have Yi, no other has it: a title or a table must not fail on it."""
    for role in ROLES:
        assert not fonts.lacking("ꀀꀁ", role)
    assert fonts.cells("title")["ꀀ"].face == "FandolFang-Regular"


def test_private_characters_are_not_drawn_as_what_they_happen_to_be_in_a_shipped_face() -> None:
    private = [code for code in repertoire.drawn("FandolFang-Regular") if 0xE000 <= code <= 0xF8FF]
    assert private
    assert fonts.lacking("".join(map(chr, private))) == [chr(code) for code in private]


def test_half_width_forms_stay_half() -> None:
    assert fonts.cells("song")["ｱ"].width == 500
    assert fonts.cells("song")["ア"].width == 1000


def test_every_face_is_known_and_its_licence_lies_beside_it() -> None:
    files = {path.name for path in choice.FOLDER.iterdir() if path.suffix in (".otf", ".ttf")}
    assert files == {one.path.name for one in choice.SHIPPED.values()}
    told = (choice.FOLDER / "ZHENGGAI-FACES.txt").read_text("utf-8")
    for one in choice.SHIPPED.values():
        if one.name.startswith("Zhenggai"):
            assert one.path.name in told
            notice = faces.face(one.name).hb_face.get_name(0)
            assert "renamed" in notice, "a changed face says so itself"
            assert not re.search("LXGW|霞鹜|HanaMin|BabelStone|DejaVu|Vera", faces.face(one.name).hb_face.get_name(1))
    for licence in ("FANDOL-COPYING.txt", "NOTO-OFL.txt", "ARPHICPL.TXT"):
        assert (choice.FOLDER / licence).stat().st_size > 4000
    assert sum((choice.FOLDER / name).stat().st_size for name in files) < 76_000_000, "the installer carries them"


def texts() -> tuple[str, ...]:
    return (
        NAMES,
        "一⼀一 二\u00a0二\u3000二",
        "―—―",
        "葛\U000e0100葛葛\U000e0101城",
        "e\u0301tat éclat",
        "郎郎﨏",
        "\U0002f800丽\U0002f803",
        SIGNS,
    )


def squash(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def rare() -> bytes:
    """A paper of rare characters in every face, the same text twice in different company."""
    faced = [tree.Paragraph((tree.Run(text, face),)) for text in texts() for face in ("body", "kai", "hei", "song")]
    return pdf.to_bytes(tree.Document(f"关于{NAMES[:7]}同志任免的通报", tuple(faced)))


def expected() -> str:
    return squash(f"关于{NAMES[:7]}同志任免的通报") + "".join(squash(text) * 4 for text in texts())


def test_pdfium_reads_rare_characters_as_they_were_typed(rare: bytes) -> None:
    document = pypdfium2.PdfDocument(rare)
    read = squash("".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    assert re.sub(r"—\d—", "", read) == expected()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_poppler_reads_rare_characters_as_they_were_typed(rare: bytes, tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_bytes(rare)
    ran = subprocess.run(["pdftotext", "-enc", "UTF-8", str(tmp_path / "r.pdf"), "-"], check=True, capture_output=True)
    assert re.sub(r"—\d—", "", squash(ran.stdout.decode())) == expected()


def test_every_thirtieth_character_of_all_comes_back_from_the_pdf() -> None:
    """All of them were tried once: poppler gave 98,629 of 98,629 back in order, pdfium all but seven ligatures it takes apart."""
    skipped = frozenset("MZC")
    every = (chr(code) for code in sorted(chain("body")) if not 0xE000 <= code <= 0xF8FF)
    some = "".join(
        [c for c in every if unicodedata.category(c)[0] not in skipped and not "\ufb00" <= c <= "\ufb06"][::30]
    )
    clean = marks.clean(some).replace("-", "")
    paragraphs = tuple(tree.Paragraph((tree.Run(clean[k : k + 500]),)) for k in range(0, len(clean), 500))
    document = pypdfium2.PdfDocument(pdf.to_bytes(tree.Document("", paragraphs)))
    read = squash("".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    assert len(clean) > 3000
    assert re.sub(r"—\d—", "", read) == squash(clean)


def test_outlines_of_both_kinds_are_embedded_cut(rare: bytes) -> None:
    with pikepdf.open(io.BytesIO(rare)) as file:
        kinds = {}
        for page in file.pages:
            for font in page.Resources.Font.values():
                descendant = font.DescendantFonts[0]
                kinds[str(descendant.BaseFont).partition("+")[2]] = descendant
                assert font.BaseFont == descendant.BaseFont
        assert str(kinds["FandolFang-Regular"].Subtype) == "/CIDFontType0"
        glyf = kinds["ZhenggaiHanG"]
        assert str(glyf.Subtype) == "/CIDFontType2"
        assert str(glyf.CIDToGIDMap) == "/Identity"
        program = glyf.FontDescriptor.FontFile2.read_bytes()
        assert int(glyf.FontDescriptor.FontFile2.Length1) == len(program)
        assert len(program) < 200_000


def test_the_same_glyphs_make_the_same_program() -> None:
    for name in ("ZhenggaiHanB", "FandolFang-Regular"):
        face = faces.face(name)
        some = [face.cids[glyph] for glyph in (1, 7, 300, 301)]
        assert face.program(some) == face.program(reversed(some))


def middle(name: str) -> float:
    face = faces.face(name)
    codes = sorted(code for code in face.hb_face.unicodes if 0x3400 <= code <= 0x9FFF or code >= 0x20000)[::11]
    boxes = [box for code in codes if (box := face.box(face.hb_font.get_nominal_glyph(code)))]
    return sum(box.lower + box.upper for box in boxes) / 2 / len(boxes)


@pytest.mark.parametrize("name", list(choice.SHIPPED))
def test_every_ideograph_of_a_shipped_face_is_black_and_takes_a_cell(name: str) -> None:
    """What ``Face.fills`` takes for certain."""
    face = fonts.face(name)
    ours = [char for char in map(chr, range(0x4E00, 0xA000)) if face.hb_font.get_nominal_glyph(ord(char))]
    for char in ours:
        box = face.box(face.hb_font.get_nominal_glyph(ord(char)))
        assert face.fills(char), char
        assert box is not None, char
        assert box.right - box.left <= fonts.EM or face.advance(face.hb_font.get_nominal_glyph(ord(char))) == fonts.EM


def test_the_middle_of_each_face_is_where_its_source_says() -> None:
    for one in choice.SHIPPED.values():
        if one.name not in ("ZhenggaiSigns", choice.LATIN):  # they draw no ideograph
            assert abs(middle(one.name) - one.middle) < 6, one.name


def test_a_face_that_stands_in_has_its_middle_as_high_as_the_others() -> None:
    """FandolFang's ideographs lie 1.1 pt lower than Noto's at 16 pt: a name of both would dance."""
    for role, char in (("body", "喆"), ("kai", "喆"), ("body", "𰻝"), ("hei", "𰻝")):
        own = faces.face(choice.CHAINS[role][0])
        cell = fonts.cells(role)[char]
        assert cell.face != own.name
        other = faces.face(cell.face)
        assert cell.rise == own.middle - other.middle
        assert fonts.ink(cell)[3] == other.box(other.glyph(char) or 0)[3] + cell.rise  # type: ignore[index]
    assert fonts.cells("body")["国"].rise == 0
    assert fonts.cells("body")["ă"].rise == 0, "letters keep to the baseline"
    document = tree.Document("", (tree.Paragraph((tree.Run("王喆ă国"),)),))
    laid = sheet.typeset(document)
    line = next(line for page in laid.pages for line in page.lines if line.kind == "body")
    assert [(piece.text, round(piece.rise, 3)) for piece in line.pieces] == [
        ("王", 0),
        ("喆", -1.088),
        ("ă", 0),
        ("国", 0),
    ]
    read = pypdfium2.PdfDocument(pdf.drawn(laid, pdf.meta(document)))
    words = read[0].get_textpage()
    x, heights = ctypes.c_double(), [ctypes.c_double() for _ in range(4)]
    for k, height in enumerate(heights):
        pypdfium2.raw.FPDFText_GetCharOrigin(words, k, ctypes.byref(x), ctypes.byref(height))
    read.close()
    assert [round(height.value - line.y, 2) for height in heights] == [0, -1.09, 0, 0]


def test_the_middle_of_an_installed_face_is_measured() -> None:
    for name in ("FandolFang-Regular", "NotoSerifCJKsc-Light"):
        source = choice.SHIPPED[name]
        assert abs(faces.Face(replace(source, middle=0)).middle - source.middle) < 12


def test_figures_and_letters_beside_the_fang_are_of_one_hand_and_half_a_cell_wide() -> None:
    for role in ("body", "kai"):
        table = fonts.cells(role)
        assert {table[char].face for char in "0123456789%.,-/@AZaz"} == {choice.LATIN}
        assert {table[char].width for char in "0123456789"} == {500}
        assert table["（"].face != choice.LATIN
        assert table["“"].face != choice.LATIN
    assert fonts.cells("hei")["1"].face == "NotoSansCJKsc-Medium"
    assert not fonts.require("2021年11月3日", "body")
