"""Numbers in a notice's words that do not go together, and outputs told twice; what is all right is left alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from one_problem import TODAY, begun, codes, figure_of, put

from db.ledger.change import Deed, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.records import Measure, NextStep, Notice, OngoingItem, Problem
from db.schema.typed import canonical
from desktop_app.rectification import checks
from desktop_app.rectification.numbers import numbers, tells

SOME_DAY = Deadline("长期坚持", None, "kept_up")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return begun(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("今年以来，全区共破获盗窃案件286起，破案率为51.5%。", [("286", "起", "破获盗窃案件", "今年以来"), ("51.5", "%", "破案率", "今年以来")]),
        ("已整合视频监控33000余路", [("33000", "路", "整合视频监控", "")]),
        ("追缴资金1,234.5万元", [("12345000", "元", "追缴资金", "")]),
        ("收缴２万元", [("20000", "元", "收缴", "")]),
        ("2021年12月底前完成，历时3个月、24小时。", []),
        ("5万至30万元的邀请招标，超过30万元的公开招标。", [("300000", "元", "", "")]),
        ("应用“1+8”系统，拨打0510-66070000。", []),
        ("较去年同期上升10%。", [("10", "%", "较去年同期上升", "")]),
        ("上半年追究9人。7月追究3人。", [("9", "人", "追究", "上半年"), ("3", "人", "追究", "7月")]),
    ],
)  # fmt: skip
def test_numbers_are_read_with_their_words_and_period(text: str, told: list[tuple[str, str, str, str]]) -> None:
    assert [(canonical(n.value), n.unit, n.words, n.period) for n in numbers(text)] == told


@pytest.mark.parametrize(
    ("text", "value", "right"),
    [
        ("共200余名", 213, True),
        ("共200余名", 199, False),
        ("近200名", 193, True),
        ("近200名", 207, False),
        ("约200名", 207, True),
        ("共200名", 201, False),
        ("率为66.6%", "66.66667", True),
        ("率为66.7%", "66.66667", True),
        ("率为66.5%", "66.66667", False),
    ],
)
def test_a_number_tells_a_value_as_its_qualifier_allows(text: str, value: int | str, right: bool) -> None:
    assert tells(numbers(text)[0], Decimal(value)) == right


WRONG: list[tuple[str, str]] = [
    # two places of one problem
    ("今年以来破获盗窃案件286起。到目前共破获盗窃案件268起。", "places_disagree"),
    ("今年以来破获盗窃案件286起。|成功破获盗窃案件268件。", "places_disagree"),
    # a share larger than its whole
    ("上半年共追究执法过错9人，其中追究执法过错13人。", "share_exceeds"),
    ("上半年共追究执法过错9人，其中在教育整顿期间下发执法工作提示19人，追究执法过错13人。", "share_exceeds"),
    ("调整人员类别905人，其中确定为其他管理1712人，分流193人。", "share_exceeds"),
    ("共查处违规人员9名，其中民警12人。", "share_exceeds"),
    # all that are not all
    ("发现存在问题的案件84起，已全部整改80起。", "not_all"),
    ("超期保证金12笔，均已发还11笔。", "not_all"),
    # a comparison with nothing
    ("追赃挽损率较去年提升5%以上。", "no_base"),
    ("投诉量同比下降了35.2%。", "no_base"),
]
RIGHT = [
    "今年以来破获盗窃案件286起。全区共破获盗窃案件286件。",
    "上半年破获盗窃案件286起。7月破获盗窃案件31起。",
    "破获盗窃案件286起，其中入室盗窃31起。",
    "培训办案民警200余名。经统计，培训办案民警213名。",
    "上半年共追究执法过错9人，其中在教育整顿期间下发执法工作提示19人，追究执法过错3人。",
    "共清理在岗辅警2708人，确定为辅警管理1792人，调整人员类别905人，其中确定为其他管理712人，分流193人，清退11人。",
    "共查出问题9个，其中涉及12人。",
    "破案率为51.5%，其中电瓶案件破案率88.9%。",
    "发现存在问题的案件84起，已全部整改完毕。",
    "梳理新离职辅警45名，对48名新招辅警逐一签订保密协议书。",
    "调取数据1036条，逐一反查对应296件案件。",
    "检察监督数据同比去年、前年同期的5起、6起，分别下降60%、66.6%。",
    "开展检查3次。|开展检查5次。",
    "东山所受理群众求助警情3起，西山所受理群众求助警情5起。",
    "应纳入考核的比例达到55%以上。",
]


@pytest.mark.parametrize(("text", "code"), WRONG)
def test_numbers_that_do_not_go_together_are_found(ledger: Ledger, text: str, code: str) -> None:
    ids = [put(ledger, Measure, problem="p", body=part) for part in text.split("|")]
    found = checks.findings(ledger, TODAY)
    assert [f.code for f in found] == [code]
    assert (found[0].record, found[0].field) == ("measure", "body")
    assert found[0].id in ids
    assert found[0].advice
    assert len(found[0].sentence) < 160


@pytest.mark.parametrize("text", RIGHT)
def test_numbers_that_go_together_are_left_alone(ledger: Ledger, text: str) -> None:
    for part in text.split("|"):
        put(ledger, Measure, problem="p", body=part)
    assert codes(ledger) == []


def test_a_comparison_whose_figure_has_a_base_is_left_alone(ledger: Ledger) -> None:
    put(ledger, Measure, problem="p", body="投诉量同比下降35.2%。")
    figure_of(ledger, "投诉量降幅", "35.2", "%", comparison="same_last_year", base_value=Decimal(71))
    assert codes(ledger) == []


def test_numbers_stay_open_to_question_when_they_come_from_names(ledger: Ledger) -> None:
    figure_of(ledger, "追究人数", "9", "人")
    figure_of(ledger, "其中人数", "13", "人")
    put(ledger, Measure, problem="p", body="上半年追究执法过错{追究人数}，其中追究执法过错{其中人数}。")
    assert codes(ledger) == ["share_exceeds"]


def test_two_problems_of_a_notice_may_not_tell_one_number_differently(ledger: Ledger) -> None:
    put(ledger, Notice, unit="u", title="通报", opening="全年共破获入室盗窃电动车案件286起。")
    put(ledger, Problem, identifier="q", unit="u", number=2, title="乙", category="c")
    put(ledger, Measure, problem="p", body="共破获入室盗窃电动车案件286起。开展专项检查3次。")
    put(ledger, Measure, problem="q", body="排查整改问题15个。开展专项检查5次。")
    assert codes(ledger) == []
    put(ledger, Measure, problem="q", body="共破获入室盗窃电动车案件268起。")
    found = checks.findings(ledger, TODAY)
    assert [f.code for f in found] == ["places_disagree"]
    assert "268" in found[0].sentence
    assert "286" in found[0].sentence


@pytest.mark.parametrize(
    ("done", "to_do", "found"),
    [
        ("已建立辅警层级管理制度，实行晋升机制。", "年底前建立辅警层级管理制度。", True),
        ("制定出台《车辆管理办法》。", "年底前制定《车辆管理办法》。", True),
        ("建立完善分局辅警管理工作办法。", "根据上级要求，完善建立分局辅警管理工作办法。", True),
        ("制定《车辆管理办法》。", "继续落实《车辆管理办法》。", False),
        ("建立辅警层级管理制度。", "进一步完善辅警层级管理制度。", False),
        ("建立辅警层级管理制度。", "再固化建立辅警层级管理制度。", False),
        ("将建立辅警层级管理制度。", "年底前建立辅警层级管理制度。", False),
        ("建立辅警层级管理制度。", "已建立辅警层级管理制度，正在试行。", False),
        ("建立联络机制。", "建立涉案财物管理联络机制。", False),
        ("开展专项检查。", "开展专项检查。", False),
    ],
)
def test_an_output_is_done_or_still_to_do(ledger: Ledger, done: str, to_do: str, found: bool) -> None:
    put(ledger, Measure, problem="p", body=done)
    item = put(ledger, OngoingItem, problem="p", content=to_do, due=SOME_DAY, progress="under_way")
    told = checks.findings(ledger, TODAY)
    assert [(f.code, f.id) for f in told] == ([("done_and_to_do", item)] if found else [])
    row = ledger.get(OngoingItem, item)
    assert row is not None
    ledger.act(Deed("完成", "王", (edit(row, progress="done"),)))
    assert codes(ledger) == []


def test_a_next_step_may_not_promise_what_a_problem_says_is_done(ledger: Ledger) -> None:
    put(ledger, Measure, problem="p", body="制定出台《车辆管理办法》。")
    notice = put(ledger, Notice, unit="u", title="通报")
    step = put(ledger, NextStep, notice=notice, lead="一、健全制度", body="年底前制定《车辆管理办法》。")
    put(ledger, NextStep, notice=notice, lead="二、持续用力", body="持续落实《车辆管理办法》，健全长效机制。")
    assert [(f.code, f.id) for f in checks.findings(ledger, TODAY)] == [("done_and_to_do", step)]


SEED = Path(__file__).parents[4] / "shared" / "seed"


def test_the_seed_has_one_output_told_twice_and_no_false_alarm(tmp_path: Path) -> None:
    if not SEED.is_dir():
        pytest.skip("../shared/seed is not here")
    from desktop_app.intake import enter
    from desktop_app.intake.read import read
    from desktop_app.intake.recognise import recognise

    ledger = begun(tmp_path)
    for paper in sorted(SEED.glob("*.txt")):
        source = read(paper)
        for draft in recognise(source):
            enter.enter(ledger, draft, source, "王")
    mine = {"places_disagree", "share_exceeds", "not_all", "told_otherwise", "done_and_to_do", "direction"}
    found = [f for f in checks.findings(ledger, TODAY) if f.code in mine]
    assert [f.code for f in found] == ["done_and_to_do"]
    assert "辅警" in found[0].sentence
