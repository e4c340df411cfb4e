"""Proves on a finished file that it keeps the rules of PDF/A-2b (ISO 19005-2:2011), as far as they touch what papers hold.

Another library than the writer's reads the file (pikepdf). What a paper can never hold (forms, layers, JPEG 2000, films) is
refused as a whole instead of examined, so a foreign file may be told broken that a full validator would pass, not the reverse.
Not looked at: the programs inside embedded fonts (that their outlines are valid), and the pixels of pictures.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pikepdf
import uharfbuzz as hb

from desktop_app.notices import cff
from desktop_app.notices.properties import OURS

Name, Dictionary, Array, Stream = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a file does not keep: the clause of ISO 19005-2, and what is wrong."""

    clause: str
    told: str


ACTIONS = frozenset({"GoTo", "GoToR", "GoToE", "Thread", "URI", "Named", "SubmitForm"})
_OPERATORS = (
    "b B b* B* BDC BI BMC BT c cm CS cs d d0 d1 Do DP EI EMC ET f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri s S SC "
    "sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \" INLINE IMAGE"
)
OPERATORS = frozenset(_OPERATORS.split())
INTENTS = frozenset({"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"})
_BLENDS = (
    "/Normal /Compatible /Multiply /Screen /Overlay /Darken /Lighten /ColorDodge /ColorBurn /HardLight /SoftLight /Difference "
    "/Exclusion /Hue /Saturation /Color /Luminosity"
)
BLENDS = frozenset(_BLENDS.split())
KNOWN = {
    "http://purl.org/dc/elements/1.1/",
    "http://ns.adobe.com/pdf/1.3/",
    "http://ns.adobe.com/xap/1.0/",
    "http://www.aiim.org/pdfa/ns/id/",
    "http://www.aiim.org/pdfa/ns/extension/",
    "http://www.aiim.org/pdfa/ns/schema#",
    "http://www.aiim.org/pdfa/ns/property#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "adobe:ns:meta/",
}
_ID = "{http://www.aiim.org/pdfa/ns/id/}"
_SAME = {
    "/Title": "{http://purl.org/dc/elements/1.1/}title",
    "/Author": "{http://purl.org/dc/elements/1.1/}creator",
    "/Subject": "{http://purl.org/dc/elements/1.1/}description",
    "/Keywords": "{http://ns.adobe.com/pdf/1.3/}Keywords",
    "/Creator": "{http://ns.adobe.com/xap/1.0/}CreatorTool",
    "/Producer": "{http://ns.adobe.com/pdf/1.3/}Producer",
    "/CreationDate": "{http://ns.adobe.com/xap/1.0/}CreateDate",
    "/ModDate": "{http://ns.adobe.com/xap/1.0/}ModifyDate",
}


def broken(data: bytes) -> list[Broken]:
    """Every rule the file breaks, each once; empty is what an archive may take."""
    found = list(_bytes(data))
    try:
        file = pikepdf.open(io.BytesIO(data))
    except pikepdf.PdfError as failed:
        return [*found, Broken("6.1.1", f"文件打不开：{failed}")]
    with file:
        for rule in (_trailer, _objects, _catalog, _metadata, _intents, _pages):
            found += rule(file)
    return list(dict.fromkeys(found))


def _bytes(data: bytes) -> Iterator[Broken]:
    """Header, end, and the white space around the keywords of objects and streams."""
    if not re.match(rb"%PDF-1\.[0-7](\r\n|\r|\n)%[\x80-\xff]{4}", data):
        yield Broken("6.1.2", "文件头不是“%PDF-1.n”加四个高位字节的注释")
    if not re.search(rb"%%EOF(\r\n|\r|\n)?\Z", data):
        yield Broken("6.1.3", "文件末尾标记之后还有内容")
    at = 0
    while (begun := data.find(b"stream", at)) >= 0:
        if data[begun - 3 : begun] == b"end":
            at = begun + 6
            continue
        head = data[data.rfind(b" obj", 0, begun) : begun]
        length = re.search(rb"/Length (\d+)(?! \d+ R)", head)
        opened = re.match(rb"stream(\r\n|\n)", data[begun : begun + 8])
        if length is None or not head.rstrip().endswith(b">>"):
            at = begun + 6
            continue
        end = begun + (opened.end() if opened else 6) + int(length[1])
        if opened is None or not re.match(rb"(\r\n|\n|\r)endstream[\r\n]", data[end : end + 12]):
            yield Broken("6.1.7.1", "数据流的长度不符，或“stream”“endstream”前后没有换行")
        at = end


def _trailer(file: pikepdf.Pdf) -> Iterator[Broken]:
    if "/ID" not in file.trailer:
        yield Broken("6.1.3", "没有文件标识（ID）")
    if file.is_encrypted:
        yield Broken("6.1.3", "文件加了密")
    if len(file.objects) > 8_388_607:
        yield Broken("6.1.13", "对象太多")


def _objects(file: pikepdf.Pdf) -> Iterator[Broken]:
    """What no object may hold, wherever it stands."""
    for one in file.objects:
        yield from _value(one)


def _value(one: Any, depth: int = 0) -> Iterator[Broken]:
    if isinstance(one, pikepdf.String) and len(bytes(one)) > 32767:
        yield Broken("6.1.13", "字符串超过32767字节")
    elif isinstance(one, Name) and len(str(one)) > 128:
        yield Broken("6.1.13", "名称超过127字节")
    elif isinstance(one, int) and not -(2**31) <= one < 2**31:
        yield Broken("6.1.13", "整数超出范围")
    elif isinstance(one, Array):
        for item in one.as_list():
            if not getattr(item, "is_indirect", False):
                yield from _value(item, depth + 1)
    elif isinstance(one, Dictionary | Stream):
        entries = one.as_dict() if isinstance(one, Dictionary) else one.stream_dict.as_dict()
        yield from _dictionary(entries)
        if isinstance(one, Stream):
            yield from _stream(entries)
        for item in entries.values():
            if not getattr(item, "is_indirect", False):
                yield from _value(item, depth + 1)


def _dictionary(entries: Any) -> Iterator[Broken]:
    kind, subtype = str(entries.get("/Type", "")), str(entries.get("/Subtype", ""))
    if "/JS" in entries or "/JavaScript" in entries:
        yield Broken("6.5.1", "含有脚本")
    if "/EF" in entries:
        yield Broken("6.8", "嵌有其他文件")
    action = str(entries.get("/S", ""))[1:]
    if kind == "/Action" and action not in ACTIONS:
        yield Broken("6.5.1", f"不许可的动作“{action}”")
    if kind == "/ExtGState" and (
        "/TR" in entries or "/HTP" in entries or entries.get("/TR2", "/Default") != "/Default"
    ):
        yield Broken("6.2.5", "图形状态含有传递函数或半色调原点")
    if "/BM" in entries and str(entries["/BM"]) not in BLENDS:
        yield Broken("6.2.10", "不许可的混合模式")
    if kind == "/Annot" or "/AP" in entries:
        yield from _annotation(entries, subtype)


def _annotation(entries: Any, subtype: str) -> Iterator[Broken]:
    if subtype in ("/3D", "/Sound", "/Screen", "/Movie", "/Widget", "/FileAttachment", "/RichMedia"):
        yield Broken("6.3.1", f"不许可的批注“{subtype[1:]}”")
    flags = int(entries.get("/F", 0))
    if subtype != "/Popup" and (not flags & 4 or flags & (1 | 2 | 32 | 256)):
        yield Broken("6.3.2", "批注不会印出，或被隐藏")
    if subtype not in ("/Popup", "/Link") and "/AP" not in entries:
        yield Broken("6.3.3", "批注没有外观")
    if "/AA" in entries:
        yield Broken("6.4.1", "批注带有附加动作")


def _stream(entries: Any) -> Iterator[Broken]:
    if {"/F", "/FFilter", "/FDecodeParms"} & set(entries):
        yield Broken("6.1.7.1", "数据流的内容在文件之外")
    filters = entries.get("/Filter", [])
    for one in [filters] if isinstance(filters, Name) else list(filters):
        if str(one) in ("/LZWDecode", "/Crypt", "/JPXDecode"):
            yield Broken("6.1.7.2", f"不许可的压缩方法“{str(one)[1:]}”")
    subtype = str(entries.get("/Subtype", ""))
    if subtype == "/PS" or "/PS" in entries or entries.get("/Subtype2") == "/PS":
        yield Broken("6.2.9", "含有PostScript")
    if {"/Alternates", "/OPI", "/Ref"} & set(entries):
        yield Broken("6.2.8", "图像有替代或引用的版本")
    if subtype == "/Image":
        if entries.get("/Interpolate", False):
            yield Broken("6.2.8", "图像要求插值")
        if str(entries.get("/ColorSpace", "")) == "/DeviceCMYK":
            yield Broken("6.2.4.3", "图像用印刷四色，与输出意图不符")
        if "/Intent" in entries and str(entries["/Intent"]) not in INTENTS:
            yield Broken("6.2.6", "不许可的呈现意图")


def _catalog(file: pikepdf.Pdf) -> Iterator[Broken]:
    root = file.Root
    for key, clause, told in (
        ("/AA", "6.5.2", "文档带有附加动作"),
        ("/AcroForm", "6.4.1", "含有表单"),
        ("/OCProperties", "6.9", "含有图层"),
        ("/NeedsRendering", "6.4.2", "要求动态呈现"),
        ("/Requirements", "6.11", "对阅读程序有要求"),
        ("/Perms", "6.1.12", "限制了权限"),
    ):
        if key in root:
            yield Broken(clause, told)
    names = root.get("/Names", Dictionary())
    if "/EmbeddedFiles" in names:
        yield Broken("6.8", "嵌有其他文件")
    if "/JavaScript" in names:
        yield Broken("6.5.1", "含有脚本")
    if "/AlternatePresentations" in names:
        yield Broken("6.10", "含有替代的呈现")


def _metadata(file: pikepdf.Pdf) -> Iterator[Broken]:
    """XMP: there, readable, naming part 2 level B, saying what Info says, every own property described."""
    if "/Metadata" not in file.Root:
        yield Broken("6.6.2.1", "没有元数据（XMP）")
        return
    raw = file.Root.Metadata.read_bytes()
    if re.search(rb"<\?xpacket begin=[^>]*(bytes|encoding)=", raw):
        yield Broken("6.6.2.1", "元数据包头带有bytes或encoding")
    try:
        tree = ElementTree.fromstring(raw)
    except ElementTree.ParseError as failed:
        yield Broken("6.6.2.1", f"元数据读不出：{failed}")
        return
    told: dict[str, str] = {}
    for node in tree.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"):
        told |= dict(node.attrib)
        told |= {child.tag: "".join(child.itertext()) for child in node}
    if told.get(f"{_ID}part") != "2":
        yield Broken("6.6.4", "元数据没有写明PDF/A第2部分")
    if told.get(f"{_ID}conformance") not in ("A", "B", "U"):
        yield Broken("6.6.4", "元数据没有写明符合的级别")
    for key, name in _SAME.items():
        said = str(file.docinfo.get(key, ""))
        if said and _day(said) != _day(told.get(name, "").strip()):
            yield Broken("6.6.2", f"文档信息与元数据不一致：{key[1:]}")
    described = {(one.text or "") for one in tree.iter("{http://www.aiim.org/pdfa/ns/property#}name")}
    for node in tree.iter():
        space, _, local = str(node.tag)[1:].partition("}")
        if space not in KNOWN and (space != OURS or local not in described):
            yield Broken("6.6.2.3", f"元数据项没有说明：{local}")


def _day(text: str) -> str:
    """A date of Info and one of XMP as the same digits; other words as they are."""
    if re.fullmatch(r"D:\d{14}.*|\d{4}-\d\d-\d\dT.*", text):
        return re.sub(r"\D", "", re.sub(r"Z$", "", text)).ljust(18, "0")
    return text


def _intents(file: pikepdf.Pdf) -> Iterator[Broken]:
    intents = [one for one in file.Root.get("/OutputIntents", []) if one.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1 or "/DestOutputProfile" not in intents[0]:
        yield Broken("6.2.3", "没有输出意图")
        return
    profile = intents[0].DestOutputProfile.read_bytes()
    if len(profile) < 132 or int.from_bytes(profile[:4]) != len(profile) or profile[36:40] != b"acsp":
        yield Broken("6.2.3", "输出意图的色彩特性文件已损坏")
    elif profile[12:16] not in (b"mntr", b"prtr") or profile[16:20] != b"RGB " or profile[8] >= 5:
        yield Broken("6.2.3", "输出意图的色彩特性文件不是RGB显示或输出设备的")
    elif int(intents[0].DestOutputProfile.get("/N", 0)) != 3:
        yield Broken("6.2.3", "输出意图的通道数不符")


def _pages(file: pikepdf.Pdf) -> Iterator[Broken]:
    fonts: dict[tuple[int, int], set[int]] = {}
    kept: dict[tuple[int, int], Any] = {}
    for page in file.pages:
        if "/AA" in page.obj or "/PresSteps" in page.obj:
            yield Broken("6.5.2", "页面带有附加动作")
        left, bottom, right, top = (float(v) for v in page.mediabox.as_list())
        if not (3 <= right - left <= 14400 and 3 <= top - bottom <= 14400):
            yield Broken("6.1.13", "页面大小超出范围")
        held = {str(key): font for key, font in page.resources.get("/Font", {}).items()}
        yield from _content(page, held, fonts)
        kept |= {font.objgen: font for font in held.values()}
    for key, codes in fonts.items():
        yield from _font(kept[key], codes)


def _content(page: Any, held: dict[str, Any], fonts: dict[tuple[int, int], set[int]]) -> Iterator[Broken]:
    deep = 0
    codes: set[int] = set()
    for step in pikepdf.parse_content_stream(page):
        operands: Any = step.operands
        name = str(step.operator)
        if name not in OPERATORS:
            yield Broken("6.2.2", f"页面内容有未定义的操作“{name}”")
        elif name in ("k", "K"):
            yield Broken("6.2.4.3", "用了印刷四色，与输出意图不符")
        elif name == "ri" and str(operands[0]) not in INTENTS:
            yield Broken("6.2.6", "不许可的呈现意图")
        elif name in "qQ":
            deep += 1 if name == "q" else -1
            if deep > 28:
                yield Broken("6.1.13", "图形状态嵌套超过28层")
        elif name == "Tf":
            font = held.get(str(operands[0]))
            if font is None:
                yield Broken("6.2.2", "用到的字体不在页面资源里")
            else:
                codes = fonts.setdefault(font.objgen, set())
        elif name in ("Tj", "TJ"):
            for text in operands[0] if name == "TJ" else operands:
                if isinstance(text, pikepdf.String):
                    raw = bytes(text)
                    codes.update(int.from_bytes(raw[k : k + 2]) for k in range(0, len(raw), 2))


def _font(font: Any, codes: set[int]) -> Iterator[Broken]:
    """A composite font with Identity-H, its program embedded, every glyph that is shown in it."""
    name = str(font.get("/BaseFont", "?"))[1:]
    if font.get("/Subtype") != "/Type0" or font.get("/Encoding") != "/Identity-H":
        yield Broken("6.2.11.3", f"字体“{name}”不是横排的复合字体")
        return
    inner = font.DescendantFonts[0]
    descriptor = inner.get("/FontDescriptor", Dictionary())
    program = descriptor.get("/FontFile3", descriptor.get("/FontFile2"))
    if program is None:
        yield Broken("6.2.11.4.1", f"字体“{name}”没有嵌入")
        return
    if "/ToUnicode" not in font:
        yield Broken("6.2.11.7", f"字体“{name}”的字形没有对应的文字")
    if 0 in codes:
        yield Broken("6.2.11.8", f"字体“{name}”印出了缺字符号")
    if inner.get("/Subtype") == "/CIDFontType2":
        yield from _truetype(name, inner, program.read_bytes(), codes)
    if program.get("/Subtype") == "/CIDFontType0C":
        data = memoryview(program.read_bytes())
        lacking = codes - set(cff.cids(data, cff.count(data)))
        if lacking:
            yield Broken("6.2.11.4.1", f"字体“{name}”缺{len(lacking)}个用到的字形")


def _truetype(name: str, inner: Any, program: bytes, codes: set[int]) -> Iterator[Broken]:
    """A TrueType face: codes are glyph numbers, each glyph is there, as wide as the file says."""
    if inner.get("/CIDToGIDMap") != "/Identity":
        yield Broken("6.2.11.3.2", f"字体“{name}”没有字形对照")
        return
    face = hb.Face(program)
    lacking = [code for code in codes if code >= face.glyph_count]
    if lacking:
        yield Broken("6.2.11.4.1", f"字体“{name}”缺{len(lacking)}个用到的字形")
    font = hb.Font(face)
    font.scale = (1000, 1000)
    told = _widths(inner)
    wide = float(inner.get("/DW", 1000))
    wrong = [
        code
        for code in codes
        if code < face.glyph_count and abs(font.get_glyph_h_advance(code) - told.get(code, wide)) > 1
    ]
    if wrong:
        yield Broken("6.2.11.5", f"字体“{name}”有{len(wrong)}个字形的宽度与文件所写不同")


def _widths(inner: Any) -> dict[int, float]:
    """The widths array of a font (ISO 32000-1, 9.7.4.3)."""
    found: dict[int, float] = {}
    parts = list(inner.get("/W", []))
    while parts:
        first, second = int(parts.pop(0)), parts.pop(0)
        if isinstance(second, Array):
            found |= {first + k: float(wide) for k, wide in enumerate(second.as_list())}
        else:
            found |= dict.fromkeys(range(first, int(second) + 1), float(parts.pop(0)))
    return found
