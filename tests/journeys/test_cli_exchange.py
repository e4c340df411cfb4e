"""Two branches, a head office and a stick, without a window: packed, looked at, merged, disputed, decided, answered with receipts."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db.ledger.change import Deed, create, edit
from db.schema.records import Problem, Unit
from desktop_app.cli.main import main
from desktop_app.rectification import ledgers


class Office:
    """An office with a machine of its own; it knows nothing of the others but what the stick brings."""

    def __init__(self, name: str, place: Path, run: Callable[..., tuple[int, Any]], stick: Path) -> None:
        self.name, self.run, self.stick = name, run, stick
        self.home = place / f"{name}的电脑"
        self.home.mkdir()
        self.ledger = self.home / "台账.zgl"
        assert self("new", self.ledger, "--unit", f"某市公安局{name}", "--actor", f"{name}甲")[0] == 0

    def __call__(self, *words: object) -> tuple[int, Any]:
        return self.run(self.home, *words)

    def act(self, what: Callable[[Any], Any]) -> None:
        with pytest.MonkeyPatch.context() as machine:
            machine.setenv("ZHENGGAI_HOME", str(self.home / "home"))
            with closing(ledgers.open_ledger(self.ledger)) as facts:
                facts.act(Deed("登记", f"{self.name}甲", (what(facts),)))

    def titles(self) -> set[str | None]:
        with pytest.MonkeyPatch.context() as machine:
            machine.setenv("ZHENGGAI_HOME", str(self.home / "home"))
            with closing(ledgers.open_ledger(self.ledger)) as facts:
                return {one.title for one in facts.all(Problem)}

    def renamed(self, old: str, new: str) -> None:
        self.act(lambda facts: edit(next(one for one in facts.all(Problem) if one.title == old), title=new))

    def problem(self, title: str) -> None:
        self.act(
            lambda facts: create(
                Problem, title=title, unit=next(u.id for u in facts.all(Unit) if u.name and self.name in u.name)
            )
        )

    def packed(self, name: str, *more: object) -> Path:
        code, told = self("pack", self.ledger, "-o", self.stick / name, *more)
        assert code == 0
        self.mark = told["fingerprint"]
        return self.stick / name


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, Any]]:
    def command(home: Path, *words: object) -> tuple[int, Any]:
        monkeypatch.setenv("ZHENGGAI_HOME", str(home / "home"))
        code = main([*map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return command


def test_two_branches_and_a_head_office(tmp_path: Path, run: Callable[..., tuple[int, Any]]) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    head, east, west = (Office(name, tmp_path, run, stick) for name in ("总队", "东山分局", "西山分局"))
    east.problem("东山的问题")
    west.problem("西山的问题")
    one, two = east.packed("东山1.zgx"), west.packed("西山1.zgx")
    code, told = head("inspect", one, "--ledger", head.ledger)
    assert (code, told["sender"]["name"], told["number"]) == (1, "某市公安局东山分局", 1)
    assert told["fingerprint"] == east.mark

    before = head.ledger.read_bytes()
    code, told = head("merge", head.ledger, stick, "--preview")
    assert head.ledger.read_bytes() == before
    assert sum(count["new"] for count in told["counts"] if count["record"] == "problem") == 2
    code, told = head("merge", head.ledger, stick)
    assert code == 2
    assert all("指纹" in each["sentence"] for each in told["refused"])
    trust = ["--trust", east.mark, "--trust", west.mark]
    code, told = head("merge", head.ledger, stick, *trust, "--receipt", stick / "总队.zgr", "--actor", "李")
    assert code in (0, 1)
    assert told["receipt"]["backup"]
    assert {each["agrees"] for each in told["receipt"]["files"]} == {"yes"}
    assert head.titles() == {"东山的问题", "西山的问题"}
    assert head("merge", head.ledger, one, two)[1]["sentence"].startswith("没有新内容")

    code, told = east("merge", east.ledger, stick / "总队.zgr")
    assert (code, told["receipts"][0]["lacking"]) == (0, 0)
    head_file = head.packed("总队1.zgx")
    assert east("merge", east.ledger, head_file, "--trust", head.mark)[0] in (0, 1)
    east.renamed("东山的问题", "东山改的")
    head.renamed("东山的问题", "总队改的")
    small = east.packed("东山2.zgx", "--for", "总队")
    code, told = head("merge", head.ledger, small)
    assert code == 1
    assert told["receipt"]["files"][0]["taken"] == 1

    code, told = head("conflicts", head.ledger)
    assert code == 1
    dispute = next(each for each in told["conflicts"] if each["record"] == "problem")
    assert dispute["before"] == "东山的问题"
    assert {(rival["value"], rival["unit"]) for rival in dispute["rivals"]} == {
        ("东山改的", "某市公安局东山分局"),
        ("总队改的", "某市公安局总队"),
    }
    assert head("decide", head.ledger, "zz", "--mine")[0] == 2
    assert head("decide", head.ledger, dispute["conflict"], "--theirs", "--actor", "李")[0] in (0, 1)
    assert "东山改的" in head.titles()
    code, told = head("decide", head.ledger, "--rule", "newer", "--actor", "李")
    assert (code, told["left"]) == (0, 0)
    for branch in (east, west):
        branch("merge", branch.ledger, head.packed(f"给{branch.name}.zgx", "--for", branch.name), "--trust", head.mark)
        assert branch("conflicts", branch.ledger)[0] == 0
        assert branch.titles() == head.titles()

    code, told = head("peers", head.ledger)
    assert code == 0
    assert {each["name"]: each["number"] for each in told["peers"]}["某市公安局西山分局"] == 1


def test_a_sealed_file_opens_with_its_passphrase_alone(tmp_path: Path, run: Callable[..., tuple[int, Any]]) -> None:
    head, east = (Office(name, tmp_path, run, tmp_path) for name in ("总队", "东山分局"))
    east.problem("密")
    file = east.packed("密.zgx", "--seal", "--passphrase", "一把足够长的钥匙")
    assert east("pack", east.ledger, "-o", tmp_path / "密2.zgx", "--seal")[0] == 2
    assert head("merge", head.ledger, file)[0] == 2
    assert head("inspect", file, "--passphrase", "一把足够长的钥匙")[1]["sealed"]
    assert head("merge", head.ledger, file, "--passphrase", "一把足够长的钥匙", "--trust", east.mark)[0] in (0, 1)
    assert head.titles() == {"密"}


def test_a_file_for_a_sort_of_recipient_leaves_columns_out(tmp_path: Path, run: Callable[..., tuple[int, Any]]) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    branch, city = Office("甲分局", tmp_path, run, stick), Office("市局", tmp_path, run, stick)
    branch.act(lambda _: create(Problem, title="车辆管理不严", responsible="欧阳远山"))
    told = branch(
        "pack",
        branch.ledger,
        "-o",
        stick / "一.zgx",
        "--recipient",
        "被巡察单位",
        "--medium",
        "U-7",
        "--secrecy",
        "秘密",
    )[1]
    assert told["hidden"] == 1
    seen = city("inspect", stick / "一.zgx")[1]
    assert seen["media"] == {"number": "U-7", "secrecy": "秘密", "handler": ""}
    assert "被巡察单位" in seen["scope"]
    assert {*seen["own"]} >= {one["replica"] for one in seen["replicas"]}
    assert city("merge", city.ledger, stick / "一.zgx", "--trust", told["fingerprint"])[0] == 0
    assert city.titles() == {"车辆管理不严"}
    assert [one["name"] for one in branch("recipients", branch.ledger)[1]["recipients"]] == [
        "被巡察单位",
        "组织部",
        "纪委",
    ]
