"""Definitions in words: every shipped category has a page of the manual without a word of code in it."""

from __future__ import annotations

import re

import pytest

from db.schema.definition import CategoryDefinition
from db.schema.definition.toml import read_words
from desktop_app.rectification import categories, category_help, telling

WORDS = """\
title = "公务车辆"
[register.vehicle]
title = "车辆"
[register.vehicle.field]
plate = { text = "车牌号", unique = true, publicity = "secret" }
norm = { number = "核定油耗", unit = "L/100km", most = 40 }
state = { choice = "状态", of = ["在用", "停用"] }
bought = { day = "购置日期" }
price = { money = "价格" }
[register.refuel]
title = "加油"
closing = "checked"
[register.refuel.field]
vehicle = { ref = "车辆", to = "vehicle" }
date = { day = "日期" }
checked = { day = "核对日期" }
litres = { number = "加油量" }
cost = { money = "金额" }
rest = { computed = "差额", minus = ["vehicle.price", "cost"] }
[indicator.n]
title = "大额加油次数"
count = "refuel"
on = "date"
where = { cost = { above = "5万" }, any = [{ vehicle.state = "在用" }, { date = { below = "2021-07-01" } }] }
[indicator.all]
title = "加油次数"
count = "refuel"
[indicator.share]
title = "大额占比"
ratio = { of = "n", to = "all", times = 100 }
[indicator.rise]
title = "占比变化"
change = { of = "share", against = "same_last_year", as = "points" }
[rule.publish]
title = "每月登记"
register = "refuel"
obligation = { every = "month", on = "date", by = "vehicle", begins = "bought", owes = { state = "在用" } }
"""
CATEGORY: CategoryDefinition = read_words("cars", WORDS, "cars.toml")


def test_an_indicator_is_told_by_what_it_counts() -> None:
    told = telling.indicator(CATEGORY, CATEGORY.indicators["n"])
    assert told == (
        "“加油”里（车辆的状态是“在用”，或者日期早于2021-07-01），且金额大于5万元的行，数行数，按日期归入期间"
    )
    assert telling.indicator(CATEGORY, CATEGORY.indicators["share"]) == "“大额加油次数”÷“加油次数”×100%"
    assert telling.indicator(CATEGORY, CATEGORY.indicators["rise"]) == "“大额占比”较去年同期变化的百分点"


def test_a_rule_is_told_with_the_labels_of_its_subject() -> None:
    told = telling.rule(CATEGORY, CATEGORY.rules["publish"])
    assert "每：每月" in told
    assert "车辆的购置日期" in told
    assert "车辆的状态是“在用”" in told


def test_a_page_tells_fields_with_their_marks() -> None:
    page = category_help.page(CATEGORY)
    assert "- **车牌号**：一行文字；不重复、不公开" in page
    assert "- **核定油耗**：数字（可有小数）（L/100km），不大于40" in page
    assert "- **差额**：自动算出：车辆的价格－金额" in page
    assert "填了“核对日期”的行才算销号" in page
    assert "单位" not in page, "what every register has is not told again"


@pytest.mark.parametrize("one", categories.definitions(), ids=lambda d: d.key)
def test_every_category_has_a_page_in_chinese(one: CategoryDefinition) -> None:
    page = category_help.page(one)
    assert page.startswith(f"# {one.title}\\n".replace("\\n", "\n"))
    for register in one.registers.values():
        assert f"## {register.title}" in page
    keys = {*one.indicators, *one.rules, *one.registers} - {"other"}
    bare = re.sub(r"格式：[^；]*；", "", page)
    assert [key for key in keys if re.search(rf"(?<![A-Za-z0-9_]){key}(?![A-Za-z0-9_])", bare) and "_" in key] == []
