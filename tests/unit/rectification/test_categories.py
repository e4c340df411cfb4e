"""Categories: the files load, slips in them are named, ledgers get them once, texts are recognised by their cues."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger.change import Deed, delete, edit
from db.ledger.ledger import Ledger
from db.schema.records import Category
from db.store.replica import Installation
from desktop_app.rectification import categories

GOOD = 'number = 1\ntitle = "甲"\ncues = ["油耗"]\n'


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))


def records() -> list[Category]:
    return [
        Category(id=categories.record_id(d.key), number=d.number, title=d.title, cues=d.cues)
        for d in categories.definitions()
    ]


def test_there_is_a_file_for_every_category_of_the_seed_and_one_for_the_rest() -> None:
    found = categories.definitions()
    assert [d.number for d in found] == list(range(1, len(found) + 1))
    assert {"追赃挽损", "查办案件", "执法不规范", "辅警队伍", "私车公养", "其他问题"} <= {d.title for d in found}
    assert sum(len(d.cues) >= 5 for d in found) >= 10


def test_a_ledger_gets_each_category_once_and_keeps_what_a_clerk_did_to_it(ledger: Ledger) -> None:
    ledger.act(Deed("类别", "王", categories.edits(ledger)))
    assert ledger.count(Category) == len(categories.definitions())
    vehicles = ledger.get(Category, "category-official_vehicles")
    other = ledger.get(Category, "category-other")
    assert vehicles is not None
    assert other is not None
    ledger.act(Deed("改", "王", (edit(vehicles, title="公车"), delete(other))))
    assert categories.edits(ledger) == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("关于“私车公养问题突出”问题的整改。", "official_vehicles"),
        ("推进执法规范化建设抓而不实", "enforcement_standards"),
        ("执法不规范问题较多", "enforcement"),
        ("辅警队伍教育管理宽松散", "auxiliary_police"),
        ("干警队伍建设存在薄弱环节", "personnel"),
        ("查办案件尚有不足", "case_handling"),
        ("工程建设和服务采购招标不规范", "procurement"),
        ("保证金超期未发还", "deposits"),
        ("公车管理不严", "official_vehicles"),
        ("追赃挽损力度不够", "asset_recovery"),
        ("涉众型经济案件化解不力", "economic_disputes"),
        ("编外人员底数不清\n逐人核对劳务派遣合同，按月考核。", "auxiliary_police"),
        ("学习不够深入", None),
        ("", None),
        ("采购辅警", None),
    ],
)
def test_a_text_is_recognised_by_its_cues(text: str, key: str | None) -> None:
    assert categories.recognise(text, records()) == (f"category-{key}" if key else None)


def test_the_heading_outweighs_the_body() -> None:
    text = "辅警管理不到位\n梳理采购、招标、验收记录，清查油卡。"
    assert categories.recognise(text, records()) == "category-auxiliary_police"


def test_a_longer_cue_hides_the_shorter_ones_inside_it() -> None:
    pair = [Category(id="a", cues=("管理中心",)), Category(id="b", cues=("办案管理中心",))]
    assert categories.recognise("办案管理中心", pair) == "b"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (GOOD + 'titel = "乙"\n', "第 4 行“titel”：有不认识的项“titel”"),
        ('number = 1\ntitle = "甲\ncues = []\n', "第 2 行"),
        ('number = "1"\ntitle = "甲"\ncues = []\n', "第 1 行“number”"),
        ('number = 0\ntitle = "甲"\ncues = []\n', "第 1 行“number”"),
        ('number = 1\ntitle = ""\ncues = []\n', "第 2 行“title”"),
        ("number = 1\ntitle = 3\ncues = []\n", "第 2 行“title”"),
        ('number = 1\ntitle = "甲"\ncues = "油"\n', "第 3 行“cues”"),
        ('number = 1\ntitle = "甲"\ncues = [1]\n', "第 3 行“cues”"),
        ('number = 1\ntitle = "甲"\ncues = ["油", "油"]\n', "第 3 行“cues”"),
        ('number = 1\ntitle = "甲"\ncues = ["油；耗"]\n', "第 3 行“cues”"),
    ],
)
def test_a_slip_in_a_definition_is_named_with_its_place(tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "one.toml").write_text(words, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        categories.definitions(tmp_path)
    assert said in refused.value.sentence
    assert "one.toml" in refused.value.sentence
    assert refused.value.advice


def test_folders_and_files_that_are_no_definitions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="没有找到"):
        categories.definitions(tmp_path / "absent")
    (tmp_path / "Bad-Name.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(Refusal, match="文件名"):
        categories.definitions(tmp_path)
    (tmp_path / "Bad-Name.toml").rename(tmp_path / "one.toml")
    (tmp_path / "two.toml").write_text(GOOD.replace("甲", "乙"), encoding="utf-8")
    with pytest.raises(Refusal, match=r"two.toml 的 number 与 one.toml 相同"):
        categories.definitions(tmp_path)
    (tmp_path / "two.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Refusal, match="UTF-8"):
        categories.definitions(tmp_path)
