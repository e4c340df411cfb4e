"""The finished file: embedded subsets, text that comes back, equal bytes, and no half file when the disk refuses."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from notice_papers import BODY, notice, paragraph

from db.errors import Fault
from desktop_app.notices import pdf, plain, sheet, tree


def squash(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_font_is_embedded_and_cut() -> None:
    data = pdf.to_bytes(notice())
    with pikepdf.open(io.BytesIO(data)) as file:
        names = set()
        for page in file.pages:
            for font in page.Resources.Font.values():
                descendant = font.DescendantFonts[0]
                names.add(str(descendant.BaseFont))
                described = descendant.FontDescriptor
                assert "/FontFile2" in described or described.FontFile3.Subtype == "/CIDFontType0C"
                assert "/ToUnicode" in font
    assert all(re.fullmatch(r"/[A-Z]{6}\+.*", name) for name in names)
    assert len(names) == 7
    assert len(data) < 300_000


def test_properties_and_outline() -> None:
    data = pdf.to_bytes(notice(), datetime(2021, 11, 3, 8, 30, tzinfo=UTC))
    with pikepdf.open(io.BytesIO(data)) as file:
        assert file.docinfo["/Title"] == notice().title
        assert file.docinfo["/Author"] == "东湖分局"
        assert str(file.docinfo["/CreationDate"]).startswith("D:20211103083000")
        assert file.Root.Lang == "zh-CN"
        with file.open_outline() as outline:
            assert [item.title for item in outline.root] == [notice().title]
            assert next(item.title for item in outline.root[0].children) == "一、整改组织情况"


def test_same_paper_same_bytes() -> None:
    assert pdf.to_bytes(notice()) == pdf.to_bytes(notice())
    assert pdf.to_bytes(notice(1)) != pdf.to_bytes(notice(2))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_poppler_reads_whole_lines(tmp_path: Path) -> None:
    """Squeezed marks, spread red heads and fallback faces must not tear a line apart."""
    document = notice(4)
    laid = sheet.typeset(document)
    target = tmp_path / "通报.pdf"
    pdf.write(laid, target, pdf.meta(document))
    read = subprocess.run(["pdftotext", "-enc", "UTF-8", str(target), "-"], check=True, capture_output=True)
    found = [squash(line) for line in read.stdout.decode().splitlines() if line.strip()]
    expected = [squash(line.text) for page in laid.pages for line in page.lines]
    missing = [line for line in expected if line not in found]
    assert not [line for line in missing if "印发" not in line]  # its two halves stand at the two margins


def test_characters_that_share_a_glyph_come_back_as_themselves() -> None:
    text = "一⼀一 二\u00a0三\u3000四"
    data = pdf.to_bytes(tree.Document("", (paragraph(text),)))
    read = pypdfium2.PdfDocument(data)
    assert squash(read[0].get_textpage().get_text_range()).startswith("一⼀一二三四")
    read.close()


def test_variation_selectors_and_accents_are_kept() -> None:
    text = "葛\U000e0100城 e\u0301tat"
    read = pypdfium2.PdfDocument(pdf.to_bytes(tree.Document("", (paragraph(text),))))
    assert "葛" in read[0].get_textpage().get_text_range()
    read.close()


def test_a_stream_can_be_the_target() -> None:
    buffer = io.BytesIO()
    document = notice(1)
    pdf.write(sheet.typeset(document), buffer, pdf.meta(document))
    assert buffer.getvalue() == pdf.to_bytes(document)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "通报.pdf"
    os.mkfifo(pipe)
    with pytest.raises(Fault, match="不是文件"):
        pdf.write_bytes(b"new", pipe)
    assert pipe.is_fifo()


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "有 空格.pdf"
    target.write_bytes(b"old")
    pdf.write_bytes(b"new", target)
    assert target.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "磁盘已满"), (errno.EACCES, "没有权限"), (errno.EIO, "没有写成")],
)
def test_a_disk_that_refuses_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    target = tmp_path / "通报.pdf"
    target.write_bytes(b"old")

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(Fault) as fault:
        pdf.write_bytes(b"new", target)
    assert said in fault.value.sentence
    assert fault.value.advice
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


def refused(tmp_path: Path, target: Path) -> str:
    """The sentence of a refusal to write; asserts that no part of a file is left in the folder."""
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(Fault) as fault:
        pdf.write_bytes(bytes(300_000), target)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert fault.value.advice
    return fault.value.sentence


def test_a_file_that_another_program_holds_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where an open file cannot be replaced."""
    target = tmp_path / "通报.pdf"
    target.write_bytes(b"old")

    def held(*_: object) -> None:
        raise PermissionError(errno.EACCES, "held")

    monkeypatch.setattr(Path, "replace", held)
    assert "正被其他程序打开" in refused(tmp_path, target)
    assert target.read_bytes() == b"old"


def test_a_folder_that_vanishes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory stick pulled out while the file is written."""
    stick = tmp_path / "U盘"
    stick.mkdir()
    monkeypatch.setattr(os, "fsync", lambda _: shutil.rmtree(stick))
    with pytest.raises(Fault, match="找不到文件夹"):
        pdf.write_bytes(b"new", stick / "通报.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a small file system with options; skips where that is not allowed."""
    made: list[Path] = []

    def mount(options: str) -> Path:
        place = tmp_path / f"盘{len(made)}"
        place.mkdir()
        if shutil.which("mount") is None or os.name != "posix" or os.geteuid() != 0:
            pytest.skip("nothing may be mounted here")
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=False, capture_output=True
        )
        if done.returncode:
            pytest.skip("nothing may be mounted here")
        made.append(place)
        return place

    yield mount
    for place in made:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disc(mounted: Callable[[str], Path]) -> None:
    disc = mounted("size=64k")
    (disc / "通报.pdf").write_bytes(b"old")
    assert "磁盘已满" in refused(disc, disc / "通报.pdf")
    assert (disc / "通报.pdf").read_bytes() == b"old"


def test_a_disc_that_may_only_be_read(mounted: Callable[[str], Path]) -> None:
    disc = mounted("ro,size=64k")
    assert "没有权限" in refused(disc, disc / "通报.pdf")


@pytest.mark.skipif(os.name != "posix", reason="no such limit here")
def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    """Where nothing can be mounted, a limit on the size of files stands for the full disc."""
    code = """
import resource, sys
from pathlib import Path
from db.errors import Fault
from desktop_app.notices import pdf
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    pdf.write_bytes(bytes(300_000), Path(sys.argv[1]))
except Fault as fault:
    sys.stdout.buffer.write(fault.sentence.encode())
"""
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "通报.pdf")],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        check=True,
        capture_output=True,
    )
    assert "“通报.pdf”没有写成" in told.stdout.decode()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="找不到文件夹"):
        pdf.write_bytes(b"new", tmp_path / "没有" / "通报.pdf")
    (tmp_path / "夹").mkdir()
    with pytest.raises(Fault):
        pdf.write_bytes(b"new", tmp_path / "夹")


def test_a_spread_line_carries_its_words() -> None:
    """A line spread wider than others tolerate is read as words, not as characters with blanks between."""
    document = tree.Document("", (paragraph("报"),), head=tree.Head("某局文件"))
    data = pdf.to_bytes(document)
    with pikepdf.open(io.BytesIO(data)) as file:
        content = file.pages[0].Contents.read_bytes().decode("latin-1")
    assert "FEFF" + "某局文件".encode("utf-16-be").hex() in content


def test_text_writer_has_a_line_for_every_paragraph() -> None:
    written = plain.text(notice(1), indent=True).splitlines()
    assert written[0] == "某某市公安局东湖分局文件"
    assert f"\u3000\u30001.关于“台账不清”问题的整改。整改措施及阶段性成效：{BODY}" in written
    assert written[-1] == "东湖分局办公室\u30002021年11月3日印发"
    assert "各派出所，机关各部门：" in written
