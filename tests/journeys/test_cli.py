"""The command line as a clerk's script would use it: every command, its exit code, its sentence, its JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import func, select

from db.ledger.change import Deed, create
from db.schema.records import Unit
from desktop_app import paths
from desktop_app.cli.main import app, main
from desktop_app.rectification import ledgers

PAPER = """中共某市水利局东山分局党组关于巡察整改情况的通报
1.关于“河道巡查不到位”问题的整改。
整改措施及阶段性成效：一是建章立制。二是加强巡查，共巡查286处。
正在深化整改的内容及时限：继续巡查，预计2021年12月底前完成整改。
中共某市水利局东山分局党组
2021年11月3日
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an old paper, and a machine of its own."""
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    folder = tmp_path / "台账 文件夹"
    folder.mkdir()
    (folder / "旧通报.txt").write_text(PAPER, "utf-8")
    return folder


class Told:
    """What a command left behind: exit code, standard output, standard error."""

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


def test_an_old_paper_comes_back_as_a_notice(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    assert zhenggai("new", ledger, "--unit", "某市水利局").code == 0
    assert zhenggai("intake", ledger, desk / "旧通报.txt").code == 0
    assert "1 个问题" in zhenggai.out
    assert zhenggai("notice", ledger, "-o", desk / "新.txt", "--unit", "东山分局").code == 0
    assert (desk / "新.txt").read_text("utf-8") == PAPER
    assert (
        zhenggai("notice", ledger, "-o", desk / "新.pdf", "--unit", "东山", "--json").json["unit"]
        == "某市水利局东山分局"
    )
    assert (desk / "新.pdf").read_bytes().startswith(b"%PDF")


def test_a_dry_run_shows_and_writes_nothing(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    zhenggai("new", ledger, "--unit", "某市水利局")
    before = ledger.read_bytes()
    found = zhenggai("intake", ledger, desk / "旧通报.txt", "--dry-run", "--json").json
    assert ledger.read_bytes() == before
    notice = found["notices"][0]
    keys = {
        "title",
        "issuer",
        "date",
        "opening",
        "chapters",
        "problems",
        "next_steps",
        "contact",
        "signature",
        "figures",
    }
    assert keys | {"regulations", "unread"} <= set(notice)
    problem = notice["problems"][0]
    assert {"number", "title", "aspect", "truncated", "measures", "ongoing"} <= set(problem)
    assert problem["ongoing"][0]["due"] == "2021-12-31"
    assert next(m["lead"] for m in problem["measures"]) == "建章立制。"
    assert {"text": "286处", "value": 286, "unit": "处"}.items() <= notice["figures"][0].items()


def test_reading_a_paper_twice_is_told(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    zhenggai("new", ledger, "--unit", "某市水利局")
    zhenggai("intake", ledger, desk / "旧通报.txt")
    assert zhenggai("intake", ledger, desk / "旧通报.txt").code == 1
    assert "以前导入过" in zhenggai.out
    assert zhenggai("intake", ledger, desk / "旧通报.txt", "--update", "--json").json["entered"][0]["changes"] == 0


def test_check_history_verify_rebuild_backup(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    zhenggai("new", ledger, "--unit", "某市水利局", "--actor", "王")
    zhenggai("intake", ledger, desk / "旧通报.txt", "--actor", "李")
    assert zhenggai("check", ledger, "--on", "2022-01-05", "--json").code == 1
    overdue = [f for f in zhenggai.json["findings"] if f["code"] == "overdue"]
    assert "5 天" in overdue[0]["sentence"]
    assert [e["actor"] for e in zhenggai("history", ledger, "--json").json["history"]] == ["李", "王"]
    assert len(zhenggai("history", ledger, "--actor", "王").out.splitlines()) == 1
    sound = zhenggai("verify", ledger, "--json").json
    assert sound["ailments"] == []
    assert zhenggai("rebuild", ledger, "--json").json["changes"] == sound["changes"]
    made = Path(zhenggai("backup", ledger, desk, "--json").json["backup"])
    assert zhenggai("verify", made, "--json").json["head"] == sound["head"]


def test_the_ledger_as_of_a_day(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    zhenggai("new", ledger, "--unit", "某市水利局东山分局")
    zhenggai("intake", ledger, desk / "旧通报.txt")
    assert zhenggai("notice", ledger, "-o", desk / "a.txt", "--as-of", "2020-01-01").code == 2
    assert "还没有记录" in zhenggai.err
    assert zhenggai("notice", ledger, "-o", desk / "a.txt", "--as-of", "2999-01-01").code == 0


def test_the_demo_makes_a_ledger_and_its_papers(desk: Path, zhenggai: Told) -> None:
    made = zhenggai("demo", desk / "示例", "--json").json
    assert zhenggai.code == 0
    assert all(Path(file).stat().st_size for file in made["files"])
    assert {Path(file).suffix for file in made["files"]} == {".pdf", ".docx", ".txt"}
    assert zhenggai("verify", made["ledger"]).code == 0
    assert zhenggai("demo", desk / "示例").code == 2  # a second demo writes over nothing


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["intake"], "缺少台账文件"),
        (["notice", "没有.zgl", "-o", "x.doc"], "只能印成"),
        (["check", "没有.zgl"], "找不到"),
        (["check", "."], "这是一个文件夹"),
        (["check", "旧通报.txt"], "不是整改通台账"),
        (["new", "旧通报.txt", "--unit", "甲"], "已经有这个文件"),
        (["new", "甲.zgl", "--unit", " "], "单位名称"),
        (["new", "没有/甲.zgl", "--unit", "甲"], "没有这个文件夹"),
        (["frobnicate"], "没有“frobnicate”这个命令"),
        (["new", "甲.zgl"], "缺少 --unit"),
        (["check", "--frob"], "没有“--frob”这个选项"),
        (["history", "甲.zgl", "--limit", "many"], "写法不对"),
        (["intake", "甲.zgl", "没有.txt", "--dry-run"], "找不到文件"),
    ],
)
def test_bad_input_gets_one_sentence(
    desk: Path, zhenggai: Told, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    monkeypatch.chdir(desk)
    before = {path: path.read_bytes() for path in desk.iterdir()}
    assert zhenggai(*words).code == 2
    assert sentence in zhenggai.err
    assert zhenggai.out == ""
    refused = zhenggai(*words, "--json").json["refused"]
    assert sentence in refused["sentence"]
    assert refused["advice"]
    assert {path: path.read_bytes() for path in desk.iterdir()} == before


def test_every_command_has_help_and_json(zhenggai: Told) -> None:
    commands = [c.name for c in app.registered_commands if c.name]
    manual = (paths.resources() / "help" / "command-line.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `zhenggai ([a-z-]+)", manual, re.MULTILINE))
    assert set(commands) == told  # the manual names every command, and none that is not there
    for command in commands:
        shown = zhenggai(command, "--help")
        assert shown.code == 0
        assert "--json" in shown.out
        assert re.search(r"[\u4e00-\u9fff]{4}", shown.out)
        assert not re.search(r"Usage|Options|Arguments|Show this|required|default:|<path>|<str>", shown.out)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(("command", "option"), [("notice", "--as-of"), ("check", "--on")])
def test_a_day_of_no_year_a_clerk_means_is_refused(
    desk: Path, zhenggai: Told, day: str, command: str, option: str
) -> None:
    ledger = desk / "台账.zgl"
    zhenggai("new", ledger, "--unit", "某市水利局")
    words = [command, ledger, option, day, *(["-o", desk / "a.txt"] if command == "notice" else [])]
    assert zhenggai(*words).code == 2
    assert "年份" in zhenggai.err


def test_a_ledger_that_could_not_be_begun_leaves_no_file(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    assert zhenggai("new", ledger, "--unit", "甲" * 600).code == 2
    assert not ledger.exists()
    assert zhenggai("new", ledger, "--unit", "甲市局").code == 0
    assert zhenggai("new", ledger, "--unit", "甲" * 600).code == 2
    assert ledger.exists()


@pytest.mark.parametrize("least", [0, 200_000])
def test_a_reader_that_leaves_early_is_no_fault(desk: Path, zhenggai: Told, least: int) -> None:
    ledger = desk / "台账.zgl"
    zhenggai("new", ledger, "--unit", "某市水利局")
    with closing(ledgers.open_ledger(ledger)) as made:
        for number in range(least // 2_000):
            made.act(Deed(f"第 {number} 步" + "字" * 1_900, "王", (create(Unit, name="甲"),)))
    run = subprocess.Popen(
        [sys.executable, "-m", "desktop_app", "history", str(ledger), "--json", "--limit", "500"],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert run.stdout is not None
    assert run.stderr is not None
    if least:
        assert run.stdout.read(5) == b'{\n  "'
    run.stdout.close()
    assert run.wait(60) == 0
    assert run.stderr.read() == b""
    run.stderr.close()


def test_a_fault_of_the_program_keeps_its_trace(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_words: object, **_options: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("desktop_app.cli.ledger_commands.ledgers.open_ledger", broken)
    with pytest.raises(ValueError, match="a bug"):
        main(["check", str(desk / "台账.zgl")])


@pytest.mark.parametrize(("left", "code"), [(typer.Exit(1), 1), (typer.Abort(), 2), (KeyboardInterrupt(), 130)])
def test_leaving_a_command_early_gives_its_code(
    desk: Path, monkeypatch: pytest.MonkeyPatch, left: BaseException, code: int
) -> None:
    def leave(*_words: object, **_options: object) -> None:
        raise left

    monkeypatch.setattr("desktop_app.cli.ledger_commands.ledgers.open_ledger", leave)
    assert main(["check", str(desk / "台账.zgl")]) == code


def papers_kept(ledger: Path) -> int:
    with closing(ledgers.open_ledger(ledger)) as facts, facts.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(facts.tables.paper)).scalar_one())


def test_a_paper_that_is_refused_hides_none_that_was_entered(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    zhenggai("new", ledger, "--unit", "某市水利局")
    bad = desk / "坏.txt"
    bad.write_text(
        PAPER.replace("东山", "西山").replace("情况的通报\n", "情况的通报\n" + "开" * 250_000 + "。\n"), "utf-8"
    )
    later = desk / "后.txt"
    later.write_text(PAPER.replace("东山分局", "南山分局"), "utf-8")
    told = zhenggai("intake", ledger, desk / "旧通报.txt", bad, later, "--json")
    assert told.code == 2
    assert [Path(one["file"]).name for one in told.json["entered"]] == ["旧通报.txt", "后.txt"]
    assert [Path(one["file"]).name for one in told.json["refusals"]] == ["坏.txt"]
    assert told.json["refusals"][0]["sentence"]
    assert papers_kept(ledger) == 2
    told = zhenggai("intake", ledger, desk / "旧通报.txt", bad)
    assert told.code == 2
    assert "以前导入过" in told.out
    assert "没有导入 坏.txt：" in told.err


def test_the_bytes_of_a_paper_that_is_known_already_are_not_kept_again(desk: Path, zhenggai: Told) -> None:
    ledger = desk / "台账.zgl"
    zhenggai("new", ledger, "--unit", "某市水利局")
    zhenggai("intake", ledger, desk / "旧通报.txt")
    copy = desk / "另存.txt"
    copy.write_text(PAPER + "\n\n", "utf-8")
    assert zhenggai("intake", ledger, copy).code == 1
    assert papers_kept(ledger) == 1


def test_a_unit_with_nothing_gets_no_paper(desk: Path, zhenggai: Told) -> None:
    zhenggai("new", desk / "空.zgl", "--unit", "某市水利局")
    assert zhenggai("notice", desk / "空.zgl", "-o", desk / "空.pdf").code == 2
    assert "没有可印的内容" in zhenggai.err
    assert not (desk / "空.pdf").exists()


def test_a_backup_makes_its_folder(desk: Path, zhenggai: Told) -> None:
    zhenggai("new", desk / "甲.zgl", "--unit", "某市水利局")
    assert zhenggai("backup", desk / "甲.zgl", desk / "备份" / "十一月").code == 0
