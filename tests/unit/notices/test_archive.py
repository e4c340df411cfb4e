"""PDF/A-2b: papers made for the archive keep the rules, and each rule is missed when it is broken."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import PIL.Image
import PIL.ImageCms
import pytest
from notice_papers import notice, paragraph
from pikepdf import Array, Dictionary, Name
from small_faces import named, put, truetype

from db.errors import Fault, Refusal
from desktop_app.notices import archive, choice, installed, pdf, ranks, sheet, tree
from desktop_app.notices.archive_rules import broken
from desktop_app.notices.page import Image, Page, Pages

IDENTITY = (("number", "某公〔2021〕8号"), ("digest", "0a" * 32))


def archived(document: tree.Document) -> bytes:
    about = pdf.meta(document, datetime(2021, 11, 3, 8, 30, tzinfo=UTC), IDENTITY)
    return pdf.drawn(sheet.typeset(document), about, archive=True)


def test_a_paper_for_the_archive_keeps_every_rule() -> None:
    assert broken(archived(notice(4))) == []
    assert broken(archived(tree.Document("", (paragraph("王喆、䶮"),), subject="一", keywords=("甲", "乙")))) == []


def test_an_ordinary_paper_is_none() -> None:
    assert {one.clause for one in broken(pdf.to_bytes(notice(1)))} == {"6.2.3", "6.6.4"}


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert archived(notice(2)) == archived(notice(2))


def test_pictures_may_be_transparent_or_in_four_colours() -> None:
    pictures = {}
    for name, mode, kind in (("a", "RGBA", "PNG"), ("b", "L", "JPEG"), ("c", "CMYK", "JPEG"), ("d", "P", "PNG")):
        buffer = io.BytesIO()
        PIL.Image.new(mode, (4, 4)).save(buffer, kind)
        pictures[name] = buffer.getvalue()
    images = tuple(Image(name, 100, 100 + 30 * k, 20, 20, "图") for k, name in enumerate(pictures))
    laid = Pages((Page(1, (), (), (), images),), ())
    assert broken(pdf.drawn(laid, pdf.Meta("图"), pictures, archive=True)) == []


def test_the_profile_is_of_srgb() -> None:
    """Beside another maker's profile: no channel differs by more than one step."""
    ours = PIL.ImageCms.ImageCmsProfile(io.BytesIO(archive.profile()))
    picture = PIL.Image.new("RGB", (256, 64))
    picture.putdata([(x, (x * 7 + y * 13) % 256, (255 - x + y * 31) % 256) for y in range(64) for x in range(256)])
    turned = PIL.ImageCms.buildTransform(ours, PIL.ImageCms.createProfile("sRGB"), "RGB", "RGB")
    after = PIL.ImageCms.applyTransform(picture, turned)
    assert after is not None
    assert max(abs(a - b) for a, b in zip(after.tobytes(), picture.tobytes(), strict=True)) <= 1


def changed(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """The paper after something was done to it."""
    with pikepdf.open(io.BytesIO(archived(notice(1)))) as file:
        change(file)
        buffer = io.BytesIO()
        kept = pikepdf.StreamDecodeLevel.none
        file.save(
            buffer, preserve_pdfa=True, fix_metadata_version=False, stream_decode_level=kept, compress_streams=False
        )
    return buffer.getvalue()


def test_saved_by_another_program_it_still_keeps_them() -> None:
    assert broken(changed(lambda _: None)) == []


def packet(old: str, new: str) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        raw = file.Root.Metadata.read_bytes()
        assert old.encode() in raw
        file.Root.Metadata.write(raw.replace(old.encode(), new.encode()))

    return change


def annotation(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        made = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), F=4)
        made.AP = Dictionary(N=file.make_stream(b""))
        for key, value in entries.items():
            if value is None:
                del made[f"/{key}"]
            else:
                made[f"/{key}"] = value
        file.pages[0].obj.Annots = Array([file.make_indirect(made)])

    return change


def drawn(code: bytes) -> Callable[[pikepdf.Pdf], None]:
    return lambda file: file.pages[0].contents_add(code)


def font(file: pikepdf.Pdf) -> Any:
    return next(iter(file.pages[0].Resources.Font.values()))


def image(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        made = file.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
        for key, value in ({"ColorSpace": Name.DeviceGray} | entries).items():
            made[f"/{key}"] = value
        file.pages[0].Resources.XObject = Dictionary(I=made)

    return change


def set_(path: str, value: Callable[[pikepdf.Pdf], Any]) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        file.Root[f"/{path}"] = value(file)

    return change


def without(target: Callable[[pikepdf.Pdf], Any], key: str) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        del target(file)[f"/{key}"]

    return change


def profile(file: pikepdf.Pdf) -> Any:
    return file.Root.OutputIntents[0].DestOutputProfile


def descriptor(file: pikepdf.Pdf) -> Any:
    return font(file).DescendantFonts[0].FontDescriptor


MUTATIONS: dict[str, tuple[str, Callable[[pikepdf.Pdf], object]]] = {
    "no metadata": ("6.6.2.1", without(lambda file: file.Root, "Metadata")),
    "broken metadata": ("6.6.2.1", packet("</rdf:RDF>", "")),
    "encoding in the packet": ("6.6.2.1", packet('begin="\ufeff"', 'begin="\ufeff" encoding="UTF-8"')),
    "other part": ("6.6.4", packet("<pdfaid:part>2", "<pdfaid:part>1")),
    "no level": ("6.6.4", packet("<pdfaid:conformance>B</pdfaid:conformance>", "")),
    "other title": ("6.6.2", packet("<rdf:li xml:lang=\"x-default\">中共", "<rdf:li xml:lang=\"x-default\">某")),
    "other day": ("6.6.2", packet("2021-11-03T08:30:00", "2021-11-03T08:31:00")),
    "undescribed property": ("6.6.2.3", packet("<pdfaProperty:name>digest", "<pdfaProperty:name>other")),
    "foreign property": ("6.6.2.3", packet("<dc:format>", "<z:a xmlns:z='z'>1</z:a><dc:format>")),
    "no intent": ("6.2.3", without(lambda file: file.Root, "OutputIntents")),
    "intent without profile": ("6.2.3", without(lambda file: file.Root.OutputIntents[0], "DestOutputProfile")),
    "profile cut": ("6.2.3", lambda file: profile(file).write(archive.profile()[:-4])),
    "profile of paper": ("6.2.3", lambda file: profile(file).write(archive.profile().replace(b"RGB ", b"CMYK", 1))),
    "font not embedded": ("6.2.11.4.1", without(descriptor, "FontFile3")),
    "no text": ("6.2.11.7", without(font, "ToUnicode")),
    "notdef": ("6.2.11.8", lambda file: drawn(f"BT {next(iter(file.pages[0].Resources.Font))} 9 Tf <0000> Tj ET".encode())(file)),
    "glyph not in the font": (
        "6.2.11.4.1",
        lambda file: drawn(f"BT {next(iter(file.pages[0].Resources.Font))} 9 Tf [<FFFE>] TJ ET".encode())(file),
    ),
    "simple font": ("6.2.11.3", lambda file: font(file).__setitem__("/Encoding", Name.WinAnsiEncoding)),
    "four colours": ("6.2.4.3", drawn(b"0 0 0 1 k")),
    "unknown operator": ("6.2.2", drawn(b"zz")),
    "unknown font": ("6.2.2", drawn(b"BT /None 9 Tf ET")),
    "unknown intent": ("6.2.6", drawn(b"/Nice ri")),
    "deep nesting": ("6.1.13", drawn(b"q " * 29 + b"Q " * 29)),
    "interpolated image": ("6.2.8", image(Interpolate=True)),
    "image in four colours": ("6.2.4.3", image(ColorSpace=Name.DeviceCMYK)),
    "image elsewhere": ("6.1.7.1", image(F=pikepdf.String("a"))),
    "LZW": ("6.1.7.2", image(Filter=Name.LZWDecode)),
    "script": ("6.5.1", set_("Names", lambda file: Dictionary(JavaScript=Dictionary()))),
    "launch": ("6.5.1", set_("OpenAction", lambda file: Dictionary(Type=Name.Action, S=Name.Launch))),
    "attachment": ("6.8", lambda file: file.attachments.__setitem__("a.txt", b"a")),
    "form": ("6.4.1", set_("AcroForm", lambda file: Dictionary(Fields=Array([])))),
    "layers": ("6.9", set_("OCProperties", lambda file: Dictionary())),
    "action of the file": ("6.5.2", set_("AA", lambda file: Dictionary())),
    "action of a page": ("6.5.2", lambda file: file.pages[0].obj.__setitem__("/AA", Dictionary())),
    "hidden note": ("6.3.2", annotation(F=2)),
    "note without look": ("6.3.3", annotation(AP=None)),
    "film": ("6.3.1", annotation(Subtype=Name.Movie)),
    "tiny page": ("6.1.13", lambda file: file.pages[0].obj.__setitem__("/MediaBox", Array([0, 0, 1, 1]))),
    "blend": ("6.2.10", set_("X", lambda file: Dictionary(Type=Name.ExtGState, BM=Name.Nice))),
    "transfer": ("6.2.5", set_("X", lambda file: Dictionary(Type=Name.ExtGState, TR=Name.Identity))),
    "long string": ("6.1.13", set_("X", lambda file: pikepdf.String("a" * 40000))),
    "big number": ("6.1.13", set_("X", lambda file: 2**40)),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_broken_rule_is_found(name: str) -> None:
    clause, change = MUTATIONS[name]
    assert {one.clause for one in broken(changed(change))} == {clause}


@pytest.mark.parametrize(
    ("clause", "change"),
    [
        ("6.1.2", lambda data: data.replace(b"%PDF-1.7\n%", b"%PDF-1.7\n%a")),
        ("6.1.2", lambda data: data.replace(b"%PDF-1.7", b"%PDF-2.0")),
        ("6.1.3", lambda data: data + b"more"),
        ("6.1.7.1", lambda data: data.replace(b"\nendstream", b" endstream", 1)),
        ("6.1.7.1", lambda data: data.replace(b"stream\n", b"stream\r", 1)),
        ("6.1.1", lambda data: b""),
    ],
)
def test_broken_bytes_are_found(clause: str, change: Callable[[bytes], bytes]) -> None:
    assert clause in {one.clause for one in broken(change(archived(notice(1))))}


@pytest.mark.parametrize(
    ("clause", "change"),
    [
        ("", lambda inner: None),
        ("6.2.11.5", lambda inner: inner.__setitem__("/DW", 777)),
        ("6.2.11.5", lambda inner: inner.__setitem__("/W", Array([0, 60000, 777]))),
        ("6.2.11.3.2", lambda inner: inner.__delitem__("/CIDToGIDMap")),
    ],
)
def test_a_truetype_face_is_as_wide_as_told(clause: str, change: Callable[[Any], object], tmp_path: Path) -> None:
    put(tmp_path, "fs.ttf", truetype(named("仿宋_GB2312", "FangSong_GB2312")))
    made = ranks.resolve({"body": "FangSong_GB2312"}, installed.found([tmp_path], tmp_path / "faces.json"))
    choice.choose(lambda: made)
    document = tree.Document("", (paragraph("国王，“仿宋”（局）2021年。"),))
    data = pdf.drawn(sheet.typeset(document), pdf.meta(document), archive=True)
    with pikepdf.open(io.BytesIO(data)) as file:
        inner = [one.DescendantFonts[0] for one in file.pages[0].Resources.Font.values()]
        change(next(one for one in inner if one.Subtype == "/CIDFontType2"))
        buffer = io.BytesIO()
        file.save(buffer, preserve_pdfa=True, fix_metadata_version=False)
    assert {one.clause for one in broken(buffer.getvalue())} == ({clause} if clause else set())


def test_a_file_that_breaks_a_rule_is_not_given_out() -> None:
    assert archive.proved(archived(notice(1))) == archived(notice(1))
    with pytest.raises(Fault, match="没有输出意图"):
        archive.proved(pdf.to_bytes(notice(1)))


def test_without_the_checker_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "desktop_app.notices.archive_rules", None)
    with pytest.raises(Refusal, match="缺少检查存档文件的部件"):
        archived(notice(1))


def test_an_encrypted_file_is_found() -> None:
    with pikepdf.open(io.BytesIO(archived(notice(1)))) as file:
        buffer = io.BytesIO()
        file.save(buffer, encryption=pikepdf.Encryption(owner="a", user=""))
    assert "6.1.3" in {one.clause for one in broken(buffer.getvalue())}
