"""The command line looks back: deeds by day and words, two moments compared, the ledger of a former day as a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.ledger.change import Deed, create, edit
from db.schema.records import Problem
from desktop_app.cli.main import main
from desktop_app.rectification import ledgers


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """1 November: a problem; 3 November: its title changed."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    now = datetime(2021, 11, 1, 2, tzinfo=UTC)
    path = tmp_path / "一.zgl"
    made = ledgers.new_ledger(path, "某市公安局东湖分局", "王某", clock=lambda: now)
    made.act(Deed("登记问题", "王某", (create(Problem, "p1", title="办案期限管理不严"),)))
    made.clock = lambda: now.replace(day=3)
    found = made.get(Problem, "p1")
    assert found is not None
    made.act(Deed("改了题目", "李某", (edit(found, title="办案期限管理不够严格"),)))
    made.close()
    return path


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(list(words))
    told = capsys.readouterr()
    return code, told.out + told.err


def test_history_by_day_and_words(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked(capsys, "history", str(ledger), "--since", "2021-11-02", "--json")
    assert code == 0
    assert [one["sentence"] for one in json.loads(told)["history"]] == ["改了题目"]
    _, told = asked(capsys, "history", str(ledger), "--until", "2021-11-02", "--words", "登记", "--json")
    assert [one["sentence"] for one in json.loads(told)["history"]] == ["登记问题"]


def test_changes_between_two_days(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked(capsys, "changes", str(ledger), "--from", "2021-11-01")
    assert code == 0
    assert "办案期限管理不严 → 办案期限管理不够严格" in told
    _, told = asked(capsys, "changes", str(ledger), "--from", "2021-11-01", "--to", "2021-11-02")
    assert told.strip() == "这两个时候的台账没有差别。"
    code, told = asked(capsys, "changes", str(ledger), "--from", "2021-11-03", "--to", "2021-11-02")
    assert code != 0
    assert "早于" in told


def test_the_ledger_of_a_day_as_a_file(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    then = tmp_path / "那天.zgl"
    code, told = asked(capsys, "past", str(ledger), "2021-11-02", "-o", str(then))
    assert code == 0, told
    made = ledgers.open_ledger(then)
    assert [one.title for one in made.all(Problem)] == ["办案期限管理不严"]
    made.close()
    code, told = asked(capsys, "past", str(ledger), "2021-11-02", "-o", str(then))
    assert code != 0
    assert "已经有这个文件" in told
    code, told = asked(capsys, "past", str(ledger), "2020-01-01", "-o", str(tmp_path / "早.zgl"))
    assert code != 0
    assert "还没有记录" in told
    assert not (tmp_path / "早.zgl").exists()
