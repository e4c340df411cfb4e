"""Titles are broken by sense, and never inside a number or a name (GB/T 9704-2012 7.3.1; page rules 13)."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from title_samples import OTHERS, TITLES

from desktop_app.notices import front, page, titles


def lines(title: str) -> list[str]:
    return [line.text for line in front.title(title, 0)]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("关于巡察整改进展情况的通报", ["关于巡察整改进展情况的通报"]),
        (
            "中共某某市公安局东湖分局委员会关于巡察整改进展情况的通报",
            ["中共某某市公安局东湖分局委员会", "关于巡察整改进展情况的通报"],
        ),
        (
            "中共某某市公安局经济开发区分局委员会关于市委第三轮巡察反馈意见整改落实情况的通报",
            ["中共某某市公安局经济开发区分局委员会", "关于市委第三轮巡察反馈意见", "整改落实情况的通报"],
        ),
        ("关于涉伤类案件办理情况的报告——以东湖分局为例", ["关于涉伤类案件办理情况的报告", "——以东湖分局为例"]),
    ],
)
def test_lines_of_titles_as_they_are_written(title: str, expected: list[str]) -> None:
    assert lines(title) == expected


@pytest.mark.parametrize("organ", ["某某市公安局东湖分局", "甲市乙区", "某某市某某区某某街道办事处"])
@pytest.mark.parametrize("matter", ["第二轮巡察整改", "2021年度第12批问题整改", "《执法监督规范》落实"])
def test_no_line_is_cut_inside_a_number_or_begins_with_a_particle(organ: str, matter: str) -> None:
    found = lines(f"中共{organ}委员会关于{matter}进展情况的通报")
    assert len(found) in (2, 3)
    for line in found:
        assert line[0] not in "的之》）、，"
        assert line[-1] not in "第《（"
    for kept in ("第二轮", "2021年度", "第12批", "《执法监督规范》", organ):
        assert kept not in "".join(found) or any(kept in line for line in found)


def test_a_title_of_any_length_keeps_its_words_and_its_measure() -> None:
    for title in ("通报", "关于" * 150, "我" * 61, "关于开展" + "某" * 45 + "工作的通知"):
        found = front.title(title, 0)
        assert "".join(line.text for line in found) == title
        assert all(line.right - line.left <= page.AREA_WIDTH + 0.01 for line in found)
        middle = [(line.left + line.right) / 2 for line in found]
        assert all(abs(m - page.LEFT - page.AREA_WIDTH / 2) < 0.01 for m in middle)


def test_an_hourglass_costs_more_than_a_trapezium() -> None:
    assert titles._shape([10, 5, 10], 20) > titles._shape([5, 8, 11], 20)
    assert titles._shape([10, 10], 20) > titles._shape([8, 11], 20)


def judged(marked: str) -> tuple[bool, list[str]]:
    """Whether a marked title is broken only where it may be, in a good outline and not into needlessly many lines."""
    parts = marked.split("|")
    plain = "".join(parts)
    good = set(accumulate(map(len, parts)))
    found = lines(plain)
    ends = set(accumulate(map(len, found)))
    lengths = list(map(len, found))
    steps = [b - a for a, b in pairwise(lengths) if a != b]
    hourglass = any(a < 0 < b for a, b in pairwise(steps))
    block = len(lengths) > 1 and len(set(lengths)) == 1
    return ends <= good and not hourglass and not block and len(found) <= -(-len(plain) // 20) + 1, found


@pytest.mark.parametrize(("titles", "least"), [(TITLES, 58), (OTHERS, 24)])
def test_most_titles_end_their_lines_where_a_clerk_would(titles: list[str], least: int) -> None:
    wrong = [found for good, found in map(judged, titles) if not good]
    assert len(titles) - len(wrong) >= least, wrong


@pytest.mark.parametrize("marked", [*TITLES, *OTHERS])
def test_no_title_is_cut_inside_a_number_or_a_name_or_before_a_particle(marked: str) -> None:
    plain = marked.replace("|", "")
    found = lines(plain)
    assert "".join(found) == plain
    for line in found:
        assert line[0] not in "的之等》）、，”"
        assert line[-1] not in "第《（“和与及对"
        assert not line.endswith("关于")
    for kept in re.findall(r"\d+[年月日号名条件]*|第.[轮批季]|.某某|“[^”]{1,8}”", plain):
        assert any(kept in line for line in found), kept


@given(
    st.text(
        st.sampled_from("关于印发转发市委办公室某东湖分局巡察整改反馈问题情况的通知和《》“”（试行）2021年度第三轮、"),
        max_size=120,
    )
)
def test_any_title_keeps_its_words_inside_the_measure(title: str) -> None:
    found = front.title(title, 0)
    assert "".join(line.text for line in found) == title
    assert all(line.right - line.left <= page.AREA_WIDTH + 0.01 for line in found)
    forbidden = [line.text for line in found[1:] if line.text[0] in "》”）、"]
    assert not forbidden or len(title) > 60 or set(title) <= set("》”）、《“（")
