"""Files that are tables, files that are taken for tables, and what stands in their cells."""

from __future__ import annotations

import codecs
import zipfile
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import numbers

from db.errors import Refusal
from desktop_app.rectification.batch_cells import Spoilt
from desktop_app.sheets import read, workbook
from desktop_app.sheets.read import Table

from .raw_workbook import workbook as raw


def table(path: Path) -> Table:
    (found,) = read.read(path)
    return found


def rows(path: Path) -> list[list[object]]:
    return [list(row) for row in table(path).rows]


# -- delimited text ---------------------------------------------------------------------------------------------------

TEXT = '车牌号,型号\r\n苏A1警,"途观,\n1.8"\r\n苏B2警,朗逸\r\n'
CELLS = [["车牌号", "型号"], ["苏A1警", "途观,\n1.8"], ["苏B2警", "朗逸"]]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace(",", ";").replace("途观;", "途观,").encode(),
        TEXT.replace(",", "\t").replace("途观\t", "途观,").encode(),
        b"sep=|\n" + TEXT.replace(",", "|").replace("途观|", "途观,").encode(),
    ],
    ids=["utf-8", "mark", "gb18030", "utf-16-le", "utf-16-be", "semicolon", "tab", "said"],
)
def test_delimited_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(content)
    assert rows(path) == CELLS


def test_utf_16_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes("a,b\n1,2\n".encode("utf-16-le"))
    assert rows(path) == [["a", "b"], ["1", "2"]]


def test_an_apostrophe_before_a_formula_is_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("'=1+1,'0123,=\"00123\",'-5件\n", "utf-8")
    assert rows(path) == [["=1+1", "'0123", "00123", "-5件"]]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("空.csv", b"", "是空的"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式"),
        ("锁.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "加了密码"),
        ("网页.xls", b"\r\n<html><table></table></html>", "其实是网页"),
        ("旧.xml", b'<?xml version="1.0"?><Workbook/>', "旧的 XML 表格"),
        ("图.csv", b"\x89PNG\r\n\x1a\n\0\0", "不是表格文件"),
        ("坏.xlsx", b"PK\x03\x04" + b"\1" * 500, "已损坏"),
        ("乱.csv", b"\x81\xff\xff\xfe\x80,\x00\x81\xff", "认不出来"),
    ],
)  # fmt: skip
def test_what_is_taken_for_a_table(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refusal, match=told) as refused:
        read.read(path)
    assert refused.value.advice
    assert name in refused.value.sentence


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "稿.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(Refusal, match="不是能读的 Excel 表格"):
        read.read(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="找不到"):
        read.read(tmp_path / "没有.xlsx")
    with pytest.raises(Refusal, match="文件夹"):
        read.read(tmp_path)


def test_a_workbook_broken_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = raw(tmp_path / "整.xlsx", '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>').read_bytes()
    path = tmp_path / "断.xlsx"
    for at in range(30, len(whole), 97):
        path.write_bytes(whole[:at] + bytes(len(whole) - at))
        with pytest.raises(Refusal):
            read.read(path)


# -- workbooks --------------------------------------------------------------------------------------------------------


def test_cells_as_a_spreadsheet_keeps_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["文字", 12, 1.5, True, datetime(2021, 11, 3), datetime(2021, 11, 3, 14, 30), time(8, 30)])  # noqa: DTZ001
    sheet["A2"] = 0.515
    sheet["A2"].number_format = numbers.FORMAT_PERCENTAGE_00
    sheet["B3"] = "跳过一行一列"
    sheet.row_dimensions[3].hidden = True
    path = tmp_path / "表.xlsx"
    book.save(path)
    assert rows(path) == [
        ["文字", 12, 1.5, True, datetime(2021, 11, 3), datetime(2021, 11, 3, 14, 30), time(8, 30)],  # noqa: DTZ001
        ["51.5%"],
        [None, "跳过一行一列"],
    ]


def test_days_of_chinese_number_formats(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" s="1"><v>44503</v></c><c r="B1" s="2"><v>44503</v></c><c r="C1"><v>44503</v></c></row>'
    )
    path = raw(tmp_path / "表.xlsx", cells, formats=(31, 58))
    assert rows(path) == [[datetime(2021, 11, 3), datetime(2021, 11, 3), 44503]]  # noqa: DTZ001


def test_formulas_give_their_results_or_say_that_they_have_none(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>SUM(A1)</f><v/></c><c r="C1" t="str"><f>""</f><v></v></c>'
        '<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="str"><f>A</f><v>甲</v></c></row>'
    )
    found = rows(raw(tmp_path / "表.xlsx", cells))[0]
    assert found[0] == 2
    assert isinstance(found[1], Spoilt)
    assert "还没有算出结果" in found[1].sentence
    assert found[2] is None
    assert isinstance(found[3], Spoilt)
    assert found[3].text == "#DIV/0!"
    assert found[4:] == [True, "甲"]


def test_strings_with_runs_readings_and_escapes(tmp_path: Path) -> None:
    strings = "<si><r><t>甲</t></r><r><t>乙</t></r><rPh><t>jia</t></rPh></si><si><t>一_x000A_二</t></si><si><t>_x005F_x000A_</t></si>"
    cells = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>'
    assert rows(raw(tmp_path / "表.xlsx", cells, strings=strings)) == [["甲乙", "一\n二", "_x000A_"]]


def test_a_sheet_that_declares_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    path = raw(tmp_path / "表.xlsx", '<row><c t="inlineStr"><is><t>&b;</t></is></c></row>', before=bomb)
    with pytest.raises(Refusal, match="不是能读的"):
        read.read(path)


def test_floods_are_refused_before_they_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw(tmp_path / "表.xlsx", "<row><c><v>1</v></c></row>", parts={"xl/x.bin": bytes(3 << 20)})
    monkeypatch.setattr(workbook, "UNPACKED", 2 << 20)
    with pytest.raises(Refusal, match="表格太大"):
        read.read(path)
    cells = "".join("<row><c><v>1</v></c></row>" for _ in range(50))
    monkeypatch.setattr(workbook, "MOST_CELLS", 40)
    with pytest.raises(Refusal, match="表格太大"):
        read.read(raw(tmp_path / "多.xlsx", cells))


def test_rows_far_down_and_out_of_the_sheet(tmp_path: Path) -> None:
    far = rows(raw(tmp_path / "远.xlsx", '<row r="5000"><c r="B5000"><v>1</v></c></row>'))
    assert len(far) == 5_000
    assert far[-1] == [None, 1]
    with pytest.raises(Refusal):
        read.read(raw(tmp_path / "外.xlsx", '<row r="99999999"><c><v>1</v></c></row>'))


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["甲"])
    hidden = book.create_sheet("选项")
    hidden.append(["乙"])
    hidden.sheet_state = "hidden"
    book.create_sheet("空")
    path = tmp_path / "表.xlsx"
    book.save(path)
    assert [t.sheet for t in read.read(path)] == ["Sheet"]


def test_reading_stops_when_told(tmp_path: Path) -> None:
    path = raw(tmp_path / "表.xlsx", "<row><c><v>1</v></c></row>")
    with pytest.raises(Refusal, match="已取消"):
        read.read(path, cancelled=lambda: True)
