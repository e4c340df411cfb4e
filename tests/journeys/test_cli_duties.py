"""What is to be done, from the command line: groups, the calendar of a year, what is withheld, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.cli.main import main


class Asked:
    """Runs ``zhenggai duties`` on the desk's ledger; keeps exit code and output."""

    def __init__(self, ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.ledger = ledger
        self._capsys = capsys
        self.out = ""

    def put(self, register: str, text: str) -> None:
        file = self.ledger.with_name(f"{register}.csv")
        file.write_text(text, "utf-8")
        assert main(["rows", str(self.ledger), register, "--import", str(file)]) == 0

    def __call__(self, *words: str) -> int:
        self._capsys.readouterr()
        code = main(["duties", str(self.ledger), "--on", "2021-11-08", *words])
        self.out = self._capsys.readouterr().out
        return code

    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asked:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    made = Asked(tmp_path / "台账.zgl", capsys)
    main(["new", str(made.ledger), "--unit", "某市公安局东山分局"])
    return made


def test_nothing_to_do(asked: Asked) -> None:
    assert asked() == 0
    assert "没有超期的" in asked.out
    assert asked("--year", "2021") == 0
    assert "2021年没有定期的义务。" in asked.out


def test_what_is_overdue_is_told_by_group_with_days_and_makes_the_exit_code_one(asked: Asked) -> None:
    asked.put("other.matter", "事项,完成时限\n甲事,2021-11-01\n乙事,2021-11-20\n")
    assert asked() == 1
    assert "【已超期】1 项" in asked.out
    assert "[超期 7 天] 整改事项“甲事”" in asked.out
    assert "[还剩 12 天] 整改事项“乙事”" in asked.out
    assert asked("--category", "不存在") == 2
    assert asked("--category", "执法规范化建设") == 0


def test_the_calendar_of_a_year(asked: Asked) -> None:
    asked.put("official_vehicles.vehicle", "车牌号,型号,状态,启用日期\n苏A1警,途观,在用,2021-05-01\n")
    asked.put("official_vehicles.monthly_publish", "月份,车辆,加油数\n2021-05,苏A1警,40\n2021-07,苏A1警,0\n")
    assert asked("--year", "2021") == 1
    row = next(line for line in asked.out.splitlines() if "苏A1警" in line and "每月" in line and "–" in line)
    assert row.split()[-12:] == ["–"] * 4 + ["✓", "！", "✓", "！", "！", "○", "○", "○"]
    asked("--year", "2021", "--json")
    lines = asked.data()["calendar"]["lines"]
    cells = next(one["cells"] for one in lines if one["subject"].startswith("苏A1警"))
    assert [cell["state"] for cell in cells[4:7]] == ["done", "missing", "done"]


def test_what_is_withheld_is_not_told_to_everybody(asked: Asked) -> None:
    asked.put("other.matter", "事项,完成时限,公开级别\n某秘密事项,2021-11-01,不公开\n")
    asked("--publicity", "公开")
    assert "某秘密事项" not in asked.out
    assert "不公开" in asked.out
    asked()
    assert "某秘密事项" in asked.out
    asked("--publicity", "公开", "--json")
    assert "某秘密事项" not in asked.out
    assert asked.data()["duties"][0]["id"] == ""
