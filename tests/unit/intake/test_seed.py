"""The three notices of the newspaper text: facts and figures of the reading (4.1–4.7), none of its sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.intake.draft import Draft
from desktop_app.intake.read import read
from desktop_app.intake.recognise import recognise
from desktop_app.intake.retell import as_json, filled, words
from desktop_app.intake.source import Source

DUE = date(2021, 12, 31)

# (value, unit) of 4.3, notice by notice; kinds S, F, R and T
FIGURES: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("5", "%"), ("31", "件"), ("9", "人"), ("19", "人"), ("3", "人"), ("1036", "条"), ("296", "件"), ("22", "个"), ("1", "名"),
        ("26", "条"), ("5", "起"), ("286", "起"), ("51.5", "%"), ("123", "名"), ("88.9", "%"), ("10", "%"), ("33", "起"), ("71", "名"),
        ("33000", "路"), ("24", "小时"), ("72", "小时"), ("5", "名"), ("5", "期"), ("200", "名"), ("2", "批"), ("162", "名"), ("84", "起"),
        ("32", "期"), ("501", "张"), ("126", "张"), ("53", "名"), ("45", "名"), ("2", "个"), ("48", "名"), ("7", "次"), ("3", "次"),
        ("7", "个方面"), ("2", "个月"), ("1", "批次"), ("50000", "元"), ("300000", "元"), ("600000", "元"), ("4", "大类"), ("11", "个"),
        ("3", "名"), ("2", "年"), ("21", "名"), ("10", "年"), ("15", "名"), ("4", "名"), ("23", "人"), ("9", "名"), ("15", "%"),
    ),
    (
        ("55", "%"), ("4", "期"), ("5", "起"), ("6", "起"), ("60", "%"), ("66.6", "%"), ("2", "名"), ("1", "次"), ("100", "分"),
        ("40", "学分"), ("2708", "人"), ("1792", "人"), ("905", "人"), ("712", "人"), ("193", "人"), ("11", "人"),
    ),
    (),
)  # fmt: skip
QUALIFIED = {
    "33000余路": "余", "200余名": "余", "5%": "以上", "55%": "以上", "15%": "不超过", "40学分": "不少于", "286起": "共", "33起": "累计",
    "2名": "以上",
}  # fmt: skip


@pytest.fixture
def source(seed: Path) -> Source:
    return read(seed)


@pytest.fixture
def drafts(source: Source) -> tuple[Draft, ...]:
    return recognise(source)


def test_three_notices_with_their_issuers_and_titles(drafts: tuple[Draft, ...]) -> None:
    assert [draft.issuer[7:] for draft in drafts] == ["局滨湖分局党组", "局新吴分局党组", "局无锡经济开发区分局党组"]
    assert [draft.title_guessed for draft in drafts] == [True, False, False]
    assert all(draft.title == draft.issuer + "关于巡察整改情况的通报" for draft in drafts)
    assert all(draft.date == date(2021, 11, 3) and draft.signature == draft.issuer for draft in drafts)
    assert "title_guessed" in [finding.code for finding in drafts[0].findings]


def test_seven_whole_problems_and_three_cut_ones(drafts: tuple[Draft, ...]) -> None:
    assert [[p.number for p in draft.problems] for draft in drafts] == [[1, 2, 3, 4, 5], [1, 2, 3], [3, 4]]
    assert [[p.truncated for p in draft.problems].count(True) for draft in drafts] == [1, 1, 1]
    assert all(draft.problems[0].truncated and not draft.problems[0].title for draft in drafts)
    whole = [p for draft in drafts for p in draft.problems if not p.truncated]
    assert len(whole) == 7
    assert all(p.heading == "关于“{title}”问题的整改。" and p.measures_label for p in whole)
    assert [len(p.title) for p in whole] == [8, 9, 14, 12, 13, 11, 8]


def test_measures_and_their_nesting(drafts: tuple[Draft, ...]) -> None:
    counts = [[len(p.measures) for p in draft.problems] for draft in drafts]
    assert counts == [[0, 4, 4, 3, 3], [0, 6, 3], [1, 1]]
    second = drafts[1].problems[1].measures[1]
    assert [child.lead[:1] for child in second.children] == ["以", "以", "以"]
    assert all(child.body for child in second.children)
    single = drafts[2].problems[1].measures[0]
    assert (single.number, single.mark) == (None, "")


def test_nine_ongoing_items_with_their_dates(drafts: tuple[Draft, ...]) -> None:
    found = [[[o.due for o in p.ongoing] for p in draft.problems] for draft in drafts]
    assert [[len(p) for p in draft] for draft in found] == [[1, 1, 1, 1, 1], [1, 1, 1], [1, 0]]
    dues = [due for draft in found for p in draft for due in p]
    assert len(dues) == 9
    assert all(due and due.day == DUE for due in dues)
    strengths = ["expected"] * 5 + ["strive", "until", "until", "before"]
    assert [due.strength for due in dues if due] == strengths
    trial_run = drafts[1].problems[1].ongoing[0].deadlines[0]
    assert (trial_run.start, trial_run.day) == (date(2021, 8, 30), None)
    canteen = drafts[0].problems[3].ongoing[0].deadlines
    assert [deadline.day for deadline in canteen] == [DUE, DUE]


def test_next_steps_and_the_introduction_of_the_third(drafts: tuple[Draft, ...]) -> None:
    steps = [draft.next_steps for draft in drafts]
    assert [len(s.items) for s in steps if s] == [4, 3, 3]
    assert [bool(s.introduction) for s in steps if s] == [False, False, True]
    assert all(step.lead and step.body for s in steps if s for step in s.items)


def test_contacts_are_whole_and_doubtful_mails_flagged(drafts: tuple[Draft, ...]) -> None:
    contacts = [draft.contact for draft in drafts]
    assert [c.phones for c in contacts if c] == [("0510-66070000",), ("0510-82228828",), ("0510-68075017",)]
    assert [c.email for c in contacts if c] == ["bin-hugonganfenju@163.com", "670858114＠qq.com", "2797953740@qq.com"]
    assert contacts[2] is not None
    assert contacts[2].address.endswith("999- 9 号")
    assert all(c and "{phone}" in c.text and "{address}" in c.text and "{email}" in c.text for c in contacts)
    suggestions = {f.code: f.suggestion for draft in drafts for f in draft.findings if f.code.startswith("email")}
    assert suggestions == {"email_broken": "binhugonganfenju@163.com", "email_width": "670858114@qq.com"}


def test_thirteen_regulations_of_their_own(drafts: tuple[Draft, ...]) -> None:
    own = [[t for t in draft.titles if t.own and t.kind != "表单"] for draft in drafts]
    assert [len(titles) for titles in own] == [8, 4, 1]
    assert [t.kind for t in own[1]].count("方案") == 1
    assert [t.trial for t in own[0]].count(True) == 2
    forms = [t for draft in drafts for t in draft.titles if t.kind == "表单" and t.own]
    assert [t.title for t in forms] == ["大额资金使用呈批表"]
    pledges = [t for draft in drafts for t in draft.titles if t.kind == "承诺书"]
    assert [(t.own, t.action) for t in pledges] == [(False, "签订")]
    assert sum(len(draft.titles) for draft in drafts) >= 30
    assert len(as_json(drafts)["notices"][0]["regulations"]) == 8


@pytest.mark.parametrize("index", range(3))
def test_every_figure_of_the_inventory(drafts: tuple[Draft, ...], index: int) -> None:
    found = {(amount.value, amount.unit) for amount in drafts[index].amounts}
    assert [f for f in FIGURES[index] if (Decimal(f[0]), f[1]) not in found] == []


def test_qualifiers_periods_and_comparisons(drafts: tuple[Draft, ...]) -> None:
    amounts = [amount for draft in drafts for amount in draft.amounts]
    for text, qualifier in QUALIFIED.items():
        assert qualifier in [a.qualifier for a in amounts if a.text == text], text
    assert [a.period for a in amounts if a.text == "286起"] == ["今年以来"]
    assert [a.comparison for a in amounts if a.text == "10%"] == ["较去年同期上升"]
    assert all("下降" in a.comparison for a in amounts if a.text in ("60%", "66.6%"))


def test_words_come_back_complete_and_in_order(source: Source, drafts: tuple[Draft, ...]) -> None:
    """Only the cross references, the line breaks and the place of the title may differ."""
    expected = source.text
    for draft in drafts:
        for unread in draft.unread:
            assert unread.reason == "版面转接提示"
            expected = expected.replace(unread.text, "", 1)
        if not draft.title_guessed:
            expected = expected.replace("\n" + draft.title, "", 1)
    told = "".join(words(draft).removeprefix("" if draft.title_guessed else draft.title) for draft in drafts)
    assert "".join(told.split()) == "".join(expected.split())
    assert [len(draft.unread) for draft in drafts] == [1, 1, 1]


def test_places_point_into_the_source(source: Source, drafts: tuple[Draft, ...]) -> None:
    for draft in drafts:
        for amount in draft.amounts:
            assert "".join(source.text[amount.place.start : amount.place.end].split()) == amount.text
        for problem in draft.problems:
            if problem.title:
                shown = "".join(source.text[problem.place.start : problem.place.end].split())
                assert shown.startswith(problem.mark)
                assert problem.title in shown[:40]
        assert draft.contact is not None
        assert filled(draft.contact)
