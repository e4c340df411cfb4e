"""Entering drafts: the records of the paper, once; an update changes them and doubles nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, create, delete, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Amount, Deadline
from db.schema.records import (
    CitedRule,
    Figure,
    Inspection,
    Measure,
    NextStep,
    Notice,
    OngoingItem,
    Problem,
    Regulation,
    Unit,
    UnreadText,
)
from db.store.replica import Installation
from desktop_app.intake import enter
from desktop_app.intake.draft import Draft
from desktop_app.intake.recognise import recognise
from desktop_app.intake.source import Source
from desktop_app.notices import compose, plain

PAPER = """首页 > 公告
中共某市水利局东山分局党组关于巡察整改情况的通报
根据统一部署，现将整改情况通报如下。
一、反馈意见整改落实情况
1.关于“河道巡查不到位”问题的整改。
整改措施及阶段性成效：一是建章立制。制定出台《东山分局河道巡查办法（试行）》，依据《防洪法》落实责任。二是加强巡查。今年以来，共巡查河道286处，整改率为51.5%。
正在深化整改的内容及时限：继续巡查，预计2021年12月底前完成整改。
2.关于“公车管理松散”问题的整改。
整改措施及阶段性成效：每月公示油耗。
二、下一步整改计划
一是压实责任。层层传导压力。
二是巩固成果。适时开展“回头看”。
联系方式：电话 0000-1234567；电子邮箱：a@b.cn。
中共某市水利局东山分局党组
2021年11月3日
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))


def drafted(text: str = PAPER) -> tuple[Draft, Source]:
    source = Source("旧通报.txt", "txt", text)
    return recognise(source)[0], source


def test_every_part_becomes_its_record(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    unit = ledger.all(Unit)[0]
    assert (unit.name, unit.organ) == ("某市水利局东山分局", "中共某市水利局东山分局党组")
    assert (unit.phones, unit.email) == (("0000-1234567",), "a@b.cn")
    problems = ledger.all(Problem)
    assert [(p.number, p.title, p.progress) for p in problems] == [
        (1, "河道巡查不到位", "under_way"),
        (2, "公车管理松散", "done"),
    ]
    assert [m.lead for m in ledger.all(Measure, problem=problems[0].id)] == ["建章立制。", "加强巡查。"]
    item = ledger.all(OngoingItem)[0]
    assert item.due == Deadline("预计2021年12月底前", date(2021, 12, 31), "expected", 2021)
    regulation = ledger.all(Regulation)[0]
    assert (regulation.title, regulation.action, regulation.trial) == ("东山分局河道巡查办法（试行）", "issue", True)
    assert [c.title for c in ledger.all(CitedRule)] == ["防洪法"]
    values = {f.value for f in ledger.all(Figure)}
    assert {Amount(Decimal(286), "处"), Amount(Decimal("51.5"), "%")} <= values
    assert [s.lead for s in ledger.all(NextStep)] == ["压实责任。", "巩固成果。"]
    notice = ledger.all(Notice)[0]
    assert (notice.issued, notice.source) == (date(2021, 11, 3), "旧通报.txt")
    assert any("首页" in (u.text or "") for u in ledger.all(UnreadText))
    assert len(ledger.all(Inspection)) == 1


def test_it_is_one_deed_and_one_undo(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    assert [e.sentence for e in history.entries(ledger)] == [f"导入旧通报：{draft.title}"]
    ledger.undo("王")
    assert ledger.count(Problem) == ledger.count(Unit) == ledger.count(Notice) == 0


def test_the_same_paper_is_known_and_not_doubled(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    before = ledger.position()
    with pytest.raises(enter.Known, match="以前导入过"):
        enter.enter(ledger, draft, source, "王")
    assert enter.enter(ledger, draft, source, "王", update=True).taken == 0
    assert ledger.position() == before


def test_an_update_changes_what_differs_and_keeps_what_a_clerk_decided(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    first = ledger.all(Problem)[0]
    ledger.act(Deed("办结", "王", (edit(first, progress="done", cause="责任不清"),)))
    newer, source = drafted(PAPER.replace("286处", "300处").replace("层层传导压力", "逐级传导压力"))
    enter.enter(ledger, newer, source, "王", update=True)
    again = ledger.all(Problem)
    assert [(p.title, p.progress, p.cause) for p in again] == [
        ("河道巡查不到位", "done", "责任不清"),
        ("公车管理松散", "done", None),
    ]
    assert "300处" in (ledger.all(Measure, problem=first.id)[1].body or "")
    assert next(s.body for s in ledger.all(NextStep)) == "逐级传导压力。"
    assert ledger.count(Measure) == 3
    assert ledger.count(Unit) == ledger.count(Notice) == 1


def test_a_unit_already_in_the_ledger_is_used(ledger: Ledger) -> None:
    ledger.act(Deed("开始", "王", (create(Unit, "u", name="某市水利局东山分局", phones=("0000-9999999",)),)))
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    unit = ledger.all(Unit)[0]
    assert ledger.count(Unit) == 1
    assert (unit.phones, unit.email) == (("0000-9999999",), "a@b.cn")  # what a clerk entered is not overwritten


def test_two_notices_of_one_unit_on_different_days_are_two(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    later, source = drafted(PAPER.replace("2021年11月3日", "2022年5月3日").replace("286处", "300处"))
    enter.enter(ledger, later, source, "王")
    assert ledger.count(Notice) == ledger.count(Inspection) == 2
    assert ledger.count(Problem) == 4  # each paper keeps its own: nothing in the ledger is written over unasked


def test_braces_of_the_paper_are_no_figures(ledger: Ledger) -> None:
    draft, source = drafted(PAPER.replace("层层传导压力", "用{括号}标注"))
    enter.enter(ledger, draft, source, "王")
    assert ledger.all(NextStep)[0].body == "用{{括号}}标注。"


def test_a_renamed_problem_is_still_the_one_at_its_place(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    first = ledger.all(Problem)[0]
    ledger.act(Deed("改名", "王", (edit(first, title="河道巡查走过场"),)))
    enter.enter(ledger, draft, source, "王", update=True)
    assert ledger.count(Problem) == 2


def test_an_issued_notice_is_not_updated(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    ledger.act(Deed("印发", "王", (edit(ledger.all(Notice)[0], state="issued"),)))
    with pytest.raises(Refusal, match="已经印发"):
        enter.enter(ledger, draft, source, "王", update=True)


def test_a_paper_is_known_whatever_a_clerk_corrected_since(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    notice, unit = ledger.all(Notice)[0], ledger.all(Unit)[0]
    corrected = (
        edit(notice, title="另一个标题", issued=date(2021, 11, 4)),
        edit(unit, name="改名分局", organ="改名党组"),
    )
    ledger.act(Deed("更正", "王", corrected))
    with pytest.raises(enter.Known):
        enter.enter(ledger, draft, source, "王")
    enter.enter(ledger, draft, source, "王", update=True)
    assert (ledger.count(Notice), ledger.count(Unit), ledger.count(Problem)) == (1, 1, 2)


def test_an_unsigned_paper_is_known_too(ledger: Ledger) -> None:
    text = "\n".join(line for line in PAPER.splitlines() if "党组" not in line)
    draft, source = drafted(text)
    enter.enter(ledger, draft, source, "王")
    with pytest.raises(enter.Known):
        enter.enter(ledger, draft, source, "王")


def test_an_update_does_not_give_a_withheld_measure_other_words(ledger: Ledger) -> None:
    draft, source = drafted(
        PAPER.replace("一是建章立制。", "一是摸底排查。二是秘密核查。三是建章立制。").replace("二是加强", "四是加强")
    )
    enter.enter(ledger, draft, source, "王")
    first, secret, *rest = ledger.all(Measure, problem=ledger.all(Problem)[0].id)
    assert (secret.lead, len(rest)) == ("秘密核查。", 2)
    ledger.act(Deed("定级", "王", (edit(secret, publicity="secret"), delete(first))))
    enter.enter(ledger, draft, source, "王", update=True)
    after = ledger.all(Measure, problem=ledger.all(Problem)[0].id)
    assert [(m.lead, m.publicity) for m in after if "秘密" in (m.lead or "")] == [("秘密核查。", "secret")]
    ledger.act(Deed("改写", "王", (edit(secret, lead="另有安排。"),)))
    enter.enter(ledger, draft, source, "王", update=True)
    kept = [m.lead for m in ledger.all(Measure, problem=ledger.all(Problem)[0].id)]
    assert "另有安排。" in kept
    assert "秘密核查。" not in kept


def test_a_measure_a_clerk_put_in_between_is_left_alone(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    problem = ledger.all(Problem)[0].id
    ledger.act(Deed("新增", "王", (create(Measure, problem=problem, position=0, number=1, lead="经办人自拟。"),)))
    enter.enter(ledger, draft, source, "王", update=True)
    assert [m.lead for m in ledger.all(Measure, problem=problem)] == ["经办人自拟。", "建章立制。", "加强巡查。"]


def test_two_problems_of_one_title_stay_two(ledger: Ledger) -> None:
    draft, source = drafted(PAPER.replace("公车管理松散", "河道巡查不到位"))
    enter.enter(ledger, draft, source, "王")
    assert enter.enter(ledger, draft, source, "王", update=True).taken == 0
    assert [p.number for p in ledger.all(Problem)] == [1, 2]


def test_units_of_one_round_share_it(ledger: Ledger) -> None:
    for name in ("东山", "西山"):
        draft, source = drafted(PAPER.replace("东山", name))
        enter.enter(ledger, draft, source, "王")
    assert ledger.count(Inspection) == 1


def test_an_unchanged_paper_takes_back_no_correction(ledger: Ledger) -> None:
    draft, source = drafted()
    enter.enter(ledger, draft, source, "王")
    problem, unit = ledger.all(Problem)[0], ledger.all(Unit)[0]
    measure, step = ledger.all(Measure, problem=problem.id)[0], ledger.all(NextStep)[0]
    corrections = (
        edit(problem, title="巡查走过场", due=Deadline("年底前", date(2022, 12, 31))),
        edit(unit, email="c@d.cn"),
        edit(measure, lead="完善制度。"),
        edit(step, body="逐级传导压力。"),
    )
    ledger.act(Deed("更正", "王", corrections))
    assert enter.enter(ledger, draft, source, "王", update=True).taken == 0
    newer, source = drafted(PAPER.replace("286处", "300处"))
    enter.enter(ledger, newer, source, "王", update=True)
    after = ledger.get(Problem, problem.id)
    assert after is not None
    assert (after.title, ledger.all(Unit)[0].email, ledger.all(NextStep)[0].body) == (
        "巡查走过场",
        "c@d.cn",
        "逐级传导压力。",
    )
    assert [m.lead for m in ledger.all(Measure, problem=problem.id)] == ["完善制度。", "加强巡查。"]
    assert "300处" in (ledger.all(Measure, problem=problem.id)[1].body or "")


def test_a_lost_title_once_filled_in_is_printed_like_the_others(ledger: Ledger) -> None:
    cut = "上接第3版\n全面推进，预计2021年12月底前完成整改。\n2." + PAPER.split("1.", 1)[1].split("2.", maxsplit=1)[0]
    draft, source = drafted(cut + "中共某市水利局东山分局党组\n2021年11月3日\n")
    enter.enter(ledger, draft, source, "王")
    first = ledger.all(Problem)[0]
    assert (first.title, first.truncated, first.heading) == (None, True, None)
    ledger.act(Deed("补题", "王", (edit(first, title="水毁修复滞后"),)))
    notice = compose.notice_of(ledger, ledger.all(Unit)[0])
    text = plain.text(compose.compose(ledger, notice, today=date(2021, 11, 3)))
    assert "1.关于“水毁修复滞后”问题的整改。\n全面推进，" in text


def test_characters_no_page_shows_are_told(ledger: Ledger) -> None:
    draft, source = drafted(PAPER.replace("压实责任", "压\u00ad实责任"))
    enter.enter(ledger, draft, source, "王")
    told = [u.reason for u in ledger.all(UnreadText) if u.code == "unprintable"]
    assert len(told) == 1
    assert "U+00AD" in (told[0] or "")
