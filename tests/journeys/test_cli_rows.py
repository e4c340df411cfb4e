"""Registers from the command line: a template filled in, rows imported, wrong ones told, exported, changed, imported again."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db.ledger import history
from desktop_app.cli.main import main
from desktop_app.rectification import ledgers

CARS = "official_vehicles.vehicle"
FUEL = "official_vehicles.refuel"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a ledger, two cars in it, and a machine of its own."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    main(["new", str(tmp_path / "台账.zgl"), "--unit", "某市公安局东山分局"])
    (tmp_path / "车.csv").write_text("车牌号,型号,状态\n苏A1警,途观,在用\n苏A2警,朗逸,停驶\n", "utf-8")
    assert main(["rows", str(tmp_path / "台账.zgl"), CARS, "--import", str(tmp_path / "车.csv")]) == 0
    return tmp_path


class Rows:
    """Runs ``zhenggai rows`` on the desk's ledger; keeps exit code, output, complaints."""

    def __init__(self, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._ledger = desk / "台账.zgl"
        self._capsys = capsys
        self.code = 0
        self.out = self.err = ""

    def __call__(self, *words: object) -> Rows:
        self._capsys.readouterr()
        self.code = main(["rows", str(self._ledger), *(str(word) for word in words)])
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return self

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def position(self) -> int:
        with closing(ledgers.open_ledger(self._ledger)) as ledger:
            return ledger.position()

    def last(self) -> str:
        with closing(ledgers.open_ledger(self._ledger)) as ledger:
            return history.entries(ledger, limit=1, before=None)[0].sentence


@pytest.fixture
def rows(desk: Path, capsys: pytest.CaptureFixture[str]) -> Rows:
    return Rows(desk, capsys)


def fuel(desk: Path, *lines: str) -> Path:
    path = desk / "加油.csv"
    path.write_text("\n".join(["日期,车辆,加油量,金额,行驶里程,颜色", *lines]) + "\n", "gb18030")
    return path


RIGHT = ("2021-11-03,苏A1警 途观,50,400,600,红", "2021-11-04,苏A2,40,3.2百,500,", "2021-11-05,苏A1,30,240,400,")


def test_rows_are_imported_listed_and_filtered(desk: Path, rows: Rows) -> None:
    path = fuel(desk, RIGHT[0], "2021-11-05,苏A1,30,240,400,")
    assert rows(FUEL, "--import", path, "--preview").code == 0
    assert "新增 2 行" in rows.out
    assert "没有用到的列：颜色" in rows.out
    assert "“车辆”里的“苏A1”按“苏A1警 途观”录入" in rows.out
    assert "没有写入" in rows.out
    before = rows.position()
    assert rows("私车公养.加油登记", "--import", path, "--actor", "王").code == 0
    assert rows.position() == before + 2
    assert rows.last() == "导入 加油.csv：新增 2 行、修改 0 行加油登记"
    listed = rows("加油登记").out.splitlines()
    assert listed[0].split()[:2] == ["日期", "车辆"]
    assert listed[1].startswith("2021-11-03  苏A1警 途观")
    assert "东山分局" in listed[1], "rows are of the ledger's own unit where they do not say another"
    assert "共 2 行。" in rows.out
    assert rows("加油登记", "--filter", "日期>=2021-11-04", "--json").json["count"] == 1
    assert rows("加油登记", "--filter", "车辆=途观", "--filter", "加油量≤30", "--json").json["count"] == 1
    found = rows("加油登记", "--json").json["rows"][0]
    assert (found["date"], found["litres"], found["cost"]) == ("2021-11-03", "50", "400.00")
    assert rows("加油登记", "--unit", "东山", "--limit", 1, "--json").json["count"] == 2


def test_wrong_cells_are_told_by_row_and_column_and_nothing_is_written(desk: Path, rows: Rows) -> None:
    path = fuel(desk, *RIGHT, "2021-13-05,苏A9,-1,,,")
    before = rows.position()
    assert rows(FUEL, "--import", path).code == 2
    assert rows.position() == before
    assert rows.out == ""
    assert "第 3 行 D 列：“金额”要填金额" in rows.err
    assert "第 5 行 A 列：“日期”要填日期" in rows.err
    assert "第 5 行 B 列：“车辆”里没有“苏A9”" in rows.err
    assert "第 5 行 C 列：“加油量”不能小于 0" in rows.err
    assert "新增 2 行，有错 2 行" in rows.err
    told = rows(FUEL, "--import", path, "--json").json
    assert next((c["row"], c["column"], c["label"]) for c in told["refused_cells"]) == (3, "D", "金额")
    assert told["written"] is False
    assert rows(FUEL, "--import", path, "--skip-wrong").code == 1
    assert rows.position() == before + 2
    assert "有错的行没有导入" in rows.out


def test_importing_twice_enters_nothing_twice(desk: Path, rows: Rows) -> None:
    path = fuel(desk, RIGHT[0], RIGHT[0])
    assert rows(FUEL, "--import", path).code == 0
    before = rows.position()
    assert rows(FUEL, "--import", path).code == 1
    assert "2 行台账里已有完全相同的" in rows.out
    assert rows.position() == before
    assert rows(FUEL, "--import", path, "--again").code == 1
    assert rows.position() == before + 2
    assert rows(CARS, "--import", desk / "车.csv").code == 0, "rows with a plate are known by it"
    assert "没有变化 2 行" in rows.out
    (desk / "车.csv").write_text("车牌号,型号\n苏A1警,途观L\n苏A2警,\n", "utf-8")
    assert rows(CARS, "--import", desk / "车.csv").code == 0
    assert "修改 1 行，没有变化 1 行" in rows.out


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_an_export_is_changed_and_imported_again(desk: Path, rows: Rows, suffix: str) -> None:
    rows(FUEL, "--import", fuel(desk, RIGHT[0], RIGHT[2]))
    path = desk / f"出{suffix}"
    assert rows(FUEL, "--export", path, "--ids", "--publicity", "不公开").code == 0
    assert rows(FUEL, "--import", path).code == 0
    assert "没有变化 2 行" in rows.out
    assert "不能从表格导入的列：百公里油耗" in rows.out
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        at = [cell.value for cell in sheet[1]].index("加油量（L）")
        sheet.cell(2, at + 1).value = 55
        book.save(path)
    else:
        path.write_text(path.read_text("utf-8-sig").replace(",50,400.00,", ",55,400.00,"), "utf-8-sig")
    assert rows(FUEL, "--import", path).code == 0
    assert "修改 1 行，没有变化 1 行" in rows.out
    assert rows(FUEL, "--filter", "加油量>=55", "--json").json["count"] == 1


def test_what_is_withheld_stays_here(desk: Path, rows: Rows) -> None:
    rows(FUEL, "--import", fuel(desk, RIGHT[0]))
    path = desk / "出.xlsx"
    assert rows(FUEL, "--export", path).code == 0
    assert "没有导出的栏目（不对外公开）：IC卡、经办人、登记人" in rows.out
    told = rows(FUEL, "--export", path, "--json").json
    assert told["withheld_columns"] == ["IC卡", "经办人", "登记人"]
    assert rows(FUEL, "--export", path, "--publicity", "党内通报", "--json").json["withheld_columns"] == []


def test_a_template_is_filled_in_and_imported(desk: Path, rows: Rows) -> None:
    path = desk / "模板.xlsx"
    assert rows("私车公养.加油登记", "--template", path).code == 0
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = [str(cell.value) for cell in sheet[1]]
    assert headings[:2] == ["日期*", "车辆*"]
    values = {"日期*": "2021-11-03", "车辆*": "苏A1警 途观", "加油量（L）*": 50}
    for name, value in values.items():
        sheet.cell(2, headings.index(name) + 1).value = value
    book.save(path)
    assert rows(FUEL, "--import", path).code == 0
    assert "新增 1 行" in rows.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["加油"], "没有“加油”这张登记表。"),
        (["加油登记", "--filter", "颜色=红"], "“加油登记”没有“颜色”这一栏。"),
        (["加油登记", "--filter", "颜色"], "筛选条件“颜色”看不懂。"),
        (["加油登记", "--filter", "日期>=某日"], "“日期”要填日期"),
        (["加油登记", "--publicity", "绝密"], "没有“绝密”这一级"),
        (["加油登记", "--export", "a.xlsx", "--import", "b.xlsx"], "一次只能用一个"),
        (["加油登记", "--export", "表.pdf"], "只能导出为"),
        (["加油登记", "--import", "没有.xlsx"], "找不到"),
        (["加油登记", "--unit", "西山"], "没有“西山”这个单位"),
    ],
)
def test_what_cannot_be_done_is_said(rows: Rows, words: list[str], told: str) -> None:
    assert rows(*words).code == 2
    assert told in rows.err


def test_near_names_are_listed(rows: Rows) -> None:
    rows("加油")
    assert "私车公养.加油登记（official_vehicles.refuel）" in rows.err
    rows("登记表不存在的名字")
    assert "类别有：" in rows.err or "相近的有：" in rows.err
