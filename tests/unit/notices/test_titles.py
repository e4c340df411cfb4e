"""Titles are broken by sense, and never inside a number or a name (GB/T 9704-2012 7.3.1; page rules 13)."""

from __future__ import annotations

import pytest

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
