"""Categories made and changed without a programmer: pieces are tried first, retired and never lost; files go in and out."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger.change import Deed, Edit
from db.ledger.ledger import Ledger
from db.schema.definition import Change
from db.schema.definition.toml import read_words
from desktop_app.rectification import designing, forms, ledgers


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setenv("ZHENGGAI_HOME", str(tmp_path / "home"))
    return ledgers.new_ledger(tmp_path / "台账.zgl", "某市公安局云汀分局", "王")


def filled(ledger: Ledger) -> str:
    """A category with one register and one row."""
    key = designing.new_category(ledger, "涉案财物管理", "王", ["涉案财物"])
    designing.put(
        ledger,
        key,
        [
            Change(
                "register", "", "item", {"title": "涉案财物", "field": {"name": {"text": "名称", "required": True}}}
            ),
            Change("field", "item", "value", {"money": "价值"}, position=1),
        ],
        "王",
    )
    ledger.act(Deed("登记", "王", (Edit(f"{key}.item", "i1", {"name": "手机", "value": 200_000}),)))
    return key


def test_a_category_of_ones_own_is_made_filled_and_extended(ledger: Ledger) -> None:
    key = filled(ledger)
    assert key == "she_an_cai_wu_guan_li"
    row = ledger.find(f"{key}.item", "i1")
    assert row is not None
    assert (row.name, row.value) == ("手机", 200_000)  # type: ignore[attr-defined]
    designing.put(ledger, key, [Change("field", "item", "place", {"choice": "存放", "of": ["库房", "银行"]})], "李")
    again = ledger.find(f"{key}.item", "i1")
    assert again is not None
    assert again.place is None  # type: ignore[attr-defined]
    assert again.value == 200_000, "a new field takes nothing away"  # type: ignore[attr-defined]
    designing.put(ledger, key, [Change("field", "item", "value", None, retired=True)], "李")
    assert ledger.schema(f"{key}.item").kinds()["value"].retired
    assert ledger.find(f"{key}.item", "i1").value == 200_000, "retired, not lost"  # type: ignore[union-attr]
    with pytest.raises(Refusal, match="已经有“涉案财物管理”"):
        designing.new_category(ledger, " 涉案财物管理 ", "李")


def test_what_does_not_fit_is_refused_and_nothing_is_kept(ledger: Ledger) -> None:
    key = filled(ledger)
    before = ledger.position()
    with pytest.raises(Refusal, match="不存在"):
        designing.put(ledger, key, [Change("field", "item", "car", {"ref": "车", "to": "car"})], "王")
    with pytest.raises(Refusal, match="没有“prise”这个字段"):
        designing.put(
            ledger,
            key,
            [Change("rule", "", "r", {"title": "价值", "register": "item", "range": {"field": "prise", "least": "1"}})],
            "王",
        )
    with pytest.raises(Refusal, match="有 1 行的“名称”按新的类型读不出来"):
        designing.put(ledger, key, [Change("field", "item", "name", {"whole": "名称"})], "王")
    assert ledger.position() == before
    assert not designing.trial(ledger, key)[1]


def test_a_definition_goes_out_as_a_file_and_in_again(ledger: Ledger, tmp_path: Path) -> None:
    key = filled(ledger)
    words = designing.export(ledger, key)
    definition = read_words(key, words, "x.toml")
    assert definition.title == "涉案财物管理"
    assert definition.cues == ("涉案财物",)
    assert next(iter(definition.registers["item"].fields)).kind.required
    other = ledgers.new_ledger(tmp_path / "乙.zgl", "某市公安局临湖分局", "赵")
    assert designing.take_file(other, key, words, "x.toml", "赵").taken == 2
    assert designing.take_file(other, key, words, "x.toml", "赵").taken == 0, "the same again changes nothing"
    assert f"{key}.item" in other.tables.records
    longer = words.replace("name  = { text", 'maker = { text = "厂家" }\nname  = { text')
    assert longer != words
    designing.take_file(other, key, longer, "x.toml", "赵")
    assert "maker" in other.schema(f"{key}.item").kinds()
    with pytest.raises(Refusal, match=r"y.toml 第 \d+ 行"):
        designing.take_file(other, key, words.replace("money", "gold"), "y.toml", "赵")
    with pytest.raises(Refusal, match="文件名不能用"):
        designing.take_file(other, "涉案", words, "涉案.toml", "赵")


def test_a_category_in_use_is_not_deleted(ledger: Ledger) -> None:
    key = filled(ledger)
    record = ledger.find("category", f"category-{key}")
    assert record is not None
    with pytest.raises(Refusal, match="已经有登记"):
        forms.remove(ledger, "category", record, "王")
    forms.remove(ledger, f"{key}.item", ledger.every(f"{key}.item")[0], "王")
    forms.remove(ledger, "category", record, "王")
    assert f"{key}.item" not in ledger.tables.records
    ledger.undo("王")
    assert f"{key}.item" in ledger.tables.records


def test_what_a_retired_field_takes_with_it_is_told_and_comes_back(ledger: Ledger) -> None:
    key = filled(ledger)
    total = {"title": "总价值", "sum": {"register": "item", "field": "value"}}
    limit = {"title": "价值上限", "register": "item", "range": {"field": "value", "most": "5万"}}
    said = {"title": "总值", "text": "共{total}。"}
    designing.put(
        ledger,
        key,
        [
            Change("indicator", "", "total", total),
            Change("rule", "", "limit", limit),
            Change("passage", "", "总值", said),
        ],
        "王",
    )
    gone = Change("field", "item", "value", None, retired=True)
    assert designing.stops(ledger, key, gone) == ("指标“总价值”", "规则“价值上限”", "语句“总值”")
    assert designing.stops(ledger, key, Change("field", "item", "name", None, retired=True)) == ()
    designing.put(ledger, key, [gone], "王")
    assert not ledger.definitions[key].indicators
    assert any("指标“总价值”不能用：用到已停用的" in one for one in ledger.vocabulary.troubles)
    designing.put(ledger, key, [designing.restored(ledger, key, "field", "item", "value")], "王")
    assert set(ledger.definitions[key].indicators) == {"total"}
    assert ledger.vocabulary.troubles == ()
    designing.put(ledger, key, [Change("rule", "", "limit", None, retired=True)], "王")
    assert designing.retired_pieces(ledger, key) == {("rule", "", "limit"): "价值上限"}
    designing.put(ledger, key, [designing.restored(ledger, key, "rule", "", "limit")], "王")
    assert set(ledger.definitions[key].rules) == {"limit"}


def test_fields_are_moved_and_stay_where_they_are_put(ledger: Ledger) -> None:
    key = filled(ledger)
    assert designing.moved(ledger, key, "item", "name", -1) is None
    change = designing.moved(ledger, key, "item", "value", -1)
    assert change is not None
    designing.put(ledger, key, [change], "王")
    assert [f.name for f in ledger.schema(f"{key}.item").fields][:2] == ["value", "name"]
    designing.put(ledger, key, [Change("register", "", "item", {"title": "物品"})], "王")
    assert ledger.schema(f"{key}.item").title == "物品"
    assert [f.name for f in ledger.schema(f"{key}.item").fields][:2] == ["value", "name"]
    definition = read_words(key, designing.export(ledger, key), "x.toml")
    assert [f.name for f in definition.registers["item"].fields][:2] == ["value", "name"]


def test_what_a_definition_withholds_is_not_let_out_by_the_designer(ledger: Ledger) -> None:
    withheld = [
        (d.key, r.key, f.name)
        for d in ledger.definitions.values()
        for r in d.registers.values()
        for f in r.fields
        if d.body["register"][r.key]["field"].get(f.name, {}).get("publicity")
    ]
    category, register, name = withheld[0]
    body = dict(ledger.definitions[category].body["register"][register]["field"][name])
    with pytest.raises(Refusal, match=r"^登记表“.*”的字段“.*”（公开级别）不能用：.*只能更严"):
        designing.put(ledger, category, [Change("field", register, name, {**body, "publicity": "public"})], "王")


def test_a_version_made_to_stay_for_ever_gives_way_to_a_file_somebody_takes_in(ledger: Ledger) -> None:
    key = filled(ledger)
    words = designing.export(ledger, key)
    edit = Edit(
        "definition",
        "definition-evil",
        {"category": f"category-{key}", "version": 10**17, "body": {"title": "别的", "register": []}},
    )
    ledger.act(Deed("合并", "外人", (edit,)))
    designing.take_file(ledger, key, words.replace("价值", "估价"), "x.toml", "王")
    assert ledger.find("definition", "definition-evil") is None
    assert designing.base_of(ledger, key).get("version", 1) < 100


def test_a_deleted_category_is_taken_in_again_from_its_file(ledger: Ledger, tmp_path: Path) -> None:
    words = designing.export(ledger, filled(ledger)).replace("涉案财物管理", "物证管理")
    other = ledgers.new_ledger(tmp_path / "丙.zgl", "某市公安局西山分局", "赵")
    designing.take_file(other, "evidence", words, "evidence.toml", "赵")
    record = other.find("category", "category-evidence")
    assert record is not None
    forms.remove(other, "category", record, "赵")
    assert "evidence.item" not in other.tables.records
    designing.take_file(other, "evidence", words, "evidence.toml", "赵")
    assert "evidence.item" in other.tables.records
