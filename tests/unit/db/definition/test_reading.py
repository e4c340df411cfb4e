"""Definitions are read strictly: whatever is not right is refused by file, line and key, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from definition_words import GOOD

from db.errors import Refusal
from db.schema.definition import CategoryDefinition
from db.schema.definition.toml import LARGEST, line_of, read_file, read_words


def read(words: str) -> CategoryDefinition:
    return read_words("cars", words, "cars.toml")


def test_a_definition_gives_registers_indicators_rules_and_sentences() -> None:
    found = read(GOOD)
    assert [s.name for s in found.schemas()] == ["cars.vehicle", "cars.refuel"]
    vehicle, refuel = found.schemas()
    assert [f.name for f in vehicle.fields][-4:] == ["unit", "problem", "publicity", "remark"]
    assert vehicle.field("state").kind.parse("停用") == "idle"
    assert refuel.field("vehicle").kind.to == "cars.vehicle"  # type: ignore[attr-defined]
    assert refuel.field("officer").kind.to == "person"  # type: ignore[attr-defined]
    assert refuel.field("litres").kind.publicity == "internal", "a field is no less withheld than its register"
    assert [c.name for c in found.registers["refuel"].computed] == ["rate", "over"]
    assert found.indicators["consumption"].needs() == ("litres", "km")
    assert found.scope.indicators["consumption"] == "refuel"
    assert set(found.rules) == {"norm", "price"}


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ('unit = "L/100km"', 'einheit = "L/100km"', 11, "没有“einheit”这个选项"),
        ("least = 0", 'least = "viel"', 11, "要写数字"),
        ("plate = { text", "plate = { texte", 10, "要说明是哪一种"),
        ('text = "车牌号"', 'text = "车牌号", day = "日期"', 10, "现在写了 2 种"),
        ("required = true, unique", 'required = "ja", unique', 10, "true 或 false"),
        ("plate = { text", "Plate = { text", 10, "代号“Plate”不能用"),
        ("bought = { day", "unit = { day", 13, "它是程序自己的"),
        ('default = "在用"', 'default = "报废"', 12, "没有“报废”这一项"),
        ('idle = "停用"', 'idle = "在用"', 12, "重复的选项"),
        ('to = "vehicle", required', 'to = "vehicles", required', 20, "引用的“vehicles”不存在"),
        ('order = ["plate"]', 'order = ["plat"]', 5, "没有“plat”这个字段"),
        ('shown = "{plate}"', 'shown = "{plat}"', 7, "“plat”不是登记表"),
        ('publicity = "internal"', 'publicity = "open"', 18, "没有“open”这种公开级别"),
        ("[register.refuel]\ntitle", "[register.notice]\ntitle", 16, "它是程序自己的"),
        ('{ over = ["litres", "km"] }', '{ over = ["litres", "kn"] }', 24, "“kn”不是字段"),
        ('{ over = ["litres", "km"] }', '{ over = ["litres"] }', 24, "“相除”要有 2 个项"),
        ('{ over = ["litres", "km"] }', '{ root = ["litres", "km"] }', 24, "没有“root”这种运算"),
        ('minus = ["rate", "vehicle.norm"]', 'minus = ["rate", "vehicle.bought"]', 25, "不能用于这样的项"),
        ('minus = ["rate", "vehicle.norm"]', 'minus = ["over", "vehicle.norm"]', 25, "成了圈"),
        ('above = "5万"', 'ueber = "5万"', 30, "有不认识的项“ueber”"),
        ('field = "litres" }', 'field = "date" }', 36, "类型不合适"),
        (
            'register = "refuel", field = "litres"',
            'register = "refuels", field = "litres"',
            36,
            "没有“refuels”这个登记表",
        ),
        ('vehicle.state = "在用"', 'vehicle.state = "报废"', 38, "没有“报废”这一项"),
        ("rate = { above = 3 }", "rate = { more = 3 }", 38, "没有“more”这种要求"),
        ("rate = { above = 3 }", 'rate = { above = "date" }', 38, "不能与这样的值比大小"),
        ('of = "litres", to = "km"', 'of = "litres", to = "consumption"', 47, "成了圈"),
        ('on = "date"\n\n[indicator.c', 'on = "litres"\n\n[indicator.c', 43, "类型不合适"),
        ('title = "里程"\nsum', 'title = "里程"\ncount = "refuel"\nsum', 40, "只写一种算法"),
        ('register = "refuel"\nrange', 'register = "refuels"\nrange', 51, "没有“refuels”这个登记表"),
        ("most = { times", "mosst = { times", 52, "有不认识的项“mosst”"),
        ('field = "price", most = { money = "30万" }', 'field = "price", most = "date"', 59, "要填金额"),
        ('money = "30万"', 'money = "三十万"', 59, "金额"),
        ("hard = true\nrange", "hard = true\nrenge", 55, "只写一种检查"),
        ("{consumption}", "{verbrauch}", 62, "“verbrauch”不是指标"),
        ("number = 3", "number = 0", 1, "不小于 1"),
        ('cues = ["油耗"]', 'cues = ["油耗", "油耗"]', 3, "每个写一次"),
        ('[register.vehicle]\ntitle = "车辆"', "[register.vehicle]", 5, "缺少“title”"),
        ('title = "车辆"', 'title = "车辆"\ntable = 3', 7, "有不认识的项“table”"),
    ],
)
def test_a_slip_is_refused_at_its_line_with_what_to_do(before: str, after: str, line: int, said: str) -> None:
    assert GOOD.count(before) >= 1
    with pytest.raises(Refusal) as refused:
        read(GOOD.replace(before, after, 1))
    assert f"cars.toml 第 {line} 行" in refused.value.sentence, refused.value.sentence
    assert said in refused.value.sentence + refused.value.advice, refused.value.sentence
    assert refused.value.advice


def test_a_bound_of_another_sort_and_a_hard_rule_over_many_rows_are_refused() -> None:
    hard = GOOD + '\n[rule.each]\ntitle = "编号"\nregister = "vehicle"\nhard = true\ncontinuous = { field = "norm" }\n'
    with pytest.raises(Refusal, match="不能用来拒绝保存"):
        read(hard)
    two_ends = GOOD + '\n[rule.d]\ntitle = "期限"\nregister = "refuel"\ndue = { start = "date" }\n'
    with pytest.raises(Refusal, match="days 或 months"):
        read(two_ends)
    aim = GOOD + '\n[rule.t]\ntitle = "目标"\ntarget = { of = "consumption" }\n'
    with pytest.raises(Refusal, match="least 或 most"):
        read(aim)


def test_owners_in_a_circle_are_refused() -> None:
    words = GOOD.replace(
        "bought = { day", 'last = { ref = "最近加油", to = "refuel", owner = true }\nbought = { day'
    ).replace('to = "vehicle", required', 'to = "vehicle", owner = true, required')
    with pytest.raises(Refusal, match="成了圈"):
        read(words)


def test_files_that_are_no_definitions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="读不出"):
        read_file(tmp_path / "absent.toml")
    large = tmp_path / "large.toml"
    large.write_text("#" * (LARGEST + 1), encoding="utf-8")
    with pytest.raises(Refusal, match="太大"):
        read_file(large)
    marked = tmp_path / "marked.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_file(marked).title == "公务车辆"


def test_a_line_is_found_for_keys_tables_and_lists() -> None:
    assert line_of(GOOD, ("register", "refuel", "field", "litres", "least")) == 22
    assert line_of(GOOD, ("table", "method", 0, "above")) == 30
    assert line_of(GOOD, ("indicator", "km")) == 40
    assert line_of(GOOD, ("nowhere",)) == 1
