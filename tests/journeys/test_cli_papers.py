"""Every kind of paper from the command line, on the sample ledger: the PDF says what the text says, and refusals are sentences."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
import zlib
from collections import Counter
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest

from db.ledger.change import Deed, Edit, edit
from desktop_app.cli.main import main
from desktop_app.notices import papers
from desktop_app.notices.wanted import Kind
from desktop_app.rectification import ledgers, sample

RECORDS = {
    "problem": "sample-procurement",
    "register": "official_vehicles.refuel",
    "indicator": "official_vehicles.litres",
    "category": "私车公养",
}
"""What is asked for of the sample where a kind wants records, by what they are."""


@pytest.fixture(scope="module")
def sample_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHENGGAI_HOME", str(folder / "home"))
        made = ledgers.new_ledger(folder / "示例.zgl", sample.unit_name(), "王")
        sample.load(made, "王")
        own = ledgers.own_unit(made, made)
        assert own is not None
        car = Edit(
            "official_vehicles.vehicle",
            "car",
            {"unit": own.id, "plate": "苏B1234警", "model": "帕萨特", "state": "在用"},
        )
        fill = {
            "unit": own.id,
            "vehicle": "car",
            "date": date(2025, 9, 8),
            "litres": Decimal("41.5"),
            "km": Decimal(480),
        }
        made.act(Deed("登记", "王", (car, Edit("official_vehicles.refuel", "fill", fill))))
        made.close()
    return folder / "示例.zgl"


class Desk:
    """Runs commands on a copy of the sample ledger; keeps exit code and output."""

    def __init__(self, ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.ledger = ledger
        self.folder = ledger.parent
        self._capsys = capsys
        self.code = 0
        self.out = self.err = ""

    def __call__(self, *words: object) -> int:
        self._capsys.readouterr()
        self.code = main([str(word) for word in words])
        said = self._capsys.readouterr()
        self.out, self.err = said.out, said.err
        return self.code

    def paper(self, kind: str, name: str, *words: object) -> Path:
        assert self("paper", kind, self.ledger, "--out", self.folder / name, *words) == 0, self.err
        return self.folder / name

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def desk(
    sample_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    return Desk(Path(shutil.copy(sample_ledger, tmp_path / "台账.zgl")), capsys)


def needs(kind: Kind) -> list[str]:
    """The options that say of a kind what is printed of the sample."""
    asked = ["--of", RECORDS[kind.of]] if kind.records == "must" else []
    asked += ["--period", "2025年9月"] if kind.period != "no" else []
    asked += (
        ["--option", "charts=否"] if "charts" in kind.options else []
    )  # a chart tells its values only where they have room
    return asked + (["--unit", sample.unit_name()] if kind.unit != "no" else [])


def letters(text: str) -> Counter[str]:
    """The characters of a text without blanks, each as it is compared (（ and ( are two)."""
    return Counter("".join(text.split()))


def pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(str(path))
    return [page.get_textpage().get_text_range() for page in document]


def word_letters(path: Path) -> Counter[str]:
    """The characters of a Word file, wherever they stand in it."""
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    return letters("".join(node.text or "" for node in root.iter() if node.tag.endswith("}t")))


@pytest.mark.parametrize("kind", papers.KINDS.values(), ids=lambda kind: kind.name)
def test_pdf_and_word_file_of_a_kind_say_what_its_text_says(desk: Desk, kind: Kind) -> None:
    text = desk.paper(kind.name, "文书.txt", *needs(kind)).read_text("utf-8")
    word = word_letters(desk.paper(kind.name, "文书.docx", *needs(kind)))
    file = desk.paper(kind.name, "文书.pdf", *needs(kind), "--json")
    told = desk.json
    assert (told["kind"], told["file"]) == (kind.name, str(file))
    assert told["documents"] >= 1
    found = pages(file)
    printed = letters("".join(found))
    said = letters(text.replace("- - - - - -", ""))
    assert said - printed == Counter()
    assert said - word == Counter()
    assert set(word - said) <= set(said)
    more = set(printed - said)  # page numbers; where a table goes over pages its head again, and its cells with （续）
    paged = "第1版" if kind.name == "newspaper" else "—1"
    over = "—0123456789（续）下转上接第版"
    assert more <= (set(paged) if len(found) == told["documents"] else set(over) | set(said))


def test_the_kinds_are_listed_with_what_they_ask_for(desk: Desk) -> None:
    assert desk("papers") == 0
    assert "chasing\u3000督办单：" in desk.out
    assert "要写问题（--of）" in desk.out
    assert desk("papers", "--json") == 0
    found = {one["name"]: one for one in desk.json["papers"]}
    assert list(found) == list(papers.KINDS)
    assert found["passage"]["records"] == "must"
    assert {one["name"] for one in found["reminder"]["options"]} >= {"colour", "green_days", "number"}


def test_a_problem_is_named_by_number_title_or_id(desk: Desk) -> None:
    unit = sample.unit_name()
    by_id = desk.paper("closing", "a.txt", "--of", "sample-procurement").read_text("utf-8")
    assert desk.paper("closing", "b.txt", "--of", "零星维修").read_text("utf-8") == by_id
    assert (
        desk.paper("销号审批表", "c.txt", "--unit", unit, "--of", "零星维修和服务采购程序不够严格").read_text("utf-8")
        == by_id
    )
    assert desk("paper", "closing", desk.ledger, "-o", desk.folder / "d.txt", "--of", "1") == 2
    assert "可以是几个问题" in desk.err


def test_options_are_typed_by_name_or_label(desk: Desk) -> None:
    words = (
        "--of",
        "sample-deposits",
        "--option",
        "起始编号=7",
        "--option",
        "contact=王某，电话5",
        "--option",
        "seal=不盖章",
    )
    text = desk.paper("督办单", "a.txt", *words).read_text("utf-8")
    assert "号）" in text
    assert "〕7号" in text
    assert "王某，电话5" in text


def test_who_reads_it_decides_what_is_in_it(desk: Desk) -> None:
    def problems(*words: str) -> int:
        desk.paper("assignment", "a.txt", "--json", *words)
        return int(desk.json["documents"])

    assert problems("--publicity", "公开") <= problems("--internal") <= problems()
    public = desk.paper("notice", "b.txt", "--unit", sample.unit_name()).read_text("utf-8")
    internal = desk.paper("notice", "c.txt", "--unit", sample.unit_name(), "--internal").read_text("utf-8")
    assert len(internal) > len(public)


def test_copies_are_numbered(desk: Desk) -> None:
    file = desk.paper("notice", "a.pdf", "--copies", "2", "--serial", "9")
    text = "".join(pages(file))
    assert [text.count(serial) for serial in ("000008", "000009", "000010", "000011")] == [0, 1, 1, 0]
    assert desk("notice", desk.ledger, "-o", desk.folder / "b.pdf", "--copies", "1") == 0
    assert "000001" in pages(desk.folder / "b.pdf")[0]


def test_the_format_may_be_said_and_a_folder_is_given_a_name(desk: Desk) -> None:
    assert desk("notice", desk.ledger, "-o", desk.folder / "通报", "--format", "txt") == 0
    assert (desk.folder / "通报").read_text("utf-8").startswith("中共澜川市")
    assert desk("paper", "custody", desk.ledger, "-o", desk.folder, "--json") == 0
    assert Path(desk.json["file"]).name.startswith("介质流转单")
    assert Path(desk.json["file"]).read_bytes().startswith(b"%PDF")


def png() -> bytes:
    """A red square, a pixel wide."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_a_paper_of_an_earlier_day_is_stamped_with_the_seal_of_that_day(desk: Desk) -> None:
    with closing(ledgers.open_ledger(desk.ledger)) as facts:
        own = ledgers.own_unit(facts, facts)
        assert own is not None
        seal = desk.folder / "印章.png"
        seal.write_bytes(png())
        facts.act(Deed("存印章", "王", (edit(own, seal=facts.keep(seal)),)))
    words = ("--as-of", "2999-01-01", "--of", "sample-deposits", "--option", "seal=印电子印章图")
    page = pypdfium2.PdfDocument(str(desk.paper("chasing", "a.pdf", *words)))[0]
    assert [one.type for one in page.get_objects() if one.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]


def test_a_paper_is_measured_when_asked(desk: Desk) -> None:
    desk.paper("notice", "a.pdf", "--measure", "--json")
    assert {one["verdict"] for one in desk.json["measured"]} == {"合格", "不适用"}
    desk.paper("督办单", "b.pdf", "--measure")
    assert "不合格0项" in desk.out
    shutil.copy(desk.folder / "a.pdf", desk.folder / "c.pdf")
    assert desk("paper", "newspaper", desk.ledger, "-o", desk.folder / "c.pdf", "--measure") == 2
    assert "不按公文格式排" in desk.err
    assert (desk.folder / "c.pdf").read_bytes() == (desk.folder / "a.pdf").read_bytes()


def test_a_paper_is_written_for_the_archive_when_asked(desk: Desk) -> None:
    for name, words, kept in (("a.pdf", ["--archive"], True), ("b.pdf", [], False)):
        with pikepdf.open(desk.paper("closing", name, *words)) as file:
            assert ("/OutputIntents" in file.Root) == kept


@pytest.mark.parametrize(
    ("words", "sentence", "advice"),
    [
        (["海报", "-o", "a.pdf"], "没有“海报”这种文书", "notice（整改进展情况通报）"),
        (["notice", "-o", "a.jpg"], "不能印成“a.jpg”", "后缀"),
        (["notice", "-o", "a.pdf", "--format", "ps"], "不能印成“ps”", "后缀"),
        (["notice", "-o", "a.pdf", "--unit", "某县"], "没有“某县”这个单位", "台账里有"),
        (["notice", "-o", "a.pdf", "--of", "1"], "不分记录", "不要选定"),
        (["notice", "-o", "a.pdf", "--option", "colour=红"], "没有“colour”这个选项", "没有选项"),
        (["reminder", "-o", "a.pdf", "--option", "colour=紫"], "没有“紫”这一项", "绿色"),
        (["reminder", "-o", "a.pdf", "--option", "红色"], "写法不对", "名称=值"),
        (["reminder", "-o", "a.pdf", "--option", "number=零"], "要填整数", ""),
        (["reminder", "-o", "a.pdf", "--period", "那阵子"], "不知道期间“那阵子”", "今年以来"),
        (["reminder", "-o", "a.pdf", "--period", "今年以来"], "不分期间", "不要选定"),
        (["passage", "-o", "a.pdf"], "要先选定问题", "请选定"),
        (["chasing", "-o", f"{'长' * 300}.pdf"], "文件名太长", "改短"),
        (["passage", "-o", "a.pdf", "--of", "没有的问题"], "没有“没有的问题”这个问题", "台账里有"),
        (["chasing", "-o", "a.pdf", "--of", "sample-official-vehicles"], "没有可以印成“督办单”的内容", "换一个"),
        (["ledger", "-o", "a.pdf", "--of", "某轮"], "没有“某轮”这条巡察轮次", "2025年市委第一轮巡察"),
        (["notice", "-o", "a.pdf", "--as-of", "2020-01-01"], "还没有记录", "之后的时间"),
        (["notice", "-o", "a.pdf", "--copies", "2", "--serial", "999999"], "份号最多 6 位", "起始份号"),
        (["notice", "-o", "a.docx", "--archive"], "存成 PDF", "改成 .pdf"),
        (["notice", "-o", "a.txt", "--measure"], "只有 PDF 能测量", "--measure"),
        (["newspaper", "-o", "a.pdf", "--option", "columns=9"], "不能大于 6", ""),
        (["notice", "-o", "没有/a.pdf"], "找不到文件夹", "已有的文件夹"),
    ],
)
def test_what_cannot_be_printed_is_told_in_a_sentence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str, advice: str
) -> None:
    monkeypatch.chdir(desk.folder)
    kind, *rest = words
    before = {path.name for path in desk.folder.iterdir()} | {"home"}
    assert desk("paper", kind, desk.ledger, *rest) == 2
    assert sentence in desk.err
    assert advice in desk.err
    assert desk("paper", kind, desk.ledger, *rest, "--json") == 2
    assert sentence in desk.json["refused"]["sentence"]
    assert {path.name for path in desk.folder.iterdir()} <= before
