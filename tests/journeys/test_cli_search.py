"""Looking for words from the command line: groups and counts, the words marked, JSON, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.ledger.change import Deed, create
from db.schema.records import Measure, Problem
from desktop_app.cli.main import main
from desktop_app.rectification import ledgers


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    made = ledgers.new_ledger(tmp_path / "台账.zgl", "某市公安局滨湖分局", "王某")
    problem = create(Problem, number=1, title="查办案件尚有不足")
    measures = [
        create(Measure, problem=problem.id, number=n, lead=f"完善机制{n}", body="比对行车轨迹。") for n in (1, 2, 3)
    ]
    made.act(Deed("录入", "王某", (problem, *measures)))
    made.close()
    return tmp_path / "台账.zgl"


def test_words_are_found_and_marked(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", str(ledger), "行车", "机制", "--most", "2"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "记录：3 条（整改措施 3）",
        "  [整改措施] 完善【机制】3　正文：比对【行车】轨迹。",
        "  [整改措施] 完善【机制】2　正文：比对【行车】轨迹。",
        "  ……还有 1 条",
    ]
    assert main(["search", str(ledger), "bhfj"]) == 0
    assert "[单位] 某市公安局【滨湖分局】" in capsys.readouterr().out


def test_programs_read_what_was_found(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", str(ledger), "查办案件尚有", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    records = data["groups"][0]
    assert (records["group"], records["counts"]) == ("记录", {"问题": 1})
    (found,) = records["found"]
    assert (found["record"], found["line"], found["marks"]) == ("problem", "1. 查办案件尚有不足", [[3, 9]])


def test_nothing_found_and_nothing_asked(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", str(ledger), "没有这样的字"]) == 1
    assert "没有找到" in capsys.readouterr().out
    assert main(["search", str(ledger), " "]) == 2
    assert "没有写要找什么" in capsys.readouterr().err
