"""A definition may come from anybody: with a merged ledger, on a stick, from a damaged file. Whatever it holds, reading it ends soon,
never raises anything but a refusal, and keeps what is withheld withheld."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import Refusal
from db.schema.definition import Change, loaded
from db.schema.definition.bounds import HEIGHT, LATEST, MOST, STEPS, WEIGHT
from db.schema.definition.ordering import ordered
from db.schema.definition.patterns import checked
from db.schema.definition.toml import read_words
from db.schema.definition.wrong import Wrong

VEHICLE: dict[str, Any] = {"title": "车辆", "field": {"norm": {"number": "油耗"}, "plate": {"text": "车牌"}}}


def vehicle(**fields: Any) -> dict[str, Any]:
    return {"title": "公务车辆", "register": {"vehicle": {**VEHICLE, "field": {**VEHICLE["field"], **fields}}}}


def nested(times: int, around: Any, inner: Any) -> Any:
    for _ in range(times):
        inner = around(inner)
    return inner


def told(body: dict[str, Any], *changes: Change) -> list[str]:
    found, said = loaded("cars", body, changes)  # what ran away here would never come back
    found.schemas()
    return list(said)


TERM = nested(5_000, lambda t: {"plus": [t, "norm"]}, "norm")
WHERE = nested(5_000, lambda c: {"any": [c]}, {"norm": 1})
CHAIN = {f"i{n}": {"title": f"第 {n} 层", "change": {"of": f"i{n + 1}", "against": "previous"}} for n in range(400)}
FAN = {f"i{n}": {"title": f"第 {n} 层", "ratio": {"of": f"i{n + 1}", "to": f"i{n + 1}"}} for n in range(9)}
COUNT = {"title": "车辆数", "count": "vehicle"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (vehicle(**{f"f{n}": {"text": "甲"} for n in range(5_000)}), f"最多 {MOST['field']} 个"),
        ({"register": {f"r{n}": VEHICLE for n in range(2_000)}}, f"最多 {MOST['register']} 个"),
        ({**vehicle(), "indicator": {f"i{n}": COUNT for n in range(3_000)}}, f"最多 {MOST['indicator']} 个"),
        ({**vehicle(), "indicator": {**CHAIN, "i400": COUNT}}, f"最多 {HEIGHT} 层"),
        ({**vehicle(), "indicator": {**FAN, "i9": COUNT}}, f"{WEIGHT} 个"),
        (vehicle(a={"computed": "甲", "plus": ["norm", TERM]}), "套得太深"),
        ({**vehicle(), "indicator": {"i": {**COUNT, "where": WHERE}}}, "套得太深"),
        ({**vehicle(), "help": nested(5_000, lambda x: [x], "")}, "套得太深"),
        (vehicle(a={"whole": "甲", "least": 10**4000}), "最多 18 位"),
        (vehicle(a={"number": "甲", "least": float("inf")}), "最多 18 位"),
        (vehicle(a={"number": "甲", "least": float("nan")}), "最多 18 位"),
        (vehicle(a={"number": "甲", "least": "1e999"}), "要写数字"),
        (vehicle(a={"number": "甲", "least": 3, "most": 2}), "比最大值"),
        (vehicle(a={"text": "甲", "longest": -5}), "1 至 200000"),
        (vehicle(a={"computed": "甲", "plus": ["norm", 1], "places": 10**9}), "0 至 9"),
        (vehicle(a={"text": "长" * 10_000}), "个字"),
        (vehicle(a={"text": "车\u202e牌"}), "不能打印"),
        (vehicle(a={"choice": "甲", "of": [f"选{n}" for n in range(50_000)]}), "最多 500 项"),
        (vehicle(a={"choice": "甲", "of": [["乙"], {"丙": 1}]}), "一组文字"),
        (vehicle(a={"text": "甲", "default": "a" * 30 + "!", "pattern": "(a+)+$"}), "太复杂"),
        (vehicle(a={"text": "甲", "pattern": "a{99999999999999999999}"}), "不能用的写法"),
        (vehicle(a={"text": "甲", "publicity": []}), "公开级别"),
        (vehicle(rowid={"text": "甲"}), "程序自己的"),
        (vehicle(norm__number={"text": "甲"}), "两个连着的下划线"),
        (vehicle(SELECT={"text": "甲"}), "代号“SELECT”不能用"),
        (vehicle(a={"whole": "甲", "default": "很多"}), "要填整数"),
        ({**vehicle(), "table": {"t": [{"is": "甲", "valid_from": "0000-00-00"}]}}, "没有“0000-00-00”这一天"),
        ({"register": {"vehicle": {**VEHICLE, "shown": "{{plate}} {}{norm.x}{"}}}, "不是登记表"),
        ({"version": 10**30}, "最多 18 位"),
        ({"cues": ["甲"] * 100_000}, "最多 1000 项"),
    ],
)  # fmt: skip
def test_what_goes_too_far_is_left_out_and_told(body: dict[str, Any], said: str) -> None:
    found = told(body)
    assert any(said in one for one in found), found
    assert all(len(one) < 400 and "\u202e" not in one for one in found)


def test_a_computed_field_comes_down_to_so_many_values() -> None:
    """Each doubles the one below: the fortieth is a thousand billion values."""
    fields = {f"c{n}": {"computed": "翻倍", "plus": [f"c{n + 1}", f"c{n + 1}"]} for n in range(40)}
    found = told(vehicle(**fields, c40={"computed": "翻倍", "plus": ["norm", "norm"]}))
    assert any(f"最多 {WEIGHT} 项" in one for one in found)


def test_references_in_a_long_circle_are_followed_a_few_steps() -> None:
    circle = {
        "vehicle": {
            "title": "车辆",
            "field": {"norm": {"number": "油耗"}, "keeper": {"ref": "保管人", "to": "keeper"}},
        },
        "keeper": {"title": "保管人", "field": {"name": {"text": "姓名"}, "vehicle": {"ref": "车", "to": "vehicle"}}},
    }
    for steps in (STEPS - 1, STEPS, 10_000):
        path = ".".join([*(("keeper", "vehicle") * steps)[: steps // 2 * 2], "norm"])
        body = {"register": circle, "indicator": {"i": {**COUNT, "where": {path: 1}}}}
        assert bool(told(body)) == (path.count(".") + 1 > STEPS)


@pytest.mark.parametrize("part", ["register", "field", "indicator", "rule", "table", "passage", "title", "", "help"])
@pytest.mark.parametrize("raw", [[1, 2], "甲", 7, None, {"a": 1}, {"field": [1]}, {"field": "abc"}, {"rows": 3}])
def test_an_amendment_never_stands_in_the_way(part: str, raw: Any) -> None:
    bodies: list[Any] = [
        vehicle(),
        {},
        {part: raw},
        {"register": {"vehicle": raw}},
        {"register": {"vehicle": {"title": "车辆", "field": raw}}},
        {"register": {"vehicle": {"title": "车辆", "field": {"x": raw}}}},
    ]
    body = raw if isinstance(raw, dict) else None
    for one in bodies:
        for retired in (False, True):
            told(one, Change(part, "vehicle", "x", body, retired), Change("register", "", "vehicle", body, retired))


def test_an_amendment_adds_to_a_register_and_takes_no_field_away() -> None:
    other = {"title": "别的表", "field": {"name": {"text": "名称"}}}
    found, said = loaded("cars", vehicle(), [Change("register", "", "vehicle", other)])
    assert said == ()
    assert found.registers["vehicle"].title == "别的表"
    assert [one.name for one in found.registers["vehicle"].fields][:3] == ["norm", "plate", "name"]


def test_an_amendment_for_a_register_that_is_not_there_is_told() -> None:
    assert told(vehicle(), Change("field", "boat", "name", {"text": "船名"})) == [
        "类别“公务车辆”的定义里，登记表“boat”的字段“name”不能用：定义里没有“boat”这个登记表，这项改动没有用上。"
    ]


def test_no_amendment_makes_public_what_the_definition_withholds() -> None:
    body = vehicle(code={"text": "枪号", "publicity": "secret"}, who={"text": "姓名", "publicity": "internal"})
    body["register"]["vehicle"]["publicity"] = "internal"
    changes = [
        Change("field", "vehicle", "code", {"text": "枪号", "publicity": "public"}),
        Change("field", "vehicle", "who", {"text": "姓名", "publicity": "secret"}),
        Change("field", "vehicle", "norm", {"number": "油耗"}),
        Change("register", "", "vehicle", {"title": "车辆", "publicity": "public"}),
    ]
    found, said = loaded("cars", body, changes)
    levels = {one.name: one.kind.publicity for one in found.registers["vehicle"].fields}
    assert levels["code"] == "secret"
    assert levels["who"] == "secret", "stricter is for every office to say"
    assert levels["norm"] == "internal"
    assert found.registers["vehicle"].publicity == "internal"
    assert sum("只能更严" in one for one in said) == 2


def test_what_is_reckoned_is_no_less_withheld_than_what_it_is_reckoned_from() -> None:
    pay = {"money": "工资", "publicity": "secret"}
    body = vehicle(
        pay=pay,
        twice={"computed": "两倍", "plus": ["pay", "pay"]},
        more={"computed": "四倍", "plus": ["twice", "twice"]},
        plain={"computed": "油耗两倍", "plus": ["norm", "norm"]},
    )
    found, said = loaded("cars", body)
    assert said == ()
    levels = {one.name: one.publicity for one in found.registers["vehicle"].computed}
    assert levels == {"twice": "secret", "more": "secret", "plain": "public"}


def test_what_rests_on_a_retired_field_is_left_out_with_its_titles() -> None:
    body = {
        **vehicle(rate={"computed": "折算", "times": ["norm", 2]}),
        "indicator": {
            "total": {"title": "折算合计", "sum": {"register": "vehicle", "field": "rate"}},
            "share": {"title": "占比", "ratio": {"of": "total", "to": "count"}},
            "count": COUNT,
        },
        "rule": {"r": {"title": "油耗上限", "register": "vehicle", "range": {"field": "norm", "most": 30}}},
        "passage": [{"text": "共有{count}。"}, {"text": "占{share}。"}],
    }
    found, said = loaded("cars", body, [Change("field", "vehicle", "norm", None, True)])
    assert set(found.indicators) == {"count"}
    assert not found.rules
    assert len(found.passages) == 1
    reason = "用到已停用的“车辆”的字段“油耗”，所以不再使用。"
    assert f"类别“公务车辆”的定义里，规则“油耗上限”不能用：{reason}" in said
    assert f"类别“公务车辆”的定义里，指标“折算合计”不能用：{reason}" in said
    whole, _said = loaded("cars", body, [Change("register", "", "vehicle", None, True)])
    assert not whole.rules
    assert not whole.indicators


@pytest.mark.parametrize(
    "words",
    [
        "a=" + "[" * 20_000 + "]" * 20_000,
        "[" + ".".join(["a"] * 5_000) + "]",
        ".".join(["a"] * 3_000) + "=1",
        "a=" + "{a=" * 900 + "1" + "}" * 900,
        "version=" + "9" * 5_000,
        "version=" + "9" * 4_000,
        f"version={LATEST + 1}",
        "version=inf",
        "help=10:00:00",
        'title="车"',
        "[" * 990_000,
        'help="' + "长" * 300_000 + '"',
    ],
)  # fmt: skip
def test_a_file_made_to_hurt_is_refused_in_a_sentence(words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_words("cars", 'title="车"\n' + words, "cars.toml")
    assert "cars.toml" in refused.value.sentence
    assert len(refused.value.sentence) < 200
    assert refused.value.advice


GOOD = [r"[一-龥][A-Z][A-Z0-9]{4,6}[警A-Z0-9]?", r"\d{1,3}(,\d{3})*", r"(A|B|C)\d{8}", r"((\d{4})年)?第\d+号", "^a.b$",
        r"[\]\-a]+", ".*x.*", "(ab|cd){2,8}"]  # fmt: skip
BAD = ["(a+)+$", "(a|a)*b", "(a|aa)+", "a*a*a*b", "(a?){50}a{50}", "(?:(?:a*)*)*", "a+" * 60, "(" * 60, "a)", "[", "(?=a)b",
       r"(a)\1", "(?i)a", "a**", "x{3,1}", "[[a]", "a" * 201]  # fmt: skip


@pytest.mark.parametrize("pattern", GOOD)
def test_a_plain_pattern_is_let_pass(pattern: str) -> None:
    checked(pattern, 500)


@pytest.mark.parametrize("pattern", BAD)
def test_a_pattern_that_could_take_minutes_is_refused(pattern: str) -> None:
    with pytest.raises(Wrong):
        checked(pattern, 500)


_PIECES = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", r"\d", "", "a?", "a*", "b+", "a{2,5}"]),
    lambda below: st.builds(
        lambda one, other, form: form.format(one, other),
        below,
        below,
        st.sampled_from(["{}{}", "({}|{})", "({}{})*", "(?:{}{}){{1,3}}", "({})?{}", "({}|{})+"]),
    ),
    max_leaves=8,
)


@given(_PIECES, st.text("ab1", max_size=60))
def test_a_pattern_let_pass_comes_to_an_end_on_any_text(pattern: str, text: str) -> None:
    try:
        checked(pattern, 60)
    except Wrong:
        return
    for whole in (text + "!", "a" * 59 + "!"):  # one that backtracked without end would never come back
        found = re.fullmatch(pattern, whole)
        assert found is None or found[0] == whole


@given(st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 12), max_size=4)))
def test_the_order_of_reading_puts_needs_first(needs: dict[int, set[int]]) -> None:
    first, circle = ordered(needs)
    assert sorted([*first, *circle]) == sorted(needs)
    for at, key in enumerate(first):
        assert needs[key] & needs.keys() <= set(first[:at])
    left = set(circle)
    assert all(needs[key] & left for key in circle)
