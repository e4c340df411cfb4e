"""What is recognised inside sentences: deadlines, amounts, titles, contacts, enumerators."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from desktop_app.intake.amounts import amounts
from desktop_app.intake.contact import contact_at
from desktop_app.intake.deadlines import deadlines, principal
from desktop_app.intake.flow import Flow, flow
from desktop_app.intake.measures import items
from desktop_app.intake.retell import filled
from desktop_app.intake.source import Source
from desktop_app.intake.titles import titles

ISSUED = date(2021, 11, 3)


def _flow(text: str) -> Flow:
    return flow(Source("x.txt", "txt", text, False))[0]


@pytest.mark.parametrize(
    ("text", "wording", "day", "strength"),
    [
        ("年底前完成改造。", "年底前", date(2021, 12, 31), "before"),
        ("预计12月底前完成。", "预计12月底前", date(2021, 12, 31), "expected"),
        ("争取在今年年底完成。", "争取在今年年底", date(2021, 12, 31), "strive"),
        ("力争下半年建成投用。", "力争下半年", date(2021, 12, 31), "strive"),
        ("下半年将全面建成系统。", "下半年", date(2021, 12, 31), ""),
        ("年内做到全覆盖。", "年内", date(2021, 12, 31), ""),
        ("2022年3月31日前办结。", "2022年3月31日前", date(2022, 3, 31), "before"),
        ("二〇二二年六月底前办结。", "二〇二二年六月底前", date(2022, 6, 30), "before"),
        ("计划明年上半年完成验收。", "计划明年上半年", date(2022, 6, 30), "expected"),
        ("2022年三季度末前完成。", "2022年三季度末前", date(2022, 9, 30), "before"),
        ("本月底前销号。", "本月底前", date(2021, 11, 30), "before"),
        ("下月底前销号。", "下月底前", date(2021, 12, 31), "before"),
        ("到2022年底，全面完成整改。", "到2022年底", date(2022, 12, 31), "until"),
        ("确保2022年2月底前到位。", "确保2022年2月底前", date(2022, 2, 28), "shall"),
        ("应于2024年2月底前到位。", "应于2024年2月底前", date(2024, 2, 29), "shall"),
        ("将于２０２２年１２月底前完成。", "２０２２年１２月底前", date(2022, 12, 31), "before"),
        ("2022年4月前完成。", "2022年4月前", date(2022, 3, 31), "before"),
    ],
)
def test_deadlines(text: str, wording: str, day: date, strength: str) -> None:
    (found,) = deadlines(_flow(text), 0, len(text), ISSUED)
    assert (found.text, found.day, found.strength) == (wording, day, strength)


@pytest.mark.parametrize(
    "text",
    [
        "上半年共追究9人。",
        "年内先后9名人员返回原单位。",
        "全面提升年内案件的办结率。",
        "2018年以来的案件逐案过堂。",
        "截至2021年10月底，已办结30件。",
        "2021年6月7日，召开动员会。",
        "近年来，队伍面貌明显改观。",
        "7月份数据26条。",
        "今年7月，专门召开会议。",
    ],
)
def test_times_that_are_no_deadlines(text: str) -> None:
    assert deadlines(_flow(text), 0, len(text), ISSUED) == ()


def test_relative_deadlines_have_no_day_without_the_date_of_issue() -> None:
    text = "预计年底前完成，2022年6月底前验收。"
    assert [d.day for d in deadlines(_flow(text), 0, len(text), None)] == [None, date(2022, 6, 30)]


def test_kept_up_counts_only_in_what_goes_on() -> None:
    text = "长期坚持。"
    assert deadlines(_flow(text), 0, len(text), ISSUED) == ()
    (found,) = deadlines(_flow(text), 0, len(text), ISSUED, ongoing=True)
    assert (found.strength, found.day) == ("kept_up", None)


def test_the_principal_deadline_is_the_expectation() -> None:
    text = "11个站点于10月底前招标，预计2022年1月底完成，长期坚持。"
    found = deadlines(_flow(text), 0, len(text), date(2021, 9, 1), ongoing=True)
    due = principal(found)
    assert due is not None
    assert due.day == date(2022, 1, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("整合监控33000余路", [("33000余路", "33000", "路", "余")]),
        ("追回资金1,260.35万元", [("1,260.35万元", "12603500", "元", "")]),
        ("涉及资金18.6亿元", [("18.6亿元", "1860000000", "元", "")]),
        ("5万至30万元的项目", [("5万", "50000", "元", "至"), ("30万元", "300000", "元", "")]),
        ("合格率51.5%、66.6％", [("51.5%", "51.5", "%", ""), ("66.6％", "66.6", "%", "")]),
        ("上升百分之三十五", [("百分之三十五", "35", "%", "")]),
        ("不少于100分、年学分不少于40学分", [("100分", "100", "分", "不少于"), ("40学分", "40", "学分", "不少于")]),
        ("降至15%以下", [("15%", "15", "%", "以下")]),
        ("约15.6公里", [("15.6公里", "15.6", "公里", "约")]),
        ("共排查问题22个", [("22个", "22", "个", "共")]),
        ("两批参加培训", [("两批", "2", "批", "")]),
        ("甲方必有一名到场", [("一名", "1", "名", "")]),
        ("提高１２个百分点", [("１２个百分点", "12", "个百分点", "")]),
        ("巡林4200余人次", [("4200余人次", "4200", "人次", "余")]),
        ("2021年11月3日", []),
        ("一是加强一体化建设，一定见效，统一一次性", []),
        ("〔2021〕7号、第3期、58号", []),
        ("24小时和72小时", [("24小时", "24", "小时", ""), ("72小时", "72", "小时", "")]),
    ],
)
def test_amounts(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = amounts(_flow(text), 0, len(text))
    assert [(a.text, a.value, a.unit, a.qualifier) for a in found] == [(t, Decimal(v), u, q) for t, v, u, q in expected]


def test_period_and_comparison() -> None:
    text = "今年以来，破获案件40起，较去年同期上升10%。上半年培训3期。"
    found = amounts(_flow(text), 0, len(text))
    assert [(a.period, a.comparison) for a in found] == [("今年以来", ""), ("去年", "较去年同期上升"), ("上半年", "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "制定出台《甲办法》《乙规定（试行）》等",
            [("甲办法", "制定出台", True), ("乙规定（试行）", "制定出台", True)],
        ),
        ("按照《甲条例》和《乙规定》要求", [("甲条例", "按照", False), ("乙规定", "按照", False)]),
        ("根据省厅印发的《甲通知》要求", [("甲通知", "根据", False)]),
        ("落实《甲规定》，制定下发《乙细则》", [("甲规定", "落实", False), ("乙细则", "制定下发", True)]),
        (
            "在去年制定的《甲办法》基础上，出台了《甲办法的补充规定》",
            [("甲办法", "", False), ("甲办法的补充规定", "出台", True)],
        ),
        ("修订完善《关于落实〈乙意见〉的甲办法》", [("关于落实〈乙意见〉的甲办法", "修订完善", True)]),
        ("印发《关于落实《乙意见》的通知》", [("关于落实《乙意见》的通知", "印发", True)]),
        ("签订《甲承诺书》", [("甲承诺书", "签订", False)]),
        ("制定《甲", []),
    ],
)
def test_titles(text: str, expected: list[tuple[str, str, bool]]) -> None:
    found = titles(_flow(text), 0, len(text))
    assert [(t.title, t.action, t.own) for t in found] == expected


def test_contact_in_lines() -> None:
    text = "联系方式\n联系人：王某某\n电话：0510-12345678、13800000000\n传真：0510-87654321\n邮政信箱：甲市乙路3号（邮编：214000）\n电子邮箱：a.b@c.gov.cn\n受理时间：工作日9:00—17:00"
    contact, findings = contact_at(_flow(text), 0, len(text))
    assert contact.phones == ("0510-12345678", "13800000000")
    assert (contact.fax, contact.postcode, contact.email) == ("0510-87654321", "214000", "a.b@c.gov.cn")
    assert (contact.address, contact.person, contact.hours) == ("甲市乙路3号", "王某某", "工作日9:00—17:00")
    assert filled(contact) == text
    assert "{phone2}" in contact.text
    assert findings == ()


def test_a_contact_with_braces_is_kept_verbatim() -> None:
    text = "联系电话：{phone} 0510-12345678"
    contact, _ = contact_at(_flow(text), 0, len(text))
    assert filled(contact) == text


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("一是学习。二是改进。", ["一是", "二是"]),
        ("统一是前提。第一是标准，第二是质量，之一是效率。", []),
        ("实行统一是原则；一是统一标准；二是统一是根本；三是统一出口。", ["一是", "二是", "三是"]),
        ("关键一是学习，二是改进。", []),
        ("主要做法：一是学习，二是改进，三是提高。", ["一是", "二是", "三是"]),
        ("（1）学习。（2）改进，详见附件（3）。（3）提高。", ["（1）", "（2）", "（3）"]),
        ("①学习；②改进。", ["①", "②"]),
        ("1.学习5.5小时。2.改进3.2万元的项目。", ["1.", "2."]),
        ("1)学习。2)改进。", ["1)", "2)"]),
        ("第一，学习。第二，改进。", ["第一，", "第二，"]),
        ("一是学习。", []),
        ("“一是学习。”二是改进。", []),
    ],
)
def test_enumerators_count_only_in_sequence_and_after_a_sentence_end(text: str, marks: list[str]) -> None:
    _, found = items(_flow(text), 0, len(text))
    assert [item.mark for item in found] == marks


def test_lists_in_lists() -> None:
    text = "（1）学习。一是读书；二是讨论。（2）改进。一是查摆；二是整治。①清单；②台账。"
    _, found = items(_flow(text), 0, len(text))
    assert [[child.mark for child in item.children] for item in found] == [["一是", "二是"], ["一是", "二是"]]
    assert [grandchild.mark for grandchild in found[1].children[1].children] == ["①", "②"]
