"""The ledger and the three lists on paper: every row once, merged cells, publicity, sums, units, columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from ledger_samples import DAY, column, office, placed, said, tables, titles

from db.errors import Refusal
from db.ledger import history
from db.ledger.change import Deed, create, edit
from db.ledger.ledger import Ledger
from db.schema.composite import Deadline
from db.schema.kinds import Publicity
from db.schema.records import Evidence, Measure, OngoingItem, Problem, Regulation, Unit
from db.store.replica import Installation
from desktop_app.notices import measure, papers, plain, tree
from desktop_app.notices.book import books
from desktop_app.notices.ledger_columns import ALWAYS, CHOSEN, COLUMNS
from desktop_app.notices.wanted import Wanted
from desktop_app.rectification import sample
from desktop_app.rectification.tallies import Tally, share, told

LEVELS: tuple[Publicity, ...] = ("public", "internal", "secret")
LISTS = ("problem-list", "task-list", "duty-list")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("sample")
    made = Ledger.create(folder / "台账.zgl", Installation(folder / "home"))
    sample.load(made, "王")
    return made


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return office(tmp_path_factory.mktemp("office"), 24)


def paper(facts: Ledger, name: str, wanted: Wanted) -> tree.Document:
    (document,) = papers.made(facts, papers.kind_named(name), wanted).documents
    return document


def wanted(readers: Publicity = "internal", unit: str = sample.BRANCH, **options: object) -> Wanted:
    return Wanted(DAY, unit, readers, options=options)


# -- laws -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("readers", LEVELS)
@pytest.mark.parametrize("choice", ["usual", "short", "all"])
def test_every_problem_and_measure_that_may_be_seen_stands_in_the_ledger_once(
    city: Ledger, readers: Publicity, choice: str
) -> None:
    document = paper(city, "ledger", Wanted(DAY, "city", readers, options={"choice": choice}))
    ranks = {level: at for at, level in enumerate(LEVELS)}
    open_to = {p.id: ranks[p.publicity or "public"] <= ranks[readers] for p in city.all(Problem)}  # type: ignore[index]
    problems = {p.title: 1 for p in city.all(Problem) if open_to[p.id]}
    measures = [m for m in city.all(Measure) if m.parent is None and open_to[m.problem or ""]]
    leads = {m.lead.rstrip("。"): 1 for m in measures if m.lead and ranks[m.publicity or "public"] <= ranks[readers]}  # type: ignore[index]
    for table in tables(document)[1:]:
        assert Counter(said(cell) for cell in column(table, "反馈问题")) == problems
    words = plain.text(document)
    assert {lead: len(re.findall(rf"{lead}(?![-\d])", words)) for lead in leads} == leads
    assert len(re.findall(r"措施branch", words)) == len(leads)


@pytest.mark.parametrize("readers", LEVELS)
def test_the_sums_of_the_paper_are_those_of_its_rows(city: Ledger, readers: Publicity) -> None:
    document = paper(city, "ledger", Wanted(DAY, "city", readers, options={"choice": "short"}))
    summary, ledger = tables(document)
    (total,) = (row for row in summary.rows if row.kind == "total")
    sums = [said(cell) for cell in total.cells]
    for at in (3, 4, 6, 7, 9, 10, 11, 12):
        assert sum(int(said(cell)) for _, k, cell in placed(summary) if k == at) == int(sums[at])
    states = [said(cell) for cell in column(ledger, "进展状态")]
    assert int(sums[3]) == len(states) == len(column(ledger, "反馈问题"))
    assert int(sums[9]) == sum(bool(said(cell)) for cell in column(ledger, "整改措施"))
    assert int(sums[11]) == sum("超期" in state for state in states)
    done = sum(state in ("已完成", "长期坚持") for state in states)
    assert int(sums[4]) == done
    assert sums[5] == share(done, len(states))
    assert f"完成率{sums[5]}" in said(ledger.rows[-1].cells[0])


@pytest.mark.parametrize("readers", LEVELS)
def test_numbers_run_on_within_each_unit(city: Ledger, readers: Publicity) -> None:
    table = tables(paper(city, "ledger", Wanted(DAY, "city", readers, options={"choice": "short"})))[1]
    found: list[list[int]] = [[]]
    bodies = {number: cell for number, at, cell in placed(table) if at == 0}
    for number, row in enumerate(table.rows):
        if row.kind == "group":
            found.append([])
        elif number in bodies:
            found[-1].append(int(said(bodies[number])))
    assert len(found) > 5
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in found)


@pytest.mark.parametrize("name", ["ledger", *LISTS])
def test_merged_cells_fit_together_and_reach_over_the_rows_they_are_of(city: Ledger, name: str) -> None:
    for table in tables(paper(city, name, Wanted(DAY, "city", "secret"))):
        ends: dict[int, list[int]] = {}
        for number, at, cell in placed(table):
            ends.setdefault(at, []).append(number + cell.rows)
        names = titles(table)
        if "反馈问题" in names and "序号" in names:
            assert ends[names.index("序号")] == ends[names.index("反馈问题")]


# -- what stands where ------------------------------------------------------------------------------------------------


def test_the_ledger_of_the_sample_says_whose_it_is_as_of_when(shown: Ledger) -> None:
    document = paper(shown, "ledger", wanted(reporter="林一凡"))
    assert document.title == "云汀分局巡察整改台账"
    (section,) = document.blocks
    assert isinstance(section, tree.Section)
    assert section.layout == "landscape"
    head = plain.text(document).splitlines()[1]
    assert (
        head
        == "填报单位：澜川市公安局云汀分局　巡察轮次：2025年市委第一轮巡察　截至日期：2025年10月22日　填报人：林一凡"
    )


def test_aspect_and_problem_are_merged_over_their_rows(shown: Ledger) -> None:
    (table,) = tables(paper(shown, "ledger", wanted()))
    aspects = {said(cell): cell.rows for cell in column(table, "方面")}
    problems = {said(cell): cell.rows for cell in column(table, "反馈问题")}
    assert aspects["履行公安工作职责方面"] == sum(list(problems.values())[:3])
    assert problems["民生案件侦办质效不高"] == 3
    assert sum(aspects.values()) == sum(problems.values()) == len(table.rows) - 1


def test_the_head_groups_its_columns_in_two_rows(shown: Ledger) -> None:
    (table,) = tables(paper(shown, "ledger", wanted()))
    upper, lower = table.head
    assert [said(cell) for cell in upper.cells] == [
        "序号", "反馈问题", "整改措施", "责任", "时限与进展", "销号\n状态"
    ]  # fmt: skip
    assert sum(cell.columns for cell in upper.cells) == len(table.columns)
    assert sum(cell.columns for cell in upper.cells if cell.rows == 1) == len(lower.cells)
    assert 8 <= len(table.columns) <= 14


def test_overdue_is_reckoned_from_the_day_and_is_not_a_state(shown: Ledger) -> None:
    def states(day_shift: int) -> list[str]:
        (table,) = tables(paper(shown, "ledger", replace(wanted(), day=DAY + timedelta(days=day_shift))))
        return [said(cell) for cell in column(table, "进展状态")]

    assert [one for one in states(0) if "超期" in one] == ["正在推进\n超期22天"]
    assert not any("超期" in one for one in states(-60))
    assert "正在推进\n超期23天" in states(1)


def test_the_last_row_says_what_the_rate_counts(shown: Ledger) -> None:
    (table,) = tables(paper(shown, "ledger", wanted()))
    assert table.rows[-1].kind == "total"
    assert said(table.rows[-1].cells[0]).startswith(
        "合计：反馈问题12个，整改措施35条（已落实27条）；完成整改4个（已销号2个、已完成1个、长期坚持1个），完成率33.33%，"
    )
    assert "基本完成的不计入" in said(table.rows[-1].cells[0])


def test_words_of_a_cell_lead_back_to_their_record(shown: Ledger) -> None:
    (table,) = tables(paper(shown, "ledger", wanted()))
    origins = {run.origin for _, _, cell in placed(table) for runs in cell.paragraphs for run in runs}
    assert {"problem:sample-official-vehicles"} <= origins
    assert {m.id for m in shown.all(Measure)} <= {one.partition(":")[2] for one in origins}


def test_figures_in_measures_are_filled_in(shown: Ledger) -> None:
    words = plain.text(paper(shown, "ledger", wanted()))
    assert "三季度平均百公里油耗为9.8升" in words
    assert "{" not in words


def test_the_public_ledger_leaves_out_what_is_not_public_and_counts_through(shown: Ledger) -> None:
    public, internal = (plain.text(paper(shown, "ledger", wanted(readers))) for readers in ("public", "internal"))
    assert "严肃处理违规问题" in internal
    assert "严肃处理违规问题" not in public
    assert "3.开展联合检查" in public
    assert "4.开展联合检查" in internal


def test_columns_nobody_has_filled_are_left_out_unless_they_are_wanted(shown: Ledger) -> None:
    usual = titles(tables(paper(shown, "ledger", wanted(columns=("反馈问题", "经办人", "进展情况"))))[0])
    every = titles(tables(paper(shown, "ledger", wanted(columns=("反馈问题", "经办人", "进展情况"), empty=True)))[0])
    filled = {
        title
        for title, name in (("经办人", "handler"), ("进展情况", "status"))
        if any(getattr(p, name) for p in shown.all(Problem))
    }
    assert set(usual) == {"反馈问题"} | filled
    assert every == ["反馈问题", "经办人", "进展情况"]


def test_all_columns_go_in_parts_that_say_which_row_they_are_of(shown: Ledger) -> None:
    parts = tables(paper(shown, "ledger", wanted(choice="all", empty=True)))
    assert len(parts) > 2
    assert all({"序号", "反馈问题"} <= set(titles(part)) for part in parts)
    seen = [title for part in parts for title in titles(part) if title not in ("序号", "反馈问题")]
    assert sorted(seen) == sorted(
        one.spec.title for one in COLUMNS if one.spec.key in CHOSEN["all"] and one.spec.key not in ("number", "title")
    )
    assert [row.kind for part in parts for row in part.rows].count("total") == 1


def test_every_chosen_column_exists() -> None:
    keys = [one.spec.key for one in COLUMNS]
    assert len(set(keys)) == len(keys)
    assert set(keys) >= {*CHOSEN["usual"], *CHOSEN["short"], *ALWAYS}
    assert len({one.spec.title for one in COLUMNS}) == len(COLUMNS)


def test_an_unknown_column_is_refused_with_those_there_are(shown: Ledger) -> None:
    with pytest.raises(Refusal, match="没有“颜色”这一栏") as refused:
        paper(shown, "ledger", wanted(columns=("反馈问题", "颜色")))
    assert "整改时限" in refused.value.advice


@pytest.mark.parametrize(("which", "count"), [("all", 12), ("finished", 4), ("open", 8), ("overdue", 1), ("closed", 2)])
def test_some_problems_alone_keep_their_numbers(shown: Ledger, which: str, count: int) -> None:
    (table,) = tables(paper(shown, "ledger", wanted(which=which)))
    every = [said(cell) for cell in column(tables(paper(shown, "ledger", wanted()))[0], "反馈问题")]
    pairs = zip(column(table, "序号"), column(table, "反馈问题"), strict=True)
    found = {int(said(number)): said(title) for number, title in pairs}
    assert len(found) == count
    total = said(table.rows[-1].cells[0])
    assert total.startswith("合计：反馈问题12个")
    assert ("本表只列" in total, f"的{count}个问题。" in total) == (which != "all", which != "all")
    assert all(every[number - 1] == title for number, title in found.items())


def test_an_office_without_problems_is_refused(shown: Ledger) -> None:
    with pytest.raises(Refusal, match=r"刑侦大队里没有.*可印的问题"):
        paper(shown, "ledger", wanted(unit="sample-crime"))


def test_the_ledger_of_an_earlier_day_has_what_stood_in_it_then(tmp_path: Path) -> None:
    first = datetime.combine(DAY, time(9)).astimezone()
    moments = [first]
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"), clock=lambda: moments[-1])
    made.act(Deed("一", "王", (create(Unit, "u", name="东湖分局"), create(Problem, "p", unit="u", title="账实不符"))))
    moments.append(first + timedelta(days=3))
    made.act(Deed("二", "王", (create(Problem, "q", unit="u", title="迟报"), edit(Problem(id="p"), progress="done"))))
    then = history.as_of(made, datetime.combine(DAY, time.max).astimezone())
    before = plain.text(papers.made(then, papers.kind_named("ledger"), Wanted(DAY, "u")).documents[0])
    after = plain.text(paper(made, "ledger", Wanted(DAY + timedelta(days=3), "u")))
    assert "账实不符" in before
    assert "迟报" not in before
    assert "完成率0.00%" in before
    assert "完成率50.00%" in after


def test_several_units_have_a_summary_and_are_grouped(city: Ledger) -> None:
    document = paper(city, "ledger", Wanted(DAY, "city", "secret"))
    assert document.title == "市局巡察整改台账"
    summary, ledger = tables(document)
    units = [said(cell) for cell in column(summary, "单位")]
    groups = [said(row.cells[0]) for row in ledger.rows if row.kind == "group"]
    assert len(units) == len(groups) > 10
    assert all(group.startswith(unit) for unit, group in zip(units, groups, strict=True))
    assert [said(cell) for cell in summary.head[0].cells][3:5] == ["反馈问题", "立行立改"]
    assert all(re.fullmatch(r"\d+\.\d\d%|—", said(cell)) for _, at, cell in placed(summary) if at in (5, 8))


def test_what_an_old_notice_told_fills_the_ledger(tmp_path: Path) -> None:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    edits = (
        create(Unit, "u", name="东湖分局"),
        create(Problem, "p", unit="u", title="迟报", statement="报送不及时。", effect="当月清零。"),
        create(Measure, "m", problem="p", number=1, lead="限时报送。", effect="按时率100%。"),
        create(OngoingItem, problem="p", number=1, content="修订办法", due=Deadline("2025年底前", date(2025, 12, 31))),
        create(OngoingItem, problem="p", number=2, content="旧事", due=Deadline("6月底前", date(2025, 6, 30)), progress="done"),
    )  # fmt: skip
    made.act(Deed("一", "王", edits))
    (table,) = tables(paper(made, "ledger", Wanted(DAY, "u")))
    assert said(column(table, "具体问题")[0]) == "报送不及时。"
    assert said(column(table, "整改时限")[0]) == "2025年底前"
    assert said(column(table, "整改措施及成效")[0]).split("\n") == [
        "限时报送。", "成效：按时率100%。", "整改成效：当月清零。", "正在深化：1.修订办法（2025年底前）", "2.旧事（6月底前）",
    ]  # fmt: skip


def test_papers_and_rules_of_a_withheld_measure_are_withheld(tmp_path: Path) -> None:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    edits = (
        create(Unit, "u", name="东湖分局"),
        create(Problem, "p", unit="u", title="迟报"),
        create(Measure, "m", problem="p", lead="谈话。", publicity="internal", unpublished_reason="case"),
        create(Evidence, problem="p", measure="m", title="谈话记录"),
        create(Evidence, problem="p", title="考核通报"),
        create(Regulation, problem="p", measure="m", title="谈话办法"),
    )
    made.act(Deed("一", "王", edits))
    public, internal = (
        plain.text(paper(made, "ledger", Wanted(DAY, "u", readers, options={"choice": "all"})))
        for readers in LEVELS[:2]
    )
    assert "考核通报" in public
    assert "谈话" not in public
    assert "谈话记录" in internal
    assert "《谈话办法》" in internal


def test_problems_of_no_unit_are_not_forgotten(tmp_path: Path) -> None:
    made = Ledger.create(tmp_path / "台账.zgl", Installation(tmp_path / "home"))
    edits = (create(Unit, "u", name="东湖分局"), create(Problem, unit="u", title="甲"), create(Problem, title="乙"))
    made.act(Deed("一", "王", edits))
    assert [(book.name, len(book.entries)) for book in books(made, Wanted(DAY))] == [("东湖分局", 1), ("未填单位", 1)]
    assert paper(made, "ledger", Wanted(DAY)).title == "各单位巡察整改台账"


# -- the lists --------------------------------------------------------------------------------------------------------


def test_the_three_lists_have_the_columns_they_are_for(shown: Ledger) -> None:
    heads = {name: titles(tables(paper(shown, name, wanted()))[0]) for name in LISTS}
    assert {"反馈问题", "具体表现", "原因分析"} <= set(heads["problem-list"])
    assert {"整改目标", "整改任务", "完成时限", "进展状态"} <= set(heads["task-list"])
    assert {"整改任务", "责任领导", "牵头部门", "责任人"} <= set(heads["duty-list"])


def test_the_lists_are_bound_as_annexes_under_their_titles(shown: Ledger) -> None:
    document = paper(shown, "three-lists", wanted())
    assert document.title == "关于印发云汀分局巡察整改“三个清单”的通知"
    assert [annex.number for annex in document.annexes] == [1, 2, 3]
    (named,) = (block for block in document.blocks if isinstance(block, tree.Attachments))
    assert list(named.titles) == [annex.title for annex in document.annexes]
    alone = [tables(paper(shown, name, wanted()))[0] for name in LISTS]
    assert tables(document) == alone
    assert "反馈问题12个，整改措施35条" in plain.text(document)


@pytest.mark.parametrize("name", ["ledger", *LISTS, "three-lists"])
def test_the_finished_paper_measures_up(shown: Ledger, name: str) -> None:
    document = paper(shown, name, wanted())
    assert measure.sheet(papers.to_bytes(papers.Made((document,)), "pdf"), document).failed == ()


# -- counting ---------------------------------------------------------------------------------------------------------


def test_a_rate_has_two_decimals_and_none_of_nothing() -> None:
    assert (share(688, 697), share(0, 3), share(3, 3), share(0, 0)) == ("98.71%", "0.00%", "100.00%", "—")


def test_counts_say_only_what_there_is() -> None:
    words = told(Tally(problems=2, done=1, under_way=1, overdue=1))
    assert words.startswith("反馈问题2个；完成整改1个（已完成1个），完成率50.00%，正在推进1个；其中已超期1个。")


def test_a_workbook_has_all_columns_in_one_table(shown: Ledger) -> None:
    parts = tables(paper(shown, "ledger", replace(wanted(choice="all", empty=True), unbroken=True)))
    assert len(parts) == 1
    assert len(parts[0].columns) == len(CHOSEN["all"])
