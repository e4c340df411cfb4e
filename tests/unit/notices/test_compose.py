"""Composing a notice: order, numbers, what is public, figures by name, defaults."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.ledger import conflicts
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Amount, Deadline
from db.schema.record import Record
from db.schema.records import (
    NO_MARK,
    Aspect,
    Chapter,
    Figure,
    Group,
    Inspection,
    Measure,
    NextStep,
    Notice,
    OngoingItem,
    Problem,
    Unit,
)
from db.store.replica import Installation
from desktop_app.notices import compose, numerals, plain
from desktop_app.notices.tree import Document, Heading, Paragraph

DAY = date(2021, 11, 3)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    unit = create(
        Unit,
        "u",
        name="某市公安局东山分局",
        organ="中共某市公安局东山分局党组",
        phones=("0000-1234567", "0000-7654321"),
        email="a@b.cn",
    )
    made.act(Deed("开始", "王", (unit,)))
    return made


def put(ledger: Ledger, cls: type[Record], identifier: str = "", **values: Any) -> str:
    one = create(cls, identifier, **values)
    ledger.act(Deed("填写", "王", (one,)))
    return one.id


def composed(ledger: Ledger, *, internal: bool = False) -> Document:
    unit = ledger.get(Unit, "u")
    assert unit is not None
    return compose.compose(ledger, compose.notice_of(ledger, unit), today=DAY, internal=internal)


def lines(ledger: Ledger, *, internal: bool = False) -> list[str]:
    return plain.text(composed(ledger, internal=internal)).splitlines()


def test_a_ledger_filled_by_forms_alone_makes_a_whole_notice(ledger: Ledger) -> None:
    problem = put(ledger, Problem, unit="u", number=1, title="台账不清")
    put(ledger, Measure, problem=problem, number=1, lead="建章立制", body="修订办法两件。")
    put(ledger, Measure, problem=problem, number=2, lead="强化检查", body="每月抽查。")
    put(ledger, OngoingItem, problem=problem, content="年底前全部完成。", due=Deadline("年底前", date(2021, 12, 31)))
    assert lines(ledger) == [
        "中共某市公安局东山分局党组关于巡察整改进展情况的通报",
        "一、反馈意见整改落实情况",
        "1.关于“台账不清”问题的整改。",
        "整改措施及阶段性成效：一是建章立制。修订办法两件。二是强化检查。每月抽查。",
        "正在深化整改的内容及时限：年底前全部完成。",
        f"{compose.INVITATION}联系方式：电话 0000-1234567；电子邮箱 a@b.cn。",
        "中共某市公安局东山分局党组",
        "2021年11月3日",
    ]


def test_a_single_measure_bears_no_number(ledger: Ledger) -> None:
    problem = put(ledger, Problem, unit="u", number=1, title="台账不清")
    put(ledger, Measure, problem=problem, number=1, lead="建章立制。", body="修订办法两件。")
    assert "整改措施及阶段性成效：建章立制。修订办法两件。" in lines(ledger)


def test_what_is_not_public_is_left_out_and_the_rest_counted_through(ledger: Ledger) -> None:
    for number, publicity in enumerate(("public", "internal", None, "secret", "public"), start=1):
        values = {"unpublished_reason": "case"} if publicity == "secret" else {}
        put(ledger, Problem, unit="u", number=number, title=f"问题{number}", publicity=publicity, **values)
    public = [line for line in lines(ledger) if "关于“" in line]
    assert public == ["1.关于“问题1”问题的整改。", "2.关于“问题3”问题的整改。", "3.关于“问题5”问题的整改。"]
    internal = [line[0] + line[5:8] for line in lines(ledger, internal=True) if "关于“" in line]
    assert internal == ["1问题1", "2问题2", "3问题3", "4问题5"]


def test_measures_that_are_not_public_leave_no_gap(ledger: Ledger) -> None:
    problem = put(ledger, Problem, unit="u", number=1, title="台账不清")
    for number, publicity in enumerate(("public", "internal", "public"), start=1):
        put(ledger, Measure, problem=problem, number=number, lead=f"措施{number}。", publicity=publicity)
    assert "整改措施及阶段性成效：一是措施1。二是措施3。" in lines(ledger)
    assert "整改措施及阶段性成效：一是措施1。二是措施2。三是措施3。" in lines(ledger, internal=True)


def test_numbers_restart_under_each_aspect_or_run_on_as_they_were(ledger: Ledger) -> None:
    for aspect in (1, 2):
        put(ledger, Aspect, f"a{aspect}", unit="u", number=aspect, title=f"方面{aspect}")
        for number in (1, 2):
            hidden = {"publicity": "internal"} if (aspect, number) == (1, 1) else {}
            put(ledger, Problem, unit="u", aspect=f"a{aspect}", number=number, title=f"{aspect}{number}", **hidden)
    assert [line for line in lines(ledger) if "关于“" in line or "方面" in line] == [
        "（一）方面1",
        "1.关于“12”问题的整改。",
        "（二）方面2",
        "1.关于“21”问题的整改。",
        "2.关于“22”问题的整改。",
    ]


def test_groups_stand_between_aspects_and_problems(ledger: Ledger) -> None:
    put(ledger, Aspect, "a", unit="u", number=1, title="方面")
    put(ledger, Group, "g", aspect="a", number=1, mark="1.", title="大类")
    put(ledger, Problem, unit="u", aspect="a", group="g", number=1, mark="（1）", title="甲")
    document = composed(ledger)
    levels = [(b.level, b.text) for b in document.blocks if isinstance(b, Heading)]
    assert levels[1:] == [(2, "（一）方面"), (3, "1.大类"), (4, "（1）关于“甲”问题的整改。")]


def test_measures_nest(ledger: Ledger) -> None:
    problem = put(ledger, Problem, unit="u", number=1, title="台账不清")
    first = put(ledger, Measure, problem=problem, number=1, lead="建章立制。")
    put(ledger, Measure, problem=problem, number=2, lead="强化检查。")
    for number in (1, 2):
        put(ledger, Measure, problem=problem, parent=first, number=number, mark="①", lead=f"细则{number}。")
    assert "整改措施及阶段性成效：一是建章立制。①细则1。②细则2。二是强化检查。" in lines(ledger)


def test_figures_are_printed_by_name_and_a_missing_one_cannot_be_overlooked(ledger: Ledger) -> None:
    problem = put(ledger, Problem, unit="u", number=1, title="台账不清")
    put(ledger, Figure, problem=problem, name="核查数", value=Amount(Decimal(33000), "路", "余"))
    put(ledger, Measure, problem=problem, number=1, body="已核查{核查数}，整改{整改数}，用{{}}括注。")
    assert "整改措施及阶段性成效：已核查33000余路，整改〔缺数据：整改数〕，用{}括注。" in lines(ledger)


def test_chapters_of_the_notice_hold_problems_and_next_steps(ledger: Ledger) -> None:
    notice = put(
        ledger, Notice, unit="u", title="通报", opening="导语。", introduction="下一步。", closing="特此通报。"
    )
    put(ledger, Chapter, notice=notice, number=1, role="organisation", title="组织情况", body="第一段。\n第二段。")
    put(ledger, Chapter, notice=notice, number=2, role="problems", title="整改情况")
    put(ledger, Chapter, notice=notice, number=3, role="next_steps", title="下一步")
    put(ledger, NextStep, notice=notice, number=1, lead="压实责任。", body="层层传导。")
    put(ledger, NextStep, notice=notice, number=2, lead="巩固成果。")
    put(ledger, Problem, unit="u", number=1, title="甲")
    assert lines(ledger) == [
        "通报",
        "导语。",
        "一、组织情况",
        "第一段。",
        "第二段。",
        "二、整改情况",
        "1.关于“甲”问题的整改。",
        "三、下一步",
        "下一步。",
        "一是压实责任。层层传导。",
        "二是巩固成果。",
        "特此通报。",
        "中共某市公安局东山分局党组",
        "2021年11月3日",
    ]


def test_the_contact_wording_takes_the_units_values(ledger: Ledger) -> None:
    put(ledger, Notice, unit="u", title="通报", contact="电话：{电话}、{电话2}；邮箱：{邮箱}。")
    assert "电话：0000-1234567、0000-7654321；邮箱：a@b.cn。" in lines(ledger)


def test_what_an_old_paper_had_below_its_date_stays_there(ledger: Ledger) -> None:
    put(
        ledger,
        Notice,
        unit="u",
        title="通报",
        contact="电话：{电话}",
        tail="closing signature date contact",
        issued=DAY,
    )
    assert lines(ledger)[-2:] == ["2021年11月3日", "电话：0000-1234567"]


def test_text_runs_on_or_begins_a_paragraph_as_it_was(ledger: Ledger) -> None:
    problem = put(
        ledger,
        Problem,
        unit="u",
        number=1,
        title="甲",
        heading="关于{title}的问题。",
        runs_on=True,
        statement="经查属实。",
    )
    put(ledger, Measure, problem=problem, number=1, lead="建章。", body="正文。", own_paragraph=True, body_apart=True)
    put(ledger, Measure, problem=problem, number=None, mark=NO_MARK, lead="另述。", own_paragraph=True)
    found = lines(ledger)
    assert found[2:6] == ["1.关于甲的问题。经查属实。", "一是建章。", "正文。", "另述。"]


def test_the_latest_draft_is_the_notice_of_a_unit(ledger: Ledger) -> None:
    put(ledger, Notice, unit="u", title="旧", issued=date(2020, 1, 1))
    put(ledger, Notice, unit="u", title="新", issued=date(2021, 1, 1))
    assert composed(ledger).title == "新"


def test_a_problem_made_by_form_joins_the_problems_of_an_old_paper(ledger: Ledger) -> None:
    notice = put(ledger, Notice, unit="u", title="通报")
    home = put(ledger, Chapter, notice=notice, number=2, role="problems", title="整改情况")
    put(ledger, Problem, unit="u", number=1, title="甲", heading="{title}", position=10, chapter=home)
    put(ledger, Problem, unit="u", number=2, title="乙")
    assert lines(ledger)[1:4] == ["二、整改情况", "1.甲", "2.关于“乙”问题的整改。"]


def test_every_run_knows_its_record(ledger: Ledger) -> None:
    problem = put(ledger, Problem, unit="u", number=1, title="甲", statement="经查属实。")
    measure = put(ledger, Measure, problem=problem, number=1, lead="建章。")
    found = set(compose.origins(composed(ledger)))
    assert {f"problem:{problem}", f"measure:{measure}"} <= found
    document = composed(ledger)
    assert all(run.origin for b in document.blocks if isinstance(b, Paragraph) for run in b.runs)


@pytest.mark.parametrize(
    ("sample", "number", "printed"),
    [
        (None, 3, "三是"),
        ("一是", 12, "十二是"),
        ("（一）", 2, "（二）"),
        ("2.", 10, "10."),
        ("２．", 10, "１０．"),
        ("①", 3, "③"),
        ("①", 21, "（21）"),
        ("问题1：", 2, "问题2："),
        ("第一条", 4, "第四条"),
        ("整改成效：", 3, "整改成效："),
        ("5.", None, "5."),
        (NO_MARK, 3, ""),
    ],
)
def test_marks_take_the_number_to_be_printed(sample: str | None, number: int | None, printed: str) -> None:
    assert numerals.marked(sample, number, "一是") == printed


def test_what_is_under_a_withheld_measure_is_withheld(ledger: Ledger) -> None:
    problem = put(ledger, Problem, unit="u", number=1, title="甲")
    secret = put(ledger, Measure, problem=problem, number=1, lead="密。", publicity="secret", unpublished_reason="case")
    below = put(ledger, Measure, problem=problem, parent=secret, number=1, lead="举报人。")
    put(ledger, Measure, problem=problem, parent=below, number=1, lead="住址。")
    put(ledger, Measure, problem=problem, number=2, lead="公开项。")
    put(ledger, Measure, problem=problem, number=3, lead="另一项。")
    for internal in (False, True):
        assert "整改措施及阶段性成效：一是公开项。二是另一项。" in lines(ledger, internal=internal)


def test_while_branches_disagree_on_publicity_the_strictest_counts(ledger: Ledger) -> None:
    identifier = put(ledger, Problem, unit="u", number=1, title="甲")
    problem = ledger.get(Problem, identifier)
    assert problem is not None
    seen = ledger.heads(problem)
    for values in ({"publicity": "secret", "unpublished_reason": "case"}, {"publicity": "public"}):
        ledger.act(Deed("定级", "王", (edit(problem, seen=seen, **values),)))
    assert len(conflicts.conflicts(ledger)) == 1
    assert not any("甲" in line for line in lines(ledger))


def test_figures_of_withheld_problems_and_double_names_are_not_printed_outside(ledger: Ledger) -> None:
    put(ledger, Notice, unit="u", title="通报", opening="共{公开数}、{秘密数}、{两处数}。")
    for number, publicity, name in ((1, "public", "公开数"), (2, "internal", "秘密数")):
        problem = put(ledger, Problem, unit="u", number=number, title=f"问题{number}", publicity=publicity)
        put(ledger, Figure, problem=problem, name=name, value=Amount(Decimal(number), "件"))
        put(ledger, Figure, problem=problem, name="两处数", value=Amount(Decimal(number), "人"))
    assert lines(ledger)[1] == "共1件、〔缺数据：秘密数〕、1人。"
    assert lines(ledger, internal=True)[1] == "共1件、2件、〔缺数据：两处数〕。"


def test_a_heading_whose_problems_are_all_withheld_goes_with_them(ledger: Ledger) -> None:
    for number, publicity in ((1, "internal"), (2, "public")):
        put(ledger, Aspect, f"a{number}", unit="u", number=number, title=f"方面{number}", body="说明。")
        put(ledger, Problem, unit="u", aspect=f"a{number}", number=1, title=f"问题{number}", publicity=publicity)
    put(ledger, Aspect, "a3", unit="u", number=3, title="没有问题的方面")
    headings = [b.text for b in composed(ledger).blocks if isinstance(b, Heading) and b.level == 2]
    assert headings == ["（一）方面2", "（二）没有问题的方面"]
    assert len([b for b in composed(ledger, internal=True).blocks if isinstance(b, Heading) and b.level == 2]) == 3


def test_aspects_of_other_rounds_are_not_printed(ledger: Ledger) -> None:
    for name in ("1", "2"):
        put(ledger, Inspection, f"i{name}", title=f"第{name}轮")
        put(ledger, Aspect, f"a{name}", unit="u", inspection=f"i{name}", number=1, title=f"第{name}轮方面")
    put(ledger, Notice, unit="u", inspection="i2", title="通报")
    assert [line for line in lines(ledger) if "方面" in line] == ["（一）第2轮方面"]


def test_measures_in_a_circle_made_by_two_branches_are_printed_once(ledger: Ledger) -> None:
    problem = put(ledger, Problem, unit="u", number=1, title="甲")
    put(ledger, Measure, "m1", problem=problem, parent="m2", number=1, lead="甲措施。")
    put(ledger, Measure, "m2", problem=problem, parent="m1", number=2, lead="乙措施。")
    printed = "".join(lines(ledger))
    assert printed.count("甲措施。") == printed.count("乙措施。") == 1


def test_attachments_are_named_above_the_signature(ledger: Ledger) -> None:
    put(ledger, Notice, unit="u", title="通报", attachments="整改台账\n任务清单")
    assert lines(ledger)[1:3] == ["附件：1.整改台账", "2.任务清单"]


def test_an_old_paper_gets_no_signature_or_date_it_did_not_bear(ledger: Ledger) -> None:
    identifier = put(
        ledger, Notice, unit="u", title="通报", source="旧.txt", tail="closing", issued=DAY, opening="导语。"
    )
    assert lines(ledger) == ["通报", "导语。"]
    notice = ledger.get(Notice, identifier)
    assert notice is not None
    ledger.act(Deed("补署名", "王", (edit(notice, signature="某局党组"),)))
    assert lines(ledger) == ["通报", "导语。", "某局党组", "2021年11月3日"]
