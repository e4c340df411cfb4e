"""A category this repository does not know: its file is loaded, filled, checked, reckoned, told, printed and exchanged."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.ledger import history
from db.ledger.change import Deed, create
from db.ledger.ledger import Ledger
from db.schema.records import Measure, Problem
from desktop_app.cli.main import main
from desktop_app.rectification import checks, ledgers

DEFINITION = """\
number = 40
title = "涉案财物保管"
cues = ["涉案财物", "物证室"]

[register.store]
title = "保管室"
shown = "{name}"
[register.store.field]
name = { text = "名称", required = true, unique = true, listed = true }
level = { choice = "等级", of = ["一级", "二级"], listed = true }
opened = { day = "启用日期" }

[register.item]
title = "涉案财物"
shown = "{name}"
closing = "returned"
[register.item.field]
name = { text = "名称", required = true, listed = true }
store = { ref = "保管室", to = "store", listed = true }
value = { money = "价值", listed = true }
taken = { day = "入库日期", required = true, listed = true }
returned = { day = "发还日期" }
way = { choice = "保管方式", of = ["普通保管", "专柜保管", "银行保管"], listed = true }
holder = { text = "持有人代码", publicity = "secret" }

[register.count]
title = "盘点"
[register.count.field]
store = { ref = "保管室", to = "store", required = true, listed = true }
month = { month = "月份", required = true, listed = true }
counted = { day = "盘点日期", listed = true }

[[table.way]]
below = "1万"
is = "普通保管"
[[table.way]]
least = "1万"
most = "10万"
is = ["专柜保管", "银行保管"]
basis = "涉案财物管理规定"
[[table.way]]
above = "10万"
is = "银行保管"
basis = "涉案财物管理规定"

[indicator.items]
title = "入库财物数"
unit = "件"
count = "item"
on = "taken"
[indicator.back]
title = "发还财物数"
unit = "件"
count = "item"
where = { returned = { filled = true } }
on = "taken"
[indicator.rate]
title = "发还率"
unit = "%"
ratio = { of = "back", to = "items", times = 100 }
places = 1
nature = "rate"

[rule.way]
title = "保管方式与价值相符"
register = "item"
band = { table = "way", amount = "value", actual = "way" }
basis = "涉案财物管理规定"
advice = "按价值改用规定的保管方式"
[rule.monthly]
title = "每月盘点每个保管室"
register = "count"
obligation = { every = "month", on = "month", by = "store", begins = "opened" }
advice = "补做盘点并登记"
[rule.order]
title = "发还不早于入库"
register = "item"
hard = true
order = ["taken", "returned"]
"""


class Desk:
    """Runs commands on a ledger; keeps what they print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.ledger, self._capsys = folder, folder / "甲.zgl", capsys
        self.code, self.out, self.err = 0, "", ""

    def __call__(self, command: str, *words: object) -> Desk:
        self._capsys.readouterr()
        self.code = main([command, str(self.ledger), *(str(one) for one in words)])
        self.out, self.err = self._capsys.readouterr()
        return self

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def rows(self, register: str, text: str) -> None:
        file = self.folder / f"{register}.csv"
        file.write_text(text, encoding="utf-8")
        assert self("rows", f"evidence_room.{register}", "--import", file).code == 0, self.out + self.err


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    made = Desk(tmp_path, capsys)
    made("new", "--unit", "某市公安局东山分局")
    file = tmp_path / "evidence_room.toml"
    file.write_text(DEFINITION, encoding="utf-8")
    assert made("categories", "--import", file).code == 0
    made.rows("store", "名称,等级,启用日期\n一号室,一级,2021-06-01\n二号室,二级,2021-08-15\n")
    made.rows(
        "item",
        "名称,保管室,价值,入库日期,发还日期,保管方式\n"
        "手机,一号室,3000,2021-07-02,2021-08-01,普通保管\n"
        "金条,一号室,10万,2021-07-05,,专柜保管\n"
        "名表,二号室,10.01万,2021-09-01,,专柜保管\n",
    )
    made.rows(
        "count",
        "保管室,月份,盘点日期\n一号室,2021-06,2021-06-30\n一号室,2021-07,2021-07-30\n二号室,2021-08,2021-08-31\n",
    )
    return made


def test_a_slip_in_the_file_is_refused_and_the_same_file_again_changes_nothing(desk: Desk) -> None:
    file = desk.folder / "evidence_room.toml"
    assert "没有改动" in desk("categories", "--import", file).out
    file.write_text(DEFINITION.replace('of = "back"', 'of = "bakc"'), encoding="utf-8")
    assert desk("categories", "--import", file).code == 2
    assert "evidence_room.toml 第" in desk.err
    assert "bakc" in desk.err


def test_it_is_listed_told_and_given_out_again(desk: Desk) -> None:
    assert "evidence_room.item  涉案财物" in desk("categories").out
    assert "每月盘点每个保管室" in desk("categories", "--help-of", "涉案财物保管").out
    out = desk.folder / "out.toml"
    assert desk("categories", "--export", "涉案财物保管", "-o", out).code == 0
    assert "[register.item.field]" in out.read_text(encoding="utf-8")


def test_its_rules_find_what_is_wrong_and_nothing_else(desk: Desk) -> None:
    with closing(ledgers.open_ledger(desk.ledger)) as ledger:
        found = [one for one in checks.findings(ledger, date(2021, 9, 20)) if one.rule.startswith("evidence_room.")]
    told = {one.rule: one.sentence for one in found}
    assert set(told) == {"evidence_room.way", "evidence_room.monthly"}
    assert len(found) == 2, "exactly 10万 may lie in a locker; only what is above it may not"
    assert "名表" in told["evidence_room.way"]
    assert "银行保管" in told["evidence_room.way"]
    assert "8月" in told["evidence_room.monthly"]
    assert "一号室" in told["evidence_room.monthly"]


def test_a_row_a_hard_rule_forbids_is_refused(desk: Desk) -> None:
    bad = desk.folder / "bad.csv"
    bad.write_text("名称,入库日期,发还日期\n车,2021-09-02,2021-09-01\n", encoding="utf-8")
    assert desk("rows", "evidence_room.item", "--import", bad).code != 0
    assert "发还不早于入库" in desk.out + desk.err


def test_its_indicators_are_reckoned(desk: Desk) -> None:
    told = desk("indicators", "--category", "涉案财物保管", "--period", "2021年", "--as-of", "2021-12-31")
    assert told.code == 0, told.err
    assert "33.3%" in told.out
    assert "3件" in told.out


def test_it_travels_with_the_ledger_and_its_rows_too(desk: Desk, tmp_path: Path) -> None:
    main(["new", str(tmp_path / "乙.zgl"), "--unit", "某市公安局西山分局"])
    with closing(ledgers.open_ledger(desk.ledger)) as one, closing(ledgers.open_ledger(tmp_path / "乙.zgl")) as other:
        other.merge(history.changes(one))
        assert "evidence_room" in other.definitions
        assert _names(other) == {"手机", "金条", "名表"}
        one.merge(history.changes(other))
        assert _names(one) == {"手机", "金条", "名表"}


def _names(ledger: Ledger) -> set[str]:
    return {row.name for row in ledger.every("evidence_room.item")}  # type: ignore[attr-defined]


def test_its_figures_are_printed_in_a_notice(desk: Desk) -> None:
    with closing(ledgers.open_ledger(desk.ledger)) as ledger:
        unit = ledgers.own_unit(ledger, ledger)
        assert unit is not None
        ledger.act(
            Deed(
                "录入问题",
                "王",
                (
                    create(
                        Problem,
                        "p",
                        unit=unit.id,
                        number=1,
                        title="涉案财物保管不严",
                        category="category-evidence_room",
                    ),
                    create(
                        Measure,
                        problem="p",
                        position=1,
                        body="今年入库{入库财物数}，发还{发还财物数}，发还率{发还率}。",
                    ),
                ),
            )
        )
    paper = desk.folder / "通报.txt"
    assert desk("notice", "-o", paper, "--as-of", "2099-12-31").code in (0, 1), desk.err
    words = "".join(paper.read_text(encoding="utf-8").split())
    assert "入库3件，发还1件，发还率33.3%。" in words
