"""Reminders, 督办单 and 交办单: who gets what about which problem, in which words, numbered how, on one page each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import slip_ledger as desk

from db.errors import Refusal
from db.ledger.ledger import Ledger
from db.schema.records import OngoingItem, Problem
from desktop_app.notices import page, papers, plain, sheet, stored, tree
from desktop_app.notices.tree import Document
from desktop_app.notices.wanted import Wanted

DAY = desk.DAY


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return desk.made(tmp_path_factory.mktemp("slips"))


def made(
    facts: Ledger, name: str, *of: str, unit: str = "", readers: Any = "secret", **options: Any
) -> Sequence[Document]:
    kind = papers.kind_named(name)
    wanted = Wanted(DAY, unit, readers, of=of, options={**kind.begun(), **options}, issuer="east")
    return papers.made(facts, kind, wanted).documents


def told(document: Document) -> str:
    return plain.text(document)


def about(document: Document) -> str:
    """The problem a slip is about, by the record its words come from."""
    found = {run.origin for block in tree.every_block(document) for run in _runs(block) if run.origin}
    return next(one.removeprefix("problem:") for one in found if one.startswith("problem:"))


def _runs(block: tree.Block) -> Sequence[tree.Run]:
    match block:
        case tree.Paragraph():
            return block.runs
        case tree.Table():
            cells = (cell for row in block.rows for cell in row.cells)
            return [run for cell in cells for runs in cell.paragraphs for run in runs]
    return ()


# -- reminders --------------------------------------------------------------------------------------------------------


def test_each_pressing_problem_has_one_letter_in_its_colour(facts: Ledger) -> None:
    found = {about(one): one.colour for one in made(facts, "reminder")}
    assert found == {"green": "green", "yellow": "amber", "red": "red", "late": "red", "west": "red"}
    assert [about(one) for one in made(facts, "reminder", unit="east")] == ["red", "late", "yellow", "green"]


def test_the_colour_decides_who_is_written_to(facts: Ledger) -> None:
    found = {about(one): one.addressees for one in made(facts, "reminder")}
    assert found["green"] == "孙八："
    assert found["yellow"] == "周十、李九："
    assert found["red"] == "中共某市公安局东湖分局党组，党组书记、局长钱七同志："
    assert found["west"] == "某市公安局西山分局，主要负责同志："


def test_a_letter_says_what_is_due_and_what_is_asked(facts: Ledger) -> None:
    green, yellow, late = (told(made(facts, "reminder", one)[0]) for one in ("green", "yellow", "late"))
    assert "2021年市委第三轮巡察反馈意见" in green
    assert "由你承办的第1号问题“台账不清”" in green
    assert "2021年11月23日前\t还有15天" in green
    assert "请于2021年11月11日前将办理情况书面反馈我办（联系人：整改办，电话0000-1234567）。" in green
    assert "责任领导过问督促" in yellow
    assert "完成全员轮训，补训〔缺数据：补训人数〕。\t2021年11月7日前\t已超期1天" in late
    assert late.rstrip().endswith("东湖分局巡察整改工作领导小组办公室\n2021年11月8日")


def test_the_days_of_the_colours_can_be_others_for_once(facts: Ledger) -> None:
    found = {about(one): one.colour for one in made(facts, "reminder", green_days=4)}
    assert found == {"red": "red", "late": "red", "west": "red"}
    assert {about(one) for one in made(facts, "reminder", green_days=90)} >= {"far", "green"}
    assert [about(one) for one in made(facts, "reminder", colour="yellow")] == ["yellow"]


def test_an_answer_is_asked_for_before_the_deadline(facts: Ledger) -> None:
    assert "请于2021年11月13日前" in told(made(facts, "reminder", "yellow", reply_days=30)[0])
    assert "请于2021年12月8日前" in told(made(facts, "reminder", "red", reply_days=30)[0])
    assert "请于2022年1月4日前" in told(made(facts, "reminder", "yellow", reply=date(2022, 1, 4))[0])


def test_those_who_may_not_see_a_problem_get_no_letter_and_no_names(facts: Ledger) -> None:
    public = made(facts, "reminder", readers="public")
    assert {about(one) for one in public} == {"green", "yellow", "red", "late"}
    assert "钱七" not in "".join(map(told, public))
    with pytest.raises(Refusal, match="没有可以印成“整改时限预警提示函”的内容"):
        made(facts, "reminder", "west", readers="public")


# -- chasing and assigning --------------------------------------------------------------------------------------------


def test_what_is_overdue_is_chased_and_what_is_named_whatever_its_end(facts: Ledger) -> None:
    assert [about(one) for one in made(facts, "chasing")] == ["red", "late", "west"]
    assert [about(one) for one in made(facts, "chasing", unit="west")] == ["west"]
    assert [about(one) for one in made(facts, "chasing", unit="city")] == ["red", "late", "west"]
    far, yellow = made(facts, "chasing", "far", "yellow")
    assert (about(far), far.colour, about(yellow)) == ("far", "black", "yellow")
    assert "还有90天" in told(far)
    with pytest.raises(Refusal, match="没有可以印"):
        made(facts, "chasing", "done")


def test_a_slip_has_a_form_and_a_reply_to_be_torn_off(facts: Ledger) -> None:
    (slip,) = made(facts, "chasing", "red", number=3)
    text, reply = told(slip).split("沿此线裁下")
    for words in ("督办〔2021〕3号", "3. 涉案财物清理不及时", "李九", "已超期3天", "办结时限\t2021年11月11日前"):
        assert words in text
    assert slip.colour == "red"
    assert "督办单回执（督办〔2021〕3号）" in reply
    for label in ("办理情况", "经办人", "负责人", "填写日期"):
        assert label in reply
    assert slip.after[0] == tree.Cut("沿此线裁下，填好后退回")


def test_the_slips_of_a_batch_are_numbered_on_or_left_to_be_numbered(facts: Ledger) -> None:
    numbered = [told(one) for one in made(facts, "assignment", number=8)]
    assert [f"交办〔2021〕{number}号" in text for number, text in enumerate(numbered, start=8)] == [True] * 6
    assert all("交办〔2021〕\u3000\u3000号" in told(one) for one in made(facts, "assignment"))


def test_an_assignment_hands_over_what_is_not_finished(facts: Ledger) -> None:
    assert {about(one) for one in made(facts, "assignment")} == {"green", "yellow", "red", "late", "far", "west"}
    (red,) = made(facts, "assignment", "red")
    assert "部分财物超期未还。" in told(red)
    assert [about(one) for one in made(facts, "assignment", "done")] == ["done"]


# -- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["reminder", "chasing", "assignment"])
def test_every_slip_stands_on_one_page_and_can_be_kept(facts: Ledger, name: str) -> None:
    for one in made(facts, name):
        assert len(sheet.typeset(one).pages) == 1
        assert stored.from_json(stored.to_json(one)) == one


@pytest.mark.parametrize("name", ["reminder", "chasing"])
@pytest.mark.parametrize("matters", [1, 2])
def test_matters_told_at_length_are_cut_so_that_the_slip_keeps_to_its_page(
    tmp_path: Path, name: str, matters: int
) -> None:
    facts = desk.made(tmp_path)
    said = "对复查后仍未办结的案件逐案明确责任人和办结时间，每季度会商一次，按月通报进度，预计年底前完成新一轮复查并建立长效机制。"
    title = "执法办案管理中心运行不规范、涉案财物管理不严格"
    desk.put(facts, Problem, "p", unit="east", inspection="round", number=12, title=title, responsible="法制大队教导员")
    for number in range(matters):
        desk.put(facts, OngoingItem, f"m{number}", problem="p", content=said, due=desk.due(-number - 1, "争取于月初前"))
    (slip,) = made(facts, name, "p")
    assert "（2021年11月7日）" in told(slip)
    assert len(sheet.typeset(slip).pages) == 1


def test_a_letter_counts_the_matters_it_has_no_room_for(tmp_path: Path) -> None:
    facts = desk.made(tmp_path)
    for number in range(6):
        desk.put(facts, OngoingItem, f"m{number}", problem="red", content=f"第{number}项工作。", due=desk.due(-number))
    (letter,) = made(facts, "reminder", "red")
    assert "另有3项，见整改台账。" in told(letter)
    assert len(sheet.typeset(letter).pages) == 1


def test_a_slip_that_needs_more_than_a_page_keeps_its_reply_whole(facts: Ledger) -> None:
    (slip,) = made(facts, "chasing", "red")
    table = slip.blocks[0]
    assert isinstance(table, tree.Table)
    longer = tree.Document(
        slip.title, (tree.Table(table.columns, table.rows * 2, headless=True),), slip.signature, slip.after
    )
    pages = sheet.typeset(longer).pages
    assert [("裁下" in text, "填写日期" in text) for text in map(_text, pages)] == [(False, False), (True, True)]


def _text(one: page.Page) -> str:
    return "".join(line.text for line in one.lines)


@pytest.mark.parametrize("name", ["reminder", "chasing", "assignment"])
def test_a_seal_is_left_room_for_or_left_out(facts: Ledger, name: str) -> None:
    seals = {seal: made(facts, name, "red", seal=seal)[0].signature for seal in ("room", "none", "picture")}
    assert {seal: one and one.seal for seal, one in seals.items()} == {
        "room": "room",
        "none": "none",
        "picture": "room",
    }
    said = made(facts, name, "red", signature="市委巡察办", contact="王五，电话5")[0]
    assert said.signature is not None
    assert said.signature.organ == "市委巡察办"
    assert "王五，电话5" in told(said)


def test_a_passage_is_what_the_notice_says_of_the_problem(facts: Ledger) -> None:
    (one,) = made(facts, "passage", "red", readers="public")
    lines = told(one).splitlines()
    assert lines[0] == "关于“涉案财物清理不及时”问题的整改情况"
    assert lines[1] == "3.关于“涉案财物清理不及时”问题的整改。"
    with pytest.raises(Refusal, match="没有可以印成“问题整改情况”"):
        made(facts, "passage", "west", readers="public")
    with pytest.raises(Refusal, match="要先选定问题"):
        made(facts, "passage")


def test_the_colour_of_a_reminder_is_a_band_in_the_upper_margin(facts: Ledger) -> None:
    for one in made(facts, "reminder"):
        (band,) = _above(one)
        assert band.fill == page.BANDS[one.colour]
        assert max(y for _, y in band.points) < page.PAPER_HEIGHT - 5 * page.MM
    assert _above(made(facts, "assignment", "red")[0]) == []


def _above(document: Document) -> list[page.Shape]:
    shapes = sheet.typeset(document).pages[0].shapes
    return [one for one in shapes if min(y for _, y in one.points) > page.row_top(0)]


def test_where_nothing_presses_it_is_said_so(facts: Ledger) -> None:
    with pytest.raises(Refusal, match="没有快到期或已超期的整改事项"):
        papers.made(facts, papers.kind_named("reminder"), Wanted(date(2001, 1, 1), readers="secret"))
