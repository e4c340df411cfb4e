"""Files at the door: encodings, Word, PDF, and a sentence for everything that cannot be read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pikepdf
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from db.errors import Refusal
from desktop_app.intake.read import read
from desktop_app.intake.recognise import recognise
from desktop_app.intake.retell import words

GOLDEN = Path(__file__).parents[2] / "golden" / "intake"
NOTICE = (GOLDEN / "hard_wrapped_pdfish.txt").read_text(encoding="utf-8")
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_text_in_every_usual_encoding(tmp_path: Path, encoding: str, ending: str) -> None:
    path = tmp_path / "整改 通报.txt"
    path.write_bytes(NOTICE.replace("\n", ending).encode(encoding))
    assert read(path).text == NOTICE


def test_a_short_text_in_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "短.txt"
    path.write_bytes("整改措施：一是学习。二是改进。".encode("gb18030"))
    assert read(path).text == "整改措施：一是学习。二是改进。"


def _refused(path: Path) -> str:
    with pytest.raises(Refusal) as caught:
        read(path)
    assert caught.value.advice.endswith("。")
    assert caught.value.sentence.endswith("。")
    return caught.value.sentence


@pytest.mark.parametrize(
    ("name", "data", "words_in_it"),
    [
        ("空.txt", b"", "空的"),
        ("白.txt", b" \n \n\t", "没有文字"),
        ("图.txt", bytes(range(256)) * 40, "不是文本"),
        ("图.png", b"\x89PNG", "类型"),
        ("旧.doc", b"\xd0\xcf\x11\xe0", ".doc"),
        ("旧.docx", b"\xd0\xcf\x11\xe0" + b"0" * 600, "旧版Word"),
        ("坏.docx", b"PK\x03\x04 nothing", "损坏"),
        ("假.docx", "不是文档".encode(), "不是Word文档"),
        ("假.pdf", "不是PDF".encode(), "不是PDF"),
        ("坏.pdf", b"%PDF-1.7\nnothing", "损坏"),
        ("无名", b"abc", "没有扩展名"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    tmp_path: Path, name: str, data: bytes, words_in_it: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert words_in_it in _refused(path)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    assert "找不到" in _refused(tmp_path / "没有.txt")
    assert "文件夹" in _refused(tmp_path)
    assert "找不到" in _refused(tmp_path / ("长" * 300 + ".txt"))


def test_fifty_megabytes_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "大.txt"
    path.write_bytes("整改".encode() * 8_700_000)

    def look(_one: Path) -> bytes:
        raise AssertionError("it was read")

    monkeypatch.setattr(Path, "read_bytes", look)
    assert "太大" in _refused(path)


def test_a_zip_that_is_no_word_document(tmp_path: Path) -> None:
    path = tmp_path / "包.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    assert "不是Word文档" in _refused(path)


# --- Word -----------------------------------------------------------------------------------------------------------


def _numbered(document: docx.document.Document, styles: list[tuple[str, str]]) -> None:
    """Add a list with one level for each (number format, pattern)."""
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    for level, (style, pattern) in enumerate(styles):
        node = OxmlElement("w:lvl")
        node.set(qn("w:ilvl"), str(level))
        for tag, value in (("start", "1"), ("numFmt", style), ("lvlText", pattern)):
            part = OxmlElement(f"w:{tag}")
            part.set(qn("w:val"), value)
            node.append(part)
        abstract.append(node)
    root.insert(0, abstract)
    num = OxmlElement("w:num")
    num.set(qn("w:numId"), "77")
    pointer = OxmlElement("w:abstractNumId")
    pointer.set(qn("w:val"), "77")
    num.append(pointer)
    root.append(num)


def _add(document: docx.document.Document, text: str, level: int | None = None) -> None:
    paragraph = document.add_paragraph(text)
    if level is not None:
        properties = paragraph._p.get_or_add_pPr()
        num = OxmlElement("w:numPr")
        for tag, value in (("ilvl", str(level)), ("numId", "77")):
            part = OxmlElement(f"w:{tag}")
            part.set(qn("w:val"), value)
            num.append(part)
        properties.append(num)


def test_word_numbers_paragraphs_tables_and_running_heads(tmp_path: Path) -> None:
    document = docx.Document()
    _numbered(document, [("chineseCountingThousand", "%1、"), ("decimal", "%2."), ("decimal", "（%3）")])
    document.sections[0].header.paragraphs[0].text = "某局内部资料"
    _add(document, "中共甲县乙局党组关于巡察整改情况的通报")
    _add(document, "现将整改情况通报如下：")
    _add(document, "组织领导情况", 0)
    _add(document, "召开会议4次。")
    _add(document, "反馈问题整改情况", 0)
    _add(document, "关于“制度不健全”的问题", 1)
    _add(document, "修订制度8项。", 2)
    _add(document, "组织培训3期。", 2)
    _add(document, "关于“监管不到位”的问题", 1)
    _add(document, "开展检查12次。", 2)
    _add(document, "整改问题30个。", 2)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "检查单位", "15家"
    _add(document, "下一步工作打算", 0)
    _add(document, "继续努力。")
    _add(document, "中共甲县乙局党组")
    _add(document, "2022年3月1日")
    path = tmp_path / "通报.docx"
    document.save(str(path))
    source = read(path)
    (draft,) = recognise(source)
    assert [c.mark + c.title for c in draft.chapters] == [
        "一、组织领导情况",
        "二、反馈问题整改情况",
        "三、下一步工作打算",
    ]
    assert [(p.number, p.title, len(p.measures)) for p in draft.problems] == [
        (1, "制度不健全", 2),
        (2, "监管不到位", 2),
    ]
    assert "检查单位\t15家" in words(draft)
    assert [(u.text, u.reason) for u in draft.unread] == [("某局内部资料", "页眉")]
    assert draft.date is not None


def test_a_line_break_and_a_deleted_run_in_word(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("第一行")
    paragraph.add_run().add_break()
    paragraph.add_run("第二行")
    path = tmp_path / "行.docx"
    document.save(str(path))
    assert read(path).text == "第一行\n第二行"


# --- PDF ------------------------------------------------------------------------------------------------------------


def _pdf(path: Path, pages: list[list[tuple[float, str]]]) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path))
    for number, lines in enumerate(pages, 1):
        for index, (indent, text) in enumerate(lines):
            canvas.setFont("STSong-Light", 16)
            canvas.drawString(80 + indent * 16, 760 - index * 29, text)
        canvas.setFont("STSong-Light", 14)
        canvas.drawString(280, 60, f"— {number} —")
        canvas.showPage()
    canvas.save()


def test_a_pdf_is_joined_across_lines_and_pages(tmp_path: Path) -> None:
    title = "中共甲县乙局党组关于巡察整改情况的通报"
    paragraphs = [
        "根据县委统一部署，县委第一巡察组对乙局党组开展了常规巡察，并于当年十二月反馈了意见，现将整改情况通报如下。",
        "一、反馈问题整改情况",
        "（一）关于“资产管理不规范”的问题",
        "整改措施：一是清查资产，盘点设备一千余台，清理闲置房屋12处，逐一登记造册、明确责任。二是修订《资产管理办法》，规范购置、使用、处置流程。",
        "（二）关于“窗口服务不优”的问题",
        "整改措施：一是优化流程，压缩办理时限，群众满意度达98.5%，较去年同期上升6个百分点。二是开展培训，参训人员230人次。",
        "二、下一步打算",
        "一是持续巩固整改成果，防止问题反弹回潮，确保整改工作取得实实在在的成效。",
        "二是健全长效机制。",
    ]
    lines: list[tuple[float, str]] = [(4, title)]
    for paragraph in paragraphs:
        lines.append((2, paragraph[:24]))
        lines += [(0, paragraph[at : at + 26]) for at in range(24, len(paragraph), 26)]
    lines += [(14, "中共甲县乙局党组"), (16, "2022年3月1日")]
    path = tmp_path / "通报.pdf"
    _pdf(path, [lines[:9], lines[9:]])
    source = read(path)
    (draft,) = recognise(source)
    assert words(draft).split("\n") == [title, *paragraphs, "中共甲县乙局党组", "2022年3月1日"]
    assert [p.title for p in draft.problems] == ["资产管理不规范", "窗口服务不优"]
    assert [u.text for u in draft.unread] == ["— 1 —", "— 2 —"]
    assert len(source.pages) == 2


def test_a_pdf_without_text_and_a_locked_one_are_refused(tmp_path: Path) -> None:
    blank, locked = tmp_path / "扫描.pdf", tmp_path / "锁.pdf"
    canvas = Canvas(str(blank))
    canvas.rect(50, 50, 100, 100, fill=1)
    canvas.save()
    assert "没有文字" in _refused(blank)
    with pikepdf.open(blank) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert "密码" in _refused(locked)


def test_a_pdf_named_txt_is_read_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "件.txt"
    buffer = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(buffer)
    canvas.setFont("STSong-Light", 16)
    canvas.drawString(80, 700, "整改通报")
    canvas.save()
    path.write_bytes(buffer.getvalue())
    assert read(path).text.strip() == "整改通报"
