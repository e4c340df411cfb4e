"""The faces of this machine: found by their names, chosen by rank, left out when damaged, forbidden or no text face."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import small_faces
from hypothesis import given
from hypothesis import strategies as st
from notice_papers import notice, paragraph
from small_faces import OFFICE, collection, named, names, put, truetype

from db.errors import Fault
from desktop_app import settings
from desktop_app.notices import choice, faces, fonts, installed, pdf, ranks, sfnt, sheet, tree
from desktop_app.notices.choice import Source

FANG = named("仿宋_GB2312", "FangSong_GB2312")


def look(folder: Path) -> tuple[installed.Installed, ...]:
    return installed.found([folder], folder / "faces.json")


def test_names_are_read_in_every_writing(tmp_path: Path) -> None:
    """Unicode, the Mac's Chinese, and GBK with null bytes, as faces of the nineties have it."""
    gbk = b"".join(bytes((0, b)) if b < 0x80 else bytes((b,)) for b in "仿宋_GB2312".encode("gbk"))
    table = names([(1, 25, 1, "仿宋"), (1, 0, 6, b"SimFang"), (3, 1, 4, "FangSong"), (3, 3, 4, gbk), (3, 1, 19, "x")])
    assert [tuple(one) for one in sfnt.names(table)] == [
        (1, "仿宋"),
        (6, "SimFang"),
        (4, "FangSong"),
        (4, "仿宋_GB2312"),
    ]


def test_faces_of_a_folder_and_of_collections(tmp_path: Path) -> None:
    put(tmp_path, "a.ttf", truetype(FANG))
    both = [truetype(named("宋体", "SimSun")), truetype(named("新宋体", "NSimSun"))]
    put(tmp_path / "deep", "b.TTC", collection(both))
    put(tmp_path, "c.otf", small_faces.cff(named("小标宋", "XBS")))
    put(tmp_path, "readme.txt", b"no face")
    found = look(tmp_path)
    assert [(Path(one.path).name, one.index, one.postscript) for one in found] == [
        ("a.ttf", 0, "FangSong_GB2312"),
        ("c.otf", 0, "XBS"),
        ("b.TTC", 0, "SimSun"),
        ("b.TTC", 1, "NSimSun"),
    ]
    assert look(tmp_path) == found, "the same from what was kept"


@pytest.mark.parametrize(
    ("bits", "allowed"),
    [
        (0, "free"),
        (2, "none"),
        (4, "free"),
        (8, "free"),
        (2 | 8, "free"),
        (0x200, "none"),
        (0x108, "whole"),
        (0x102, "none"),
    ],
)
def test_licence_bits(bits: int, allowed: str, tmp_path: Path) -> None:
    assert sfnt.licence(small_faces.os2(bits)) == allowed
    put(tmp_path, "a.ttf", truetype(FANG, bits=bits))
    found = look(tmp_path)
    assert [one.whole for one in found] == ([] if allowed == "none" else [allowed == "whole"])


def test_what_cannot_set_a_text_is_left_out(tmp_path: Path) -> None:
    whole = truetype(FANG)
    put(tmp_path, "cut.ttf", whole[: len(whole) // 2])
    put(tmp_path, "empty.ttf", b"")
    put(tmp_path, "words.ttf", b"not a font at all" * 100)
    put(tmp_path, "symbol.ttf", truetype(FANG, extra={b"cmap": small_faces.cmap({0xF041: 3}, 3, 0)}))
    put(tmp_path, "slanted.ttf", truetype(FANG, selection=1))
    put(tmp_path, "variable.ttf", truetype(FANG, extra={b"fvar": bytes(16)}))
    put(tmp_path, "nameless.ttf", truetype(names([])))
    (tmp_path / "folder.ttf").mkdir()
    assert [Path(one.path).name for one in look(tmp_path)] == ["nameless.ttf"]
    assert ranks.resolve({}, look(tmp_path)).absent == frozenset(choice.ROLES)


@given(st.binary(max_size=400), st.integers(0, 3000))
def test_no_bytes_are_too_strange(junk: bytes, at: int) -> None:
    """Whatever is in a file, its faces are read or left out."""
    good = truetype(FANG)
    for data in (junk, b"ttcf" + junk, b"\0\1\0\0" + junk, good[:at] + junk + good[at + len(junk) :]):
        try:
            for start in sfnt.offsets(data):
                tables = sfnt.tables(data, start)
                list(sfnt.names(tables.get(b"name", b"")))
                sfnt.symbolic(tables.get(b"cmap", b""))
                sfnt.licence(tables.get(b"OS/2"))
        except ValueError:
            continue


def test_a_changed_file_is_read_again_and_a_strange_memory_is_forgotten(tmp_path: Path) -> None:
    path = put(tmp_path, "a.ttf", truetype(FANG))
    kept = tmp_path / "faces.json"
    assert look(tmp_path)[0].postscript == "FangSong_GB2312"
    path.write_bytes(truetype(named("楷体", "KaiTi")))
    os.utime(path, ns=(1, 1))
    assert look(tmp_path)[0].postscript == "KaiTi"
    for told in (
        "",
        "[]",
        '{"form": 1}',
        '{"form": 1, "files": {"a": [1, 2, [{"x": 1}]]}}',
        '{"form": 9, "files": {}}',
    ):
        kept.write_text(told)
        assert look(tmp_path)[0].postscript == "KaiTi"
    assert json.loads(kept.read_text("utf-8"))["files"].keys() == {str(path)}
    path.unlink()
    assert look(tmp_path) == ()


def test_a_machine_that_cannot_keep_the_names_goes_on(tmp_path: Path) -> None:
    put(tmp_path / "faces", "a.ttf", truetype(FANG))
    (tmp_path / "file").write_text("")
    assert len(installed.found([tmp_path / "faces"], tmp_path / "file" / "faces.json")) == 1


# -- ranks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("body", "仿宋_GB2312"), ("body", "FangSong_GB2312"), ("body", "fangsong"), ("body", "STFangsong"), ("body", "方正仿宋_GBK"),
        ("body", "朱雀仿宋"), ("kai", "楷体_GB2312"), ("kai", "KaiTi"), ("kai", "华文楷体"), ("hei", "SimHei"), ("hei", "黑体"),
        ("song", "SimSun"), ("song", "宋体"), ("title", "方正小标宋_GBK"), ("title", "方正小标宋简体"), ("title", "FZXiaoBiaoSong-B05S"),
        ("title", "FZXiaoBiaoSong-B05"), ("title", "小标宋"),
    ],
)  # fmt: skip
def test_names_of_office_faces_are_known(role: str, name: str) -> None:
    one = installed.Installed("a.ttf", 0, (name,), (name,), ("Regular",), "X")
    assert ranks.candidates(role, [one]) == [one]
    assert not any(ranks.candidates(other, [one]) for other in choice.ROLES if other != role)


def test_no_name_stands_for_two_faces() -> None:
    every = [
        ranks.plain(name)
        for listed in (*ranks.RANKS.values(), ranks.RARE)
        for ranked in listed
        for name in set(map(ranks.plain, ranked))
    ]
    assert len(every) == len(set(every))
    assert set(ranks.RANKS) == set(choice.ROLES)


def test_the_better_name_goes_first_and_a_bold_face_is_not_its_family(tmp_path: Path) -> None:
    put(tmp_path, "1.ttf", truetype(named("华文仿宋", "STFangsong")))
    put(tmp_path, "2.ttf", truetype(named("FangSong", "FangSong")))
    put(tmp_path, "3.ttf", truetype(named("仿宋_GB2312", "FangSong_GB2312-Bold", "Bold"), weight=700))
    put(tmp_path, "4.ttf", truetype(FANG))
    found = ranks.candidates("body", look(tmp_path))
    assert [one.postscript for one in found] == ["FangSong_GB2312", "FangSong", "STFangsong"]


def resolved(folder: Path, **wishes: str) -> choice.Choice:
    return ranks.resolve(wishes, look(folder))


def test_the_offices_face_is_asked_first_then_the_programs(tmp_path: Path) -> None:
    put(tmp_path, "fs.ttf", truetype(FANG))
    put(tmp_path, "extb.ttf", truetype(named("SimSun-ExtB", "SimSun-ExtB"), "\U00030041"))
    made = resolved(tmp_path)
    assert made.chains["body"] == ("FangSong_GB2312", *choice.CHAINS["body"], "SimSun-ExtB")
    assert made.chains["title"] == (*choice.CHAINS["title"], "SimSun-ExtB")
    assert made.own("body").title == "仿宋_GB2312"
    assert made.absent == set(choice.ROLES) - {"body"}


def test_wishes_of_the_machine(tmp_path: Path) -> None:
    put(tmp_path, "1.ttf", truetype(FANG))
    put(tmp_path, "2.ttf", truetype(named("家里的字", "Home")))
    put(tmp_path, "3.ttf", truetype(named("整份", "Whole"), bits=0x100))
    put(tmp_path, "4.ttf", truetype(named("仿宋", "FangSong"), bits=0x108))
    assert resolved(tmp_path, body=ranks.OURS).chains["body"][0] == "FandolFang-Regular"
    assert "body" not in resolved(tmp_path, body=ranks.OURS).absent
    assert resolved(tmp_path, body="Home").chains["body"][:3] == ("Home", "FangSong_GB2312", "FandolFang-Regular")
    assert resolved(tmp_path, body="Gone").chains["body"][0] == "FangSong_GB2312"
    assert resolved(tmp_path).chains["body"][:2] == ("FangSong_GB2312", "FandolFang-Regular"), "whole only when named"
    assert resolved(tmp_path, body="Whole").own("body").whole


def test_a_face_that_draws_no_chinese_or_only_blanks_is_no_office_face(tmp_path: Path) -> None:
    put(tmp_path, "1.ttf", truetype(FANG, "ABC"))
    put(tmp_path, "2.ttf", truetype(named("仿宋", "FangSong"), OFFICE, blank="国"))
    put(tmp_path, "3.ttf", truetype(named("华文仿宋", "STFangsong")))
    assert resolved(tmp_path).chains["body"][0] == "STFangsong"


def test_a_face_that_only_stands_in_is_told_as_one(tmp_path: Path) -> None:
    put(tmp_path, "zs.ttf", truetype(named("华文中宋", "STZhongsong")))
    made = resolved(tmp_path)
    assert made.own("title").title == "华文中宋"
    assert "title" in made.absent
    assert "title" not in resolved(tmp_path, title="STZhongsong").absent, "it was asked for"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the folders of this system cannot be moved")
def test_no_start_looks_for_faces(tmp_path: Path) -> None:
    """They are looked for when the first paper is set, and then once."""
    put(tmp_path / "data" / "fonts", "fs.ttf", truetype(FANG))
    code = (
        "import sys; from desktop_app.__main__ import main; main(['--help']);"
        "assert not {'desktop_app.notices.installed', 'desktop_app.notices.ranks'} & set(sys.modules);"
        "from desktop_app.notices import fonts; assert fonts.cells('body').chain[0] == 'FangSong_GB2312'"
    )
    where = {"ZHENGGAI_HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "data")}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3], env={**os.environ, **where})


def test_settings_name_the_faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    put(tmp_path / "faces", "1.ttf", truetype(FANG))
    monkeypatch.setattr(installed, "folders", lambda: [tmp_path / "faces"])
    assert ranks.of_this_machine().chains["body"][0] == "FangSong_GB2312"
    settings.save(settings.Settings(faces={"body": ranks.OURS}))
    assert ranks.of_this_machine().chains["body"][0] == "FandolFang-Regular"
    settings.save(settings.Settings(faces=dict.fromkeys(choice.ROLES, ranks.OURS)))
    assert ranks.of_this_machine() == choice.Choice()


def test_a_shipped_face_that_is_also_installed_has_another_name() -> None:
    one = installed.Installed("x.otf", 0, ("FandolFang",), ("FandolFang R",), (), "FandolFang-Regular")
    assert ranks.source(one).name == "FandolFang-Regular-2"
    strange = installed.Installed("字体/仿.ttf", 0, ("仿",), ("仿",), (), "仿宋")
    assert re.fullmatch("[A-Za-z0-9_-]+", ranks.source(strange).name)


# -- papers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["truetype", "collection", "cff", "whole"])
def test_a_paper_is_set_in_the_offices_face(kind: str, tmp_path: Path) -> None:
    """TrueType, a face of a collection, name-keyed CFF, a face that may only be embedded whole: drawn, cut, read back."""
    own = truetype(FANG, bits=0x100 if kind == "whole" else 0)
    other = truetype(named("别的", "Other"), "其他")
    data = {"collection": collection([other, own]), "cff": small_faces.cff(FANG)}.get(kind, own)
    put(tmp_path, "fs.ttf", data)
    made = resolved(tmp_path, body="FangSong_GB2312")
    choice.choose(lambda: made)
    document = tree.Document("", (paragraph("国王，“仿宋”（局）喆2021年。"),))
    laid = sheet.typeset(document)
    assert laid.substitutes == (("喆", choice.FALLBACK),)
    written = pdf.drawn(laid, pdf.meta(document))
    assert written == pdf.drawn(laid, pdf.meta(document))
    assert pdf.drawn(laid, pdf.meta(document), archive=True), "proved for the archive"
    with pikepdf.open(io.BytesIO(written)) as file:
        fonts_used = [font.DescendantFonts[0] for font in file.pages[0].Resources.Font.values()]
        mine = next(font for font in fonts_used if "FangSong" in str(font.BaseFont))
        assert ("+" in str(mine.BaseFont)) == (kind != "whole")
        assert ("/FontFile3" in mine.FontDescriptor) == (kind == "cff")
        assert "/CIDToGIDMap" in mine or kind == "cff"
    read = pypdfium2.PdfDocument(written)
    assert "国王，“仿宋”（局）喆2021年。" in read[0].get_textpage().get_text_range()
    ink = bytes(read[0].render(scale=1).buffer)
    read.close()
    assert min(ink) < 100, "it is drawn"


def test_marks_of_another_width_fill_their_cells(tmp_path: Path) -> None:
    """Latin quotation marks in a Chinese face keep close to what they enclose; what it draws blank another face draws."""
    put(tmp_path, "fs.ttf", truetype(FANG, OFFICE + "喆", narrow="“”国", blank="喆"))
    made = resolved(tmp_path)
    choice.choose(lambda: made)
    table = fonts.cells("body")
    assert [table[char].width for char in "“”国"] == [1000, 1000, 1000]
    assert [table[char].shifts for char in "“”国"] == [(600,), (0,), (300,)]
    assert table["喆"].face == choice.FALLBACK


def test_a_dash_of_two_short_strokes_is_one_line(tmp_path: Path) -> None:
    """The dash of many an office face does not fill its cell; —— is one line all the same (GB/T 15834-2011)."""
    put(tmp_path, "fs.ttf", truetype(FANG))
    made = resolved(tmp_path)
    choice.choose(lambda: made)
    cell = fonts.cells("body")["——"]
    face = faces.face(cell.face)
    box = face.box(face.glyph("—") or 0)
    assert box is not None
    assert box.right - box.left < 1000
    assert cell.shifts[0] + box.right == cell.shifts[1] + box.left == 1000
    assert cell.width == 2000


def test_another_choice_forgets_the_faces_before(tmp_path: Path) -> None:
    before = pdf.to_bytes(notice(1))
    put(tmp_path, "fs.ttf", truetype(FANG))
    made = resolved(tmp_path)
    choice.choose(lambda: made)
    assert fonts.cells("body")["国"].face == "FangSong_GB2312"
    assert pdf.to_bytes(notice(1)) != before
    choice.choose(choice.Choice)
    assert pdf.to_bytes(notice(1)) == before


def test_a_face_that_went_away_is_said(tmp_path: Path) -> None:
    path = put(tmp_path, "fs.ttf", truetype(FANG))
    path.unlink()
    with pytest.raises(Fault, match="找不到字体文件") as told:
        faces.Face(Source("Gone", path, 0, "仿宋"))
    assert "设置" in told.value.advice
    put(tmp_path, "fs.ttf", b"\0\1\0\0" + bytes(200))
    with pytest.raises(Fault, match="已损坏"):
        faces.Face(Source("Gone", path, 0, "仿宋"))


def test_folders_are_those_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    (tmp_path / "data" / "fonts").mkdir(parents=True)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert tmp_path / "data" / "fonts" in installed.folders()
    (tmp_path / "win" / "Fonts").mkdir(parents=True)
    (tmp_path / "local" / "Microsoft" / "Windows" / "Fonts").mkdir(parents=True)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("WINDIR", str(tmp_path / "win"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert installed.folders() == [tmp_path / "win" / "Fonts", tmp_path / "local" / "Microsoft" / "Windows" / "Fonts"]
    (tmp_path / "Library" / "Fonts").mkdir(parents=True)
    monkeypatch.setattr("sys.platform", "darwin")
    assert tmp_path / "Library" / "Fonts" in installed.folders()
