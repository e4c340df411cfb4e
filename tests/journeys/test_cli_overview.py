"""How a ledger stands, from the command line: the sample's counts, JSON that agrees with the sentences, an empty ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.cli.main import main
from desktop_app.rectification import ledgers, overview, sample


def test_the_sample_is_told_in_sentences_and_in_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    path = tmp_path / "样本.zgl"
    ledger = ledgers.new_ledger(path, "某市公安局滨湖分局", "王某")
    assert main(["overview", str(path)]) == 0
    assert "还没有问题" in capsys.readouterr().out
    sample.load(ledger, "王某")
    rows = overview.rows(ledger, sample.DAY)
    ledger.close()
    assert main(["overview", str(path), "--on", str(sample.DAY), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    listed = overview.totals(rows)
    assert (told["all"], told["finished"], told["states"]) == (listed.all, listed.finished, listed.by_state)
    assert sum(one["all"] for one in told["categories"]) == listed.all == len(rows)
    assert sum(one["count"] for one in told["weeks"]) + told["due"]["none"] == listed.all - listed.finished
    assert main(["overview", str(path), "--on", str(sample.DAY)]) == 0
    said = capsys.readouterr().out
    assert f"【问题】{listed.all} 个，完成整改 {listed.finished} 个" in said
    assert f"销号率 {told['closing']['percent']}（{told['closing']['words']}）" in said
    assert f"已超期 {listed.by_state['overdue']}" in said
