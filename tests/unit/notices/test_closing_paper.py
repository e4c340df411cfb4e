"""销号审批表: the problem, what was done, the proofs, the chain of opinions signed or left to be signed, the rounds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import slip_ledger as desk

from db.errors import Refusal
from db.ledger.ledger import Ledger
from db.schema.records import Aspect, Closing, Evidence, Measure, Opinion, Problem
from desktop_app.notices import papers, plain, sheet, tree
from desktop_app.notices.wanted import Wanted


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    made = desk.made(tmp_path_factory.mktemp("closing"))
    desk.put(made, Aspect, "aspect", unit="east", title="履行职责方面", number=1)
    desk.put(
        made, Problem, "p", unit="east", aspect="aspect", number=7, title="卷宗归档不及时", progress="done", mode="by_date",
        level="2", cause="职责不清。", completed=date(2021, 10, 8), closing="in_review",
    )  # fmt: skip
    desk.put(
        made, Measure, "m1", problem="p", number=1, lead="清理积压卷宗。", progress="done", completed=date(2021, 9, 1)
    )
    desk.put(made, Measure, "m2", problem="p", number=2, lead="专人管理。", progress="kept_up")
    desk.put(made, Evidence, "e", problem="p", title="归档登记表", pages=4)
    desk.put(made, Closing, "r1", problem="p", round=1, applied=date(2021, 9, 6), conclusion="return")
    desk.put(made, Opinion, "o1", closing="r1", stage="office", verdict="return", text="缺目录，补齐再报。", person="郑二", day=date(2021, 9, 9))  # fmt: skip
    desk.put(made, Closing, "r2", problem="p", round=2, applied=date(2021, 10, 9), account="卷宗全部归档。", generalised="同步清理了电子卷宗。")  # fmt: skip
    desk.put(made, Opinion, "o2", closing="r2", stage="handler", verdict="agree", text="申请销号。", person="孙八", day=date(2021, 10, 9))  # fmt: skip
    return made


def form(facts: Ledger, *of: str, **options: Any) -> list[str]:
    kind = papers.kind_named("closing")
    made = papers.made(facts, kind, Wanted(desk.DAY, "", "secret", of=of, options=options, issuer="east"))
    return [plain.text(one) for one in made.documents]


def test_the_form_of_a_problem_under_review(facts: Ledger) -> None:
    (text,) = form(facts)
    lines = text.splitlines()
    assert lines[0] == "巡察反馈问题整改销号审批表"
    for line in (
        "单位\t东湖分局\t问题序号\t7",
        "反馈方面\t履行职责方面",
        "反馈问题\t卷宗归档不及时",
        "整改类型\t限期整改\t难度等级\t二级（一般）",
        "整改措施及 完成情况\t1. 清理积压卷宗：已完成（2021年9月1日） 2. 专人管理：长期坚持 卷宗全部归档。",
        "根本原因\t职责不清。",
        "举一反三\t同步清理了电子卷宗。",
        "佐证材料\t1. 归档登记表（4页）（原件另附）",
        "申请日期\t2021年10月9日\t循环次数\t第2轮",
        "以往轮次\t第1轮：退回 整改领导小组办公室（2021年9月9日）：缺目录，补齐再报。",
        "经办人意见\t同意。申请销号。\t\t孙八 2021年10月9日",
        "党组会议 意见\t\t\t签名： \u3000\u3000年\u3000月\u3000日",
    ):
        assert line in lines
    assert "纪检" not in text
    assert "□同意销号" in lines[-1]


def test_a_problem_that_was_never_applied_for_gives_a_form_to_fill_in(facts: Ledger) -> None:
    (text,) = form(facts, "red", outside=True)
    assert "循环次数\t第1轮" in text
    assert text.count("签名：") == 6
    with pytest.raises(Refusal, match="没有正在办理销号的问题"):
        papers.made(facts, papers.kind_named("closing"), Wanted(desk.DAY, "west", "secret"))


def test_what_was_agreed_is_concluded(facts: Ledger) -> None:
    desk.put(facts, Problem, "q", unit="west", number=2, title="已结问题", progress="done")
    desk.put(facts, Closing, "rq", problem="q", round=1, conclusion="agree", concluded=date(2021, 10, 20))
    (text,) = form(facts, "q")
    assert text.rstrip().endswith("结论\t同意销号\u30002021年10月20日")


def test_one_page_when_it_fits_and_a_row_never_torn_when_it_does_not(facts: Ledger) -> None:
    kind = papers.kind_named("closing")
    made = papers.made(facts, kind, Wanted(desk.DAY, "", "secret"))
    assert len(sheet.typeset(made.documents[0]).pages) == 1
    long = Wanted(desk.DAY, "", "secret", of=("p",), options={"outside": True})
    desk.put(facts, Problem, "p", unit="east", number=7, title="卷宗归档不及时", symptoms="超期未归档。" * 120)
    (document,) = papers.made(facts, kind, long).documents
    pages = sheet.typeset(document).pages
    assert len(pages) == 2
    table = document.blocks[0]
    assert isinstance(table, tree.Table)
    opinions = [at for at, row in enumerate(table.rows) if len(row.cells) == 3]
    for at in opinions:
        assert len({page.number for page in pages for line in page.lines if line.place and line.place[0] == at}) == 1
