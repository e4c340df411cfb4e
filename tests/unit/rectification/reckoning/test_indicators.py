"""Indicators as they are printed, the figures of the seed among them (seed-reading 4.3, 4.4), and why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.errors import Refusal
from db.ledger.change import Deed, Edit, create
from db.ledger.ledger import Ledger
from db.schema.composite import Amount, Span
from db.schema.definition.toml import read_words
from db.schema.records import NamedPeriod, Unit
from db.store.replica import Installation
from desktop_app.rectification import categories
from desktop_app.rectification.reckoning import grouping
from desktop_app.rectification.reckoning.indicators import Reckoned, behind, reckon, reckon_all

AS_OF = date(2021, 10, 15)
WORDS = """
number = 90
title = "试验类别"
[register.case]
title = "案件"
[register.case.field]
filed  = { day = "立案日期" }
solved = { day = "破案日期" }
kind   = { choice = "案由", of = { bike = "电动车", other = "其他" } }
loss   = { money = "损失" }
[register.appeal]
title = "监督"
[register.appeal.field]
date = { day = "日期" }
[register.staff]
title = "辅警"
[register.staff.field]
result = { choice = "去向", of = ["确定", "调整", "清退"] }
joined = { day = "入职" }
left   = { day = "离职" }
[register.camera]
title = "摄像头"
[register.camera.field]
count_ = { whole = "路数", unit = "路" }
day_   = { day = "日期" }
place  = { text = "地点" }
[register.clue]
title = "线索"
publicity = "internal"
[register.clue.field]
day_ = { day = "日期" }
[register.post]
title = "岗位"
[register.post.field]
due   = { whole = "应有" }
there = { whole = "实有", publicity = "secret" }
lack  = { computed = "缺", minus = ["due", "there"] }

[indicator.lack]
title = "缺额"
sum = { register = "post", field = "lack" }
[indicator.filed]
title = "立案数"
unit = "起"
count = "case"
on = "filed"
during = "今年以来"
[indicator.solved]
title = "破案数"
unit = "起"
count = "case"
where = { solved = { filled = true } }
on = "filed"
during = "今年以来"
[indicator.rate]
title = "破案率"
ratio = { of = "solved", to = "filed", times = 100 }
places = 1
[indicator.rate_change]
title = "破案率变化"
change = { of = "rate", against = "same_last_year", as = "points" }
places = 1
[indicator.appeals]
title = "检察监督"
unit = "起"
count = "appeal"
on = "date"
during = "今年以来"
[indicator.fell]
title = "较去年同期"
change = { of = "appeals", against = "same_last_year" }
places = 1
rounding = "down"
[indicator.fell_before]
title = "较前年同期"
change = { of = "appeals", against = "same_before_last" }
places = 1
rounding = "down"
[indicator.fell_by]
title = "减少"
change = { of = "appeals", against = "same_last_year", as = "absolute" }
[indicator.cleared]
title = "清理"
unit = "人"
count = "staff"
qualifier = "约"
[indicator.kept]
title = "确定"
count = "staff"
where = { result = "确定" }
[indicator.moved]
title = "调整"
count = "staff"
where = { result = "调整" }
[indicator.out]
title = "清退"
count = "staff"
where = { result = "清退" }
[indicator.sum]
title = "合计"
unit = "人"
total = ["kept", "moved", "out"]
[indicator.in_house]
title = "在岗"
stock = { register = "staff", since = "joined", until = "left" }
[indicator.cameras]
title = "监控"
coarse = 1000
newest = { register = "camera", field = "count_", each = ["place"] }
on = "day_"
[indicator.loss]
title = "损失"
unit = "万元"
places = 2
sum = { register = "case", field = "loss" }
[indicator.loss_each]
title = "件均损失"
places = 2
ratio = { of = "loss", to = "all" }
[indicator.all]
title = "案件数"
count = "case"
[indicator.loss_mean]
title = "平均损失"
places = 2
average = { register = "case", field = "loss" }
[indicator.campaign]
title = "整顿期间立案"
count = "case"
on = "filed"
during = "教育整顿期间"
[indicator.campaign_rate]
title = "整顿期间占比"
ratio = { of = "campaign", to = "all", times = 100 }
[indicator.clues]
title = "线索数"
count = "clue"
[indicator.clue_share]
title = "线索占比"
ratio = { of = "clues", to = "all", times = 1000 }
[indicator.all_change]
title = "案件变化"
change = { of = "all", against = "same_last_year" }
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "机器"))
    categories.install(made, "王", [read_words("trial", WORDS, "trial.toml")])
    yield made
    made.close()


def put(ledger: Ledger, register: str, *rows: dict[str, Any]) -> None:
    count = ledger.position()
    edits = [Edit(f"trial.{register}", f"{register}{count}.{at}", row) for at, row in enumerate(rows)]
    ledger.act(Deed("录入", "王", tuple(edits)))


def told(ledger: Ledger, key: str, **asked: Any) -> Reckoned:
    return reckon(ledger, "trial", key, **{"as_of": AS_OF, **asked})


def whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def cases(count: int, filed: date, **values: Any) -> list[dict[str, Any]]:
    return [{"filed": filed, **values}] * count


def test_the_rate_of_the_seed(ledger: Ledger) -> None:
    day = date(2021, 3, 1)
    put(ledger, "case", *cases(286, day, solved=day), *cases(269, day), *cases(40, date(2020, 3, 1), solved=day))
    rate = told(ledger, "rate")
    assert (rate.shown, whole(rate.numerator), whole(rate.denominator), rate.rows) == ("51.5%", 286, 555, 286)
    assert rate.amount == Amount(Decimal("51.5"), "%")
    assert rate.period == Span(date(2021, 1, 1), AS_OF, "今年以来")
    assert told(ledger, "solved").shown == "286起"
    change = told(ledger, "rate_change")
    assert (change.shown, whole(change.base)) == ("-48.5个百分点", 100)
    assert told(ledger, "rate", period="去年同期").shown == "100%"
    nothing = told(ledger, "rate", period="2019年")
    assert (nothing.value, nothing.shown, nothing.why) == (None, "", "分母“立案数”为零。")
    assert "去年同期没有数" in told(ledger, "rate_change", period="2020年").why


def test_falls_are_cut_as_the_seed_prints_them(ledger: Ledger) -> None:
    years = {2021: 2, 2020: 5, 2019: 6}
    put(ledger, "appeal", *({"date": date(year, 4, 1)} for year, count in years.items() for _ in range(count)))
    put(ledger, "appeal", {"date": date(2020, 12, 1)})  # after the same day of last year
    assert [told(ledger, key).shown for key in ("appeals", "fell", "fell_before")] == ["2起", "-60%", "-66.6%"]
    assert (told(ledger, "fell_by").shown, whole(told(ledger, "fell_by").base)) == ("-3起", 5)
    assert told(ledger, "fell", period="上半年").shown == "-60%"
    zero = told(ledger, "fell", period="2022年", as_of=date(2022, 12, 31))
    assert (zero.shown, whole(zero.numerator), whole(zero.base)) == ("-100%", 0, 2)
    assert told(ledger, "fell", period="2019年").why == "去年同期为零，不能算百分比。"
    assert told(ledger, "fell", period="截至目前").shown == "27.2%"  # 14 against 11


def test_parts_add_up_as_in_the_seed(ledger: Ledger) -> None:
    results = {"确定": 1792, "调整": 905, "清退": 11}
    put(ledger, "staff", *({"result": word} for word, count in results.items() for _ in range(count)))
    assert told(ledger, "cleared").shown == "约2708人"
    assert told(ledger, "sum").shown == "2708人"
    groups = told(ledger, "cleared", by=("result",)).groups
    assert [(group.label, group.shown) for group in groups] == [
        (("确定",), "约1792人"),
        (("调整",), "约905人"),
        (("清退",), "约11人"),
    ]
    assert len(behind(ledger, "trial", "out", as_of=AS_OF)[0].ids) == 11
    (all_of,) = behind(ledger, "trial", "sum", as_of=AS_OF)
    assert (all_of.register, len(all_of.ids)) == ("trial.staff", 2708)


def test_a_stock_is_told_of_a_day(ledger: Ledger) -> None:
    put(ledger, "staff", {}, {"joined": date(2021, 5, 1)}, {"joined": date(2020, 1, 1), "left": date(2021, 6, 30)})
    assert told(ledger, "in_house").value == 2
    assert told(ledger, "in_house", period="截至2021年6月29日").value == 3
    assert told(ledger, "in_house", period="截至2021年6月30日").value == 2
    assert told(ledger, "in_house", period="2020年").value == 2
    assert told(ledger, "in_house", period="2030年").value == 2  # nobody knows what is to come
    months = told(ledger, "in_house", period="2021年4月至2021年6月", by=("月",)).groups
    assert [(group.label[0], whole(group.value)) for group in months] == [
        ("2021年4月", 2),
        ("2021年5月", 3),
        ("2021年6月", 2),
    ]


def test_coarse_numbers_say_so_unless_nothing_was_cut_off(ledger: Ledger) -> None:
    put(ledger, "camera", {"count_": 30_000, "day_": date(2021, 1, 1), "place": "甲"})
    assert told(ledger, "cameras").shown == "30000路"
    put(ledger, "camera", {"count_": 33_000, "day_": date(2021, 5, 1), "place": "甲"}, {"count_": 412, "place": "乙"})
    put(ledger, "camera", {"count_": 412, "day_": date(2021, 5, 1), "place": "乙"}, {"day_": date(2021, 9, 1)})
    put(ledger, "camera", {"count_": 99_000, "day_": date(2021, 12, 1), "place": "甲"})  # to come
    found = told(ledger, "cameras")
    assert (found.shown, whole(found.value), found.rows) == ("33000余路", 33_412, 2)
    (rows,) = behind(ledger, "trial", "cameras", as_of=AS_OF)
    assert len(rows.ids) == 2
    assert told(ledger, "cameras", period="截至2021年1月31日").shown == "30000路"
    assert told(ledger, "cameras", period="2019年").why == "登记表“摄像头”里没有这样的行。"


def test_money_is_exact_and_in_its_unit(ledger: Ledger) -> None:
    assert told(ledger, "loss").shown == "0万元"
    assert told(ledger, "loss_mean").why == "登记表“案件”里没有这样的行。"
    put(ledger, "case", {})
    assert told(ledger, "loss_mean").why == "这些行都没有填要统计的数。"
    put(ledger, "case", {"loss": 1_234_567}, {"loss": 10**17}, {"loss": 10**17}, {"loss": 10**17})
    assert told(ledger, "loss").value == Decimal("300000000001.234567")
    assert told(ledger, "loss").shown == "300000000001.23万元"
    assert told(ledger, "loss_each").value == Decimal("3000000000012345.67") / 5
    assert told(ledger, "loss_each").shown == "600000000002469.13元"
    assert told(ledger, "loss_mean").shown == "750000000003086.42元"


def test_a_period_by_name_must_be_defined(ledger: Ledger) -> None:
    put(ledger, "case", *cases(3, date(2021, 3, 1)), *cases(1, date(2021, 1, 1)))
    for key in ("campaign", "campaign_rate"):
        assert told(ledger, key).why == "期间“教育整顿期间”还没有定义。"
        assert told(ledger, key).period is None
        assert behind(ledger, "trial", key, as_of=AS_OF) == ()
    span = Span(date(2021, 2, 27), date(2021, 6, 30))
    ledger.act(Deed("录入", "王", (create(NamedPeriod, name="教育整顿期间", span=span),)))
    assert told(ledger, "campaign").value == 3
    assert told(ledger, "campaign_rate").shown == "75%"
    assert told(ledger, "filed", period="教育整顿期间").value == 3
    assert told(ledger, "campaign", period="今年以来").value == 4  # what is asked for goes before
    with pytest.raises(Refusal, match="不知道期间"):
        told(ledger, "filed", period="某某期间")


def test_units_hold_those_below_them(ledger: Ledger) -> None:
    units = [
        create(Unit, "u1", name="分局"),
        create(Unit, "u2", name="派出所", parent="u1"),
        create(Unit, "u3", name="支队"),
    ]
    ledger.act(Deed("录入", "王", tuple(units)))
    put(ledger, "case", {"unit": "u1"}, {"unit": "u2"}, {"unit": "u3"}, {"unit": "u3"}, {})
    assert [whole(told(ledger, "all", unit=unit).value) for unit in (None, "u1", "u2", "u3")] == [5, 2, 1, 2]
    found = {group.label: whole(group.value) for group in told(ledger, "all", by=("单位",)).groups}
    assert found == {("分局",): 1, ("派出所",): 1, ("支队",): 2, (grouping.EMPTY,): 1}
    assert told(ledger, "all", only={"unit": ["u1", "u3"]}).value == 3
    with pytest.raises(Refusal, match="口径不能用"):
        told(ledger, "all", only={"colour": "红"})


def test_months_without_rows_are_told_too(ledger: Ledger) -> None:
    put(ledger, "case", *cases(2, date(2021, 4, 1)), *cases(1, date(2021, 6, 30), solved=date(2021, 7, 1)))
    groups = told(ledger, "filed", period="4至6月", by=("month",)).groups
    assert [(group.label[0], whole(group.value)) for group in groups] == [
        ("2021年4月", 2),
        ("2021年5月", 0),
        ("2021年6月", 1),
    ]
    rates = told(ledger, "rate", period="4至6月", by=("月份",)).groups
    assert [group.shown for group in rates] == ["0%", "", "100%"]
    assert rates[1].why == "分母“立案数”为零。"
    changes = told(ledger, "fell", period="二季度", by=("month",)).groups
    assert [group.key for group in changes] == [("2021-04",), ("2021-05",), ("2021-06",)]
    with pytest.raises(Refusal, match="不能按“颜色”分"):
        told(ledger, "filed", by=("颜色",))
    with pytest.raises(Refusal, match="不能按“月”分"):
        told(ledger, "all", by=("月",))
    with pytest.raises(Refusal, match="一段期间"):
        told(ledger, "fell", period=Span(None, None), by=("月",))


def test_what_hangs_on_no_day_cannot_be_compared(ledger: Ledger) -> None:
    assert told(ledger, "all_change").why == "“案件数”不按日期统计，不能与去年同期比。"


def test_what_comes_from_a_withheld_register_is_withheld(ledger: Ledger) -> None:
    levels = {one.indicator: one.publicity for one in reckon_all(ledger, "trial", as_of=AS_OF)}
    assert levels["clues"] == levels["clue_share"] == "internal"
    assert levels["lack"] == "secret"  # told from a field that is
    assert levels["filed"] == levels["rate"] == "public"


def test_unknown_names_are_refused(ledger: Ledger) -> None:
    with pytest.raises(Refusal, match="没有指标“none”"):
        told(ledger, "none")
    with pytest.raises(Refusal, match="没有类别“none”"):
        reckon(ledger, "none", "filed", as_of=AS_OF)
    with pytest.raises(Refusal, match="没有指标"):
        behind(ledger, "trial", "none", as_of=AS_OF)
