"""``zhenggai review``: what is alike is listed with its reason, judged by two ids, and taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from twin_offices import Offices

from db.ledger.change import Deed, create
from db.schema.records import Person, Unit
from desktop_app.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any]:
    code = main([str(one) for one in words])
    said = capsys.readouterr().out
    return code, json.loads(said) if "--json" in words else said


def test_the_whole_story_of_a_pair(offices: Offices, capsys: pytest.CaptureFixture[str]) -> None:
    units = (create(Unit, "u1", name="城中派出所"), create(Unit, "u2", name="城中公安派出所", fax="1"))
    offices.head.act(Deed("登记", "王", (*units, create(Person, "p1", name="李"))))
    path = offices.head.path
    assert run(capsys, "review", path) == (
        1,
        (
            "单位：“单位名称”只差惯用的字样或简称（城中派出所、城中公安派出所）。\n    u1  城中派出所\n    u2  城中公安派出所\n"
            "    不同：单位名称：城中派出所 / 城中公安派出所；传真：（空） / 1\n"
        ),
    )
    code, told = run(capsys, "review", path, "--json", "--register", "单位")
    assert (code, [one["ids"] for one in told["pairs"]], told["more"]) == (1, [["u1", "u2"]], 0)
    assert run(capsys, "review", path, "--same", "u1", "u2", "--main", "u2", "--actor", "王")[0] == 0
    assert run(capsys, "review", path) == (0, "没有疑似重复的记录。\n")
    assert (
        run(capsys, "review", path, "--settled")[1]
        == "单位：是同一个\n    u1  城中派出所\n    u2  城中公安派出所（为准）\n"
    )
    assert run(capsys, "review", path, "--main", "u1")[0] == 0
    assert run(capsys, "review", path, "--settled", "--json")[1]["same"] == [
        {"record": "unit", "members": ["u1", "u2"], "main": "u1"}
    ]
    assert run(capsys, "review", path, "--undo", "u2", "u1")[0] == 0
    assert run(capsys, "review", path)[0] == 1
    assert run(capsys, "review", path, "--differ", "u2", "u1")[0] == 0
    assert "不是同一个" in run(capsys, "review", path, "--settled")[1]
    assert run(capsys, "review", path)[0] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--same", "u1", "nobody"), "没有编号为“nobody”的"),
        (("--same", "u1", "p1"), "不是同一个表里的"),
        (("--same", "u1", "u2", "--undo", "u1", "u2"), "一次只能做一件事"),
        (("--differ", "u1", "u2", "--main", "u1"), "一次只能做一件事"),
        (("--undo", "u1", "u2"), "没有认定过"),
        (("--main", "u1"), "没有和别的记录认定为同一个"),
        (("--same", "u1", "u2", "--main", "p1"), "要在这几条里选"),
        (("--register", "飞机"), "没有可以查重的表“飞机”"),
    ],
)
def test_what_cannot_be_said_is_refused(
    offices: Offices, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    units = (
        create(Unit, "u1", name="城中派出所"),
        create(Unit, "u2", name="城北大队"),
        create(Person, "p1", name="李"),
    )
    offices.head.act(Deed("登记", "王", units))
    before = offices.head.position()
    code, told = run(capsys, "review", offices.head.path, *words, "--json")
    assert code == 2
    assert sentence in told["refused"]["sentence"]
    assert offices.head.position() == before
