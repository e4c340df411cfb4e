"""Indicators from the command line: a table a category, groups, periods, what is withheld, JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.cli.main import main


class Asked:
    """Runs ``zhenggai indicators`` on the desk's ledger; keeps exit code, output, complaints."""

    def __init__(self, ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.ledger = ledger
        self._capsys = capsys
        self.code = 0
        self.out = self.err = ""

    def __call__(self, *words: str) -> Asked:
        self._capsys.readouterr()
        self.code = main(["indicators", str(self.ledger), "--as-of", "2021-11-30", *words])
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return self

    def one(self, name: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = json.loads(self.out)["indicators"]
        return next(one for one in found if one["indicator"] == name)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asked:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    ledger = tmp_path / "台账.zgl"
    main(["new", str(ledger), "--unit", "某市公安局东山分局"])
    (tmp_path / "车.csv").write_text("车牌号,型号,状态\n苏A1警,途观,在用\n苏A2警,朗逸,停驶\n", "utf-8")
    (tmp_path / "油.csv").write_text(
        "日期,车辆,加油量,金额,行驶里程\n2021-11-03,苏A1警,50,400,600\n2021-10-04,苏A2警,40,320,500\n2021-11-05,苏A1警,30.5,240,400\n",
        "utf-8",
    )
    for register, file in (("vehicle", "车.csv"), ("refuel", "油.csv")):
        assert main(["rows", str(ledger), f"official_vehicles.{register}", "--import", str(tmp_path / file)]) == 0
    return Asked(ledger, capsys)


def line(out: str, begins: str) -> str:
    return next(one for one in out.splitlines() if one.startswith(begins))


def test_a_table_of_one_category(asked: Asked) -> None:
    assert asked("--category", "私车", "--period", "今年以来").code == 0
    assert asked.out.splitlines()[0] == "【私车公养】"
    assert "120.5L" in line(asked.out, "加油量")
    assert "今年以来（2021-01-01至2021-11-30）" in line(asked.out, "加油量")
    assert "120.5" in line(asked.out, "百公里油耗 ")
    assert "1500" in line(asked.out, "百公里油耗 ")


def test_groups_and_periods_as_json(asked: Asked) -> None:
    assert asked("--category", "official_vehicles", "--by", "车辆", "--period", "11月", "--json").code == 0
    litres = asked.one("litres")
    assert [(group["label"], group["value"]) for group in litres["groups"]] == [(["苏A1警 途观"], "80.5")]
    assert litres["period"] == {"start": "2021-11-01", "end": "2021-11-30", "words": "11月"}
    asked("--category", "official_vehicles", "--by", "月", "--period", "二季度", "--json")
    assert [group["value"] for group in asked.one("litres")["groups"]] == ["0", "0", "0"]
    asked("--json", "--unit", "东山", "--period", "今年以来")
    assert asked.one("litres")["value"] == "120.5"


def test_every_category_at_once(asked: Asked) -> None:
    assert asked().code == 0
    assert asked.out.count("【") >= 5


def test_what_may_not_be_shown_is_only_named(asked: Asked) -> None:
    asked("--json")
    withheld = json.loads(asked.out)["withheld"]
    shown = [f"{one['category']}.{one['indicator']}" for one in json.loads(asked.out)["indicators"]]
    assert withheld
    assert not {*withheld} & {*shown}
    asked("--json", "--publicity", "不公开")
    assert json.loads(asked.out)["withheld"] == []
    asked()
    assert "没有列出的指标（不对外公开）" in asked.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--period", "不久以前"), "不知道期间“不久以前”"),
        (("--by", "颜色"), "没有一个指标能按“颜色”分"),
        (("--category", "没有的"), "没有这个类别"),
        (("--unit", "没有的"), "没有“没有的”这个单位"),
        (("--publicity", "半公开"), "没有“半公开”这一级"),
    ],
)
def test_what_is_not_understood_is_refused(asked: Asked, words: tuple[str, ...], said: str) -> None:
    assert asked(*words).code == 2
    assert said in asked.err
