"""A notice leaves the house: drafted, issued, verified; a figure changes, it is corrected and compared, the first withdrawn."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest

from db.ledger import history
from db.ledger.ledger import Ledger
from db.schema.records import Figure, Measure, Unit
from db.store.replica import Installation
from desktop_app.cli.main import main
from desktop_app.rectification import forms, ledgers

PAPER = """中共某市水利局东山分局党组关于巡察整改情况的通报
1.关于“河道巡查不到位”问题的整改。
整改措施及阶段性成效：一是建章立制。二是加强巡查，共巡查286处。
正在深化整改的内容及时限：继续巡查，预计2021年12月底前完成整改。
中共某市水利局东山分局党组
2021年11月3日
"""


class Told:
    """What a command left behind."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.code = 0
        self.out = self.err = ""

    def __call__(self, *words: object) -> Told:
        self.code = main([str(word) for word in words])
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return self

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def zhenggai(capsys: pytest.CaptureFixture[str]) -> Told:
    return Told(capsys)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zhenggai: Told) -> Path:
    """A folder with a ledger that holds a draft, of a unit that has its 代字."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    folder = tmp_path / "台账 文件夹"
    folder.mkdir()
    (folder / "旧通报.txt").write_text(PAPER, "utf-8")
    assert zhenggai("new", folder / "台账.zgl", "--unit", "某市水利局", "--actor", "王").code == 0
    assert zhenggai("intake", folder / "台账.zgl", folder / "旧通报.txt", "--actor", "王").code == 0
    ledger = ledgers.open_ledger(folder / "台账.zgl")
    unit = next(one for one in ledger.all(Unit) if one.name == "某市水利局东山分局")
    forms.save(ledger, "unit", unit, {"document_code": "东水党"}, "王")
    figure = next(one for one in ledger.all(Figure) if one.value and one.value.value == 286)
    measure = next(one for one in ledger.all(Measure) if "286处" in (one.lead or "") + (one.body or ""))
    bound = {
        name: (getattr(measure, name) or "").replace("286处", f"{{{figure.name}}}") or None for name in ("lead", "body")
    }
    forms.save(ledger, "measure", measure, bound, "王")
    ledger.close()
    return folder


def changed(path: Path, by: int) -> None:
    """A figure of the ledger gets another value."""
    ledger = ledgers.open_ledger(path)
    figure = next(one for one in ledger.all(Figure) if one.value and one.value.value == 286)
    assert figure.value is not None
    value = replace(figure.value, value=figure.value.value + Decimal(by))
    forms.save(ledger, "figure", figure, {"value": value}, "李")
    ledger.close()


def test_from_draft_to_correction(desk: Path, zhenggai: Told) -> None:
    ledger, first, second = desk / "台账.zgl", desk / "一.pdf", desk / "二.pdf"
    done = zhenggai("issue", ledger, "-o", first, "--internal", "--actor", "王", "--json").json["issued"][0]
    assert (zhenggai.code, done["document_number"], done["day"]) == (0, "东水党〔2021〕1号", "2021-11-03")
    assert zhenggai("verify-paper", ledger, first).code == 0
    assert "没有改动" in zhenggai.out
    assert zhenggai("verify-paper", ledger, done["code"].lower().replace("-", " ")).code == 0
    assert zhenggai("issue", ledger, "-o", desk / "又.pdf", "--unit", "东山", "--internal").code == 2
    assert "已经印发" in zhenggai.err

    changed(ledger, 14)
    assert zhenggai("verify-paper", ledger, first).code == 1
    assert "由“286处”改为“300处”（李" in zhenggai.out
    assert "共巡查〔删：286〕〔增：300〕处" in zhenggai.out
    assert zhenggai("compare", ledger, "1", "现在", "-o", desk / "今.txt").code == 1
    assert "〔删：286〕〔增：300〕" in (desk / "今.txt").read_text("utf-8")

    assert zhenggai("correct", ledger, "东水党〔2021〕1号", "--actor", "李").code == 0
    assert zhenggai("issue", ledger, "-o", second, "--unit", "东山", "--day", "2021-11-8", "--actor", "李").code == 0
    listed = zhenggai("issued", ledger, "--json").json["series"]
    assert [(one["number"], one["way"]) for one in listed[0]["taken"]] == [(1, "issued"), (2, "issued")]
    assert listed[0]["taken"][0]["paper"]["corrected_by"] == ["东水党〔2021〕2号"]
    assert zhenggai("verify-paper", ledger, second).code == 0

    told = zhenggai("compare", ledger, first, second, "-o", desk / "花脸稿.pdf", "--json").json
    assert (zhenggai.code, told["same"]) == (1, False)
    with pypdfium2.PdfDocument((desk / "花脸稿.pdf").read_bytes()) as file:
        words = "".join("".join(page.get_textpage().get_text_range().split()) for page in file)
    assert "修改对照稿" in words
    assert "共巡查286300处" in words
    assert zhenggai("compare", ledger, "1", "2", "-o", desk / "花脸稿.docx").code == 1
    runs = [run for one in docx.Document(str(desk / "花脸稿.docx")).paragraphs for run in one.runs]
    assert [run.text for run in runs if run.font.strike and "28" in run.text] == ["286"]
    assert [run.text for run in runs if run.font.underline and "30" in run.text] == ["300"]

    assert zhenggai("void", ledger, "1").code == 2
    assert zhenggai("void", ledger, "1", "--reason", "数字写错", "--actor", "李").code == 0
    assert zhenggai("verify-paper", ledger, first).code == 1
    assert "作废：数字写错" in zhenggai.out
    assert zhenggai("issued", ledger).code == 0
    assert "数字写错（已由东水党〔2021〕2号更正）" in zhenggai.out
    assert zhenggai("issued", ledger, "--number", "1", "-o", desk / "再存.pdf").code == 0
    assert (desk / "再存.pdf").read_bytes() == first.read_bytes()
    assert zhenggai("issued", ledger, "--number", "1", "-o", desk / "重印.pdf", "--again").code == 0
    assert (desk / "重印.pdf").read_bytes() == first.read_bytes()


def test_the_head_office_verifies_what_a_branch_issued(desk: Path, zhenggai: Told, tmp_path: Path) -> None:
    issued = zhenggai("issue", desk / "台账.zgl", "-o", desk / "一.pdf", "--json").json["issued"][0]
    assert zhenggai("new", tmp_path / "市局.zgl", "--unit", "某市水利局本部").code == 0
    assert zhenggai("verify-paper", tmp_path / "市局.zgl", desk / "一.pdf").code == 1
    assert "不是本台账印发的。它自称是 东水党〔2021〕1号。" in zhenggai.out
    branch = ledgers.open_ledger(desk / "台账.zgl")
    city = Ledger.open(tmp_path / "市局.zgl", Installation(tmp_path / "city"))
    city.merge(history.changes(branch))
    city.close()
    branch.close()
    assert zhenggai("verify-paper", tmp_path / "市局.zgl", desk / "一.pdf", "--json").json["state"] == "unchanged"
    assert zhenggai("verify-paper", tmp_path / "市局.zgl", issued["code"]).code == 0
    assert zhenggai("issued", tmp_path / "市局.zgl", "--number", "1", "-o", tmp_path / "重印.pdf").code == 0
    assert "按当时的内容重印，与当时的文件一个字节不差" in zhenggai.out
    assert (tmp_path / "重印.pdf").read_bytes() == (desk / "一.pdf").read_bytes()


def test_numbers_from_before_and_numbers_left_out(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    words = ("--unit", "东山", "--year", "2021")
    assert zhenggai("number", ledger, "17", "--from", "1", *words, "--reason", "纸质登记簿").code == 0
    assert "下一个是 18号" in zhenggai.out
    assert zhenggai("issue", ledger, "-o", desk / "一.pdf", "--number", "20").code == 2
    assert "空出 18至19号" in zhenggai.err
    assert zhenggai("issue", ledger, "-o", desk / "一.pdf", "--number", "20", "--reason", "留两个号").code == 0
    assert zhenggai("issued", ledger, "--unit", "东山").code == 1
    assert "缺号：18至19号" in zhenggai.out
    assert zhenggai("void", ledger, "17", "--reason", "登记错了").code == 0
    assert zhenggai("check", ledger).code == 1
    assert "东水党〔2021〕缺 18至19号" in zhenggai.out
    assert zhenggai("number", ledger, "19", "--from", "18", *words, "--unused", "--reason", "没有用").code == 0
    assert zhenggai("issued", ledger).code == 0


def test_a_batch_of_slips_is_issued_at_once(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    words = ("--kind", "督办单", "--day", "2022-3-1", "--unit", "东山")
    done = zhenggai("issue", ledger, "-o", desk / "督办.pdf", *words, "--json").json["issued"]
    assert [one["document_number"] for one in done] == ["督办〔2022〕1号"]
    again = zhenggai("issue", ledger, "-o", desk / "再督办.pdf", *words, "--json").json["issued"]
    assert [one["document_number"] for one in again] == ["督办〔2022〕2号"]
    with pypdfium2.PdfDocument((desk / "再督办.pdf").read_bytes()) as file:
        words_of = "".join(file[0].get_textpage().get_text_range().split())
    assert "编号督办〔2022〕2号" in words_of
    assert again[0]["code"] in words_of
    assert zhenggai("verify-paper", ledger, desk / "督办.pdf").code == 0


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        ("issue", ("-o", "a.docx"), "存为 .pdf"),
        ("issue", ("-o", "a.pdf", "--unit", "东山", "--number", "八"), "看不懂"),
        ("issue", ("-o", "a.pdf", "--unit", "东山", "--corrects", "99"), "没有“99”"),
        ("issued", ("--number", "1"), "再存一份"),
        ("void", ("1", "--reason", "错"), "没有“1”"),
        ("correct", ("1",), "没有“1”"),
        ("verify-paper", ("没有.pdf",), "没有这个文件"),
        ("verify-paper", ("旧通报.txt",), "不是能读的 PDF"),
        ("verify-paper", ("ZGT1-123",), "少字或多字"),
        ("compare", ("1", "2", "-o", "a.odt"), "只能印成"),
        ("compare", ("旧通报.txt", "现在", "-o", "a.pdf"), "只有印发过的"),
    ],
)
def test_bad_wishes_get_a_sentence(
    desk: Path, zhenggai: Told, monkeypatch: pytest.MonkeyPatch, command: str, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(desk)
    assert zhenggai(command, desk / "台账.zgl", *words).code == 2
    assert said in zhenggai.err
    assert not (desk / "a.pdf").exists()
